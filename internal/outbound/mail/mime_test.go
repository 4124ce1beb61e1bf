package mail_test

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	stdmail "net/mail"
	"strings"
	"testing"

	"kith/internal/domain/message"
	"kith/internal/outbound/mail"
)

func TestEnvelope(t *testing.T) {
	for in, want := range map[string]string{
		"ann@there.test":      "ann@there.test",
		"kith@localhost":      "kith@localhost",
		"ann@bücher.test":     "ann@xn--bcher-kva.test",
		"jürgen@there.test":   "jürgen@there.test utf8",
		"jürgen@bücher.test":  "jürgen@xn--bcher-kva.test utf8",
		"nobody":              "error",
		"ann@a\u2024b\u0080c": "error",
	} {
		got, utf8, err := mail.Envelope(in)
		if utf8 {
			got += " utf8"
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// What a mail says is what arrives: whatever the text, through the packing and
// out again.
func FuzzRender(f *testing.F) {
	f.Add("Grüße", "Hällo\n.\n.. x\r\ny = z\n", "<p>ä</p>", "Ann \"A\" <x@y>")
	f.Add(strings.Repeat("lang ", 100), strings.Repeat("x", 3000), "", "Ö, \\")
	f.Add("", "\n\n", "\t<br>", "")
	f.Add("=?utf-8?q?x?=", "From me\n.\n=41 \n", "a\rb \r\n c\t", "=?x")
	f.Add(strings.Repeat("s", 2000), strings.Repeat("ä", 100)+strings.Repeat(" ", 200), strings.Repeat("=", 80), strings.Repeat("n", 2000))
	f.Fuzz(func(t *testing.T, subject, text, html, name string) {
		clean := func(s string) string { // as the service hands them over
			return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
				if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
					return ' '
				}
				return r
			}, strings.ToValidUTF8(s, "?"))), " ")
		}
		out := letter(t, "ann@there.test")
		m := &out.Mail
		m.Subject, m.ToName, m.From = clean(subject), clean(name), message.Sender{Name: clean(name), Address: "kith@sender.test"}
		m.Text, m.HTML = strings.ToValidUTF8(text, "?"), strings.ToValidUTF8(html, "?")
		raw := mail.Render(out, m.From.Address, m.To.String())
		for line := range strings.SplitSeq(string(raw), "\r\n") {
			if len(line) > 998 || strings.ContainsAny(line, "\r\n") { // RFC 5322 §2.1.1
				t.Errorf("a line of %d bytes: %.100q", len(line), line)
			}
			if strings.HasPrefix(line, ".") || !ascii(line) {
				t.Errorf("a line that may be changed on the way: %q", line)
			}
		}
		got, err := stdmail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if err != nil || clean(decoded) != m.Subject {
			t.Errorf("subject %q, %v; want %q", decoded, err, m.Subject)
		}
		to, err := got.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ann@there.test" || clean(to[0].Name) != m.ToName {
			t.Errorf("to %v, %v; want %q", to, err, m.ToName)
		}
		for i, want := range []string{m.Text, m.HTML} {
			if i == 1 && m.HTML == "" {
				break
			}
			if body := part(t, string(raw), i); lines(body) != lines(want) {
				t.Errorf("part %d: %q, want %q", i, body, want)
			}
		}
	})
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// lines is a text without regard to how its lines end, and to whether the last
// one does.
func lines(s string) string {
	return strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n")
}

// part returns the text of one part of a message.
func part(t *testing.T, raw string, n int) string {
	t.Helper()
	m, err := stdmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	body := m.Body
	if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(m.Body)
	}
	if kind == "multipart/alternative" {
		r := multipart.NewReader(m.Body, params["boundary"])
		for range n + 1 {
			if body, err = r.NextPart(); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The name of a list is encoded, what identifies it never: programs sort by it.
func TestHeadsOfMailToContacts(t *testing.T) {
	for value, want := range map[string]string{
		"Walkers <1.kith.test>":                      "Walkers <1.kith.test>",
		`"Hill \"&\" Dale" <1.kith.test>`:            `"Hill \"&\" Dale" <1.kith.test>`,
		"Öst <1.kith.test>":                          "=?utf-8?q?=C3=96st?= <1.kith.test>",
		`"a < b" <1.kith.test>`:                      `"a < b" <1.kith.test>`,
		"<https://kith.test/u/x>":                    "<https://kith.test/u/x>",
		"List-Unsubscribe=One-Click":                 "List-Unsubscribe=One-Click",
		`"=?utf-8?q?x?=" <1.kith.test>`:              "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?= <1.kith.test>",
		"<https://kith.test/u/x>, <mailto:a@b.test>": "<https://kith.test/u/x>, <mailto:a@b.test>",
	} {
		out := letter(t, "ann@there.test")
		out.Mail.ReplyTo = "büro@straße.test"
		out.Headers = []message.Header{{Name: "X-Line", Value: value}}
		got, err := stdmail.ReadMessage(strings.NewReader(string(mail.Render(out, "kith@sender.test", "ann@there.test"))))
		if err != nil {
			t.Fatal(err)
		}
		if got.Header.Get("X-Line") != want {
			t.Errorf("%s: got %s, want %s", value, got.Header.Get("X-Line"), want)
		}
		if reply := got.Header.Get("Reply-To"); !strings.HasSuffix(reply, "@xn--strae-oqa.test>") {
			t.Errorf("Reply-To: %s", reply)
		}
	}
}
