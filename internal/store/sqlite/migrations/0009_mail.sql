-- +goose Up
-- Mail, one recipient a row. The numbers are those of
-- all accounts together: a mail is queued inside the unit of work that makes
-- it true, where no block of numbers can be asked for.
CREATE TABLE mail (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id   INTEGER NOT NULL,
  kind         TEXT NOT NULL,
  contact      INTEGER NOT NULL, -- whom it is for, or 0: a user
  list         INTEGER NOT NULL, -- whose brand it bears, or 0
  from_name    TEXT NOT NULL,
  from_address TEXT NOT NULL,
  to_address   TEXT NOT NULL,
  to_name      TEXT NOT NULL,
  to_domain    TEXT NOT NULL, -- of to_address, for limits
  reply_to     TEXT NOT NULL,
  subject      TEXT NOT NULL,
  content      INTEGER NOT NULL, -- the text it shares with others, or 0: its own bodies
  params       BLOB NOT NULL, -- what goes into that text; sealed where way_in is 1
  way_in       INTEGER NOT NULL, -- 1: whoever reads it can get in
  for_user     INTEGER NOT NULL, -- who alone may read it then, or 0
  message_id   TEXT NOT NULL,
  state        TEXT NOT NULL,    -- kept, queued, sending, sent, failed, uncertain
  attempts     INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  next_at      INTEGER NOT NULL,
  claimed_by   TEXT NOT NULL,    -- the lease under which it is or was sent
  settled_at   INTEGER NOT NULL,
  relay        TEXT NOT NULL,    -- the one that was asked last
  reply        TEXT NOT NULL     -- what it said
) STRICT;
CREATE UNIQUE INDEX mail_of ON mail (account_id, number);
CREATE INDEX mail_queued ON mail (next_at, number) WHERE state = 'queued';
CREATE INDEX mail_sending ON mail (claimed_by) WHERE state = 'sending';
CREATE INDEX mail_contact ON mail (account_id, contact, number) WHERE contact <> 0;

-- The bodies of mails that share no content. They stand apart, since a mail's
-- row is written several times on its way.
CREATE TABLE mail_body (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  text_body  BLOB NOT NULL, -- sealed where way_in is 1
  html_body  BLOB NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT;

-- What each lease under which mail is sent has let go and not settled.
CREATE TABLE mail_flight (
  lease TEXT PRIMARY KEY,
  mails TEXT NOT NULL -- JSON: [[account, number, let go at], ...]
) STRICT;

-- Attempts that did not end well, and notices that came back later.
CREATE TABLE mail_attempt (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  mail       INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  relay      TEXT NOT NULL, -- or where the notice came from
  outcome    TEXT NOT NULL,
  reply      TEXT NOT NULL,
  status     TEXT NOT NULL  -- RFC 3463, or empty
) STRICT;
CREATE INDEX mail_attempt_of ON mail_attempt (account_id, mail, number);

-- Relays that are in trouble.
CREATE TABLE mail_relay (
  name        TEXT PRIMARY KEY,
  since       INTEGER NOT NULL,
  rests_until INTEGER NOT NULL,
  times       INTEGER NOT NULL, -- how often it was found in trouble since then
  reply       TEXT NOT NULL
) STRICT;

-- What was counted lately against the limits of relays.
CREATE TABLE mail_count (
  scope TEXT PRIMARY KEY, -- the limit
  slots TEXT NOT NULL,    -- number:count of parts of its span
  until INTEGER NOT NULL     -- when all of it is past; 0 for a row that is only held
) STRICT;

-- +goose Down
DROP TABLE mail_count;
DROP TABLE mail_relay;
DROP TABLE mail_attempt;
DROP TABLE mail_flight;
DROP TABLE mail_body;
DROP TABLE mail;
