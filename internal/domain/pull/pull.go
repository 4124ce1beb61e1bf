// Package pull copies an account from another server that speaks version 3 of
// the API: custom fields, lists, tags, and contacts with all that belongs to
// them. It goes in batches, one page of the other server each, and keeps after
// each batch how far it came, so that a copy that was broken off goes on where
// it was. How the other server is asked is the business of outbound/source.
package pull

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

// ErrElsewhere is a copy into an account that another process is at.
var ErrElsewhere = fault.New(fault.Conflict, fault.CodeConflict, "Another process copies from that server into this account.")

// Stage says what of the other server's contacts is being copied.
type Stage string

// The stages, in their order. A server may leave deleted contacts out of the
// first one, so they are asked for once more; a contact that was met before is
// passed over.
const (
	Everybody Stage = "all"
	Deleted   Stage = "deleted"
	Done      Stage = "done"
)

func (s Stage) next() Stage {
	if s == Everybody {
		return Deleted
	}
	return Done
}

// State is how far a copy has come. It is stored, one for each account and
// other server.
type State struct {
	Stage Stage
	// Cursor is where the other server goes on; empty: at the stage's first
	// page.
	Cursor string
	// Copied, Present, Refused and Left count contacts that are new here, that
	// were here already, and that have no address that is one; and values of
	// custom fields that do not fit.
	Copied, Present, Refused, Left int64
	// Total is how many contacts the other server said it has; 0 where it did
	// not say.
	Total     int64
	StartedAt time.Time
}

// Page is a part of the other server's contacts. Lists, tags and fields are
// named by their UIDs there.
type Page struct {
	Contacts []contact.Contact
	// Refused are those that cannot be read, each with the reason.
	Refused []string
	// Next is where the next page begins; empty on the last one.
	Next string
	// Total is how many contacts there are, where the server says so.
	Total int64
}

// Source is the other server. ErrCursor of it says that it knows a cursor no
// more.
type Source interface {
	// Name is the server's address, under which the state is kept.
	Name() string
	Fields(ctx context.Context) ([]contact.Field, error)
	Lists(ctx context.Context) ([]list.List, error)
	Tags(ctx context.Context) ([]contact.Tag, error)
	Contacts(ctx context.Context, stage Stage, cursor string) (Page, error)
}

// ErrCursor is a cursor that the other server does not take any more.
var ErrCursor = errors.New("the server does not know this cursor")

// Store opens units of work.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// ContactNumbers returns the first of n numbers that no contact has.
	ContactNumbers(ctx context.Context, account id.Account, n int) (id.Contact, error)
}

// Tx is what a copy asks of a unit of work.
type Tx interface {
	contact.Tx
	contact.AdoptTx
	list.Tx

	// PullState fails with fault.ErrNotFound where nothing was copied yet.
	// Other units that would change it wait until this one has ended.
	PullState(ctx context.Context, account id.Account, source string) (State, error)
	PutPullState(ctx context.Context, account id.Account, source string, s State) error
}

// Options is what a copy needs.
type Options struct {
	Store  Store
	Source Source
	// Progress hears how far the copy is, after each batch; it may be nil.
	Progress func(State)
	// Refused hears of each contact that cannot be copied; it may be nil.
	Refused func(reason string)
}

// Summary is what the other server has, as far as it says so.
type Summary struct {
	Fields, Lists, Tags int
	Contacts            int64
}

// Look tells what would be copied, and copies nothing.
func Look(ctx context.Context, o Options) (s Summary, err error) {
	fields, err := o.Source.Fields(ctx)
	if err != nil {
		return s, err
	}
	lists, err := o.Source.Lists(ctx)
	if err != nil {
		return s, err
	}
	tags, err := o.Source.Tags(ctx)
	if err != nil {
		return s, err
	}
	p, err := o.Source.Contacts(ctx, Everybody, "")
	return Summary{Fields: len(fields), Lists: len(lists), Tags: len(tags), Contacts: p.Total}, err
}

// Run copies what is there into the actor's account, or goes on with it. A copy
// that is done begins anew, and brings what has been added meanwhile. It may be
// ended at any time.
func Run(ctx context.Context, by account.Actor, o Options) (State, error) {
	r := run{o: o, by: by}
	if err := r.names(ctx); err != nil {
		return State{}, err
	}
	if err := r.begin(ctx); err != nil {
		return State{}, err
	}
	for r.state.Stage != Done {
		r.progress()
		if err := r.batch(ctx); err != nil {
			return r.state, err
		}
	}
	r.progress()
	return r.state, nil
}

type run struct {
	o     Options
	by    account.Actor
	named contact.Names
	state State
}

func (r *run) progress() {
	if r.o.Progress != nil {
		r.o.Progress(r.state)
	}
}

