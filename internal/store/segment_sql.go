package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/date"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
)

// knownCriteria are criteria whose ids were looked up. What does not exist is
// missing from the maps, and is nobody's.
type knownCriteria struct {
	segment.Criteria
	lists, tags, mailings map[id.UID]int64
	fields                map[id.UID]contact.Field
	// last are the newest mailings, as many as the rules need.
	last []int64
	// now is the moment from which rules look back.
	now time.Time
}

// knowCriteria looks up what criteria name.
func (tx *Tx) knowCriteria(ctx context.Context, account id.Account, c segment.Criteria) (*knownCriteria, error) {
	var (
		lists, tags, mailings []id.UID
		newest                int
	)
	for _, r := range c.Rules() {
		switch r.Field {
		case segment.ListMembership:
			lists = append(lists, r.IDs...)
		case segment.TagID:
			tags = append(tags, r.IDs...)
		default: // of mails only
			mailings = append(mailings, r.IDs...)
			if r.Const == segment.LastCampaigns {
				newest = max(newest, r.N)
			}
		}
	}
	k := &knownCriteria{Criteria: c, now: tx.now}
	var err error
	if k.lists, err = numbersByName[id.List](ctx, tx, "contact_list", account, lists, " AND deleted_at = 0"); err != nil {
		return nil, err
	}
	if k.tags, err = numbersByName[id.Tag](ctx, tx, "tag", account, tags, ""); err != nil {
		return nil, err
	}
	if k.mailings, err = numbersByName[int64](ctx, tx, "mailing", account, mailings, ""); err != nil {
		return nil, err
	}
	if newest > 0 {
		if k.last, err = tx.lastMailings(ctx, account, newest); err != nil {
			return nil, err
		}
	}
	k.fields, err = segment.Fields(ctx, tx, account, c)
	return k, err
}

func numbersByName[N ~int64](ctx context.Context, tx *Tx, table string, account id.Account, names []id.UID, where string) (map[id.UID]int64, error) {
	if len(names) == 0 {
		return nil, nil
	}
	refs := make([]id.Ref[N], len(names))
	for i, name := range names {
		refs[i].UID = name
	}
	found, err := named(ctx, tx, table, account, refs, where, "")
	if err != nil {
		return nil, err
	}
	by := make(map[id.UID]int64, len(found))
	for _, r := range found {
		by[r.UID] = int64(r.Number)
	}
	return by, nil
}

// condition is that a contact meets the criteria. Whoever was deleted meets
// none.
func (k *knownCriteria) condition() condition { return allOf{k.group(k.Root), except{deleted}} }

func (k *knownCriteria) group(g segment.Group) condition {
	parts := make([]condition, len(g.Nodes))
	for i, n := range g.Nodes {
		switch n := n.(type) {
		case segment.Group:
			parts[i] = k.group(n)
		case segment.Rule:
			parts[i] = k.rule(n)
		}
	}
	if g.Any {
		return anyOf(parts)
	}
	return allOf(parts)
}

