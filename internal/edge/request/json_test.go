package request_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/edge/request"
)

func post(t *testing.T, contentType, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

func TestBodyThatIsNoJSONObject(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"trailing comma", "{\n  \"a\": 1,\n}", "line 3, column 1: invalid character '}' looking for beginning of object key string"},
		{"column counts characters", `{"é€": x}`, "line 1, column 8: invalid character 'x' looking for beginning of value"},
		{"single quotes", "{'a': 1}", "line 1, column 2: invalid character '\\'' looking for beginning of object key string"},
		{"cut off", `{"a": [1, 2`, "line 1, column 12: the body ends before it is complete"},
		{"two values", "{}\n {}", "line 2, column 2: there is more after the end of the JSON value"},
		{"Latin-1", "{\"a\":\n\"caf\xe9\"}", "line 2, column 5: the body is not UTF-8"},
		{"deep", strings.Repeat("[", 65) + strings.Repeat("]", 65), "line 1, column 65: arrays and objects stand more than 64 deep"},
		{"empty", "", "The body is empty; it must be a JSON object."},
		{"blank", " \r\n", "The body is empty; it must be a JSON object."},
		{"null", "null", "The body must be a JSON object; it is null."},
		{"array", "[]", "The body must be a JSON object; it is an array."},
		{"string", `"x"`, "The body must be a JSON object; it is a string."},
	} {
		_, err := request.JSON(post(t, "application/json", c.body))
		if !errors.Is(err, fault.ErrMalformed) || fault.Of(err).Message != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func TestBodyThatIsTaken(t *testing.T) {
	for _, c := range []struct{ name, contentType, body string }{
		{"plain", "application/json", `{"a":1}`},
		{"charset", "application/json; charset=utf-8", `{"a":1}`},
		{"type not said", "", `{"a":1}`},
		{"a kind of JSON", "application/vnd.kith+json", `{"a":1}`},
		{"byte order mark", "application/json", "\ufeff{\"a\":1}"},
		{"brackets in text", "application/json", `{"a":"` + strings.Repeat("[", 100) + `\"["}`},
		{"as deep as may be", "application/json", strings.Repeat(`{"a":`, 63) + "{}" + strings.Repeat("}", 63)},
	} {
		if _, err := request.JSON(post(t, c.contentType, c.body)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestBodyInAnotherForm(t *testing.T) {
	for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense/"} {
		if _, err := request.JSON(post(t, contentType, `{}`)); !errors.Is(err, request.ErrMediaType) {
			t.Errorf("%s: %v", contentType, err)
		}
	}
	r := post(t, "application/json", `{}`)
	r.Header.Set("Content-Encoding", "gzip")
	if _, err := request.JSON(r); !errors.Is(err, request.ErrMediaType) {
		t.Errorf("compressed: %v", err)
	}
}

func TestBodyTooLarge(t *testing.T) {
	_, err := request.JSON(post(t, "", `{"a":"`+strings.Repeat("x", request.MaxJSON)+`"}`))
	if f := fault.Of(err); f.Code != string(fault.CodeTooLarge) || f.Kind != fault.Invalid {
		t.Errorf("got %v", err)
	}
}

type base struct {
	Plain string `json:"plain"`
}

type person struct {
	Name request.Opt[string] `json:"name"`
	Age  request.Opt[int]    `json:"age"`
	base
	Choices  []request.Word         `json:"choices"`
	Sure     bool                   `json:"sure"`
	Height   float64                `json:"height"`
	Since    request.Opt[time.Time] `json:"since"`
	Lists    request.Opt[[]id.UID]  `json:"lists"`
	Children request.Opt[[]person]  `json:"children"`
	Address  request.Opt[struct {
		City request.Opt[string] `json:"city"`
	}] `json:"address"`
}

func decodePerson(t *testing.T, body string) (person, fault.Problems) {
	t.Helper()
	object, err := request.ParseJSON([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var problems fault.Problems
	return request.Decode[person](object, &problems), problems
}

func TestDecode(t *testing.T) {
	got, problems := decodePerson(t, `{
		"name": null, "age": 4e1, "plain": "p", "sure": true, "height": 1.5, "since": "2026-03-01", "unknown": {"x": [1]},
		"lists": ["019F0000-0000-7000-8000-000000000001"], "children": [{"name": "Jo"}], "address": {"city": ""},
		"choices": ["1", 2]
	}`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if _, ok := got.Name.Value.Value(); ok || !got.Name.Given() {
		t.Errorf("name: %+v", got.Name)
	}
	if len(got.Choices) != 2 || got.Choices[1] != "2" {
		t.Errorf("choices: %q", got.Choices)
	}
	if got.Age.Or(0) != 40 || got.Plain != "p" || !got.Sure || got.Height != 1.5 {
		t.Errorf("got %+v", got)
	}
	if want := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC); !got.Since.Or(time.Time{}).Equal(want) {
		t.Errorf("since: %+v", got.Since)
	}
	if lists := got.Lists.Or(nil); len(lists) != 1 || lists[0].String() != "019f0000-0000-7000-8000-000000000001" {
		t.Errorf("lists: %+v", got.Lists)
	}
	if children := got.Children.Or(nil); len(children) != 1 || children[0].Name.Or("") != "Jo" || children[0].Age.Given() {
		t.Errorf("children: %+v", got.Children)
	}
	address, ok := got.Address.Value.Value()
	if city, given := address.City.Value.Value(); !ok || !given || city != "" {
		t.Errorf("address: %+v", got.Address)
	}
}

func TestEveryWrongTypeIsTold(t *testing.T) {
	got, problems := decodePerson(t, `{
		"name": 5, "age": "old", "plain": {}, "sure": "yes", "height": [], "since": "soon",
		"lists": ["x", 3, null, "019f0000-0000-7000-8000-000000000001"],
		"children": [{"age": 1.5}, 7, {"name": [], "children": "none"}],
		"address": "here"
	}`)
	var told []string
	for _, p := range problems {
		told = append(told, p.String())
	}
	want := []string{
		"name must be a string, not a number",
		"age must be a whole number, not a string",
		"plain must be a string, not an object",
		"sure must be true or false, not a string",
		"height must be a number, not an array",
		"since is not a time such as 2026-03-01 or 2026-03-01T17:05:09Z",
		"lists[0] is not a UUID",
		"lists[1] must be a string, not a number",
		"lists[2] must be a string, not null",
		"children[0].age must be a whole number",
		"children[1] must be an object, not a number",
		"children[2].name must be a string, not an array",
		"children[2].children must be an array, not a string",
		"address must be an object, not a string",
	}
	if strings.Join(told, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	if got.Name.Given() || got.Address.Given() {
		t.Error("what could not be read counts as given")
	}
	if lists := got.Lists.Or(nil); len(lists) != 4 || lists[3].IsZero() || !lists[0].IsZero() {
		t.Errorf("lists lost their places: %v", lists)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"name": "x", "children": [{"age": 1}], "lists": [null]}`))
	f.Add([]byte("{\"a\":\"\xff\"}"))
	f.Add([]byte(`{"a":1}{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		object, err := request.ParseJSON(data)
		if err != nil {
			if !errors.Is(err, fault.ErrMalformed) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		var problems fault.Problems
		request.Decode[person](object, &problems)
		for _, p := range problems {
			if p.Path == "" || p.Message == "" {
				t.Fatalf("a problem without path or text: %+v", p)
			}
		}
	})
}
