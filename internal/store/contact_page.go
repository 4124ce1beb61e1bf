package store

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/text"
	"kith/internal/domain/contact"
)

// searchReach is how many of the newest numbers a search by name looks
// through, which bounds its cost: names have no index, since keeping one would
// cost an import more than searches are worth. Addresses are found by their
// index, however old they are.
const searchReach = 500_000

// indexedPrefix is how many characters of an address a search must have for
// its index to be worth asking.
const indexedPrefix = 3

// ContactPage returns contacts in the order of the filter, and the number of
// all that match where it is asked for.
//
// Pages are read by key set along an index that fits, so that each costs the
// same: the table itself in the order of numbers, the members of a list, the
// wearers of a tag, or the index of changes where a bound on time makes that
// the shorter way. A filter that few contacts meet in the order of numbers
// walks over the others; for those of most accounts (not mailable, deleted)
// there are small indexes.
func (tx *Tx) ContactPage(ctx context.Context, account id.Account, f contact.Filter, include contact.Include, r page.Request) (page.Of[contact.Contact], error) {
	of := page.Of[contact.Contact]{Total: -1}
	f, nobody, err := tx.knownOnly(ctx, account, f)
	if err != nil {
		return of, err
	}
	if nobody {
		of.Total = totalOf(r, 0)
		return of, nil
	}
	var read page.Of[contact.Contact]
	if f.Segment != 0 {
		criteria, err := tx.segmentCriteria(ctx, account, f.Segment)
		if err != nil {
			return of, err
		}
		found := tx.finder(account, append(filtered(f), criteria.condition()))
		if r.Count {
			if of.Total, _, err = found.count(ctx); err != nil {
				return of, wrap(err, "count contacts")
			}
		}
		if read, err = tx.foundPage(ctx, account, found, f, include, r); err != nil {
			return of, err
		}
	} else {
		if r.Count {
			if of.Total, err = tx.countContacts(ctx, account, f); err != nil {
				return of, wrap(err, "count contacts")
			}
		}
		if read, err = tx.readContacts(ctx, account, f, include, r); err != nil {
			return of, err
		}
	}
	of.Items, of.Next = read.Items, read.Next
	return of, tx.includeAll(ctx, account, of.Items, include)
}

// readContacts reads a page of a query, without sub-resources that have rows
// of their own.
func (tx *Tx) readContacts(ctx context.Context, account id.Account, f contact.Filter, include contact.Include, r page.Request) (page.Of[contact.Contact], error) {
	q := contactQuery{tx: tx, args: []any{int64(account)}}
	order := pageOrder(f)
	all, err := tx.rowsOf(ctx, q.page(f, order, include, r), q.args, include, r.Limit+1)
	return order.cut(all, r), err
}

// rowsOf reads the contacts of a query, which are about so many.
func (tx *Tx) rowsOf(ctx context.Context, sql string, args []any, include contact.Include, many int) ([]contact.Contact, error) {
	rows, err := tx.q.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap(err, "read contacts")
	}
	defer rows.Close()
	var row contactRow
	targets := row.targets(include)
	all := make([]contact.Contact, 0, many)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, wrap(err, "read contacts")
		}
		all = append(all, contact.Contact{})
		if err := row.into(&all[len(all)-1], include); err != nil {
			return nil, err
		}
	}
	return all, wrap(rows.Err(), "read contacts")
}

// foundPage reads a page of those whom a finder finds. In the order of changes,
// for which a finder has no index, it reads on until enough of what it read is
// found.
func (tx *Tx) foundPage(ctx context.Context, account id.Account, by *finder, f contact.Filter, include contact.Include, r page.Request) (page.Of[contact.Contact], error) {
	order := pageOrder(f)
	var all []contact.Contact
	if !order.byTime {
		numbers, err := by.next(ctx, order.start(r.After).Number, order.down, r.Limit+1)
		if err != nil || len(numbers) == 0 {
			return page.Of[contact.Contact]{}, wrap(err, "find contacts")
		}
		slices.Sort(numbers)
		q := contactQuery{tx: tx, args: []any{int64(account)}}
		_, direction := order.words()
		all, err = tx.rowsOf(ctx, "SELECT "+readColumns(include)+" FROM contact AS c WHERE c.account_id = $1 AND "+
			tx.d.AmongOrdered("c.number", q.bind(tx.d.Numbers(numbers)))+" ORDER BY c.number"+direction, q.args, include, len(numbers))
		return order.cut(all, r), err
	}
	more := page.Request{Limit: r.Limit + 1, After: r.After}
	for {
		read, err := tx.readContacts(ctx, account, f, include, more)
		if err != nil {
			return read, err
		}
		found, err := by.among(ctx, read.Items)
		if err != nil {
			return read, wrap(err, "find contacts")
		}
		if all = append(all, found...); len(all) > r.Limit || read.Next.IsZero() {
			return order.cut(all, r), nil
		}
		more.After, more.Limit = read.Next, min(2*more.Limit, mostRead)
	}
}

