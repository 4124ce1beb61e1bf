package delivery

import (
	"context"
	"slices"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/message"
)

// room is how many mails the lanes can take; a lane is filled up when half of
// what it holds ahead is gone.
func (r *run) room() (n int) {
	for _, ln := range r.lanes {
		if free := ln.room(); !ln.full && (free >= ahead/2 || ln.tries.Load()) {
			n += free
		}
	}
	return n
}

// plan is what one claim gives to whom.
type plan struct {
	counts *counts
	room   map[*lane]int
	total  int
	mails  map[*lane][]message.Row
	later  []message.Mail // with the time until which they are put back
	more   bool           // there may be more whose time has come
	// paced is when a lane has room again that has none for its limits.
	paced time.Duration
}

// claim gives mails to the lanes: those that have come back from a lane in
// trouble, and queued ones. It says whether there may be more whose time has
// come. looks is for what is looked after now and then only.
func (r *run) claim(looks bool) (more bool, err error) {
	r.mu.Lock()
	back := slices.Clone(r.back)
	r.mu.Unlock()
	var p plan
	err = r.s.o.Store.Within(r.ctx, func(ctx context.Context, tx Tx) error {
		if looks {
			if err := recoverMails(ctx, tx); err != nil {
				return err
			}
			if err := tx.TrimCounts(ctx); err != nil {
				return err
			}
		}
		if err := r.look(ctx, tx, &p); err != nil {
			return err
		}
		return r.fill(ctx, tx, &p, back[:min(len(back), p.total)])
	})
	if err != nil {
		return false, err
	}
	r.mu.Lock()
	r.back = slices.Delete(r.back, 0, min(len(back), p.total))
	r.mu.Unlock()
	r.paced = p.paced
	for ln, rows := range p.mails {
		for _, row := range rows {
			r.open.Add(1)
			ln.busy.Add(1)
			ln.rows <- row
		}
	}
	return p.more, nil
}

// look finds out for how many mails the lanes have room.
func (r *run) look(ctx context.Context, tx Tx, p *plan) error {
	*p = plan{room: map[*lane]int{}, mails: map[*lane][]message.Row{}, more: true}
	states, err := tx.RelayStates(ctx)
	if err != nil {
		return err
	}
	for _, ln := range r.lanes {
		is := RelayState{}
		if i := slices.IndexFunc(states, func(s RelayState) bool { return s.Name == ln.Name }); i >= 0 {
			is = states[i]
		}
		ln.learn(is, tx.Now())
	}
	if p.counts, err = readCounts(ctx, tx, r.lanes); err != nil {
		return err
	}
	for _, ln := range r.lanes {
		room := ln.room()
		for _, pace := range ln.Limits.paces(ln.Name) {
			c := p.counts.of(pace)
			free := pace.room(c, tx.Now())
			if wait := pace.when(c, tx.Now(), 1).Sub(tx.Now()); room > 0 && free == 0 && (p.paced == 0 || wait < p.paced) {
				p.paced = wait
			}
			room = min(room, free)
		}
		ln.full = room == 0 && ln.room() > 0
		p.room[ln] = room
		p.total += room
	}
	return nil
}

// fill claims mails and plans who gets them. back are claimed already.
func (r *run) fill(ctx context.Context, tx Tx, p *plan, back []message.Row) error {
	rows := back
	if want := p.total - len(back); want > 0 {
		claimed, err := tx.ClaimMails(ctx, r.lease, want)
		if err != nil {
			return err
		}
		p.more = len(claimed) == want
		if claimed, err = r.holdBack(ctx, tx, claimed); err != nil {
			return err
		}
		rows = slices.Concat(rows, claimed)
	}
	if len(rows) == 0 {
		return nil
	}
	if err := p.counts.readDomains(ctx, tx, r.lanes, rows); err != nil {
		return err
	}
	waiting := map[string]int{} // by domain: how many were put back
	for _, row := range rows {
		ln, next := r.choose(p, row.To.Domain(), waiting[row.To.Domain()]+1)
		if ln == nil {
			waiting[row.To.Domain()]++
			m := row.Mail
			m.NextAt = next
			p.later = append(p.later, m)
			continue
		}
		p.mails[ln] = append(p.mails[ln], row)
		p.room[ln]--
		for _, pace := range ln.Limits.paces(ln.Name) {
			p.counts.add(pace, 1)
		}
		if ln.Limits.DomainPerMinute > 0 {
			p.counts.add(ln.Limits.ofDomain(ln.Name, row.To.Domain()), 1)
		}
	}
	if err := p.counts.keep(ctx, tx); err != nil {
		return err
	}
	return tx.PutBackMails(ctx, r.lease, p.later)
}

// choose returns the lane with the most room that may have a mail for a domain.
// Where none may, it returns when one may have the nth such mail: as many of
// a domain as are too many come back one after the other, and not together.
func (r *run) choose(p *plan, domain string, n int) (best *lane, next time.Time) {
	for _, ln := range r.lanes {
		if p.room[ln] == 0 {
			continue
		}
		if ln.Limits.DomainPerMinute > 0 {
			pace := ln.Limits.ofDomain(ln.Name, domain)
			if c := p.counts.of(pace); pace.room(c, p.counts.now) == 0 {
				if at := pace.when(c, p.counts.now, n); next.IsZero() || at.Before(next) {
					next = at
				}
				continue
			}
		}
		if best == nil || p.room[ln] > p.room[best] {
			best = ln
		}
	}
	if next.IsZero() {
		next = p.counts.now
	}
	return best, next
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
