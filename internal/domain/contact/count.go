package contact

import (
	"slices"

	"kith/internal/base/change"
	"kith/internal/base/id"
)

// standing is all that kept counts know of a contact. The zero value is a
// contact that does not exist.
type standing struct {
	permission Permission
	deleted    bool
	active     bool
	lists      []id.List // in ascending order
	tags       []id.Tag  // likewise
}

func (c Contact) standing() standing {
	return standing{c.Email.Permission, c.Deleted(), c.Active(), numbers(c.Lists), numbers(c.Tags)}
}

// moves returns by how much each kept count moves when a contact goes from one
// standing to another. Counts that stay are left out.
func moves(was, is standing) (counts []change.Count) {
	move := func(t change.Tally, ref, amount int64) {
		if amount != 0 {
			counts = append(counts, change.Count{Tally: t, Ref: ref, Amount: amount})
		}
	}
	if was.present() != is.present() || was.permission != is.permission {
		if was.present() {
			move(change.Contacts, int64(was.permission), -1)
		}
		if is.present() {
			move(change.Contacts, int64(is.permission), 1)
		}
	}
	move(change.Deleted, 0, one(is.deleted)-one(was.deleted))
	for _, l := range union(was.lists, is.lists) {
		on, off := one(slices.Contains(is.lists, l)), one(slices.Contains(was.lists, l))
		move(change.Members, int64(l), on-off)
		move(change.ActiveMembers, int64(l), on*one(is.active)-off*one(was.active))
	}
	for _, t := range union(was.tags, is.tags) {
		move(change.Tagged, int64(t), one(slices.Contains(is.tags, t))-one(slices.Contains(was.tags, t)))
	}
	return counts
}

func (s standing) present() bool { return s.permission != NoPermission && !s.deleted }

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func union[N ~int64](a, b []N) []N {
	if len(a) == 0 {
		return b
	}
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
