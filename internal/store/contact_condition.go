package store

import (
	"slices"

	"kith/internal/domain/contact"
)

// condition is what is asked of contacts, as a tree whose leaves are answered
// by one index, or by the contacts' own rows. A finder answers it.
type condition interface {
	// exists says that nobody meets the condition who was never there.
	exists() bool
	// cost orders the parts of a group: the cheap ones are answered first, and
	// the others are asked of those only who are left.
	cost() int
}

type (
	// allOf is met by who meets every part, and anyOf by who meets one.
	allOf []condition
	anyOf []condition
	// except is met by everybody else.
	except struct{ of condition }
	// numbered is met by those who have one of these numbers.
	numbered []int64
	// having is met by those who have a row in a table, called x. The text is
	// what is asked of it beside account and contact.
	having struct {
		table string
		text  func(*contactQuery) string
	}
	// standingApart is met by those who are in one of the small indexes of
	// contacts: the index and what its rows have in common.
	standingApart struct{ index, where string }
	// ofRow is met by those of whose own row, called c, the text is true. It is
	// never NULL.
	ofRow func(*contactQuery) string
	// ofPlaces is ofRow where the text looks at number and places alone, which
	// PostgreSQL finds in an index.
	ofPlaces func(*contactQuery) string
)

var (
	everybody = allOf{}
	nobody    = anyOf{}
	// deleted are contacts that are kept for their history only.
	deleted = standingApart{"contact_deleted", "deleted_at <> 0"}
	// unmailable are contacts that may not be mailed.
	unmailable = standingApart{"contact_apart", "permission > 2"}
	// ever are all contacts, also deleted ones.
	ever = ofPlaces(func(*contactQuery) string { return "1 = 1" })
)

func (a allOf) exists() bool { return slices.ContainsFunc(a, condition.exists) }

func (a anyOf) exists() bool {
	return !slices.ContainsFunc(a, func(c condition) bool { return !c.exists() })
}

func (except) exists() bool        { return false }
func (numbered) exists() bool      { return false }
func (having) exists() bool        { return true }
func (standingApart) exists() bool { return true }
func (ofRow) exists() bool         { return true }
func (ofPlaces) exists() bool      { return true }

// What the parts of a group cost.
const (
	costNumber = iota
	costSmallIndex
	costIndex
	costPlaces
	costRow
)

func (a allOf) cost() int       { return dearest(a) }
func (a anyOf) cost() int       { return dearest(a) }
func (e except) cost() int      { return e.of.cost() }
func (numbered) cost() int      { return costNumber }
func (standingApart) cost() int { return costSmallIndex }
func (having) cost() int        { return costIndex }
func (ofPlaces) cost() int      { return costPlaces }
func (ofRow) cost() int         { return costRow }

func dearest(of []condition) int {
	most := costNumber
	for _, c := range of {
		most = max(most, c.cost())
	}
	return most
}

// byRow is a condition in SQL that the contacts' own rows answer.
func (q *contactQuery) byRow(c condition) string {
	switch c := c.(type) {
	case ofRow:
		return c(q)
	case ofPlaces:
		return c(q)
	case except:
		return not(q.byRow(c.of))
	case allOf:
		return joined(q.eachByRow(c), false)
	case anyOf:
		return joined(q.eachByRow(c), true)
	}
	return "1 = 0"
}

func (q *contactQuery) eachByRow(of []condition) []string {
	texts := make([]string, len(of))
	for i, c := range of {
		texts[i] = q.byRow(c)
	}
	return texts
}

// filtered are the conditions of a filter, but for its segment. Its references
// were replaced by numbers.
func filtered(f contact.Filter) allOf {
	var all allOf
	switch s := standing(f.Statuses); s {
	case contact.StatusAll:
	case contact.StatusPresent:
		all = append(all, except{deleted})
	case contact.StatusActive:
		all = append(all, except{deleted}, except{unmailable})
	default:
		all = append(all, ofRow(func(*contactQuery) string { return statusCondition(s) }))
	}
	if len(new(contactQuery).bounds(f)) > 0 {
		all = append(all, ofRow(func(q *contactQuery) string { return joined(q.bounds(f), false) }))
	}
	for _, c := range known(f) {
		all = append(all, ofRow(func(*contactQuery) string { return c }))
	}
	if f.SMS != 0 {
		all = append(all, smsStanding(f.SMS))
	}
	if len(f.Lists) > 0 {
		all = append(all, inGroups("membership", "list", refNumbers(f.Lists)))
	}
	if len(f.Tags) > 0 {
		all = append(all, inGroups("tagging", "tag", refNumbers(f.Tags)))
	}
	if f.Search != "" {
		all = append(all, ofRow(func(q *contactQuery) string { return q.byNamesOrAddress(f.Search) }))
	}
	return all
}

// inGroups is the condition that a contact belongs to one of some things in a
// table: is on one of some lists, or wears one of some tags.
func inGroups(table, thing string, numbers []int64) condition {
	if len(numbers) == 0 {
		return nobody
	}
	return having{table, func(q *contactQuery) string { return q.among("x."+thing, numbers) }}
}
