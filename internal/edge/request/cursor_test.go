package request_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/base/page"
	"kith/internal/edge/request"
)

var cursors = request.NewCursors(bytes.Repeat([]byte{7}, 32))

var someCursor = request.Cursor{
	Operation: "GET /v3/contacts", Account: 3, Limit: 50, Filter: "status=active&lists=1,2",
	After: page.Position{Time: -5, Text: "roy", Number: 1 << 40},
}

func TestCursorComesBack(t *testing.T) {
	text := cursors.Text(someCursor)
	if text != strings.ToLower(text) || strings.Contains(text, "=") {
		t.Errorf("not lower-case base32 without padding: %s", text)
	}
	for _, form := range []string{text, strings.ToUpper(text)} {
		got, err := cursors.Read(form, someCursor.Operation, someCursor.Account)
		if err != nil || got != someCursor {
			t.Errorf("got %+v, %v", got, err)
		}
	}
}

// Cursors outlive an upgrade: this one was given out by the first release.
func TestCursorOfTheFirstForm(t *testing.T) {
	got, err := cursors.Read(firstForm, someCursor.Operation, someCursor.Account)
	if err != nil || got != someCursor {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestCursorIsRefused(t *testing.T) {
	text, other := cursors.Text(someCursor), someCursor
	other.Account++
	for _, c := range []struct{ name, text, operation string }{
		{"another account's", cursors.Text(other), someCursor.Operation},
		{"another operation's", text, "GET /v3/contact_lists"},
		{"one character changed", "b" + text[1:], someCursor.Operation},
		{"cut off", text[:len(text)-8], someCursor.Operation},
		{"empty", "", someCursor.Operation},
		{"no base32", "limit=50&next=3", someCursor.Operation},
		{"far too long", strings.Repeat("a", 1<<20), someCursor.Operation},
		{"another key's", request.NewCursors([]byte("other")).Text(someCursor), someCursor.Operation},
	} {
		if _, err := cursors.Read(c.text, c.operation, someCursor.Account); !errors.Is(err, fault.ErrCursor) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(cursors.Text(someCursor))
	f.Add(cursors.Text(request.Cursor{Operation: someCursor.Operation, Account: 3}))
	f.Add("")
	f.Add("aebagbaeaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := cursors.Read(text, someCursor.Operation, 3)
		if err != nil {
			if !errors.Is(err, fault.ErrCursor) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		again, err := cursors.Read(cursors.Text(got), someCursor.Operation, 3)
		if err != nil || again != got {
			t.Fatalf("%+v came back as %+v, %v", got, again, err)
		}
	})
}

// Whatever is signed comes back, and whatever stands behind the signature is
// read without harm: the key is known here, so the fuzzer gets past it.
func FuzzCursorFields(f *testing.F) {
	f.Add("status=all", int64(9), int64(-1), "x", int64(3), 50)
	f.Fuzz(func(t *testing.T, filter string, number, at int64, text string, account int64, limit int) {
		c := someCursor
		c.Filter, c.Limit, c.After = filter, limit, page.Position{Time: at, Text: text, Number: number}
		if len(filter)+len(text) > 4096 {
			return
		}
		got, err := cursors.Read(cursors.Text(c), c.Operation, c.Account)
		if err != nil || got != c {
			t.Fatalf("%+v came back as %+v, %v", c, got, err)
		}
	})
}

const firstForm = "aedgif3torqxi5lthvqwg5djozssm3djon2hgpjrfqzataeaqcaiaqadojxxtf3kjnuttcw77uzekaryhmj73wa"
