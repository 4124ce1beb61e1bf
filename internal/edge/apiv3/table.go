package apiv3

import (
	"slices"

	"kith/internal/domain/account"
	"kith/internal/edge/operation"
)

// The groups of operations, as the contract has them.
const (
	groupAccount        = "Account Services"
	groupActivities     = "Bulk Activities"
	groupEvents         = "Events"
	groupSocial         = "Social"
	groupSegments       = "Segments"
	groupContacts       = "Contacts"
	groupFields         = "Contacts Custom Fields"
	groupLists          = "Contact Lists"
	groupTags           = "Contact Tags"
	groupCampaigns      = "Email Campaigns"
	groupScheduling     = "Email Scheduling"
	groupAutomations    = "Automations"
	groupTests          = "Email Campaigns AB Tests"
	groupContactReports = "Contacts Reporting"
	groupEmailReports   = "Email Reporting"
	groupLandingReports = "Landing Pages Reporting"
	groupSMSReports     = "SMS Reporting"
	groupPartners       = "Technology Partners"
	groupPartnerHooks   = "Technology Partners Webhooks"
)

var groups = []operation.Group{
	{Name: groupAccount, Doc: "The account: its data, and the addresses it sends from."},
	{Name: groupActivities, Doc: "Work on many contacts at once, done in the background."},
	{Name: groupEvents, Doc: "Events and who registered for them."},
	{Name: groupSocial, Doc: "Posts to social networks."},
	{Name: groupSegments, Doc: "Groups of contacts that a condition defines."},
	{Name: groupContacts, Doc: "The people of the account."},
	{Name: groupFields, Doc: "Fields that the account adds to its contacts."},
	{Name: groupLists, Doc: "Lists that contacts are on."},
	{Name: groupTags, Doc: "Words put on contacts."},
	{Name: groupCampaigns, Doc: "Mails to many, and what they say."},
	{Name: groupScheduling, Doc: "When campaigns are sent."},
	{Name: groupAutomations, Doc: "Mail that follows from what a contact does."},
	{Name: groupTests, Doc: "Two subjects tried against each other."},
	{Name: groupContactReports, Doc: "What one contact did."},
	{Name: groupEmailReports, Doc: "What came of a campaign."},
	{Name: groupLandingReports, Doc: "What came of a landing page."},
	{Name: groupSMSReports, Doc: "What came of campaigns by short message."},
	{Name: groupPartners, Doc: "Accounts that a partner runs for its clients."},
	{Name: groupPartnerHooks, Doc: "Calls to a partner when a client account changes."},
}

// ids are the names in paths that are not any text. An id of the wrong form is
// an id of nothing: 404.
var ids = map[string]operation.Kind{
	"activity_id":          operation.UID,
	"campaign_activity_id": operation.UID,
	"campaign_id":          operation.UID,
	"contact_id":           operation.UID,
	"custom_field_id":      operation.UID,
	"file_export_id":       operation.UID,
	"list_id":              operation.UID,
	"segment_id":           operation.Whole,
	"tag_id":               operation.UID,
}

// table holds every operation of the contract.
func (a *API) table() []operation.Operation {
	return slices.Concat(
		a.accountOperations(),
		a.senderOperations(),
		a.contactOperations(), a.patchOperations(),
		a.listOperations(),
		a.activityOperations(), a.exportOperations(),
		a.bulkOperations(),
		a.tagOperations(),
		a.fieldOperations(),
		a.segmentOperations(),
		later(),
	)
}

// may is a list of privileges.
func may(p ...account.Privilege) []account.Privilege { return p }
