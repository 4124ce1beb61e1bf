package apiv2

import (
	"net/http"
	"reflect"
	"strconv"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

func (a *API) listOperations() []operation.Operation {
	wire := reflect.TypeFor[listWire]()
	one := func(status int, doc string) []operation.Answer {
		return []operation.Answer{{Status: status, Doc: doc, Type: wire}}
	}
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/lists", ID: "getLists", Group: groupLists,
			Summary: "All lists",
			Scope:   oauth.ContactData, Privileges: may(account.ListsRead),
			Query: []operation.Parameter{
				modifiedSince,
				{Name: "include_list_id", Kind: operation.Bool, Doc: "Add to each list the id that version 3 knows it by."},
			},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The lists, in the order of their making.", Type: reflect.TypeFor[[]listWire]()}},
			Serve:   a.lists,
		},
		{
			Method: http.MethodPost, Path: "/lists", ID: "createList", Group: groupLists,
			Summary: "Make a list",
			Scope:   oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:    reflect.TypeFor[listInput](),
			Answers: one(http.StatusCreated, "The list."), Failures: []int{http.StatusConflict},
			Serve: a.createList,
		},
		{
			Method: http.MethodGet, Path: "/lists/{listId}", ID: "getList", Group: groupLists,
			Summary: "One list",
			Scope:   oauth.ContactData, Privileges: may(account.ListsRead),
			Answers: one(http.StatusOK, "The list."), Failures: []int{http.StatusNotFound},
			Serve: a.list,
		},
		{
			Method: http.MethodPut, Path: "/lists/{listId}", ID: "putList", Group: groupLists,
			Summary: "Rename a list, hide it, or show it again",
			Scope:   oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:    reflect.TypeFor[listInput](),
			Answers: one(http.StatusOK, "The list."), Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve: a.updateList,
		},
		{
			Method: http.MethodDelete, Path: "/lists/{listId}", ID: "deleteList", Group: groupLists,
			Summary:     "Delete a list",
			Description: "It is gone at once; its contacts leave it within the next moments.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Answers:  []operation.Answer{{Status: http.StatusNoContent, Doc: "The list is deleted."}},
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.deleteList,
		},
		{
			Method: http.MethodGet, Path: "/lists/{listId}/contacts", ID: "getListContacts", Group: groupLists,
			Summary: "The contacts of a list",
			Scope:   oauth.ContactData, Privileges: may(account.ListsRead, account.ContactsRead),
			Query:    append(paged(50, 500), modifiedSince),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "A page of contacts.", Type: reflect.TypeFor[contactPage]()}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.listContacts,
		},
	}
}

// The statuses of a list (v2 contract, 7.3). REMOVED is taken for HIDDEN, as a
// list that is there is never shown so.
const (
	listActive  = "ACTIVE"
	listHidden  = "HIDDEN"
	listRemoved = "REMOVED"
)

// listWire is a list as it is answered (v2 contract, 7.3).
type listWire struct {
	_        struct{} `schema:"ContactList" doc:"A list of contacts."`
	ID       string   `json:"id" doc:"The list's number."`
	UID      string   `json:"list_id,omitempty" doc:"What version 3 calls the list, where include_list_id asks for it."`
	Name     string   `json:"name" doc:"The list's name."`
	Status   string   `json:"status" enum:"ACTIVE,HIDDEN" doc:"Whether contacts see the list where they choose."`
	Created  instant  `json:"created_date" doc:"When the list was made."`
	Modified instant  `json:"modified_date" doc:"When the list was last changed."`
	Count    int64    `json:"contact_count" doc:"How many contacts are on it."`
}

// listInput is a list as it is written. What is read-only is passed over.
type listInput struct {
	_      struct{}            `schema:"ContactListInput" doc:"A list to be."`
	Name   request.Opt[string] `json:"name" required:"true" max:"255" doc:"A name that no other list has."`
	Status request.Opt[string] `json:"status" required:"true" enum:"ACTIVE,HIDDEN,REMOVED" doc:"Whether contacts see the list where they choose."`

	ID       request.Raw `json:"id" doc:"Passed over."`
	UID      request.Raw `json:"list_id" doc:"Passed over."`
	Count    request.Raw `json:"contact_count" doc:"Passed over."`
	Created  request.Raw `json:"created_date" doc:"Passed over."`
	Modified request.Raw `json:"modified_date" doc:"Passed over."`
	OptIn    request.Raw `json:"opt_in_default" doc:"Passed over."`
}

func listOf(l list.List) listWire {
	w := listWire{
		ID: strconv.FormatInt(int64(l.ID), 10), Name: l.Name, Status: listActive,
		Created: instant(l.CreatedAt), Modified: instant(l.UpdatedAt), Count: max(l.Members, 0),
	}
	if l.Hidden {
		w.Status = listHidden
	}
	return w
}

// input reads a list that is to be; problems stand beside it.
func (in listInput) input(found *fault.Problems) list.Input {
	status, given := in.Status.Value.Value()
	switch {
	case !given:
		if !found.Has("status") {
			found.Add("status", "required", "is missing; it is ACTIVE or HIDDEN")
		}
	case status != listActive && status != listHidden && status != listRemoved:
		found.Add("status", "value", "must be ACTIVE or HIDDEN")
	}
	return list.Input{Name: in.Name.Or(""), Hidden: opt.Some(status != listActive), Keep: true}
}

func (a *API) lists(c *operation.Call) error {
	of, err := a.o.Lists.List(c.Context(), c.Actor,
		list.Filter{Members: list.AllMembers, UpdatedSince: c.Instant(modifiedSince.Name)}, page.Request{Limit: list.MaxLists})
	if err != nil {
		return err
	}
	all := make([]listWire, len(of.Items))
	for i, l := range of.Items {
		all[i] = listOf(l)
		if c.Bool("include_list_id") {
			all[i].UID = l.UID.String()
		}
	}
	return c.JSON(http.StatusOK, all)
}

func (a *API) list(c *operation.Call) error {
	l, err := a.o.Lists.Get(c.Context(), c.Actor, listRef(c), list.AllMembers)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(l))
}

func (a *API) createList(c *operation.Call) error {
	in := operation.Body[listInput](c)
	l, err := a.o.Lists.Create(c.Context(), c.Actor, in.input(&c.Problems), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, listOf(l))
}

func (a *API) updateList(c *operation.Call) error {
	in := operation.Body[listInput](c)
	if _, err := a.o.Lists.Update(c.Context(), c.Actor, listRef(c), in.input(&c.Problems), c.Problems); err != nil {
		return err
	}
	return a.list(c)
}

func (a *API) deleteList(c *operation.Call) error {
	if _, err := a.o.Activities.DeleteList(c.Context(), c.Actor, listRef(c)); err != nil {
		return err
	}
	return c.NoContent()
}

func listRef(c *operation.Call) id.Ref[id.List] {
	return id.Ref[id.List]{Number: id.List(whole(c, "listId"))}
}

// whole returns a number of the path, which was checked.
func whole(c *operation.Call, name string) int64 {
	n, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil {
		return 0 // nothing has this number
	}
	return n
}

// instant is a time in an answer: UTC, with three digits of a second (v2
// contract, 4).
type instant time.Time

// IsZero reports whether there is no time.
func (t instant) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText returns the time as answers show it.
func (t instant) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z"), nil
}
