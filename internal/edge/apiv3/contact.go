package apiv3

import (
	"net/http"
	"reflect"
	"slices"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/wire3"
)

func (a *API) contactOperations() []operation.Operation {
	include := operation.Parameter{
		Name: "include", Kind: operation.Words, Words: wire3.Includes(), Doc: "What to add to each contact that is left out otherwise.",
	}
	resource := reflect.TypeFor[wire3.Contact]()
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/contacts", ID: "getContacts", Group: groupContacts,
			Summary:     "Contacts that meet a filter",
			Description: "Contacts that meet every part of the filter, in the order of their making. Without a status, those that are not deleted.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Query: slices.Concat(operation.Page(50, 500), contactFilter(), []operation.Parameter{
				include,
				{Name: includeCount, Kind: operation.Bool, Doc: "Count the contacts on all pages."},
			}),
			Answers: []operation.Answer{
				{Status: http.StatusOK, Doc: "A page of contacts.", Type: reflect.TypeFor[wire3.ContactPage]()},
			},
			Failures: []int{http.StatusNotFound},
			Serve:    a.contacts,
		},
		{
			Method: http.MethodPost, Path: "/contacts", ID: "createContact", Group: groupContacts,
			Summary: "Add a contact",
			Description: "An address belongs to one contact, deleted ones included: 409 names it. " +
				"Use the sign-up form's call to add or update in one.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[contactPost](),
			Answers:  []operation.Answer{{Status: http.StatusCreated, Doc: "The contact with all that belongs to it.", Type: resource}},
			Failures: []int{http.StatusConflict},
			Serve:    a.createContact,
		},
		{
			Method: http.MethodGet, Path: "/contacts/{contact_id}", ID: "getContact", Group: groupContacts,
			Summary:     "One contact",
			Description: "Also one that was deleted, which has `deleted_at`.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Query:    []operation.Parameter{include},
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The contact.", Type: resource}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.contact,
		},
		{
			Method: http.MethodPut, Path: "/contacts/{contact_id}", ID: "putContact", Group: groupContacts,
			Summary: "Replace a contact",
			Description: "Plain fields that are left out are emptied, arrays that are left out stay as they are, and an array that is given replaces what was there: " +
				"a list that `list_memberships` does not name loses the contact. A deleted contact comes back when `update_source` is Account and a list is named. " +
				"Who unsubscribed themselves is not brought back by this call.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[contactPut](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The contact as it is now, with all that belongs to it.", Type: resource}},
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.updateContact,
		},
		{
			Method: http.MethodDelete, Path: "/contacts/{contact_id}", ID: "deleteContact", Group: groupContacts,
			Summary:     "Delete a contact",
			Description: "The contact leaves every list. Its address stays taken, so that an opt-out is honoured.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers:  []operation.Answer{{Status: http.StatusNoContent, Doc: "It is deleted."}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.deleteContact,
		},
		{
			Method: http.MethodPost, Path: "/contacts/sign_up_form", ID: "createOrUpdateContact", Group: groupContacts,
			Summary: "Add or update a contact who signed up",
			Description: "For sign-ups that are the person's own act, which the caller states by this call: they are subscribed from then on, " +
				"also who had unsubscribed or was deleted. Nothing is taken away: lists and custom fields are added, what is left out stays.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body: reflect.TypeFor[contactSignUp](),
			Answers: []operation.Answer{
				{Status: http.StatusOK, Doc: "The contact is updated.", Type: reflect.TypeFor[signedUp]()},
				{Status: http.StatusCreated, Doc: "The contact is added.", Type: reflect.TypeFor[signedUp]()},
			},
			Failures: []int{http.StatusConflict},
			Serve:    a.signUp,
		},
		{
			Method: http.MethodPut, Path: "/contacts/resubscribe/{contact_id}", ID: "resubscribeContact", Group: groupContacts,
			Summary: "Ask an unsubscribed contact to come back",
			Description: "The contact joins the lists and is asked; until they answer they may not be mailed. " +
				"They are asked once each time they unsubscribe: 409 says that they have not answered yet.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[contactResubscribe](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The contact, with the lists that they are on now.", Type: resource}},
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.resubscribe,
		},
		{
			Method: http.MethodGet, Path: "/contacts/counts", ID: "countContact", Group: groupContacts,
			Summary:     "How many contacts there are, by permission",
			Description: "Deleted contacts are not counted. `new_subscriber` is there when it is asked for: who opted in during the last 30 days and may be mailed.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Query: []operation.Parameter{
				{Name: "include", Kind: operation.Word, Words: []string{newSubscriber}, Doc: "Count new subscribers too."},
			},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The counts.", Type: reflect.TypeFor[contactCounts]()}},
			Serve:   a.contactCounts,
		},
		{
			Method: http.MethodGet, Path: "/contacts/contact_id_xrefs", ID: "getContactIdXrefs", Group: groupContacts,
			Summary:     "Contact ids for the numbers of version 2",
			Description: "In the order of the numbers; a number that stands for nothing is left out.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Query: []operation.Parameter{{
				Name: "sequence_ids", Kind: operation.Numbers, Required: true, Most: contact.MaxXrefs, Doc: "The numbers of version 2.",
			}},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "Both names of each contact.", Type: reflect.TypeFor[contactXrefs]()}},
			Serve:   a.contactXrefs,
		},
		a.smsHistoryOperation(),
	}
}

