package store

import (
	"encoding/json"
	"reflect"
	"testing"

	"kith/internal/base/id"
)

// FuzzContactText holds what is written and read by hand to what encoding/json
// does.
func FuzzContactText(f *testing.F) {
	f.Add("+1 202 555 0100", "work", "1 Elm Row", "", int64(1_700_000_000_000), uint8(1))
	f.Add(`5" <b>&`, `k\`, "Łódź \u2028", "a\x00\xff", int64(-1), uint8(3))
	f.Fuzz(func(t *testing.T, number, kind, street, country string, at int64, n uint8) {
		phones := make([]phoneRow, n%4+1)
		addresses := make([]addressRow, n%4+1)
		for i := range phones {
			phones[i] = phoneRow{id.UID{byte(i), 2}, number, kind, at, at + 1, i, int(n)}
			addresses[i] = addressRow{UID: id.UID{byte(i), 3}, Kind: kind, Street: street, Country: country, CreatedAt: at, UpdatedAt: -at}
			if i%2 == 1 {
				addresses[i].City, addresses[i].State, addresses[i].PostalCode = number, country, street
			}
		}
		check(t, phones, appendPhones, readPhones)
		check(t, addresses, appendAddresses, readAddresses)
	})
}

func check[T any](t *testing.T, rows []T, write func([]byte, []T) []byte, read func(string) ([]T, bool)) {
	t.Helper()
	want, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	got := write(nil, rows)
	if string(got) != string(want) {
		t.Fatalf("written as\n%s\nwant\n%s", got, want)
	}
	var usual []T
	if err := json.Unmarshal(want, &usual); err != nil {
		t.Fatal(err)
	}
	if by, ok := read(string(want)); ok && !reflect.DeepEqual(by, usual) {
		t.Fatalf("read as\n%+v\nwant\n%+v", by, usual)
	}
}

// FuzzReadContactText reads what nobody may ever have written.
func FuzzReadContactText(f *testing.F) {
	f.Add(`[{"id":"00000000-0000-0000-0000-000000000000","n":"1","k":"home","c":1,"u":2,"cs":1,"us":1}]`)
	f.Add(`[{"id":"00000000-0000-0000-0000-000000000000","k":"home","s":"x","c":1,"u":2},{"id":"00000000-0000-0000-0000-000000000000","k":"work","c":1,"u":-0}]`)
	f.Fuzz(func(t *testing.T, text string) {
		agrees(t, text, readPhones)
		agrees(t, text, readAddresses)
	})
}

func agrees[T any](t *testing.T, text string, read func(string) ([]T, bool)) {
	t.Helper()
	by, ok := read(text)
	if !ok {
		return
	}
	var usual []T
	if err := json.Unmarshal([]byte(text), &usual); err == nil && !reflect.DeepEqual(by, usual) {
		t.Fatalf("%q read as\n%+v\nwant\n%+v", text, by, usual)
	}
}
