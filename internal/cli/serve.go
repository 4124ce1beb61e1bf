package cli

import (
	"context"
	"log/slog"

	"kith/internal/app"
	"kith/internal/config"
)

type serveCmd struct {
	NoMigrate bool `help:"Do not bring the database up to date; refuse to serve on an older one."`
	settingFlags
}

// Help is the command's longer help.
func (serveCmd) Help() string {
	return `Example:

    kith serve --listen :8080 --public-url https://kith.example.com

It finishes what is in flight when it gets SIGTERM or SIGINT, and gives up at the second one.`
}

// Run serves until ctx ends.
func (s serveCmd) Run(ctx context.Context, r *run) error {
	c, err := r.settings()
	if err != nil {
		return err
	}
	log := r.logger(c, slog.LevelInfo)
	for _, name := range config.Strays(r.Environ) {
		log.WarnContext(ctx, "an environment variable looks like a setting and is none", "name", name)
	}
	for _, name := range c.Idle() {
		log.WarnContext(ctx, "a setting was given that nothing goes by yet", "name", name)
	}
	return app.Run(ctx, c, app.Process{Version: r.Version, Stdout: r.Stdout, Log: log, Migrate: !s.NoMigrate})
}
