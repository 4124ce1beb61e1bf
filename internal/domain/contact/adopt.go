package contact

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/phone"
	"kith/internal/domain/account"
)

// ErrFieldType is a custom field of another server that bears the label of one
// of another type here.
var ErrFieldType = errors.New("a custom field here has the same label and another type")

// AdoptTx is what the taking over of contacts asks of the store beside BulkTx.
type AdoptTx interface {
	BulkTx
	// ContactUIDs returns those of the UIDs that a contact has.
	ContactUIDs(ctx context.Context, account id.Account, uids []id.UID) ([]id.UID, error)
	// WriteTaggings and WriteNotes keep what belongs to new contacts.
	WriteTaggings(ctx context.Context, account id.Account, all []Tagging) error
	WriteNotes(ctx context.Context, account id.Account, all []BulkNote) error
}

// Tagging is a tag that one of many contacts gets.
type Tagging struct {
	Tag     id.Tag
	Contact id.Contact
}

// BulkNote is a note about one of many contacts.
type BulkNote struct {
	Contact id.Contact
	Note
}

// Names say what the lists, tags and fields of another server are here, by
// their UIDs there.
type Names struct {
	Lists  map[id.UID]id.List
	Tags   map[id.UID]id.Tag
	Fields map[id.UID]AdoptedField
}

// AdoptedField is a custom field here, and what the choices of the field there
// are in it.
type AdoptedField struct {
	Field
	Choices map[int64]int64
}

// Adopted tells what became of contacts that were taken over.
type Adopted struct {
	// Copied is how many are new here. Present is how many were here already,
	// under their id or their address; those stay as they are.
	Copied, Present int
	// Left is how many of their values of custom fields and of their numbers
	// for short messages do not fit here.
	Left int
}

// Adopt takes contacts over from another server as they are there, within the
// caller's unit of work: with their ids, times, permissions and the history of
// these, deleted ones too. It is the one path on which consent is stated and
// not given, so only the operator's copy of an account may take it; shown says
// in the ledger where the consent is from. Who was erased here has opted out,
// whatever is stated. The contacts name their lists, tags
// and fields by the UIDs of the other server; what names does not hold is left
// out. first is the first of as many numbers as there are contacts, which no
// contact has or will have.
func Adopt(ctx context.Context, tx AdoptTx, a id.Account, by change.Origin, names Names, all []Contact, first id.Contact, shown string) (Adopted, error) {
	fresh, left, err := strangers(ctx, tx, a, all)
	if err != nil {
		return Adopted{}, err
	}
	t := adopting{
		maker: tx, names: names, result: Adopted{Copied: len(fresh), Present: len(all) - len(fresh), Left: left},
		counts: map[change.Count]int64{},
	}
	erased, err := tx.Erased(ctx, a, addressesOf(fresh))
	if err != nil {
		return Adopted{}, err
	}
	for i, c := range fresh {
		c.ID = first + id.Contact(i)
		if at, ok := erased[c.Email.Address]; ok {
			c.Email.Consent, c.Lists = erasedConsent(at), nil
		}
		t.sms(&c, shown)
		t.take(c)
	}
	if len(fresh) == 0 {
		return t.result, nil
	}
	if err := tx.WriteBulk(ctx, a, by, t.bulk(shown)); err != nil {
		return Adopted{}, err
	}
	if err := tx.WriteTaggings(ctx, a, t.taggings); err != nil {
		return Adopted{}, err
	}
	return t.result, tx.WriteNotes(ctx, a, t.notes)
}

func addressesOf(all []Contact) (out []email.Address) {
	for _, c := range all {
		if !c.Email.Address.IsZero() {
			out = append(out, c.Email.Address)
		}
	}
	return out
}

