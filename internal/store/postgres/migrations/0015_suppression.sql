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

-- Mails that came for our addresses and wait to be read.
CREATE TABLE arrival (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at     bigint NOT NULL,
  sent   text NOT NULL,  -- the address that it came to
  peer   text NOT NULL,
  body   bytea NOT NULL
);

-- Notices that match no mail, kept for the operator a while.
CREATE TABLE stray_notice (
  number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         bigint NOT NULL,
  told_by    text NOT NULL,
  kind       bigint NOT NULL, -- or 0: the mail was no notice
  recipient  text NOT NULL,
  message_id text NOT NULL,
  status     text NOT NULL,
  reply      text NOT NULL
);

-- Secrets in the addresses at which providers tell of mail. Numbers are those
-- of all accounts together.
CREATE TABLE notice_key (
  number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL, -- 0: the mail of all accounts
  provider   text NOT NULL,
  name       text NOT NULL,
  hash       bytea NOT NULL,
  verify     bytea NOT NULL,  -- what signatures are checked with, sealed
  created_at bigint NOT NULL,
  used_at    bigint NOT NULL,
  refused_at bigint NOT NULL,
  refused    text NOT NULL    -- the code of the last refusal
);
CREATE UNIQUE INDEX notice_key_hash ON notice_key (hash);
CREATE INDEX notice_key_account ON notice_key (account_id, number);

-- Signed notices that were taken, for as long as they could be told again.
CREATE TABLE notice_seen (
  hash bytea PRIMARY KEY,
  at   bigint NOT NULL
);
CREATE INDEX notice_seen_at ON notice_seen (at);

-- A notice names its mail by its Message-ID, where it did not come to the
-- mail's own return path; and each kind of notice counts once for a mail.
CREATE INDEX mail_message ON mail (message_id) WHERE contact <> 0;
CREATE UNIQUE INDEX mail_attempt_notice ON mail_attempt (account_id, mail, outcome)
  WHERE outcome IN ('bounced', 'delayed', 'arrived', 'complained', 'opted_out', 'answered');

-- +goose Down
DROP TABLE notice_seen;
DROP TABLE notice_key;
DROP INDEX mail_attempt_notice;
DROP INDEX mail_message;
DROP TABLE stray_notice;
DROP TABLE arrival;
DROP TABLE suppression;