// mostRead is how many contacts are read at once to find some of them.
const mostRead = 10_000

// cut makes a page of the contacts that were read for it, and of one more where
// there are more.
func (o ordering) cut(all []contact.Contact, r page.Request) (of page.Of[contact.Contact]) {
	if of.Items = all; len(all) > r.Limit {
		of.Items = all[:r.Limit]
		of.Next = o.position(&all[r.Limit-1])
	}
	return of
}

func totalOf(r page.Request, n int64) int64 {
	if r.Count {
		return n
	}
	return -1
}

// knownOnly replaces the filter's references by numbers, and says where that
// leaves nobody who could match.
func (tx *Tx) knownOnly(ctx context.Context, account id.Account, f contact.Filter) (_ contact.Filter, nobody bool, err error) {
	if f.Email != "" {
		a, err := email.Parse(f.Email)
		if err != nil {
			return f, true, nil //nolint:nilerr // what is no address is nobody's
		}
		f.Email = a.Key()
	}
	if len(f.Lists) > 0 {
		if f.Lists, err = named(ctx, tx, "contact_list", account, f.Lists, " AND deleted_at = 0", ""); err != nil {
			return f, false, err
		}
		nobody = len(f.Lists) == 0
	}
	if len(f.Tags) > 0 {
		if f.Tags, err = named(ctx, tx, "tag", account, f.Tags, "", ""); err != nil {
			return f, false, err
		}
		nobody = nobody || len(f.Tags) == 0
	}
	f.Search = strings.Join(strings.Fields(f.Search), " ")
	return f, nobody, nil
}

// ordering is an order of pages in terms of columns.
type ordering struct {
	byTime bool
	down   bool
}

// pageOrder is the order that pages of a filter have. A lower bound on a time
// that no later change can move back is a bound on the last change as well, and
// then the index of changes is the shorter way.
func pageOrder(f contact.Filter) ordering {
	switch f.Order {
	case contact.Newest:
		return ordering{down: true}
	case contact.UpdatedFirst:
		return ordering{byTime: true}
	case contact.UpdatedLast:
		return ordering{byTime: true, down: true}
	case contact.Oldest:
	}
	bounded := !changedAfter(f).IsZero() || !f.UpdatedBefore.IsZero()
	return ordering{byTime: bounded && f.Email == "" && f.Search == ""}
}

// words are the comparison and the direction of the order.
func (o ordering) words() (sign, direction string) {
	if o.down {
		return " < ", " DESC"
	}
	return " > ", " ASC"
}

// start is the position before the first row of a page. The first page has one
// too, so that all pages are read by one text.
func (o ordering) start(after page.Position) page.Position {
	if after.IsZero() && o.down {
		return page.Position{Time: math.MaxInt64, Number: math.MaxInt64}
	}
	return after
}

func (o ordering) position(c *contact.Contact) page.Position {
	if o.byTime {
		return page.Position{Time: clock.Millis(c.UpdatedAt), Number: int64(c.ID)}
	}
	return page.Position{Number: int64(c.ID)}
}

// contactQuery gathers the text of a query and what is bound to its marks.
type contactQuery struct {
	tx   *Tx
	args []any
}

// bind returns the mark of a value.
func (q *contactQuery) bind(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *contactQuery) page(f contact.Filter, o ordering, include contact.Include, r page.Request) string {
	if o.byTime {
		return q.pageByTime(f, o, include, r)
	}
	return q.inOrder(f, o, readColumns(include), o.start(r.After).Number, r.Limit+1)
}

