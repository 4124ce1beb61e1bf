package contact

import (
	"context"
	"slices"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/id"
)

// Bulk work treats the lists that contacts are on and the tags that they wear
// alike. What is done with a batch of contacts stands here; each of these
// functions runs within the caller's unit of work and may be run again.

// Group is a list or a tag: exactly one of the two is set.
type Group struct {
	List id.List
	Tag  id.Tag
}

// Member is what bulk work knows of a contact.
type Member struct {
	ID         id.Contact
	Permission Permission
	Deleted    bool
}

// Active reports whether the contact may be mailed.
func (m Member) Active() bool { return !m.Deleted && m.Permission.Active() }

// Grouped are contacts that come to a group or leave it.
type Grouped struct {
	Group    Group
	Contacts []id.Contact // in the order of their numbers
}

// Regrouping is what a batch changes of groups. The store keeps it in one go.
type Regrouping struct {
	// Join has none that is in the group already, Leave none that is not.
	Join, Leave []Grouped
	// Touched are the contacts that change by it.
	Touched []id.Contact
	// Deleted are deleted, and leave all their lists.
	Deleted []id.Contact
	Changes []change.Row
	Counts  []change.Count
}

// GroupTx is what bulk work with groups asks of the store. Contacts are given
// and returned in the order of their numbers.
type GroupTx interface {
	Tx
	// HoldMembers returns those of the contacts that exist, also deleted ones;
	// other units that would change them wait until this one has ended.
	HoldMembers(ctx context.Context, account id.Account, contacts []id.Contact) ([]Member, error)
	// InGroup returns those of the contacts that are in a group.
	InGroup(ctx context.Context, account id.Account, g Group, contacts []id.Contact) ([]id.Contact, error)
	// Crowded returns in how many groups of g's kind those of the contacts
	// are that are in more than so many.
	Crowded(ctx context.Context, account id.Account, g Group, contacts []id.Contact, more int) (map[id.Contact]int, error)
	// Joinings returns the lists that the contacts are on, contact by
	// contact.
	Joinings(ctx context.Context, account id.Account, contacts []id.Contact) ([]Joining, error)
	Regroup(ctx context.Context, account id.Account, by change.Origin, r Regrouping) error
}

// Handled tells what became of a batch.
type Handled struct {
	// Unsubscribed are put on no list.
	Unsubscribed int64
	// Full have no room for all of the groups.
	Full []id.Contact
}

// Most is how many groups of its kind a contact may be in.
func (g Group) Most() int {
	if g.Tag != 0 {
		return MaxTags
	}
	return MaxLists
}

// JoinGroups puts contacts on lists, or tags on contacts (v3 contract, POST
// /activities/add_list_memberships and /activities/contacts_taggings_add): all
// groups are of one kind and exist. Nobody who has unsubscribed is put on a
// list. Deleted contacts are passed over, or come back where restore says so.
func JoinGroups(ctx context.Context, tx GroupTx, a id.Account, by change.Origin, groups []Group, contacts []id.Contact, restore bool) (Handled, error) {
	var done Handled
	if len(groups) == 0 {
		return done, nil
	}
	held, err := tx.HoldMembers(ctx, a, contacts)
	if err != nil {
		return done, err
	}
	may := make([]id.Contact, 0, len(held))
	active := make(map[id.Contact]bool, len(held))
	for _, m := range held {
		switch {
		case groups[0].List != 0 && m.Permission == Unsubscribed:
			done.Unsubscribed++
		case !m.Deleted:
			may = append(may, m.ID)
			active[m.ID] = m.Active()
		case restore:
			if err := bringBack(ctx, tx, a, by, groups, m.ID); err != nil {
				return done, err
			}
		}
	}
	crowd, err := tx.Crowded(ctx, a, groups[0], may, groups[0].Most()-len(groups))
	if err != nil {
		return done, err
	}
	var r regrouping
	for _, g := range groups {
		there, err := tx.InGroup(ctx, a, g, may)
		if err != nil {
			return done, err
		}
		join := without(may, there)
		if len(crowd) > 0 {
			join = slices.DeleteFunc(join, func(c id.Contact) bool {
				n, crowded := crowd[c]
				if crowded && n >= g.Most() {
					done.Full = append(done.Full, c)
					return true
				}
				if crowded {
					crowd[c]++
				}
				return false
			})
		}
		r.join(g, join, active)
	}
	slices.Sort(done.Full)
	done.Full = slices.Compact(done.Full)
	return done, r.write(ctx, tx, a, by)
}

