package activity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/task"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/sheet"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// world is an account with two lists and a custom field.
type world struct {
	t       *testing.T
	s       *store.Store
	files   *blob.Folder
	store   activity.Store
	service *activity.Service
	who     account.Actor
	lists   []id.Ref[id.List]
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{t: t, s: s, files: blob.NewFolder(filepath.Join(t.TempDir(), "uploads")), store: s.Activities(), who: storetest.Owner(7)}
	w.with(w.store, sheet.New(sheet.Options{MaxRows: 100_000}))
	for _, name := range []string{"One", "Two"} {
		l, err := list.New(s.Lists()).Create(t.Context(), w.who, list.Input{Name: name}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.lists = append(w.lists, l.Ref())
	}
	err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.TakeFieldNumber(ctx, w.who.Account)
		if err != nil {
			return err
		}
		return tx.InsertField(ctx, w.who.Account, contact.Field{
			ID: n, UID: tx.UID(), Label: "Favourite colour", Name: "favourite_colour", Type: contact.TypeString, Version: 1,
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// with makes the service anew over another store or reader.
func (w *world) with(s activity.Store, r activity.Sheets) {
	w.service = activity.New(activity.Options{Store: s, Files: w.files, Sheets: r})
}

func (w *world) receive(name, file string) activity.Upload {
	w.t.Helper()
	u, err := w.service.Receive(w.t.Context(), w.who, name, strings.NewReader(file))
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// begin receives a file and begins to import it onto both lists.
func (w *world) begin(file string) activity.Activity {
	w.t.Helper()
	a, err := w.service.Import(w.t.Context(), w.who, activity.Import{Upload: w.receive("people.csv", file).Ref(), Lists: w.lists}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) lease(a activity.Activity, owner string) task.Lease {
	w.t.Helper()
	l := task.Lease{Name: fmt.Sprintf("activity/%d/%d", w.who.Account, a.ID), Owner: owner}
	if taken, err := w.s.TakeLease(w.t.Context(), l, time.Hour); err != nil || !taken {
		w.t.Fatal(taken, err)
	}
	return l
}

func (w *world) run(ctx context.Context, a activity.Activity) error {
	w.t.Helper()
	l := w.lease(a, "me")
	return w.service.Run(ctx, activity.Item{Account: w.who.Account, Activity: a.ID}, l)
}

// finish runs an activity and returns it.
func (w *world) finish(a activity.Activity) activity.Activity {
	w.t.Helper()
	if err := w.run(w.t.Context(), a); err != nil {
		w.t.Fatal(err)
	}
	return w.get(a)
}

func (w *world) get(a activity.Activity) activity.Activity {
	w.t.Helper()
	a, err := w.service.Get(w.t.Context(), w.who, id.Ref[id.Activity]{UID: a.UID})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) rejects(a activity.Activity) (all []string) {
	w.t.Helper()
	for r := (page.Request{Limit: 2}); ; {
		of, err := w.service.Rejects(w.t.Context(), w.who, id.Ref[id.Activity]{Number: a.ID}, r)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, x := range of.Items {
			all = append(all, fmt.Sprintf("%d.%d|%s|%s|%s", x.Line, x.Ordinal, x.Column, x.Value, x.Reason))
		}
		if of.Next.IsZero() {
			return all
		}
		r.After = of.Next
	}
}

func (w *world) counted(what change.Tally, ref int64) (n int64) {
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

func (w *world) contact(address string) contact.Contact {
	w.t.Helper()
	a, err := email.Parse(address)
	if err != nil {
		w.t.Fatal(err)
	}
	var c contact.Contact
	err = w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		found, err := tx.ContactByAddress(ctx, w.who.Account, a)
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

// kept says whether the file of an activity is still there.
func (w *world) kept(a activity.Activity) bool {
	r, err := w.files.Open(w.t.Context(), w.who.Account, a.Upload, 0)
	if err != nil {
		return false
	}
	_ = r.Close()
	return true
}

// people makes a file in which every tenth row is bad.
func people(n int) string {
	var b strings.Builder
	b.WriteString("email,first_name,cf:favourite_colour\n")
	for i := range n {
		at := "@"
		if i%10 == 9 {
			at = ""
		}
		fmt.Fprintf(&b, "p%d%sexample.org,First%d,teal\n", i, at, i)
	}
	return b.String()
}

func TestImport(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newWorld(t, s)
		file, err := os.ReadFile("../../../test/files/contacts/by-hand.csv")
		if err != nil {
			t.Fatal(err)
		}
		a := w.begin(string(file))
		if a.State != activity.Initialized || a.Percent() != 0 || a.File != "people.csv" || a.Total != 9 || a.UID.IsZero() {
			t.Errorf("begun as %+v", a)
		}
		items, err := w.service.Pending(t.Context(), 10)
		if err != nil || !slices.Equal(items, []activity.Item{{Account: 7, Activity: a.ID}}) {
			t.Errorf("pending: %v, %v", items, err)
		}
		clk.Move(time.Minute)
		a = w.finish(a)
		if a.State != activity.Completed || a.Percent() != 100 || !a.CompletedAt.Equal(storetest.Start.Add(time.Minute)) {
			t.Errorf("ended as %+v", a)
		}
		if a.Total != 9 || a.Done != 9 || a.Persons != 5 || a.Errors != 2 || a.Correctable != 2 || a.CannotAdd != 0 {
			t.Errorf("counted %+v", a.Progress)
		}
		want := []string{
			`5.1|email|petra@example|has a domain without a dot`,
			`6.1|anniversary|31/12/2019|is a day that does not exist`,
			`6.2|birthday|2/30|is a day that does not exist`,
			`10.1|||the row has 11 cells, the heading row 10`,
			`12.1|||a cell begins with a quote (") that is not closed`,
		}
		if got := w.rejects(a); !slices.Equal(got, want) {
			t.Errorf("rejected\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if len(a.Texts) != 5 || a.Texts[0] != `Line 5: Invalid email: "petra@example" has a domain without a dot` {
			t.Errorf("texts %q", a.Texts)
		}
		c := w.contact("zoe@example.org")
		if c.LastName != `O"Neil` || c.Addresses[0].Street != "1 Mill Road, Unit 4" || c.Fields[0].Value != "red, or blue" || !slices.Equal(c.Lists, w.lists) {
			t.Errorf("kept as %+v", c)
		}
		if n := w.counted(change.Members, int64(w.lists[0].Number)); n != 5 {
			t.Errorf("%d members are counted", n)
		}
		if items, err := w.service.Pending(t.Context(), 10); err != nil || len(items) != 0 {
			t.Errorf("still pending: %v, %v", items, err)
		}
		if w.kept(a) {
			t.Error("the file is still kept")
		}
		// What has ended is not begun again.
		if again := w.finish(a); again.Done != 9 {
			t.Errorf("run again: %+v", again.Progress)
		}
	})
}

// faulty is a store whose batches fail: some before they are written, some
// after, as when a process dies at that moment.
type faulty struct {
	activity.Store
	calls int
}

var errDies = errors.New("the process dies here")

func (f *faulty) Bulk(ctx context.Context, fn func(context.Context, activity.Tx) error) error {
	f.calls++
	switch f.calls % 5 {
	case 2:
		return f.Store.Bulk(ctx, func(ctx context.Context, tx activity.Tx) error {
			return errors.Join(fn(ctx, tx), errDies)
		})
	case 4:
		return errors.Join(f.Store.Bulk(ctx, fn), errDies)
	}
	return f.Store.Bulk(ctx, fn)
}

func TestEveryRowOnceWhateverDies(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		w.with(&faulty{Store: w.store}, sheet.New(sheet.Options{}))
		a := w.begin(people(3000))
		died := 0
		for {
			err := w.run(t.Context(), a)
			if err == nil {
				break
			}
			if !errors.Is(err, errDies) {
				t.Fatal(err)
			}
			died++
			if now := w.get(a); now.State != activity.Processing || now.Percent() < 1 || now.Percent() > 99 {
				t.Errorf("in between: %s, %d %%", now.State, now.Percent())
			}
		}
		if died == 0 {
			t.Fatal("nothing died")
		}
		a = w.get(a)
		if a.State != activity.Completed || a.Done != 3000 || a.Persons != 2700 || a.Correctable != 300 || a.Errors != 0 {
			t.Errorf("counted %s %+v", a.State, a.Progress)
		}
		if n := w.counted(change.Contacts, int64(contact.Implicit)); n != 2700 {
			t.Errorf("%d contacts are counted", n)
		}
		if n := w.counted(change.ActiveMembers, int64(w.lists[1].Number)); n != 2700 {
			t.Errorf("%d members are counted", n)
		}
		if n := len(w.rejects(a)); n != 300 {
			t.Errorf("%d rows are rejected", n)
		}
		if n := len(a.Texts); n != activity.MaxTexts || !strings.Contains(a.Texts[n-1], "There are more") {
			t.Errorf("%d texts, the last %q", n, a.Texts[n-1])
		}
	})
}

func TestTheSameFileAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newWorld(t, s)
		w.finish(w.begin(people(500)))
		before := w.contact("p1@example.org")
		clk.Move(time.Hour)
		a := w.finish(w.begin(people(500)))
		if a.Persons != 450 || a.Correctable != 50 {
			t.Errorf("counted %+v", a.Progress)
		}
		if after := w.contact("p1@example.org"); !after.UpdatedAt.Equal(before.UpdatedAt) || after.UID != before.UID {
			t.Errorf("changed at %v", after.UpdatedAt)
		}
		if n := w.counted(change.Members, int64(w.lists[0].Number)); n != 450 {
			t.Errorf("%d members are counted", n)
		}
	})
}

func TestALostLeaseWritesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		a := w.begin(people(100))
		w.lease(a, "another")
		err := w.service.Run(t.Context(), activity.Item{Account: 7, Activity: a.ID}, task.Lease{Name: "activity/7/1", Owner: "me"})
		if !errors.Is(err, task.ErrLost) {
			t.Errorf("got %v, want ErrLost", err)
		}
		if now := w.get(a); now.State != activity.Initialized {
			t.Errorf("the activity is %s", now.State)
		}
	})
}

