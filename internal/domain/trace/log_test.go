package trace_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/domain/trace"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// desk is a log over a store, with an account, its owner and an application.
type desk struct {
	*storetest.World
	log   *trace.Log
	read  *trace.Service
	uids  *id.Source
	home  account.Account
	owner account.Actor
	app   string
	seen  counts
}

type counts struct{ kept, dropped atomic.Int64 }

func (c *counts) Kept(n int)    { c.kept.Add(int64(n)) }
func (c *counts) Dropped(n int) { c.dropped.Add(int64(n)) }

func newDesk(t *testing.T, w *storetest.World, rows int) *desk {
	t.Helper()
	d := &desk{World: w, uids: id.NewSource()}
	d.home = w.Account(t, "Moor")
	d.owner, _ = w.User(t, d.home, "ann@moor.example", account.Owner)
	d.app = d.application(t, d.home)
	d.log = trace.NewLog(trace.Options{
		Store: w.Traces(), Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Observer: &d.seen, Days: 14, Rows: rows,
	})
	d.read = trace.New(w.Traces())
	return d
}

func (d *desk) application(t *testing.T, of account.Account) string {
	t.Helper()
	n, err := d.Numbers(t.Context(), 0, store.KindApplication, 1)
	if err != nil {
		t.Fatal(err)
	}
	var uid id.UID
	d.Do(t, func(ctx context.Context, tx *store.Tx) error {
		uid = tx.UID()
		return tx.InsertApplication(ctx, oauth.Application{
			ID: id.Application(n), UID: uid, Account: of.ID, User: d.owner.User, Name: "Shop", Flow: oauth.FlowCode, Refresh: oauth.Rotating, Active: true,
		})
	})
	return uid.String()
}

func eachDesk(t *testing.T, rows int, test func(*testing.T, *desk)) {
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) { test(t, newDesk(t, w, rows)) })
}

// note notes a request of the application in the account, and a second passes.
func (d *desk) note(change func(*trace.Record)) id.UID {
	r := trace.Record{Account: d.home.ID, Request: trace.Request{
		UID: d.uids.UID(d.Clock.Now()), Took: 3 * time.Millisecond, API: "v3", Method: "GET", Route: "/v3/contacts", Path: "/v3/contacts",
		Status: 200, Application: d.app, User: d.owner.User, Via: "api", Address: "192.0.2.1", Agent: "curl/8", In: 3, Out: 5,
	}}
	if change != nil {
		change(&r)
	}
	d.log.Note(r)
	d.Clock.Move(time.Second)
	return r.UID
}

func (d *desk) write(t *testing.T) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = d.log.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// all reads a filter's pages to the end.
func (d *desk) all(t *testing.T, of id.Account, f trace.Filter, limit int) (found []trace.Request) {
	t.Helper()
	for r := (page.Request{Limit: limit}); ; {
		p, err := d.read.OfAccount(t.Context(), of, f, r)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, p.Items...)
		if p.Next.IsZero() {
			return found
		}
		r.After = p.Next
	}
}

var malformed = fault.ErrMalformed.Saying("line 2, column 3: no comma").Noting("line", "2").Noting("column", "3")

// refused makes a request one that failed.
func refused(f *fault.Error, status int) func(*trace.Record) {
	return func(r *trace.Record) {
		r.Method, r.Status, r.Code, r.Fault = "POST", status, f.Code, f
		r.Body = trace.Kept{Media: "application/json", Data: []byte("{\"address\":\"jan@moor.example\"}")}
		r.Answer = trace.Kept{Media: "application/json", Data: []byte("[]"), Cut: true}
	}
}

