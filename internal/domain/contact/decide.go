package contact

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// decision is what becomes of a contact: a Write, and the contact as it is
// afterwards with all its sub-resources.
type decision struct {
	write Write
	is    Contact
}

// maker gives what new rows need: the time of the unit of work, and names.
type maker interface {
	Now() time.Time
	UID() id.UID
}

// decideNew makes a contact of a draft.
func decideNew(m maker, number id.Contact, d draft, r resolved) (decision, error) {
	now := m.Now()
	c := Contact{
		ID: number, UID: m.UID(), Included: IncludeAll,
		CreateSource: d.source, UpdateSource: d.source, CreatedAt: now, UpdatedAt: now,
	}
	if d.email == nil {
		c.Email.Permission = NotSet
	}
	w := Write{New: true}
	if d.email != nil && !d.email.erased.IsZero() {
		w.Erased = true
		c.Email = Email{Address: d.email.address, Consent: erasedConsent(d.email.erased), CreatedAt: now, UpdatedAt: now}
	}
	entry, err := c.apply(m, d, r, &w)
	if err != nil {
		return decision{}, err
	}
	if w.Erased {
		entry.Was = NoPermission
	}
	if entry.Was != entry.Becomes {
		w.Entries = append(w.Entries, entry)
	}
	w.Contact = c
	w.Changes = append(w.Changes, change.Row{
		Kind: change.ContactCreated, Ref: int64(c.ID), Detail: change.Detail{Lists: w.Join, Tags: w.Tag},
	})
	w.Counts = moves(standing{}, c.standing())
	return decision{w, c}, nil
}

// decideSeen is decideUpdate by a version that does not see all of a contact.
func decideSeen(m maker, was Contact, d draft, r resolved) (decision, error) {
	d, r = d.view.beyond(was, d, r)
	return decideUpdate(m, was, d, r)
}

// decideUpdate changes a contact as a draft says, and brings it back where it
// was deleted. The write is zero where nothing would change.
func decideUpdate(m maker, was Contact, d draft, r resolved) (decision, error) {
	if was.Deleted() {
		if err := mayRestore(d, r); err != nil {
			return decision{}, err
		}
	}
	return decideChange(m, was, d, r)
}

// decideChange changes a contact as a draft says. One that was deleted comes
// back.
func decideChange(m maker, was Contact, d draft, r resolved) (decision, error) {
	c := was
	w := Write{}
	restored := was.Deleted()
	if restored {
		c.DeletedAt = time.Time{}
		if c.Email.Permission != Unsubscribed && !c.Email.OptedOut() {
			c.Email.clearOptOut()
		}
	}
	entry, err := c.apply(m, d.returning(restored), r, &w)
	if err != nil {
		return decision{}, err
	}
	c.UpdateSource = d.source
	fields := differences(was, c)
	if !restored && len(fields) == 0 && was.UpdateSource == c.UpdateSource && w.empty() {
		return decision{is: was}, nil
	}
	c.UpdatedAt = m.Now()
	w.Contact = c
	if entry.Was != entry.Becomes {
		w.Entries = append(w.Entries, entry)
	}
	w.Changes = append(w.Changes, updateRows(c.ID, restored, fields, w)...)
	w.Counts = moves(was.standing(), c.standing())
	return decision{w, c}, nil
}

// decideDelete takes a contact off every list and out of sight (v3 contract,
// DELETE /contacts/{contact_id}). Its address stays, and with it what they
// agreed to; an opt-out by the account is told until it is restored.
func decideDelete(m maker, was Contact) decision {
	c, now := was, m.Now()
	c.DeletedAt, c.UpdatedAt, c.UpdateSource = now, now, SourceAccount
	if c.Email.OptOutSource == NoSource && !c.Email.Address.IsZero() {
		c.Email.OptOutSource, c.Email.OptOutAt = SourceAccount, now
	}
	c.Lists = nil
	left := numbers(was.Lists)
	return decision{Write{
		Contact: c, Leave: left,
		Changes: []change.Row{{Kind: change.ContactDeleted, Ref: int64(c.ID), Detail: change.Detail{Lists: left}}},
		Counts:  moves(was.standing(), c.standing()),
	}, c}
}