func TestWhatContactsHaveAgainstARow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		contacts := contact.New(s.Contacts(), contact.Options{})
		w.finish(w.begin("email,home_phone,work_phone,mobile_phone\ngone@example.org,,,\nfull@example.org,1,2,3\nout@example.org,,,\n"))
		if err := contacts.Delete(t.Context(), w.who, w.contact("gone@example.org").Ref()); err != nil {
			t.Fatal(err)
		}
		err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			c, err := tx.HoldContact(ctx, 7, w.contact("out@example.org").Ref())
			if err != nil {
				return err
			}
			c.Email.Consent, err = c.Email.After(contact.Event{Kind: contact.OptsOut}, tx.Now())
			if err != nil {
				return err
			}
			return tx.WriteContact(ctx, 7, w.who.Origin(), contact.Write{Contact: c})
		})
		if err != nil {
			t.Fatal(err)
		}
		a := w.finish(w.begin("email,phone\ngone@example.org,\nbad\nfull@example.org,4\nout@example.org,5\n"))
		if a.Persons != 2 || a.Errors != 1 || a.Correctable != 1 || a.CannotAdd != 1 {
			t.Errorf("counted %+v", a.Progress)
		}
		want := []string{
			"2.1|email|gone@example.org|belongs to a contact that was deleted; put it on a list to bring it back",
			"3.1|email|bad|has no @ sign",
			"4.1|phone|4|is one more than the 3 phone numbers a contact may have; it was left out",
		}
		if got := w.rejects(a); !slices.Equal(got, want) {
			t.Errorf("rejected\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if c := w.contact("out@example.org"); c.Email.Permission != contact.Unsubscribed || len(c.Phones) != 1 {
			t.Errorf("%s with %d phones", c.Email.Permission, len(c.Phones))
		}
	})
}

