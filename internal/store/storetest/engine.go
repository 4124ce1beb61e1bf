// Package storetest is the one suite that both databases pass.
package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"kith/internal/store/sqldb"
)

// Engine checks the promises of sqldb.Engine on the database that open
// returns, which must be fresh for each call.
func Engine(t *testing.T, open func(t *testing.T) sqldb.Engine) {
	t.Run("migrate says what it does", func(t *testing.T) {
		e := open(t)
		if have, _, err := e.Version(t.Context()); err != nil || have != 0 {
			t.Fatalf("an empty database: version %d, %v", have, err)
		}
		from, to, err := e.Migrate(t.Context(), true)
		if err != nil || from != 0 || to == 0 {
			t.Fatalf("dry: from %d to %d, %v", from, to, err)
		}
		for i, want := range []int64{0, to} {
			got, _, err := e.Migrate(t.Context(), false)
			if err != nil || got != want {
				t.Fatalf("run %d: from %d, %v; want from %d", i, got, err, want)
			}
		}
		have, want, err := e.Version(t.Context())
		if err != nil || have != to || want != to {
			t.Errorf("afterwards: version %d of %d, %v; want %d", have, want, err, to)
		}
		// A schema brought up to date must still be writable.
		put(t, e, 1)
	})

	t.Run("a failed unit leaves nothing", func(t *testing.T) {
		e := migrated(t, open)
		wrong := errors.New("wrong")
		err := e.Within(t.Context(), func(q sqldb.Querier) error {
			if err := insert(t.Context(), q, 1); err != nil {
				return err
			}
			return wrong
		})
		if !errors.Is(err, wrong) {
			t.Errorf("got %v, want the unit's own error", err)
		}
		if n := count(t, e); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})

	t.Run("a panic leaves nothing and the database usable", func(t *testing.T) {
		e := migrated(t, open)
		for _, run := range []func(context.Context, func(sqldb.Querier) error) error{e.Within, e.Bulk} {
			func() {
				defer func() {
					if recover() == nil {
						t.Error("the panic did not come through")
					}
				}()
				_ = run(t.Context(), func(q sqldb.Querier) error {
					if err := insert(t.Context(), q, 1); err != nil {
						return err
					}
					panic("on purpose")
				})
			}()
		}
		put(t, e, 2)
		if n := count(t, e); n != 1 {
			t.Errorf("%d rows, want the one put afterwards", n)
		}
	})

	t.Run("units that arrive together are independent", func(t *testing.T) {
		e := migrated(t, open)
		const units = 200
		var wg sync.WaitGroup
		for i := range units {
			wg.Go(func() {
				err := e.Within(t.Context(), func(q sqldb.Querier) error {
					if err := insert(t.Context(), q, i); err != nil {
						return err
					}
					if i%4 == 0 {
						return errors.New("every fourth fails")
					}
					return nil
				})
				if (err != nil) != (i%4 == 0) {
					t.Errorf("unit %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got, want := count(t, e), units*3/4; got != want {
			t.Errorf("%d rows, want %d", got, want)
		}
	})

	t.Run("a caller that gives up strands nobody", func(t *testing.T) {
		e := migrated(t, open)
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				if i%2 == 0 {
					cancel()
				}
				defer cancel()
				err := e.Within(ctx, func(q sqldb.Querier) error { return insert(t.Context(), q, i) })
				if i%2 == 1 && err != nil {
					t.Errorf("unit %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, e); n < 50 {
			t.Errorf("%d rows, want at least the 50 whose callers waited", n)
		}
	})

	t.Run("a caller that gives up in the middle takes nobody with it", func(t *testing.T) {
		e := migrated(t, open)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				err := e.Within(ctx, func(q sqldb.Querier) error {
					if err := insert(ctx, q, i); err != nil {
						return err
					}
					if i%2 == 1 {
						return nil
					}
					if i%4 == 0 {
						cancel() // before the statement
					} else {
						time.AfterFunc(2*time.Millisecond, cancel) // while it runs
					}
					_, err := q.Exec(ctx, `INSERT INTO number_block (account_id, kind, next)
						WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
						SELECT $1 + i, 'list', 1 FROM n`, (i+1)*1_000_000)
					<-ctx.Done() // on a busy machine it may come after the statement
					return cmp.Or(err, ctx.Err())
				})
				if i%2 == 1 && err != nil {
					t.Errorf("unit %d, whose caller waited: %v", i, err)
				}
				if i%2 == 0 && !errors.Is(err, context.Canceled) {
					t.Errorf("unit %d, whose caller gave up: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, e); n != 20 {
			t.Errorf("%d rows, want those of the 20 whose callers waited", n)
		}
	})

	t.Run("errors are named", func(t *testing.T) {
		e := migrated(t, open)
		put(t, e, 1)
		err := e.Within(t.Context(), func(q sqldb.Querier) error { return insert(t.Context(), q, 1) })
		if !errors.Is(err, sqldb.ErrUnique) {
			t.Errorf("a second row with one key: %v, want ErrUnique", err)
		}
		err = e.View(t.Context(), func(q sqldb.Querier) error {
			var n int
			return q.QueryRow(t.Context(), "SELECT next FROM number_block WHERE account_id = $1", 99).Scan(&n)
		})
		if !errors.Is(err, sqldb.ErrNoRows) {
			t.Errorf("a missing row: %v, want ErrNoRows", err)
		}
	})

	t.Run("a view does not write and does not move", func(t *testing.T) {
		e := migrated(t, open)
		put(t, e, 1)
		err := e.View(t.Context(), func(q sqldb.Querier) error {
			before, err := rows(t.Context(), q)
			if err != nil {
				return err
			}
			put(t, e, 2)
			after, err := rows(t.Context(), q)
			if before != 1 || after != 1 {
				t.Errorf("the view saw %d, then %d rows", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.View(t.Context(), func(q sqldb.Querier) error { return insert(t.Context(), q, 3) }); err == nil {
			t.Error("a view wrote")
		}
	})

	t.Run("bulk and single units take turns", func(t *testing.T) {
		e := migrated(t, open)
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 25 {
					run := e.Within
					if w%2 == 0 {
						run = e.Bulk
					}
					if err := run(t.Context(), func(q sqldb.Querier) error { return insert(t.Context(), q, w*100+i) }); err != nil {
						t.Errorf("writer %d: %v", w, err)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, e); n != 100 {
			t.Errorf("%d rows, want 100", n)
		}
	})
}

func migrated(t *testing.T, open func(t *testing.T) sqldb.Engine) sqldb.Engine {
	t.Helper()
	e := open(t)
	if _, _, err := e.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	return e
}

func insert(ctx context.Context, q sqldb.Querier, account int) error {
	_, err := q.Exec(ctx, "INSERT INTO number_block (account_id, kind, next) VALUES ($1, $2, $3)", account, "contact", 1)
	return err
}

func put(t *testing.T, e sqldb.Engine, account int) {
	t.Helper()
	if err := e.Within(t.Context(), func(q sqldb.Querier) error { return insert(t.Context(), q, account) }); err != nil {
		t.Fatal(fmt.Errorf("put %d: %w", account, err))
	}
}

func rows(ctx context.Context, q sqldb.Querier) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT count(*) FROM number_block").Scan(&n)
	return n, err
}

func count(t *testing.T, e sqldb.Engine) (n int) {
	t.Helper()
	err := e.View(t.Context(), func(q sqldb.Querier) (err error) {
		n, err = rows(t.Context(), q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
