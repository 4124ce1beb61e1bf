package apikith

import (
	"net/http"
	"reflect"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

func (a *API) optInOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/settings/opt-in", ID: "getOptIn", Group: groupSettings,
			Summary: "What becomes of contacts who come by themselves",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[optIn]("The settings."),
			Serve:   a.optIn,
		},
		{
			Method: http.MethodPut, Path: "/settings/opt-in", ID: "putOptIn", Group: groupSettings,
			Summary:     "Replace what becomes of contacts who come by themselves",
			Description: "What is left out is as in a new account. Who was asked already keeps the time that they were given.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:    reflect.TypeFor[optInInput](),
			Answers: ok[optIn]("The settings as they are now."),
			Serve:   a.putOptIn,
		},
		{
			Method: http.MethodGet, Path: "/lists/{list_id}/opt-in", ID: "getListOptIn", Group: groupContacts,
			Summary: "What a list says otherwise than its account of contacts who come by themselves",
			Scope:   oauth.ContactData, Privileges: may(account.ListsRead),
			Answers:  ok[listOptIn]("The list's settings."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.listOptIn,
		},
		{
			Method: http.MethodPut, Path: "/lists/{list_id}/opt-in", ID: "putListOptIn", Group: groupContacts,
			Summary:     "Replace what a list says otherwise than its account",
			Description: "What is null or left out is as in the account. Of several lists that somebody joins, one that wants it is enough.",
			Scope:       oauth.ContactData, Privileges: may(account.ListsWrite),
			Body:     reflect.TypeFor[listOptInInput](),
			Answers:  ok[listOptIn]("The list's settings as they are now."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.putListOptIn,
		},
	}
}

type optIn struct {
	_           struct{} `schema:"OptIn" doc:"What becomes of contacts who come by themselves."`
	Confirm     bool     `json:"confirm" doc:"Whether they are asked by mail, and mailed only once they have confirmed: confirmed opt-in."`
	Welcome     bool     `json:"welcome" doc:"Whether they get a welcome mail, once ever."`
	RemindAfter int      `json:"remind_after_hours" doc:"After how many hours without an answer they are reminded; 0 for never."`
	ExpireAfter int      `json:"expire_after_hours" doc:"How many hours they have to answer."`
	Language    string   `json:"language" enum:"en,de,fr,es,it,nl" doc:"The language of the account's mails to contacts."`
}

type optInInput struct {
	_           struct{}            `schema:"OptInInput" doc:"What is to become of contacts who come by themselves."`
	Confirm     request.Opt[bool]   `json:"confirm" doc:"Whether they are asked by mail; false without it."`
	Welcome     request.Opt[bool]   `json:"welcome" doc:"Whether they get a welcome mail; true without it."`
	RemindAfter request.Opt[int]    `json:"remind_after_hours" min:"0" max:"1440" doc:"After how many hours without an answer they are reminded; 0 for never, 72 without it."`
	ExpireAfter request.Opt[int]    `json:"expire_after_hours" min:"1" max:"1440" doc:"How many hours they have to answer; 336 without it."`
	Language    request.Opt[string] `json:"language" enum:"en,de,fr,es,it,nl" doc:"The language of the account's mails to contacts; en without it."`
}

type listOptIn struct {
	_       struct{} `schema:"ListOptIn" doc:"What a list says otherwise than its account; what is left out is as in the account."`
	Confirm *bool    `json:"confirm,omitempty" doc:"Whether who joins it is asked by mail."`
	Welcome *bool    `json:"welcome,omitempty" doc:"Whether who joins it gets a welcome mail."`
}

type listOptInInput struct {
	_       struct{}          `schema:"ListOptInInput" doc:"What a list is to say otherwise than its account."`
	Confirm request.Opt[bool] `json:"confirm" doc:"Whether who joins it is asked by mail; null as in the account."`
	Welcome request.Opt[bool] `json:"welcome" doc:"Whether who joins it gets a welcome mail; null as in the account."`
}

func optInOf(o contact.OptIn) optIn {
	return optIn{
		Confirm: o.Confirm, Welcome: o.Welcome, Language: o.Language,
		RemindAfter: int(o.RemindAfter / time.Hour), ExpireAfter: int(o.ExpireAfter / time.Hour),
	}
}

func (a *API) optIn(c *operation.Call) error {
	o, err := a.o.Contacts.OptIn(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, optInOf(o))
}

func (a *API) putOptIn(c *operation.Call) error {
	in, usual := operation.Body[optInInput](c), contact.DefaultOptIn()
	hours := func(v request.Opt[int], usual time.Duration) time.Duration {
		return time.Duration(said(v, int(usual/time.Hour))) * time.Hour
	}
	o, err := a.o.Contacts.SetOptIn(c.Context(), c.Actor, contact.OptIn{
		Confirm: said(in.Confirm, usual.Confirm), Welcome: said(in.Welcome, usual.Welcome), Language: said(in.Language, usual.Language),
		RemindAfter: hours(in.RemindAfter, usual.RemindAfter), ExpireAfter: hours(in.ExpireAfter, usual.ExpireAfter),
	}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, optInOf(o))
}

// said is a value, or what is usual where it is null or left out.
func said[T any](v request.Opt[T], usual T) T {
	if is, given := v.Value.Value(); given {
		return is
	}
	return usual
}

func listOptInOf(l contact.ListOptIn) listOptIn {
	as := func(v opt.Value[bool]) *bool {
		if says, given := v.Value(); given {
			return &says
		}
		return nil
	}
	return listOptIn{Confirm: as(l.Confirm), Welcome: as(l.Welcome)}
}

func (a *API) listOptIn(c *operation.Call) error {
	l, err := a.o.Contacts.ListOptIn(c.Context(), c.Actor, id.Ref[id.List]{UID: c.UID("list_id")})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOptInOf(l))
}

func (a *API) putListOptIn(c *operation.Call) error {
	in := operation.Body[listOptInInput](c)
	l, err := a.o.Contacts.SetListOptIn(c.Context(), c.Actor, id.Ref[id.List]{UID: c.UID("list_id")},
		contact.ListOptIn{Confirm: in.Confirm.Value, Welcome: in.Welcome.Value}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOptInOf(l))
}
