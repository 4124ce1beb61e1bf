package activity

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/activity/column"
)

// MaxRecords is how many contacts one import takes that are not in a file (v3
// contract, contacts_json_import).
const MaxRecords = 40_000

// maxFaults bounds how many faults of records are told at once.
const maxFaults = 100

// Record is a contact of an import as named values: the names are those of
// columns (v3 contract, JsonImportContact), others are passed over.
type Record map[string]string

// Records is an import whose contacts come one after the other. They are kept
// as a file with the columns that an account can have, so that the import
// itself is the same as of any other file. A contact's line is its place,
// counted from 1.
type Records struct {
	known  []column.Custom
	names  []string
	at     map[string]int // by the name of a column
	out    *csv.Writer
	cells  []string
	n      int
	faults fault.Problems
}

// recordsPath begins the paths of faults.
const recordsPath = "import_data"

// ReceiveRecords keeps the contacts that write puts. Nothing is kept when it
// fails, or when a record names a custom field that is not there; those are
// returned as problems, which the import adds its own to.
func (s *Service) ReceiveRecords(ctx context.Context, who account.Actor, write func(*Records) error) (u Upload, found fault.Problems, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return u, nil, err
	}
	r := &Records{at: map[string]int{}}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		fields, err := tx.AllFields(ctx, who.Account)
		r.known = customs(fields)
		return err
	})
	if err != nil {
		return u, nil, err
	}
	r.names = column.Plain()
	for _, f := range r.known {
		r.names = append(r.names, column.CustomPrefix+f.Name)
	}
	for i, name := range r.names {
		r.at[name] = i
	}
	r.cells = make([]string, len(r.names))
	in, out := io.Pipe()
	written := make(chan error, 1)
	go func() {
		r.out = csv.NewWriter(out)
		err := errors.Join(r.out.Write(r.names), write(r))
		r.out.Flush()
		switch {
		case err != nil:
		case r.n == 0 || len(r.faults) > 0:
			err = errRecords
		default:
			err = r.out.Error()
		}
		_ = out.CloseWithError(err) // documented to return nil
		written <- err
	}()
	u, err = s.receive(ctx, who, "", in, false)
	_ = in.CloseWithError(err) // documented to return nil; it ends the writer
	switch told := <-written; {
	case errors.Is(told, errRecords):
		if r.n == 0 && len(r.faults) == 0 {
			r.faults.Add(recordsPath, "required", "is missing; it holds one contact at least")
		}
		return Upload{}, r.faults, nil
	case told != nil && fault.Of(told) != nil && (err == nil || errors.Is(err, told)):
		return Upload{}, nil, told
	}
	return u, nil, err
}

// errRecords ends a file that is not to be kept.
var errRecords = errors.New("activity: the records have faults")

// Put takes the next contact, and notes what is wrong with it.
func (r *Records) Put(record Record) error {
	at := recordsPath + "[" + strconv.Itoa(r.n) + "]"
	r.n++
	if r.n > MaxRecords {
		if r.n == MaxRecords+1 {
			r.faults.Add(recordsPath, "too_many", "may hold "+strconv.Itoa(MaxRecords)+" contacts at most")
		}
		return nil
	}
	clear(r.cells)
	var kept bool
	for name, value := range record {
		is := column.Named(name, r.known)
		if is == "" && strings.HasPrefix(name, column.CustomPrefix) {
			r.Fault(at+"."+name, "unknown", "names no custom field")
			continue
		}
		i, known := r.at[is]
		if !known || r.cells[i] != "" && is != name {
			continue // the canonical name wins over another for the same value
		}
		// A line break would make two lines of one contact.
		r.cells[i] = breaks.Replace(value)
		kept = kept || r.cells[i] != ""
	}
	if !kept {
		// A row without a value would be taken for a blank line, and shift the rest.
		r.Fault(at, "required", "has no value that an import takes")
	}
	return r.out.Write(r.cells)
}

// Fault notes what is wrong with a record.
func (r *Records) Fault(path, code, message string) {
	if len(r.faults) < maxFaults {
		r.faults.Add(path, code, message)
	}
}

// Skip counts a record that could not be read at all.
func (r *Records) Skip(code, message string) {
	r.Fault(recordsPath+"["+strconv.Itoa(r.n)+"]", code, message)
	r.n++
}

var breaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\x00", " ")
