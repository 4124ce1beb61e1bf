package public

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/date"
	"kith/internal/domain/contact"
	"kith/internal/edge/page"
)

// dataView is the page of everything that is kept.
type dataView struct {
	*visit
	Rows    []dataRow
	History []dataEvent
	// Cut says that the download has more history than the page.
	Cut                   bool
	Download, Erase, Back string
}

type dataRow struct {
	Label  string
	Values []string
}

type dataEvent struct {
	At, Time, What string
	More           []string
}

// maxEvents is how much history the page shows.
const maxEvents = 100

// dataPage shows everything that is kept about the contact.
func (s *Site) dataPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, d, err := s.openData(r, v)
	if err != nil {
		return err
	}
	view := dataView{
		visit: v, Rows: v.rows(d), Download: s.address(v, l, contact.ToPreferences, "/data.json"),
		Erase: s.address(v, l, contact.ToPreferences, "/erase"), Back: s.address(v, l, contact.ToPreferences, ""),
	}
	for i, e := range d.History {
		if view.Cut = i == maxEvents; view.Cut {
			break
		}
		view.History = append(view.History, v.event(e))
	}
	title := v.Say("data.title", "sender", v.Name)
	return s.o.Pages.Render(w, http.StatusOK, "p-data", page.Page{Title: title, Wide: true, Face: v, Data: view})
}

func (s *Site) openData(r *http.Request, v *visit) (l contact.Link, d contact.Data, err error) {
	l, _, err = s.openPreferences(r, v)
	if err != nil {
		return l, d, err
	}
	d, err = s.o.Contacts.MyData(r.Context(), l)
	return l, d, there(err)
}

// rows are what is kept now, in words; what is empty is left out.
func (v *visit) rows(d contact.Data) (all []dataRow) {
	row := func(label string, values ...string) {
		var given []string
		for _, value := range values {
			if strings.TrimSpace(value) != "" {
				given = append(given, value)
			}
		}
		if len(given) > 0 {
			all = append(all, dataRow{label, given})
		}
	}
	c := d.Contact
	row(v.Say("data.email"), c.Email.Address.String())
	row(v.Say("data.permission"), v.permission(c.Email.Permission))
	row(v.Say("data.since"), when(c.CreatedAt))
	row(v.Say("data.lists"), d.Lists...)
	row(v.Say("data.name"), strings.TrimSpace(c.FirstName+" "+c.LastName))
	row(v.Say("data.job"), c.JobTitle)
	row(v.Say("data.company"), c.CompanyName)
	row(v.Say("data.birthday"), birthday(c.Birthday))
	row(v.Say("data.anniversary"), day(c.Anniversary))
	for _, p := range c.Phones {
		row(v.Say("data.phone"), p.Number)
	}
	for _, a := range c.Addresses {
		row(v.Say("data.place"), postal(a))
	}
	if c.SMS != nil {
		row(v.Say("data.sms"), c.SMS.Number.Full())
	}
	for _, f := range d.Fields {
		row(f.Label, f.Value)
	}
	row(v.Say("data.tags"), d.Tags...)
	for _, n := range c.Notes {
		row(v.Say("data.note"), n.Content)
	}
	var seen []string
	for _, x := range d.Seen {
		seen = append(seen, x.Address+" ("+when(x.At)+")")
	}
	row(v.Say("data.seen"), seen...)
	var mails []string
	for _, m := range d.Mails[:min(len(d.Mails), maxEvents)] {
		mails = append(mails, when(m.At))
	}
	row(v.Say("data.mails"), mails...)
	return all
}

