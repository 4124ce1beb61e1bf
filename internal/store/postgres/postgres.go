// Package postgres opens a PostgreSQL database and runs units of work on it.
// What is written and read is the business of package store.
package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"kith/internal/store/sqldb"
)

//go:embed migrations/*.sql
var migrations embed.FS

// attempts bounds how often a unit of work that lost a race is run.
const attempts = 5

// planning keeps plans from depending on how fresh the statistics are: right
// after an import there are none yet, and then a page, which an index yields in
// its order, would be sorted from a bitmap of the whole account. Compiling a
// query of a millisecond takes a hundred.
const planning = "SET enable_bitmapscan = off; SET random_page_cost = 1.1; SET jit = off"

// Options says where the database is and how many connections it may use.
type Options struct {
	URL string
	// Conns is the size of the pool; zero means 16. Commits that wait for the
	// disk at the same time wait together, so a smaller pool writes less.
	Conns int
}

// Engine is an open PostgreSQL database. It meets sqldb.Engine.
type Engine struct {
	pool *pgxpool.Pool
}

// Open connects and checks that the server answers. It does not migrate.
func Open(ctx context.Context, o Options) (*Engine, error) {
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		// The driver's text may hold the password of the URL.
		return nil, errors.New("the database URL cannot be read; its form is postgres://user:password@host:5432/name")
	}
	cfg.MaxConns = 16
	if o.Conns > 0 {
		cfg.MaxConns = int32(min(o.Conns, 1000))
	}
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["application_name"] = "kith"
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, planning)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, translate(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("%w: %w", sqldb.ErrGone, err)
	}
	return &Engine{pool: pool}, nil
}

// Within runs fn as a unit of work, again where it lost against another.
func (e *Engine) Within(ctx context.Context, fn func(sqldb.Querier) error) error {
	return e.run(ctx, pgx.TxOptions{}, nil, fn)
}

// bulkSettings let a batch not wait for the disk, and have it look things up
// by their keys. A table that bulk work has filled is unknown to the planner
// until it is next analysed: for a thousand keys it would read all of it.
const bulkSettings = "SET LOCAL synchronous_commit = off; SET LOCAL enable_seqscan = off; " +
	"SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off"

// Bulk is Within without waiting for the disk: a loss of power may take the
// last batches, which a job does again.
func (e *Engine) Bulk(ctx context.Context, fn func(sqldb.Querier) error) error {
	return e.run(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, bulkSettings)
		return err
	}, fn)
}

// viewing are the options of a view.
var viewing = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// View runs fn over one snapshot.
func (e *Engine) View(ctx context.Context, fn func(sqldb.Querier) error) error {
	return e.run(ctx, viewing, nil, fn)
}

