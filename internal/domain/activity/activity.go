// Package activity holds bulk work as its owner sees it: what was asked for,
// how far it has come, and what could not be done. The rules of what is worked
// on stand in the packages above (contact, list); who works when is left to
// package jobs.
package activity

import (
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// Wake is the kind of work for which the store's bell is rung.
const Wake = "activity"

// Limits.
const (
	// MaxOpen is how many activities of an account may wait or run at a time
	// (v3-guide 4.11).
	MaxOpen = 1000
	// MaxLists is how many lists one import puts contacts on (v3 contract,
	// contacts_file_import, list_ids).
	MaxLists = 50
	// MaxTexts is how many problems an activity tells itself; all of them
	// stand in its rejected rows.
	MaxTexts = 100
	// maxValue bounds how much of a value is kept with a problem, in
	// characters.
	maxValue = 200
)

// Faults of activities.
var (
	// ErrQueueFull is one activity too many.
	ErrQueueFull = fault.New(fault.TooMany, fault.CodeQueueFull,
		"You exceeded 1,000 queued activities for this user account.").After(time.Minute)
	// ErrEnded is an attempt to stop what has ended.
	ErrEnded = fault.New(fault.Conflict, fault.CodeConflict, "The activity has ended.")
	// ErrImporting is a second import of an upload, which goes with the first.
	ErrImporting = fault.New(fault.Conflict, fault.CodeConflict, "This file is being imported already.")
)

// State is where an activity stands. Its text is stored, and is the v3
// contract's.
//
//	initialized ──► processing ──► completed
//	     │              ├────────► failed       the work cannot be done
//	     └──────────────┴────────► cancelled    its owner has stopped it
//
// An activity that has ended never changes again.
type State string

// The states.
const (
	Initialized State = "initialized"
	Processing  State = "processing"
	Completed   State = "completed"
	Failed      State = "failed"
	Cancelled   State = "cancelled"
	// TimedOut is a word of the contract; nothing here ends so.
	TimedOut State = "timed_out"
)

// Ended reports whether the state is a last one.
func (s State) Ended() bool { return s != Initialized && s != Processing }

// Activity is a piece of bulk work.
type Activity struct {
	ID    id.Activity
	UID   id.UID
	Kind  Kind
	State State
	// File is the name of the upload that an import reads.
	File  string
	Input Input
	// Upload is the file that an import reads or an export writes; 0 where
	// there is none.
	Upload id.Blob
	// Position is where the next batch begins.
	Position Position
	Progress
	// By is who asked for it. What the activity changes tells of its owner.
	By change.Origin
	// CancelAt is when its owner asked to stop it; CompletedAt when it ended.
	CancelAt, CreatedAt, StartedAt, UpdatedAt, CompletedAt time.Time
}

// Input is what was asked for. Which parts are set depends on the kind.
type Input struct {
	// Columns are the names of an import's columns, in the order of the file,
	// or the columns that an export was asked for.
	Columns []string
	// Selection says which contacts are meant.
	Selection contact.Selection
	// Lists are those that contacts are put on or taken off, or that are
	// deleted; Tags and Fields likewise. Of an import, Fields are those that
	// its columns mean, in their order.
	Lists  []id.Ref[id.List]
	Tags   []id.Ref[id.Tag]
	Fields []id.Ref[id.Field]
	// SMSConsent is that of an Import.
	SMSConsent bool
}

// Progress is what an activity has done.
type Progress struct {
	// Total and Done count items: rows of an import, members of a list.
	Total, Done int64
	// Persons counts rows that were taken.
	Persons int64
	// Errors and Correctable count rows that were not; the latter would be if
	// a value were put right (v3 contract, ActivityImport.status).
	Errors, Correctable int64
	// CannotAdd counts rows about people who have unsubscribed, and so were
	// put on no list.
	CannotAdd int64
	// Texts tell the first problems.
	Texts []string
}

// Percent is how much is done: 100 when all is, and only then.
func (a Activity) Percent() int {
	switch {
	case a.State == Completed:
		return 100
	case a.State == Initialized || a.Total == 0:
		return 0
	}
	return int(min(max(a.Done*100/a.Total, 1), 99))
}

// tell adds a text, as long as there is room. The last one says that there is
// more to be found elsewhere.
func (p *Progress) tell(text string) {
	switch n := len(p.Texts); {
	case n < MaxTexts-1:
		p.Texts = append(p.Texts, text)
	case n == MaxTexts-1:
		p.Texts = append(p.Texts, "There are more; all of them stand in the rejected rows.")
	}
}

// Reject is a problem of a row of an import.
type Reject struct {
	Line int64
	// Ordinal counts the problems of a line.
	Ordinal int
	// Column is the heading of the value, empty where the row as a whole is
	// meant.
	Column string
	Value  string
	Reason string
}
