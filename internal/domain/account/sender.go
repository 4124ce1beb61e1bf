package account

import (
	"context"
	"slices"
	"strconv"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
)

// Bounds of an account's sender addresses. Both are ours; the day's is that of
// version 2 (v2 contract, account/verifiedemailaddresses).
const (
	MaxSenders         = 500
	MaxSenderMailsADay = 200
)

// SenderFor is how long a link that confirms a sender address is good for.
const SenderFor = 7 * 24 * time.Hour

// Faults of sender addresses.
var (
	ErrSenderTaken     = fault.New(fault.Conflict, fault.CodeSenderTaken, "The account has this address already.")
	ErrSenderConfirmed = fault.New(fault.Conflict, fault.CodeConflict, "The address is confirmed already.")
	ErrSenderContact   = fault.New(fault.Conflict, fault.CodeConflict, "The contact's address stays; make another one the contact's first.")
	ErrSenderLimit     = fault.New(fault.TooMany, fault.CodeSenderLimit, "The account asked for "+strconv.Itoa(MaxSenderMailsADay)+" confirmations within a day.")
	ErrSenderPause     = fault.New(fault.TooMany, fault.CodeAttempts, "A mail has just left to this address; wait a minute.")
)

// SenderRole is one of the things that an address is used for, or several of
// them together. The values are stored.
type SenderRole uint8

// The roles (v3 contract, AccountEmails.roles). An account has
// one address at most for each of the first three.
const (
	RoleContact SenderRole = 1 << iota
	RoleBilling
	RoleReplyTo
	RoleJournaling
	RoleOther
)

// Sender is an address that an account may send from once it is confirmed.
type Sender struct {
	ID    id.Sender
	Email email.Address
	// ConfirmedAt is when somebody who reads mail at the address said so;
	// zero until then.
	ConfirmedAt time.Time
	// Roles are what the address is for; planned only while it is not
	// confirmed.
	Roles SenderRole
	// MailedAt is when the last mail with a link was written.
	MailedAt  time.Time
	CreatedAt time.Time
}

// Confirmed reports whether mail may be sent from the address.
func (s Sender) Confirmed() bool { return !s.ConfirmedAt.IsZero() }

// Has reports whether the address has all the given roles, planned or not.
func (s Sender) Has(roles SenderRole) bool { return s.Roles&roles == roles }

// SenderFilter says which sender addresses are meant. The zero value means
// all.
type SenderFilter struct {
	Confirmed opt.Value[bool]
	Role      SenderRole
	// Email is a whole address in any case.
	Email string
}

func (f SenderFilter) match(s Sender) bool {
	if want, given := f.Confirmed.Value(); given && want != s.Confirmed() {
		return false
	}
	if f.Email != "" {
		want, err := email.Parse(f.Email)
		if err != nil || want.Key() != s.Email.Key() {
			return false
		}
	}
	return s.Has(f.Role)
}

// Senders returns sender addresses of the actor's account in the order of
// their making (v3 contract, GET /account/emails).
func (s *Service) Senders(ctx context.Context, by Actor, f SenderFilter) (all []Sender, err error) {
	if err := by.May(AccountRead); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.Senders(ctx, by.Account)
		return err
	})
	return slices.DeleteFunc(all, func(s Sender) bool { return !f.match(s) }), err
}

// AddSender adds an address to the actor's account; a mail with a link to
// confirm it leaves at once (v3 contract, POST /account/emails). An address
// that is there already is an ErrSenderTaken; where it is not confirmed, it
// gets the mail once more all the same, unless one has just left.
func (s *Service) AddSender(ctx context.Context, by Actor, address string, problems fault.Problems) (added Sender, err error) {
	if err := by.May(AccountUpdate); err != nil {
		return Sender{}, err
	}
	found := slices.Clone(problems)
	to := mailbox(&found, "email_address", address)
	if err := found.Err(); err != nil {
		return Sender{}, err
	}
	token := newToken()
	var taken bool
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		a, all, err := s.senders(ctx, tx, by.Account)
		if err != nil {
			return err
		}
		i := senderAt(all, to)
		if taken = i >= 0; taken {
			if all[i].Confirmed() || tx.Now().Sub(all[i].MailedAt) < mailPause {
				return nil
			}
			return s.askSender(ctx, tx, a, all, &all[i], by, token)
		}
		added, err = s.insertSender(ctx, tx, a, all, to, RoleOther, by, token)
		return err
	})
	if err == nil && taken {
		return Sender{}, ErrSenderTaken
	}
	return added, err
}

// AskSender sends the mail with the link once more. It fails with
// ErrSenderConfirmed, and with ErrSenderPause where one has just left.
func (s *Service) AskSender(ctx context.Context, by Actor, number id.Sender) error {
	if err := by.May(AccountUpdate); err != nil {
		return err
	}
	token := newToken()
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		a, all, err := s.senders(ctx, tx, by.Account)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(s Sender) bool { return s.ID == number })
		switch {
		case i < 0:
			return fault.ErrNotFound
		case all[i].Confirmed():
			return ErrSenderConfirmed
		case tx.Now().Sub(all[i].MailedAt) < mailPause:
			return ErrSenderPause.After(mailPause - tx.Now().Sub(all[i].MailedAt))
		}
		return s.askSender(ctx, tx, a, all, &all[i], by, token)
	})
}

