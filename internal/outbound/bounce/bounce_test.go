package bounce_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kith/internal/domain/delivery"
	"kith/internal/outbound/bounce"
)

const back = "back+7@kith.example"

var arrived = time.Date(2026, 3, 3, 9, 0, 1, 0, time.UTC)

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestParse(t *testing.T) {
	for file, want := range map[string][]delivery.Notice{
		"postfix.eml": {
			{
				Kind: delivery.Bounced, Cause: delivery.NoAddress, Recipient: "ada@example.com", Original: "Ada@example.com",
				Status: delivery.Status{Class: 5, Subject: 1, Detail: 1}, Reply: "550 5.1.1 no mailbox here", Reporter: "mx.example.org",
				MessageID: "0190-7@kith.example", At: arrived.Add(-3 * time.Second),
			},
			{
				Kind: delivery.Delayed, Cause: delivery.Full, Recipient: "grace@example.com",
				Status: delivery.Status{Class: 4, Subject: 2, Detail: 2}, Reply: "452 4.2.2 over quota", Reporter: "mx.example.org",
				MessageID: "0190-7@kith.example", At: arrived.Add(-3 * time.Second),
			},
			{
				Kind: delivery.Arrived, Recipient: "edsger@example.com", Status: delivery.Status{Class: 2}, Reporter: "mx.example.org",
				MessageID: "0190-7@kith.example", At: arrived.Add(-3 * time.Second),
			},
		},
		"nested.eml": {{
			Kind: delivery.Bounced, Cause: delivery.NoAddress, Recipient: "linus@example.com",
			Status: delivery.Status{Class: 5, Subject: 1, Detail: 10}, Reply: "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found",
			Reporter: "EX01.example.com", MessageID: "0190-8@kith.example", At: arrived,
		}},
		"exim.eml": {{
			Kind: delivery.Bounced, Cause: delivery.Full, Recipient: "barbara@example.com",
			Status: delivery.Status{Class: 5, Subject: 2, Detail: 2}, Reply: "552 5.2.2 The mailbox is full", At: arrived,
		}},
		"qmail.eml": {{
			Kind: delivery.Bounced, Cause: delivery.NoAddress, Reply: "550 sorry, no such user here", At: arrived,
		}},
		"complaint.eml": {{
			Kind: delivery.Complained, Recipient: "margaret@isp.example", Reply: "abuse", Reporter: "SomeISP/1.0",
			MessageID: "0190-9@kith.example", At: time.Date(2026, 3, 3, 13, 0, 0, 0, time.UTC),
		}},
		"leaves.eml": {{
			Kind: delivery.OptedOut, Recipient: "margaret@isp.example", Reply: "opt-out", Reporter: "SomeISP/1.0",
			MessageID: "0190-10@kith.example", At: arrived,
		}},
		"away.eml": {{
			Kind: delivery.Answered, Cause: delivery.Vacation, Recipient: "donald@example.com", Reply: "Out of office – back in May",
			MessageID: "0190-11@kith.example", At: arrived,
		}},
		"person.eml":  nil,
		"notspam.eml": nil,
	} {
		for i := range want {
			want[i].Sent = back
		}
		got, err := bounce.Parse(strings.NewReader(read(t, file)), back, arrived)
		if (err != nil) != (want == nil) || err != nil && !errors.Is(err, bounce.ErrNoNotice) {
			t.Errorf("%s: %v", file, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", file, d)
		}
	}
}

// A mail that ends anywhere tells what stands before its end, or nothing.
func TestBrokenOff(t *testing.T) {
	whole := read(t, "postfix.eml")
	most := 0
	for n := range len(whole) {
		got, err := bounce.Parse(strings.NewReader(whole[:n]), back, arrived)
		if err != nil && !errors.Is(err, bounce.ErrNoNotice) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
		for _, g := range got {
			if g.Kind == delivery.Complained || g.Kind == delivery.OptedOut || g.Kind == delivery.Answered {
				t.Fatalf("after %d bytes: %+v", n, g)
			}
		}
		most = max(most, len(got))
	}
	if most != 3 {
		t.Errorf("at most %d notices", most)
	}
}

func TestHostileMail(t *testing.T) {
	report := func(recipients int) string {
		return "From: mailer-daemon@x\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n" +
			strings.Repeat("Final-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", recipients) + "--b--\r\n"
	}
	var deep strings.Builder
	deep.WriteString("From: mailer-daemon@x\r\nSubject: deep\r\n")
	for range 5000 {
		deep.WriteString("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n")
	}
	deep.WriteString("Content-Type: message/delivery-status\r\n\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\n")
	for name, c := range map[string]struct {
		mail string
		want int
	}{
		"many recipients":   {report(10_000), 100},
		"deep":              {deep.String(), 1}, // by its sender a bounce, though none of it was read
		"endless head":      {"From: mailer-daemon@x\r\n" + strings.Repeat("X: y\r\n", 1<<18), 0},
		"endless line":      {"From: mailer-daemon@x\r\nX: " + strings.Repeat("y", 1<<20), 0},
		"endless parts":     {"From: mailer-daemon@x\r\nContent-Type: multipart/report; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 50_000), 1},
		"endless reply":     {strings.Replace(report(1), "Action", "Diagnostic-Code: smtp; 550 "+strings.Repeat("é", 5000)+"\r\nAction", 1), 1},
		"empty":             {"", 0},
		"no boundary":       {"From: mailer-daemon@x\r\nContent-Type: multipart/report\r\n\r\n550 5.1.1 no\r\n", 1},
		"not even a header": {"\x00\xff\xfe", 0},
	} {
		got, err := bounce.Parse(strings.NewReader(c.mail), back, arrived)
		if len(got) != c.want || (err != nil) != (c.want == 0) {
			t.Errorf("%s: %d notices, %v; want %d", name, len(got), err, c.want)
		}
		for _, n := range got {
			if utf8.RuneCountInString(n.Reply) > 500 {
				t.Errorf("%s: a reply of %d bytes", name, len(n.Reply))
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		f.Add(read(f, filepath.Base(file)))
	}
	f.Fuzz(func(t *testing.T, mail string) {
		got, err := bounce.Parse(strings.NewReader(mail), back, arrived)
		if (err != nil) != (len(got) == 0) || err != nil && !errors.Is(err, bounce.ErrNoNotice) {
			t.Fatalf("%d notices, %v", len(got), err)
		}
		for _, n := range got {
			for _, s := range []string{n.Recipient, n.Original, n.Reply, n.Reporter, n.MessageID} {
				if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n\x00") || utf8.RuneCountInString(s) > 998 {
					t.Errorf("%q cannot be kept", s)
				}
			}
			if n.Kind == 0 || n.At.IsZero() || n.Sent != back {
				t.Errorf("%+v", n)
			}
		}
	})
}
