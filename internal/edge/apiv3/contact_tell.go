package apiv3

import (
	"net/http"
	"strconv"

	"kith/internal/base/id"
	"kith/internal/edge/operation"
)

const newSubscriber = "new_subscriber"

// contactCounts tells how many contacts stand where (v3 contract,
// ContactsCounts).
type contactCounts struct {
	_              struct{} `schema:"ContactsCounts" doc:"How many contacts there are, by permission."`
	Total          int64    `json:"total" doc:"All contacts that are not deleted."`
	Explicit       int64    `json:"explicit" doc:"Those with recorded consent."`
	Implicit       int64    `json:"implicit" doc:"Those with a relationship and no recorded consent."`
	Pending        int64    `json:"pending" doc:"Those who were asked and have not answered."`
	Unsubscribed   int64    `json:"unsubscribed" doc:"Those who opted out."`
	NewSubscribers *int64   `json:"new_subscriber,omitempty" doc:"Those who opted in during the last 30 days and may be mailed; left out where it was not asked for."`
}

// contactXrefs holds names of contacts in two versions (v3 contract,
// ContactXrefs).
type contactXrefs struct {
	_     struct{}      `schema:"ContactXrefs" doc:"Names of contacts in two versions."`
	Xrefs []contactXref `json:"xrefs" max:"500" doc:"One element for each contact that was found."`
}

type contactXref struct {
	_          struct{} `schema:"ContactXref" doc:"Both names of a contact."`
	SequenceID string   `json:"sequence_id" doc:"The number of version 2."`
	ContactID  id.UID   `json:"contact_id" doc:"The id of version 3."`
}

func (a *API) contactCounts(c *operation.Call) error {
	counts, err := a.o.Contacts.Counts(c.Context(), c.Actor, c.Text("include") == newSubscriber)
	if err != nil {
		return err
	}
	answer := contactCounts{
		Total: counts.Total, Explicit: counts.Explicit, Implicit: counts.Implicit, Pending: counts.Pending, Unsubscribed: counts.Unsubscribed,
	}
	if counts.NewSubscribers >= 0 {
		answer.NewSubscribers = &counts.NewSubscribers
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) contactXrefs(c *operation.Call) error {
	var numbers []id.Contact
	for _, n := range c.Numbers("sequence_ids") {
		numbers = append(numbers, id.Contact(n))
	}
	refs, err := a.o.Contacts.Xrefs(c.Context(), c.Actor, numbers)
	if err != nil {
		return err
	}
	answer := contactXrefs{Xrefs: make([]contactXref, 0, len(refs))}
	for _, r := range refs {
		answer.Xrefs = append(answer.Xrefs, contactXref{SequenceID: strconv.FormatInt(int64(r.Number), 10), ContactID: r.UID})
	}
	return c.JSON(http.StatusOK, answer)
}
