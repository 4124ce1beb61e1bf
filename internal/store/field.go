package store

import (
	"context"
	"encoding/json"
	"errors"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// LockFields counts the custom fields. Its lock is the row of their numbers.
func (tx *Tx) LockFields(ctx context.Context, account id.Account) (int, error) {
	return tx.lockAndCount(ctx, account, KindField, "custom_field")
}

// LockTags counts the tags. Its lock is the row of their numbers.
func (tx *Tx) LockTags(ctx context.Context, account id.Account) (int, error) {
	return tx.lockAndCount(ctx, account, KindTag, "tag")
}

func (tx *Tx) lockAndCount(ctx context.Context, account id.Account, kind Kind, table string) (n int, err error) {
	if err := tx.lockKind(ctx, account, kind); err != nil {
		return 0, err
	}
	err = tx.q.QueryRow(ctx, `SELECT count(*) FROM `+table+` WHERE account_id = $1`, int64(account)).Scan(&n)
	return n, wrap(err, "count rows of %s", table)
}

// TakeFieldNumber takes the next number of a custom field, in this unit of
// work.
func (tx *Tx) TakeFieldNumber(ctx context.Context, account id.Account) (id.Field, error) {
	n, err := tx.takeNumbers(ctx, account, KindField, 1)
	return id.Field(n), err
}

// TakeTagNumber takes the next number of a tag, in this unit of work.
func (tx *Tx) TakeTagNumber(ctx context.Context, account id.Account) (id.Tag, error) {
	n, err := tx.takeNumbers(ctx, account, KindTag, 1)
	return id.Tag(n), err
}

// InsertField keeps a new custom field.
func (tx *Tx) InsertField(ctx context.Context, account id.Account, f contact.Field) error {
	metadata, choices, err := fieldTexts(f)
	if err != nil {
		return wrap(err, "keep custom field %d", f.ID)
	}
	var slot any
	if f.Slot != 0 {
		slot = int64(f.Slot)
	}
	_, err = tx.q.Exec(ctx, `
		INSERT INTO custom_field (account_id, number, uid, label, label_key, name, type, version, metadata, choices, slot,
			created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		int64(account), int64(f.ID), f.UID[:], f.Label, text.Fold(f.Label), f.Name, string(f.Type), int64(f.Version),
		metadata, choices, slot, clock.Millis(f.CreatedAt), clock.Millis(f.UpdatedAt))
	if errors.Is(err, sqldb.ErrUnique) {
		return contact.ErrLabelTaken.Because(err)
	}
	return wrap(err, "keep custom field %d", f.ID)
}

// AllFields returns an account's custom fields.
func (tx *Tx) AllFields(ctx context.Context, account id.Account) ([]contact.Field, error) {
	return tx.fieldsWhere(ctx, "", int64(account))
}

// FieldsByRef returns those of the custom fields that exist.
func (tx *Tx) FieldsByRef(ctx context.Context, account id.Account, refs []id.Ref[id.Field]) (all []contact.Field, err error) {
	for _, by := range byNames(refs) {
		found, err := tx.fieldsWhere(ctx, " AND "+by.condition, append([]any{int64(account)}, by.args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (tx *Tx) fieldsWhere(ctx context.Context, where string, args ...any) ([]contact.Field, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT number, uid, label, name, type, version, metadata, choices, COALESCE(slot, 0), created_at, updated_at
		FROM custom_field WHERE account_id = $1`+where+` ORDER BY number `+tx.keep(), args...)
	if err != nil {
		return nil, wrap(err, "read custom fields")
	}
	all, err := scanAll(rows, scanField)
	return all, wrap(err, "read custom fields")
}

func scanField(rows sqldb.Rows) (contact.Field, error) {
	var (
		f                        contact.Field
		number, created, updated int64
		name                     []byte
		kind, metadata, choices  string
		metadataRow              metadataRow
		version, slot            int64
	)
	if err := rows.Scan(&number, &name, &f.Label, &f.Name, &kind, &version, &metadata, &choices, &slot, &created, &updated); err != nil {
		return f, err
	}
	f.ID, f.UID, f.Type, f.Version, f.Slot = id.Field(number), uid(name), contact.FieldType(kind), int(version), int(slot)
	f.CreatedAt, f.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	if metadata != "" {
		if err := json.Unmarshal([]byte(metadata), &metadataRow); err != nil {
			return f, wrap(err, "read the metadata of custom field %d", number)
		}
		f.Metadata, f.LastChoice = metadataRow.metadata()
	}
	var err error
	f.Choices, err = readChoices(choices)
	return f, wrap(err, "read the choices of custom field %d", number)
}

func readChoices(s string) (choices []contact.Choice, err error) {
	if s == "" {
		return nil, nil
	}
	var rows []choiceRow
	if err := json.Unmarshal([]byte(s), &rows); err != nil {
		return nil, err
	}
	for _, c := range rows {
		choices = append(choices, contact.Choice(c))
	}
	return choices, nil
}

// metadataRow is the stored form of what narrows a field's values.
type metadataRow struct {
	DisplayType   string `json:"display_type,omitempty"`
	DisplayFormat string `json:"display_format,omitempty"`
	CurrencyCode  string `json:"currency_code,omitempty"`
	AllowNegative bool   `json:"allow_negative,omitempty"`
	Integer       bool   `json:"integer,omitempty"`
	DecimalPlaces int    `json:"decimal_places,omitempty"`
	LastChoice    int64  `json:"last_choice,omitempty"`
}

func (r metadataRow) metadata() (m contact.Metadata, lastChoice int64) {
	return contact.Metadata{
		DisplayType: r.DisplayType, DisplayFormat: r.DisplayFormat, CurrencyCode: r.CurrencyCode,
		AllowNegative: r.AllowNegative, Integer: r.Integer, DecimalPlaces: r.DecimalPlaces,
	}, r.LastChoice
}

func metadataOf(f contact.Field) metadataRow {
	m := f.Metadata
	return metadataRow{m.DisplayType, m.DisplayFormat, m.CurrencyCode, m.AllowNegative, m.Integer, m.DecimalPlaces, f.LastChoice}
}

// choiceRow is the stored form of a choice.
type choiceRow struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Order int    `json:"order"`
}

