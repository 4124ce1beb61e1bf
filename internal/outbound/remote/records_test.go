package remote

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestRecords(t *testing.T) {
	t.Parallel()
	many := "[" + strings.Repeat(`{"email":"x"},`, 2*perImport) + `{"email":"y"}]`
	for text, want := range map[string]string{
		`[]`:                      "[0]",
		` [{"a":1}, {"b":[2]}] `:  "[2]",
		`{"import_data":[1,2,3]}`: "[3]",
		`{"x":{"import_data":[]},"import_data":[1],"list_ids":["l"]}`: "[1]",
		many:                 fmt.Sprintf("[%d %d 1]", perImport, perImport),
		``:                   "the file ends in the middle of its JSON",
		`{"import_data":[1]`: "the file ends in the middle of its JSON",
		`[1,`:                "the file ends in the middle of its JSON",
		`[1 2]`:              "the file is not JSON",
		`[1] 2`:              "the file goes on after its end",
		`{}`:                 "the file has no contacts",
		`{"import_data":{}}`: "the file has no contacts",
		`"import_data"`:      "the file has no contacts",
		`{"people":[1]}`:     "the file has no contacts",
		`email,first_name`:   "the file is not JSON",
	} {
		var some []int
		err := records(strings.NewReader(text), func(part []json.RawMessage) error {
			some = append(some, len(part))
			return nil
		})
		got := fmt.Sprint(some)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%.60s: %s, want %s", text, got, want)
		}
	}
}

// FuzzRecords holds what is taken to what is JSON.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{`[{"email":"a@b.example"},{}]`, `{"a":[1],"import_data":[{"x":"\u00e9"}],"b":{}}`, `[1,]`, `{"import_data":[]}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		err := records(strings.NewReader(text), func(part []json.RawMessage) error {
			n += len(part)
			return nil
		})
		if err == nil && !json.Valid([]byte(text)) {
			t.Fatalf("%q is taken, and is not JSON", text)
		}
		var all []json.RawMessage
		if json.Unmarshal([]byte(text), &all) == nil && all != nil && (err != nil || n != len(all)) {
			t.Fatalf("%q: %d of %d contacts, %v", text, n, len(all), err)
		}
	})
}
