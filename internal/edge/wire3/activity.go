package wire3

import (
	"kith/internal/base/id"
	"kith/internal/domain/activity"
	"kith/internal/edge/respond"
)

// activityCore is what every form of an activity shows, but Generic.
type activityCore struct {
	activityState
	Errors []string `json:"activity_errors" doc:"The first faults that were met."`
}

// activityState is what every form of an activity shows.
type activityState struct {
	ID          id.UID       `json:"activity_id" readonly:"true" doc:"The activity's id."`
	State       string       `json:"state" enum:"initialized,processing,completed,cancelled,failed,timed_out" doc:"Where the work stands."`
	CreatedAt   respond.Time `json:"created_at" readonly:"true" doc:"When it was asked for."`
	UpdatedAt   respond.Time `json:"updated_at" readonly:"true" doc:"When this was last changed."`
	PercentDone int          `json:"percent_done" readonly:"true" min:"0" max:"100" doc:"How much is done; 100 when all is."`
}

// activityTimes is what is left out of the answer to a list's deletion.
type activityTimes struct {
	File        string       `json:"source_file_name,omitempty" readonly:"true" doc:"The name of the file that is imported."`
	StartedAt   respond.Time `json:"started_at,omitzero" readonly:"true" doc:"When the work began."`
	CompletedAt respond.Time `json:"completed_at,omitzero" readonly:"true" doc:"When it ended."`
}

// Activity is an activity (v3 contract, Activity).
type Activity struct {
	_ struct{} `schema:"Activity" doc:"A piece of bulk work."`
	activityCore
	activityTimes
	Status activityStatus `json:"status" doc:"Counts of what was done."`
	Links  exportLinks    `json:"_links" doc:"Where the activity is."`
}

type activityStatus struct {
	_ struct{} `schema:"ActivityStatus" doc:"Counts of what was done. Those that mean nothing for the kind of work are left out."`
	importCounts
	Completed int64 `json:"items_completed_count" readonly:"true" doc:"Items that are done."`
	Lists     int   `json:"list_count" readonly:"true" doc:"Lists that the work concerns."`
}

// importCounts are counts of an import.
type importCounts struct {
	Total       int64 `json:"items_total_count" readonly:"true" doc:"Items there are to do: rows of a file, members of a list. The answer that begins an import of a file counts its heading row too."`
	Persons     int64 `json:"person_count" readonly:"true" doc:"Rows that were taken, or members that were taken off."`
	Errors      int64 `json:"error_count" readonly:"true" doc:"Rows that were not taken and cannot be put right."`
	Correctable int64 `json:"correctable_count" readonly:"true" doc:"Rows that were not taken and would be if a value were put right."`
	CannotAdd   int64 `json:"cannot_add_to_list_count" readonly:"true" doc:"Rows about people who have unsubscribed, and so were put on no list."`
}

// Import is an import that was begun (v3 contract, ActivityImport).
type Import struct {
	_ struct{} `schema:"ActivityImport" doc:"An import that was begun."`
	activityCore
	activityTimes
	Status importStatus  `json:"status" doc:"Counts of what was done."`
	Links  activityLinks `json:"_links" doc:"Where the activity is."`
}

type importStatus struct {
	_ struct{} `schema:"ActivityImportStatus" doc:"Counts of what was done."`
	importCounts
}

// ListDeletion is a deletion of a list that was begun (v3 contract,
// ActivityDeleteListResponse).
type ListDeletion struct {
	_ struct{} `schema:"ActivityDeleteListResponse" doc:"A deletion of a list that was begun."`
	activityCore
	Links activityLinks `json:"_links" doc:"Where the activity is."`
}

// Memberships is bulk work on lists that was begun (v3 contract,
// ActivityListsMembership).
type Memberships struct {
	_ struct{} `schema:"ActivityListsMembership" doc:"Work that puts contacts on lists, or takes them off, and was begun."`
	activityCore
	workTimes
	Status listedStatus  `json:"status" doc:"Counts of what was done."`
	Links  activityLinks `json:"_links" doc:"Where the activity is."`
}

// ContactDeletion is a deletion of contacts that was begun (v3 contract,
// ActivityDeleteStatus).
type ContactDeletion struct {
	_ struct{} `schema:"ActivityDeleteStatus" doc:"A deletion of contacts that was begun."`
	activityCore
	workTimes
	Status listedStatus  `json:"status" doc:"Counts of what was done."`
	Links  activityLinks `json:"_links" doc:"Where the activity is."`
}

// Tagging is bulk work on tags that was begun (v3 contract, ActivityTagging).
type Tagging struct {
	_ struct{} `schema:"ActivityTagging" doc:"Work that puts tags on contacts, or takes them off, and was begun."`
	activityCore
	workTimes
	Status workStatus    `json:"status" doc:"Counts of what was done."`
	Links  activityLinks `json:"_links" doc:"Where the activity is."`
}

