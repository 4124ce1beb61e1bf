-- +goose Up
CREATE TABLE activity (
  account_id     bigint NOT NULL,
  number         bigint NOT NULL,
  uid            uuid NOT NULL,
  kind           text NOT NULL,    -- file_import, list_delete …
  state          text NOT NULL,    -- initialized, processing, completed, failed, cancelled, timed_out
  source_file    text NOT NULL,    -- the upload's name, or empty
  input          text NOT NULL,    -- JSON: what was asked for
  position       text NOT NULL,    -- JSON: how far it has come; empty before the first batch
  upload         bigint NOT NULL, -- number of the kept upload, or 0
  items_total    bigint NOT NULL,
  items_done     bigint NOT NULL,
  persons        bigint NOT NULL,
  errors         bigint NOT NULL,
  correctable    bigint NOT NULL,
  cannot_add     bigint NOT NULL,
  error_texts    text NOT NULL,    -- JSON array, the first ones
  via            text NOT NULL,
  operation      text NOT NULL,
  user_id        bigint NOT NULL,
  application    text NOT NULL,
  cancel_at      bigint NOT NULL, -- when its owner asked to stop it, or 0
  created_at     bigint NOT NULL,
  started_at     bigint NOT NULL,
  updated_at     bigint NOT NULL,
  completed_at   bigint NOT NULL,
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX activity_uid ON activity (account_id, uid);
CREATE INDEX activity_open ON activity (created_at) WHERE state IN ('initialized', 'processing');
CREATE INDEX activity_upload ON activity (account_id, upload) WHERE upload > 0;

-- Rows of an import that could not be taken, in batches as they were met.
CREATE TABLE reject (
  account_id bigint NOT NULL,
  activity   bigint NOT NULL,
  line       bigint NOT NULL,
  ordinal    bigint NOT NULL, -- more than one problem may lie in a line
  column_name text NOT NULL,
  value      text NOT NULL,
  reason     text NOT NULL,
  PRIMARY KEY (account_id, activity, line, ordinal)
);

-- Uploads that wait to be imported, or are being; the file itself is a blob.
CREATE TABLE upload (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  uid        uuid NOT NULL,
  name       text NOT NULL,
  survey     text NOT NULL, -- JSON: what is known of the whole file
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX upload_uid ON upload (account_id, uid);
CREATE INDEX upload_old ON upload (created_at);

-- A chunk is known by the offset of its first byte, so that reading can begin
-- anywhere and writing go on where it stopped.
CREATE TABLE blob_chunk (
  account_id bigint NOT NULL,
  blob       bigint NOT NULL,
  start      bigint NOT NULL,
  body       bytea NOT NULL,
  written_at bigint NOT NULL,
  PRIMARY KEY (account_id, blob, start)
);

-- +goose Down
DROP TABLE blob_chunk;
DROP TABLE upload;
DROP TABLE reject;
DROP TABLE activity;
