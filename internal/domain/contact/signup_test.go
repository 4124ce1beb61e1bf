package contact_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
)

func (w *world) signUp(address string, lists ...id.Ref[id.List]) contact.SignedUp {
	w.t.Helper()
	up, err := w.contacts.SignUp(w.t.Context(), w.who, contact.Change{
		Email: opt.Some(contact.EmailInput{Address: address}), Lists: opt.Some(lists),
	}, nil)
	if err != nil {
		w.t.Fatalf("sign up: %v", err)
	}
	return up
}

// Whatever a contact was, their own act subscribes them (v3-guide 4.3).
func TestSignUpSubscribes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sets := func(p contact.Permission, by contact.Source) contact.Change {
			return contact.Change{
				Source: opt.Some(by), Email: opt.Some(contact.EmailInput{Address: "a@example.org", Permission: opt.Some(p)}),
				Lists: opt.Some([]id.Ref[id.List]{w.gold.Ref()}),
			}
		}
		for i, c := range []struct {
			name   string
			was    contact.Permission
			by     contact.Source
			remove bool
		}{
			{"implicit", contact.Implicit, contact.SourceAccount, false},
			{"explicit", contact.Explicit, contact.SourceAccount, false},
			{"pending", contact.Pending, contact.SourceAccount, false},
			{"unsubscribed by the account", contact.Unsubscribed, contact.SourceAccount, false},
			{"unsubscribed by the contact", contact.Unsubscribed, contact.SourceContact, false},
			{"deleted", contact.Implicit, contact.SourceAccount, true},
			{"deleted after they unsubscribed", contact.Unsubscribed, contact.SourceContact, true},
		} {
			address := fmt.Sprintf("p%d@example.org", i)
			ch := sets(c.was, c.by)
			ch.Email = opt.Some(contact.EmailInput{Address: address, Permission: opt.Some(c.was)})
			was := w.create(ch)
			if c.remove {
				if err := w.contacts.Delete(t.Context(), w.who, was.Ref()); err != nil {
					t.Fatal(err)
				}
			}
			w.clock.Move(time.Hour)
			up := w.signUp(address, w.silver.Ref())
			is, err := w.contacts.Get(t.Context(), w.who, up.Contact, contact.IncludeAll)
			if err != nil {
				t.Fatal(err)
			}
			if up.Made || up.Contact != was.Ref() {
				t.Errorf("%s: %+v", c.name, up)
			}
			if e := is.Email; e.Permission != contact.Explicit || is.Deleted() || e.OptOutSource != contact.NoSource || !e.OptOutAt.IsZero() {
				t.Errorf("%s: %+v", c.name, e)
			}
			if c.was != contact.Explicit && is.Email.OptInSource != contact.SourceContact {
				t.Errorf("%s: opted in by %v", c.name, is.Email.OptInSource)
			}
			want := 2
			if c.remove {
				want = 1 // a deletion takes a contact off their lists
			}
			if len(is.Lists) != want {
				t.Errorf("%s: on %d lists, want %d", c.name, len(is.Lists), want)
			}
		}
		counts, err := w.contacts.Counts(t.Context(), w.who, true)
		if want := (contact.Counts{Total: 7, Explicit: 7, NewSubscribers: 7}); err != nil || counts != want {
			t.Errorf("got %+v, %v, want %+v", counts, err, want)
		}
	})
}

// Many who sign up one new address at a time make one contact.
func TestSignUpRaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var (
			all  sync.WaitGroup
			lock sync.Mutex
			made int
		)
		for range 8 {
			all.Go(func() {
				up, err := w.contacts.SignUp(t.Context(), w.who, contact.Change{
					Email: opt.Some(contact.EmailInput{Address: "new@example.org"}), Lists: opt.Some([]id.Ref[id.List]{w.gold.Ref()}),
				}, nil)
				if err != nil {
					t.Error(err)
				}
				lock.Lock()
				defer lock.Unlock()
				if up.Made {
					made++
				}
			})
		}
		all.Wait()
		if made != 1 {
			t.Errorf("%d calls say that they made the contact", made)
		}
		if n := w.counted(change.Members, int64(w.gold.ID)); n != 1 {
			t.Errorf("the list counts %d members", n)
		}
	})
}
