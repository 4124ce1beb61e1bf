package storetest

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/store"
	"kith/internal/testdb"
)

// World is a database that several processes may share, with real accounts and
// users in it, and a clock that stands until the test moves it.
type World struct {
	*store.Store
	Clock   *clock.Settable
	options store.Options
}

// EachWorld is Each for tests that need people or a second process.
func EachWorld(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, store.Options{DatabaseURL: testdb.Postgres(t)}))
	})
}

// SQLite returns a World on a fresh file.
func SQLite(t testing.TB) *World {
	t.Helper()
	return newWorld(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")})
}

func newWorld(t testing.TB, o store.Options) *World {
	t.Helper()
	c := clock.NewSettable(Start)
	o.Clock = c
	return &World{Store: Open(t, o), Clock: c, options: o}
}

// Again opens the same database once more, as another process would.
func (w *World) Again(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, w.options)
}

// Do runs a unit of work that must succeed.
func (w *World) Do(t testing.TB, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := w.Within(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// Account adds an account.
func (w *World) Account(t testing.TB, organization string) account.Account {
	t.Helper()
	n, err := w.Numbers(t.Context(), 0, store.KindAccount, 1)
	if err != nil {
		t.Fatal(err)
	}
	var a account.Account
	w.Do(t, func(ctx context.Context, tx *store.Tx) error {
		a = account.Account{
			ID: id.Account(n), UID: tx.UID(), EncodedID: "a" + strconv.FormatInt(n, 36), Status: account.Active,
			Organization: organization, TimeZone: "UTC", Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		return tx.InsertAccount(ctx, a)
	})
	return a
}

// User adds a user at home in an account and returns them as an actor there.
func (w *World) User(t testing.TB, home account.Account, address string, role account.Role) (account.Actor, account.User) {
	t.Helper()
	n, err := w.Numbers(t.Context(), 0, store.KindUser, 1)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := email.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var u account.User
	w.Do(t, func(ctx context.Context, tx *store.Tx) error {
		u = account.User{
			ID: id.User(n), UID: tx.UID(), Username: address, Email: parsed, FirstName: "Ann", LastName: "Moor",
			Home: home.ID, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := tx.InsertUser(ctx, u, "no password"); err != nil {
			return err
		}
		return tx.PutMember(ctx, home.ID, u.ID, role)
	})
	return account.Actor{Account: home.ID, User: u.ID, Role: role, Via: account.ViaWeb}, u
}
