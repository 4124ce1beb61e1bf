package apiv3

import (
	"net/http"
	"reflect"
	"slices"

	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Parameters of the account's addresses.
const (
	confirmStatus = "confirm_status"
	roleCode      = "role_code"
	emailAddress  = "email_address"
)

// senderRole is a role with its names in version 3.
type senderRole struct {
	role        account.SenderRole
	name, short string
}

var senderRoles = []senderRole{
	{account.RoleContact, "CONTACT", "C"},
	{account.RoleBilling, "BILLING", "B"},
	{account.RoleJournaling, "JOURNALING", "J"},
	{account.RoleReplyTo, "REPLY_TO", "R"},
	{account.RoleOther, "OTHER", "O"},
}

func (a *API) senderOperations() []operation.Operation {
	var roles []string
	for _, r := range senderRoles {
		roles = append(roles, r.name, r.short)
	}
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/account/emails", ID: "retrieveEmailAddresses", Group: groupAccount,
			Summary:     "The account's addresses to send from",
			Description: "All of them, or those that one parameter picks; two at a time are refused. Mail is sent from confirmed addresses only.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: []operation.Parameter{
				{Name: confirmStatus, Kind: operation.Word, Words: []string{"CONFIRMED", "C", "UNCONFIRMED", "U"}, Doc: "Addresses that are confirmed, or that are not; the first letter will do."},
				{Name: roleCode, Kind: operation.Word, Words: roles, Doc: "Addresses with this role, planned ones included; the first letter will do."},
				{Name: emailAddress, Kind: operation.Address, Doc: "The address itself."},
			},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The addresses, in the order of their making.", Type: reflect.TypeFor[[]sender]()}},
			Serve:   a.senders,
		},
		{
			Method: http.MethodPost, Path: "/account/emails", ID: "addAccountEmailAddress", Group: groupAccount,
			Summary:     "Add an address to send from",
			Description: "A mail with a link leaves to the address; who reads it confirms by the link. An address that the account has is refused, but where it waits to be confirmed it gets the mail once more, at most once a minute.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:     reflect.TypeFor[senderInput](),
			Answers:  []operation.Answer{{Status: http.StatusCreated, Doc: "The address, which is not confirmed yet.", Type: reflect.TypeFor[newSender]()}},
			Failures: []int{http.StatusConflict},
			Serve:    a.addSender,
		},
	}
}

// senderInput is an address as a caller gives it (v3 contract,
// AccountEmailInput).
type senderInput struct {
	_     struct{}            `schema:"AccountEmailInput" doc:"An address to send from."`
	Email request.Opt[string] `json:"email_address" max:"80" doc:"The address; there must be one."`
}

// newSender is an address that was just added (v3 contract,
// AccountEmailCreateResponse).
type newSender struct {
	_ struct{} `schema:"AccountEmailCreateResponse" doc:"An address that was added."`
	senderFields
}

// sender is an address to send from (v3 contract, AccountEmails).
type sender struct {
	_ struct{} `schema:"AccountEmail" doc:"An address to send from."`
	senderFields
	ConfirmedAt respond.Time `json:"confirm_time,omitzero" doc:"When it was confirmed."`
	Source      string       `json:"confirm_source_type,omitempty" enum:"SITE_OWNER" doc:"Who confirmed it."`
	Roles       []string     `json:"roles" doc:"What a confirmed address is for: CONTACT, BILLING, JOURNALING, REPLY_TO, OTHER."`
	Pending     []string     `json:"pending_roles" doc:"What it is to be for once it is confirmed."`
}

type senderFields struct {
	Email  string `json:"email_address" max:"80" doc:"The address."`
	ID     int64  `json:"email_id" min:"1" doc:"Its number in the account."`
	Status string `json:"confirm_status" enum:"CONFIRMED,UNCONFIRMED" doc:"Whether somebody who reads mail there confirmed it."`
}

func senderFieldsOf(s account.Sender) senderFields {
	f := senderFields{Email: s.Email.String(), ID: int64(s.ID), Status: "UNCONFIRMED"}
	if s.Confirmed() {
		f.Status = "CONFIRMED"
	}
	return f
}

func senderOf(s account.Sender) sender {
	roles := []string{}
	for _, r := range senderRoles {
		if s.Has(r.role) {
			roles = append(roles, r.name)
		}
	}
	w := sender{senderFields: senderFieldsOf(s), ConfirmedAt: respond.Time(s.ConfirmedAt), Roles: []string{}, Pending: []string{}}
	if s.Confirmed() {
		w.Source, w.Roles = "SITE_OWNER", roles
	} else {
		w.Pending = roles
	}
	return w
}

func (a *API) senders(c *operation.Call) error {
	f := account.SenderFilter{Email: c.Text(emailAddress)}
	if c.Given(confirmStatus) {
		f.Confirmed = opt.Some(c.Text(confirmStatus)[0] == 'C')
	}
	if i := slices.IndexFunc(senderRoles, func(r senderRole) bool { return c.Text(roleCode) == r.name || c.Text(roleCode) == r.short }); i >= 0 {
		f.Role = senderRoles[i].role
	}
	given := ""
	for _, name := range []string{confirmStatus, roleCode, emailAddress} {
		switch {
		case !c.Given(name):
		case given == "":
			given = name
		default:
			c.Problems.Add(name, "field.excluded", "cannot be given beside "+given)
		}
	}
	if err := c.Problems.Err(); err != nil {
		return err
	}
	all, err := a.o.Accounts.Senders(c.Context(), c.Actor, f)
	if err != nil {
		return err
	}
	answer := make([]sender, len(all))
	for i, s := range all {
		answer[i] = senderOf(s)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) addSender(c *operation.Call) error {
	in := operation.Body[senderInput](c)
	s, err := a.o.Accounts.AddSender(c.Context(), c.Actor, in.Email.Or(""), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, newSender{senderFields: senderFieldsOf(s)})
}