// workTimes are the times of work that reads no file.
type workTimes struct {
	StartedAt   respond.Time `json:"started_at,omitzero" readonly:"true" doc:"When the work began."`
	CompletedAt respond.Time `json:"completed_at,omitzero" readonly:"true" doc:"When it ended."`
}

type workCounts struct {
	Total     int64 `json:"items_total_count" readonly:"true" doc:"Contacts that are concerned."`
	Completed int64 `json:"items_completed_count" readonly:"true" doc:"Contacts that are done."`
}

type workStatus struct {
	_ struct{} `schema:"ActivityTaggingStatus" doc:"Counts of what was done."`
	workCounts
}

type listedStatus struct {
	_ struct{} `schema:"ActivityListedStatus" doc:"Counts of what was done."`
	workCounts
	Lists int `json:"list_count" readonly:"true" doc:"Lists that the call named."`
}

type activityLinks struct {
	_    struct{} `schema:"ActivityLinks" doc:"Where an activity is."`
	Self Link     `json:"self" doc:"The activity."`
}

// ActivityPage is a page of activities (v3 contract, Activities). The array is
// the first member: a client takes it by place.
type ActivityPage struct {
	_          struct{}   `schema:"Activities" doc:"A page of activities."`
	Activities []Activity `json:"activities" doc:"The activities, newest first."`
	Links      *Links     `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

// ActivityOf is an activity as it is answered.
func ActivityOf(a activity.Activity) Activity {
	return Activity{
		activityCore: coreOf(a), activityTimes: timesOf(a), Links: exportLinksOf(a),
		Status: activityStatus{importCounts: countsOf(a), Completed: a.Done, Lists: listsOf(a)},
	}
}

// ImportOf is an import as the call that begins it is answered.
func ImportOf(a activity.Activity) Import {
	w := Import{activityCore: coreOf(a), activityTimes: timesOf(a), Status: importStatus{importCounts: countsOf(a)}, Links: linksOf(a)}
	if a.Kind == activity.FileImport {
		w.Status.Total++ // the heading row counts here (v3 contract, ActivityImport.status)
	}
	return w
}

// ListDeletionOf is a deletion of a list as the call that begins it is answered.
func ListDeletionOf(a activity.Activity) ListDeletion {
	return ListDeletion{activityCore: coreOf(a), Links: linksOf(a)}
}

// MembershipsOf is work on lists as the call that begins it is answered.
func MembershipsOf(a activity.Activity) Memberships {
	return Memberships{activityCore: coreOf(a), workTimes: workTimesOf(a), Status: listedOf(a), Links: linksOf(a)}
}

// ContactDeletionOf is a deletion of contacts as the call that begins it is
// answered.
func ContactDeletionOf(a activity.Activity) ContactDeletion {
	return ContactDeletion{activityCore: coreOf(a), workTimes: workTimesOf(a), Status: listedOf(a), Links: linksOf(a)}
}

// TaggingOf is work on tags as the call that begins it is answered.
func TaggingOf(a activity.Activity) Tagging {
	return Tagging{activityCore: coreOf(a), workTimes: workTimesOf(a), Status: workStatus{workCounts: workCounts{a.Total, a.Done}}, Links: linksOf(a)}
}

func workTimesOf(a activity.Activity) workTimes {
	return workTimes{respond.Time(a.StartedAt), respond.Time(a.CompletedAt)}
}

func listedOf(a activity.Activity) listedStatus {
	return listedStatus{workCounts: workCounts{a.Total, a.Done}, Lists: listsOf(a)}
}

// listsOf is how many lists the call named: those that contacts come to or
// leave, or those whose members are deleted.
func listsOf(a activity.Activity) int {
	if a.Kind == activity.ContactDelete {
		return len(a.Input.Selection.Lists)
	}
	return len(a.Input.Lists)
}

func coreOf(a activity.Activity) activityCore {
	c := activityCore{activityState: stateOf(a), Errors: a.Texts}
	if c.Errors == nil {
		c.Errors = []string{}
	}
	return c
}

func stateOf(a activity.Activity) activityState {
	return activityState{
		ID: a.UID, State: string(a.State), CreatedAt: respond.Time(a.CreatedAt), UpdatedAt: respond.Time(a.UpdatedAt),
		PercentDone: a.Percent(),
	}
}

func timesOf(a activity.Activity) activityTimes {
	return activityTimes{File: a.File, StartedAt: respond.Time(a.StartedAt), CompletedAt: respond.Time(a.CompletedAt)}
}

func countsOf(a activity.Activity) importCounts {
	return importCounts{Total: a.Total, Persons: a.Persons, Errors: a.Errors, Correctable: a.Correctable, CannotAdd: a.CannotAdd}
}

func linksOf(a activity.Activity) activityLinks {
	return activityLinks{Self: Link{Href: "/v3/activities/" + a.UID.String()}}
}