// breaks is a reader of files that finds them broken after some rows.
type breaks struct {
	sheet.Sheets
	after int
	err   error
}

type breakingRows struct {
	activity.Rows
	left *int
	err  error
}

func (b *breaks) Rows(src io.Reader, d activity.Dialect, at activity.Position) (activity.Rows, error) {
	r, err := b.Sheets.Rows(src, d, at)
	return breakingRows{r, &b.after, b.err}, err
}

func (r breakingRows) Next() (activity.Row, error) {
	if *r.left == 0 {
		return activity.Row{}, r.err
	}
	*r.left--
	return r.Rows.Next()
}

func TestABrokenFileFailsWithWhatItHad(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		bad := fault.New(fault.Invalid, fault.CodeImportFile, "Line 302 is not shift_jis.")
		w.with(w.store, &breaks{Sheets: sheet.New(sheet.Options{}), after: 300, err: bad})
		a := w.finish(w.begin(people(1000)))
		if a.State != activity.Failed || a.Done != 300 || a.Persons != 270 || a.Correctable != 30 || a.CompletedAt.IsZero() {
			t.Errorf("ended as %s %+v", a.State, a.Progress)
		}
		if last := a.Texts[len(a.Texts)-1]; last != "Line 302 is not shift_jis. What stands before it was imported." {
			t.Errorf("the reason is %q", last)
		}
		if n := w.counted(change.Contacts, int64(contact.Implicit)); n != 270 || w.kept(a) {
			t.Errorf("%d contacts are counted", n)
		}
	})
}

