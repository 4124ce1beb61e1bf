-- +goose Up
-- What is known of addresses that gave trouble, each under a keyed hash, so
-- that an address that was erased is still honoured. Those with a reason are
-- the account's suppression list.
CREATE TABLE suppression (
  account_id INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  address    TEXT NOT NULL, -- empty once it was erased
  reason     TEXT NOT NULL,   -- hard, soft, complaint, owner; empty: watched
  cause      INTEGER NOT NULL, -- letter of the last bounce, or 0
  since      INTEGER NOT NULL,
  until      INTEGER NOT NULL, -- or 0: until somebody lifts it
  mail       INTEGER NOT NULL, -- that brought it about, or 0
  said       TEXT NOT NULL,
  score      INTEGER NOT NULL, -- thousandths, of soft failures, as of scored_at
  scored_at  INTEGER NOT NULL,
  rounds     INTEGER NOT NULL, -- how often it was suppressed for soft failures
  PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX suppression_since ON suppression (account_id, since, hash) WHERE reason <> '';
CREATE INDEX suppression_address ON suppression (account_id, address);
CREATE INDEX suppression_passes ON suppression (scored_at) WHERE reason = '' OR until <> 0;

-- +goose Down
DROP TABLE suppression;
