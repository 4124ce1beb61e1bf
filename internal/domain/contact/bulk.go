package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/phone"
)

// Incoming is what one row of a file says of a contact: values that were
// checked and are trimmed. Those that are empty say nothing.
type Incoming struct {
	// Email says whom the row is about, or where it is empty the number for
	// short messages does, which is not empty then.
	Email       email.Address
	SMS         IncomingSMS
	FirstName   string
	LastName    string
	JobTitle    string
	CompanyName string
	Birthday    date.Birthday
	Anniversary date.Day
	// Phones and Addresses hold each kind once at most.
	Phones    []PhoneInput
	Addresses []AddressInput
	// Fields hold each field once at most.
	Fields []StoredValue
}

// Outcome is what became of a row.
type Outcome uint8

// The outcomes.
const (
	// Made is a contact that was not there before.
	Made Outcome = iota + 1
	// Merged is one that was, whether or not the row said anything new.
	Merged
	// WasDeleted is one that was deleted: a file does not bring it back.
	WasDeleted
	// FieldsFull is one with no room for the row's custom fields. Nothing of
	// the row was taken.
	FieldsFull
)

// Result tells what became of a row.
type Result struct {
	Outcome Outcome
	// NotAdded says that the contact was put on no list, because it has
	// unsubscribed.
	NotAdded bool
	// ListsFull says that there was no room for all of the lists.
	ListsFull bool
	// SMS says what became of the number for short messages.
	SMS SMSResult
	// LeftPhones are those for which there was no room.
	LeftPhones []PhoneInput
}

// Bulk is what a batch of many contacts changes. The store keeps it in one go.
type Bulk struct {
	New     []Contact
	Changed []Contact // their own rows, with phones and addresses
	Join    []Joining
	// NewFields are values that cannot be there yet, SetFields may be.
	NewFields, SetFields []BulkValue
	// SMS are numbers as they are to be; DropSMS are the contacts among theirs
	// who had one before.
	SMS        []BulkSMS
	DropSMS    []id.Contact
	SMSEntries []SMSEntry

	Entries []Entry
	Changes []change.Row
	Counts  []change.Count
}

// Joining is a contact that comes to a list on which it is not.
type Joining struct {
	List    id.List
	Contact id.Contact
}

// BulkValue is a custom field's value of one of many contacts.
type BulkValue struct {
	Contact id.Contact
	StoredValue
}

// BulkTx is what bulk work asks of the store beside Tx.
type BulkTx interface {
	maker
	// HoldContactsAt returns the contacts that have any of the addresses or any
	// of the numbers for short messages, in the order of theirs, also deleted ones, with phones, addresses and the numbers of their lists, and
	// with custom fields where those are included. Other units that would
	// change them wait until this one has ended.
	HoldContactsAt(ctx context.Context, account id.Account, addresses []email.Address, numbers []phone.Number, include Include) ([]Contact, error)
	// Erased is that of EraseTx.
	Erased(ctx context.Context, account id.Account, addresses []email.Address) (map[email.Address]time.Time, error)
	// WriteBulk keeps what was decided about a batch.
	WriteBulk(ctx context.Context, account id.Account, by change.Origin, b Bulk) error
}

// Merge brings the rows of a file in, one after the other, within the caller's
// unit of work (v3-guide 4.3 and 5.1, import). A contact that is not there is
// made, with the permission Implicit by the account, or where the address was
// erased as one who has unsubscribed. Of one that is, only what
// the row gives changes, and never its permission; who has unsubscribed is put
// on no list. Rows about one contact count in their order, so it makes no
// difference how a file is cut into batches.
//
// The lists are known to exist. number returns a number that no contact has or
// will have; a unit of work that runs again begins with the same ones. Results
// stand in the order of the rows.
func Merge(ctx context.Context, tx BulkTx, a id.Account, by change.Origin, lists []id.List, rows []Incoming, number func() id.Contact) ([]Result, error) {
	m := merging{now: tx.Now(), maker: tx, lists: lists, at: make(map[email.Address]*merged, len(rows))}
	if err := m.known(ctx, tx, a, rows); err != nil {
		return nil, err
	}
	results := make([]Result, len(rows))
	for i := range rows {
		results[i] = m.row(&rows[i], number)
	}
	b := m.bulk()
	if len(b.New)+len(b.Changed) == 0 {
		return results, nil
	}
	return results, tx.WriteBulk(ctx, a, by, b)
}

