package apiv3

import (
	"net/http"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
)

// later are the operations of the contract that are not built: they answer 501
// after everything that can be wrong with a call was looked at. When one is
// built, its row moves to the file of its resource.
func later() []operation.Operation {
	var all []operation.Operation
	for _, g := range []struct {
		group string
		rows  []operation.Operation
	}{
		{groupEvents, []operation.Operation{
			{Method: http.MethodGet, Path: "/events", ID: "findEvents", Summary: "Events", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead), Query: []operation.Parameter{operation.Limit(100, 1, 100)}},
			{Method: http.MethodPost, Path: "/events/default", ID: "addDefaultEvent", Summary: "Begin an event with defaults", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodGet, Path: "/events/{event_id}", ID: "getEvent_2", Summary: "One event", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodPatch, Path: "/events/{event_id}", ID: "patchEvent", Summary: "Change parts of an event", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodPost, Path: "/events/{event_id}/copy", ID: "copyEvent", Summary: "Copy an event", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodPost, Path: "/events/{event_id}/check_in/tickets", ID: "checkInTickets", Summary: "Check tickets in", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodPost, Path: "/events/{event_id}/undo_check_in/tickets", ID: "undoCheckInTickets", Summary: "Take back a check-in", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodGet, Path: "/events/{event_id}/tracks/{track_id}/registrations/{registration_id}", ID: "getRegistrationInfo", Summary: "One registration", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodGet, Path: "/events/{event_id}/tracks/{track_id}/registrations", ID: "findRegistrationsUsingGET", Summary: "Registrations for an event", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead), Query: []operation.Parameter{operation.Limit(100, 1, 100)}},
			{Method: http.MethodPut, Path: "/events/{event_id}/tracks/{track_id}/registrations", ID: "updateRegistrationStatusUsingPUT", Summary: "Set the state of registrations", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodPut, Path: "/events/{event_id}/tracks/{track_id}/registrations/payment_status", ID: "updateRegistrationPaymentStatusUsingPUT", Summary: "Set the payment state of registrations", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
		}},
		{groupSocial, []operation.Operation{
			{Method: http.MethodGet, Path: "/social/profiles", ID: "getSocialProfilesUsingGET", Summary: "Social profiles of the account", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodGet, Path: "/social/connections", ID: "getSocialConnectionsUsingGET", Summary: "Social networks that are connected", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodGet, Path: "/social/hashtags/groups", ID: "getSocialHashtagGroupsUsingGET", Summary: "Groups of hashtags", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead), Query: []operation.Parameter{operation.Limit(5, 1, 5)}},
			{Method: http.MethodPost, Path: "/social/posts", ID: "createSocialPostUsingPOST", Summary: "Write a social post", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
		}},
		{groupCampaigns, []operation.Operation{
			{Method: http.MethodGet, Path: "/emails", ID: "retrieveEmailCampaignsUsingGET", Summary: "Email campaigns", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead), Query: operation.Page(50, 500)},
			{Method: http.MethodPost, Path: "/emails", ID: "createEmailCampaignUsingPOST", Summary: "Make an email campaign", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodGet, Path: "/emails/{campaign_id}", ID: "retrieveEmailCampaignUsingGET", Summary: "One email campaign", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodDelete, Path: "/emails/{campaign_id}", ID: "removeEmailCampaignUsingDELETE", Summary: "Remove an email campaign", Scope: oauth.CampaignData, Privileges: may(account.CampaignDelete)},
			{Method: http.MethodPatch, Path: "/emails/{campaign_id}", ID: "renameEmailCampaignUsingPATCH", Summary: "Rename an email campaign", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodGet, Path: "/emails/campaign_id_xrefs", ID: "retrieveXrefMappingsUsingGET", Summary: "Campaign ids for the numbers of version 2", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodGet, Path: "/emails/activities/{campaign_activity_id}", ID: "retrieveEmailCampaignActivityUsingGET", Summary: "One campaign activity", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodPut, Path: "/emails/activities/{campaign_activity_id}", ID: "updateEmailCampaignActivityUsingPUT", Summary: "Replace a campaign activity", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodGet, Path: "/emails/activities/{campaign_activity_id}/non_opener_resends", ID: "retrieveResendToNonOpenersUsingGET", Summary: "Whether it is sent again to who did not open it", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodPost, Path: "/emails/activities/{campaign_activity_id}/non_opener_resends", ID: "createResendToNonOpenersUsingPOST", Summary: "Send again to who did not open it", Scope: oauth.CampaignData, Privileges: may(account.CampaignSend)},
			{Method: http.MethodDelete, Path: "/emails/activities/{campaign_activity_id}/non_opener_resends/{resend_request_id}", ID: "deleteResendToNonOpenersUsingDELETE", Summary: "Do not send again", Scope: oauth.CampaignData, Privileges: may(account.CampaignSend)},
		}},
		{groupScheduling, []operation.Operation{
			{Method: http.MethodGet, Path: "/emails/activities/{campaign_activity_id}/schedules", ID: "retrieveEmailSchedulesUsingGET", Summary: "When a campaign activity is to be sent", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodPost, Path: "/emails/activities/{campaign_activity_id}/schedules", ID: "scheduleEmailCampaignActivityUsingPOST", Summary: "Schedule a campaign activity", Scope: oauth.CampaignData, Privileges: may(account.CampaignSend)},
			{Method: http.MethodDelete, Path: "/emails/activities/{campaign_activity_id}/schedules", ID: "unscheduleEmailCampaignActivityUsingDELETE", Summary: "Take a campaign activity off the schedule", Scope: oauth.CampaignData, Privileges: may(account.CampaignSend)},
			{Method: http.MethodPost, Path: "/emails/activities/{campaign_activity_id}/tests", ID: "testSendCampaignActivityUsingPOST", Summary: "Send a test", Scope: oauth.CampaignData, Privileges: may(account.CampaignSend)},
			{Method: http.MethodGet, Path: "/emails/activities/{campaign_activity_id}/previews", ID: "retrieveEmailCampaignActivityPreviewUsingGET", Summary: "How a campaign activity will look", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodGet, Path: "/emails/activities/{campaign_activity_id}/send_history", ID: "retrieveEmailSendHistoryUsingGET", Summary: "When a campaign activity was sent", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
		}},
		{groupAutomations, []operation.Operation{
			{Method: http.MethodGet, Path: "/automations/workflows", ID: "listAutomations", Summary: "Automations", Scope: oauth.CampaignData, Privileges: may(account.JourneyRead)},
			{Method: http.MethodPost, Path: "/automations/workflows", ID: "createAutomationCampaignUsingPost", Summary: "Make an automation", Scope: oauth.CampaignData, Privileges: may(account.JourneyCreate)},
			{Method: http.MethodGet, Path: "/automations/workflows/{automation_flow_id}", ID: "retrieveAutomationCampaignUsingGet", Summary: "One automation", Scope: oauth.CampaignData, Privileges: may(account.JourneyRead)},
			{Method: http.MethodPut, Path: "/automations/workflows/{automation_flow_id}", ID: "updateAutomationCampaignUsingPut", Summary: "Replace an automation", Scope: oauth.CampaignData, Privileges: may(account.JourneyUpdate)},
		}},
		{groupTests, []operation.Operation{
			{Method: http.MethodGet, Path: "/emails/activities/{campaign_activity_id}/abtest", ID: "retrieveEmailCampaignABTestUsingGET", Summary: "The A/B test of a campaign activity", Scope: oauth.CampaignData, Privileges: may(account.CampaignRead)},
			{Method: http.MethodPost, Path: "/emails/activities/{campaign_activity_id}/abtest", ID: "createEmailCampaignABTestUsingPOST", Summary: "Give a campaign activity an A/B test", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
			{Method: http.MethodDelete, Path: "/emails/activities/{campaign_activity_id}/abtest", ID: "deleteEmailCampaignABTestUsingDELETE", Summary: "Drop an A/B test", Scope: oauth.CampaignData, Privileges: may(account.CampaignWrite)},
		}},
		{groupContactReports, []operation.Operation{
			{Method: http.MethodGet, Path: "/reports/contact_reports/{contact_id}/activity_details", ID: "getContactTracking", Summary: "What a contact did with the mail they got", Scope: oauth.ContactData, Privileges: may(account.CampaignMetrics), Query: operation.Page(100, 100)},
			{Method: http.MethodGet, Path: "/reports/contact_reports/{contact_id}/open_and_click_rates", ID: "getContactOpenClickRate", Summary: "How often a contact opens and clicks", Scope: oauth.ContactData, Privileges: may(account.CampaignMetrics)},
			{Method: http.MethodGet, Path: "/reports/contact_reports/{contact_id}/activity_summary", ID: "getContactTrackingCount", Summary: "What a contact did, by campaign", Scope: oauth.ContactData, Privileges: may(account.CampaignMetrics)},
		}},
		{groupEmailReports, []operation.Operation{
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/links", ID: "getCampaignActivityLinkStats", Summary: "Clicks by link", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/sends", ID: "getSends", Summary: "Who was sent it", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/opens", ID: "getOpens", Summary: "Every opening", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/unique_opens", ID: "getUniqueOpens", Summary: "Who opened it", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/didnotopens", ID: "getDidNotOpens", Summary: "Who did not open it", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/clicks", ID: "getClicks", Summary: "Who clicked", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/forwards", ID: "getForwards", Summary: "Who forwarded it", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/optouts", ID: "getOptouts", Summary: "Who opted out by it", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/email_reports/{campaign_activity_id}/tracking/bounces", ID: "getBounces", Summary: "Whom it did not reach", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(500, 500)},
			{Method: http.MethodGet, Path: "/reports/summary_reports/email_campaign_summaries", ID: "getAllBulkEmailCampaignSummaries", Summary: "Sums of every sent campaign", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 500)},
			{Method: http.MethodGet, Path: "/reports/stats/email_campaigns/{campaign_ids}", ID: "getEmailSummary", Summary: "Sums of given campaigns", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics)},
			{Method: http.MethodGet, Path: "/reports/stats/email_campaign_activities/{campaign_activity_ids}", ID: "getEmailCampaignActivitySummary", Summary: "Sums of given campaign activities", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics)},
		}},
		{groupLandingReports, []operation.Operation{
			{Method: http.MethodGet, Path: "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_clicks", ID: "getUniqueContactClicks", Summary: "Contacts who clicked on a landing page", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 500)},
			{Method: http.MethodGet, Path: "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_opens", ID: "getUniqueContactOpens", Summary: "Contacts who opened a landing page", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 500)},
			{Method: http.MethodGet, Path: "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_contact_opens", ID: "getContactOpens", Summary: "Every opening of a landing page by a contact", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 500)},
			{Method: http.MethodGet, Path: "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_updates", ID: "getUniqueContactUpdates", Summary: "Contacts whom a landing page updated", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 500)},
			{Method: http.MethodGet, Path: "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_adds", ID: "getContactAdds", Summary: "Contacts whom a landing page added", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 500)},
			{Method: http.MethodGet, Path: "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_sms_optins", ID: "getUniqueContactSMSOptIns", Summary: "Contacts who agreed to short messages on a landing page", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 500)},
		}},
		{groupSMSReports, []operation.Operation{
			{Method: http.MethodGet, Path: "/reports/summary_reports/sms_campaign_summaries", ID: "getAllBulkSmsCampaignSummaries", Summary: "Sums of campaigns by short message", Scope: oauth.CampaignData, Privileges: may(account.CampaignMetrics), Query: operation.Page(50, 50)},
		}},
		{groupPartners, []operation.Operation{
			{Method: http.MethodGet, Path: "/partner/accounts", ID: "getPartnerSiteOwners", Summary: "Client accounts of the partner", Query: []operation.Parameter{operation.Limit(50, 10, 50)}},
			{Method: http.MethodPost, Path: "/partner/accounts", ID: "provision", Summary: "Make a client account"},
			{Method: http.MethodGet, Path: "/partner/accounts/{encoded_account_id}/plan", ID: "getPlan", Summary: "A client account's plan"},
			{Method: http.MethodPut, Path: "/partner/accounts/{encoded_account_id}/plan", ID: "setPlan", Summary: "Change a client account's plan"},
			{Method: http.MethodPut, Path: "/partner/accounts/{encoded_account_id}/status/cancel", ID: "cancelAccount", Summary: "Cancel a client account"},
			{Method: http.MethodPost, Path: "/partner/accounts/{encoded_account_id}/account_operations/sync", ID: "partnerAccountOperationsPostSync", Summary: "Change several things of a client account"},
			{Method: http.MethodPost, Path: "/partner/accounts/{encoded_account_id}/users/sso", ID: "createSSOUser", Summary: "Make a user who signs in through the partner"},
			{Method: http.MethodPost, Path: "/partner/accounts/{encoded_account_id}/contacts/unsubscribe", ID: "partnerUnsubscribeContacts", Summary: "Unsubscribe addresses in a client account"},
		}},
		{groupPartnerHooks, []operation.Operation{
			{Method: http.MethodGet, Path: "/partner/webhooks/subscriptions", ID: "getWebhooksCollection", Summary: "Webhooks of the partner"},
			{Method: http.MethodGet, Path: "/partner/webhooks/subscriptions/{topic_id}", ID: "getWebhooksTopic", Summary: "The webhook of a topic"},
			{Method: http.MethodPut, Path: "/partner/webhooks/subscriptions/{topic_id}", ID: "putWebhooksTopic", Summary: "Set the webhook of a topic"},
			{Method: http.MethodDelete, Path: "/partner/webhooks/subscriptions/{topic_id}", ID: "deleteWebhooksSubscriptions", Summary: "Drop the webhook of a topic"},
			{Method: http.MethodPost, Path: "/partner/webhooks/subscriptions/{topic_id}/tests", ID: "testSendWebhooksTopic", Summary: "Send a test to the webhook of a topic"},
		}},
	} {
		for _, o := range g.rows {
			o.Group = g.group
			all = append(all, o)
		}
	}
	return all
}
