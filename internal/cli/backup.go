package cli

import (
	"context"
	"log/slog"

	"kith/internal/app"
)

type backupCmd struct {
	File string `arg:"" help:"The archive to write; it may not be there yet."`
}

// Help is the command's longer help.
func (backupCmd) Help() string {
	return `Example:

    kith backup /backup/kith-2026-03-01.tar

The archive holds the database of one moment, uploads, and the secret key: keep it as private as the data. Servers go on running. With PostgreSQL the command says which tool to use instead.`
}

// archived is what is printed of an archive.
type archived struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
}

// Run writes an archive.
func (b backupCmd) Run(ctx context.Context, r *run) error {
	c, err := r.settings()
	if err != nil {
		return err
	}
	n, err := app.Backup(ctx, c, r.logger(c, slog.LevelWarn), b.File, r.Version)
	if err != nil {
		return err
	}
	return r.print(archived{b.File, n}, "Written to %s, %d bytes.", b.File, n)
}
