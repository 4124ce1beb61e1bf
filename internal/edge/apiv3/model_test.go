package apiv3_test

import (
	"maps"
	"slices"
	"strings"
)

// The words of the contract that the model speaks in.
const (
	implicit, explicit, unsubscribed = "implicit", "explicit", "unsubscribed"
	notSet, pending, tempHold        = "not_set", "pending_confirmation", "temp_hold"
	byAccount, byContact             = "Account", "Contact"
)

// model is the contract in a few rules (v3-guide 4.2 to 4.5 and 4.11, and the
// rows of docs/divergences.md where it is silent), written down a second time
// and without looking at how Kith does it. A test does the same to it and to
// the server and compares the two.
type model struct {
	people []*person // as they were made
	lists  []*group
	tags   []*group
}

// group is a list or a tag.
type group struct {
	id, name string
	deleted  bool
}

type person struct {
	id, address, first string
	permission         string
	optOut             string // who unsubscribed the contact; empty for nobody
	deleted            bool
	lists, tags        set
}

// set holds ids.
type set map[string]bool

func setOf(ids ...string) set {
	s := set{}
	for _, id := range ids {
		s[id] = true
	}
	return s
}

func (s set) meets(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return s[id] })
}

func (s set) drop(ids []string) {
	for _, id := range ids {
		delete(s, id)
	}
}

func (s set) String() string { return strings.Join(slices.Sorted(maps.Keys(s)), " ") }

// written is a POST or a PUT of a contact.
type written struct {
	source, first string
	mail          *mail
	lists, tags   []string // nil: left out
}

type mail struct{ address, permission string }

func (p *person) active() bool {
	return !p.deleted && (p.permission == implicit || p.permission == explicit)
}

func (m *model) byAddress(address string) *person {
	for _, p := range m.people {
		if p.address != "" && strings.EqualFold(p.address, address) {
			return p
		}
	}
	return nil
}

// present are the groups that are not deleted.
func present(groups []*group) (out []*group) {
	for _, g := range groups {
		if !g.deleted {
			out = append(out, g)
		}
	}
	return out
}

func isThere(groups []*group, id string) bool {
	return slices.ContainsFunc(groups, func(g *group) bool { return g.id == id && !g.deleted })
}

// refusals are the statuses that a write may be refused with: none where it
// must succeed. p is nil for a new contact.
func (m *model) refusals(p *person, in written) (statuses []int) {
	refuse := func(status int, when bool) {
		if when {
			statuses = append(statuses, status)
		}
	}
	for _, id := range in.lists {
		refuse(400, !isThere(m.lists, id))
	}
	refuse(400, p == nil && in.first == "" && in.mail == nil)
	refuse(400, p != nil && p.deleted && (in.source != byAccount || len(in.lists) == 0))
	if in.mail == nil {
		return statuses
	}
	if in.mail.address == "" { // none is named, and there is none to keep
		return append(statuses, 400)
	}
	other := m.byAddress(in.mail.address)
	refuse(409, other != nil && other != p)
	optedOut := p != nil && p.optOut == byContact
	refuse(400, optedOut && !strings.EqualFold(in.mail.address, p.address))
	to := in.mail.permission
	if to == "" || p != nil && to == p.permission {
		return statuses
	}
	refuse(400, to == tempHold)                 // for the system alone
	refuse(400, to != unsubscribed && optedOut) // only the contact takes back their own word
	return statuses
}

// write does a POST or a PUT that is not refused.
func (m *model) write(p *person, in written) *person {
	if p == nil {
		p = &person{permission: notSet, lists: set{}, tags: set{}}
		if in.mail != nil {
			p.permission = ""
		}
		m.people = append(m.people, p)
	}
	p.back()
	p.first = in.first
	if in.lists != nil {
		p.lists = setOf(in.lists...)
	}
	if in.tags != nil {
		p.tags = setOf(in.tags...)
	}
	if in.mail == nil {
		return p
	}
	to := in.mail.permission
	if p.address == "" && to == "" {
		to = implicit
	}
	if !strings.EqualFold(p.address, in.mail.address) {
		p.address = in.mail.address
	}
	p.owner(to, in.source)
	return p
}

// back brings a deleted contact back; what they agreed to is as it was.
func (p *person) back() {
	if p.deleted && p.permission != unsubscribed && p.optOut == byAccount {
		p.optOut = ""
	}
	p.deleted = false
}

// owner sets a permission as the account may.
func (p *person) owner(to, source string) {
	switch to {
	case "", p.permission:
	case unsubscribed:
		p.permission = unsubscribed
		if p.optOut != byContact {
			p.optOut = source
		}
	default:
		p.permission, p.optOut = to, ""
	}
}

// remove is DELETE of a contact.
func (p *person) remove() {
	if p.optOut == "" && p.address != "" {
		p.optOut = byAccount
	}
	p.deleted, p.lists = true, set{}
}

