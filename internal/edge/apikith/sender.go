package apikith

import (
	"context"
	"net/http"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
)

// What version 3 lacks about the account's addresses to send from.
func (a *API) senderOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodPost, Path: "/senders/{email_id}/confirmation", ID: "askSender", Group: groupSettings,
			Summary:     "Send the mail that confirms an address once more",
			Description: "At most once a minute. The link of an earlier mail ends.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  none("The mail is on its way."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.askSender,
		},
		{
			Method: http.MethodDelete, Path: "/senders/{email_id}", ID: "deleteSender", Group: groupSettings,
			Summary:     "Take an address to send from away",
			Description: "That of the person to ask for stays.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  none("The address is gone."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.dropSender,
		},
	}
}

func (a *API) askSender(c *operation.Call) error { return withSender(c, a.o.Accounts.AskSender) }

func (a *API) dropSender(c *operation.Call) error { return withSender(c, a.o.Accounts.DropSender) }

func withSender(c *operation.Call, do func(context.Context, account.Actor, id.Sender) error) error {
	number, err := strconv.ParseInt(c.Param("email_id"), 10, 64)
	if err != nil {
		return fault.ErrNotFound // the table lets whole numbers pass alone
	}
	if err := do(c.Context(), c.Actor, id.Sender(number)); err != nil {
		return err
	}
	return c.NoContent()
}
