package message

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// Values beside those of tags: what a letter's button opens. Tags have no dot
// in front.
const (
	paramURL     = ".url"
	paramPurpose = ".purpose"
	paramRef     = ".ref"
	paramEnds    = ".ends" // Unix seconds
)

// Post returns the service as contacts see it.
func (s *Service) Post() contact.Post { return post{s} }

type post struct{ s *Service }

// Queue leaves a letter in the caller's unit of work as one small row: the
// number of what it says, and what goes into its places. Its bodies are written
// when it leaves or is read. It carries a way in: its links let whoever has
// them act for the contact. They are signed when they are written, so that the
// row alone does not hold them.
func (p post) Queue(ctx context.Context, tx contact.Tx, a id.Account, l contact.Letter) error {
	t, ok := tx.(Tx)
	if !ok {
		return fmt.Errorf("message: %T keeps no mail", tx)
	}
	kind, to := Kind(l.Kind), l.To
	if to.IsZero() {
		to = l.Contact.Email.Address
	}
	v, err := p.s.voice(ctx, t, a, l.List)
	if err != nil {
		return err
	}
	w, err := p.s.saying(ctx, t, v, kind, language(l.Language, v.language))
	if err != nil {
		return err
	}
	fills, err := contactValues(ctx, tx, a, l.Contact, w.names)
	if err != nil {
		return err
	}
	fills.put("listname", v.listName)
	fills[paramPurpose] = strconv.Itoa(int(l.Link.Purpose))
	fills[paramRef] = strconv.FormatInt(l.Link.Ref, 10)
	if !l.Link.Ends.IsZero() {
		fills[paramEnds] = strconv.FormatInt(l.Link.Ends.Unix(), 10)
		fills["goodfor"] = p.s.builtIns().words[w.Language].span(l.Link.Ends.Sub(t.Now()))
	}
	return p.s.queueSaying(ctx, t, v, w, fills, Mail{
		Account: a, Kind: kind, Contact: l.Contact.ID, List: l.List, To: to,
		ToName: account.User{FirstName: l.Contact.FirstName, LastName: l.Contact.LastName}.Name(),
		From:   v.from(p.s.o.From), ReplyTo: v.replyTo(),
	})
}

// Mailer returns the service as accounts see it.
func (s *Service) Mailer() account.Mailer { return mailer{s} }

type mailer struct{ s *Service }

// Queue leaves a mail of an account's: all of them carry a way in.
func (m mailer) Queue(ctx context.Context, tx account.Tx, mail account.Mail) error {
	t, ok := tx.(Tx)
	if !ok {
		return fmt.Errorf("message: %T keeps no mail", tx)
	}
	if mail.Kind == account.LinkSender && m.s.o.Leaves {
		// Who asked could confirm an address that is not theirs. Without a
		// relay nobody else could read the mail.
		mail.For = 0
	}
	v, err := m.s.voice(ctx, t, mail.Account, 0)
	if err != nil {
		return err
	}
	w, err := m.s.saying(ctx, t, v, Kind(mail.Kind), v.language)
	if err != nil {
		return err
	}
	words := m.s.builtIns().words[w.Language]
	fills := values{paramURL: mail.Link, "goodfor": words.span(mail.Good)}
	fills.put("firstname", mail.FirstName)
	fills.put("host", mail.Host)
	fills.put("role", words.roles[mail.Role])
	fills.put("rolemeaning", words.meanings[mail.Role])
	return m.s.queueSaying(ctx, t, v, w, fills, Mail{
		Account: mail.Account, Kind: Kind(mail.Kind), To: mail.To, ToName: mail.ToName, ForUser: mail.For,
	})
}

// saying returns what an account says in mail of a kind: what it wrote itself
// in a language, else what is built in.
func (s *Service) saying(ctx context.Context, tx Tx, v *voice, k Kind, lang string) (*written, error) {
	if number := v.template(k, lang); number != 0 {
		return s.content(ctx, tx, v.account.ID, number)
	}
	if w := s.builtIns().byUse[use{k, lang}]; w != nil {
		return w, nil
	}
	return nil, fmt.Errorf("message: there is no mail of kind %q", k)
}

