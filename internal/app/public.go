package app

import (
	"context"
	"strings"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/domain/message"
	"kith/internal/edge/page"
	"kith/internal/edge/public"
)

// newPublic returns the pages that accounts show to their contacts.
func newPublic(b *Base, r *rooms, pages *page.Set, url string) *public.Site {
	return public.New(public.Options{
		Contacts: r.contacts, Forms: r.forms, Links: newLinks(b.Key), Brands: brands{r.accounts, r.mail}, Pages: pages,
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

// brands shows accounts as their mails do. Whether one may be used is asked each
// time.
type brands struct {
	accounts *account.Service
	mails    *message.Service
}

func (s brands) Brand(ctx context.Context, number id.Account, list id.List) (public.Brand, error) {
	a, err := s.accounts.Account(ctx, number)
	if err != nil {
		return public.Brand{}, err
	}
	l, err := s.mails.Look(ctx, number, list)
	b := public.Brand{Name: l.Name, Colour: strings.TrimPrefix(l.Colour, "#"), Language: l.Language, Status: a.Status}
	if strings.HasPrefix(l.LogoURL, "https://") { // what the content policy lets through
		b.LogoURL = l.LogoURL
	}
	return b, err
}
