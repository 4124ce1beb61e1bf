package contact

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
)

// SignedUp is what became of a sign-up.
type SignedUp struct {
	Contact id.Ref[id.Contact]
	// Made says that the contact was not there before.
	Made bool
}

// SignUp adds a contact who signed up, or updates the one who has the address
// or the number for short messages (v3 contract, POST
// /contacts/sign_up_form). The caller states that it was the person's own act,
// so they are subscribed from then on, also who had unsubscribed or was
// deleted; with confirmed opt-in they are asked first. Nothing is taken away:
// values that are not given stay, lists are joined, custom fields, the phone
// and the address of a kind are set beside those that are there. The change's
// own source is not looked at.
func (s *Service) SignUp(ctx context.Context, who account.Actor, ch Change, found fault.Problems) (SignedUp, error) {
	return s.comes(ctx, who, waySignUp, ch, Visit{}, found)
}

// Visit is what a form tells of somebody who signs up through it. It is the
// zero value where there is none.
type Visit struct {
	Form id.Form
	// Shown is the text about what they agree to, which the consent ledger
	// keeps; Language that of the letters, or empty for the account's.
	Shown, Language string
	// Stays says that nothing of a contact who is known already changes: they
	// get a mail by which they can change it themselves.
	Stays bool
}

// VisitorAdds is SignUp by somebody who may be anybody: our own forms, v2
// ACTION_BY_VISITOR, v1 ACTION_BY_CONTACT. Of who opted out themselves nothing
// changes: they get a mail that asks what they want, at most one in AskRest,
// and come back by its answer alone.
func (s *Service) VisitorAdds(ctx context.Context, who account.Actor, ch Change, v Visit, found fault.Problems) (SignedUp, error) {
	return s.comes(ctx, who, wayVisitor, ch, v, found)
}

func (s *Service) comes(ctx context.Context, who account.Actor, by way, ch Change, v Visit, found fault.Problems) (SignedUp, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return SignedUp{}, err
	}
	ch.Source = opt.Some(SourceContact)
	d, found := check(ch, "", s.store.Now(), found)
	if lists, _ := ch.Lists.Value(); len(lists) == 0 && !found.Has("list_memberships") {
		found.Add("list_memberships", codeRequired, "is missing; it names one to fifty lists")
	}
	if d.email == nil && d.sms == nil && !found.Has("email_address.address") {
		found.Add("email_address.address", codeRequired, "is missing, and so is sms_channel; one of them says who signed up")
	}
	if d.signsUp = true; d.email != nil {
		d.email.permission, d.email.event, d.email.shown = NoPermission, SignsUp, v.Shown
		if by == wayVisitor {
			d.email.event = VisitorAdds
		}
	}
	if len(found) > 0 {
		return SignedUp{}, s.refuse(ctx, who.Account, d, found)
	}
	number, err := s.store.ContactNumber(ctx, who.Account)
	if err != nil {
		return SignedUp{}, err
	}
	// Who is not there when it is looked for may be there when it is written:
	// then another unit of work has ended, and the second look finds them.
	for range 3 {
		var up SignedUp
		err = s.whetherErased(ctx, who.Account, d, func(ctx context.Context, tx Tx, d draft) (err error) {
			up, err = s.signUp(ctx, tx, who, by, number, d, v)
			return err
		})
		if !isTaken(err) {
			return up, err
		}
	}
	return SignedUp{}, err
}

func (s *Service) signUp(ctx context.Context, tx Tx, who account.Actor, by way, number id.Contact, d draft, v Visit) (SignedUp, error) {
	r, found, err := resolve(ctx, tx, who.Account, d, nil)
	if err := cmp.Or(err, found.Err()); err != nil {
		return SignedUp{}, err
	}
	c := coming{way: by, source: SourceContact, lists: numbers(r.lists.Or(nil)), stays: v.Stays}
	if c.optIn, err = tx.OptIn(ctx, who.Account, c.lists); err != nil {
		return SignedUp{}, err
	}
	d = d.confirmed(c.optIn.Asks(c.lists))
	is, err := whoSignsUp(ctx, tx, who.Account, d)
	if fault.Is(err, fault.NotFound) {
		made, err := decideNew(tx, number, d, r)
		if err != nil {
			return SignedUp{}, err
		}
		c.is = made.is
		return SignedUp{made.is.Ref(), true}, s.keep(ctx, tx, who, c, made.write, v)
	}
	if err != nil {
		return SignedUp{}, err
	}
	if c.was, err = tx.HoldContact(ctx, who.Account, is.Ref()); err != nil {
		return SignedUp{}, err
	}
	next := decision{is: c.was}
	if !c.leftAlone() {
		if v.Stays && !c.was.Deleted() {
			// Who has not confirmed yet joins lists, and no more: what is known of
			// them is no stranger's to change.
			d, r = draft{source: d.source, email: d.email, lists: d.lists, signsUp: d.signsUp}, resolved{lists: r.lists}
		}
		if next, err = decideSignUp(tx, c.was, d, r); err != nil {
			return SignedUp{}, err
		}
	}
	c.is = next.is
	return SignedUp{Contact: c.was.Ref()}, s.keep(ctx, tx, who, c, next.write, v)
}

