// Package apikith speaks Kith's own API, /kith/v1: what the v3 contract lacks.
// The web app lives on it and on v3; scripts may. Its conventions are those of
// v3, and docs/kith-api.md shows every body. What a call means is decided by
// the domain.
package apikith

import (
	"context"
	"io"
	"net/http"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/delivery"
	"kith/internal/domain/form"
	"kith/internal/domain/list"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/domain/trace"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

const prefix = "/kith/v1"

// Accounts is what is done with the caller's account and its users;
// account.Service meets it.
type Accounts interface {
	User(ctx context.Context, number id.User) (account.User, error)
	Accounts(ctx context.Context, number id.User) ([]account.Membership, error)
	ChangePassword(ctx context.Context, by account.Actor, current, password string) (account.User, error)

	Summary(ctx context.Context, by account.Actor) (account.Account, error)
	UpdateSettings(ctx context.Context, by account.Actor, in account.Settings, problems fault.Problems) (account.Account, error)

	AskSender(ctx context.Context, by account.Actor, number id.Sender) error
	DropSender(ctx context.Context, by account.Actor, number id.Sender) error

	Members(ctx context.Context, by account.Actor) ([]account.Member, error)
	ChangeRole(ctx context.Context, by account.Actor, user id.UID, role account.Role) error
	RemoveMember(ctx context.Context, by account.Actor, user id.UID) error
	Invitations(ctx context.Context, by account.Actor) ([]account.Invitation, error)
	Invite(ctx context.Context, by account.Actor, address string, role account.Role) (account.Invitation, error)
	Withdraw(ctx context.Context, by account.Actor, invitation string) error
}

// Sessions is what is done with the session of the browser that calls.
type Sessions interface {
	Switch(w http.ResponseWriter, r *http.Request, to id.UID) error
	// Renew keeps the session after its user changed the password, which ends
	// all others.
	Renew(w http.ResponseWriter, r *http.Request, u account.User) error
}

// Applications is what is done with applications and access keys;
// oauth.Service meets it.
type Applications interface {
	Applications(ctx context.Context, actor account.Actor) ([]oauth.Application, error)
	Application(ctx context.Context, actor account.Actor, client id.UID) (oauth.Application, error)
	CreateApplication(ctx context.Context, actor account.Actor, c oauth.ApplicationChange, problems fault.Problems) (oauth.Application, error)
	UpdateApplication(ctx context.Context, actor account.Actor, client id.UID, c oauth.ApplicationChange, problems fault.Problems) (oauth.Application, error)
	DeleteApplication(ctx context.Context, actor account.Actor, client id.UID) error
	NewSecret(ctx context.Context, actor account.Actor, client id.UID, replace bool) (secret string, a oauth.Application, err error)
	SetActive(ctx context.Context, actor account.Actor, client id.UID, active bool) (oauth.Application, error)
	RateOf(a oauth.Application) oauth.Rate

	AccessKeys(ctx context.Context, actor account.Actor) ([]oauth.AccessKey, error)
	CreateAccessKey(ctx context.Context, actor account.Actor, n oauth.NewAccessKey, problems fault.Problems) (key string, k oauth.AccessKey, err error)
	RevokeAccessKey(ctx context.Context, actor account.Actor, key id.UID) error
}

// Contacts is what is read of contacts; contact.Service meets it.
type Contacts interface {
	List(ctx context.Context, who account.Actor, f contact.Filter, include contact.Include, r page.Request) (page.Of[contact.Contact], error)
	History(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], r page.Request) (page.Of[contact.HistoryEntry], error)
	Fields(ctx context.Context, who account.Actor) ([]contact.Field, error)
	SetSlot(ctx context.Context, who account.Actor, ref id.Ref[id.Field], slot int, found fault.Problems) (contact.Field, error)
	OptIn(ctx context.Context, who account.Actor) (contact.OptIn, error)
	SetOptIn(ctx context.Context, who account.Actor, o contact.OptIn, found fault.Problems) (contact.OptIn, error)
	Offers(ctx context.Context, who account.Actor) ([]id.List, error)
	Offer(ctx context.Context, who account.Actor, ref id.Ref[id.List], on bool, found fault.Problems) error
	ListOptIn(ctx context.Context, who account.Actor, ref id.Ref[id.List]) (contact.ListOptIn, error)
	SetListOptIn(ctx context.Context, who account.Actor, ref id.Ref[id.List], l contact.ListOptIn, found fault.Problems) (contact.ListOptIn, error)
}

// Lists is what is read of lists; list.Service meets it.
type Lists interface {
	List(ctx context.Context, who account.Actor, f list.Filter, r page.Request) (page.Of[list.List], error)
}

// Segments is what is tried with criteria; segment.Service meets it.
type Segments interface {
	Preview(ctx context.Context, who account.Actor, d segment.Draft, sample int, found fault.Problems) (segment.Preview, error)
}