func fieldTexts(f contact.Field) (metadata, choices string, err error) {
	if row := metadataOf(f); row != (metadataRow{}) {
		b, err := json.Marshal(row)
		if err != nil {
			return "", "", err
		}
		metadata = string(b)
	}
	if len(f.Choices) > 0 {
		rows := make([]choiceRow, len(f.Choices))
		for i, c := range f.Choices {
			rows[i] = choiceRow(c)
		}
		b, err := json.Marshal(rows)
		if err != nil {
			return "", "", err
		}
		choices = string(b)
	}
	return metadata, choices, nil
}

// InsertTag keeps a new tag.
func (tx *Tx) InsertTag(ctx context.Context, account id.Account, t contact.Tag) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO tag (account_id, number, uid, name, name_key, source, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		int64(account), int64(t.ID), t.UID[:], t.Name, text.Fold(t.Name), t.Source, clock.Millis(t.CreatedAt), clock.Millis(t.UpdatedAt))
	if errors.Is(err, sqldb.ErrUnique) {
		return contact.ErrTagTaken.Because(err)
	}
	return wrap(err, "keep tag %d", t.ID)
}

// UpdateTag keeps a tag under its new name.
func (tx *Tx) UpdateTag(ctx context.Context, account id.Account, t contact.Tag) error {
	_, err := tx.q.Exec(ctx, `UPDATE tag SET name = $3, name_key = $4, updated_at = $5 WHERE account_id = $1 AND number = $2`,
		int64(account), int64(t.ID), t.Name, text.Fold(t.Name), clock.Millis(t.UpdatedAt))
	if errors.Is(err, sqldb.ErrUnique) {
		return contact.ErrTagTaken.Because(err)
	}
	return wrap(err, "rename tag %d", t.ID)
}

