-- +goose Up
CREATE TABLE segment (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,    -- folded, for comparison and order
  criteria   TEXT NOT NULL,    -- JSON as it is answered
  tree       TEXT NOT NULL,    -- what it says, in a form of the store's own: JSON
  created_at INTEGER NOT NULL,
  edited_at  INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL, -- 0 while the segment is there
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX segment_name ON segment (account_id, name_key) WHERE deleted_at = 0;
CREATE INDEX segment_edited ON segment (account_id, edited_at, number) WHERE deleted_at = 0;

-- +goose Down
DROP TABLE segment;
