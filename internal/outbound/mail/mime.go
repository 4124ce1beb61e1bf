package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"kith/internal/domain/message"
)

const (
	// longestLine is how long lines of a body get (RFC 5322 §2.1.1 asks for
	// 78 at most, RFC 2045 §6.7 for 76 in quoted-printable).
	longestLine = 76
	// longestWord is how long a name or a word of a head may be before it is
	// encoded, so that it can be folded: no line is ever longer than 998
	// bytes (RFC 5322 §2.1.1).
	longestWord = 60
	// longestUnfolded is how long what has no blank may be in any line.
	longestUnfolded = 900
)

// render returns a mail as it travels (RFC 5322, RFC 2045), between two
// addresses as envelope returns them. Its head is the one that
// message.Mail.Headers shows, encoded, with the lines of out beside it. It
// writes the few forms that Kith's mails have; why no library does it is told
// in decision 0014.
func render(out message.Outgoing, from, to string) []byte {
	m := out.Mail
	w := writer{b: make([]byte, 0, 1536+len(m.Text)+len(m.HTML)+(len(m.Text)+len(m.HTML))/8)}
	w.line("Date", m.CreatedAt.Format(time.RFC1123Z))
	w.line("From", address(m.From.Name, from))
	w.line("To", address(m.ToName, to))
	if reply, _, err := envelope(m.ReplyTo); err == nil { // else answers go to From
		w.line("Reply-To", address("", reply))
	}
	w.line("Subject", words(m.Subject))
	w.line("Message-ID", "<"+m.MessageID+">")
	w.line("Auto-Submitted", "auto-generated")
	for _, h := range out.Headers {
		w.line(h.Name, structured(h.Value))
	}
	w.line("MIME-Version", "1.0")
	if m.HTML == "" {
		w.part("text/plain", m.Text)
		return w.b
	}
	boundary := boundaryOf(m.MessageID)
	w.line("Content-Type", `multipart/alternative; boundary="`+boundary+`"`)
	w.add("\r\n--", boundary, "\r\n")
	w.part("text/plain", m.Text)
	w.add("\r\n--", boundary, "\r\n")
	w.part("text/html", m.HTML)
	w.add("\r\n--", boundary, "--\r\n")
	return w.b
}

// boundaryOf returns what stands between the parts of a mail. A Message-ID is
// random, and in no body that was written before.
func boundaryOf(messageID string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, messageID)
	return "=_" + plain[:min(len(plain), longestWord)]
}

// address returns a mailbox as it stands in a head.
func address(name, mailbox string) string {
	mailbox = "<" + mailbox + ">"
	if name == "" {
		return mailbox
	}
	plain := len(name) <= longestWord && !strings.Contains(name, "=?")
	special := false
	for i := range len(name) {
		plain = plain && name[i] >= ' ' && name[i] < 0x7f
		special = special || strings.IndexByte("\"#$%&'(),.:;<>@[]\\^`{|}~", name[i]) >= 0
	}
	switch {
	case plain && !special:
		return name + " " + mailbox
	case plain:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" ` + mailbox
	case special || ascii(name): // RFC 2047 §5 lets few signs stand in a name
		return encoded(name) + " " + mailbox
	}
	return mime.QEncoding.Encode("utf-8", name) + " " + mailbox
}

