package form

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// Contacts is what a sign-up asks of contacts; contact.Service meets it.
type Contacts interface {
	VisitorAdds(ctx context.Context, who account.Actor, ch contact.Change, v contact.Visit, found fault.Problems) (contact.SignedUp, error)
}

// Visitor is who fills in a form.
type Visitor struct {
	// Address is the network address; Request the request's id.
	Address, Request string
	// Shown is what they agreed to, as it stood.
	Shown string
	// Pass shows that they are a person.
	Pass Pass
}

// SignUp signs up whoever filled in a form. What comes of it is not told, since
// who asks may be anybody: a contact who is known changes only where the form
// may update them, and gets a mail otherwise.
//
// It fails with every problem of the answers, under the names of inputs; one
// under no name means that the form has changed since it was shown. Only where
// there is none, it fails with ErrUnproven and ErrSoon.
func (s *Service) SignUp(ctx context.Context, o *Open, a Answers, by Visitor) error {
	ch, found := o.read(a)
	for _, p := range contact.Faults(ch, s.o.Store.Now()) {
		if p.Path = o.inputOf(p.Path); !found.Has(p.Path) {
			found = append(found, p)
		}
	}
	if len(found) > 0 {
		return found.Err()
	}
	if err := s.Check(o, by.Pass, a.Address()); err != nil {
		return err
	}
	who := account.Actor{
		Account: o.Account, Role: account.Manager, Via: account.ViaPublic, Request: by.Request, Address: by.Address,
		Operation: fmt.Sprintf("sign-up form %d: %s", o.ID, o.Name),
	}
	_, err := s.o.Contacts.VisitorAdds(ctx, who, ch, contact.Visit{
		Form: o.ID, Shown: by.Shown, Language: string(o.Language), Stays: !o.MayUpdate,
	}, nil)
	if f := fault.Of(err); err != nil && len(f.Problems) > 0 {
		is := *f
		is.Problems = slices.Clone(f.Problems)
		for i := range is.Problems {
			is.Problems[i].Path = o.inputOf(is.Problems[i].Path)
		}
		return &is
	}
	return err
}
