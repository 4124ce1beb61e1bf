package contact_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/phone"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// bulkWorld is an account with lists and custom fields.
type bulkWorld struct {
	t      *testing.T
	s      *store.Store
	who    account.Actor
	lists  []id.Ref[id.List]
	fields []contact.Field
}

func newBulkWorld(t *testing.T, s *store.Store, lists, fields int) *bulkWorld {
	t.Helper()
	w := &bulkWorld{t: t, s: s, who: storetest.Owner(7)}
	for i := range lists {
		l, err := list.New(s.Lists()).Create(t.Context(), w.who, list.Input{Name: fmt.Sprint("List ", i)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.lists = append(w.lists, l.Ref())
	}
	err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		w.fields = nil
		for i := range fields {
			n, err := tx.TakeFieldNumber(ctx, w.who.Account)
			if err != nil {
				return err
			}
			f := contact.Field{
				ID: n, UID: tx.UID(), Label: fmt.Sprint("Field ", i), Name: fmt.Sprint("field_", i),
				Type: contact.TypeString, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
			}
			if err := tx.InsertField(ctx, w.who.Account, f); err != nil {
				return err
			}
			w.fields = append(w.fields, f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *bulkWorld) numbers() []id.List {
	var out []id.List
	for _, l := range w.lists {
		out = append(out, l.Number)
	}
	return out
}

// merge brings rows in as one batch.
func (w *bulkWorld) merge(lists []id.List, rows ...contact.Incoming) []contact.Result {
	w.t.Helper()
	results, err := w.tryMerge(lists, rows)
	if err != nil {
		w.t.Fatal(err)
	}
	return results
}

func (w *bulkWorld) tryMerge(lists []id.List, rows []contact.Incoming) (results []contact.Result, err error) {
	first, err := w.s.Numbers(w.t.Context(), w.who.Account, store.KindContact, len(rows))
	if err != nil {
		return nil, err
	}
	by := w.who.Origin()
	by.Activity = 3
	err = w.s.Bulk(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		next := first
		results, err = contact.Merge(ctx, tx, w.who.Account, by, lists, rows, func() id.Contact {
			next++
			return id.Contact(next - 1)
		})
		return err
	})
	return results, err
}

// get returns a contact by its address, with everything.
func (w *bulkWorld) get(address string) contact.Contact {
	w.t.Helper()
	var c contact.Contact
	err := w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		found, err := tx.ContactByAddress(ctx, w.who.Account, at(w.t, address))
		if err != nil {
			return err
		}
		c, err = tx.ContactByRef(ctx, w.who.Account, found.Ref(), contact.IncludeAll)
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", address, err)
	}
	return c
}

func (w *bulkWorld) counted(what change.Tally, ref int64) (n int64) {
	w.t.Helper()
	err := w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.Counted(ctx, w.who.Account, what, ref)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// unsubscribe has the owner or the contact take the permission away.
func (w *bulkWorld) unsubscribe(address string, source contact.Source) {
	w.t.Helper()
	_, err := contact.New(w.s.Contacts(), contact.Options{}).Update(w.t.Context(), w.who, w.get(address).Ref(), contact.Change{
		Source: opt.Some(source),
		Email:  opt.Some(contact.EmailInput{Address: address, Permission: opt.Some(contact.Unsubscribed)}),
	}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
}

func at(t *testing.T, s string) email.Address {
	t.Helper()
	a, err := email.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func row(t *testing.T, address, first string) contact.Incoming {
	return contact.Incoming{Email: at(t, address), FirstName: first}
}

func outcomes(results []contact.Result) (out []contact.Outcome) {
	for _, r := range results {
		out = append(out, r.Outcome)
	}
	return out
}

func TestMergeMakesContacts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newBulkWorld(t, s, 2, 1)
		var rows []contact.Incoming
		for i := range 50 {
			rows = append(rows, row(t, fmt.Sprintf("p%d@example.org", i), "P"))
		}
		rows[0] = contact.Incoming{
			Email: at(t, "p0@example.org"), FirstName: "Ines", LastName: "Roy", JobTitle: "Bookbinder", CompanyName: "Roy & Daughters",
			Birthday: date.Birthday{Month: time.March, Day: 14}, Anniversary: date.Day{Year: 2011, Month: time.June, Day: 18},
			Phones:    []contact.PhoneInput{{Number: "1", Kind: contact.Work}, {Number: "2", Kind: contact.Mobile}},
			Addresses: []contact.AddressInput{{Kind: contact.Home, Street: "12 Quay Lane", City: "Portmere"}},
			Fields:    []contact.StoredValue{{Field: w.fields[0].ID, Text: "teal"}},
		}
		for i, r := range w.merge(w.numbers(), rows...) {
			if !reflect.DeepEqual(r, contact.Result{Outcome: contact.Made}) {
				t.Errorf("row %d: %+v", i, r)
			}
		}
		c := w.get("p0@example.org")
		if c.FirstName != "Ines" || c.LastName != "Roy" || c.JobTitle != "Bookbinder" || c.CompanyName != "Roy & Daughters" ||
			c.Birthday != rows[0].Birthday || c.Anniversary != rows[0].Anniversary {
			t.Errorf("kept as %+v", c)
		}
		e := c.Email
		if e.Permission != contact.Implicit || e.OptInSource != contact.SourceAccount || !e.OptInAt.Equal(storetest.Start) ||
			c.CreateSource != contact.SourceAccount || !c.CreatedAt.Equal(storetest.Start) {
			t.Errorf("consent %+v, made %v by %v", e, c.CreatedAt, c.CreateSource)
		}
		if len(c.Phones) != 2 || c.Phones[0].Number != "1" || c.Phones[0].UID.IsZero() || c.Phones[0].UID == c.Phones[1].UID ||
			len(c.Addresses) != 1 || c.Addresses[0].City != "Portmere" || c.Addresses[0].UID.IsZero() {
			t.Errorf("phones %+v, addresses %+v", c.Phones, c.Addresses)
		}
		if !slices.Equal(c.Lists, w.lists) || len(c.Fields) != 1 || c.Fields[0].Value != "teal" {
			t.Errorf("lists %v, fields %+v", c.Lists, c.Fields)
		}
		for _, what := range []change.Tally{change.Members, change.ActiveMembers} {
			if n := w.counted(what, int64(w.lists[1].Number)); n != 50 {
				t.Errorf("tally %d is %d, want 50", what, n)
			}
		}
		if n := w.counted(change.Contacts, int64(contact.Implicit)); n != 50 {
			t.Errorf("%d contacts are counted", n)
		}
	})
}

func TestMergeChangesOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newBulkWorld(t, s, 2, 2)
		w.merge(w.numbers()[:1], contact.Incoming{
			Email: at(t, "ann@example.org"), FirstName: "Ann", LastName: "Lee",
			Phones:    []contact.PhoneInput{{Number: "1", Kind: contact.Home}, {Number: "2", Kind: contact.Work}},
			Addresses: []contact.AddressInput{{Kind: contact.Home, Street: "1 Elm Row", City: "Leeds"}},
			Fields:    []contact.StoredValue{{Field: w.fields[0].ID, Text: "a"}, {Field: w.fields[1].ID, Text: "b"}},
		})
		before := w.get("ann@example.org")
		clk.Move(time.Hour)
		r := w.merge(w.numbers(), contact.Incoming{
			Email: at(t, "ann@example.org"), FirstName: "Anna",
			Phones:    []contact.PhoneInput{{Number: "9", Kind: contact.Work}, {Number: "3", Kind: contact.Mobile}, {Number: "4", Kind: contact.Other}},
			Addresses: []contact.AddressInput{{Kind: contact.Home, City: "York"}, {Kind: contact.Work, City: "Hull"}},
			Fields:    []contact.StoredValue{{Field: w.fields[1].ID, Text: "c"}},
		})
		want := contact.Result{Outcome: contact.Merged, LeftPhones: []contact.PhoneInput{{Number: "4", Kind: contact.Other}}}
		if !reflect.DeepEqual(r[0], want) {
			t.Errorf("got %+v, want %+v", r[0], want)
		}
		c := w.get("ann@example.org")
		if c.FirstName != "Anna" || c.LastName != "Lee" || c.ID != before.ID || c.UID != before.UID ||
			!c.CreatedAt.Equal(before.CreatedAt) || !c.UpdatedAt.Equal(storetest.Start.Add(time.Hour)) {
			t.Errorf("kept as %+v", c)
		}
		var phones []string
		for _, p := range c.Phones {
			phones = append(phones, string(p.Kind)+p.Number)
		}
		if !slices.Equal(phones, []string{"home1", "work9", "mobile3"}) || c.Phones[1].UID != before.Phones[1].UID {
			t.Errorf("phones %v", phones)
		}
		if a := c.Addresses; len(a) != 2 || a[0].Street != "1 Elm Row" || a[0].City != "York" || a[0].UID != before.Addresses[0].UID {
			t.Errorf("addresses %+v", a)
		}
		if f := c.Fields; len(f) != 2 || f[0].Value != "a" || f[1].Value != "c" {
			t.Errorf("fields %+v", f)
		}
		if !slices.Equal(c.Lists, w.lists) {
			t.Errorf("lists %v, want %v", c.Lists, w.lists)
		}
		if c.Email.Consent != before.Email.Consent {
			t.Errorf("consent %+v, was %+v", c.Email.Consent, before.Email.Consent)
		}
		for i, l := range w.lists {
			if n := w.counted(change.Members, int64(l.Number)); n != 1 {
				t.Errorf("list %d counts %d members", i, n)
			}
		}
		// What was there already leaves nothing behind.
		clk.Move(time.Hour)
		w.merge(w.numbers(), row(t, "ann@example.org", "Anna"))
		if again := w.get("ann@example.org"); !reflect.DeepEqual(again, c) {
			t.Errorf("the same row again makes %+v of %+v", again, c)
		}
	})
}

func TestMergeNeverBringsBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newBulkWorld(t, s, 2, 0)
		w.merge(w.numbers()[:1], row(t, "out@example.org", "Out"), row(t, "own@example.org", "Own"), row(t, "gone@example.org", "Gone"))
		w.unsubscribe("out@example.org", contact.SourceAccount)
		w.unsubscribe("own@example.org", contact.SourceContact)
		if err := contact.New(s.Contacts(), contact.Options{}).Delete(t.Context(), w.who, w.get("gone@example.org").Ref()); err != nil {
			t.Fatal(err)
		}
		r := w.merge(w.numbers(), row(t, "out@example.org", "A"), row(t, "own@example.org", "B"), row(t, "gone@example.org", "C"), row(t, "new@example.org", "D"))
		want := []contact.Result{
			{Outcome: contact.Merged, NotAdded: true}, {Outcome: contact.Merged, NotAdded: true}, {Outcome: contact.WasDeleted}, {Outcome: contact.Made},
		}
		if !reflect.DeepEqual(r, want) {
			t.Errorf("got %+v, want %+v", r, want)
		}
		for address, first := range map[string]string{"out@example.org": "A", "own@example.org": "B"} {
			c := w.get(address)
			if c.Email.Permission != contact.Unsubscribed || c.FirstName != first || len(c.Lists) != 1 {
				t.Errorf("%s: %s, %q on lists %v", address, c.Email.Permission, c.FirstName, c.Lists)
			}
		}
		if c := w.get("gone@example.org"); !c.Deleted() || c.FirstName != "Gone" || len(c.Lists) != 0 {
			t.Errorf("the deleted contact is %+v", c)
		}
		if n := w.counted(change.ActiveMembers, int64(w.lists[0].Number)); n != 1 {
			t.Errorf("%d active members, want the new one", n)
		}
	})
}

