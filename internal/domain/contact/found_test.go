package contact_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/base/clock"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/testdb"
)

type noMail struct{}

func (noMail) Queue(context.Context, account.Tx, account.Mail) error { return nil }

func TestAnAccountBeginsWithItsOwnerOnOneList(t *testing.T) {
	for name, options := range map[string]func(t *testing.T) store.Options{
		"sqlite":   func(t *testing.T) store.Options { return store.Options{Path: filepath.Join(t.TempDir(), "kith.db")} },
		"postgres": func(t *testing.T) store.Options { return store.Options{DatabaseURL: testdb.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(t.Context(), options(t))
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
			contacts, lists := contact.New(s.Contacts(), contact.Options{}), list.New(s.Lists())
			accounts := account.NewService(account.Options{
				Store: s.Accounts(), Clock: clock.System{}, Mailer: noMail{}, Founder: contacts.Founder(),
				Limiter: account.NewLimiter(s.Accounts(), clock.System{}, false), PublicURL: "http://kith.test", Signup: account.SignupOpen,
			})
			organization := strings.Repeat("ö", 60)
			for _, c := range []struct {
				in      account.SignUp
				company string
				phones  int
			}{
				{
					account.SignUp{Email: "Ines@example.org", Password: "correct horse", FirstName: "Ines", LastName: "Roy", Organization: organization, Phone: "+49 30 123"},
					organization[:100], 1,
				},
				{account.SignUp{Email: "bare@example.org", Password: "correct horse"}, "", 0},
			} {
				u, a, err := accounts.SignUp(t.Context(), account.Actor{Via: account.ViaWeb, Operation: "web sign-up"}, c.in)
				if err != nil {
					t.Fatalf("%s: %v", c.in.Email, err)
				}
				owner := account.Actor{Account: a.ID, User: u.ID, Role: account.Owner}
				have, err := contacts.List(t.Context(), owner, contact.Filter{}, contact.IncludeAll, page.Request{Limit: 10, Count: true})
				if err != nil || len(have.Items) != 1 || have.Total != 1 {
					t.Fatalf("%s: contacts %+v, %v", c.in.Email, have, err)
				}
				got := have.Items[0]
				if got.Email.Address != u.Email || got.Email.Permission != contact.Implicit || got.FirstName != c.in.FirstName ||
					got.LastName != c.in.LastName || got.CompanyName != c.company || len(got.Phones) != c.phones || got.CreateSource != contact.SourceAccount {
					t.Errorf("%s: the owner is %+v", c.in.Email, got)
				}
				all, err := lists.List(t.Context(), owner, list.Filter{}, page.Request{Limit: 10})
				if err != nil || len(all.Items) != 1 || all.Items[0].Name != contact.FirstList {
					t.Fatalf("%s: lists %+v, %v", c.in.Email, all, err)
				}
				if len(got.Lists) != 1 || got.Lists[0] != all.Items[0].Ref() {
					t.Errorf("%s: the owner is on %v, want %v", c.in.Email, got.Lists, all.Items[0].Ref())
				}
			}
		})
	}
}
