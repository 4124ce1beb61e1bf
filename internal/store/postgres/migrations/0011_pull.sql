-- +goose Up
-- How far the copy of an account from another server is.
CREATE TABLE pull (
  account_id bigint NOT NULL REFERENCES account (id),
  source     text COLLATE "C" NOT NULL, -- the other server's address
  stage      text NOT NULL, -- all, deleted, done
  next_page  text NOT NULL, -- where the other server goes on, or empty
  copied     bigint NOT NULL,
  present    bigint NOT NULL, -- contacts that were here already
  refused    bigint NOT NULL,
  left_out   bigint NOT NULL, -- values of custom fields that do not fit
  total      bigint NOT NULL, -- as the other server said, or 0
  started_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, source)
);

-- +goose Down
DROP TABLE pull;
