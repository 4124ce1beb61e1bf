package delivery

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/domain/message"
)

// Limits are how much mail a relay is handed, by all processes together; zero
// is no limit, and nothing is counted then.
type Limits struct {
	PerSecond, PerHour int
	// DomainPerMinute is how much of it is for recipients of any one domain.
	DomainPerMinute int
}

// pace is one limit: no more than most in any span.
type pace struct {
	scope string // whose it is
	most  int
	span  time.Duration
}

// slots is how finely a span is counted. What was counted at the far end of one
// still counts, so that no span of that length holds more than is allowed;
// that costs one part in so many of the rate.
const slots = 20

// paces are the limits of a relay as a whole.
func (l Limits) paces(name string) (all []pace) {
	if l.PerSecond > 0 {
		all = append(all, pace{name + " second", l.PerSecond, time.Second})
	}
	if l.PerHour > 0 {
		all = append(all, pace{name + " hour", l.PerHour, time.Hour})
	}
	return all
}

// ofDomain is the limit for a domain of recipients.
func (l Limits) ofDomain(name, domain string) pace {
	return pace{name + " minute " + domain, l.DomainPerMinute, time.Minute}
}

// Count is how much was counted against a limit lately.
type Count struct {
	// Scope says which limit. Slots are how much was counted in parts of its
	// span, by their numbers since 1970.
	Scope string
	Slots map[int64]int
	// Until is when all of it is past.
	Until time.Time
}

// slot is the number of the part of the span in which a time lies.
func (p pace) slot(t time.Time) int64 { return t.UnixMilli() / (p.span.Milliseconds() / slots) }

// recent forgets what is past, and what lies further ahead than a clock that
// is right could have counted.
func (p pace) recent(c *Count, now time.Time) {
	at := p.slot(now)
	maps.DeleteFunc(c.Slots, func(s int64, _ int) bool { return s < at-slots || s > at+slots })
}

// room is how many more may go now.
func (p pace) room(c *Count, now time.Time) int {
	p.recent(c, now)
	n := p.most
	for _, counted := range c.Slots {
		n -= counted
	}
	return max(n, 0)
}

// count counts mails that go now.
func (p pace) count(c *Count, now time.Time, n int) {
	p.recent(c, now)
	if c.Slots == nil {
		c.Slots = map[int64]int{}
	}
	c.Slots[p.slot(now)] += n
	c.Until = now.Add(p.span + p.span/slots)
}

// when is the time at which there will be room for the nth mail from now on,
// counted from one, if nothing else is counted.
func (p pace) when(c *Count, now time.Time, n int) time.Time {
	free := p.room(c, now)
	for _, s := range slices.Sorted(maps.Keys(c.Slots)) {
		if n <= free {
			break
		}
		free += c.Slots[s]
		if n <= free {
			return time.UnixMilli((s + slots + 1) * (p.span.Milliseconds() / slots)).UTC()
		}
	}
	if n <= free {
		return now
	}
	return now.Add(p.span * time.Duration((n-1)/p.most+1))
}

// counts are the limits that one claim counts against.
type counts struct {
	now   time.Time
	byKey map[string]*Count
	moved map[string]bool
}

// readCounts reads what was counted against the relays' limits, and keeps
// others from counting until the unit of work ends.
func readCounts(ctx context.Context, tx Tx, lanes []*lane) (*counts, error) {
	c := &counts{now: tx.Now(), byKey: map[string]*Count{}, moved: map[string]bool{}}
	var scopes []string
	for _, ln := range lanes {
		for _, p := range ln.Limits.paces(ln.Name) {
			scopes = append(scopes, p.scope)
		}
		if ln.Limits.DomainPerMinute > 0 {
			scopes = append(scopes, ln.Name) // stands for those of all domains
		}
	}
	if len(scopes) == 0 {
		return c, nil
	}
	slices.Sort(scopes) // in one order everywhere, so that two cannot wait for each other
	held, err := tx.HoldCounts(ctx, scopes)
	c.take(held)
	return c, err
}

func (c *counts) take(read []Count) {
	for _, r := range read {
		c.byKey[r.Scope] = &r
	}
}

// readDomains reads what was counted for the domains of recipients.
func (c *counts) readDomains(ctx context.Context, tx Tx, lanes []*lane, rows []message.Row) error {
	scopes := map[string]bool{}
	for _, ln := range lanes {
		for _, row := range rows {
			if ln.Limits.DomainPerMinute > 0 {
				scopes[ln.Limits.ofDomain(ln.Name, row.To.Domain()).scope] = true
			}
		}
	}
	if len(scopes) == 0 {
		return nil
	}
	read, err := tx.ReadCounts(ctx, slices.Sorted(maps.Keys(scopes)))
	c.take(read)
	return err
}

func (c *counts) of(p pace) *Count {
	if c.byKey[p.scope] == nil {
		c.byKey[p.scope] = &Count{Scope: p.scope}
	}
	return c.byKey[p.scope]
}

func (c *counts) add(p pace, n int) {
	p.count(c.of(p), c.now, n)
	c.moved[p.scope] = true
}

// keep writes what was counted.
func (c *counts) keep(ctx context.Context, tx Tx) error {
	var all []Count
	for _, scope := range slices.Sorted(maps.Keys(c.moved)) {
		all = append(all, *c.byKey[scope])
	}
	if len(all) == 0 {
		return nil
	}
	return tx.PutCounts(ctx, all)
}

// Pack returns the slots as they are kept.
func (c Count) Pack() string {
	var b strings.Builder
	for i, s := range slices.Sorted(maps.Keys(c.Slots)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatInt(s, 10) + ":" + strconv.Itoa(c.Slots[s]))
	}
	return b.String()
}

// UnpackCount reads what Pack wrote; what cannot be read counts nothing.
func UnpackCount(scope, packed string) Count {
	c := Count{Scope: scope, Slots: map[int64]int{}}
	for pair := range strings.FieldsSeq(packed) {
		slot, n, _ := strings.Cut(pair, ":")
		s, err := strconv.ParseInt(slot, 10, 64)
		count, err2 := strconv.Atoi(n)
		if err == nil && err2 == nil {
			c.Slots[s] = count
		}
	}
	return c
}
