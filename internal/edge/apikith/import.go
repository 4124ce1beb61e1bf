package apikith

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/wire3"
)

// partFile is the part of a form that is the file.
const partFile = "file"

func (a *API) importOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodPost, Path: "/imports/preview", ID: "previewImport", Group: groupImports,
			Summary:     "Bring a file, and see what its columns become",
			Description: "The file is kept for a day, to be imported by its file_id.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Form:    []operation.Part{{Name: partFile, File: true, Required: true, Doc: "The file, whose first row names the columns: CSV, or an Excel workbook (.xlsx), of which the first sheet is taken."}},
			Answers: ok[preview]("What an import would make of the file."),
			Serve:   a.previewImport,
		},
		{
			Method: http.MethodPost, Path: "/imports", ID: "createImport", Group: groupImports,
			Summary:     "Import a file that was brought before",
			Description: "Columns that the mapping does not name are not read; without a mapping, what the preview took them for holds.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[newImport](),
			Answers:  made[wire3.Activity]("The activity that does it, as v3 shows it."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.createImport,
		},
		{
			Method: http.MethodPost, Path: "/imports/rehearsal", ID: "rehearseImport", Group: groupImports,
			Summary:     "See what an import would do, without doing it",
			Description: "The first 20,000 rows are read by the rules of the import. Lists are not looked at.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[newRehearsal](),
			Answers:  ok[rehearsal]("What would become of the rows."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.rehearseImport,
		},
		{
			Method: http.MethodGet, Path: "/activities/{activity_id}/rejected_rows", ID: "getRejectedRows", Group: groupImports,
			Summary:     "What an import could not take",
			Description: "One element for each fault, in the order of the file. Where Accept asks for text/csv, all of them come as CSV.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Query: operation.Page(50, 500),
			Answers: []operation.Answer{{
				Status: http.StatusOK, Doc: "A page of faults.", Type: reflect.TypeFor[rejectPage](), Media: mediaCSV,
			}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.rejects,
		},
		{
			Method: http.MethodGet, Path: "/activities/{activity_id}/rejected_rows.csv", ID: "getRejectedRowsFile", Group: groupImports,
			Summary: "What an import could not take, as a file",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "All faults, in the order of the file.", Media: mediaCSV}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.rejectsFile,
		},
		{
			Method: http.MethodPost, Path: "/activities/{activity_id}/cancel", ID: "cancelActivity", Group: groupImports,
			Summary:     "Stop a piece of bulk work",
			Description: "What it has done stays done.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers:  ok[wire3.Activity]("The activity as it is now; work that is being done ends a moment later."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.cancel,
		},
	}
}

// previewImport keeps the file as it arrives: it is never whole in memory.
func (a *API) previewImport(c *operation.Call) error {
	form, err := request.ReadForm(c.R)
	if err != nil {
		return err
	}
	upload, err := a.receive(c, form)
	if err == nil {
		var p activity.Preview
		if p, err = a.o.Imports.Preview(c.Context(), c.Actor, upload); err == nil {
			return c.JSON(http.StatusOK, previewOf(p))
		}
		// The refusal counts; what cannot be discarded now expires.
		_ = a.o.Imports.Discard(context.WithoutCancel(c.Context()), c.Actor, upload)
	}
	form.Drain()
	return err
}

// receive keeps the first file of a form.
func (a *API) receive(c *operation.Call, form *request.Form) (id.Ref[id.Blob], error) {
	for part, err := range form.Parts() {
		if err != nil {
			return id.Ref[id.Blob]{}, err
		}
		if part.Name != partFile {
			continue
		}
		if part.File == "" {
			c.Problems.Add(partFile, "type", "must be a file, with a name")
			return id.Ref[id.Blob]{}, c.Problems.Err()
		}
		u, err := a.o.Imports.Receive(c.Context(), c.Actor, part.File, part)
		return u.Ref(), err
	}
	c.Problems.Add(partFile, "required", "is missing")
	return id.Ref[id.Blob]{}, c.Problems.Err()
}

