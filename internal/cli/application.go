package cli

import (
	"context"
	"strings"
	"time"

	"kith/internal/app"
	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/opt"
	"kith/internal/domain/oauth"
)

type appCmds struct {
	Create appCreateCmd `cmd:"" help:"Register an application."`
}

type appCreateCmd struct {
	Email       string   `required:"" help:"Address of the user it belongs to."`
	Name        string   `required:"" help:"Name that people see when they are asked for consent."`
	RedirectURI []string `name:"redirect-uri" sep:"none" placeholder:"URI" help:"Where to send people back to; may be given several times. Without one it is https://localhost."`
	Flow        string   `enum:"code,pkce,device" default:"code" help:"What is built: code (a server with a secret), pkce (a browser or native application), device."`
	Account     string   `help:"Address of the owner of the account; without it, the user's home account."`
}

// Help is the command's longer help.
func (appCreateCmd) Help() string {
	return `Example:

    kith app create --email ines@example.org --name "Shop" --redirect-uri https://shop.example.org/callback

The secret is shown this once. Applications with the flow pkce or device have none.`
}

type createdApp struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret,omitempty"`
}

// Run registers an application.
func (c appCreateCmd) Run(ctx context.Context, r *run) error {
	return r.desk(ctx, func(d *app.Desk) error {
		actor, err := d.For(ctx, "kith app create", c.Email, c.Account)
		if err != nil {
			return err
		}
		change := oauth.ApplicationChange{Name: opt.Some(c.Name), Flow: opt.Some(oauth.Flow(c.Flow))}
		if len(c.RedirectURI) > 0 {
			change.RedirectURIs = opt.Some(c.RedirectURI)
		}
		a, err := d.OAuth.CreateApplication(ctx, actor, change, nil)
		if err != nil {
			return err
		}
		out, text := createdApp{ClientID: a.UID.String()}, "API key (client ID): %s"
		if a.Flow == oauth.FlowCode {
			if out.ClientSecret, _, err = d.OAuth.NewSecret(ctx, actor, a.UID, false); err != nil {
				return err
			}
			text += "\nClient secret: %s"
			return r.print(out, text, out.ClientID, out.ClientSecret)
		}
		return r.print(out, text, out.ClientID)
	})
}

type apikeyCmds struct {
	Create apikeyCreateCmd `cmd:"" help:"Make an access key: one header in place of OAuth."`
}

type apikeyCreateCmd struct {
	Email   string        `required:"" help:"Address of the user it acts for."`
	Name    string        `required:"" help:"Name by which to know it again."`
	Scope   []string      `sep:"none" placeholder:"SCOPES" help:"What it may do, separated by blanks: contact_data campaign_data account_read account_update."`
	Expires time.Duration `placeholder:"720h" help:"How long it lives; without it, until it is revoked."`
	Account string        `help:"Address of the owner of the account; without it, the user's home account."`
}

// Help is the command's longer help.
func (apikeyCreateCmd) Help() string {
	return `Example:

    kith apikey create --email ines@example.org --name "Sign-up form" --scope "contact_data account_read" --expires 720h

The key is shown this once. Send it as: Authorization: Bearer kith_…`
}

// Run makes an access key.
func (c apikeyCreateCmd) Run(ctx context.Context, r *run) error {
	scopes, unknown := oauth.ParseScopes(strings.Join(c.Scope, " "))
	var problems fault.Problems
	for _, name := range unknown {
		problems.Add("scope", "enum", name+" is no scope")
	}
	n := oauth.NewAccessKey{Name: c.Name, Scopes: scopes}
	if c.Expires != 0 {
		n.Expires = clock.System{}.Now().Add(c.Expires)
	}
	return r.desk(ctx, func(d *app.Desk) error {
		actor, err := d.For(ctx, "kith apikey create", c.Email, c.Account)
		if err != nil {
			return err
		}
		key, _, err := d.OAuth.CreateAccessKey(ctx, actor, n, problems)
		if err != nil {
			return err
		}
		return r.print(map[string]string{"api_key": key}, "%s", key)
	})
}
