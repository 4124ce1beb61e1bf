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
  text_body    BLOB NOT NULL,    -- sealed where way_in is 1
  html_body    BLOB NOT NULL,
  content      INTEGER NOT NULL, -- the text it shares with others, or 0: its own bodies
  params       BLOB NOT NULL, -- what goes into that text; sealed as the bodies are
  way_in       INTEGER NOT NULL, -- 1: whoever reads it can get in
  for_user     INTEGER NOT NULL, -- who alone may read it then, or 0
  message_id   TEXT NOT NULL,
  state        TEXT NOT NULL,    -- kept, queued, sending, sent, failed, uncertain
  attempts     INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  next_at      INTEGER NOT NULL,
  claimed_by   TEXT NOT NULL,    -- the lease under which it is sent
  let_go_at    INTEGER NOT NULL, -- when its content was handed over, or 0
  settled_at   INTEGER NOT NULL,
  reply        TEXT NOT NULL     -- what the relay said last
) STRICT;
CREATE UNIQUE INDEX mail_of ON mail (account_id, number);
CREATE INDEX mail_queued ON mail (next_at, number) WHERE state = 'queued';
CREATE INDEX mail_sending ON mail (claimed_by) WHERE state = 'sending';
CREATE INDEX mail_contact ON mail (account_id, contact, number) WHERE contact <> 0;

-- +goose Down
DROP TABLE mail;
