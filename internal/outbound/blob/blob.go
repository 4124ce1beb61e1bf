// Package blob keeps uploads and made files: as files of a folder where one
// process has the data, as rows of the database where several share it. What
// is in them, and which are still needed, is left to the domain.
package blob

import (
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/activity"
)

// Faults of both stores.
var (
	// ErrNone is a blob that is not there.
	ErrNone = fault.ErrNotFound.Saying("The file is no longer kept.")
	// ErrGap is an append behind the end of what is there: a fault of the
	// program, or the last writes of a machine that lost power.
	ErrGap = activity.ErrGap
)

// Name is what a blob is known by.
type Name struct {
	Account id.Account
	Number  id.Blob
}
