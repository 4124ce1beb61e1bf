-- +goose Up
-- Addresses that an account may send from once they are confirmed.
CREATE TABLE sender (
  account_id   INTEGER NOT NULL REFERENCES account (id),
  id           INTEGER NOT NULL,
  email        TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL, -- or 0
  roles        INTEGER NOT NULL, -- bits: account.SenderRole
  mailed_at    INTEGER NOT NULL, -- when the last mail with a link was written
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE (account_id, email)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE sender;
