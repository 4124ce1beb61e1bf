package config_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"kith/internal/config"
)

var update = flag.Bool("update", false, "write the files that are made of the code")

// The page of settings says what the table says.
func TestThePageOfSettings(t *testing.T) {
	t.Parallel()
	const path = "../../docs/operate/settings.md"
	var page strings.Builder
	page.WriteString(`# Settings

Made of the table in internal/config by ` + "`go test ./internal/config -update`" + `.

A setting may be given as a flag, as an environment variable, or in a TOML file
that ` + "`--config` (or KITH_CONFIG)" + ` names, under the flag's name without dashes. Flags
win over the environment, that over the file. Of a secret the variable with
` + "`_FILE`" + ` at its end names a file that holds it.

| flag | environment | default | what it does |
|---|---|---|---|
`)
	for _, o := range config.Options() {
		value := "none"
		if o.Default != "" {
			value = "`" + o.Default + "`"
		}
		env := "`" + o.Env() + "`"
		if o.Secret {
			env += ", `" + o.EnvFile() + "`"
		}
		doc := o.Doc
		if o.Idle {
			doc += " (nothing goes by it yet)"
		}
		fmt.Fprintf(&page, "| `--%s` | %s | %s | %s |\n", o.Name, env, value, doc)
	}
	page.WriteString(`
Sizes take B, KiB, MiB, GiB (or kB, MB, GB); durations h, m, s, as in 1h30m;
lists are separated by commas, in the file they may be lists. An address without
a host, as in ` + "`:8080`" + `, is every interface; ` + "`localhost`" + ` is both loopback addresses.

    # /etc/kith/kith.toml
    listen = ":443"
    public-url = "https://kith.example.com"
    acme-domain = ["kith.example.com"]
    require-https = true
    import-max-bytes = "1GiB"
`)
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != page.String() {
		t.Errorf("%s is not in step; go test ./internal/config -update mends it", path)
	}
}
