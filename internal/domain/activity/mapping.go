package activity

import (
	"slices"
	"strings"

	"kith/internal/base/id"
	"kith/internal/domain/activity/column"
	"kith/internal/domain/contact"
)

// mapping returns the names that a file's columns have, and what is remarkable
// about the headings where those decide.
func mapping(headings, asked []string, fields []contact.Field) (names, texts []string, err error) {
	known := customs(fields)
	if asked == nil {
		columns, err := column.Recognise(headings, known)
		if err != nil {
			return nil, nil, err
		}
		asked, texts = column.Names(columns), column.Remarks(columns)
	}
	_, err = column.NewPlan(headings, asked, known, column.Options{})
	return asked, texts, err
}

// fieldsOf are the custom fields that the names of columns mean, in the order of
// the columns.
func fieldsOf(names []string, fields []contact.Field) (refs []id.Ref[id.Field]) {
	for _, name := range names {
		rest, custom := strings.CutPrefix(name, column.CustomPrefix)
		if i := slices.IndexFunc(fields, func(f contact.Field) bool { return custom && f.Name == rest }); i >= 0 {
			refs = append(refs, fields[i].Ref())
		}
	}
	return refs
}

// namesNow are the names of an import's columns as they are now: a custom field
// may have got another one since the import was begun. One that was deleted
// takes no values.
func namesNow(in Input, fields []contact.Field) []string {
	names, meant := slices.Clone(in.Columns), in.Fields
	for i, name := range names {
		if !strings.HasPrefix(name, column.CustomPrefix) || len(meant) == 0 {
			continue
		}
		names[i] = ""
		if at := slices.IndexFunc(fields, func(f contact.Field) bool { return f.ID == meant[0].Number }); at >= 0 {
			names[i] = column.CustomPrefix + fields[at].Name
		}
		meant = meant[1:]
	}
	return names
}
