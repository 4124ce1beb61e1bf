package apikith_test

import (
	"context"
	"testing"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/store"
)

// putMember makes a user a member of an account.
func putMember(to id.Account, user id.User, role account.Role) func(context.Context, *store.Tx) error {
	return func(ctx context.Context, tx *store.Tx) error { return tx.PutMember(ctx, to, user, role) }
}

// jo2 is a member of another account as one of the account.
func jo2(p person, s *site) person {
	p.actor.Account, p.actor.Role = s.home.ID, account.Manager
	return p
}

func (s *site) list(t *testing.T, name string) list.List {
	t.Helper()
	l, err := s.lists.Create(t.Context(), s.ines.actor, list.Input{Name: name}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// contact adds a contact on a list of its own.
func (s *site) contact(t *testing.T, address string) contact.Contact {
	t.Helper()
	l := s.list(t, "List of "+address)
	c, err := s.contacts.Create(t.Context(), s.ines.actor, contact.Change{
		Source: opt.Some(contact.SourceAccount), Email: opt.Some(contact.EmailInput{Address: address}),
		FirstName: opt.Some("Lu"), Lists: opt.Some([]id.Ref[id.List]{l.Ref()}),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// unsubscribe takes a contact off, through an application.
func (s *site) unsubscribe(t *testing.T, c contact.Contact, app oauth.Application) {
	t.Helper()
	by := s.ines.actor
	by.Via, by.Application, by.Operation = account.ViaAPI, app.UID.String(), "PUT /v3/contacts/{contact_id}"
	if _, err := s.contacts.Update(t.Context(), by, c.Ref(), contact.Change{
		Source: opt.Some(contact.SourceContact), FirstName: opt.Some("Luise"),
		Email: opt.Some(contact.EmailInput{
			Address: c.Email.Address.String(), Permission: opt.Some(contact.Unsubscribed), OptOutReason: opt.Some("too many mails"),
		}),
	}, nil); err != nil {
		t.Fatal(err)
	}
}