// bringBack restores a deleted contact, which has not unsubscribed, to lists
// (v3-guide 4.3).
func bringBack(ctx context.Context, tx GroupTx, a id.Account, by change.Origin, groups []Group, number id.Contact) error {
	was, err := tx.HoldContact(ctx, a, id.Ref[id.Contact]{Number: number})
	if err != nil {
		return err
	}
	c := was
	c.DeletedAt, c.UpdatedAt, c.UpdateSource = time.Time{}, tx.Now(), SourceAccount
	if !c.Email.OptedOut() {
		c.Email.clearOptOut()
	}
	c.Lists = nil
	var lists []id.List
	for _, g := range groups {
		lists = append(lists, g.List)
		c.Lists = append(c.Lists, id.Ref[id.List]{Number: g.List})
	}
	return tx.WriteContact(ctx, a, by, Write{
		Contact: c, Join: lists,
		Changes: []change.Row{{Kind: change.ContactRestored, Ref: int64(c.ID), Detail: change.Detail{Lists: lists, Why: string(WhyRestored)}}},
		Counts:  moves(was.standing(), c.standing()),
	})
}

// LeaveGroups takes contacts off lists, or tags off contacts (v3 contract, POST
// /activities/remove_list_memberships and /activities/contacts_taggings_remove).
func LeaveGroups(ctx context.Context, tx GroupTx, a id.Account, by change.Origin, groups []Group, contacts []id.Contact) error {
	held, err := tx.HoldMembers(ctx, a, contacts)
	if err != nil {
		return err
	}
	may := make([]id.Contact, 0, len(held))
	active := make(map[id.Contact]bool, len(held))
	for _, m := range held {
		may = append(may, m.ID)
		active[m.ID] = m.Active()
	}
	var r regrouping
	for _, g := range groups {
		leave, err := tx.InGroup(ctx, a, g, may)
		if err != nil {
			return err
		}
		r.leave(g, leave, active)
	}
	return r.write(ctx, tx, a, by)
}

// DeleteMany deletes contacts, as DELETE /contacts/{contact_id} does one (v3
// contract, POST /activities/contact_delete). It returns how many there were;
// those that are deleted already are passed over.
func DeleteMany(ctx context.Context, tx GroupTx, a id.Account, by change.Origin, contacts []id.Contact) (int, error) {
	held, err := tx.HoldMembers(ctx, a, contacts)
	if err != nil {
		return 0, err
	}
	var r regrouping
	active := make(map[id.Contact]bool, len(held))
	for _, m := range held {
		if !m.Deleted {
			r.Deleted = append(r.Deleted, m.ID)
			active[m.ID] = m.Active()
			r.count(change.Contacts, int64(m.Permission), -1)
		}
	}
	if len(r.Deleted) == 0 {
		return 0, nil
	}
	r.count(change.Deleted, 0, int64(len(r.Deleted)))
	on, err := tx.Joinings(ctx, a, r.Deleted)
	if err != nil {
		return 0, err
	}
	r.tellDeleted(on, active)
	return len(r.Deleted), tx.Regroup(ctx, a, by, r.Regrouping)
}

// regrouping gathers what a batch changes.
type regrouping struct {
	Regrouping
}

func (r *regrouping) join(g Group, contacts []id.Contact, active map[id.Contact]bool) {
	if len(contacts) == 0 {
		return
	}
	r.Join = append(r.Join, Grouped{g, contacts})
	r.countGroup(g, contacts, active, 1)
	r.tell(g, contacts, change.MembershipAdded, change.TaggingAdded)
	for i := range r.Changes {
		if r.Changes[i].Kind == change.MembershipAdded {
			r.Changes[i].Detail.Why = string(WhyBulk)
		}
	}
}

