-- +goose Up
-- What becomes of somebody who comes by their own act: list 0 is the account,
-- whose row says all; another list's says what it wants otherwise.
CREATE TABLE opt_in (
  account_id   INTEGER NOT NULL,
  list         INTEGER NOT NULL,
  confirm      INTEGER NOT NULL, -- 0 as in the account, 1 yes, 2 no
  welcome      INTEGER NOT NULL, -- the same
  remind_after INTEGER NOT NULL, -- minutes; 0: never
  expire_after INTEGER NOT NULL, -- minutes
  language     TEXT NOT NULL, -- two letters
  PRIMARY KEY (account_id, list)
) STRICT, WITHOUT ROWID;

-- Questions that mails put to contacts. The numbers are those of all accounts
-- together, as those of mail are.
CREATE TABLE ask (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id  INTEGER NOT NULL,
  contact     INTEGER NOT NULL,
  kind        TEXT NOT NULL,   -- confirm, return, address
  lists       TEXT NOT NULL,   -- numbers with commas between
  to_address  TEXT NOT NULL,
  welcome     INTEGER NOT NULL,   -- 1: a welcome mail follows the answer
  form        INTEGER NOT NULL,   -- or 0
  shown       TEXT NOT NULL,   -- the text that the form showed
  language    TEXT NOT NULL,
  asked_at    INTEGER NOT NULL,
  remind_at   INTEGER NOT NULL,   -- 0: no reminder, or it was sent
  ends_at     INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,   -- 0 until then
  over_at     INTEGER NOT NULL,   -- when a sweep, or a newer ask, ended it; or 0
  again_at    INTEGER NOT NULL,   -- when somebody first came again and got no mail for this one; or 0
  next_at     INTEGER NOT NULL    -- when a sweep has to look at it: to remind, to end, to forget
) STRICT;
CREATE UNIQUE INDEX ask_living ON ask (account_id, contact, kind) WHERE answered_at = 0 AND over_at = 0;
CREATE INDEX ask_contact ON ask (account_id, contact, number);
CREATE INDEX ask_next ON ask (next_at, number);

-- Who was welcomed: once ever, also after they were deleted.
CREATE TABLE welcome (
  account_id INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (account_id, contact)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE welcome;
DROP TABLE ask;
DROP TABLE opt_in;
