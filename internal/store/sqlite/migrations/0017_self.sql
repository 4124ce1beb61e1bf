-- +goose Up
-- The lists that an account offers to everybody on the pages of its contacts.
CREATE TABLE list_offer (
  account_id INTEGER NOT NULL,
  list       INTEGER NOT NULL,
  PRIMARY KEY (account_id, list)
) STRICT, WITHOUT ROWID;

-- Who was erased, as they wished: nothing is kept but a keyed hash of their
-- address, so that it is not mailed again against their will.
CREATE TABLE erased (
  account_id INTEGER NOT NULL,
  hash       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE erased;
DROP TABLE list_offer;
