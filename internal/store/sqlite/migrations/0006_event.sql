-- +goose Up
-- A campaign activity that went out, as what follows from it is kept.
CREATE TABLE mailing (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  uid        BLOB NOT NULL,    -- campaign_activity_id
  sent_at    INTEGER NOT NULL, -- when it began to go out
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX mailing_uid ON mailing (account_id, uid);
CREATE INDEX mailing_sent ON mailing (account_id, sent_at, number);

-- To whom a mailing went. It is state, not an event: one row each, for ever.
CREATE TABLE send (
  account_id INTEGER NOT NULL,
  mailing    INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  sent_at    INTEGER NOT NULL,
  PRIMARY KEY (account_id, mailing, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX send_contact ON send (account_id, contact, sent_at, mailing);

-- What a contact did, or what happened to a mail to them.
CREATE TABLE event (
  account_id INTEGER NOT NULL,
  mailing    INTEGER NOT NULL,
  kind       INTEGER NOT NULL, -- 1 open, 2 click, 3 bounce, 4 forward, 5 opt-out
  contact    INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  link       INTEGER NOT NULL, -- which link was clicked, or 0
  PRIMARY KEY (account_id, mailing, kind, contact, at, link)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_contact ON event (account_id, contact, kind, at);

-- +goose Down
DROP TABLE event;
DROP TABLE send;
DROP TABLE mailing;
