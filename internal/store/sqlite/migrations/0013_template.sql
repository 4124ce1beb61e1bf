-- +goose Up
-- What mails say before their places are filled. A content never changes, so
-- that a mail which names one can be read as it was sent; its number is made
-- of what it says. Those of account 0 are built in.
CREATE TABLE content (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  language   TEXT NOT NULL, -- two letters
  subject    TEXT NOT NULL,
  preheader  TEXT NOT NULL, -- what a mail program shows behind the subject
  html       TEXT NOT NULL, -- what stands between the head and the foot of the layout
  text       TEXT NOT NULL, -- or empty: made of html
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;

-- The contents that an account has put in place of the built-in ones.
CREATE TABLE template (
  account_id INTEGER NOT NULL REFERENCES account (id),
  kind       TEXT NOT NULL,
  language   TEXT NOT NULL,
  content    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, kind, language)
) STRICT, WITHOUT ROWID;

-- How the mail of an account, or of one of its lists, introduces itself. What
-- is empty, or 0, is the account's; and there, the server's.
CREATE TABLE brand (
  account_id INTEGER NOT NULL REFERENCES account (id),
  list       INTEGER NOT NULL, -- or 0: the account's own
  sender     INTEGER NOT NULL, -- whose address mail is from
  from_name  TEXT NOT NULL,
  reply_to   TEXT NOT NULL,
  logo_url   TEXT NOT NULL,
  colour     TEXT NOT NULL,    -- #rrggbb
  language   TEXT NOT NULL,
  PRIMARY KEY (account_id, list)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE brand;
DROP TABLE template;
DROP TABLE content;