// signUp is a sign-up with lists that are there. It tells whether the contact
// was added.
func (m *model) signUp(address, first string, lists []string) (p *person, added bool) {
	p = m.byAddress(address)
	if added = p == nil; added {
		p = &person{address: address, lists: set{}, tags: set{}}
		m.people = append(m.people, p)
	}
	p.deleted, p.permission, p.optOut = false, explicit, ""
	if first != "" {
		p.first = first
	}
	maps.Copy(p.lists, setOf(lists...))
	return p, added
}

// importRow is one row of an import onto lists.
func (m *model) importRow(address, first string, lists []string) {
	p := m.byAddress(address)
	switch {
	case p == nil:
		p = &person{address: address, permission: implicit, lists: set{}, tags: set{}}
		m.people = append(m.people, p)
	case p.deleted: // an error of the row
		return
	}
	if first != "" {
		p.first = first
	}
	if p.permission != unsubscribed {
		maps.Copy(p.lists, setOf(lists...))
	}
}

// source says which contacts bulk work concerns; one of its parts is set.
type source struct {
	contacts, lists, tags []string
	active                bool
	except                []string
}

func (m *model) selected(s source) (out []*person) {
	for _, p := range m.people {
		in := slices.Contains(s.contacts, p.id) ||
			!p.deleted && (p.lists.meets(s.lists) || p.tags.meets(s.tags)) || s.active && p.active()
		if in && !slices.Contains(s.except, p.id) {
			out = append(out, p)
		}
	}
	return out
}

// addToLists returns how many could not be added.
func (m *model) addToLists(s source, lists []string) (not int) {
	for _, p := range m.selected(s) {
		if p.permission == unsubscribed {
			not++
			continue
		}
		p.back()
		maps.Copy(p.lists, setOf(lists...))
	}
	return not
}

func (m *model) removeFromLists(s source, lists []string) {
	for _, p := range m.selected(s) {
		p.lists.drop(lists)
	}
}

func (m *model) tag(s source, tags []string) {
	for _, p := range m.selected(s) {
		if !p.deleted {
			maps.Copy(p.tags, setOf(tags...))
		}
	}
}

func (m *model) untag(s source, tags []string) {
	for _, p := range m.selected(s) {
		if !p.deleted {
			p.tags.drop(tags)
		}
	}
}

func (m *model) removeMany(s source) {
	for _, p := range m.selected(s) {
		if !p.deleted {
			p.remove()
		}
	}
}

// dropList is the deletion of a list, which its members survive.
func (m *model) dropList(l *group) {
	l.deleted = true
	for _, p := range m.people {
		delete(p.lists, l.id)
	}
}

// dropTag is the deletion of a tag.
func (m *model) dropTag(tag *group) {
	tag.deleted = true
	for _, p := range m.people {
		delete(p.tags, tag.id)
	}
}

// worn counts who wears a tag. Who is deleted keeps theirs.
func (m *model) worn(id string) (n int) {
	for _, p := range m.people {
		if p.tags[id] {
			n++
		}
	}
	return n
}

// resubscribed says how the wish to ask a contact whether they come back is
// answered.
func (p *person) resubscribed() (status int) {
	switch {
	case !p.deleted && p.permission == unsubscribed:
		return 200
	case !p.deleted && p.permission == pending:
		return 409
	}
	return 400
}

// resubscribe asks them. What they said themselves stands until they answer.
func (p *person) resubscribe(lists []string) {
	p.permission = pending
	if p.optOut == byAccount {
		p.optOut = ""
	}
	maps.Copy(p.lists, setOf(lists...))
}

// merged is the PUT that does what a PATCH of the contact asks for.
func (p *person) merged(in written, named bool) written {
	if !named {
		in.first = p.first
	}
	if in.mail != nil && in.mail.address == "" {
		in.mail = &mail{p.address, in.mail.permission}
	}
	return in
}

// counts are GET /contacts/counts.
func (m *model) counts() map[string]int {
	n := map[string]int{"total": 0, explicit: 0, implicit: 0, "pending": 0, unsubscribed: 0}
	for _, p := range m.people {
		if p.deleted {
			continue
		}
		n["total"]++
		switch p.permission {
		case pending, tempHold:
			n["pending"]++
		case notSet:
		default:
			n[p.permission]++
		}
	}
	return n
}

// members counts who is on a list.
func (m *model) members(id string, activeOnly bool) (n int) {
	for _, p := range m.people {
		if p.lists[id] && (!activeOnly || p.active()) {
			n++
		}
	}
	return n
}

// found are the contacts that a filter of GET /contacts shows, in the order of
// their making.
func (m *model) found(status, address string, lists, tags []string) (out []*person) {
	for _, p := range m.people {
		switch {
		case status == "" && p.deleted,
			status == "active" && !p.active(),
			status == "deleted" && !p.deleted,
			status != "" && status != "all" && status != "active" && status != "deleted" && (p.deleted || p.permission != status),
			address != "" && !strings.EqualFold(address, p.address),
			len(lists) > 0 && !p.lists.meets(lists),
			len(tags) > 0 && !p.tags.meets(tags):
		default:
			out = append(out, p)
		}
	}
	return out
}
