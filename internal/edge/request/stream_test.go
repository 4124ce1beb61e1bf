package request_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/edge/request"
)

func stream(t *testing.T, body string) (map[string]any, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	s, err := request.ReadStream(r)
	if err != nil {
		return nil, err
	}
	all := map[string]any{}
	err = s.Object(func(name string) (err error) {
		if !strings.HasPrefix(name, "many") {
			all[name], err = s.Value()
			return err
		}
		list := []any{}
		other, err := s.Array(func(i int) error {
			if i != len(list) {
				t.Errorf("element %d has the index %d", len(list), i)
			}
			v, err := s.Value()
			list = append(list, v)
			return err
		})
		all[name] = list
		if other != "" {
			all[name] = other
		}
		return err
	})
	return all, err
}

func TestStream(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]map[string]any{
		`{}`:              {},
		"\ufeff{\"a\":1}": {"a": json.Number("1")},
		" {\"many\" : [ {\"a\":\"]\\\"}\"} , [1,[2]],3 , true ] ,\n \"b\":\"x:y\" } \n": {
			"many": []any{map[string]any{"a": `]"}`}, []any{json.Number("1"), []any{json.Number("2")}}, json.Number("3"), true}, "b": "x:y",
		},
		`{"many": []}`:      {"many": []any{}},
		`{"many": {"a":1}}`: {"many": "an object"},
		`{"many": null}`:    {"many": "null"},
	} {
		if got, err := stream(t, body); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v", body, got, err)
		}
	}
}

func TestStreamThatIsMalformed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                                     "The body is empty; it must be a JSON object.",
		" \n":                                  "The body is empty; it must be a JSON object.",
		`[1]`:                                  "The body must be a JSON object; it is an array.",
		`{"a":1,}`:                             "line 1, column 8: a name in quotes is looked for",
		"{\n \"é\" 1}":                         "line 2, column 6: a colon is looked for after a name",
		`{"a":1 "b":2}`:                        "line 1, column 8: a comma or } is looked for",
		"{\"many\":[\n{\"a\":1},\n{\"é\":x}]}": "line 3, column 6: invalid character 'x' looking for beginning of value",
		`{"many":[1,]}`:                        "line 1, column 12: invalid character ']' looking for beginning of value",
		`{"many":[1 2]}`:                       "line 1, column 12: a comma or ] is looked for",
		`{"many":[1`:                           "line 1, column 11: the body ends before it is complete",
		`{"a":"x`:                              "line 1, column 8: the body ends before it is complete",
		`{"a":1} {`:                            "line 1, column 9: there is more after the end of the JSON value",
		"{\"a\":\"\xff\"}":                     "line 1, column 7: the body is not UTF-8",
	} {
		_, err := stream(t, body)
		if f := fault.Of(err); err == nil || !errors.Is(err, fault.ErrMalformed) || f.Message != want {
			t.Errorf("%q: got %v, want %s", body, err, want)
		}
	}
	deep := `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`
	if _, err := stream(t, deep); !errors.Is(err, fault.ErrMalformed) {
		t.Errorf("100 deep: %v", err)
	}
	long := `{"a":"` + strings.Repeat("x", request.MaxStreamed) + `"}`
	if _, err := stream(t, long); !fault.Is(err, fault.Invalid) || fault.Of(err).Code != string(fault.CodeTooLarge) {
		t.Errorf("a long value: %v", err)
	}
}

// A stream takes what a body that is read whole is taken for, and no more.
func FuzzStream(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":"]"}],"many":[1,"x",[2]]}`, `{"many":{"a":1}}`, `{"a":1e5 , "b":"\u00e9\\"}`, `{"a":1,}`, `{]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		whole, failed := request.ParseJSON([]byte(body))
		got, err := stream(t, body)
		if (err == nil) != (failed == nil) {
			t.Fatalf("%s: as a stream %v, whole %v", strconv.Quote(body), err, failed)
		}
		if err != nil {
			return
		}
		for name, v := range whole {
			if !strings.HasPrefix(name, "many") && !reflect.DeepEqual(v, got[name]) {
				t.Fatalf("%s: got %v, want %v", name, got[name], v)
			}
		}
	})
}
