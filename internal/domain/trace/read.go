package trace

import (
	"context"
	"slices"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
)

// Filter narrows the log. The zero value takes everything.
type Filter struct {
	// Application is an API key.
	Application string
	// Least and Most bound the status; zero sets no bound.
	Least, Most int
	// Failed takes what was refused, whatever its status.
	Failed bool
	Code   string
	Method string
	// Search is a part of the path, of the query, of a code or a cause, or of
	// a request's id.
	Search string
	// Since and Until bound when a request began; Until itself is left out.
	Since, Until time.Time
}

func (f Filter) takes(q Request) bool {
	switch {
	case f.Application != "" && !strings.EqualFold(q.Application, f.Application),
		f.Least != 0 && q.Status < f.Least, f.Most != 0 && q.Status > f.Most, f.Failed && !q.Failed(),
		f.Code != "" && q.Code != f.Code, f.Method != "" && q.Method != f.Method,
		!f.Since.IsZero() && q.At().Before(f.Since), !f.Until.IsZero() && !q.At().Before(f.Until):
		return false
	case f.Search == "":
		return true
	}
	search := strings.ToLower(f.Search)
	for _, in := range []string{q.Path, q.Query, q.Code, q.Cause, q.UID.String()} {
		if strings.Contains(strings.ToLower(in), search) {
			return true
		}
	}
	return false
}

// classes returns where the filter need look.
func (f Filter) classes() []Class {
	return slices.DeleteFunc(classes(), func(c Class) bool {
		return c == Granted && (f.Failed || f.Code != "" || f.Least >= 400)
	})
}

// Service shows the log.
type Service struct{ store Store }

// New returns what shows the log that is kept in a store.
func New(s Store) *Service { return &Service{s} }

// mostRead is how many requests one call looks through at most, so that it
// stays short however rare what it looks for is. The next page goes on there.
const mostRead = 20_000

// List returns requests of the actor's account, the newest first. A page may
// have fewer than asked for, or none, and still not be the last: what was
// looked through has a bound.
func (s *Service) List(ctx context.Context, who account.Actor, f Filter, r page.Request) (page.Of[Request], error) {
	if err := who.May(account.AccountRead); err != nil {
		return page.Of[Request]{}, err
	}
	return s.list(ctx, who.Account, f, r)
}

// OfAccount is List for the operator; account 0 has the requests that name
// nobody.
func (s *Service) OfAccount(ctx context.Context, of id.Account, f Filter, r page.Request) (page.Of[Request], error) {
	return s.list(ctx, of, f, r)
}

func (s *Service) list(ctx context.Context, of id.Account, f Filter, r page.Request) (found page.Of[Request], err error) {
	found.Total = -1
	in := Range{}
	if !f.Since.IsZero() {
		in.Low = id.LeastUID(f.Since)
	}
	if !f.Until.IsZero() {
		in.High = id.LeastUID(f.Until)
	}
	var after id.UID
	if !r.After.IsZero() {
		if after, err = id.ParseUID(r.After.Text); err != nil {
			return found, fault.ErrCursor
		}
		if in.High.IsZero() || after.Compare(in.High) < 0 {
			in.High = after
		}
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		found.Items, found.Next = nil, page.Position{}
		m := merger{}
		for _, c := range f.classes() {
			m.from = append(m.from, &reader{tx: tx, account: of, class: c, in: in})
		}
		last := after
		for read := 0; ; read++ {
			q, ok, err := m.next(ctx)
			if err != nil {
				return err
			}
			if !ok {
				return nil
			}
			if len(found.Items) == r.Limit || read >= mostRead {
				found.Next = page.Position{Text: last.String()}
				return nil
			}
			if !after.IsZero() && q.UID.Compare(after) >= 0 {
				continue
			}
			if last = q.UID; f.takes(q) {
				found.Items = append(found.Items, q)
			}
		}
	})
	return found, err
}

// Opened is a request for somebody to look at.
type Opened struct {
	Request
	// Hidden says that the bodies are left out: the actor may not see
	// contacts.
	Hidden bool
}

// Get returns one request of the actor's account with its detail.
func (s *Service) Get(ctx context.Context, who account.Actor, request id.UID) (Opened, error) {
	if err := who.May(account.AccountRead); err != nil {
		return Opened{}, err
	}
	q, err := s.get(ctx, who.Account, request)
	o := Opened{Request: q}
	if err == nil && q.Detail != nil && who.May(account.ContactsRead) != nil {
		o.Hidden = true
		o.Detail = &Detail{Problems: q.Detail.Problems}
	}
	return o, err
}

// OpenFor is Get for the operator, as OfAccount is List.
func (s *Service) OpenFor(ctx context.Context, of id.Account, request id.UID) (Request, error) {
	return s.get(ctx, of, request)
}

func (s *Service) get(ctx context.Context, of id.Account, request id.UID) (found Request, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		for _, class := range classes() {
			before := id.UID{}
			for {
				some, err := tx.RequestBatches(ctx, of, class, Range{Low: request, High: request, Before: before}, readAtOnce)
				if err != nil {
					return err
				}
				for _, b := range some {
					i := slices.IndexFunc(b.Requests, func(q Request) bool { return q.UID == request })
					if i < 0 {
						continue
					}
					if found = b.Requests[i]; found.Failed() {
						found.Detail, err = tx.RequestDetail(ctx, of, class, b.High, request)
					}
					return err
				}
				if len(some) < readAtOnce {
					break
				}
				before = some[len(some)-1].High
			}
		}
		return fault.ErrNotFound.Saying("There is no such request in the log. It may be older than the log keeps, or another account's.")
	})
	return found, err
}

// readAtOnce is how many batches are read at a time.
const readAtOnce = 16

// reader reads the requests of one class, the newest first. Batches may
// overlap: a request is handed out when no batch that is not yet read can hold
// a newer one.
type reader struct {
	tx      Tx
	account id.Account
	class   Class
	in      Range

	ahead   []Batch // read, not yet opened
	ended   bool    // there are no more behind those
	pending []Request
}

// head returns the newest request that was not handed out.
func (r *reader) head(ctx context.Context) (Request, bool, error) {
	for {
		if len(r.ahead) == 0 && !r.ended {
			some, err := r.tx.RequestBatches(ctx, r.account, r.class, r.in, readAtOnce)
			if err != nil {
				return Request{}, false, err
			}
			r.ahead, r.ended = some, len(some) < readAtOnce
			if len(some) > 0 {
				r.in.Before = some[len(some)-1].High
			}
		}
		if len(r.pending) > 0 && (len(r.ahead) == 0 || r.pending[0].UID.Compare(r.ahead[0].High) > 0) {
			return r.pending[0], true, nil
		}
		if len(r.ahead) == 0 {
			return Request{}, false, nil
		}
		r.pending = append(r.pending, r.ahead[0].Requests...)
		slices.SortFunc(r.pending, func(a, b Request) int { return b.UID.Compare(a.UID) })
		r.ahead = r.ahead[1:]
	}
}

// merger reads several classes as one.
type merger struct{ from []*reader }

func (m *merger) next(ctx context.Context) (q Request, ok bool, err error) {
	var of *reader
	for _, r := range m.from {
		head, found, err := r.head(ctx)
		if err != nil {
			return q, false, err
		}
		if found && (of == nil || head.UID.Compare(q.UID) > 0) {
			of, q = r, head
		}
	}
	if of == nil {
		return q, false, nil
	}
	of.pending = of.pending[1:]
	return q, true, nil
}
