-- +goose Up
-- How far the copy of an account from another server is.
CREATE TABLE pull (
  account_id INTEGER NOT NULL REFERENCES account (id),
  source     TEXT NOT NULL, -- the other server's address
  stage      TEXT NOT NULL, -- all, deleted, done
  next_page  TEXT NOT NULL, -- where the other server goes on, or empty
  copied     INTEGER NOT NULL,
  present    INTEGER NOT NULL, -- contacts that were here already
  refused    INTEGER NOT NULL,
  left_out   INTEGER NOT NULL, -- values of custom fields that do not fit
  total      INTEGER NOT NULL, -- as the other server said, or 0
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, source)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE pull;
