-- +goose Up
-- Domains that accounts send from, with what was found of their records in the
-- DNS when they were last checked.
CREATE TABLE sender_domain (
  account_id    bigint NOT NULL REFERENCES account (id),
  name          text COLLATE "C" NOT NULL, -- in ASCII and lower case
  signing       text NOT NULL, -- published, always or off
  spf_state     text NOT NULL, -- delivery.State
  spf_says      text NOT NULL,
  spf_found     text NOT NULL, -- a line for each record
  spf_publish   text NOT NULL,
  dmarc_state   text NOT NULL,
  dmarc_says    text NOT NULL,
  dmarc_found   text NOT NULL,
  dmarc_publish text NOT NULL,
  created_at    bigint NOT NULL,
  checked_at    bigint NOT NULL, -- or 0
  check_at      bigint NOT NULL, -- when the next check is due
  PRIMARY KEY (account_id, name)
);

CREATE INDEX sender_domain_due ON sender_domain (check_at);

-- The keys that their mail is signed with.
CREATE TABLE domain_key (
  account_id bigint NOT NULL,
  domain     text COLLATE "C" NOT NULL,
  selector   text COLLATE "C" NOT NULL,
  algorithm  text NOT NULL, -- ed25519 or rsa
  sealed     bytea NOT NULL,
  record     text NOT NULL, -- the text to publish
  state      text NOT NULL, -- delivery.State
  says       text NOT NULL,
  found      text NOT NULL,
  created_at bigint NOT NULL,
  retired_at bigint NOT NULL, -- or 0
  PRIMARY KEY (account_id, domain, selector),
  FOREIGN KEY (account_id, domain) REFERENCES sender_domain (account_id, name) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE domain_key;
DROP TABLE sender_domain;
