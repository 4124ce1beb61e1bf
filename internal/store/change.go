package store

import (
	"context"
	"encoding/json"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

var insertChange = newInsertion(`INSERT INTO change (account_id, kind, ref, members, low, high, at, via, operation,
	user_id, application, activity, detail)`, 13, "")

var insertConsent = newInsertion(`INSERT INTO consent (account_id, contact, members, low, high, at, was, becomes, source,
	via, operation, user_id, application, activity, from_address, shown)`, 16, "")

// RecordChange leaves rows that tell what happened; those of a batch packed.
func (tx *Tx) RecordChange(ctx context.Context, account id.Account, by change.Origin, rows ...change.Row) error {
	statements, err := tx.changeStatements(nil, account, by, rows)
	if err != nil {
		return err
	}
	_, err = tx.q.ExecAll(ctx, statements)
	return wrap(err, "record changes")
}

func (tx *Tx) changeStatements(to []sqldb.Statement, account id.Account, by change.Origin, rows []change.Row) ([]sqldb.Statement, error) {
	args := make([]any, 0, insertChange.columns*len(rows))
	for _, r := range rows {
		detail, err := detailText(r.Detail)
		if err != nil {
			return nil, wrap(err, "record change %s", r.Kind)
		}
		members, low, high := batch(r.Members)
		args = append(args, int64(account), string(r.Kind), r.Ref, members, low, high, clock.Millis(tx.now), by.Via,
			by.Operation, int64(by.User), by.Application, int64(by.Activity), detail)
	}
	return insertChange.add(to, args), nil
}

// RecordConsent leaves rows in the consent ledger; those of a batch packed.
func (tx *Tx) RecordConsent(ctx context.Context, account id.Account, by change.Origin, entries ...contact.Entry) error {
	_, err := tx.q.ExecAll(ctx, tx.consentStatements(nil, account, by, entries))
	return wrap(err, "record consent")
}

func (tx *Tx) consentStatements(to []sqldb.Statement, account id.Account, by change.Origin, entries []contact.Entry) []sqldb.Statement {
	args := make([]any, 0, insertConsent.columns*len(entries))
	for _, e := range entries {
		members, low, high := batch(e.Members)
		args = append(args, int64(account), int64(e.Contact), members, low, high, clock.Millis(tx.now), int64(e.Was),
			int64(e.Becomes), int64(e.Source), by.Via, by.Operation, int64(by.User), by.Application, int64(by.Activity),
			by.Address, e.Shown)
	}
	return insertConsent.add(to, args)
}

// batch packs the members of a batch, and tells the least and the greatest, by
// which history finds the batches that one of them may be in. Without members
// all three are nothing.
func batch[N ~int64](members []N) (packed any, low, high int64) {
	if len(members) == 0 {
		return nil, 0, 0
	}
	all := make([]int64, len(members))
	low, high = int64(members[0]), int64(members[0])
	for i, n := range members {
		all[i] = int64(n)
		low, high = min(low, all[i]), max(high, all[i])
	}
	return change.Pack(all), low, high
}

// detailRow is the stored form of a change's detail.
type detailRow struct {
	Lists  []id.List `json:"lists,omitempty"`
	Tags   []id.Tag  `json:"tags,omitempty"`
	Fields []string  `json:"fields,omitempty"`
	Mail   string    `json:"mail,omitempty"`
	Why    string    `json:"why,omitempty"`
}

func detailText(d change.Detail) (string, error) {
	if d.IsZero() {
		return "", nil
	}
	b, err := json.Marshal(detailRow(d))
	return string(b), err
}

func detail(text string) (change.Detail, error) {
	if text == "" {
		return change.Detail{}, nil
	}
	var r detailRow
	err := json.Unmarshal([]byte(text), &r)
	return change.Detail(r), err
}
