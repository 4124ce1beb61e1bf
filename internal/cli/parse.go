package cli

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"kith/internal/config"
)

// errHelped ends the reading of a command line that asked for help.
var errHelped = errors.New("help was printed")

type helpFlag bool

// BeforeReset prints help before anything is found missing.
func (helpFlag) BeforeReset(line *kong.Context) error {
	if err := line.PrintUsage(false); err != nil {
		return err
	}
	return errHelped
}

// newParser returns the parser of the command line. Flags that are settings
// are made from the table of settings.
func newParser(g *grammar, p Process) (*kong.Kong, error) {
	for _, s := range []*settingFlags{&g.Serve.settingFlags, &g.Doctor.settingFlags, &g.Conf.Check.settingFlags} {
		s.Plugins = kong.Plugins{settingStruct()}
	}
	parser, err := kong.New(g,
		kong.Name("kith"),
		kong.Description("Kith is a self-hosted email-marketing server. Without settings it serves on http://localhost:8080, with its data in ./kith-data."),
		kong.Writers(p.Stdout, p.Stderr),
		kong.NoDefaultHelp(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Exit(func(int) {}), // the status is Run's to return
	)
	if err != nil {
		return nil, err
	}
	for _, f := range parser.Model.Flags {
		for _, o := range config.Options() {
			if f.Name == o.Name {
				f.Help = help(o)
			}
		}
	}
	return parser, nil
}

// settingFlags stand in a command that takes every setting as a flag.
type settingFlags struct{ kong.Plugins }

// settingStruct returns a pointer to a struct with a field for each setting
// that is not a flag of all commands.
func settingStruct() any {
	var fields []reflect.StructField
	for _, o := range config.Options() {
		if o.Name == "data" || o.Name == "database-url" {
			continue
		}
		kind, value := reflect.TypeFor[*string](), "VALUE"
		if o.Default != "" {
			value = o.Default
		}
		tag := fmt.Sprintf(`name:%q help:%q placeholder:%q group:"Settings:"`, o.Name, help(o), value)
		if o.Switch {
			kind = reflect.TypeFor[*bool]()
		}
		fields = append(fields, reflect.StructField{
			Name: "F" + strings.ReplaceAll(o.Name, "-", "_"),
			Type: kind,
			Tag:  reflect.StructTag(tag),
		})
	}
	return reflect.New(reflect.StructOf(fields)).Interface()
}

func help(o config.Option) string { return upper(o.Doc) + " (" + o.Env() + ")." }

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// given returns the settings that were given as flags.
func given(line *kong.Context) map[string]string {
	flags := map[string]string{}
	for _, f := range line.Flags() {
		if !f.Set {
			continue
		}
		for _, o := range config.Options() {
			if f.Name == o.Name {
				flags[f.Name] = fmt.Sprint(reflect.Indirect(f.Target).Interface())
			}
		}
	}
	return flags
}
