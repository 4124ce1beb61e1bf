-- +goose Up
-- The lists that an account offers to everybody on the pages of its contacts.
CREATE TABLE list_offer (
  account_id bigint NOT NULL,
  list       bigint NOT NULL,
  PRIMARY KEY (account_id, list)
);

-- Who was erased, as they wished: nothing is kept but a keyed hash of their
-- address, so that it is not mailed again against their will.
CREATE TABLE erased (
  account_id bigint NOT NULL,
  hash       text COLLATE "C" NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (account_id, hash)
);

-- +goose Down
DROP TABLE erased;
DROP TABLE list_offer;