// queueSaying queues a mail that says what others say too, its places filled
// with the values that it uses.
func (s *Service) queueSaying(ctx context.Context, tx Tx, v *voice, w *written, fills values, m Mail) error {
	fills["emailaddress"] = m.To.String()
	m.WayIn, m.Content = true, w.Number()
	whole := fills.only(w.subject.Names())
	whole.ofAccount(v.account, v.look().logoURL)
	var err error
	if m.Subject, err = w.subject.Fill(whole, ""); err != nil {
		return err
	}
	if text.Line(m.Subject, longestHeader) == "" {
		m.Subject = v.account.Name() // a template whose tags are all empty
	}
	return s.queue(ctx, tx, m, fills.encode())
}

// linker writes what links open.
type linker func(contact.Link) string

// hiddenLink stands where a link's text would.
const hiddenLink = "hidden"

// whole writes links that work, and harmless ones that do not: they stand in
// what is shown to others than the contact.
func (s *Service) whole(l contact.Link) string {
	return s.o.PublicURL + path(l.Purpose) + s.o.Links.Text(l)
}

func (s *Service) harmless(l contact.Link) string {
	return s.o.PublicURL + path(l.Purpose) + hiddenLink
}

// path begins the address of the page that a link opens.
func path(p contact.Purpose) string {
	switch p {
	case contact.ToPreferences:
		return "/p/preferences/"
	case contact.ToUnsubscribe:
		return "/u/"
	case contact.ToConfirm:
		return "/p/confirm/"
	case contact.ToReturn:
		return "/p/return/"
	case contact.ToAddress:
		return "/p/address/"
	}
	return "/p/"
}

// link returns what the button of a letter opens, as Queue kept it.
func (v values) link(m Mail) contact.Link {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(v[name], 10, 64) // Queue wrote it
		return n
	}
	l := contact.Link{Account: m.Account, Contact: m.Contact, Purpose: contact.Purpose(number(paramPurpose)), Ref: number(paramRef)}
	if ends := number(paramEnds); ends != 0 {
		l.Ends = time.Unix(ends, 0).UTC()
	}
	return l
}

// ownLinks returns the links that every mail to a contact has at its foot. A
// mail to an address that may not be theirs has none.
func ownLinks(m Mail, write linker) (preferences, unsubscribe string) {
	if !m.Kind.ToContact() || m.Kind == NewAddress {
		return "", ""
	}
	l := contact.Link{Account: m.Account, Contact: m.Contact, Ref: int64(m.List), Purpose: contact.ToPreferences}
	preferences = write(l)
	l.Purpose = contact.ToUnsubscribe
	return preferences, write(l)
}

// example is the contact, or user, of previews and tests.
func (s *Service) example(ctx context.Context, tx Tx, a id.Account, k Kind, lang string) (values, Mail, error) {
	to, err := email.Parse("ada@example.org")
	if err != nil {
		return nil, Mail{}, err
	}
	words := s.builtIns().words[lang]
	v := values{
		"firstname": "Ada", "lastname": "Lovelace", "emailaddress": to.String(), "companyname": "Analytical Engines",
		"jobtitle": "Mathematician", "addressline1": "12 St James’s Square", "city": "London", "postalcode": "SW1Y 4JH",
		"country": "GB", "birthday": "12/10", "anniversary": "07/08/1835", "homephone": "+44 20 7946 0001", "workphone": "+44 20 7946 0002",
		"goodfor": words.span(7 * 24 * time.Hour), "host": "Mary Somerville",
		"role": words.roles[account.Manager], "rolemeaning": words.meanings[account.Manager],
	}
	fields, err := fieldNames(ctx, tx, a, k)
	if err != nil {
		return nil, Mail{}, err
	}
	for _, name := range fields {
		v[customTag+name] = strings.ReplaceAll(name, "_", " ")
	}
	if !k.ToContact() {
		v[paramURL] = s.o.PublicURL + "/" + hiddenLink
	}
	purpose := map[Kind]contact.Purpose{
		ConfirmOptIn: contact.ToConfirm, OptInReminder: contact.ToConfirm, UpdateProfile: contact.ToReturn, NewAddress: contact.ToAddress,
	}[k]
	v[paramPurpose] = strconv.Itoa(int(purpose))
	return v, Mail{Kind: k, To: to, ToName: "Ada Lovelace"}, nil
}

// errKind is a kind or a language that has no template.
var errKind = fault.ErrNotFound.Saying("There is no template of this kind in this language.")
