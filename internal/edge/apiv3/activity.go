package apiv3

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
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

func (a *API) activityOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/activities", ID: "getActivityStatusCollection", Group: groupActivities,
			Summary: "Bulk work, newest first",
			Scope:   oauth.ContactData, Privileges: may(account.ContactsWrite),
			Query: append(operation.Page(50, 500), operation.Parameter{
				Name: "state", Kind: operation.Word, Words: []string{"processing", "completed", "cancelled", "failed", "timed_out"},
				Doc: "Only work that stands there.",
			}),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "A page of activities.", Type: reflect.TypeFor[wire3.ActivityPage]()}},
			Serve:   a.activities,
		},
		{
			Method: http.MethodGet, Path: "/activities/{activity_id}", ID: "getActivity", Group: groupActivities,
			Summary: "How far a piece of bulk work has come",
			Description: "Ask again until `state` is completed, failed or cancelled. Work that is completed may still have met faults: " +
				"`activity_errors` tells the first ones.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The activity.", Type: reflect.TypeFor[wire3.Activity]()}},
			Serve:   a.activity,
		},
		{
			Method: http.MethodPost, Path: "/activities/contacts_file_import", ID: "contactsCSVImport", Group: groupActivities,
			Summary: "Import contacts from a CSV file",
			Description: "The first row names the columns; one of them must be an email address or an sms_number. New contacts are added, of known ones only what the file gives is changed, " +
				"and everybody is put on the lists. A file that is too large is refused whole. Parts may come in any order. " +
				"Leave the Content-Type to the HTTP library, which adds the boundary.",
			Scope: oauth.ContactData, Privileges: may(account.ContactsWrite),
			Form: []operation.Part{
				{Name: partFile, File: true, Required: true, Doc: "The file; its name ends in .csv."},
				{Name: partLists, Required: true, List: true, Most: activity.MaxLists, Doc: "The ids of the lists, separated by commas."},
				{Name: partSMS, Words: []string{"not_set", "explicit"}, Doc: "explicit where everybody with a sms_number agreed to short messages, on the day in sms_consent_date. Without it, the file says nothing of consent."},
			},
			Answers: []operation.Answer{{Status: http.StatusCreated, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.Import]()}},
			Serve:   a.importFile,
		},
		a.jsonImportOperation(),
		{
			Method: http.MethodPost, Path: "/activities/list_delete", ID: "postListDelete", Group: groupActivities,
			Summary:     "Delete several lists",
			Description: "The lists are gone at once; their members are taken off them by the activity, and stay as contacts. An account keeps at least one list.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite), Body: reflect.TypeFor[listsDeleteInput](),
			Answers: []operation.Answer{{Status: http.StatusCreated, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.ListsDeletion]()}},
			Serve:   a.deleteLists,
		},
		{
			Method: http.MethodDelete, Path: "/contact_lists/{list_id}", ID: "deleteListActivity", Group: groupLists,
			Summary:     "Delete a list",
			Description: "The list is gone at once; its members are taken off it by an activity, and stay as contacts. An account keeps at least one list.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Answers: []operation.Answer{{
				Status: http.StatusAccepted, Doc: "The activity that does it.", Type: reflect.TypeFor[wire3.ListDeletion](),
				Headers: map[string]string{"Location": "The address of the activity."},
			}},
			Failures: []int{http.StatusConflict},
			Serve:    a.deleteList,
		},
	}
}

// Parts of the form of an import.
const (
	partFile  = "file"
	partLists = "list_ids"
	partSMS   = "sms_permission_to_send"
)

func (a *API) activities(c *operation.Call) error {
	of, err := a.o.Activities.List(c.Context(), c.Actor, activity.Filter{State: activity.State(c.Text("state"))}, c.Page())
	if err != nil {
		return err
	}
	answer := wire3.ActivityPage{Activities: make([]wire3.Activity, 0, len(of.Items)), Links: next(c.Next(of.Next))}
	for _, is := range of.Items {
		answer.Activities = append(answer.Activities, wire3.ActivityOf(is))
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) activity(c *operation.Call) error {
	is, err := a.o.Activities.Get(c.Context(), c.Actor, id.Ref[id.Activity]{UID: c.UID("activity_id")})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, wire3.ActivityOf(is))
}

