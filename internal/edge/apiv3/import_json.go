package apiv3

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/wire3"
)

const memberContacts = "import_data"

func (a *API) jsonImportOperation() operation.Operation {
	return operation.Operation{
		Method: http.MethodPost, Path: "/activities/contacts_json_import", ID: "bulkImportContactsJSON", Group: groupActivities,
		Summary: "Import contacts from a JSON body",
		Description: "New contacts are added, of known ones only what is given is changed, and everybody is put on the lists. " +
			"A custom field is named cf: and its name. A body that is too large is refused whole. " +
			"What is wrong with a contact is told by the activity, whose lines count the contacts from 1.",
		Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
		Body: reflect.TypeFor[jsonImport](), Streams: true,
		Answers: []operation.Answer{{Status: http.StatusCreated, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.Import]()}},
		Serve:   a.importJSON,
	}
}

// importJSON keeps the contacts as they arrive, so nothing of them stays where
// the rest of the body is refused.
func (a *API) importJSON(c *operation.Call) error {
	body, err := request.ReadStream(c.R)
	if err != nil {
		return err
	}
	in := activity.Import{Kind: activity.JSONImport}
	u, found, err := a.o.Activities.ReceiveRecords(c.Context(), c.Actor, func(r *activity.Records) error {
		return body.Object(func(name string) error {
			switch name {
			case memberContacts:
				return readRecords(body, r, &c.Problems)
			case partLists:
				v, err := body.Value()
				if err != nil {
					return err
				}
				lists := request.Decode[struct {
					Lists request.Opt[[]id.UID] `json:"list_ids"`
				}](map[string]any{partLists: v}, &c.Problems)
				in.Lists = refsGiven[id.List](lists.Lists)
				return nil
			case partSMS:
				v, err := body.Value()
				if word, ok := v.(string); ok {
					in.SMSConsent = smsConsentOf(word, &c.Problems)
				} else if v != nil {
					c.Problems.Add(partSMS, "type", "must be a string")
				}
				return err
			}
			_, err := body.Value()
			return err
		})
	})
	if err != nil {
		return err
	}
	if u.ID != 0 {
		in.Upload = u.Ref()
	} else if !c.Problems.Has(memberContacts) {
		c.Problems = append(c.Problems, found...)
	}
	is, err := a.o.Activities.Import(c.Context(), c.Actor, in, c.Problems)
	if err == nil {
		return c.JSON(http.StatusCreated, wire3.ImportOf(is))
	}
	if u.ID != 0 {
		// The refusal counts; what cannot be discarded now expires.
		_ = a.o.Activities.Discard(context.WithoutCancel(c.Context()), c.Actor, in.Upload)
	}
	return err
}

// readRecords reads the contacts of an import.
func readRecords(body *request.Stream, r *activity.Records, problems *fault.Problems) error {
	other, err := body.Array(func(i int) error {
		v, err := body.Value()
		if err != nil {
			return err
		}
		object, ok := v.(map[string]any)
		if !ok {
			r.Skip("type", "must be an object")
			return nil
		}
		return r.Put(recordOf(object, memberContacts+"["+strconv.Itoa(i)+"].", r))
	})
	if other != "" {
		problems.Add(memberContacts, "type", "must be an array, not "+other)
	}
	return err
}

// recordOf makes texts of the values of a contact: a postal code or a month is
// often written as a number.
func recordOf(object map[string]any, path string, r *activity.Records) activity.Record {
	record := make(activity.Record, len(object))
	for name, v := range object {
		switch v := v.(type) {
		case string:
			if v = strings.TrimSpace(v); v != "" {
				record[name] = v
			}
		case json.Number:
			record[name] = v.String()
		case nil:
		default:
			r.Fault(path+name, "type", "must be a string")
		}
	}
	return record
}

// jsonImport is the body of an import, which is read value by value.
type jsonImport struct {
	_        struct{}            `schema:"ContactsJsonImport" doc:"Contacts to be imported."`
	Contacts []jsonContact       `json:"import_data" required:"true" doc:"The contacts, 40,000 at most."`
	Lists    []id.UID            `json:"list_ids" required:"true" min:"1" max:"50" doc:"The lists that everybody is put on."`
	SMS      request.Opt[string] `json:"sms_permission_to_send" doc:"explicit where everybody with a sms_consent_date agreed to short messages on that day, or not_set."`
}

