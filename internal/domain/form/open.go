package form

import (
	"context"
	"sync"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Open is a form as the public sees it.
type Open struct {
	Account id.Account
	Form
}

// Join returns the lists that everybody joins, Offers those that are offered.
func (o *Open) Join() []List { return o.listsWhere(false) }

// Offers returns the lists that are offered.
func (o *Open) Offers() []List { return o.listsWhere(true) }

func (o *Open) listsWhere(offered bool) (all []List) {
	for _, l := range o.Lists {
		if l.Offered == offered {
			all = append(all, l)
		}
	}
	return all
}

// OpenFor is for how long a form is remembered as it was read: what an owner
// changes shows after that at the latest.
const OpenFor = time.Second

// maxOpen bounds how many forms are remembered.
const maxOpen = 1000

// opened remembers forms, so that a post costs no reading.
type opened struct {
	mu    sync.Mutex
	forms map[id.UID]*remembered
}

// remembered is one form. Who holds its lock reads it for all who wait.
type remembered struct {
	mu   sync.Mutex
	form *Open
	err  error
	at   time.Time
}

// Open returns a form that anybody may fill in, as it is or was within OpenFor;
// it is shared, and not to be changed. It fails with NotFound, with ErrClosed
// where no list is left, and with what account.Account.Usable says.
func (s *Service) Open(ctx context.Context, uid id.UID) (*Open, error) {
	r := s.opened.of(uid)
	r.mu.Lock()
	defer r.mu.Unlock()
	now := s.o.Store.Now()
	if age := now.Sub(r.at); !r.at.IsZero() && age >= 0 && age < OpenFor {
		return r.form, r.err
	}
	is, err := s.read(ctx, uid)
	switch f := fault.Of(err); {
	case err == nil, f.Kind == fault.Forbidden, f.Code == string(fault.CodeFormClosed):
		r.form, r.err, r.at = is, err, now
	default:
		// What is not there takes no place, and what failed is tried again.
		s.opened.forget(uid)
	}
	return is, err
}

func (s *Service) read(ctx context.Context, uid id.UID) (*Open, error) {
	o := &Open{}
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if o.Account, o.Form, err = tx.FindForm(ctx, uid); err != nil {
			return err
		}
		a, err := tx.AccountByID(ctx, o.Account)
		if err != nil {
			return err
		}
		if err := a.Usable(); err != nil {
			return err
		}
		return complete(ctx, tx, o.Account, &o.Form)
	})
	if err != nil {
		return nil, err
	}
	if len(o.Lists) == 0 {
		return nil, ErrClosed
	}
	return o, nil
}

func (m *opened) of(uid id.UID) *remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.forms[uid]
	if r == nil {
		if m.forms == nil || len(m.forms) >= maxOpen {
			m.forms = map[id.UID]*remembered{}
		}
		r = &remembered{}
		m.forms[uid] = r
	}
	return r
}

func (m *opened) forget(uid id.UID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.forms, uid)
}
