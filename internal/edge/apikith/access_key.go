package apikith

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"kith/internal/base/id"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

func (a *API) keyOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/api_keys", ID: "getAccessKeys", Group: groupKeys,
			Summary: "The user's access keys in the account",
			Scope:   oauth.AccountRead,
			Answers: ok[keys]("All that were not revoked, in the order of their making."),
			Serve:   a.keys,
		},
		{
			Method: http.MethodPost, Path: "/api_keys", ID: "createAccessKey", Group: groupKeys,
			Summary:     "Make an access key",
			Description: "The key itself is answered this once. A token or key cannot make a key that may do more than itself.",
			Scope:       oauth.AccountUpdate,
			Body:        reflect.TypeFor[newKey](),
			Answers:     made[accessKey]("The key, with `api_key`."),
			Serve:       a.createKey,
		},
		{
			Method: http.MethodDelete, Path: "/api_keys/{api_key_id}", ID: "deleteAccessKey", Group: groupKeys,
			Summary:  "Revoke an access key",
			Scope:    oauth.AccountUpdate,
			Answers:  none("It lets nobody in any more."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.deleteKey,
		},
	}
}

type keys struct {
	_   struct{}    `schema:"AccessKeys" doc:"The user's access keys in the account."`
	All []accessKey `json:"api_keys" doc:"The keys."`
}

type accessKey struct {
	_         struct{}     `schema:"AccessKey" doc:"A key for scripts of the user's own: it is sent as a bearer token is."`
	ID        id.UID       `json:"api_key_id" doc:"The key's id, which lets nobody in."`
	Name      string       `json:"name" doc:"What the key is for."`
	Hint      string       `json:"hint" doc:"The key's first characters, to tell keys apart."`
	Scopes    []string     `json:"scopes" doc:"What it may do."`
	CreatedAt respond.Time `json:"created_at" doc:"When it was made."`
	ExpiresAt respond.Time `json:"expires_at,omitzero" doc:"When it ends; left out for a key that lives until it is revoked."`
	UsedAt    respond.Time `json:"used_at,omitzero" doc:"When it was last used, to the minute."`
	Key       string       `json:"api_key,omitempty" doc:"The key itself, in the answer that made it."`
}

type newKey struct {
	_         struct{}               `schema:"NewAccessKey" doc:"An access key to be made."`
	Name      request.Opt[string]    `json:"name" required:"true" max:"100" doc:"What the key is for."`
	Scopes    request.Opt[[]string]  `json:"scopes" required:"true" min:"1" enum:"contact_data,campaign_data,account_read,account_update,billing_data" doc:"What it may do."`
	ExpiresAt request.Opt[time.Time] `json:"expires_at" doc:"When it is to end; never, where it is left out."`
}

func accessKeyOf(k oauth.AccessKey) accessKey {
	w := accessKey{
		ID: k.UID, Name: k.Name, Hint: k.Hint, Scopes: make([]string, len(k.Scopes)),
		CreatedAt: respond.Time(k.CreatedAt), ExpiresAt: respond.Time(k.ExpiresAt), UsedAt: respond.Time(k.UsedAt),
	}
	for i, s := range k.Scopes {
		w.Scopes[i] = string(s)
	}
	return w
}

func (a *API) keys(c *operation.Call) error {
	all, err := a.o.Applications.AccessKeys(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := keys{All: make([]accessKey, len(all))}
	for i, k := range all {
		answer.All[i] = accessKeyOf(k)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) createKey(c *operation.Call) error {
	in := operation.Body[newKey](c)
	n := oauth.NewAccessKey{Name: in.Name.Or(""), Expires: in.ExpiresAt.Or(time.Time{})}
	asked := in.Scopes.Or(nil)
	for _, s := range oauth.AllScopes() {
		if !slices.Contains(asked, string(s)) {
			continue
		}
		if err := c.Principal.Allows(s); err != nil {
			return err
		}
		n.Scopes = append(n.Scopes, s)
	}
	for i, text := range asked {
		path := "scopes[" + strconv.Itoa(i) + "]"
		if !oauth.AllScopes().Has(oauth.Scope(text)) && !c.Problems.Has(path) {
			c.Problems.Add(path, "enum", "is no scope")
		}
	}
	text, k, err := a.o.Applications.CreateAccessKey(c.Context(), c.Actor, n, c.Problems)
	if err != nil {
		return err
	}
	answer := accessKeyOf(k)
	answer.Key = text
	c.W.Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, answer)
}

func (a *API) deleteKey(c *operation.Call) error {
	if err := a.o.Applications.RevokeAccessKey(c.Context(), c.Actor, c.UID("api_key_id")); err != nil {
		return err
	}
	return c.NoContent()
}
