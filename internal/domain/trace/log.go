package trace

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
)

// Store keeps the log.
type Store interface {
	// Bulk runs a unit of work whose loss in a power failure is bearable.
	Bulk(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
}

// Tx is a unit of work on the log.
type Tx interface {
	// PutRequests writes requests of one account and class, sorted by UID, as
	// one batch.
	PutRequests(ctx context.Context, account id.Account, class Class, requests []Request) error
	// RequestBatches reads batches of an account and class that reach into a
	// range, the newest first, without the requests' details.
	RequestBatches(ctx context.Context, account id.Account, class Class, in Range, limit int) ([]Batch, error)
	// RequestDetail reads the detail of one request of a batch.
	RequestDetail(ctx context.Context, account id.Account, class Class, batch, request id.UID) (*Detail, error)
	// TrimRequests forgets the oldest batches of an account and class beyond
	// the newest so many requests.
	TrimRequests(ctx context.Context, account id.Account, class Class, keep int) error
	// ExpireRequests forgets batches that end before a UID, up to limit, and
	// says how many there were.
	ExpireRequests(ctx context.Context, before id.UID, limit int) (int, error)

	ApplicationByUID(ctx context.Context, client id.UID) (oauth.Application, error)
	UserByID(ctx context.Context, user id.User) (account.User, error)
	UserByName(ctx context.Context, usernameKey string) (account.User, error)
}

// Batch is one row of the log.
type Batch struct {
	// High is the UID of its newest request, and names the batch.
	High     id.UID
	Requests []Request
}

// Range is a stretch of the log: of batches that hold something from Low to
// High, those whose newest request stands before Before. A zero bound sets
// none.
type Range struct{ Low, High, Before id.UID }

// Observer hears what becomes of requests; metrics count them. It is called
// from many goroutines.
type Observer interface {
	// Kept is told how many were written, Dropped how many were not since the
	// queue was full.
	Kept(n int)
	Dropped(n int)
}

type deaf struct{}

func (deaf) Kept(int)    {}
func (deaf) Dropped(int) {}

// Options is what the log is made of.
type Options struct {
	Store Store
	Clock clock.Clock
	Log   *slog.Logger
	// Observer may be nil.
	Observer Observer
	// Days and Rows bound what is kept of an account: for how long, and how
	// many of each class. The log is off where either is zero.
	Days, Rows int
}

// Log takes in what the edges tell and writes it down. Noting never waits: what
// the queue has no room for is dropped, and counted. Methods are safe for
// concurrent use, but for Write, which one goroutine calls at a time.
type Log struct {
	o Options

	mu      sync.Mutex
	queue   []Record
	held    int // bytes of bodies in the queue
	dropped int // since the last line of the log

	// What follows is Write's.
	batches []batch // sorted out, and not yet written
	since   map[ownedBy]int
	names   names
	spare   []Record  // emptied, for the queue to grow in
	again   time.Time // not to be tried before, after a failure
	pause   time.Duration
}

// Bounds of the queue: records, and bytes of bodies.
const (
	maxQueued = 16_384
	maxHeld   = 32 << 20
)

// Bounds of a batch, in requests. Those that failed have bodies.
const (
	maxBatch       = 500
	maxFailedBatch = 64
	// maxUnit is how many batches one unit of work writes.
	maxUnit = 64
)

// NewLog returns a log to note requests in.
func NewLog(o Options) *Log {
	if o.Observer == nil {
		o.Observer = deaf{}
	}
	return &Log{o: o, since: map[ownedBy]int{}}
}

// On reports whether anything is kept.
func (l *Log) On() bool { return l.o.Days > 0 && l.o.Rows > 0 }

// Note takes in a request that has ended. It never waits.
func (l *Log) Note(r Record) {
	if !l.On() {
		return
	}
	size := r.size()
	l.mu.Lock()
	full := len(l.queue) >= maxQueued || size > 0 && l.held+size > maxHeld
	if full {
		l.dropped++
	} else {
		l.queue = append(l.queue, r)
		l.held += size
	}
	l.mu.Unlock()
	if full {
		l.o.Observer.Dropped(1)
	}
}

// ownedBy is whose a batch is.
type ownedBy struct {
	account id.Account
	class   Class
}

type batch struct {
	ownedBy
	requests []Request
}

// Write writes down what was noted, and forgets what is beyond the bounds. It
// says whether more may be waiting. After a failure it keeps what it had and
// does nothing for a while; what is noted meanwhile waits in the queue.
func (l *Log) Write(ctx context.Context) (more bool, err error) {
	if l.o.Clock.Now().Before(l.again) {
		return false, nil
	}
	defer func() {
		if err == nil {
			l.again, l.pause = time.Time{}, 0
			return
		}
		l.pause = min(max(2*l.pause, firstPause), longestPause)
		l.again = l.o.Clock.Now().Add(l.pause)
	}()
	if len(l.batches) == 0 {
		if err := l.sortOut(ctx); err != nil {
			return false, err
		}
	}
	if len(l.batches) == 0 {
		return false, nil
	}
	unit := l.batches[:min(len(l.batches), maxUnit)]
	err = l.o.Store.Bulk(ctx, func(ctx context.Context, tx Tx) error {
		for _, b := range unit {
			if err := tx.PutRequests(ctx, b.account, b.class, b.requests); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	l.batches = l.batches[len(unit):]
	kept := 0
	for _, b := range unit {
		kept += len(b.requests)
		l.since[b.ownedBy] += len(b.requests)
	}
	l.o.Observer.Kept(kept)
	if err := l.trim(ctx); err != nil {
		return false, err
	}
	return len(l.batches) > 0 || l.waiting(), nil
}

// Pauses after a failure.
const (
	firstPause   = time.Second
	longestPause = 30 * time.Second
)

func (l *Log) waiting() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue) >= maxQueued/2
}

// take takes the first n records out of the queue.
func (l *Log) take(n int) (all []Record, dropped int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all, dropped = l.queue[:n], l.dropped
	l.queue = append(l.spare, l.queue[n:]...)
	l.spare, l.dropped = nil, 0
	for _, r := range all {
		l.held -= r.size()
	}
	return all, dropped
}

// size is how many bytes of bodies a record holds.
func (r *Record) size() int { return len(r.Body.Data) + len(r.Answer.Data) }

// sortOut makes batches of what is in the queue: one for each account, class
// and stretch of the bound's size.
func (l *Log) sortOut(ctx context.Context) error {
	l.mu.Lock()
	empty := len(l.queue) == 0 && l.dropped == 0
	l.mu.Unlock()
	if empty {
		return nil
	}
	// Before they leave the queue: what cannot be looked up now can be later.
	waiting := l.peek()
	if err := l.names.refresh(ctx, l.o.Store, l.o.Clock.Now(), waiting); err != nil {
		return err
	}
	records, dropped := l.take(len(waiting))
	if dropped > 0 {
		l.o.Log.WarnContext(ctx, "requests were left out of the request log: it could not keep up", "requests", dropped)
	}
	sorted := map[ownedBy][]Request{}
	for _, r := range records {
		q := finish(r)
		for _, to := range l.names.owners(r, &q) {
			sorted[to] = append(sorted[to], q)
		}
	}
	for to, all := range sorted {
		slices.SortFunc(all, func(a, b Request) int { return a.UID.Compare(b.UID) })
		most := maxBatch
		if to.class != Granted {
			most = maxFailedBatch
		}
		for part := range slices.Chunk(all, most) {
			l.batches = append(l.batches, batch{to, part})
		}
	}
	clear(records)
	l.spare = records[:0]
	slices.SortFunc(l.batches, func(a, b batch) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.class, b.class), a.requests[0].UID.Compare(b.requests[0].UID))
	})
	return nil
}

