package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"

	"kith/internal/outbound/call"
)

// ErrNoList is a list that is not there.
var ErrNoList = errors.New("there is no such list")

// Import is what is imported.
type Import struct {
	// File is the path of a CSV file, of an Excel workbook (.xlsx), or of a
	// JSON file (.json): contacts as version 3 imports them.
	File string
	// Lists are meant by name or id. Create makes those that are not there.
	Lists  []string
	Create bool
}

// JSON reports whether the file is one.
func (im Import) JSON() bool { return strings.EqualFold(filepath.Ext(im.File), ".json") }

// Preview is what the server makes of a file.
type Preview struct {
	File     string   `json:"file_id"`
	Rows     int64    `json:"rows"`
	Problems []string `json:"problems"`
	Columns  []struct {
		Heading string `json:"heading"`
		Target  string `json:"target"`
	} `json:"columns"`
}

// Unread are the headings of columns that are not read.
func (p Preview) Unread() (headings []string) {
	for _, c := range p.Columns {
		if c.Target == "" {
			headings = append(headings, c.Heading)
		}
	}
	return headings
}

// Rehearsal is what an import would do.
type Rehearsal struct {
	Rows      int64    `json:"rows"`
	Read      int64    `json:"rows_read"`
	New       int64    `json:"new"`
	Changed   int64    `json:"changed"`
	Unchanged int64    `json:"unchanged"`
	Rejected  int64    `json:"rejected"`
	Rejects   []Reject `json:"rejected_rows"`
}

// Imported is what came of an import, or of a part of it.
type Imported struct {
	// Activities are the pieces of work that it took, in the order of the file:
	// one, but for JSON files of more contacts than one may have.
	Activities []string
	Rows       int64
	Taken      int64
	Rejected   int64
}

// Lists returns the ids of lists, and makes those that are not there where that
// is asked for. Otherwise it fails with ErrNoList.
func (s *Server) Lists(ctx context.Context, im Import) (ids []string, err error) {
	for _, name := range im.Lists {
		l, err := s.list(ctx, name)
		if err == nil && l == "" {
			if !im.Create {
				return nil, fmt.Errorf("%w: %q", ErrNoList, name)
			}
			l, err = s.newList(ctx, name)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, l)
	}
	return ids, nil
}

func (s *Server) newList(ctx context.Context, name string) (string, error) {
	var made struct {
		ID string `json:"list_id"`
	}
	err := s.server.Send(ctx, "/v3/contact_lists", call.JSON(map[string]string{"name": name}), call.Unheard, &made)
	return made.ID, err
}

// Upload brings a file to the server, which says what it makes of it. It may be
// brought several times: what nobody imports is not kept for long.
func (s *Server) Upload(ctx context.Context, im Import, progress Progress) (p Preview, err error) {
	info, err := os.Stat(im.File)
	if err != nil {
		return p, err
	}
	form := multipart.NewWriter(io.Discard) // for its boundary
	body := call.Body{Type: form.FormDataContentType(), Open: func() (io.ReadCloser, error) {
		file, err := os.Open(im.File)
		if err != nil {
			return nil, err
		}
		return inForm(file, filepath.Base(im.File), form.Boundary(), func(n int64) { progress(Uploading, n, info.Size()) }), nil
	}}
	err = s.server.Send(ctx, "/kith/v1/imports/preview", body, call.Always, &p)
	return p, err
}

// inForm returns a form whose only part is a file.
func inForm(file io.ReadCloser, name, boundary string, tell func(int64)) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		defer file.Close()
		form := multipart.NewWriter(w)
		err := form.SetBoundary(boundary)
		var part io.Writer
		if err == nil {
			part, err = form.CreateFormFile("file", name)
		}
		if err == nil {
			_, err = io.Copy(&counted{to: part, tell: tell}, file)
		}
		if err == nil {
			err = form.Close()
		}
		w.CloseWithError(err)
	}()
	return r
}

// Rehearse tells what an import of a file that was brought would do.
func (s *Server) Rehearse(ctx context.Context, p Preview) (r Rehearsal, err error) {
	err = s.server.Send(ctx, "/kith/v1/imports/rehearsal", call.JSON(map[string]string{"file_id": p.File}), call.Always, &r)
	return r, err
}

// Import imports a file that was brought, and waits until that has ended.
func (s *Server) Import(ctx context.Context, p Preview, lists []string, progress Progress) (done Imported, err error) {
	var a activity
	err = s.server.Send(ctx, "/kith/v1/imports", call.JSON(map[string]any{"file_id": p.File, "list_ids": lists}), call.Unheard, &a)
	if err != nil {
		return done, err
	}
	err = s.imported(ctx, a, &done, progress)
	return done, err
}

// imported waits until an import has ended, and counts it.
func (s *Server) imported(ctx context.Context, a activity, done *Imported, progress Progress) error {
	done.Activities = append(done.Activities, a.ID)
	before := done.Rows
	a, err := s.follow(ctx, a, func(a activity) {
		progress(Importing, before+a.Status.Completed, before+a.Status.Total)
	})
	done.Rows += a.Status.Total
	done.Taken += a.Status.Persons
	done.Rejected += a.Status.Errors + a.Status.Correctable
	if ctx.Err() != nil {
		return fmt.Errorf("no longer waited for; the import goes on at the server, as activity %s: %w", a.ID, ctx.Err())
	}
	return err
}