func (e *Engine) run(ctx context.Context, o pgx.TxOptions, first func(pgx.Tx) error, fn func(sqldb.Querier) error) error {
	for attempt := 1; ; attempt++ {
		err := pgx.BeginTxFunc(ctx, e.pool, o, func(tx pgx.Tx) error {
			if first != nil {
				if err := first(tx); err != nil {
					return err
				}
			}
			return fn(&querier{tx: tx, view: e.viewOf(o)})
		})
		err = translate(err)
		if err == nil || !errors.Is(err, sqldb.ErrRetry) || attempt == attempts {
			return err
		}
		// Two units that lost to each other should not meet again at once.
		select {
		case <-time.After(time.Duration(attempt) * 5 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Version returns the schema's version and the newest one known here.
// The table of versions is made before its first row: a process that looks in
// between, while another migrates, sees version 0.
func (e *Engine) Version(ctx context.Context) (have, want int64, err error) {
	if want, err = sqldb.Latest(files()); err != nil {
		return 0, 0, err
	}
	err = e.View(ctx, func(q sqldb.Querier) error {
		var there bool
		err := q.QueryRow(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&there)
		if err != nil || !there {
			return err
		}
		return q.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&have)
	})
	return have, want, err
}

// Migrate brings the schema up to date, each step in its own transaction.
// Processes that start together wait for each other, up to five minutes.
func (e *Engine) Migrate(ctx context.Context, dry bool) (from, to int64, err error) {
	have, want, err := e.Version(ctx)
	if err != nil || have >= want {
		return have, have, err
	}
	if dry {
		return have, want, nil
	}
	db := stdlib.OpenDBFromPool(e.pool)
	defer db.Close()
	wait, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return 0, 0, err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files(), goose.WithSessionLocker(wait))
	if err != nil {
		return 0, 0, err
	}
	if _, err = p.Up(ctx); err != nil {
		return 0, 0, translate(err)
	}
	return have, want, nil
}

// Pool is for the job library alone.
func (e *Engine) Pool() *pgxpool.Pool { return e.pool }

// Dialect says how PostgreSQL differs.
func (e *Engine) Dialect() sqldb.Dialect { return dialect{} }

// Close waits for connections in use and closes all.
func (e *Engine) Close() error {
	e.pool.Close()
	return nil
}

type dialect struct{}

func (dialect) Name() string      { return "postgres" }
func (dialect) ForUpdate() string { return "FOR UPDATE" }
func (dialect) ForShare() string  { return "FOR KEY SHARE" }

func (dialect) Among(column, mark string) string {
	return column + " = ANY(" + mark + "::bigint[])"
}

func (d dialect) AmongOrdered(column, mark string) string {
	array := mark + "::bigint[]"
	return d.Among(column, mark) + " AND " + column + " BETWEEN (" + array + ")[1] AND (" + array + ")[cardinality(" + array + ")]"
}

// Like folds ASCII only, as SQLite does: the letters of all the world cost
// twice as much to compare.
func (dialect) Like(column, mark string) string {
	return column + ` COLLATE "C" ILIKE ` + mark
}

func (d dialect) MemberLike(column, name, mark string) string {
	return "EXISTS (SELECT 1 FROM jsonb_array_elements(CAST(NULLIF(" + column + ", '') AS jsonb)) AS o WHERE " +
		d.Like("o ->> '"+name+"'", mark) + ")"
}

func (dialect) Decimal(expression string) string {
	return "CASE WHEN " + expression + ` ~ '^-?[0-9]+([.][0-9]+)?$' THEN CAST(` + expression + " AS double precision) END"
}

func (dialect) HasBytes(column, mark string) string {
	return "position(" + mark + "::bytea in " + column + ") > 0"
}

// Month makes the partition of a month. The lock keeps two processes from
// making the same one at once.
func (dialect) Month(table string, t time.Time) string {
	from := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 1, 0)
	return fmt.Sprintf(`DO $$ BEGIN
	IF to_regclass('%[1]s_%[2]s') IS NULL THEN
		PERFORM pg_advisory_xact_lock(hashtext('partition of %[1]s'));
		CREATE TABLE IF NOT EXISTS %[1]s_%[2]s PARTITION OF %[1]s FOR VALUES FROM (%[3]d) TO (%[4]d);
	END IF;
END $$`, table, from.Format("2006_01"), from.UnixMilli(), to.UnixMilli())
}

// Packs is false: columns come together, as bytes that need not be parsed.
func (dialect) Packs() bool { return false }

func (dialect) Each(mark string) string { return "unnest(" + mark + "::text[]) AS each (value)" }
func (dialect) EachNumber(mark string) string {
	return "unnest(" + mark + "::bigint[]) AS each (value)"
}

func (dialect) Texts(in []string) any { return in }
func (dialect) Along(string) string   { return "" }

func (dialect) Numbers(n []int64) any { return n }
func (dialect) SkipLocked() string    { return "FOR UPDATE SKIP LOCKED" }
func (dialect) Now() string {
	return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
}

func (dialect) LastAttempt() string {
	return "river_job.attempted_by[cardinality(river_job.attempted_by)]"
}
func (dialect) Shared() bool { return true }

// translate names a driver's error by its SQLSTATE. It is the only place that
// knows PostgreSQL's codes (its manual, appendix A).
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return sqldb.ErrNoRows
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if c, ok := errors.AsType[*pgconn.ConnectError](err); ok {
			return fmt.Errorf("%w: %w", sqldb.ErrGone, c)
		}
		return err
	}
	var kind error
	switch e.Code {
	case "23505":
		kind = sqldb.ErrUnique
	case "23503":
		kind = sqldb.ErrReference
	case "40001", "40P01":
		kind = sqldb.ErrRetry
	case "55P03":
		kind = sqldb.ErrBusy
	case "53100", "53200":
		kind = sqldb.ErrFull
	case "57P01", "57P02", "57P03", "53300":
		kind = sqldb.ErrGone
	default:
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func files() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// querier runs SQL on a transaction; the driver keeps prepared statements.
type querier struct {
	tx pgx.Tx
	// view is the engine whose view this is; nil in a unit of work.
	view *Engine
}

// Lend lets the job library, and nobody else, write in the unit of work.
func (q *querier) Lend(fn func(pgx.Tx) error) error { return translate(fn(q.tx)) }

func (q *querier) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	tag, err := q.tx.Exec(ctx, text, args...)
	return tag.RowsAffected(), translate(err)
}

func (q *querier) ExecAll(ctx context.Context, all []sqldb.Statement) ([]int64, error) {
	b := &pgx.Batch{}
	for _, s := range all {
		b.Queue(s.SQL, s.Args...)
	}
	touched := make([]int64, len(all))
	results := q.tx.SendBatch(ctx, b)
	for i := range all {
		tag, err := results.Exec()
		if err != nil {
			_ = results.Close() // it says the same again
			return nil, translate(err)
		}
		touched[i] = tag.RowsAffected()
	}
	return touched, translate(results.Close())
}

func (q *querier) Query(ctx context.Context, text string, args ...any) (sqldb.Rows, error) {
	r, err := q.tx.Query(ctx, text, args...)
	if err != nil {
		return nil, translate(err)
	}
	return rows{r}, nil
}

func (q *querier) QueryRow(ctx context.Context, text string, args ...any) sqldb.Row {
	return row{q.tx.QueryRow(ctx, text, args...)}
}

type rows struct{ pgx.Rows }

func (r rows) Scan(dest ...any) error { return translate(r.Rows.Scan(dest...)) }
func (r rows) Err() error             { return translate(r.Rows.Err()) }

type row struct{ r pgx.Row }

func (r row) Scan(dest ...any) error { return translate(r.r.Scan(dest...)) }
