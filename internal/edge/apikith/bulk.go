package apikith

import (
	"net/http"
	"reflect"
	"strconv"
	"unicode/utf8"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/wire3"
)

func (a *API) bulkOperations() []operation.Operation {
	return []operation.Operation{{
		Method: http.MethodGet, Path: "/activities", ID: "searchActivities", Group: groupContacts,
		Summary: "Bulk work, newest first, with what kind it is",
		Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
		Query: append(operation.Page(50, 500), operation.Parameter{
			Name: "state", Kind: operation.Word,
			Words: []string{"initialized", "processing", "completed", "cancelled", "failed"},
			Doc:   "Only work that stands there.",
		}),
		Answers: ok[activityPage]("A page of activities."),
		Serve:   a.activities,
	}, {
		Method: http.MethodGet, Path: "/activities/{activity_id}", ID: "getActivityOfKind", Group: groupContacts,
		Summary: "How far a piece of bulk work has come, with what kind it is",
		Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
		Answers:  ok[ofKind]("The activity."),
		Failures: []int{http.StatusNotFound},
		Serve:    a.activity,
	}, {
		Method: http.MethodPost, Path: "/activities", ID: "createActivity", Group: groupContacts,
		Summary: "Do something with many contacts",
		Description: "As version 3's bulk work, but also with whoever meets the filter of `GET /contacts`, however many they are. " +
			"Exactly one of `filter` and `contact_ids` says who is meant; an empty filter means everybody who is not deleted.",
		Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
		Body:     reflect.TypeFor[bulkInput](),
		Answers:  made[wire3.Activity]("The activity that does it, as v3 shows it."),
		Failures: []int{http.StatusTooManyRequests},
		Serve:    a.createActivity,
	}}
}

type activityPage struct {
	_          struct{}     `schema:"ActivitiesOfKinds" doc:"A page of activities."`
	Activities []ofKind     `json:"activities" doc:"The activities, newest first."`
	Links      *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

// ofKind is v3's activity with its kind.
type ofKind struct {
	_ struct{} `schema:"ActivityOfKind" doc:"An activity as v3 shows it, with what kind of work it is."`
	wire3.Activity
	Kind string `json:"kind" enum:"file_import,json_import,contact_export,contact_delete,list_add,list_remove,tag_add,tag_remove,list_delete,tag_delete,field_delete" doc:"What kind of work it is."`
}

func (a *API) activities(c *operation.Call) error {
	of, err := a.o.Imports.List(c.Context(), c.Actor, activity.Filter{State: activity.State(c.Text("state"))}, c.Page())
	if err != nil {
		return err
	}
	answer := activityPage{Activities: make([]ofKind, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, is := range of.Items {
		answer.Activities[i] = kindOf(is)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) activity(c *operation.Call) error {
	is, err := a.o.Imports.Get(c.Context(), c.Actor, activityRef(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, kindOf(is))
}

func kindOf(a activity.Activity) ofKind {
	return ofKind{Activity: wire3.ActivityOf(a), Kind: string(a.Kind)}
}

// actions are what may be done with many contacts.
var actions = map[string]activity.Kind{
	"add_to_lists":      activity.ListAdd,
	"remove_from_lists": activity.ListRemove,
	"add_tags":          activity.TagAdd,
	"remove_tags":       activity.TagRemove,
	"delete":            activity.ContactDelete,
}

type bulkInput struct {
	_        struct{}                `schema:"BulkWork" doc:"What is to be done with whom."`
	Action   string                  `json:"action" required:"true" enum:"add_to_lists,remove_from_lists,add_tags,remove_tags,delete" doc:"What is to be done."`
	Filter   request.Opt[bulkFilter] `json:"filter" doc:"Whoever meets it."`
	Contacts request.Opt[[]id.UID]   `json:"contact_ids" max:"500" doc:"Contacts by their ids."`
	Exclude  request.Opt[[]id.UID]   `json:"exclude_contact_ids" max:"10000" doc:"Who is left out of those who meet the filter."`
	Lists    request.Opt[[]id.UID]   `json:"list_ids" max:"50" doc:"The lists that they come to or leave."`
	Tags     request.Opt[[]id.UID]   `json:"tag_ids" max:"50" doc:"The tags that are put on them or taken off."`
}

type bulkFilter struct {
	_        struct{}              `schema:"ContactFilter" doc:"Which contacts: those that meet every part that is given."`
	Search   request.Opt[string]   `json:"search" max:"100" doc:"How the address, the first or the last name begins; of two words, the first name and the last."`
	List     request.Opt[id.UID]   `json:"list" doc:"On this list."`
	Tag      request.Opt[id.UID]   `json:"tag" doc:"With this tag."`
	Segment  request.Opt[int64]    `json:"segment_id" doc:"Of this segment."`
	Statuses request.Opt[[]string] `json:"status" doc:"Where contacts stand: a permission, deleted, active (implicit or explicit), or all."`
}

func (a *API) createActivity(c *operation.Call) error {
	in := operation.Body[bulkInput](c)
	kind, known := actions[in.Action]
	if !known && !c.Problems.Has("action") {
		c.Problems.Add("action", "value", "is none of add_to_lists, remove_from_lists, add_tags, remove_tags and delete")
	}
	b := activity.Bulk{Kind: kind, Lists: given[id.List](in.Lists), Tags: given[id.Tag](in.Tags)}
	b.Selection.Contacts, b.Selection.Except = given[id.Contact](in.Contacts), given[id.Contact](in.Exclude)
	if f, ok := in.Filter.Value.Value(); ok {
		b.Selection.Filter = f.filter(c)
	}
	is, err := a.o.Imports.Begin(c.Context(), c.Actor, b, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.ActivityOf(is))
}

// filter is what the domain calls it; what is wrong with it is added to the
// call's problems.
func (f bulkFilter) filter(c *operation.Call) *contact.Filter {
	out := &contact.Filter{Search: f.Search.Or(""), Segment: id.Segment(f.Segment.Or(0))}
	if utf8.RuneCountInString(out.Search) > contact.MaxSearch {
		c.Problems.Add("filter.search", "too_long", "may have "+strconv.Itoa(contact.MaxSearch)+" characters at most")
	}
	if n, ok := f.Segment.Value.Value(); ok && n < 1 {
		c.Problems.Add("filter.segment_id", "value", "is no segment's id")
	}
	if list, ok := f.List.Value.Value(); ok {
		out.Lists = []id.Ref[id.List]{{UID: list}}
	}
	if tag, ok := f.Tag.Value.Value(); ok {
		out.Tags = []id.Ref[id.Tag]{{UID: tag}}
	}
	for i, word := range f.Statuses.Or(nil) {
		s, known := contact.ParseStatus(word)
		if !known {
			c.Problems.Add("filter.status["+strconv.Itoa(i)+"]", "value", "is no status of a contact")
		}
		out.Statuses |= s
	}
	return out
}

// given are references by UID; nil where nothing was given.
func given[N ~int64](uids request.Opt[[]id.UID]) []id.Ref[N] {
	all, ok := uids.Value.Value()
	if !ok {
		return nil
	}
	refs := make([]id.Ref[N], len(all))
	for i, u := range all {
		refs[i].UID = u
	}
	return refs
}
