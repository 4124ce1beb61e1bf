package public

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
)

// open reads the link in the address of a page and gives the visit the face of
// the account that it is of. It holds the link to the purposes. The account may
// be suspended or closed: see active.
func (s *Site) open(r *http.Request, v *visit, purposes ...contact.Purpose) (contact.Link, error) {
	l, err := s.o.Links.Read(r.PathValue("link"), s.o.Clock.Now())
	ended := fault.Is(err, fault.Gone)
	if err == nil && !slices.Contains(purposes, l.Purpose) {
		err = contact.ErrPurpose
	}
	if err != nil && !ended {
		return l, s.missed(r.Context(), v, err)
	}
	request.Of(r.Context()).Account = l.Account
	list := id.List(0)
	if l.Purpose == contact.ToPreferences || l.Purpose == contact.ToUnsubscribe {
		list = id.List(l.Ref)
	}
	if face := s.belongs(r, v, l.Account, list); face != nil {
		return l, face
	}
	return l, err
}

// errNobody is the link of a contact who was erased.
var errNobody = fault.New(fault.Gone, fault.CodeErased, "Nothing is kept about the contact of this link.")

// there returns errNobody for a contact who is not there.
func there(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errNobody.Because(err)
	}
	return err
}

// missed counts a link that is none of ours. Who opens whole links is never
// counted.
func (s *Site) missed(ctx context.Context, v *visit, why error) error {
	try := account.Try{Kind: "public link", Address: v.Peer}
	if err := s.o.Limiter.Allow(ctx, try); err != nil {
		return err
	}
	if err := s.o.Limiter.Failed(ctx, try); err != nil {
		return err
	}
	return why
}

// active fails where the account may not be used. To unsubscribe is possible
// all the same: that is the contact's right and not the account's business.
func (v *visit) active() error { return account.Account{Status: v.Status}.Usable() }

// self is the contact of a link who presses a button: what the page is called,
// and the text that stood beside the button.
func (v *visit) self(l contact.Link, operation, shown string) contact.Self {
	return contact.Self{Link: l, Address: v.Peer, Operation: operation, Shown: shown}
}

// address returns where a page of the contact of a link is.
func (s *Site) address(v *visit, l contact.Link, p contact.Purpose, below string, query ...string) string {
	l.Purpose = p
	path := "/p/preferences/"
	if p == contact.ToUnsubscribe {
		path = "/u/"
	}
	q := url.Values{}
	if v.asked != "" {
		q.Set("lang", v.asked)
	}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			q.Set(query[i], query[i+1])
		}
	}
	return (&url.URL{Path: path + s.o.Links.Text(l) + below, RawQuery: q.Encode()}).String()
}

// goOn answers a form with the page that follows it, so that loading that page
// again sends nothing twice.
func goOn(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Cache-Control", "no-store")
	page.Protect(w.Header())
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // G710: a page of ours, whose address this package made
	return nil
}
