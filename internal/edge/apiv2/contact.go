package apiv2

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
)

func (a *API) contactOperations() []operation.Operation {
	one := func(status int, doc string) []operation.Answer {
		return []operation.Answer{{Status: status, Doc: doc, Type: reflect.TypeFor[contactWire]()}}
	}
	include := operation.Parameter{Name: "include_contact_id", Kind: operation.Bool, Doc: "Add the id that version 3 knows a contact by."}
	actionBy := operation.Parameter{
		Name: "action_by", Kind: operation.Word, Words: []string{byOwner, byVisitor},
		Doc: "Whose act it is. The visitor's own brings the welcome mail, or the one that asks them to confirm; who has unsubscribed gets a mail by which they can come back.",
	}
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/contacts", ID: "getContacts", Group: groupContacts,
			Summary: "Contacts that meet a filter",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsRead),
			Query: append(paged(50, 500),
				operation.Parameter{Name: "email", Kind: operation.Address, Doc: "One whole address, in any case."},
				operation.Parameter{
					Name: "status", Kind: operation.Word, Words: []string{"ALL", statusActive, statusUnconfirmed, statusOptOut, statusRemoved, "NON_SUBSCRIBER", "VISITOR"},
					Doc: "Where contacts stand.",
				},
				modifiedSince, include),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "A page of contacts.", Type: reflect.TypeFor[contactPage]()}},
			Serve:   a.contacts,
		},
		{
			Method: http.MethodPost, Path: "/contacts", ID: "createContact", Group: groupContacts,
			Summary: "Add a contact",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
			Query:   []operation.Parameter{actionBy, include},
			Body:    reflect.TypeFor[contactInput](),
			Answers: one(http.StatusCreated, "The contact."), Failures: []int{http.StatusConflict},
			Serve: a.createContact,
		},
		{
			Method: http.MethodGet, Path: "/contacts/{contactId}", ID: "getContact", Group: groupContacts,
			Summary: "One contact",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsRead),
			Query:   []operation.Parameter{include},
			Answers: one(http.StatusOK, "The contact."), Failures: []int{http.StatusNotFound},
			Serve: a.contact,
		},
		{
			Method: http.MethodPut, Path: "/contacts/{contactId}", ID: "putContact", Group: groupContacts,
			Summary:     "Replace a contact",
			Description: "What is left out is emptied, lists included. What version 2 does not know of a contact stays.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Query:   []operation.Parameter{actionBy, include},
			Body:    reflect.TypeFor[contactInput](),
			Answers: one(http.StatusOK, "The contact."), Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve: a.updateContact,
		},
		{
			Method: http.MethodDelete, Path: "/contacts/{contactId}", ID: "deleteContact", Group: groupContacts,
			Summary:     "Unsubscribe a contact",
			Description: "The contact is off all lists and may not be mailed. They stay, with the status OPTOUT.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers:  []operation.Answer{{Status: http.StatusNoContent, Doc: "The contact is unsubscribed."}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.deleteContact,
		},
		{
			Method: http.MethodDelete, Path: "/contacts/{contactId}/lists", ID: "deleteContactLists", Group: groupContacts,
			Summary: "Take a contact off all lists",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers:  []operation.Answer{{Status: http.StatusNoContent, Doc: "The contact is on no list."}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.leaveLists,
		},
		{
			Method: http.MethodDelete, Path: "/contacts/{contactId}/lists/{listId}", ID: "deleteContactList", Group: groupContacts,
			Summary: "Take a contact off a list",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers:  []operation.Answer{{Status: http.StatusNoContent, Doc: "The contact is not on the list."}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.leaveList,
		},
	}
}

// filter is who is asked for. Version 2 knows nobody without an address, and
// nobody who was deleted.
func filter(c *operation.Call) contact.Filter {
	f := contact.Filter{Addressed: true, Email: c.Text("email")}
	if since := c.Instant(modifiedSince.Name); !since.IsZero() {
		f.UpdatedAfter = since.Add(-time.Millisecond) // at that time or later
	}
	set := func(all ...contact.Permission) (s contact.Statuses) {
		for _, p := range all {
			s |= 1 << p
		}
		return s
	}
	switch c.Text("status") {
	case statusActive:
		f.Statuses, f.Belonging = contact.StatusActive, contact.OnSome
	case statusRemoved:
		f.Statuses, f.Belonging = contact.StatusActive|set(contact.NotSet), contact.OnNone
	case statusUnconfirmed:
		f.Statuses = set(contact.Pending, contact.TempHold)
	case statusOptOut:
		f.Statuses = set(contact.Unsubscribed)
	}
	return f
}

func (a *API) contacts(c *operation.Call) error {
	switch c.Text("status") {
	case "NON_SUBSCRIBER", "VISITOR":
		return c.JSON(http.StatusOK, contactPage{Results: []contactWire{}}) // nobody is, here
	}
	return a.page(c, filter(c))
}

