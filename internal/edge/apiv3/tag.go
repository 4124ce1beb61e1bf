package apiv3

import (
	"net/http"
	"reflect"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

func (a *API) tagOperations() []operation.Operation {
	off := false
	count := []operation.Parameter{{Name: includeCount, Kind: operation.Bool, Preset: &off, Doc: "Count the contacts that wear each tag."}}
	tag := reflect.TypeFor[tagWire]()
	all := []operation.Operation{
		{
			Method: http.MethodGet, Path: "/contact_tags", ID: "getTags",
			Summary: "Tags", Description: "The account's tags in the order of their making.",
			Privileges: may(account.ContactsRead), Query: append(operation.Page(50, contact.MaxAccountTags), count...),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "A page of tags.", Type: reflect.TypeFor[tagPage]()}},
			Serve:   a.tags,
		},
		{
			Method: http.MethodPost, Path: "/contact_tags", ID: "postTag",
			Summary: "Make a tag", Description: "An account has at most 500 tags, each with a name of its own.",
			Privileges: may(account.ContactsWrite), Body: reflect.TypeFor[tagInput](),
			Answers:  []operation.Answer{{Status: http.StatusCreated, Doc: "The tag.", Type: tag}},
			Failures: []int{http.StatusConflict}, Serve: a.createTag,
		},
		{
			Method: http.MethodGet, Path: "/contact_tags/{tag_id}", ID: "getTag",
			Summary: "One tag", Privileges: may(account.ContactsRead), Query: count,
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The tag.", Type: tag}},
			Failures: []int{http.StatusNotFound}, Serve: a.tag,
		},
		{
			Method: http.MethodPut, Path: "/contact_tags/{tag_id}", ID: "putTag",
			Summary: "Rename a tag", Privileges: may(account.ContactsWrite), Body: reflect.TypeFor[tagName](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The tag as it is now.", Type: tag}},
			Failures: []int{http.StatusNotFound, http.StatusConflict}, Serve: a.renameTag,
		},
		{
			Method: http.MethodDelete, Path: "/contact_tags/{tag_id}", ID: "deleteTag",
			Summary: "Delete a tag", Description: "The tag is gone at once; an activity clears up after it. The contacts stay.",
			Privileges: may(account.ContactsWrite),
			Answers:    []operation.Answer{{Status: http.StatusAccepted, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.Generic]()}},
			Failures:   []int{http.StatusNotFound}, Serve: a.deleteTag,
		},
	}
	for i := range all {
		all[i].Group, all[i].Scope = groupTags, oauth.ContactData
	}
	return append(all, operation.Operation{
		Method: http.MethodPost, Path: "/activities/contacts_tags_delete", ID: "postTagDelete", Group: groupActivities,
		Summary: "Delete several tags", Description: "They are gone at once; the activity clears up after them. The contacts stay.",
		Scope: oauth.ContactData, Privileges: may(account.ContactsWrite), Body: reflect.TypeFor[tagsDeleteInput](),
		Answers: []operation.Answer{{Status: http.StatusCreated, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.Tagging]()}},
		Serve:   a.deleteTags,
	})
}

// tagInput is v3 contract, TagPost.
type tagInput struct {
	_      struct{}            `schema:"TagPost" doc:"A tag to be made."`
	Name   request.Opt[string] `json:"name" required:"true" min:"1" max:"255" doc:"The name, which no other tag of the account has."`
	Source request.Opt[string] `json:"tag_source" doc:"Where the tag comes from."`
}

// tagName is v3 contract, TagPut.
type tagName struct {
	_    struct{}            `schema:"TagPut" doc:"A tag's new name."`
	Name request.Opt[string] `json:"name" required:"true" min:"1" max:"255" doc:"The name, which no other tag of the account has."`
}

// tagsDeleteInput is v3 contract, TagIdList500Limit.
type tagsDeleteInput struct {
	_    struct{}              `schema:"TagIdList500Limit" doc:"Tags to be deleted."`
	Tags request.Opt[[]id.UID] `json:"tag_ids" required:"true" max:"500" doc:"The tags."`
}

// tagWire is v3 contract, Tag.
type tagWire struct {
	_         struct{}     `schema:"Tag" doc:"A tag."`
	ID        id.UID       `json:"tag_id" doc:"The tag's id."`
	Name      string       `json:"name" doc:"The tag's name."`
	Contacts  *int64       `json:"contacts_count,omitempty" readonly:"true" doc:"How many contacts wear it, where include_count asks for it. Deleted contacts keep their tags and count too."`
	CreatedAt respond.Time `json:"created_at" readonly:"true" doc:"When the tag was made."`
	UpdatedAt respond.Time `json:"updated_at" readonly:"true" doc:"When the tag was last changed."`
	Source    string       `json:"tag_source,omitempty" readonly:"true" doc:"Where the tag comes from."`
}

// tagPage is v3 contract, Tags.
type tagPage struct {
	_     struct{}  `schema:"Tags" doc:"A page of tags."`
	Tags  []tagWire `json:"tags" doc:"The tags."`
	Links *links    `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

func tagOf(t contact.Tag) tagWire {
	w := tagWire{ID: t.UID, Name: t.Name, CreatedAt: respond.Time(t.CreatedAt), UpdatedAt: respond.Time(t.UpdatedAt), Source: t.Source}
	if t.Contacts >= 0 {
		w.Contacts = &t.Contacts
	}
	return w
}

func tagRef(c *operation.Call) id.Ref[id.Tag] { return ref[id.Tag](c.UID("tag_id")) }

func (a *API) tags(c *operation.Call) error {
	of, err := a.o.Contacts.TagPage(c.Context(), c.Actor, c.Bool(includeCount), c.Page())
	if err != nil {
		return err
	}
	answer := tagPage{Tags: make([]tagWire, 0, len(of.Items)), Links: next(c.Next(of.Next))}
	for _, t := range of.Items {
		answer.Tags = append(answer.Tags, tagOf(t))
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) tag(c *operation.Call) error {
	t, err := a.o.Contacts.Tag(c.Context(), c.Actor, tagRef(c), c.Bool(includeCount))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, tagOf(t))
}

func (a *API) createTag(c *operation.Call) error {
	in := operation.Body[tagInput](c)
	t, err := a.o.Contacts.CreateTag(c.Context(), c.Actor, in.Name.Or(""), in.Source.Or(""), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, tagOf(t))
}

func (a *API) renameTag(c *operation.Call) error {
	t, err := a.o.Contacts.RenameTag(c.Context(), c.Actor, tagRef(c), operation.Body[tagName](c).Name.Or(""), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, tagOf(t))
}

func (a *API) deleteTag(c *operation.Call) error {
	is, err := a.o.Activities.DeleteTag(c.Context(), c.Actor, tagRef(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, wire3.GenericOf(is))
}

func (a *API) deleteTags(c *operation.Call) error {
	in := operation.Body[tagsDeleteInput](c)
	is, err := a.o.Activities.DeleteTags(c.Context(), c.Actor, refsGiven[id.Tag](in.Tags), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.TaggingOf(is))
}