// merging is the state of one batch.
type merging struct {
	maker
	now     time.Time
	lists   []id.List
	at      map[email.Address]*merged
	bySMS   map[phone.Number]*merged // nil where no row has a number
	order   []*merged                // as the rows met them
	implied Consent                  // of a new contact
	erased  map[email.Address]time.Time
}

// merged is a contact that rows of the batch are about.
type merged struct {
	was    *Contact // nil where the contact is new
	is     Contact
	met    bool // a row about it was taken
	join   []id.List
	fields []StoredValue // set by rows of this batch
	// smsEntries are what they did to the number for short messages.
	smsEntries []SMSEntry
}

func (m *merging) known(ctx context.Context, tx BulkTx, a id.Account, rows []Incoming) error {
	addresses := make([]email.Address, 0, len(rows))
	include := IncludePhones | IncludeAddresses | IncludeLists
	for i := range rows {
		if rows[i].Email.IsZero() {
			// Who it is about is known by the number.
		} else if _, twice := m.at[rows[i].Email]; !twice {
			m.at[rows[i].Email] = nil
			addresses = append(addresses, rows[i].Email)
		}
		if len(rows[i].Fields) > 0 {
			include |= IncludeFields
		}
	}
	numbers := numbersOf(rows)
	if len(numbers) > 0 {
		m.bySMS = make(map[phone.Number]*merged, len(numbers))
		include |= IncludeSMS
	}
	found, err := tx.HoldContactsAt(ctx, a, addresses, numbers, include)
	if err != nil {
		return err
	}
	all := make([]merged, len(found))
	for i := range found {
		all[i] = merged{was: &found[i], is: found[i]}
		if !found[i].Email.Address.IsZero() {
			m.at[found[i].Email.Address] = &all[i]
		}
		if found[i].SMS != nil {
			m.bySMS[found[i].SMS.Number] = &all[i]
		}
	}
	if m.erased, err = tx.Erased(ctx, a, slices.DeleteFunc(addresses, func(e email.Address) bool { return m.at[e] != nil })); err != nil {
		return err
	}
	m.implied, err = Consent{}.After(Event{Kind: OwnerSets, To: Implicit, Source: SourceAccount}, m.now)
	return err
}

// row takes one row in.
func (m *merging) row(in *Incoming, number func() id.Contact) Result {
	c := m.about(in)
	if c == nil {
		c = &merged{is: m.newContact(in.Email, number())}
		if !in.Email.IsZero() {
			m.at[in.Email] = c
		}
	}
	r := Result{Outcome: Merged}
	switch {
	case c.is.Deleted():
		return Result{Outcome: WasDeleted}
	case !c.room(in.Fields):
		return Result{Outcome: FieldsFull}
	case c.was == nil && !c.met:
		r.Outcome = Made
	}
	if c.is.Email.Permission == Unsubscribed {
		r.NotAdded = len(m.lists) > 0
	} else if !c.met {
		r.ListsFull = c.joinLists(m.lists)
	}
	if !c.met {
		c.met = true
		m.order = append(m.order, c)
	}
	r.LeftPhones = m.values(&c.is, in)
	r.SMS = m.sms(c, in.SMS)
	c.set(in.Fields)
	return r
}

// about returns the contact that a row is about: who has the address, or of a
// row without one who has the number. It is nil for nobody.
func (m *merging) about(in *Incoming) *merged {
	if in.Email.IsZero() {
		return m.bySMS[in.SMS.Number]
	}
	return m.at[in.Email]
}

func (m *merging) newContact(address email.Address, number id.Contact) Contact {
	if address.IsZero() {
		return Contact{
			ID: number, UID: m.UID(), Email: Email{Consent: Consent{Permission: NotSet}},
			CreateSource: SourceAccount, UpdateSource: SourceAccount, CreatedAt: m.now, UpdatedAt: m.now,
		}
	}
	consent := m.implied
	if at, ok := m.erased[address]; ok {
		consent = erasedConsent(at)
	}
	return Contact{
		ID: number, UID: m.UID(), Email: Email{Address: address, Consent: consent, CreatedAt: m.now, UpdatedAt: m.now},
		CreateSource: SourceAccount, UpdateSource: SourceAccount, CreatedAt: m.now, UpdatedAt: m.now,
	}
}

