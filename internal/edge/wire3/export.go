package wire3

import (
	"kith/internal/domain/activity"
	"kith/internal/edge/respond"
)

// Export is an export that was begun (v3 contract, ActivityExportStatus).
type Export struct {
	_ struct{} `schema:"ActivityExportStatus" doc:"An export that was begun."`
	activityCore
	StartedAt   respond.Time `json:"started_at,omitzero" readonly:"true" doc:"When the work began."`
	CompletedAt respond.Time `json:"completed_at,omitzero" readonly:"true" doc:"When it ended."`
	Status      exportStatus `json:"status" doc:"Counts of what was done."`
	Links       exportLinks  `json:"_links" doc:"Where the activity is, and its file."`
}

type exportStatus struct {
	_         struct{} `schema:"ActivityExportCounts" doc:"Counts of an export."`
	Total     int64    `json:"items_total_count" readonly:"true" doc:"Contacts there are to export."`
	Completed int64    `json:"items_completed_count" readonly:"true" doc:"Contacts that are in the file."`
}

type exportLinks struct {
	_       struct{} `schema:"ActivityStatusExportLink" doc:"Where an activity is, and the file that it leaves."`
	Self    Link     `json:"self" doc:"The activity."`
	Results *Link    `json:"results,omitempty" doc:"The file of an export, there from the start; it can be had when the activity is completed."`
}

// ExportOf is an export as the call that begins it is answered.
func ExportOf(a activity.Activity) Export {
	return Export{
		activityCore: coreOf(a), StartedAt: respond.Time(a.StartedAt), CompletedAt: respond.Time(a.CompletedAt), Links: exportLinksOf(a),
		Status: exportStatus{Total: a.Total, Completed: a.Done},
	}
}

func exportLinksOf(a activity.Activity) exportLinks {
	links := exportLinks{Self: linksOf(a).Self}
	if a.Kind == activity.ContactExport {
		links.Results = &Link{Href: "/v3/contact_exports/" + a.UID.String()}
	}
	return links
}
