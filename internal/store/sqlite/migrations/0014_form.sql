-- +goose Up
CREATE TABLE form (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  uid        BLOB NOT NULL,
  name       TEXT NOT NULL,
  written    TEXT NOT NULL, -- what the owner says of it, in a form of the store's own: JSON
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX form_uid ON form (uid);

-- +goose Down
DROP TABLE form;