func (a *API) listContacts(c *operation.Call) error {
	ref := listRef(c)
	if _, err := a.o.Lists.Get(c.Context(), c.Actor, ref, list.NoMembers); err != nil {
		return err
	}
	f := filter(c)
	f.Lists = []id.Ref[id.List]{ref}
	return a.page(c, f)
}

func (a *API) page(c *operation.Call, f contact.Filter) error {
	of, err := a.o.Contacts.List(c.Context(), c.Actor, f, included, c.Page())
	if err != nil {
		return err
	}
	s, err := a.sight(c)
	if err != nil {
		return err
	}
	p := contactPage{Meta: metaOf(c.Next(of.Next)), Results: make([]contactWire, len(of.Items))}
	for i, is := range of.Items {
		p.Results[i] = s.of(is)
	}
	return c.JSON(http.StatusOK, p)
}

// sight reads what stands beside contacts in answers.
func (a *API) sight(c *operation.Call) (s sight, err error) {
	s.uids = c.Bool("include_contact_id")
	if s.slots, err = a.o.Contacts.SlotFields(c.Context(), c.Actor, nil); err != nil {
		return s, err
	}
	lists, err := a.o.Lists.List(c.Context(), c.Actor, list.Filter{}, page.Request{Limit: list.MaxLists})
	if err != nil {
		return s, err
	}
	s.hidden = map[int64]bool{}
	for _, l := range lists.Items {
		s.hidden[int64(l.ID)] = l.Hidden
	}
	return s, nil
}

// known returns a contact whom version 2 knows.
func (a *API) known(c *operation.Call) (contact.Contact, error) {
	is, err := a.o.Contacts.Get(c.Context(), c.Actor, contactRef(c), included)
	if err == nil && (is.Deleted() || is.Email.Address.IsZero()) {
		err = fault.ErrNotFound
	}
	return is, err
}

func (a *API) contact(c *operation.Call) error { return a.tell(c, http.StatusOK) }

// tell answers with the contact of the path.
func (a *API) tell(c *operation.Call, status int) error {
	is, err := a.known(c)
	if err != nil {
		return err
	}
	return a.show(c, status, is)
}

func (a *API) show(c *operation.Call, status int, is contact.Contact) error {
	s, err := a.sight(c)
	if err != nil {
		return err
	}
	return c.JSON(status, s.of(is))
}

func (a *API) createContact(c *operation.Call) error {
	in := operation.Body[contactInput](c)
	ch, err := a.change(c, in)
	if err != nil {
		return err
	}
	ch.View = nil
	if lists, _ := ch.Lists.Value(); len(lists) == 0 && !c.Problems.Has("lists") {
		c.Problems.Add("lists", "required", "is missing; it names one list at least")
	}
	is, err := a.o.Contacts.Create(c.Context(), c.Actor, ch, c.Problems)
	if err != nil {
		return renamed(err)
	}
	if is, err = a.o.Contacts.Get(c.Context(), c.Actor, is.Ref(), included); err != nil {
		return err
	}
	return a.show(c, http.StatusCreated, is)
}

func (a *API) updateContact(c *operation.Call) error {
	in := operation.Body[contactInput](c)
	ch, err := a.change(c, in)
	if err != nil {
		return err
	}
	was, err := a.known(c)
	if err != nil {
		return err
	}
	visitor := c.Text("action_by") == byVisitor
	if was.Email.Permission == contact.Unsubscribed && len(c.Problems) == 0 && joins(was, ch) {
		switch {
		case visitor:
			// Who says that they are the contact may be anybody: the contact
			// is asked by mail where they unsubscribed themselves.
			if _, err := a.o.Contacts.VisitorAdds(c.Context(), c.Actor, ch, contact.Visit{}, nil); err != nil {
				return renamed(err)
			}
			if was.Email.OptedOut() {
				return a.tell(c, http.StatusOK)
			}
		default:
			// An owner who puts somebody on a list wants to mail them.
			email := ch.Email.Or(contact.EmailInput{})
			email.Permission = opt.Some(contact.Implicit)
			ch.Email = opt.Some(email)
		}
	}
	is, err := a.o.Contacts.Update(c.Context(), c.Actor, contactRef(c), ch, c.Problems)
	if err != nil {
		return renamed(err)
	}
	if is, err = a.o.Contacts.Get(c.Context(), c.Actor, is.Ref(), included); err != nil {
		return err
	}
	return a.show(c, http.StatusOK, is)
}

// joins reports whether a change puts a contact on a list that they are not on.
func joins(was contact.Contact, ch contact.Change) bool {
	for _, l := range ch.Lists.Or(nil) {
		on := false
		for _, is := range was.Lists {
			on = on || is.Number == l.Number
		}
		if !on {
			return true
		}
	}
	return false
}

