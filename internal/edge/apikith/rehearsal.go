package apikith

import (
	"net/http"

	"kith/internal/base/id"
	"kith/internal/domain/activity"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

type newRehearsal struct {
	_       struct{}              `schema:"NewImportRehearsal" doc:"An import to be rehearsed."`
	File    request.Opt[id.UID]   `json:"file_id" required:"true" doc:"The file, from its preview."`
	Mapping request.Opt[[]mapped] `json:"mapping" doc:"What the columns become; left out: what the preview took them for."`
	SMS     request.Opt[string]   `json:"sms_permission_to_send" enum:"not_set,explicit" doc:"explicit where everybody with a date in sms_consent_date agreed to short messages on that day; else the file says nothing of consent."`
}

type rehearsal struct {
	_         struct{} `schema:"ImportRehearsal" doc:"What an import would do."`
	Rows      int64    `json:"rows" doc:"How many rows the file has below the heading row."`
	Read      int64    `json:"rows_read" doc:"How many of them were looked at."`
	New       int64    `json:"new" doc:"Contacts that would be added."`
	Changed   int64    `json:"changed" doc:"Contacts that are there and would change."`
	Unchanged int64    `json:"unchanged" doc:"Contacts that are there and would stay as they are."`
	Rejected  int64    `json:"rejected" doc:"Rows that would not be taken."`
	Rejects   []reject `json:"rejected_rows" doc:"The first faults, in the order of the file."`
}

func (a *API) rehearseImport(c *operation.Call) error {
	in := operation.Body[newRehearsal](c)
	file, given := in.File.Value.Value()
	if !given {
		missing(c, "file_id")
		return c.Problems.Err()
	}
	im := activity.Import{Upload: id.Ref[id.Blob]{UID: file}, SMSConsent: smsConsent(c, in.SMS)}
	mapping, given := in.Mapping.Value.Value()
	if given {
		p, err := a.o.Imports.Preview(c.Context(), c.Actor, im.Upload)
		if err != nil {
			return err
		}
		im.Columns = columns(c, mapping, len(p.Columns))
	}
	is, err := a.o.Imports.Rehearse(c.Context(), c.Actor, im, c.Problems)
	if err != nil {
		return mappingFault(err, mapping)
	}
	answer := rehearsal{
		Rows: is.Rows, Read: is.Read, New: is.New, Changed: is.Changed, Unchanged: is.Unchanged, Rejected: is.Rejected,
		Rejects: make([]reject, len(is.Rejects)),
	}
	for i, r := range is.Rejects {
		answer.Rejects[i] = reject{Line: r.Line, Column: r.Column, Value: r.Value, Reason: r.Reason}
	}
	return c.JSON(http.StatusOK, answer)
}
