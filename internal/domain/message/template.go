package message

import (
	"context"
	"slices"
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/template"
)

// ContentInput is what an account wants to say in mail of a kind.
type ContentInput struct {
	Subject, Preheader, HTML, Text string
}

// Saying is what an account says in mail of a kind and a language.
type Saying struct {
	Content

	// UpdatedAt is when the account wrote it; zero for what is built in.
	UpdatedAt time.Time
}

// Templates returns what the actor's account says in mail of every kind and
// language, in the order of Kinds and Languages.
func (s *Service) Templates(ctx context.Context, who account.Actor) (all []Saying, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		all = nil
		own, err := tx.Templates(ctx, who.Account)
		if err != nil {
			return err
		}
		for _, k := range Kinds() {
			for _, lang := range Languages {
				one, err := s.ownSaying(ctx, tx, who.Account, own, k, lang)
				if err != nil {
					return err
				}
				all = append(all, one)
			}
		}
		return nil
	})
	return all, err
}

func (s *Service) ownSaying(ctx context.Context, tx Tx, a id.Account, own []Template, k Kind, lang string) (Saying, error) {
	i := slices.IndexFunc(own, func(t Template) bool { return t.Kind == k && t.Language == lang })
	if i < 0 {
		return Saying{Content: s.builtIns().byUse[use{k, lang}].Content}, nil
	}
	c, err := tx.ContentByNumber(ctx, a, own[i].Content)
	return Saying{Content: c, UpdatedAt: own[i].UpdatedAt}, err
}

func checkUse(k Kind, lang string) error {
	if !slices.Contains(Kinds(), k) || !slices.Contains(Languages, lang) {
		return errKind
	}
	return nil
}

// Template returns what the actor's account says in mail of a kind in a
// language. It fails with fault.ErrNotFound where there is no such mail.
func (s *Service) Template(ctx context.Context, who account.Actor, k Kind, lang string) (one Saying, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return Saying{}, err
	}
	if err := checkUse(k, lang); err != nil {
		return Saying{}, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		own, err := tx.Templates(ctx, who.Account)
		if err == nil {
			one, err = s.ownSaying(ctx, tx, who.Account, own, k, lang)
		}
		return err
	})
	return one, err
}

// PutTemplate puts what the account wants to say in place of what is built in.
// Mails that are queued already say what they said. All faults are told, each
// with its line and column.
func (s *Service) PutTemplate(ctx context.Context, who account.Actor, k Kind, lang string, in ContentInput, found fault.Problems) (one Saying, err error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return Saying{}, err
	}
	if err := checkUse(k, lang); err != nil {
		return Saying{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		w, err := s.judge(ctx, tx, who.Account, k, lang, in, found)
		if err != nil {
			return err
		}
		one = Saying{Content: w.Content, UpdatedAt: tx.Now()}
		if err := tx.PutContent(ctx, who.Account, w.Content); err != nil {
			return err
		}
		return tx.PutTemplate(ctx, who.Account, Template{Kind: k, Language: lang, Content: w.Number(), UpdatedAt: tx.Now()})
	})
	s.voices.forget(who.Account)
	return one, err
}

// DropTemplate lets what is built in speak again. It may run twice.
func (s *Service) DropTemplate(ctx context.Context, who account.Actor, k Kind, lang string) error {
	if err := who.May(account.AccountUpdate); err != nil {
		return err
	}
	if err := checkUse(k, lang); err != nil {
		return err
	}
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		_, err := tx.DropTemplate(ctx, who.Account, k, lang)
		return err
	})
	s.voices.forget(who.Account)
	return err
}

