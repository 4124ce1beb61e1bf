package apiv2

import (
	"fmt"
	"regexp"
	"strconv"

	"kith/internal/domain/contact"
	"kith/internal/edge/request"
)

// contactWire is a contact as it is answered (v2 contract, 7.2): arrays are
// always there, texts that are not set are empty.
type contactWire struct {
	_             struct{}     `schema:"Contact" doc:"A contact."`
	ID            string       `json:"id" doc:"The contact's number."`
	UID           string       `json:"contact_id,omitempty" doc:"What version 3 calls the contact, where include_contact_id asks for it."`
	Status        string       `json:"status" enum:"ACTIVE,UNCONFIRMED,OPTOUT,REMOVED" doc:"Where the contact stands."`
	Addresses     []place      `json:"addresses" doc:"Where the contact is found: one private address, and one of work."`
	Notes         []note       `json:"notes" doc:"What was written down about the contact: the newest note."`
	Confirmed     bool         `json:"confirmed" doc:"Whether the contact has confirmed the address."`
	Lists         []membership `json:"lists" doc:"The lists that the contact is on."`
	Source        string       `json:"source" doc:"How the contact came."`
	SourceDetails string       `json:"source_details" doc:"More of it."`
	Emails        []emailWire  `json:"email_addresses" doc:"The address."`
	Prefix        string       `json:"prefix_name" doc:"What stands before the name."`
	FirstName     string       `json:"first_name" doc:"The first name."`
	MiddleName    string       `json:"middle_name,omitempty" doc:"The middle name."`
	LastName      string       `json:"last_name" doc:"The last name."`
	JobTitle      string       `json:"job_title" doc:"What the contact does."`
	Company       string       `json:"company_name" doc:"Where they do it."`
	HomePhone     string       `json:"home_phone" doc:"The number at home."`
	WorkPhone     string       `json:"work_phone" doc:"The number at work."`
	CellPhone     string       `json:"cell_phone" doc:"The mobile number."`
	Fax           string       `json:"fax" doc:"The fax number."`
	Fields        []fieldWire  `json:"custom_fields" doc:"Custom fields that have a value."`
	Created       instant      `json:"created_date" doc:"When the contact was added."`
	Modified      instant      `json:"modified_date" doc:"When the contact was last changed."`
}

type emailWire struct {
	_            struct{} `schema:"ContactEmail" doc:"A contact's address."`
	ID           string   `json:"id" doc:"The address's id."`
	Status       string   `json:"status" enum:"ACTIVE,UNCONFIRMED,OPTOUT,REMOVED" doc:"As the contact's."`
	Confirm      string   `json:"confirm_status" enum:"CONFIRMED,NO_CONFIRMATION_REQUIRED,UNCONFIRMED" doc:"Whether the address was confirmed."`
	OptInSource  string   `json:"opt_in_source,omitempty" enum:"ACTION_BY_VISITOR,ACTION_BY_OWNER" doc:"Who said that the contact agrees."`
	OptInDate    instant  `json:"opt_in_date,omitzero" doc:"When that was said."`
	OptOutSource string   `json:"opt_out_source,omitempty" enum:"ACTION_BY_VISITOR,ACTION_BY_OWNER" doc:"Who unsubscribed the contact."`
	OptOutDate   instant  `json:"opt_out_date,omitzero" doc:"When."`
	Address      string   `json:"email_address" doc:"The address."`
}

type membership struct {
	_      struct{} `schema:"ContactMembership" doc:"A list that a contact is on."`
	ID     string   `json:"id" doc:"The list's number."`
	Status string   `json:"status" enum:"ACTIVE,HIDDEN" doc:"The list's status."`
}

type fieldWire struct {
	_     struct{} `schema:"ContactCustomField" doc:"A custom field's value."`
	Name  string   `json:"name" doc:"CustomField1 to CustomField15."`
	Value string   `json:"value" doc:"The value."`
}

type note struct {
	_        struct{} `schema:"ContactNote" doc:"Something written down."`
	ID       string   `json:"id" doc:"The note's id."`
	Note     string   `json:"note" doc:"The text."`
	Created  instant  `json:"created_date" doc:"When it was written."`
	Modified instant  `json:"modified_date" doc:"When it was last changed."`
}

