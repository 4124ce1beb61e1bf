package activity

import (
	"context"
	"errors"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

// Limits of deletions (v3 contract, ListIdList100, TagIdList500Limit and
// CustomFieldId100).
const (
	MaxListsDeleted  = 100
	MaxTagsDeleted   = 500
	MaxFieldsDeleted = 100
)

// clearBatch is how many taggings or values are dropped in one unit of work.
const clearBatch = 2000

// DeleteList deletes a list (v3 contract, DELETE /contact_lists/{list_id}): it
// is gone at once; its memberships go afterwards. The contacts stay. It fails
// with list.ErrLast and ErrQueueFull.
func (s *Service) DeleteList(ctx context.Context, who account.Actor, ref id.Ref[id.List]) (a Activity, err error) {
	if err := who.May(account.ListsWrite); err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		a, err = dropLists(ctx, tx, who, []id.Ref[id.List]{ref})
		return err
	})
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.ErrNotFound.Saying("There is no such list.").Because(err)
	}
	return a, err
}

// DeleteLists deletes lists as DeleteList does one (v3 contract, POST
// /activities/list_delete). Where one is not there, or none would stay, none
// is deleted.
func (s *Service) DeleteLists(ctx context.Context, who account.Actor, asked []id.Ref[id.List], found fault.Problems) (a Activity, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		there, err := tx.LockLists(ctx, who.Account)
		if err != nil {
			return err
		}
		problems := append(fault.Problems(nil), found...) // the unit may run again
		refs, err := checkRefs("list_ids", "list", MaxListsDeleted, asked, &problems, func(refs []id.Ref[id.List]) ([]id.Ref[id.List], error) {
			return tx.PresentLists(ctx, who.Account, refs)
		})
		if len(refs) > 0 && len(refs) == there {
			problems.Add("list_ids", "last", "names all lists of the account; one must stay")
		}
		if err == nil {
			err = problems.Err()
		}
		if err == nil {
			a, err = dropLists(ctx, tx, who, refs)
		}
		return err
	})
	return a, err
}

func dropLists(ctx context.Context, tx Tx, who account.Actor, refs []id.Ref[id.List]) (Activity, error) {
	a := Activity{Kind: ListDelete}
	for _, r := range refs {
		l, err := list.MarkDeleted(ctx, tx, who.Account, r, who.Origin())
		if err != nil {
			return Activity{}, err
		}
		members, err := tx.Counted(ctx, who.Account, change.Members, int64(l.ID))
		if err != nil {
			return Activity{}, err
		}
		a.Input.Lists = append(a.Input.Lists, l.Ref())
		a.Total += members
	}
	return begin(ctx, tx, who, a)
}

// DeleteTag deletes a tag (v3 contract, DELETE /contact_tags/{tag_id}): it is
// gone at once; contacts are cleared of it afterwards. It fails with
// ErrQueueFull.
func (s *Service) DeleteTag(ctx context.Context, who account.Actor, ref id.Ref[id.Tag]) (a Activity, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.LockTags(ctx, who.Account); err != nil {
			return err
		}
		there, err := tx.TagRefs(ctx, who.Account, []id.Ref[id.Tag]{ref})
		if err == nil && len(there) == 0 {
			err = fault.ErrNotFound.Saying("There is no such tag.")
		}
		if err == nil {
			a, err = dropTags(ctx, tx, who, there)
		}
		return err
	})
	return a, err
}

// DeleteTags deletes tags as DeleteTag does one (v3 contract, POST
// /activities/contacts_tags_delete). Where one is not there, none is deleted.
func (s *Service) DeleteTags(ctx context.Context, who account.Actor, asked []id.Ref[id.Tag], found fault.Problems) (a Activity, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.LockTags(ctx, who.Account); err != nil {
			return err
		}
		problems := append(fault.Problems(nil), found...) // the unit may run again
		refs, err := checkRefs("tag_ids", "tag", MaxTagsDeleted, asked, &problems, func(refs []id.Ref[id.Tag]) ([]id.Ref[id.Tag], error) {
			return tx.TagRefs(ctx, who.Account, refs)
		})
		if err == nil {
			err = problems.Err()
		}
		if err == nil {
			a, err = dropTags(ctx, tx, who, refs)
		}
		return err
	})
	return a, err
}

// dropTags drops tags that are locked.
func dropTags(ctx context.Context, tx Tx, who account.Actor, refs []id.Ref[id.Tag]) (Activity, error) {
	a := Activity{Kind: TagDelete, Input: Input{Tags: refs}}
	var rows []change.Row
	for _, r := range refs {
		n, err := tx.Counted(ctx, who.Account, change.Tagged, int64(r.Number))
		if err != nil {
			return Activity{}, err
		}
		if err := tx.DropTag(ctx, who.Account, r.Number); err != nil {
			return Activity{}, err
		}
		a.Total += n
		rows = append(rows, change.Row{Kind: change.TagDeleted, Ref: int64(r.Number)})
	}
	if err := tx.RecordChange(ctx, who.Account, who.Origin(), rows...); err != nil {
		return Activity{}, err
	}
	return begin(ctx, tx, who, a)
}

