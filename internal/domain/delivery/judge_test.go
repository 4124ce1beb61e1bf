package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/delivery"
	"kith/internal/domain/list"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// returns is a world in which mail was sent and comes back.
type returns struct {
	*storetest.World
	*delivery.Notices
	list     *delivery.Suppressions
	contacts *contact.Service
	paths    delivery.ReturnPaths
	mine     account.Actor

	mu   sync.Mutex
	told []string
}

func eachReturns(t *testing.T, test func(t *testing.T, w *returns)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, sw *storetest.World) {
		w := &returns{World: sw, paths: delivery.NewReturnPaths([]byte("paths"), parsed(t, "bounces@mail.example.org"))}
		w.mine = ofAccount(sw.Account(t, "Mine"))
		w.contacts = contact.New(sw.Contacts(), contact.Options{})
		w.list = delivery.NewSuppressions(sw.Suppressions(), hashes)
		w.Notices = delivery.NewNotices(delivery.NoticeOptions{
			Store: sw.Notices(), Hashes: hashes, Paths: w.paths, Read: readWord,
			Told: func(by delivery.Teller, k delivery.Kind, became delivery.Taken) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.told = append(w.told, fmt.Sprintf("%s %s %s", by, k, became))
			},
		})
		test(t, w)
	})
}

// readWord reads mails of one word: gone is an unknown mailbox, complaint a
// complaint; panic breaks the reader, and anything else is no notice.
func readWord(r io.Reader, sent string, at time.Time) ([]delivery.Notice, error) {
	b, err := io.ReadAll(r)
	n := delivery.Notice{Sent: sent, At: at}
	switch string(b) {
	case "gone":
		n.Kind, n.Cause, n.Reply = delivery.Bounced, delivery.NoAddress, "550 5.1.1 nobody"
	case "complaint":
		n.Kind = delivery.Complained
	case "panic":
		panic("a reader breaks")
	default:
		return nil, errors.Join(errors.New("no notice"), err)
	}
	return []delivery.Notice{n}, nil
}