// place is an address. The contract's state_code and country_code are made of
// what version 3 keeps as names.
type place struct {
	_          struct{} `schema:"ContactAddress" doc:"An address."`
	ID         string   `json:"id" doc:"The address's id."`
	Type       string   `json:"address_type" enum:"PERSONAL,BUSINESS" doc:"What is there."`
	Line1      string   `json:"line1" doc:"Street and number."`
	Line2      string   `json:"line2" doc:"More of it."`
	Line3      string   `json:"line3" doc:"And more."`
	City       string   `json:"city" doc:"The city."`
	StateCode  string   `json:"state_code" doc:"The state or province in the United States and Canada, two letters."`
	State      string   `json:"state" doc:"The state, province or region."`
	Country    string   `json:"country_code" doc:"The country, two letters."`
	PostalCode string   `json:"postal_code" doc:"The postal code."`
	SubCode    string   `json:"sub_postal_code" doc:"What follows it."`
}

// contactPage is a page of contacts.
type contactPage struct {
	_       struct{}      `schema:"ContactPage" doc:"A page of contacts."`
	Meta    meta          `json:"meta" doc:"Where the collection goes on."`
	Results []contactWire `json:"results" doc:"The contacts."`
}

// meta says where a collection goes on (v2 contract, 3): the object within it
// is there on the last page too.
type meta struct {
	_          struct{}   `schema:"Meta" doc:"About the page."`
	Pagination pagination `json:"pagination" doc:"Where the collection goes on; empty on the last page."`
}

type pagination struct {
	_    struct{} `schema:"Pagination" doc:"The next page."`
	Next string   `json:"next_link,omitempty" doc:"The path of the next page; it carries everything but the key and the token."`
}

func metaOf(next string) meta { return meta{Pagination: pagination{Next: next}} }

// The statuses of a contact (v2 contract, 7.2; docs/decisions/0005).
const (
	statusActive      = "ACTIVE"
	statusUnconfirmed = "UNCONFIRMED"
	statusOptOut      = "OPTOUT"
	statusRemoved     = "REMOVED"
)

// standing is where a contact stands in version 2.
func standing(c contact.Contact) string {
	switch c.Email.Permission {
	case contact.Unsubscribed:
		return statusOptOut
	case contact.Pending, contact.TempHold:
		return statusUnconfirmed
	case contact.Implicit, contact.Explicit, contact.NotSet, contact.NoPermission:
	}
	switch {
	case len(c.Lists) == 0:
		return statusRemoved
	case c.Email.Permission.Active():
		return statusActive
	}
	return statusUnconfirmed // nothing is known of what they agreed to
}

// Who did something (v2 contract, 7.2).
const (
	byOwner   = "ACTION_BY_OWNER"
	byVisitor = "ACTION_BY_VISITOR"
)

func sourceWord(s contact.Source) string {
	switch s {
	case contact.SourceAccount:
		return byOwner
	case contact.SourceContact:
		return byVisitor
	case contact.NoSource:
	}
	return ""
}

// included is what an answer holds of a contact.
const included = contact.IncludePhones | contact.IncludeAddresses | contact.IncludeLists | contact.IncludeFields |
	contact.IncludeNotes | contact.IncludeAside

// sight is what is known beside a contact to answer with it.
type sight struct {
	slots  map[int]contact.Field
	hidden map[int64]bool // lists that are hidden, by number
	uids   bool
}

