// Package apiv2 speaks version 2 of the API: JSON, whole numbers for ids, one
// element for each fault. Its table holds every call of the contract; what is
// not built answers 501 when everything else is right with the call. What a
// call means is decided by the domain, which knows no versions.
package apiv2

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

const prefix = "/v2"

// Contacts is what is done with contacts.
type Contacts interface {
	Create(ctx context.Context, who account.Actor, ch contact.Change, found fault.Problems) (contact.Contact, error)
	Update(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], ch contact.Change, found fault.Problems) (contact.Contact, error)
	VisitorAdds(ctx context.Context, who account.Actor, ch contact.Change, v contact.Visit, found fault.Problems) (contact.SignedUp, error)
	Remove(ctx context.Context, who account.Actor, ref id.Ref[id.Contact]) error
	Get(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], include contact.Include) (contact.Contact, error)
	List(ctx context.Context, who account.Actor, f contact.Filter, include contact.Include, r page.Request) (page.Of[contact.Contact], error)
	RemoveLists(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems) (contact.Contact, error)
	SlotFields(ctx context.Context, who account.Actor, slots []int) (map[int]contact.Field, error)
}

// Lists is what is done with lists.
type Lists interface {
	Create(ctx context.Context, who account.Actor, in list.Input, found fault.Problems) (list.List, error)
	Update(ctx context.Context, who account.Actor, ref id.Ref[id.List], in list.Input, found fault.Problems) (list.List, error)
	Get(ctx context.Context, who account.Actor, ref id.Ref[id.List], members list.Members) (list.List, error)
	List(ctx context.Context, who account.Actor, f list.Filter, r page.Request) (page.Of[list.List], error)
}

// Accounts is what is done with the caller's account.
type Accounts interface {
	Summary(ctx context.Context, by account.Actor) (account.Account, error)
	UpdateSettings(ctx context.Context, by account.Actor, in account.Settings, found fault.Problems) (account.Account, error)
	Senders(ctx context.Context, by account.Actor, f account.SenderFilter) ([]account.Sender, error)
	AddSender(ctx context.Context, by account.Actor, address string, found fault.Problems) (account.Sender, error)
}

// Activities is what is done with bulk work.
type Activities interface {
	DeleteList(ctx context.Context, who account.Actor, ref id.Ref[id.List]) (activity.Activity, error)
}

// Applications says which application a key is of; oauth.Service meets it.
type Applications interface {
	Client(ctx context.Context, clientID string) (oauth.Application, error)
}

// Options is what version 2 needs.
type Options struct {
	Accounts     Accounts
	Contacts     Contacts
	Lists        Lists
	Activities   Activities
	Applications Applications
	Credentials  request.Credentials
	Cursors      request.Cursors
	// PublicURL begins links and has no slash at its end.
	PublicURL string
}

// API is version 2. It is an http.Handler for everything below /v2.
type API struct {
	o     Options
	calls *operation.API
}

// New returns version 2.
func New(o Options) *API {
	a := &API{o: o}
	a.calls = &operation.API{
		Prefix: prefix, Operations: a.table(), IDs: ids,
		Credentials: o.Credentials, Cursors: o.Cursors,
		Form: operation.Form{
			Cursor: "next", Strict: true, Query: query,
			Beside: []string{"api_key", "access_token", "oauth2_token_provided"},
		},
		Enter:  a.enter,
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) { Refuse(w, r, o.PublicURL, err) },
	}
	a.calls.Documents = documents(a.calls, o.PublicURL)
	a.calls.Ready()
	return a
}

// ServeHTTP serves a call. A token may stand in the query instead of the
// header (v2 contract, 1.1), and a body may be compressed (5).
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if token := r.URL.Query().Get("access_token"); token != "" && r.Header.Get("Authorization") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if err := acceptable(r); err != nil {
		a.calls.Refuse(w, r, err)
		return
	}
	if strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			a.calls.Refuse(w, r, fault.ErrMalformed.Saying("The body says that it is compressed by gzip, and is not.").Because(err))
			return
		}
		r = r.Clone(r.Context())
		r.Body = struct {
			io.Reader
			io.Closer
		}{unpacked, r.Body} // what it unpacks to is bounded where it is read
		r.Header.Del("Content-Encoding")
		r.ContentLength = -1
	}
	a.calls.ServeHTTP(w, r)
}

var errAccept = fault.New(fault.Unsupported, fault.CodeAccept, "The answer is application/json, which the Accept header does not take.")

// acceptable holds a call to taking JSON (v2 contract, 5).
func acceptable(r *http.Request) error {
	accept := r.Header.Get("Accept")
	if accept == "" || strings.HasPrefix(r.URL.Path, prefix+"/openapi") {
		return nil
	}
	for part := range strings.SplitSeq(accept, ",") {
		media, _, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(media)) {
		case "application/json", "application/*", "*/*", "*":
			return nil
		}
	}
	return errAccept
}

// Faults of API keys, as the contract's gateway tells them.
var (
	errKeyMissing  = fault.New(fault.Forbidden, fault.CodeKey, "The api_key is missing; it is the application's client id.")
	errKeyUnknown  = fault.New(fault.Forbidden, fault.CodeKey, "The api_key is that of no application.")
	errKeyInactive = fault.New(fault.Forbidden, fault.CodeAppInactive, "The application of the api_key is deactivated.")
)

// enter looks at the API key that stands beside a token of an application (v2
// contract, 1.1): any application's that is active, as the contract's gateway
// does not hold it to be the token's. An access key or a session needs none.
func (a *API) enter(c *operation.Call) error {
	if c.Principal.Kind != oauth.KindToken {
		return nil
	}
	key := c.R.URL.Query().Get("api_key")
	if key == "" {
		return errKeyMissing
	}
	if key == c.Principal.Client.ClientID.String() {
		return nil
	}
	app, err := a.o.Applications.Client(c.Context(), key)
	switch {
	case fault.Is(err, fault.NotFound):
		return errKeyUnknown
	case err != nil:
		return err
	case !app.Active:
		return errKeyInactive
	}
	return nil
}
