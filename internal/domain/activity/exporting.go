package activity

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

const (
	// exportPage is how many contacts are read and written at a time.
	exportPage = 5000
	// exportAhead is how many pages are being read while one is written: one
	// reader alone is slower than the file. With exportPage it bounds the memory
	// that an export takes.
	exportAhead = 2
)

// exportPart is what a page of contacts adds to the file.
type exportPart struct {
	rows  []byte
	count int
	last  id.Contact
	err   error
}

// export writes the file of an export from where the activity stands. A page is
// written to the file first, safe from a loss of power, and then its end is kept
// with the activity: what a killed process wrote after that is cut off and
// written again, so that each contact stands in the file once.
//
// A file that is shorter than what was kept of it was cut by a process that
// lost the activity to this one and did not know yet: the export begins anew.
func (w *work) export(ctx context.Context) error {
	for {
		err := w.exportFrom(ctx)
		if !errors.Is(err, ErrGap) {
			return err
		}
		if _, err := w.step(ctx, w.o.Store.Within, func(_ context.Context, _ Tx, a *Activity) error {
			a.Position, a.Done, a.Persons = Position{}, 0, 0
			return nil
		}); err != nil {
			return err
		}
	}
}

func (w *work) exportFrom(ctx context.Context) error {
	r := exportReader{Service: w.Service, account: w.account, selection: w.a.Input.Selection}
	if err := r.plan(ctx, w.a.Input.Columns); err != nil {
		return err
	}
	if w.a.Position.Offset == 0 {
		titles := make([]string, len(r.columns))
		for i, c := range r.columns {
			titles[i] = c.title
		}
		stopped, err := w.exported(ctx, exportPart{rows: w.o.Sheets.AppendRow(nil, titles)})
		if err != nil || stopped {
			return errors.Join(err, w.drop(ctx))
		}
	}
	ctx, stop := context.WithCancel(ctx)
	parts := make(chan chan exportPart, exportAhead-1)
	after := w.a.Position.Contact // the work goes on meanwhile
	r.reading.Go(func() { r.readParts(ctx, after, parts) })
	defer r.reading.Wait()
	defer stop()
	for {
		p, err := nextPart(ctx, parts)
		switch {
		case err != nil:
			return err
		case p.err != nil:
			return p.err
		case p.count == 0:
			return w.finish(ctx, Completed)
		}
		if stopped, err := w.exported(ctx, p); err != nil || stopped {
			return errors.Join(err, w.drop(ctx))
		}
	}
}

// nextPart waits for the next page.
func nextPart(ctx context.Context, parts <-chan chan exportPart) (p exportPart, err error) {
	select {
	case part := <-parts:
		select {
		case p = <-part:
			return p, nil
		case <-ctx.Done():
		}
	case <-ctx.Done():
	}
	return p, context.Cause(ctx)
}

// exportReader makes rows of contacts.
type exportReader struct {
	*Service
	reading   sync.WaitGroup
	account   id.Account
	selection contact.Selection
	columns   []exportColumn
	needs     contact.Include // what has to be read for the columns
	pageBytes atomic.Int64    // how long a page may become, by the last one
}

// plan looks up the columns by the names that were kept of them.
func (r *exportReader) plan(ctx context.Context, names []string) error {
	var e exportNames
	err := r.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		e, err = readNames(ctx, tx, r.account)
		return err
	})
	for _, name := range names {
		if c, ok := exportColumnOf(name, e.fields); ok {
			r.columns, r.needs = append(r.columns, c), r.needs|c.needs
		}
	}
	return err
}

func readNames(ctx context.Context, tx Tx, a id.Account) (e exportNames, err error) {
	if e.lists, err = tx.ListNames(ctx, a); err != nil {
		return e, err
	}
	tags, err := tx.AllTags(ctx, a)
	if err != nil {
		return e, err
	}
	e.tags = make(map[id.Tag]string, len(tags))
	for _, t := range tags {
		e.tags[t.ID] = t.Name
	}
	fields, err := tx.AllFields(ctx, a)
	e.fields = make(map[id.Field]contact.Field, len(fields))
	for _, f := range fields {
		e.fields[f.ID] = f
	}
	return e, err
}

// exported adds a part to the file and keeps how far that has come.
func (w *work) exported(ctx context.Context, p exportPart) (stopped bool, err error) {
	at := w.a.Position
	if err := w.o.Files.Append(ctx, w.account, w.a.Upload, at.Offset, p.rows); err != nil {
		return false, err
	}
	return w.step(ctx, w.o.Store.Bulk, func(_ context.Context, _ Tx, a *Activity) error {
		a.Position.Offset = at.Offset + int64(len(p.rows))
		a.Position.Row = at.Row + int64(p.count)
		if p.count > 0 {
			a.Position.Contact = p.last
		}
		a.Done += int64(p.count)
		a.Persons += int64(p.count)
		a.Total = max(a.Total, a.Done) // contacts were added meanwhile
		return nil
	})
}

// readParts reads page after page until one is empty, an error is met or ctx
// ends. Pages are found one after the other and read beside each other; they
// are handed on in their order.
func (r *exportReader) readParts(ctx context.Context, after id.Contact, to chan<- chan exportPart) {
	for {
		part := make(chan exportPart, 1)
		select {
		case to <- part:
		case <-ctx.Done():
			return
		}
		var (
			numbers []id.Contact
			e       exportNames
		)
		err := r.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
			if e, err = readNames(ctx, tx, r.account); err != nil {
				return err
			}
			numbers, err = tx.SelectContacts(ctx, r.account, r.selection, after, exportPage)
			return err
		})
		if err != nil || len(numbers) == 0 {
			part <- exportPart{err: err}
			return
		}
		after = numbers[len(numbers)-1]
		r.reading.Go(func() { part <- r.readPart(ctx, &e, numbers) })
	}
}

// readPart reads contacts and makes rows of them.
func (r *exportReader) readPart(ctx context.Context, e *exportNames, numbers []id.Contact) exportPart {
	p := exportPart{count: len(numbers), last: numbers[len(numbers)-1]}
	var all []contact.Record
	p.err = r.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		all, err = tx.Records(ctx, r.account, numbers, r.needs)
		return err
	})
	if p.err != nil {
		return p
	}
	p.rows = make([]byte, 0, r.pageBytes.Load())
	cells := make([]string, len(r.columns))
	for i := range all {
		for j, c := range r.columns {
			cells[j] = c.cell(e, &all[i])
		}
		p.rows = r.o.Sheets.AppendRow(p.rows, cells)
	}
	r.pageBytes.Store(int64(len(p.rows)) * 9 / 8)
	return p
}