// DropSender takes an address from the actor's account. That of the person to
// ask for stays: ErrSenderContact.
func (s *Service) DropSender(ctx context.Context, by Actor, number id.Sender) error {
	if err := by.May(AccountUpdate); err != nil {
		return err
	}
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		all, err := tx.Senders(ctx, by.Account)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(s Sender) bool { return s.ID == number })
		switch {
		case i < 0:
			return fault.ErrNotFound
		case all[i].Has(RoleContact):
			return ErrSenderContact
		}
		if _, err := tx.DropLinks(ctx, LinkSender, by.Account, 0, all[i].Email); err != nil {
			return err
		}
		return tx.DeleteSender(ctx, by.Account, number)
	})
}

// ConfirmSender spends the link of a mail to a sender address. It fails with
// ErrLink, also where the account has the address no more.
func (s *Service) ConfirmSender(ctx context.Context, token string) (email.Address, error) {
	var confirmed email.Address
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		l, err := spendLink(ctx, tx, LinkSender, token)
		if err != nil {
			return err
		}
		there, err := confirmSender(ctx, tx, l.Account, l.Email)
		if err == nil && !there {
			return ErrLink
		}
		confirmed = l.Email
		return err
	})
	return confirmed, err
}

// confirmSender notes that mail to an address reaches who owns it, and reports
// whether it is one of the account's.
func confirmSender(ctx context.Context, tx Tx, number id.Account, address email.Address) (there bool, err error) {
	all, err := tx.Senders(ctx, number)
	if err != nil {
		return false, err
	}
	i := senderAt(all, address)
	if i < 0 || all[i].Confirmed() {
		return i >= 0, nil
	}
	all[i].ConfirmedAt = tx.Now()
	return true, tx.UpdateSender(ctx, number, all[i])
}

// senders reads an account with its sender addresses.
func (s *Service) senders(ctx context.Context, tx Tx, number id.Account) (Account, []Sender, error) {
	a, err := tx.AccountByID(ctx, number)
	if err != nil {
		return Account{}, nil, err
	}
	all, err := tx.Senders(ctx, number)
	return a, all, err
}

func senderAt(all []Sender, address email.Address) int {
	return slices.IndexFunc(all, func(s Sender) bool { return s.Email.Key() == address.Key() })
}

// contactSender makes an address that of the person to ask for: it is added
// where it is new, and whichever had that role has it no more.
func (s *Service) contactSender(ctx context.Context, tx Tx, a Account, by Actor, token string) error {
	all, err := tx.Senders(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Has(RoleContact) && one.Email.Key() != a.ContactEmail.Key() {
			one.Roles &^= RoleContact
			if err := tx.UpdateSender(ctx, a.ID, one); err != nil {
				return err
			}
		}
	}
	if i := senderAt(all, a.ContactEmail); i >= 0 {
		all[i].Roles |= RoleContact
		return tx.UpdateSender(ctx, a.ID, all[i])
	}
	_, err = s.insertSender(ctx, tx, a, all, a.ContactEmail, RoleContact, by, token)
	return err
}

// insertSender adds an address that is none of all, and asks it.
func (s *Service) insertSender(ctx context.Context, tx Tx, a Account, all []Sender, address email.Address, roles SenderRole, by Actor, token string) (Sender, error) {
	if len(all) >= MaxSenders {
		return Sender{}, ErrSenderLimit.Saying("The account has " + strconv.Itoa(MaxSenders) + " addresses, which is as many as it may.")
	}
	added := Sender{Email: address, Roles: roles, CreatedAt: tx.Now()}
	var err error
	if added.ID, err = tx.InsertSender(ctx, a.ID, added); err != nil {
		return Sender{}, err
	}
	return added, s.askSender(ctx, tx, a, all, &added, by, token)
}

// askSender leaves a link and the mail with it, within the day's bound.
func (s *Service) askSender(ctx context.Context, tx Tx, a Account, all []Sender, to *Sender, by Actor, token string) error {
	const day = 24 * time.Hour
	mailed := 0
	for _, one := range all {
		if tx.Now().Sub(one.MailedAt) < day {
			mailed++
		}
	}
	if mailed >= MaxSenderMailsADay {
		return ErrSenderLimit.After(day)
	}
	to.MailedAt = tx.Now()
	if err := tx.UpdateSender(ctx, a.ID, *to); err != nil {
		return err
	}
	l := Link{Kind: LinkSender, Account: a.ID, Email: to.Email, CreatedBy: by.User}
	if err := leaveLink(ctx, tx, l, token, SenderFor); err != nil {
		return err
	}
	return s.o.Mailer.Queue(ctx, tx, senderMail(a, to.Email, by.User, s.linkURL(LinkSender, token), SenderFor))
}
