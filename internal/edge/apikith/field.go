package apikith

import (
	"net/http"
	"reflect"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

// What version 3 does not say of custom fields: under which of their fifteen
// places versions 1 and 2 know them.
func (a *API) fieldOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/fields", ID: "getFields", Group: groupContacts,
			Summary: "List the custom fields with their places in v1 and v2",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsRead),
			Answers: ok[fieldList]("All custom fields, in the order in which they were made."),
			Serve:   a.fields,
		},
		{
			Method: http.MethodPut, Path: "/fields/{custom_field_id}/slot", ID: "putFieldSlot", Group: groupContacts,
			Summary:     "Give a custom field a place in v1 and v2, or none",
			Description: "They know fifteen text fields by their places and no others. A place that another field has is 409.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:     reflect.TypeFor[slotInput](),
			Answers:  ok[slottedField]("The custom field."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.setSlot,
		},
	}
}

type fieldList struct {
	_      struct{}       `schema:"Fields" doc:"The custom fields."`
	Fields []slottedField `json:"fields" doc:"The custom fields."`
}

type slottedField struct {
	_      struct{} `schema:"Field" doc:"A custom field as versions 1 and 2 know it."`
	ID     id.UID   `json:"custom_field_id" doc:"The field's id."`
	Number int64    `json:"number" doc:"The field's number."`
	Label  string   `json:"label" doc:"What the field is called."`
	Type   string   `json:"type" doc:"What it holds, as v3 says it."`
	Slot   int      `json:"slot,omitempty" doc:"Its place in v1 and v2, 1 to 15; left out where it has none."`
}

type slotInput struct {
	_    struct{}         `schema:"FieldSlotInput" doc:"A place."`
	Slot request.Opt[int] `json:"slot" min:"1" max:"15" doc:"The place; null for none."`
}

func slotted(f contact.Field) slottedField {
	return slottedField{ID: f.UID, Number: int64(f.ID), Label: f.Label, Type: string(f.Type), Slot: f.Slot}
}

func (a *API) fields(c *operation.Call) error {
	all, err := a.o.Contacts.Fields(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := fieldList{Fields: make([]slottedField, len(all))}
	for i, f := range all {
		answer.Fields[i] = slotted(f)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) setSlot(c *operation.Call) error {
	in := operation.Body[slotInput](c)
	if slot, given := in.Slot.Value.Value(); given && slot == 0 {
		c.Problems.Add("slot", "range", "must be a number from 1 to 15, or null")
	} else if !in.Slot.Given() && !c.Problems.Has("slot") {
		c.Problems.Add("slot", "required", "is missing; null takes the place away")
	}
	f, err := a.o.Contacts.SetSlot(c.Context(), c.Actor, id.Ref[id.Field]{UID: c.UID("custom_field_id")}, in.Slot.Or(0), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, slotted(f))
}
