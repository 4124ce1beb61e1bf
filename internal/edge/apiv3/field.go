package apiv3

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

func (a *API) fieldOperations() []operation.Operation {
	field := reflect.TypeFor[fieldWire]()
	all := []operation.Operation{
		{
			Method: http.MethodGet, Path: "/contact_custom_fields", ID: "getCustomFields",
			Summary: "Custom fields", Description: "The one that was changed last comes first.",
			Privileges: may(account.ContactsRead), Query: operation.Page(50, contact.MaxCustomFields),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "A page of custom fields.", Type: reflect.TypeFor[fieldPage]()}},
			Serve:   a.fields,
		},
		{
			Method: http.MethodPost, Path: "/contact_custom_fields", ID: "postCustomFields",
			Summary: "Make a custom field", Description: "An account has at most 100, each with a label of its own.",
			Privileges: may(account.ContactsWrite), Body: reflect.TypeFor[newFieldInput](),
			Answers:  []operation.Answer{{Status: http.StatusCreated, Doc: "The custom field.", Type: field}},
			Failures: []int{http.StatusConflict}, Serve: a.createField,
		},
		{
			Method: http.MethodGet, Path: "/contact_custom_fields/{custom_field_id}", ID: "getCustomField",
			Summary: "One custom field", Privileges: may(account.ContactsRead),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The custom field.", Type: field}},
			Failures: []int{http.StatusNotFound}, Serve: a.field,
		},
		{
			Method: http.MethodPut, Path: "/contact_custom_fields/{custom_field_id}", ID: "putCustomField",
			Summary:     "Replace a custom field's label and choices",
			Description: "Its type stays. A choice without an id is new, one that is left out is gone.",
			Privileges:  may(account.ContactsWrite), Body: reflect.TypeFor[fieldPutInput](),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The custom field as it is now.", Type: field}},
			Failures: []int{http.StatusNotFound, http.StatusConflict}, Serve: a.updateField,
		},
		{
			Method: http.MethodDelete, Path: "/contact_custom_fields/{custom_field_id}", ID: "deleteCustomField",
			Summary: "Delete a custom field", Description: "What contacts have in it is gone at once.",
			Privileges: may(account.ContactsWrite),
			Answers:    []operation.Answer{{Status: http.StatusNoContent, Doc: "It is deleted."}},
			Failures:   []int{http.StatusNotFound}, Serve: a.deleteField,
		},
	}
	for i := range all {
		all[i].Group, all[i].Scope = groupFields, oauth.ContactData
	}
	return append(all, operation.Operation{
		Method: http.MethodPost, Path: "/activities/custom_fields_delete", ID: "postCustomFieldDelete", Group: groupActivities,
		Summary: "Delete several custom fields", Description: "They are gone at once, with what contacts have in them; the activity clears up.",
		Scope: oauth.ContactData, Privileges: may(account.ContactsWrite), Body: reflect.TypeFor[fieldsDeleteInput](),
		Answers: []operation.Answer{{Status: http.StatusCreated, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.FieldDeletion]()}},
		Serve:   a.deleteFields,
	})
}

// newFieldInput is v3 contract, CustomFieldRequest.
type newFieldInput struct {
	_        struct{}                   `schema:"CustomFieldRequest" doc:"A custom field to be made."`
	Label    request.Opt[string]        `json:"label" max:"50" doc:"What people call it; no other field of the account has this label."`
	Type     request.Opt[string]        `json:"type" max:"20" enum:"string,text_area,number,currency,date,datetime,boolean,single_select,multi_select" doc:"What it holds."`
	Metadata request.Opt[metadataInput] `json:"metadata" doc:"How values are shown and bounded."`
	Choices  request.Opt[[]choiceInput] `json:"choices" max:"100" doc:"What can be picked, of a select field."`
	Version  request.Opt[int64]         `json:"version" doc:"2 for a date that is kept as a date; 1 for one that is kept as any text."`
}

