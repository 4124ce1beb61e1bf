package apikith

import (
	"net/http"
	"reflect"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/wire3"
)

// usualSample is how many contacts a preview shows where it is not told.
const usualSample = 10

func (a *API) segmentOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodPost, Path: "/segments/preview", ID: "previewSegment", Group: groupSegments,
			Summary:     "Try criteria",
			Description: "Counts who meets criteria that need not be kept, and shows some of them. Every fault is told with its place, such as `criteria.group[0].op`.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Body:    reflect.TypeFor[previewInput](),
			Answers: ok[segmentPreview]("Who meets the criteria."),
			Serve:   a.previewSegment,
		},
	}
}

type previewInput struct {
	_        struct{}         `schema:"SegmentPreviewInput" doc:"Criteria to be tried."`
	Criteria request.Raw      `json:"segment_criteria" required:"true" max:"20000" doc:"As v3 takes them: JSON in a text, or the JSON object itself."`
	Sample   request.Opt[int] `json:"sample" min:"0" max:"50" default:"10" doc:"How many contacts to show."`
}

type segmentPreview struct {
	_        struct{}   `schema:"SegmentPreview" doc:"Who meets criteria."`
	Count    int64      `json:"count" doc:"How many contacts do."`
	Active   int64      `json:"active_count" doc:"How many of them may be mailed."`
	Contacts []numbered `json:"contacts" doc:"The first of them, in the order in which they were added."`
}

func (a *API) previewSegment(c *operation.Call) error {
	in := operation.Body[previewInput](c)
	sample := in.Sample.Or(usualSample)
	if sample < 0 || sample > segment.MaxSample {
		c.Problems.Add("sample", "range", "must be a number from 0 to 50")
	}
	draft, _ := wire3.ReadCriteria(in.Criteria.Value, &c.Problems)
	of, err := a.o.Segments.Preview(c.Context(), c.Actor, draft, sample, c.Problems)
	if err != nil {
		return err
	}
	answer := segmentPreview{Count: of.Count, Active: of.Active, Contacts: make([]numbered, len(of.Sample))}
	for i, is := range of.Sample {
		answer.Contacts[i] = numbered{Contact: wire3.ContactOf(is), Number: int64(is.ID)}
	}
	return c.JSON(http.StatusOK, answer)
}
