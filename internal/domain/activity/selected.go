package activity

import (
	"context"
	"fmt"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// readAhead is how many contacts of a selection are looked up at a time. That
// is done beside the units of work, so that nobody waits for it.
const readAhead = 5000

// eachBatch goes through the contacts of the activity's selection in the order
// of their numbers. do does a batch within its unit of work, which also keeps
// the place to go on from.
func (w *work) eachBatch(ctx context.Context, do func(context.Context, Tx, *Activity, []id.Contact) error) error {
	size := newPace(w.o.Store.OneWriter())
	for {
		found, err := w.selected(ctx)
		if err != nil {
			return err
		}
		last := len(found) < readAhead
		for len(found) > 0 {
			batch := found[:min(len(found), size.size())]
			found = found[len(batch):]
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
		if last {
			return w.complete(ctx)
		}
	}
}

// selected returns the next contacts after the activity's position.
func (w *work) selected(ctx context.Context) (found []id.Contact, err error) {
	err = w.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		found, err = tx.SelectContacts(ctx, w.account, w.a.Input.Selection, w.a.Position.Contact, readAhead)
		return err
	})
	return found, err
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
