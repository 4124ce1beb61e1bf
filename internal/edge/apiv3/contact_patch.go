package apiv3

import (
	"net/http"
	"reflect"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/wire3"
)

// patchOperations change a part of a contact. The contract has none of them
// (docs/divergences.md, contact-patch and contact-lists).
func (a *API) patchOperations() []operation.Operation {
	const lists = "/contacts/{contact_id}/list_memberships"
	resource := reflect.TypeFor[wire3.Contact]()
	return []operation.Operation{
		{
			Method: http.MethodPatch, Path: "/contacts/{contact_id}", ID: "patchContact", Group: groupContacts,
			Summary: "Change parts of a contact",
			Description: "A JSON merge patch (RFC 7396), one of Kith's own operations: what is left out stays as it is, null empties, an array that is given replaces what was there. " +
				"An address is kept with its permission where `email_address` names only one of them; neither can be emptied.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[contactPatch](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The contact as it is now, with all that belongs to it.", Type: resource}},
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.patchContact,
		},
		{
			Method: http.MethodPost, Path: lists, ID: "addContactLists", Group: groupContacts,
			Summary: "Put a contact on lists",
			Description: "One of Kith's own operations: the contact joins the lists beside those they are on. " +
				"Who was deleted comes back; who has unsubscribed stays so.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[contactLists](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The contact, with the lists that they are on now.", Type: resource}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.addContactLists,
		},
		{
			Method: http.MethodDelete, Path: lists, ID: "removeContactLists", Group: groupContacts,
			Summary:     "Take a contact off lists",
			Description: "One of Kith's own operations: the contact leaves the lists and stays on all others. Lists that they are not on are passed over.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[contactLists](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The contact, with the lists that they are on now.", Type: resource}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.removeContactLists,
		},
	}
}

// contactPatch is what is to change of a contact.
type contactPatch struct {
	_     struct{}                `schema:"ContactPatchRequest" doc:"What is to change of a contact. What is left out stays, null empties."`
	Email request.Opt[emailPatch] `json:"email_address" doc:"The address, and whether it may be mailed."`
	contactFields
	Source request.Opt[string] `json:"update_source" default:"Account" enum:"Account,Contact" doc:"Who changes the contact: the account, or the contact themselves."`
}

type emailPatch struct {
	_          struct{}            `schema:"EmailAddressPatch" doc:"What is to change of an address."`
	Address    request.Opt[string] `json:"address" max:"80" doc:"The address."`
	Permission request.Opt[string] `json:"permission_to_send" enum:"explicit,implicit,not_set,pending_confirmation,temp_hold,unsubscribed" doc:"Whether the contact agreed to be mailed."`
	Reason     request.Opt[string] `json:"opt_out_reason" max:"255" doc:"Why the contact is unsubscribed; only with that permission."`
}

// contactLists are lists that a contact joins or leaves.
type contactLists struct {
	_     struct{}              `schema:"ContactListsRequest" doc:"Lists that a contact joins or leaves."`
	Lists request.Opt[[]id.UID] `json:"list_ids" required:"true" min:"1" max:"50" doc:"The lists."`
}

// contactResubscribe is a contact to be asked to come back (v3 contract,
// ContactResubscribeRequest).
type contactResubscribe struct {
	_     struct{}              `schema:"ContactResubscribeRequest" doc:"A contact to be asked to come back."`
	Lists request.Opt[[]id.UID] `json:"list_ids" required:"true" doc:"Lists that the contact joins beside those they are on: one to fifty."`
}

// change is what is to change as the domain takes it.
func (in contactPatch) change(problems *fault.Problems) contact.Change {
	ch := in.contactFields.change(problems)
	ch.Phones, ch.Addresses = orEmptied(ch.Phones, in.Phones), orEmptied(ch.Addresses, in.Addresses)
	ch.Lists, ch.Tags = orEmptied(ch.Lists, in.Lists), orEmptied(ch.Tags, in.Tags)
	ch.Fields, ch.Notes = orEmptied(ch.Fields, in.CustomFields), orEmptied(ch.Notes, in.Notes)
	ch.Source = sourceOf("update_source", in.Source, problems)
	if !ch.Source.Given() && !problems.Has("update_source") {
		ch.Source = opt.Some(contact.SourceAccount)
	}
	if _, some := in.SMS.Value.Value(); in.SMS.Given() && !some {
		problems.Add("sms_channel", codeNull, notEmptied)
	}
	const path = "email_address"
	e, given := in.Email.Value.Value()
	if !given {
		if in.Email.Given() {
			problems.Add(path, codeNull, notEmptied)
		}
		return ch
	}
	for _, f := range []struct {
		name string
		v    request.Opt[string]
	}{{"address", e.Address}, {"permission_to_send", e.Permission}} {
		if _, ok := f.v.Value.Value(); f.v.Given() && !ok {
			problems.Add(path+"."+f.name, codeNull, notEmptied)
		}
	}
	ch.Email = opt.Some(contact.EmailInput{
		Address: e.Address.Or(""), KeepAddress: !e.Address.Given(),
		Permission: permissionOf(e.Permission, problems), OptOutReason: e.Reason.Value,
	})
	return ch
}

const (
	codeNull   = "null"
	notEmptied = "cannot be emptied"
)

// orEmptied is what an array is to become: where a patch says null for it, as
// no other call can, nothing.
func orEmptied[A, B any](v opt.Value[[]B], in request.Opt[[]A]) opt.Value[[]B] {
	if in.Given() && !v.Given() {
		return opt.Some[[]B](nil)
	}
	return v
}

func (a *API) patchContact(c *operation.Call) error {
	ch := operation.Body[contactPatch](c).change(&c.Problems)
	is, err := a.o.Contacts.Update(c.Context(), c.Actor, contactRef(c), ch, c.Problems)
	if err != nil {
		return err
	}
	return answerContact(c, http.StatusOK, is)
}

func (a *API) addContactLists(c *operation.Call) error {
	in := operation.Body[contactLists](c)
	is, err := a.o.Contacts.AddLists(c.Context(), c.Actor, contactRef(c), each(in.Lists, ref[id.List]), c.Problems)
	return answerLists(c, is, err)
}

func (a *API) removeContactLists(c *operation.Call) error {
	in := operation.Body[contactLists](c)
	is, err := a.o.Contacts.RemoveLists(c.Context(), c.Actor, contactRef(c), each(in.Lists, ref[id.List]), c.Problems)
	return answerLists(c, is, err)
}

func (a *API) resubscribe(c *operation.Call) error {
	in := operation.Body[contactResubscribe](c)
	is, err := a.o.Contacts.Resubscribe(c.Context(), c.Actor, contactRef(c), each(in.Lists, ref[id.List]), c.Problems)
	return answerLists(c, is, err)
}

// answerLists answers with a contact and the lists that they are on.
func answerLists(c *operation.Call, is contact.Contact, err error) error {
	if err != nil {
		return err
	}
	is.Included = contact.IncludeLists
	return answerContact(c, http.StatusOK, is)
}
