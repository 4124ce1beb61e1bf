-- +goose Up
-- Domains that accounts send from, with what was found of their records in the
-- DNS when they were last checked.
CREATE TABLE sender_domain (
  account_id    INTEGER NOT NULL REFERENCES account (id),
  name          TEXT NOT NULL, -- in ASCII and lower case
  signing       TEXT NOT NULL, -- published, always or off
  spf_state     TEXT NOT NULL, -- delivery.State
  spf_says      TEXT NOT NULL,
  spf_found     TEXT NOT NULL, -- a line for each record
  spf_publish   TEXT NOT NULL,
  dmarc_state   TEXT NOT NULL,
  dmarc_says    TEXT NOT NULL,
  dmarc_found   TEXT NOT NULL,
  dmarc_publish TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  checked_at    INTEGER NOT NULL, -- or 0
  check_at      INTEGER NOT NULL, -- when the next check is due
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX sender_domain_due ON sender_domain (check_at);

-- The keys that their mail is signed with.
CREATE TABLE domain_key (
  account_id INTEGER NOT NULL,
  domain     TEXT NOT NULL,
  selector   TEXT NOT NULL,
  algorithm  TEXT NOT NULL, -- ed25519 or rsa
  sealed     BLOB NOT NULL,
  record     TEXT NOT NULL, -- the text to publish
  state      TEXT NOT NULL, -- delivery.State
  says       TEXT NOT NULL,
  found      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER NOT NULL, -- or 0
  PRIMARY KEY (account_id, domain, selector),
  FOREIGN KEY (account_id, domain) REFERENCES sender_domain (account_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE domain_key;
DROP TABLE sender_domain;
