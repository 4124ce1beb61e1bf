-- +goose Up
CREATE TABLE activity (
  account_id     INTEGER NOT NULL,
  number         INTEGER NOT NULL,
  uid            BLOB NOT NULL,
  kind           TEXT NOT NULL,    -- file_import, list_delete …
  state          TEXT NOT NULL,    -- initialized, processing, completed, failed, cancelled, timed_out
  source_file    TEXT NOT NULL,    -- the upload's name, or empty
  input          TEXT NOT NULL,    -- JSON: what was asked for
  position       TEXT NOT NULL,    -- JSON: how far it has come; empty before the first batch
  upload         INTEGER NOT NULL, -- number of the kept upload, or 0
  items_total    INTEGER NOT NULL,
  items_done     INTEGER NOT NULL,
  persons        INTEGER NOT NULL,
  errors         INTEGER NOT NULL,
  correctable    INTEGER NOT NULL,
  cannot_add     INTEGER NOT NULL,
  error_texts    TEXT NOT NULL,    -- JSON array, the first ones
  via            TEXT NOT NULL,
  operation      TEXT NOT NULL,
  user_id        INTEGER NOT NULL,
  application    TEXT NOT NULL,
  cancel_at      INTEGER NOT NULL, -- when its owner asked to stop it, or 0
  created_at     INTEGER NOT NULL,
  started_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  completed_at   INTEGER NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX activity_uid ON activity (account_id, uid);
CREATE INDEX activity_open ON activity (created_at) WHERE state IN ('initialized', 'processing');
CREATE INDEX activity_upload ON activity (account_id, upload) WHERE upload > 0;

-- Rows of an import that could not be taken, in batches as they were met.
CREATE TABLE reject (
  account_id INTEGER NOT NULL,
  activity   INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  ordinal    INTEGER NOT NULL, -- more than one problem may lie in a line
  column_name TEXT NOT NULL,
  value      TEXT NOT NULL,
  reason     TEXT NOT NULL,
  PRIMARY KEY (account_id, activity, line, ordinal)
) STRICT, WITHOUT ROWID;

-- Uploads that wait to be imported, or are being; the file itself is a blob.
CREATE TABLE upload (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  uid        BLOB NOT NULL,
  name       TEXT NOT NULL,
  survey     TEXT NOT NULL, -- JSON: what is known of the whole file
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX upload_uid ON upload (account_id, uid);
CREATE INDEX upload_old ON upload (created_at);

-- A chunk is known by the offset of its first byte, so that reading can begin
-- anywhere and writing go on where it stopped.
CREATE TABLE blob_chunk (
  account_id INTEGER NOT NULL,
  blob       INTEGER NOT NULL,
  start      INTEGER NOT NULL,
  body       BLOB NOT NULL,
  written_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, blob, start)
) STRICT;

-- +goose Down
DROP TABLE blob_chunk;
DROP TABLE upload;
DROP TABLE reject;
DROP TABLE activity;