// Imports is what is done with files of contacts, and with bulk work of every
// kind; activity.Service meets it.
type Imports interface {
	// Receive keeps a file while it arrives; what it refuses is not kept.
	Receive(ctx context.Context, who account.Actor, name string, body io.Reader) (activity.Upload, error)
	Discard(ctx context.Context, who account.Actor, upload id.Ref[id.Blob]) error
	Preview(ctx context.Context, who account.Actor, upload id.Ref[id.Blob]) (activity.Preview, error)
	Rehearse(ctx context.Context, who account.Actor, in activity.Import, found fault.Problems) (activity.Rehearsal, error)
	Import(ctx context.Context, who account.Actor, in activity.Import, found fault.Problems) (activity.Activity, error)
	Get(ctx context.Context, who account.Actor, ref id.Ref[id.Activity]) (activity.Activity, error)
	Rejects(ctx context.Context, who account.Actor, ref id.Ref[id.Activity], r page.Request) (page.Of[activity.Reject], error)
	Cancel(ctx context.Context, who account.Actor, ref id.Ref[id.Activity]) (activity.Activity, error)
	List(ctx context.Context, who account.Actor, f activity.Filter, r page.Request) (page.Of[activity.Activity], error)
	Begin(ctx context.Context, who account.Actor, b activity.Bulk, found fault.Problems) (activity.Activity, error)
	Export(ctx context.Context, who account.Actor, in activity.Export, found fault.Problems) (activity.Activity, error)
	ExportColumns(ctx context.Context, who account.Actor) ([]activity.ExportColumn, error)
}

// Mails is the outbox; message.Service meets it.
type Mails interface {
	List(ctx context.Context, who account.Actor, f message.Filter, r page.Request) (page.Of[message.Mail], error)
	Counts(ctx context.Context, who account.Actor) (map[message.State]int64, error)
	Get(ctx context.Context, who account.Actor, number id.Mail) (message.Opened, error)
	SendAgain(ctx context.Context, who account.Actor, number id.Mail) error
	SendAllAgain(ctx context.Context, who account.Actor, in message.State, problems fault.Problems) (queued int, err error)
}

// Templates is what mails say and how they introduce themselves;
// message.Service meets it.
type Templates interface {
	Templates(ctx context.Context, who account.Actor) ([]message.Saying, error)
	Template(ctx context.Context, who account.Actor, k message.Kind, language string) (message.Saying, error)
	TemplateTags(ctx context.Context, who account.Actor, k message.Kind) ([]string, error)
	PutTemplate(ctx context.Context, who account.Actor, k message.Kind, language string, in message.ContentInput, found fault.Problems) (message.Saying, error)
	DropTemplate(ctx context.Context, who account.Actor, k message.Kind, language string) error
	Preview(ctx context.Context, who account.Actor, k message.Kind, language string, in *message.ContentInput, found fault.Problems) (message.Mail, error)
	SendTest(ctx context.Context, who account.Actor, k message.Kind, language string, in *message.ContentInput, found fault.Problems) (email.Address, error)

	Brand(ctx context.Context, who account.Actor, of id.Ref[id.List]) (message.Brand, error)
	PutBrand(ctx context.Context, who account.Actor, of id.Ref[id.List], in message.BrandInput, found fault.Problems) (message.Brand, error)
}

// Forms is what is done with sign-up forms; form.Service meets it.
type Forms interface {
	List(ctx context.Context, who account.Actor, r page.Request) (page.Of[form.Form], error)
	Get(ctx context.Context, who account.Actor, uid id.UID) (form.Form, error)
	Create(ctx context.Context, who account.Actor, in form.Written, found fault.Problems) (form.Form, error)
	Update(ctx context.Context, who account.Actor, uid id.UID, in form.Written, found fault.Problems) (form.Form, error)
	Delete(ctx context.Context, who account.Actor, uid id.UID) error
	Rehearse(ctx context.Context, who account.Actor, in form.Written, found fault.Problems) (*form.Open, error)
}

// FormPages shows owners what others see of their forms; public.Site meets it.
type FormPages interface {
	FormPreview(ctx context.Context, o *form.Open) (string, error)
	FormSnippets(ctx context.Context, o *form.Open) (plain, script string, err error)
}

// Deliveries tells how mails travelled; delivery.History meets it.
type Deliveries interface {
	Attempts(ctx context.Context, who account.Actor, mail id.Mail) ([]delivery.Attempt, error)
	Troubles(ctx context.Context, who account.Actor) ([]delivery.RelayState, error)
}

// Requests is the request log; trace.Service meets it.
type Requests interface {
	List(ctx context.Context, who account.Actor, f trace.Filter, r page.Request) (page.Of[trace.Request], error)
	Get(ctx context.Context, who account.Actor, request id.UID) (trace.Opened, error)
}

// Options is what the API needs; all of it is required.
type Options struct {
	Accounts     Accounts
	Sessions     Sessions
	Applications Applications
	Contacts     Contacts
	Lists        Lists
	Segments     Segments
	Forms        Forms
	FormPages    FormPages
	Imports      Imports
	Mails        Mails
	Templates    Templates
	Deliveries   Deliveries
	Requests     Requests
	Domains      Domains
	Suppressions Suppressions
	NoticeKeys   NoticeKeys
	Bounces      Bounces
	Credentials  request.Credentials
	Cursors      request.Cursors

	// Remedy says what to do about a code, in paragraphs.
	Remedy func(code string) []string
	// PublicURL begins links and the addresses that applications use; without
	// a slash at its end.
	PublicURL string
	// Version is the program's, Signup who may sign up.
	Version string
	Signup  account.Policy
	// Relay says that mail leaves the server; otherwise it stays in the
	// outbox.
	Relay bool
}

// API is Kith's own API.
type API struct {
	o Options
}

// New returns the handler of everything below /kith/v1.
func New(o Options) http.Handler {
	a := &API{o: o}
	served := a.served()
	served.Documents = documents(served, o.PublicURL)
	return served.Ready()
}

// served is the table with what it is served by.
func (a *API) served() *operation.API {
	return &operation.API{
		Prefix:      prefix,
		Operations:  a.table(),
		IDs:         ids,
		Credentials: a.o.Credentials,
		Cursors:     a.o.Cursors,
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) {
			Refuse(w, r, a.o.PublicURL, err)
		},
	}
}