// strangers returns those of the contacts that are not here yet, and how many of
// their numbers for short messages do not fit here.
func strangers(ctx context.Context, tx AdoptTx, a id.Account, all []Contact) (fresh []Contact, left int, err error) {
	var (
		uids    []id.UID
		numbers []phone.Number
	)
	for _, c := range all {
		uids = append(uids, c.UID)
		if c.SMS != nil && !c.SMS.Number.IsZero() {
			numbers = append(numbers, c.SMS.Number)
		}
	}
	held, err := tx.HoldContactsAt(ctx, a, addressesOf(all), numbers, IncludeSMS)
	if err != nil {
		return nil, 0, err
	}
	known, err := tx.ContactUIDs(ctx, a, uids)
	if err != nil {
		return nil, 0, err
	}
	ids, at, taken := map[id.UID]bool{}, map[string]bool{}, map[phone.Number]bool{}
	for _, uid := range known {
		ids[uid] = true
	}
	for _, c := range held {
		at[c.Email.Address.Key()] = true
		if c.SMS != nil {
			taken[c.SMS.Number] = true
		}
	}
	for _, c := range all {
		key := c.Email.Address.Key()
		if ids[c.UID] || key != "" && at[key] {
			continue
		}
		if freeNumber(&c, taken, &left) {
			continue
		}
		ids[c.UID], at[key] = true, true // a page that shifted may hold one twice
		fresh = append(fresh, c)
	}
	return fresh, left, nil
}

// adopting is the state of one batch.
type adopting struct {
	maker      maker
	numbers    []BulkSMS
	smsEntries []SMSEntry
	names      Names
	result     Adopted
	contacts   []Contact
	joins      []Joining
	values     []BulkValue
	taggings   []Tagging
	notes      []BulkNote
	counts     map[change.Count]int64
}

// take notes all that belongs to one contact.
func (t *adopting) take(c Contact) {
	t.contacts = append(t.contacts, c)
	if c.Deleted() {
		t.counts[change.Count{Tally: change.Deleted}]++
	} else {
		t.counts[change.Count{Tally: change.Contacts, Ref: int64(c.Email.Permission)}]++
		for _, ref := range c.Lists {
			if l, ok := t.names.Lists[ref.UID]; ok {
				t.joins = append(t.joins, Joining{List: l, Contact: c.ID})
				t.counts[change.Count{Tally: change.Members, Ref: int64(l)}]++
				t.counts[change.Count{Tally: change.ActiveMembers, Ref: int64(l)}] += one(c.Active())
			}
		}
	}
	for _, ref := range c.Tags {
		if tag, ok := t.names.Tags[ref.UID]; ok {
			t.taggings = append(t.taggings, Tagging{tag, c.ID})
			t.counts[change.Count{Tally: change.Tagged, Ref: int64(tag)}]++
		}
	}
	for _, v := range c.Fields {
		f, ok := t.names.Fields[v.Field.UID]
		if !ok {
			continue
		}
		text, err := f.value(v)
		switch {
		case err != nil:
			t.result.Left++
		case text != "":
			t.values = append(t.values, BulkValue{c.ID, StoredValue{Field: f.ID, Text: text}})
		}
	}
	for _, n := range c.Notes {
		t.notes = append(t.notes, BulkNote{c.ID, n})
	}
}

// value brings a value into the form in which it is kept here.
func (f AdoptedField) value(v FieldValue) (string, error) {
	if !f.Type.Select() {
		return f.ParseValue(v.Value)
	}
	var words []string
	for _, n := range v.Choices {
		words = append(words, strconv.FormatInt(f.Choices[n], 10))
	}
	return f.ParseChoices(words)
}

