package apikith

import (
	"context"
	"net/http"
	"reflect"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// NoticeKeys makes the addresses at which providers tell of mail;
// delivery.NoticeKeys meets it.
type NoticeKeys interface {
	List(ctx context.Context, who account.Actor) ([]delivery.NoticeKey, error)
	Make(ctx context.Context, who account.Actor, provider, name, verify string, found fault.Problems) (k delivery.NoticeKey, plain string, err error)
	Delete(ctx context.Context, who account.Actor, number id.NoticeKey) error
}

// Bounces says how mail comes back to the server by itself.
type Bounces struct {
	// Address is what return paths are made of; empty without one.
	Address string
	// TakenIn says that the server takes in mail to it.
	TakenIn bool
}

func (a *API) noticeKeyOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/notice-keys", ID: "getNoticeKeys", Group: groupBounces,
			Summary:     "Addresses at which mail providers tell of bounces and complaints",
			Description: "Without their secrets. Beside them stands how bounces come back by mail.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[noticeKeys]("All keys of the account, the newest first."),
			Serve:   a.noticeKeys,
		},
		{
			Method: http.MethodPost, Path: "/notice-keys", ID: "createNoticeKey", Group: groupBounces,
			Summary:     "Make such an address",
			Description: "The address holds a secret and is answered this once. Give it to the provider as the address of its webhook (SES: as an HTTPS subscription to the topic of SNS). An account has at most 20.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:     reflect.TypeFor[newNoticeKey](),
			Answers:  made[noticeKey]("The key, with `url`."),
			Failures: []int{http.StatusConflict},
			Serve:    a.createNoticeKey,
		},
		{
			Method: http.MethodDelete, Path: "/notice-keys/{notice_key_id}", ID: "deleteNoticeKey", Group: groupBounces,
			Summary: "End such an address",
			Scope:   oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  none("Nothing is taken at it any more."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.deleteNoticeKey,
		},
	}
}

type noticeKeys struct {
	_       struct{}    `schema:"NoticeKeys" doc:"The addresses at which providers tell of mail."`
	All     []noticeKey `json:"notice_keys" doc:"The keys."`
	Address string      `json:"bounce_address,omitempty" doc:"What the return paths of mail are made of; left out where bounces go back to whom a mail is from."`
	TakenIn bool        `json:"bounces_taken_in" doc:"Whether the server itself takes in mail to that address."`
}

type noticeKey struct {
	_         struct{}     `schema:"NoticeKey" doc:"An address at which a provider tells of the account's mail."`
	ID        string       `json:"notice_key_id" doc:"The key's id."`
	Provider  string       `json:"provider" enum:"ses,sendgrid,mailgun,postmark" doc:"Who tells."`
	Name      string       `json:"name" doc:"What the key is for."`
	URL       string       `json:"url,omitempty" format:"uri" doc:"The address itself, in the answer that made it."`
	CreatedAt respond.Time `json:"created_at" doc:"When it was made."`
	UsedAt    respond.Time `json:"used_at,omitzero" doc:"When something was taken last, to the minute."`
	RefusedAt respond.Time `json:"refused_at,omitzero" doc:"When something was refused last, to the minute."`
	Refused   string       `json:"refused,omitempty" doc:"The error code for which it was."`
}

type newNoticeKey struct {
	_        struct{}            `schema:"NewNoticeKey" doc:"An address at which a provider is to tell."`
	Provider request.Opt[string] `json:"provider" required:"true" enum:"ses,sendgrid,mailgun,postmark" doc:"Who tells."`
	Name     request.Opt[string] `json:"name" max:"100" doc:"What the key is for."`
	Verify   request.Opt[string] `json:"verification_key" max:"1000" doc:"What the provider's signatures are checked with: SendGrid's public key of its signed event webhook, Mailgun's HTTP webhook signing key. Of SES the ARN of the topic, which is learned from the first message where it is left out. Postmark signs nothing."`
}

func noticeKeyOf(k delivery.NoticeKey) noticeKey {
	return noticeKey{
		ID: strconv.FormatInt(int64(k.ID), 10), Provider: string(k.Provider), Name: k.Name, CreatedAt: respond.Time(k.CreatedAt),
		UsedAt: respond.Time(k.UsedAt), RefusedAt: respond.Time(k.RefusedAt), Refused: k.Refused,
	}
}

func (a *API) noticeKeys(c *operation.Call) error {
	all, err := a.o.NoticeKeys.List(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := noticeKeys{All: make([]noticeKey, len(all)), Address: a.o.Bounces.Address, TakenIn: a.o.Bounces.TakenIn}
	for i, k := range all {
		answer.All[i] = noticeKeyOf(k)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) createNoticeKey(c *operation.Call) error {
	in := operation.Body[newNoticeKey](c)
	k, plain, err := a.o.NoticeKeys.Make(c.Context(), c.Actor, in.Provider.Or(""), in.Name.Or(""), in.Verify.Or(""), c.Problems)
	if err != nil {
		return err
	}
	answer := noticeKeyOf(k)
	answer.URL = a.o.PublicURL + prefix + "/notices/" + string(k.Provider) + "/" + plain
	c.W.Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, answer)
}

func (a *API) deleteNoticeKey(c *operation.Call) error {
	number, err := strconv.ParseInt(c.Param("notice_key_id"), 10, 64)
	if err != nil {
		return fault.ErrNotFound // the table lets whole numbers pass alone
	}
	if err := a.o.NoticeKeys.Delete(c.Context(), c.Actor, id.NoticeKey(number)); err != nil {
		return err
	}
	return c.NoContent()
}
