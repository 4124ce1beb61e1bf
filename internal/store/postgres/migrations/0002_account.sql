-- +goose Up
CREATE TABLE kith_user (
  id            bigint PRIMARY KEY,
  uid           uuid NOT NULL UNIQUE,
  username      text NOT NULL,
  username_key  text COLLATE "C" NOT NULL UNIQUE, -- folded, for comparison
  email         text COLLATE "C" NOT NULL,
  confirmed_at  bigint NOT NULL,     -- when the address was confirmed, or 0
  password_hash text NOT NULL,        -- argon2id
  first_name    text NOT NULL,
  last_name     text NOT NULL,
  phone         text NOT NULL,
  home          bigint NOT NULL REFERENCES account (id),
  version       bigint NOT NULL,     -- credential version: grows with every new password and removal
  created_at    bigint NOT NULL,
  updated_at    bigint NOT NULL,
  removed_at    bigint NOT NULL
);

-- What a user may be in an account, the home account included.
CREATE TABLE account_user (
  account_id bigint NOT NULL REFERENCES account (id),
  user_id    bigint NOT NULL REFERENCES kith_user (id),
  role       text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, user_id)
);
CREATE INDEX account_user_user ON account_user (user_id, account_id);

-- A browser's signed-in state, kept by the session library.
CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  data       bytea NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX session_expiry ON session (expires_at);

-- A link in a mail that lets somebody in: once, and for a time.
CREATE TABLE link (
  token_hash bytea PRIMARY KEY,        -- SHA-256
  kind       text NOT NULL,           -- reset, invite, confirm
  account_id bigint NOT NULL,
  user_id    bigint NOT NULL,        -- 0 for an invitation to somebody without a user
  email      text COLLATE "C" NOT NULL,
  role       text NOT NULL,
  created_by bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at    bigint NOT NULL
);
CREATE INDEX link_account ON link (account_id, kind);

-- One row where the secret key lies in the database (PostgreSQL).
CREATE TABLE server_key (
  id         bigint PRIMARY KEY CHECK (id = 1),
  key        bytea NOT NULL,
  created_at bigint NOT NULL
);

-- Failed tries at a password, a code or a token, counted by subject and by
-- address over every process.
CREATE TABLE attempt (
  bucket text NOT NULL,
  minute bigint NOT NULL,
  tries  bigint NOT NULL,
  PRIMARY KEY (bucket, minute)
);

-- +goose Down
DROP TABLE attempt;
DROP TABLE server_key;
DROP TABLE link;
DROP TABLE session;
DROP TABLE account_user;
DROP TABLE kith_user;
