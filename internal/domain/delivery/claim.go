package delivery

import (
	"context"
	"slices"

	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/message"
)

// room is how many mails the lanes can take; a lane is filled up when half of
// what it holds ahead is gone.
func (r *run) room() (n int) {
	for _, ln := range r.lanes {
		if free := ln.room(); free >= ahead/2 || ln.tries.Load() {
			n += free
		}
	}
	return n
}

// claim gives mails to the lanes: those that have come back from a lane in
// trouble, and queued ones. It says whether there may be more whose time has
// come. looks is for what is looked after now and then only.
func (r *run) claim(looks bool) (more bool, err error) {
	r.mu.Lock()
	back := r.back
	r.mu.Unlock()
	var rows []message.Row
	var room int
	err = r.s.o.Store.Within(r.ctx, func(ctx context.Context, tx Tx) error {
		if looks {
			if err := recoverMails(ctx, tx); err != nil {
				return err
			}
		}
		states, err := tx.RelayStates(ctx)
		if err != nil {
			return err
		}
		rows, room, more = nil, 0, true
		for _, ln := range r.lanes {
			is := slices.IndexFunc(states, func(s RelayState) bool { return s.Name == ln.Name })
			if is < 0 {
				ln.learn(RelayState{}, tx.Now())
			} else {
				ln.learn(states[is], tx.Now())
			}
			room += ln.room()
		}
		if room <= len(back) {
			return nil
		}
		if rows, err = tx.ClaimMails(ctx, r.lease, room-len(back)); err != nil {
			return err
		}
		more = len(rows) == room-len(back)
		rows, err = r.holdBack(ctx, tx, rows)
		return err
	})
	if err != nil {
		return false, err
	}
	rows = append(slices.Clone(back[:min(len(back), room)]), rows...)
	r.mu.Lock()
	r.back = slices.Delete(r.back, 0, min(len(back), room))
	r.mu.Unlock()
	for _, row := range rows {
		ln := slices.MaxFunc(r.lanes, func(a, b *lane) int { return a.room() - b.room() })
		r.open.Add(1)
		ln.busy.Add(1)
		ln.rows <- row
	}
	return more, nil
}

// holdBack settles mails to contacts whose address is suppressed, and returns
// the others.
func (r *run) holdBack(ctx context.Context, tx Tx, rows []message.Row) ([]message.Row, error) {
	asked := map[id.Account][]email.Address{}
	for _, row := range rows {
		if row.Contact != 0 {
			asked[row.Account] = append(asked[row.Account], row.To)
		}
	}
	held := map[id.Account]map[email.Address]Suppression{}
	for account, addresses := range asked {
		var err error
		if held[account], err = r.s.o.Hashes.Suppressed(ctx, tx, account, addresses); err != nil {
			return nil, err
		}
	}
	var settled []message.Mail
	rows = slices.DeleteFunc(rows, func(row message.Row) bool {
		s, found := held[row.Account][row.To]
		if row.Contact == 0 || !found || !s.Stops(row.Kind) {
			return false
		}
		m := row.Mail
		m.State, m.Reply, m.SettledAt = message.Failed, s.Reply(), tx.Now()
		settled = append(settled, m)
		return true
	})
	return rows, tx.SettleMails(ctx, r.lease, settled)
}