// UpdateField keeps a custom field's label, choices and slot.
func (tx *Tx) UpdateField(ctx context.Context, account id.Account, f contact.Field) error {
	metadata, choices, err := fieldTexts(f)
	if err != nil {
		return wrap(err, "keep custom field %d", f.ID)
	}
	_, err = tx.q.Exec(ctx, `UPDATE custom_field SET label = $3, label_key = $4, name = $5, metadata = $6, choices = $7, updated_at = $8,
			slot = NULLIF(CAST($9 AS bigint), 0)
		WHERE account_id = $1 AND number = $2`,
		int64(account), int64(f.ID), f.Label, text.Fold(f.Label), f.Name, metadata, choices, clock.Millis(f.UpdatedAt), int64(f.Slot))
	if errors.Is(err, sqldb.ErrUnique) {
		return contact.ErrLabelTaken.Because(err)
	}
	return wrap(err, "keep custom field %d", f.ID)
}

// DropTag forgets a tag; who wears it is left to ClearTag.
func (tx *Tx) DropTag(ctx context.Context, account id.Account, t id.Tag) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM tag WHERE account_id = $1 AND number = $2`, int64(account), int64(t))
	return wrap(err, "delete tag %d", t)
}

// ClearTag takes a tag that is deleted off at most limit contacts.
func (tx *Tx) ClearTag(ctx context.Context, account id.Account, t id.Tag, limit int) (n int64, left bool, err error) {
	if n, left, err = tx.clear(ctx, account, "tagging", "tag", int64(t), limit); err != nil {
		return 0, false, err
	}
	return n, left, tx.Count(ctx, account, change.Tagged, int64(t), -n)
}

// clear drops at most limit of a table's rows about one thing. Whether more are
// left is asked for and not taken from how many it dropped: another unit may
// have dropped some of the same.
func (tx *Tx) clear(ctx context.Context, account id.Account, table, column string, of int64, limit int) (n int64, left bool, err error) {
	about := ` FROM ` + table + ` WHERE account_id = $1 AND ` + column + ` = $2`
	n, err = tx.q.Exec(ctx, `DELETE`+about+` AND contact IN (SELECT contact`+about+` LIMIT $3)`, int64(account), of, limit)
	if err != nil {
		return 0, false, wrap(err, "clear %s %d", column, of)
	}
	err = tx.q.QueryRow(ctx, `SELECT EXISTS (SELECT 1`+about+`)`, int64(account), of).Scan(&left)
	return n, left, wrap(err, "clear %s %d", column, of)
}

// DropField forgets a custom field; its values are left to ClearField.
func (tx *Tx) DropField(ctx context.Context, account id.Account, f id.Field) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM custom_field WHERE account_id = $1 AND number = $2`, int64(account), int64(f))
	return wrap(err, "delete custom field %d", f)
}

// ClearField drops at most limit values of a custom field that is deleted.
func (tx *Tx) ClearField(ctx context.Context, account id.Account, f id.Field, limit int) (n int64, left bool, err error) {
	return tx.clear(ctx, account, "field_value", "field", int64(f), limit)
}

// AllTags returns an account's tags.
func (tx *Tx) AllTags(ctx context.Context, account id.Account) ([]contact.Tag, error) {
	rows, err := tx.q.Query(ctx, `SELECT number, uid, name, source, created_at, updated_at FROM tag
		WHERE account_id = $1 ORDER BY number`, int64(account))
	if err != nil {
		return nil, wrap(err, "read tags")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (t contact.Tag, err error) {
		var (
			number, created, updated int64
			name                     []byte
		)
		err = rows.Scan(&number, &name, &t.Name, &t.Source, &created, &updated)
		t.Contacts = -1
		t.ID, t.UID, t.CreatedAt, t.UpdatedAt = id.Tag(number), uid(name), clock.FromMillis(created), clock.FromMillis(updated)
		return t, err
	})
	return all, wrap(err, "read tags")
}
