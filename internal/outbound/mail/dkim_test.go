package mail_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/outbound/mail"
	"kith/internal/outbound/mail/mailtest"
)

// signingKeys makes a key of each algorithm for sender.test, which went
// through the form in which it is kept.
func signingKeys(t testing.TB, algorithms ...delivery.Algorithm) (keys []message.SigningKey) {
	t.Helper()
	for _, a := range algorithms {
		k, err := delivery.NewSigningKey("sender.test", "kith-"+string(a), a)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := k.Private()
		if err != nil {
			t.Fatal(err)
		}
		if k, err = delivery.OpenSigningKey(k.Domain, k.Selector, kept); err != nil || k.Algorithm() != a {
			t.Fatalf("opened again: %s, %v", k.Algorithm(), err)
		}
		keys = append(keys, message.SigningKey(k))
	}
	return keys
}

// holding verifies the signatures of a message against the records to publish,
// and returns the selectors of those keys whose signatures hold.
func holding(t testing.TB, raw []byte, keys []message.SigningKey) (selectors []string) {
	t.Helper()
	records := map[string]string{}
	for _, k := range keys {
		r, err := delivery.SigningKey(k).Record()
		if err != nil {
			t.Fatal(err)
		}
		records[delivery.SigningKey(k).RecordName()] = r
	}
	all, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if r, ok := records[name]; ok {
			return []string{r}, nil
		}
		return nil, errors.New("no record " + name)
	}})
	if err != nil || len(all) != len(keys) {
		t.Fatalf("%d signatures, %v; want %d", len(all), err, len(keys))
	}
	for i, v := range all { // in the order in which they stand
		if v.Domain != "sender.test" {
			t.Errorf("signed for %s", v.Domain)
		}
		if v.Err == nil {
			selectors = append(selectors, keys[i].Selector)
		}
	}
	return selectors
}

// What a receiver gets through a relay holds; what was changed on the way does
// not.
func TestSignaturesHold(t *testing.T) {
	t.Parallel()
	keys := signingKeys(t, delivery.Ed25519, delivery.RSA)
	out := letter(t, "ann@there.test")
	m := &out.Mail
	m.From.Address = "kith@sender.test"
	m.Subject, m.Text, m.HTML = "Grüße "+strings.Repeat("lang ", 40), "Hällo \n.\n\n\nBye\n\n\n", "<p>ä</p>"
	server := mailtest.New(t, mailtest.Options{})
	out.Sign = keys
	if _, _, err := send(t, open(t, server, mail.Options{}), out); err != nil {
		t.Fatal(err)
	}
	arrived := server.Received()[0].Raw
	if got, want := holding(t, arrived, keys), []string{"kith-ed25519", "kith-rsa"}; !slices.Equal(got, want) {
		t.Errorf("signatures of %v hold, want those of %v\n%s", got, want, arrived)
	}
	for name, change := range map[string]func([]byte) []byte{
		"another subject":   replacing("Gr=C3", "gr=C3"),
		"another sender":    replacing("From: ", "From: x"),
		"a second sender":   func(m []byte) []byte { return append([]byte("From: <eve@there.test>\r\n"), m...) },
		"another recipient": replacing("<ann@", "<bob@"),
		"another body":      func(m []byte) []byte { return append(bytes.Clone(m), "more\r\n"...) },
		"shorter":           func(m []byte) []byte { return m[:len(m)-20] },
	} {
		changed := change(arrived)
		if bytes.Equal(changed, arrived) {
			t.Errorf("%s: nothing was changed in\n%s", name, arrived)
		}
		if got := holding(t, changed, keys); len(got) > 0 {
			t.Errorf("%s: the signatures of %v still hold", name, got)
		}
	}
	// What relays do to a message does no harm.
	for name, change := range map[string]func([]byte) []byte{
		"a line folded anew": replacing("Date: ", "Date:\r\n  "),
		"a line of its own":  func(m []byte) []byte { return append([]byte("Received: from us\r\nFeedback-ID: theirs\r\n"), m...) },
		"blanks at the end":  func(m []byte) []byte { return append(bytes.Clone(m), "\r\n\r\n"...) },
	} {
		if got := holding(t, change(arrived), keys); len(got) != len(keys) {
			t.Errorf("%s: only the signatures of %v hold", name, got)
		}
	}
}

func replacing(old, by string) func([]byte) []byte {
	return func(m []byte) []byte { return bytes.Replace(m, []byte(old), []byte(by), 1) }
}

// Every line of which RFC 8058 §4 and §5.4.1 of RFC 6376 speak is signed where
// it stands.
func TestLinesOfListsAreSigned(t *testing.T) {
	t.Parallel()
	const head = "From: <kith@sender.test>\r\nTo: <ann@there.test>\r\nList-Id: <news.sender.test>\r\n" +
		"List-Unsubscribe: <https://sender.test/u/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
		"Feedback-ID: a:b:c\r\nX-Other: y\r\n\r\n"
	keys := signingKeys(t, delivery.Ed25519)
	whole, err := mail.Sign([]byte(head+"text\r\n"), keys)
	if err != nil {
		t.Fatal(err)
	}
	all, err := dkim.VerifyWithOptions(bytes.NewReader(whole), &dkim.VerifyOptions{
		LookupTXT: func(string) ([]string, error) { return nil, errors.New("not asked") },
	})
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	want := "From To List-Unsubscribe List-Unsubscribe-Post List-ID Feedback-ID From"
	if got := strings.Join(all[0].HeaderKeys, " "); got != want {
		t.Errorf("signed are %s, want %s", got, want)
	}
	if got := holding(t, bytes.Replace(whole, []byte("One-Click"), []byte("Two-Click"), 1), keys); len(got) > 0 {
		t.Error("the line may be changed")
	}
}

func TestWithoutAKeyNothingIsSigned(t *testing.T) {
	content := []byte("From: <kith@sender.test>\r\n\r\ntext\r\n")
	if same, err := mail.Sign(content, nil); err != nil || !bytes.Equal(same, content) {
		t.Errorf("got %q, %v", same, err)
	}
	if _, err := mail.Sign(content, []message.SigningKey{{Domain: "sender.test", Selector: "none"}}); err == nil {
		t.Error("signed with a key that is none")
	}
}

func BenchmarkSignEd25519(b *testing.B) { benchmarkSign(b, delivery.Ed25519) }

func BenchmarkSignRSA(b *testing.B) { benchmarkSign(b, delivery.RSA) }

func BenchmarkSignBoth(b *testing.B) { benchmarkSign(b, delivery.Ed25519, delivery.RSA) }

// benchmarkSign signs a mail of 6.5 kB.
func benchmarkSign(b *testing.B, algorithms ...delivery.Algorithm) {
	out := letter(b, "ann@there.test")
	m := &out.Mail
	m.From.Address, m.HTML = "kith@sender.test", ""
	m.Text = strings.Repeat("It is a letter of six and a half kilobytes.\n", 142)
	content := mail.Render(out, m.From.Address, m.To.String())
	keys := signingKeys(b, algorithms...)
	b.ReportAllocs()
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if _, err := mail.Sign(content, keys); err != nil {
			b.Fatal(err)
		}
	}
}
