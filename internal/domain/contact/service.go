package contact

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
)

// Service is what can be done with contacts. It is safe for concurrent use.
type Service struct {
	store   Store
	post    Post
	reached Reached
}

// Reached hears, in the unit of work, that a contact answered a mail to an
// address: it works, whatever was thought of it.
type Reached func(ctx context.Context, tx Tx, account id.Account, contact id.Contact, address email.Address, by change.Origin) error

// Options are what the service is given beside its store.
type Options struct {
	// Post takes the letters that contacts get. Without one none is written;
	// what is decided is kept and told all the same.
	Post Post
	// Reached hears of answers; nil hears nothing.
	Reached Reached
}

// New returns the service over a store.
func New(s Store, o Options) *Service {
	if o.Reached == nil {
		o.Reached = func(context.Context, Tx, id.Account, id.Contact, email.Address, change.Origin) error { return nil }
	}
	return &Service{store: s, post: o.Post, reached: o.Reached}
}

// Create makes a contact (v3 contract, POST /contacts), with every
// sub-resource in what it returns. Problems that the edge has found are added
// to; all are told at once. It fails with ErrAddressTaken and
// ErrSMSTaken, also where a deleted contact has the address or the number.
func (s *Service) Create(ctx context.Context, who account.Actor, ch Change, found fault.Problems) (Contact, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Contact{}, err
	}
	d, found := check(ch, "create_source", s.store.Now(), found)
	found = someName(ch, found)
	if len(found) > 0 {
		return Contact{}, s.refuse(ctx, who.Account, d, found)
	}
	number, err := s.store.ContactNumber(ctx, who.Account)
	if err != nil {
		return Contact{}, err
	}
	var made Contact
	err = s.whetherErased(ctx, who.Account, d, func(ctx context.Context, tx Tx, d draft) (err error) {
		made, err = s.insert(ctx, tx, who, number, d)
		return err
	})
	if err != nil {
		return Contact{}, err
	}
	return made, nil
}

// Insert makes a contact within a unit of work of the caller's, who has
// checked privilege and has taken the number before. No letter is written.
func Insert(ctx context.Context, tx Tx, who account.Actor, number id.Contact, ch Change) (Contact, error) {
	d, found := check(ch, "create_source", tx.Now(), nil)
	if err := found.Err(); err != nil {
		return Contact{}, err
	}
	return (&Service{}).insert(ctx, tx, who, number, d)
}

func (s *Service) insert(ctx context.Context, tx Tx, who account.Actor, number id.Contact, d draft) (Contact, error) {
	r, found, err := resolve(ctx, tx, who.Account, d, nil)
	if err := errors.Join(err, found.Err()); err != nil {
		return Contact{}, err
	}
	if err := smsFree(ctx, tx, who.Account, d.sms, number); err != nil { // an address is asked for by being written
		return Contact{}, err
	}
	c := coming{way: wayWrite, source: d.source, lists: numbers(r.lists.Or(nil))}
	if c.ownAct() && d.email != nil {
		if c.optIn, err = tx.OptIn(ctx, who.Account, c.lists); err != nil {
			return Contact{}, err
		}
		d = d.confirmed(c.optIn.Asks(c.lists))
	}
	made, err := decideNew(tx, number, d, r)
	if err != nil {
		return Contact{}, err
	}
	c.is = made.is
	err = s.keep(ctx, tx, who, c, made.write, Visit{})
	if isTaken(err) {
		err = cmp.Or(free(ctx, tx, who.Account, d, number), err)
	}
	return made.is, err
}

// Update changes a contact (v3 contract, PUT /contacts/{contact_id}; what that
// version empties or keeps is said by the Change) and returns it with every
// sub-resource. A deleted contact comes back, where the account asks for it
// and names a list. It fails with ErrAddressTaken, and with ErrUnsubscribed
// where it would mail somebody again who opted out themselves. A change that
// changes nothing leaves nothing behind.
func (s *Service) Update(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], ch Change, found fault.Problems) (Contact, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Contact{}, err
	}
	d, found := check(ch, "update_source", s.store.Now(), found)
	if len(found) > 0 {
		return Contact{}, s.refuse(ctx, who.Account, d, found)
	}
	var is Contact
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.HoldContact(ctx, who.Account, ref)
		if err != nil {
			return err
		}
		ask := d
		if d.email != nil && (d.email.address.IsZero() || d.email.address == was.Email.Address) {
			ask.email = nil
		}
		if err := free(ctx, tx, who.Account, ask, was.ID); err != nil {
			return err
		}
		if ask.email != nil {
			if err := notErased(ctx, tx, who.Account, ask.email.address); err != nil {
				return err
			}
		}
		r, found, err := resolve(ctx, tx, who.Account, d, nil)
		if err != nil {
			return err
		}
		if d.aside.Given() {
			if was.Aside, err = tx.ContactAside(ctx, who.Account, was.ID); err != nil {
				return err
			}
		}
		next, err := decideSeen(tx, was, d, r)
		if err := together(found, err); err != nil {
			return err
		}
		is = next.is
		if next.write.Contact.ID == 0 {
			return nil
		}
		c := coming{way: wayWrite, source: d.source, was: was, is: next.is, lists: numbers(r.lists.Or(nil))}
		return s.keep(ctx, tx, who, c, next.write, Visit{})
	})
	if isTaken(err) {
		// Another unit of work took the address or the number between the
		// question and the write; it has ended by now.
		err = cmp.Or(s.store.View(ctx, func(ctx context.Context, tx Tx) error {
			was, err := tx.ContactByRef(ctx, who.Account, ref, IncludeNothing)
			return cmp.Or(err, free(ctx, tx, who.Account, d, was.ID))
		}), err)
	}
	if err != nil {
		return Contact{}, err
	}
	return is, nil
}

