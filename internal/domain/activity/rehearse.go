package activity

import (
	"context"
	"errors"
	"io"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	phonenumber "kith/internal/base/phone"
	"kith/internal/domain/account"
	"kith/internal/domain/activity/column"
	"kith/internal/domain/contact"
)

// Bounds of a rehearsal: its caller waits for it, and others for its batches.
const (
	// RehearsedRows is how many rows of a file a rehearsal reads.
	RehearsedRows = 20_000
	// rehearsedBatch is how many it looks at in one unit of work.
	rehearsedBatch = 200
)

// Rehearsal is what an import would do.
type Rehearsal struct {
	// Rows is how many rows the file has, Read how many were looked at.
	Rows, Read int64
	// New, Changed and Unchanged count contacts; Rejected counts rows.
	New, Changed, Unchanged, Rejected int64
	// Rejects are the first problems.
	Rejects []Reject
}

// Rehearse tells what an import of an upload would do to contacts, by the rules
// of the import itself, and changes nothing. Lists are not looked at. It fails
// as Import does where the columns cannot be mapped.
func (s *Service) Rehearse(ctx context.Context, who account.Actor, in Import, found fault.Problems) (Rehearsal, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Rehearsal{}, err
	}
	if err := found.Err(); err != nil {
		return Rehearsal{}, err
	}
	var u Upload
	var plan *column.Plan
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if u, err = tx.UploadByRef(ctx, who.Account, in.Upload); err != nil {
			return noFile(err)
		}
		fields, err := tx.AllFields(ctx, who.Account)
		if err != nil {
			return err
		}
		names, _, err := mapping(u.Survey.Heading, in.Columns, fields)
		if err != nil {
			return err
		}
		plan, err = column.NewPlan(u.Survey.Heading, names, customs(fields), planOptions(s.o.Store.Now(), in.SMSConsent))
		return err
	})
	if err != nil {
		return Rehearsal{}, err
	}
	src, err := s.o.Files.Open(ctx, who.Account, u.ID, u.Survey.Start.Offset)
	if err != nil {
		return Rehearsal{}, noFile(err)
	}
	defer src.Close()
	rows, err := s.o.Sheets.Rows(src, u.Survey.Dialect, u.Survey.Start)
	if err != nil {
		return Rehearsal{}, err
	}
	r := rehearsing{Service: s, who: who, seen: map[person]bool{}, changed: map[person]bool{}}
	r.is.Rows = u.Survey.Rows
	var b batch
	for b.err == nil && r.is.Read < RehearsedRows {
		b.fill(rows, plan, rehearsedBatch)
		if err := r.batch(ctx, &b); err != nil {
			return Rehearsal{}, err
		}
	}
	if b.err != nil && !errors.Is(b.err, io.EOF) {
		return Rehearsal{}, b.err
	}
	r.is.Changed = int64(len(r.changed))
	r.is.Unchanged -= r.is.Changed
	return r.is, nil
}

// rehearsing is the state of a rehearsal.
type rehearsing struct {
	*Service
	who           account.Actor
	is            Rehearsal
	seen, changed map[person]bool
}

// person is by what rows know a contact: an address, or a number for short
// messages.
type person struct {
	address email.Address
	number  phonenumber.Number
}

func personOf(row *contact.Incoming) person {
	if row.Email.IsZero() {
		return person{number: row.SMS.Number}
	}
	return person{address: row.Email}
}

// batch decides about rows as an import does, and keeps nothing.
func (r *rehearsing) batch(ctx context.Context, b *batch) error {
	var results []contact.Result
	var would contact.Bulk
	err := r.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		would = contact.Bulk{}
		var last id.Contact
		results, err = contact.Merge(ctx, dryTx{tx, &would}, r.who.Account, r.who.Origin(), nil, b.rows, func() id.Contact {
			last++ // it names nobody: nothing is kept
			return last
		})
		return err
	})
	if err != nil {
		return err
	}
	here := map[person]bool{}
	for i := range b.rows {
		here[personOf(&b.rows[i])] = true
	}
	for _, c := range would.Changed {
		if p := (person{address: c.Email.Address}); here[p] {
			r.changed[p] = true
		} else if c.SMS != nil {
			r.changed[person{number: c.SMS.Number}] = true
		}
	}
	for i, result := range results {
		who := personOf(&b.rows[i])
		switch {
		case r.seen[who]: // counted already, perhaps as new
		case result.Outcome == contact.Made:
			r.is.New++
			r.seen[who] = true
		case result.Outcome == contact.Merged:
			r.is.Unchanged++
			r.seen[who] = true
		}
	}
	problems, failed := b.outcome(results, &Activity{})
	r.is.Read += b.read
	r.is.Rejected += failed.errors + failed.correctable
	if room := MaxTexts - len(r.is.Rejects); room > 0 {
		all := rejects(problems)
		r.is.Rejects = append(r.is.Rejects, all[:min(room, len(all))]...)
	}
	return nil
}

// dryTx notes what would be written.
type dryTx struct {
	Tx
	would *contact.Bulk
}

// WriteBulk keeps nothing.
func (t dryTx) WriteBulk(_ context.Context, _ id.Account, _ change.Origin, b contact.Bulk) error {
	*t.would = b
	return nil
}
