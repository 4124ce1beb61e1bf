package app

import (
	"context"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/edge/page"
	"kith/internal/edge/public"
)

// newPublic returns the pages that accounts show to their contacts.
func newPublic(b *Base, accounts *account.Service, contacts *contact.Service, forms *form.Service, pages *page.Set, url string) *public.Site {
	return public.New(public.Options{
		Contacts: contacts, Forms: forms, Links: newLinks(b.Key), Brands: brands{accounts}, Pages: pages,
		Limiter: account.NewLimiter(b.Store.Accounts(), clock.System{}, b.Config.AbuseLimits),
		Clock:   clock.System{}, PublicURL: url,
	})
}

// newForms returns the service of sign-up forms.
func newForms(b *Base, contacts *contact.Service) *form.Service {
	return form.New(form.Options{Store: b.Store.Forms(), Contacts: contacts, Key: b.Key.Derive(secret.Links)})
}

// newLinks returns what signs and reads the links in mails to contacts.
func newLinks(key secret.Key) contact.Links { return contact.NewLinks(key.Derive(secret.Links)) }

// brands shows accounts as their settings say.
type brands struct{ accounts *account.Service }

func (s brands) Brand(ctx context.Context, number id.Account, _ id.List) (public.Brand, error) {
	a, err := s.accounts.Account(ctx, number)
	return public.Brand{Name: a.Name(), LogoURL: a.LogoURL, Status: a.Status}, err
}
