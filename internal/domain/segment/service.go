package segment

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/text"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// Service is what can be done with segments. It is safe for concurrent use.
type Service struct {
	store Store
}

// New returns the service over a store.
func New(s Store) *Service { return &Service{store: s} }

// Create makes a segment (v3 contract, POST /segments). Problems that the edge
// has found are added to; all are told at once. It fails with ErrNameTaken.
func (s *Service) Create(ctx context.Context, who account.Actor, in Input, found fault.Problems) (Segment, error) {
	if err := who.May(account.ListsWrite); err != nil {
		return Segment{}, err
	}
	in, err := s.check(ctx, who.Account, in, found)
	if err != nil {
		return Segment{}, err
	}
	var made Segment
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		number, err := tx.TakeSegmentNumber(ctx, who.Account)
		if err != nil {
			return err
		}
		made = Segment{ID: number, Name: in.Name, Text: in.Text, Draft: in.Draft, CreatedAt: tx.Now(), EditedAt: tx.Now()}
		if err := tx.InsertSegment(ctx, who.Account, made); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.SegmentCreated, Ref: int64(number)})
	})
	return made, err
}

// Update replaces name and criteria (v3 contract, PUT /segments/{segment_id}).
// A deleted segment is not found. It fails with ErrNameTaken.
func (s *Service) Update(ctx context.Context, who account.Actor, number id.Segment, in Input, found fault.Problems) (Segment, error) {
	if err := who.May(account.ListsWrite); err != nil {
		return Segment{}, err
	}
	in, err := s.check(ctx, who.Account, in, found)
	if err != nil {
		return Segment{}, err
	}
	return s.edit(ctx, who, number, func(is *Segment) {
		is.Name, is.Text, is.Draft = in.Name, in.Text, in.Draft
	})
}

// Rename gives a segment another name (v3 contract, PATCH
// /segments/{segment_id}/name). A deleted segment is not found. It fails with
// ErrNameTaken.
func (s *Service) Rename(ctx context.Context, who account.Actor, number id.Segment, name string, found fault.Problems) (Segment, error) {
	if err := who.May(account.ListsWrite); err != nil {
		return Segment{}, err
	}
	name, found = checkName(name, found)
	if err := found.Err(); err != nil {
		return Segment{}, err
	}
	return s.edit(ctx, who, number, func(is *Segment) { is.Name = name })
}

func (s *Service) edit(ctx context.Context, who account.Actor, number id.Segment, edit func(*Segment)) (Segment, error) {
	var is Segment
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		if is, err = held(ctx, tx, who.Account, number); err != nil {
			return err
		}
		was := is
		edit(&is)
		var fields []string
		if is.Name != was.Name {
			fields = append(fields, "name")
		}
		if is.Text != was.Text {
			fields = append(fields, "segment_criteria")
		}
		if len(fields) == 0 {
			return nil
		}
		is.EditedAt = tx.Now()
		if err := tx.UpdateSegment(ctx, who.Account, is); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(),
			change.Row{Kind: change.SegmentUpdated, Ref: int64(number), Detail: change.Detail{Fields: fields}})
	})
	return is, err
}

// Delete takes a segment out of the list (v3 contract, DELETE
// /segments/{segment_id}); its id still finds it. One that is deleted already
// is not found.
func (s *Service) Delete(ctx context.Context, who account.Actor, number id.Segment) error {
	if err := who.May(account.ListsWrite); err != nil {
		return err
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		is, err := held(ctx, tx, who.Account, number)
		if err != nil {
			return err
		}
		is.DeletedAt = tx.Now()
		if err := tx.UpdateSegment(ctx, who.Account, is); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.SegmentDeleted, Ref: int64(number)})
	})
}

// held is HoldSegment for segments that are not deleted.
func held(ctx context.Context, tx Tx, a id.Account, number id.Segment) (Segment, error) {
	is, err := tx.HoldSegment(ctx, a, number)
	if err == nil && !is.DeletedAt.IsZero() {
		err = fault.ErrNotFound
	}
	return is, err
}

