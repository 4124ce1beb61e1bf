package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kith/internal/outbound/remote"
)

type importCmd struct {
	remoteFlags

	File       string   `arg:"" help:"The file: CSV, an Excel workbook (.xlsx), or JSON (.json)."`
	List       []string `required:"" sep:"none" placeholder:"NAME" help:"List that everybody in the file is put on, by its name or id; may be given several times."`
	CreateList bool     `help:"Make a list that is not there."`
	DryRun     bool     `help:"Say what the import would do, and do nothing (CSV and .xlsx)."`
	Rejects    string   `placeholder:"FILE" help:"Write what could not be taken to a file: CSV with line, column, value and reason."`
}

// Help is the command's longer help.
func (importCmd) Help() string {
	return `Example:

    kith import friends.csv --server https://kith.example.org --token-file key --list "General Interest" --rejects rejected.csv

The first row names the columns, as most programs write them. New contacts are added; of known ones only what is given changes, and nobody who has unsubscribed comes back. A JSON file is an array of contacts as POST /v3/activities/contacts_json_import takes them, or its whole body. The access key needs the scope contact_data (kith apikey create).

Rows that could not be taken are told with line and reason, and the status is 0 all the same; it is 1 where the import failed, or took no row at all. Ended early, the command leaves the import to the server, which goes on by itself.`
}

type imported struct {
	Rows       int64    `json:"rows"`
	Imported   int64    `json:"imported"`
	Rejected   int64    `json:"rejected"`
	Activities []string `json:"activity_ids"`
}

type rehearsed struct {
	Rows      int64 `json:"rows"`
	Read      int64 `json:"rows_read"`
	New       int64 `json:"new"`
	Changed   int64 `json:"changed"`
	Unchanged int64 `json:"unchanged"`
	Rejected  int64 `json:"rejected"`
}

// rejectsTold is how many faults are printed.
const rejectsTold = 20

// Run imports a file.
func (c importCmd) Run(ctx context.Context, r *run) error {
	im := remote.Import{File: c.File, Lists: c.List, Create: c.CreateList && !c.DryRun}
	if c.DryRun && im.JSON() {
		return usage(errors.New("--dry-run is for CSV and .xlsx files"))
	}
	b := newBar(r.Stderr)
	defer b.end()
	s, err := c.open(r, b)
	if err != nil {
		return err
	}
	defer s.Close()
	lists, err := s.Lists(ctx, im)
	switch {
	case errors.Is(err, remote.ErrNoList) && c.CreateList: // a dry run makes none
	case errors.Is(err, remote.ErrNoList):
		return fmt.Errorf("%w; --create-list makes it", err)
	case err != nil:
		return err
	}
	if im.JSON() {
		done, err := s.ImportRecords(ctx, im, lists, steps(b))
		return c.told(ctx, r, s, b, done, err)
	}
	p, err := s.Upload(ctx, im, steps(b))
	if err != nil {
		return err
	}
	for _, problem := range p.Problems {
		b.say(problem)
	}
	if unread := p.Unread(); len(unread) > 0 {
		b.say("Columns that are not read: " + strings.Join(unread, ", ") + ".")
	}
	if c.DryRun {
		return c.rehearse(ctx, r, s, b, p)
	}
	done, err := s.Import(ctx, p, lists, steps(b))
	return c.told(ctx, r, s, b, done, err)
}

// rehearse tells what an import would do.
func (c importCmd) rehearse(ctx context.Context, r *run, s *remote.Server, b *bar, p remote.Preview) error {
	is, err := s.Rehearse(ctx, p)
	if err != nil {
		return err
	}
	b.end()
	tell(b, is.Rejects)
	if c.Rejects != "" {
		b.say("--rejects is not written by a dry run.")
	}
	return r.print(rehearsed{is.Rows, is.Read, is.New, is.Changed, is.Unchanged, is.Rejected},
		"Of %d rows, %d were read: %d contacts would be new, %d would change, %d would stay as they are, %d rows would be rejected.",
		is.Rows, is.Read, is.New, is.Changed, is.Unchanged, is.Rejected)
}

// told tells what came of an import, also of one that failed on the way.
func (c importCmd) told(ctx context.Context, r *run, s *remote.Server, b *bar, done remote.Imported, failed error) error {
	b.end()
	if ctx.Err() == nil {
		if err := c.rejects(ctx, s, b, done); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil {
		return failed
	}
	err := r.print(imported{done.Rows, done.Taken, done.Rejected, done.Activities}, "%d imported, %d rejected.", done.Taken, done.Rejected)
	if err == nil && done.Taken == 0 && done.Rejected > 0 {
		return told{errors.New("no row was taken")}
	}
	return err
}

// rejects tells the first faults of an import, and keeps all of them where that
// is asked for.
func (c importCmd) rejects(ctx context.Context, s *remote.Server, b *bar, done remote.Imported) error {
	if done.Rejected > 0 {
		first, err := s.Rejects(ctx, done, rejectsTold)
		if err != nil {
			return err
		}
		tell(b, first)
		if done.Rejected > int64(len(first)) {
			b.say(fmt.Sprintf("… %d rows were rejected in all.", done.Rejected))
		}
	}
	if c.Rejects == "" || len(done.Activities) == 0 {
		return nil
	}
	return whole(c.Rejects, func(to io.Writer) error {
		out := bufio.NewWriter(to)
		return errors.Join(s.RejectsFile(ctx, done, out), out.Flush())
	})
}

// tell prints faults.
func tell(b *bar, some []remote.Reject) {
	for _, f := range some {
		text := "line " + strconv.FormatInt(f.Line, 10)
		if f.Column != "" {
			text += ", " + f.Column
		}
		if f.Value != "" {
			text += ", " + strconv.Quote(f.Value)
		}
		b.say(text + ": " + f.Reason)
	}
}