// Delete deletes a contact (v3 contract, DELETE /contacts/{contact_id}). One
// that is deleted already is not found.
func (s *Service) Delete(ctx context.Context, who account.Actor, ref id.Ref[id.Contact]) error {
	if err := who.May(account.ContactsWrite); err != nil {
		return err
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.HoldContact(ctx, who.Account, ref)
		if err != nil {
			return err
		}
		if was.Deleted() {
			return fault.ErrNotFound
		}
		return tx.WriteContact(ctx, who.Account, who.Origin(), decideDelete(tx, was).write)
	})
}

// Get returns a contact, also a deleted one, which only its id can find.
func (s *Service) Get(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], include Include) (Contact, error) {
	if err := who.May(account.ContactsRead); err != nil {
		return Contact{}, err
	}
	var c Contact
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		c, err = tx.ContactByRef(ctx, who.Account, ref, include)
		return err
	})
	return c, err
}

// List returns a page of contacts (v3 contract, GET /contacts).
func (s *Service) List(ctx context.Context, who account.Actor, f Filter, include Include, r page.Request) (page.Of[Contact], error) {
	if err := who.May(account.ContactsRead); err != nil {
		return page.Of[Contact]{}, err
	}
	if err := f.check(); err != nil {
		return page.Of[Contact]{}, err
	}
	var of page.Of[Contact]
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		of, err = tx.ContactPage(ctx, who.Account, f, include, r)
		return err
	})
	return of, err
}

// someName holds a new contact to having something to be known by (v3
// contract, POST /contacts).
func someName(ch Change, found fault.Problems) fault.Problems {
	blank := func(v opt.Value[string]) bool { return strings.TrimSpace(v.Or("")) == "" }
	_, email := ch.Email.Value()
	_, sms := ch.SMS.Value()
	if !email && !sms && blank(ch.FirstName) && blank(ch.LastName) && !found.Has("email_address") && !found.Has("sms_channel") {
		found.Add("", codeRequired, "one of email_address, first_name, last_name and sms_channel is required")
	}
	return found
}

// refuse adds the problems of references to those of form, so that a caller
// hears of all of them at once.
func (s *Service) refuse(ctx context.Context, a id.Account, d draft, found fault.Problems) error {
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		_, all, err := resolve(ctx, tx, a, d, found)
		found = all
		return err
	})
	return errors.Join(err, found.Err())
}

// together joins problems with what a decision failed with, whose code counts.
func together(found fault.Problems, err error) error {
	if err == nil {
		return found.Err()
	}
	if f := fault.Of(err); len(found) > 0 && f.Kind == fault.Invalid {
		return f.With(found...)
	}
	return err
}

// isTaken reports whether a write failed because somebody else has the address
// or the number, and does not say who.
func isTaken(err error) bool {
	return (errors.Is(err, ErrAddressTaken) || errors.Is(err, ErrSMSTaken)) && fault.Of(err).Detail == nil
}

// free fails with ErrAddressTaken or ErrSMSTaken, naming who has the address or
// the number of a draft, where that is somebody else than the contact.
func free(ctx context.Context, tx Tx, a id.Account, d draft, own id.Contact) error {
	if d.email != nil && !d.email.address.IsZero() {
		holder, err := tx.ContactByAddress(ctx, a, d.email.address)
		if err := holds(ErrAddressTaken, "The address", holder, err, own); err != nil {
			return err
		}
	}
	return smsFree(ctx, tx, a, d.sms, own)
}

// smsFree is free for the number alone.
func smsFree(ctx context.Context, tx Tx, a id.Account, d *smsDraft, own id.Contact) error {
	if d == nil {
		return nil
	}
	holder, err := tx.ContactBySMS(ctx, a, d.number)
	return holds(ErrSMSTaken, "The SMS number", holder, err, own)
}

// holds makes a fault of somebody who was found to have something.
func holds(taken *fault.Error, what string, holder Contact, err error, own id.Contact) error {
	switch {
	case fault.Is(err, fault.NotFound) || err == nil && holder.ID == own:
		return nil
	case err != nil:
		return err
	}
	uid := holder.UID.String()
	return taken.Saying(what+" already exists for contact "+uid+".").
		Noting("contact_id", uid).Noting("status", holder.Status())
}

func (f Filter) check() error {
	c := &checker{}
	c.bound("lists", len(f.Lists), MaxFilterLists)
	c.bound("tags", len(f.Tags), MaxFilterTags)
	c.text("search", f.Search, MaxSearch)
	return c.found.Err()
}
