package message_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/secret"
	"kith/internal/base/task"
	"kith/internal/domain/account"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/internal/testdb"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// post is an outbox with what a test needs beside it.
type post struct {
	*message.Service

	store *store.Store
	clock *clock.Settable
}

// each runs a test on either database, with a relay or without.
func each(t *testing.T, withRelay bool, test func(t *testing.T, p post)) {
	t.Helper()
	run := func(t *testing.T, o store.Options) {
		t.Parallel()
		c := clock.NewSettable(start)
		o.Clock = c
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		if _, _, err := s.Migrate(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		test(t, post{store: s, clock: c, Service: message.New(message.Options{
			Store: s.Messages(), Box: secret.New().Box(secret.Mail), Leaves: withRelay,
			From: message.Sender{Name: "Kith", Address: "kith@sender.test"},
		})})
	}
	t.Run("sqlite", func(t *testing.T) { run(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")}) })
	t.Run("postgres", func(t *testing.T) { run(t, store.Options{DatabaseURL: testdb.Postgres(t)}) })
}

func to(t testing.TB, address string) email.Address {
	t.Helper()
	a, err := email.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// queue queues mails with the subjects given, for account 1.
func (p post) queue(t *testing.T, subjects ...string) {
	t.Helper()
	for _, subject := range subjects {
		p.put(t, message.Mail{
			Account: 1, Kind: message.Confirmation, To: to(t, "ann@there.test"), Subject: subject, Text: "text of " + subject,
		})
	}
}

func (p post) put(t *testing.T, m message.Mail) {
	t.Helper()
	err := p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error { return p.Queue(ctx, tx, m) })
	if err != nil {
		t.Fatal(err)
	}
}

// settle ends all queued mails as somebody who sends them would.
func (p post) settle(t *testing.T, as message.State) (subjects []string) {
	t.Helper()
	l := task.Lease{Name: "mail/test", Owner: "x"}
	err := p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		subjects = nil
		rows, err := tx.ClaimMails(ctx, l, 1000)
		for _, row := range rows {
			subjects = append(subjects, row.Subject)
			row.State, row.SettledAt = as, tx.Now()
			err = errors.Join(err, tx.SettleMails(ctx, l, []message.Mail{row.Mail}))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return subjects
}

func (p post) list(t *testing.T, who account.Actor, r page.Request) page.Of[message.Mail] {
	t.Helper()
	mails, err := p.List(t.Context(), who, message.Filter{}, r)
	if err != nil {
		t.Fatal(err)
	}
	return mails
}

// only returns the one mail of account 1.
func (p post) only(t *testing.T) message.Mail {
	t.Helper()
	mails := p.list(t, owner, page.Request{Limit: 10})
	if len(mails.Items) != 1 {
		t.Fatalf("%d mails, want 1", len(mails.Items))
	}
	return mails.Items[0]
}

var owner = account.Actor{Account: 1, User: 5, Role: account.Owner}

func TestWithoutARelayMailIsKept(t *testing.T) {
	each(t, false, func(t *testing.T, p post) {
		p.queue(t, "hello")
		if left := p.settle(t, message.Sent); len(left) != 0 {
			t.Errorf("%q would leave", left)
		}
		m := p.only(t)
		if m.State != message.Kept || !m.CreatedAt.Equal(start) || m.From.Address != "kith@sender.test" {
			t.Errorf("got %+v", m)
		}
		opened, err := p.Get(t.Context(), owner, m.Number)
		if err != nil || opened.Hidden || opened.Text != "text of hello" {
			t.Errorf("got %+v, %v", opened, err)
		}
	})
}

func TestAMailLeavesWithItsCommit(t *testing.T) {
	each(t, true, func(t *testing.T, p post) {
		wrong := errors.New("wrong")
		woken := p.store.Bell().Listen(message.Wake)
		err := p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			err := p.Queue(ctx, tx, message.Mail{Account: 1, To: to(t, "ann@there.test"), Subject: "never", Text: "x"})
			return errors.Join(err, wrong)
		})
		if !errors.Is(err, wrong) {
			t.Fatal(err)
		}
		if n := len(p.list(t, owner, page.Request{Limit: 10}).Items); n != 0 || len(woken) != 0 {
			t.Errorf("%d mails are left, the bell rang %d times", n, len(woken))
		}
		p.queue(t, "now")
		if len(woken) != 1 {
			t.Error("the bell did not ring")
		}
		if m := p.only(t); m.State != message.Queued {
			t.Errorf("got %+v", m)
		}
		if got := p.settle(t, message.Sent); !slices.Equal(got, []string{"now"}) {
			t.Errorf("%q leaves", got)
		}
	})
}

func TestIncompleteMailIsRefused(t *testing.T) {
	each(t, false, func(t *testing.T, p post) {
		whole := message.Mail{Account: 1, To: to(t, "ann@there.test"), Subject: "s", Text: "t"}
		for name, spoil := range map[string]func(m *message.Mail){
			"account": func(m *message.Mail) { m.Account = 0 }, "to": func(m *message.Mail) { m.To = email.Address{} },
			"subject": func(m *message.Mail) { m.Subject = "" }, "text": func(m *message.Mail) { m.Text = "" },
		} {
			m := whole
			spoil(&m)
			err := p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error { return p.Queue(ctx, tx, m) })
			if err == nil {
				t.Errorf("a mail without its %s was queued", name)
			}
		}
	})
}

func TestWhatPeopleTypedAddsNoLineToTheHead(t *testing.T) {
	each(t, false, func(t *testing.T, p post) {
		p.put(t, message.Mail{
			Account: 1, To: to(t, "ann@there.test"), ToName: "Ann\r\nBcc: all@there.test",
			Subject: "Join\r\n\r\nus\x00 \xff", Text: "t",
		})
		m := p.only(t)
		if m.ToName != "Ann Bcc: all@there.test" || m.Subject != "Join us \uFFFD" {
			t.Errorf("to %q, subject %q", m.ToName, m.Subject)
		}
		want := []message.Header{
			{Name: "Date", Value: "Sun, 01 Mar 2026 12:00:00 +0000"},
			{Name: "From", Value: "Kith <kith@sender.test>"},
			{Name: "To", Value: `"Ann Bcc: all@there.test" <ann@there.test>`},
			{Name: "Subject", Value: "Join us \uFFFD"},
			{Name: "Message-ID", Value: "<" + m.MessageID + ">"},
			{Name: "Auto-Submitted", Value: "auto-generated"},
		}
		if diff := cmp.Diff(want, m.Headers()); diff != "" {
			t.Errorf("headers:\n%s", diff)
		}
	})
}

func TestAWayInIsShownToWhomItIsForAlone(t *testing.T) {
	each(t, false, func(t *testing.T, p post) {
		mail := message.Mail{Account: 1, To: to(t, "ann@there.test"), Subject: "s", Text: "secret text", HTML: "secret html", WayIn: true}
		for _, c := range []struct {
			forUser id.User
			shown   map[id.User]bool
		}{{5, map[id.User]bool{5: true, 6: false}}, {0, map[id.User]bool{0: false, 5: false}}} {
			mail.ForUser = c.forUser
			p.put(t, mail)
			newest := p.list(t, owner, page.Request{Limit: 1}).Items[0]
			if newest.Text != "" || newest.HTML != "" {
				t.Error("a list carries bodies")
			}
			for user, shown := range c.shown {
				got, err := p.Get(t.Context(), account.Actor{Account: 1, User: user, Role: account.Owner}, newest.Number)
				if err != nil {
					t.Fatal(err)
				}
				if got.Hidden == shown || (got.Text == "secret text") != shown || (got.HTML == "secret html") != shown || got.Subject != "s" {
					t.Errorf("for user %d, asked by %d: %+v", c.forUser, user, got)
				}
			}
		}
		// It is not in the open in the database either.
		err := p.store.Messages().View(t.Context(), func(ctx context.Context, tx message.Tx) error {
			mails, err := tx.Mails(ctx, 1, message.Filter{}, page.Request{Limit: 10})
			for _, m := range mails.Items {
				row, err := tx.MailByNumber(ctx, 1, m.Number)
				if err != nil {
					return err
				}
				if bytes.Contains(row.TextBody, []byte("secret")) || bytes.Contains(row.HTMLBody, []byte("secret")) {
					t.Error("a way in is kept in the open")
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhoMayLook(t *testing.T) {
	each(t, false, func(t *testing.T, p post) {
		p.queue(t, "hello")
		number := p.only(t).Number
		other := account.Actor{Account: 2, User: 5, Role: account.Owner}
		if mails := p.list(t, other, page.Request{Limit: 10}); len(mails.Items) != 0 {
			t.Error("another account's mails are listed")
		}
		if _, err := p.Get(t.Context(), other, number); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("another account's mail: %v", err)
		}
		if err := p.SendAgain(t.Context(), other, number); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("another account's mail, again: %v", err)
		}
		nobody := account.Actor{Account: 1, Role: "guest"}
		_, list := p.List(t.Context(), nobody, message.Filter{}, page.Request{Limit: 10})
		_, get := p.Get(t.Context(), nobody, number)
		_, counts := p.Counts(t.Context(), nobody)
		for _, err := range []error{list, get, counts, p.SendAgain(t.Context(), account.Actor{Account: 1, Role: account.Manager}, number)} {
			if !errors.Is(err, fault.ErrPrivilege) {
				t.Errorf("without the privilege: %v", err)
			}
		}
	})
}

func TestPagesAreNewestFirst(t *testing.T) {
	each(t, false, func(t *testing.T, p post) {
		want := []string{"7", "6", "5", "4", "3", "2", "1"}
		p.queue(t, "1", "2", "3", "4", "5", "6", "7")
		var got []string
		r := page.Request{Limit: 3, Count: true}
		for range 4 {
			mails := p.list(t, owner, r)
			if mails.Total != 7 {
				t.Errorf("total %d", mails.Total)
			}
			for _, m := range mails.Items {
				got = append(got, m.Subject)
			}
			if mails.Next.IsZero() {
				break
			}
			r.After = mails.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestMailsInAState(t *testing.T) {
	each(t, true, func(t *testing.T, p post) {
		p.queue(t, "1", "2", "3")
		p.settle(t, message.Sent)
		p.queue(t, "4")
		for state, want := range map[message.State][]string{message.Sent: {"3", "2", "1"}, message.Queued: {"4"}, message.Failed: nil} {
			var got []string
			r := page.Request{Limit: 2, Count: true}
			for {
				mails, err := p.List(t.Context(), owner, message.Filter{State: state}, r)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range mails.Items {
					got = append(got, m.Subject)
				}
				if mails.Total != int64(len(want)) {
					t.Errorf("%s: total %d", state, mails.Total)
				}
				if mails.Next.IsZero() {
					break
				}
				r.After = mails.Next
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", state, got, want)
			}
		}
	})
}

func TestMailsOfAFilter(t *testing.T) {
	each(t, true, func(t *testing.T, p post) {
		p.put(t, message.Mail{Account: 1, Kind: message.Welcome, Contact: 7, To: to(t, "ann_a@there.test"), Subject: "1", Text: "x"})
		p.put(t, message.Mail{Account: 1, Kind: message.Welcome, Contact: 8, To: to(t, "annxa@there.test"), Subject: "2", Text: "x"})
		p.put(t, message.Mail{Account: 1, Kind: message.Reset, To: to(t, "ann_a@there.test"), Subject: "3", Text: "x"})
		p.put(t, message.Mail{Account: 2, Kind: message.Welcome, Contact: 7, To: to(t, "ann_a@there.test"), Subject: "4", Text: "x"})
		for _, c := range []struct {
			f    message.Filter
			want string
		}{
			{message.Filter{}, "321"},
			{message.Filter{Kind: message.Welcome}, "21"},
			{message.Filter{To: "ANN_A@"}, "31"},
			{message.Filter{To: "%"}, ""},
			{message.Filter{Contact: id.Ref[id.Contact]{Number: 7}}, "1"},
			{message.Filter{Contact: id.Ref[id.Contact]{UID: id.UID{1}}}, ""},
			{message.Filter{Kind: message.Reset, State: message.Queued, To: "there"}, "3"},
			{message.Filter{Kind: message.Reset, State: message.Sent}, ""},
		} {
			mails, err := p.List(t.Context(), owner, c.f, page.Request{Limit: 10, Count: true})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, m := range mails.Items {
				got += m.Subject
			}
			if got != c.want || mails.Total != int64(len(c.want)) {
				t.Errorf("%+v: %s of %d, want %s", c.f, got, mails.Total, c.want)
			}
		}
	})
}

func TestAllOfAStateAreSentAgain(t *testing.T) {
	each(t, true, func(t *testing.T, p post) {
		p.queue(t, "1", "2", "3")
		p.settle(t, message.Uncertain)
		p.queue(t, "4")
		p.settle(t, message.Failed)
		p.queue(t, "5")
		p.settle(t, message.Sent)
		for _, c := range []struct {
			in   message.State
			want int
		}{{message.Uncertain, 3}, {message.Uncertain, 0}, {message.Failed, 1}} {
			if n, err := p.SendAllAgain(t.Context(), owner, c.in, nil); err != nil || n != c.want {
				t.Errorf("%s: %d, %v; want %d", c.in, n, err, c.want)
			}
		}
		counts, err := p.Counts(t.Context(), owner)
		if err != nil || counts[message.Queued] != 4 || counts[message.Sent] != 1 || len(counts) != 2 {
			t.Errorf("counts %v, %v", counts, err)
		}
		for _, in := range []message.State{message.Sent, message.Sending, ""} {
			if _, err := p.SendAllAgain(t.Context(), owner, in, nil); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", in, err)
			}
		}
		low := owner
		low.Role = account.CampaignCreator
		if _, err := p.SendAllAgain(t.Context(), low, message.Failed, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("without the privilege: %v", err)
		}
	})
}

func TestTrim(t *testing.T) {
	each(t, true, func(t *testing.T, p post) {
		p.queue(t, "1", "2", "3", "4", "5")
		p.settle(t, message.Sent)
		p.queue(t, "still queued")
		var trimmed int
		for { // one at a time, as several batches
			var n int
			err := p.store.Messages().Within(t.Context(), func(ctx context.Context, tx message.Tx) (err error) {
				n, err = tx.TrimMails(ctx, 2, 1)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
			trimmed += n
		}
		var left []string
		for _, m := range p.list(t, owner, page.Request{Limit: 10}).Items {
			left = append(left, m.Subject)
		}
		if trimmed != 3 || !slices.Equal(left, []string{"still queued", "5", "4"}) {
			t.Errorf("trimmed %d, left %v", trimmed, left)
		}
		if err := p.Trim(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