// joinLists adds the lists that the contact is not on, as far as there is
// room, and says whether there was too little.
func (c *merged) joinLists(lists []id.List) (full bool) {
	if c.was == nil {
		c.join = lists[:min(len(lists), MaxLists)]
		return len(lists) > MaxLists
	}
	for _, l := range lists {
		if find(c.was.Lists, func(r id.Ref[id.List]) bool { return r.Number == l }) != nil {
			continue
		}
		if len(c.was.Lists)+len(c.join) == MaxLists {
			return true
		}
		c.join = append(c.join, l)
	}
	return false
}

// room reports whether the contact may have values for more fields.
func (c *merged) room(fields []StoredValue) bool {
	if len(fields) == 0 {
		return true
	}
	n := len(c.is.Fields)
	count := func(values []StoredValue, before []StoredValue) {
		for _, v := range values {
			if c.field(v.Field) == nil && find(before, func(f StoredValue) bool { return f.Field == v.Field }) == nil {
				n++
			}
		}
	}
	count(c.fields, nil)
	count(fields, c.fields)
	return n <= MaxFields
}

// field returns the value that the contact had before the batch, or nil.
func (c *merged) field(f id.Field) *FieldValue {
	return find(c.is.Fields, func(v FieldValue) bool { return v.Field.Number == f })
}

func (c *merged) set(fields []StoredValue) {
	if len(c.fields) == 0 {
		c.fields = fields
		return
	}
	all := slices.Clone(c.fields) // which may be the row's own
	for _, v := range fields {
		if twice := find(all, func(f StoredValue) bool { return f.Field == v.Field }); twice != nil {
			*twice = v
		} else {
			all = append(all, v)
		}
	}
	c.fields = all
}

// values brings the row's own values into the contact.
func (m *merging) values(c *Contact, in *Incoming) (left []PhoneInput) {
	over := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	over(&c.FirstName, in.FirstName)
	over(&c.LastName, in.LastName)
	over(&c.JobTitle, in.JobTitle)
	over(&c.CompanyName, in.CompanyName)
	if !in.Birthday.IsZero() {
		c.Birthday = in.Birthday
	}
	if !in.Anniversary.IsZero() {
		c.Anniversary = in.Anniversary
	}
	for _, p := range in.Phones {
		if !m.phone(c, p) {
			left = append(left, p)
		}
	}
	for _, a := range in.Addresses {
		m.address(c, a)
	}
	return left
}

// phone puts a phone in its kind's place; false when there is no room for it.
// The slice of a contact that was read is not written to: what was is compared
// with it later.
func (m *merging) phone(c *Contact, p PhoneInput) bool {
	i := slices.IndexFunc(c.Phones, func(q Phone) bool { return q.Kind == p.Kind })
	switch {
	case i >= 0 && c.Phones[i].Number == p.Number:
	case i >= 0:
		c.Phones = slices.Clone(c.Phones)
		is := &c.Phones[i]
		is.Number, is.UpdatedAt, is.UpdateSource = p.Number, m.now, SourceAccount
	case len(c.Phones) >= MaxPhones:
		return false
	default:
		c.Phones = append(slices.Clip(c.Phones), Phone{
			UID: m.UID(), Number: p.Number, Kind: p.Kind, CreatedAt: m.now, UpdatedAt: m.now,
			CreateSource: SourceAccount, UpdateSource: SourceAccount,
		})
	}
	return true
}

// address brings the parts that are given into the address of a kind.
func (m *merging) address(c *Contact, a AddressInput) {
	i := slices.IndexFunc(c.Addresses, func(b Address) bool { return b.Kind == a.Kind })
	next := Address{Kind: a.Kind, CreatedAt: m.now, UpdatedAt: m.now}
	if i >= 0 {
		next = c.Addresses[i]
		next.UpdatedAt = m.now
	}
	for _, part := range []struct {
		to *string
		v  string
	}{
		{&next.Street, a.Street},
		{&next.City, a.City},
		{&next.State, a.State},
		{&next.PostalCode, a.PostalCode},
		{&next.Country, a.Country},
	} {
		if part.v != "" {
			*part.to = part.v
		}
	}
	switch {
	case i < 0:
		next.UID = m.UID()
		c.Addresses = append(slices.Clip(c.Addresses), next)
	case !next.sameAs(c.Addresses[i]):
		c.Addresses = slices.Clone(c.Addresses)
		c.Addresses[i] = next
	}
}

