-- +goose Up
CREATE TABLE kith_user (
  id            INTEGER PRIMARY KEY,
  uid           BLOB NOT NULL UNIQUE,
  username      TEXT NOT NULL,
  username_key  TEXT NOT NULL UNIQUE, -- folded, for comparison
  email         TEXT NOT NULL,
  confirmed_at  INTEGER NOT NULL,     -- when the address was confirmed, or 0
  password_hash TEXT NOT NULL,        -- argon2id
  first_name    TEXT NOT NULL,
  last_name     TEXT NOT NULL,
  phone         TEXT NOT NULL,
  home          INTEGER NOT NULL REFERENCES account (id),
  version       INTEGER NOT NULL,     -- credential version: grows with every new password and removal
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  removed_at    INTEGER NOT NULL
) STRICT;

-- What a user may be in an account, the home account included.
CREATE TABLE account_user (
  account_id INTEGER NOT NULL REFERENCES account (id),
  user_id    INTEGER NOT NULL REFERENCES kith_user (id),
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_user_user ON account_user (user_id, account_id);

-- A browser's signed-in state, kept by the session library.
CREATE TABLE session (
  token_hash BLOB PRIMARY KEY,
  data       BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_expiry ON session (expires_at);

-- A link in a mail that lets somebody in: once, and for a time.
CREATE TABLE link (
  token_hash BLOB PRIMARY KEY,        -- SHA-256
  kind       TEXT NOT NULL,           -- reset, invite, confirm
  account_id INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,        -- 0 for an invitation to somebody without a user
  email      TEXT NOT NULL,
  role       TEXT NOT NULL,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_account ON link (account_id, kind);

-- One row where the secret key lies in the database (PostgreSQL).
CREATE TABLE server_key (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  key        BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Failed tries at a password, a code or a token, counted by subject and by
-- address over every process.
CREATE TABLE attempt (
  bucket TEXT NOT NULL,
  minute INTEGER NOT NULL,
  tries  INTEGER NOT NULL,
  PRIMARY KEY (bucket, minute)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE attempt;
DROP TABLE server_key;
DROP TABLE link;
DROP TABLE session;
DROP TABLE account_user;
DROP TABLE kith_user;
