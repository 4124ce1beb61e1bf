package wire3

import (
	"strconv"
	"time"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/edge/respond"
)

// Contact is a contact as it is answered (v3 contract, ContactResource).
// Pages of contacts are the most frequent of all answers, so it writes itself;
// a test holds that against encoding/json.
type Contact struct {
	_             struct{}     `schema:"ContactResource" doc:"A contact. What has no value is left out; what include must name is there only then."`
	ID            id.UID       `json:"contact_id" readonly:"true" doc:"The contact's id."`
	Email         *Email       `json:"email_address,omitempty" doc:"The address, and what the contact agreed to."`
	FirstName     string       `json:"first_name,omitempty" max:"50" doc:"The first name."`
	LastName      string       `json:"last_name,omitempty" max:"50" doc:"The last name."`
	JobTitle      string       `json:"job_title,omitempty" max:"50" doc:"What the contact does."`
	CompanyName   string       `json:"company_name,omitempty" max:"50" doc:"Where they do it."`
	BirthdayMonth int          `json:"birthday_month,omitempty" min:"1" max:"12" doc:"The month of birth."`
	BirthdayDay   int          `json:"birthday_day,omitempty" min:"1" max:"31" doc:"The day of birth."`
	Anniversary   string       `json:"anniversary,omitempty" max:"10" doc:"A day to remember, YYYY-MM-DD."`
	CreateSource  string       `json:"create_source,omitempty" doc:"Who added the contact."`
	UpdateSource  string       `json:"update_source,omitempty" doc:"Who changed the contact last."`
	CreatedAt     respond.Time `json:"created_at" readonly:"true" doc:"When the contact was added."`
	UpdatedAt     respond.Time `json:"updated_at" readonly:"true" doc:"When the contact was last changed."`
	DeletedAt     respond.Day  `json:"deleted_at,omitzero" readonly:"true" doc:"The day on which the contact was deleted."`
	CustomFields  []Field      `json:"custom_fields,omitzero" max:"25" doc:"Values of custom fields."`
	Phones        []Phone      `json:"phone_numbers,omitzero" max:"3" doc:"Telephone numbers."`
	Addresses     []Address    `json:"street_addresses,omitzero" max:"3" doc:"Addresses."`
	Lists         []id.UID     `json:"list_memberships,omitzero" max:"50" doc:"The lists that the contact is on."`
	Tags          []id.UID     `json:"taggings,omitzero" max:"50" doc:"The tags that the contact has."`
	Notes         []Note       `json:"notes,omitzero" max:"150" doc:"What was written down about the contact, newest first."`
	SMS           *SMSChannel  `json:"sms_channel,omitempty" doc:"The number for short messages, of a contact who has one."`
}

// Email is a contact's address (v3 contract, EmailAddress).
type Email struct {
	_            struct{}     `schema:"EmailAddress" doc:"An address, and what the contact agreed to."`
	Address      string       `json:"address" max:"80" doc:"The address."`
	Permission   string       `json:"permission_to_send,omitempty" enum:"explicit,implicit,not_set,pending_confirmation,temp_hold,unsubscribed" doc:"Whether the contact agreed to be mailed."`
	CreatedAt    respond.Time `json:"created_at,omitzero" readonly:"true" doc:"When the contact got this address."`
	UpdatedAt    respond.Time `json:"updated_at,omitzero" readonly:"true" doc:"When any of this was last changed."`
	OptInSource  string       `json:"opt_in_source,omitempty" enum:"Account,Contact" doc:"Who said that the contact agrees."`
	OptInDate    respond.Time `json:"opt_in_date,omitzero" readonly:"true" doc:"When that was said."`
	OptOutSource string       `json:"opt_out_source,omitempty" readonly:"true" enum:"Account,Contact" doc:"Who unsubscribed the contact. Only the contact takes back what they said themselves."`
	OptOutDate   respond.Time `json:"opt_out_date,omitzero" readonly:"true" doc:"When the contact was unsubscribed."`
	OptOutReason string       `json:"opt_out_reason,omitempty" max:"255" doc:"Why."`
	Confirm      string       `json:"confirm_status,omitempty" readonly:"true" enum:"confirmed,off,pending" doc:"Whether the contact confirmed the address: off where nobody asked."`
}

