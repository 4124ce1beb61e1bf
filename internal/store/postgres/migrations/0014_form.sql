-- +goose Up
CREATE TABLE form (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  uid        uuid NOT NULL,
  name       text NOT NULL,
  written    text NOT NULL, -- what the owner says of it, in a form of the store's own: JSON
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX form_uid ON form (uid);

-- +goose Down
DROP TABLE form;