// jsonContact is one contact of an import.
type jsonContact struct {
	_            struct{}            `schema:"JsonImportContact" doc:"A contact to be imported."`
	Email        request.Opt[string] `json:"email" max:"80" doc:"By which the contact is known; one without is known by the sms_number."`
	FirstName    request.Opt[string] `json:"first_name" max:"50" doc:"First name."`
	LastName     request.Opt[string] `json:"last_name" max:"50" doc:"Last name."`
	JobTitle     request.Opt[string] `json:"job_title" max:"50" doc:"Job title."`
	Company      request.Opt[string] `json:"company_name" max:"50" doc:"Company."`
	Month        request.Opt[int]    `json:"birthday_month" min:"1" max:"12" doc:"Month of the birthday, 1 to 12; with its day."`
	Day          request.Opt[int]    `json:"birthday_day" min:"1" max:"31" doc:"Day of the birthday, 1 to 31; with its month."`
	Anniversary  request.Opt[string] `json:"anniversary" doc:"A day such as 2019-03-14 or 3/14/2019."`
	Phone        request.Opt[string] `json:"phone" max:"25" doc:"Other phone."`
	HomePhone    request.Opt[string] `json:"home_phone" max:"25" doc:"Home phone."`
	WorkPhone    request.Opt[string] `json:"work_phone" max:"25" doc:"Work phone."`
	MobilePhone  request.Opt[string] `json:"mobile_phone" max:"25" doc:"Mobile phone."`
	OtherPhone   request.Opt[string] `json:"other_phone" max:"25" doc:"The same as phone."`
	Street       request.Opt[string] `json:"street" max:"255" doc:"Street of the home address."`
	Street2      request.Opt[string] `json:"street2" max:"255" doc:"Is appended to the street."`
	City         request.Opt[string] `json:"city" max:"50" doc:"City of the home address."`
	State        request.Opt[string] `json:"state" max:"50" doc:"State or province of the home address."`
	Zip          request.Opt[string] `json:"zip" max:"50" doc:"Postal code of the home address."`
	Country      request.Opt[string] `json:"country" max:"50" doc:"Country of the home address."`
	HomeStreet   request.Opt[string] `json:"home_street" max:"255" doc:"The same as street."`
	HomeStreet2  request.Opt[string] `json:"home_street2" max:"255" doc:"The same as street2."`
	HomeCity     request.Opt[string] `json:"home_city" max:"50" doc:"The same as city."`
	HomeState    request.Opt[string] `json:"home_state" max:"50" doc:"The same as state."`
	HomeZip      request.Opt[string] `json:"home_zip" max:"50" doc:"The same as zip."`
	HomeCountry  request.Opt[string] `json:"home country" max:"50" doc:"The same as country; home_country is taken too."`
	WorkStreet   request.Opt[string] `json:"work_street" max:"255" doc:"Street of the work address."`
	WorkStreet2  request.Opt[string] `json:"work_street2" max:"255" doc:"Is appended to the street."`
	WorkCity     request.Opt[string] `json:"work_city" max:"50" doc:"City of the work address."`
	WorkState    request.Opt[string] `json:"work_state" max:"50" doc:"State or province of the work address."`
	WorkZip      request.Opt[string] `json:"work_zip" max:"50" doc:"Postal code of the work address."`
	WorkCountry  request.Opt[string] `json:"work_country" max:"50" doc:"Country of the work address."`
	OtherStreet  request.Opt[string] `json:"other_street" max:"255" doc:"Street of the other address."`
	OtherStreet2 request.Opt[string] `json:"other_street2" max:"255" doc:"Is appended to the street."`
	OtherCity    request.Opt[string] `json:"other_city" max:"50" doc:"City of the other address."`
	OtherState   request.Opt[string] `json:"other_state" max:"50" doc:"State or province of the other address."`
	OtherZip     request.Opt[string] `json:"other_zip" max:"50" doc:"Postal code of the other address."`
	OtherCountry request.Opt[string] `json:"other_country" max:"50" doc:"Country of the other address."`
	Custom       request.Opt[string] `json:"cf:custom_field_name" max:"255" doc:"The value of the custom field of the name after cf:, up to 25 of them."`
	SMSNumber    request.Opt[string] `json:"sms_number" max:"16" doc:"A number for short messages, such as 2025550134."`
	SMSDate      request.Opt[string] `json:"sms_consent_date" max:"16" doc:"The day on which the contact agreed; it counts where sms_permission_to_send is explicit."`
}
