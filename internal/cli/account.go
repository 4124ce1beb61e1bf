package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"kith/internal/app"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

type accountCmds struct {
	Create   accountCreateCmd   `cmd:"" help:"Make an account and the user who owns it."`
	List     accountListCmd     `cmd:"" help:"List accounts."`
	Suspend  accountSuspendCmd  `cmd:"" help:"Shut everybody out of an account."`
	Activate accountActivateCmd `cmd:"" help:"Let everybody into a suspended account again."`
	Close    accountCloseCmd    `cmd:"" help:"End an account for good; its data stays until it is erased."`
}

type accountCreateCmd struct {
	Email        string `required:"" help:"Address of the owner, also the name to log in with."`
	Password     string `required:"" help:"Password of the owner; - reads it from standard input."`
	FirstName    string `help:"First name of the owner."`
	LastName     string `help:"Last name of the owner."`
	Organization string `help:"Name of the organization."`
	Phone        string `help:"Phone number of the owner."`
}

// Help is the command's longer help.
func (accountCreateCmd) Help() string {
	return `Example:

    kith account create --email ines@example.org --password 'correct horse battery' --organization Bakery

The owner is the first contact, on the list "General Interest".`
}

type createdAccount struct {
	AccountID        string `json:"account_id"`
	EncodedAccountID string `json:"encoded_account_id"`
	UserID           string `json:"user_id"`
	Username         string `json:"username"`
}

// Run makes an account.
func (c accountCreateCmd) Run(ctx context.Context, r *run) error {
	password, err := r.password(c.Password)
	if err != nil {
		return err
	}
	return r.desk(ctx, func(d *app.Desk) error {
		u, a, err := d.Accounts.CreateAccount(ctx, app.Operator("kith account create"), account.SignUp{
			Email: c.Email, Password: password, FirstName: c.FirstName, LastName: c.LastName,
			Organization: c.Organization, Phone: c.Phone,
		})
		if err != nil {
			return err
		}
		return r.print(createdAccount{a.UID.String(), a.EncodedID, u.UID.String(), u.Username},
			"Account %s of %s is made.", a.EncodedID, u.Username)
	})
}

type accountListCmd struct {
	Email string `help:"Only the account of this owner."`
}

// Help is the command's longer help.
func (accountListCmd) Help() string {
	return `Example:

    kith account list --json`
}

type listedAccount struct {
	AccountID        string   `json:"account_id"`
	EncodedAccountID string   `json:"encoded_account_id"`
	Number           string   `json:"number"`
	Organization     string   `json:"organization"`
	Status           string   `json:"status"`
	Owners           []string `json:"owners"`
}

type accountList struct {
	Accounts []listedAccount `json:"accounts"`
}

// Run lists accounts.
func (c accountListCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		by := app.Operator("kith account list")
		all, err := d.Accounts.ListAccounts(ctx, by)
		if err != nil {
			return err
		}
		only := id.Account(0)
		if c.Email != "" {
			a, err := d.Accounts.AccountOf(ctx, by, c.Email)
			if err != nil {
				return err
			}
			only = a.ID
		}
		out := accountList{Accounts: []listedAccount{}}
		rows := [][]string{{"ACCOUNT", "NUMBER", "STATUS", "ORGANIZATION", "OWNERS"}}
		for _, h := range all {
			if only != 0 && h.Account.ID != only {
				continue
			}
			l := listedAccount{
				AccountID: h.Account.UID.String(), EncodedAccountID: h.Account.EncodedID, Number: fmt.Sprint(h.Account.ID),
				Organization: h.Account.Organization, Status: string(h.Account.Status), Owners: []string{},
			}
			for _, u := range h.Owners {
				l.Owners = append(l.Owners, u.Username)
			}
			out.Accounts = append(out.Accounts, l)
			rows = append(rows, []string{l.EncodedAccountID, l.Number, l.Status, l.Organization, strings.Join(l.Owners, ", ")})
		}
		return r.print(out, "%s", table(rows))
	})
}

type accountSuspendCmd struct{ ofOwner }

// Help is the command's longer help.
func (accountSuspendCmd) Help() string {
	return `Example:

    kith account suspend --email ines@example.org

Running servers feel it within a second. kith account activate takes it back.`
}

// Run suspends an account.
func (c accountSuspendCmd) Run(ctx context.Context, r *run) error {
	return c.change(ctx, r, "kith account suspend", (*account.Service).Suspend)
}

type accountActivateCmd struct{ ofOwner }

// Help is the command's longer help.
func (accountActivateCmd) Help() string {
	return `Example:

    kith account activate --email ines@example.org`
}

// Run activates an account.
func (c accountActivateCmd) Run(ctx context.Context, r *run) error {
	return c.change(ctx, r, "kith account activate", (*account.Service).Activate)
}

type accountCloseCmd struct{ ofOwner }

// Help is the command's longer help.
func (accountCloseCmd) Help() string {
	return `Example:

    kith account close --email ines@example.org

There is no way back; kith account suspend has one.`
}

// Run closes an account.
func (c accountCloseCmd) Run(ctx context.Context, r *run) error {
	return c.change(ctx, r, "kith account close", (*account.Service).Close)
}

// ofOwner names an account by its owner.
type ofOwner struct {
	Email string `required:"" help:"Address of the account's owner."`
}

type changedAccount struct {
	AccountID        string `json:"account_id"`
	EncodedAccountID string `json:"encoded_account_id"`
	Status           string `json:"status"`
}

type setStatus func(*account.Service, context.Context, account.Actor, id.Account) (account.Account, error)

func (o ofOwner) change(ctx context.Context, r *run, operation string, set setStatus) error {
	return r.desk(ctx, func(d *app.Desk) error {
		by := app.Operator(operation)
		a, err := d.Accounts.AccountOf(ctx, by, o.Email)
		if err != nil {
			return err
		}
		if a, err = set(d.Accounts, ctx, by, a.ID); err != nil {
			return err
		}
		return r.print(changedAccount{a.UID.String(), a.EncodedID, string(a.Status)}, "Account %s is %s.", a.EncodedID, a.Status)
	})
}

// table lays out rows for people, the first of which are headings.
func table(rows [][]string) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush() // into memory
	return strings.TrimSuffix(text.String(), "\n")
}
