package apiv3

import (
	"mime"
	"net/http"
	"reflect"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

const mediaCSV = "text/csv"

func (a *API) exportOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodPost, Path: "/activities/contact_exports", ID: "postContactsExport", Group: groupActivities,
			Summary: "Export contacts to a file",
			Description: "Without a source, all contacts that are not deleted. The file is at `_links.results` once the activity is completed, " +
				"and is kept for two weeks. It is CSV in UTF-8; a cell that a spreadsheet would take for a formula has an apostrophe before it.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:    reflect.TypeFor[exportInput](),
			Answers: []operation.Answer{{Status: http.StatusCreated, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.Export]()}},
			Serve:   a.export,
		},
		{
			Method: http.MethodGet, Path: "/contact_exports/{file_export_id}", ID: "getContactsExport", Group: groupActivities,
			Summary:     "Download an exported file",
			Description: "There is no file before the export's activity is completed: the answer is 404 until then, and its text says how far the work is.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers: []operation.Answer{{
				Status: http.StatusOK, Doc: "The file.", Media: mediaCSV,
				Headers: map[string]string{
					"Content-Disposition": "A name for the file.", "Content-Encoding": "gzip, where Accept-Encoding takes it.",
				},
			}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.exported,
		},
	}
}

// exportInput is v3 contract, ContactsExport.
type exportInput struct {
	_        struct{}                  `schema:"ContactsExport" doc:"Which contacts, and which of their fields; at most one source."`
	Contacts request.Opt[[]id.UID]     `json:"contact_ids" max:"500" doc:"Contacts by their ids."`
	Lists    request.Opt[[]id.UID]     `json:"list_ids" max:"50" doc:"Whoever is on any of these lists."`
	Tags     request.Opt[[]id.UID]     `json:"tag_ids" max:"50" doc:"Whoever wears any of these tags."`
	New      request.Opt[bool]         `json:"new_subscriber" doc:"Who may be mailed and opted in during the last 30 days."`
	Segment  request.Opt[int64]        `json:"segment_id" doc:"Whoever belongs to a segment."`
	Fields   request.Opt[[]string]     `json:"fields" doc:"The columns of the file, in their order; left out: all. A custom field is meant by its id or as cf:name; numbers for short messages are there only where sms_channel is named."`
	Status   request.Opt[string]       `json:"status" doc:"Only contacts that stand there; goes with contact_ids or list_ids, or alone."`
	Exclude  request.Opt[excludeInput] `json:"exclude" doc:"Who is left out."`
}

// export begins an export.
func (a *API) export(c *operation.Call) error {
	in := operation.Body[exportInput](c)
	s := contact.Selection{
		Contacts: refsGiven[id.Contact](in.Contacts), Lists: refsGiven[id.List](in.Lists), Tags: refsGiven[id.Tag](in.Tags),
		NewSubscribers: in.New.Or(false), Segment: id.Segment(in.Segment.Or(0)), Except: in.Exclude.Or(excludeInput{}).refs(),
	}
	if word := in.Status.Or(""); word != "" {
		var known bool
		if s.Statuses, known = contact.ParseStatus(word); !known {
			c.Problems.Add("status", "value", invalid+"; it takes all, active, deleted, not_set, pending_confirmation, temp_hold, implicit, explicit or unsubscribed")
		}
		if s.Tags != nil || s.NewSubscribers || s.Segment != 0 {
			c.Problems.Add("status", "exclusive", "goes with contact_ids and list_ids only")
		}
	}
	is, err := a.o.Activities.Export(c.Context(), c.Actor, activity.Export{Selection: s, Columns: in.Fields.Or(nil)}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.ExportOf(is))
}

// exported sends the file of an export.
func (a *API) exported(c *operation.Call) error {
	file, err := a.o.Activities.OpenExport(c.Context(), c.Actor, id.Ref[id.Activity]{UID: c.UID("file_export_id")})
	if err != nil {
		return err
	}
	defer file.Close()
	h := c.W.Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	h.Set("Cache-Control", "no-store")
	if err := respond.Stream(c.W, c.R, mediaCSV+"; charset=utf-8", file, file.Bytes); err != nil {
		// Half a file must not be taken for the whole.
		request.Of(c.Context()).Cause = err
		panic(http.ErrAbortHandler)
	}
	return nil
}