// person adds a contact on a list.
func (w *returns) person(t *testing.T, who account.Actor, address string) contact.Contact {
	t.Helper()
	l, err := list.New(w.Lists()).Create(t.Context(), who, list.Input{Name: "List for " + address}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.contacts.Create(t.Context(), who, contact.Change{
		Source: opt.Some(contact.SourceAccount), Email: opt.Some(contact.EmailInput{Address: address}),
		Lists: opt.Some([]id.Ref[id.List]{l.Ref()}),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(time.Minute)
	return c
}

// mailed leaves a mail that went to a contact.
func (w *returns) mailed(t *testing.T, who account.Actor, c contact.Contact) (m message.Mail) {
	t.Helper()
	w.Do(t, func(ctx context.Context, tx *store.Tx) (err error) {
		m = message.Mail{
			Account: who.Account, Kind: message.Kind(contact.Welcome), Contact: c.ID, To: c.Email.Address, Subject: "Hello",
			From: message.Sender{Address: "me@sender.test"}, MessageID: tx.UID().String() + "@sender.test",
			State: message.Sent, CreatedAt: tx.Now(), NextAt: tx.Now(),
		}
		m.Number, err = tx.InsertMail(ctx, message.Row{Mail: m})
		return err
	})
	return m
}

func (w *returns) take(t *testing.T, by delivery.Teller, all ...delivery.Notice) (became []string) {
	t.Helper()
	w.told = nil
	if err := w.Take(t.Context(), by, 0, all); err != nil {
		t.Fatal(err)
	}
	return w.told
}

// now returns the reason for which an address is suppressed.
func (w *returns) now(t *testing.T, who account.Actor, c contact.Contact) delivery.Reason {
	t.Helper()
	s, err := w.list.Of(t.Context(), who, c.Email.Address)
	if err != nil && !errors.Is(err, delivery.ErrNotSuppressed) {
		t.Fatal(err)
	}
	return s.Reason
}

// past tells a contact's history, oldest first, without the first row, which
// is of their being made.
func (w *returns) past(t *testing.T, who account.Actor, c contact.Contact) (all []string) {
	t.Helper()
	of, err := w.contacts.History(t.Context(), who, c.Ref(), page.Request{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(of.Items)
	for _, e := range of.Items {
		words := []string{strings.TrimPrefix(string(e.Kind), "contact."), string(e.Mail), string(e.Why), e.Reason}
		if e.Via == string(account.ViaSystem) {
			words = append(words, "by "+e.Operation)
		}
		all = append(all, strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), " "))
	}
	return all[2:]
}

func gone(m message.Mail) delivery.Notice {
	return delivery.Notice{Kind: delivery.Bounced, Cause: delivery.NoAddress, MessageID: m.MessageID, Reply: "550 5.1.1 nobody"}
}

func TestABounceIsCountedOnceByWhomeverItIsTold(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		c := w.person(t, w.mine, "ada@example.org")
		m := w.mailed(t, w.mine, c)
		byPath, byMark := gone(m), gone(m)
		byPath.MessageID, byPath.Sent = "", w.paths.Of(m.Account, m.Number)
		byMark.MessageID, byMark.Mark = "", w.paths.Mark(m.Account, m.Number)
		if got := w.take(t, delivery.TellerMail, byPath, byPath); !slices.Equal(got, []string{"mail bounced counted", "mail bounced repeated"}) {
			t.Errorf("by its return path, twice: %v", got)
		}
		if got := w.take(t, delivery.TellerSES, gone(m), byMark); !slices.Equal(got, []string{"ses bounced repeated", "ses bounced repeated"}) {
			t.Errorf("once more by its Message-ID and its mark: %v", got)
		}
		if got := w.now(t, w.mine, c); got != delivery.ByHard {
			t.Errorf("suppressed: %q", got)
		}
		if got, want := w.past(t, w.mine, c), []string{"bounced welcome no_address by notice: mail", "suppressed hard by notice: mail"}; !slices.Equal(got, want) {
			t.Errorf("history: %q, want %q", got, want)
		}
		got, err := w.contacts.Get(t.Context(), w.mine, c.Ref(), contact.IncludeNothing)
		if err != nil || got.Email.Permission != contact.Implicit {
			t.Errorf("a bounce is no opt-out: %+v, %v", got.Email, err)
		}
	})
}

func TestNoticesConcernTheAccountOfTheMailAlone(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		other := ofAccount(w.Account(t, "Other"))
		a, b := w.person(t, w.mine, "ada@example.org"), w.person(t, other, "ada@example.org")
		m := w.mailed(t, w.mine, a)
		// Another account's key tells of it: that is nothing of theirs.
		w.told = nil
		if err := w.Take(t.Context(), delivery.TellerMailgun, other.Account, []delivery.Notice{gone(m)}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(w.told, []string{"mailgun bounced stray"}) || w.now(t, w.mine, a) != "" || w.now(t, other, b) != "" {
			t.Errorf("told by another account: %v", w.told)
		}
		if err := w.Take(t.Context(), delivery.TellerMailgun, w.mine.Account, []delivery.Notice{gone(m)}); err != nil {
			t.Fatal(err)
		}
		if w.now(t, w.mine, a) != delivery.ByHard || w.now(t, other, b) != "" {
			t.Errorf("%q and %q", w.now(t, w.mine, a), w.now(t, other, b))
		}
	})
}

func TestAComplaintIsAnOptOut(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		for kind, want := range map[delivery.Kind]struct {
			reason delivery.Reason
			past   []string
		}{
			delivery.Complained: {delivery.ByComplaint, []string{
				"updated by notice: ses", "membership.removed by notice: ses", "suppressed complaint by notice: ses",
				"permission.changed Marked a mail as unwanted in their mail program. by notice: ses",
			}},
			delivery.OptedOut: {delivery.Watched, []string{
				"updated by notice: ses", "membership.removed by notice: ses",
				"permission.changed Unsubscribed in their mail program. by notice: ses",
			}},
		} {
			c := w.person(t, w.mine, kind.String()+"@example.org")
			n := delivery.Notice{Kind: kind, MessageID: w.mailed(t, w.mine, c).MessageID}
			w.take(t, delivery.TellerSES, n, n)
			got, err := w.contacts.Get(t.Context(), w.mine, c.Ref(), contact.IncludeAll)
			if err != nil || got.Email.Permission != contact.Unsubscribed || got.Email.OptOutSource != contact.SourceContact || len(got.Lists) != 0 {
				t.Errorf("%s: %+v, %v", kind, got.Email, err)
			}
			if r := w.now(t, w.mine, c); r != want.reason {
				t.Errorf("%s: suppressed %q", kind, r)
			}
			if past := w.past(t, w.mine, c); !slices.Equal(past, want.past) {
				t.Errorf("%s: history %q, want %q", kind, past, want.past)
			}
		}
	})
}

