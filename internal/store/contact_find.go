package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"kith/internal/base/bits"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// stretch is how many numbers are looked at together. A set of them is 16 KiB,
// so that it stays in the processor's cache, and a query for them takes long
// enough that its own cost is little.
const stretch = 1 << 17

// These say from when contacts are looked up one by one instead of reading along
// the index past all of a stretch: where at most one in so many is left. A
// look-up costs about thirty steps along an index that holds all that is asked,
// and twelve along the rows themselves.
const (
	fewOfIndex = 32
	fewOfRows  = 12
)

// finder finds who meets a condition, a stretch of numbers at a time: each leaf
// is answered by an index, as a set of numbers, and the sets are put together
// here. It never joins two tables, and so depends on no planner's idea of how
// large they are (docs/decisions/0010).
//
// It is read only once made, and may be used from several connections.
type finder struct {
	tx      *Tx
	account id.Account
	want    condition
}

func (tx *Tx) finder(account id.Account, want condition) *finder {
	if !want.exists() {
		want = allOf{want, ever}
	}
	return &finder{tx, account, want}
}

// top is the greatest number of the account's contacts.
func (f *finder) top(ctx context.Context) (n int64, err error) {
	err = f.tx.q.QueryRow(ctx, `SELECT COALESCE(max(number), 0) FROM contact WHERE account_id = $1`, int64(f.account)).Scan(&n)
	return n, err
}

// count counts who meets the condition, and how many of them may be mailed,
// which is cheap.
func (f *finder) count(ctx context.Context) (all, active int64, err error) {
	top, err := f.top(ctx)
	if err != nil {
		return 0, 0, err
	}
	var (
		next atomic.Int64
		mu   sync.Mutex
	)
	err = f.tx.q.Share(ctx, func(ctx context.Context, q sqldb.Querier) error {
		for {
			low := next.Add(stretch) - stretch
			if low >= top {
				return nil
			}
			found, err := f.within(ctx, q, bits.Full(low, min(low+stretch, top)))
			if err != nil {
				return err
			}
			n := found.Count()
			if n == 0 {
				continue
			}
			mailed, err := f.meet(ctx, q, except{unmailable}, found)
			if err != nil {
				return err
			}
			mu.Lock()
			all, active = all+n, active+mailed.Count()
			mu.Unlock()
		}
	})
	return all, active, err
}

// next returns the numbers of the next contacts that meet the condition, in
// their order behind a number, or downward before it. The first stretch is short,
// and each next one as long as it takes if as many match there: so a page costs
// little where many do, and no more than a count where hardly anybody does.
func (f *finder) next(ctx context.Context, after int64, down bool, limit int) ([]int64, error) {
	top, err := f.top(ctx)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, 0, limit)
	const shortest = 1024
	size, looked := min(max(shortest, 8*int64(limit)), stretch), int64(0)
	at := min(after, top)
	if down {
		at = min(after-1, top)
	}
	for len(numbers) < limit && (down && at > 0 || !down && at < top) {
		low, high := at, min(at+size, top)
		if down {
			low, high = max(0, at-size), at
		}
		found, err := f.within(ctx, f.tx.q, bits.Full(low, high))
		if err != nil {
			return nil, err
		}
		each := found.Up
		at = high
		if down {
			each, at = found.Down, low
		}
		for n := range each {
			if len(numbers) == limit {
				break
			}
			numbers = append(numbers, n)
		}
		looked += high - low
		missing := int64(limit - len(numbers))
		size = min(max(shortest, missing*looked/max(1, int64(len(numbers)))*5/4), stretch)
	}
	return numbers, nil
}

// among returns those of some contacts that meet the condition.
func (f *finder) among(ctx context.Context, all []contact.Contact) ([]contact.Contact, error) {
	if len(all) == 0 {
		return nil, nil
	}
	by := func(a, b contact.Contact) int { return cmp.Compare(a.ID, b.ID) }
	these := bits.New(int64(slices.MinFunc(all, by).ID)-1, int64(slices.MaxFunc(all, by).ID))
	for _, c := range all {
		these.Add(int64(c.ID))
	}
	found, err := f.within(ctx, f.tx.q, these)
	return slices.DeleteFunc(all, func(c contact.Contact) bool { return !found.Has(int64(c.ID)) }), err
}

// within returns those of a set that meet the finder's condition.
func (f *finder) within(ctx context.Context, q sqldb.Querier, of bits.Set) (bits.Set, error) {
	return f.meet(ctx, q, f.want, of)
}

