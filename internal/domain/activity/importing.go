package activity

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"kith/internal/base/clock"
	"kith/internal/base/date"
	"kith/internal/base/id"
	"kith/internal/domain/activity/column"
	"kith/internal/domain/contact"
)

// minOfNumber is how many contact numbers are asked for at a time.
const minOfNumber = 1000

// batch is some rows of a file, read and converted.
type batch struct {
	rows     []contact.Incoming // those that can be taken
	lines    []int64            // the line of each
	problems []column.Problem   // of all rows, in the order of the file
	read     int64              // rows read, taken or not
	failed   failures
	end      Position
	err      error // what ended the reading after these rows; io.EOF at the end
}

// failures counts rows that were not taken.
type failures struct{ errors, correctable int64 }

// importFile reads the upload from where the activity stands. One goroutine
// reads and converts, this one writes; two batches go to and fro between them.
func (w *work) importFile(ctx context.Context) error {
	plan, upload, err := w.plan(ctx)
	if text, ok := fatal(err); ok {
		return w.finish(ctx, Failed, text)
	} else if err != nil {
		return err
	}
	src, err := w.o.Files.Open(ctx, w.account, upload.ID, w.a.Position.Offset)
	if text, ok := fatal(err); ok {
		return w.finish(ctx, Failed, text)
	} else if err != nil {
		return err
	}
	defer src.Close()
	rows, err := w.o.Sheets.Rows(src, upload.Survey.Dialect, w.a.Position)
	if text, ok := fatal(err); ok {
		return w.finish(ctx, Failed, text)
	} else if err != nil {
		return err
	}
	free, full := make(chan *batch, 2), make(chan *batch)
	free <- &batch{}
	free <- &batch{}
	size := newPace(w.o.Store.OneWriter())
	ctx, stop := context.WithCancel(ctx)
	var reading sync.WaitGroup
	reading.Go(func() { readBatches(ctx, rows, plan, size, free, full) })
	defer reading.Wait()
	defer stop()
	imp := importer{work: w, size: size}
	for {
		var b *batch
		select {
		case b = <-full:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if stopped, err := imp.write(ctx, b); err != nil || stopped {
			return errors.Join(err, w.drop(ctx))
		}
		if b.err != nil {
			return w.ended(ctx, b.err)
		}
		free <- b
	}
}

// ended finishes the import after its last batch.
func (w *work) ended(ctx context.Context, err error) error {
	if err != io.EOF { //nolint:errorlint // Rows returns it bare
		text, ok := fatal(err)
		if !ok {
			return err
		}
		return w.finish(ctx, Failed, text+" What stands before it was imported.")
	}
	return w.finish(ctx, Completed)
}

// plan says how rows are converted.
func (w *work) plan(ctx context.Context) (plan *column.Plan, u Upload, err error) {
	err = w.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		if u, err = tx.UploadByRef(ctx, w.account, id.Ref[id.Blob]{Number: w.a.Upload}); err != nil {
			return noFile(err)
		}
		fields, err := tx.AllFields(ctx, w.account)
		if err != nil {
			return err
		}
		plan, err = column.NewPlan(u.Survey.Heading, namesNow(w.a.Input, fields), customs(fields),
			planOptions(w.o.Store.Now(), w.a.Input.SMSConsent))
		return err
	})
	return plan, u, err
}

func planOptions(now time.Time, smsConsent bool) column.Options {
	return column.Options{ThisYear: now.Year(), Today: date.Of(now), SMSConsent: smsConsent}
}

