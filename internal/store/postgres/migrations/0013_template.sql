-- +goose Up
-- What mails say before their places are filled. A content never changes, so
-- that a mail which names one can be read as it was sent; its number is made
-- of what it says. Those of account 0 are built in.
CREATE TABLE content (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  language   text NOT NULL, -- two letters
  subject    text NOT NULL,
  preheader  text NOT NULL, -- what a mail program shows behind the subject
  html       text NOT NULL, -- what stands between the head and the foot of the layout
  text       text NOT NULL, -- or empty: made of html
  PRIMARY KEY (account_id, number)
);

-- The contents that an account has put in place of the built-in ones.
CREATE TABLE template (
  account_id bigint NOT NULL REFERENCES account (id),
  kind       text COLLATE "C" NOT NULL,
  language   text COLLATE "C" NOT NULL,
  content    bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, kind, language)
);

-- How the mail of an account, or of one of its lists, introduces itself. What
-- is empty, or 0, is the account's; and there, the server's.
CREATE TABLE brand (
  account_id bigint NOT NULL REFERENCES account (id),
  list       bigint NOT NULL, -- or 0: the account's own
  sender     bigint NOT NULL, -- whose address mail is from
  from_name  text NOT NULL,
  reply_to   text NOT NULL,
  logo_url   text NOT NULL,
  colour     text NOT NULL,    -- #rrggbb
  language   text COLLATE "C" NOT NULL,
  PRIMARY KEY (account_id, list)
);

-- +goose Down
DROP TABLE brand;
DROP TABLE template;
DROP TABLE content;
