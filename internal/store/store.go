// Package store is where Kith's data is kept: one store over two databases.
// It holds the SQL and the rows; what a change means is decided by the domain.
package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/store/postgres"
	"kith/internal/store/sqldb"
	"kith/internal/store/sqlite"
)

// ErrNested is a unit of work begun inside another. It is a fault of the
// program: the inner one would wait for the outer one for ever.
var ErrNested = errors.New("store: unit of work inside a unit of work")

// Options says which database to open.
type Options struct {
	// DatabaseURL names a PostgreSQL database; where it is empty, Path names
	// an SQLite file.
	DatabaseURL string
	Path        string
	// Clock is asked once per unit of work; nil means the machine's.
	Clock clock.Clock
	// Observer may be nil.
	Observer Observer
}

// Observer hears what the store does; metrics count it. It is called from many
// goroutines.
type Observer interface {
	// Ran is told of every unit of work that ended: how it was run (within,
	// bulk or view), how long it took with all its attempts, and its error.
	Ran(how string, took time.Duration, err error)
}

type deaf struct{}

func (deaf) Ran(string, time.Duration, error) {}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine  sqldb.Engine
	clock   clock.Clock
	uids    *id.Source
	numbers numbers
	tasks   inserter
	bell    task.Bell
	told    Observer
	// erased is the key under which addresses of erased contacts are hashed.
	erased []byte
	// credentials counts the units of work that said BumpCredentials.
	credentials atomic.Int64
}

// Open opens the database. It does not migrate.
func Open(ctx context.Context, o Options) (*Store, error) {
	var (
		e   sqldb.Engine
		err error
	)
	if o.DatabaseURL != "" {
		e, err = postgres.Open(ctx, postgres.Options{URL: o.DatabaseURL})
	} else {
		e, err = sqlite.Open(ctx, sqlite.Options{Path: o.Path})
	}
	if err != nil {
		return nil, explain(err)
	}
	s, err := New(e, o.Clock)
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	if o.Observer != nil {
		s.told = o.Observer
	}
	return s, nil
}

// New returns a store over an engine. A nil clock means the machine's.
func New(e sqldb.Engine, c clock.Clock) (*Store, error) {
	if c == nil {
		c = clock.System{}
	}
	tasks, err := newInserter(e)
	if err != nil {
		return nil, err
	}
	return &Store{engine: e, clock: c, uids: id.NewSource(), tasks: tasks, told: deaf{}}, nil
}

// HashErased gives the key under which addresses of erased contacts are kept as
// hashes: that of secret.Erased. It is called before the store is used.
func (s *Store) HashErased(key []byte) { s.erased = key }

// Migrate brings the schema up to date; with dry it only tells what it would do.
func (s *Store) Migrate(ctx context.Context, dry bool) (from, to int64, err error) {
	return s.engine.Migrate(ctx, dry)
}

// Bell rings after a commit for what the unit of work said with Tx.Wake.
func (s *Store) Bell() *task.Bell { return &s.bell }

// Version returns the schema's version and the one that this program brings.
// It only reads, and so also tells whether the database answers.
func (s *Store) Version(ctx context.Context) (have, want int64, err error) {
	have, want, err = s.engine.Version(ctx)
	return have, want, explain(err)
}

// ErrNoCopy is a database that is not a file: its server's own tools copy it.
var ErrNoCopy = errors.New("store: the database is not a file")

// CopyTo writes what the database holds at one moment to a new file, while
// others read and write; ErrNoCopy where the database is not a file.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	c, ok := s.engine.(interface {
		CopyTo(ctx context.Context, path string) error
	})
	if !ok {
		return ErrNoCopy
	}
	return explain(c.CopyTo(ctx, path))
}

// Inspect checks that a file holds a sound database, which nobody has open,
// and returns the version of its schema.
func Inspect(ctx context.Context, path string) (version int64, err error) {
	version, err = sqlite.Inspect(ctx, path)
	return version, explain(err)
}

// Newest returns the version to which Migrate brings an SQLite file.
func Newest() (int64, error) { return sqlite.Newest() }

// Close waits for what runs and lets go of the database.
func (s *Store) Close() error { return s.engine.Close() }

// Tx is a unit of work, or a view. It satisfies the Tx interface of every
// capability of the domain. Times, numbers and UIDs come from it.
type Tx struct {
	q      sqldb.Querier
	d      sqldb.Dialect
	uids   *id.Source
	tasks  inserter
	now    time.Time
	wake   []string
	erased []byte
	// bumped is set by BumpCredentials.
	bumped bool
	view   bool // nothing is written, and nothing need be held for it
}

// Now is the one time of the unit of work.
func (tx *Tx) Now() time.Time { return tx.now }

// UID returns a new public name.
func (tx *Tx) UID() id.UID { return tx.uids.UID(tx.now) }

// Wake rings the store's bell for a kind of work once the unit of work is
// committed, so that what it left is looked at soon. It is a hint and no more:
// the rows are what counts.
func (tx *Tx) Wake(kind string) {
	if !slices.Contains(tx.wake, kind) {
		tx.wake = append(tx.wake, kind)
	}
}

type inside struct{}

// Within runs fn as one unit of work: everything it writes is kept when Within
// returns nil, and nothing otherwise. fn may run more than once, so it sends
// nothing and appends to nothing outside. The context handed to fn is the one
// to use in it; a unit of work begun with it is refused with ErrNested.
func (s *Store) Within(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return s.run(ctx, "within", s.engine.Within, fn)
}

// Bulk is Within for the batches of a job that can be done again: a loss of
// power, though not of the process, may take the last ones.
func (s *Store) Bulk(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return s.run(ctx, "bulk", s.engine.Bulk, fn)
}

// View runs fn over one unchanging state of the database.
func (s *Store) View(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return s.run(ctx, "view", s.engine.View, func(ctx context.Context, tx *Tx) error {
		tx.view = true
		return fn(ctx, tx)
	})
}

type mode = func(context.Context, func(sqldb.Querier) error) error

func (s *Store) run(ctx context.Context, how string, in mode, fn func(context.Context, *Tx) error) (err error) {
	if ctx.Value(inside{}) != nil {
		return ErrNested
	}
	inner := context.WithValue(ctx, inside{}, true)
	watch := clock.Start()
	defer func() { s.told.Ran(how, watch.Elapsed(), err) }()
	var tx *Tx // of the last attempt
	err = in(ctx, func(q sqldb.Querier) error {
		tx = &Tx{q: q, d: s.engine.Dialect(), uids: s.uids, tasks: s.tasks, now: s.clock.Now(), erased: s.erased}
		return fn(inner, tx)
	})
	if err != nil {
		return explain(err)
	}
	if tx.bumped {
		s.credentials.Add(1)
	}
	for _, kind := range tx.wake {
		s.bell.Ring(kind)
	}
	return nil
}

// explain turns what an engine says into a fault. Unique and reference errors
// stay as they are: only the query that met one knows what was taken. What is a
// fault already stays the fault it is, whatever its cause.
func explain(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
		return fault.ErrNotFound.Because(err)
	case errors.Is(err, sqldb.ErrBusy), errors.Is(err, sqldb.ErrRetry):
		return fault.ErrBusy.Because(err).After(time.Second)
	case errors.Is(err, sqldb.ErrFull), errors.Is(err, sqldb.ErrGone):
		return fault.ErrUnavailable.Because(err).After(5 * time.Second)
	}
	return err
}

// wrap says what was being tried; nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
