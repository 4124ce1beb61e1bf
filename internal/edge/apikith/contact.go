package apikith

import (
	"net/http"
	"reflect"
	"slices"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/wire3"
)

const includeCount = "include_count"

func (a *API) contactOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/contacts", ID: "searchContacts", Group: groupContacts,
			Summary:     "Find contacts",
			Description: "Contacts as v3 shows them, with their number. Without a status, those that are not deleted.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Query: slices.Concat([]operation.Parameter{
				{Name: "search", Kind: operation.Text, Doc: "How the address, the first or the last name begins; of two words, the first name and the last."},
				{Name: "list", Kind: operation.UID, Doc: "On this list."},
				{Name: "tag", Kind: operation.UID, Doc: "With this tag."},
				{Name: "segment_id", Kind: operation.Whole, Least: 1, Most: 1<<31 - 1, Doc: "In this segment."},
				{Name: "status", Kind: operation.Words, Words: wire3.Statuses(), Doc: "Where contacts stand: a permission, deleted, active (implicit or explicit), or all."},
				{Name: "sort", Kind: operation.Word, Words: []string{"oldest", "newest", "updated_first", "updated_last"}, Doc: "By which order: when they were added, or when they were last changed. The oldest first, where it is left out."},
				{Name: "include", Kind: operation.Words, Words: wire3.Includes(), Doc: "What to add to each contact that is left out otherwise."},
				{Name: includeCount, Kind: operation.Bool, Doc: "Count the contacts on all pages."},
			}, operation.Page(50, 500)),
			Answers:  ok[contactPage]("A page of contacts."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.contacts,
		},
		{
			Method: http.MethodGet, Path: "/contacts/{contact_id}/history", ID: "getContactHistory", Group: groupContacts,
			Summary:     "What happened to a contact",
			Description: "The newest first: every change of permission, of lists, tags and fields, with who did it and by which call. Also of a contact that was deleted.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Query:    operation.Page(50, 200),
			Answers:  ok[historyPage]("A page of what happened."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.history,
		},
		{
			Method: http.MethodGet, Path: "/lists", ID: "searchLists", Group: groupContacts,
			Summary: "Find lists, with both counts of their members",
			Scope:   oauth.ContactData, Privileges: may(account.ListsRead),
			Query: slices.Concat([]operation.Parameter{
				{Name: "search", Kind: operation.Text, Doc: "Stands anywhere in the name, in any case."},
			}, operation.Page(50, 1000)),
			Answers: ok[listPage]("A page of lists, in the order of their making."),
			Serve:   a.lists,
		},
		{
			Method: http.MethodPut, Path: "/lists/{list_id}/offer", ID: "putListOffer", Group: groupContacts,
			Summary:     "Offer a list to contacts, or do so no more",
			Description: "Contacts see it on the page of their preferences, and may join it there. Who is on it sees it in any case.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:     reflect.TypeFor[listOfferInput](),
			Answers:  none("Done."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.putListOffer,
		},
	}
}

type contactPage struct {
	_        struct{}     `schema:"Contacts" doc:"A page of contacts."`
	Contacts []numbered   `json:"contacts" doc:"The contacts."`
	Count    *int64       `json:"contacts_count,omitempty" doc:"How many contacts there are on all pages, where include_count asks for it."`
	Links    *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

// numbered is v3's contact with its number.
type numbered struct {
	_ struct{} `schema:"Contact" doc:"A contact as v3 shows it, with its number."`
	wire3.Contact
	Number int64 `json:"number" doc:"What v1 and v2 call the contact."`
}

func (a *API) contacts(c *operation.Call) error {
	r := c.Page()
	r.Count = c.Bool(includeCount)
	f := contact.Filter{Search: c.Text("search"), Statuses: wire3.Status(c.Words("status")), Order: order(c.Text("sort"))}
	for _, l := range c.UIDs("list") {
		f.Lists = append(f.Lists, id.Ref[id.List]{UID: l})
	}
	for _, t := range c.UIDs("tag") {
		f.Tags = append(f.Tags, id.Ref[id.Tag]{UID: t})
	}
	if n := c.Numbers("segment_id"); len(n) > 0 {
		f.Segment = id.Segment(n[0])
	}
	of, err := a.o.Contacts.List(c.Context(), c.Actor, f, wire3.Include(c.Words("include")), r)
	if err != nil {
		return err
	}
	answer := contactPage{Contacts: make([]numbered, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, is := range of.Items {
		answer.Contacts[i] = numbered{Contact: wire3.ContactOf(is), Number: int64(is.ID)}
	}
	if r.Count {
		answer.Count = &of.Total
	}
	return c.JSON(http.StatusOK, answer)
}

func order(word string) contact.Order {
	switch word {
	case "newest":
		return contact.Newest
	case "updated_first":
		return contact.UpdatedFirst
	case "updated_last":
		return contact.UpdatedLast
	}
	return contact.Oldest
}