func (a *API) deleteContact(c *operation.Call) error {
	if _, err := a.known(c); err != nil {
		return err
	}
	if err := a.o.Contacts.Remove(c.Context(), c.Actor, contactRef(c)); err != nil {
		return err
	}
	return c.NoContent()
}

func (a *API) leaveLists(c *operation.Call) error {
	is, err := a.known(c)
	if err != nil {
		return err
	}
	return a.leave(c, is.Lists)
}

func (a *API) leaveList(c *operation.Call) error {
	is, err := a.known(c)
	if err != nil {
		return err
	}
	for _, l := range is.Lists {
		if int64(l.Number) == whole(c, "listId") {
			return a.leave(c, []id.Ref[id.List]{l})
		}
	}
	return fault.ErrNotFound.Saying("The contact is not on the list.")
}

func (a *API) leave(c *operation.Call, lists []id.Ref[id.List]) error {
	if len(lists) > 0 {
		if _, err := a.o.Contacts.RemoveLists(c.Context(), c.Actor, contactRef(c), opt.Some(lists), nil); err != nil {
			return err
		}
	}
	return c.NoContent()
}

func contactRef(c *operation.Call) id.Ref[id.Contact] {
	return id.Ref[id.Contact]{Number: id.Contact(whole(c, "contactId"))}
}

// change reads a contact that is to be: everything is replaced. Problems are
// noted with the call's.
func (a *API) change(c *operation.Call, in contactInput) (contact.Change, error) {
	source := contact.SourceAccount
	if c.Text("action_by") == byVisitor {
		source = contact.SourceContact
	}
	text := func(v opt.Value[string]) opt.Value[string] { return opt.Some(v.Or("")) }
	ch := contact.Change{
		Source: opt.Some(source), Email: opt.Some(emailIn(c, in)),
		FirstName: text(in.FirstName.Value), LastName: text(in.LastName.Value),
		JobTitle: text(in.JobTitle.Value), CompanyName: text(in.Company.Value),
		Phones: opt.Some([]contact.PhoneInput{
			{Number: in.HomePhone.Or(""), Kind: contact.Home},
			{Number: in.WorkPhone.Or(""), Kind: contact.Work},
			{Number: in.CellPhone.Or(""), Kind: contact.Mobile},
		}),
		Lists: opt.Some(listsOf(c, in.Lists.Or(nil))),
		View: &contact.View{
			Phones:    []contact.Kind{contact.Home, contact.Work, contact.Mobile},
			Addresses: []contact.Kind{contact.Home, contact.Work}, LastNote: true,
		},
	}
	aside := contact.Aside{
		Prefix: in.Prefix.Or(""), MiddleName: in.MiddleName.Or(""), Department: in.Department.Or(""), Fax: in.Fax.Or(""),
	}
	ch.Addresses = opt.Some(addressesOf(c, in.Addresses.Or(nil), &aside))
	ch.Aside = opt.Some(aside)
	ch.Notes = opt.Some(notesOf(c, in.Notes.Or(nil)))
	fields, slots, err := a.fieldsOf(c, in.Fields.Or(nil))
	if err != nil {
		return ch, err
	}
	ch.Fields = opt.Some(fields)
	for _, f := range slots {
		ch.View.Fields = append(ch.View.Fields, f.ID)
	}
	return ch, nil
}

// emailIn reads the one address.
func emailIn(c *operation.Call, in contactInput) contact.EmailInput {
	emails, _ := in.Emails.Value.Value()
	switch {
	case len(emails) > 1:
		c.Problems.Add("email_addresses", "too_many", fmt.Sprintf("has %d elements; it may have 1", len(emails)))
	case len(emails) == 0:
		if !c.Problems.Has("email_addresses") {
			c.Problems.Add("email_addresses", "required", "is missing; it holds one address")
		}
		return contact.EmailInput{KeepAddress: true}
	}
	return contact.EmailInput{Address: emails[0].Address.Or("")}
}

func listsOf(c *operation.Call, in []listRefInput) []id.Ref[id.List] {
	refs := make([]id.Ref[id.List], 0, len(in))
	for i, l := range in {
		text, given := l.ID.Value.Value()
		n, err := strconv.ParseInt(text, 10, 64)
		switch {
		case !given:
			if !c.Problems.Has(listPath(i)) {
				c.Problems.Add(listPath(i), "required", "is missing")
			}
			n = 0
		case err != nil || n <= 0:
			c.Problems.Add(listPath(i), "unknown", "names no list: "+text)
			n = 0
		}
		refs = append(refs, id.Ref[id.List]{Number: id.List(n)})
	}
	return refs
}

