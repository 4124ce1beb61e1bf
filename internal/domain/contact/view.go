package contact

import (
	"cmp"
	"slices"

	"kith/internal/base/id"
	"kith/internal/base/opt"
)

// View is what a version of the API knows of a contact's arrays. When such a
// version replaces an array, what it cannot see of it stays (v2 contract, 6:
// PUT replaces the whole object, of which it knows less than version 3).
type View struct {
	Phones, Addresses []Kind
	// Fields are the custom fields that have a place in that version.
	Fields []id.Field
	// LastNote says that of the notes only the newest is known.
	LastNote bool
}

// beyond adds what a contact has beyond the view to what replaces the rest.
func (v *View) beyond(was Contact, d draft, r resolved) (draft, resolved) {
	if v == nil {
		return d, r
	}
	if given := d.phones.Or(nil); d.phones.Given() {
		all := slices.Clone(given)
		for _, p := range was.Phones {
			if !slices.Contains(v.Phones, p.Kind) {
				all = append(all, PhoneInput{Number: p.Number, Kind: p.Kind})
			}
		}
		d.phones = opt.Some(all)
	}
	if given := d.addresses.Or(nil); d.addresses.Given() {
		all := slices.Clone(given)
		for _, a := range was.Addresses {
			if !slices.Contains(v.Addresses, a.Kind) {
				all = append(all, a.input())
			}
		}
		d.addresses = opt.Some(all)
	}
	if given := r.fields.Or(nil); r.fields.Given() {
		all := slices.Clone(given)
		for _, f := range was.Fields {
			if !slices.Contains(v.Fields, f.Field.Number) {
				all = append(all, f.resolved())
			}
		}
		slices.SortFunc(all, func(a, b resolvedField) int { return cmp.Compare(a.field.ID, b.field.ID) })
		r.fields = opt.Some(all)
	}
	if given := d.notes.Or(nil); d.notes.Given() && v.LastNote && len(was.Notes) > 0 {
		all := slices.Clone(given)
		for _, n := range was.Notes[1:] {
			all = append(all, NoteInput(n))
		}
		// The same text is the same note, though that version says nothing of
		// which one it is.
		if last := was.Notes[0]; len(given) == 1 && given[0].UID.IsZero() && given[0].Content == last.Content {
			all[0] = NoteInput(last)
		}
		d.notes = opt.Some(all)
	}
	return d, r
}
