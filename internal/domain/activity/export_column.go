package activity

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// exportColumn is a column that an export may have. Its name is what callers ask
// for it by, and what is kept of it.
type exportColumn struct {
	name  string
	title string // as the hosted service's own files head it
	needs contact.Include
	cell  func(e *exportNames, c *contact.Record) string
}

// exportNames are what a record has by number only.
type exportNames struct {
	lists  map[id.List]string
	tags   map[id.Tag]string
	fields map[id.Field]contact.Field
}

// Names that stand for several columns, and the column that others go with.
const (
	columnEmail    = "email_address"
	columnsPhones  = "phone_numbers"
	columnsPlaces  = "street_addresses"
	columnsCustom  = "custom_fields"
	columnsSMS     = "sms_channel"
	customPrefix   = "cf:"
	customNumbered = "custom_field:" // and its number: how a custom field's column is kept
)

// exportColumns are all columns but those of custom fields, in the order in
// which an export of all has them; custom fields come before columnLists.
var exportColumns = slices.Concat(
	[]exportColumn{
		text(columnEmail, "Email address", func(c *contact.Contact) string { return c.Email.Address.String() }),
		text("first_name", "First name", func(c *contact.Contact) string { return c.FirstName }),
		text("last_name", "Last name", func(c *contact.Contact) string { return c.LastName }),
		text("job_title", "Job title", func(c *contact.Contact) string { return c.JobTitle }),
		text("company_name", "Company", func(c *contact.Contact) string { return c.CompanyName }),
		phone("home_phone", "Phone - home", contact.Home),
		phone("work_phone", "Phone - work", contact.Work),
		phone("mobile_phone", "Phone - mobile", contact.Mobile),
		phone("other_phone", "Phone - other", contact.Other),
	},
	place("home", "Home", contact.Home), place("work", "Work", contact.Work), place("other", "Other", contact.Other),
	[]exportColumn{
		text("birthday", "Birthday", func(c *contact.Contact) string {
			if c.Birthday.IsZero() {
				return ""
			}
			return twoDigits(int(c.Birthday.Month)) + "/" + twoDigits(c.Birthday.Day)
		}),
		text("anniversary", "Anniversary", func(c *contact.Contact) string { return c.Anniversary.String() }),
		{columnLists, "Email Lists", contact.IncludeLists, func(e *exportNames, c *contact.Record) string { return joined(e.lists, c.Lists) }},
		{"taggings", "Tags", contact.IncludeTags, func(e *exportNames, c *contact.Record) string { return joined(e.tags, c.Tags) }},
		text("permission_to_send", "Email permission status", func(c *contact.Contact) string {
			if c.Email.Address.IsZero() && !c.Deleted() {
				return ""
			}
			return c.Status()
		}),
		text("email_optin_source", "Email opt-in source", func(c *contact.Contact) string { return c.Email.OptInSource.String() }),
		text("email_optin_date", "Email opt-in date", func(c *contact.Contact) string { return instant(c.Email.OptInAt) }),
		text("email_optout_source", "Email opt-out source", func(c *contact.Contact) string { return c.Email.OptOutSource.String() }),
		text("email_optout_date", "Email opt-out date", func(c *contact.Contact) string { return instant(c.Email.OptOutAt) }),
		text("email_optout_reason", "Email opt-out reason", func(c *contact.Contact) string { return c.Email.OptOutReason }),
		text("created_at", "Created At", func(c *contact.Contact) string { return instant(c.CreatedAt) }),
		text("updated_at", "Updated At", func(c *contact.Contact) string { return instant(c.UpdatedAt) }),
	},
)

const columnLists = "list_memberships"

