package contact

import (
	"context"
	"slices"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
)

// resolved holds what the references of a draft stand for, without doubles and
// in the order of their numbers.
type resolved struct {
	lists  opt.Value[[]id.Ref[id.List]]
	tags   opt.Value[[]id.Ref[id.Tag]]
	fields opt.Value[[]resolvedField]
}

// resolvedField is a custom field with the value that a contact is to have.
type resolvedField struct {
	field Field
	text  string // empty: none
}

// resolve looks up what a draft refers to and adds a problem for each thing
// that does not exist and each value that does not fit its field.
func resolve(ctx context.Context, tx Tx, a id.Account, d draft, found fault.Problems) (resolved, fault.Problems, error) {
	c := &checker{found}
	var (
		r   resolved
		err error
	)
	if r.lists, err = lookUp(c, d.lists, "list", func(refs []id.Ref[id.List]) ([]id.Ref[id.List], error) {
		return tx.PresentLists(ctx, a, refs)
	}); err != nil {
		return r, nil, err
	}
	if r.tags, err = lookUp(c, d.tags, "tag", func(refs []id.Ref[id.Tag]) ([]id.Ref[id.Tag], error) {
		return tx.TagRefs(ctx, a, refs)
	}); err != nil {
		return r, nil, err
	}
	r.fields, err = c.lookUpFields(ctx, tx, a, d.fields)
	return r, c.found, err
}

// lookUp asks only where there is something to ask for.
func lookUp[N ~int64](c *checker, v opt.Value[[]asked[N]], what string,
	ask func([]id.Ref[N]) ([]id.Ref[N], error),
) (none opt.Value[[]id.Ref[N]], err error) {
	want, ok := v.Value()
	if !ok {
		return none, nil
	}
	if len(want) == 0 {
		return opt.Some[[]id.Ref[N]](nil), nil
	}
	refs := make([]id.Ref[N], len(want))
	for i, w := range want {
		refs[i] = w.ref
	}
	have, err := ask(refs)
	if err != nil {
		return none, err
	}
	out := make([]id.Ref[N], 0, len(want))
	for _, w := range want {
		is := find(have, func(h id.Ref[N]) bool { return names(w.ref, h) })
		if is == nil {
			c.found.Add(w.path, codeUnknown, "names no "+what+": "+w.ref.String())
			continue
		}
		out = append(out, *is)
	}
	return opt.Some(inOrder(out)), nil
}

// names reports whether a reference that was asked for stands for a thing.
func names[N ~int64](asked, is id.Ref[N]) bool {
	if !asked.UID.IsZero() {
		return asked.UID == is.UID
	}
	return asked.Number == is.Number
}

// inOrder sorts references by number and drops doubles.
func inOrder[N ~int64](refs []id.Ref[N]) []id.Ref[N] {
	slices.SortFunc(refs, func(a, b id.Ref[N]) int { return int(a.Number - b.Number) })
	return slices.Compact(refs)
}

func (c *checker) lookUpFields(ctx context.Context, tx Tx, a id.Account, v opt.Value[[]fieldDraft]) (none opt.Value[[]resolvedField], err error) {
	want, ok := v.Value()
	if !ok {
		return none, nil
	}
	if len(want) == 0 {
		return opt.Some[[]resolvedField](nil), nil
	}
	refs := make([]id.Ref[id.Field], len(want))
	for i, w := range want {
		refs[i] = w.ref
	}
	have, err := tx.FieldsByRef(ctx, a, refs)
	if err != nil {
		return none, err
	}
	out := make([]resolvedField, 0, len(want))
	for _, w := range want {
		f := find(have, func(f Field) bool { return names(w.ref, f.Ref()) })
		if f == nil {
			c.found.Add(w.path+".custom_field_id", codeUnknown, "names no custom field: "+w.ref.String())
			continue
		}
		text, at, err := f.read(w.in)
		if err != nil {
			c.found.Add(w.path+at, codeInvalid, err.Error())
			continue
		}
		out = append(out, resolvedField{*f, text})
	}
	slices.SortFunc(out, func(a, b resolvedField) int { return int(a.field.ID - b.field.ID) })
	return opt.Some(out), nil
}

// read returns the value of an input in its stored form, and at which part of
// the input a problem lies.
func (f Field) read(in FieldInput) (text, at string, err error) {
	if f.Type.Select() && len(in.Choices) > 0 {
		text, err = f.ParseChoices(in.Choices)
		return text, ".choice_ids", err
	}
	text, err = f.ParseValue(in.Value)
	return text, ".value", err
}
