package apiv3

import (
	"net/http"
	"reflect"
	"strconv"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
)

// Names of parameters.
const (
	includeCount   = "include_count"
	includeMembers = "include_membership_count"
)

func (a *API) listOperations() []operation.Operation {
	countMembers := operation.Parameter{
		Name: includeMembers, Kind: operation.Word, Words: []string{"all", "active"},
		Doc: "Count the members of each list: all of them, or those that may be mailed.",
	}
	off := false
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/contact_lists", ID: "getLists", Group: groupLists,
			Summary:     "Lists",
			Description: "The account's lists in the order of their making. An account may have more lists than a page holds: follow `_links.next`, or ask for a larger page.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsRead),
			Query: append(operation.Page(50, list.MaxLists),
				operation.Parameter{Name: "name", Doc: "The whole name of a list, in any case."},
				operation.Parameter{
					Name: "status", Kind: operation.Word, Words: []string{"all", "active", "deleted"},
					Doc: "Which lists are meant; without it, those that are not deleted.",
				},
				operation.Parameter{
					Name: "channel_type", Kind: operation.Word, Words: []string{"email", "sms"},
					Doc: "sms for lists on which a contact has a number for short messages; email, which is meant without it, for all.",
				},
				operation.Parameter{Name: includeCount, Kind: operation.Bool, Preset: &off, Doc: "Count the lists on all pages."},
				countMembers,
				operation.Parameter{Name: "include_sms_membership_count", Kind: operation.Bool, Doc: "Count the members with a number for short messages; only where `channel_type` is sms."},
			),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "A page of lists.", Type: reflect.TypeFor[listPage]()}},
			Serve:   a.lists,
		},
		{
			Method: http.MethodPost, Path: "/contact_lists", ID: "createList", Group: groupLists,
			Summary:     "Make a list",
			Description: "An account has at most 1,000 lists, each with a name of its own.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:     reflect.TypeFor[listInput](),
			Answers:  []operation.Answer{{Status: http.StatusCreated, Doc: "The list.", Type: reflect.TypeFor[listWire]()}},
			Failures: []int{http.StatusConflict},
			Serve:    a.createList,
		},
		{
			Method: http.MethodGet, Path: "/contact_lists/list_id_xrefs", ID: "getListIdXrefs", Group: groupLists,
			Summary:     "List ids for the numbers of version 2",
			Description: "For moving from version 2: the ids of lists that are known by their numbers. A number that no list has is left out.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsRead),
			Query: []operation.Parameter{{
				Name: "sequence_ids", Kind: operation.Numbers, Required: true, Most: list.MaxXrefs, Doc: "The numbers of version 2.",
			}},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "Both names of each list.", Type: reflect.TypeFor[listXrefs]()}},
			Serve:   a.listXrefs,
		},
		{
			Method: http.MethodGet, Path: "/contact_lists/{list_id}", ID: "getList", Group: groupLists,
			Summary: "One list",
			Scope:   oauth.ContactData, Privileges: may(account.ListsRead),
			Query:    []operation.Parameter{countMembers},
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The list.", Type: reflect.TypeFor[countedList]()}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.list,
		},
		{
			Method: http.MethodPut, Path: "/contact_lists/{list_id}", ID: "putList", Group: groupLists,
			Summary:     "Replace a list",
			Description: "What is left out is emptied: the description is dropped, and the list is no favorite.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:     reflect.TypeFor[listInput](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The list as it is now.", Type: reflect.TypeFor[listWire]()}},
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.updateList,
		},
	}
}

func (a *API) lists(c *operation.Call) error {
	r := c.Page()
	r.Count = c.Bool(includeCount)
	of, err := a.o.Lists.List(c.Context(), c.Actor, list.Filter{
		Name:     c.Text("name"),
		Status:   listStatus(c.Text("status")),
		SMS:      c.Text("channel_type") == "sms",
		CountSMS: c.Bool("include_sms_membership_count"),
		Members:  members(c.Text(includeMembers)),
	}, r)
	if err != nil {
		return err
	}
	answer := listPage{Lists: make([]countedList, 0, len(of.Items)), Links: next(c.Next(of.Next))}
	for _, l := range of.Items {
		answer.Lists = append(answer.Lists, countedListOf(l))
	}
	if r.Count {
		answer.Count = &of.Total
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) list(c *operation.Call) error {
	l, err := a.o.Lists.Get(c.Context(), c.Actor, listRef(c), members(c.Text(includeMembers)))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, countedListOf(l))
}

func (a *API) createList(c *operation.Call) error {
	in := operation.Body[listInput](c).input()
	l, err := a.o.Lists.Create(c.Context(), c.Actor, in, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, listOf(l))
}

func (a *API) updateList(c *operation.Call) error {
	in := operation.Body[listInput](c).input()
	l, err := a.o.Lists.Update(c.Context(), c.Actor, listRef(c), in, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(l))
}

func (a *API) listXrefs(c *operation.Call) error {
	var numbers []id.List
	for _, n := range c.Numbers("sequence_ids") {
		numbers = append(numbers, id.List(n))
	}
	refs, err := a.o.Lists.Xrefs(c.Context(), c.Actor, numbers)
	if err != nil {
		return err
	}
	answer := listXrefs{Xrefs: make([]listXref, 0, len(refs))}
	for _, r := range refs {
		answer.Xrefs = append(answer.Xrefs, listXref{SequenceID: strconv.FormatInt(int64(r.Number), 10), ListID: r.UID})
	}
	return c.JSON(http.StatusOK, answer)
}

func listRef(c *operation.Call) id.Ref[id.List] { return id.Ref[id.List]{UID: c.UID("list_id")} }

func listStatus(word string) list.Status {
	switch word {
	case "all":
		return list.Any
	case "deleted":
		return list.Deleted
	}
	return list.Active
}

func members(word string) list.Members {
	switch word {
	case "all":
		return list.AllMembers
	case "active":
		return list.ActiveMembers
	}
	return list.NoMembers
}
