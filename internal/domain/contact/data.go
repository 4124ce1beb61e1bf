package contact

import (
	"context"
	"slices"
	"strings"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/page"
)

// Data is everything that an account keeps about a contact, for the contact to
// read. Who of the account's people did what is not theirs to know.
type Data struct {
	Contact Contact
	Lists   []string
	Tags    []string
	Fields  []DataField
	// Seen are the network addresses from which they acted themselves.
	Seen []SeenAt
	// Mails are those to the contact that are kept, the newest first.
	Mails []DataMail
	// History is what happened, the newest first, SMS the same of their
	// number for short messages.
	History []HistoryEntry
	SMS     []SMSEntry
}

// DataField is a custom field and what it holds, in words.
type DataField struct{ Label, Value string }

// SeenAt is a network address that the consent ledger holds.
type SeenAt struct {
	At      time.Time
	Address string
}

// DataMail is a mail to the contact.
type DataMail struct {
	At time.Time
	// Kind is what it is for, State what became of it, as package message has
	// them; To is the address.
	Kind, State, To string
}

const (
	// dataPage is how much history is read at a time.
	dataPage = 500
	// maxData bounds the history that is told, in entries; nobody's is as
	// long.
	maxData = 20_000
)

// DataTx is what telling everything asks of the store.
type DataTx interface {
	// SeenAt returns the network addresses from which a contact acted, the
	// newest first.
	SeenAt(ctx context.Context, account id.Account, contact id.Contact) ([]SeenAt, error)
	// MailsTo returns the mails to a contact that are kept, the newest first.
	MailsTo(ctx context.Context, account id.Account, contact id.Contact) ([]DataMail, error)
}

// MyData returns everything that is kept about the contact of a link. It
// changes nothing.
func (s *Service) MyData(ctx context.Context, l Link) (d Data, err error) {
	if err := l.may(ToPreferences); err != nil {
		return d, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		d = Data{}
		if d.Contact, err = tx.ContactByRef(ctx, l.Account, l.contact(), IncludeAll); err != nil {
			return err
		}
		if err := d.name(ctx, tx, l.Account); err != nil {
			return err
		}
		if d.Seen, err = tx.SeenAt(ctx, l.Account, l.Contact); err != nil {
			return err
		}
		if d.Mails, err = tx.MailsTo(ctx, l.Account, l.Contact); err != nil {
			return err
		}
		if d.SMS, err = tx.SMSHistory(ctx, l.Account, l.Contact, maxData); err != nil {
			return err
		}
		for r := (page.Request{Limit: dataPage}); len(d.History) < maxData; {
			of, err := tx.ContactHistory(ctx, l.Account, l.Contact, r)
			if err != nil {
				return err
			}
			d.History = append(d.History, of.Items...)
			if of.Next.IsZero() {
				break
			}
			r.After = of.Next
		}
		return nil
	})
	return d, err
}

// name tells what the contact's lists, tags and fields are called.
func (d *Data) name(ctx context.Context, tx Tx, a id.Account) error {
	offered, err := tx.OfferedLists(ctx, a, d.Contact.ID)
	if err != nil {
		return err
	}
	for _, l := range offered {
		if l.On {
			d.Lists = append(d.Lists, l.Name)
		}
	}
	tags, err := tx.AllTags(ctx, a)
	if err != nil {
		return err
	}
	for _, t := range tags {
		if find(d.Contact.Tags, func(r id.Ref[id.Tag]) bool { return r.Number == t.ID }) != nil {
			d.Tags = append(d.Tags, t.Name)
		}
	}
	fields, err := tx.AllFields(ctx, a)
	if err != nil {
		return err
	}
	for _, v := range d.Contact.Fields {
		f := find(fields, func(f Field) bool { return f.ID == v.Field.Number })
		if f == nil {
			continue
		}
		value := v.Value
		if v.Type.Select() {
			var labels []string
			for _, c := range f.Choices {
				if slices.Contains(v.Choices, c.ID) {
					labels = append(labels, c.Label)
				}
			}
			value = strings.Join(labels, ", ")
		}
		d.Fields = append(d.Fields, DataField{f.Label, value})
	}
	return nil
}
