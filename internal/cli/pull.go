package cli

import (
	"context"
	"errors"

	"kith/internal/app"
	"kith/internal/domain/pull"
)

type pullCmd struct {
	remoteFlags

	Account string  `placeholder:"EMAIL" help:"Owner of the account here that is copied into."`
	Rate    float64 `default:"4" help:"Calls a second that the server gets at most; 0 sets no bound."`
	DryRun  bool    `help:"Say what there is to copy, and copy nothing."`
}

// Help is the command's longer help.
func (pullCmd) Help() string {
	return `Example:

    kith pull --server https://mail.example.org --token "$TOKEN" --account ines@example.org

Custom fields, lists, tags and contacts come as they are there: with their ids, their permissions and when and by whom these were given or taken, phone numbers, addresses, notes, and contacts that were deleted. What the account has already stays as it is: a contact by its id or address, a list, tag or field by its id or name.

The command may be ended, or killed, at any time: the same line goes on where it was. Once done, the same line brings what has been added meanwhile.`
}

type pulled struct {
	Source   string `json:"source"`
	Copied   int64  `json:"copied"`
	Present  int64  `json:"present"`
	Refused  int64  `json:"refused"`
	LeftOut  int64  `json:"values_left_out"`
	Finished bool   `json:"finished"`
}

type pullable struct {
	Source   string `json:"source"`
	Fields   int    `json:"custom_fields"`
	Lists    int    `json:"lists"`
	Tags     int    `json:"tags"`
	Contacts int64  `json:"contacts"`
}

// Run copies an account from another server.
func (c pullCmd) Run(ctx context.Context, r *run) error {
	token, err := c.token(r)
	if err != nil {
		return err
	}
	if c.Rate < 0 {
		return usage(errors.New("--rate cannot be less than 0"))
	}
	bar := newBar(r.Stderr)
	from := app.PullFrom{
		Server: c.Server, Token: token, Rate: c.Rate,
		Progress: func(s pull.State) { bar.show(s.Copied+s.Present+s.Refused, s.Total, "contacts") },
		Refused:  func(reason string) { bar.say("not copied: " + reason) },
	}
	if c.DryRun {
		s, err := app.Look(ctx, from)
		if err != nil {
			return err
		}
		return r.print(pullable{c.Server, s.Fields, s.Lists, s.Tags, s.Contacts},
			"%s has %d custom fields, %d lists, %d tags and %d contacts.", c.Server, s.Fields, s.Lists, s.Tags, s.Contacts)
	}
	if c.Account == "" {
		return usage(errors.New("--account is needed, unless with --dry-run"))
	}
	return r.desk(ctx, func(d *app.Desk) error {
		s, err := d.Pull(ctx, "kith pull", c.Account, from)
		bar.end()
		if err != nil {
			return err
		}
		return r.print(pulled{c.Server, s.Copied, s.Present, s.Refused, s.Left, s.Stage == pull.Done},
			"%d contacts copied; %d were here already, %d could not be copied.", s.Copied, s.Present, s.Refused)
	})
}
