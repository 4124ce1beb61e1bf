package store

import (
	"context"
	"time"

	"kith/internal/base/task"
)

// TakeLease gives the lease to its owner when nobody holds the name, and says
// whether it did. The time is the database's, so that the clocks of several
// machines need not agree. A lease that reaches further than anyone could have
// asked for was given before the clock stepped back, and counts as ended.
func (s *Store) TakeLease(ctx context.Context, l task.Lease, ttl time.Duration) (taken bool, err error) {
	now, ms := s.engine.Dialect().Now(), ttl.Milliseconds()
	err = s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.q.Exec(ctx, `
			INSERT INTO lease (name, owner, until) VALUES ($1, $2, `+now+` + $3)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
			WHERE lease.owner = excluded.owner OR lease.until <= `+now+` OR lease.until > `+now+` + $4`,
			l.Name, l.Owner, ms, 2*ms)
		taken = n == 1
		return err
	})
	return taken, wrap(err, "take lease %s", l.Name)
}

// RenewLease makes the lease last for ttl from now. It fails with task.ErrLost
// when somebody else has taken it.
func (s *Store) RenewLease(ctx context.Context, l task.Lease, ttl time.Duration) error {
	err := s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.q.Exec(ctx, `UPDATE lease SET until = `+tx.d.Now()+` + $3 WHERE name = $1 AND owner = $2`,
			l.Name, l.Owner, ttl.Milliseconds())
		return lost(n, err)
	})
	return wrap(err, "renew lease %s", l.Name)
}

// DropLease ends the lease, if it is still its owner's.
func (s *Store) DropLease(ctx context.Context, l task.Lease) error {
	err := s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.Exec(ctx, `DELETE FROM lease WHERE name = $1 AND owner = $2`, l.Name, l.Owner)
		return err
	})
	return wrap(err, "drop lease %s", l.Name)
}

// LiveLeases returns the names under a kind of work ("activity" for
// "activity/…") that are held by anyone.
func (s *Store) LiveLeases(ctx context.Context, work string) (names []string, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		// '0' follows '/', so the range holds what begins with work and a slash.
		rows, err := tx.q.Query(ctx, `
			SELECT name FROM lease WHERE name > $1 AND name < $2 AND until > `+tx.d.Now()+` ORDER BY name`,
			work+"/", work+"0")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		return rows.Err()
	})
	return names, wrap(err, "read leases of %s", work)
}

// Reclaim frees what a dead process held. Where one process at a time has the
// database, whoever starts calls it, and nothing waits for a lease to end by
// itself; where several have it, it does nothing.
func (s *Store) Reclaim(ctx context.Context) error {
	if s.engine.Dialect().Shared() {
		return nil
	}
	err := s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		// river_leader says which process keeps the timetable.
		for _, held := range []string{"lease", "river_leader"} {
			if _, err := tx.q.Exec(ctx, "DELETE FROM "+held); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return wrap(err, "reclaim what was held")
	}
	_, err = s.rescueTasks(ctx)
	return err
}

// Hold makes the unit of work depend on the lease: it fails with task.ErrLost
// when the lease is no longer its owner's, and nobody can take it before the
// unit ends. It is how a batch of long work makes sure that it is not written
// by two.
func (tx *Tx) Hold(ctx context.Context, l task.Lease) error {
	n, err := tx.q.Exec(ctx, `UPDATE lease SET owner = owner WHERE name = $1 AND owner = $2`, l.Name, l.Owner)
	return wrap(lost(n, err), "hold lease %s", l.Name)
}

func lost(touched int64, err error) error {
	if err == nil && touched == 0 {
		return task.ErrLost
	}
	return err
}
