package apikith

import (
	"errors"
	"net/http"
	"reflect"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

func (a *API) sessionOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/me", ID: "getMe", Group: groupSession,
			Summary:     "Who is signed in, where, and what they may do",
			Description: "Any credential will do, whatever its scopes.",
			Answers:     ok[me]("The user, the account and the server."),
			Serve:       a.me,
		},
		{
			Method: http.MethodPost, Path: "/session/account", ID: "switchAccount", Group: groupSession,
			Summary:     "Act in another account",
			Description: "For a browser that is signed in: from then on its session acts in that account, which must be one that the user belongs to.",
			Session:     true,
			Body:        reflect.TypeFor[accountSwitch](),
			Answers:     none("The session acts in that account."),
			Failures:    []int{http.StatusNotFound},
			Serve:       a.switchAccount,
		},
		{
			Method: http.MethodPost, Path: "/password", ID: "changePassword", Group: groupSession,
			Summary:     "Change the password",
			Description: "Other sessions of the user end, and so do tokens and access keys made before.",
			Scope:       oauth.AccountUpdate,
			Body:        reflect.TypeFor[passwordChange](),
			Answers:     none("The password is another one."),
			Serve:       a.changePassword,
		},
	}
}

type me struct {
	_        struct{}     `schema:"Me" doc:"Who is signed in, where, and what they may do."`
	User     user         `json:"user" doc:"The user."`
	Account  ownAccount   `json:"account" doc:"The account in which the user acts."`
	Accounts []membership `json:"accounts" doc:"Every account that the user belongs to, the home account first."`
	Server   server       `json:"server" doc:"The server."`
}

type user struct {
	_         struct{} `schema:"User" doc:"A person who signs in."`
	ID        id.UID   `json:"user_id" doc:"The user's id."`
	Username  string   `json:"username" doc:"The name, unique on the server: the email address unless it was made otherwise."`
	Email     string   `json:"email" format:"email" doc:"The email address."`
	FirstName string   `json:"first_name,omitempty" doc:"The first name."`
	LastName  string   `json:"last_name,omitempty" doc:"The last name."`
	Confirmed bool     `json:"confirmed" doc:"Whether the user proved to read mail at the address."`
}

type ownAccount struct {
	_            struct{} `schema:"OwnAccount" doc:"An account, and what its user is there."`
	ID           id.UID   `json:"account_id" doc:"The account's id."`
	EncodedID    string   `json:"encoded_account_id" doc:"The short name by which v3 calls the account."`
	Organization string   `json:"organization_name,omitempty" doc:"The organization that the account belongs to."`
	TimeZone     string   `json:"time_zone_id" doc:"The time zone's name in the IANA database."`
	Role         string   `json:"role" enum:"owner,manager,campaign_creator" doc:"What the user is in the account."`
	Privileges   []string `json:"privileges" doc:"What the role allows."`
	Status       string   `json:"status" enum:"active,suspended,closed" doc:"Whether the account may be used."`
}

type membership struct {
	_            struct{} `schema:"Membership" doc:"An account that the user belongs to."`
	ID           id.UID   `json:"account_id" doc:"The account's id."`
	Organization string   `json:"organization_name" doc:"The account's name: the organization's, else the person's to ask for."`
	Role         string   `json:"role" enum:"owner,manager,campaign_creator" doc:"What the user is in it."`
}

type server struct {
	_         struct{} `schema:"Server" doc:"The server."`
	Version   string   `json:"version" doc:"The program's version."`
	PublicURL string   `json:"public_url" doc:"What links to it begin with."`
	SMTP      bool     `json:"smtp" doc:"Whether a relay takes mail away; else it stays in the outbox."`
	Signup    string   `json:"signup" enum:"first,open,closed" doc:"Who may sign up."`
}

func userOf(u account.User) user {
	return user{
		ID: u.UID, Username: u.Username, Email: u.Email.String(), FirstName: u.FirstName, LastName: u.LastName,
		Confirmed: !u.ConfirmedAt.IsZero(),
	}
}

