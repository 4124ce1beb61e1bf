// Package cli is the command line: one file per command. A command reads its
// flags, calls what app joins, and prints what came of it; it decides nothing.
package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"kith/internal/app"
	"kith/internal/base/fault"
	"kith/internal/config"
)

// The exit status of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Process is what the program was started with.
type Process struct {
	// Args are the arguments without the program's name.
	Args    []string
	Environ []string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	// Version is the program's, as the build set it.
	Version string
}

// grammar is the whole command line.
type grammar struct {
	Help        helpFlag `short:"h" help:"Show help, with an example."`
	JSON        bool     `name:"json" help:"Print one JSON object to standard output."`
	Config      string   `placeholder:"FILE" help:"TOML file with settings (KITH_CONFIG)."`
	Data        *string  `placeholder:"FOLDER"`
	DatabaseURL *string  `placeholder:"URL"`

	Serve    serveCmd    `cmd:"" help:"Serve until told to stop."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database up to date."`
	Account  accountCmds `cmd:"" help:"Accounts."`
	User     userCmds    `cmd:"" help:"Users."`
	App      appCmds     `cmd:"" help:"Applications that speak OAuth."`
	APIKey   apikeyCmds  `cmd:"" name:"apikey" help:"Access keys."`
	Backup   backupCmd   `cmd:"" help:"Write an archive of all data, also while a server runs."`
	Restore  restoreCmd  `cmd:"" help:"Put the data of an archive in place of what is there."`
	Import   importCmd   `cmd:"" help:"Import contacts from a file, over the network."`
	Export   exportCmd   `cmd:"" help:"Export contacts to a file, over the network."`
	Pull     pullCmd     `cmd:"" help:"Copy an account from another server that speaks version 3."`
	Bounces  bouncesCmds `cmd:"" help:"Mail that comes back, and who tells of it."`
	Requests requestsCmd `cmd:"" help:"Show what was asked of the APIs, and why it was refused."`
	Doctor   doctorCmd   `cmd:"" help:"Check the installation and say what to mend."`
	Conf     struct {
		Check configCheckCmd `cmd:"" help:"Check the settings and show where each comes from."`
	} `cmd:"" name:"config" help:"Settings."`
	Version versionCmd `cmd:"" help:"Show the program's version."`
}

// Run runs one command line and returns the exit status.
func Run(ctx context.Context, p Process) int {
	var g grammar
	parser, err := newParser(&g, p)
	if err != nil {
		panic(err) // the grammar above is at fault
	}
	line, err := parser.Parse(p.Args)
	if errors.Is(err, errHelped) {
		return exitDone
	}
	if err != nil {
		return fail(p, slices.Contains(p.Args, "--json"), usage(err))
	}
	r := &run{Process: p, json: g.JSON, file: g.Config, flags: given(line)}
	line.BindTo(ctx, (*context.Context)(nil))
	if err := line.Run(r); err != nil {
		return fail(p, g.JSON, err)
	}
	return exitDone
}

// run is one command being run.
type run struct {
	Process

	json  bool
	file  string
	flags map[string]string
}

// settings gathers the settings for the command.
func (r *run) settings() (config.Config, error) {
	return config.Load(config.Source{File: r.file, Environ: r.Environ, Flags: r.flags})
}

// logger returns a log on standard error.
func (r *run) logger(c config.Config, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == config.LogJSON {
		return slog.New(slog.NewJSONHandler(r.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(r.Stderr, o))
}

// desk opens the data for a command that works on it, perhaps beside a server,
// and brings it up to date where no server has yet.
func (r *run) desk(ctx context.Context, work func(*app.Desk) error) (err error) {
	c, err := r.settings()
	if err != nil {
		return err
	}
	d, err := app.OpenDesk(ctx, c, r.logger(c, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return work(d)
}

// password returns a password that was given, or the first line of standard
// input where that is -, so that it need not stand in a list of processes.
func (r *run) password(given string) (string, error) {
	if given != "-" {
		return given, nil
	}
	line, err := bufio.NewReader(r.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// variable returns a variable of the environment that is no setting.
func (r *run) variable(name string) string {
	for _, v := range r.Environ {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// print prints what came of a command: an object, or text for people.
func (r *run) print(object any, format string, args ...any) error {
	if r.json {
		return printJSON(r.Stdout, object)
	}
	_, err := fmt.Fprintf(r.Stdout, format+"\n", args...)
	return err
}

func printJSON(w io.Writer, object any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(object)
}

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func usage(err error) error { return usageError{err} }

// told is an error whose details were printed already; it prints no object.
type told struct{ error }

// failure is what is printed with --json.
type failure struct {
	Error string `json:"error"`
	Code  string `json:"code"`
}

// fail prints an error and returns the exit status.
func fail(p Process, asJSON bool, err error) int {
	status, code := exitFailed, fault.Of(err).Code
	if _, ok := errors.AsType[usageError](err); ok {
		status, code = exitUsage, "usage"
	}
	if e, ok := errors.AsType[interface {
		error
		FaultCode() string
	}](err); ok && e.FaultCode() != "" { // of another server
		code = e.FaultCode()
	}
	if e, ok := errors.AsType[*config.Error](err); ok {
		code = "settings.invalid"
		if e.Usage() {
			status = exitUsage
		}
	}
	text := sentence(err)
	_, _ = fmt.Fprintln(p.Stderr, "kith: "+text) // there is nobody else to tell
	if _, quiet := errors.AsType[told](err); asJSON && !quiet {
		_ = printJSON(p.Stdout, failure{text, code})
	}
	return status
}

// sentence says in one line what is wrong. Unlike a client of the server, an
// operator is told the cause.
func sentence(err error) string {
	text := err.Error()
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		parts := []string{f.Message}
		if f.Kind == fault.Invalid && len(f.Problems) > 0 {
			parts = nil
			for _, p := range f.Problems {
				parts = append(parts, p.String())
			}
		}
		if f.Cause != nil && f.Kind == fault.Unavailable {
			parts = append(parts, f.Cause.Error())
		}
		text = strings.Join(parts, "; ")
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