func (a *API) deleteList(c *operation.Call) error {
	is, err := a.o.Activities.DeleteList(c.Context(), c.Actor, listRef(c))
	if err != nil {
		return err
	}
	answer := wire3.ListDeletionOf(is)
	c.W.Header().Set("Location", answer.Links.Self.Href)
	return c.JSON(http.StatusAccepted, answer)
}

// listsDeleteInput is v3 contract, ListIdList100.
type listsDeleteInput struct {
	_     struct{}              `schema:"ListIdList100" doc:"Lists to be deleted."`
	Lists request.Opt[[]id.UID] `json:"list_ids" required:"true" max:"100" doc:"The lists."`
}

func (a *API) deleteLists(c *operation.Call) error {
	in := operation.Body[listsDeleteInput](c)
	is, err := a.o.Activities.DeleteLists(c.Context(), c.Actor, refsGiven[id.List](in.Lists), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, wire3.ListsDeletionOf(is))
}

var errNotCSV = fault.New(fault.Unsupported, fault.CodeMediaType, "The file's name must end in .csv.")

// importFile begins an import. The file is kept as it arrives, so nothing of
// it stays where the rest of the form is refused.
func (a *API) importFile(c *operation.Call) error {
	form, err := request.ReadForm(c.R)
	if err != nil {
		return err
	}
	in, err := a.receive(c, form)
	if err == nil {
		var is activity.Activity
		if is, err = a.o.Activities.Import(c.Context(), c.Actor, in, c.Problems); err == nil {
			return c.JSON(http.StatusCreated, wire3.ImportOf(is))
		}
	}
	if !in.Upload.IsZero() {
		// The refusal counts; what cannot be discarded now expires.
		_ = a.o.Activities.Discard(context.WithoutCancel(c.Context()), c.Actor, in.Upload)
	}
	form.Drain()
	return err
}

// receive reads the form of an import.
func (a *API) receive(c *operation.Call, form *request.Form) (in activity.Import, err error) {
	for part, err := range form.Parts() {
		if err != nil {
			return in, err
		}
		switch part.Name {
		case partFile:
			if !in.Upload.IsZero() {
				return in, fault.ErrMalformed.Saying("The form has two files; one is imported at a time.")
			}
			if !strings.HasSuffix(strings.ToLower(part.File), ".csv") {
				return in, errNotCSV
			}
			u, err := a.o.Activities.Receive(c.Context(), c.Actor, part.File, part)
			if err != nil {
				return in, err
			}
			in.Upload = u.Ref()
		case partLists:
			text, err := part.Text()
			if err != nil {
				return in, err
			}
			in.Lists = append(in.Lists, listIDs(text, len(in.Lists), &c.Problems)...)
		case partSMS:
			text, err := part.Text()
			if err != nil {
				return in, err
			}
			in.SMSConsent = smsConsentOf(strings.TrimSpace(text), &c.Problems)
		}
	}
	if !in.Upload.IsZero() {
		return in, nil
	}
	c.Problems.Add(partFile, "required", "is missing")
	if len(in.Lists) == 0 {
		c.Problems.Add(partLists, "required", "is missing; it names one to fifty lists")
	}
	return in, c.Problems.Err()
}

// listIDs reads ids between commas. One that is none leaves a problem and an
// empty place.
func listIDs(text string, before int, problems *fault.Problems) []id.Ref[id.List] {
	var all []id.Ref[id.List]
	for word := range strings.SplitSeq(text, ",") {
		word = strings.Trim(word, " \t\r\n\"[]")
		if word == "" {
			continue
		}
		uid, err := id.ParseUID(word)
		if err != nil {
			problems.Add(fmt.Sprintf("%s[%d]", partLists, before+len(all)), "format", "is not a UUID")
		}
		all = append(all, ref[id.List](uid))
	}
	return all
}

// smsConsentOf reads what an import says of consent to short messages.
func smsConsentOf(word string, problems *fault.Problems) bool {
	switch word {
	case "", "not_set":
	case "explicit":
		return true
	default:
		problems.Add(partSMS, "value", invalid+"; it takes not_set or explicit")
	}
	return false
}