// peek returns what is in the queue; what is noted meanwhile comes behind it.
func (l *Log) peek() []Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.queue
}

// trim forgets what is beyond the bound of those of whom a tenth of it was
// written since the last time.
func (l *Log) trim(ctx context.Context) error {
	for of, n := range l.since {
		if n < max(l.o.Rows/10, 1) {
			continue
		}
		if err := l.o.Store.Bulk(ctx, func(ctx context.Context, tx Tx) error {
			return tx.TrimRequests(ctx, of.account, of.class, l.o.Rows)
		}); err != nil {
			return err
		}
		delete(l.since, of)
	}
	return nil
}

// expireAtOnce is how many batches one unit of work forgets.
const expireAtOnce = 500

// Expire forgets what is older than the log keeps; where it is off, all.
func (l *Log) Expire(ctx context.Context) error {
	days := l.o.Days
	if !l.On() {
		days = 0
	}
	before := id.LeastUID(l.o.Clock.Now().AddDate(0, 0, -days))
	for {
		n := 0
		err := l.o.Store.Bulk(ctx, func(ctx context.Context, tx Tx) (err error) {
			n, err = tx.ExpireRequests(ctx, before, expireAtOnce)
			return err
		})
		if err != nil || n < expireAtOnce {
			return err
		}
	}
}