func TestWhatIsNotedIsRead(t *testing.T) {
	eachDesk(t, 100, func(t *testing.T, d *desk) {
		first := d.note(nil)
		d.write(t)
		failed := d.note(refused(malformed, 400))
		last := d.note(func(r *trace.Record) { r.Query = "email=jan@moor.example&limit=5" })
		d.write(t)
		got := d.all(t, d.home.ID, trace.Filter{}, 2)
		if len(got) != 3 || got[0].UID != last || got[1].UID != failed || got[2].UID != first {
			t.Fatalf("got %+v", got)
		}
		want := trace.Request{
			UID: last, Took: 3 * time.Millisecond, API: "v3", Method: "GET", Route: "/v3/contacts", Path: "/v3/contacts",
			Query: "email=j**@****.example&limit=5", Status: 200, Application: d.app, ApplicationName: "Shop", User: d.owner.User,
			Username: "ann@moor.example", Via: "api", Address: "192.0.2.1", Agent: "curl/8", In: 3, Out: 5,
		}
		if got[0] != want {
			t.Errorf("got  %+v\nwant %+v", got[0], want)
		}
		o, err := d.read.Get(t.Context(), d.owner, failed)
		if err != nil || o.Hidden || o.Cause != "line 2, column 3: no comma" || o.Detail.Line != 2 || o.Detail.Column != 3 ||
			o.Detail.Body != (trace.Text{Media: "application/json", Text: `{"address":"j**@****.example"}`}) ||
			o.Detail.Answer != (trace.Text{Media: "application/json", Text: "[]", Cut: true}) {
			t.Errorf("got %+v with %+v, %v", o, o.Detail, err)
		}
		if n := d.seen.kept.Load(); n != 3 {
			t.Errorf("%d were counted", n)
		}
		if _, err := d.read.Get(t.Context(), d.owner, d.uids.UID(d.Clock.Now())); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a request that never was: %v", err)
		}
		bystander := storetest.Owner(d.Account(t, "Heath").ID)
		if _, err := d.read.Get(t.Context(), bystander, failed); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("another account's: %v", err)
		}
		creator := d.owner
		creator.Role = account.CampaignCreator
		if o, err := d.read.Get(t.Context(), creator, failed); err != nil || !o.Hidden || o.Detail.Body.Text != "" || o.Detail.Answer.Text != "" {
			t.Errorf("who may not see contacts got %+v, %v", o.Detail, err)
		}
	})
}

func TestWhoseARequestIs(t *testing.T) {
	eachDesk(t, 100, func(t *testing.T, d *desk) {
		other := d.Account(t, "Heath")
		nobody := trace.Record{Request: trace.Request{API: "v3", Method: "GET", Path: "/v3/contacts", Status: 401, Code: "token.foreign"}}
		for _, c := range []struct {
			name    string
			noted   func(*trace.Record)
			of      []id.Account
			claimed bool
			cause   string
		}{
			{name: "the caller's account and the application's", noted: func(r *trace.Record) { r.Account = other.ID }, of: []id.Account{other.ID, d.home.ID}},
			{name: "what claims a client id", noted: func(r *trace.Record) {
				uid := r.UID
				*r = nobody
				r.UID, r.Named = uid, trace.Named{ClientID: d.app, Issuer: "https://other.example", Username: "x", Expires: storetest.Start}
			}, of: []id.Account{d.home.ID}, claimed: true, cause: "The token says that it was issued by https://other.example for x, to end at 2026-03-01 17:05:09 UTC."},
			{name: "what claims a user", noted: func(r *trace.Record) {
				uid := r.UID
				*r = nobody
				r.UID, r.Named = uid, trace.Named{Username: "ANN@moor.example"}
			}, of: []id.Account{d.home.ID}, claimed: true},
			{name: "what names nobody that is known", noted: func(r *trace.Record) {
				uid := r.UID
				*r = nobody
				r.UID, r.Named = uid, trace.Named{ClientID: "x", Username: "jim"}
			}, of: []id.Account{0}},
		} {
			uid := d.note(c.noted)
			d.write(t)
			for _, a := range []id.Account{0, d.home.ID, other.ID} {
				got, err := d.read.OpenFor(t.Context(), a, uid)
				want := false
				for _, of := range c.of {
					want = want || of == a
				}
				if (err == nil) != want {
					t.Errorf("%s: of account %d: %v", c.name, a, err)
				}
				if err == nil && (got.Claimed != c.claimed || got.Cause != c.cause) {
					t.Errorf("%s: got %+v", c.name, got)
				}
			}
		}
	})
}

