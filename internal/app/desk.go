package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"kith/internal/config"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/oauth"
	"kith/internal/edge/notice"
)

// Desk is the operator's way to accounts and applications, also while servers
// run: what is done at it is felt by them within a second.
type Desk struct {
	*Base

	Accounts   *account.Service
	OAuth      *oauth.Service
	Notices    *delivery.Notices
	NoticeKeys *delivery.NoticeKeys

	public string // what links begin with, without a slash at its end
}

// OpenDesk opens the data for the operator. The caller closes the desk.
func OpenDesk(ctx context.Context, c config.Config, log *slog.Logger) (*Desk, error) {
	b, err := Open(ctx, c, Options{Log: log, Migrate: true})
	if err != nil {
		return nil, err
	}
	public := c.PublicAt(c.Listen.Port).String()
	// Mail that a command leaves is sent by the next server.
	mails := newMail(c, b.Store, b.Key, public)
	return &Desk{
		Base: b, Accounts: newAccounts(b, mails, public, ""), OAuth: newOAuth(b, public, log), public: strings.TrimSuffix(public, "/"),
		Notices: newNotices(b, nil), NoticeKeys: newNoticeKeys(b),
	}, nil
}

// NoticeURL returns the address at which a provider tells with a key.
func (d *Desk) NoticeURL(k delivery.NoticeKey, plain string) string {
	return d.public + notice.Prefix + "/" + string(k.Provider) + "/" + plain
}

// Operator is who asks at the desk. operation is the command, as history
// shows it.
func Operator(operation string) account.Actor {
	return account.Actor{Via: account.ViaCommand, Operation: operation}
}

// For returns the operator in a user's stead: in the user's home account, or
// in that of owner where one is named.
func (d *Desk) For(ctx context.Context, operation, username, owner string) (account.Actor, error) {
	by := Operator(operation)
	u, err := d.Accounts.UserNamed(ctx, by, username)
	if err != nil {
		return account.Actor{}, err
	}
	in := u.Home
	if owner != "" {
		a, err := d.Accounts.AccountOf(ctx, by, owner)
		if err != nil {
			return account.Actor{}, err
		}
		in = a.ID
	}
	actor, _, err := d.Accounts.ActorFor(ctx, u.ID, in)
	if errors.Is(err, account.ErrRevoked) {
		err = errNoMember.Because(err)
	}
	actor.Via, actor.Operation = by.Via, by.Operation
	return actor, err
}