// Close writes down what is left.
func (l *Log) Close(ctx context.Context) error {
	l.again = time.Time{}
	for more := true; more; {
		var err error
		if more, err = l.Write(ctx); err != nil {
			return err
		}
		l.mu.Lock()
		more = more || len(l.queue) > 0
		l.mu.Unlock()
	}
	return nil
}

// names are applications and users as far as the log needs them, remembered
// for a while.
type names struct {
	applications map[string]application
	users        map[id.User]string
	byName       map[string]account.User
	until        time.Time
}

type application struct {
	account id.Account // zero where there is none
	name    string
}

// How long, and how many.
const (
	rememberFor = time.Minute
	remember    = 10_000
)

// refresh looks up whom records name, as far as it is not known.
func (n *names) refresh(ctx context.Context, s Store, now time.Time, records []Record) error {
	if now.After(n.until) || len(n.applications)+len(n.users)+len(n.byName) > remember {
		*n = names{map[string]application{}, map[id.User]string{}, map[string]account.User{}, now.Add(rememberFor)}
	}
	clients, users, byName := n.unknown(records)
	if len(clients)+len(users)+len(byName) == 0 {
		return nil
	}
	return s.View(ctx, func(ctx context.Context, tx Tx) error {
		for client := range clients {
			found := application{}
			if uid, err := id.ParseUID(client); err == nil {
				a, err := tx.ApplicationByUID(ctx, uid)
				if err != nil && !fault.Is(err, fault.NotFound) {
					return err
				}
				found = application{a.Account, a.Name}
			}
			n.applications[client] = found
		}
		for user := range users {
			u, err := tx.UserByID(ctx, user)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			n.users[user] = u.Username
		}
		for name := range byName {
			u, err := tx.UserByName(ctx, name)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			n.byName[name] = u
		}
		return nil
	})
}

func (n *names) unknown(records []Record) (clients map[string]bool, users map[id.User]bool, byName map[string]bool) {
	clients, users, byName = map[string]bool{}, map[id.User]bool{}, map[string]bool{}
	for _, r := range records {
		for _, client := range []string{r.Application, r.Named.ClientID} {
			if _, known := n.applications[client]; !known && client != "" {
				clients[client] = true
			}
		}
		if _, known := n.users[r.User]; !known && r.User != 0 {
			users[r.User] = true
		}
		if name := account.UsernameKey(r.Named.Username); name != "" {
			if _, known := n.byName[name]; !known {
				byName[name] = true
			}
		}
	}
	return clients, users, byName
}

// owners returns to whom a request is given, and fills in names: to the account
// in which the caller acted and to that of the application; what only claims to
// come from one of these, marked so; what names nobody to account 0, the
// operator's.
func (n *names) owners(r Record, q *Request) []ownedBy {
	q.Username = n.users[r.User]
	app := n.applications[r.Application]
	q.ApplicationName = app.name
	of := []id.Account{r.Account, app.account}
	if r.Account == 0 {
		if claimed, ok := n.applications[r.Named.ClientID]; ok && claimed.account != 0 && app.account == 0 {
			q.Claimed, q.Application, q.ApplicationName = true, clip(r.Named.ClientID, maxWord), claimed.name
			of = append(of, claimed.account)
		}
		if u := n.byName[account.UsernameKey(r.Named.Username)]; u.ID != 0 {
			q.Claimed, q.Username = true, u.Username
			of = append(of, u.Home)
		}
	}
	of = slices.DeleteFunc(of, func(a id.Account) bool { return a == 0 })
	slices.Sort(of)
	of = slices.Compact(of)
	if len(of) == 0 {
		of = []id.Account{0}
	}
	var all []ownedBy
	for _, a := range of {
		class := q.class()
		if a == 0 && class == Claimed {
			class = Refused
		}
		all = append(all, ownedBy{a, class})
	}
	return all
}
