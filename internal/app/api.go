package app

import (
	"net/http"

	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/delivery"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/domain/trace"
	"kith/internal/edge/apikith"
	"kith/internal/edge/apiv2"
	"kith/internal/edge/apiv3"
	"kith/internal/edge/request"
	"kith/internal/edge/webapp"
)

// newV3 returns version 3 of the API.
func newV3(b *Base, accounts *account.Service, contacts *contact.Service, bulk *activity.Service, tokens *oauth.Service, sessions *webapp.Sessions, public string) http.Handler {
	return apiv3.New(apiv3.Options{
		Accounts: accounts, Contacts: contacts, Lists: list.New(b.Store.Lists()),
		Segments:    segment.New(b.Store.Segments()),
		Activities:  bulk,
		Credentials: request.Credentials{Verifier: tokens, Sessions: sessions},
		Cursors:     request.NewCursors(b.Key.Derive(secret.Cursors)),
		PublicURL:   public,
	})
}

// newKith returns Kith's own API.
func newKith(b *Base, r *rooms, forms apikith.FormPages, sessions *webapp.Sessions, public, version string) http.Handler {
	return apikith.New(apikith.Options{
		Accounts: r.accounts, Sessions: sessions, Applications: r.oauth, Contacts: r.contacts,
		Lists: list.New(b.Store.Lists()), Segments: segment.New(b.Store.Segments()), Imports: r.bulk, Mails: r.mail, Templates: r.mail, Deliveries: delivery.NewHistory(b.Store.Deliveries()),
		Forms: r.forms, FormPages: forms,
		Suppressions: r.suppressions, NoticeKeys: r.noticeKeys,
		Bounces:  apikith.Bounces{Address: b.Config.BounceAddress.String(), TakenIn: !b.Config.BounceListen.Off()},
		Requests: trace.New(b.Store.Traces()), Remedy: r.topics.Remedy,
		Domains:     r.domains,
		Credentials: request.Credentials{Verifier: r.oauth, Sessions: sessions},
		Cursors:     request.NewCursors(b.Key.Derive(secret.Cursors)),
		PublicURL:   public, Version: version, Signup: account.Policy(b.Config.Signup), Relay: len(r.relays) > 0,
	})
}

// newV2 returns version 2 of the API.
func newV2(b *Base, r *rooms, sessions *webapp.Sessions, public string) http.Handler {
	return apiv2.New(apiv2.Options{
		Accounts: r.accounts, Contacts: r.contacts, Lists: list.New(b.Store.Lists()), Activities: r.bulk, Applications: r.oauth,
		Credentials: request.Credentials{Verifier: r.oauth, Sessions: sessions},
		Cursors:     request.NewCursors(b.Key.Derive(secret.Cursors)),
		PublicURL:   public,
	})
}
