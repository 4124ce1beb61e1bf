package apiv3

import (
	"net/http"
	"reflect"

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
	begun := func(t reflect.Type) []operation.Answer {
		return []operation.Answer{{Status: http.StatusCreated, Doc: "The activity that does it.", Type: t}}
	}
	all := []operation.Operation{
		{
			Path: "/activities/add_list_memberships", ID: "postListAddContact", Summary: "Put many contacts on lists",
			Description: "Who has unsubscribed is put on no list. Contacts that are named one by one come back where they were deleted.",
			Body:        reflect.TypeFor[listAddInput](), Answers: begun(reflect.TypeFor[wire3.Memberships]()),
			Serve: a.addToLists,
		},
		{
			Path: "/activities/remove_list_memberships", ID: "postListRemoveContact", Summary: "Take many contacts off lists",
			Description: "The contacts stay.",
			Body:        reflect.TypeFor[listRemoveInput](), Answers: begun(reflect.TypeFor[wire3.Memberships]()),
			Serve: a.removeFromLists,
		},
		{
			Path: "/activities/contacts_taggings_add", ID: "postTagAddContact", Summary: "Put tags on many contacts",
			Body: reflect.TypeFor[taggingInput](), Answers: begun(reflect.TypeFor[wire3.Tagging]()),
			Serve: func(c *operation.Call) error { return a.retag(c, activity.TagAdd) },
		},
		{
			Path: "/activities/contacts_taggings_remove", ID: "postTagRemoveContact", Summary: "Take tags off many contacts",
			Body: reflect.TypeFor[taggingInput](), Answers: begun(reflect.TypeFor[wire3.Tagging]()),
			Serve: func(c *operation.Call) error { return a.retag(c, activity.TagRemove) },
		},
		{
			Path: "/activities/contact_delete", ID: "postContactDelete", Summary: "Delete many contacts",
			Description: "They are taken off every list and get no more mail. Each can be brought back, by PUT or by being put on a list.",
			Body:        reflect.TypeFor[contactDeleteInput](), Answers: begun(reflect.TypeFor[wire3.ContactDeletion]()),
			Serve: a.deleteContacts,
		},
	}
	for i := range all {
		o := &all[i]
		o.Method, o.Group, o.Scope, o.Privileges = http.MethodPost, groupActivities, oauth.ContactData, may(account.ContactsWrite)
	}
	return all
}

// sourceInput is what the sources of all bulk work on contacts share.
type sourceInput struct {
	Contacts request.Opt[[]id.UID] `json:"contact_ids" max:"500" doc:"Contacts by their ids."`
	Lists    request.Opt[[]id.UID] `json:"list_ids" max:"50" doc:"Whoever is on any of these lists."`
	Tags     request.Opt[[]id.UID] `json:"tag_ids" max:"50" doc:"Whoever wears any of these tags."`
}

func (s sourceInput) selection() contact.Selection {
	return contact.Selection{
		Contacts: refsGiven[id.Contact](s.Contacts), Lists: refsGiven[id.List](s.Lists), Tags: refsGiven[id.Tag](s.Tags),
	}
}

// engagedInput are sources of work on lists only.
type engagedInput struct {
	AllActive  request.Opt[bool]   `json:"all_active_contacts" default:"false" doc:"Everybody who may be mailed."`
	Engagement request.Opt[string] `json:"engagement_level" doc:"Whoever does so much with what they are sent."`
}

// listAddSource is where contacts come from that are put on lists.
type listAddSource struct {
	_ struct{} `schema:"ListActivityAddSource" doc:"Which contacts are meant: exactly one of these."`
	sourceInput
	engagedInput
	Segment request.Opt[int64] `json:"segment_id" doc:"Whoever belongs to a segment."`
}

type listRemoveSource struct {
	_ struct{} `schema:"ListActivityRemoveSource" doc:"Which contacts are meant: exactly one of these."`
	sourceInput
	engagedInput
}

type taggingSource struct {
	_ struct{} `schema:"TaggingSource" doc:"Which contacts are meant: exactly one of these."`
	sourceInput
	AllActive request.Opt[bool] `json:"all_active_contacts" doc:"Everybody who may be mailed."`
	New       request.Opt[bool] `json:"new_subscriber" doc:"Who may be mailed and opted in during the last 30 days."`
}

type excludeInput struct {
	_        struct{}              `schema:"ActivityExclude" doc:"Who is left out; only where the source is lists or all active contacts."`
	Contacts request.Opt[[]id.UID] `json:"contact_ids" doc:"Contacts by their ids."`
}

