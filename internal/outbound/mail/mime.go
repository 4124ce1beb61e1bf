package mail

import (
	"bytes"
	"errors"
	"fmt"
	stdmail "net/mail"
	"strings"

	"github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"kith/internal/domain/message"
)

// render returns a mail as it travels (RFC 5322, RFC 2045), between two
// addresses as envelope returns them. Its head is the one that
// message.Mail.Headers shows, encoded, with the lines of out beside it.
func render(out message.Outgoing, from, to string) ([]byte, error) {
	m := out.Mail
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	// The library's other ways of setting an address parse it once more.
	msg.FromMailAddress(&stdmail.Address{Name: displayed(m.From.Name), Address: from})
	msg.ToMailAddress(&stdmail.Address{Name: displayed(m.ToName), Address: to})
	if reply, _, err := envelope(m.ReplyTo); m.ReplyTo != "" && err == nil {
		msg.ReplyToMailAddress(&stdmail.Address{Address: reply})
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.CreatedAt)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	for _, h := range out.Headers {
		msg.SetGenHeaderPreformatted(mail.Header(h.Name), h.Value)
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("render mail %d: %w", m.Number, err)
	}
	return b.Bytes(), nil
}

// displayed returns a name as it can be encoded: a backslash would stand as it
// is in an encoded word (RFC 2047), where no reader expects it.
func displayed(name string) string {
	if ascii(name) {
		return name
	}
	return strings.ReplaceAll(name, `\`, "/")
}

// envelope returns an address as it stands in the SMTP envelope: its domain in
// ASCII (RFC 5891). utf8 says that what is before the @ is not, and needs a
// relay that takes it (RFC 6531).
func envelope(address string) (_ string, utf8 bool, err error) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", false, errors.New("the address has no @")
	}
	host := address[at+1:]
	if !ascii(host) {
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", false, fmt.Errorf("the domain of the address cannot be written in ASCII: %w", err)
		}
	}
	return address[:at+1] + host, !ascii(address[:at]), nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
