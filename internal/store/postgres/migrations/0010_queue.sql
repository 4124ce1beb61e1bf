-- +goose Up
-- Who works on what, until when (by this server's clock).
CREATE TABLE lease (
  name  text COLLATE "C" PRIMARY KEY,
  owner text NOT NULL,
  until bigint NOT NULL
) WITH (fillfactor = 50);

-- +goose Down
DROP TABLE lease;
