// Package sqlite opens an SQLite file and runs units of work on it: one
// writer, whose units share commits, and several readers. What is written and
// read is the business of package store.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kith/internal/store/sqldb"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options says where the file is and what it may use.
type Options struct {
	// Path is the file; its folder must exist.
	Path string
	// Readers is how many connections read at once; zero means 4.
	Readers int
	// WriterCache and ReaderCache are bytes of page cache per connection;
	// zero means 32 MiB and 4 MiB.
	WriterCache, ReaderCache int

	// impatient is for tests that must see a locked file at once: nothing
	// waits for the lock of another process.
	impatient bool
}

// Engine is an open SQLite database. It meets sqldb.Engine.
type Engine struct {
	o       Options
	readers *readers
	w       *writer

	jobsOnce sync.Mutex
	jobs     *sql.DB // nil until asked for
}

// settings must hold on every connection. The driver passes over a pragma it
// cannot read, so each is asked for again after opening.
func (o Options) settings(cache int) map[string]string {
	patience := "15000"
	if o.impatient {
		patience = "0"
	}
	return map[string]string{
		"journal_mode": "wal",
		"foreign_keys": "1",
		"busy_timeout": patience,
		"synchronous":  "2",
		"cache_size":   strconv.Itoa(-cache / 1024),
		"temp_store":   "2",
	}
}

// Open opens the file, creating it where there is none, and asserts that
// every setting holds. It does not migrate.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if err := registerMarks(); err != nil {
		return nil, err
	}
	if o.Readers == 0 {
		o.Readers = 4
	}
	if o.WriterCache == 0 {
		o.WriterCache = 32 << 20
	}
	if o.ReaderCache == 0 {
		o.ReaderCache = 4 << 20
	}
	write, err := o.open(ctx, "rw", 1, o.WriterCache)
	if err != nil {
		return nil, err
	}
	read, err := o.open(ctx, "ro", o.Readers, o.ReaderCache)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &Engine{o: o, readers: newReaders(read, o.Readers), w: newWriter(write)}, nil
}

func (o Options) open(ctx context.Context, mode string, conns, cache int) (*sql.DB, error) {
	dsn, want, err := o.source(mode, cache)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	if err := o.assert(ctx, db, conns, want); err != nil {
		return nil, err
	}
	return db, nil
}

// source returns the name under which the driver opens the file, and what must
// hold on its connections.
func (o Options) source(mode string, cache int) (dsn string, want map[string]string, err error) {
	abs, err := filepath.Abs(o.Path)
	if err != nil {
		return "", nil, err
	}
	q := url.Values{}
	// The page size counts only while the file is empty, so it comes first.
	q.Add("_pragma", "page_size(8192)")
	want = o.settings(cache)
	for name, value := range want {
		q.Add("_pragma", name+"("+value+")")
	}
	if mode == "ro" {
		q.Add("_pragma", "query_only(1)")
		want["query_only"] = "1"
	} else {
		q.Set("_txlock", "immediate")
	}
	return (&url.URL{Scheme: "file", Path: abs, RawQuery: q.Encode()}).String(), want, nil
}

// assert checks that a new pool has the settings, and closes it if not.
func (o Options) assert(ctx context.Context, db *sql.DB, conns int, want map[string]string) error {
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	for name, value := range want {
		var got string
		// As a SELECT, since a pragma by itself may also write.
		if err := db.QueryRowContext(ctx, "SELECT * FROM pragma_"+name).Scan(&got); err != nil {
			return errors.Join(fmt.Errorf("open %s: %w", o.Path, translate(err)), db.Close())
		}
		if !strings.EqualFold(got, value) {
			return errors.Join(fmt.Errorf("open %s: %s is %s, want %s", o.Path, name, got, value), db.Close())
		}
	}
	return nil
}

// Within runs fn as a unit of work. See writer.
func (e *Engine) Within(ctx context.Context, fn func(sqldb.Querier) error) error {
	return e.w.within(ctx, fn)
}

// Bulk runs fn in a commit of its own that does not wait for the disk.
func (e *Engine) Bulk(ctx context.Context, fn func(sqldb.Querier) error) error {
	return e.w.bulk(ctx, fn)
}

// View runs fn over one snapshot.
func (e *Engine) View(ctx context.Context, fn func(sqldb.Querier) error) error {
	return e.readers.view(ctx, fn)
}

// Dialect says how SQLite differs.
func (e *Engine) Dialect() sqldb.Dialect { return dialect{} }

// Close lets go of the file. Units of work still running end first.
// The job library must have been stopped before.
func (e *Engine) Close() error {
	var errs []error
	if e.jobs != nil {
		errs = append(errs, e.jobs.Close())
	}
	return errors.Join(append(errs, e.readers.close(), e.w.close())...)
}

type dialect struct{}

func (dialect) Name() string      { return "sqlite" }
func (dialect) ForUpdate() string { return "" }
func (dialect) ForShare() string  { return "" }

func (dialect) Among(column, mark string) string {
	return column + " IN (SELECT value FROM json_each(" + mark + "))"
}

// AmongOrdered needs no bounds: numbers from JSON are always looked up one by
// one.
func (d dialect) AmongOrdered(column, mark string) string { return d.Among(column, mark) }

// Each takes the texts out of JSON. CROSS JOIN keeps SQLite from turning the
// order of the tables round: it knows nothing of how many rows an account has,
// and would rather read all of them than look up a few.
func (dialect) Each(mark string) string { return "json_each(" + mark + ") AS each" }

func (d dialect) EachNumber(mark string) string { return d.Each(mark) }

// Packs is true: each column of a row is asked for by three calls, which take a
// lock each.
func (dialect) Packs() bool { return true }

func (dialect) Texts(in []string) any {
	b, err := json.Marshal(in)
	if err != nil {
		panic(err) // texts always are JSON
	}
	return string(b)
}

func (dialect) Like(column, mark string) string {
	return column + " LIKE " + mark + ` ESCAPE '\'`
}

func (d dialect) MemberLike(column, name, mark string) string {
	return "EXISTS (SELECT 1 FROM json_each(NULLIF(" + column + ", '')) AS o WHERE " +
		d.Like("json_extract(o.value, '$."+name+"')", mark) + ")"
}

// Decimal knows that what is kept in a field of numbers is one.
func (dialect) Decimal(expression string) string { return "CAST(" + expression + " AS REAL)" }

func (dialect) HasBytes(column, mark string) string { return "instr(" + column + ", " + mark + ") > 0" }

func (dialect) Month(string, time.Time) string { return "" }

func (dialect) Along(index string) string { return " INDEXED BY " + index }

func (dialect) Numbers(n []int64) any {
	b := append(make([]byte, 0, 2+8*len(n)), '[')
	for i, v := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, v, 10)
	}
	return string(append(b, ']'))
}
func (dialect) SkipLocked() string { return "" }
func (dialect) Now() string        { return "CAST(unixepoch('subsec') * 1000 AS INTEGER)" }
func (dialect) LastAttempt() string {
	return "json_extract(river_job.attempted_by, '$[#-1]')"
}
func (dialect) Shared() bool { return false }

// translate names a driver's error by its code. It is the only place that
// knows SQLite's codes.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return sqldb.ErrNoRows
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return fmt.Errorf("%w: %w", sqldb.ErrUnique, err)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fmt.Errorf("%w: %w", sqldb.ErrReference, err)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", sqldb.ErrBusy, err)
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%w: %w", sqldb.ErrFull, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%w: %w", sqldb.ErrGone, err)
	}
	return err
}

func files() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
