package mail_test

import (
	"strings"
	"testing"

	"kith/internal/outbound/mail"
)

// BenchmarkRender writes a mail of 6.5 kB.
func BenchmarkRender(b *testing.B) {
	m := letter(b, "ann@there.test")
	m.Mail.Text = strings.Repeat("It is a letter of six and a half kilobytes.\n", 40)
	m.Mail.HTML = strings.Repeat("<p style=\"color: red\">It is a letter of six and a half kilobytes.</p>\n", 64)
	b.ReportAllocs()
	for b.Loop() {
		c := mail.Render(m, m.Mail.From.Address, m.Mail.To.String())
		b.SetBytes(int64(len(c)))
	}
}