func TestFilters(t *testing.T) {
	eachDesk(t, 100, func(t *testing.T, d *desk) {
		second := d.application(t, d.home)
		begun := d.Clock.Now()
		a := d.note(nil)
		b := d.note(refused(fault.ErrNotFound, 404))
		c := d.note(func(r *trace.Record) { r.Application, r.Path, r.Method = second, "/v3/contact_lists", "POST" })
		e := d.note(refused(fault.ErrUnavailable, 503))
		d.write(t)
		// A refusal that travels in a redirect, of an unproven client.
		f := d.note(func(r *trace.Record) { r.Status, r.Code, r.Claimed, r.API = 302, "oauth.access_denied", true, "oauth" })
		d.write(t)
		for name, want := range map[string]struct {
			f    trace.Filter
			uids []id.UID
		}{
			"everything":  {trace.Filter{}, []id.UID{f, e, c, b, a}},
			"application": {trace.Filter{Application: strings.ToUpper(second)}, []id.UID{c}},
			"failed":      {trace.Filter{Failed: true}, []id.UID{f, e, b}},
			"4xx":         {trace.Filter{Least: 400, Most: 499}, []id.UID{b}},
			"2xx":         {trace.Filter{Least: 200, Most: 299}, []id.UID{c, a}},
			"code":        {trace.Filter{Code: "server.unavailable"}, []id.UID{e}},
			"method":      {trace.Filter{Method: "GET"}, []id.UID{f, a}},
			"path":        {trace.Filter{Search: "LISTS"}, []id.UID{c}},
			"request id":  {trace.Filter{Search: b.String()}, []id.UID{b}},
			"since":       {trace.Filter{Since: begun.Add(3 * time.Second)}, []id.UID{f, e}},
			"until":       {trace.Filter{Until: begun.Add(time.Second)}, []id.UID{a}},
			"both":        {trace.Filter{Since: begun.Add(time.Second), Until: begun.Add(2 * time.Second)}, []id.UID{b}},
			"none":        {trace.Filter{Search: "zebra"}, nil},
		} {
			for _, limit := range []int{1, 3, 50} {
				got := d.all(t, d.home.ID, want.f, limit)
				if fmt.Sprint(uids(got)) != fmt.Sprint(want.uids) {
					t.Errorf("%s, %d a page: got %v, want %v", name, limit, uids(got), want.uids)
				}
			}
		}
	})
}

func uids(all []trace.Request) (u []id.UID) {
	for _, q := range all {
		u = append(u, q.UID)
	}
	return u
}

// Requests that took long stand in later batches than others that began after
// them: they are shown in their place all the same.
func TestBatchesThatOverlapAreReadInOrder(t *testing.T) {
	eachDesk(t, 10_000, func(t *testing.T, d *desk) {
		var late []id.UID
		begin := func() id.UID {
			d.Clock.Move(time.Millisecond)
			return d.uids.UID(d.Clock.Now())
		}
		for i := range 60 {
			late = append(late, begin())
			d.note(nil)
			d.note(refused(fault.ErrNotFound, 404))
			if i%3 == 2 { // the oldest one still open ends
				d.note(func(r *trace.Record) { r.UID = late[i/3] })
			}
			d.write(t)
		}
		got := d.all(t, d.home.ID, trace.Filter{}, 7)
		if len(got) != 140 {
			t.Fatalf("%d requests, want 140", len(got))
		}
		for i := 1; i < len(got); i++ {
			if got[i-1].UID.Compare(got[i].UID) <= 0 {
				t.Fatalf("request %d is not older than the one before it", i)
			}
		}
		if o, err := d.read.OpenFor(t.Context(), d.home.ID, late[0]); err != nil || o.UID != late[0] {
			t.Errorf("a request that took long: %v", err)
		}
	})
}

func TestTheLogKeepsToItsBounds(t *testing.T) {
	eachDesk(t, 50, func(t *testing.T, d *desk) {
		kept := d.note(refused(fault.ErrNotFound, 404))
		for range 40 {
			for range 10 {
				d.note(nil)
			}
			d.write(t)
		}
		got := d.all(t, d.home.ID, trace.Filter{}, 100)
		if n := len(got) - 1; n < 50 || n > 60 {
			t.Errorf("%d requests that succeeded are kept, want 50 and little more", n)
		}
		if last := got[len(got)-1].UID; last != kept {
			t.Error("those that succeeded have pushed out one that failed")
		}
		d.Clock.Move(14 * 24 * time.Hour)
		fresh := d.note(nil)
		d.write(t)
		if err := d.log.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := uids(d.all(t, d.home.ID, trace.Filter{}, 100)); len(got) != 1 || got[0] != fresh {
			t.Errorf("after a fortnight %v are left, want %s", got, fresh)
		}
	})
}