func TestMergeHoldsToLimits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newBulkWorld(t, s, 51, 26)
		values := func(from, to int) (out []contact.StoredValue) {
			for _, f := range w.fields[from:to] {
				out = append(out, contact.StoredValue{Field: f.ID, Text: "x"})
			}
			return out
		}
		first := row(t, "ann@example.org", "Ann")
		first.Fields = values(0, 24)
		more := row(t, "ann@example.org", "Anna")
		more.Fields = values(23, 25) // one is there already
		beyond := row(t, "ann@example.org", "Annabel")
		beyond.Fields = values(24, 26)
		full := row(t, "bob@example.org", "Bob")
		full.Fields = values(0, 26)
		again := row(t, "bob@example.org", "Bob")
		r := w.merge(w.numbers()[:49], first, more, beyond, full, again)
		if got := outcomes(r); !slices.Equal(got, []contact.Outcome{contact.Made, contact.Merged, contact.FieldsFull, contact.FieldsFull, contact.Made}) {
			t.Errorf("got %v", got)
		}
		// The same across batches.
		if r := w.merge(w.numbers()[:49], beyond); r[0].Outcome != contact.FieldsFull {
			t.Errorf("got %+v", r)
		}
		r = w.merge(w.numbers()[49:], row(t, "ann@example.org", ""))
		if !r[0].ListsFull {
			t.Errorf("got %+v", r[0])
		}
		c := w.get("ann@example.org")
		if len(c.Lists) != 50 || len(c.Fields) != 25 || c.FirstName != "Anna" {
			t.Errorf("%d lists, %d fields, %s", len(c.Lists), len(c.Fields), c.FirstName)
		}
	})
}

