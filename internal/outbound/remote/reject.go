package remote

import (
	"context"
	"errors"
	"io"
	"strconv"

	"kith/internal/outbound/sheet"
)

// Reject is a row, or a value of one, that was not taken.
type Reject struct {
	// Line counts lines of a file, of which the heading row is the first, or
	// contacts of JSON from 1.
	Line   int64  `json:"line"`
	Column string `json:"column"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// errEnough ends a reading early.
var errEnough = errors.New("enough")

// Rejects returns the first faults of an import.
func (s *Server) Rejects(ctx context.Context, of Imported, limit int) (first []Reject, err error) {
	err = s.eachReject(ctx, of, func(r Reject) error {
		if len(first) == limit {
			return errEnough
		}
		first = append(first, r)
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return first, err
}

// RejectsFile writes all faults of an import as CSV.
func (s *Server) RejectsFile(ctx context.Context, of Imported, to io.Writer) error {
	row := sheet.AppendRow(nil, []string{"line", "column", "value", "reason"})
	if _, err := to.Write(row); err != nil {
		return err
	}
	return s.eachReject(ctx, of, func(r Reject) error {
		row = sheet.AppendRow(row[:0], []string{strconv.FormatInt(r.Line, 10), r.Column, r.Value, r.Reason})
		_, err := to.Write(row)
		return err
	})
}

// eachReject reads all faults of an import in the order of the file.
func (s *Server) eachReject(ctx context.Context, of Imported, take func(Reject) error) error {
	for i, activity := range of.Activities {
		for path := "/kith/v1/activities/" + activity + "/rejected_rows?limit=500"; path != ""; {
			var p struct {
				page

				Rows []Reject `json:"rejected_rows"`
			}
			if err := s.server.Get(ctx, path, &p); err != nil {
				return err
			}
			for _, r := range p.Rows {
				r.Line += int64(i) * perImport
				if err := take(r); err != nil {
					return err
				}
			}
			path = p.next()
		}
	}
	return nil
}