// postal is an address on lines of their own.
func postal(a contact.Address) string {
	var lines []string
	for _, line := range []string{a.Street, strings.TrimSpace(a.PostalCode + " " + a.City), a.State, a.Country} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func when(t time.Time) string { return t.Format("2006-01-02 15:04 MST") }

func birthday(b date.Birthday) string {
	if b.IsZero() {
		return ""
	}
	return time.Date(2000, b.Month, b.Day, 0, 0, 0, 0, time.UTC).Format("01-02")
}

func day(d date.Day) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

func (t texts) permission(p contact.Permission) string {
	switch p {
	case contact.Implicit, contact.Explicit:
		return t.Say("data.permission.yes")
	case contact.Unsubscribed:
		return t.Say("data.permission.no")
	case contact.Pending, contact.TempHold:
		return t.Say("data.permission.waits")
	case contact.NoPermission, contact.NotSet:
	}
	return t.Say("data.permission.unknown")
}

// event is an entry of the history in words.
func (t texts) event(e contact.HistoryEntry) dataEvent {
	what := t.Say("happened.updated")
	switch e.Kind {
	case change.ContactCreated:
		what = t.Say("happened.created")
	case change.ContactDeleted:
		what = t.Say("happened.deleted")
	case change.ContactRestored:
		what = t.Say("happened.restored")
	case change.ContactAsked:
		what = t.Say("happened.asked")
	case change.MembershipAdded:
		what = t.Say("happened.joined")
	case change.MembershipRemoved:
		what = t.Say("happened.left")
	case change.TaggingAdded, change.TaggingRemoved:
		what = t.Say("happened.tags")
	case change.ContactBounced, change.ContactSuppressed, change.ContactReleased:
		what = t.Say("happened.delivery")
	case contact.PermissionChanged:
		what = t.Say("happened.permission") + ": " + t.permission(e.To)
	default: // changed
	}
	d := dataEvent{At: when(e.At), Time: e.At.Format(time.RFC3339), What: what}
	for _, more := range []string{names(e.Lists), names(e.Tags), cmp.Or(e.Shown, e.Reason)} {
		if more != "" {
			d.More = append(d.More, more)
		}
	}
	return d
}

func names(all []contact.Named) string {
	var out []string
	for _, n := range all {
		out = append(out, n.Name)
	}
	return strings.Join(out, ", ")
}

// The file of everything that is kept. Names are as in version 3 of the API
// where that has them.
type (
	fileData struct {
		KeptBy           string       `json:"kept_by"`
		EmailAddress     string       `json:"email_address,omitempty"`
		PermissionToSend string       `json:"permission_to_send"`
		OptInSource      string       `json:"opt_in_source,omitempty"`
		OptInDate        *time.Time   `json:"opt_in_date,omitempty"`
		OptOutSource     string       `json:"opt_out_source,omitempty"`
		OptOutDate       *time.Time   `json:"opt_out_date,omitempty"`
		OptOutReason     string       `json:"opt_out_reason,omitempty"`
		FirstName        string       `json:"first_name,omitempty"`
		LastName         string       `json:"last_name,omitempty"`
		JobTitle         string       `json:"job_title,omitempty"`
		CompanyName      string       `json:"company_name,omitempty"`
		Birthday         string       `json:"birthday,omitempty"`
		Anniversary      string       `json:"anniversary,omitempty"`
		CreatedAt        time.Time    `json:"created_at"`
		UpdatedAt        time.Time    `json:"updated_at"`
		Lists            []string     `json:"lists"`
		Tags             []string     `json:"tags"`
		PhoneNumbers     []filePhone  `json:"phone_numbers"`
		StreetAddresses  []filePlace  `json:"street_addresses"`
		CustomFields     []fileField  `json:"custom_fields"`
		Notes            []fileNote   `json:"notes"`
		SMS              *fileSMS     `json:"sms,omitempty"`
		NetworkAddresses []fileSeen   `json:"network_addresses"`
		Mails            []fileMail   `json:"mails"`
		History          []fileEvent  `json:"history"`
		SMSHistory       []fileSMSRow `json:"sms_history"`
	}
	filePhone struct {
		Kind   string `json:"kind"`
		Number string `json:"phone_number"`
	}
	filePlace struct {
		Kind       string `json:"kind"`
		Street     string `json:"street,omitempty"`
		City       string `json:"city,omitempty"`
		State      string `json:"state,omitempty"`
		PostalCode string `json:"postal_code,omitempty"`
		Country    string `json:"country,omitempty"`
	}
	fileField struct {
		Label string `json:"label"`
		Value string `json:"value"`
	}
	fileNote struct {
		CreatedAt time.Time `json:"created_at"`
		Content   string    `json:"content"`
	}
	fileSMS struct {
		Number     string `json:"sms_address"`
		Permission string `json:"permission_to_send"`
	}
	fileSeen struct {
		At      time.Time `json:"at"`
		Address string    `json:"address"`
	}
	fileMail struct {
		At    time.Time `json:"at"`
		Kind  string    `json:"kind"`
		State string    `json:"state"`
		To    string    `json:"to"`
	}
	fileEvent struct {
		At     time.Time `json:"at"`
		Kind   string    `json:"kind"`
		Via    string    `json:"via"`
		From   string    `json:"from,omitempty"`
		To     string    `json:"to,omitempty"`
		Source string    `json:"source,omitempty"`
		Shown  string    `json:"shown,omitempty"`
		Reason string    `json:"reason,omitempty"`
		Mail   string    `json:"mail,omitempty"`
		Lists  []string  `json:"lists,omitempty"`
		Tags   []string  `json:"tags,omitempty"`
		Fields []string  `json:"fields,omitempty"`
	}
	fileSMSRow struct {
		At     time.Time `json:"at"`
		Number string    `json:"sms_address"`
		From   string    `json:"from,omitempty"`
		To     string    `json:"to"`
		Source string    `json:"source,omitempty"`
	}
)

// dataFile sends everything that is kept, to be downloaded.
func (s *Site) dataFile(w http.ResponseWriter, r *http.Request, v *visit) error {
	_, d, err := s.openData(r, v)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(newFile(v.Name, d), "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="my-data.json"`)
	h.Set("Cache-Control", "no-store")
	page.Protect(h)
	_, _ = w.Write(append(body, '\n')) // a client that went away has no use for an error
	return nil
}

func newFile(keptBy string, d contact.Data) fileData {
	c := d.Contact
	f := fileData{
		KeptBy: keptBy, EmailAddress: c.Email.Address.String(), PermissionToSend: c.Email.Permission.String(),
		OptInSource: c.Email.OptInSource.String(), OptInDate: given(c.Email.OptInAt), OptOutSource: c.Email.OptOutSource.String(),
		OptOutDate: given(c.Email.OptOutAt), OptOutReason: c.Email.OptOutReason, FirstName: c.FirstName, LastName: c.LastName,
		JobTitle: c.JobTitle, CompanyName: c.CompanyName, Birthday: birthday(c.Birthday), Anniversary: day(c.Anniversary),
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, Lists: all(d.Lists, same), Tags: all(d.Tags, same),
		PhoneNumbers: all(c.Phones, func(p contact.Phone) filePhone { return filePhone{string(p.Kind), p.Number} }),
		StreetAddresses: all(c.Addresses, func(a contact.Address) filePlace {
			return filePlace{string(a.Kind), a.Street, a.City, a.State, a.PostalCode, a.Country}
		}),
		CustomFields:     all(d.Fields, func(f contact.DataField) fileField { return fileField(f) }),
		Notes:            all(c.Notes, func(n contact.Note) fileNote { return fileNote{n.CreatedAt, n.Content} }),
		NetworkAddresses: all(d.Seen, func(s contact.SeenAt) fileSeen { return fileSeen(s) }),
		Mails:            all(d.Mails, func(m contact.DataMail) fileMail { return fileMail(m) }),
		History: all(d.History, func(e contact.HistoryEntry) fileEvent {
			return fileEvent{
				At: e.At, Kind: string(e.Kind), Via: e.Via, From: e.From.String(), To: e.To.String(), Source: e.Source.String(),
				Shown: e.Shown, Reason: e.Reason, Mail: string(e.Mail), Lists: all(e.Lists, named), Tags: all(e.Tags, named), Fields: e.Fields,
			}
		}),
		SMSHistory: all(d.SMS, func(e contact.SMSEntry) fileSMSRow {
			return fileSMSRow{e.At, e.Number.Full(), e.Was.String(), e.Becomes.String(), e.Source.String()}
		}),
	}
	if c.SMS != nil {
		f.SMS = &fileSMS{c.SMS.Number.Full(), c.SMS.Permission.String()}
	}
	return f
}

// all makes one thing of each; an empty slice is not nil.
func all[T, U any](in []T, of func(T) U) []U {
	out := make([]U, 0, len(in))
	for _, v := range in {
		out = append(out, of(v))
	}
	return out
}

func same(s string) string         { return s }
func named(n contact.Named) string { return n.Name }
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