// joined puts conditions together: any of them, or all.
func joined(parts []string, any bool) string {
	switch {
	case len(parts) == 1:
		return parts[0]
	case len(parts) == 0 && any:
		return "1 = 0"
	case len(parts) == 0:
		return "1 = 1"
	case any:
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

func not(condition string) string { return "NOT (" + condition + ")" }

func (k *knownCriteria) rule(r segment.Rule) condition {
	switch r.Field {
	case segment.Sent, segment.NotSent, segment.Opened, segment.NotOpened, segment.Clicked, segment.NotClicked,
		segment.Bounced, segment.Forwarded, segment.OptedOut:
		return k.mails(r)
	case segment.ListMembership:
		return belongs("membership", "list", r, k.lists)
	case segment.TagID:
		return belongs("tagging", "tag", r, k.tags)
	case segment.CustomField:
		return k.custom(r)
	case segment.SMSPermission:
		return smsPermission(r)
	case segment.EngagementLevel:
		var levels anyOf
		for _, w := range r.Words {
			levels = append(levels, engagement(contact.Engagement(w), k.now))
		}
		return negated(r.Op, levels)
	}
	if placed(r) {
		return ofPlaces(func(q *contactQuery) string { return q.place(r) })
	}
	return ofRow(func(q *contactQuery) string { return q.own(r) })
}

// own is the condition of a rule about a column of the contact's own.
func (q *contactQuery) own(r segment.Rule) string {
	switch r.Field {
	case segment.CreatedAt:
		return q.instant("c.created_at", r)
	case segment.UpdatedAt:
		return q.instant("c.updated_at", r)
	case segment.OptInDate:
		return q.instant("c.opt_in_at", r)
	case segment.Anniversary:
		return q.dayNumber("c.anniversary", r)
	case segment.Birthday:
		return q.yearly("c.birthday", "c.birthday <> 0", r)
	case segment.BirthdayMonth:
		return q.yearly("c.birthday / 100", "c.birthday <> 0", r)
	case segment.BirthdayDay:
		return q.yearly("c.birthday % 100", "c.birthday <> 0", r)
	case segment.PermissionToSend:
		return q.words("c.permission", r)
	case segment.OptInSource:
		return q.words("c.opt_in_source", r)
	case segment.CreateSource:
		return q.words("c.create_source", r)
	}
	return q.text(r)
}

// turned reports whether an operator takes those whom it does not name.
func turned(op segment.Op) bool {
	switch op {
	case segment.NotEquals, segment.NotContains, segment.NotIn, segment.NotContainsAny:
		return true
	}
	return false
}

// negated turns a condition round where the operator says not.
func negated(op segment.Op, c condition) condition {
	if turned(op) {
		return except{c}
	}
	return c
}

// negatedText is negated for what stands in SQL.
func negatedText(op segment.Op, text string) string {
	if turned(op) {
		return not(text)
	}
	return text
}

// belongs is the condition of a rule about lists or tags.
func belongs(table, thing string, r segment.Rule, known map[id.UID]int64) condition {
	numbers := numbersAmong(r.IDs, known)
	if r.Op == segment.ContainsAll {
		if len(numbers) < len(r.IDs) {
			return nobody
		}
		var each allOf
		for _, n := range numbers {
			each = append(each, inGroups(table, thing, []int64{n}))
		}
		return each
	}
	return negated(r.Op, inGroups(table, thing, numbers))
}

func numbersAmong(names []id.UID, known map[id.UID]int64) []int64 {
	var numbers []int64
	for _, name := range names {
		if n, ok := known[name]; ok {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// among is the condition that a column is one of some numbers: a few are
// written out.
func (q *contactQuery) among(column string, numbers []int64) string {
	switch {
	case len(numbers) == 1:
		return column + " = " + q.bind(numbers[0])
	case len(numbers) <= 16:
		condition, args := few(column, len(q.args)+1, numbers, func(n int64) any { return n })
		q.args = append(q.args, args...)
		return condition
	}
	return q.tx.d.Among(column, q.bind(q.tx.d.Numbers(numbers)))
}

// scope is over which mails a rule goes: some, those of a time, or all.
type scope struct {
	some     bool
	numbers  []int64
	from, to time.Time
}

// on is the scope's condition over a table's mailing and the column of its
// time.
func (s scope) on(q *contactQuery, at string) string {
	var parts []string
	if s.some {
		parts = append(parts, q.among("x.mailing", s.numbers))
	}
	if !s.from.IsZero() {
		parts = append(parts, "x."+at+" >= "+q.bind(clock.Millis(s.from)))
	}
	if !s.to.IsZero() {
		parts = append(parts, "x."+at+" < "+q.bind(clock.Millis(s.to)))
	}
	return joined(parts, false)
}

// sent is the condition that a mail of the scope went to a contact.
func (s scope) sent() condition {
	if s.some && len(s.numbers) == 0 {
		return nobody
	}
	return having{"send", func(q *contactQuery) string { return s.on(q, "sent_at") }}
}

// followed is the condition that an event of a kind followed on a mail of the
// scope.
func (s scope) followed(kind EventKind) condition {
	if s.some && len(s.numbers) == 0 {
		return nobody
	}
	return having{"event", func(q *contactQuery) string {
		return "x.kind = " + strconv.Itoa(int(kind)) + " AND " + s.on(q, "at")
	}}
}

// every is the condition that something holds for each mail of the scope by
// itself.
func (s scope) every(is func(scope) condition) condition {
	if len(s.numbers) == 0 {
		return nobody
	}
	var each allOf
	for _, n := range s.numbers {
		each = append(each, is(scope{some: true, numbers: []int64{n}}))
	}
	return each
}

// mails is the condition of a rule about what was sent and what followed.
func (k *knownCriteria) mails(r segment.Rule) condition {
	s := scope{}
	switch {
	case len(r.Days) > 0:
		s.from, s.to = span(r.Op, r.Days)
	case r.Const == segment.LastCampaigns:
		s.some, s.numbers = true, k.last[:min(r.N, len(k.last))]
	case r.Const == segment.LastDays:
		s.from = k.now.AddDate(0, 0, -r.N)
	case r.Const == segment.AnyCampaign:
	default:
		s.some, s.numbers = true, numbersAmong(r.IDs, k.mailings)
	}
	event, without := EventKind(0), false
	switch r.Field {
	case segment.Sent:
	case segment.NotSent:
		without = true
	case segment.Opened, segment.NotOpened:
		event, without = EventOpen, r.Field == segment.NotOpened
	case segment.Clicked, segment.NotClicked:
		event, without = EventClick, r.Field == segment.NotClicked
	case segment.Bounced:
		event = EventBounce
	case segment.Forwarded:
		event = EventForward
	case segment.OptedOut:
		event = EventOptOut
	}
	did := func(s scope) condition {
		if event == 0 {
			return s.sent()
		}
		return s.followed(event)
	}
	all := r.Op == segment.ContainsAll
	if all && len(s.numbers) < len(r.IDs) {
		return nobody
	}
	var c condition
	switch {
	case without && event == 0:
		c = except{s.sent()}
	case without && all:
		c = allOf{s.every(scope.sent), except{did(s)}}
	case without:
		c = allOf{s.sent(), except{did(s)}}
	case all:
		c = s.every(did)
	default:
		c = did(s)
	}
	return negated(r.Op, c)
}

// engagement is the condition that a contact is of a level at a moment.
func engagement(level contact.Engagement, now time.Time) condition {
	reacted := func(within time.Duration) condition {
		return having{"event", func(q *contactQuery) string {
			return "x.kind IN (1, 2) AND x.at >= " + q.bind(clock.Millis(now.Add(-within)))
		}}
	}
	switch level {
	case contact.HighEngagement:
		return reacted(contact.HighWithin)
	case contact.MediumEngagement:
		return allOf{reacted(contact.MediumWithin), except{reacted(contact.HighWithin)}}
	case contact.LowEngagement:
		return allOf{scope{}.sent(), except{reacted(contact.MediumWithin)}}
	case contact.NoEngagement:
	}
	return nobody
}

// words is the condition of a rule about a column of stored words.
func (q *contactQuery) words(column string, r segment.Rule) string {
	return negatedText(r.Op, q.among(column, r.Words))
}

// smsPermission is the condition of a rule about short messages.
func smsPermission(r segment.Rule) condition {
	var s contact.Statuses
	for _, w := range r.Words {
		s |= 1 << w
	}
	return negated(r.Op, smsStanding(s))
}

// span is the time that days mean: from the start of the first to the end of
// the last, in UTC. Where a side is open, its time is zero.
func span(op segment.Op, days []date.Day) (from, to time.Time) {
	first, last := days[0].Time(), days[len(days)-1].Time()
	switch op {
	case segment.Before:
		return time.Time{}, first
	case segment.After:
		return last.AddDate(0, 0, 1), time.Time{}
	}
	return first, last.AddDate(0, 0, 1)
}

// window turns days before or after the present into days of the calendar.
func (q *contactQuery) window(r segment.Rule) segment.Rule {
	today := date.Of(q.tx.now).Time()
	switch r.Op {
	case segment.InLastDays:
		r.Days = []date.Day{date.Of(today.AddDate(0, 0, -r.N)), date.Of(today)}
	case segment.InNextDays:
		r.Days = []date.Day{date.Of(today), date.Of(today.AddDate(0, 0, r.N))}
	default:
		return r
	}
	r.Op = segment.Between
	return r
}

// instant is the condition of a rule about a column of times, where 0 is none.
func (q *contactQuery) instant(column string, r segment.Rule) string {
	switch r.Op {
	case segment.IsEmpty:
		return column + " = 0"
	case segment.IsNotEmpty:
		return column + " <> 0"
	}
	r = q.window(r)
	from, to := span(r.Op, r.Days)
	parts := []string{column + " <> 0"}
	if !from.IsZero() {
		parts = append(parts, column+" >= "+q.bind(clock.Millis(from)))
	}
	if !to.IsZero() {
		parts = append(parts, column+" < "+q.bind(clock.Millis(to)))
	}
	return joined(parts, false)
}

// dayNumber is the condition of a rule about a column of days, where 0 is none.
func (q *contactQuery) dayNumber(column string, r segment.Rule) string {
	switch r.Op {
	case segment.IsEmpty:
		return column + " = 0"
	case segment.IsNotEmpty:
		return column + " <> 0"
	}
	r = q.window(r)
	first := q.bind(dayNumber(r.Days[0]))
	switch r.Op {
	case segment.Before:
		return "(" + column + " <> 0 AND " + column + " < " + first + ")"
	case segment.After:
		return column + " > " + first
	}
	return "(" + column + " >= " + first + " AND " + column + " <= " + q.bind(dayNumber(r.Days[len(r.Days)-1])) + ")"
}

// yearly is the condition of a rule about what returns each year. A span may
// go over the turn of the year.
func (q *contactQuery) yearly(column, there string, r segment.Rule) string {
	switch r.Op {
	case segment.IsEmpty:
		return not(there)
	case segment.IsNotEmpty:
		return there
	case segment.Between:
		first, last := q.bind(r.Numbers[0]), q.bind(r.Numbers[1])
		how := " AND "
		if r.Numbers[0] > r.Numbers[1] {
			how = " OR "
		}
		return "(" + there + " AND (" + column + " >= " + first + how + column + " <= " + last + "))"
	}
	return "(" + there + " AND " + q.among(column, r.Numbers) + ")"
}
