package app

import (
	"kith/internal/base/clock"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/message"
	"kith/internal/edge/page"
	"kith/internal/edge/topic"
	"kith/internal/edge/webapp"
	"kith/web"
)

// newAccounts returns the service of accounts and users. setup is the set-up
// code, or empty where none is asked for.
func newAccounts(b *Base, mails *message.Service, public, setup string) *account.Service {
	kept := b.Store.Accounts()
	return account.NewService(account.Options{
		Store: kept, Clock: clock.System{}, Mailer: mails.Mailer(), Founder: contact.New(b.Store.Contacts(), contact.Options{}).Founder(),
		Limiter:   account.NewLimiter(kept, clock.System{}, b.Config.AbuseLimits),
		PublicURL: public, Signup: account.Policy(b.Config.Signup), SetupCode: setup,
	})
}

// newPages returns the pages and who is signed in on them.
func newPages(b *Base, accounts *account.Service, pages *page.Set, topics topic.Topics, public string) (*webapp.App, *webapp.Sessions, error) {
	sessions := webapp.NewSessions(accounts, b.Store.Sessions(), public, clock.System{})
	app, err := webapp.New(webapp.Options{
		Accounts: accounts, Sessions: sessions, Pages: pages, UI: web.App(), Topics: topics,
		PublicURL: public, Mail: !b.Config.SMTPURL.IsZero(),
	})
	return app, sessions, err
}
