package apiv2

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

func (a *API) accountOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/account/info", ID: "getAccountInfo", Group: groupAccount,
			Summary: "The account's own data",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The data.", Type: reflect.TypeFor[infoWire]()}},
			Serve:   a.info,
		},
		{
			Method: http.MethodPut, Path: "/account/info", ID: "putAccountInfo", Group: groupAccount,
			Summary:     "Replace the account's own data",
			Description: "What is left out stays: a client that knows less than there is must not empty the rest.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:    reflect.TypeFor[infoInput](),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The data as it is now.", Type: reflect.TypeFor[infoWire]()}},
			Serve:   a.updateInfo,
		},
		{
			Method: http.MethodGet, Path: "/account/verifiedemailaddresses", ID: "getVerifiedEmailAddresses", Group: groupAccount,
			Summary: "The addresses that the account may send from",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: []operation.Parameter{{
				Name: "status", Kind: operation.Word, Words: []string{"ALL", senderConfirmed, senderUnconfirmed}, Doc: "Which of them.",
			}},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The addresses.", Type: reflect.TypeFor[[]senderWire]()}},
			Serve:   a.senders,
		},
		{
			Method: http.MethodPost, Path: "/account/verifiedemailaddresses", ID: "postVerifiedEmailAddress", Group: groupAccount,
			Summary: "Add an address to send from",
			Description: "An array of one object, or the object itself. A mail with a link to confirm it leaves at once; " +
				"where the address is there and not confirmed, it leaves once more and the answer is 200.",
			Scope: oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Streams: true,
			Answers: []operation.Answer{
				{Status: http.StatusCreated, Doc: "The address.", Type: reflect.TypeFor[[]senderWire]()},
				{Status: http.StatusOK, Doc: "It was there and has the mail once more.", Type: reflect.TypeFor[[]senderWire]()},
			},
			Failures: []int{http.StatusConflict},
			Serve:    a.addSender,
		},
		{
			Method: http.MethodGet, Path: "/account/user/privileges", ID: "getUserPrivileges", Group: groupAccount,
			Summary: "What the user may do",
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The privileges.", Type: reflect.TypeFor[[]string]()}},
			Serve:   a.privileges,
		},
	}
}

// infoWire is an account (v2 contract, 7.8).
type infoWire struct {
	_            struct{}     `schema:"AccountInfo" doc:"The account's own data."`
	Website      string       `json:"website" doc:"The organization's web address."`
	Organization string       `json:"organization_name" doc:"The organization."`
	TimeZone     string       `json:"time_zone" doc:"The time zone's name in the IANA database."`
	FirstName    string       `json:"first_name" doc:"The first name of the person to ask for."`
	LastName     string       `json:"last_name" doc:"Their last name."`
	Email        string       `json:"email" doc:"Their address."`
	Phone        string       `json:"phone" doc:"Their telephone number."`
	Logo         string       `json:"company_logo" doc:"Where an image lies on the web that stands for the organization."`
	Country      string       `json:"country_code" doc:"The country, two letters."`
	State        string       `json:"state_code" doc:"The state or province."`
	Places       []orgAddress `json:"organization_addresses" doc:"Where the organization is."`
}

type orgAddress struct {
	_          struct{} `schema:"OrganizationAddress" doc:"Where an organization is."`
	Line1      string   `json:"line1" doc:"Street and number."`
	Line2      string   `json:"line2" doc:"More of it."`
	Line3      string   `json:"line3" doc:"And more."`
	City       string   `json:"city" doc:"The city."`
	StateCode  string   `json:"state_code" doc:"The state or province in the United States and Canada."`
	State      string   `json:"state" doc:"The state, province or region elsewhere."`
	PostalCode string   `json:"postal_code" doc:"The postal code."`
	Country    string   `json:"country_code" doc:"The country, two letters."`
}

