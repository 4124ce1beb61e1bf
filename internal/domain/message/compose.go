package message

import (
	"context"
	"html"
	"net/url"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/text"
	"kith/internal/domain/account"
)

// Compose returns a kept mail as it leaves. It fails with an *UnsendableError
// where it can never be written: it was sealed under a key that this server
// does not have, or fills to more than may be sent.
func (s *Service) Compose(ctx context.Context, r Row) (Outgoing, error) {
	return s.compose(ctx, r, s.whole)
}

func (s *Service) compose(ctx context.Context, r Row, write linker) (Outgoing, error) {
	m, params, err := s.open(r)
	if err != nil {
		return Outgoing{}, &UnsendableError{Reply: "The mail was sealed with a key that this server does not have.", Cause: err}
	}
	if m.Content == 0 {
		return Outgoing{Mail: m}, nil
	}
	fills, err := decodeParams(params)
	if err != nil {
		return Outgoing{}, &UnsendableError{Reply: "What the mail is about cannot be read.", Cause: err}
	}
	v, w, err := s.known(ctx, m)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return Outgoing{}, &UnsendableError{Reply: "What the mail says cannot be read any more.", Cause: err}
	}
	if err != nil {
		return Outgoing{}, err
	}
	out, err := s.write(m, v, w, fills, write)
	if err != nil {
		return Outgoing{}, &UnsendableError{Reply: "The mail would be longer than may be sent.", Cause: err}
	}
	return out, nil
}

// known returns how a mail's account speaks and what the mail says; mostly
// both are remembered.
func (s *Service) known(ctx context.Context, m Mail) (v *voice, w *written, err error) {
	v, w = s.voices.get(voiceKey{m.Account, m.List}, s.o.Store.Now()), s.builtIns().byNumber[m.Content]
	if w == nil {
		w = s.contents.get(contentKey{m.Account, m.Content})
	}
	if v != nil && w != nil {
		return v, w, nil
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		if v, err = s.voice(ctx, tx, m.Account, m.List); err != nil {
			return err
		}
		w, err = s.content(ctx, tx, m.Account, m.Content)
		return err
	})
	return v, w, err
}

// write fills what a mail says and puts its layout around it.
func (s *Service) write(m Mail, v *voice, w *written, fills values, links linker) (Outgoing, error) {
	lk := v.look()
	fills.ofAccount(v.account, lk.logoURL)
	preferences, unsubscribe := ownLinks(m, links)
	fills.put("preferenceslink", preferences)
	fills.put("unsubscribelink", unsubscribe)
	fills["link"] = fills[paramURL]
	if l := fills.link(m); l.Purpose != 0 {
		fills["link"] = links(l)
	}
	f, err := w.fill(fills, lk)
	if err != nil {
		return Outgoing{}, err
	}
	b := s.builtIns()
	words, why := b.words[w.Language], b.why[use{m.Kind, w.Language}]
	because, err := why.Fill(fills, "")
	if err != nil {
		return Outgoing{}, err
	}
	foot := foot{because: because, account: v.account, preferences: preferences, unsubscribe: unsubscribe, words: words, colour: darker(lk.colour)}
	m.Text = strings.TrimRight(f.text, "\n ") + "\n\n" + foot.text()
	m.HTML = sheet{language: w.Language, subject: m.Subject, preheader: f.preheader, body: f.html, foot: foot.html(), look: lk}.String()
	return Outgoing{Mail: m, Headers: s.listHeaders(m, v, unsubscribe)}, nil
}

// foot is what stands below every mail: why it came, whom it is from, and how
// to get no more.
type foot struct {
	because                  string
	account                  account.Account
	preferences, unsubscribe string
	words                    wording
	colour                   string
}

// place returns the lines of the postal address.
func place(a account.Account) (lines []string) {
	p := a.Physical
	city := strings.TrimSpace(p.PostalCode + " " + p.City)
	if state := p.StateName + p.StateCode; state != "" && city != "" {
		city += ", " + state
	}
	for _, line := range []string{a.Name(), p.Line1, p.Line2, p.Line3, city, p.Country} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func (f foot) text() string {
	var b strings.Builder
	b.WriteString("-- \n" + f.because + "\n\n" + strings.Join(place(f.account), "\n") + "\n")
	if f.unsubscribe != "" {
		b.WriteString("\n" + f.words.preferences + ":\n" + f.preferences + "\n" + f.words.unsubscribe + ":\n" + f.unsubscribe + "\n")
	}
	return b.String()
}

func (f foot) html() string {
	var b strings.Builder
	b.WriteString(paragraph(html.EscapeString(f.because)))
	lines := place(f.account)
	for i, line := range lines {
		lines[i] = html.EscapeString(line)
	}
	b.WriteString(paragraph(strings.Join(lines, " &middot; ")))
	if f.unsubscribe != "" {
		link := func(label, address string) string {
			return `<a href="` + html.EscapeString(address) + `" style="color:` + f.colour + `;text-decoration:underline">` + html.EscapeString(label) + `</a>`
		}
		b.WriteString(paragraph(link(f.words.preferences, f.preferences) + " &nbsp;&middot;&nbsp; " + link(f.words.unsubscribe, f.unsubscribe)))
	}
	return b.String()
}

// longestListName bounds what a List-ID says of a list, in characters.
const longestListName = 60

// listHeaders are the lines by which mail programs offer to unsubscribe (RFC
// 2369, RFC 8058), sort (RFC 2919), and report how mail of a kind is taken.
func (s *Service) listHeaders(m Mail, v *voice, unsubscribe string) []Header {
	if !m.Kind.ToContact() {
		return nil
	}
	host := "localhost"
	if u, err := url.Parse(s.o.PublicURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	name, of := v.account.Name(), v.account.UID
	if m.List != 0 && !v.listUID.IsZero() {
		name, of = v.listName, v.listUID
	}
	all := []Header{
		{"List-ID", named(text.Line(name, longestListName), of.String()+"."+host)},
		{"Feedback-ID", strconv.FormatInt(int64(m.List), 10) + ":" + string(m.Kind) + ":" + strconv.FormatInt(int64(m.Account), 10) + ":kithmail"},
	}
	if unsubscribe == "" {
		return all
	}
	return append(all, Header{"List-Unsubscribe", "<" + unsubscribe + ">"}, Header{"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"})
}