// However a file is cut into batches, its contacts end up the same.
func TestMergeDoesNotDependOnBatches(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newBulkWorld(t, s, 2, 3)
		// The same rows under addresses of their own for each way to cut them.
		rows := func(way int) (out []contact.Incoming) {
			for i := range 60 {
				r := row(t, fmt.Sprintf("p%d-%d@example.org", i*7%11, way), fmt.Sprint("F", i))
				if i%3 == 0 {
					r.LastName = fmt.Sprint("L", i)
				}
				r.Phones = []contact.PhoneInput{{Number: fmt.Sprint(i), Kind: []contact.Kind{contact.Home, contact.Work, contact.Mobile, contact.Other}[i%4]}}
				r.Addresses = []contact.AddressInput{{Kind: contact.Home, City: fmt.Sprint("C", i%5)}}
				r.Fields = []contact.StoredValue{{Field: w.fields[i%3].ID, Text: fmt.Sprint(i)}}
				out = append(out, r)
			}
			return out
		}
		tell := func(way int) string {
			var b strings.Builder
			for i := range 11 {
				c := w.get(fmt.Sprintf("p%d-%d@example.org", i, way))
				fmt.Fprint(&b, i, c.FirstName, c.LastName, c.Lists)
				for _, p := range c.Phones {
					fmt.Fprint(&b, p.Kind, p.Number)
				}
				fmt.Fprintln(&b, c.Addresses[0].City, c.Fields)
			}
			return b.String()
		}
		var want string
		for way, size := range []int{60, 1, 7, 20} {
			all := rows(way)
			for chunk := range slices.Chunk(all, size) {
				w.merge(w.numbers(), chunk...)
			}
			if got := tell(way); way == 0 {
				want = got
			} else if got != want {
				t.Errorf("in batches of %d:\n%s\nin one:\n%s", size, got, want)
			}
		}
		if n := w.counted(change.Members, int64(w.lists[0].Number)); n != 44 {
			t.Errorf("%d members are counted, want 44", n)
		}
	})
}

// captured is a store that knows some contacts and keeps what a batch writes.
type captured struct {
	uids  id.Source
	known []contact.Contact
	bulk  contact.Bulk
}

func (c *captured) Now() time.Time { return storetest.Start }
func (c *captured) UID() id.UID    { return c.uids.UID(storetest.Start) }

func (c *captured) HoldContactsAt(context.Context, id.Account, []email.Address, []phone.Number, contact.Include) ([]contact.Contact, error) {
	return c.known, nil
}