// stuck is a store that writes nothing until it is let go.
type stuck struct {
	trace.Store
	entered, free chan struct{}
}

func (s stuck) Bulk(ctx context.Context, fn func(context.Context, trace.Tx) error) error {
	s.entered <- struct{}{}
	<-s.free
	return s.Store.Bulk(ctx, fn)
}

// While the writer hangs, noting goes on without it: what there is no room for
// is dropped and counted, and what had room is written in the end.
func TestAStalledWriterHoldsUpNobody(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), 1_000_000)
	s := stuck{d.Traces(), make(chan struct{}), make(chan struct{})}
	d.log = trace.NewLog(trace.Options{
		Store: s, Clock: d.Clock, Log: slog.New(slog.DiscardHandler), Observer: &d.seen, Days: 1, Rows: 1_000_000,
	})
	d.note(nil)
	done := make(chan error, 1)
	go func() {
		_, err := d.log.Write(t.Context())
		done <- err
	}()
	<-s.entered
	const noted = 40_000
	for range noted { // would hang here
		d.note(nil)
	}
	dropped := d.seen.dropped.Load()
	if dropped == 0 || dropped >= noted {
		t.Errorf("%d of %d were dropped", dropped, noted)
	}
	go func() {
		for range s.entered {
		}
	}()
	close(s.free)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	d.write(t)
	close(s.entered)
	if kept := d.seen.kept.Load(); kept+dropped != noted+1 {
		t.Errorf("%d were kept and %d dropped of %d", kept, dropped, noted+1)
	}
}

// Large bodies fill the queue before their number does.
func TestBodiesAreBounded(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), 100)
	body := make([]byte, trace.MaxBody)
	for range 4096 {
		d.note(func(r *trace.Record) { refused(fault.ErrNotFound, 404)(r); r.Body.Data = body })
	}
	if dropped := d.seen.dropped.Load(); dropped == 0 || dropped > 3000 {
		t.Errorf("%d of 4096 were dropped", dropped)
	}
	d.write(t)
	d.note(refused(fault.ErrNotFound, 404))
	d.write(t)
	if d.seen.dropped.Load()+d.seen.kept.Load() != 4097 {
		t.Error("when the queue is empty again it has no room")
	}
}

// failing is a store that fails for a while.
type failing struct {
	trace.Store
	left *int
}

func (f failing) Bulk(ctx context.Context, fn func(context.Context, trace.Tx) error) error {
	if *f.left--; *f.left >= 0 {
		return fault.ErrUnavailable
	}
	return f.Store.Bulk(ctx, fn)
}

func TestAfterAFailureItIsWrittenAgain(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), 100)
	left := 2
	d.log = trace.NewLog(trace.Options{
		Store: failing{d.Traces(), &left}, Clock: d.Clock, Log: slog.New(slog.DiscardHandler), Days: 1, Rows: 100,
	})
	uid := d.note(nil)
	for range 2 {
		if _, err := d.log.Write(t.Context()); !errors.Is(err, fault.ErrUnavailable) {
			t.Fatal(err)
		}
		if _, err := d.log.Write(t.Context()); err != nil {
			t.Errorf("it tries again at once: %v", err)
		}
		d.Clock.Move(time.Minute)
	}
	d.write(t)
	if _, err := d.read.Get(t.Context(), d.owner, uid); err != nil {
		t.Error(err)
	}
}

func TestALogThatIsOffKeepsNothing(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), 0)
	d.note(nil)
	d.write(t)
	if got := d.all(t, d.home.ID, trace.Filter{}, 10); d.log.On() || len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func BenchmarkNote(b *testing.B) {
	w := storetest.SQLite(b)
	log := trace.NewLog(trace.Options{Store: w.Traces(), Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Days: 1, Rows: 10_000})
	uids := id.NewSource()
	r := trace.Record{Account: 1, Request: trace.Request{API: "v3", Method: "POST", Route: "/v3/contacts", Path: "/v3/contacts", Status: 201, Address: "192.0.2.1", Agent: "curl/8"}}
	n := 0
	for b.Loop() {
		r.UID = uids.UID(w.Clock.Now())
		log.Note(r)
		if n++; n%3000 == 0 { // as many as come in the writer's rest
			if _, err := log.Write(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
}
