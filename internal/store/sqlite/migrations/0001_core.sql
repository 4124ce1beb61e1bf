-- +goose Up
CREATE TABLE account (
  id                INTEGER PRIMARY KEY,
  uid               BLOB NOT NULL UNIQUE,
  encoded_id        TEXT NOT NULL UNIQUE,
  organization_name TEXT NOT NULL,
  status            TEXT NOT NULL, -- active, suspended, closed
  contact_email     TEXT NOT NULL,
  contact_phone     TEXT NOT NULL,
  first_name        TEXT NOT NULL,
  last_name         TEXT NOT NULL,
  organization_phone TEXT NOT NULL,
  website           TEXT NOT NULL,
  logo_url          TEXT NOT NULL,
  physical_address  TEXT NOT NULL, -- JSON object, or empty
  country_code      TEXT NOT NULL,
  state_code        TEXT NOT NULL,
  time_zone_id      TEXT NOT NULL,
  version           INTEGER NOT NULL, -- credential version: grows when the account is suspended or activated
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL
) STRICT;

-- The next free number of each kind of thing in each account. Processes take
-- them in blocks, outside the unit of work that uses them.
CREATE TABLE number_block (
  account_id INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  next       INTEGER NOT NULL,
  PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;

-- Counts are kept: a unit of work leaves a delta, a sweeper folds it, a
-- reader adds what is not folded yet. Neither is ever one hot row.
CREATE TABLE tally (
  account_id INTEGER NOT NULL,
  kind       INTEGER NOT NULL,
  ref        INTEGER NOT NULL,
  amount     INTEGER NOT NULL,
  PRIMARY KEY (account_id, kind, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally_delta (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  kind       INTEGER NOT NULL,
  ref        INTEGER NOT NULL,
  amount     INTEGER NOT NULL
) STRICT;
CREATE INDEX tally_delta_of ON tally_delta (account_id, kind, ref, amount);

-- +goose Down
DROP TABLE tally_delta;
DROP TABLE tally;
DROP TABLE number_block;
DROP TABLE account;
