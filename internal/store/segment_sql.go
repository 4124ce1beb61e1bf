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
	k := &knownCriteria{Criteria: c}
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

const (
	everybody = "1 = 1"
	nobody    = "1 = 0"
)

// criteria is the condition that the contact c meets criteria. It is never
// NULL, so that NOT means everybody else.
func (q *contactQuery) criteria(k *knownCriteria) string { return q.group(k, k.Root) }

func (q *contactQuery) group(k *knownCriteria, g segment.Group) string {
	parts := make([]string, len(g.Nodes))
	for i, n := range g.Nodes {
		switch n := n.(type) {
		case segment.Group:
			parts[i] = q.group(k, n)
		case segment.Rule:
			parts[i] = q.rule(k, n)
		}
	}
	return joined(parts, g.Any)
}

// joined puts conditions together: any of them, or all.
func joined(parts []string, any bool) string {
	switch {
	case len(parts) == 1:
		return parts[0]
	case len(parts) == 0 && any:
		return nobody
	case len(parts) == 0:
		return everybody
	case any:
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

func not(condition string) string { return "NOT (" + condition + ")" }

func (q *contactQuery) rule(k *knownCriteria, r segment.Rule) string {
	switch r.Field {
	case segment.Sent, segment.NotSent, segment.Opened, segment.NotOpened, segment.Clicked, segment.NotClicked,
		segment.Bounced, segment.Forwarded, segment.OptedOut:
		return q.mails(k, r)
	case segment.ListMembership:
		return q.belongs("membership", "list", r, k.lists)
	case segment.TagID:
		return q.belongs("tagging", "tag", r, k.tags)
	case segment.CustomField:
		return q.custom(k, r)
	case segment.FirstName, segment.LastName, segment.JobTitle, segment.CompanyName, segment.EmailAddress, segment.EmailDomain,
		segment.City, segment.State, segment.PostalCode, segment.Country, segment.Street, segment.PhoneNumber:
		return q.text(r)
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
	case segment.SMSPermission:
		return q.smsPermission(r)
	case segment.EngagementLevel:
		var levels []string
		for _, w := range r.Words {
			levels = append(levels, q.engagement(contact.Engagement(w), q.tx.now))
		}
		return negated(r.Op, joined(levels, true))
	}
	return nobody
}

// negated turns a condition round where the operator says not.
func negated(op segment.Op, condition string) string {
	switch op {
	case segment.NotEquals, segment.NotContains, segment.NotIn, segment.NotContainsAny:
		return not(condition)
	}
	return condition
}

// has is the condition that a table has a row of the contact's. For a query
// that stops early, it is a value rather than EXISTS, as in exists.
func (q *contactQuery) has(table, where string) string {
	where = "x.account_id = $1 AND " + where
	if q.whole {
		return q.tx.d.Belongs("c.number", table+" AS x", "x.contact", where)
	}
	return "(SELECT 1 FROM " + table + " AS x WHERE x.contact = c.number AND " + where + " LIMIT 1) IS NOT NULL"
}

// belongs is the condition of a rule about lists or tags.
func (q *contactQuery) belongs(table, thing string, r segment.Rule, known map[id.UID]int64) string {
	numbers := numbersAmong(r.IDs, known)
	if r.Op == segment.ContainsAll {
		if len(numbers) < len(r.IDs) {
			return nobody
		}
		var each []string
		for _, n := range numbers {
			each = append(each, q.has(table, "x."+thing+" = "+q.bind(n)))
		}
		return joined(each, false)
	}
	if len(numbers) == 0 {
		return negated(r.Op, nobody)
	}
	return negated(r.Op, q.has(table, q.among("x."+thing, numbers)))
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

// of is the scope's condition over a table's mailing and the column of its
// time; false where nothing can meet it.
func (q *contactQuery) of(s scope, at string) (condition string, possible bool) {
	var parts []string
	if s.some {
		if len(s.numbers) == 0 {
			return "", false
		}
		parts = append(parts, q.among("x.mailing", s.numbers))
	}
	if !s.from.IsZero() {
		parts = append(parts, "x."+at+" >= "+q.bind(clock.Millis(s.from)))
	}
	if !s.to.IsZero() {
		parts = append(parts, "x."+at+" < "+q.bind(clock.Millis(s.to)))
	}
	return and(parts), true
}

// mails is the condition of a rule about what was sent and what followed.
func (q *contactQuery) mails(k *knownCriteria, r segment.Rule) string {
	s := scope{}
	switch {
	case len(r.Days) > 0:
		s.from, s.to = span(r.Op, r.Days)
	case r.Const == segment.LastCampaigns:
		s.some, s.numbers = true, k.last[:min(r.N, len(k.last))]
	case r.Const == segment.LastDays:
		s.from = q.tx.now.AddDate(0, 0, -r.N)
	case r.Const == segment.AnyCampaign:
	default:
		s.some, s.numbers = true, numbersAmong(r.IDs, k.mailings)
	}
	sent := func() string { return q.sent(s) }
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
	did := func() string {
		if event == 0 {
			return sent()
		}
		return q.happened(event, s)
	}
	all := r.Op == segment.ContainsAll
	if all && len(s.numbers) < len(r.IDs) {
		return nobody
	}
	var condition string
	switch {
	case without && event == 0:
		condition = not(sent())
	case without && all:
		condition = "(" + q.every("send", "", s.numbers) + " AND " + not(did()) + ")"
	case without:
		condition = "(" + sent() + " AND " + not(did()) + ")"
	case all && event == 0:
		condition = q.every("send", "", s.numbers)
	case all:
		condition = q.every("event", "x.kind = "+strconv.Itoa(int(event))+" AND ", s.numbers)
	default:
		condition = did()
	}
	return negated(r.Op, condition)
}

func (q *contactQuery) sent(s scope) string {
	in, possible := q.of(s, "sent_at")
	if !possible {
		return nobody
	}
	return q.has("send", everybody+in)
}

func (q *contactQuery) happened(kind EventKind, s scope) string {
	in, possible := q.of(s, "at")
	if !possible {
		return nobody
	}
	return q.has("event", "x.kind = "+strconv.Itoa(int(kind))+in)
}

// every is the condition that a table has a row of the contact's for each of
// some mailings.
func (q *contactQuery) every(table, where string, numbers []int64) string {
	if len(numbers) == 0 {
		return nobody
	}
	return "(SELECT count(DISTINCT x.mailing) FROM " + table + " AS x WHERE x.account_id = $1 AND x.contact = c.number AND " +
		where + q.among("x.mailing", numbers) + ") = " + strconv.Itoa(len(numbers))
}

// engagement is the condition that a contact is of a level at a moment.
func (q *contactQuery) engagement(level contact.Engagement, now time.Time) string {
	reacted := func(within time.Duration) string {
		return q.has("event", "x.kind IN (1, 2) AND x.at >= "+q.bind(clock.Millis(now.Add(-within))))
	}
	switch level {
	case contact.HighEngagement:
		return reacted(contact.HighWithin)
	case contact.MediumEngagement:
		return "(" + reacted(contact.MediumWithin) + " AND " + not(reacted(contact.HighWithin)) + ")"
	case contact.LowEngagement:
		return "(" + q.has("send", everybody) + " AND " + not(reacted(contact.MediumWithin)) + ")"
	case contact.NoEngagement:
	}
	return nobody
}

// words is the condition of a rule about a column of stored words.
func (q *contactQuery) words(column string, r segment.Rule) string {
	return negated(r.Op, q.among(column, r.Words))
}

// smsPermission is the condition of a rule about short messages.
func (q *contactQuery) smsPermission(r segment.Rule) string {
	var s contact.Statuses
	for _, w := range r.Words {
		s |= 1 << w
	}
	return negated(r.Op, q.smsAmong(s))
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
