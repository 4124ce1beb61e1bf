package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
	ptoml "github.com/pelletier/go-toml/v2"
)

// envConfig names the file where no flag does.
const envConfig = "KITH_CONFIG"

// EnvToken is the variable that holds the token with which commands ask a
// server, and EnvTokenFile one that names a file with it. They are no settings.
const (
	EnvToken     = "KITH_TOKEN"
	EnvTokenFile = "KITH_TOKEN_FILE"
)

// fromDefault is where a setting comes from that nobody gave.
const fromDefault = "default"

// Source is where settings come from, beside their defaults.
type Source struct {
	// File is a TOML file; empty means what KITH_CONFIG says, or none.
	File string
	// Environ is the environment, as os.Environ returns it.
	Environ []string
	// Flags are the flags that were given, by name.
	Flags map[string]string
}

// Problem is one thing that is wrong with the settings.
type Problem struct {
	// Setting is the setting's name; empty for a fault of a whole file.
	Setting string
	// From says where the value came from, as Setting.From does.
	From string
	// Message goes on from the setting's name.
	Message string
}

// String returns the problem as a sentence.
func (p Problem) String() string {
	switch {
	case p.Setting == "":
		return p.From + " " + p.Message
	case p.From == "":
		return p.Setting + " " + p.Message
	}
	return fmt.Sprintf("%s (%s) %s", p.Setting, p.From, p.Message)
}

// Error is all that is wrong with the settings.
type Error struct{ Problems []Problem }

// Error returns all problems in one line.
func (e *Error) Error() string {
	var all []string
	for _, p := range e.Problems {
		all = append(all, p.String())
	}
	return strings.Join(all, "; ")
}

// Usage reports whether a flag is at fault, rather than a file or the
// environment.
func (e *Error) Usage() bool {
	return slices.ContainsFunc(e.Problems, func(p Problem) bool { return strings.HasPrefix(p.From, "--") })
}

// layer is one source of values.
type layer struct {
	values *koanf.Koanf
	from   func(Option) string
}

// Load gathers the settings and checks them. Its error is an *Error that
// names every problem.
func Load(s Source) (Config, error) {
	l := loader{options: Options(), env: environment(s.Environ)}
	layers := []layer{
		l.layer(l.defaults(), func(Option) string { return fromDefault }),
		l.file(s.File),
		l.layer(l.environ(), l.envName),
		l.layer(fromStrings(s.Flags), func(o Option) string { return "--" + o.Name }),
	}
	all := koanf.New(".")
	for _, layer := range layers {
		l.note(all.Merge(layer.values))
	}
	var c Config
	for _, o := range l.options {
		value, err := text(all.Get(o.Name))
		from := ""
		for _, layer := range layers {
			if layer.values.Exists(o.Name) {
				from = layer.from(o)
			}
		}
		if err == nil {
			err = o.read(&c, value)
		}
		if err != nil {
			l.problem(o.Name, from, err.Error())
			continue
		}
		c.given = append(c.given, Setting{Name: o.Name, Value: o.show(&c, value), From: from})
	}
	if len(l.problems) == 0 {
		l.problems = c.Check()
	}
	if len(l.problems) > 0 {
		return Config{}, &Error{l.problems}
	}
	return c, nil
}

// Strays returns the variables that look like settings and are none, so that
// a misspelt one does not go unseen.
func Strays(environ []string) []string {
	known := map[string]bool{envConfig: true, EnvToken: true, EnvTokenFile: true}
	for _, o := range Options() {
		known[o.Env()] = true
		known[o.EnvFile()] = true
	}
	var strays []string
	for name := range environment(environ) {
		if strings.HasPrefix(name, "KITH_") && !strings.HasPrefix(name, "KITH_TEST_") && !known[name] {
			strays = append(strays, name)
		}
	}
	slices.Sort(strays)
	return strays
}

type loader struct {
	options  []Option
	env      map[string]string
	problems []Problem
}

func (l *loader) problem(setting, from, message string) {
	l.problems = append(l.problems, Problem{setting, from, message})
}

// note keeps an error of the merging library, which flat maps of text never
// bring about.
func (l *loader) note(err error) {
	if err != nil {
		l.problem("", "settings", err.Error())
	}
}

func (l *loader) layer(values map[string]any, from func(Option) string) layer {
	k := koanf.New(".")
	l.note(k.Load(confmap.Provider(values, "."), nil))
	return layer{k, from}
}

func (l *loader) defaults() map[string]any {
	values := map[string]any{}
	for _, o := range l.options {
		values[o.Name] = o.Default
	}
	return values
}

// file reads the TOML file, if one is named.
func (l *loader) file(path string) layer {
	if path == "" {
		path = l.env[envConfig]
	}
	from := func(Option) string { return path }
	if path == "" {
		return l.layer(nil, from)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		l.problem("", path, "cannot be read: "+reason(err))
		return l.layer(nil, from)
	}
	values, err := toml.Parser().Unmarshal(body)
	if err != nil {
		message := err.Error()
		if e, ok := errors.AsType[*ptoml.DecodeError](err); ok {
			line, column := e.Position()
			message = fmt.Sprintf("line %d, column %d: %s", line, column, strings.TrimPrefix(message, "toml: "))
		}
		l.problem("", path, message)
		return l.layer(nil, from)
	}
	in := l.layer(values, from)
	for _, key := range in.values.Keys() {
		if !slices.ContainsFunc(l.options, func(o Option) bool { return o.Name == key }) {
			l.problem(key, path, "is not a setting")
		}
	}
	return in
}

// environ returns the settings that the environment gives, those in files of
// secrets among them.
func (l *loader) environ() map[string]any {
	values := map[string]any{}
	for _, o := range l.options {
		value, direct := l.env[o.Env()]
		if direct {
			values[o.Name] = value
		}
		path, inFile := l.env[o.EnvFile()]
		if !o.Secret || !inFile {
			continue
		}
		if direct {
			l.problem(o.Name, o.EnvFile(), "is given twice: "+o.Env()+" is set too")
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			l.problem(o.Name, o.EnvFile(), "cannot be read: "+reason(err))
			continue
		}
		values[o.Name] = strings.TrimSpace(string(body))
	}
	return values
}

func (l *loader) envName(o Option) string {
	if _, ok := l.env[o.EnvFile()]; o.Secret && ok {
		return o.EnvFile()
	}
	return o.Env()
}

// reason says why a file could not be opened, without its name.
func reason(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// environment turns NAME=value lines into a map.
func environment(lines []string) map[string]string {
	env := map[string]string{}
	for _, line := range lines {
		if name, value, ok := strings.Cut(line, "="); ok {
			env[name] = value
		}
	}
	return env
}

func fromStrings(in map[string]string) map[string]any {
	out := map[string]any{}
	for name, value := range in {
		out[name] = value
	}
	return out
}

// text returns a value of the file as it would stand in the environment.
func text(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool, int64:
		return fmt.Sprint(v), nil
	case []any:
		var items []string
		for _, item := range v {
			s, err := text(item)
			if err != nil {
				return "", err
			}
			items = append(items, s)
		}
		return strings.Join(items, ","), nil
	}
	return "", errors.New("is neither text nor a number, true, false or a list")
}