type metadataInput struct {
	_             struct{}            `schema:"CustomFieldMetadata" doc:"How values are shown and bounded."`
	DisplayType   request.Opt[string] `json:"display_type" doc:"How choices are shown."`
	AllowNegative request.Opt[bool]   `json:"allow_negative" doc:"Whether numbers below zero are taken."`
	DecimalPlaces request.Opt[int64]  `json:"decimal_places" doc:"How many digits may stand behind the point."`
	CurrencyCode  request.Opt[string] `json:"currency_code" doc:"The currency."`
	Integer       request.Opt[bool]   `json:"integer" doc:"Whether only whole numbers are taken."`
	DisplayFormat request.Opt[string] `json:"display_format" doc:"How dates are shown."`
}

type choiceInput struct {
	_     struct{}            `schema:"CustomFieldChoiceRequest" doc:"A choice to be made."`
	Label request.Opt[string] `json:"choice_label" max:"255" doc:"What is shown."`
	Order request.Opt[int64]  `json:"display_order" doc:"Its place among the others."`
}

// fieldPutInput is v3 contract, CustomFieldPutRequest.
type fieldPutInput struct {
	_       struct{}                      `schema:"CustomFieldPutRequest" doc:"What can be changed of a custom field."`
	Label   request.Opt[string]           `json:"label" max:"50" doc:"What people call it."`
	Choices request.Opt[[]choicePutInput] `json:"choices" max:"100" doc:"All that can be picked from now on."`
}

type choicePutInput struct {
	_     struct{}            `schema:"CustomFieldChoicePutRequest" doc:"A choice that is kept, or made."`
	ID    request.Opt[int64]  `json:"choice_id" doc:"The choice that is kept; a new one has none."`
	Label request.Opt[string] `json:"choice_label" max:"255" doc:"What is shown."`
	Order request.Opt[int64]  `json:"display_order" doc:"Its place among the others."`
}

// fieldsDeleteInput is v3 contract, CustomFieldId100.
type fieldsDeleteInput struct {
	_      struct{}              `schema:"CustomFieldId100" doc:"Custom fields to be deleted."`
	Fields request.Opt[[]id.UID] `json:"custom_field_ids" required:"true" max:"100" doc:"The custom fields."`
}

// fieldWire is v3 contract, CustomField.
type fieldWire struct {
	_         struct{}      `schema:"CustomField" doc:"A custom field."`
	ID        id.UID        `json:"custom_field_id" readonly:"true" doc:"The field's id."`
	Label     string        `json:"label" max:"50" doc:"What people call it."`
	Name      string        `json:"name" readonly:"true" max:"50" doc:"The name made from the label, for headings of files."`
	Type      string        `json:"type" max:"20" enum:"string,text_area,number,currency,date,datetime,boolean,single_select,multi_select" doc:"What it holds."`
	Metadata  *metadataWire `json:"metadata,omitempty" doc:"How values are shown and bounded."`
	Version   int           `json:"version" doc:"2 for a date that is kept as a date, else 1."`
	Choices   []choiceWire  `json:"choices,omitempty" max:"100" doc:"What can be picked."`
	UpdatedAt respond.Time  `json:"updated_at" readonly:"true" doc:"When the field was last changed."`
	CreatedAt respond.Time  `json:"created_at" readonly:"true" doc:"When the field was made."`
}

type metadataWire struct {
	_             struct{} `schema:"CustomFieldMetadataWire" doc:"How values are shown and bounded."`
	DisplayType   string   `json:"display_type,omitempty" doc:"How choices are shown."`
	AllowNegative bool     `json:"allow_negative" doc:"Whether numbers below zero are taken."`
	DecimalPlaces int      `json:"decimal_places,omitempty" doc:"How many digits may stand behind the point."`
	CurrencyCode  string   `json:"currency_code,omitempty" doc:"The currency."`
	Integer       bool     `json:"integer" doc:"Whether only whole numbers are taken."`
	DisplayFormat string   `json:"display_format,omitempty" doc:"How dates are shown."`
}

type choiceWire struct {
	_     struct{} `schema:"CustomFieldChoice" doc:"A choice."`
	ID    int64    `json:"choice_id" doc:"The choice's id."`
	Field id.UID   `json:"custom_field_id" doc:"The field that it belongs to."`
	Label string   `json:"choice_label" max:"255" doc:"What is shown."`
	Order int      `json:"display_order" doc:"Its place among the others."`
}

