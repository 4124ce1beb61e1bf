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

-- Mails that came for our addresses and wait to be read.
CREATE TABLE arrival (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  sent   TEXT NOT NULL,  -- the address that it came to
  peer   TEXT NOT NULL,
  body   BLOB NOT NULL
) STRICT;

-- Notices that match no mail, kept for the operator a while.
CREATE TABLE stray_notice (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  told_by    TEXT NOT NULL,
  kind       INTEGER NOT NULL, -- or 0: the mail was no notice
  recipient  TEXT NOT NULL,
  message_id TEXT NOT NULL,
  status     TEXT NOT NULL,
  reply      TEXT NOT NULL
) STRICT;

-- Secrets in the addresses at which providers tell of mail. Numbers are those
-- of all accounts together.
CREATE TABLE notice_key (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL, -- 0: the mail of all accounts
  provider   TEXT NOT NULL,
  name       TEXT NOT NULL,
  hash       BLOB NOT NULL,
  verify     BLOB NOT NULL,  -- what signatures are checked with, sealed
  created_at INTEGER NOT NULL,
  used_at    INTEGER NOT NULL,
  refused_at INTEGER NOT NULL,
  refused    TEXT NOT NULL    -- the code of the last refusal
) STRICT;
CREATE UNIQUE INDEX notice_key_hash ON notice_key (hash);
CREATE INDEX notice_key_account ON notice_key (account_id, number);

-- Signed notices that were taken, for as long as they could be told again.
CREATE TABLE notice_seen (
  hash BLOB PRIMARY KEY,
  at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