// listAddInput is v3 contract, ListActivityAddContacts.
type listAddInput struct {
	_       struct{}                   `schema:"ListActivityAddContacts" doc:"Contacts, and the lists that they are put on."`
	Source  request.Opt[listAddSource] `json:"source" required:"true" doc:"Which contacts are meant."`
	Exclude request.Opt[excludeInput]  `json:"exclude" doc:"Who is left out."`
	Lists   request.Opt[[]id.UID]      `json:"list_ids" required:"true" max:"50" doc:"The lists."`
}

// listRemoveInput is v3 contract, ListActivityRemoveContacts.
type listRemoveInput struct {
	_       struct{}                      `schema:"ListActivityRemoveContacts" doc:"Contacts, and the lists that they are taken off."`
	Source  request.Opt[listRemoveSource] `json:"source" required:"true" doc:"Which contacts are meant."`
	Exclude request.Opt[excludeInput]     `json:"exclude" doc:"Who is left out."`
	Lists   request.Opt[[]id.UID]         `json:"list_ids" required:"true" max:"50" doc:"The lists."`
}

// taggingInput is v3 contract, TagAddRemoveContacts.
type taggingInput struct {
	_       struct{}                   `schema:"TagAddRemoveContacts" doc:"Contacts, and the tags that are put on them or taken off."`
	Source  request.Opt[taggingSource] `json:"source" required:"true" doc:"Which contacts are meant."`
	Exclude request.Opt[excludeInput]  `json:"exclude" doc:"Who is left out."`
	Tags    request.Opt[[]id.UID]      `json:"tag_ids" required:"true" max:"50" doc:"The tags."`
}

// contactDeleteInput is v3 contract, ContactDelete.
type contactDeleteInput struct {
	_        struct{}              `schema:"ContactDelete" doc:"Contacts to be deleted: exactly one of these."`
	Contacts request.Opt[[]id.UID] `json:"contact_ids" max:"500" doc:"Contacts by their ids."`
	Lists    request.Opt[[]id.UID] `json:"list_ids" max:"50" doc:"Whoever is on any of these lists."`
}

const inSource = "source."

func (a *API) addToLists(c *operation.Call) error {
	in := operation.Body[listAddInput](c)
	source := in.Source.Or(listAddSource{})
	s := source.selection()
	s.AllActive, s.Engagement = source.AllActive.Or(false), source.Engagement.Or("")
	s.Except = in.Exclude.Or(excludeInput{}).refs()
	s.Segment = id.Segment(source.Segment.Or(0))
	is, err := a.o.Activities.Begin(c.Context(), c.Actor, activity.Bulk{
		Kind: activity.ListAdd, Selection: s, Source: inSource, Lists: refsGiven[id.List](in.Lists),
	}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.MembershipsOf(is))
}

func (a *API) removeFromLists(c *operation.Call) error {
	in := operation.Body[listRemoveInput](c)
	source := in.Source.Or(listRemoveSource{})
	s := source.selection()
	s.AllActive, s.Engagement = source.AllActive.Or(false), source.Engagement.Or("")
	s.Except = in.Exclude.Or(excludeInput{}).refs()
	is, err := a.o.Activities.Begin(c.Context(), c.Actor, activity.Bulk{
		Kind: activity.ListRemove, Selection: s, Source: inSource, Lists: refsGiven[id.List](in.Lists),
	}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.MembershipsOf(is))
}

func (a *API) retag(c *operation.Call, kind activity.Kind) error {
	in := operation.Body[taggingInput](c)
	source := in.Source.Or(taggingSource{})
	s := source.selection()
	s.AllActive, s.NewSubscribers = source.AllActive.Or(false), source.New.Or(false)
	s.Except = in.Exclude.Or(excludeInput{}).refs()
	is, err := a.o.Activities.Begin(c.Context(), c.Actor, activity.Bulk{
		Kind: kind, Selection: s, Source: inSource, Tags: refsGiven[id.Tag](in.Tags),
	}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.TaggingOf(is))
}

func (a *API) deleteContacts(c *operation.Call) error {
	in := operation.Body[contactDeleteInput](c)
	is, err := a.o.Activities.Begin(c.Context(), c.Actor, activity.Bulk{
		Kind:      activity.ContactDelete,
		Selection: contact.Selection{Contacts: refsGiven[id.Contact](in.Contacts), Lists: refsGiven[id.List](in.Lists)},
	}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.ContactDeletionOf(is))
}

func (e excludeInput) refs() []id.Ref[id.Contact] { return refsGiven[id.Contact](e.Contacts) }

// refsGiven are references by UID; nil where nothing was given.
func refsGiven[N ~int64](uids request.Opt[[]id.UID]) []id.Ref[N] {
	given, ok := uids.Value.Value()
	if !ok {
		return nil
	}
	refs := make([]id.Ref[N], len(given))
	for i, u := range given {
		refs[i] = ref[N](u)
	}
	return refs
}