func TestTroubleIsNotTheFilesFault(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		trouble := errors.New("the disk does not answer")
		r := &breaks{Sheets: sheet.New(sheet.Options{}), after: 300, err: trouble}
		w.with(w.store, r)
		a := w.begin(people(1000))
		if err := w.run(t.Context(), a); !errors.Is(err, trouble) {
			t.Errorf("got %v", err)
		}
		r.after = -1 // it answers again
		if a = w.finish(a); a.State != activity.Completed || a.Done != 1000 || a.Persons != 900 {
			t.Errorf("ended as %s %+v", a.State, a.Progress)
		}
	})
}

func TestAFileThatIsGone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		a := w.begin(people(10))
		if err := w.files.Delete(t.Context(), 7, a.Upload); err != nil {
			t.Fatal(err)
		}
		if a = w.finish(a); a.State != activity.Failed || !slices.Contains(a.Texts, "The file is no longer kept.") {
			t.Errorf("ended as %s: %q", a.State, a.Texts)
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		waiting := w.begin(people(10))
		a, err := w.service.Cancel(t.Context(), w.who, id.Ref[id.Activity]{UID: waiting.UID})
		if err != nil || a.State != activity.Cancelled || a.CompletedAt.IsZero() {
			t.Errorf("before it began: %s, %v", a.State, err)
		}
		if _, err := w.service.Cancel(t.Context(), w.who, id.Ref[id.Activity]{UID: waiting.UID}); !errors.Is(err, activity.ErrEnded) {
			t.Errorf("what has ended: %v", err)
		}
		if a = w.finish(waiting); a.Done != 0 {
			t.Errorf("it ran all the same: %+v", a.Progress)
		}
		// In the middle of its work.
		r := &breaks{Sheets: sheet.New(sheet.Options{}), after: 300, err: errDies}
		w.with(w.store, r)
		a = w.begin(people(1000))
		if err := w.run(t.Context(), a); !errors.Is(err, errDies) {
			t.Fatal(err)
		}
		if a, err = w.service.Cancel(t.Context(), w.who, id.Ref[id.Activity]{UID: a.UID}); err != nil || a.State != activity.Processing {
			t.Errorf("asked to stop: %s, %v", a.State, err)
		}
		r.after = -1
		if a = w.finish(a); a.State != activity.Cancelled || a.Done != 300 || w.kept(a) {
			t.Errorf("ended as %s %+v", a.State, a.Progress)
		}
	})
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		good := w.receive("good.csv", "email\na@example.org\n").Ref()
		none := w.receive("none.csv", "name,town\nAnn,Leeds\n").Ref()
		unknown := id.Ref[id.List]{UID: id.UID{1}}
		many := make([]id.Ref[id.List], 51)
		for i := range many {
			many[i] = id.Ref[id.List]{UID: id.UID{byte(i), 1}}
		}
		for name, c := range map[string]struct {
			in   activity.Import
			code fault.Code
			want string
		}{
			"no lists":            {activity.Import{Upload: good}, fault.CodeInvalid, "list_ids is missing"},
			"too many lists":      {activity.Import{Upload: good, Lists: many}, fault.CodeInvalid, "list_ids may name 50 lists at most, not 51"},
			"a list nobody has":   {activity.Import{Upload: good, Lists: []id.Ref[id.List]{w.lists[0], unknown}}, fault.CodeInvalid, "list_ids[1] names no list: 01000000-0000"},
			"no usable heading":   {activity.Import{Upload: none, Lists: w.lists}, fault.CodeImportHeading, `It has: "name", "town"`},
			"both":                {activity.Import{Upload: none}, fault.CodeImportHeading, "list_ids is missing"},
			"a mapping that errs": {activity.Import{Upload: good, Lists: w.lists, Columns: []string{"e-mail"}}, fault.CodeImportHeading, `columns[0] is mapped to "e-mail"`},
			"a file nobody sent":  {activity.Import{Upload: id.Ref[id.Blob]{UID: id.UID{9}}, Lists: w.lists}, fault.CodeNotFound, "no longer kept"},
		} {
			_, err := w.service.Import(t.Context(), w.who, c.in, nil)
			if f := fault.Of(err); f == nil || f.Code != string(c.code) || !strings.Contains(f.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", name, err, c.want)
			}
		}
		// The mapping of a person makes up for a heading.
		if _, err := w.service.Import(t.Context(), w.who, activity.Import{Upload: none, Lists: w.lists, Columns: []string{"email", ""}}, nil); err != nil {
			t.Error(err)
		}
		// The file goes with the import that reads it.
		if _, err := w.service.Import(t.Context(), w.who, activity.Import{Upload: none, Lists: w.lists, Columns: []string{"email", ""}}, nil); !errors.Is(err, activity.ErrImporting) {
			t.Errorf("a second time: %v, want ErrImporting", err)
		}
		w.who.Role = account.CampaignCreator
		if _, err := w.service.Import(t.Context(), w.who, activity.Import{Upload: good, Lists: w.lists}, nil); !errors.Is(err, fault.ErrPrivilege) {
			t.Errorf("a campaign creator: %v", err)
		}
		if _, err := w.service.Receive(t.Context(), w.who, "x.csv", strings.NewReader("email\na@example.org\n")); !errors.Is(err, fault.ErrPrivilege) {
			t.Errorf("a campaign creator: %v", err)
		}
	})
}