// fieldPage is v3 contract, CustomFields.
type fieldPage struct {
	_      struct{}    `schema:"CustomFields" doc:"A page of custom fields."`
	Fields []fieldWire `json:"custom_fields" max:"100" doc:"The custom fields."`
	Links  *links      `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

func fieldOf(f contact.Field) fieldWire {
	w := fieldWire{
		ID: f.UID, Label: f.Label, Name: f.Name, Type: string(f.Type), Version: f.Version,
		UpdatedAt: respond.Time(f.UpdatedAt), CreatedAt: respond.Time(f.CreatedAt),
	}
	if m := f.Metadata; m != (contact.Metadata{}) {
		w.Metadata = &metadataWire{
			DisplayType: m.DisplayType, AllowNegative: m.AllowNegative, DecimalPlaces: m.DecimalPlaces,
			CurrencyCode: m.CurrencyCode, Integer: m.Integer, DisplayFormat: m.DisplayFormat,
		}
	}
	for _, c := range f.Choices {
		w.Choices = append(w.Choices, choiceWire{ID: c.ID, Field: f.UID, Label: c.Label, Order: c.Order})
	}
	return w
}

func fieldRef(c *operation.Call) id.Ref[id.Field] { return ref[id.Field](c.UID("custom_field_id")) }

func (a *API) fields(c *operation.Call) error {
	of, err := a.o.Contacts.FieldPage(c.Context(), c.Actor, c.Page())
	if err != nil {
		return err
	}
	answer := fieldPage{Fields: make([]fieldWire, 0, len(of.Items)), Links: next(c.Next(of.Next))}
	for _, f := range of.Items {
		answer.Fields = append(answer.Fields, fieldOf(f))
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) field(c *operation.Call) error {
	f, err := a.o.Contacts.Field(c.Context(), c.Actor, fieldRef(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, fieldOf(f))
}

func (a *API) createField(c *operation.Call) error {
	in := operation.Body[newFieldInput](c)
	m := in.Metadata.Or(metadataInput{})
	choices := in.Choices.Or(nil)
	slices.SortStableFunc(choices, func(a, b choiceInput) int { return cmp.Compare(a.Order.Or(0), b.Order.Or(0)) })
	made := contact.NewField{
		Label: in.Label.Or(""), Type: contact.FieldType(in.Type.Or("")), Version: int(in.Version.Or(1)),
		Metadata: contact.Metadata{
			DisplayType: m.DisplayType.Or(""), DisplayFormat: m.DisplayFormat.Or(""), CurrencyCode: m.CurrencyCode.Or(""),
			AllowNegative: m.AllowNegative.Or(false), Integer: m.Integer.Or(false), DecimalPlaces: int(m.DecimalPlaces.Or(0)),
		},
	}
	for _, choice := range choices {
		made.Choices = append(made.Choices, choice.Label.Or(""))
	}
	f, err := a.o.Contacts.CreateField(c.Context(), c.Actor, made, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, fieldOf(f))
}

func (a *API) updateField(c *operation.Call) error {
	in := operation.Body[fieldPutInput](c)
	choices := in.Choices.Or(nil)
	slices.SortStableFunc(choices, func(a, b choicePutInput) int { return cmp.Compare(a.Order.Or(0), b.Order.Or(0)) })
	changed := contact.FieldChange{Label: in.Label.Or("")}
	for _, choice := range choices {
		changed.Choices = append(changed.Choices, contact.Choice{ID: choice.ID.Or(0), Label: choice.Label.Or("")})
	}
	f, err := a.o.Contacts.UpdateField(c.Context(), c.Actor, fieldRef(c), changed, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, fieldOf(f))
}

func (a *API) deleteField(c *operation.Call) error {
	if _, err := a.o.Activities.DeleteField(c.Context(), c.Actor, fieldRef(c)); err != nil {
		return err
	}
	return c.NoContent()
}

func (a *API) deleteFields(c *operation.Call) error {
	in := operation.Body[fieldsDeleteInput](c)
	is, err := a.o.Activities.DeleteFields(c.Context(), c.Actor, refsGiven[id.Field](in.Fields), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.FieldDeletionOf(is))
}