// judge reads what somebody wrote and says all that is wrong with it.
func (s *Service) judge(ctx context.Context, tx Tx, a id.Account, k Kind, lang string, in ContentInput, found fault.Problems) (*written, error) {
	fields, err := fieldNames(ctx, tx, a, k)
	if err != nil {
		return nil, err
	}
	c := Content{
		Kind: k, Language: lang, Subject: strings.TrimSpace(in.Subject), Preheader: strings.TrimSpace(in.Preheader),
		HTML: lines(in.HTML), Text: lines(in.Text),
	}
	p := slices.Clone(found)
	for _, f := range []struct {
		path, value string
		most        int
	}{{"subject", c.Subject, MaxSubject}, {"preheader", c.Preheader, MaxPreheader}} {
		if code, message := text.Check(f.value, f.most); message != "" {
			p.Add(f.path, "field."+code, message)
		} else if strings.ContainsAny(f.value, "\r\n") {
			p.Add(f.path, "field.characters", "has a line break inside")
		}
	}
	if c.Subject == "" {
		p.Add("subject", "field.required", "is missing")
	}
	if strings.TrimSpace(c.HTML) == "" {
		p.Add("html", "field.required", "is missing")
	}
	if len(c.HTML) <= template.MaxSource {
		for _, f := range checkMarkup(c.HTML) {
			p.Add("html", "template.markup", "has a fault in "+f.String())
		}
	}
	w := s.languages.read(c, knownTag(k, fields), &p)
	// A mail that asks is of no use without its link.
	if must := "link"; k != Welcome && w.html != nil && !slices.Contains(w.html.Names(), must) {
		p.Add("html", "template.link", "lacks the tag [[Link]], which is what the mail is for")
	} else if k != Welcome && c.Text != "" && w.text != nil && !slices.Contains(w.text.Names(), must) {
		p.Add("text", "template.link", "lacks the tag [[Link]], which is what the mail is for")
	}
	return w, p.Err()
}

// lines returns a text with ends of lines as they are kept.
func lines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// fieldNames returns the names of an account's custom fields; never nil.
func fieldNames(ctx context.Context, tx Tx, a id.Account, k Kind) ([]string, error) {
	names := []string{}
	of, ok := tx.(contact.Tx)
	if !ok || !k.ToContact() {
		return names, nil
	}
	all, err := of.AllFields(ctx, a)
	for _, f := range all {
		names = append(names, f.Name)
	}
	return names, err
}

// TemplateTags returns the tags that mail of a kind has in the actor's account:
// those of custom fields stand last.
func (s *Service) TemplateTags(ctx context.Context, who account.Actor, k Kind) (tags []string, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		names, err := fieldNames(ctx, tx, who.Account, k)
		tags = Tags(k)
		for _, name := range names {
			tags = append(tags, customTag+name)
		}
		return err
	})
	return tags, err
}

// Preview returns a mail as an example contact, or user, would get it, with
// links that open nothing: what was written, or where that is nil, what the
// account says now. It fails as PutTemplate does.
func (s *Service) Preview(ctx context.Context, who account.Actor, k Kind, lang string, in *ContentInput, found fault.Problems) (Mail, error) {
	if err := who.May(account.AccountRead); err != nil {
		return Mail{}, err
	}
	if err := checkUse(k, lang); err != nil {
		return Mail{}, err
	}
	var out Mail
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		out, err = s.preview(ctx, tx, who, k, lang, in, found)
		return err
	})
	return out, err
}

func (s *Service) preview(ctx context.Context, tx Tx, who account.Actor, k Kind, lang string, in *ContentInput, found fault.Problems) (Mail, error) {
	v, err := s.voice(ctx, tx, who.Account, 0)
	if err != nil {
		return Mail{}, err
	}
	var w *written
	if in == nil {
		w, err = s.saying(ctx, tx, v, k, lang)
	} else {
		w, err = s.judge(ctx, tx, who.Account, k, lang, *in, found)
	}
	if err != nil {
		return Mail{}, err
	}
	fills, m, err := s.example(ctx, tx, who.Account, k, lang)
	if err != nil {
		return Mail{}, err
	}
	m.Account, m.From, m.ReplyTo = who.Account, v.from(s.o.From), v.replyTo()
	fills.ofAccount(v.account, v.look().logoURL)
	if m.Subject, err = w.subject.Fill(fills, ""); err != nil {
		return Mail{}, err
	}
	m.Subject = text.Line(m.Subject, longestHeader)
	out, err := s.write(m, v, w, fills, s.harmless)
	if err != nil {
		return Mail{}, fault.ErrInvalid.With(fault.Problem{Path: "html", Code: "template.output", Message: "makes a mail longer than may be sent"})
	}
	return out.Mail, nil
}

// SendTest mails a preview to the actor's user and returns their address. It
// fails as PutTemplate does.
func (s *Service) SendTest(ctx context.Context, who account.Actor, k Kind, lang string, in *ContentInput, found fault.Problems) (to email.Address, err error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return to, err
	}
	if err := checkUse(k, lang); err != nil {
		return to, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		u, err := tx.UserByID(ctx, who.User)
		if err != nil {
			return err
		}
		m, err := s.preview(ctx, tx, who, k, lang, in, found)
		if err != nil {
			return err
		}
		to = u.Email
		m.To, m.ToName, m.Subject = u.Email, u.Name(), "[Test] "+m.Subject
		return s.Queue(ctx, tx, m)
	})
	return to, err
}