// mayRestore holds a write to a deleted contact to what brings it back
// (v3-guide 4.3).
func mayRestore(d draft, r resolved) error {
	var p fault.Problems
	if d.source != SourceAccount {
		p.Add("update_source", codeDeleted, "must be Account, because the contact was deleted and would come back")
	}
	if lists, _ := r.lists.Value(); len(lists) == 0 {
		p.Add("list_memberships", codeDeleted, "must name a list, because the contact was deleted and would come back")
	}
	return p.Err()
}

// apply brings the draft's values into the contact and what that means for the
// rows beside it into the write. It returns the step of permission, whose two
// ends are equal where there was none.
func (c *Contact) apply(m maker, d draft, r resolved, w *Write) (Entry, error) {
	now := m.Now()
	c.FirstName = d.firstName.Or(c.FirstName)
	c.LastName = d.lastName.Or(c.LastName)
	c.JobTitle = d.jobTitle.Or(c.JobTitle)
	c.CompanyName = d.companyName.Or(c.CompanyName)
	c.Birthday = d.birthday.Or(c.Birthday)
	c.Anniversary = d.anniversary.Or(c.Anniversary)
	if d.phones.Given() {
		c.Phones = c.nextPhones(m, d)
	}
	if d.addresses.Given() {
		c.Addresses = c.nextAddresses(m, d)
	}
	if r.lists.Given() {
		lists := r.lists.Or(nil)
		w.Join, w.Leave = steps(c.Lists, lists)
		c.Lists = lists
	}
	if r.tags.Given() {
		tags := r.tags.Or(nil)
		w.Tag, w.Untag = steps(c.Tags, tags)
		c.Tags = tags
	}
	if r.fields.Given() {
		c.applyFields(r.fields.Or(nil), w)
	}
	if d.notes.Given() {
		c.applyNotes(m, d.notes.Or(nil), w)
	}
	if aside := d.aside.Or(c.Aside); aside != c.Aside {
		c.Aside, w.Aside = aside, &aside
	}
	sms := c.applySMS(m, d, w)
	entry, err := c.applyEmail(d, now)
	return entry, refusals(err, sms)
}

func (c *Contact) applyEmail(d draft, now time.Time) (Entry, error) {
	e, was := d.email, c.Email.Permission
	entry := Entry{Contact: c.ID, Was: was, Becomes: was, Source: d.source}
	if e == nil {
		return entry, nil
	}
	if e.event != 0 {
		return c.happens(e, d.source, now)
	}
	to := e.permission
	if e.address.IsZero() {
		if c.Email.Address.IsZero() {
			var p fault.Problems
			p.Add("email_address.address", codeRequired, "is missing; the contact has none to keep")
			return entry, p.Err()
		}
	} else if e.address != c.Email.Address {
		if c.Email.OptedOut() {
			return entry, refusal("email_address.address",
				"cannot change: the contact has unsubscribed, and the address is kept so that this is honoured")
		}
		if c.Email.Address.IsZero() && to == NoPermission {
			to = Implicit
		}
		c.Email.Address, c.Email.CreatedAt, c.Email.UpdatedAt = e.address, now, now
	}
	if to == NoPermission {
		return entry, nil
	}
	next, err := c.Email.After(Event{Kind: OwnerSets, To: to, Source: d.source, Reason: e.reason, Confirmed: e.confirmed}, now)
	const path = "email_address.permission_to_send"
	switch {
	case errors.Is(err, ErrUnsubscribed):
		return entry, refusal(path, "cannot be set: the contact has unsubscribed, and only the contact can subscribe again")
	case err != nil:
		var p fault.Problems
		p.Add(path, codeNotSettable, "cannot be set to "+to.String())
		return entry, p.Err()
	}
	if next != c.Email.Consent {
		c.Email.Consent, c.Email.UpdatedAt = next, now
	}
	entry.Becomes = next.Permission
	if next.Permission == Unsubscribed {
		entry.Source, entry.Shown = next.OptOutSource, next.OptOutReason
	}
	return entry, nil
}

