package message

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/list"
)

// voiceFor is how long what is known of an account's brand and templates is
// relied on: so much later a change of them, made in another process, is felt.
const voiceFor = 2 * time.Second

// voice is how an account, or one of its lists, speaks in its mail.
type voice struct {
	account account.Account
	// brand is the list's with what it leaves to the account.
	brand Brand
	// language is the brand's, else that of the account's letters.
	language  string
	senders   []account.Sender
	listName  string
	listUID   id.UID
	templates []Template
	readAt    time.Time
}

// from returns whom mail is from: the brand's sender where it is confirmed,
// else the server in the organization's name.
func (v *voice) from(server Sender) Sender {
	name := v.brand.FromName
	if name == "" {
		name = v.account.Name()
	}
	if s := v.sender(func(s account.Sender) bool { return s.ID == v.brand.Sender }); s != nil {
		return Sender{Name: name, Address: s.Email.String()}
	}
	return Sender{Name: name, Address: server.Address}
}

// replyTo returns where answers go: where the brand says, else to an address of
// the account where mail is from the server's, which nobody reads; empty for
// where mail is from.
func (v *voice) replyTo() string {
	if !v.brand.ReplyTo.IsZero() {
		return v.brand.ReplyTo.String()
	}
	if v.sender(func(s account.Sender) bool { return s.ID == v.brand.Sender }) != nil {
		return ""
	}
	for _, role := range []account.SenderRole{account.RoleReplyTo, account.RoleContact} {
		if s := v.sender(func(s account.Sender) bool { return s.Has(role) }); s != nil {
			return s.Email.String()
		}
	}
	return ""
}

// sender returns the first that is confirmed and fits, or nil.
func (v *voice) sender(fits func(account.Sender) bool) *account.Sender {
	i := slices.IndexFunc(v.senders, func(s account.Sender) bool { return s.Confirmed() && fits(s) })
	if i < 0 {
		return nil
	}
	return &v.senders[i]
}

// look returns the brand as layouts need it.
func (v *voice) look() look {
	l := look{colour: v.brand.Colour, logoURL: v.brand.LogoURL, organization: v.account.Name()}
	if l.logoURL == "" {
		l.logoURL = v.account.LogoURL
	}
	if l.colour == "" {
		l.colour = plainColour
	}
	return l
}

// voices remembers how accounts speak. It is safe for concurrent use.
type voices struct {
	mu  sync.Mutex
	all map[voiceKey]*voice
}

type voiceKey struct {
	account id.Account
	list    id.List
}

// maxVoices bounds how many are remembered.
const maxVoices = 1000

func (s *voices) get(k voiceKey, now time.Time) *voice {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.all[k]; v != nil && now.Sub(v.readAt).Abs() < voiceFor {
		return v
	}
	return nil
}

func (s *voices) put(k voiceKey, v *voice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= maxVoices {
		s.all = map[voiceKey]*voice{}
	}
	s.all[k] = v
}

// forget makes the next mail of an account read anew.
func (s *voices) forget(a id.Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.all {
		if k.account == a {
			delete(s.all, k)
		}
	}
}

// voice returns how an account speaks about a list, or about itself where list
// is 0. A list that is gone has the account's brand.
func (s *Service) voice(ctx context.Context, tx Tx, a id.Account, of id.List) (*voice, error) {
	k := voiceKey{a, of}
	if v := s.voices.get(k, tx.Now()); v != nil {
		return v, nil
	}
	v := &voice{readAt: tx.Now()}
	var err error
	if v.account, err = tx.AccountByID(ctx, a); err != nil {
		return nil, err
	}
	if v.brand, err = tx.Brand(ctx, a, 0); err != nil {
		return nil, err
	}
	if v.senders, err = tx.Senders(ctx, a); err != nil {
		return nil, err
	}
	if v.templates, err = tx.Templates(ctx, a); err != nil {
		return nil, err
	}
	if of != 0 {
		own, err := tx.Brand(ctx, a, of)
		if err != nil {
			return nil, err
		}
		v.brand = own.over(v.brand)
		l, err := tx.ListByRef(ctx, a, id.Ref[id.List]{Number: of}, list.NoMembers)
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return nil, err
		}
		v.listName, v.listUID = l.Name, l.UID
	}
	optIn, err := tx.OptIn(ctx, a, nil)
	if err != nil {
		return nil, err
	}
	v.language = language(v.brand.Language, optIn.Language)
	s.voices.put(k, v)
	return v, nil
}

// template returns the content that an account has for a kind and a language:
// its own number, or 0 for the built-in one.
func (v *voice) template(k Kind, lang string) id.Content {
	for _, t := range v.templates {
		if t.Kind == k && t.Language == lang {
			return t.Content
		}
	}
	return 0
}
