package activity

import (
	"context"
	"fmt"
	"io"
	"sync"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// readAhead is how many contacts of a selection are looked up at a time. That
// is done beside the units of work, so that nobody waits for it.
const readAhead = 5000

// found are the next contacts of a selection.
type found struct {
	contacts []id.Contact
	err      error
}

// eachBatch goes through the contacts of the activity's selection in the order
// of their numbers. do does a batch within its unit of work, which also keeps
// the place to go on from. One goroutine looks them up, this one does the work.
func (w *work) eachBatch(ctx context.Context, do func(context.Context, Tx, *Activity, []id.Contact) error) error {
	ctx, stop := context.WithCancel(ctx)
	next := make(chan found, 1)
	s, after := w.a.Input.Selection, w.a.Position.Contact
	var looking sync.WaitGroup
	looking.Go(func() { w.lookUp(ctx, s, after, next) })
	defer looking.Wait()
	defer stop()
	size := newPace(w.o.Store.OneWriter())
	for {
		var f found
		select {
		case f = <-next:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		for len(f.contacts) > 0 {
			batch := f.contacts[:min(len(f.contacts), size.size())]
			f.contacts = f.contacts[len(batch):]
			var watch clock.Stopwatch
			stopped, err := w.step(ctx, w.o.Store.Bulk, func(ctx context.Context, tx Tx, a *Activity) error {
				watch = clock.Start() // how long it waited for its turn says nothing of its size
				a.Position.Contact = batch[len(batch)-1]
				a.Done += int64(len(batch))
				return do(ctx, tx, a, batch)
			})
			if err != nil || stopped {
				return err
			}
			size.adapt(len(batch), watch.Elapsed())
		}
		switch f.err {
		case nil:
		case io.EOF: //nolint:errorlint // lookUp returns it bare
			return w.complete(ctx)
		default:
			return f.err
		}
	}
}

// lookUp finds the contacts of a selection after a number, piece by piece. With
// the last ones it says io.EOF.
func (w *work) lookUp(ctx context.Context, s contact.Selection, after id.Contact, to chan<- found) {
	for {
		var f found
		f.err = w.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
			f.contacts, err = tx.SelectContacts(ctx, w.account, s, after, readAhead)
			return err
		})
		if f.err == nil && len(f.contacts) < readAhead {
			f.err = io.EOF
		}
		select {
		case to <- f:
		case <-ctx.Done():
			return
		}
		if f.err != nil {
			return
		}
		after = f.contacts[len(f.contacts)-1]
	}
}

// complete ends the activity. What there was to do is what was done: contacts
// may have come to a source, and gone from it, after they were counted.
func (w *work) complete(ctx context.Context) error {
	_, err := w.step(ctx, w.o.Store.Within, func(ctx context.Context, tx Tx, a *Activity) error {
		a.Total = a.Done
		return end(ctx, tx, w.account, a, Completed)
	})
	return err
}

// joinLists puts the selected contacts on the activity's lists. Those that are
// named one by one come back where they were deleted.
func (w *work) joinLists(ctx context.Context) error {
	restore := w.a.Input.Selection.Contacts != nil
	return w.eachBatch(ctx, func(ctx context.Context, tx Tx, a *Activity, batch []id.Contact) error {
		groups, err := w.listGroups(ctx, tx)
		if err != nil {
			return err
		}
		done, err := contact.JoinGroups(ctx, tx, w.account, w.by, groups, batch, restore)
		return w.joined(ctx, tx, a, batch, done, fmt.Sprintf("the contact would be on more than %d lists", contact.MaxLists), err)
	})
}

// putTags puts the activity's tags on the selected contacts.
func (w *work) putTags(ctx context.Context) error {
	return w.eachBatch(ctx, func(ctx context.Context, tx Tx, a *Activity, batch []id.Contact) error {
		groups, err := w.tagGroups(ctx, tx)
		if err != nil {
			return err
		}
		done, err := contact.JoinGroups(ctx, tx, w.account, w.by, groups, batch, false)
		return w.joined(ctx, tx, a, batch, done, fmt.Sprintf("the contact would have more than %d tags", contact.MaxTags), err)
	})
}

// joined counts what became of a batch, and tells of contacts that had no room.
func (w *work) joined(ctx context.Context, tx Tx, a *Activity, batch []id.Contact, done contact.Handled, full string, err error) error {
	if err != nil {
		return err
	}
	a.CannotAdd += done.Unsubscribed
	a.Errors += int64(len(done.Full))
	a.Persons += int64(len(batch)-len(done.Full)) - done.Unsubscribed
	if len(done.Full) == 0 || len(a.Texts) >= MaxTexts {
		return nil
	}
	refs := make([]id.Ref[id.Contact], 0, MaxTexts)
	for _, c := range done.Full[:min(len(done.Full), MaxTexts)] {
		refs = append(refs, id.Ref[id.Contact]{Number: c})
	}
	if refs, err = tx.ContactRefs(ctx, w.account, refs); err != nil {
		return err
	}
	for _, r := range refs {
		a.tell("Contact " + r.UID.String() + ": " + full + ".")
	}
	return nil
}

// leaveLists takes the selected contacts off the activity's lists.
func (w *work) leaveLists(ctx context.Context) error { return w.leave(ctx, w.listGroups) }

// dropTags takes the activity's tags off the selected contacts.
func (w *work) dropTags(ctx context.Context) error { return w.leave(ctx, w.tagGroups) }

func (w *work) leave(ctx context.Context, groups func(context.Context, Tx) ([]contact.Group, error)) error {
	return w.eachBatch(ctx, func(ctx context.Context, tx Tx, a *Activity, batch []id.Contact) error {
		from, err := groups(ctx, tx)
		if err != nil {
			return err
		}
		a.Persons += int64(len(batch))
		return contact.LeaveGroups(ctx, tx, w.account, w.by, from, batch)
	})
}

// deleteContacts deletes the selected contacts.
func (w *work) deleteContacts(ctx context.Context) error {
	return w.eachBatch(ctx, func(ctx context.Context, tx Tx, a *Activity, batch []id.Contact) error {
		n, err := contact.DeleteMany(ctx, tx, w.account, w.by, batch)
		a.Persons += int64(n)
		return err
	})
}

func (w *work) listGroups(ctx context.Context, tx Tx) (groups []contact.Group, err error) {
	lists, err := w.lists(ctx, tx)
	for _, l := range lists {
		groups = append(groups, contact.Group{List: l})
	}
	return groups, err
}

// tagGroups are the activity's tags that are there.
func (w *work) tagGroups(ctx context.Context, tx Tx) (groups []contact.Group, err error) {
	present, err := tx.TagRefs(ctx, w.account, w.a.Input.Tags)
	for _, t := range present {
		groups = append(groups, contact.Group{Tag: t.Number})
	}
	return groups, err
}
