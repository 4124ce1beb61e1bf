package list_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

var owner = storetest.Owner(7)

func create(t *testing.T, s *store.Store, who account.Actor, name string) list.List {
	t.Helper()
	l, err := list.New(s.Lists()).Create(t.Context(), who, list.Input{Name: name}, nil)
	if err != nil {
		t.Fatalf("create list %q: %v", name, err)
	}
	return l
}

func TestLifeOfAList(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Settable) {
		lists := list.New(s.Lists())
		made, err := lists.Create(t.Context(), owner, list.Input{Name: "  Gold  ", Description: "the good ones", Favorite: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := list.List{
			ID: 1, UID: made.UID, Name: "Gold", Description: "the good ones", Favorite: true,
			CreatedAt: storetest.Start, UpdatedAt: storetest.Start, Members: -1, Active: -1, SMS: -1,
		}
		if made != want || made.UID.IsZero() {
			t.Errorf("made %+v, want %+v", made, want)
		}
		for _, ref := range []id.Ref[id.List]{{UID: made.UID}, {Number: made.ID}} {
			if got, err := lists.Get(t.Context(), owner, ref, list.NoMembers); err != nil || got != want {
				t.Errorf("by %v: got %+v, %v; want %+v", ref, got, err, want)
			}
		}

		c.Move(time.Minute)
		want.Name, want.Description, want.Favorite, want.UpdatedAt = "Golden", "", false, c.Now()
		if got, err := lists.Update(t.Context(), owner, made.Ref(), list.Input{Name: "Golden"}, nil); err != nil || got != want {
			t.Errorf("updated to %+v, %v; want what was left out emptied: %+v", got, err, want)
		}
		c.Move(time.Minute)
		if got, err := lists.Update(t.Context(), owner, made.Ref(), list.Input{Name: "Golden"}, nil); err != nil || got != want {
			t.Errorf("the same again: %+v, %v; want it untouched", got, err)
		}
	})
}

func TestNamesAreUniqueWithoutCase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		lists := list.New(s.Lists())
		first, second := create(t, s, owner, "Ärzte"), create(t, s, owner, "Other")
		if _, err := lists.Create(t.Context(), owner, list.Input{Name: "ÄRZTE"}, nil); !errors.Is(err, list.ErrNameTaken) {
			t.Errorf("create: %v, want ErrNameTaken", err)
		}
		if _, err := lists.Update(t.Context(), owner, second.Ref(), list.Input{Name: "ärzte"}, nil); !errors.Is(err, list.ErrNameTaken) {
			t.Errorf("update: %v, want ErrNameTaken", err)
		}
		if _, err := lists.Update(t.Context(), owner, first.Ref(), list.Input{Name: "ärzte"}, nil); err != nil {
			t.Errorf("another case of its own name: %v", err)
		}
		create(t, s, storetest.Owner(8), "Ärzte") // another account
		remove(t, s, first)
		create(t, s, owner, "Ärzte") // the name is free again
	})
}

// remove deletes a list and its members, as an activity does.
func remove(t *testing.T, s *store.Store, l list.List) {
	t.Helper()
	err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := list.MarkDeleted(ctx, tx, owner.Account, l.Ref(), owner.Origin())
		return err
	})
	if err != nil {
		t.Fatalf("delete list %s: %v", l.Name, err)
	}
}

func TestProblemsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		var found fault.Problems
		found.Add("favorite", "type", "is not a boolean")
		_, err := list.New(s.Lists()).Create(t.Context(), owner, list.Input{
			Name: strings.Repeat("x", 256), Description: "a\x00b",
		}, found)
		var paths []string
		for _, p := range fault.Of(err).Problems {
			paths = append(paths, p.Path+" "+p.Code)
		}
		if want := []string{"favorite type", "name too_long", "description control"}; !slices.Equal(paths, want) {
			t.Errorf("got %v, want %v", paths, want)
		}
		if _, err := list.New(s.Lists()).Create(t.Context(), owner, list.Input{Name: " "}, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("a blank name: %v", err)
		}
	})
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		l := create(t, s, owner, "Gold")
		lists := list.New(s.Lists())
		maker, stranger := owner, storetest.Owner(8)
		maker.Role = account.CampaignCreator
		if _, err := lists.Get(t.Context(), maker, l.Ref(), list.NoMembers); err != nil {
			t.Errorf("a campaign creator reads: %v", err)
		}
		if _, err := lists.Create(t.Context(), maker, list.Input{Name: "x"}, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a campaign creator creates: %v, want forbidden", err)
		}
		if _, err := lists.Update(t.Context(), maker, l.Ref(), list.Input{Name: "x"}, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a campaign creator updates: %v, want forbidden", err)
		}
		if _, err := lists.Get(t.Context(), stranger, l.Ref(), list.NoMembers); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account reads: %v, want not found", err)
		}
		if _, err := lists.Update(t.Context(), stranger, l.Ref(), list.Input{Name: "x"}, nil); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account updates: %v, want not found", err)
		}
		if of, err := lists.List(t.Context(), stranger, list.Filter{}, page.Request{Limit: 10}); err != nil || len(of.Items) != 0 {
			t.Errorf("another account lists %v, %v", of.Items, err)
		}
	})
}

func TestPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		lists := list.New(s.Lists())
		var want []string
		for i := range 7 {
			want = append(want, create(t, s, owner, fmt.Sprint("list ", i)).Name)
		}
		gone := create(t, s, owner, "gone")
		remove(t, s, gone)
		read := func(f list.Filter) (names []string, total int64) {
			t.Helper()
			r := page.Request{Limit: 3, Count: true}
			for {
				of, err := lists.List(t.Context(), owner, f, r)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range of.Items {
					names = append(names, l.Name)
				}
				total = of.Total
				if r.After = of.Next; r.After.IsZero() {
					return names, total
				}
			}
		}
		for _, c := range []struct {
			name   string
			filter list.Filter
			want   []string
		}{
			{"those that are there", list.Filter{}, want},
			{"deleted ones", list.Filter{Status: list.Deleted}, []string{"gone"}},
			{"all", list.Filter{Status: list.Any}, append(slices.Clone(want), "gone")},
			{"by name, without case", list.Filter{Name: "LIST 3"}, want[3:4]},
			{"by what stands anywhere in the name", list.Filter{Search: " T 3"}, want[3:4]},
			{"a search for what patterns mean", list.Filter{Search: "_%"}, nil},
			{"the SMS channel has none", list.Filter{SMS: true}, nil},
		} {
			if got, total := read(c.filter); !slices.Equal(got, c.want) || int(total) != len(c.want) {
				t.Errorf("%s: got %v of %d, want %v", c.name, got, total, c.want)
			}
		}
	})
}

func TestXrefs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		a, b := create(t, s, owner, "a"), create(t, s, owner, "b")
		got, err := list.New(s.Lists()).Xrefs(t.Context(), owner, []id.List{99, b.ID, a.ID})
		if want := []id.Ref[id.List]{a.Ref(), b.Ref()}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
		if _, err := list.New(s.Lists()).Xrefs(t.Context(), owner, make([]id.List, 501)); !fault.Is(err, fault.Invalid) {
			t.Errorf("501 numbers: %v, want invalid", err)
		}
	})
}

func TestLimitAndLast(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		last := create(t, s, owner, "last")
		err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := list.MarkDeleted(ctx, tx, owner.Account, last.Ref(), owner.Origin())
			return err
		})
		if !errors.Is(err, list.ErrLast) {
			t.Errorf("the only list: %v, want ErrLast", err)
		}
		// Inside one unit of work, since a thousand would take long.
		err = s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range list.MaxLists - 1 {
				if _, err := list.Insert(ctx, tx, owner, list.Input{Name: fmt.Sprint(i)}); err != nil {
					return err
				}
			}
			_, err := list.Insert(ctx, tx, owner, list.Input{Name: "one too many"})
			if !errors.Is(err, list.ErrLimit) {
				t.Errorf("one too many: %v, want ErrLimit", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		of, err := list.New(s.Lists()).List(t.Context(), owner, list.Filter{Members: list.AllMembers}, page.Request{Limit: 1000})
		if err != nil || len(of.Items) != 1000 || !of.Next.IsZero() {
			t.Errorf("%d lists on one page, next %v, %v", len(of.Items), of.Next, err)
		}
	})
}

