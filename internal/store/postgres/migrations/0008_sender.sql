-- +goose Up
-- Addresses that an account may send from once they are confirmed.
CREATE TABLE sender (
  account_id   bigint NOT NULL REFERENCES account (id),
  id           bigint NOT NULL,
  email        text COLLATE "C" NOT NULL,
  confirmed_at bigint NOT NULL, -- or 0
  roles        bigint NOT NULL, -- bits: account.SenderRole
  mailed_at    bigint NOT NULL, -- when the last mail with a link was written
  created_at   bigint NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE (account_id, email)
);

-- +goose Down
DROP TABLE sender;
