package store

import (
	"context"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
)

// EventKind says what a contact did with a mail, or what became of it. The
// values are stored.
type EventKind int64

// The kinds.
const (
	EventOpen    EventKind = 1
	EventClick   EventKind = 2
	EventBounce  EventKind = 3
	EventForward EventKind = 4
	EventOptOut  EventKind = 5
)

// Mailing is a campaign activity that went out.
type Mailing struct {
	Number int64
	UID    id.UID
	SentAt time.Time
}

// Send says that a mailing went to a contact.
type Send struct {
	Mailing int64
	Contact id.Contact
	At      time.Time
}

// Event is something that followed.
type Event struct {
	Mailing int64
	Kind    EventKind
	Contact id.Contact
	At      time.Time
	// Link is which link was clicked, or 0.
	Link int64
}

// InsertMailing keeps a mailing, under a new number.
func (tx *Tx) InsertMailing(ctx context.Context, account id.Account, name id.UID, sentAt time.Time) (Mailing, error) {
	n, err := tx.takeNumbers(ctx, account, KindMailing, 1)
	if err != nil {
		return Mailing{}, err
	}
	_, err = tx.q.Exec(ctx, `INSERT INTO mailing (account_id, number, uid, sent_at) VALUES ($1, $2, $3, $4)`,
		int64(account), n, name[:], clock.Millis(sentAt))
	return Mailing{n, name, sentAt}, wrap(err, "keep mailing %d", n)
}

// InsertSends keeps sends that were not kept before.
func (tx *Tx) InsertSends(ctx context.Context, account id.Account, sends []Send) error {
	args := make([]any, 4)
	err := tx.q.InsertRows(ctx, "send", []string{"account_id", "mailing", "contact", "sent_at"}, len(sends), func(i int) ([]any, error) {
		args[0], args[1], args[2], args[3] = int64(account), sends[i].Mailing, int64(sends[i].Contact), clock.Millis(sends[i].At)
		return args, nil
	})
	return wrap(err, "keep sends")
}

var insertEvents = newInsertion(`INSERT INTO event (account_id, mailing, kind, contact, at, link)`, 6, `ON CONFLICT DO NOTHING`)

// InsertEvents keeps events. One that is kept already stays once.
func (tx *Tx) InsertEvents(ctx context.Context, account id.Account, events []Event) error {
	months := map[string]bool{}
	args := make([]any, 0, 6*len(events))
	for _, e := range events {
		if s := tx.d.Month("event", e.At.UTC()); s != "" && !months[s] {
			months[s] = true
			if _, err := tx.q.Exec(ctx, s); err != nil {
				return wrap(err, "make room for events")
			}
		}
		args = append(args, int64(account), e.Mailing, int64(e.Kind), int64(e.Contact), clock.Millis(e.At), e.Link)
	}
	_, err := tx.q.ExecAll(ctx, insertEvents.add(nil, args))
	return wrap(err, "keep events")
}

// lastMailings are the numbers of the newest mailings, the newest first.
func (tx *Tx) lastMailings(ctx context.Context, account id.Account, n int) ([]int64, error) {
	rows, err := tx.q.Query(ctx, `SELECT number FROM mailing WHERE account_id = $1 ORDER BY sent_at DESC, number DESC LIMIT $2`,
		int64(account), n)
	if err != nil {
		return nil, wrap(err, "read mailings")
	}
	numbers, err := scanAll(rows, scanNumber[int64])
	return numbers, wrap(err, "read mailings")
}
