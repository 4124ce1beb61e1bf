package form

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

// Options is what a Service needs; all of it is required.
type Options struct {
	Store    Store
	Contacts Contacts
	// Key signs what stands in the pages of forms: 32 bytes, of secret.Links.
	Key []byte
}

// Service is what can be done with forms. It is safe for concurrent use.
type Service struct {
	o      Options
	opened opened
}

// New returns the service.
func New(o Options) *Service { return &Service{o: o} }

// Create makes a form. Problems that the edge has found are added to; all are
// told at once. It fails with ErrLimit.
func (s *Service) Create(ctx context.Context, who account.Actor, in Written, found fault.Problems) (Form, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Form{}, err
	}
	in, found = check(in, found)
	var f Form
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		f = Form{UID: tx.UID(), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		var err error
		if f.Written, err = lookUp(ctx, tx, who.Account, in, found); err != nil {
			return err
		}
		n, err := tx.LockForms(ctx, who.Account)
		if err != nil {
			return err
		}
		if n >= MaxForms {
			return ErrLimit
		}
		if f.ID, err = tx.TakeFormNumber(ctx, who.Account); err != nil {
			return err
		}
		if err := tx.InsertForm(ctx, who.Account, f); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.FormCreated, Ref: int64(f.ID)})
	})
	return f, err
}

// Rehearse returns a form as it would be opened if it were made, and keeps
// nothing.
func (s *Service) Rehearse(ctx context.Context, who account.Actor, in Written, found fault.Problems) (*Open, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return nil, err
	}
	in, found = check(in, found)
	o := &Open{Account: who.Account}
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		o.Written, err = lookUp(ctx, tx, who.Account, in, found)
		return err
	})
	return o, err
}

// Update replaces what the owner wrote of a form.
func (s *Service) Update(ctx context.Context, who account.Actor, uid id.UID, in Written, found fault.Problems) (Form, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Form{}, err
	}
	in, found = check(in, found)
	var f Form
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		if f, err = tx.HoldForm(ctx, who.Account, uid); err != nil {
			return err
		}
		was := f.Written
		if f.Written, err = lookUp(ctx, tx, who.Account, in, found); err != nil {
			return err
		}
		if reflect.DeepEqual(bare(was), bare(f.Written)) {
			return count(ctx, tx, who.Account, &f)
		}
		f.UpdatedAt = tx.Now()
		if err := tx.UpdateForm(ctx, who.Account, f); err != nil {
			return err
		}
		if err := tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.FormUpdated, Ref: int64(f.ID)}); err != nil {
			return err
		}
		return count(ctx, tx, who.Account, &f)
	})
	return f, err
}

// bare is what is stored of a form's texts and references, for comparison.
func bare(w Written) Written {
	w.Lists, w.Fields = slices.Clone(w.Lists), slices.Clone(w.Fields)
	for i := range w.Lists {
		w.Lists[i].Name = ""
	}
	for i := range w.Fields {
		w.Fields[i].Custom = contact.Field{ID: w.Fields[i].Custom.ID, UID: w.Fields[i].Custom.UID}
	}
	return w
}

// Delete takes a form away. Its page is gone; what it brought stays.
func (s *Service) Delete(ctx context.Context, who account.Actor, uid id.UID) error {
	if err := who.May(account.ContactsWrite); err != nil {
		return err
	}
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		f, err := tx.HoldForm(ctx, who.Account, uid)
		if err != nil {
			return err
		}
		if err := tx.DeleteForm(ctx, who.Account, f.ID); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.FormDeleted, Ref: int64(f.ID)})
	})
}

// Get returns a form. Lists and custom fields that are gone are left out.
func (s *Service) Get(ctx context.Context, who account.Actor, uid id.UID) (Form, error) {
	if err := who.May(account.ContactsRead); err != nil {
		return Form{}, err
	}
	var f Form
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if f, err = tx.FormByUID(ctx, who.Account, uid); err != nil {
			return err
		}
		if err := complete(ctx, tx, who.Account, &f); err != nil {
			return err
		}
		return count(ctx, tx, who.Account, &f)
	})
	return f, err
}

// List returns a page of forms in the order of their numbers.
func (s *Service) List(ctx context.Context, who account.Actor, r page.Request) (page.Of[Form], error) {
	if err := who.May(account.ContactsRead); err != nil {
		return page.Of[Form]{}, err
	}
	var of page.Of[Form]
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if of, err = tx.FormPage(ctx, who.Account, r); err != nil {
			return err
		}
		forms := make([]*Form, len(of.Items))
		for i := range of.Items {
			forms[i] = &of.Items[i]
		}
		if err := complete(ctx, tx, who.Account, forms...); err != nil {
			return err
		}
		return count(ctx, tx, who.Account, forms...)
	})
	return of, err
}

