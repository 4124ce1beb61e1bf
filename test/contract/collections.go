package contract

// collection is what the guide says in section 8 of a paged collection.
type collection struct {
	path string
	// key of the data array, which comes first in the answer.
	key string
	// The limit where none is asked for, and its bounds; a maximum of 0 is
	// unknown.
	preset, least, most int
	// cursor is set where the next page is asked for by cursor; elsewhere the
	// parameters are the operation's own.
	cursor bool
}

var collections = []collection{
	{"/contacts", "contacts", 50, 1, 500, true},
	{"/contact_lists", "lists", 50, 1, 1000, true},
	{"/contact_tags", "tags", 50, 1, 500, true},
	{"/contact_custom_fields", "custom_fields", 50, 1, 100, true},
	{"/segments", "segments", 1000, 1, 1000, true},
	{"/activities", "activities", 50, 1, 500, true},
	{"/emails", "campaigns", 50, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/sends", "tracking_activities", 500, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/opens", "tracking_activities", 500, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/unique_opens", "tracking_activities", 500, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/didnotopens", "tracking_activities", 500, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/clicks", "tracking_activities", 500, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/forwards", "tracking_activities", 500, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/optouts", "tracking_activities", 500, 1, 500, true},
	{"/reports/email_reports/{campaign_activity_id}/tracking/bounces", "tracking_activities", 500, 1, 500, true},
	{"/reports/contact_reports/{contact_id}/activity_details", "tracking_activities", 100, 1, 100, true},
	{"/reports/summary_reports/email_campaign_summaries", "bulk_email_campaign_summaries", 50, 1, 500, true},
	{"/reports/summary_reports/sms_campaign_summaries", "bulk_sms_campaign_summaries", 50, 1, 50, true},
	{"/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_clicks", "tracking_activities", 50, 1, 500, true},
	{"/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_opens", "tracking_activities", 50, 1, 500, true},
	{"/reports/landing_pages/campaign_details/{campaign_activity_id}/p_contact_opens", "tracking_activities", 50, 1, 500, true},
	{"/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_updates", "tracking_activities", 50, 1, 500, true},
	{"/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_adds", "tracking_activities", 50, 1, 500, true},
	{"/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_sms_optins", "tracking_activities", 50, 1, 500, true},
	{"/events", "records", 100, 1, 100, false},
	{"/events/{event_id}/tracks/{track_id}/registrations", "records", 100, 1, 100, false},
	{"/social/hashtags/groups", "hashtag_groups", 5, 1, 5, false},
	{"/partner/accounts", "site_owner_list", 50, 10, 50, false},
}

// dataKey gives the key of the array that an operation's answer must begin
// with, or "" where the answer is no collection.
func dataKey(o *Operation) string {
	if o.Method != "GET" {
		return ""
	}
	for _, c := range collections {
		if c.path == o.Path {
			return c.key
		}
	}
	return ""
}
