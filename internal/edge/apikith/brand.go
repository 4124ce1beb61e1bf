package apikith

import (
	"net/http"
	"reflect"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

func (a *API) brandOperations() []operation.Operation {
	get := operation.Operation{
		Method: http.MethodGet, Path: "/brand", ID: "getBrand", Group: groupTemplates,
		Summary: "How the account's mail introduces itself",
		Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
		Answers: ok[brand]("The brand. What is left out is the server's, or made of the settings."),
		Serve:   a.brand,
	}
	put := operation.Operation{
		Method: http.MethodPut, Path: "/brand", ID: "putBrand", Group: groupTemplates,
		Summary:     "Change how the account's mail introduces itself",
		Description: "The brand is given whole.",
		Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
		Body:    reflect.TypeFor[brandInput](),
		Answers: ok[brand]("The brand as it is now."),
		Serve:   a.putBrand,
	}
	getList, putList := get, put
	getList.Path, putList.Path = "/lists/{list_id}/brand", "/lists/{list_id}/brand"
	getList.ID, putList.ID = "getListBrand", "putListBrand"
	getList.Summary, putList.Summary = "How a list's mail introduces itself", "Change how a list's mail introduces itself"
	getList.Answers = ok[brand]("The brand. What is left out is the account's.")
	getList.Failures, putList.Failures = []int{http.StatusNotFound}, []int{http.StatusNotFound}
	return []operation.Operation{get, put, getList, putList}
}

type brand struct {
	_        struct{} `schema:"Brand" doc:"How mail introduces itself."`
	Sender   int64    `json:"sender_id,omitempty" doc:"The account's address that mail is from, once it is confirmed."`
	FromName string   `json:"from_name,omitempty" doc:"The name that mail is from."`
	ReplyTo  string   `json:"reply_to,omitempty" doc:"The address that answers go to."`
	LogoURL  string   `json:"logo_url,omitempty" doc:"The image at the head of mail."`
	Colour   string   `json:"colour,omitempty" doc:"The colour of buttons and links: #0b7285."`
	Language string   `json:"language,omitempty" enum:"en,de,fr,es,it,nl" doc:"The language of a list's mail; that of the account is a setting of opt-in."`
}

type brandInput struct {
	_        struct{}            `schema:"BrandInput" doc:"How mail is to introduce itself. What is left out is left to the account, or to the server."`
	Sender   request.Opt[int64]  `json:"sender_id" doc:"The account's address that mail is from."`
	FromName request.Opt[string] `json:"from_name" max:"100" doc:"The name that mail is from."`
	ReplyTo  request.Opt[string] `json:"reply_to" doc:"The address that answers go to."`
	LogoURL  request.Opt[string] `json:"logo_url" max:"255" doc:"The address of an image on the web."`
	Colour   request.Opt[string] `json:"colour" doc:"A colour of the form #0b7285."`
	Language request.Opt[string] `json:"language" doc:"Of a list alone: one of en, de, fr, es, it, nl."`
}

func brandOf(b message.Brand) brand {
	w := brand{Sender: int64(b.Sender), FromName: b.FromName, LogoURL: b.LogoURL, Colour: b.Colour, Language: b.Language}
	if !b.ReplyTo.IsZero() {
		w.ReplyTo = b.ReplyTo.String()
	}
	return w
}

// branded returns the list that a call names; zero for none.
func branded(c *operation.Call) id.Ref[id.List] {
	if c.Param("list_id") == "" {
		return id.Ref[id.List]{}
	}
	return id.Ref[id.List]{UID: c.UID("list_id")}
}

func (a *API) brand(c *operation.Call) error {
	b, err := a.o.Templates.Brand(c.Context(), c.Actor, branded(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, brandOf(b))
}

func (a *API) putBrand(c *operation.Call) error {
	in := operation.Body[brandInput](c)
	b, err := a.o.Templates.PutBrand(c.Context(), c.Actor, branded(c), message.BrandInput{
		Sender: id.Sender(in.Sender.Or(0)), FromName: in.FromName.Or(""), ReplyTo: in.ReplyTo.Or(""),
		LogoURL: in.LogoURL.Or(""), Colour: in.Colour.Or(""), Language: in.Language.Or(""),
	}, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, brandOf(b))
}
