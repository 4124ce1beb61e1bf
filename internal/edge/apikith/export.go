package apikith

import (
	"net/http"
	"reflect"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/wire3"
)

func (a *API) exportOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodPost, Path: "/exports", ID: "createExport", Group: groupContacts,
			Summary: "Export contacts to a file",
			Description: "As version 3's exports, but also of whoever meets the filter of `GET /contacts`, however many they are; " +
				"without `filter` and `contact_ids`, of everybody who is not deleted. The file is at `_links.results`, an address of " +
				"version 3, once the activity is completed; it comes compressed where Accept-Encoding takes gzip.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[newExport](),
			Answers:  made[wire3.Export]("The activity that does it, as v3 shows it."),
			Failures: []int{http.StatusTooManyRequests},
			Serve:    a.createExport,
		},
		{
			Method: http.MethodGet, Path: "/exports/fields", ID: "listExportFields", Group: groupContacts,
			Summary: "What columns an export may have",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers: ok[exportFields]("All columns, custom fields among them."),
			Serve:   a.exportFields,
		},
	}
}

type newExport struct {
	_        struct{}                `schema:"NewExport" doc:"Which contacts, and which of their fields."`
	Filter   request.Opt[bulkFilter] `json:"filter" doc:"Whoever meets it."`
	Contacts request.Opt[[]id.UID]   `json:"contact_ids" max:"500" doc:"Contacts by their ids."`
	Exclude  request.Opt[[]id.UID]   `json:"exclude_contact_ids" max:"10000" doc:"Who is left out of those who meet the filter."`
	Fields   request.Opt[[]string]   `json:"fields" doc:"The columns of the file by their names, in their order; left out: all usual ones."`
}

func (a *API) createExport(c *operation.Call) error {
	in := operation.Body[newExport](c)
	s := contact.Selection{Contacts: given[id.Contact](in.Contacts), Except: given[id.Contact](in.Exclude), Filter: &contact.Filter{}}
	switch f, filtered := in.Filter.Value.Value(); {
	case filtered:
		s.Filter = f.filter(c)
	case s.Contacts != nil:
		s.Filter = nil
	}
	is, err := a.o.Imports.Export(c.Context(), c.Actor, activity.Export{Selection: s, Columns: in.Fields.Or(nil)}, c.Problems)
	if err != nil {
		return excludeFault(err)
	}
	return c.JSON(http.StatusCreated, wire3.ExportOf(is))
}

// excludeFault gives a problem of those who are left out the path that they
// have here.
func excludeFault(err error) error {
	f := fault.Of(err)
	if f.Kind != fault.Invalid {
		return err
	}
	renamed := *f
	renamed.Problems = nil
	for _, p := range f.Problems {
		if p.Path == "exclude.contact_ids" {
			p.Path = "exclude_contact_ids"
		}
		renamed.Problems = append(renamed.Problems, p)
	}
	return &renamed
}

type exportFields struct {
	_      struct{}      `schema:"ExportFields" doc:"What columns an export may have."`
	Fields []exportField `json:"fields" doc:"The usual columns in their order, then the others."`
}

type exportField struct {
	_     struct{} `schema:"ExportField" doc:"A column that an export may have."`
	Name  string   `json:"name" doc:"What fields of an export means it by."`
	Title string   `json:"title" doc:"Its heading in the file."`
	Usual bool     `json:"usual" doc:"Whether an export has it that names no columns."`
}

func (a *API) exportFields(c *operation.Call) error {
	all, err := a.o.Imports.ExportColumns(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := exportFields{Fields: make([]exportField, len(all))}
	for i, f := range all {
		answer.Fields[i] = exportField{Name: f.Name, Title: f.Title, Usual: f.Usual}
	}
	return c.JSON(http.StatusOK, answer)
}