type infoInput struct {
	_            struct{}                       `schema:"AccountInfoInput" doc:"What is to be changed of the account's data."`
	Website      request.Opt[string]            `json:"website" doc:"The organization's web address."`
	Organization request.Opt[string]            `json:"organization_name" doc:"The organization."`
	TimeZone     request.Opt[string]            `json:"time_zone" doc:"The time zone's name in the IANA database."`
	FirstName    request.Opt[string]            `json:"first_name" max:"80" doc:"The first name of the person to ask for."`
	LastName     request.Opt[string]            `json:"last_name" max:"80" doc:"Their last name."`
	Email        request.Opt[string]            `json:"email" max:"80" doc:"Their address."`
	Phone        request.Opt[string]            `json:"phone" doc:"Their telephone number."`
	Logo         request.Raw                    `json:"company_logo" doc:"Passed over."`
	Country      request.Opt[string]            `json:"country_code" max:"2" doc:"The country, two letters."`
	State        request.Opt[string]            `json:"state_code" max:"3" doc:"The state or province."`
	Places       request.Opt[[]orgAddressInput] `json:"organization_addresses" doc:"Where the organization is: at most one address."`
}

type orgAddressInput struct {
	_          struct{}            `schema:"OrganizationAddressInput" doc:"Where an organization is."`
	Line1      request.Opt[string] `json:"line1" doc:"Street and number."`
	Line2      request.Opt[string] `json:"line2" doc:"More of it."`
	Line3      request.Opt[string] `json:"line3" doc:"And more."`
	City       request.Opt[string] `json:"city" doc:"The city."`
	StateCode  request.Opt[string] `json:"state_code" doc:"The state or province in the United States and Canada."`
	State      request.Opt[string] `json:"state" doc:"The state, province or region elsewhere."`
	PostalCode request.Opt[string] `json:"postal_code" doc:"The postal code."`
	Country    request.Opt[string] `json:"country_code" doc:"The country, two letters."`
}

func infoOf(is account.Account) infoWire {
	w := infoWire{
		Website: is.Website, Organization: is.Organization, TimeZone: is.TimeZone, FirstName: is.FirstName, LastName: is.LastName,
		Email: is.ContactEmail.String(), Phone: is.ContactPhone, Logo: is.LogoURL, Country: is.Country, State: is.State, Places: []orgAddress{},
	}
	if p := is.Physical; !p.IsZero() {
		w.Places = append(w.Places, orgAddress{
			Line1: p.Line1, Line2: p.Line2, Line3: p.Line3, City: p.City, StateCode: p.StateCode, State: p.StateName,
			PostalCode: p.PostalCode, Country: p.Country,
		})
	}
	return w
}

func (a *API) info(c *operation.Call) error {
	is, err := a.o.Accounts.Summary(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, infoOf(is))
}

func (a *API) updateInfo(c *operation.Call) error {
	in := operation.Body[infoInput](c)
	ch := account.Settings{
		Website: in.Website.Value, Organization: in.Organization.Value, TimeZone: in.TimeZone.Value, FirstName: in.FirstName.Value,
		LastName: in.LastName.Value, ContactEmail: in.Email.Value, ContactPhone: in.Phone.Value, Country: in.Country.Value, State: in.State.Value,
	}
	switch places := in.Places.Or(nil); {
	case len(places) > 1:
		c.Problems.Add("organization_addresses", "too_many", "has more than one element; an account has one address")
	case len(places) == 1:
		p := places[0]
		ch.Physical = opt.Some(account.PhysicalAddress{
			Line1: p.Line1.Or(""), Line2: p.Line2.Or(""), Line3: p.Line3.Or(""), City: p.City.Or(""), StateCode: p.StateCode.Or(""),
			StateName: p.State.Or(""), PostalCode: p.PostalCode.Or(""), Country: p.Country.Or(""),
		})
	}
	is, err := a.o.Accounts.UpdateSettings(c.Context(), c.Actor, ch, c.Problems)
	if err != nil {
		return renamedBy(err, accountPath)
	}
	return c.JSON(http.StatusOK, infoOf(is))
}

// accountPath is what version 2 calls a field of an account.
func accountPath(of string) string {
	switch of {
	case "contact_email":
		return "email"
	case "contact_phone":
		return "phone"
	case "time_zone_id":
		return "time_zone"
	}
	if rest, ok := strings.CutPrefix(of, "physical_address."); ok {
		return "organization_addresses[0]." + strings.NewReplacer("address_line", "line", "state_name", "state").Replace(rest)
	}
	return of
}

