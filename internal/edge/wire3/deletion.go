package wire3

import "kith/internal/domain/activity"

// Generic is a deletion of a tag that was begun (v3 contract,
// ActivityGeneric). Its errors are objects, as those of no other form.
type Generic struct {
	_ struct{} `schema:"ActivityGeneric" doc:"A deletion of a tag that was begun."`
	activityState
	Errors []GenericError `json:"activity_errors" readonly:"true" doc:"The first faults that were met."`
	Status genericStatus  `json:"status" doc:"Counts of what was done."`
	Links  activityLinks  `json:"_links" doc:"Where the activity is."`
}

// GenericError is v3 contract, ActivityErrors.
type GenericError struct {
	_       struct{} `schema:"ActivityErrors" doc:"A fault."`
	Message string   `json:"message" readonly:"true" doc:"What is wrong."`
}

type genericStatus struct {
	_ struct{} `schema:"ActivityGenericStatus" doc:"Counts of what was done."`
	workCounts
}

// ListsDeletion is a deletion of several lists that was begun (v3 contract,
// ActivityDeleteListsResponse).
type ListsDeletion struct {
	_ struct{} `schema:"ActivityDeleteListsResponse" doc:"A deletion of lists that was begun."`
	activityCore
	workTimes
	Status listsStatus   `json:"status" doc:"Counts of what was done."`
	Links  activityLinks `json:"_links" doc:"Where the activity is."`
}

type listsStatus struct {
	_     struct{} `schema:"ActivityDeleteListsStatus" doc:"Counts of what was done."`
	Lists int      `json:"list_count" readonly:"true" doc:"Lists that are deleted."`
}

// ListsDeletionOf is a deletion of lists as the call that begins it is
// answered.
func ListsDeletionOf(a activity.Activity) ListsDeletion {
	return ListsDeletion{activityCore: coreOf(a), workTimes: workTimesOf(a), Status: listsStatus{Lists: listsOf(a)}, Links: linksOf(a)}
}

// FieldDeletion is a deletion of custom fields that was begun (v3 contract,
// ActivityDeleteCustomFields).
type FieldDeletion struct {
	_ struct{} `schema:"ActivityDeleteCustomFields" doc:"A deletion of custom fields that was begun."`
	activityCore
	workTimes
	Links activityLinks `json:"_links" doc:"Where the activity is."`
}

// GenericOf is a deletion of a tag as the call that begins it is answered.
func GenericOf(a activity.Activity) Generic {
	g := Generic{activityState: stateOf(a), Errors: []GenericError{}, Status: genericStatus{workCounts: workCounts{a.Total, a.Done}}, Links: linksOf(a)}
	for _, text := range a.Texts {
		g.Errors = append(g.Errors, GenericError{Message: text})
	}
	return g
}

// FieldDeletionOf is a deletion of custom fields as the call that begins it is
// answered.
func FieldDeletionOf(a activity.Activity) FieldDeletion {
	return FieldDeletion{activityCore: coreOf(a), workTimes: workTimesOf(a), Links: linksOf(a)}
}
