package delivery

import (
	"context"
	"fmt"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/message"
)

// Teller is who told a notice. It is stored and shown.
type Teller string

// The tellers.
const (
	TellerMail     Teller = "mail"  // a mail that came to a return path
	TellerRelay    Teller = "relay" // the relay itself, as it was handed the mail
	TellerSES      Teller = "ses"
	TellerSendGrid Teller = "sendgrid"
	TellerMailgun  Teller = "mailgun"
	TellerPostmark Teller = "postmark"
)

// Taken says what became of a notice.
type Taken string

// What may become of one.
const (
	// Counted is a notice that told something new.
	Counted Taken = "counted"
	// Repeated is one that was told before, by whomever.
	Repeated Taken = "repeated"
	// Stray is one about no mail that is known here.
	Stray Taken = "stray"
)

// NoticeStore keeps what came back. The store meets it.
type NoticeStore interface {
	Within(ctx context.Context, fn func(context.Context, NoticeTx) error) error
	View(ctx context.Context, fn func(context.Context, NoticeTx) error) error
}

// NoticeTx is what notices ask of a unit of work.
type NoticeTx interface {
	SuppressionTx
	IntakeTx

	// MailByNumber and MailByMessageID fail with fault.ErrNotFound.
	MailByNumber(ctx context.Context, account id.Account, number id.Mail) (message.Row, error)
	MailByMessageID(ctx context.Context, messageID string) (message.Mail, error)
	// NoteNotice keeps a notice in the delivery history of a mail. fresh is
	// false, and nothing is kept, where one of its kind is there: a mail has
	// one recipient and bounces once.
	NoteNotice(ctx context.Context, account id.Account, mail id.Mail, n Notice, by Teller) (fresh bool, err error)
	// Known says whether anything is known of an address (see HoldStanding). It
	// holds nothing.
	Known(ctx context.Context, account id.Account, hash Hash) (bool, error)
}

// Notices judges what came back for mail: what an address is worth, and
// whether a contact wants no more. It is safe for concurrent use.
type Notices struct {
	o NoticeOptions
}

// NoticeOptions is what the service is made of.
type NoticeOptions struct {
	Store  NoticeStore
	Hashes Hashes
	Paths  ReturnPaths
	// Read reads mails that were taken in; outbound/bounce meets it.
	Read Reader
	// Told hears of every notice that was taken, after it is kept; nil hears
	// nothing.
	Told func(by Teller, k Kind, became Taken)
}

// NewNotices returns the service.
func NewNotices(o NoticeOptions) *Notices {
	if o.Told == nil {
		o.Told = func(Teller, Kind, Taken) {}
	}
	return &Notices{o}
}

// Paths returns what reads the addresses that notices come to.
func (s *Notices) Paths() ReturnPaths { return s.o.Paths }

// Take judges notices that somebody told, each in a unit of work of its own:
// after an error those before it are kept, and all may be told again. With an
// account, only its own mail is meant.
func (s *Notices) Take(ctx context.Context, by Teller, only id.Account, all []Notice) error {
	for _, n := range all {
		var became Taken
		err := s.o.Store.Within(ctx, func(ctx context.Context, tx NoticeTx) (err error) {
			became, err = s.take(ctx, tx, by, only, n)
			return err
		})
		if err != nil {
			return err
		}
		s.o.Told(by, n.Kind, became)
	}
	return nil
}

func (s *Notices) take(ctx context.Context, tx NoticeTx, by Teller, only id.Account, n Notice) (Taken, error) {
	m, err := s.about(ctx, tx, n)
	if err == nil && only != 0 && m.Account != only {
		err = fault.ErrNotFound
	}
	if fault.Is(err, fault.NotFound) {
		return Stray, tx.PutStray(ctx, stray(n, by, tx.Now()), maxStrays)
	}
	if err != nil {
		return "", err
	}
	if n.At.IsZero() || n.At.After(tx.Now()) {
		n.At = tx.Now()
	}
	fresh, err := tx.NoteNotice(ctx, m.Account, m.Number, n, by)
	if err != nil || !fresh {
		return Repeated, err
	}
	return Counted, s.judge(ctx, tx, m, n, change.Origin{Via: string(account.ViaSystem), Operation: "notice: " + string(by)})
}

// about finds the mail that a notice is about: by our own mark, by the return
// path, else by the Message-ID, which nobody can guess who has not had the
// mail.
func (s *Notices) about(ctx context.Context, tx NoticeTx, n Notice) (message.Mail, error) {
	a, number, ok := s.o.Paths.Read(n.Sent)
	if !ok && n.Mark != "" {
		a, number, ok = s.o.Paths.ReadMark(n.Mark)
	}
	if ok {
		row, err := tx.MailByNumber(ctx, a, number)
		return row.Mail, err
	}
	if n.MessageID == "" {
		return message.Mail{}, fault.ErrNotFound
	}
	return tx.MailByMessageID(ctx, n.MessageID)
}