// Get returns a segment, also a deleted one (v3 contract, GET
// /segments/{segment_id}).
func (s *Service) Get(ctx context.Context, who account.Actor, number id.Segment) (Segment, error) {
	if err := who.May(account.ListsRead); err != nil {
		return Segment{}, err
	}
	var is Segment
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		is, err = tx.SegmentByID(ctx, who.Account, number)
		return err
	})
	return is, err
}

// List returns a page of segments that are not deleted, without criteria.
func (s *Service) List(ctx context.Context, who account.Actor, o Order, r page.Request) (page.Of[Segment], error) {
	if err := who.May(account.ListsRead); err != nil {
		return page.Of[Segment]{}, err
	}
	var of page.Of[Segment]
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		of, err = tx.SegmentPage(ctx, who.Account, o, r)
		return err
	})
	return of, err
}

// Preview counts who meets criteria that need not be kept, and shows some of
// them; sample is at most MaxSample.
func (s *Service) Preview(ctx context.Context, who account.Actor, d Draft, sample int, found fault.Problems) (Preview, error) {
	if err := who.May(account.ContactsRead); err != nil {
		return Preview{}, err
	}
	var of Preview
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		c, found, err := fitted(ctx, tx, who.Account, d, s.store.Now(), found)
		if err != nil {
			return err
		}
		if err := found.Err(); err != nil {
			return err
		}
		of, err = tx.PreviewCriteria(ctx, who.Account, c, min(sample, MaxSample))
		return err
	})
	return of, err
}

// check returns the input as it is kept, or all its problems.
func (s *Service) check(ctx context.Context, a id.Account, in Input, found fault.Problems) (Input, error) {
	in.Name, found = checkName(in.Name, found)
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		_, all, err := fitted(ctx, tx, a, in.Draft, s.store.Now(), found)
		if err != nil {
			return err
		}
		return all.Err()
	})
	return in, err
}

func checkName(name string, found fault.Problems) (string, fault.Problems) {
	name = strings.TrimSpace(name)
	if name == "" && !found.Has("name") {
		found.Add("name", codeRequired, "is missing")
	}
	if code, message := text.Check(name, MaxName); code != "" {
		found.Add("name", code, message)
	}
	return name, found
}

// fitted parses a draft and holds its rules to the types of the custom fields
// that exist.
func fitted(ctx context.Context, tx Tx, a id.Account, d Draft, now time.Time, found fault.Problems) (Criteria, fault.Problems, error) {
	if found.Has(TextPath) || found.Has(Root) {
		return Criteria{}, found, nil // there is no draft
	}
	c, found := Parse(d, now, found)
	if len(found) > 0 {
		return c, found, nil
	}
	rules, paths := c.Rules(), d.paths(Root, nil)
	fields, err := Fields(ctx, tx, a, c)
	if err != nil {
		return c, found, err
	}
	for i, r := range rules {
		f, ok := fields[r.Custom]
		if r.Field != CustomField || !ok {
			continue
		}
		if _, part, message := r.Fit(f); part != "" {
			found.Add(paths[i]+"."+part, codeInvalid, message)
		}
	}
	return c, found, nil
}

// FieldReader reads custom fields.
type FieldReader interface {
	FieldsByRef(ctx context.Context, account id.Account, refs []id.Ref[id.Field]) ([]contact.Field, error)
}

// Fields returns the custom fields that criteria name and that exist.
func Fields(ctx context.Context, tx FieldReader, a id.Account, c Criteria) (map[id.UID]contact.Field, error) {
	var refs []id.Ref[id.Field]
	for _, r := range c.Rules() {
		if r.Field == CustomField {
			refs = append(refs, id.Ref[id.Field]{UID: r.Custom})
		}
	}
	if len(refs) == 0 {
		return nil, nil
	}
	all, err := tx.FieldsByRef(ctx, a, refs)
	if err != nil {
		return nil, fmt.Errorf("read the custom fields of criteria: %w", err)
	}
	by := make(map[id.UID]contact.Field, len(all))
	for _, f := range all {
		by[f.UID] = f
	}
	return by, nil
}

// paths are those of the rules, in the order of Criteria.Rules.
func (d Draft) paths(path string, to []string) []string {
	for i, part := range d.Group {
		at := path + ".group[" + strconv.Itoa(i) + "]"
		if part.IsGroup {
			to = part.paths(at, to)
			continue
		}
		to = append(to, at)
	}
	return to
}
