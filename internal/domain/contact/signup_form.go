package contact

import (
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
)

// Faults returns what is wrong with the form of what somebody filled in, before
// anything is looked up.
func Faults(ch Change, now time.Time) fault.Problems {
	ch.Source = opt.Some(SourceContact)
	_, found := check(ch, "", now, nil)
	return found
}