func TestDeletingAListInBatches(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Settable) {
		contacts := contact.New(s.Contacts(), contact.Options{})
		doomed, kept := create(t, s, owner, "doomed"), create(t, s, owner, "kept")
		for i := range 7 {
			permission := contact.Implicit
			if i == 6 {
				permission = contact.Unsubscribed
			}
			if _, err := contacts.Create(t.Context(), owner, contact.Change{
				Source: opt.Some(contact.SourceAccount),
				Email: opt.Some(contact.EmailInput{
					Address: fmt.Sprintf("a%d@example.org", i), Permission: opt.Some(permission),
				}),
				Lists: opt.Some([]id.Ref[id.List]{doomed.Ref(), kept.Ref()}),
			}, nil); err != nil {
				t.Fatal(err)
			}
		}
		members := func(l list.List, which list.Members) int64 {
			t.Helper()
			var got list.List
			if err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				got, err = tx.ListByRef(ctx, owner.Account, l.Ref(), which)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return got.Members
		}
		if all, active := members(doomed, list.AllMembers), members(doomed, list.ActiveMembers); all != 7 || active != 6 {
			t.Errorf("%d members, %d active; want 7 and 6", all, active)
		}
		both, err := list.New(s.Lists()).Get(t.Context(), owner, doomed.Ref(), list.BothMembers)
		if err != nil || both.Members != 7 || both.Active != 6 {
			t.Errorf("both counts: %d and %d, %v; want 7 and 6", both.Members, both.Active, err)
		}

		c.Move(time.Minute)
		remove(t, s, doomed)
		if _, err := list.New(s.Lists()).Get(t.Context(), owner, doomed.Ref(), list.NoMembers); !fault.Is(err, fault.NotFound) {
			t.Errorf("a deleted list: %v, want not found", err)
		}
		var batches []int
		for {
			var n int
			if err := s.Bulk(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				n, err = list.RemoveMembers(ctx, tx, owner.Account, doomed.ID, 3, owner.Origin())
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
			batches = append(batches, n)
		}
		if !slices.Equal(batches, []int{3, 3, 1}) {
			t.Errorf("batches of %v, want 3, 3 and 1", batches)
		}
		for which, want := range map[list.Members]int64{list.AllMembers: 7, list.ActiveMembers: 6} {
			if got := members(doomed, which); got != 0 {
				t.Errorf("the deleted list counts %d", got)
			}
			if got := members(kept, which); got != want {
				t.Errorf("the other list counts %d, want %d", got, want)
			}
		}
		of, err := contacts.List(t.Context(), owner, contact.Filter{}, contact.IncludeLists, page.Request{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range of.Items {
			if !slices.Equal(one.Lists, []id.Ref[id.List]{kept.Ref()}) {
				t.Errorf("contact %d is on %v, want %v alone", one.ID, one.Lists, kept.Ref())
			}
			if !one.UpdatedAt.Equal(c.Now()) {
				t.Errorf("contact %d does not tell that it left a list: updated %v", one.ID, one.UpdatedAt)
			}
		}
	})
}

// A list waits for those who are about to join it before it goes, and then
// nobody joins it any more.
func TestADeletionWaitsForWhoJoins(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		doomed := create(t, s, owner, "doomed")
		create(t, s, owner, "kept")
		number, err := s.Contacts().ContactNumber(t.Context(), owner.Account)
		if err != nil {
			t.Fatal(err)
		}
		joining := contact.Change{
			Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("Ana"), Lists: opt.Some([]id.Ref[id.List]{doomed.Ref()}),
		}
		mark := func(ctx context.Context) error {
			return s.Within(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := list.MarkDeleted(ctx, tx, owner.Account, doomed.Ref(), owner.Origin())
				return err
			})
		}
		joined, goOn := make(chan struct{}, 1), make(chan struct{})
		done := make(chan error)
		go func() {
			done <- s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := contact.Insert(ctx, tx, owner, number, joining)
				select {
				case joined <- struct{}{}:
				default: // it ran again
				}
				<-goOn
				return err
			})
		}()
		<-joined
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		marked := make(chan error, 1)
		go func() { marked <- mark(ctx) }()
		<-ctx.Done()
		select {
		case err := <-marked:
			if err == nil {
				t.Error("deleted beside somebody who joins")
			}
			marked <- err
		default: // it waits
		}
		close(goOn)
		<-marked //nolint:errcheck // its time was up
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if err := mark(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err = contact.New(s.Contacts(), contact.Options{}).Create(t.Context(), owner, joining, nil)
		if f := fault.Of(err); f.Kind != fault.Invalid || f.Problems[0].Path != "list_memberships[0]" {
			t.Errorf("joining afterwards: %v, want an unknown list", err)
		}
	})
}
