package apiv3

import (
	"net/http"
	"reflect"
	"strconv"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

func (a *API) segmentOperations() []operation.Operation {
	detail := reflect.TypeFor[segmentDetail]()
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/segments", ID: "getAccountSegments", Group: groupSegments,
			Summary:     "Segments",
			Description: "Segments that are not deleted, without their criteria.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsRead),
			Query: append(operation.Page(segment.MaxPage, segment.MaxPage), operation.Parameter{
				Name: "sort_by", Kind: operation.Word, Words: []string{"date", "name"},
				Doc: "By name, or by date: the newest change first. By date, where it is left out.",
			}),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "A page of segments.", Type: reflect.TypeFor[segmentPage]()}},
			Serve:   a.segments,
		},
		{
			Method: http.MethodPost, Path: "/segments", ID: "createSegment", Group: groupSegments,
			Summary:     "Make a segment",
			Description: "`segment_criteria` is a text that holds JSON; the JSON object itself is taken too. What it may say is published at `/v3/segments/schema.json`. Whoever meets the criteria is found each time anew, so a segment is ready at once.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:     reflect.TypeFor[segmentInput](),
			Answers:  []operation.Answer{{Status: http.StatusCreated, Doc: "The segment.", Type: detail}},
			Failures: []int{http.StatusConflict},
			Serve:    a.createSegment,
		},
		{
			Method: http.MethodGet, Path: "/segments/{segment_id}", ID: "getSegmentDetail", Group: groupSegments,
			Summary:     "One segment with its criteria",
			Description: "Also one that was deleted.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsRead),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The segment.", Type: detail}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.segment,
		},
		{
			Method: http.MethodPut, Path: "/segments/{segment_id}", ID: "updateSegment", Group: groupSegments,
			Summary: "Replace a segment",
			Scope:   oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:     reflect.TypeFor[segmentInput](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The segment as it is now.", Type: detail}},
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.updateSegment,
		},
		{
			Method: http.MethodDelete, Path: "/segments/{segment_id}", ID: "deleteSegment", Group: groupSegments,
			Summary:     "Delete a segment",
			Description: "It leaves the list, and its name is free again. Its id still finds it, so that what was sent to it can be told.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Answers:  []operation.Answer{{Status: http.StatusNoContent, Doc: "It is deleted."}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.deleteSegment,
		},
		{
			Method: http.MethodPatch, Path: "/segments/{segment_id}/name", ID: "updateSegmentName", Group: groupSegments,
			Summary: "Rename a segment",
			Scope:   oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:     reflect.TypeFor[segmentName](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The segment as it is now.", Type: detail}},
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.renameSegment,
		},
	}
}

// segmentInput is a segment as a caller writes it (v3 contract, SegmentData).
type segmentInput struct {
	_        struct{}            `schema:"SegmentData" doc:"A segment to be made or replaced."`
	Name     request.Opt[string] `json:"name" required:"true" max:"255" doc:"The name, which no other segment of the account has."`
	Criteria request.Raw         `json:"segment_criteria" required:"true" max:"20000" doc:"Who belongs to it: JSON in a text, or the JSON object itself."`
}

// segmentName is a segment's new name (v3 contract, SegmentName).
type segmentName struct {
	_    struct{}            `schema:"SegmentName" doc:"A name for a segment."`
	Name request.Opt[string] `json:"name" required:"true" max:"255" doc:"The name, which no other segment of the account has."`
}

// segmentMaster is a segment in a list (v3 contract, SegmentMaster). The
// members that all forms share are the same.
type segmentMaster struct {
	_         struct{}     `schema:"SegmentMaster" doc:"A segment without its criteria."`
	Name      string       `json:"name" doc:"The segment's name."`
	ID        id.Segment   `json:"segment_id" readonly:"true" doc:"The segment's number."`
	CreatedAt respond.Time `json:"created_at" readonly:"true" doc:"When the segment was made."`
	EditedAt  respond.Time `json:"edited_at" readonly:"true" doc:"When its name or criteria were last changed."`
}

// segmentDetail is a segment with its criteria (v3 contract, SegmentDetail).
type segmentDetail struct {
	_        struct{} `schema:"SegmentDetail" doc:"A segment."`
	Criteria string   `json:"segment_criteria" max:"20000" doc:"Who belongs to it: JSON in a text."`
	segmentMaster
}

// segmentPage is a page of segments (v3 contract, SegmentsDTO).
type segmentPage struct {
	_        struct{}        `schema:"SegmentsDTO" doc:"A page of segments."`
	Segments []segmentMaster `json:"segments" doc:"The segments."`
	Links    *links          `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

func masterOf(s segment.Segment) segmentMaster {
	return segmentMaster{Name: s.Name, ID: s.ID, CreatedAt: respond.Time(s.CreatedAt), EditedAt: respond.Time(s.EditedAt)}
}

func detailOf(s segment.Segment) segmentDetail {
	return segmentDetail{Criteria: s.Text, segmentMaster: masterOf(s)}
}

func (a *API) segments(c *operation.Call) error {
	order := segment.EditedLast
	if c.Text("sort_by") == "name" {
		order = segment.ByName
	}
	of, err := a.o.Segments.List(c.Context(), c.Actor, order, c.Page())
	if err != nil {
		return err
	}
	answer := segmentPage{Segments: make([]segmentMaster, 0, len(of.Items)), Links: next(c.Next(of.Next))}
	for _, s := range of.Items {
		answer.Segments = append(answer.Segments, masterOf(s))
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) createSegment(c *operation.Call) error {
	s, err := a.o.Segments.Create(c.Context(), c.Actor, segmentOf(c), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, detailOf(s))
}

func (a *API) segment(c *operation.Call) error {
	s, err := a.o.Segments.Get(c.Context(), c.Actor, segmentID(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, detailOf(s))
}

func (a *API) updateSegment(c *operation.Call) error {
	s, err := a.o.Segments.Update(c.Context(), c.Actor, segmentID(c), segmentOf(c), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, detailOf(s))
}

func (a *API) renameSegment(c *operation.Call) error {
	name := operation.Body[segmentName](c).Name.Or("")
	s, err := a.o.Segments.Rename(c.Context(), c.Actor, segmentID(c), name, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, detailOf(s))
}

func (a *API) deleteSegment(c *operation.Call) error {
	if err := a.o.Segments.Delete(c.Context(), c.Actor, segmentID(c)); err != nil {
		return err
	}
	return c.NoContent()
}

// segmentOf reads the segment in a call's body.
func segmentOf(c *operation.Call) segment.Input {
	body := operation.Body[segmentInput](c)
	in := segment.Input{Name: body.Name.Or("")}
	in.Draft, in.Text = wire3.ReadCriteria(body.Criteria.Value, &c.Problems)
	return in
}

func segmentID(c *operation.Call) id.Segment { return segmentNumber(c.Param("segment_id")) }

// segmentNumber reads a segment's number; what is none is that of no segment.
func segmentNumber(s string) id.Segment {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 1 {
		return -1
	}
	return id.Segment(n)
}
