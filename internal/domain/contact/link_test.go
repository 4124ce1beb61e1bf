package contact_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/contact"
)

var (
	links = contact.NewLinks([]byte("0123456789abcdef0123456789abcdef"))
	noon  = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
)

func TestLinksAreReadAsTheyWereWritten(t *testing.T) {
	for _, l := range []contact.Link{
		{Purpose: contact.ToPreferences, Account: 1, Contact: 2},
		{Purpose: contact.ToUnsubscribe, Account: 1 << 40, Contact: 1 << 40, Ref: 1 << 40},
		{Purpose: contact.ToConfirm, Account: 3, Contact: 4, Ref: 5, Ends: noon.Add(time.Minute)},
	} {
		text := links.Text(l)
		if text != strings.ToLower(text) || len(text) > 80 {
			t.Errorf("%+v is written %q", l, text)
		}
		for _, as := range []string{text, strings.ToUpper(text)} {
			if got, err := links.Read(as, noon); err != nil || got != l {
				t.Errorf("%q is read %+v, %v; want %+v", as, got, err, l)
			}
		}
	}
}

func TestLinksThatAreNotWhole(t *testing.T) {
	l := contact.Link{Purpose: contact.ToConfirm, Account: 3, Contact: 4, Ref: 5, Ends: noon.Add(time.Minute)}
	text := links.Text(l)
	for i := range len(text) {
		for _, altered := range []string{text[:i], text[:i] + "q" + text[i:], text[:i] + flip(text[i]) + text[i+1:]} {
			// The last letter holds bits that say nothing.
			if got, err := links.Read(altered, noon); err == nil && got != l || err != nil && !errors.Is(err, contact.ErrLink) {
				t.Errorf("%q is read %+v, %v", altered, got, err)
			}
		}
	}
	other := contact.NewLinks([]byte("another key, another server's key"))
	if _, err := other.Read(text, noon); !errors.Is(err, contact.ErrLink) {
		t.Errorf("under another key: %v", err)
	}
	if got, err := links.Read(text, noon.Add(time.Minute)); !errors.Is(err, contact.ErrLinkEnded) || got != l {
		t.Errorf("out of date: %+v, %v", got, err)
	}
}

func flip(c byte) string {
	if c == 'a' {
		return "b"
	}
	return "a"
}

func FuzzLink(f *testing.F) {
	f.Add(links.Text(contact.Link{Purpose: contact.ToConfirm, Account: 3, Contact: 4, Ref: 5, Ends: noon}))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := links.Read(text, noon)
		if err != nil {
			return
		}
		if again, err := links.Read(links.Text(l), noon); err != nil || again != l {
			t.Errorf("%q is read %+v, and written and read %+v, %v", text, l, again, err)
		}
	})
}
