package activity

import (
	"context"
	"fmt"
	"io"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// exportLife is how long the file of an export is kept after it was finished.
// The contract tells of an activity for ten days, version 2 for fourteen.
const exportLife = 14 * 24 * time.Hour

// MaxExportExcluded bounds the contacts that an export leaves out (v3 contract,
// ContactsExport.exclude).
const MaxExportExcluded = 50

// Faults of files of exports.
var (
	// ErrExportPending is a file that is asked for while it is being written.
	ErrExportPending = fault.New(fault.NotFound, fault.CodeExportPending, "The export has not ended yet.")
	errNoExport      = fault.ErrNotFound.Saying("There is no such export.")
)

// Export is what an export is asked for.
type Export struct {
	// Selection says which contacts; without a source, all that are in its
	// Statuses. Source is what stands before its parts in the paths of
	// problems.
	Selection contact.Selection
	Source    string
	// Columns are those of the file, by the names that ExportColumns tells and
	// those of v3's contact, in their order; none means all. Custom fields are
	// meant by their UID or as cf:name.
	Columns []string
}

// Export begins an export (v3 contract, POST /activities/contact_exports).
// Problems that the edge has found are added to; all are told at once. It fails
// with ErrQueueFull. Contacts that are named and are not there are left out.
func (s *Service) Export(ctx context.Context, who account.Actor, in Export, found fault.Problems) (Activity, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	a := Activity{Kind: ContactExport, Input: Input{Selection: in.Selection}}
	of := &a.Input.Selection
	of.At = s.o.Store.Now()
	if of.Sources() == 0 {
		of.Filter = &contact.Filter{Statuses: of.Statuses}
	}
	// Counting may take a while, for which nobody is made to wait.
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		fields, err := tx.AllFields(ctx, who.Account)
		if err != nil {
			return err
		}
		a.Input.Columns = exportNamesKept(in.Columns, fields, &found)
		except := of.Except
		of.Except = nil // an export takes it beside other sources than bulk work does
		if _, err := checkSelection(ctx, tx, who.Account, of, in.Source, &found); err != nil {
			return err
		}
		most := MaxExportExcluded
		if in.Selection.Filter != nil { // which the contract does not have
			most = contact.MaxExcluded
		}
		bound("exclude.contact_ids", len(except), most, &found)
		if len(except) > 0 && (in.Selection.Contacts != nil || of.Tags != nil || of.Segment != 0) {
			found.Add("exclude.contact_ids", "exclusive", "goes with lists, new subscribers and filters only")
		}
		if of.Except, _, err = contacts(ctx, tx, who.Account, except, most); err != nil {
			return err
		}
		if err := found.Err(); err != nil {
			return err
		}
		a.Total, err = tx.CountSelected(ctx, who.Account, *of)
		return err
	})
	if err != nil {
		return Activity{}, err
	}
	if a.Upload, err = s.o.Store.UploadNumber(ctx, who.Account); err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		a, err = begin(ctx, tx, who, a)
		return err
	})
	return a, err
}

// ExportFile is a finished file of an export. Who gets it closes it.
type ExportFile struct {
	io.ReadCloser
	Name  string
	Bytes int64
}

// OpenExport returns the file of an export (v3 contract, GET
// /contact_exports/{file_export_id}). While it is being written it fails with
// ErrExportPending; NotFound is also a file that is no longer kept, or of an
// export that was stopped.
func (s *Service) OpenExport(ctx context.Context, who account.Actor, ref id.Ref[id.Activity]) (ExportFile, error) {
	a, err := s.Get(ctx, who, ref)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && a.Kind != ContactExport:
		return ExportFile{}, errNoExport
	case err != nil:
		return ExportFile{}, err
	case !a.State.Ended():
		return ExportFile{}, ErrExportPending.After(2 * time.Second).Saying(fmt.Sprintf(
			"The export has not ended yet: its state is %s, and %d percent is done. Ask for the file when the activity is completed.",
			a.State, a.Percent()))
	case a.State != Completed:
		return ExportFile{}, errNoExport.Saying("The export has no file: its state is " + string(a.State) + ".")
	}
	body, err := s.o.Files.Open(ctx, who.Account, a.Upload, 0)
	return ExportFile{body, "contacts-" + a.CreatedAt.Format("20060102-150405") + ".csv", a.Position.Offset}, err
}

// leavesFile reports whether the activity's file is kept after its end.
func (a Activity) leavesFile() bool { return a.Kind == ContactExport && a.State == Completed }