// inOrder reads columns of the next contacts in the order of their numbers, or
// the reverse.
func (q *contactQuery) inOrder(f contact.Filter, o ordering, columns string, start int64, most int) string {
	limit, after := q.bind(int64(most)), q.bind(start)
	sign, direction := o.words()
	own := q.conditions(f)

	// A way is a subquery that yields the next numbers in order along one
	// index. Those of several are put together, each once.
	var ways []string
	way := func(from, account, number string, where ...string) {
		ways = append(ways, "SELECT number FROM (SELECT "+number+" AS number FROM "+from+" WHERE "+account+" = $1"+
			and(where)+" AND "+number+sign+after+" ORDER BY "+number+direction+" LIMIT "+limit+") AS way"+strconv.Itoa(len(ways)))
	}
	along := func(table, thing string, numbers []int64, where ...string) {
		for _, n := range numbers {
			way(table+" AS m", "m.account_id", "m.contact", "m."+thing+" = "+q.bind(n),
				"(SELECT 1 FROM contact AS c WHERE c.account_id = $1 AND c.number = m.contact"+and(own)+and(where)+") IS NOT NULL")
		}
	}
	through := func(index string, where ...string) {
		from := "contact AS c"
		if index != "" {
			from += q.tx.d.Along(index)
		}
		way(from, "c.account_id", "c.number", append(slices.Clip(own), where...)...)
	}
	s := standing(f.Statuses)
	switch {
	case f.Search != "":
		belonging := q.belonging(f)
		through("", append(belonging, q.withinReach(), q.byNamesOrAddress(f.Search))...)
		if prefix := text.Fold(f.Search); utf8.RuneCountInString(prefix) >= indexedPrefix && !strings.Contains(prefix, " ") {
			ways = append(ways, q.wayByAddress(prefix, append(slices.Clip(own), belonging...), sign+after, direction, limit))
		}
	case f.Email != "":
		own = append(own, q.belonging(f)...)
	case len(f.Lists) > 0:
		along("membership", "list", refNumbers(f.Lists), q.tagged(f)...)
	case len(f.Tags) > 0:
		along("tagging", "tag", refNumbers(f.Tags))
	case f.SMS != 0 && !f.SMS.Has(1<<contact.NotSet):
		along("sms_channel", "permission", smsPermissions(f.SMS))
	case s&contact.StatusActive == 0:
		if s.Has(contact.StatusDeleted) {
			through("contact_deleted", "c.deleted_at <> 0")
		}
		if s != contact.StatusDeleted {
			through("contact_apart", "c.permission > 2")
		}
	}
	where := and(own) + " AND c.number" + sign + after
	if len(ways) > 0 {
		where = " AND c.number IN (" + strings.Join(ways, " UNION ") + ")"
	}
	return "SELECT " + columns + " FROM contact AS c WHERE c.account_id = $1" + where +
		" ORDER BY c.number" + direction + " LIMIT " + limit
}

// wayByAddress is a way along the index of addresses, whose order is not that
// of the page: all that match are found before they are sorted. The fence
// keeps a planner from walking in the order of the page instead.
func (q *contactQuery) wayByAddress(prefix string, where []string, beyond, direction, limit string) string {
	return "SELECT number FROM (WITH found AS MATERIALIZED (SELECT c.number AS number FROM contact AS c" +
		q.tx.d.Along("contact_email") + " WHERE c.account_id = $1 AND " + q.byAddress(prefix) + and(where) +
		") SELECT number FROM found WHERE number" + beyond + " ORDER BY number" + direction + " LIMIT " + limit + ") AS byaddress"
}

func (q *contactQuery) pageByTime(f contact.Filter, o ordering, include contact.Include, r page.Request) string {
	start := o.start(r.After)
	sign, direction := o.words()
	if !o.down {
		// The bound is where the first page starts, and then every page
		// starts within the index.
		if after := changedAfter(f); r.After.IsZero() && !after.IsZero() {
			start = page.Position{Time: clock.Millis(after), Number: math.MaxInt64}
		}
		f.UpdatedAfter = time.Time{}
	}
	where := slices.Concat(q.conditions(f), q.belonging(f))
	if f.Search != "" {
		where = append(where, q.byNamesOrAddress(f.Search))
	}
	return "SELECT " + readColumns(include) + " FROM contact AS c WHERE c.account_id = $1" + and(where) +
		" AND (c.updated_at, c.number)" + sign + "(" + q.bind(start.Time) + ", " + q.bind(start.Number) + ")" +
		" ORDER BY c.updated_at" + direction + ", c.number" + direction + " LIMIT " + q.bind(int64(r.Limit)+1)
}

// changedAfter is the time after which everybody who matches was changed:
// creation and opt-out are never later than the last change.
func changedAfter(f contact.Filter) time.Time {
	after := f.UpdatedAfter
	for _, t := range []time.Time{f.CreatedAfter, f.OptOutAfter} {
		if t.After(after) {
			after = t
		}
	}
	return after
}

