package contact

import (
	"context"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
)

// Aside is what versions 1 and 2 know of a contact and version 3 does not. It
// is kept apart, since few contacts have any of it.
type Aside struct {
	Prefix, MiddleName, Department, Fax string
	// HomeSubCode and WorkSubCode are what follows the postal codes of the
	// two addresses.
	HomeSubCode, WorkSubCode string
	// HomeLines and WorkLines are the lines of the two streets, with line
	// feeds between, where there are several: a street joins them by commas.
	// Where it says something else by now, they are of no use any more.
	HomeLines, WorkLines string
}

// Street joins the lines of an address.
func Street(lines []string) string { return strings.Join(lines, ", ") }

// Limits of these (v2 contract, 7.2).
const (
	MaxPrefix  = 4
	MaxFax     = 50
	MaxSubCode = 25
)

// aside checks the values.
func (c *checker) aside(v opt.Value[Aside]) opt.Value[Aside] {
	a, ok := v.Value()
	if !ok {
		return v
	}
	for _, t := range []struct {
		path string
		text *string
		most int
	}{
		{"prefix_name", &a.Prefix, MaxPrefix},
		{"middle_name", &a.MiddleName, MaxName},
		{"department_name", &a.Department, MaxName},
		{"fax", &a.Fax, MaxFax},
		{"sub_postal_code", &a.HomeSubCode, MaxSubCode},
		{"sub_postal_code", &a.WorkSubCode, MaxSubCode},
	} {
		*t.text = strings.TrimSpace(*t.text)
		c.text(t.path, *t.text, t.most)
	}
	return opt.Some(a)
}

// Remove unsubscribes a contact for the account and takes them off every list
// (v2 contract, DELETE /contacts/{contactId}; v1 contract, DELETE). They stay,
// and the account may bring them back. Who opted out themselves stays so. It
// may be done again.
func (s *Service) Remove(ctx context.Context, who account.Actor, ref id.Ref[id.Contact]) error {
	if err := who.May(account.ContactsWrite); err != nil {
		return err
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.HoldContact(ctx, who.Account, ref)
		if err != nil {
			return err
		}
		if was.Deleted() {
			return fault.ErrNotFound
		}
		d := draft{source: SourceAccount, email: &emailDraft{event: OwnerRemoves}}
		next, err := decideChange(tx, was, d, resolved{lists: opt.Some[[]id.Ref[id.List]](nil)})
		if err != nil || next.write.Contact.ID == 0 {
			return err
		}
		return tx.WriteContact(ctx, who.Account, who.Origin(), next.write)
	})
}
