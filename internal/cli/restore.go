package cli

import (
	"context"
	"fmt"
	"time"

	"kith/internal/app"
)

type restoreCmd struct {
	File string `arg:"" help:"An archive that kith backup wrote."`
}

// Help is the command's longer help.
func (restoreCmd) Help() string {
	return `Example:

    kith restore /backup/kith-2026-03-01.tar

No server may run on the data meanwhile. All of the archive takes the place of what is there, or nothing does; what was there is kept in a folder beside it.`
}

// Run restores an archive.
func (c restoreCmd) Run(ctx context.Context, r *run) error {
	settings, err := r.settings()
	if err != nil {
		return err
	}
	done, err := app.Restore(ctx, settings, c.File)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("The data of %s is in place.", done.MadeAt.Format(time.RFC1123))
	if done.Replaced != "" {
		text += " What was there before is in " + done.Replaced + "."
	}
	if !done.Key {
		text += " The archive held no secret key: give the one of that server with --secret-key."
	}
	return r.print(archived{c.File, done.Bytes}, "%s", text)
}
