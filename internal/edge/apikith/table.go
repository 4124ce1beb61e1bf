package apikith

import (
	"net/http"
	"reflect"
	"slices"

	"kith/internal/domain/account"
	"kith/internal/edge/operation"
)

// The groups of operations.
const (
	groupSession      = "Who is signed in"
	groupApplications = "Applications"
	groupKeys         = "Access keys"
	groupImports      = "Imports"
	groupContacts     = "Contacts and lists"
	groupSegments     = "Segments"
	groupForms        = "Sign-up forms"
	groupTemplates    = "Mail templates"
	groupOutbox       = "Outbox"
	groupBounces      = "Bounces and complaints"
	groupRequests     = "Request log"
	groupUsers        = "Users"
	groupSettings     = "Settings"
	groupDomains      = "Sender domains"
)

var groups = []operation.Group{
	{Name: groupSession, Doc: "The user, the account and the server."},
	{Name: groupApplications, Doc: "Programs that may ask users for access. They belong to the signed-in user, whatever the role."},
	{Name: groupKeys, Doc: "Keys for scripts of one's own, which need no OAuth."},
	{Name: groupImports, Doc: "Files of contacts: what their columns become, and which rows could not be taken."},
	{Name: groupContacts, Doc: "Searching, and what happened to a contact."},
	{Name: groupSegments, Doc: "What segments are made with; segments themselves are v3's."},
	{Name: groupForms, Doc: "Pages by which people put themselves on lists."},
	{Name: groupTemplates, Doc: "What mails say, and how they introduce themselves."},
	{Name: groupOutbox, Doc: "The mails that the server wrote, and what became of them."},
	{Name: groupBounces, Doc: "Addresses that are not mailed, and how the server hears of mail that came back."},
	{Name: groupRequests, Doc: "What was asked of the APIs, and why it was refused."},
	{Name: groupUsers, Doc: "Who may act in the account."},
	{Name: groupSettings, Doc: "The account's own data."},
	{Name: groupDomains, Doc: "The domains that mail is sent from, the keys that it is signed with, and the records to publish."},
}

// ids are the names in paths that are not any text. An id of the wrong form is
// an id of nothing: 404.
var ids = map[string]operation.Kind{
	"activity_id":     operation.UID,
	"api_key_id":      operation.UID,
	"client_id":       operation.UID,
	"contact_id":      operation.UID,
	"custom_field_id": operation.UID,
	"email_id":        operation.Whole,
	"form_id":         operation.UID,
	"list_id":         operation.UID,
	"mail_id":         operation.Whole,
	"notice_key_id":   operation.Whole,
	"request_id":      operation.UID,
	"user_id":         operation.UID,
}

// table holds every operation.
func (a *API) table() []operation.Operation {
	return slices.Concat(
		a.sessionOperations(),
		a.applicationOperations(),
		a.keyOperations(),
		a.importOperations(),
		a.contactOperations(),
		a.fieldOperations(),
		a.bulkOperations(),
		a.exportOperations(),
		a.segmentOperations(),
		a.formOperations(),
		a.templateOperations(),
		a.brandOperations(),
		a.outboxOperations(),
		a.suppressionOperations(),
		a.noticeKeyOperations(),
		a.requestOperations(),
		a.userOperations(),
		a.settingsOperations(),
		a.optInOperations(),
		a.senderOperations(), a.domainOperations(),
	)
}

// may is a list of privileges.
func may(p ...account.Privilege) []account.Privilege { return p }

// ok and made are the answers of most operations, none is that of a write
// which answers nothing.
func ok[T any](doc string) []operation.Answer {
	return []operation.Answer{{Status: http.StatusOK, Doc: doc, Type: reflect.TypeFor[T]()}}
}

func made[T any](doc string) []operation.Answer {
	return []operation.Answer{{Status: http.StatusCreated, Doc: doc, Type: reflect.TypeFor[T]()}}
}

func none(doc string) []operation.Answer {
	return []operation.Answer{{Status: http.StatusNoContent, Doc: doc}}
}
