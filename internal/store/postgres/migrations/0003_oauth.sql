-- +goose Up
CREATE TABLE application (
  id            bigint PRIMARY KEY,
  uid           uuid NOT NULL UNIQUE,  -- the client id, called API key in the contract
  user_id       bigint REFERENCES kith_user (id), -- NULL for the server's own
  account_id    bigint REFERENCES account (id),
  name          text NOT NULL,
  description   text NOT NULL,
  logo_url      text NOT NULL,
  website       text NOT NULL,
  flow          text NOT NULL,         -- code, pkce, device
  refresh_kind  text NOT NULL,         -- rotating, long_lived
  redirect_uris text NOT NULL,         -- one a line
  secret_hash   bytea,                  -- SHA-256; NULL without a secret
  secret_at     bigint NOT NULL,
  builtin       bigint NOT NULL,      -- 1 for the server's own reference page
  active        bigint NOT NULL,
  version       bigint NOT NULL,      -- credential version: grows with every deactivation and new secret
  rate          text NOT NULL,         -- the application's own limit, or empty for the server's
  created_at    bigint NOT NULL,
  updated_at    bigint NOT NULL,
  deleted_at    bigint NOT NULL
);
CREATE INDEX application_user ON application (user_id, id);

-- One user's consent to one application in one account.
CREATE TABLE oauth_grant (
  id             bigint PRIMARY KEY,
  uid            uuid NOT NULL UNIQUE,
  application_id bigint NOT NULL REFERENCES application (id),
  user_id        bigint NOT NULL REFERENCES kith_user (id),
  account_id     bigint NOT NULL REFERENCES account (id),
  scopes         text NOT NULL,        -- separated by a blank
  refresh_kind   text NOT NULL,        -- rotating, long_lived, none
  auth_at        bigint NOT NULL,     -- when the user signed in
  version        bigint NOT NULL,
  created_at     bigint NOT NULL,
  ended_at       bigint NOT NULL,
  ended_why      text NOT NULL         -- replaced, reused, revoked, removed
);
CREATE INDEX oauth_grant_user ON oauth_grant (user_id, application_id, ended_at);

CREATE TABLE oauth_code (
  code_hash      bytea PRIMARY KEY,
  application_id bigint NOT NULL,
  user_id        bigint NOT NULL,
  account_id     bigint NOT NULL,
  scopes         text NOT NULL,
  redirect_uri   text NOT NULL,
  challenge      text NOT NULL,        -- PKCE S256, or empty
  auth_at        bigint NOT NULL,
  expires_at     bigint NOT NULL,
  used_at        bigint NOT NULL,
  grant_id       bigint NOT NULL      -- what it was spent for, or 0
);
CREATE INDEX oauth_code_expiry ON oauth_code (expires_at);

CREATE TABLE refresh_token (
  token_hash bytea PRIMARY KEY,
  grant_id   bigint NOT NULL REFERENCES oauth_grant (id),
  created_at bigint NOT NULL,
  used_at    bigint NOT NULL,         -- last use, which restarts the idle clock
  spent_at   bigint NOT NULL          -- when a rotating one was first exchanged, or 0
);
CREATE INDEX refresh_token_grant ON refresh_token (grant_id);
CREATE INDEX refresh_token_age ON refresh_token (created_at);

CREATE TABLE device_code (
  code_hash      bytea PRIMARY KEY,
  user_code      text NOT NULL UNIQUE,
  application_id bigint NOT NULL,
  scopes         text NOT NULL,
  state          text NOT NULL,        -- pending, allowed, denied, spent
  user_id        bigint NOT NULL,
  account_id     bigint NOT NULL,
  auth_at        bigint NOT NULL,
  created_at     bigint NOT NULL,
  expires_at     bigint NOT NULL,
  polled_at      bigint NOT NULL,
  pause          bigint NOT NULL      -- seconds between polls
);
CREATE INDEX device_code_expiry ON device_code (expires_at);

-- Keys that sign access tokens. The private part is sealed.
CREATE TABLE signing_key (
  kid        text PRIMARY KEY,
  sealed     bytea NOT NULL,
  created_at bigint NOT NULL,
  retired_at bigint NOT NULL          -- signs no more since then, or 0
);

CREATE TABLE access_key (
  id         bigint PRIMARY KEY,
  uid        uuid NOT NULL UNIQUE,
  key_hash   bytea NOT NULL UNIQUE,
  hint       text NOT NULL,            -- its first characters, to tell keys apart
  user_id    bigint NOT NULL REFERENCES kith_user (id),
  account_id bigint NOT NULL REFERENCES account (id),
  name       text NOT NULL,
  scopes     text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,         -- 0: never
  used_at    bigint NOT NULL,
  revoked_at bigint NOT NULL
);
CREATE INDEX access_key_account ON access_key (account_id, id);

-- Grows with every change that must be felt by a verified token: every process
-- asks for it at most once a second and forgets what it remembered when it grew.
CREATE TABLE credential_epoch (
  id    bigint PRIMARY KEY CHECK (id = 1),
  epoch bigint NOT NULL
);
INSERT INTO credential_epoch (id, epoch) VALUES (1, 1);

-- Calls of an application, where a limit is set.
CREATE TABLE rate_count (
  application_id bigint NOT NULL,
  what           text NOT NULL,        -- api, token
  period         bigint NOT NULL,     -- 1 a second, 86400 a day
  start          bigint NOT NULL,     -- in seconds
  calls          bigint NOT NULL,
  PRIMARY KEY (application_id, what, period, start)
);

-- +goose Down
DROP TABLE rate_count;
DROP TABLE credential_epoch;
DROP TABLE access_key;
DROP TABLE signing_key;
DROP TABLE device_code;
DROP TABLE refresh_token;
DROP TABLE oauth_code;
DROP TABLE oauth_grant;
DROP TABLE application;