func TestWhatMatchesNothingIsKeptAWhile(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		c := w.person(t, w.mine, "ada@example.org")
		m := w.mailed(t, w.mine, c)
		altered := gone(m)
		altered.MessageID, altered.Sent = "", strings.Replace(w.paths.Of(m.Account, m.Number), "+", "+a", 1)
		none := delivery.Notice{Kind: delivery.Complained, Recipient: "who@example.org"}
		if got := w.take(t, delivery.TellerMail, altered, none); !slices.Equal(got, []string{"mail bounced stray", "mail complained stray"}) {
			t.Errorf("got %v", got)
		}
		strays, err := w.Strays(t.Context(), 10)
		if err != nil || len(strays) != 2 || strays[0].Recipient != "who@example.org" || strays[1].Reply != "550 5.1.1 nobody" {
			t.Errorf("strays %+v, %v", strays, err)
		}
		w.Clock.Move(31 * day)
		if err := w.Trim(t.Context()); err != nil {
			t.Fatal(err)
		}
		if strays, err = w.Strays(t.Context(), 10); err != nil || len(strays) != 0 {
			t.Errorf("a month later: %+v, %v", strays, err)
		}
	})
}

// What a relay has against us is nothing against the recipient.
func TestWhatTheRelaySays(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		for i, c := range []struct {
			reply string
			want  delivery.Reason
		}{
			{"550 5.1.1 unknown user", delivery.ByHard},
			{"550 No such user here", delivery.ByHard},
			{"554 5.7.1 your server is on a blocklist", ""},
			{"530 Authentication required", ""},
			{"452 4.2.2 mailbox full", ""}, // once is not enough
		} {
			p := w.person(t, w.mine, fmt.Sprintf("p%d@example.org", i))
			m := w.mailed(t, w.mine, p)
			w.Do(t, func(ctx context.Context, tx *store.Tx) error { return w.Refused(ctx, tx, m, c.reply) })
			if got := w.now(t, w.mine, p); got != c.want {
				t.Errorf("%s: %q, want %q", c.reply, got, c.want)
			}
		}
		user := message.Mail{Account: w.mine.Account, To: parsed(t, "user@example.org")}
		w.Do(t, func(ctx context.Context, tx *store.Tx) error { return w.Refused(ctx, tx, user, "550 5.1.1 unknown") })
		if _, err := w.list.Of(t.Context(), w.mine, user.To); !errors.Is(err, delivery.ErrNotSuppressed) {
			t.Errorf("a user of Kith: %v", err)
		}
	})
}

func TestArrivingAndConfirmingRelease(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		c := w.person(t, w.mine, "ada@example.org")
		for range 4 {
			w.Clock.Move(25 * time.Hour)
			w.take(t, delivery.TellerPostmark, delivery.Notice{Kind: delivery.Bounced, Cause: delivery.Full, MessageID: w.mailed(t, w.mine, c).MessageID})
		}
		if got := w.now(t, w.mine, c); got != delivery.BySoft {
			t.Fatalf("after four failures: %q", got)
		}
		w.Clock.Move(time.Hour)
		w.take(t, delivery.TellerPostmark, delivery.Notice{Kind: delivery.Arrived, MessageID: w.mailed(t, w.mine, c).MessageID})
		if got := w.now(t, w.mine, c); got != "" {
			t.Errorf("after one that arrived: %q", got)
		}
		w.Clock.Move(time.Hour)
		w.take(t, delivery.TellerPostmark, gone(w.mailed(t, w.mine, c)))
		if got := w.now(t, w.mine, c); got != delivery.ByHard {
			t.Fatalf("gone: %q", got)
		}
		w.Clock.Move(time.Hour)
		w.Do(t, func(ctx context.Context, tx *store.Tx) error {
			return hashes.Confirmed(ctx, tx, w.mine.Account, c.ID, c.Email.Address, w.mine.Origin())
		})
		if got := w.now(t, w.mine, c); got != "" {
			t.Errorf("after a confirmation: %q", got)
		}
		past := w.past(t, w.mine, c)
		if want := []string{"released arrived by notice: postmark", "released confirmed"}; len(past) != 9 || past[5] != want[0] || past[8] != want[1] {
			t.Errorf("history %q", past)
		}
		// The owner's word is told as well.
		w.Clock.Move(time.Hour)
		s, err := w.list.Add(t.Context(), w.mine, "ada@example.org", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(time.Hour)
		if err := w.list.Lift(t.Context(), w.mine, s.Hash); err != nil {
			t.Fatal(err)
		}
		if past := w.past(t, w.mine, c); !slices.Equal(past[9:], []string{"suppressed owner", "released owner"}) {
			t.Errorf("history %q", past[9:])
		}
	})
}

