-- +goose Up
-- A campaign activity that went out, as what follows from it is kept.
CREATE TABLE mailing (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  uid        uuid NOT NULL,   -- campaign_activity_id
  sent_at    bigint NOT NULL, -- when it began to go out
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX mailing_uid ON mailing (account_id, uid);
CREATE INDEX mailing_sent ON mailing (account_id, sent_at, number);

-- To whom a mailing went. It is state, not an event: one row each, for ever.
CREATE TABLE send (
  account_id bigint NOT NULL,
  mailing    bigint NOT NULL,
  contact    bigint NOT NULL,
  sent_at    bigint NOT NULL,
  PRIMARY KEY (account_id, mailing, contact)
);
CREATE INDEX send_contact ON send (account_id, contact, sent_at, mailing);

-- What a contact did, or what happened to a mail to them. Each month has a
-- partition of its own, made when the first event of the month is kept, so that
-- old months can be let go whole.
CREATE TABLE event (
  account_id bigint NOT NULL,
  mailing    bigint NOT NULL,
  kind       bigint NOT NULL, -- 1 open, 2 click, 3 bounce, 4 forward, 5 opt-out
  contact    bigint NOT NULL,
  at         bigint NOT NULL,
  link       bigint NOT NULL, -- which link was clicked, or 0
  PRIMARY KEY (account_id, mailing, kind, contact, at, link)
) PARTITION BY RANGE (at);
CREATE INDEX event_contact ON event (account_id, contact, kind, at);

-- +goose Down
DROP TABLE event;
DROP TABLE send;
DROP TABLE mailing;