type newImport struct {
	_       struct{}              `schema:"NewImport" doc:"An import to be begun."`
	File    request.Opt[id.UID]   `json:"file_id" required:"true" doc:"The file, from its preview."`
	Mapping request.Opt[[]mapped] `json:"mapping" doc:"What the columns become; left out: what the preview took them for."`
	Lists   request.Opt[[]id.UID] `json:"list_ids" required:"true" min:"1" max:"50" doc:"The lists that everybody in the file is put on."`
	SMS     request.Opt[string]   `json:"sms_permission_to_send" enum:"not_set,explicit" doc:"explicit where everybody with a date in sms_consent_date agreed to short messages on that day; else the file says nothing of consent."`
}

type mapped struct {
	_      struct{}            `schema:"ColumnMapping" doc:"What a column becomes."`
	Index  request.Opt[int]    `json:"index" required:"true" min:"0" doc:"The column's place in the file, from 0."`
	Target request.Opt[string] `json:"target" required:"true" doc:"The name of a target; empty for a column that is not read."`
}

func (a *API) createImport(c *operation.Call) error {
	in := operation.Body[newImport](c)
	file, given := in.File.Value.Value()
	if !given {
		missing(c, "file_id")
		if len(in.Lists.Or(nil)) == 0 {
			missing(c, "list_ids")
		}
		return c.Problems.Err()
	}
	im := activity.Import{Upload: id.Ref[id.Blob]{UID: file}, SMSConsent: smsConsent(c, in.SMS)}
	for _, l := range in.Lists.Or(nil) {
		im.Lists = append(im.Lists, id.Ref[id.List]{UID: l})
	}
	mapping, given := in.Mapping.Value.Value()
	if given {
		p, err := a.o.Imports.Preview(c.Context(), c.Actor, im.Upload)
		if err != nil {
			return err
		}
		im.Columns = columns(c, mapping, len(p.Columns))
	}
	is, err := a.o.Imports.Import(c.Context(), c.Actor, im, c.Problems)
	if err != nil {
		return mappingFault(err, mapping)
	}
	return c.JSON(http.StatusCreated, wire3.ActivityOf(is))
}

// smsConsent reads what an import says of consent to short messages (v3
// contract, contacts_file_import).
func smsConsent(c *operation.Call, in request.Opt[string]) bool {
	switch in.Or("") {
	case "", "not_set":
	case "explicit":
		return true
	default:
		c.Problems.Add("sms_permission_to_send", "value", "must be not_set or explicit")
	}
	return false
}

// columns brings a mapping into the order of the file, which has n columns.
func columns(c *operation.Call, mapping []mapped, n int) []string {
	names, seen := make([]string, n), make(map[int]bool, n)
	for i, m := range mapping {
		path := "mapping[" + strconv.Itoa(i) + "].index"
		at, given := m.Index.Value.Value()
		switch {
		case c.Problems.Has(path):
		case !given:
			c.Problems.Add(path, "required", "is missing")
		case at < 0 || at >= n:
			c.Problems.Add(path, "range", "is none of the file's "+strconv.Itoa(n)+" columns, which count from 0")
		case seen[at]:
			c.Problems.Add(path, "repeated", "is mapped twice")
		default:
			seen[at], names[at] = true, strings.TrimSpace(m.Target.Or(""))
		}
	}
	return names
}

// mappingFault gives the problems of columns the paths that they have in the
// mapping.
func mappingFault(err error, mapping []mapped) error {
	f := fault.Of(err)
	if f.Kind != fault.Invalid {
		return err
	}
	renamed := *f
	renamed.Problems = nil
	for _, p := range f.Problems {
		for i, m := range mapping {
			if at, given := m.Index.Value.Value(); given && p.Path == "columns["+strconv.Itoa(at)+"]" {
				p.Path = "mapping[" + strconv.Itoa(i) + "].target"
				break
			}
		}
		renamed.Problems = append(renamed.Problems, p)
	}
	return &renamed
}

func (a *API) cancel(c *operation.Call) error {
	is, err := a.o.Imports.Cancel(c.Context(), c.Actor, activityRef(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, wire3.ActivityOf(is))
}

func activityRef(c *operation.Call) id.Ref[id.Activity] {
	return id.Ref[id.Activity]{UID: c.UID("activity_id")}
}
