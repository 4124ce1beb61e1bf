package store

import (
	"encoding/json"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// contactColumns are the columns of a contact's own row, in the order in which
// contactArgs writes and contactRow reads them. account_id stands before them.
const contactColumns = `number, uid, email, first_name, last_name, job_title, company_name, birthday, anniversary,
	permission, confirm_status, opt_in_source, opt_in_at, opt_out_source, opt_out_at, opt_out_reason,
	create_source, update_source, email_created_at, email_updated_at, created_at, updated_at, deleted_at,
	phones, addresses, places`

// contactColumnCount is how many they are, with account_id.
const contactColumnCount = 27

// contactArgs returns a contact's own row, with account_id first. A bulk write
// uses it too, so that there is one stored form.
func contactArgs(account id.Account, c *contact.Contact) []any {
	e := &c.Email
	return []any{
		int64(account), int64(c.ID), c.UID[:], emailValue(e.Address), c.FirstName, c.LastName, c.JobTitle, c.CompanyName,
		birthdayNumber(c.Birthday), dayNumber(c.Anniversary),
		int64(e.Permission), int64(e.Confirm), int64(e.OptInSource), clock.Millis(e.OptInAt),
		int64(e.OptOutSource), clock.Millis(e.OptOutAt), e.OptOutReason,
		int64(c.CreateSource), int64(c.UpdateSource), clock.Millis(e.CreatedAt), clock.Millis(e.UpdatedAt),
		clock.Millis(c.CreatedAt), clock.Millis(c.UpdatedAt), clock.Millis(c.DeletedAt),
		phonesText(c.Phones), addressesText(c.Addresses), placesOf(c.Addresses),
	}
}

// emailValue is the stored form of an address: none is NULL, so that any
// number of contacts may be without one.
func emailValue(a email.Address) any {
	if a.IsZero() {
		return nil
	}
	return a.String()
}

// contactRow is a contact's own row as it is read: contactReadColumns.
type contactRow struct {
	number, birthday, anniversary                                   int64
	permission, confirm, optInSource, optIn, optOutSource, optOut   int64
	createSource, updateSource, emailCreated, emailUpdated, created int64
	updated, deleted                                                int64
	uid                                                             []byte
	email, first, last, job, company, reason, phones, addresses     string
}

// contactReadColumns are what contactRow reads of the table c.
const contactReadColumns = `c.number, c.uid, COALESCE(c.email, ''), c.first_name, c.last_name, c.job_title, c.company_name,
	c.birthday, c.anniversary, c.permission, c.confirm_status, c.opt_in_source, c.opt_in_at, c.opt_out_source, c.opt_out_at,
	c.opt_out_reason, c.create_source, c.update_source, c.email_created_at, c.email_updated_at, c.created_at, c.updated_at,
	c.deleted_at`

// targets are where a row is read to; with phones and addresses two columns
// more.
func (r *contactRow) targets(include contact.Include) []any {
	to := []any{
		&r.number, &r.uid, &r.email, &r.first, &r.last, &r.job, &r.company, &r.birthday, &r.anniversary,
		&r.permission, &r.confirm, &r.optInSource, &r.optIn, &r.optOutSource, &r.optOut, &r.reason,
		&r.createSource, &r.updateSource, &r.emailCreated, &r.emailUpdated, &r.created, &r.updated, &r.deleted,
	}
	if inRow(include) {
		to = append(to, &r.phones, &r.addresses)
	}
	return to
}

// readColumns are the columns that targets takes.
func readColumns(include contact.Include) string {
	if inRow(include) {
		return contactReadColumns + ", c.phones, c.addresses"
	}
	return contactReadColumns
}

// inRow reports whether something is included that stands in the row itself.
func inRow(include contact.Include) bool {
	return include&(contact.IncludePhones|contact.IncludeAddresses) != 0
}

// into fills c, without sub-resources that have rows of their own.
func (r *contactRow) into(c *contact.Contact, include contact.Include) error {
	*c = contact.Contact{
		ID: id.Contact(r.number), UID: uid(r.uid),
		FirstName: r.first, LastName: r.last, JobTitle: r.job, CompanyName: r.company,
		Birthday: birthday(r.birthday), Anniversary: day(r.anniversary),
		CreateSource: contact.Source(r.createSource), UpdateSource: contact.Source(r.updateSource),
		CreatedAt: clock.FromMillis(r.created), UpdatedAt: clock.FromMillis(r.updated), DeletedAt: clock.FromMillis(r.deleted),
		Email: contact.Email{
			Address: email.Stored(r.email), CreatedAt: clock.FromMillis(r.emailCreated), UpdatedAt: clock.FromMillis(r.emailUpdated),
			Consent: contact.Consent{
				Permission: contact.Permission(r.permission), Confirm: contact.ConfirmStatus(r.confirm),
				OptInSource: contact.Source(r.optInSource), OptInAt: clock.FromMillis(r.optIn),
				OptOutSource: contact.Source(r.optOutSource), OptOutAt: clock.FromMillis(r.optOut), OptOutReason: r.reason,
			},
		},
		Included: include,
	}
	var err error
	if include.Has(contact.IncludePhones) {
		if c.Phones, err = phones(r.phones); err != nil {
			return wrap(err, "read the phones of contact %d", r.number)
		}
	}
	if include.Has(contact.IncludeAddresses) {
		if c.Addresses, err = addresses(r.addresses); err != nil {
			return wrap(err, "read the addresses of contact %d", r.number)
		}
	}
	return nil
}

// birthdayNumber is month*100 + day, or 0.
func birthdayNumber(b date.Birthday) int64 { return int64(b.Month)*100 + int64(b.Day) }

func birthday(n int64) date.Birthday {
	return date.Birthday{Month: time.Month(n / 100), Day: int(n % 100)}
}

// dayNumber is year*10000 + month*100 + day, or 0.
func dayNumber(d date.Day) int64 {
	return int64(d.Year)*10_000 + int64(d.Month)*100 + int64(d.Day)
}

func day(n int64) date.Day {
	return date.Day{Year: int(n / 10_000), Month: time.Month(n / 100 % 100), Day: int(n % 100)}
}

// phoneRow is the stored form of a phone: short names, since most contacts
// have one.
type phoneRow struct {
	UID          id.UID `json:"id"`
	Number       string `json:"n"`
	Kind         string `json:"k"`
	CreatedAt    int64  `json:"c"`
	UpdatedAt    int64  `json:"u"`
	CreateSource int    `json:"cs"`
	UpdateSource int    `json:"us"`
}

func phonesText(in []contact.Phone) string {
	if len(in) == 0 {
		return ""
	}
	rows := make([]phoneRow, len(in))
	for i, p := range in {
		rows[i] = phoneRow{
			p.UID, p.Number, string(p.Kind), clock.Millis(p.CreatedAt), clock.Millis(p.UpdatedAt),
			int(p.CreateSource), int(p.UpdateSource),
		}
	}
	return string(appendPhones(make([]byte, 0, 160*len(rows)), rows))
}

func phones(text string) ([]contact.Phone, error) {
	if text == "" {
		return nil, nil
	}
	rows, usual := readPhones(text)
	if !usual {
		rows = nil
		if err := json.Unmarshal([]byte(text), &rows); err != nil {
			return nil, err
		}
	}
	out := make([]contact.Phone, len(rows))
	for i, r := range rows {
		out[i] = contact.Phone{
			UID: r.UID, Number: r.Number, Kind: contact.Kind(r.Kind),
			CreatedAt: clock.FromMillis(r.CreatedAt), UpdatedAt: clock.FromMillis(r.UpdatedAt),
			CreateSource: contact.Source(r.CreateSource), UpdateSource: contact.Source(r.UpdateSource),
		}
	}
	return out, nil
}

// addressRow is the stored form of an address.
type addressRow struct {
	UID        id.UID `json:"id"`
	Kind       string `json:"k"`
	Street     string `json:"s,omitempty"`
	City       string `json:"ci,omitempty"`
	State      string `json:"st,omitempty"`
	PostalCode string `json:"p,omitempty"`
	Country    string `json:"co,omitempty"`
	CreatedAt  int64  `json:"c"`
	UpdatedAt  int64  `json:"u"`
}

func addressesText(in []contact.Address) string {
	if len(in) == 0 {
		return ""
	}
	rows := make([]addressRow, len(in))
	for i, a := range in {
		rows[i] = addressRow{
			a.UID, string(a.Kind), a.Street, a.City, a.State, a.PostalCode, a.Country,
			clock.Millis(a.CreatedAt), clock.Millis(a.UpdatedAt),
		}
	}
	return string(appendAddresses(make([]byte, 0, 256*len(rows)), rows))
}

func addresses(text string) ([]contact.Address, error) {
	if text == "" {
		return nil, nil
	}
	rows, usual := readAddresses(text)
	if !usual {
		rows = nil
		if err := json.Unmarshal([]byte(text), &rows); err != nil {
			return nil, err
		}
	}
	out := make([]contact.Address, len(rows))
	for i, r := range rows {
		out[i] = contact.Address{
			UID: r.UID, Kind: contact.Kind(r.Kind), Street: r.Street, City: r.City, State: r.State,
			PostalCode: r.PostalCode, Country: r.Country,
			CreatedAt: clock.FromMillis(r.CreatedAt), UpdatedAt: clock.FromMillis(r.UpdatedAt),
		}
	}
	return out, nil
}