func (r *regrouping) leave(g Group, contacts []id.Contact, active map[id.Contact]bool) {
	if len(contacts) == 0 {
		return
	}
	r.Leave = append(r.Leave, Grouped{g, contacts})
	r.countGroup(g, contacts, active, -1)
	r.tell(g, contacts, change.MembershipRemoved, change.TaggingRemoved)
}

// tell leaves a row for the batch. Groups that the same contacts come to or
// leave share one.
func (r *regrouping) tell(g Group, contacts []id.Contact, lists, tags change.Kind) {
	members := plain(contacts)
	row := change.Row{Kind: lists, Members: members, Detail: change.Detail{Lists: []id.List{g.List}}}
	if g.Tag != 0 {
		row = change.Row{Kind: tags, Members: members, Detail: change.Detail{Tags: []id.Tag{g.Tag}}}
	}
	for i := range r.Changes {
		if same := &r.Changes[i]; same.Kind == row.Kind && slices.Equal(same.Members, members) {
			same.Detail.Lists = append(same.Detail.Lists, row.Detail.Lists...)
			same.Detail.Tags = append(same.Detail.Tags, row.Detail.Tags...)
			return
		}
	}
	r.Changes = append(r.Changes, row)
	if len(r.Touched) == 0 {
		r.Touched = contacts
		return
	}
	r.Touched = slices.Concat(r.Touched, contacts)
	slices.Sort(r.Touched)
	r.Touched = slices.Compact(r.Touched)
}

// tellDeleted leaves a row for all deleted contacts that were on the same
// lists, and moves the counts of those.
func (r *regrouping) tellDeleted(on []Joining, active map[id.Contact]bool) {
	gone := map[string][]int64{} // by the lists
	lists := map[string][]id.List{}
	for _, c := range r.Deleted {
		var left []id.List
		for len(on) > 0 && on[0].Contact == c {
			left = append(left, on[0].List)
			r.count(change.Members, int64(on[0].List), -1)
			r.count(change.ActiveMembers, int64(on[0].List), -one(active[c]))
			on = on[1:]
		}
		key := listKey(left)
		gone[key], lists[key] = append(gone[key], int64(c)), left
	}
	for _, key := range sortedKeys(gone) {
		r.Changes = append(r.Changes, change.Row{
			Kind: change.ContactDeleted, Members: gone[key], Detail: change.Detail{Lists: lists[key]},
		})
	}
}

// countGroup moves the counts of a group by its contacts.
func (r *regrouping) countGroup(g Group, contacts []id.Contact, active map[id.Contact]bool, by int64) {
	if g.Tag != 0 {
		r.count(change.Tagged, int64(g.Tag), by*int64(len(contacts)))
		return
	}
	var n int64
	for _, c := range contacts {
		n += one(active[c])
	}
	r.count(change.Members, int64(g.List), by*int64(len(contacts)))
	r.count(change.ActiveMembers, int64(g.List), by*n)
}

func (r *regrouping) count(t change.Tally, ref, amount int64) {
	for i := range r.Counts {
		if c := &r.Counts[i]; c.Tally == t && c.Ref == ref {
			c.Amount += amount
			return
		}
	}
	r.Counts = append(r.Counts, change.Count{Tally: t, Ref: ref, Amount: amount})
}

func (r *regrouping) write(ctx context.Context, tx GroupTx, a id.Account, by change.Origin) error {
	if len(r.Join)+len(r.Leave) == 0 {
		return nil
	}
	return tx.Regroup(ctx, a, by, r.Regrouping)
}

// without returns those of all that are not among some. Both are in order; the
// result is the caller's own.
func without(all, some []id.Contact) []id.Contact {
	out := make([]id.Contact, 0, len(all)-len(some))
	for _, c := range all {
		if len(some) > 0 && some[0] == c {
			some = some[1:]
			continue
		}
		out = append(out, c)
	}
	return out
}
