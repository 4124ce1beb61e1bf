-- +goose Up
CREATE TABLE account (
  id                bigint PRIMARY KEY,
  uid               uuid NOT NULL UNIQUE,
  encoded_id        text NOT NULL UNIQUE,
  organization_name text NOT NULL,
  status            text NOT NULL, -- active, suspended, closed
  contact_email     text NOT NULL,
  contact_phone     text NOT NULL,
  first_name        text NOT NULL,
  last_name         text NOT NULL,
  organization_phone text NOT NULL,
  website           text NOT NULL,
  logo_url          text NOT NULL,
  physical_address  text NOT NULL, -- JSON object, or empty
  country_code      text NOT NULL,
  state_code        text NOT NULL,
  time_zone_id      text NOT NULL,
  version           bigint NOT NULL, -- credential version: grows when the account is suspended or activated
  created_at        bigint NOT NULL,
  updated_at        bigint NOT NULL
);

-- The next free number of each kind of thing in each account. Processes take
-- them in blocks, outside the unit of work that uses them.
CREATE TABLE number_block (
  account_id bigint NOT NULL,
  kind       text NOT NULL,
  next       bigint NOT NULL,
  PRIMARY KEY (account_id, kind)
);

-- Counts are kept: a unit of work leaves a delta, a sweeper folds it, a
-- reader adds what is not folded yet. Neither is ever one hot row.
CREATE TABLE tally (
  account_id bigint NOT NULL,
  kind       bigint NOT NULL,
  ref        bigint NOT NULL,
  amount     bigint NOT NULL,
  PRIMARY KEY (account_id, kind, ref)
);

CREATE TABLE tally_delta (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL,
  kind       bigint NOT NULL,
  ref        bigint NOT NULL,
  amount     bigint NOT NULL
);
CREATE INDEX tally_delta_of ON tally_delta (account_id, kind, ref, amount);

-- +goose Down
DROP TABLE tally_delta;
DROP TABLE tally;
DROP TABLE number_block;
DROP TABLE account;