// Refused judges what the relay said of a mail that failed for good. It is
// called in the unit of work that settles the mail. What a relay has against
// us, or against what we sent, is nothing against the recipient.
func (s *Notices) Refused(ctx context.Context, tx Tx, m message.Mail, reply string) error {
	t, ok := tx.(NoticeTx)
	if !ok {
		return fmt.Errorf("delivery: %T keeps no notices", tx)
	}
	status := StatusIn(reply)
	n := Notice{Kind: Bounced, Cause: Judge(status, reply), Status: status, Reply: reply, At: tx.Now()}
	if n.Cause == Blocked || n.Cause == Other {
		return nil
	}
	return s.judge(ctx, t, m, n, change.Origin{Via: string(account.ViaSystem), Operation: "notice: " + string(TellerRelay)})
}

// judge brings about what a notice means for the address and the contact.
func (s *Notices) judge(ctx context.Context, tx NoticeTx, m message.Mail, n Notice, by change.Origin) error {
	if m.Contact == 0 || m.To.IsZero() {
		return nil // a user's own mail: they hear of it by asking again; or the contact was erased
	}
	if n.Kind == Complained || n.Kind == OptedOut {
		if err := contact.OptOutTold(ctx, tx, m.Account, m.Contact, by, optOutWords[n.Kind]); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if n.Kind == Bounced {
		row := change.Row{Kind: change.ContactBounced, Ref: int64(m.Contact), Detail: change.Detail{Mail: string(m.Kind), Why: n.Cause.Code()}}
		if err := tx.RecordChange(ctx, m.Account, by, row); err != nil {
			return err
		}
	}
	hash := s.o.Hashes.Of(m.Account, m.To)
	if n.Kind == Arrived || n.Kind == Answered {
		// Nearly all mail arrives at addresses of which nothing is known.
		if known, err := tx.Known(ctx, m.Account, hash); err != nil || !known {
			return err
		}
	}
	was, err := tx.HoldStanding(ctx, m.Account, hash)
	if err != nil {
		return err
	}
	next := was.After(n, m.Number, tx.Now()).named(hash, m.To)
	if err := tx.PutStanding(ctx, m.Account, next); err != nil {
		return err
	}
	return tellStanding(ctx, tx, m.Account, m.Contact, was, next, by, arrivedWhy)
}

// optOutWords are the reasons that stand in the ledger.
var optOutWords = map[Kind]string{
	Complained: "Marked a mail as unwanted in their mail program.",
	OptedOut:   "Unsubscribed in their mail program.",
}

// Why an address was released, as history tells it.
const (
	arrivedWhy   = "arrived"
	confirmedWhy = "confirmed"
	ownerWhy     = "owner"
)

// tellStanding leaves a row in a contact's history where an address came on
// the list or left it.
func tellStanding(ctx context.Context, tx SuppressionTx, a id.Account, number id.Contact, was, is Standing, by change.Origin, why string) error {
	row := change.Row{Ref: int64(number)}
	switch was, is := was.held(tx.Now()), is.held(tx.Now()); {
	case number == 0 || was == is:
		return nil
	case is == Watched:
		row.Kind, row.Detail.Why = change.ContactReleased, why
	default:
		row.Kind, row.Detail.Why = change.ContactSuppressed, string(is)
	}
	return tx.RecordChange(ctx, a, by, row)
}

// held is the reason for which the address is suppressed at a time.
func (s Standing) held(at time.Time) Reason {
	if !s.Holds(at) {
		return Watched
	}
	return s.Reason
}

// Confirmed notes that the owner of an address answered a mail to it: it
// works, whatever was heard of it before. It is called in the unit of work in
// which the contact confirms (see contact.Options).
func (h Hashes) Confirmed(ctx context.Context, tx contact.Tx, a id.Account, number id.Contact, address email.Address, by change.Origin) error {
	t, ok := tx.(NoticeTx)
	if !ok {
		return fmt.Errorf("delivery: %T keeps no notices", tx)
	}
	hash := h.Of(a, address)
	if known, err := t.Known(ctx, a, hash); err != nil || !known {
		return err
	}
	was, err := t.HoldStanding(ctx, a, hash)
	if err != nil {
		return err
	}
	next := was.Confirmed()
	if err := t.PutStanding(ctx, a, next); err != nil {
		return err
	}
	return tellStanding(ctx, t, a, number, was, next, by, confirmedWhy)
}