func TestReceiveKeepsNothingItRefuses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newWorld(t, s)
		w.with(w.store, sheet.New(sheet.Options{MaxRows: 5}))
		broken := errors.New("the client is gone")
		for name, c := range map[string]struct {
			body io.Reader
			want error
		}{
			"a zip":              {strings.NewReader("PK\x03\x04 and more"), fault.New(fault.Invalid, fault.CodeImportFile, "")},
			"too many rows":      {strings.NewReader(people(6)), fault.New(fault.Invalid, fault.CodeImportTooLarge, "")},
			"a client that goes": {io.MultiReader(strings.NewReader(people(3)), &dead{broken}), broken},
		} {
			if _, err := w.service.Receive(t.Context(), w.who, "x.csv", c.body); !errors.Is(err, c.want) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		left, err := w.files.Sweep(t.Context(), clk.Now().AddDate(100, 0, 0), func(context.Context, id.Account, id.Blob) (bool, error) { return false, nil })
		if err != nil || left != 0 {
			t.Errorf("%d files are left, %v", left, err)
		}
	})
}

type dead struct{ err error }

func (d *dead) Read([]byte) (int, error) { return 0, d.err }

func TestPreview(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		u := w.receive(`C:\Users\Ines\friends.csv`, "E-mail;Name;Favourite Colour;Mail;cf:size\r\na@example.org;Ann;teal;;\r\n\"b\r\n"+strings.Repeat("c@example.org;C;;;\r\n", 40))
		p, err := w.service.Preview(t.Context(), w.who, id.Ref[id.Blob]{UID: u.UID})
		if err != nil {
			t.Fatal(err)
		}
		if p.Upload.Name != "friends.csv" || p.Upload.Survey.Delimiter != ';' || p.Upload.Survey.Encoding != "utf-8" || p.Upload.Survey.Rows != 42 {
			t.Errorf("surveyed as %+v", p.Upload)
		}
		var names []string
		for _, c := range p.Columns {
			names = append(names, c.Heading+"="+c.Name+string(c.Note))
		}
		if want := []string{"E-mail=email", "Name=unknown", "Favourite Colour=cf:favourite_colour", "Mail=repeated", "cf:size=no_such_field"}; !slices.Equal(names, want) {
			t.Errorf("columns %v", names)
		}
		if len(p.Sample) != activity.SampleRows || p.Sample[0][2] != "teal" || p.Sample[1][0] != "c@example.org" {
			t.Errorf("sample %v", p.Sample)
		}
		if len(p.Problems) != 2 || len(p.Fields) != 1 {
			t.Errorf("problems %q, fields %v", p.Problems, p.Fields)
		}
		bare := w.receive("x.csv", "name\nAnn\n")
		if p, err = w.service.Preview(t.Context(), w.who, bare.Ref()); err != nil || len(p.Problems) != 1 || len(p.Columns) != 1 {
			t.Errorf("without an address: %+v, %v", p, err)
		}
		other := w.who
		other.Account = 8
		if _, err := w.service.Preview(t.Context(), other, u.Ref()); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("of another account: %v", err)
		}
	})
}