// contactFilter is what GET /contacts can be narrowed by.
func contactFilter() []operation.Parameter {
	when := func(name, doc string) operation.Parameter {
		return operation.Parameter{Name: name, Kind: operation.Instant, Doc: doc}
	}
	return []operation.Parameter{
		{
			Name: "status", Kind: operation.Words,
			Words: wire3.Statuses(),
			Doc:   "Where contacts stand: a permission, deleted, active (implicit or explicit), or all.",
		},
		{Name: "email", Kind: operation.Address, Doc: "One whole address, in any case."},
		{Name: "lists", Kind: operation.UIDs, Most: contact.MaxFilterLists, Doc: "On any of these lists."},
		{Name: "segment_id", Kind: operation.Text, Doc: "Contacts that meet a segment's criteria, by its number. Only limit may stand beside it."},
		{Name: "tags", Kind: operation.UIDs, Most: contact.MaxFilterTags, Doc: "With any of these tags."},
		when("updated_after", "Last changed after this time."),
		when("updated_before", "Last changed before this time."),
		when("created_after", "Added after this time."),
		when("created_before", "Added before this time."),
		when("optout_after", "Unsubscribed after this time."),
		when("optout_before", "Unsubscribed before this time."),
		{
			Name: "sms_status", Kind: operation.Words, Words: wire3.SMSStatuses(),
			Doc: "Permission for short messages. Who has no number is not_set.",
		},
	}
}

var errNoSegment = fault.ErrNotFound.Saying("segment_id names no segment.")

func (a *API) contacts(c *operation.Call) error {
	r := c.Page()
	r.Count = c.Bool(includeCount)
	f := filterOf(c)
	if f.Segment != 0 {
		if err := aloneWithLimit(c); err != nil {
			return err
		}
	}
	of, err := a.o.Contacts.List(c.Context(), c.Actor, f, wire3.Include(c.Words("include")), r)
	if err != nil {
		if f.Segment != 0 && fault.Is(err, fault.NotFound) {
			return errNoSegment.Because(err)
		}
		return err
	}
	answer := wire3.ContactPage{Contacts: wire3.ContactsOf(of.Items), Links: next(c.Next(of.Next))}
	if r.Count {
		answer.Count = &of.Total
	}
	c.Raw(http.StatusOK, answer.Append(make([]byte, 0, wire3.PageBytes(len(answer.Contacts)))))
	return nil
}

// filterOf is the filter that was asked for.
func filterOf(c *operation.Call) contact.Filter {
	f := contact.Filter{
		Statuses:      wire3.Status(c.Words("status")),
		Email:         c.Text("email"),
		Lists:         refs[id.List](c.UIDs("lists")),
		Tags:          refs[id.Tag](c.UIDs("tags")),
		UpdatedAfter:  c.Instant("updated_after"),
		UpdatedBefore: c.Instant("updated_before"),
		CreatedAfter:  c.Instant("created_after"),
		CreatedBefore: c.Instant("created_before"),
		OptOutAfter:   c.Instant("optout_after"),
		OptOutBefore:  c.Instant("optout_before"),
		SMS:           wire3.SMSStatus(c.Words("sms_status")),
	}
	if c.Given("segment_id") {
		f.Segment = segmentNumber(c.Text("segment_id"))
	}
	return f
}

// aloneWithLimit holds a segment to standing by itself (v3 contract, GET
// /contacts, segment_id).
func aloneWithLimit(c *operation.Call) error {
	var found fault.Problems
	for _, p := range slices.Concat(contactFilter(), []operation.Parameter{{Name: "include"}, {Name: includeCount}}) {
		if p.Name != "segment_id" && c.Given(p.Name) {
			found.Add(p.Name, "value", "does not go with segment_id, beside which only limit may stand")
		}
	}
	return found.Err()
}

func (a *API) contact(c *operation.Call) error {
	is, err := a.o.Contacts.Get(c.Context(), c.Actor, contactRef(c), wire3.Include(c.Words("include")))
	if err != nil {
		return err
	}
	return answerContact(c, http.StatusOK, is)
}

func (a *API) createContact(c *operation.Call) error {
	ch := operation.Body[contactPost](c).change(&c.Problems)
	is, err := a.o.Contacts.Create(c.Context(), c.Actor, ch, c.Problems)
	if err != nil {
		return err
	}
	return answerContact(c, http.StatusCreated, is)
}

func (a *API) updateContact(c *operation.Call) error {
	ch := operation.Body[contactPut](c).change(&c.Problems)
	is, err := a.o.Contacts.Update(c.Context(), c.Actor, contactRef(c), ch, c.Problems)
	if err != nil {
		return err
	}
	return answerContact(c, http.StatusOK, is)
}

func (a *API) deleteContact(c *operation.Call) error {
	if err := a.o.Contacts.Delete(c.Context(), c.Actor, contactRef(c)); err != nil {
		return err
	}
	return c.NoContent()
}

func contactRef(c *operation.Call) id.Ref[id.Contact] {
	return id.Ref[id.Contact]{UID: c.UID("contact_id")}
}

func answerContact(c *operation.Call, status int, is contact.Contact) error {
	w := wire3.ContactOf(is)
	c.Raw(status, w.Append(make([]byte, 0, wire3.PageBytes(1))))
	return nil
}
