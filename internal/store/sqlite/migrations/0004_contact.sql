-- +goose Up
CREATE TABLE contact_list (
  account_id  INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  uid         BLOB NOT NULL,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL, -- folded, for comparison and order
  description TEXT NOT NULL,
  favorite    INTEGER NOT NULL,
  hidden      INTEGER NOT NULL, -- from contacts who choose for themselves
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  deleted_at  INTEGER NOT NULL, -- 0 while the list is there
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX contact_list_uid ON contact_list (account_id, uid);
CREATE UNIQUE INDEX contact_list_name ON contact_list (account_id, name_key) WHERE deleted_at = 0;

CREATE TABLE contact (
  account_id       INTEGER NOT NULL,
  number           INTEGER NOT NULL,
  places           BLOB NOT NULL,    -- 8 bytes for each city, state, postal code and country; stands early, where it is read without the rest
  uid              BLOB NOT NULL,
  email            TEXT,             -- stored form, lower-cased; NULL without one
  first_name       TEXT NOT NULL,
  last_name        TEXT NOT NULL,
  job_title        TEXT NOT NULL,
  company_name     TEXT NOT NULL,
  birthday         INTEGER NOT NULL, -- month*100 + day, or 0
  anniversary      INTEGER NOT NULL, -- year*10000 + month*100 + day, or 0
  permission       INTEGER NOT NULL, -- up to 2: may be mailed
  confirm_status   INTEGER NOT NULL,
  opt_in_source    INTEGER NOT NULL,
  opt_in_at        INTEGER NOT NULL,
  opt_out_source   INTEGER NOT NULL,
  opt_out_at       INTEGER NOT NULL,
  opt_out_reason   TEXT NOT NULL,
  create_source    INTEGER NOT NULL,
  update_source    INTEGER NOT NULL,
  email_created_at INTEGER NOT NULL,
  email_updated_at INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  deleted_at       INTEGER NOT NULL, -- 0 while the contact is there
  phones           TEXT NOT NULL,    -- JSON array, or empty
  addresses        TEXT NOT NULL,    -- JSON array, or empty
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX contact_email ON contact (account_id, email);
CREATE UNIQUE INDEX contact_uid ON contact (account_id, uid);
CREATE INDEX contact_updated ON contact (account_id, updated_at, number);
-- The few of most accounts: who may not be mailed, and who was deleted.
CREATE INDEX contact_apart ON contact (account_id, number) WHERE permission > 2;
CREATE INDEX contact_deleted ON contact (account_id, number) WHERE deleted_at <> 0;

CREATE TABLE membership (
  account_id INTEGER NOT NULL,
  list       INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  added_at   INTEGER NOT NULL,
  PRIMARY KEY (account_id, list, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_contact ON membership (account_id, contact, list);

CREATE TABLE custom_field (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  uid        BLOB NOT NULL,
  label      TEXT NOT NULL,
  label_key  TEXT NOT NULL,
  name       TEXT NOT NULL,    -- made from the label; heads cf: columns
  type       TEXT NOT NULL,
  version    INTEGER NOT NULL, -- 1 or 2; dates only
  metadata   TEXT NOT NULL,    -- JSON object, or empty
  choices    TEXT NOT NULL,    -- JSON array, or empty
  slot       INTEGER,          -- 1 to 15 for v1 and v2; NULL without one
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX custom_field_uid ON custom_field (account_id, uid);
CREATE UNIQUE INDEX custom_field_label ON custom_field (account_id, label_key);
CREATE UNIQUE INDEX custom_field_name ON custom_field (account_id, name);
CREATE UNIQUE INDEX custom_field_slot ON custom_field (account_id, slot);

CREATE TABLE field_value (
  account_id INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  field      INTEGER NOT NULL,
  value      TEXT NOT NULL,    -- plain text; of a choice its ids, comma separated
  PRIMARY KEY (account_id, contact, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX field_value_field ON field_value (account_id, field, value);

CREATE TABLE tag (
  account_id INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  uid        BLOB NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  source     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tag_uid ON tag (account_id, uid);
CREATE UNIQUE INDEX tag_name ON tag (account_id, name_key);

CREATE TABLE tagging (
  account_id INTEGER NOT NULL,
  tag        INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  added_at   INTEGER NOT NULL,
  PRIMARY KEY (account_id, tag, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX tagging_contact ON tagging (account_id, contact, tag);

-- What versions 1 and 2 know of a contact and version 3 does not; few contacts
-- have any of it.
CREATE TABLE contact_aside (
  account_id    INTEGER NOT NULL,
  contact       INTEGER NOT NULL,
  prefix        TEXT NOT NULL,
  middle_name   TEXT NOT NULL,
  department    TEXT NOT NULL,
  fax           TEXT NOT NULL,
  home_sub_code TEXT NOT NULL,
  work_sub_code TEXT NOT NULL,
  home_lines    TEXT NOT NULL, -- of the street, where there are several
  work_lines    TEXT NOT NULL,
  PRIMARY KEY (account_id, contact)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  account_id INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  uid        BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  content    TEXT NOT NULL,
  PRIMARY KEY (account_id, contact, uid)
) STRICT, WITHOUT ROWID;

-- A contact's number for short messages, and the latest state of what they
-- agreed to there. Few contacts have one; a row here costs the others nothing.
CREATE TABLE sms_channel (
  account_id     INTEGER NOT NULL,
  contact        INTEGER NOT NULL,
  uid            BLOB NOT NULL,
  number         TEXT NOT NULL,    -- digits, with the dial code
  permission     INTEGER NOT NULL, -- as in contact
  opt_in_source  INTEGER NOT NULL,
  opt_in_at      INTEGER NOT NULL,
  opt_out_source INTEGER NOT NULL,
  opt_out_at     INTEGER NOT NULL,
  ad_times       INTEGER NOT NULL, -- how often messages come in an interval; 0 where nobody said
  ad_interval    TEXT NOT NULL,
  create_source  INTEGER NOT NULL,
  update_source  INTEGER NOT NULL,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  PRIMARY KEY (account_id, contact)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sms_channel_number ON sms_channel (account_id, number);
CREATE INDEX sms_channel_permission ON sms_channel (account_id, permission, contact);

-- Its ledger: every change of a number, and of what was agreed to.
CREATE TABLE sms_history (
  account_id   INTEGER NOT NULL,
  contact      INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  uid          BLOB NOT NULL,
  channel      BLOB NOT NULL,
  number       TEXT NOT NULL,
  was          INTEGER NOT NULL, -- permission before; 0: the number was new
  becomes      INTEGER NOT NULL, -- and after
  source       INTEGER NOT NULL, -- contact or account
  consent_at   INTEGER NOT NULL, -- when the contact said so
  medium       TEXT NOT NULL,    -- a code: LF a form, FI a file …
  medium_url   TEXT NOT NULL,
  details      TEXT NOT NULL,
  ad_times     INTEGER NOT NULL,
  ad_interval  TEXT NOT NULL,
  via          TEXT NOT NULL,    -- as in consent
  operation    TEXT NOT NULL,
  user_id      INTEGER NOT NULL,
  application  TEXT NOT NULL,
  activity     INTEGER NOT NULL,
  from_address TEXT NOT NULL,
  PRIMARY KEY (account_id, contact, at, uid)
) STRICT, WITHOUT ROWID;

-- The consent ledger: every change of permission. A bulk batch leaves one row,
-- whose members are packed.
CREATE TABLE consent (
  id           INTEGER PRIMARY KEY,
  account_id   INTEGER NOT NULL,
  contact      INTEGER NOT NULL, -- 0 for a batch
  members      BLOB,             -- a batch's contact numbers, packed; else NULL
  low          INTEGER NOT NULL, -- the least number of a batch, or 0
  high         INTEGER NOT NULL, -- and the greatest
  at           INTEGER NOT NULL,
  was          INTEGER NOT NULL, -- permission before; 0: the contact was new
  becomes      INTEGER NOT NULL, -- and after
  source       INTEGER NOT NULL, -- contact or account
  via          TEXT NOT NULL,    -- api, key, web, command, system
  operation    TEXT NOT NULL,    -- what was called, such as "PUT /v3/contacts/{contact_id}"
  user_id      INTEGER NOT NULL,
  application  TEXT NOT NULL,    -- client id, or empty
  activity     INTEGER NOT NULL, -- the bulk work it belongs to, or 0
  from_address TEXT NOT NULL,    -- IP address, or empty
  shown        TEXT NOT NULL     -- the text the contact saw, or the reason given
) STRICT;
CREATE INDEX consent_contact ON consent (account_id, contact, id) WHERE contact <> 0;
CREATE INDEX consent_batch ON consent (account_id, low, high, id) WHERE contact = 0;

-- What happened, for history, the change feed and webhooks. A bulk batch
-- leaves one row, whose members are packed.
CREATE TABLE change (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id  INTEGER NOT NULL,
  kind        TEXT NOT NULL,    -- contact.created, membership.removed, list.deleted …
  ref         INTEGER NOT NULL, -- number of the thing; 0 for a batch
  members     BLOB,             -- a batch's contact numbers, packed; else NULL
  low         INTEGER NOT NULL, -- the least number of a batch, or 0
  high        INTEGER NOT NULL, -- and the greatest
  at          INTEGER NOT NULL,
  via         TEXT NOT NULL,
  operation   TEXT NOT NULL,
  user_id     INTEGER NOT NULL,
  application TEXT NOT NULL,
  activity    INTEGER NOT NULL,
  detail      TEXT NOT NULL     -- JSON object, or empty
) STRICT;
CREATE INDEX change_feed ON change (account_id, id);
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
