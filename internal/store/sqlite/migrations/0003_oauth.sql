-- +goose Up
CREATE TABLE application (
  id            INTEGER PRIMARY KEY,
  uid           BLOB NOT NULL UNIQUE,  -- the client id, called API key in the contract
  user_id       INTEGER REFERENCES kith_user (id), -- NULL for the server's own
  account_id    INTEGER REFERENCES account (id),
  name          TEXT NOT NULL,
  description   TEXT NOT NULL,
  logo_url      TEXT NOT NULL,
  website       TEXT NOT NULL,
  flow          TEXT NOT NULL,         -- code, pkce, device
  refresh_kind  TEXT NOT NULL,         -- rotating, long_lived
  redirect_uris TEXT NOT NULL,         -- one a line
  secret_hash   BLOB,                  -- SHA-256; NULL without a secret
  secret_at     INTEGER NOT NULL,
  builtin       INTEGER NOT NULL,      -- 1 for the server's own reference page
  active        INTEGER NOT NULL,
  version       INTEGER NOT NULL,      -- credential version: grows with every deactivation and new secret
  rate          TEXT NOT NULL,         -- the application's own limit, or empty for the server's
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  deleted_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX application_user ON application (user_id, id);

-- One user's consent to one application in one account.
CREATE TABLE oauth_grant (
  id             INTEGER PRIMARY KEY,
  uid            BLOB NOT NULL UNIQUE,
  application_id INTEGER NOT NULL REFERENCES application (id),
  user_id        INTEGER NOT NULL REFERENCES kith_user (id),
  account_id     INTEGER NOT NULL REFERENCES account (id),
  scopes         TEXT NOT NULL,        -- separated by a blank
  refresh_kind   TEXT NOT NULL,        -- rotating, long_lived, none
  auth_at        INTEGER NOT NULL,     -- when the user signed in
  version        INTEGER NOT NULL,
  created_at     INTEGER NOT NULL,
  ended_at       INTEGER NOT NULL,
  ended_why      TEXT NOT NULL         -- replaced, reused, revoked, removed
) STRICT;
CREATE INDEX oauth_grant_user ON oauth_grant (user_id, application_id, ended_at);

CREATE TABLE oauth_code (
  code_hash      BLOB PRIMARY KEY,
  application_id INTEGER NOT NULL,
  user_id        INTEGER NOT NULL,
  account_id     INTEGER NOT NULL,
  scopes         TEXT NOT NULL,
  redirect_uri   TEXT NOT NULL,
  challenge      TEXT NOT NULL,        -- PKCE S256, or empty
  auth_at        INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  used_at        INTEGER NOT NULL,
  grant_id       INTEGER NOT NULL      -- what it was spent for, or 0
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_code_expiry ON oauth_code (expires_at);

CREATE TABLE refresh_token (
  token_hash BLOB PRIMARY KEY,
  grant_id   INTEGER NOT NULL REFERENCES oauth_grant (id),
  created_at INTEGER NOT NULL,
  used_at    INTEGER NOT NULL,         -- last use, which restarts the idle clock
  spent_at   INTEGER NOT NULL          -- when a rotating one was first exchanged, or 0
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_grant ON refresh_token (grant_id);
CREATE INDEX refresh_token_age ON refresh_token (created_at);

CREATE TABLE device_code (
  code_hash      BLOB PRIMARY KEY,
  user_code      TEXT NOT NULL UNIQUE,
  application_id INTEGER NOT NULL,
  scopes         TEXT NOT NULL,
  state          TEXT NOT NULL,        -- pending, allowed, denied, spent
  user_id        INTEGER NOT NULL,
  account_id     INTEGER NOT NULL,
  auth_at        INTEGER NOT NULL,
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  polled_at      INTEGER NOT NULL,
  pause          INTEGER NOT NULL      -- seconds between polls
) STRICT, WITHOUT ROWID;
CREATE INDEX device_code_expiry ON device_code (expires_at);

-- Keys that sign access tokens. The private part is sealed.
CREATE TABLE signing_key (
  kid        TEXT PRIMARY KEY,
  sealed     BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER NOT NULL          -- signs no more since then, or 0
) STRICT, WITHOUT ROWID;

CREATE TABLE access_key (
  id         INTEGER PRIMARY KEY,
  uid        BLOB NOT NULL UNIQUE,
  key_hash   BLOB NOT NULL UNIQUE,
  hint       TEXT NOT NULL,            -- its first characters, to tell keys apart
  user_id    INTEGER NOT NULL REFERENCES kith_user (id),
  account_id INTEGER NOT NULL REFERENCES account (id),
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,         -- 0: never
  used_at    INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX access_key_account ON access_key (account_id, id);

-- Grows with every change that must be felt by a verified token: every process
-- asks for it at most once a second and forgets what it remembered when it grew.
CREATE TABLE credential_epoch (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL
) STRICT;
INSERT INTO credential_epoch (id, epoch) VALUES (1, 1);

-- Calls of an application, where a limit is set.
CREATE TABLE rate_count (
  application_id INTEGER NOT NULL,
  what           TEXT NOT NULL,        -- api, token
  period         INTEGER NOT NULL,     -- 1 a second, 86400 a day
  start          INTEGER NOT NULL,     -- in seconds
  calls          INTEGER NOT NULL,
  PRIMARY KEY (application_id, what, period, start)
) STRICT, WITHOUT ROWID;

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
