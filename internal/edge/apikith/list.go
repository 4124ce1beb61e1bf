package apikith

import (
	"net/http"
	"slices"

	"kith/internal/base/id"
	"kith/internal/domain/list"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

type listPage struct {
	_     struct{}     `schema:"Lists" doc:"A page of lists."`
	Lists []listWire   `json:"lists" doc:"The lists."`
	Links *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type listWire struct {
	_           struct{}     `schema:"List" doc:"A list of contacts."`
	ID          id.UID       `json:"list_id" doc:"The list's id."`
	Number      int64        `json:"number" doc:"What v1 and v2 call the list."`
	Name        string       `json:"name" doc:"The list's name."`
	Description string       `json:"description,omitempty" doc:"What the list is for."`
	Favorite    bool         `json:"favorite" doc:"Whether the list is pinned in pages and pickers."`
	Offered     bool         `json:"offered" doc:"Whether contacts may join it by themselves, on the page of their preferences."`
	CreatedAt   respond.Time `json:"created_at" doc:"When the list was made."`
	UpdatedAt   respond.Time `json:"updated_at" doc:"When the list was last changed."`
	Members     int64        `json:"membership_count" doc:"How many contacts are on it."`
	Active      int64        `json:"active_count" doc:"How many of them may be mailed."`
}

type listOfferInput struct {
	_       struct{}          `schema:"ListOfferInput" doc:"Whether a list is offered to contacts."`
	Offered request.Opt[bool] `json:"offered" required:"true" doc:"Whether contacts may join it by themselves."`
}

func listOf(l list.List) listWire {
	return listWire{
		ID: l.UID, Number: int64(l.ID), Name: l.Name, Description: l.Description, Favorite: l.Favorite,
		CreatedAt: respond.Time(l.CreatedAt), UpdatedAt: respond.Time(l.UpdatedAt), Members: l.Members, Active: l.Active,
	}
}

func (a *API) lists(c *operation.Call) error {
	of, err := a.o.Lists.List(c.Context(), c.Actor, list.Filter{Search: c.Text("search"), Members: list.BothMembers}, c.Page())
	if err != nil {
		return err
	}
	offers, err := a.o.Contacts.Offers(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := listPage{Lists: make([]listWire, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, l := range of.Items {
		answer.Lists[i] = listOf(l)
		answer.Lists[i].Offered = slices.Contains(offers, l.ID)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) putListOffer(c *operation.Call) error {
	in := operation.Body[listOfferInput](c)
	on, given := in.Offered.Value.Value()
	if !given && !c.Problems.Has("offered") {
		c.Problems.Add("offered", "required", "is missing")
	}
	if err := a.o.Contacts.Offer(c.Context(), c.Actor, id.Ref[id.List]{UID: c.UID("list_id")}, on, c.Problems); err != nil {
		return err
	}
	return c.NoContent()
}