// The statuses of an address to send from (v2 contract, 7.8).
const (
	senderConfirmed   = "CONFIRMED"
	senderUnconfirmed = "UNCONFIRMED"
)

type senderWire struct {
	_       struct{} `schema:"VerifiedEmailAddress" doc:"An address to send from."`
	Address string   `json:"email_address" doc:"The address."`
	Status  string   `json:"status" enum:"CONFIRMED,UNCONFIRMED" doc:"Whether it was confirmed; only then mail is sent from it."`
}

type senderInput struct {
	Address request.Opt[string] `json:"email_address"`
	Status  request.Raw         `json:"status"`
}

func senderOf(s account.Sender) senderWire {
	w := senderWire{Address: s.Email.String(), Status: senderUnconfirmed}
	if s.Confirmed() {
		w.Status = senderConfirmed
	}
	return w
}

func (a *API) senders(c *operation.Call) error {
	f := account.SenderFilter{}
	if status := c.Text("status"); status != "" && status != "ALL" {
		f.Confirmed = opt.Some(status == senderConfirmed)
	}
	of, err := a.o.Accounts.Senders(c.Context(), c.Actor, f)
	if err != nil {
		return err
	}
	all := make([]senderWire, len(of))
	for i, s := range of {
		all[i] = senderOf(s)
	}
	return c.JSON(http.StatusOK, all)
}

func (a *API) addSender(c *operation.Call) error {
	in, err := oneSender(c)
	if err != nil {
		return err
	}
	address := in.Address.Or("")
	added, err := a.o.Accounts.AddSender(c.Context(), c.Actor, address, c.Problems)
	if err == nil {
		return c.JSON(http.StatusCreated, []senderWire{senderOf(added)})
	}
	if !errors.Is(err, account.ErrSenderTaken) {
		return err
	}
	there, find := a.o.Accounts.Senders(c.Context(), c.Actor, account.SenderFilter{Email: address})
	if find != nil || len(there) == 0 || there[0].Confirmed() {
		return err
	}
	return c.JSON(http.StatusOK, []senderWire{senderOf(there[0])})
}

// maxSender bounds the body of a call with one address, in bytes.
const maxSender = 64 << 10

// oneSender reads an array of one object, as most clients send it, or the
// object itself, as one does.
func oneSender(c *operation.Call) (in senderInput, err error) {
	body, err := io.ReadAll(io.LimitReader(c.R.Body, maxSender))
	if err != nil {
		return in, fault.ErrMalformed.Because(err)
	}
	var some []json.RawMessage
	if json.Unmarshal(body, &some) == nil {
		if len(some) != 1 {
			return in, fault.ErrMalformed.Saying("The body must be an array of one object.")
		}
		body = some[0]
	}
	object, err := request.ParseJSON(body)
	if err != nil {
		return in, err
	}
	return request.DecodeStrict[senderInput](object, &c.Problems), nil
}

// privilegesOf are the names that version 2 has for what a user may do (v2
// contract, 9), in its order.
var privilegesOf = []struct {
	name string
	is   account.Privilege
}{
	{"account:read", account.AccountRead},
	{"account:update", account.AccountUpdate},
	{"campaign:activate", account.CampaignSend},
	{"campaign:create", account.CampaignWrite},
	{"campaign:delete", account.CampaignDelete},
	{"campaign:list", account.CampaignRead},
	{"campaign:read", account.CampaignRead},
	{"campaign:send", account.CampaignSend},
	{"campaign:stop", account.CampaignSend},
	{"campaign:write", account.CampaignWrite},
	{"contacts:lists:read", account.ListsRead},
	{"contacts:lists:write", account.ListsWrite},
	{"contacts:read", account.ContactsRead},
	{"contacts:signuptools:create", account.ContactsWrite},
	{"contacts:write", account.ContactsWrite},
	{"mylibrary:create", account.CampaignWrite},
	{"mylibrary:delete", account.CampaignWrite},
	{"mylibrary:read", account.CampaignRead},
	{"mylibrary:update", account.CampaignWrite},
}

func (a *API) privileges(c *operation.Call) error {
	all := []string{}
	for _, p := range privilegesOf {
		if c.Actor.May(p.is) == nil {
			all = append(all, p.name)
		}
	}
	return c.JSON(http.StatusOK, all)
}
