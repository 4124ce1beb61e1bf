package request_test

import (
	"slices"
	"testing"

	"kith/internal/edge/request"
)

func TestQuery(t *testing.T) {
	for _, c := range []struct {
		name, raw, text string
		list            []string
	}{
		{"one", "k=a", "a", []string{"a"}},
		{"commas", "k=a,b,,c", "a,b,,c", []string{"a", "b", "c"}},
		{"escaped commas", "k=a%2Cb", "a,b", []string{"a", "b"}},
		{"repeated", "k=a&x=1&k=b", "b", []string{"a", "b"}},
		{"repeated, with commas", "k=a,b&k=c", "c", []string{"a", "b", "c"}},
		{"the eleventh repetition", "k=a&k[10]=b", "b", []string{"a", "b"}},
		{"empty brackets", "k%5B%5D=a&k[]=b", "b", []string{"a", "b"}},
		{"blanks", "k=+a+,%20b", "a , b", []string{"a", "b"}},
		{"empty", "k=", "", nil},
		{"no value", "k", "", nil},
		{"an escape that is none", "k=50%&x=%zz", "50%", []string{"50%"}},
		{"semicolons are text", "k=a;b", "a;b", []string{"a;b"}},
		{"an equals sign in the value", "k=a=b", "a=b", []string{"a=b"}},
	} {
		q := request.ParseQuery(c.raw)
		text, ok := q.Text("k")
		if !ok || text != c.text {
			t.Errorf("%s: text %q %v", c.name, text, ok)
		}
		if list := q.List("k"); !slices.Equal(list, c.list) {
			t.Errorf("%s: list %q", c.name, list)
		}
	}
	q := request.ParseQuery("&=x&other[key]=1&a=")
	if _, ok := q.Text("k"); ok || len(q) != 2 || q["other[key]"] == nil {
		t.Errorf("got %v", q)
	}
}
