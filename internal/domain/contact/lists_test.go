package contact_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

// Nobody who adds a list takes away one that another adds at the same time.
func TestListsAddedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("a@example.org", w.gold))
		var wait sync.WaitGroup
		failed := make([]error, 8)
		for i := range failed {
			l := w.list(fmt.Sprint("List ", i))
			wait.Go(func() {
				_, failed[i] = w.contacts.AddLists(t.Context(), w.who, c.Ref(), opt.Some(refs(l)), nil)
			})
		}
		wait.Wait()
		if err := errors.Join(failed...); err != nil {
			t.Fatal(err)
		}
		if got := w.stored(c); len(got.Lists) != 9 {
			t.Errorf("on %d lists, want 9", len(got.Lists))
		}
		if _, err := w.contacts.RemoveLists(t.Context(), w.who, c.Ref(), opt.Some(refs(w.gold, w.silver)), nil); err != nil {
			t.Fatal(err)
		}
		if n := w.counted(change.Members, int64(w.gold.ID)); n != 0 {
			t.Errorf("%d members counted on a list that was left", n)
		}
	})
}

// Who is asked to come back is asked once, and it stands in their history.
func TestResubscribeOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(with(person("a@example.org", w.gold), contact.Unsubscribed))
		w.clock.Move(time.Minute)
		by := w.who
		by.Operation = "PUT /v3/contacts/resubscribe/{contact_id}"
		var wait sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wait.Go(func() { _, errs[i] = w.contacts.Resubscribe(t.Context(), by, c.Ref(), opt.Some(refs(w.silver)), nil) })
		}
		wait.Wait()
		asked := 0
		for _, err := range errs {
			switch {
			case err == nil:
				asked++
			case !errors.Is(err, contact.ErrAsked):
				t.Errorf("got %v, want asked already", err)
			}
		}
		if asked != 1 {
			t.Errorf("asked %d times, want once", asked)
		}
		of, err := w.contacts.History(t.Context(), w.who, c.Ref(), page.Request{Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range of.Items {
			got = append(got, told(e)+" by "+e.Operation)
		}
		want := []string{
			"permission.changed unsubscribed>pending_confirmation by Account by " + by.Operation,
			"membership.added list Silver by " + by.Operation,
			"contact.updated permission_to_send by " + by.Operation,
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("history\n got %q\nwant %q", got, want)
		}
	})
}

// What is wrong is told all at once, and nothing is done.
func TestListsThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("a@example.org", w.gold))
		gone := id.Ref[id.List]{Number: 1 << 40}
		for name, call := range map[string]func(account.Actor, ...id.Ref[id.List]) error{
			"add": func(who account.Actor, lists ...id.Ref[id.List]) error {
				_, err := w.contacts.AddLists(t.Context(), who, c.Ref(), opt.Some(lists), nil)
				return err
			},
			"remove": func(who account.Actor, lists ...id.Ref[id.List]) error {
				_, err := w.contacts.RemoveLists(t.Context(), who, c.Ref(), opt.Some(lists), nil)
				return err
			},
			"ask": func(who account.Actor, lists ...id.Ref[id.List]) error {
				_, err := w.contacts.Resubscribe(t.Context(), who, c.Ref(), opt.Some(lists), nil)
				return err
			},
		} {
			wantProblems(t, name+" none", call(w.who), "list_ids required")
			if name == "ask" {
				wantProblems(t, name, call(w.who, gone, w.gold.Ref()), "contact_id unsubscribed", "list_ids[0] unknown")
			} else {
				wantProblems(t, name, call(w.who, gone, w.gold.Ref()), "list_ids[0] unknown")
			}
			maker := w.who
			maker.Role = account.CampaignCreator
			if err := call(maker, w.gold.Ref()); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s, by who may not: %v", name, err)
			}
		}
		if got := w.stored(c); len(got.Lists) != 1 || !got.UpdatedAt.Equal(c.UpdatedAt) {
			t.Errorf("a refused call changed the contact: %+v", got)
		}
		var many []list.List
		for i := range contact.MaxLists {
			many = append(many, w.list(fmt.Sprint("List ", i)))
		}
		_, err := w.contacts.AddLists(t.Context(), w.who, c.Ref(), opt.Some(refs(many...)), nil)
		wantProblems(t, "one too many", err, "list_ids too_many")
	})
}
