package apikith

import (
	"net/http"
	"reflect"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

func (a *API) applicationOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/applications", ID: "getApplications", Group: groupApplications,
			Summary: "The user's applications",
			Scope:   oauth.AccountRead,
			Answers: ok[applications]("All of them, in the order of their making."),
			Serve:   a.applications,
		},
		{
			Method: http.MethodPost, Path: "/applications", ID: "createApplication", Group: groupApplications,
			Summary:     "Register an application",
			Description: "Only a name is needed: the flow is then code, the refresh kind rotating, and the redirect URI https://localhost. A user has at most 50.",
			Scope:       oauth.AccountUpdate,
			Body:        reflect.TypeFor[newApplication](),
			Answers:     made[application]("The application."),
			Failures:    []int{http.StatusConflict},
			Serve:       a.createApplication,
		},
		{
			Method: http.MethodGet, Path: "/applications/{client_id}", ID: "getApplication", Group: groupApplications,
			Summary:  "One application",
			Scope:    oauth.AccountRead,
			Answers:  ok[application]("The application."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.application,
		},
		{
			Method: http.MethodPut, Path: "/applications/{client_id}", ID: "putApplication", Group: groupApplications,
			Summary:     "Change an application",
			Description: "What is left out stays; null or an empty text empties. Another flow or refresh kind counts for grants made from then on.",
			Scope:       oauth.AccountUpdate,
			Body:        reflect.TypeFor[applicationInput](),
			Answers:     ok[application]("The application as it is now."),
			Failures:    []int{http.StatusNotFound},
			Serve:       a.updateApplication,
		},
		{
			Method: http.MethodDelete, Path: "/applications/{client_id}", ID: "deleteApplication", Group: groupApplications,
			Summary:  "Delete an application",
			Scope:    oauth.AccountUpdate,
			Answers:  none("It is gone, and all that was granted to it has ended."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.deleteApplication,
		},
		{
			Method: http.MethodPost, Path: "/applications/{client_id}/secret", ID: "createSecret", Group: groupApplications,
			Summary:     "Make a client secret",
			Description: "It is answered this once. A secret that is there must be given up with replace: it stops working at once; tokens that it brought live on.",
			Scope:       oauth.AccountUpdate,
			Body:        reflect.TypeFor[newSecret](), BodyOptional: true,
			Answers:  made[secret]("The secret."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.createSecret,
		},
		{
			Method: http.MethodPost, Path: "/applications/{client_id}/activate", ID: "activateApplication", Group: groupApplications,
			Summary:  "Let an application's tokens in again",
			Scope:    oauth.AccountUpdate,
			Answers:  ok[application]("The application as it is now."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.setActive(true),
		},
		{
			Method: http.MethodPost, Path: "/applications/{client_id}/deactivate", ID: "deactivateApplication", Group: groupApplications,
			Summary:  "Keep an application's tokens out",
			Scope:    oauth.AccountUpdate,
			Answers:  ok[application]("The application as it is now."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.setActive(false),
		},
	}
}

type applications struct {
	_   struct{}      `schema:"Applications" doc:"The user's applications."`
	All []application `json:"applications" doc:"The applications."`
}

type application struct {
	_            struct{}     `schema:"Application" doc:"A program that may ask users for access."`
	ID           id.UID       `json:"client_id" doc:"The client id, which the contract calls API key."`
	Name         string       `json:"name" doc:"What people are asked to allow."`
	Description  string       `json:"description,omitempty" doc:"What the application is for."`
	LogoURL      string       `json:"logo_url,omitempty" format:"uri" doc:"An image that stands for it."`
	Website      string       `json:"website,omitempty" format:"uri" doc:"Where to read about it."`
	Flow         string       `json:"flow" enum:"code,pkce,device" doc:"How it gets its tokens."`
	RefreshKind  string       `json:"refresh_kind" enum:"rotating,long_lived" doc:"What becomes of a refresh token that is used."`
	RedirectURIs []string     `json:"redirect_uris" doc:"Where users are sent back to."`
	HasSecret    bool         `json:"has_secret" doc:"Whether there is a client secret."`
	SecretAt     respond.Time `json:"secret_created_at,omitzero" doc:"When the secret was made."`
	Active       bool         `json:"active" doc:"Whether its tokens are let in."`
	Rate         string       `json:"rate" doc:"The limit that holds for it: off, or calls a second and a day as in 4/s,10000/d. The operator sets it."`
	CreatedAt    respond.Time `json:"created_at" doc:"When it was registered."`
	UpdatedAt    respond.Time `json:"updated_at" doc:"When it was last changed."`
	Endpoints    endpoints    `json:"endpoints" doc:"The addresses that the application uses."`
}

type endpoints struct {
	_         struct{} `schema:"Endpoints" doc:"Addresses of this server."`
	Authorize string   `json:"authorize" format:"uri" doc:"Where users are sent to allow the application."`
	Token     string   `json:"token" format:"uri" doc:"Where codes and refresh tokens are changed for access tokens."`
	Device    string   `json:"device_authorize" format:"uri" doc:"Where devices ask for their codes."`
	API       string   `json:"api" format:"uri" doc:"What addresses of v3 begin with."`
}

func (a *API) applicationOf(is oauth.Application) application {
	server := a.o.PublicURL + "/oauth2/default/v1"
	w := application{
		ID: is.UID, Name: is.Name, Description: is.Description, LogoURL: is.LogoURL, Website: is.Website,
		Flow: string(is.Flow), RefreshKind: string(is.Refresh), RedirectURIs: is.RedirectURIs,
		HasSecret: is.HasSecret(), SecretAt: respond.Time(is.SecretAt), Active: is.Active, Rate: a.o.Applications.RateOf(is).String(),
		CreatedAt: respond.Time(is.CreatedAt), UpdatedAt: respond.Time(is.UpdatedAt),
		Endpoints: endpoints{
			Authorize: server + "/authorize", Token: server + "/token", Device: server + "/device/authorize", API: a.o.PublicURL + "/v3",
		},
	}
	if w.RedirectURIs == nil {
		w.RedirectURIs = []string{}
	}
	return w
}

// applicationInput is what is to be changed of an application, newApplication
// one to be registered, which needs a name.
type applicationInput struct {
	_    struct{}            `schema:"ApplicationInput" doc:"What is to be changed of an application."`
	Name request.Opt[string] `json:"name" max:"100" doc:"What people are asked to allow."`
	applicationRest
}

type newApplication struct {
	_    struct{}            `schema:"NewApplication" doc:"An application to be registered."`
	Name request.Opt[string] `json:"name" required:"true" max:"100" doc:"What people are asked to allow."`
	applicationRest
}

type applicationRest struct {
	Description  request.Opt[string]   `json:"description" max:"1000" doc:"What the application is for."`
	LogoURL      request.Opt[string]   `json:"logo_url" max:"2048" doc:"An image that stands for it."`
	Website      request.Opt[string]   `json:"website" max:"2048" doc:"Where to read about it."`
	Flow         request.Opt[string]   `json:"flow" enum:"code,pkce,device" doc:"How it gets its tokens: a server that keeps a secret, a browser or native application, or a device."`
	RefreshKind  request.Opt[string]   `json:"refresh_kind" enum:"rotating,long_lived" doc:"What becomes of a refresh token that is used."`
	RedirectURIs request.Opt[[]string] `json:"redirect_uris" max:"100" doc:"Where users are sent back to: https, http to the machine itself, or a scheme with a dot."`
}

func (in applicationRest) change(name request.Opt[string]) oauth.ApplicationChange {
	return oauth.ApplicationChange{
		Name: name.Value, Description: in.Description.Value, LogoURL: in.LogoURL.Value, Website: in.Website.Value,
		Flow: word[oauth.Flow](in.Flow), Refresh: word[oauth.Refresh](in.RefreshKind), RedirectURIs: in.RedirectURIs.Value,
	}
}

// word gives a text the type of one of the domain's words.
func word[T ~string](o request.Opt[string]) opt.Value[T] {
	if !o.Given() {
		return opt.Value[T]{}
	}
	text, given := o.Value.Value()
	if !given {
		return opt.Null[T]()
	}
	return opt.Some(T(text))
}

func (a *API) applications(c *operation.Call) error {
	all, err := a.o.Applications.Applications(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := applications{All: make([]application, len(all))}
	for i, is := range all {
		answer.All[i] = a.applicationOf(is)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) application(c *operation.Call) error {
	is, err := a.o.Applications.Application(c.Context(), c.Actor, c.UID("client_id"))
	return a.answerApplication(c, http.StatusOK, is, err)
}

func (a *API) createApplication(c *operation.Call) error {
	in := operation.Body[newApplication](c)
	is, err := a.o.Applications.CreateApplication(c.Context(), c.Actor, in.change(in.Name), c.Problems)
	return a.answerApplication(c, http.StatusCreated, is, err)
}

func (a *API) updateApplication(c *operation.Call) error {
	in := operation.Body[applicationInput](c)
	is, err := a.o.Applications.UpdateApplication(c.Context(), c.Actor, c.UID("client_id"), in.change(in.Name), c.Problems)
	return a.answerApplication(c, http.StatusOK, is, err)
}

func (a *API) deleteApplication(c *operation.Call) error {
	if err := a.o.Applications.DeleteApplication(c.Context(), c.Actor, c.UID("client_id")); err != nil {
		return err
	}
	return c.NoContent()
}

func (a *API) setActive(active bool) func(*operation.Call) error {
	return func(c *operation.Call) error {
		is, err := a.o.Applications.SetActive(c.Context(), c.Actor, c.UID("client_id"), active)
		return a.answerApplication(c, http.StatusOK, is, err)
	}
}

func (a *API) answerApplication(c *operation.Call, status int, is oauth.Application, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(status, a.applicationOf(is))
}

type newSecret struct {
	_       struct{}          `schema:"NewSecret" doc:"How a secret is to be made."`
	Replace request.Opt[bool] `json:"replace" default:"false" doc:"Whether a secret that is there may go."`
}

type secret struct {
	_      struct{}     `schema:"Secret" doc:"A client secret, which is shown this once."`
	ID     id.UID       `json:"client_id" doc:"The application."`
	Secret string       `json:"client_secret" doc:"The secret."`
	At     respond.Time `json:"secret_created_at" doc:"When it was made."`
}

func (a *API) createSecret(c *operation.Call) error {
	in := operation.Body[newSecret](c)
	if err := c.Problems.Err(); err != nil {
		return err
	}
	text, is, err := a.o.Applications.NewSecret(c.Context(), c.Actor, c.UID("client_id"), in.Replace.Or(false))
	if err != nil {
		return err
	}
	c.W.Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, secret{ID: is.UID, Secret: text, At: respond.Time(is.SecretAt)})
}
