-- +goose Up
-- What is known of addresses that gave trouble, each under a keyed hash, so
-- that an address that was erased is still honoured. Those with a reason are
-- the account's suppression list.
CREATE TABLE suppression (
  account_id bigint NOT NULL,
  hash       bytea NOT NULL,
  address    text COLLATE "C" NOT NULL, -- empty once it was erased
  reason     text NOT NULL,   -- hard, soft, complaint, owner; empty: watched
  cause      bigint NOT NULL, -- letter of the last bounce, or 0
  since      bigint NOT NULL,
  until      bigint NOT NULL, -- or 0: until somebody lifts it
  mail       bigint NOT NULL, -- that brought it about, or 0
  said       text NOT NULL,
  score      bigint NOT NULL, -- thousandths, of soft failures, as of scored_at
  scored_at  bigint NOT NULL,
  rounds     bigint NOT NULL, -- how often it was suppressed for soft failures
  PRIMARY KEY (account_id, hash)
);
CREATE INDEX suppression_since ON suppression (account_id, since, hash) WHERE reason <> '';
CREATE INDEX suppression_address ON suppression (account_id, address);
CREATE INDEX suppression_passes ON suppression (scored_at) WHERE reason = '' OR until <> 0;

-- +goose Down
DROP TABLE suppression;
