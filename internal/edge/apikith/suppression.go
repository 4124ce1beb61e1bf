package apikith

import (
	"context"
	"net/http"
	"reflect"
	"strconv"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

// Suppressions is the list of addresses that are not mailed;
// delivery.Suppressions meets it.
type Suppressions interface {
	List(ctx context.Context, who account.Actor, f delivery.SuppressionFilter, r page.Request) (page.Of[delivery.Suppression], error)
	Of(ctx context.Context, who account.Actor, address email.Address) (delivery.Suppression, error)
	Add(ctx context.Context, who account.Actor, address, note string, found fault.Problems) (delivery.Suppression, error)
	Lift(ctx context.Context, who account.Actor, hash delivery.Hash) error
}

func (a *API) suppressionOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/suppressions", ID: "getSuppressions", Group: groupBounces,
			Summary:     "Addresses that are not mailed",
			Description: "Because mail to them came back, because their owner called a mail unwanted, or because somebody of the account said so. The newest first.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsRead),
			Query: append(operation.Page(50, 500),
				operation.Parameter{Name: "reason", Kind: operation.Word, Words: []string{"hard", "soft", "complaint", "owner"}, Doc: "Only those of this reason."},
				operation.Parameter{Name: "search", Kind: operation.Text, Doc: "Only addresses that hold this text."},
				operation.Parameter{Name: "email_address", Kind: operation.Address, Doc: "Only this address: one answer or none. Any other condition is passed over."},
			),
			Answers: ok[suppressionPage]("A page of addresses."),
			Serve:   a.suppressions,
		},
		{
			Method: http.MethodPost, Path: "/suppressions", ID: "createSuppression", Group: groupBounces,
			Summary:     "Mail an address no more",
			Description: "The contact keeps their permission. An address that is on the list for good stays there for the reason that it has.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Body:    reflect.TypeFor[newSuppression](),
			Answers: made[suppression]("The address as it stands on the list."),
			Serve:   a.suppress,
		},
		{
			Method: http.MethodDelete, Path: "/suppressions/{suppression_id}", ID: "deleteSuppression", Group: groupBounces,
			Summary:     "Mail an address again",
			Description: "As far as its owner agrees to that: who complained has opted out as well. What was known of the address is forgotten.",
			Scope:       oauth.ContactData, Privileges: may(account.ContactsWrite),
			Answers:  none("It is off the list."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.lift,
		},
	}
}

type suppressionPage struct {
	_     struct{}      `schema:"Suppressions" doc:"A page of addresses that are not mailed."`
	All   []suppression `json:"suppressions" doc:"The addresses."`
	Links *wire3.Links  `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type suppression struct {
	_       struct{}     `schema:"Suppression" doc:"An address that is not mailed."`
	ID      string       `json:"suppression_id" doc:"The entry's id."`
	Address string       `json:"email_address,omitempty" doc:"The address; left out once its owner was erased."`
	Reason  string       `json:"reason" enum:"hard,soft,complaint,owner" doc:"Nobody has the address (hard), mail to it failed again and again (soft), its owner called a mail unwanted (complaint), or the account said so (owner)."`
	Cause   string       `json:"cause,omitempty" enum:"no_address,undeliverable,full,suspended,vacation,blocked,other" doc:"Why mail came back, of hard and soft."`
	Since   respond.Time `json:"since" doc:"Since when."`
	Until   respond.Time `json:"until,omitzero" doc:"When it is mailed again by itself; left out where somebody must say so."`
	MailID  string       `json:"mail_id,omitempty" doc:"The mail that brought it about, as the outbox has it."`
	Said    string       `json:"said,omitempty" doc:"What the recipient's server or the provider said, or what was noted."`
}

type newSuppression struct {
	_       struct{}            `schema:"NewSuppression" doc:"An address that is to be mailed no more."`
	Address request.Opt[string] `json:"email_address" required:"true" max:"80" doc:"The address. It need not be a contact's."`
	Note    request.Opt[string] `json:"note" max:"500" doc:"Why, for those who look at the list later."`
}

func suppressionOf(s delivery.Suppression) suppression {
	w := suppression{
		ID: s.Hash.String(), Address: s.Address, Reason: string(s.Reason), Since: respond.Time(s.Since), Until: respond.Time(s.Until), Said: s.Said,
	}
	if s.Cause != 0 && (s.Reason == delivery.ByHard || s.Reason == delivery.BySoft) {
		w.Cause = s.Cause.Code()
	}
	if s.Mail != 0 {
		w.MailID = strconv.FormatInt(int64(s.Mail), 10)
	}
	return w
}

func (a *API) suppressions(c *operation.Call) error {
	var of page.Of[delivery.Suppression]
	if c.Given("email_address") {
		// What is no address is on no list.
		if address, err := email.Parse(c.Text("email_address")); err == nil {
			one, err := a.o.Suppressions.Of(c.Context(), c.Actor, address)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if err == nil {
				of.Items = append(of.Items, one)
			}
		}
	} else {
		reason, _ := delivery.ParseReason(c.Text("reason"))
		var err error
		f := delivery.SuppressionFilter{Reason: reason, Search: c.Text("search")}
		if of, err = a.o.Suppressions.List(c.Context(), c.Actor, f, c.Page()); err != nil {
			return err
		}
	}
	answer := suppressionPage{All: make([]suppression, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, s := range of.Items {
		answer.All[i] = suppressionOf(s)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) suppress(c *operation.Call) error {
	in := operation.Body[newSuppression](c)
	s, err := a.o.Suppressions.Add(c.Context(), c.Actor, in.Address.Or(""), in.Note.Or(""), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, suppressionOf(s))
}

func (a *API) lift(c *operation.Call) error {
	hash, ok := delivery.ParseHash(c.Param("suppression_id"))
	if !ok {
		return delivery.ErrNotSuppressed
	}
	if err := a.o.Suppressions.Lift(c.Context(), c.Actor, hash); err != nil {
		return err
	}
	return c.NoContent()
}
