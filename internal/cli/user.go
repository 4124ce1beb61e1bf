package cli

import (
	"context"
	"strconv"
	"time"

	"kith/internal/app"
	"kith/internal/domain/account"
)

type userCmds struct {
	Create        userCreateCmd        `cmd:"" help:"Make a user with a role in an account."`
	List          userListCmd          `cmd:"" help:"List users."`
	Remove        userRemoveCmd        `cmd:"" help:"End a user, in every account."`
	ResetPassword userResetPasswordCmd `cmd:"" help:"Print a link, good once, for a new password."`
}

type userCreateCmd struct {
	Email     string `required:"" help:"Address of the user, also the name to log in with."`
	Password  string `required:"" help:"Password of the user; - reads it from standard input."`
	Role      string `required:"" enum:"owner,manager,campaign_creator" help:"Role in the account: owner, manager or campaign_creator."`
	Account   string `required:"" help:"Address of the account's owner."`
	FirstName string `help:"First name of the user."`
	LastName  string `help:"Last name of the user."`
}

// Help is the command's longer help.
func (userCreateCmd) Help() string {
	return `Example:

    kith user create --email tom@example.org --password 'correct horse battery' --role manager --account ines@example.org`
}

type createdUser struct {
	UserID   string `json:"user_id"`
	Username string `json:"username"`
}

// Run makes a user.
func (c userCreateCmd) Run(ctx context.Context, r *run) error {
	password, err := r.password(c.Password)
	if err != nil {
		return err
	}
	return r.desk(ctx, func(d *app.Desk) error {
		u, err := d.Accounts.CreateUser(ctx, app.Operator("kith user create"), c.Account, account.NewUser{
			Email: c.Email, Password: password, Role: account.Role(c.Role), FirstName: c.FirstName, LastName: c.LastName,
		})
		if err != nil {
			return err
		}
		return r.print(createdUser{u.UID.String(), u.Username}, "User %s is made.", u.Username)
	})
}

type userListCmd struct {
	Email string `help:"Only this user."`
}

// Help is the command's longer help.
func (userListCmd) Help() string {
	return `Example:

    kith user list --json`
}

type listedUser struct {
	UserID    string `json:"user_id"`
	Username  string `json:"username"`
	Email     string `json:"email"`
	Confirmed bool   `json:"confirmed"`
	Name      string `json:"name"`
}

type userList struct {
	Users []listedUser `json:"users"`
}

// Run lists users.
func (c userListCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		by := app.Operator("kith user list")
		all, err := d.Accounts.ListUsers(ctx, by)
		if err == nil && c.Email != "" {
			all = make([]account.User, 1)
			all[0], err = d.Accounts.UserNamed(ctx, by, c.Email)
		}
		if err != nil {
			return err
		}
		out := userList{Users: []listedUser{}}
		rows := [][]string{{"USER", "EMAIL", "CONFIRMED", "NAME"}}
		for _, u := range all {
			l := listedUser{u.UID.String(), u.Username, u.Email.String(), !u.ConfirmedAt.IsZero(), u.Name()}
			out.Users = append(out.Users, l)
			rows = append(rows, []string{l.Username, l.Email, strconv.FormatBool(l.Confirmed), l.Name})
		}
		return r.print(out, "%s", table(rows))
	})
}

type userRemoveCmd struct{ named }

// Help is the command's longer help.
func (userRemoveCmd) Help() string {
	return `Example:

    kith user remove --email tom@example.org

The only owner of an account cannot be removed; kith account close ends the account.`
}

// Run removes a user.
func (c userRemoveCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		u, err := d.Accounts.RemoveUser(ctx, app.Operator("kith user remove"), c.Email)
		if err != nil {
			return err
		}
		return r.print(createdUser{u.UID.String(), u.Username}, "User %s is removed.", u.Username)
	})
}

type userResetPasswordCmd struct {
	named

	PublicURL *string `placeholder:"URL" help:"What the link begins with (KITH_PUBLIC_URL)."`
}

// Help is the command's longer help.
func (userResetPasswordCmd) Help() string {
	return `Example:

    kith user reset-password --email tom@example.org

Nothing is sent: hand the link to the user. The old password is good until the link is used.`
}

type resetLink struct {
	Link      string    `json:"link"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Run prints a link for a new password.
func (c userResetPasswordCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		link, until, err := d.Accounts.ResetLink(ctx, app.Operator("kith user reset-password"), c.Email)
		if err != nil {
			return err
		}
		return r.print(resetLink{link, until}, "%s\nGood once, until %s.", link, until.Format(time.RFC1123))
	})
}

// named names a user.
type named struct {
	Email string `required:"" help:"Address of the user."`
}