func and(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " AND " + strings.Join(conditions, " AND ")
}

func refNumbers[N ~int64](refs []id.Ref[N]) []int64 {
	out := make([]int64, len(refs))
	for i, r := range refs {
		out[i] = int64(r.Number)
	}
	return out
}

// conditions are those over a contact's own row.
func (q *contactQuery) conditions(f contact.Filter) []string {
	out := q.bounds(f)
	if s := statusCondition(f.Statuses); s != "" {
		out = append(out, s)
	}
	if f.SMS != 0 {
		out = append(out, q.smsAmong(f.SMS))
	}
	return append(out, known(f)...)
}

// known are the conditions by which versions 1 and 2 know contacts.
func known(f contact.Filter) (out []string) {
	if f.Addressed {
		out = append(out, "c.email IS NOT NULL")
	}
	const on = "(SELECT 1 FROM membership AS x WHERE x.account_id = c.account_id AND x.contact = c.number LIMIT 1)"
	switch f.Belonging {
	case contact.OnSome:
		out = append(out, on+" IS NOT NULL")
	case contact.OnNone:
		out = append(out, on+" IS NULL")
	case contact.Anywhere:
	}
	return out
}

// bounds are the conditions over a contact's own row that do not ask where it
// stands.
func (q *contactQuery) bounds(f contact.Filter) (out []string) {
	if f.Email != "" {
		out = append(out, "c.email = "+q.bind(f.Email))
	}
	for _, bound := range []struct {
		column, sign string
		time         time.Time
	}{
		{"c.updated_at", ">", f.UpdatedAfter},
		{"c.updated_at", "<", f.UpdatedBefore},
		{"c.created_at", ">", f.CreatedAfter},
		{"c.created_at", "<", f.CreatedBefore},
		{"c.opt_out_at", ">", f.OptOutAfter},
		{"c.opt_out_at", "<", f.OptOutBefore},
	} {
		if !bound.time.IsZero() {
			out = append(out, bound.column+" "+bound.sign+" "+q.bind(clock.Millis(bound.time)))
		}
	}
	if !f.OptOutBefore.IsZero() && f.OptOutAfter.IsZero() {
		out = append(out, "c.opt_out_at <> 0")
	}
	return out
}

// standing is the set that a filter means.
func standing(s contact.Statuses) contact.Statuses {
	if s == 0 {
		return contact.StatusPresent
	}
	return s
}

// statusCondition says where a contact may stand.
func statusCondition(s contact.Statuses) string {
	s = standing(s)
	permissions := s & contact.StatusPresent
	var in []string
	for p := contact.Implicit; p <= contact.Unsubscribed; p++ {
		if permissions.Has(1 << p) {
			in = append(in, strconv.Itoa(int(p)))
		}
	}
	among := "c.permission IN (" + strings.Join(in, ", ") + ")"
	switch {
	case s == contact.StatusAll:
		return ""
	case permissions == 0:
		return "c.deleted_at <> 0"
	case s == contact.StatusPresent:
		return "c.deleted_at = 0"
	case s.Has(contact.StatusDeleted):
		return "(c.deleted_at <> 0 OR " + among + ")"
	}
	return among + " AND c.deleted_at = 0"
}

// belonging are the conditions that a contact is on a list and wears a tag.
func (q *contactQuery) belonging(f contact.Filter) []string {
	var out []string
	if len(f.Lists) > 0 {
		out = append(out, q.exists("membership", "list", refNumbers(f.Lists)))
	}
	return append(out, q.tagged(f)...)
}

func (q *contactQuery) tagged(f contact.Filter) []string {
	if len(f.Tags) == 0 {
		return nil
	}
	return []string{q.exists("tagging", "tag", refNumbers(f.Tags))}
}

// exists is the condition that a contact belongs to one of some things. It is
// a value rather than EXISTS, which a planner with poor statistics may turn
// into a join in the wrong order.
func (q *contactQuery) exists(table, thing string, numbers []int64) string {
	condition, args := few("b."+thing, len(q.args)+1, numbers, func(n int64) any { return n })
	q.args = append(q.args, args...)
	return "(SELECT 1 FROM " + table + " AS b WHERE b.account_id = $1 AND b.contact = c.number AND " + condition + " LIMIT 1) IS NOT NULL"
}

// withinReach is the condition that a contact is among the newest.
func (q *contactQuery) withinReach() string {
	return "c.number > (SELECT COALESCE(max(number), 0) FROM contact WHERE account_id = $1) - " + strconv.Itoa(searchReach)
}