func (s sight) of(c contact.Contact) contactWire {
	status := standing(c)
	w := contactWire{
		ID: strconv.FormatInt(int64(c.ID), 10), Status: status, Addresses: []place{}, Notes: []note{}, Lists: []membership{}, Fields: []fieldWire{},
		Confirmed: c.Email.Confirm == contact.Confirmed, Emails: []emailWire{emailOf(c, status)},
		Prefix: c.Aside.Prefix, FirstName: c.FirstName, MiddleName: c.Aside.MiddleName, LastName: c.LastName,
		JobTitle: c.JobTitle, Company: c.CompanyName, Fax: c.Aside.Fax,
		Created: instant(c.CreatedAt), Modified: instant(c.UpdatedAt),
	}
	if s.uids {
		w.UID = c.UID.String()
	}
	for _, p := range c.Phones {
		switch p.Kind {
		case contact.Home:
			w.HomePhone = p.Number
		case contact.Work:
			w.WorkPhone = p.Number
		case contact.Mobile:
			w.CellPhone = p.Number
		case contact.Other:
		}
	}
	for _, a := range c.Addresses {
		switch a.Kind {
		case contact.Home:
			w.Addresses = append(w.Addresses, placeOf(a, personal, c.Aside.HomeSubCode, c.Aside.HomeLines))
		case contact.Work:
			w.Addresses = append(w.Addresses, placeOf(a, business, c.Aside.WorkSubCode, c.Aside.WorkLines))
		case contact.Other, contact.Mobile:
		}
	}
	for _, l := range c.Lists {
		m := membership{ID: strconv.FormatInt(int64(l.Number), 10), Status: listActive}
		if s.hidden[int64(l.Number)] {
			m.Status = listHidden
		}
		w.Lists = append(w.Lists, m)
	}
	for slot := 1; slot <= contact.MaxSlots; slot++ {
		f, has := s.slots[slot]
		if !has {
			continue
		}
		for _, v := range c.Fields {
			if v.Field.Number == f.ID && v.Value != "" {
				w.Fields = append(w.Fields, fieldWire{Name: "CustomField" + strconv.Itoa(slot), Value: v.Value})
			}
		}
	}
	if len(c.Notes) > 0 {
		n := c.Notes[0]
		w.Notes = append(w.Notes, note{ID: n.UID.String(), Note: n.Content, Created: instant(n.CreatedAt), Modified: instant(n.CreatedAt)})
	}
	return w
}

func emailOf(c contact.Contact, status string) emailWire {
	e := c.Email
	w := emailWire{
		ID: c.UID.String(), Status: status, Confirm: "NO_CONFIRMATION_REQUIRED", Address: e.Address.String(),
		OptInSource: sourceWord(e.OptInSource), OptInDate: instant(e.OptInAt),
	}
	switch e.Confirm {
	case contact.Confirmed:
		w.Confirm = "CONFIRMED"
	case contact.ConfirmPending:
		w.Confirm = "UNCONFIRMED"
	case contact.ConfirmOff:
	}
	if status == statusOptOut {
		w.OptOutSource, w.OptOutDate = sourceWord(e.OptOutSource), instant(e.OptOutAt)
	}
	return w
}

// contactInput is a contact as it is written. What is read-only is passed over.
type contactInput struct {
	_          struct{}                    `schema:"ContactInput" doc:"A contact to be."`
	Emails     request.Opt[[]emailInput]   `json:"email_addresses" required:"true" doc:"Exactly one address."`
	Lists      request.Opt[[]listRefInput] `json:"lists" doc:"The lists; a PUT takes the contact off all others."`
	Prefix     request.Opt[string]         `json:"prefix_name" max:"4" doc:"What stands before the name."`
	FirstName  request.Opt[string]         `json:"first_name" max:"50" doc:"The first name."`
	MiddleName request.Opt[string]         `json:"middle_name" max:"50" doc:"The middle name."`
	LastName   request.Opt[string]         `json:"last_name" max:"50" doc:"The last name."`
	JobTitle   request.Opt[string]         `json:"job_title" max:"50" doc:"What the contact does."`
	Company    request.Opt[string]         `json:"company_name" max:"50" doc:"Where they do it."`
	Department request.Opt[string]         `json:"department_name" max:"50" doc:"In which department."`
	HomePhone  request.Opt[string]         `json:"home_phone" max:"25" doc:"The number at home."`
	WorkPhone  request.Opt[string]         `json:"work_phone" max:"25" doc:"The number at work."`
	CellPhone  request.Opt[string]         `json:"cell_phone" max:"25" doc:"The mobile number."`
	Fax        request.Opt[string]         `json:"fax" max:"50" doc:"The fax number."`
	Addresses  request.Opt[[]placeInput]   `json:"addresses" doc:"At most one private address and one of work."`
	Notes      request.Opt[[]noteInput]    `json:"notes" doc:"At most one note."`
	Fields     request.Opt[[]fieldInput]   `json:"custom_fields" doc:"Values of custom fields."`
	Confirmed  request.Raw                 `json:"confirmed" doc:"Passed over."`
	ID         request.Raw                 `json:"id" doc:"Passed over."`
	UID        request.Raw                 `json:"contact_id" doc:"Passed over."`
	Status     request.Raw                 `json:"status" doc:"Passed over."`
	Source     request.Raw                 `json:"source" doc:"Passed over."`
	Details    request.Raw                 `json:"source_details" doc:"Passed over."`
	SourceURL  request.Raw                 `json:"source_is_url" doc:"Passed over."`
	ActionBy   request.Raw                 `json:"action_by" doc:"Passed over; it is a parameter."`
	Inserted   request.Raw                 `json:"insert_date" doc:"Passed over."`
	LastUpdate request.Raw                 `json:"last_update_date" doc:"Passed over."`
	Created    request.Raw                 `json:"created_date" doc:"Passed over."`
	Modified   request.Raw                 `json:"modified_date" doc:"Passed over."`
}