func (a *API) me(c *operation.Call) error {
	u, err := a.o.Accounts.User(c.Context(), c.Actor.User)
	if err != nil {
		return err
	}
	all, err := a.o.Accounts.Accounts(c.Context(), c.Actor.User)
	if err != nil {
		return err
	}
	answer := me{
		User:     userOf(u),
		Accounts: make([]membership, 0, len(all)),
		Server:   server{Version: a.o.Version, PublicURL: a.o.PublicURL, SMTP: a.o.Relay, Signup: string(a.o.Signup)},
	}
	for _, m := range all {
		answer.Accounts = append(answer.Accounts, membership{ID: m.Account.UID, Organization: m.Account.Name(), Role: string(m.Role)})
		if m.Account.ID == c.Actor.Account {
			answer.Account = ownAccountOf(m)
		}
	}
	if answer.Account.ID.IsZero() {
		return account.ErrRevoked // put out of the account since the credential was looked at
	}
	return c.JSON(http.StatusOK, answer)
}

func ownAccountOf(m account.Membership) ownAccount {
	is := ownAccount{
		ID: m.Account.UID, EncodedID: m.Account.EncodedID, Organization: m.Account.Organization, TimeZone: m.Account.TimeZone,
		Role: string(m.Role), Privileges: []string{}, Status: string(m.Account.Status),
	}
	for _, p := range m.Role.Privileges() {
		is.Privileges = append(is.Privileges, string(p))
	}
	return is
}

type accountSwitch struct {
	_       struct{}            `schema:"AccountSwitch" doc:"Where to act."`
	Account request.Opt[id.UID] `json:"account_id" required:"true" doc:"The id of an account that the user belongs to."`
}

func (a *API) switchAccount(c *operation.Call) error {
	to, given := operation.Body[accountSwitch](c).Account.Value.Value()
	if !given {
		missing(c, "account_id")
	}
	if err := c.Problems.Err(); err != nil {
		return err
	}
	if err := a.o.Sessions.Switch(c.W, c.R, to); err != nil {
		return err
	}
	return c.NoContent()
}

// missing notes that a field is not there, unless it was and could not be read.
func missing(c *operation.Call, path string) {
	if !c.Problems.Has(path) {
		c.Problems.Add(path, "required", "is missing")
	}
}

type passwordChange struct {
	_       struct{}            `schema:"PasswordChange" doc:"A new password in place of another."`
	Current request.Opt[string] `json:"current_password" required:"true" doc:"The password until now."`
	New     request.Opt[string] `json:"new_password" required:"true" min:"8" max:"128" doc:"The password from now on."`
}

func (a *API) changePassword(c *operation.Call) error {
	in := operation.Body[passwordChange](c)
	current, next := in.Current.Or(""), in.New.Or("")
	if current == "" {
		missing(c, "current_password")
	}
	if next == "" {
		missing(c, "new_password")
	}
	if err := c.Problems.Err(); err != nil {
		return err
	}
	u, err := a.o.Accounts.ChangePassword(c.Context(), c.Actor, current, next)
	if err != nil {
		return passwordFault(err)
	}
	if c.Principal.Kind == oauth.KindSession {
		if err := a.o.Sessions.Renew(c.W, c.R, u); err != nil {
			return err
		}
	}
	return c.NoContent()
}

// passwordFault gives the fields of a fault the names that they have here. A
// wrong password is a wrong field, not a caller who is not let in: the browser
// would send its user to sign in.
func passwordFault(err error) error {
	f := fault.Of(err)
	problems := make([]fault.Problem, len(f.Problems))
	for i, p := range f.Problems {
		if p.Path == "password" {
			p.Path = "new_password"
		}
		problems[i] = p
	}
	switch {
	case errors.Is(err, account.ErrCredentials), f.Kind == fault.Invalid:
		return fault.ErrInvalid.With(problems...)
	}
	return err
}