func TestMailThatIsTakenInIsWorkedOffOnce(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		c := w.person(t, w.mine, "ada@example.org")
		m := w.mailed(t, w.mine, c)
		path := w.paths.Of(m.Account, m.Number)
		for _, body := range []string{"gone", "panic", "hello", "gone"} {
			if err := w.Arrive(t.Context(), delivery.Arrival{Sent: path, Peer: "192.0.2.1", Body: []byte(body)}); err != nil {
				t.Fatal(err)
			}
		}
		// Two processes read at the same time.
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := w.Work(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		slices.Sort(w.told)
		if want := []string{"mail  stray", "mail  stray", "mail bounced counted", "mail bounced repeated"}; !slices.Equal(w.told, want) {
			t.Errorf("told %q, want %q", w.told, want)
		}
		if more, err := w.Work(t.Context()); more || err != nil {
			t.Errorf("once more: %v, %v", more, err)
		}
		if got := w.now(t, w.mine, c); got != delivery.ByHard {
			t.Errorf("suppressed: %q", got)
		}
		if past := w.past(t, w.mine, c); len(past) != 2 {
			t.Errorf("history %q", past)
		}
	})
}

// One mail that cannot be judged stands in nobody's way, and is given up in the
// end.
func TestAMailThatCannotBeJudged(t *testing.T) {
	eachReturns(t, func(t *testing.T, w *returns) {
		bad, good := w.person(t, w.mine, "bad@example.org"), w.person(t, w.mine, "good@example.org")
		broken, m := w.mailed(t, w.mine, bad), w.mailed(t, w.mine, good)
		notices := delivery.NewNotices(delivery.NoticeOptions{Store: failing{w.World.Notices(), broken.Number}, Hashes: hashes, Paths: w.paths, Read: readWord})
		for _, n := range []message.Mail{broken, m} {
			if err := notices.Arrive(t.Context(), delivery.Arrival{Sent: w.paths.Of(n.Account, n.Number), Body: []byte("gone")}); err != nil {
				t.Fatal(err)
			}
		}
		if more, err := notices.Work(t.Context()); more || !errors.Is(err, errBroken) {
			t.Errorf("%v, %v", more, err)
		}
		if w.now(t, w.mine, bad) != "" || w.now(t, w.mine, good) != delivery.ByHard {
			t.Errorf("suppressed %q and %q", w.now(t, w.mine, bad), w.now(t, w.mine, good))
		}
		w.Clock.Move(25 * time.Hour)
		if _, err := notices.Work(t.Context()); !errors.Is(err, errBroken) {
			t.Errorf("a day later: %v", err)
		}
		if _, err := notices.Work(t.Context()); err != nil {
			t.Errorf("and then: %v", err)
		}
		if strays, err := notices.Strays(t.Context(), 10); err != nil || len(strays) != 1 || !strings.Contains(strays[0].Reply, "log") {
			t.Errorf("strays %+v, %v", strays, err)
		}
	})
}

var errBroken = errors.New("the row is broken")

// failing is a store that cannot read one mail.
type failing struct {
	delivery.NoticeStore
	mail id.Mail
}

func (f failing) Within(ctx context.Context, fn func(context.Context, delivery.NoticeTx) error) error {
	return f.NoticeStore.Within(ctx, func(ctx context.Context, tx delivery.NoticeTx) error { return fn(ctx, failingTx{tx, f.mail}) })
}

type failingTx struct {
	delivery.NoticeTx
	mail id.Mail
}

func (f failingTx) MailByNumber(ctx context.Context, a id.Account, number id.Mail) (message.Row, error) {
	if number == f.mail {
		return message.Row{}, errBroken
	}
	return f.NoticeTx.MailByNumber(ctx, a, number)
}

func TestTheIntakeIsBounded(t *testing.T) {
	t.Parallel()
	w := storetest.SQLite(t)
	n := delivery.NewNotices(delivery.NoticeOptions{Store: w.Notices(), Hashes: hashes, Read: readWord})
	many := make([]delivery.Arrival, 4000)
	if err := n.Arrive(t.Context(), many...); err != nil {
		t.Fatal(err)
	}
	if err := n.Arrive(t.Context(), delivery.Arrival{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("one more: %v", err)
	}
	w.Do(t, func(ctx context.Context, tx *store.Tx) (err error) {
		for range 1010 {
			err = errors.Join(err, tx.PutStray(ctx, delivery.StrayNotice{At: tx.Now()}, 1000))
		}
		return err
	})
	strays, err := n.Strays(t.Context(), 5000)
	if err != nil || len(strays) != 1000 {
		t.Errorf("%d strays are kept, %v; want 1000", len(strays), err)
	}
}
