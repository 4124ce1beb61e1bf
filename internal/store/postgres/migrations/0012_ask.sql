-- +goose Up
-- What becomes of somebody who comes by their own act: list 0 is the account,
-- whose row says all; another list's says what it wants otherwise.
CREATE TABLE opt_in (
  account_id   bigint NOT NULL,
  list         bigint NOT NULL,
  confirm      bigint NOT NULL, -- 0 as in the account, 1 yes, 2 no
  welcome      bigint NOT NULL, -- the same
  remind_after bigint NOT NULL, -- minutes; 0: never
  expire_after bigint NOT NULL, -- minutes
  language     text NOT NULL, -- two letters
  PRIMARY KEY (account_id, list)
);

-- Questions that mails put to contacts. The numbers are those of all accounts
-- together, as those of mail are.
CREATE TABLE ask (
  account_id  bigint NOT NULL,
  number      bigint GENERATED ALWAYS AS IDENTITY,
  contact     bigint NOT NULL,
  kind        text NOT NULL,   -- confirm, return, address
  lists       text NOT NULL,   -- numbers with commas between
  to_address  text NOT NULL,
  welcome     bigint NOT NULL,   -- 1: a welcome mail follows the answer
  form        bigint NOT NULL,   -- or 0
  shown       text NOT NULL,   -- the text that the form showed
  language    text NOT NULL,
  asked_at    bigint NOT NULL,
  remind_at   bigint NOT NULL,   -- 0: no reminder, or it was sent
  ends_at     bigint NOT NULL,
  answered_at bigint NOT NULL,   -- 0 until then
  over_at     bigint NOT NULL,   -- when a sweep, or a newer ask, ended it; or 0
  again_at    bigint NOT NULL,   -- when somebody first came again and got no mail for this one; or 0
  next_at     bigint NOT NULL,   -- when a sweep has to look at it: to remind, to end, to forget
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX ask_living ON ask (account_id, contact, kind) WHERE answered_at = 0 AND over_at = 0;
CREATE INDEX ask_contact ON ask (account_id, contact, number);
CREATE INDEX ask_next ON ask (next_at, number);

-- Who was welcomed: once ever, also after they were deleted.
CREATE TABLE welcome (
  account_id bigint NOT NULL,
  contact    bigint NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (account_id, contact)
);

-- +goose Down
DROP TABLE welcome;
DROP TABLE ask;
DROP TABLE opt_in;