// bulk gathers what the batch changes.
func (m *merging) bulk() (b Bulk) {
	var (
		made    = map[Permission][]id.Contact{}
		fields  = map[string][]int64{} // by the names of what changed
		joined  = map[string][]int64{} // by the lists
		onLists = map[string][]id.List{}
		counts  = map[change.Count]int64{} // by tally and ref
	)
	for _, c := range m.order {
		changed := c.newValues()
		if c.was == nil {
			b.New = append(b.New, c.is)
			p := c.is.Email.Permission
			made[p] = append(made[p], c.is.ID)
			counts[change.Count{Tally: change.Contacts, Ref: int64(p)}]++
		} else {
			names := differences(*c.was, c.is)
			if len(changed) > 0 {
				names = append(names, "custom_fields")
			}
			if len(names) == 0 && len(c.join) == 0 {
				continue
			}
			c.is.UpdatedAt, c.is.UpdateSource = m.now, SourceAccount
			b.Changed = append(b.Changed, c.is)
			if len(names) > 0 {
				key := strings.Join(names, " ")
				fields[key] = append(fields[key], int64(c.is.ID))
			}
			if len(c.join) > 0 {
				key := listKey(c.join)
				joined[key] = append(joined[key], int64(c.is.ID))
				onLists[key] = c.join
			}
		}
		for _, l := range c.join {
			b.Join = append(b.Join, Joining{List: l, Contact: c.is.ID})
			counts[change.Count{Tally: change.Members, Ref: int64(l)}]++
			counts[change.Count{Tally: change.ActiveMembers, Ref: int64(l)}] += one(c.is.Active())
		}
		for _, v := range changed {
			value := BulkValue{c.is.ID, v}
			if c.was == nil {
				b.NewFields = append(b.NewFields, value)
			} else {
				b.SetFields = append(b.SetFields, value)
			}
		}
	}
	for _, p := range []Permission{Implicit, NotSet, Unsubscribed} { // of an address, of a number alone, of an erased address
		if len(made[p]) == 0 {
			continue
		}
		e := Entry{Members: made[p], Becomes: p, Source: SourceAccount}
		lists := m.lists[:min(len(m.lists), MaxLists)]
		if p == Unsubscribed {
			e.Source, lists = SourceContact, nil
		}
		b.Entries = append(b.Entries, e)
		b.Changes = append(b.Changes, change.Row{
			Kind: change.ContactCreated, Members: plain(made[p]), Detail: change.Detail{Lists: lists, Why: string(WhyImport)},
		})
	}
	m.bulkSMS(&b)
	for _, key := range sortedKeys(fields) {
		b.Changes = append(b.Changes, change.Row{
			Kind: change.ContactUpdated, Members: fields[key], Detail: change.Detail{Fields: strings.Fields(key)},
		})
	}
	for _, key := range sortedKeys(joined) {
		b.Changes = append(b.Changes, change.Row{
			Kind: change.MembershipAdded, Members: joined[key], Detail: change.Detail{Lists: onLists[key], Why: string(WhyImport)},
		})
	}
	for c, n := range counts {
		if c.Amount = n; n != 0 {
			b.Counts = append(b.Counts, c)
		}
	}
	slices.SortFunc(b.Counts, compareCounts)
	return b
}

func compareCounts(a, b change.Count) int {
	return cmp.Or(cmp.Compare(a.Tally, b.Tally), cmp.Compare(a.Ref, b.Ref))
}

// newValues returns those of the contact's values that it did not have.
func (c *merged) newValues() []StoredValue {
	if c.was == nil {
		return c.fields
	}
	var out []StoredValue
	for _, v := range c.fields {
		was := c.field(v.Field)
		if was == nil || !was.same(v.Value(Field{ID: was.Field.Number, UID: was.Field.UID, Type: was.Type})) {
			out = append(out, v)
		}
	}
	return out
}

func listKey(lists []id.List) string {
	b := make([]byte, 0, 8*len(lists))
	for _, l := range lists {
		b = append(b, byte(l>>56), byte(l>>48), byte(l>>40), byte(l>>32), byte(l>>24), byte(l>>16), byte(l>>8), byte(l))
	}
	return string(b)
}

func plain(in []id.Contact) []int64 {
	out := make([]int64, len(in))
	for i, n := range in {
		out[i] = int64(n)
	}
	return out
}

// sortedKeys makes what is told last in one order everywhere.
func sortedKeys(m map[string][]int64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
