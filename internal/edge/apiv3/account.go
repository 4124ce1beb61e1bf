package apiv3

import (
	"net/http"
	"reflect"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
)

func (a *API) accountOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/account/summary", ID: "getAccountById", Group: groupAccount,
			Summary:     "The account's own data",
			Description: "Name, contact person, place and time zone of the account that the token belongs to.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: []operation.Parameter{{
				Name: "extra_fields", Kind: operation.Words, Words: []string{extraAddress, extraLogo},
				Doc: "What to add that is left out otherwise.",
			}},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The account.", Type: reflect.TypeFor[customer]()}},
			Serve:   a.summary,
		},
		{
			Method: http.MethodPut, Path: "/account/summary", ID: "putCustomerById", Group: groupAccount,
			Summary:     "Change the account's own data",
			Description: "What is left out stays as it is; null or an empty text empties. The account's id is passed over.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:    reflect.TypeFor[customerInput](),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The account as it is now.", Type: reflect.TypeFor[customerPut]()}},
			Serve:   a.updateSummary,
		},
		{
			Method: http.MethodGet, Path: physicalPath, ID: "getPhysicalAddress", Group: groupAccount,
			Summary: "The account's physical address",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "Where the organization is.", Type: reflect.TypeFor[accountPhysical]()}},
			Failures: []int{http.StatusNotFound},
			Serve:    a.physical,
		},
		{
			Method: http.MethodPost, Path: physicalPath, ID: "addPhysicalAddress", Group: groupAccount,
			Summary:     "Give the account a physical address",
			Description: physicalRules,
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:     reflect.TypeFor[physicalInput](),
			Answers:  []operation.Answer{{Status: http.StatusCreated, Doc: "The address.", Type: reflect.TypeFor[accountPhysical]()}},
			Failures: []int{http.StatusConflict},
			Serve:    a.addPhysical,
		},
		{
			Method: http.MethodPut, Path: physicalPath, ID: "putPhysicalAddress", Group: groupAccount,
			Summary:     "Replace the account's physical address",
			Description: physicalRules + " What is left out is emptied.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:    reflect.TypeFor[physicalInput](),
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The address as it is now.", Type: reflect.TypeFor[accountPhysical]()}},
			Serve:   a.replacePhysical,
		},
		{
			Method: http.MethodGet, Path: "/account/user/privileges", ID: "getUserPrivileges", Group: groupAccount,
			Summary:     "What the signed-in user may do",
			Description: "The rights that the user's role has in the account. What a token may do is bounded by its scopes too. Any token will do, whatever its scopes.",
			Answers:     []operation.Answer{{Status: http.StatusOK, Doc: "The privileges.", Type: reflect.TypeFor[[]privilege]()}},
			Serve:       a.privileges,
		},
	}
}

// What extra_fields may name.
const (
	extraAddress = "physical_address"
	extraLogo    = "company_logo"
)

const (
	physicalPath  = "/account/summary/physical_address"
	physicalRules = "Addresses in the United States and Canada have a state_code and a postal_code; elsewhere state_name says what there is of the kind."
)

func (a *API) summary(c *operation.Call) error {
	is, err := a.o.Accounts.Summary(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, customerOf(is, c.Words("extra_fields")))
}

func (a *API) updateSummary(c *operation.Call) error {
	in := operation.Body[customerInput](c)
	is, err := a.o.Accounts.UpdateSettings(c.Context(), c.Actor, in.settings(), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, customerPut{customerFields: customerFieldsOf(is)})
}

func (a *API) physical(c *operation.Call) error {
	p, err := a.o.Accounts.Physical(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, accountPhysical{physicalFields: physicalFieldsOf(p)})
}

func (a *API) addPhysical(c *operation.Call) error {
	in := operation.Body[physicalInput](c).address()
	p, err := a.o.Accounts.AddPhysical(c.Context(), c.Actor, in, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, accountPhysical{physicalFields: physicalFieldsOf(p)})
}

func (a *API) replacePhysical(c *operation.Call) error {
	in := operation.Body[physicalInput](c).address()
	p, err := a.o.Accounts.ReplacePhysical(c.Context(), c.Actor, in, c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, accountPhysical{physicalFields: physicalFieldsOf(p)})
}

func (a *API) privileges(c *operation.Call) error {
	all := []privilege{}
	for _, p := range a.o.Accounts.Privileges(c.Actor) {
		all = append(all, privilege{ID: p.Number, Name: string(p.Privilege)})
	}
	return c.JSON(http.StatusOK, all)
}
