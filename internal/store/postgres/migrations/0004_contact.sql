-- +goose Up
CREATE TABLE contact_list (
  account_id  bigint NOT NULL,
  number      bigint NOT NULL,
  uid         uuid NOT NULL,
  name        text NOT NULL,
  name_key    text COLLATE "C" NOT NULL, -- folded, for comparison and order
  description text NOT NULL,
  favorite    bigint NOT NULL,
  hidden      bigint NOT NULL, -- from contacts who choose for themselves
  created_at  bigint NOT NULL,
  updated_at  bigint NOT NULL,
  deleted_at  bigint NOT NULL, -- 0 while the list is there
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX contact_list_uid ON contact_list (account_id, uid);
CREATE UNIQUE INDEX contact_list_name ON contact_list (account_id, name_key) WHERE deleted_at = 0;

CREATE TABLE contact (
  account_id       bigint NOT NULL,
  number           bigint NOT NULL,
  places           bytea NOT NULL,  -- 8 bytes for each city, state, postal code and country
  uid              uuid NOT NULL,
  email            text COLLATE "C",             -- stored form, lower-cased; NULL without one
  first_name       text NOT NULL,
  last_name        text NOT NULL,
  job_title        text NOT NULL,
  company_name     text NOT NULL,
  birthday         bigint NOT NULL, -- month*100 + day, or 0
  anniversary      bigint NOT NULL, -- year*10000 + month*100 + day, or 0
  permission       bigint NOT NULL, -- up to 2: may be mailed
  confirm_status   bigint NOT NULL,
  opt_in_source    bigint NOT NULL,
  opt_in_at        bigint NOT NULL,
  opt_out_source   bigint NOT NULL,
  opt_out_at       bigint NOT NULL,
  opt_out_reason   text NOT NULL,
  create_source    bigint NOT NULL,
  update_source    bigint NOT NULL,
  email_created_at bigint NOT NULL,
  email_updated_at bigint NOT NULL,
  created_at       bigint NOT NULL,
  updated_at       bigint NOT NULL,
  deleted_at       bigint NOT NULL, -- 0 while the contact is there
  phones           text NOT NULL,    -- JSON array, or empty
  addresses        text NOT NULL,    -- JSON array, or empty
  PRIMARY KEY (account_id, number) INCLUDE (places)
);
CREATE UNIQUE INDEX contact_email ON contact (account_id, email);
CREATE UNIQUE INDEX contact_uid ON contact (account_id, uid);
CREATE INDEX contact_updated ON contact (account_id, updated_at, number);
-- The few of most accounts: who may not be mailed, and who was deleted.
CREATE INDEX contact_apart ON contact (account_id, number) WHERE permission > 2;
CREATE INDEX contact_deleted ON contact (account_id, number) WHERE deleted_at <> 0;

CREATE TABLE membership (
  account_id bigint NOT NULL,
  list       bigint NOT NULL,
  contact    bigint NOT NULL,
  added_at   bigint NOT NULL,
  PRIMARY KEY (account_id, list, contact)
);
CREATE INDEX membership_contact ON membership (account_id, contact, list);

CREATE TABLE custom_field (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  uid        uuid NOT NULL,
  label      text NOT NULL,
  label_key  text COLLATE "C" NOT NULL,
  name       text NOT NULL,    -- made from the label; heads cf: columns
  type       text NOT NULL,
  version    bigint NOT NULL, -- 1 or 2; dates only
  metadata   text NOT NULL,    -- JSON object, or empty
  choices    text NOT NULL,    -- JSON array, or empty
  slot       bigint,          -- 1 to 15 for v1 and v2; NULL without one
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX custom_field_uid ON custom_field (account_id, uid);
CREATE UNIQUE INDEX custom_field_label ON custom_field (account_id, label_key);
CREATE UNIQUE INDEX custom_field_name ON custom_field (account_id, name);
CREATE UNIQUE INDEX custom_field_slot ON custom_field (account_id, slot);

CREATE TABLE field_value (
  account_id bigint NOT NULL,
  contact    bigint NOT NULL,
  field      bigint NOT NULL,
  value      text NOT NULL,    -- plain text; of a choice its ids, comma separated
  PRIMARY KEY (account_id, contact, field)
);
CREATE INDEX field_value_field ON field_value (account_id, field, value);

CREATE TABLE tag (
  account_id bigint NOT NULL,
  number     bigint NOT NULL,
  uid        uuid NOT NULL,
  name       text NOT NULL,
  name_key   text COLLATE "C" NOT NULL,
  source     text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, number)
);
CREATE UNIQUE INDEX tag_uid ON tag (account_id, uid);
CREATE UNIQUE INDEX tag_name ON tag (account_id, name_key);

CREATE TABLE tagging (
  account_id bigint NOT NULL,
  tag        bigint NOT NULL,
  contact    bigint NOT NULL,
  added_at   bigint NOT NULL,
  PRIMARY KEY (account_id, tag, contact)
);
CREATE INDEX tagging_contact ON tagging (account_id, contact, tag);

-- What versions 1 and 2 know of a contact and version 3 does not; few contacts
-- have any of it.
CREATE TABLE contact_aside (
  account_id    bigint NOT NULL,
  contact       bigint NOT NULL,
  prefix        text NOT NULL,
  middle_name   text NOT NULL,
  department    text NOT NULL,
  fax           text NOT NULL,
  home_sub_code text NOT NULL,
  work_sub_code text NOT NULL,
  home_lines    text NOT NULL, -- of the street, where there are several
  work_lines    text NOT NULL,
  PRIMARY KEY (account_id, contact)
);

CREATE TABLE note (
  account_id bigint NOT NULL,
  contact    bigint NOT NULL,
  uid        uuid NOT NULL,
  created_at bigint NOT NULL,
  content    text NOT NULL,
  PRIMARY KEY (account_id, contact, uid)
);

-- A contact's number for short messages, and the latest state of what they
-- agreed to there. Few contacts have one; a row here costs the others nothing.
CREATE TABLE sms_channel (
  account_id     bigint NOT NULL,
  contact        bigint NOT NULL,
  uid            uuid NOT NULL,
  number         text COLLATE "C" NOT NULL,    -- digits, with the dial code
  permission     bigint NOT NULL, -- as in contact
  opt_in_source  bigint NOT NULL,
  opt_in_at      bigint NOT NULL,
  opt_out_source bigint NOT NULL,
  opt_out_at     bigint NOT NULL,
  ad_times       bigint NOT NULL, -- how often messages come in an interval; 0 where nobody said
  ad_interval    text NOT NULL,
  create_source  bigint NOT NULL,
  update_source  bigint NOT NULL,
  created_at     bigint NOT NULL,
  updated_at     bigint NOT NULL,
  PRIMARY KEY (account_id, contact)
);
CREATE UNIQUE INDEX sms_channel_number ON sms_channel (account_id, number);
CREATE INDEX sms_channel_permission ON sms_channel (account_id, permission, contact);

-- Its ledger: every change of a number, and of what was agreed to.
CREATE TABLE sms_history (
  account_id   bigint NOT NULL,
  contact      bigint NOT NULL,
  at           bigint NOT NULL,
  uid          uuid NOT NULL,
  channel      uuid NOT NULL,
  number       text NOT NULL,
  was          bigint NOT NULL, -- permission before; 0: the number was new
  becomes      bigint NOT NULL, -- and after
  source       bigint NOT NULL, -- contact or account
  consent_at   bigint NOT NULL, -- when the contact said so
  medium       text NOT NULL,    -- a code: LF a form, FI a file …
  medium_url   text NOT NULL,
  details      text NOT NULL,
  ad_times     bigint NOT NULL,
  ad_interval  text NOT NULL,
  via          text NOT NULL,    -- as in consent
  operation    text NOT NULL,
  user_id      bigint NOT NULL,
  application  text NOT NULL,
  activity     bigint NOT NULL,
  from_address text NOT NULL,
  PRIMARY KEY (account_id, contact, at, uid)
);

-- The consent ledger: every change of permission. A bulk batch leaves one row,
-- whose members are packed.
CREATE TABLE consent (
  id           bigint GENERATED ALWAYS AS IDENTITY,
  account_id   bigint NOT NULL,
  contact      bigint NOT NULL, -- 0 for a batch
  members      bytea,             -- a batch's contact numbers, packed; else NULL
  low          bigint NOT NULL, -- the least number of a batch, or 0
  high         bigint NOT NULL, -- and the greatest
  at           bigint NOT NULL,
  was          bigint NOT NULL, -- permission before; 0: the contact was new
  becomes      bigint NOT NULL, -- and after
  source       bigint NOT NULL, -- contact or account
  via          text NOT NULL,    -- api, key, web, command, system
  operation    text NOT NULL,    -- what was called, such as "PUT /v3/contacts/{contact_id}"
  user_id      bigint NOT NULL,
  application  text NOT NULL,    -- client id, or empty
  activity     bigint NOT NULL, -- the bulk work it belongs to, or 0
  from_address text NOT NULL,    -- IP address, or empty
  shown        text NOT NULL,    -- the text the contact saw, or the reason given
  PRIMARY KEY (account_id, id)
);
CREATE INDEX consent_contact ON consent (account_id, contact, id) WHERE contact <> 0;
CREATE INDEX consent_batch ON consent (account_id, low, high, id) WHERE contact = 0;

-- What happened, for history, the change feed and webhooks. A bulk batch
-- leaves one row, whose members are packed.
CREATE TABLE change (
  id          bigint GENERATED ALWAYS AS IDENTITY,
  account_id  bigint NOT NULL,
  kind        text NOT NULL,    -- contact.created, membership.removed, list.deleted …
  ref         bigint NOT NULL, -- number of the thing; 0 for a batch
  members     bytea,             -- a batch's contact numbers, packed; else NULL
  low         bigint NOT NULL, -- the least number of a batch, or 0
  high        bigint NOT NULL, -- and the greatest
  at          bigint NOT NULL,
  via         text NOT NULL,
  operation   text NOT NULL,
  user_id     bigint NOT NULL,
  application text NOT NULL,
  activity    bigint NOT NULL,
  detail      text NOT NULL,    -- JSON object, or empty
  -- Readers of the feed stay below pg_snapshot_xmin, so that no row of an
  -- older transaction can appear behind them.
  xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (account_id, id)
);
CREATE INDEX change_feed ON change (account_id, xid, id);
CREATE INDEX change_ref ON change (account_id, ref, id) WHERE ref <> 0;
CREATE INDEX change_batch ON change (account_id, low, high, id) WHERE ref = 0;

-- +goose Down
DROP TABLE change;
DROP TABLE consent;
DROP TABLE sms_history;
DROP TABLE sms_channel;
DROP TABLE note;
DROP TABLE contact_aside;
DROP TABLE tagging;
DROP TABLE tag;
DROP TABLE field_value;
DROP TABLE custom_field;
DROP TABLE membership;
DROP TABLE contact;
DROP TABLE contact_list;