func (q *contactQuery) byAddress(prefix string) string {
	return "c.email >= " + q.bind(prefix) + " AND c.email < " + q.bind(prefix+"\U0010ffff")
}

func (q *contactQuery) byNamesOrAddress(search string) string {
	var either []string
	begins := func(column, with string) string {
		return q.tx.d.Like(column, q.bind(likePattern(with)))
	}
	if !strings.Contains(search, " ") {
		either = append(either, "("+q.byAddress(text.Fold(search))+")")
	}
	for _, s := range spellings(search) {
		either = append(either, begins("c.first_name", s), begins("c.last_name", s))
		if one, two, ok := strings.Cut(s, " "); ok {
			either = append(either,
				"("+begins("c.first_name", one)+" AND "+begins("c.last_name", two)+")",
				"("+begins("c.last_name", one)+" AND "+begins("c.first_name", two)+")")
		}
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// spellings are the ways to write a search that a database which folds ASCII
// only would tell apart.
func spellings(s string) []string {
	if !slices.ContainsFunc([]byte(s), func(b byte) bool { return b >= utf8.RuneSelf }) {
		return []string{s}
	}
	lower := strings.ToLower(s)
	words := strings.Fields(lower)
	for i, w := range words {
		r, n := utf8.DecodeRuneInString(w)
		words[i] = strings.ToUpper(string(r)) + w[n:]
	}
	out := []string{s}
	for _, o := range []string{lower, strings.Join(words, " "), strings.ToUpper(s)} {
		if !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// likePattern is a LIKE pattern for texts that begin with s, whose escape sign
// is the backslash.
func likePattern(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// countContacts counts who matches a filter without a segment: from kept counts
// where it is simple, else one by one.
func (tx *Tx) countContacts(ctx context.Context, account id.Account, f contact.Filter) (int64, error) {
	plain := f
	plain.Statuses, plain.Order, plain.Lists = 0, contact.Oldest, nil
	bare := plain.SMS == 0 && len(known(f)) == 0 && plain.Email == "" && plain.Search == "" && len(plain.Tags) == 0 && plain.UpdatedAfter.IsZero() &&
		plain.UpdatedBefore.IsZero() && plain.CreatedAfter.IsZero() && plain.CreatedBefore.IsZero() &&
		plain.OptOutAfter.IsZero() && plain.OptOutBefore.IsZero()
	s := standing(f.Statuses)
	q := contactQuery{tx: tx, args: []any{int64(account)}}
	switch {
	case bare && len(f.Lists) == 0:
		return tx.countByStatus(ctx, account, s)
	// Nobody who is deleted is on a list.
	case bare && len(f.Lists) == 1 && s&contact.StatusPresent == contact.StatusPresent:
		return tx.Counted(ctx, account, change.Members, int64(f.Lists[0].Number))
	case bare && len(f.Lists) == 1 && s&contact.StatusPresent == contact.StatusActive:
		return tx.Counted(ctx, account, change.ActiveMembers, int64(f.Lists[0].Number))
	}
	return tx.countOneByOne(ctx, q, f)
}

func (tx *Tx) countOneByOne(ctx context.Context, q contactQuery, f contact.Filter) (int64, error) {
	where := append(q.conditions(f), q.tagged(f)...)
	if len(f.Lists) > 0 {
		condition, args := few("list", len(q.args)+1, f.Lists, func(r id.Ref[id.List]) any { return int64(r.Number) })
		q.args = append(q.args, args...)
		where = append(where, "c.number IN (SELECT contact FROM membership WHERE account_id = $1 AND "+condition+")")
	}
	if f.Search != "" {
		where = append(where, q.byNamesOrAddress(f.Search))
	}
	sql := `SELECT count(*) FROM contact AS c WHERE c.account_id = $1` + and(where)
	var n int64
	err := tx.q.QueryRow(ctx, sql, q.args...).Scan(&n)
	return n, err
}

func (tx *Tx) countByStatus(ctx context.Context, account id.Account, s contact.Statuses) (total int64, err error) {
	if s&contact.StatusPresent != 0 {
		counted, err := tx.CountedAll(ctx, account, change.Contacts)
		if err != nil {
			return 0, err
		}
		for permission, n := range counted {
			if s.Has(1 << permission) {
				total += n
			}
		}
	}
	if s.Has(contact.StatusDeleted) {
		n, err := tx.Counted(ctx, account, change.Deleted, 0)
		return total + n, err
	}
	return total, nil
}
