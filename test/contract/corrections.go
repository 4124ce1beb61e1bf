package contract

import (
	"errors"
	"fmt"
	"slices"
)

// A correction is one thing that the guide knows better than the Swagger
// document, or that the document says in prose only.
type correction struct {
	name string
	// guide is the section that says so.
	guide string
	apply func(*Facts) error
}

var corrections = []correction{
	{"failures", "3.1", func(f *Facts) error {
		f.Schemas[failureName] = failureSchema
		return nil
	}},
	{"limit", "8", limits},
	{"cursor", "8", cursors},
	{"uuid", "0", uuids},
	{"lists of ids", "4.6", idLists},
	{"status filter", "4.2", func(f *Facts) error {
		p, err := f.parameter("/contacts", "status")
		if err != nil {
			return err
		}
		p.Enum = append(p.Enum, "explicit", "implicit")
		return nil
	}},
	{"include sms_channel", "4.6", func(f *Facts) error {
		for _, path := range []string{"/contacts", "/contacts/{contact_id}"} {
			p, err := f.parameter(path, "include")
			if err != nil {
				return err
			}
			p.Enum = append(p.Enum, "sms_channel")
		}
		return nil
	}},
	// The form says 50 where every other write says 80 of the same address.
	{"address of the sign-up form", "4.1", func(f *Facts) error {
		return change(f, "ContactCreateOrUpdateInput.email_address", func(s *Schema) { *s.MaxLength = 80 })
	}},
	// The value of a text_area is longer than 255; by how much is unknown.
	{"text_area", "4.1", func(f *Facts) error {
		return errors.Join(
			change(f, "ContactCustomField.value", func(s *Schema) { s.MaxLength = nil }),
			change(f, "CreateOrUpdateContactCustomField.value", func(s *Schema) { s.MaxLength = nil }))
	}},
	{"birthday", "4.1", func(f *Facts) error {
		var errs []error
		for _, schema := range []string{"ContactResource", "ContactPostRequest", "ContactPutRequest", "ContactCreateOrUpdateInput", "JsonImportContact"} {
			errs = append(errs, between(f, schema+".birthday_month", 1, 12), between(f, schema+".birthday_day", 1, 31))
		}
		return errors.Join(errs...)
	}},
	{"percent_done", "4.11", func(f *Facts) error {
		var errs []error
		for _, schema := range activities {
			errs = append(errs, between(f, schema+".percent_done", 0, 100))
		}
		return errors.Join(errs...)
	}},
	{"words", "as each row says", func(f *Facts) error {
		var errs []error
		for _, w := range words {
			for _, place := range w.places {
				errs = append(errs, change(f, place, func(s *Schema) {
					for _, word := range w.words {
						s.Enum = append(s.Enum, word)
					}
				}))
			}
		}
		return errors.Join(errs...)
	}},
}

// activities are the schemas of an activity, one for each way to begin it.
var activities = []string{
	"Activities.activities[]", "Activity", "ActivityDeleteCustomFields", "ActivityDeleteListResponse",
	"ActivityDeleteListsResponse", "ActivityDeleteStatus", "ActivityExportStatus", "ActivityGeneric",
	"ActivityImport", "ActivityListsMembership", "ActivityTagging",
}

// words are the enumerations that the Swagger document gives in prose.
var words = []struct {
	guide  string
	words  []string
	places []string
}{
	{
		"4.2",
		[]string{"explicit", "implicit", "not_set", "pending_confirmation", "temp_hold", "unsubscribed"},
		[]string{"EmailAddress.permission_to_send", "EmailAddressPost.permission_to_send", "EmailAddressPut.permission_to_send"},
	},
	{
		"4.2",
		[]string{"confirmed", "off", "pending"},
		[]string{"EmailAddress.confirm_status", "EmailAddressPut.confirm_status"},
	},
	{"4.2", []string{"Account", "Contact"}, []string{
		"EmailAddress.opt_in_source", "EmailAddress.opt_out_source", "EmailAddressPut.opt_out_source",
		// What a write may say; reads show other sources too.
		"ContactPostRequest.create_source", "ContactPutRequest.update_source",
	}},
	{"4.1", []string{"home", "mobile", "other", "work"}, []string{"PhoneNumber.kind", "PhoneNumberPut.kind"}},
	{"4.1", []string{"home", "other", "work"}, []string{"StreetAddress.kind", "StreetAddressPut.kind"}},
	{"4.3", []string{"created", "updated"}, []string{"ContactCreateOrUpdateResponse.action"}},
	{
		"4.9",
		[]string{"boolean", "currency", "date", "datetime", "multi_select", "number", "single_select", "string", "text_area"},
		[]string{"CustomField.type", "CustomFieldRequest.type"},
	},
	{"4.10", []string{"CONFIRMED", "UNCONFIRMED"}, []string{"AccountEmails[].confirm_status", "AccountEmailCreateResponse.confirm_status"}},
	{"4.11", []string{"cancelled", "completed", "failed", "initialized", "processing", "timed_out"}, states()},
	{"4.12", []string{"promotional_sms"}, []string{"SmsChannelConsentDetails.consent_type", "ContactSmsChannelConsents.consent_type"}},
	{
		"4.12",
		[]string{"explicit", "not_set", "pending_confirmation", "unsubscribed"},
		[]string{"SmsChannelConsentDetails.sms_consent_permission"},
	},
	{
		"7.2",
		[]string{"Done", "Draft", "Error", "Executing", "Removed", "Scheduled"},
		[]string{"EmailCampaign.current_status", "EmailCampaigns.current_status"},
	},
	{"7.2", []string{"DONE", "DRAFT", "ERROR", "EXECUTING", "REMOVED", "SCHEDULED"}, []string{"EmailCampaignActivity.current_status"}},
	{"7.3", []string{"COMPLETED", "ERRORED"}, []string{"EmailSendHistory[].send_status"}},
}

