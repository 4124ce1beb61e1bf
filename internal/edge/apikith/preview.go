package apikith

import (
	"strings"
	"unicode/utf8"

	"kith/internal/base/id"
	"kith/internal/domain/activity"
	"kith/internal/domain/activity/column"
	"kith/internal/domain/contact"
)

// maxSample bounds how much of a cell a preview shows, in characters.
const maxSample = 100

type preview struct {
	_           struct{}        `schema:"ImportPreview" doc:"A file that was brought, and what an import would make of it."`
	FileID      id.UID          `json:"file_id" doc:"By which the file is imported."`
	FileName    string          `json:"file_name" doc:"The file's name."`
	Bytes       int64           `json:"bytes" doc:"Its length in bytes."`
	Rows        int64           `json:"rows" doc:"How many rows it has below the heading row."`
	Encoding    string          `json:"encoding" doc:"How its characters are written, by the name of the WHATWG Encoding Standard."`
	Delimiter   string          `json:"delimiter" doc:"The character between the cells."`
	Columns     []previewColumn `json:"columns" doc:"The columns, in their order."`
	RowsSampled int             `json:"rows_sampled" doc:"From how many rows the samples are."`
	Problems    []string        `json:"problems" doc:"What is remarkable, in sentences."`
	Targets     []target        `json:"targets" doc:"What a column can become."`
}

type previewColumn struct {
	_       struct{} `schema:"ImportColumn" doc:"A column of a file."`
	Index   int      `json:"index" doc:"Its place, from 0."`
	Heading string   `json:"heading" doc:"What its first row says."`
	Target  string   `json:"target" doc:"What it was taken for: the name of a target, or empty for a column that is not read."`
	Samples []string `json:"samples" doc:"Its cells in the first rows, long ones shortened."`
}

type target struct {
	_     struct{} `schema:"ImportTarget" doc:"What a column can become."`
	Name  string   `json:"name" doc:"Its name in a mapping."`
	Label string   `json:"label" doc:"What to call it."`
}

func previewOf(p activity.Preview) preview {
	is := p.Upload.Survey
	w := preview{
		FileID: p.Upload.UID, FileName: p.Upload.Name, Bytes: is.Bytes, Rows: is.Rows,
		Encoding: is.Encoding, Delimiter: string(rune(is.Delimiter)),
		Columns: make([]previewColumn, len(p.Columns)), RowsSampled: len(p.Sample), Problems: []string{},
		Targets: targets(p.Columns, p.Fields),
	}
	w.Problems = append(w.Problems, p.Problems...)
	for i, c := range p.Columns {
		w.Columns[i] = previewColumn{Index: i, Heading: c.Heading, Target: c.Name, Samples: make([]string, len(p.Sample))}
		for j, row := range p.Sample {
			w.Columns[i].Samples[j] = shorten(row[i])
		}
	}
	return w
}

func shorten(cell string) string {
	if utf8.RuneCountInString(cell) <= maxSample {
		return cell
	}
	return string([]rune(cell)[:maxSample]) + "…"
}

// usual are the targets that are offered for every file, beside the account's
// custom fields.
var usual = []target{
	{Name: "email", Label: "Email address"},
	{Name: "email_2", Label: "Email address, where the first is empty"},
	{Name: "first_name", Label: "First name"},
	{Name: "last_name", Label: "Last name"},
	{Name: "company_name", Label: "Company"},
	{Name: "job_title", Label: "Job title"},
	{Name: "birthday", Label: "Birthday"},
	{Name: "birthday_month", Label: "Birthday: month"},
	{Name: "birthday_day", Label: "Birthday: day"},
	{Name: "anniversary", Label: "Anniversary"},
	{Name: "home_phone", Label: "Phone (home)"},
	{Name: "work_phone", Label: "Phone (work)"},
	{Name: "mobile_phone", Label: "Phone (mobile)"},
	{Name: "phone", Label: "Phone (other)"},
	{Name: "sms_number", Label: "SMS number"},
	{Name: "sms_consent_date", Label: "SMS: agreed on"},
	{Name: "street", Label: "Home address: street"},
	{Name: "street2", Label: "Home address: street, second line"},
	{Name: "city", Label: "Home address: city"},
	{Name: "state", Label: "Home address: state"},
	{Name: "zip", Label: "Home address: postal code"},
	{Name: "country", Label: "Home address: country"},
	{Name: "work_street", Label: "Work address: street"},
	{Name: "work_street2", Label: "Work address: street, second line"},
	{Name: "work_city", Label: "Work address: city"},
	{Name: "work_state", Label: "Work address: state"},
	{Name: "work_zip", Label: "Work address: postal code"},
	{Name: "work_country", Label: "Work address: country"},
	{Name: "other_street", Label: "Other address: street"},
	{Name: "other_street2", Label: "Other address: street, second line"},
	{Name: "other_city", Label: "Other address: city"},
	{Name: "other_state", Label: "Other address: state"},
	{Name: "other_zip", Label: "Other address: postal code"},
	{Name: "other_country", Label: "Other address: country"},
}

// targets are what the columns of a file can become: the usual ones, those
// that a column of this file was taken for, and the account's custom fields.
func targets(columns []column.Column, fields []contact.Field) []target {
	all := append([]target(nil), usual...)
	known := map[string]bool{"": true}
	for _, t := range all {
		known[t.Name] = true
	}
	for _, f := range fields {
		t := target{Name: column.CustomPrefix + f.Name, Label: f.Label}
		all, known[t.Name] = append(all, t), true
	}
	for _, c := range columns {
		if !known[c.Name] {
			all, known[c.Name] = append(all, target{Name: c.Name, Label: spoken(c.Name)}), true
		}
	}
	return all
}

// spoken makes a label of a name, as in "Phone 1 type" for phone_1_type.
func spoken(name string) string {
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