type emailInput struct {
	_            struct{}            `schema:"ContactEmailInput" doc:"An address to be."`
	Address      request.Opt[string] `json:"email_address" required:"true" max:"80" doc:"The address."`
	ID           request.Raw         `json:"id" doc:"Passed over."`
	Status       request.Raw         `json:"status" doc:"Passed over."`
	Confirm      request.Raw         `json:"confirm_status" doc:"Passed over."`
	OptInSource  request.Raw         `json:"opt_in_source" doc:"Passed over."`
	OptInDate    request.Raw         `json:"opt_in_date" doc:"Passed over."`
	OptOutSource request.Raw         `json:"opt_out_source" doc:"Passed over."`
	OptOutDate   request.Raw         `json:"opt_out_date" doc:"Passed over."`
}

type listRefInput struct {
	_        struct{}            `schema:"ContactMembershipInput" doc:"A list."`
	ID       request.Opt[string] `json:"id" required:"true" doc:"The list's number."`
	UID      request.Raw         `json:"list_id" doc:"Passed over."`
	Name     request.Raw         `json:"name" doc:"Passed over."`
	Status   request.Raw         `json:"status" doc:"Passed over."`
	Count    request.Raw         `json:"contact_count" doc:"Passed over."`
	Created  request.Raw         `json:"created_date" doc:"Passed over."`
	Modified request.Raw         `json:"modified_date" doc:"Passed over."`
}

type noteInput struct {
	_        struct{}            `schema:"ContactNoteInput" doc:"Something to be written down."`
	Note     request.Opt[string] `json:"note" required:"true" max:"500" doc:"The text."`
	ID       request.Raw         `json:"id" doc:"Passed over."`
	Created  request.Raw         `json:"created_date" doc:"Passed over."`
	Modified request.Raw         `json:"modified_date" doc:"Passed over."`
}

type fieldInput struct {
	_     struct{}            `schema:"ContactCustomFieldInput" doc:"A custom field's value."`
	Name  request.Opt[string] `json:"name" required:"true" doc:"CustomField1 to CustomField15, or custom_field_1 to custom_field_15."`
	Label request.Raw         `json:"label" doc:"Passed over."`
	Value request.Opt[string] `json:"value" required:"true" max:"50" doc:"The value."`
}

type placeInput struct {
	_          struct{}            `schema:"ContactAddressInput" doc:"An address to be."`
	Type       request.Opt[string] `json:"address_type" required:"true" enum:"PERSONAL,BUSINESS" doc:"What is there."`
	Line1      request.Opt[string] `json:"line1" max:"50" doc:"Street and number."`
	Line2      request.Opt[string] `json:"line2" max:"50" doc:"More of it."`
	Line3      request.Opt[string] `json:"line3" max:"50" doc:"And more."`
	City       request.Opt[string] `json:"city" max:"50" doc:"The city."`
	StateCode  request.Opt[string] `json:"state_code" max:"2" doc:"The state or province, two letters."`
	State      request.Opt[string] `json:"state" max:"50" doc:"The state, where there is no code."`
	Country    request.Opt[string] `json:"country_code" max:"2" doc:"The country, two letters."`
	PostalCode request.Opt[string] `json:"postal_code" max:"25" doc:"The postal code."`
	SubCode    request.Opt[string] `json:"sub_postal_code" max:"25" doc:"What follows it."`
	ID         request.Raw         `json:"id" doc:"Passed over."`
}

// slotName is how a field is called (v2 contract, 7.2, custom_fields).
var slotName = regexp.MustCompile(`^[Cc]ustom_?[Ff]ield_?(1[0-5]|[1-9])$`)

// slotOf returns the place that a name stands for, or 0.
func slotOf(name string) int {
	m := slotName.FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // the pattern lets numbers pass alone
	return n
}

func listPath(i int) string { return fmt.Sprintf("lists[%d].id", i) }
