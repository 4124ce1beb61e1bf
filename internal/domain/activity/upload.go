package activity

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/activity/column"
	"kith/internal/domain/contact"
)

const (
	// uploadLife is how long an upload waits to be imported.
	uploadLife = 24 * time.Hour
	// maxFileName bounds the name of an upload, in characters.
	maxFileName = 255
	// SampleRows is how many rows a preview shows.
	SampleRows = 20
)

// Receive takes an upload in while it arrives: it is surveyed and kept at once.
// What the survey refuses is not kept.
func (s *Service) Receive(ctx context.Context, who account.Actor, name string, body io.Reader) (Upload, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Upload{}, err
	}
	if name = fileName(name); workbook(name) {
		text := s.o.Sheets.Text(body)
		defer text.Close()
		body = text
	}
	return s.receive(ctx, who, name, body, true)
}

// workbook reports whether a file is an Excel workbook by its name. Such a file
// is kept as text from the start: an import goes on at a place in it.
func workbook(name string) bool { return strings.EqualFold(path.Ext(name), ".xlsx") }

// receive keeps a file for an actor who may. counted says whether the lines up to
// the heading row are ones that its owner knows of.
func (s *Service) receive(ctx context.Context, who account.Actor, name string, body io.Reader, counted bool) (Upload, error) {
	number, err := s.o.Store.UploadNumber(ctx, who.Account)
	if err != nil {
		return Upload{}, err
	}
	u := Upload{ID: number, Name: name}
	if u.Survey, err = s.keep(ctx, who.Account, number, body); err != nil {
		return Upload{}, err
	}
	if !counted {
		u.Survey.Start.Line = 0
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		u.UID, u.CreatedAt = tx.UID(), tx.Now()
		return tx.InsertUpload(ctx, who.Account, u)
	})
	if err != nil {
		return Upload{}, errors.Join(err, s.o.Files.Delete(context.WithoutCancel(ctx), who.Account, number))
	}
	return u, nil
}

// keep surveys a file while it is being kept. Either ends the other.
func (s *Service) keep(ctx context.Context, a id.Account, number id.Blob, body io.Reader) (Survey, error) {
	r, w := io.Pipe()
	kept := make(chan error, 1)
	go func() {
		_, err := s.o.Files.Put(ctx, a, number, r)
		_ = r.CloseWithError(err) // documented to return nil
		kept <- err
	}()
	survey, err := s.o.Sheets.Survey(io.TeeReader(body, w))
	_ = w.CloseWithError(err) // documented to return nil; a nil error is the end of the file
	if failed := <-kept; err == nil {
		err = failed
	}
	return survey, err
}

// fileName is a name without folders, of a bounded length.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	for utf8.RuneCountInString(name) > maxFileName {
		_, n := utf8.DecodeRuneInString(name)
		name = name[n:] // its end tells more
	}
	return name
}

// Discard forgets an upload that will not be imported.
func (s *Service) Discard(ctx context.Context, who account.Actor, ref id.Ref[id.Blob]) error {
	if err := who.May(account.ContactsWrite); err != nil {
		return err
	}
	var u Upload
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		if u, err = tx.UploadByRef(ctx, who.Account, ref); err != nil {
			return noFile(err)
		}
		return tx.DeleteUpload(ctx, who.Account, u.ID)
	})
	if err != nil {
		return err
	}
	return s.o.Files.Delete(ctx, who.Account, u.ID)
}

// Preview is what an import of an upload would make of it.
type Preview struct {
	Upload  Upload
	Columns []column.Column
	// Sample has the first rows, those that can be read.
	Sample [][]string
	// Problems tell, in sentences, what is remarkable.
	Problems []string
	// Fields are the account's custom fields, to which columns may be mapped.
	Fields []contact.Field
}

// Preview shows what the columns of an upload are taken for. A file none of
// whose columns is an email address has a preview too, so that a person can say
// which is.
func (s *Service) Preview(ctx context.Context, who account.Actor, ref id.Ref[id.Blob]) (Preview, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Preview{}, err
	}
	var p Preview
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if p.Upload, err = tx.UploadByRef(ctx, who.Account, ref); err != nil {
			return noFile(err)
		}
		p.Fields, err = tx.AllFields(ctx, who.Account)
		return err
	})
	if err != nil {
		return Preview{}, err
	}
	p.Columns, err = column.Recognise(p.Upload.Survey.Heading, customs(p.Fields))
	if err != nil {
		p.Problems = append(p.Problems, fault.Of(err).Message)
	}
	p.Problems = append(p.Problems, column.Remarks(p.Columns)...)
	err = s.sample(ctx, who.Account, &p)
	return p, err
}

// sample reads the first rows.
func (s *Service) sample(ctx context.Context, a id.Account, p *Preview) error {
	at := p.Upload.Survey.Start
	src, err := s.o.Files.Open(ctx, a, p.Upload.ID, at.Offset)
	if err != nil {
		return err
	}
	defer src.Close()
	rows, err := s.o.Sheets.Rows(src, p.Upload.Survey.Dialect, at)
	if err != nil {
		return err
	}
	for len(p.Sample) < SampleRows {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if _, one := errors.AsType[*RowError](err); one {
			continue
		}
		if err != nil {
			return err
		}
		p.Sample = append(p.Sample, append([]string(nil), row.Cells...))
	}
	return nil
}

// Expire forgets uploads that nobody has imported for a day, files of exports
// that were finished two weeks ago, and files that nobody knows.
func (s *Service) Expire(ctx context.Context) error {
	before, finished := s.o.Store.Now().Add(-uploadLife), s.o.Store.Now().Add(-exportLife)
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error { return tx.DropUploads(ctx, before) })
	if err != nil {
		return err
	}
	_, err = s.o.Files.Sweep(ctx, before, func(ctx context.Context, a id.Account, b id.Blob) (known bool, err error) {
		err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
			_, err := tx.UploadByRef(ctx, a, id.Ref[id.Blob]{Number: b})
			if known = err == nil; known || !fault.Is(err, fault.NotFound) {
				return err
			}
			known, err = tx.ExportKept(ctx, a, b, finished)
			return err
		})
		return known, err
	})
	return err
}

// noFile says in words that an upload is not there.
func noFile(err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fault.ErrNotFound.Saying("The file is no longer kept.").Because(err)
	}
	return err
}

// customs returns fields as files know them.
func customs(fields []contact.Field) []column.Custom {
	out := make([]column.Custom, len(fields))
	for i, f := range fields {
		out[i] = column.CustomOf(f)
	}
	return out
}
