package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/domain/list"
	"kith/internal/store/sqldb"
)

// Forms returns the store as package form asks for it.
func (s *Store) Forms() form.Store { return formStore{s} }

type formStore struct{ s *Store }

func (f formStore) Within(ctx context.Context, fn func(context.Context, form.Tx) error) error {
	return f.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (f formStore) View(ctx context.Context, fn func(context.Context, form.Tx) error) error {
	return f.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (f formStore) Now() time.Time { return f.s.clock.Now() }

// KindForm numbers the forms of an account.
const KindForm Kind = "form"

// writtenRow is the stored form of what an owner says of a form. Both names of
// lists and custom fields are kept, since neither ever changes.
type writtenRow struct {
	Lists     []formListRow  `json:"lists"`
	Fields    []formFieldRow `json:"fields"`
	Title     string         `json:"title,omitempty"`
	Intro     string         `json:"intro,omitempty"`
	Button    string         `json:"button,omitempty"`
	Consent   string         `json:"consent,omitempty"`
	Thanks    string         `json:"thanks,omitempty"`
	Language  string         `json:"language"`
	Back      string         `json:"back,omitempty"`
	Text      string         `json:"text,omitempty"`
	Accent    string         `json:"accent,omitempty"`
	Redirect  string         `json:"redirect,omitempty"`
	Proof     bool           `json:"proof,omitempty"`
	MayUpdate bool           `json:"may_update,omitempty"`
}

type formListRow struct {
	Number  id.List `json:"n"`
	UID     id.UID  `json:"u"`
	Offered bool    `json:"o,omitempty"`
	Ticked  bool    `json:"t,omitempty"`
}

type formFieldRow struct {
	Kind     string   `json:"k"`
	Number   id.Field `json:"n,omitempty"`
	UID      id.UID   `json:"u,omitzero"`
	Label    string   `json:"l,omitempty"`
	Required bool     `json:"r,omitempty"`
}

func rowOfWritten(w form.Written) writtenRow {
	row := writtenRow{
		Title: w.Texts.Title, Intro: w.Texts.Intro, Button: w.Texts.Button, Consent: w.Texts.Consent, Thanks: w.Texts.Thanks,
		Language: string(w.Language), Back: w.Colors.Background, Text: w.Colors.Text, Accent: w.Colors.Accent,
		Redirect: w.Redirect, Proof: w.Proof, MayUpdate: w.MayUpdate,
	}
	for _, l := range w.Lists {
		row.Lists = append(row.Lists, formListRow{l.Ref.Number, l.Ref.UID, l.Offered, l.Ticked})
	}
	for _, f := range w.Fields {
		row.Fields = append(row.Fields, formFieldRow{string(f.Kind), f.Custom.ID, f.Custom.UID, f.Label, f.Required})
	}
	return row
}

func (row writtenRow) written(name string) form.Written {
	w := form.Written{
		Name:     name,
		Texts:    form.Texts{Title: row.Title, Intro: row.Intro, Button: row.Button, Consent: row.Consent, Thanks: row.Thanks},
		Language: form.Language(row.Language),
		Colors:   form.Colors{Background: row.Back, Text: row.Text, Accent: row.Accent},
		Redirect: row.Redirect, Proof: row.Proof, MayUpdate: row.MayUpdate,
	}
	for _, l := range row.Lists {
		w.Lists = append(w.Lists, form.List{Ref: id.Ref[id.List]{Number: l.Number, UID: l.UID}, Offered: l.Offered, Ticked: l.Ticked})
	}
	for _, f := range row.Fields {
		w.Fields = append(w.Fields, form.Field{
			Kind: form.Kind(f.Kind), Custom: contact.Field{ID: f.Number, UID: f.UID}, Label: f.Label, Required: f.Required,
		})
	}
	return w
}

// LockForms counts the forms that are there. Its lock is the row of their
// numbers.
func (tx *Tx) LockForms(ctx context.Context, account id.Account) (int, error) {
	if err := tx.lockKind(ctx, account, KindForm); err != nil {
		return 0, err
	}
	var n int
	err := tx.q.QueryRow(ctx, `SELECT count(*) FROM form WHERE account_id = $1`, int64(account)).Scan(&n)
	return n, wrap(err, "count forms")
}

// TakeFormNumber takes the next number of a form, in this unit of work.
func (tx *Tx) TakeFormNumber(ctx context.Context, account id.Account) (id.Form, error) {
	n, err := tx.takeNumbers(ctx, account, KindForm, 1)
	return id.Form(n), err
}

// InsertForm keeps a new form.
func (tx *Tx) InsertForm(ctx context.Context, account id.Account, f form.Form) error {
	written, err := json.Marshal(rowOfWritten(f.Written))
	if err != nil {
		return wrap(err, "keep form %d", f.ID)
	}
	_, err = tx.q.Exec(ctx, `
		INSERT INTO form (account_id, number, uid, name, written, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		int64(account), int64(f.ID), f.UID[:], f.Name, string(written), clock.Millis(f.CreatedAt), clock.Millis(f.UpdatedAt))
	return wrap(err, "keep form %d", f.ID)
}

// UpdateForm keeps a form as it is now.
func (tx *Tx) UpdateForm(ctx context.Context, account id.Account, f form.Form) error {
	written, err := json.Marshal(rowOfWritten(f.Written))
	if err != nil {
		return wrap(err, "keep form %d", f.ID)
	}
	_, err = tx.q.Exec(ctx, `UPDATE form SET name = $3, written = $4, updated_at = $5 WHERE account_id = $1 AND number = $2`,
		int64(account), int64(f.ID), f.Name, string(written), clock.Millis(f.UpdatedAt))
	return wrap(err, "keep form %d", f.ID)
}

// DeleteForm forgets a form.
func (tx *Tx) DeleteForm(ctx context.Context, account id.Account, number id.Form) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM form WHERE account_id = $1 AND number = $2`, int64(account), int64(number))
	return wrap(err, "delete form %d", number)
}

const formColumns = `account_id, number, uid, name, written, created_at, updated_at`

func scanForm(row interface{ Scan(...any) error }) (a id.Account, f form.Form, err error) {
	var (
		account, number, created, updated int64
		public                            []byte
		name, text                        string
		written                           writtenRow
	)
	if err := row.Scan(&account, &number, &public, &name, &text, &created, &updated); err != nil {
		return 0, f, err
	}
	if err := json.Unmarshal([]byte(text), &written); err != nil {
		return 0, f, fmt.Errorf("what form %d says: %w", number, err)
	}
	return id.Account(account), form.Form{
		ID: id.Form(number), UID: uid(public), Written: written.written(name),
		CreatedAt: clock.FromMillis(created), UpdatedAt: clock.FromMillis(updated),
	}, nil
}

// FormByUID returns a form.
func (tx *Tx) FormByUID(ctx context.Context, account id.Account, uid id.UID) (form.Form, error) {
	return tx.formByUID(ctx, account, uid, "")
}

// HoldForm is FormByUID; others that would change the form wait until this
// unit of work has ended.
func (tx *Tx) HoldForm(ctx context.Context, account id.Account, uid id.UID) (form.Form, error) {
	return tx.formByUID(ctx, account, uid, tx.d.ForUpdate())
}

func (tx *Tx) formByUID(ctx context.Context, account id.Account, uid id.UID, lock string) (form.Form, error) {
	_, f, err := scanForm(tx.q.QueryRow(ctx, `SELECT `+formColumns+` FROM form WHERE account_id = $1 AND uid = $2 `+lock, int64(account), uid[:]))
	return f, wrap(explain(err), "read form %s", uid)
}

// FindForm returns a form and whose it is.
func (tx *Tx) FindForm(ctx context.Context, uid id.UID) (id.Account, form.Form, error) {
	a, f, err := scanForm(tx.q.QueryRow(ctx, `SELECT `+formColumns+` FROM form WHERE uid = $1`, uid[:]))
	return a, f, wrap(explain(err), "find form %s", uid)
}

// FormPage returns forms in the order of their numbers.
func (tx *Tx) FormPage(ctx context.Context, account id.Account, r page.Request) (page.Of[form.Form], error) {
	of := page.Of[form.Form]{Total: -1}
	rows, err := tx.q.Query(ctx, `SELECT `+formColumns+` FROM form WHERE account_id = $1 AND number > $2 ORDER BY number LIMIT $3`,
		int64(account), r.After.Number, r.Limit+1)
	if err != nil {
		return of, wrap(err, "read forms")
	}
	of.Items, err = scanAll(rows, func(row sqldb.Rows) (form.Form, error) {
		_, f, err := scanForm(row)
		return f, err
	})
	if err != nil {
		return of, wrap(err, "read forms")
	}
	if len(of.Items) > r.Limit {
		of.Items = of.Items[:r.Limit]
		of.Next = page.Position{Number: int64(of.Items[r.Limit-1].ID)}
	}
	return of, nil
}

// ListsByRef returns those of the lists that are there, without counts.
func (tx *Tx) ListsByRef(ctx context.Context, account id.Account, refs []id.Ref[id.List]) (all []list.List, err error) {
	for _, by := range byNames(refs) {
		rows, err := tx.q.Query(ctx, `SELECT `+listColumns+` FROM contact_list WHERE account_id = $1 AND `+by.condition+` AND deleted_at = 0`,
			append([]any{int64(account)}, by.args...)...)
		if err != nil {
			return nil, wrap(err, "read lists")
		}
		found, err := scanAll(rows, func(row sqldb.Rows) (list.List, error) { return scanList(row) })
		if err != nil {
			return nil, wrap(err, "read lists")
		}
		all = append(all, found...)
	}
	return all, nil
}
