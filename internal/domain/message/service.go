package message

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/secret"
	"kith/internal/base/text"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// KeptPerAccount is how many mails an account's outbox holds that are done with;
// older ones are forgotten. Of those that somebody should look at, since they
// failed or are uncertain, it holds as many more.
const KeptPerAccount = 250_000

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
	// PublicURL begins the links in mails to contacts, without a slash at its
	// end; Links signs them.
	PublicURL string
	Links     contact.Links
}

// Service queues and shows mail. It is safe for concurrent use.
type Service struct {
	o         Options
	languages languages
	builtIns  func() builtIns
	contents  contents
	voices    voices
}

// New returns the service.
func New(o Options) *Service {
	s := &Service{o: o, languages: newLanguages()}
	s.builtIns = sync.OnceValue(s.languages.builtIns)
	return s
}

// Queue leaves a mail in the caller's unit of work: it leaves with its commit,
// or not at all. Without a relay it is kept in the outbox and goes nowhere.
func (s *Service) Queue(ctx context.Context, tx Tx, m Mail) error {
	if m.Account == 0 || m.To.IsZero() || m.Subject == "" || m.Text == "" {
		return fmt.Errorf("message: a mail of kind %s lacks its account, recipient, subject or text", m.Kind)
	}
	return s.queue(ctx, tx, m, nil)
}

func (s *Service) queue(ctx context.Context, tx Tx, m Mail, params []byte) error {
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
	_, err := tx.InsertMail(ctx, s.seal(m, params))
	return err
}

// domain returns what stands behind the @.
func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// seal returns a mail as it is kept.
func (s *Service) seal(m Mail, params []byte) Row {
	r := Row{Mail: m, TextBody: []byte(m.Text), HTMLBody: []byte(m.HTML), Params: params}
	switch {
	case m.WayIn && m.Content != 0:
		r.Params = s.o.Box.Seal(params, "params "+m.MessageID)
	case m.WayIn:
		r.TextBody = s.o.Box.Seal(r.TextBody, "text "+m.MessageID)
		r.HTMLBody = s.o.Box.Seal(r.HTMLBody, "html "+m.MessageID)
	}
	r.Text, r.HTML = "", ""
	return r
}

// open returns a kept mail with its bodies, or with what goes into its
// content's places.
func (s *Service) open(r Row) (m Mail, params []byte, err error) {
	m = r.Mail
	switch {
	case m.WayIn && m.Content != 0:
		params, err = s.o.Box.Open(r.Params, "params "+m.MessageID)
	case m.Content != 0:
		params = r.Params
	case m.WayIn:
		var text, html []byte
		if text, err = s.o.Box.Open(r.TextBody, "text "+m.MessageID); err == nil {
			html, err = s.o.Box.Open(r.HTMLBody, "html "+m.MessageID)
		}
		m.Text, m.HTML = string(text), string(html)
	default:
		m.Text, m.HTML = string(r.TextBody), string(r.HTMLBody)
	}
	if err != nil {
		return Mail{}, nil, fmt.Errorf("open mail %d: %w", m.Number, err)
	}
	return m, params, nil
}

// Filter says which mails are meant. The zero value means all.
type Filter struct {
	State State
	Kind  Kind
	// To is a part of the recipient's address, in any case.
	To string
	// Contact is whom they are for.
	Contact id.Ref[id.Contact]
}

// List returns those of the account's mails that a filter means, newest first,
// without their bodies. A position is the number of the last mail seen.
func (s *Service) List(ctx context.Context, who account.Actor, f Filter, p page.Request) (mails page.Of[Mail], err error) {
	if err := who.May(account.AccountRead); err != nil {
		return mails, err
	}
	f.To = text.Fold(f.To)
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		mails, err = tx.Mails(ctx, who.Account, f, p)
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

// Get returns a mail. Its body is hidden when it carries a way in for somebody
// who is, or may become, a user. The links of a mail to a contact are the
// contact's: in what is shown they are harmless, since an owner must not
// confirm for the contact. On a server that sends nothing nobody else could
// open them, so there whoever may change the account can.
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
	o := Opened{Mail: row.Mail}
	links := s.whole
	switch {
	case row.WayIn && row.Contact == 0:
		if o.Hidden = row.ForUser == 0 || row.ForUser != who.User; o.Hidden {
			return o, nil
		}
	case row.WayIn:
		if o.Harmless = s.o.Leaves || who.May(account.AccountUpdate) != nil; o.Harmless {
			links = s.harmless
		}
	}
	out, err := s.compose(ctx, row, links)
	if never, ok := errors.AsType[*UnsendableError](err); ok && row.Content != 0 {
		o.Text = never.Reply
		return o, nil
	}
	o.Mail, o.Headers = out.Mail, append(out.Mail.Headers(), out.Headers...)
	return o, err
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

// requeueBatch bounds what is queued again in one unit of work.
const requeueBatch = 500

// SendAllAgain queues all mails of the account that failed, or all that are
// uncertain, and says how many they were. Those of the first kind were not
// taken by a relay; those of the second may arrive a second time.
func (s *Service) SendAllAgain(ctx context.Context, who account.Actor, in State, problems fault.Problems) (queued int, err error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return 0, err
	}
	found := slices.Clone(problems)
	if in != Failed && in != Uncertain && !found.Has("state") {
		found.Add("state", "value", "must be failed or uncertain")
	}
	if err := found.Err(); err != nil {
		return 0, err
	}
	for last := id.Mail(0); ; {
		var n int
		err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
			n, last, err = tx.RequeueMails(ctx, who.Account, in, last, requeueBatch)
			return err
		})
		queued += n
		if err != nil || n < requeueBatch {
			return queued, err
		}
	}
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
