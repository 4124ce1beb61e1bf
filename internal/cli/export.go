package cli

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"kith/internal/outbound/remote"
)

type exportCmd struct {
	remoteFlags

	File    string   `arg:"" optional:"" help:"The file to write; standard output without it, or with -."`
	List    string   `placeholder:"NAME" help:"Only contacts on a list, by its name or id."`
	Segment string   `placeholder:"NAME" help:"Only contacts of a segment, by its name or id."`
	Status  []string `placeholder:"STATUS" help:"Only contacts that stand at one of these, with commas between: active, explicit, implicit, not_set, pending_confirmation, temp_hold, unsubscribed, deleted or all. Without it, whoever is not deleted."`
	Columns []string `placeholder:"NAME" help:"The columns of the file, in their order, with commas between; without it, all usual ones."`
	Gzip    bool     `help:"Write the file compressed."`
}

// Help is the command's longer help.
func (exportCmd) Help() string {
	return `Example:

    kith export friends.csv --server https://kith.example.org --token-file key --list "General Interest" --columns email_address,first_name,cf:boat

The file is CSV in UTF-8, with a row of headings. GET /kith/v1/exports/fields tells the names of columns; custom_fields, phone_numbers, street_addresses and sms_channel stand for several. The access key needs the scope contact_data (kith apikey create).

The file is there whole or not at all. Where the server breaks off, the command goes on from there; on standard output it ends with status 1 where not everything could be written.`
}

type exported struct {
	File     string `json:"file"`
	Contacts int64  `json:"contacts"`
	Bytes    int64  `json:"bytes"`
	Activity string `json:"activity_id"`
}

// Run exports contacts.
func (c exportCmd) Run(ctx context.Context, r *run) error {
	toStdout := c.File == "" || c.File == "-"
	if toStdout && r.json {
		return usage(errors.New("--json and the export cannot both go to standard output: name a file"))
	}
	b := newBar(r.Stderr)
	defer b.end()
	s, err := c.open(r, b)
	if err != nil {
		return err
	}
	defer s.Close()
	var done remote.Exported
	write := func(to io.Writer) (err error) {
		out := bufio.NewWriterSize(to, 256<<10)
		var file io.Writer = out
		if c.Gzip {
			z := gzip.NewWriter(out)
			defer func() {
				if err == nil {
					err = errors.Join(z.Close(), out.Flush())
				}
			}()
			file = z
		}
		e := remote.Export{List: c.List, Segment: c.Segment, Statuses: c.Status, Columns: c.Columns}
		if done, err = s.Export(ctx, e, file, steps(b)); err != nil {
			return err
		}
		return out.Flush()
	}
	if toStdout {
		err = write(r.Stdout)
		if err != nil && done.Bytes > 0 {
			err = fmt.Errorf("what was written is not whole: %w", err)
		}
	} else {
		err = whole(c.File, write)
	}
	b.end()
	if err != nil {
		return err
	}
	if toStdout {
		_, err := fmt.Fprintf(r.Stderr, "%d contacts exported.\n", done.Contacts)
		return err
	}
	return r.print(exported{c.File, done.Contacts, done.Bytes, done.Activity}, "%d contacts exported to %s.", done.Contacts, c.File)
}