// meet returns those of a set that meet a condition. It leaves the set as it is.
func (f *finder) meet(ctx context.Context, q sqldb.Querier, c condition, of bits.Set) (bits.Set, error) {
	if answeredByRow(c) {
		return f.read(ctx, q, "contact AS c", "c.number", func(q *contactQuery) string { return q.byRow(c) }, of)
	}
	switch c := c.(type) {
	case allOf:
		return f.meetAll(ctx, q, c, of)
	case anyOf:
		return f.meetAny(ctx, q, c, of)
	case except:
		found, err := f.meet(ctx, q, c.of, of)
		if err != nil {
			return found, err
		}
		rest := of.Empty()
		rest.Join(of)
		rest.Drop(found)
		return rest, nil
	case numbered:
		found := of.Empty()
		for _, n := range c {
			found.Add(n)
		}
		found.Keep(of)
		return found, nil
	case standingApart:
		return f.read(ctx, q, "contact AS x"+f.tx.d.Along(c.index), "x.number", func(*contactQuery) string { return "x." + c.where }, of)
	case having:
		return f.read(ctx, q, c.table+" AS x", "x.contact", c.text, of)
	}
	return of.Empty(), nil
}

// meetAll asks each part of those only whom the parts before left. What the
// contacts' own rows answer is asked at once.
func (f *finder) meetAll(ctx context.Context, q sqldb.Querier, parts []condition, of bits.Set) (bits.Set, error) {
	for _, c := range f.inOrder(parts, func(of []condition) condition { return allOf(of) }) {
		var err error
		if of, err = f.meet(ctx, q, c, of); err != nil {
			return of, err
		}
	}
	return of, nil
}

// meetAny asks each part of those only whom no part before took.
func (f *finder) meetAny(ctx context.Context, q sqldb.Querier, parts []condition, of bits.Set) (bits.Set, error) {
	found, rest := of.Empty(), of.Empty()
	rest.Join(of)
	for _, c := range f.inOrder(parts, func(of []condition) condition { return anyOf(of) }) {
		more, err := f.meet(ctx, q, c, rest)
		if err != nil {
			return found, err
		}
		found.Join(more)
		rest.Drop(more)
	}
	return found, nil
}

// inOrder puts the parts of a group into the order in which they are asked, and
// those together that the contacts' own rows answer. as makes a group of some.
// Of what is met by anybody who meets one part, the rows must be read to the end
// anyway; else what an index knows of them goes before.
func (f *finder) inOrder(parts []condition, as func([]condition) condition) []condition {
	var sets, places, rows []condition
	for _, c := range parts {
		switch {
		case !answeredByRow(c):
			sets = append(sets, c)
		case c.cost() <= costPlaces:
			places = append(places, c)
		default:
			rows = append(rows, c)
		}
	}
	if _, any := as(nil).(anyOf); any && len(rows) > 0 {
		places, rows = nil, append(rows, places...)
	}
	for _, of := range [][]condition{places, rows} {
		switch len(of) {
		case 0:
		case 1:
			sets = append(sets, of[0])
		default:
			sets = append(sets, as(of))
		}
	}
	slices.SortStableFunc(sets, func(a, b condition) int { return cmp.Compare(a.cost(), b.cost()) })
	return sets
}

// answeredByRow reports whether the contacts' own rows answer a condition.
func answeredByRow(c condition) bool {
	outside := func(c condition) bool { return !answeredByRow(c) }
	switch c := c.(type) {
	case ofRow, ofPlaces:
		return true
	case except:
		return answeredByRow(c.of)
	case allOf:
		return len(c) > 0 && !slices.ContainsFunc(c, outside)
	case anyOf:
		return len(c) > 0 && !slices.ContainsFunc(c, outside)
	}
	return false
}

// read returns those of a set whom a table knows by a row that fits. Few are
// looked up; of many, all rows between the first and the last are read.
func (f *finder) read(ctx context.Context, q sqldb.Querier, table, number string, text func(*contactQuery) string, of bits.Set) (bits.Set, error) {
	found, n := of.Empty(), of.Count()
	if n == 0 {
		return found, nil
	}
	ask := &contactQuery{tx: f.tx, args: []any{int64(f.account)}}
	alias, _, _ := strings.Cut(number, ".")
	rest := "FROM " + table + " WHERE " + alias + ".account_id = $1 AND "
	few := int64(fewOfIndex)
	if alias == "c" {
		few = fewOfRows
	}
	if n*few <= of.Room() {
		rest += f.tx.d.AmongOrdered(number, ask.bind(f.tx.d.Numbers(slices.Collect(of.Up))))
	} else {
		rest += number + " > " + ask.bind(of.Low()) + " AND " + number + " <= " + ask.bind(of.Low()+of.Room())
	}
	err := q.Mark(ctx, &found, number, rest+" AND "+text(ask), ask.args...)
	found.Keep(of)
	return found, err
}
