package secret_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/internal/base/secret"
)

func key(t *testing.T, text string) secret.Key {
	t.Helper()
	k, err := secret.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// What a purpose derives is written in databases and links: it may not change.
func TestDerivedKeysStayTheSame(t *testing.T) {
	k := key(t, strings.Repeat("k", 32))
	for p, want := range map[secret.Purpose]string{
		secret.Cursors:     "402406acad02ab922c5c589ce4ccb68ae15ae5f3eafd80997de04abced221af1",
		secret.SigningKeys: "db7bfb3184f9ffbfef4aa552851614807f16c2df8918c20bc6312b099236c7df",
	} {
		if got := hex.EncodeToString(k.Derive(p)); got != want {
			t.Errorf("%s: got %s, want %s", p, got, want)
		}
	}
}

func TestPurposesAndKeysAreApart(t *testing.T) {
	a, b := secret.New(), secret.New()
	seen := map[string]bool{}
	for _, k := range []secret.Key{a, b} {
		for _, p := range []secret.Purpose{secret.Cursors, secret.Links, secret.Refresh, secret.SigningKeys, secret.Erased, secret.Sessions} {
			seen[string(k.Derive(p))] = true
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d different keys, want 12", len(seen))
	}
	if a.Equal(b) || !a.Equal(key(t, a.Text())) {
		t.Error("Equal does not tell keys apart, or does not know a key again")
	}
}

func TestBox(t *testing.T) {
	k := secret.New()
	box := k.Box(secret.SigningKeys)
	sealed := box.Seal([]byte("private"), "kid-1")
	if bytes.Contains(sealed, []byte("private")) {
		t.Fatal("sealed in the open")
	}
	if got, err := box.Open(sealed, "kid-1"); err != nil || string(got) != "private" {
		t.Errorf("got %q, %v", got, err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() ([]byte, error){
		"another row":     func() ([]byte, error) { return box.Open(sealed, "kid-2") },
		"another purpose": func() ([]byte, error) { return k.Box(secret.Links).Open(sealed, "kid-1") },
		"another key":     func() ([]byte, error) { return secret.New().Box(secret.SigningKeys).Open(sealed, "kid-1") },
		"changed":         func() ([]byte, error) { return box.Open(changed, "kid-1") },
		"cut":             func() ([]byte, error) { return box.Open(sealed[:5], "kid-1") },
	} {
		if _, err := open(); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("%s: got %v, want ErrSealed", name, err)
		}
	}
}

func TestKeysAreNotShown(t *testing.T) {
	k := key(t, "hunter2-hunter2-hunter2-hunter2-hunter2")
	for _, shown := range []string{fmt.Sprint(k), fmt.Sprintf("%+v %#v %q", k, k, k), k.LogValue().String()} {
		if strings.Contains(shown, "hunter2") {
			t.Errorf("shown: %s", shown)
		}
	}
	if _, err := secret.Parse("hunter2"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a short key: %v", err)
	}
}
