package page_test

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/base/fault"
	"kith/internal/edge/page"
	"kith/web"
)

func TestFormShowsFaultsInTheOrderOfItsFields(t *testing.T) {
	f := page.NewForm(page.Field{Name: "email", Label: "Email"}, page.Field{Name: "password", Label: "Password", Type: "password"})
	if !f.Field("email").Focus || f.Field("password").Focus || f.Field("email").Type != "text" {
		t.Errorf("a fresh form: %+v", f)
	}
	r := httptest.NewRequest("POST", "/", strings.NewReader("email=a%40b&password=secret"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f.Keep(r)
	if f.Field("email").Value != "a@b" || f.Field("password").Value != "" || !f.Field("password").Focus {
		t.Errorf("what was typed: %+v", f)
	}
	f.Fail(fault.ErrInvalid.With(
		fault.Problem{Path: "color", Message: "is missing"}, fault.Problem{Path: "password", Message: "is short"},
		fault.Problem{Path: "email", Message: "has no dot"}, fault.Problem{Path: "email", Message: "is old"}))
	want := []page.Fault{{Field: "email", Text: "Email has no dot."}, {Field: "password", Text: "Password is short."}, {Text: "color is missing."}}
	if !reflect.DeepEqual(f.Faults, want) {
		t.Errorf("faults %v, want %v", f.Faults, want)
	}
	if x := f.Field("email"); !x.Focus || x.Wrong != "Email has no dot." || x.DescribedBy() != "email-wrong" || f.Field("password").Focus {
		t.Errorf("the first faulty field %+v", x)
	}
}

func TestFormTellsOtherFaultsInASentence(t *testing.T) {
	f := page.NewForm(page.Field{Name: "email", Label: "Email", Value: "x"})
	f.Fail(fault.New(fault.TooMany, fault.CodeAttempts, "Wait."))
	if f.Alert != "Wait." || len(f.Faults) != 0 {
		t.Errorf("%+v", f)
	}
}

func TestBrokenPagesAreRefused(t *testing.T) {
	layout := &fstest.MapFile{Data: []byte(`{{define "layout"}}{{static "a.css"}}{{template "main" .Data}}{{end}}`)}
	css := &fstest.MapFile{Data: []byte("p{}")}
	for name, root := range map[string]fstest.MapFS{
		"no layout":    {"pages/x.html": {Data: []byte(`{{define "main"}}{{end}}`)}},
		"no main":      {"pages/layout.html": layout, "pages/x.html": {Data: []byte(`{{define "other"}}{{end}}`)}, "static/a.css": css},
		"not readable": {"pages/layout.html": layout, "pages/x.html": {Data: []byte(`{{define "main"}}{{if}}{{end}}`)}, "static/a.css": css},
	} {
		if _, err := page.Load(root); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	s, err := page.Load(fstest.MapFS{
		"pages/layout.html": layout, "static/a.css": css,
		"pages/x.html": {Data: []byte(`{{define "main"}}before {{.Nothing.There}}{{end}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"x", "unknown"} {
		w := httptest.NewRecorder()
		if err := s.Render(w, 200, name, page.Page{Data: struct{ Nothing *struct{ There int } }{}}); err == nil {
			t.Errorf("%s: rendered", name)
		}
		if w.Body.Len() != 0 || len(w.Header()) != 0 {
			t.Errorf("%s: half of it was sent", name)
		}
	}
}

func TestOurPagesLoad(t *testing.T) {
	if _, err := page.Load(web.Public()); err != nil {
		t.Error(err)
	}
}