func states() []string {
	var places []string
	for _, schema := range activities {
		places = append(places, schema+".state")
	}
	return places
}

// limits makes every page limit a number with the bounds of section 8; the
// Swagger document types some as text and leaves out or misnames their bounds.
func limits(f *Facts) error {
	for _, c := range collections {
		p, err := f.parameter(c.path, "limit")
		if err != nil {
			return err
		}
		least, most := float64(c.least), float64(c.most)
		p.Schema = Schema{Type: "integer", Default: float64(c.preset), Minimum: &least, Maximum: &most}
	}
	return nil
}

// cursors adds the parameter that every next link carries.
func cursors(f *Facts) error {
	for _, c := range collections {
		if !c.cursor {
			continue
		}
		o, found := f.Operation("GET", c.path)
		if !found {
			return fmt.Errorf("no GET %s", c.path)
		}
		o.Parameters = append(o.Parameters, &Parameter{Name: "cursor", In: "query", Schema: Schema{Type: "string"}})
	}
	return nil
}

// uuids says of the ids which are UUIDs that they are, where the Swagger
// document types them as any text.
func uuids(f *Facts) error {
	ids := []string{
		"activity_id", "campaign_activity_id", "campaign_id", "contact_id", "custom_field_id",
		"file_export_id", "list_id", "note_id", "phone_number_id", "sms_channel_id", "street_address_id", "tag_id",
	}
	stamp := func(name string, s *Schema) {
		if s.Type == "string" && s.Format == "" && slices.Contains(ids, name) {
			s.Format = "uuid"
		}
	}
	for _, o := range f.Operations {
		for _, p := range o.Parameters {
			stamp(p.Name, &p.Schema)
		}
	}
	for _, s := range f.Schemas {
		properties(s, stamp)
	}
	return nil
}

// properties visits those of a schema and of what stands inside it.
func properties(s *Schema, visit func(name string, s *Schema)) {
	if s == nil {
		return
	}
	for name, p := range s.Properties {
		visit(name, p)
		properties(p, visit)
	}
	properties(s.Items, visit)
	properties(s.AdditionalProperties, visit)
}

// idLists mends the filters of GET /contacts that take several ids: their
// number stands as the greatest value of a text.
func idLists(f *Facts) error {
	for name, most := range map[string]int{"lists": 25, "tags": 50} {
		p, err := f.parameter("/contacts", name)
		if err != nil {
			return err
		}
		p.Schema = Schema{Type: "string", Format: "csv", MaxItems: &most}
	}
	p, err := f.parameter("/contacts", "segment_id")
	if err != nil {
		return err
	}
	p.Maximum = nil
	return nil
}

func (f *Facts) parameter(path, name string) (*Parameter, error) {
	if o, found := f.Operation("GET", path); found {
		for _, p := range o.Parameters {
			if p.Name == name {
				return p, nil
			}
		}
	}
	return nil, fmt.Errorf("no parameter %s of GET %s", name, path)
}

func change(f *Facts, place string, apply func(*Schema)) error {
	s, err := f.at(place)
	if err != nil {
		return err
	}
	apply(s)
	return nil
}

func between(f *Facts, place string, least, most float64) error {
	return change(f, place, func(s *Schema) { s.Minimum, s.Maximum = &least, &most })
}
