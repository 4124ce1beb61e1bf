package request_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/edge/request"
)

func form(t *testing.T, contentType, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", strings.NewReader(strings.ReplaceAll(body, "\n", "\r\n")))
	r.Header.Set("Content-Type", contentType)
	return r
}

const formType = "multipart/form-data; boundary=b"

// read returns the parts of a form as texts, and how it ended.
func read(t *testing.T, r *http.Request) (parts []string, err error) {
	t.Helper()
	f, err := request.ReadForm(r)
	if err != nil {
		return nil, err
	}
	for part, err := range f.Parts() {
		if err != nil {
			return parts, err
		}
		text, err := part.Text()
		if err != nil {
			return parts, err
		}
		parts = append(parts, fmt.Sprintf("%s/%s=%s", part.Name, part.File, text))
	}
	return parts, nil
}

func TestForm(t *testing.T) {
	parts, err := read(t, form(t, formType, "--b\nContent-Disposition: form-data; name=\"a\"\n\none\n"+
		"--b\nContent-Disposition: form-data; name=\"file\"; filename=\"../x.csv\"\nContent-Type: text/csv\n\ntwo\n--b--\n"))
	if got := strings.Join(parts, " "); err != nil || got != "a/=one file/x.csv=two" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestPartThatIsNotReadIsPassedOver(t *testing.T) {
	f, err := request.ReadForm(form(t, formType, "--b\nContent-Disposition: form-data; name=\"a\"\n\n"+strings.Repeat("x", 1<<16)+
		"\n--b\nContent-Disposition: form-data; name=\"b\"\n\n2\n--b--\n"))
	if err != nil {
		t.Fatal(err)
	}
	var names string
	for part, err := range f.Parts() {
		if err != nil {
			t.Fatal(err)
		}
		names += part.Name
	}
	if names != "ab" {
		t.Errorf("met %q", names)
	}
}

func TestFormThatIsNone(t *testing.T) {
	part := "--b\nContent-Disposition: form-data; name=\"a\"\n\n"
	for _, c := range []struct {
		name, contentType, body string
		want                    error
	}{
		{"no type", "", "", request.ErrForm},
		{"JSON", "application/json", "{}", request.ErrForm},
		{"a form of another kind", "application/x-www-form-urlencoded", "a=1", request.ErrForm},
		{"no boundary", "multipart/form-data", part, request.ErrForm},
		{"nonsense", "multipart/form-data; boundary", part, request.ErrForm},
		{"empty", formType, "", fault.ErrMalformed},
		{"another boundary", formType, "--c\n", fault.ErrMalformed},
		{"cut off", formType, part + "x", fault.ErrMalformed},
		{"too long a text", formType, part + strings.Repeat("x", 70<<10) + "\n--b--\n", fault.ErrMalformed},
		{"too many parts", formType, strings.Repeat(part+"x\n", 101) + "--b--\n", fault.ErrMalformed},
	} {
		parts, err := read(t, form(t, c.contentType, c.body))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v %v", c.name, parts, err)
		}
	}
}

func TestDrain(t *testing.T) {
	r := form(t, formType, strings.Repeat("x", 1<<20))
	f, err := request.ReadForm(r)
	if err != nil {
		t.Fatal(err)
	}
	f.Drain()
	if n, err := io.Copy(io.Discard, r.Body); n != 0 || err != nil {
		t.Errorf("%d bytes are left, %v", n, err)
	}
}

func FuzzForm(f *testing.F) {
	f.Add("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b--\r\n")
	f.Add("--b\r\n\r\n\r\n--b")
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x", strings.NewReader(body))
		r.Header.Set("Content-Type", formType)
		if _, err := read(t, r); err != nil && !errors.Is(err, fault.ErrMalformed) {
			t.Fatalf("refused with %v", err)
		}
	})
}