// happens is a step of consent that is not the owner's to set.
func (c *Contact) happens(e *emailDraft, by Source, now time.Time) (Entry, error) {
	entry := Entry{Contact: c.ID, Was: c.Email.Permission, Source: by, Shown: e.shown}
	if c.Email.Address.IsZero() {
		c.Email.Address, c.Email.CreatedAt, c.Email.UpdatedAt = e.address, now, now
	}
	next, err := c.Email.After(Event{Kind: e.event, Source: by, Confirmed: e.confirmed, Away: e.away}, now)
	if err != nil {
		return entry, err
	}
	if next != c.Email.Consent {
		c.Email.Consent, c.Email.UpdatedAt = next, now
	}
	entry.Becomes = next.Permission
	return entry, nil
}

// refusal is ErrUnsubscribed with where it was met.
func refusal(path, message string) error {
	return ErrUnsubscribed.With(fault.Problem{Path: path, Code: codeSubscribed, Message: message})
}

// refusals are two errors of one write, told together where both refuse it.
func refusals(one, other error) error {
	if one == nil || other == nil {
		return cmp.Or(one, other)
	}
	a, b := fault.Of(one), fault.Of(other)
	if a.Kind != fault.Invalid || b.Kind != fault.Invalid {
		return errors.Join(one, other)
	}
	return a.With(b.Problems...)
}

// nextPhones replaces the phones. A kind that was there before keeps its UID.
func (c *Contact) nextPhones(m maker, d draft) []Phone {
	in := d.phones.Or(nil)
	out := make([]Phone, 0, len(in))
	for _, p := range in {
		next := Phone{
			Number: p.Number, Kind: p.Kind, CreatedAt: m.Now(), UpdatedAt: m.Now(),
			CreateSource: d.source, UpdateSource: d.source,
		}
		switch was := find(c.Phones, func(q Phone) bool { return q.Kind == p.Kind }); {
		case was == nil:
			next.UID = m.UID()
		case was.Number == p.Number:
			next = *was
		default:
			next.UID, next.CreatedAt, next.CreateSource = was.UID, was.CreatedAt, was.CreateSource
		}
		out = append(out, next)
	}
	return out
}

// nextAddresses replaces the addresses. A kind that was there before keeps its
// UID.
func (c *Contact) nextAddresses(m maker, d draft) []Address {
	in := d.addresses.Or(nil)
	out := make([]Address, 0, len(in))
	for _, a := range in {
		next := Address{
			Kind: a.Kind, Street: a.Street, City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country,
			CreatedAt: m.Now(), UpdatedAt: m.Now(),
		}
		if was := find(c.Addresses, func(b Address) bool { return b.Kind == a.Kind }); was == nil {
			next.UID = m.UID()
		} else {
			next.UID, next.CreatedAt = was.UID, was.CreatedAt
			if same := *was; same.sameAs(next) {
				next = same
			}
		}
		out = append(out, next)
	}
	return out
}

// sameAs compares what the caller writes.
func (a Address) sameAs(b Address) bool {
	a.UpdatedAt = b.UpdatedAt
	return a == b
}

func (c *Contact) applyFields(want []resolvedField, w *Write) {
	var next []FieldValue
	for _, f := range want {
		if f.text == "" {
			continue
		}
		v := StoredValue{Field: f.field.ID, Text: f.text}
		value := v.Value(f.field)
		next = append(next, value)
		if was := find(c.Fields, func(o FieldValue) bool { return o.Field == value.Field }); was == nil || !was.same(value) {
			w.SetFields = append(w.SetFields, v)
		}
	}
	for _, was := range c.Fields {
		if find(next, func(v FieldValue) bool { return v.Field == was.Field }) == nil {
			w.ClearFields = append(w.ClearFields, was.Field.Number)
		}
	}
	c.Fields = next
}

func (v FieldValue) same(o FieldValue) bool {
	return v.Field == o.Field && v.Value == o.Value && slices.Equal(v.Choices, o.Choices)
}