// encoded returns a text in encoded words (RFC 2047), whatever it holds.
func encoded(s string) string {
	const most = 45 // bytes, which make a word of 72 signs
	var all []string
	for len(s) > 0 {
		n := min(len(s), most)
		for n < len(s) && n > most-utf8.UTFMax && !utf8.RuneStart(s[n]) {
			n--
		}
		all = append(all, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(all, " ")
}

// words returns the value of a line without a structure as it stands in a head.
func words(s string) string {
	if !ascii(s) {
		return mime.QEncoding.Encode("utf-8", s)
	}
	if strings.Contains(s, "=?") {
		return encoded(s) // it would be taken for one
	}
	for word := range strings.SplitSeq(s, " ") {
		if len(word) > longestUnfolded {
			return encoded(s)
		}
	}
	return s
}

// structured returns the value of a line that may end in an identifier, as
// List-ID does (RFC 2919 §2): what stands before that is encoded by itself.
func structured(s string) string {
	i := strings.LastIndex(s, " <")
	if i < 0 || s[0] == '<' || !strings.HasSuffix(s, ">") {
		return words(s)
	}
	name := s[:i]
	if len(name) > 1 && name[0] == '"' {
		name = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(strings.Trim(name, `"`))
	}
	return address(name, s[i+2:len(s)-1])
}

// writer appends the lines of a message.
type writer struct{ b []byte }

func (w *writer) add(all ...string) {
	for _, s := range all {
		w.b = append(w.b, s...)
	}
}

// line appends a line of the head, folded at blanks where it is long. What is
// no character of a line becomes a blank.
func (w *writer) line(name, value string) {
	w.add(name, ":")
	length := len(name) + 1
	for word := range strings.FieldsFuncSeq(value, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		if length > len(name)+1 && length+1+len(word) > longestLine {
			w.add("\r\n")
			length = 0
		}
		w.add(" ", word)
		length += 1 + len(word)
	}
	w.add("\r\n")
}

// part appends the head and the body of a text.
func (w *writer) part(kind, text string) {
	w.line("Content-Type", kind+"; charset=UTF-8")
	if plain(text) {
		w.line("Content-Transfer-Encoding", "7bit")
		w.add("\r\n")
		w.plain(text)
		return
	}
	w.line("Content-Transfer-Encoding", "quoted-printable")
	w.add("\r\n")
	w.quoted(text)
}

// plain says whether a text can travel as it is: ASCII in short lines that no
// relay on the way has a reason to touch.
func plain(s string) bool {
	start := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n':
			if i > start && s[i-1] == ' ' {
				return false
			}
			start = i + 1
		case c < ' ' || c >= 0x7f || i-start >= longestLine+2:
			return false
		case i == start && (c == '.' || c == 'F' && strings.HasPrefix(s[i:], "From ")):
			return false
		}
	}
	return !strings.HasSuffix(s, " ")
}

// plain appends a text of which plain is true, its last line ended.
func (w *writer) plain(s string) {
	for line := range strings.Lines(s) {
		w.add(strings.TrimSuffix(line, "\n"), "\r\n")
	}
}

const hex = "0123456789ABCDEF"

// quoted appends a text as quoted-printable (RFC 2045 §6.7), its last line
// ended. A dot that begins a line is encoded, so that SMTP need not double it.
func (w *writer) quoted(s string) {
	length := 0
	for i := 0; i < len(s); {
		// A run of what stands for itself is copied at once.
		run := i
		for run < len(s) && run-i < longestLine-1-length &&
			(literal[s[run]] || s[run] == ' ' && run+1 < len(s) && literal[s[run+1]]) {
			run++
		}
		if length == 0 && (strings.HasPrefix(s[i:], ".") || strings.HasPrefix(s[i:], "From ")) {
			run = i
		}
		if run > i {
			w.b = append(w.b, s[i:run]...)
			length += run - i
			i = run
			continue
		}
		c := s[i]
		if c == '\r' || c == '\n' {
			w.b = append(w.b, '\r', '\n')
			if c == '\r' && i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
			i, length = i+1, 0
			continue
		}
		// A blank stands for itself unless a line ends behind it.
		blank := (c == ' ' || c == '\t') && i+1 < len(s) && s[i+1] != '\r' && s[i+1] != '\n'
		long := 3
		if blank || literal[c] && length > 0 {
			long = 1
		}
		if length+long > longestLine-1 {
			w.b = append(w.b, '=', '\r', '\n')
			length = 0
			continue // what begins a line may need encoding
		}
		if long == 1 {
			w.b = append(w.b, c)
		} else {
			w.b = append(w.b, '=', hex[c>>4], hex[c&15])
		}
		length += long
		i++
	}
	if length > 0 {
		w.b = append(w.b, '\r', '\n')
	}
}

// literal are the bytes that stand for themselves in quoted-printable, but for
// blanks, which do so in the middle of a line.
var literal = func() (t [256]bool) {
	for c := '!'; c <= '~'; c++ {
		t[c] = c != '='
	}
	return t
}()

// envelope returns an address as it stands in the SMTP envelope: its domain in
// ASCII (RFC 5891). utf8 says that what is before the @ is not, and needs a
// relay that takes it (RFC 6531).
func envelope(address string) (_ string, beyond bool, err error) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", false, errors.New("the address has no @")
	}
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' || r == utf8.RuneError }) {
		return "", false, errors.New("the address holds what no envelope can")
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