// DeleteField deletes a custom field (v3 contract, DELETE
// /contact_custom_fields/{custom_field_id}): it is gone at once, with what
// contacts have in it; the rows are cleared up afterwards. It fails with
// ErrQueueFull.
func (s *Service) DeleteField(ctx context.Context, who account.Actor, ref id.Ref[id.Field]) (a Activity, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.LockFields(ctx, who.Account); err != nil {
			return err
		}
		there, err := fieldRefs(ctx, tx, who.Account, []id.Ref[id.Field]{ref})
		if err == nil && len(there) == 0 {
			err = fault.ErrNotFound.Saying("There is no such custom field.")
		}
		if err == nil {
			a, err = dropFields(ctx, tx, who, there)
		}
		return err
	})
	return a, err
}

// DeleteFields deletes custom fields as DeleteField does one (v3 contract, POST
// /activities/custom_fields_delete). Where one is not there, none is deleted.
func (s *Service) DeleteFields(ctx context.Context, who account.Actor, asked []id.Ref[id.Field], found fault.Problems) (a Activity, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.LockFields(ctx, who.Account); err != nil {
			return err
		}
		problems := append(fault.Problems(nil), found...) // the unit may run again
		refs, err := checkRefs("custom_field_ids", "custom field", MaxFieldsDeleted, asked, &problems, func(refs []id.Ref[id.Field]) ([]id.Ref[id.Field], error) {
			return fieldRefs(ctx, tx, who.Account, refs)
		})
		if err == nil {
			err = problems.Err()
		}
		if err == nil {
			a, err = dropFields(ctx, tx, who, refs)
		}
		return err
	})
	return a, err
}

func fieldRefs(ctx context.Context, tx contact.Tx, a id.Account, refs []id.Ref[id.Field]) (there []id.Ref[id.Field], err error) {
	fields, err := tx.FieldsByRef(ctx, a, refs)
	for _, f := range fields {
		there = append(there, f.Ref())
	}
	return there, err
}

// dropFields drops custom fields that are locked.
func dropFields(ctx context.Context, tx Tx, who account.Actor, refs []id.Ref[id.Field]) (Activity, error) {
	var rows []change.Row
	for _, r := range refs {
		if err := tx.DropField(ctx, who.Account, r.Number); err != nil {
			return Activity{}, err
		}
		rows = append(rows, change.Row{Kind: change.FieldDeleted, Ref: int64(r.Number)})
	}
	if err := tx.RecordChange(ctx, who.Account, who.Origin(), rows...); err != nil {
		return Activity{}, err
	}
	return begin(ctx, tx, who, Activity{Kind: FieldDelete, Input: Input{Fields: refs}})
}

// clearLists takes the members off lists that are deleted.
func (w *work) clearLists(ctx context.Context) error {
	for _, l := range w.a.Input.Lists {
		if err := w.clear(ctx, func(ctx context.Context, tx Tx) (int64, bool, error) {
			n, err := list.RemoveMembers(ctx, tx, w.account, l.Number, removeBatch, w.by)
			return int64(n), n == removeBatch, err
		}); err != nil {
			return err
		}
	}
	return w.complete(ctx)
}

// clearTags drops what is left of tags that are deleted.
func (w *work) clearTags(ctx context.Context) error {
	for _, t := range w.a.Input.Tags {
		if err := w.clear(ctx, func(ctx context.Context, tx Tx) (int64, bool, error) {
			return tx.ClearTag(ctx, w.account, t.Number, clearBatch)
		}); err != nil {
			return err
		}
	}
	return w.complete(ctx)
}

// clearFields drops what is left of custom fields that are deleted.
func (w *work) clearFields(ctx context.Context) error {
	for _, f := range w.a.Input.Fields {
		if err := w.clear(ctx, func(ctx context.Context, tx Tx) (int64, bool, error) {
			return tx.ClearField(ctx, w.account, f.Number, clearBatch)
		}); err != nil {
			return err
		}
	}
	return w.complete(ctx)
}

// clear drops batches until nothing is left. What was dropped before a crash
// is not there any more, so it may begin again at any time.
func (w *work) clear(ctx context.Context, drop func(context.Context, Tx) (n int64, left bool, err error)) error {
	for {
		var left bool
		_, err := w.step(ctx, w.o.Store.Bulk, func(ctx context.Context, tx Tx, a *Activity) (err error) {
			var n int64
			n, left, err = drop(ctx, tx)
			a.Done += n
			a.Persons += n
			return err
		})
		if err != nil || !left {
			return err
		}
	}
}