// Phone is a telephone number (v3 contract, PhoneNumber).
type Phone struct {
	_            struct{}     `schema:"PhoneNumber" doc:"A telephone number."`
	ID           id.UID       `json:"phone_number_id" readonly:"true" doc:"The number's id."`
	Number       string       `json:"phone_number" max:"25" doc:"The number."`
	Kind         string       `json:"kind,omitempty" enum:"home,work,mobile,other" doc:"Where it rings."`
	CreatedAt    respond.Time `json:"created_at,omitzero" readonly:"true" doc:"When it was added."`
	UpdatedAt    respond.Time `json:"updated_at,omitzero" readonly:"true" doc:"When it was last changed."`
	CreateSource string       `json:"create_source,omitempty" doc:"Who added it."`
	UpdateSource string       `json:"update_source,omitempty" doc:"Who changed it last."`
}

// Address is where a contact is found (v3 contract, StreetAddress).
type Address struct {
	_          struct{}     `schema:"StreetAddress" doc:"An address."`
	ID         id.UID       `json:"street_address_id" readonly:"true" doc:"The address's id."`
	Kind       string       `json:"kind" enum:"home,work,other" doc:"What is there."`
	Street     string       `json:"street,omitempty" max:"255" doc:"Street and number."`
	City       string       `json:"city,omitempty" max:"50" doc:"The city."`
	State      string       `json:"state,omitempty" max:"50" doc:"The state or province."`
	PostalCode string       `json:"postal_code,omitempty" max:"50" doc:"The postal code."`
	Country    string       `json:"country,omitempty" max:"50" doc:"The country."`
	CreatedAt  respond.Time `json:"created_at,omitzero" readonly:"true" doc:"When it was added."`
	UpdatedAt  respond.Time `json:"updated_at,omitzero" readonly:"true" doc:"When it was last changed."`
}

// Field is a custom field's value (v3 contract, ContactCustomField).
type Field struct {
	_       struct{} `schema:"ContactCustomField" doc:"A value of a custom field."`
	Field   id.UID   `json:"custom_field_id" doc:"The field."`
	Value   string   `json:"value,omitempty" doc:"The value, of a field that is not picked from choices."`
	Choices []string `json:"choice_ids,omitempty" doc:"What was picked, of a field with choices."`
}

// Note is what was written down about a contact (v3 contract, Note).
type Note struct {
	_         struct{}     `schema:"Note" doc:"Something written down."`
	ID        id.UID       `json:"note_id" doc:"The note's id."`
	CreatedAt respond.Time `json:"created_at" doc:"When it was written."`
	Content   string       `json:"content" max:"2000" doc:"The text."`
}

