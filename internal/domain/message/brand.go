package message

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/account"
	"kith/internal/domain/list"
)

// Languages are those in which Kith has mails of its own, the first being the
// one that is written where nobody chose.
var Languages = []string{"en", "de", "fr", "es", "it", "nl"}

// language returns the first of those given that Kith writes, else the first
// of Languages.
func language(wanted ...string) string {
	for _, l := range wanted {
		if slices.Contains(Languages, l) {
			return l
		}
	}
	return Languages[0]
}

// Longest values of a brand, in characters.
const (
	MaxFromName = 100 // v3 contract, EmailActivity.from_name
	MaxLogoURL  = 255
)

// Brand is how the mail of an account, or of one of its lists, introduces
// itself. What is empty is the account's, and there the server's.
type Brand struct {
	// Sender is the account's sender address that mail is from. While it is
	// not confirmed, mail is from the server's address all the same.
	Sender   id.Sender
	FromName string
	ReplyTo  email.Address
	// LogoURL is an image on the web, and Colour that of buttons and links,
	// as #rrggbb.
	LogoURL string
	Colour  string
	// Language is a list's alone: the account's is in contact.OptIn.
	Language string
}

// over returns a list's brand with what it leaves to its account.
func (b Brand) over(account Brand) Brand {
	b.Sender = cmp.Or(b.Sender, account.Sender)
	b.FromName = cmp.Or(b.FromName, account.FromName)
	b.LogoURL = cmp.Or(b.LogoURL, account.LogoURL)
	b.Colour = cmp.Or(b.Colour, account.Colour)
	b.Language = cmp.Or(b.Language, account.Language)
	if b.ReplyTo.IsZero() {
		b.ReplyTo = account.ReplyTo
	}
	return b
}

// BrandInput is a brand as somebody writes it.
type BrandInput struct {
	Sender                                       id.Sender
	FromName, ReplyTo, LogoURL, Colour, Language string
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// check returns the brand that was written, and adds what is wrong with it.
func (in BrandInput) check(of id.List, senders []account.Sender, p *fault.Problems) Brand {
	b := Brand{
		Sender: in.Sender, FromName: strings.TrimSpace(in.FromName), LogoURL: strings.TrimSpace(in.LogoURL),
		Colour: strings.ToLower(strings.TrimSpace(in.Colour)), Language: strings.TrimSpace(in.Language),
	}
	if i := slices.IndexFunc(senders, func(s account.Sender) bool { return s.ID == b.Sender }); b.Sender != 0 && i < 0 {
		p.Add("sender_id", "field.choice", "is none of the account's sender addresses")
	}
	for _, f := range []struct {
		path, value string
		most        int
	}{{"from_name", b.FromName, MaxFromName}, {"logo_url", b.LogoURL, MaxLogoURL}} {
		if code, message := text.Check(f.value, f.most); message != "" {
			p.Add(f.path, "field."+code, message)
		} else if f.value != text.Line(f.value, f.most) {
			p.Add(f.path, "field.characters", "has a line break or another invisible character inside")
		}
	}
	if reply := strings.TrimSpace(in.ReplyTo); reply != "" {
		var err error
		if b.ReplyTo, err = email.Parse(reply); err != nil {
			code := "email.invalid"
			if e, ok := errors.AsType[*email.ParseError](err); ok {
				code = e.Reason.Code()
			}
			p.Add("reply_to", code, err.Error())
		}
	}
	if b.LogoURL != "" {
		if u, err := url.Parse(b.LogoURL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			p.Add("logo_url", "field.url", "is not the address of an image; one begins with https://")
		}
	}
	if b.Colour != "" && !colour.MatchString(b.Colour) {
		p.Add("colour", "field.colour", "is not a colour of the form #0b7285")
	}
	if of == 0 && b.Language != "" {
		p.Add("language", "field.elsewhere", "is a setting of opt-in for the account; only a list has one here")
	} else if b.Language != "" && !slices.Contains(Languages, b.Language) {
		p.Add("language", "field.choice", "is none of "+strings.Join(Languages, ", "))
	}
	return b
}

// Brand returns the brand of a list of the actor's account, or the account's
// own where list is zero: what was set, without what is left to others.
func (s *Service) Brand(ctx context.Context, who account.Actor, of id.Ref[id.List]) (b Brand, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return Brand{}, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		number, err := branded(ctx, tx, who.Account, of)
		if err == nil {
			b, err = tx.Brand(ctx, who.Account, number)
		}
		return err
	})
	return b, err
}

// Look is how an account, or one of its lists, looks to the people whom it
// mails. What is empty was not set.
type Look struct {
	Name, LogoURL, Colour, Language string
}

// Look returns that of a list, or of the account itself where list is 0: what
// pages share with mails. It may be a little old: see voiceFor. It fails with
// NotFound where there is no such account.
func (s *Service) Look(ctx context.Context, a id.Account, of id.List) (l Look, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		v, err := s.voice(ctx, tx, a, of)
		if err != nil {
			return err
		}
		l = Look{
			Name: cmp.Or(v.brand.FromName, v.account.Name()), LogoURL: v.look().logoURL,
			Colour: v.brand.Colour, Language: v.brand.Language,
		}
		return nil
	})
	return l, err
}

// PutBrand sets a brand whole. An empty one leaves all to the account, or to
// the server.
func (s *Service) PutBrand(ctx context.Context, who account.Actor, of id.Ref[id.List], in BrandInput, found fault.Problems) (b Brand, err error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return Brand{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		number, err := branded(ctx, tx, who.Account, of)
		if err != nil {
			return err
		}
		senders, err := tx.Senders(ctx, who.Account)
		if err != nil {
			return err
		}
		problems := slices.Clone(found)
		b = in.check(number, senders, &problems)
		if err := problems.Err(); err != nil {
			return err
		}
		return tx.PutBrand(ctx, who.Account, number, b)
	})
	s.voices.forget(who.Account)
	return b, err
}

// branded returns the number of a list that is there, or 0 for none.
func branded(ctx context.Context, tx Tx, a id.Account, of id.Ref[id.List]) (id.List, error) {
	if of.IsZero() {
		return 0, nil
	}
	l, err := tx.ListByRef(ctx, a, of, list.NoMembers)
	if err == nil && !l.DeletedAt.IsZero() {
		err = fault.ErrNotFound
	}
	return l.ID, err
}