// exportExtra are columns that an export has only when they are asked for.
var exportExtra = []exportColumn{
	text("contact_id", "Contact ID", func(c *contact.Contact) string { return c.UID.String() }),
	{"notes", "Notes", contact.IncludeNotes, func(_ *exportNames, c *contact.Record) string {
		texts := make([]string, len(c.Notes))
		for i, n := range c.Notes {
			texts[i] = n.Content
		}
		return strings.Join(texts, "\n")
	}},
	sms("sms_number", "SMS number", func(s *contact.SMS) string { return s.Number.National() }),
	sms("sms_permission", "SMS permission status", func(s *contact.SMS) string { return s.Permission.String() }),
	sms("sms_consent_date", "SMS consent date", func(s *contact.SMS) string {
		if s.Permission != contact.Explicit {
			return ""
		}
		return s.OptInAt.Format(time.DateOnly) // the form in which an import takes it
	}),
	sms("sms_optout_source", "SMS opt-out source", func(s *contact.SMS) string { return s.OptOutSource.String() }),
	sms("sms_optout_date", "SMS opt-out date", func(s *contact.SMS) string { return instant(s.OptOutAt) }),
}

// sms returns a column of the number for short messages.
func sms(name, title string, of func(*contact.SMS) string) exportColumn {
	return exportColumn{name, title, contact.IncludeSMS, func(_ *exportNames, c *contact.Record) string {
		if c.SMS == nil {
			return ""
		}
		return of(c.SMS)
	}}
}

func text(name, title string, of func(*contact.Contact) string) exportColumn {
	return exportColumn{name, title, contact.IncludeNothing, func(_ *exportNames, c *contact.Record) string { return of(&c.Contact) }}
}

func phone(name, title string, kind contact.Kind) exportColumn {
	return exportColumn{name, title, contact.IncludePhones, func(_ *exportNames, c *contact.Record) string {
		for i := range c.Phones {
			if c.Phones[i].Kind == kind {
				return c.Phones[i].Number
			}
		}
		return ""
	}}
}

// place returns the columns of an address.
func place(name, title string, kind contact.Kind) []exportColumn {
	part := func(end, heading string, of func(*contact.Address) string) exportColumn {
		return exportColumn{name + "_" + end, heading + " - " + title, contact.IncludeAddresses, func(_ *exportNames, c *contact.Record) string {
			for i := range c.Addresses {
				if c.Addresses[i].Kind == kind {
					return of(&c.Addresses[i])
				}
			}
			return ""
		}}
	}
	return []exportColumn{
		part("street", "Street address line 1", func(a *contact.Address) string { return a.Street }),
		part("city", "City", func(a *contact.Address) string { return a.City }),
		part("state", "State/Province", func(a *contact.Address) string { return a.State }),
		part("zip", "Zip/Postal Code", func(a *contact.Address) string { return a.PostalCode }),
		part("country", "Country", func(a *contact.Address) string { return a.Country }),
	}
}

// custom returns the column of a custom field. A field that was deleted after
// the export began has an empty column.
func custom(number id.Field, label string) exportColumn {
	return exportColumn{
		customNumbered + strconv.FormatInt(int64(number), 10), label, contact.IncludeFields,
		func(e *exportNames, c *contact.Record) string {
			for _, v := range c.Values {
				if v.Field == number {
					return written(e.fields[number], v)
				}
			}
			return ""
		},
	}
}

// written is a value as a person would write it, and as an import takes it.
func written(f contact.Field, v contact.StoredValue) string {
	if !f.Type.Select() {
		return v.Text
	}
	var labels []string
	for _, picked := range v.Value(f).Choices {
		for _, choice := range f.Choices {
			if choice.ID == picked {
				labels = append(labels, choice.Label)
			}
		}
	}
	return strings.Join(labels, between)
}

// between stands between the names in a cell.
const between = ", "