// ContactPage is a page of contacts (v3 contract, Contacts). The array is the
// first member: a client takes it by place.
type ContactPage struct {
	_        struct{}  `schema:"Contacts" doc:"A page of contacts."`
	Contacts []Contact `json:"contacts" doc:"The contacts."`
	Count    *int64    `json:"contacts_count,omitempty" doc:"How many contacts there are on all pages, where include_count asks for it."`
	Links    *Links    `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

// ContactsOf returns contacts as they are answered.
func ContactsOf(all []contact.Contact) []Contact {
	out := make([]Contact, len(all))
	for i, c := range all {
		out[i] = ContactOf(c)
	}
	return out
}

// ContactOf returns a contact as it is answered, with what was read with it.
func ContactOf(c contact.Contact) Contact {
	w := Contact{
		ID: c.UID, FirstName: c.FirstName, LastName: c.LastName, JobTitle: c.JobTitle, CompanyName: c.CompanyName,
		BirthdayMonth: int(c.Birthday.Month), BirthdayDay: c.Birthday.Day, Anniversary: c.Anniversary.String(),
		CreateSource: c.CreateSource.String(), UpdateSource: c.UpdateSource.String(),
		CreatedAt: respond.Time(c.CreatedAt), UpdatedAt: respond.Time(c.UpdatedAt), DeletedAt: respond.Day(c.DeletedAt),
	}
	if !c.Email.Address.IsZero() {
		w.Email = emailOf(c.Email)
	}
	w.subresources(c)
	return w
}

func emailOf(e contact.Email) *Email {
	return &Email{
		Address: e.Address.String(), Permission: e.Permission.String(), CreatedAt: respond.Time(e.CreatedAt), UpdatedAt: respond.Time(e.UpdatedAt),
		OptInSource: e.OptInSource.String(), OptInDate: respond.Time(e.OptInAt),
		OptOutSource: e.OptOutSource.String(), OptOutDate: respond.Time(e.OptOutAt), OptOutReason: e.OptOutReason,
		Confirm: e.Confirm.String(),
	}
}

// subresources adds what was read with the contact. What was asked for and is
// not there is an empty array.
func (w *Contact) subresources(c contact.Contact) {
	if c.Included.Has(contact.IncludeFields) {
		w.CustomFields = make([]Field, len(c.Fields))
		for i, f := range c.Fields {
			w.CustomFields[i] = Field{Field: f.Field.UID, Value: f.Value, Choices: choices(f.Choices)}
		}
	}
	if c.Included.Has(contact.IncludePhones) {
		w.Phones = make([]Phone, len(c.Phones))
		for i, p := range c.Phones {
			w.Phones[i] = Phone{
				ID: p.UID, Number: p.Number, Kind: string(p.Kind), CreatedAt: respond.Time(p.CreatedAt), UpdatedAt: respond.Time(p.UpdatedAt),
				CreateSource: p.CreateSource.String(), UpdateSource: p.UpdateSource.String(),
			}
		}
	}
	if c.Included.Has(contact.IncludeAddresses) {
		w.Addresses = make([]Address, len(c.Addresses))
		for i, a := range c.Addresses {
			w.Addresses[i] = Address{
				ID: a.UID, Kind: string(a.Kind), Street: a.Street, City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country,
				CreatedAt: respond.Time(a.CreatedAt), UpdatedAt: respond.Time(a.UpdatedAt),
			}
		}
	}
	if c.Included.Has(contact.IncludeLists) {
		w.Lists = uids(c.Lists)
	}
	if c.Included.Has(contact.IncludeTags) {
		w.Tags = uids(c.Tags)
	}
	if c.Included.Has(contact.IncludeNotes) {
		w.Notes = make([]Note, len(c.Notes))
		for i, n := range c.Notes {
			w.Notes[i] = Note{ID: n.UID, CreatedAt: respond.Time(n.CreatedAt), Content: n.Content}
		}
	}
	if c.Included.Has(contact.IncludeSMS) && c.SMS != nil {
		w.SMS = smsOf(c.SMS)
	}
}

func choices(ids []int64) []string {
	var all []string
	for _, n := range ids {
		all = append(all, strconv.FormatInt(n, 10))
	}
	return all
}

func uids[N ~int64](refs []id.Ref[N]) []id.UID {
	all := make([]id.UID, len(refs))
	for i, r := range refs {
		all[i] = r.UID
	}
	return all
}

// PageBytes returns about how many bytes so many contacts take.
func PageBytes(contacts int) int { return 64 + 1024*contacts }

// Append appends the page as JSON.
func (p ContactPage) Append(b []byte) []byte {
	b = append(b, `{"contacts":[`...)
	for i := range p.Contacts {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.Contacts[i].Append(b)
	}
	b = append(b, ']')
	if p.Count != nil {
		b = strconv.AppendInt(append(b, `,"contacts_count":`...), *p.Count, 10)
	}
	if p.Links != nil {
		b = respond.AppendText(append(b, `,"_links":{"next":{"href":`...), p.Links.Next.Href)
		b = append(b, '}', '}')
	}
	return append(b, '}')
}

// Append appends the contact as JSON.
func (w *Contact) Append(b []byte) []byte {
	o := writer{b}
	o.id(`{"contact_id":`, w.ID)
	if w.Email != nil {
		o.b = append(o.b, `,"email_address":`...)
		o.b = w.Email.append(o.b)
	}
	o.text(`,"first_name":`, w.FirstName)
	o.text(`,"last_name":`, w.LastName)
	o.text(`,"job_title":`, w.JobTitle)
	o.text(`,"company_name":`, w.CompanyName)
	o.number(`,"birthday_month":`, w.BirthdayMonth)
	o.number(`,"birthday_day":`, w.BirthdayDay)
	o.text(`,"anniversary":`, w.Anniversary)
	o.text(`,"create_source":`, w.CreateSource)
	o.text(`,"update_source":`, w.UpdateSource)
	o.time(`,"created_at":`, time.Time(w.CreatedAt), true)
	o.time(`,"updated_at":`, time.Time(w.UpdatedAt), true)
	if !w.DeletedAt.IsZero() {
		o.b = append(time.Time(w.DeletedAt).UTC().AppendFormat(append(o.b, `,"deleted_at":"`...), time.DateOnly), '"')
	}
	if w.SMS != nil || w.CustomFields != nil || w.Phones != nil || w.Addresses != nil || w.Lists != nil || w.Tags != nil || w.Notes != nil {
		o.subresources(w)
	}
	return append(o.b, '}')
}

func (w *Email) append(b []byte) []byte {
	o := writer{b}
	o.b = respond.AppendText(append(o.b, `{"address":`...), w.Address)
	o.text(`,"permission_to_send":`, w.Permission)
	o.time(`,"created_at":`, time.Time(w.CreatedAt), false)
	o.time(`,"updated_at":`, time.Time(w.UpdatedAt), false)
	o.text(`,"opt_in_source":`, w.OptInSource)
	o.time(`,"opt_in_date":`, time.Time(w.OptInDate), false)
	o.text(`,"opt_out_source":`, w.OptOutSource)
	o.time(`,"opt_out_date":`, time.Time(w.OptOutDate), false)
	o.text(`,"opt_out_reason":`, w.OptOutReason)
	o.text(`,"confirm_status":`, w.Confirm)
	return append(o.b, '}')
}

// writer appends members of an object: the name with its comma and colon, and
// the value. What is empty is left out.
type writer struct{ b []byte }

func (o *writer) text(name, s string) {
	if s != "" {
		o.b = respond.AppendText(append(o.b, name...), s)
	}
}

// always is text for what is there though it be empty.
func (o *writer) always(name, s string) { o.b = respond.AppendText(append(o.b, name...), s) }

func (o *writer) number(name string, n int) {
	if n != 0 {
		o.b = strconv.AppendInt(append(o.b, name...), int64(n), 10)
	}
}

func (o *writer) id(name string, uid id.UID) {
	o.b = append(append(o.b, name...), '"')
	o.b, _ = uid.AppendText(o.b) // it never fails
	o.b = append(o.b, '"')
}

func (o *writer) time(name string, t time.Time, always bool) {
	if always || !t.IsZero() {
		o.b = append(respond.AppendTime(append(append(o.b, name...), '"'), t), '"')
	}
}

// subresources appends what include asked for.
func (o *writer) subresources(w *Contact) {
	array(o, `,"custom_fields":[`, w.CustomFields, func(f Field) {
		o.id(`{"custom_field_id":`, f.Field)
		o.text(`,"value":`, f.Value)
		if len(f.Choices) > 0 {
			array(o, `,"choice_ids":[`, f.Choices, func(s string) { o.b = respond.AppendText(o.b, s) })
		}
		o.b = append(o.b, '}')
	})
	array(o, `,"phone_numbers":[`, w.Phones, func(p Phone) {
		o.id(`{"phone_number_id":`, p.ID)
		o.b = respond.AppendText(append(o.b, `,"phone_number":`...), p.Number)
		o.text(`,"kind":`, p.Kind)
		o.time(`,"created_at":`, time.Time(p.CreatedAt), false)
		o.time(`,"updated_at":`, time.Time(p.UpdatedAt), false)
		o.text(`,"create_source":`, p.CreateSource)
		o.text(`,"update_source":`, p.UpdateSource)
		o.b = append(o.b, '}')
	})
	array(o, `,"street_addresses":[`, w.Addresses, func(a Address) {
		o.id(`{"street_address_id":`, a.ID)
		o.b = respond.AppendText(append(o.b, `,"kind":`...), a.Kind)
		o.text(`,"street":`, a.Street)
		o.text(`,"city":`, a.City)
		o.text(`,"state":`, a.State)
		o.text(`,"postal_code":`, a.PostalCode)
		o.text(`,"country":`, a.Country)
		o.time(`,"created_at":`, time.Time(a.CreatedAt), false)
		o.time(`,"updated_at":`, time.Time(a.UpdatedAt), false)
		o.b = append(o.b, '}')
	})
	array(o, `,"list_memberships":[`, w.Lists, func(uid id.UID) { o.id("", uid) })
	array(o, `,"taggings":[`, w.Tags, func(uid id.UID) { o.id("", uid) })
	array(o, `,"notes":[`, w.Notes, func(n Note) {
		o.id(`{"note_id":`, n.ID)
		o.time(`,"created_at":`, time.Time(n.CreatedAt), true)
		o.b = respond.AppendText(append(o.b, `,"content":`...), n.Content)
		o.b = append(o.b, '}')
	})
	if w.SMS != nil {
		o.b = w.SMS.append(append(o.b, `,"sms_channel":`...))
	}
}

// array appends an array that is there, though it be empty.
func array[T any](o *writer, name string, all []T, one func(T)) {
	if all == nil {
		return
	}
	o.b = append(o.b, name...)
	for i, item := range all {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		one(item)
	}
	o.b = append(o.b, ']')
}