func (c *Contact) applyNotes(m maker, in []NoteInput, w *Write) {
	next := make([]Note, 0, len(in))
	for _, n := range in {
		note := Note(n)
		was := find(c.Notes, func(o Note) bool { return !n.UID.IsZero() && o.UID == n.UID })
		if was != nil {
			note.CreatedAt = was.CreatedAt
		} else {
			note.UID = m.UID()
			if note.CreatedAt.IsZero() || note.CreatedAt.After(m.Now()) {
				note.CreatedAt = m.Now()
			}
		}
		if was == nil || *was != note {
			w.PutNotes = append(w.PutNotes, note)
		}
		next = append(next, note)
	}
	for _, was := range c.Notes {
		if find(next, func(n Note) bool { return n.UID == was.UID }) == nil {
			w.DropNotes = append(w.DropNotes, was.UID)
		}
	}
	sortNotes(next)
	c.Notes = next
}

// sortNotes puts the newest first (v3 contract, ContactResource.notes).
func sortNotes(notes []Note) {
	slices.SortStableFunc(notes, func(a, b Note) int { return b.CreatedAt.Compare(a.CreatedAt) })
}

// steps tells what is in the second set only and what is in the first only.
// Both are in the order of their numbers.
func steps[N ~int64](from, to []id.Ref[N]) (added, removed []N) {
	for _, r := range to {
		if find(from, func(o id.Ref[N]) bool { return o.Number == r.Number }) == nil {
			added = append(added, r.Number)
		}
	}
	for _, r := range from {
		if find(to, func(o id.Ref[N]) bool { return o.Number == r.Number }) == nil {
			removed = append(removed, r.Number)
		}
	}
	return added, removed
}

func numbers[N ~int64](refs []id.Ref[N]) []N {
	if len(refs) == 0 {
		return nil
	}
	out := make([]N, len(refs))
	for i, r := range refs {
		out[i] = r.Number
	}
	return out
}

// empty reports whether no row beside the contact's own changes.
func (w Write) empty() bool {
	return len(w.Join)+len(w.Leave)+len(w.Tag)+len(w.Untag)+len(w.SetFields)+len(w.ClearFields)+
		len(w.PutNotes)+len(w.DropNotes) == 0 && w.SMS == nil && w.Aside == nil
}

// differences names the contact's own fields that differ, as the v3 contract
// calls them.
func differences(a, b Contact) (fields []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{"email_address", a.Email.Address == b.Email.Address},
		{"permission_to_send", a.Email.Permission == b.Email.Permission},
		{"opt_out_reason", a.Email.OptOutReason == b.Email.OptOutReason},
		{"first_name", a.FirstName == b.FirstName},
		{"last_name", a.LastName == b.LastName},
		{"job_title", a.JobTitle == b.JobTitle},
		{"company_name", a.CompanyName == b.CompanyName},
		{"birthday", a.Birthday == b.Birthday},
		{"anniversary", a.Anniversary == b.Anniversary},
		{"phone_numbers", slices.Equal(a.Phones, b.Phones)},
		{"street_addresses", slices.Equal(a.Addresses, b.Addresses)},
		{"sms_channel", sameSMS(a.SMS, b.SMS)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// updateRows tells an update: what came back, which fields changed, which
// lists and tags came and went.
func updateRows(number id.Contact, restored bool, fields []string, w Write) (rows []change.Row) {
	if len(w.SetFields)+len(w.ClearFields) > 0 {
		fields = append(fields, "custom_fields")
	}
	if len(w.PutNotes)+len(w.DropNotes) > 0 {
		fields = append(fields, "notes")
	}
	tell := func(kind change.Kind, d change.Detail) {
		rows = append(rows, change.Row{Kind: kind, Ref: int64(number), Detail: d})
	}
	if restored {
		tell(change.ContactRestored, change.Detail{Lists: w.Join})
	}
	if len(fields) > 0 || w.empty() && !restored {
		tell(change.ContactUpdated, change.Detail{Fields: fields})
	}
	if len(w.Join) > 0 && !restored {
		tell(change.MembershipAdded, change.Detail{Lists: w.Join})
	}
	if len(w.Leave) > 0 {
		tell(change.MembershipRemoved, change.Detail{Lists: w.Leave})
	}
	if len(w.Tag) > 0 {
		tell(change.TaggingAdded, change.Detail{Tags: w.Tag})
	}
	if len(w.Untag) > 0 {
		tell(change.TaggingRemoved, change.Detail{Tags: w.Untag})
	}
	return rows
}
