package trace

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"kith/internal/base/fault"
)

func TestMask(t *testing.T) {
	const (
		json = "application/json; charset=utf-8"
		form = "application/x-www-form-urlencoded"
	)
	for _, c := range []struct{ name, media, body, want string }{
		{
			"an address in JSON", json, `{"email_address":{"address":"jan.moor@shop.example"},"first_name":"Jan"}`,
			`{"email_address":{"address":"j**.****@****.example"},"first_name":"Jan"}`,
		},
		{"an address that is none keeps its form", json, `{"address": "jan@@moor. example"}`, `{"address": "j**@@****. example"}`},
		{
			"an address in a text", json, `{"notes":[{"content":"wrote to jan@moor.example, twice"}]}`,
			`{"notes":[{"content":"wrote to j**@****.example, twice"}]}`,
		},
		{"an address whose sign is escaped", json, `{"x":"jan\u0040moor.example"}`, `{"x":"j**\u********.*******"}`},
		{
			"telephone numbers", json, `{"phone_numbers":[{"phone_number":"+31 6 1234-5678"},{"phone_number":31612345678}]}`,
			`{"phone_numbers":[{"phone_number":"+3* * ****-****"},{"phone_number":3**********}]}`,
		},
		{"a street", json, `{"street_addresses":[{"street":"Quay 7","city":"Moor"}]}`, `{"street_addresses":[{"street":"Q*** *","city":"Moor"}]}`},
		{"an array under a name", json, `{"emails":1,"email":["a.b@c.example",null]}`, `{"emails":1,"email":["a.*@*.example",null]}`},
		{"a secret", json, `{"client_secret":"s3cr et","kind":"x"}`, `{"client_secret":"*******","kind":"x"}`},
		{"an access key anywhere", json, `{"text":"use kith_abcdef12"}`, `{"text":"use *************"}`},
		{
			"lists and tags stay", json, `{"list_memberships":["0190a4d0-0000-7000-8000-000000000001"],"n":12345678901}`,
			`{"list_memberships":["0190a4d0-0000-7000-8000-000000000001"],"n":12345678901}`,
		},
		{"broken JSON", json, "{\"address\":\"jan@moor.example\",\n  \"a\" \"password\":\"x", "{\"address\":\"j**@****.example\",\n  \"a\" \"password\":\"*"},
		{"JSON that stops in the middle", json, `{"a":{"password":"abc\`, `{"a":{"password":"****`},
		{"JSON that calls itself something else", "text/plain", `{"password":"abc"}`, `{"password":"***"}`},
		{
			"a form", form, `grant_type=refresh_token&refresh_token=abc%2Fd&client%5Fsecret=x&email=jan%40moor.example`,
			`grant_type=refresh_token&refresh_token=*******&client%5Fsecret=*&email=j**%40****.example`,
		},
		{
			"XML", "application/atom+xml", `<Contact xmlns="http://x.example/"><c:EmailAddress>jan@moor.example</c:EmailAddress><HomePhone>0301234567</HomePhone><Note>Jan</Note></Contact>`,
			`<Contact xmlns="http://x.example/"><c:EmailAddress>j**@****.example</c:EmailAddress><HomePhone>0*********</HomePhone><Note>Jan</Note></Contact>`,
		},
		{"a table", "text/csv", "Email,Phone\njan@moor.example,0301234567\n", "Email,Phone\nj**@****.example,**********\n"},
		{"a token", "text/plain", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.abc", strings.Repeat("*", 40)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, cut := mask(c.media, false, []byte(c.body))
			if got != c.want || cut {
				t.Errorf("got  %s\nwant %s\ncut %v", got, c.want, cut)
			}
		})
	}
}

func TestCauseInWords(t *testing.T) {
	foreign := fault.New(fault.Unauthenticated, fault.CodeTokenForeign, "Not of this server.").Because(errors.New("jwt: signed with an unknown key"))
	internal := fault.Of(errors.New("disk on fire"))
	for _, c := range []struct {
		record Record
		want   string
	}{
		{Record{Fault: foreign}, "Not of this server. Precisely: signed with an unknown key."},
		{Record{Fault: foreign, Named: Named{Issuer: "https://x.example"}}, "Not of this server. Precisely: signed with an unknown key. The token says that it was issued by https://x.example."},
		{Record{Fault: fault.ErrNotFound.Because(errors.New("no rows"))}, "There is nothing with this id."},
		{Record{Fault: internal}, "The server failed to do this."},
		{Record{Fault: fault.ErrInvalid.With(fault.Problem{Path: "name", Message: "is missing"}, fault.Problem{Path: "email", Message: "is no jan@moor.example"})}, "name is missing, email is no j**@****.example"},
		{Record{Fault: fault.ErrConflict.With(fault.Problem{Path: "name", Message: "is taken"})}, "This contradicts something that exists. name is taken"},
		{Record{}, ""},
	} {
		c.record.Status = 400
		if got := finish(c.record).Cause; got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}

func TestPathsAndQueriesAreMasked(t *testing.T) {
	got := finish(Record{Request: Request{Path: "/ws/customers/ann@moor.example/lists", Query: "access_token=abc&email=ann%2Bx%40moor.example&limit=5", Agent: "bot (+ann@moor.example)"}})
	if got.Path != "/ws/customers/a**@****.example/lists" || got.Query != "access_token=***&email=a**%2B*%40****.example&limit=5" || got.Agent != "bot (+a**@****.example)" {
		t.Errorf("got %+v", got)
	}
}

func TestWhatIsSecretInOAuthAlone(t *testing.T) {
	const body = `{"code":"abc","state":"MI"}`
	if got, _ := mask("application/json", true, []byte(body)); got != `{"code":"***","state":"**"}` {
		t.Errorf("of OAuth: %s", got)
	}
	if got, _ := mask("application/json", false, []byte(body)); got != body {
		t.Errorf("of the API: %s", got)
	}
}

func TestOfATableTheHeadIsKept(t *testing.T) {
	got, cut := mask("multipart/form-data; boundary=x", false, []byte(strings.Repeat("Jan,Moor,12\n", 5000)))
	if !cut || len(got) > maxTable {
		t.Errorf("%d bytes are kept, cut %v", len(got), cut)
	}
}

// Whatever comes, it ends, no line or column moves, and an address that stands
// by itself in a string is not shown.
func FuzzMask(f *testing.F) {
	for _, media := range []string{"application/json", "application/x-www-form-urlencoded", "text/xml", "text/csv", "text/plain"} {
		f.Add(media, `{"address":"jan@moor.example"`)
		f.Add(media, "a=b&email=%")
		f.Add(media, "<a><Email>x</Email")
	}
	f.Fuzz(func(t *testing.T, media, body string) {
		if len(body) > 4096 {
			return
		}
		got, cut := mask(media, true, []byte(body))
		if clean := strings.ToValidUTF8(body, "\uFFFD"); !cut && utf8.RuneCountInString(got) != utf8.RuneCountInString(clean) {
			t.Errorf("%q became %q", clean, got)
		}
		hidden, _ := mask("application/json", false, []byte(`{"x":"jan.moor@shop.example","y":`+body))
		if strings.Contains(hidden, "moor@shop") {
			t.Errorf("the address is shown: %s", hidden)
		}
	})
}

func TestPlacesOfFaults(t *testing.T) {
	body := "{\n  \"email_address\": {\"address\": \"j**\"},\n  \"list_memberships\": [\"a\", \"bcd\"],\n  \"phone\": 3\n}"
	d := Detail{Body: Text{Text: body}, Line: 4, Column: 3, Problems: []fault.Problem{
		{Path: "email_address.address", Code: "format"},
		{Path: "list_memberships[1]", Code: "format"},
		{Path: "email_address.permission_to_send", Code: "required"},
		{Path: "create_source", Code: "required"},
	}}
	want := [][3]int{{2, 32, 5}, {3, 29, 5}, {2, 20, 1}, {1, 1, 1}, {4, 3, 1}}
	got := d.Places()
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i, p := range got {
		if at := [3]int{p.Line, p.Column, p.Length}; at != want[i] {
			t.Errorf("%s lies at %v, want %v", p.Path, at, want[i])
		}
	}
	d.Body.Text = "email=x"
	if p := d.Places()[0]; p.Line != 0 {
		t.Errorf("found in what is no JSON: %+v", p)
	}
}

func FuzzPlaces(f *testing.F) {
	f.Add(`{"a":[{"b":1},2]}`, "a[0].b")
	f.Add(`{"a":}`, "a[[..")
	f.Fuzz(func(t *testing.T, body, path string) {
		if len(body) > 4096 {
			return
		}
		d := Detail{Body: Text{Text: strings.ToValidUTF8(body, "?")}, Problems: []fault.Problem{{Path: path}}}
		p := d.Places()[0]
		lines := strings.Split(d.Body.Text, "\n")
		if p.Line > len(lines) || p.Line > 0 && p.Column > utf8.RuneCountInString(lines[p.Line-1])+1 {
			t.Errorf("%q lies at line %d, column %d of %q", path, p.Line, p.Column, body)
		}
	})
}
