package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"kith/internal/config"
)

type configCheckCmd struct{ settingFlags }

// Help is the command's longer help.
func (configCheckCmd) Help() string {
	return `Example:

    kith config check --config /etc/kith.toml

Prints every setting with where it comes from; secrets show as dots. What is wrong is told at once, not one by one.`
}

type checkedSetting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

type checkedSettings struct {
	Settings []checkedSetting `json:"settings"`
	// Unknown are variables of the environment that look like settings.
	Unknown []string `json:"unknown"`
}

// Run checks the settings.
func (configCheckCmd) Run(r *run) error {
	c, err := r.settings()
	if err != nil {
		return err
	}
	out := checkedSettings{Settings: []checkedSetting{}, Unknown: append([]string{}, config.Strays(r.Environ)...)}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, s := range c.Settings() {
		out.Settings = append(out.Settings, checkedSetting(s))
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Name, s.Value, s.From)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, name := range out.Unknown {
		fmt.Fprintf(&text, "%s looks like a setting and is none.\n", name)
	}
	return r.print(out, "%sThe settings are right.", text.String())
}
