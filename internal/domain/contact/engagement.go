package contact

import "time"

// Engagement says how lately a contact took notice of what was sent to them,
// by opening a mail or clicking in one. Nobody to whom nothing was sent has a
// level.
type Engagement uint8

// The levels. Each contact has one at most.
const (
	NoEngagement     Engagement = 0
	HighEngagement   Engagement = 1 // within the last 30 days
	MediumEngagement Engagement = 2 // within the last 90 days, not the last 30
	LowEngagement    Engagement = 3 // not within the last 90 days, though something was sent
)

// How far back a reaction counts for the levels.
const (
	HighWithin   = 30 * 24 * time.Hour
	MediumWithin = 90 * 24 * time.Hour
)

// String returns the word of a level; empty for none.
func (e Engagement) String() string {
	switch e {
	case HighEngagement:
		return "high"
	case MediumEngagement:
		return "medium"
	case LowEngagement:
		return "low"
	case NoEngagement:
	}
	return ""
}

// ParseEngagement reads the word of a level. The contract gives
// examples of two families of words (v3 contract, engagement_level); both are
// taken.
func ParseEngagement(word string) (Engagement, bool) {
	switch word {
	case "high", "HIGH", "most", "MOST":
		return HighEngagement, true
	case "medium", "MEDIUM", "somewhat", "SOMEWHAT":
		return MediumEngagement, true
	case "low", "LOW", "least", "LEAST":
		return LowEngagement, true
	}
	return NoEngagement, false
}
