package store

import (
	"encoding/json"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
)

// inputRow is the stored form of what an activity was asked for, and the rows
// below of its parts. Times are milliseconds.
type inputRow struct {
	Columns   []string           `json:"columns,omitempty"`
	Selection *selectionRow      `json:"selection,omitempty"`
	Lists     []refRow[id.List]  `json:"lists,omitempty"`
	Tags      []refRow[id.Tag]   `json:"tags,omitempty"`
	Fields    []refRow[id.Field] `json:"fields,omitempty"`
	SMS       bool               `json:"sms_consent,omitempty"`
}

type refRow[N ~int64] struct {
	Number N      `json:"n"`
	UID    id.UID `json:"id"`
}

type selectionRow struct {
	// Contacts are known by their numbers: there may be many.
	Contacts       []id.Contact      `json:"contacts,omitempty"`
	Lists          []refRow[id.List] `json:"lists,omitempty"`
	Tags           []refRow[id.Tag]  `json:"tags,omitempty"`
	AllActive      bool              `json:"all_active,omitempty"`
	NewSubscribers bool              `json:"new_subscribers,omitempty"`
	Engagement     string            `json:"engagement,omitempty"`
	Segment        id.Segment        `json:"segment,omitempty"`
	Filter         *filterRow        `json:"filter,omitempty"`
	Statuses       contact.Statuses  `json:"statuses,omitempty"`
	Except         []id.Contact      `json:"except,omitempty"`
	At             int64             `json:"at,omitempty"`
}

type filterRow struct {
	Statuses      contact.Statuses  `json:"statuses,omitempty"`
	Email         string            `json:"email,omitempty"`
	Lists         []refRow[id.List] `json:"lists,omitempty"`
	Tags          []refRow[id.Tag]  `json:"tags,omitempty"`
	UpdatedAfter  int64             `json:"updated_after,omitempty"`
	UpdatedBefore int64             `json:"updated_before,omitempty"`
	CreatedAfter  int64             `json:"created_after,omitempty"`
	CreatedBefore int64             `json:"created_before,omitempty"`
	OptOutAfter   int64             `json:"opt_out_after,omitempty"`
	OptOutBefore  int64             `json:"opt_out_before,omitempty"`
	Search        string            `json:"search,omitempty"`
	Segment       id.Segment        `json:"segment,omitempty"`
	SMS           contact.Statuses  `json:"sms,omitempty"`
	Belonging     contact.Belonging `json:"belonging,omitempty"`
	Addressed     bool              `json:"addressed,omitempty"`
}

type positionRow struct {
	Offset  int64      `json:"offset"`
	Line    int64      `json:"line"`
	Row     int64      `json:"row"`
	Contact id.Contact `json:"contact,omitempty"`
	Thing   int        `json:"thing,omitempty"`
}

func inputText(in activity.Input) string {
	row := inputRow{Columns: in.Columns, Lists: refRows(in.Lists), Tags: refRows(in.Tags), Fields: refRows(in.Fields), SMS: in.SMSConsent}
	if in.Selection.Sources() > 0 {
		row.Selection = newSelectionRow(in.Selection)
	}
	return jsonText(row)
}

func parseInput(text string) (in activity.Input, err error) {
	var row inputRow
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return in, err
	}
	in = activity.Input{Columns: row.Columns, Lists: refs(row.Lists), Tags: refs(row.Tags), Fields: refs(row.Fields), SMSConsent: row.SMS}
	if row.Selection != nil {
		in.Selection = row.Selection.selection()
	}
	return in, nil
}

func newSelectionRow(s contact.Selection) *selectionRow {
	row := &selectionRow{
		Contacts: numbersOf(s.Contacts), Lists: refRows(s.Lists), Tags: refRows(s.Tags), AllActive: s.AllActive,
		NewSubscribers: s.NewSubscribers, Engagement: s.Engagement, Segment: s.Segment, Statuses: s.Statuses,
		Except: numbersOf(s.Except), At: clock.Millis(s.At),
	}
	if f := s.Filter; f != nil {
		row.Filter = &filterRow{
			Statuses: f.Statuses, Email: f.Email, Lists: refRows(f.Lists), Tags: refRows(f.Tags), Search: f.Search, Segment: f.Segment, SMS: f.SMS,
			Belonging: f.Belonging, Addressed: f.Addressed,
			UpdatedAfter: clock.Millis(f.UpdatedAfter), UpdatedBefore: clock.Millis(f.UpdatedBefore),
			CreatedAfter: clock.Millis(f.CreatedAfter), CreatedBefore: clock.Millis(f.CreatedBefore),
			OptOutAfter: clock.Millis(f.OptOutAfter), OptOutBefore: clock.Millis(f.OptOutBefore),
		}
	}
	return row
}

func (row *selectionRow) selection() contact.Selection {
	s := contact.Selection{
		Contacts: byNumber(row.Contacts), Lists: refs(row.Lists), Tags: refs(row.Tags), AllActive: row.AllActive,
		NewSubscribers: row.NewSubscribers, Engagement: row.Engagement, Segment: row.Segment, Statuses: row.Statuses,
		Except: byNumber(row.Except), At: clock.FromMillis(row.At),
	}
	if f := row.Filter; f != nil {
		at := clock.FromMillis
		s.Filter = &contact.Filter{
			Statuses: f.Statuses, Email: f.Email, Lists: refs(f.Lists), Tags: refs(f.Tags), Search: f.Search, Segment: f.Segment, SMS: f.SMS,
			Belonging: f.Belonging, Addressed: f.Addressed,
			UpdatedAfter: at(f.UpdatedAfter), UpdatedBefore: at(f.UpdatedBefore), CreatedAfter: at(f.CreatedAfter),
			CreatedBefore: at(f.CreatedBefore), OptOutAfter: at(f.OptOutAfter), OptOutBefore: at(f.OptOutBefore),
		}
	}
	return s
}

func refRows[N ~int64](in []id.Ref[N]) (out []refRow[N]) {
	for _, r := range in {
		out = append(out, refRow[N](r))
	}
	return out
}

func refs[N ~int64](in []refRow[N]) (out []id.Ref[N]) {
	for _, r := range in {
		out = append(out, id.Ref[N](r))
	}
	return out
}

func numbersOf[N ~int64](in []id.Ref[N]) (out []N) {
	for _, r := range in {
		out = append(out, r.Number)
	}
	return out
}

func byNumber[N ~int64](in []N) (out []id.Ref[N]) {
	for _, n := range in {
		out = append(out, id.Ref[N]{Number: n})
	}
	return out
}