// lookUp finds what a form refers to, and fails with every problem there is.
func lookUp(ctx context.Context, tx Tx, a id.Account, in Written, found fault.Problems) (Written, error) {
	w := in
	lists, fields, err := referred(ctx, tx, a, w)
	if err != nil {
		return w, err
	}
	w.Lists, w.Fields = slices.Clone(in.Lists), slices.Clone(in.Fields)
	for i := range w.Lists {
		l := &w.Lists[i]
		if is := find(lists, func(o list.List) bool { return o.UID == l.Ref.UID }); is != nil {
			l.Ref, l.Name = is.Ref(), is.Name
		} else if !l.Ref.IsZero() {
			found.Add(fmt.Sprintf("lists[%d].list_id", i), codeUnknown, "names no list: "+l.Ref.String())
		}
	}
	for i := range w.Fields {
		f := &w.Fields[i]
		if f.Kind != Custom {
			continue
		}
		if is := find(fields, func(o contact.Field) bool { return o.UID == f.Custom.UID }); is != nil {
			f.Custom = *is
		} else if !f.Custom.UID.IsZero() {
			found.Add(fmt.Sprintf("fields[%d].custom_field_id", i), codeUnknown, "names no custom field: "+f.Custom.UID.String())
		}
	}
	w.Fields = withAddress(w.Fields)
	return w, found.Err()
}

// referred reads the lists and custom fields of forms, those that are there.
func referred(ctx context.Context, tx Tx, a id.Account, all ...Written) (lists []list.List, fields []contact.Field, err error) {
	var (
		listRefs  []id.Ref[id.List]
		fieldRefs []id.Ref[id.Field]
	)
	for _, w := range all {
		for _, l := range w.Lists {
			if !l.Ref.IsZero() && !slices.Contains(listRefs, l.Ref) {
				listRefs = append(listRefs, l.Ref)
			}
		}
		for _, f := range w.Fields {
			if ref := f.Custom.Ref(); !ref.IsZero() && !slices.Contains(fieldRefs, ref) {
				fieldRefs = append(fieldRefs, ref)
			}
		}
	}
	if len(listRefs) > 0 {
		if lists, err = tx.ListsByRef(ctx, a, listRefs); err != nil {
			return nil, nil, err
		}
	}
	if len(fieldRefs) > 0 {
		fields, err = tx.FieldsByRef(ctx, a, fieldRefs)
	}
	return lists, fields, err
}

// complete gives the names of lists and the definitions of custom fields to
// forms that were read, and drops those that are gone.
func complete(ctx context.Context, tx Tx, a id.Account, forms ...*Form) error {
	all := make([]Written, len(forms))
	for i, f := range forms {
		all[i] = f.Written
	}
	lists, fields, err := referred(ctx, tx, a, all...)
	if err != nil {
		return err
	}
	for _, f := range forms {
		f.Lists = slices.DeleteFunc(f.Lists, func(l List) bool {
			return find(lists, func(o list.List) bool { return o.ID == l.Ref.Number }) == nil
		})
		f.Fields = slices.DeleteFunc(f.Fields, func(x Field) bool {
			return x.Kind == Custom && find(fields, func(o contact.Field) bool { return o.ID == x.Custom.ID }) == nil
		})
		for i := range f.Lists {
			f.Lists[i].Name = find(lists, func(o list.List) bool { return o.ID == f.Lists[i].Ref.Number }).Name
		}
		for i := range f.Fields {
			if x := &f.Fields[i]; x.Kind == Custom {
				x.Custom = *find(fields, func(o contact.Field) bool { return o.ID == x.Custom.ID })
			}
		}
	}
	return nil
}

// count fills in how many signed up by forms.
func count(ctx context.Context, tx Tx, a id.Account, forms ...*Form) error {
	if len(forms) == 0 {
		return nil
	}
	counted, err := tx.CountedAll(ctx, a, change.FormSignUps)
	for _, f := range forms {
		f.SignUps = counted[int64(f.ID)]
	}
	return err
}

// find returns the first element that meets the condition, or nil.
func find[T any](in []T, meets func(T) bool) *T {
	if i := slices.IndexFunc(in, meets); i >= 0 {
		return &in[i]
	}
	return nil
}