// names brings over what contacts refer to. It changes nothing that is there,
// so it may be done again.
func (r *run) names(ctx context.Context) error {
	fields, err := r.o.Source.Fields(ctx)
	if err != nil {
		return err
	}
	lists, err := r.o.Source.Lists(ctx)
	if err != nil {
		return err
	}
	tags, err := r.o.Source.Tags(ctx)
	if err != nil {
		return err
	}
	return r.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		r.named = contact.Names{Lists: map[id.UID]id.List{}, Tags: map[id.UID]id.Tag{}, Fields: map[id.UID]contact.AdoptedField{}}
		for _, there := range fields {
			here, err := contact.AdoptField(ctx, tx, r.by, there)
			if err != nil {
				return fmt.Errorf("custom field %q: %w", there.Label, err)
			}
			r.named.Fields[there.UID] = here
		}
		for _, there := range lists {
			here, found, err := list.Adopt(ctx, tx, r.by, there)
			if err != nil {
				return fmt.Errorf("list %q: %w", there.Name, err)
			}
			if found {
				r.named.Lists[there.UID] = here.ID
			}
		}
		for _, there := range tags {
			here, err := contact.AdoptTag(ctx, tx, r.by, there)
			if err != nil {
				return fmt.Errorf("tag %q: %w", there.Name, err)
			}
			r.named.Tags[there.UID] = here.ID
		}
		return nil
	})
}

// begin reads how far the copy is, or starts it.
func (r *run) begin(ctx context.Context) error {
	return r.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		s, err := tx.PullState(ctx, r.by.Account, r.o.Source.Name())
		if errors.Is(err, fault.ErrNotFound) || err == nil && s.Stage == Done {
			s, err = State{Stage: Everybody, StartedAt: tx.Now()}, nil
			if err := tx.PutPullState(ctx, r.by.Account, r.o.Source.Name(), s); err != nil {
				return err
			}
		}
		r.state = s
		return err
	})
}

// batch copies one page. The page and how far that is are kept together or not
// at all.
func (r *run) batch(ctx context.Context) error {
	page, err := r.o.Source.Contacts(ctx, r.state.Stage, r.state.Cursor)
	if errors.Is(err, ErrCursor) && r.state.Cursor != "" {
		// Contacts that were copied are passed over.
		again := r.state
		again.Cursor, again.Present = "", 0
		return r.keep(ctx, again, Page{}, 0)
	}
	if err != nil {
		return err
	}
	var first id.Contact
	if len(page.Contacts) > 0 {
		if first, err = r.o.Store.ContactNumbers(ctx, r.by.Account, len(page.Contacts)); err != nil {
			return err
		}
	}
	next := r.state
	next.Cursor = page.Next
	if page.Next == "" {
		next.Stage = next.Stage.next()
	}
	if next.Total == 0 {
		next.Total = page.Total
	}
	if r.o.Refused != nil {
		for _, reason := range page.Refused {
			r.o.Refused(reason)
		}
	}
	return r.keep(ctx, next, page, first)
}

func (r *run) keep(ctx context.Context, next State, page Page, first id.Contact) error {
	source := r.o.Source.Name()
	var kept State
	err := r.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.PullState(ctx, r.by.Account, source)
		if err != nil {
			return err
		}
		if was.Stage != r.state.Stage || was.Cursor != r.state.Cursor || was.Copied != r.state.Copied {
			return ErrElsewhere
		}
		if err := r.presentLists(ctx, tx, page); err != nil {
			return err
		}
		got, err := contact.Adopt(ctx, tx, r.by.Account, r.by.Origin(), r.named, page.Contacts, first, "Pulled from "+source)
		if err != nil {
			return err
		}
		kept = next
		kept.Copied += int64(got.Copied)
		kept.Left += int64(got.Left)
		if r.state.Stage == Everybody { // the second stage meets the same ones again
			kept.Present += int64(got.Present)
			kept.Refused += int64(len(page.Refused))
		}
		return tx.PutPullState(ctx, r.by.Account, source, kept)
	})
	if err == nil {
		r.state = kept
	}
	return err
}

// presentLists sees to it that the lists of a page are not deleted before it is
// kept; a list that was deleted meanwhile is forgotten.
func (r *run) presentLists(ctx context.Context, tx Tx, page Page) error {
	var refs []id.Ref[id.List]
	used := map[id.UID]bool{}
	for _, c := range page.Contacts {
		for _, l := range c.Lists {
			if n, known := r.named.Lists[l.UID]; known && !used[l.UID] {
				used[l.UID] = true
				refs = append(refs, id.Ref[id.List]{Number: n})
			}
		}
	}
	if len(refs) == 0 {
		return nil
	}
	present, err := tx.PresentLists(ctx, r.by.Account, refs)
	if err != nil {
		return err
	}
	there := map[id.List]bool{}
	for _, p := range present {
		there[p.Number] = true
	}
	for uid := range used {
		if !there[r.named.Lists[uid]] {
			delete(r.named.Lists, uid)
		}
	}
	return nil
}
