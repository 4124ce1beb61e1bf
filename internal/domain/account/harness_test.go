package account_test

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/store"
	"kith/internal/testdb"
)

// world is a service over a real store, with mail and founding faked.
type world struct {
	*account.Service
	store   *store.Store
	clock   *clock.Settable
	mail    *mailbox
	founder *founder
}

// mailbox takes what would be sent. Only what was kept counts: a unit of work
// may run more than once.
type mailbox struct {
	mu   sync.Mutex
	sent []account.Mail
}

func (m *mailbox) Queue(_ context.Context, _ account.Tx, mail account.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, mail)
	return nil
}

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sent)
}

// token returns the token in the link of the last mail of a kind.
func (m *mailbox) token(t *testing.T, kind account.LinkKind) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, mail := range slices.Backward(m.sent) {
		if mail.Kind == kind {
			return tokenIn(t, mail.Link)
		}
	}
	t.Fatalf("no mail of kind %s", kind)
	return ""
}

var tokenPattern = regexp.MustCompile(`http://kith\.test/[a-z]+\?token=([A-Z2-7]+)`)

func tokenIn(t *testing.T, text string) string {
	t.Helper()
	m := tokenPattern.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no link in %q", text)
	}
	return m[1]
}

// founder notes which accounts it furnished.
type founder struct {
	mu       sync.Mutex
	accounts map[id.Account]account.Actor
	err      error
}

func (f *founder) Prepare(_ context.Context, number id.Account) (account.Found, error) {
	return func(ctx context.Context, tx account.Tx, a account.Account, owner account.User, by account.Actor) error {
		if _, err := tx.MemberRole(ctx, a.ID, owner.ID); err != nil {
			return err // the owner is there before the furniture
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.accounts[number] = by
		return f.err
	}, nil
}

type setting func(*account.Options)

func policy(p account.Policy) setting { return func(o *account.Options) { o.Signup = p } }

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, w *world), settings ...setting) {
	t.Helper()
	t.Parallel()
	run := func(t *testing.T, o store.Options) {
		c := clock.NewSettable(time.Date(2026, 3, 1, 17, 5, 9, 0, time.UTC))
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
		w := &world{store: s, clock: c, mail: &mailbox{}, founder: &founder{accounts: map[id.Account]account.Actor{}}}
		w.Service = account.NewService(w.options(settings...))
		test(t, w)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run(t, store.Options{DatabaseURL: testdb.Postgres(t)})
	})
}

// options are those of one process; a second service over them stands for a
// second process.
func (w *world) options(settings ...setting) account.Options {
	o := account.Options{
		Store: w.store.Accounts(), Clock: w.clock, Mailer: w.mail, Founder: w.founder,
		PublicURL: "http://kith.test", Signup: account.SignupOpen,
	}
	o.Limiter = account.NewLimiter(o.Store, w.clock, true)
	for _, set := range settings {
		set(&o)
	}
	return o
}

var (
	web     = account.Actor{Via: account.ViaWeb, Operation: "web sign-up", Address: "192.0.2.7"}
	command = account.Actor{Via: account.ViaCommand, Operation: "kith account create"}
)

const password = "correct horse"

// signUp makes an account with its owner and returns the owner as an actor.
func (w *world) signUp(t *testing.T, email string) (account.Actor, account.User, account.Account) {
	t.Helper()
	u, a, err := w.CreateAccount(t.Context(), command, account.SignUp{
		Email: email, Password: password, FirstName: "Ines", LastName: "Roy", Organization: "Roy & Co", Phone: "+49 30 123",
	})
	if err != nil {
		t.Fatalf("sign up %s: %v", email, err)
	}
	return w.actor(t, u, a), u, a
}

func (w *world) actor(t *testing.T, u account.User, a account.Account) account.Actor {
	t.Helper()
	actor, _, err := w.ActorFor(t.Context(), u.ID, a.ID)
	if err != nil {
		t.Fatalf("actor: %v", err)
	}
	actor.Via, actor.Address = account.ViaWeb, "192.0.2.7"
	return actor
}

// join invites somebody, who accepts.
func (w *world) join(t *testing.T, by account.Actor, email string, role account.Role) (account.Actor, account.User) {
	t.Helper()
	if _, err := w.Invite(t.Context(), by, email, role); err != nil {
		t.Fatalf("invite: %v", err)
	}
	u, a, err := w.AcceptInvite(t.Context(), w.mail.token(t, account.LinkInvite), account.NewUser{Password: password, FirstName: "Kim"})
	if err != nil {
		t.Fatalf("accept: %v", err)
	}
	return w.actor(t, u, a), u
}

// epoch reads what tokens compare with.
func (w *world) epoch(t *testing.T) (n int64) {
	t.Helper()
	err := w.store.View(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.CredentialEpoch(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// feels fails the test when what do does is not felt by tokens.
func (w *world) feels(t *testing.T, what string, do func() error) {
	t.Helper()
	before := w.epoch(t)
	if err := do(); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	if w.epoch(t) == before {
		t.Errorf("%s: not felt by tokens", what)
	}
}
