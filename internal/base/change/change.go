// Package change holds what a unit of work leaves behind besides the data it
// changes: rows that tell what happened, for history, the change feed and
// webhooks, and amounts by which kept counts move. Who reads them is the
// business of others.
package change

import "kith/internal/base/id"

// Kind says what happened. Its text is stored and shown: never rename one.
type Kind string

// The kinds. A contact that is created tells in its row which lists it was
// created on; rows of membership tell what came later.
const (
	ContactCreated  Kind = "contact.created"
	ContactUpdated  Kind = "contact.updated"
	ContactDeleted  Kind = "contact.deleted"
	ContactRestored Kind = "contact.restored"
	// ContactAsked is a contact whom a mail asked, or did not ask, and of whom
	// nothing else changed.
	ContactAsked Kind = "contact.asked"
	// ContactBounced is a mail to the contact that did not arrive,
	// ContactSuppressed and ContactReleased that their address is not mailed
	// from then on, and is again.
	ContactBounced    Kind = "contact.bounced"
	ContactSuppressed Kind = "contact.suppressed"
	ContactReleased   Kind = "contact.released"
	// ContactErased is a contact of whom nothing is kept any more; the row
	// names nobody.
	ContactErased     Kind = "contact.erased"
	MembershipAdded   Kind = "membership.added"
	MembershipRemoved Kind = "membership.removed"
	TaggingAdded      Kind = "tagging.added"
	TaggingRemoved    Kind = "tagging.removed"
	ListCreated       Kind = "list.created"
	ListUpdated       Kind = "list.updated"
	ListDeleted       Kind = "list.deleted"
	TagCreated        Kind = "tag.created"
	TagUpdated        Kind = "tag.updated"
	TagDeleted        Kind = "tag.deleted"
	FieldCreated      Kind = "field.created"
	FieldUpdated      Kind = "field.updated"
	FieldDeleted      Kind = "field.deleted"
	SegmentCreated    Kind = "segment.created"
	SegmentUpdated    Kind = "segment.updated"
	SegmentDeleted    Kind = "segment.deleted"
	FormCreated       Kind = "form.created"
	FormUpdated       Kind = "form.updated"
	FormDeleted       Kind = "form.deleted"
)

// Origin says who did it, and by which way.
type Origin struct {
	// Via is the way in: api, key, web, command or system.
	Via string
	// Operation is what was called, such as "PUT /v3/contacts/{contact_id}".
	Operation string
	User      id.User
	// Application is the client id; empty where there was none.
	Application string
	// Activity is the bulk work it was a part of, or 0.
	Activity id.Activity
	// Address is the network address of the caller; only the consent ledger
	// keeps it.
	Address string
}

// Row is one thing that happened to one thing, or to each of a batch.
type Row struct {
	Kind Kind
	// Ref is the number of the thing; 0 for a batch.
	Ref int64
	// Members are the numbers of a batch's things, in any order; they are
	// stored packed.
	Members []int64
	Detail  Detail
}

// Detail says more, without any value that is somebody's data: numbers and
// names of fields only.
type Detail struct {
	// Lists are those that a contact joined or left.
	Lists []id.List
	// Tags are those that were put on a contact or taken off it.
	Tags []id.Tag
	// Fields are the names of what was given another value.
	Fields []string
	// Mail is the kind of the mail that the contact got for it, or empty; Why
	// says why that one, or why none: codes of package contact. Both are empty
	// where no mail was in question.
	Mail, Why string
}

// IsZero reports whether there is nothing to tell.
func (d Detail) IsZero() bool {
	return len(d.Lists) == 0 && len(d.Tags) == 0 && len(d.Fields) == 0 && d.Mail == "" && d.Why == ""
}

// Tally is something that is counted per account, and within it per ref. Its
// values are stored: never give one another meaning.
type Tally int64

// The tallies.
const (
	// Contacts counts contacts that are not deleted; ref is the stored value
	// of their permission.
	Contacts Tally = 1
	// Members counts the members of the list ref.
	Members Tally = 2
	// ActiveMembers counts the members of the list ref that may be mailed.
	ActiveMembers Tally = 3
	// Deleted counts contacts that are deleted; ref is 0.
	Deleted Tally = 4
	// Tagged counts contacts that wear the tag ref, also deleted ones: they
	// keep their tags, and bring them along when they come back.
	Tagged Tally = 5
	// FormSignUps counts what came of the form ref.
	FormSignUps Tally = 6
)

// Count moves a tally by an amount, which may be negative.
type Count struct {
	Tally  Tally
	Ref    int64
	Amount int64
}