// bulk gathers what the batch leaves behind. The ledger has one row for each
// way in which the contacts came to their permission.
func (t *adopting) bulk(shown string) Bulk {
	b := Bulk{New: t.contacts, Join: t.joins, NewFields: t.values, SMS: t.numbers, SMSEntries: t.smsEntries}
	type way struct {
		becomes Permission
		source  Source
	}
	var (
		ways    []way
		members = map[way][]id.Contact{}
		all     []id.Contact
	)
	for _, c := range t.contacts {
		w := way{c.Email.Permission, c.Email.OptInSource}
		if w.becomes == Unsubscribed {
			w.source = c.Email.OptOutSource
		}
		if members[w] == nil {
			ways = append(ways, w)
		}
		members[w] = append(members[w], c.ID)
		all = append(all, c.ID)
	}
	for _, w := range ways {
		b.Entries = append(b.Entries, Entry{Members: members[w], Becomes: w.becomes, Source: w.source, Shown: shown})
	}
	b.Changes = []change.Row{{Kind: change.ContactCreated, Members: plain(all), Detail: change.Detail{Why: string(WhyCopied)}}}
	for c, n := range t.counts {
		if c.Amount = n; n != 0 {
			b.Counts = append(b.Counts, c)
		}
	}
	slices.SortFunc(b.Counts, compareCounts)
	return b
}

// AdoptField returns the custom field here that stands for one of another
// server: that with its UID, else that with its label, else a new one that is
// like it. It fails with ErrFieldType and ErrFieldLimit.
func AdoptField(ctx context.Context, tx Tx, who account.Actor, there Field) (AdoptedField, error) {
	n, err := tx.LockFields(ctx, who.Account)
	if err != nil {
		return AdoptedField{}, err
	}
	others, err := tx.AllFields(ctx, who.Account)
	if err != nil {
		return AdoptedField{}, err
	}
	here := find(others, func(f Field) bool { return f.UID == there.UID })
	if here == nil {
		here = find(others, func(f Field) bool { return strings.EqualFold(f.Label, there.Label) })
	}
	if here != nil {
		if here.Type != there.Type {
			return AdoptedField{}, ErrFieldType
		}
		a := AdoptedField{Field: *here, Choices: map[int64]int64{}}
		for _, c := range there.Choices {
			a.Choices[c.ID] = here.choice(c.Label)
		}
		return a, nil
	}
	if n >= MaxCustomFields {
		return AdoptedField{}, ErrFieldLimit
	}
	f := there
	f.Name, f.Slot = fieldName(there.Label, others), 0
	if f.Version == 0 {
		f.Version = 1
	}
	if f.Type == TypeString {
		f.Slot = freeSlot(others)
	}
	if f.ID, err = tx.TakeFieldNumber(ctx, who.Account); err != nil {
		return AdoptedField{}, err
	}
	if err := tx.InsertField(ctx, who.Account, f); err != nil {
		return AdoptedField{}, err
	}
	a := AdoptedField{Field: f, Choices: map[int64]int64{}}
	for _, c := range f.Choices {
		a.Choices[c.ID] = c.ID
	}
	return a, tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.FieldCreated, Ref: int64(f.ID)})
}

// AdoptTag returns the tag here that stands for one of another server, as
// AdoptField does for fields. It fails with ErrTagLimit.
func AdoptTag(ctx context.Context, tx Tx, who account.Actor, there Tag) (Tag, error) {
	n, err := tx.LockTags(ctx, who.Account)
	if err != nil {
		return Tag{}, err
	}
	others, err := tx.AllTags(ctx, who.Account)
	if err != nil {
		return Tag{}, err
	}
	if here := find(others, func(t Tag) bool { return t.UID == there.UID }); here != nil {
		return *here, nil
	}
	if here := find(others, func(t Tag) bool { return strings.EqualFold(t.Name, there.Name) }); here != nil {
		return *here, nil
	}
	if n >= MaxAccountTags {
		return Tag{}, ErrTagLimit
	}
	t := there
	if t.ID, err = tx.TakeTagNumber(ctx, who.Account); err != nil {
		return Tag{}, err
	}
	if err := tx.InsertTag(ctx, who.Account, t); err != nil {
		return Tag{}, err
	}
	return t, tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.TagCreated, Ref: int64(t.ID)})
}
