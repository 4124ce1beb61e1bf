package apikith

import (
	"encoding/csv"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"kith/internal/base/page"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/wire3"
)

const mediaCSV = "text/csv"

// rejectsAtOnce is how many faults are read at a time for a file.
const rejectsAtOnce = 500

type rejectPage struct {
	_     struct{}     `schema:"RejectedRows" doc:"A page of what an import could not take."`
	Rows  []reject     `json:"rejected_rows" doc:"The faults, in the order of the file."`
	Links *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type reject struct {
	_      struct{} `schema:"RejectedRow" doc:"A fault of a row."`
	Line   int64    `json:"line" doc:"The line of the file, of which the heading row is the first."`
	Column string   `json:"column" doc:"The heading of the value's column; empty where the row as a whole is meant."`
	Value  string   `json:"value" doc:"The value, a long one shortened."`
	Reason string   `json:"reason" doc:"Why it could not be taken."`
}

func (a *API) rejects(c *operation.Call) error {
	if strings.Contains(c.R.Header.Get("Accept"), mediaCSV) {
		return a.rejectsFile(c)
	}
	of, err := a.o.Imports.Rejects(c.Context(), c.Actor, activityRef(c), c.Page())
	if err != nil {
		return err
	}
	answer := rejectPage{Rows: make([]reject, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, r := range of.Items {
		answer.Rows[i] = reject{Line: r.Line, Column: r.Column, Value: r.Value, Reason: r.Reason}
	}
	return c.JSON(http.StatusOK, answer)
}

// rejectsFile sends all faults as they are read, however many there are.
func (a *API) rejectsFile(c *operation.Call) error {
	ref := activityRef(c)
	is, err := a.o.Imports.Get(c.Context(), c.Actor, ref)
	if err != nil {
		return err
	}
	r := page.Request{Limit: rejectsAtOnce}
	of, err := a.o.Imports.Rejects(c.Context(), c.Actor, ref, r)
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", mediaCSV+"; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": rejectsName(is.File)}))
	h.Set("Cache-Control", "no-store")
	// The mark at the beginning tells spreadsheets that this is UTF-8.
	_, _ = io.WriteString(c.W, "\ufeff") // a client that is gone is found out below
	out := csv.NewWriter(c.W)
	out.UseCRLF = true // RFC 4180 §2
	_ = out.Write([]string{"line", "column", "value", "reason"})
	for {
		for _, f := range of.Items {
			_ = out.Write([]string{strconv.FormatInt(f.Line, 10), inert(f.Column), inert(f.Value), f.Reason})
		}
		out.Flush()
		r.After = of.Next
		if r.After.IsZero() || out.Error() != nil {
			return nil //nolint:nilerr // a client that is gone hears nothing
		}
		if of, err = a.o.Imports.Rejects(c.Context(), c.Actor, ref, r); err != nil {
			// Half a file must not be taken for the whole.
			request.Of(c.Context()).Cause = err
			panic(http.ErrAbortHandler)
		}
	}
}

// rejectsName is the name of the file of faults of an import.
func rejectsName(file string) string {
	if i := strings.LastIndexByte(file, '.'); i > 0 {
		file = file[:i]
	}
	return strings.TrimSpace(file+" rejected rows") + ".csv"
}

// inert keeps a spreadsheet from taking a text for a formula: what somebody
// typed into a form once may stand in the file. The apostrophe is how
// spreadsheets mark a text.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
