-- +goose Up
CREATE TABLE segment (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  name       text NOT NULL,
  name_key   text COLLATE "C" NOT NULL,    -- folded, for comparison and order
  criteria   text NOT NULL,    -- JSON as it is answered
  tree       text NOT NULL,    -- what it says, in a form of the store's own: JSON
  created_at bigint NOT NULL,
  edited_at  bigint NOT NULL,
  deleted_at bigint NOT NULL, -- 0 while the segment is there
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX segment_name ON segment (account_id, name_key) WHERE deleted_at = 0;
CREATE INDEX segment_edited ON segment (account_id, edited_at, number) WHERE deleted_at = 0;

-- +goose Down
DROP TABLE segment;