// joined are the names of things, in the order of their numbers. What was
// deleted meanwhile has none.
func joined[N ~int64](names map[N]string, refs []id.Ref[N]) string {
	if len(refs) == 1 {
		return names[refs[0].Number]
	}
	var all []string
	for _, r := range refs {
		if name, ok := names[r.Number]; ok {
			all = append(all, name)
		}
	}
	return strings.Join(all, between)
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// exportNamesKept turns the names of columns that a caller asks for into those
// that are kept, each once, in the order in which they were asked for; none
// means all. It adds a problem for what names no column, and for a column of
// permission without the address that it is about.
func exportNamesKept(asked []string, fields []contact.Field, found *fault.Problems) []string {
	if len(asked) == 0 {
		return exportAll(fields)
	}
	var kept []string
	add := func(all ...string) {
		for _, name := range all {
			if !slices.Contains(kept, name) {
				kept = append(kept, name)
			}
		}
	}
	for i, name := range asked {
		names := exportNamed(name, fields)
		if names == nil {
			found.Add("fields["+strconv.Itoa(i)+"]", "unknown", "names no field of contacts: "+shorten(name))
		}
		add(names...)
	}
	if !slices.Contains(kept, columnEmail) {
		for i, name := range asked {
			if strings.HasPrefix(name, "email_opt") {
				found.Add("fields["+strconv.Itoa(i)+"]", "requires", "is exported only together with "+columnEmail)
			}
		}
	}
	return kept
}

// ExportColumn is a column that an export may have.
type ExportColumn struct {
	// Name is what Export.Columns means it by, Title its heading in the file.
	Name, Title string
	// Usual says that an export has it which says nothing of columns.
	Usual bool
}

// ExportColumns returns the columns that an export of the account may have: the
// usual ones in their order, then the others.
func (s *Service) ExportColumns(ctx context.Context, who account.Actor) (all []ExportColumn, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return nil, err
	}
	var fields []contact.Field
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		fields, err = tx.AllFields(ctx, who.Account)
		return err
	})
	for _, c := range exportColumns {
		if c.name == columnLists {
			for _, f := range fields {
				all = append(all, ExportColumn{customPrefix + f.Name, f.Label, true})
			}
		}
		all = append(all, ExportColumn{c.name, c.title, true})
	}
	for _, c := range exportExtra {
		all = append(all, ExportColumn{c.name, c.title, false})
	}
	return all, err
}

// exportAll names the columns of an export that says nothing of them.
func exportAll(fields []contact.Field) (names []string) {
	for _, c := range exportColumns {
		if c.name == columnLists {
			names = append(names, customNames(fields)...)
		}
		names = append(names, c.name)
	}
	return names
}

func customNames(fields []contact.Field) []string {
	names := []string{}
	for _, f := range fields {
		names = append(names, custom(f.ID, f.Label).name)
	}
	return names
}

// exportNamed returns the columns that a caller means by a name; nil for none.
func exportNamed(name string, fields []contact.Field) []string {
	group := func(needs contact.Include) (names []string) {
		for _, c := range slices.Concat(exportColumns, exportExtra) {
			if c.needs == needs {
				names = append(names, c.name)
			}
		}
		return names
	}
	switch name {
	case columnsPhones:
		return group(contact.IncludePhones)
	case columnsPlaces:
		return group(contact.IncludeAddresses)
	case columnsSMS:
		return group(contact.IncludeSMS)
	case columnsCustom:
		return customNames(fields)
	}
	for _, f := range fields {
		if name == f.UID.String() || name == customPrefix+f.Name {
			return []string{custom(f.ID, f.Label).name}
		}
	}
	if strings.HasPrefix(name, customNumbered) {
		return nil
	}
	if _, ok := exportColumnOf(name, nil); ok {
		return []string{name}
	}
	return nil
}

// exportColumnOf returns the column that a kept name stands for.
func exportColumnOf(name string, fields map[id.Field]contact.Field) (exportColumn, bool) {
	if number, ok := strings.CutPrefix(name, customNumbered); ok {
		n, err := strconv.ParseInt(number, 10, 64)
		f := fields[id.Field(n)]
		return custom(id.Field(n), f.Label), err == nil
	}
	for _, all := range [][]exportColumn{exportColumns, exportExtra} {
		for _, c := range all {
			if c.name == name {
				return c, true
			}
		}
	}
	return exportColumn{}, false
}
