-- +goose Up
-- The request log: requests that ended within a moment of each other are one
-- row. A batch bears the name of its newest request, and names grow with time.
CREATE TABLE request_log (
  account_id INTEGER NOT NULL, -- 0: of requests that name nobody
  class      INTEGER NOT NULL, -- 0 granted, 1 refused, 2 claimed by nobody known
  high       BLOB NOT NULL,    -- the newest request's name
  low        BLOB NOT NULL,    -- the oldest one's
  requests   INTEGER NOT NULL, -- how many
  heads      BLOB NOT NULL,    -- what lists show of them, packed
  details    BLOB NOT NULL,    -- what is kept beside it of those that failed
  PRIMARY KEY (account_id, class, high)
) STRICT;
CREATE INDEX request_log_age ON request_log (high);

-- +goose Down
DROP TABLE request_log;
