-- +goose Up
-- Mail, one recipient a row. The numbers are those of
-- all accounts together: a mail is queued inside the unit of work that makes
-- it true, where no block of numbers can be asked for.
CREATE TABLE mail (
  account_id   bigint NOT NULL,
  number       bigint GENERATED ALWAYS AS IDENTITY,
  kind         text NOT NULL,
  contact      bigint NOT NULL, -- whom it is for, or 0: a user
  list         bigint NOT NULL, -- whose brand it bears, or 0
  from_name    text NOT NULL,
  from_address text NOT NULL,
  to_address   text NOT NULL,
  to_name      text NOT NULL,
  to_domain    text NOT NULL, -- of to_address, for limits
  reply_to     text NOT NULL,
  subject      text NOT NULL,
  content      bigint NOT NULL, -- the text it shares with others, or 0: its own bodies
  params       bytea NOT NULL, -- what goes into that text; sealed where way_in is 1
  way_in       bigint NOT NULL, -- 1: whoever reads it can get in
  for_user     bigint NOT NULL, -- who alone may read it then, or 0
  message_id   text NOT NULL,
  state        text NOT NULL,   -- kept, queued, sending, sent, failed, uncertain
  attempts     bigint NOT NULL,
  created_at   bigint NOT NULL,
  next_at      bigint NOT NULL,
  claimed_by   text NOT NULL,   -- the lease under which it is or was sent
  settled_at   bigint NOT NULL,
  relay        text NOT NULL,   -- the one that was asked last
  reply        text NOT NULL,   -- what it said
  PRIMARY KEY (account_id, number)
);
CREATE INDEX mail_queued ON mail (next_at, number) WHERE state = 'queued';
CREATE INDEX mail_sending ON mail (claimed_by) WHERE state = 'sending';
CREATE INDEX mail_contact ON mail (account_id, contact, number) WHERE contact <> 0;

-- The bodies of mails that share no content. They stand apart, since a mail's
-- row is written several times on its way.
CREATE TABLE mail_body (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  text_body  bytea NOT NULL, -- sealed where way_in is 1
  html_body  bytea NOT NULL,
  PRIMARY KEY (account_id, number)
);

-- What each lease under which mail is sent has let go and not settled.
CREATE TABLE mail_flight (
  lease text PRIMARY KEY,
  mails text NOT NULL -- JSON: [[account, number, let go at], ...]
);

-- Attempts that did not end well, and notices that came back later.
CREATE TABLE mail_attempt (
  account_id bigint NOT NULL,
  number     bigint GENERATED ALWAYS AS IDENTITY,
  mail       bigint NOT NULL,
  at         bigint NOT NULL,
  relay      text NOT NULL, -- or where the notice came from
  outcome    text NOT NULL,
  reply      text NOT NULL,
  status     text NOT NULL, -- RFC 3463, or empty
  PRIMARY KEY (account_id, mail, number)
);

-- Relays that are in trouble.
CREATE TABLE mail_relay (
  name        text PRIMARY KEY,
  since       bigint NOT NULL,
  rests_until bigint NOT NULL,
  times       bigint NOT NULL, -- how often it was found in trouble since then
  reply       text NOT NULL
);

-- What was counted lately against the limits of relays.
CREATE TABLE mail_count (
  scope text PRIMARY KEY, -- the limit
  slots text NOT NULL,    -- number:count of parts of its span
  until bigint NOT NULL     -- when all of it is past; 0 for a row that is only held
);

-- +goose Down
DROP TABLE mail_count;
DROP TABLE mail_relay;
DROP TABLE mail_attempt;
DROP TABLE mail_flight;
DROP TABLE mail_body;
DROP TABLE mail;