func TestExpire(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		// The folder's files are as old as the machine's clock says.
		clk.Move(time.Since(storetest.Start))
		w := newWorld(t, s)
		old, open := w.receive("old.csv", people(5)), w.begin(people(5))
		clk.Move(23 * time.Hour)
		if err := w.service.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.service.Preview(t.Context(), w.who, old.Ref()); err != nil {
			t.Errorf("before a day is over: %v", err)
		}
		clk.Move(2 * time.Hour)
		if err := w.service.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.service.Preview(t.Context(), w.who, old.Ref()); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("after a day: %v", err)
		}
		if w.kept(activity.Activity{Upload: old.ID}) || !w.kept(open) {
			t.Error("the old file is kept, or the one that waits is not")
		}
		if a := w.finish(open); a.State != activity.Completed {
			t.Errorf("the waiting import ended as %s", a.State)
		}
		u := w.receive("discard.csv", people(5))
		if err := w.service.Discard(t.Context(), w.who, u.Ref()); err != nil || w.kept(activity.Activity{Upload: u.ID}) {
			t.Errorf("discarded: %v", err)
		}
	})
}

func TestDeleteList(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		w.finish(w.begin(people(2500)))
		a, err := w.service.DeleteList(t.Context(), w.who, w.lists[0])
		if err != nil || a.Kind != activity.ListDelete || a.Total != 2250 {
			t.Fatalf("%+v, %v", a, err)
		}
		if _, err := w.service.Cancel(t.Context(), w.who, id.Ref[id.Activity]{UID: a.UID}); !errors.Is(err, activity.ErrEnded) {
			t.Errorf("cancelled: %v", err)
		}
		a = w.finish(a)
		if a.State != activity.Completed || a.Done != 2250 || w.counted(change.Members, int64(w.lists[0].Number)) != 0 {
			t.Errorf("ended as %s %+v", a.State, a.Progress)
		}
		if c := w.contact("p1@example.org"); !slices.Equal(c.Lists, w.lists[1:]) {
			t.Errorf("on lists %v", c.Lists)
		}
		if _, err := w.service.DeleteList(t.Context(), w.who, w.lists[1]); !errors.Is(err, list.ErrLast) {
			t.Errorf("the last list: %v", err)
		}
	})
}

func TestAListDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		a := w.begin(people(100))
		gone, err := w.service.DeleteList(t.Context(), w.who, w.lists[0])
		if err != nil {
			t.Fatal(err)
		}
		if a = w.finish(a); a.State != activity.Completed || a.Persons != 90 {
			t.Errorf("ended as %s %+v", a.State, a.Progress)
		}
		w.finish(gone)
		if c := w.contact("p1@example.org"); !slices.Equal(c.Lists, w.lists[1:]) {
			t.Errorf("on lists %v", c.Lists)
		}
	})
}

func TestPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		var begun []activity.Activity
		for range 5 {
			begun = append(begun, w.begin(people(10)))
		}
		w.finish(begun[1])
		read := func(f activity.Filter) (ids []id.Activity) {
			for r := (page.Request{Limit: 2, Count: true}); ; {
				of, err := w.service.List(t.Context(), w.who, f, r)
				if err != nil {
					t.Fatal(err)
				}
				for _, a := range of.Items {
					ids = append(ids, a.ID)
				}
				if of.Next.IsZero() {
					if int(of.Total) != len(ids) {
						t.Errorf("%d are counted, %d shown", of.Total, len(ids))
					}
					return ids
				}
				r.After = of.Next
			}
		}
		if got, want := read(activity.Filter{}), []id.Activity{begun[4].ID, begun[3].ID, begun[2].ID, begun[1].ID, begun[0].ID}; !slices.Equal(got, want) {
			t.Errorf("all: %v, want %v", got, want)
		}
		if got, want := read(activity.Filter{State: activity.Completed}), []id.Activity{begun[1].ID}; !slices.Equal(got, want) {
			t.Errorf("completed: %v, want %v", got, want)
		}
		if got := read(activity.Filter{Kinds: []activity.Kind{activity.ListDelete}}); len(got) != 0 {
			t.Errorf("deletions: %v", got)
		}
		other := w.who
		other.Account = 8
		if _, err := w.service.Get(t.Context(), other, id.Ref[id.Activity]{UID: begun[0].UID}); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("of another account: %v", err)
		}
	})
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		first := w.begin(people(1))
		err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range activity.MaxOpen - 1 {
				a := first
				a.ID, a.UID = id.Activity(10_000+i), tx.UID()
				if err := tx.InsertActivity(ctx, 7, a); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		u := w.receive("x.csv", people(1))
		if _, err := w.service.Import(t.Context(), w.who, activity.Import{Upload: u.Ref(), Lists: w.lists}, nil); !errors.Is(err, activity.ErrQueueFull) {
			t.Errorf("got %v, want ErrQueueFull", err)
		}
	})
}