// whoSignsUp finds the contact that a sign-up is about: who has the address, or
// where no address is given or nobody has it, who has the number. A number of
// somebody else, with an address of their own, is ErrSMSTaken.
func whoSignsUp(ctx context.Context, tx Tx, a id.Account, d draft) (Contact, error) {
	if d.email != nil {
		is, err := tx.ContactByAddress(ctx, a, d.email.address)
		if err == nil {
			err = smsFree(ctx, tx, a, d.sms, is.ID)
		}
		if !fault.Is(err, fault.NotFound) || d.sms == nil {
			return is, err
		}
	}
	is, err := tx.ContactBySMS(ctx, a, d.sms.number)
	if err == nil && d.email != nil && !is.Email.Address.IsZero() {
		err = smsFree(ctx, tx, a, d.sms, 0)
	}
	return is, err
}

// decideSignUp changes a contact who signs up. The write is zero where nothing
// would change.
func decideSignUp(m maker, was Contact, d draft, r resolved) (decision, error) {
	d, r, found := beside(was, d, r)
	if err := found.Err(); err != nil {
		return decision{}, err
	}
	return decideChange(m, was, d, r)
}

// beside adds what a contact has to what was given, so that nothing of it is
// lost.
func beside(was Contact, d draft, r resolved) (draft, resolved, fault.Problems) {
	c := &checker{}
	lists := inOrder(slices.Concat(was.Lists, r.lists.Or(nil)))
	c.bound("list_memberships", len(lists), MaxLists)
	r.lists = opt.Some(lists)
	if given, ok := r.fields.Value(); ok {
		all := slices.Clone(given)
		for _, v := range was.Fields {
			if find(given, func(f resolvedField) bool { return f.field.ID == v.Field.Number }) == nil {
				all = append(all, v.resolved())
			}
		}
		slices.SortFunc(all, func(a, b resolvedField) int { return cmp.Compare(a.field.ID, b.field.ID) })
		c.bound("custom_fields", len(all), MaxFields)
		r.fields = opt.Some(all)
	}
	if given, ok := d.phones.Value(); ok {
		var all []PhoneInput
		for _, p := range was.Phones {
			if find(given, func(q PhoneInput) bool { return q.Kind == p.Kind }) == nil {
				all = append(all, PhoneInput{Number: p.Number, Kind: p.Kind})
			}
		}
		all = append(all, given...)
		c.bound("phone_numbers", len(all), MaxPhones)
		d.phones = opt.Some(all)
	}
	if given, ok := d.addresses.Value(); ok {
		var all []AddressInput
		for _, a := range was.Addresses {
			if find(given, func(b AddressInput) bool { return b.Kind == a.Kind }) == nil {
				all = append(all, a.input())
			}
		}
		for _, a := range given {
			if old := find(was.Addresses, func(b Address) bool { return b.Kind == a.Kind }); old != nil {
				a = a.over(old.input())
			}
			all = append(all, a)
		}
		d.addresses = opt.Some(all)
	}
	return d, r, c.found
}

// resolved is a value that a contact has, as if it had been given.
func (v FieldValue) resolved() resolvedField {
	text := v.Value
	if v.Type.Select() {
		choices := make([]string, len(v.Choices))
		for i, n := range v.Choices {
			choices[i] = strconv.FormatInt(n, 10)
		}
		text = strings.Join(choices, ",")
	}
	return resolvedField{Field{ID: v.Field.Number, UID: v.Field.UID, Type: v.Type}, text}
}

// input is an address as a caller would write it.
func (a Address) input() AddressInput {
	return AddressInput{Kind: a.Kind, Street: a.Street, City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country}
}

// over fills the parts that are not given from another address.
func (a AddressInput) over(b AddressInput) AddressInput {
	a.Street, a.City, a.State = cmp.Or(a.Street, b.Street), cmp.Or(a.City, b.City), cmp.Or(a.State, b.State)
	a.PostalCode, a.Country = cmp.Or(a.PostalCode, b.PostalCode), cmp.Or(a.Country, b.Country)
	return a
}
