package apiv3

import (
	"kith/internal/base/id"
	"kith/internal/domain/list"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

// links and next are those of every page.
type links = wire3.Links

func next(href string) *links { return wire3.Next(href) }

// listInput is a list as a caller writes it (v3 contract, ListInput).
type listInput struct {
	_           struct{}            `schema:"ListInput" doc:"A list to be made or replaced."`
	Name        request.Opt[string] `json:"name" required:"true" max:"255" doc:"The name, which no other list of the account has."`
	Description request.Opt[string] `json:"description" doc:"What the list is for."`
	Favorite    request.Opt[bool]   `json:"favorite" default:"false" doc:"Whether the list is pinned in pages and pickers."`
}

func (in listInput) input() list.Input {
	return list.Input{Name: in.Name.Or(""), Description: in.Description.Or(""), Favorite: in.Favorite.Or(false)}
}

// listWire is a list as it is answered (v3 contract, ContactListPutPost).
type listWire struct {
	_           struct{}     `schema:"ContactListPutPost" doc:"A list."`
	ID          id.UID       `json:"list_id" readonly:"true" doc:"The list's id."`
	Name        string       `json:"name" doc:"The list's name."`
	Description string       `json:"description,omitempty" doc:"What the list is for."`
	Favorite    bool         `json:"favorite" doc:"Whether the list is pinned in pages and pickers."`
	CreatedAt   respond.Time `json:"created_at" readonly:"true" doc:"When the list was made."`
	UpdatedAt   respond.Time `json:"updated_at" readonly:"true" doc:"When the list was last changed."`
	DeletedAt   respond.Time `json:"deleted_at,omitzero" readonly:"true" doc:"When the list was deleted."`
}

// countedList is a list with its members counted (v3 contract, ContactList).
type countedList struct {
	_ struct{} `schema:"ContactList" doc:"A list, with its members counted where that was asked for."`
	listWire
	Members *int64 `json:"membership_count,omitempty" readonly:"true" doc:"How many contacts are on it, of those that were asked for."`
	SMS     *int64 `json:"sms_membership_count,omitempty" readonly:"true" doc:"How many of its members have a number for short messages, where that was asked for."`
}

// listPage is a page of lists (v3 contract, ContactListArray). The array is
// the first member: a client takes it by place.
type listPage struct {
	_     struct{}      `schema:"ContactListArray" doc:"A page of lists."`
	Lists []countedList `json:"lists" doc:"The lists."`
	Count *int64        `json:"lists_count,omitempty" doc:"How many lists there are on all pages, where include_count asks for it."`
	Links *links        `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type listXrefs struct {
	_     struct{}   `schema:"ListXrefs" doc:"Names of lists in two versions."`
	Xrefs []listXref `json:"xrefs" max:"500" doc:"One element for each list that was found."`
}

type listXref struct {
	_          struct{} `schema:"ListXref" doc:"Both names of a list."`
	SequenceID string   `json:"sequence_id" doc:"The list's number in version 2."`
	ListID     id.UID   `json:"list_id" doc:"The list's id."`
}

func listOf(l list.List) listWire {
	return listWire{
		ID: l.UID, Name: l.Name, Description: l.Description, Favorite: l.Favorite,
		CreatedAt: respond.Time(l.CreatedAt), UpdatedAt: respond.Time(l.UpdatedAt), DeletedAt: respond.Time(l.DeletedAt),
	}
}

func countedListOf(l list.List) countedList {
	c := countedList{listWire: listOf(l)}
	if l.Members >= 0 {
		c.Members = &l.Members
	}
	if l.SMS >= 0 {
		c.SMS = &l.SMS
	}
	return c
}
