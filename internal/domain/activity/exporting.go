package activity

import (
	"context"
	"errors"
	"sync"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

const (
	// exportPage is how many contacts are read and written at a time, which
	// bounds the memory that an export takes.
	exportPage = 5000
	// exportReaders is how many of them read a page together.
	exportReaders = 2
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
	parts := make(chan exportPart)
	var reading sync.WaitGroup
	after := w.a.Position.Contact // the work goes on meanwhile
	reading.Go(func() { r.readParts(ctx, after, parts) })
	defer reading.Wait()
	defer stop()
	for {
		var p exportPart
		select {
		case p = <-parts:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		switch {
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

// exportReader makes rows of contacts.
type exportReader struct {
	*Service
	account   id.Account
	selection contact.Selection
	columns   []exportColumn
	needs     contact.Include // what has to be read for the columns
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
// ends.
func (r *exportReader) readParts(ctx context.Context, after id.Contact, to chan<- exportPart) {
	for {
		p := r.readPart(ctx, after)
		select {
		case to <- p:
		case <-ctx.Done():
			return
		}
		if p.err != nil || p.count == 0 {
			return
		}
		after = p.last
	}
}

// readPart reads the contacts behind a number and makes rows of them. Several
// read them together: one alone is slower than the file is written.
func (r *exportReader) readPart(ctx context.Context, after id.Contact) (p exportPart) {
	var (
		numbers []id.Contact
		e       exportNames
	)
	p.err = r.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if e, err = readNames(ctx, tx, r.account); err != nil {
			return err
		}
		numbers, err = tx.SelectContacts(ctx, r.account, r.selection, after, exportPage)
		return err
	})
	if p.err != nil || len(numbers) == 0 {
		return p
	}
	p.count, p.last = len(numbers), numbers[len(numbers)-1]
	var (
		rows    [exportReaders][]byte
		errs    [exportReaders]error
		reading sync.WaitGroup
	)
	for i := range exportReaders {
		share := numbers[i*len(numbers)/exportReaders : (i+1)*len(numbers)/exportReaders]
		reading.Go(func() { rows[i], errs[i] = r.readRows(ctx, &e, share) })
	}
	reading.Wait()
	for i := range exportReaders {
		p.rows = append(p.rows, rows[i]...)
	}
	p.err = errors.Join(errs[:]...)
	return p
}

func (r *exportReader) readRows(ctx context.Context, e *exportNames, numbers []id.Contact) (rows []byte, err error) {
	var all []contact.Record
	err = r.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		all, err = tx.Records(ctx, r.account, numbers, r.needs)
		return err
	})
	if err != nil {
		return nil, err
	}
	cells := make([]string, len(r.columns))
	for i := range all {
		for j, c := range r.columns {
			cells[j] = c.cell(e, &all[i])
		}
		rows = r.o.Sheets.AppendRow(rows, cells)
	}
	return rows, nil
}
