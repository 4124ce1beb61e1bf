package jwt_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/domain/oauth/jwt"
)

// A key is slow to make; the tests share two.
var keys = sync.OnceValue(func() [2]jwt.Key {
	var k [2]jwt.Key
	for i := range k {
		var err error
		if k[i], err = jwt.NewKey(); err != nil {
			panic(err)
		}
	}
	return k
})

func claims() jwt.Claims {
	at := time.Date(2026, 3, 1, 17, 5, 9, 0, time.UTC)
	return jwt.Claims{
		ID: "AT.x", Issuer: "https://kith.example/oauth2/default", Audience: "https://kith.example/v3",
		IssuedAt: at, ExpiresAt: at.Add(24 * time.Hour), AuthTime: at.Add(-time.Minute),
		ClientID: "0195a3c0-0000-7000-8000-000000000001", UserID: "42", Username: "ann@shop.example",
		UserUID: "0195a3c0-0000-7000-8000-000000000002", Scopes: []string{"contact_data", "offline_access"},
	}
}

func find(kid string) (jwt.Key, bool) {
	k := keys()[0]
	return k, kid == k.ID
}

func TestATokenSaysWhatTheContractNames(t *testing.T) {
	token, err := keys()[0].Sign(claims())
	if err != nil {
		t.Fatal(err)
	}
	part := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(part[1])
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"aud", "auth_time", "cid", "exp", "iat", "iss", "jti", "platform_user_id", "scp", "sub", "uid", "ver"}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Errorf("claims are %v, want %v", names, want)
	}
	if _, ok := got["scp"].([]any); !ok || got["ver"] != 1.0 || got["sub"] != "ann@shop.example" {
		t.Errorf("claims are %v", got)
	}
}

func TestVerify(t *testing.T) {
	k := keys()
	token, err := k[0].Sign(claims())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := jwt.Verify(token, find); err != nil || !reflect.DeepEqual(got, claims()) {
		t.Errorf("got %+v, %v", got, err)
	}
	foreign, err := k[1].Sign(claims())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := jwt.Verify(foreign, find); !errors.Is(err, jwt.ErrUnknownKey) || got.Issuer != claims().Issuer {
		t.Errorf("a token of another key: %+v, %v", got, err)
	}
	part := strings.Split(token, ".")
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + part[1] + "."
	symmetric := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"`+k[0].ID+`"}`)) + "." + part[1] + "." + part[2]
	other := base64.RawURLEncoding.EncodeToString([]byte(`{"ver":1,"sub":"eve"}`))
	for name, bad := range map[string]string{
		"empty": "", "words": "not a token", "two parts": part[0] + "." + part[1], "four parts": token + ".x",
		"other claims": part[0] + "." + other + "." + part[2], "no signature": part[0] + "." + part[1] + ".",
		"alg none": unsigned, "alg HS256": symmetric, "too long": token + strings.Repeat("A", jwt.MaxLength),
		"signature of another key": part[0] + "." + part[1] + "." + strings.Split(foreign, ".")[2],
	} {
		if got, err := jwt.Verify(bad, find); !errors.Is(err, jwt.ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestKeysAreKept(t *testing.T) {
	k := keys()[0]
	again, err := jwt.ParseKey(k.Private())
	if err != nil || again.ID != k.ID || len(k.ID) != 43 {
		t.Fatalf("got %q, %v; want %q", again.ID, err, k.ID)
	}
	if p := k.Public(); !p.IsPublic() || p.KeyID != k.ID || p.Use != "sig" || p.Algorithm != "RS256" {
		t.Errorf("the public part is %+v", p)
	}
	if _, err := jwt.ParseKey([]byte("x")); err == nil {
		t.Error("words are taken for a key")
	}
}

func BenchmarkVerify(b *testing.B) {
	token, err := keys()[0].Sign(claims())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := jwt.Verify(token, find); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	token, err := keys()[0].Sign(claims())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := jwt.Verify(text, find); err == nil && !reflect.DeepEqual(got, claims()) {
			t.Errorf("%q is taken, as %+v", text, got)
		}
	})
}
