package message

import (
	"context"
	"fmt"
	"strings"

	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/secret"
	"kith/internal/base/text"
	"kith/internal/domain/account"
)

// KeptPerAccount is how many mails an account's outbox holds; older ones are
// forgotten.
const KeptPerAccount = 10_000

// longestHeader bounds what people wrote into a mail's head, in characters.
const longestHeader = 500

// Options is what the service is made of.
type Options struct {
	Store Store
	// Box seals the bodies of mails that carry a way in: secret.Mail.
	Box secret.Box
	// From is whom a mail is from that does not say so itself.
	From Sender
	// Leaves says that there is a relay; otherwise mail is kept.
	Leaves bool
}

// Service queues and shows mail. It is safe for concurrent use.
type Service struct {
	o Options
}

// New returns the service.
func New(o Options) *Service { return &Service{o} }

// Queue leaves a mail in the caller's unit of work: it leaves with its commit,
// or not at all. Without a relay it is kept in the outbox and goes nowhere.
func (s *Service) Queue(ctx context.Context, tx Tx, m Mail) error {
	if m.Account == 0 || m.To.IsZero() || m.Subject == "" || m.Text == "" {
		return fmt.Errorf("message: a mail of kind %s lacks its account, recipient, subject or text", m.Kind)
	}
	if m.From.Address == "" {
		m.From = s.o.From
	}
	// What people wrote must not become another line of a mail's head.
	m.Subject = text.Line(m.Subject, longestHeader)
	m.ToName, m.From.Name = text.Line(m.ToName, longestHeader), text.Line(m.From.Name, longestHeader)
	m.CreatedAt, m.NextAt = tx.Now(), tx.Now()
	m.MessageID = tx.UID().String() + "@" + domain(m.From.Address)
	m.State = Queued
	if !s.o.Leaves {
		m.State = Kept
	}
	_, err := tx.InsertMail(ctx, s.seal(m))
	return err
}

// domain returns what stands behind the @.
func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// seal returns a mail as it is kept.
func (s *Service) seal(m Mail) Row {
	r := Row{Mail: m, TextBody: []byte(m.Text), HTMLBody: []byte(m.HTML)}
	if m.WayIn {
		r.TextBody = s.o.Box.Seal(r.TextBody, "text "+m.MessageID)
		r.HTMLBody = s.o.Box.Seal(r.HTMLBody, "html "+m.MessageID)
	}
	r.Text, r.HTML = "", ""
	return r
}

// open returns a kept mail with its bodies.
func (s *Service) open(r Row) (Mail, error) {
	m, text, html := r.Mail, r.TextBody, r.HTMLBody
	if m.WayIn {
		var err error
		if text, err = s.o.Box.Open(text, "text "+m.MessageID); err != nil {
			return Mail{}, fmt.Errorf("open mail %d: %w", m.Number, err)
		}
		if html, err = s.o.Box.Open(html, "html "+m.MessageID); err != nil {
			return Mail{}, fmt.Errorf("open mail %d: %w", m.Number, err)
		}
	}
	m.Text, m.HTML = string(text), string(html)
	return m, nil
}

// Compose returns a kept mail as it leaves. It fails with an *UnsendableError
// where the mail was sealed under a key that this server does not have.
func (s *Service) Compose(_ context.Context, r Row) (Outgoing, error) {
	m, err := s.open(r)
	if err != nil {
		return Outgoing{}, &UnsendableError{Reply: "The mail was sealed with a key that this server does not have.", Cause: err}
	}
	return Outgoing{Mail: m}, nil
}

// List returns the account's mails in a state, or in any where it is empty, newest
// first, without their bodies. A position is the number of the last mail seen.
func (s *Service) List(ctx context.Context, who account.Actor, in State, p page.Request) (mails page.Of[Mail], err error) {
	if err := who.May(account.AccountRead); err != nil {
		return mails, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		mails, err = tx.Mails(ctx, who.Account, in, p)
		return err
	})
	return mails, err
}

// Counts returns how many mails of the account are in each state.
func (s *Service) Counts(ctx context.Context, who account.Actor) (n map[State]int64, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		n, err = tx.CountMails(ctx, who.Account)
		return err
	})
	return n, err
}

// Get returns a mail, whose body is hidden when it carries a way in for
// somebody else.
func (s *Service) Get(ctx context.Context, who account.Actor, number id.Mail) (Opened, error) {
	if err := who.May(account.AccountRead); err != nil {
		return Opened{}, err
	}
	var row Row
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		row, err = tx.MailByNumber(ctx, who.Account, number)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	if row.WayIn && (row.ForUser == 0 || row.ForUser != who.User) {
		return Opened{Mail: row.Mail, Hidden: true}, nil
	}
	m, err := s.open(row)
	return Opened{Mail: m}, err
}

// SendAgain queues a mail that failed or is uncertain. It fails with ErrState
// for any other.
func (s *Service) SendAgain(ctx context.Context, who account.Actor, number id.Mail) error {
	if err := who.May(account.AccountUpdate); err != nil {
		return err
	}
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.MailByNumber(ctx, who.Account, number); err != nil {
			return err
		}
		done, err := tx.RequeueMail(ctx, who.Account, number)
		if err == nil && !done {
			return ErrState
		}
		return err
	})
}

// trimBatch bounds what is deleted in one unit of work.
const trimBatch = 500

// Trim forgets the oldest mails of accounts that have more than
// KeptPerAccount.
func (s *Service) Trim(ctx context.Context) error {
	for {
		var n int
		err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
			n, err = tx.TrimMails(ctx, KeptPerAccount, trimBatch)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// Mailer returns the service as accounts see it.
func (s *Service) Mailer() account.Mailer { return mailer{s} }

type mailer struct{ s *Service }

// Queue leaves a mail of an account's: all of them carry a way in.
func (m mailer) Queue(ctx context.Context, tx account.Tx, mail account.Mail) error {
	t, ok := tx.(Tx)
	if !ok {
		return fmt.Errorf("message: %T keeps no mail", tx)
	}
	if mail.Kind == account.LinkSender && m.s.o.Leaves {
		// Who asked could confirm an address that is not theirs. Without a
		// relay nobody else could read the mail.
		mail.For = 0
	}
	return m.s.Queue(ctx, t, Mail{
		Account: mail.Account, Kind: Kind(mail.Kind), To: mail.To, ToName: mail.ToName,
		Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, WayIn: true, ForUser: mail.For,
	})
}
