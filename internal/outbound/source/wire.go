package source

import (
	"encoding/json"
	"net/url"
	"time"

	"kith/internal/base/date"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// links say where a list goes on (v3 contract, PagingLinks).
type links struct {
	Next *struct {
		Href string `json:"href"`
	} `json:"next"`
}

// path returns the path of the next page; empty for none. A server that names
// it with scheme and host means itself.
func (l *links) path() string {
	if l == nil || l.Next == nil || l.Next.Href == "" {
		return ""
	}
	u, err := url.Parse(l.Next.Href)
	if err != nil {
		return l.Next.Href // refused when it is asked for
	}
	return u.RequestURI()
}

// moment is a time in any form that servers write; what cannot be read is none.
type moment struct{ at time.Time }

// UnmarshalJSON reads a time.
func (m *moment) UnmarshalJSON(b []byte) error {
	var text string
	_ = json.Unmarshal(b, &text) // else it is none
	if t, err := date.ParseInstant(text); err == nil {
		m.at = t.Truncate(time.Millisecond)
	}
	return nil
}

// word is a text that some servers write as a number or a boolean.
type word string

// UnmarshalJSON reads a text, a number or a boolean.
func (w *word) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) != nil {
		text = string(b)
	}
	*w = word(text)
	return nil
}

type listPage struct {
	Lists []listWire `json:"lists"`
	Links *links     `json:"_links"`
}

type listWire struct {
	ID          id.UID `json:"list_id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Favorite    bool   `json:"favorite"`
	CreatedAt   moment `json:"created_at"`
	UpdatedAt   moment `json:"updated_at"`
}

type tagPage struct {
	Tags  []tagWire `json:"tags"`
	Links *links    `json:"_links"`
}

type tagWire struct {
	ID        id.UID `json:"tag_id"`
	Name      string `json:"name"`
	Source    string `json:"tag_source"`
	CreatedAt moment `json:"created_at"`
	UpdatedAt moment `json:"updated_at"`
}

type fieldPage struct {
	Fields []fieldWire `json:"custom_fields"`
	Links  *links      `json:"_links"`
}

type fieldWire struct {
	ID        id.UID        `json:"custom_field_id"`
	Label     string        `json:"label"`
	Type      string        `json:"type"`
	Version   int           `json:"version"`
	Metadata  *metadataWire `json:"metadata"`
	Choices   []choiceWire  `json:"choices"`
	CreatedAt moment        `json:"created_at"`
	UpdatedAt moment        `json:"updated_at"`
}

type metadataWire struct {
	DisplayType   string `json:"display_type"`
	DisplayFormat string `json:"display_format"`
	CurrencyCode  string `json:"currency_code"`
	AllowNegative bool   `json:"allow_negative"`
	Integer       bool   `json:"integer"`
	DecimalPlaces int    `json:"decimal_places"`
}

type choiceWire struct {
	ID    int64  `json:"choice_id"`
	Label string `json:"choice_label"`
	Order int    `json:"display_order"`
}

func (w fieldWire) field() contact.Field {
	f := contact.Field{
		UID: w.ID, Label: w.Label, Type: contact.FieldType(w.Type), Version: w.Version,
		CreatedAt: w.CreatedAt.at, UpdatedAt: w.UpdatedAt.at,
	}
	if w.Metadata != nil {
		f.Metadata = contact.Metadata(*w.Metadata)
	}
	for _, c := range w.Choices {
		f.Choices = append(f.Choices, contact.Choice(c))
	}
	return f
}

type contactPage struct {
	Contacts []contactWire `json:"contacts"`
	Count    int64         `json:"contacts_count"`
	Links    *links        `json:"_links"`
}

type contactWire struct {
	ID            id.UID        `json:"contact_id"`
	Email         *emailWire    `json:"email_address"`
	FirstName     string        `json:"first_name"`
	LastName      string        `json:"last_name"`
	JobTitle      string        `json:"job_title"`
	CompanyName   string        `json:"company_name"`
	BirthdayMonth int           `json:"birthday_month"`
	BirthdayDay   int           `json:"birthday_day"`
	Anniversary   string        `json:"anniversary"`
	CreateSource  string        `json:"create_source"`
	UpdateSource  string        `json:"update_source"`
	CreatedAt     moment        `json:"created_at"`
	UpdatedAt     moment        `json:"updated_at"`
	DeletedAt     moment        `json:"deleted_at"`
	Fields        []valueWire   `json:"custom_fields"`
	Phones        []phoneWire   `json:"phone_numbers"`
	Addresses     []addressWire `json:"street_addresses"`
	Lists         []id.UID      `json:"list_memberships"`
	Tags          []id.UID      `json:"taggings"`
	Notes         []noteWire    `json:"notes"`
	SMS           *smsWire      `json:"sms_channel"`
}

type emailWire struct {
	Address      string `json:"address"`
	Permission   string `json:"permission_to_send"`
	CreatedAt    moment `json:"created_at"`
	UpdatedAt    moment `json:"updated_at"`
	OptInSource  string `json:"opt_in_source"`
	OptInDate    moment `json:"opt_in_date"`
	OptOutSource string `json:"opt_out_source"`
	OptOutDate   moment `json:"opt_out_date"`
	OptOutReason string `json:"opt_out_reason"`
	Confirm      string `json:"confirm_status"`
}

type valueWire struct {
	ID      id.UID `json:"custom_field_id"`
	Value   string `json:"value"`
	Choices []word `json:"choice_ids"`
}

type phoneWire struct {
	ID           id.UID `json:"phone_number_id"`
	Number       string `json:"phone_number"`
	Kind         string `json:"kind"`
	CreatedAt    moment `json:"created_at"`
	UpdatedAt    moment `json:"updated_at"`
	CreateSource string `json:"create_source"`
	UpdateSource string `json:"update_source"`
}

type addressWire struct {
	ID         id.UID `json:"street_address_id"`
	Kind       string `json:"kind"`
	Street     string `json:"street"`
	City       string `json:"city"`
	State      string `json:"state"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"`
	CreatedAt  moment `json:"created_at"`
	UpdatedAt  moment `json:"updated_at"`
}

type noteWire struct {
	ID        id.UID `json:"note_id"`
	CreatedAt moment `json:"created_at"`
	Content   string `json:"content"`
}

// refs names things by their UIDs.
func refs[N ~int64](uids []id.UID) []id.Ref[N] {
	all := make([]id.Ref[N], len(uids))
	for i, uid := range uids {
		all[i].UID = uid
	}
	return all
}