// readBatches fills free batches until the file ends or ctx does.
func readBatches(ctx context.Context, rows Rows, plan *column.Plan, size *pace, free <-chan *batch, full chan<- *batch) {
	for {
		var b *batch
		select {
		case b = <-free:
		case <-ctx.Done():
			return
		}
		b.fill(rows, plan, size.size())
		select {
		case full <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}

// fill reads up to size rows into b, whose memory it uses again.
func (b *batch) fill(rows Rows, plan *column.Plan, size int) {
	*b = batch{rows: b.rows[:0], lines: b.lines[:0], problems: b.problems[:0]}
	for b.read < int64(size) {
		row, err := rows.Next()
		if bad, one := errors.AsType[*RowError](err); one {
			b.read++
			b.reject(column.Problem{Line: bad.Line, Name: column.WholeRow, Reason: bad.Reason})
			continue
		}
		if err != nil {
			b.err = err
			break
		}
		b.read++
		b.take(row, plan)
	}
	b.end = rows.Position()
}

func (b *batch) take(row Row, plan *column.Plan) {
	n := len(b.rows)
	if n < cap(b.rows) {
		b.rows = b.rows[:n+1] // what the place held before is used again
	} else {
		b.rows = append(b.rows, contact.Incoming{})
	}
	bad := plan.Convert(row.Line, row.Cells, &b.rows[n])
	if column.Fatal(bad) {
		b.rows = b.rows[:n]
		b.reject(bad...)
		return
	}
	b.problems = append(b.problems, bad...)
	b.lines = append(b.lines, row.Line)
}

// reject notes a row that is not taken.
func (b *batch) reject(bad ...column.Problem) {
	b.problems = append(b.problems, bad...)
	b.failed.add(bad)
}

func (f *failures) add(bad []column.Problem) {
	if column.Correctable(bad) {
		f.correctable++
	} else {
		f.errors++
	}
}

// importer writes batches.
type importer struct {
	*work
	size    *pace
	numbers []id.Contact // taken and not yet used
}

// write brings a batch in, in one unit of work.
func (i *importer) write(ctx context.Context, b *batch) (stopped bool, err error) {
	if err := i.supply(ctx, len(b.rows)); err != nil {
		return false, err
	}
	var (
		used  int
		watch clock.Stopwatch
	)
	stopped, err = i.step(ctx, i.o.Store.Bulk, func(ctx context.Context, tx Tx, a *Activity) error {
		watch = clock.Start() // how long it waited for its turn says nothing of its size
		lists, err := i.lists(ctx, tx)
		if err != nil {
			return err
		}
		if err := i.dropGone(ctx, tx, b.rows); err != nil {
			return err
		}
		used = 0
		results, err := contact.Merge(ctx, tx, i.account, i.by, lists, b.rows, func() id.Contact {
			used++
			return i.numbers[used-1]
		})
		if err != nil {
			return err
		}
		problems, failed := b.outcome(results, a)
		a.Done += b.read
		a.Errors += failed.errors
		a.Correctable += failed.correctable
		a.Position = b.end
		for _, p := range problems {
			a.tell(p.String())
		}
		return tx.InsertRejects(ctx, i.account, a.ID, rejects(problems))
	})
	if err != nil {
		return false, err
	}
	if stopped {
		return true, nil
	}
	i.numbers = i.numbers[used:]
	i.size.adapt(len(b.rows), watch.Elapsed())
	return false, nil
}

// dropGone takes the values of custom fields out of rows that were deleted since
// the import's plan was made: nobody would clear them up.
func (i *importer) dropGone(ctx context.Context, tx Tx, rows []contact.Incoming) error {
	meant := i.a.Input.Fields
	if len(meant) == 0 {
		return nil
	}
	there, err := fieldRefs(ctx, tx, i.account, meant)
	if err != nil || len(there) == len(meant) {
		return err
	}
	for n := range rows {
		rows[n].Fields = slices.DeleteFunc(rows[n].Fields, func(v contact.StoredValue) bool {
			return !slices.ContainsFunc(there, func(f id.Ref[id.Field]) bool { return f.Number == v.Field })
		})
	}
	return nil
}

// outcome counts what became of the rows, and adds what the contacts had
// against them to the problems of the file, in its order.
func (b *batch) outcome(results []contact.Result, a *Activity) ([]column.Problem, failures) {
	var late []column.Problem
	failed := b.failed
	for i := range results {
		r := &results[i]
		bad := against(r, &b.rows[i], b.lines[i])
		late = append(late, bad...)
		if column.Fatal(bad) {
			failed.add(bad)
			continue
		}
		a.Persons++
		if r.NotAdded {
			a.CannotAdd++
		}
	}
	if len(late) == 0 {
		return b.problems, failed
	}
	return column.InOrder(b.problems, late), failed
}

// against tells why a contact did not take a row, or a part of it.
func against(r *contact.Result, row *contact.Incoming, line int64) (bad []column.Problem) {
	switch r.Outcome {
	case contact.WasDeleted:
		name, value := knownBy(row)
		return []column.Problem{{
			Line: line, Name: name, Value: value, Gone: true,
			Reason: "belongs to a contact that was deleted; put it on a list to bring it back",
		}}
	case contact.FieldsFull:
		return []column.Problem{{
			Line: line, Name: column.WholeRow,
			Reason: "the contact would have values for more than " + strconv.Itoa(contact.MaxFields) + " custom fields",
		}}
	case contact.Made, contact.Merged:
	}
	for _, p := range r.LeftPhones {
		bad = append(bad, column.Problem{
			Line: line, Name: column.PhoneName(p.Kind), Value: p.Number, Left: true,
			Reason: "is one more than the " + strconv.Itoa(contact.MaxPhones) + " phone numbers a contact may have; it was left out",
		})
	}
	if reason := smsLeft[r.SMS]; reason != "" {
		bad = append(bad, column.Problem{Line: line, Name: "sms_number", Value: row.SMS.Number.National(), Left: true, Reason: reason})
	}
	if r.ListsFull {
		bad = append(bad, column.Problem{
			Line: line, Name: column.WholeRow, Left: true,
			Reason: "the contact would be on more than " + strconv.Itoa(contact.MaxLists) + " lists; it was not put on all of them",
		})
	}
	return bad
}

// smsLeft tells why a number for short messages was left out.
var smsLeft = map[contact.SMSResult]string{
	contact.SMSOfAnother: "belongs to another contact; it was left out",
	contact.SMSKept:      "would replace the number of a contact who has unsubscribed; it was left out",
}

// knownBy is the column and the value that say whom a row is about.
func knownBy(row *contact.Incoming) (name, value string) {
	if row.Email.IsZero() {
		return "sms_number", row.SMS.Number.National()
	}
	return "email", row.Email.String()
}

// lists are those of the activity that are there. A list that is deleted while
// it runs is left out from then on.
func (w *work) lists(ctx context.Context, tx Tx) ([]id.List, error) {
	present, err := tx.PresentLists(ctx, w.account, w.a.Input.Lists)
	if err != nil {
		return nil, err
	}
	var lists []id.List
	for _, l := range w.a.Input.Lists {
		if _, ok := among(present, l); ok {
			lists = append(lists, l.Number)
		}
	}
	return lists, nil
}

// supply sees to it that there are numbers for n new contacts.
func (i *importer) supply(ctx context.Context, n int) error {
	if len(i.numbers) >= n {
		return nil
	}
	n = max(n-len(i.numbers), minOfNumber)
	first, err := i.o.Store.ContactNumbers(ctx, i.account, n)
	if err != nil {
		return err
	}
	for k := range n {
		i.numbers = append(i.numbers, first+id.Contact(k))
	}
	return nil
}

// rejects are problems as they are kept.
func rejects(problems []column.Problem) []Reject {
	out := make([]Reject, len(problems))
	for i, p := range problems {
		ordinal := 1
		if i > 0 && problems[i-1].Line == p.Line {
			ordinal = out[i-1].Ordinal + 1
		}
		out[i] = Reject{Line: p.Line, Ordinal: ordinal, Column: p.Heading(), Value: shorten(p.Value), Reason: p.Reason}
	}
	return out
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxValue {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxValue {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}