func addressesOf(c *operation.Call, in []placeInput, aside *contact.Aside) (all []contact.AddressInput) {
	if len(in) > 2 {
		c.Problems.Add("addresses", "too_many", fmt.Sprintf("has %d elements; it may have 2", len(in)))
		return nil
	}
	for i, p := range in {
		to := contact.AddressInput{
			City: p.City.Or(""), State: p.state(), PostalCode: p.PostalCode.Or(""), Country: p.country(), Street: contact.Street(p.lines()),
		}
		lines := ""
		if l := p.lines(); len(l) > 1 {
			lines = strings.Join(l, "\n")
		}
		switch kind, given := p.Type.Value.Value(); {
		case kind == personal:
			to.Kind, aside.HomeSubCode, aside.HomeLines = contact.Home, p.SubCode.Or(""), lines
		case kind == business:
			to.Kind, aside.WorkSubCode, aside.WorkLines = contact.Work, p.SubCode.Or(""), lines
		case !given:
			c.Problems.Add(fmt.Sprintf("addresses[%d].address_type", i), "required", "is missing; it is PERSONAL or BUSINESS")
		default:
			c.Problems.Add(fmt.Sprintf("addresses[%d].address_type", i), "value", "must be PERSONAL or BUSINESS")
		}
		all = append(all, to)
	}
	return all
}

func notesOf(c *operation.Call, in []noteInput) (all []contact.NoteInput) {
	if len(in) > 1 {
		c.Problems.Add("notes", "too_many", fmt.Sprintf("has %d elements; it may have 1", len(in)))
		return nil
	}
	for i, n := range in {
		text := n.Note.Or("")
		switch {
		case strings.TrimSpace(text) == "":
			c.Problems.Add(fmt.Sprintf("notes[%d].note", i), "required", "is missing")
		case len([]rune(text)) > 500:
			c.Problems.Add(fmt.Sprintf("notes[%d].note", i), "too_long", "is longer than 500 characters")
		default:
			all = append(all, contact.NoteInput{Content: text})
		}
	}
	return all
}

// fieldsOf reads values of the fifteen fields, and returns what fields there
// are.
func (a *API) fieldsOf(c *operation.Call, in []fieldInput) (all []contact.FieldInput, slots map[int]contact.Field, err error) {
	var want []int
	for i, f := range in {
		slot := slotOf(f.Name.Or(""))
		if slot == 0 {
			c.Problems.Add(fmt.Sprintf("custom_fields[%d].name", i), "name", "must be CustomField1 to CustomField15")
		} else if f.Value.Or("") != "" {
			want = append(want, slot)
		}
		if len([]rune(f.Value.Or(""))) > 50 {
			c.Problems.Add(fmt.Sprintf("custom_fields[%d].value", i), "too_long", "is longer than 50 characters")
		}
	}
	if len(c.Problems) > 0 {
		want = nil // nothing comes of a call that is refused
	}
	if slots, err = a.o.Contacts.SlotFields(c.Context(), c.Actor, want); err != nil {
		return nil, nil, err
	}
	for _, f := range in {
		if field, has := slots[slotOf(f.Name.Or(""))]; has {
			all = append(all, contact.FieldInput{Field: field.Ref(), Value: f.Value.Or("")})
		}
	}
	return all, slots, nil
}

// renamed gives the problems of a fault the names that version 2 has for the
// fields they lie in.
func renamed(err error) error { return renamedBy(err, path) }

func renamedBy(err error, path func(string) string) error {
	f := &fault.Error{}
	if !errors.As(err, &f) || len(f.Problems) == 0 {
		return err
	}
	is := *f
	is.Problems = nil
	for _, p := range f.Problems {
		p.Path = path(p.Path)
		is.Problems = append(is.Problems, p)
	}
	return &is
}

// names are what version 2 calls the fields of the domain: the first that a
// path begins with counts.
var names = []struct{ is, was string }{
	{"email_addresses[0].email_address", "email_address.address"},
	{"email_addresses[0].status", "email_address.permission_to_send"},
	{"email_addresses[0]", "email_address"},
	{"home_phone", "phone_numbers[0]"},
	{"work_phone", "phone_numbers[1]"},
	{"cell_phone", "phone_numbers[2]"},
	{"lists", "list_memberships"},
	{"addresses", "street_addresses"},
}

// lastNames are those that stand at a path's end.
var lastNames = strings.NewReplacer("].street", "].line1", "].country", "].country_code", "].content", "].note",
	"].custom_field_id", "].name", ".phone_number", "")

func path(of string) string {
	for _, n := range names {
		rest, ok := strings.CutPrefix(of, n.was)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if n.is == "lists" && rest != "" {
			rest += ".id"
		}
		return lastNames.Replace(n.is + rest)
	}
	return lastNames.Replace(of)
}
