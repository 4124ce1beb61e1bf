package apiv2

import (
	"net/http"
	"slices"
	"strings"

	"kith/internal/domain/account"
	"kith/internal/edge/operation"
)

// The groups of operations.
const (
	groupContacts   = "Contacts"
	groupLists      = "Lists"
	groupActivities = "Bulk activities"
	groupAccount    = "Account"
	groupCampaigns  = "Email campaigns"
	groupTracking   = "Tracking"
	groupLibrary    = "Library"
	groupEvents     = "Events"
	groupForms      = "Sign-up forms"
)

var groups = []operation.Group{
	{Name: groupContacts, Doc: "The people an account keeps, as far as version 2 knows them."},
	{Name: groupLists, Doc: "Lists of contacts."},
	{Name: groupActivities, Doc: "Work on many contacts at once."},
	{Name: groupAccount, Doc: "The account and who may do what."},
	{Name: groupCampaigns, Doc: "Mailings."},
	{Name: groupTracking, Doc: "What came of mailings."},
	{Name: groupLibrary, Doc: "Files and pictures."},
	{Name: groupEvents, Doc: "Events and who comes to them."},
	{Name: groupForms, Doc: "Forms on web sites."},
}

// ids are the names in paths that are numbers. One of another form is an id of
// nothing: 404.
var ids = map[string]operation.Kind{
	"contactId": operation.Whole,
	"listId":    operation.Whole,
}

// modifiedSince is a parameter of many collections.
var modifiedSince = operation.Parameter{
	Name: "modified_since", Kind: operation.When, Doc: "Changed at this time or later, in any form of a date that version 2 takes.",
}

// paged returns the parameters of a collection that is answered in pages.
func paged(usual, most int) []operation.Parameter { return operation.PageBy("next", usual, most) }

// may is a list of privileges.
func may(p ...account.Privilege) []account.Privilege { return p }

// table holds every operation of the contract.
func (a *API) table() []operation.Operation {
	return slices.Concat(a.contactOperations(), a.listOperations(), a.accountOperations(), later())
}

// later are the operations that are not built. They let a call in as the
// others do, look at nothing else of it, and say so (docs/divergences.md).
func later() (all []operation.Operation) {
	const (
		read   = account.CampaignRead
		write  = account.CampaignWrite
		send   = account.CampaignSend
		drop   = account.CampaignDelete
		people = account.ContactsRead
	)
	add := func(group, path string, by ...any) {
		for i := 0; i < len(by); i += 2 {
			o := operation.Operation{Method: by[i].(string), Path: path, Group: group, Summary: "Not built yet", Loose: true}
			if p, asked := by[i+1].(account.Privilege); asked {
				o.Privileges = may(p)
			}
			o.ID = operationID(o.Method, path)
			all = append(all, o)
		}
	}
	const (
		get, post, put, patch, remove = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	)
	for _, of := range []string{"", "/bounces", "/clicks", "/clicks/{linkId}", "/forwards", "/opens", "/sends", "/unsubscribes", "/reports/summary"} {
		add(groupTracking, "/contacts/{contactId}/tracking"+of, get, people)
		add(groupTracking, "/emailmarketing/campaigns/{campaignId}/tracking"+of, get, people)
	}
	add(groupTracking, "/contacts/{contactId}/tracking/reports/summaryByCampaign", get, people)

	add(groupCampaigns, "/emailmarketing/campaigns", get, read, post, write)
	add(groupCampaigns, "/emailmarketing/campaigns/{campaignId}", get, read, put, write, remove, drop)
	add(groupCampaigns, "/emailmarketing/campaigns/{campaignId}/schedules", get, read, post, send)
	add(groupCampaigns, "/emailmarketing/campaigns/{campaignId}/schedules/{scheduleId}", get, read, put, send, remove, send)
	add(groupCampaigns, "/emailmarketing/campaigns/{campaignId}/tests", post, send)
	add(groupCampaigns, "/emailmarketing/campaigns/{campaignId}/preview", get, read)

	add(groupLibrary, "/library/info", get, nil)
	add(groupLibrary, "/library/folders", get, read, post, write)
	add(groupLibrary, "/library/folders/{folderId}", get, read, put, write, remove, write)
	add(groupLibrary, "/library/folders/{folderId}/files", get, read, put, write)
	add(groupLibrary, "/library/folders/trash/files", get, read, remove, write)
	add(groupLibrary, "/library/files", get, read, post, write)
	add(groupLibrary, "/library/files/{fileId}", get, read, put, write, remove, write)
	add(groupLibrary, "/library/files/uploadstatus/{fileIds}", get, read)

	add(groupEvents, "/eventspot/events", get, read, post, write)
	add(groupEvents, "/eventspot/events/{eventId}", get, read, put, write, patch, write)
	add(groupEvents, "/eventspot/events/{eventId}/registrants", get, read)
	add(groupEvents, "/eventspot/events/{eventId}/registrants/{registrantId}", get, read)
	for _, of := range [][2]string{{"/fees", "/{feeId}"}, {"/promocodes", "/{promocodeId}"}, {"/items", "/{itemId}"}, {"/items/{itemId}/attributes", "/{attributeId}"}} {
		add(groupEvents, "/eventspot/events/{eventId}"+of[0], get, read, post, write)
		add(groupEvents, "/eventspot/events/{eventId}"+of[0]+of[1], get, read, put, write, remove, write)
	}

	add(groupActivities, "/activities", get, people)
	add(groupActivities, "/activities/{activityId}", get, people)
	for _, of := range []string{"addcontacts", "removefromlists", "clearlists", "exportcontacts"} {
		add(groupActivities, "/activities/"+of, post, account.ContactsWrite)
	}
	add(groupForms, "/signupform", post, account.ContactsWrite)
	return all
}

// operationID names an operation that has no name of its own yet.
func operationID(method, path string) string {
	var id strings.Builder
	id.WriteString(strings.ToLower(method))
	for _, word := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '{' || r == '}' }) {
		id.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return id.String()
}
