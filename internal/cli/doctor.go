package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kith/internal/app"
	"kith/internal/config"
)

type doctorCmd struct{ settingFlags }

// Help is the command's longer help.
func (doctorCmd) Help() string {
	return `Example:

    kith doctor --config /etc/kith.toml

It changes nothing, sends no mail, and may run beside a server. Exit status 1 says that something is to be mended.`
}

type check struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

type checkup struct {
	Checks []check `json:"checks"`
}

// Run checks the installation.
func (doctorCmd) Run(ctx context.Context, r *run) error {
	var found checkup
	if c, err := r.settings(); err == nil {
		for _, k := range app.Doctor(ctx, c, config.Strays(r.Environ)) {
			found.Checks = append(found.Checks, check(k))
		}
	} else if e, ok := errors.AsType[*config.Error](err); ok {
		for _, p := range e.Problems {
			found.Checks = append(found.Checks, check{Name: "settings", Message: p.String(), Remedy: "kith serve --help says what a setting takes."})
		}
	} else {
		return err
	}
	var text strings.Builder
	failed := 0
	for _, c := range found.Checks {
		mark := "ok   "
		if !c.OK {
			mark = "WRONG"
			failed++
		}
		fmt.Fprintf(&text, "%s %-10s %s\n", mark, c.Name, c.Message)
		if c.Remedy != "" {
			fmt.Fprintf(&text, "%17s %s\n", "→", c.Remedy)
		}
	}
	if err := r.print(found, "%s", strings.TrimSuffix(text.String(), "\n")); err != nil {
		return err
	}
	if failed > 0 {
		return told{fmt.Errorf("%d of %d checks found something to mend", failed, len(found.Checks))}
	}
	return nil
}
