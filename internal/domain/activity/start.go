package activity

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// Import is what an import is asked for.
type Import struct {
	// Kind is FileImport where it is empty, or JSONImport.
	Kind Kind
	// Upload was received before.
	Upload id.Ref[id.Blob]
	// Columns are the names of the file's columns, in their order, as package
	// column has them; nil means what the headings stand for.
	Columns []string
	// Lists are those that contacts are put on: one to fifty.
	Lists []id.Ref[id.List]
	// SMSConsent says that everybody with a date of consent in the file agreed
	// to short messages then (v3 contract, sms_permission_to_send). Without it,
	// the file says nothing of consent.
	SMSConsent bool
}

// Import begins an import (v3 contract, POST /activities/contacts_file_import).
// Problems that the edge has found are added to; all are told at once. It fails
// with ErrQueueFull, with ErrImporting, and with an Invalid fault where no column
// is an email address or an SMS number.
func (s *Service) Import(ctx context.Context, who account.Actor, in Import, found fault.Problems) (Activity, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	var a Activity
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if in.Upload.IsZero() { // the edge has told why; the lists are told of with it
			_, problems, err := checkLists(ctx, tx, who.Account, in.Lists, found)
			return cmp.Or(err, problems.Err())
		}
		u, err := tx.UploadByRef(ctx, who.Account, in.Upload)
		if err != nil {
			return noFile(err)
		}
		lists, problems, err := checkLists(ctx, tx, who.Account, in.Lists, found)
		if err != nil {
			return err
		}
		fields, err := tx.AllFields(ctx, who.Account)
		if err != nil {
			return err
		}
		names, texts, err := mapping(u.Survey.Heading, in.Columns, fields)
		if f := fault.Of(err); f != nil {
			if f.Kind != fault.Invalid || len(problems) == 0 {
				return err
			}
			return f.With(problems...)
		}
		if in.SMSConsent && slices.Contains(names, "sms_number") && !slices.Contains(names, "sms_consent_date") {
			problems.Add("sms_permission_to_send", "requires", "is explicit, and the file has no column sms_consent_date that says since when")
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if a, err = begin(ctx, tx, who, Activity{
			Kind: cmp.Or(in.Kind, FileImport), File: u.Name, Upload: u.ID, Position: u.Survey.Start,
			Input:    Input{Columns: names, Lists: lists, Fields: fieldsOf(names, fields), SMSConsent: in.SMSConsent},
			Progress: Progress{Total: u.Survey.Rows, Texts: texts},
		}); err != nil {
			return err
		}
		readers, err := tx.UploadReaders(ctx, who.Account, u.ID)
		if err == nil && readers > 1 {
			return ErrImporting
		}
		return err
	})
	return a, err
}

// checkLists looks up the lists that contacts come to or leave, and adds a
// problem for each that is not there.
func checkLists(ctx context.Context, tx Tx, a id.Account, asked []id.Ref[id.List], found fault.Problems) ([]id.Ref[id.List], fault.Problems, error) {
	lists, err := checkRefs("list_ids", "list", MaxLists, asked, &found, func(refs []id.Ref[id.List]) ([]id.Ref[id.List], error) {
		return tx.PresentLists(ctx, a, refs)
	})
	return lists, found, err
}

// upTo says how many things may be named.
func upTo(most int) string {
	if most == MaxLists {
		return "one to fifty"
	}
	return "1 to " + strconv.Itoa(most)
}

// checkRefs looks up things of which at least one must be named, and returns
// each once. It adds a problem where there are none or too many, and for each
// that is not there.
func checkRefs[N ~int64](path, what string, most int, asked []id.Ref[N], found *fault.Problems,
	present func([]id.Ref[N]) ([]id.Ref[N], error),
) ([]id.Ref[N], error) {
	switch {
	case found.Has(path):
	case len(asked) == 0:
		found.Add(path, "required", "is missing; it names "+upTo(most)+" "+what+"s")
	case len(asked) > most:
		found.Add(path, "too_many", "may name "+strconv.Itoa(most)+" "+what+"s at most, not "+strconv.Itoa(len(asked)))
	}
	if len(asked) == 0 {
		return nil, nil
	}
	there, err := present(asked)
	if err != nil {
		return nil, err
	}
	var refs []id.Ref[N]
	for i, ref := range asked {
		is, ok := among(there, ref)
		switch {
		case ref.IsZero(): // one that the edge could not read, and has told of
		case !ok:
			found.Add(path+"["+strconv.Itoa(i)+"]", "unknown", "names no "+what+": "+ref.String())
		default:
			if _, twice := among(refs, is); !twice {
				refs = append(refs, is)
			}
		}
	}
	return refs, nil
}

// among finds the thing that a reference stands for.
func among[N ~int64](refs []id.Ref[N], ref id.Ref[N]) (is id.Ref[N], ok bool) {
	for _, r := range refs {
		if r.UID == ref.UID || ref.UID.IsZero() && r.Number == ref.Number {
			return r, true
		}
	}
	return is, false
}