func (c *captured) Erased(context.Context, id.Account, []email.Address) (map[email.Address]time.Time, error) {
	return nil, nil
}

func (c *captured) WriteBulk(_ context.Context, _ id.Account, _ change.Origin, b contact.Bulk) error {
	c.bulk = b
	return nil
}

// A batch leaves one row for each thing that happened, whatever its size.
func TestMergeLeavesPackedRows(t *testing.T) {
	t.Parallel()
	var rows []contact.Incoming
	tx := &captured{}
	for i := range 100 {
		rows = append(rows, row(t, fmt.Sprintf("p%d@example.org", i), "Q"))
		if i%2 == 0 {
			rows[i].LastName = "R"
		}
		if i < 60 { // known, and one in three may not be mailed
			c := contact.Contact{ID: id.Contact(i + 1), FirstName: "P"}
			c.Email.Address = rows[i].Email
			if c.Email.Permission = contact.Explicit; i%3 == 0 {
				c.Email.Permission = contact.Pending
			}
			tx.known = append(tx.known, c)
		}
	}
	number := id.Contact(1000)
	if _, err := contact.Merge(t.Context(), tx, 7, change.Origin{}, []id.List{4, 5}, rows, func() id.Contact { number++; return number }); err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, c := range tx.bulk.Changes {
		told = append(told, fmt.Sprint(c.Kind, len(c.Members), c.Detail.Fields, c.Detail.Lists))
	}
	want := []string{"contact.created40 [] [4 5]", "contact.updated30 [first_name] []", "contact.updated30 [first_name last_name] []", "membership.added60 [] [4 5]"}
	if !slices.Equal(told, want) {
		t.Errorf("told %v\nwant %v", told, want)
	}
	if e := tx.bulk.Entries; len(e) != 1 || len(e[0].Members) != 40 || e[0].Was != contact.NoPermission || e[0].Becomes != contact.Implicit {
		t.Errorf("ledger: %+v", e)
	}
	counts := []change.Count{
		{Tally: change.Contacts, Ref: int64(contact.Implicit), Amount: 40},
		{Tally: change.Members, Ref: 4, Amount: 100},
		{Tally: change.Members, Ref: 5, Amount: 100},
		{Tally: change.ActiveMembers, Ref: 4, Amount: 80},
		{Tally: change.ActiveMembers, Ref: 5, Amount: 80},
	}
	if !slices.Equal(tx.bulk.Counts, counts) {
		t.Errorf("counts %+v\nwant   %+v", tx.bulk.Counts, counts)
	}
}

// Batches and requests that meet at the same addresses lose nothing and count
// nothing twice.
func TestMergeBesideRequests(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newBulkWorld(t, s, 1, 0)
		var wg sync.WaitGroup
		for k := range 3 {
			wg.Go(func() {
				for i := range 10 {
					var rows []contact.Incoming
					for j := range 20 {
						rows = append(rows, row(t, fmt.Sprintf("p%d@example.org", (i*20+j*(k+1))%100), fmt.Sprint(k, i, j)))
					}
					if _, err := w.tryMerge(w.numbers(), rows); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			service := contact.New(s.Contacts(), contact.Options{})
			for i := range 100 {
				_, err := service.Create(t.Context(), w.who, contact.Change{
					Source: opt.Some(contact.SourceAccount),
					Email:  opt.Some(contact.EmailInput{Address: fmt.Sprintf("p%d@example.org", i)}),
					Lists:  opt.Some(w.lists),
				}, nil)
				if err != nil && !errors.Is(err, contact.ErrAddressTaken) {
					t.Error(err)
				}
			}
		})
		wg.Wait()
		if n := w.counted(change.Contacts, int64(contact.Implicit)); n != 100 {
			t.Errorf("%d contacts are counted, want 100", n)
		}
		if n := w.counted(change.Members, int64(w.lists[0].Number)); n != 100 {
			t.Errorf("%d members are counted, want 100", n)
		}
	})
}
