package apiv3_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/test/contract"
)

// Every status that the contract or the served document lists for an operation
// of contacts and accounts is answered by a call here, is declared absent in
// docs/divergences.md, or cannot be provoked, for the reason that
// notProvoked gives. 500 and 503 are left to the tests of the store and of the
// server.
//
// What is alike for all operations is done by rule: 401, 403 and 429 by the
// token, 400 by a body that is no JSON, 415 by one that says so, 404 by an id
// of nothing in place of that of the first success. The rest are the tries of
// the table.
func TestEveryStatus(t *testing.T) {
	w := alone(t)
	facts, err := contract.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	declared, err := contract.ReadRows()
	if err != nil {
		t.Fatal(err)
	}
	s := newStatuses(w)
	excused := maps.Clone(notProvoked)
	concerned := 0
	for _, o := range facts.Operations {
		if !slices.ContainsFunc(contactPaths, func(p string) bool { return o.Path == p || strings.HasPrefix(o.Path, p+"/") }) {
			continue
		}
		concerned++
		served := s.served[o.String()]
		if !served.built {
			continue // TestWhoMayCall has its 501
		}
		if len(s.tries[o.String()]) == 0 {
			t.Errorf("%s: has no tries", o)
			continue
		}
		provoked := s.provoke(served)
		listed := slices.Concat(slices.Collect(maps.Keys(o.Answers)), o.Failures, served.statuses)
		slices.Sort(listed)
		for _, status := range slices.Compact(listed) {
			where := o.String() + " " + status
			if status == "500" || status == "503" {
				continue
			}
			switch why, is := excused[where]; {
			case provoked[status] && is:
				t.Errorf("%s: is provoked, though %s", where, why)
			case !provoked[status] && !is && !declared.Allow(where, contract.KindAbsent):
				t.Errorf("%s: is provoked by nothing", where)
			}
			delete(excused, where)
		}
	}
	if concerned != 54 {
		t.Errorf("%d operations, want 54", concerned)
	}
	for where := range excused {
		t.Errorf("%s: is listed by neither the contract nor the document", where)
	}
}

var contactPaths = []string{
	"/account", "/activities", "/contact_exports", "/segments", "/contacts", "/contact_custom_fields", "/contact_lists", "/contact_tags",
}

// notProvoked are statuses that nothing can provoke.
var notProvoked = map[string]string{
	"POST /contacts/sign_up_form 409": "an address would have to be taken by another call, three times over, between the question and the write",
}

// try is a call with the status that it is to get. Words that begin with a
// dollar stand for ids.
type try struct {
	status int
	path   string // below /v3; what follows the operation's path where it begins with ? or is empty
	body   string
	form   []part
	// stranger makes the call in another account, which is new.
	stranger bool
}

type statuses struct {
	*world
	served map[string]row
	tries  map[string][]try
	ids    *strings.Replacer
	owner  *client
	other  *client // in another account
	off    *client // of a deactivated application
	rate   *client // of an application that may call once a day
}

const nothing = "019f0000-0000-7000-8000-000000000001"

func newStatuses(w *world) *statuses {
	w.t.Helper()
	s := &statuses{world: w, served: map[string]row{}, owner: w.client(), other: w.stranger(), tries: statusTries()}
	for _, r := range rows(w.t) {
		s.served[r.method+" "+r.path] = r
	}
	off := w.application(w.ann, "")
	s.off = &client{w: w, token: w.token(w.ann, off, oauth.AllScopes()...)}
	if _, err := w.oauth.SetActive(w.t.Context(), w.ann, off.UID, false); err != nil {
		w.t.Fatal(err)
	}
	s.rate = &client{w: w, token: w.token(w.ann, w.application(w.ann, "1/s,1/d"), oauth.AllScopes()...)}
	s.rate.call(http.MethodGet, "/v3/contacts", nil).status(200)

	c := s.owner
	c.call(http.MethodPut, "/v3/account/summary/physical_address", object{"address_line1": "1 Elm Street", "city": "Paris", "country_code": "FR"}).status(200)
	contact := func(address, permission string) string {
		return c.call(http.MethodPost, "/v3/contacts", object{
			"email_address": object{"address": address, "permission_to_send": permission}, "create_source": "Account",
		}).status(201).text("contact_id")
	}
	segment := func(name string) string {
		return c.call(http.MethodPost, "/v3/segments", object{"name": name, "segment_criteria": rules(inRome)}).status(201).text("segment_id")
	}
	exported := c.call(http.MethodPost, exportPath, object{}).status(201)
	w.work()
	s.ids = strings.NewReplacer(
		"$list1", c.newList("Gold"), "$list2", c.newList("Silver"), "$list3", c.newList("Doomed"), "$list4", c.newList("Doomed too"),
		"$contact", contact("ann@example.org", "explicit"), "$left", contact("bob@example.org", "unsubscribed"), "$doomed", contact("cat@example.org", "implicit"),
		"$tag1", w.newTag("vip"), "$tag2", w.newTag("old"), "$tag3", w.newTag("doomed"), "$tag4", w.newTag("doomed too"),
		"$field1", w.newField("Shoe size"), "$field2", w.newField("Colour"), "$field3", w.newField("Doomed"), "$field4", w.newField("Doomed too"),
		"$segment1", segment("Romans"), "$segment2", segment("Others"), "$segment3", segment("Doomed"),
		"$activity", exported.text("activity_id"), "$export", strings.TrimPrefix(exported.text("_links.results.href"), "/v3/contact_exports/"),
		"$only", s.other.newList("Only"), "$nothing", nothing,
	)
	return s
}

// newField makes a custom field for text and returns its id.
func (w *world) newField(label string) string {
	w.t.Helper()
	f, err := w.contacts.CreateField(w.t.Context(), w.ann, contact.NewField{Label: label, Type: contact.TypeString}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return f.UID.String()
}

// provoke does all tries of an operation and returns the statuses that came.
func (s *statuses) provoke(r row) map[string]bool {
	s.t.Helper()
	name := r.method + " " + r.path
	provoked := map[string]bool{}
	do := func(c *client, try try, headers ...string) {
		s.t.Helper()
		path := try.path
		if path == "" || path[0] == '?' {
			path = r.path + path
		}
		path = "/v3" + s.ids.Replace(path)
		var got answer
		if try.form != nil {
			got = c.upload(path, s.filled(try.form)...)
		} else {
			got = c.call(r.method, path, s.ids.Replace(try.body), headers...)
		}
		if got.Code != try.status {
			s.t.Errorf("%s: %s %s %s: %d %s, want %d: %s", name, r.method, path, try.body, got.Code, got.Header().Get("Kith-Error-Code"), try.status, got.Body)
			return
		}
		provoked[fmt.Sprint(got.Code)] = true
	}
	tries := s.tries[name]
	first := tries[slices.IndexFunc(tries, func(t try) bool { return t.status < 300 })]
	at := strings.NewReplacer("{segment_id}", "999999", "{", "$nothing{").Replace(r.path)
	for strings.Contains(at, "{") {
		before, rest, _ := strings.Cut(at, "{")
		_, after, _ := strings.Cut(rest, "}")
		at = before + after
	}
	do(&client{w: s.world}, try{status: 401, path: at})
	do(s.off, try{status: 403, path: at})
	do(s.rate, try{status: 429, path: at})
	if len(r.media) > 0 {
		do(s.owner, try{status: 415, path: at, body: "x"}, "Content-Type", "text/plain")
	}
	if slices.Contains(r.media, "application/json") {
		do(s.owner, try{status: 400, path: at, body: "{"})
	}
	if at != r.path {
		do(s.owner, try{status: 404, path: at, body: first.body})
	}
	for _, t := range tries {
		if t.stranger {
			do(s.other, t)
		} else {
			do(s.owner, t)
		}
	}
	return provoked
}

func (s *statuses) filled(form []part) []part {
	form = slices.Clone(form)
	for i := range form {
		form[i].body = s.ids.Replace(form[i].body)
	}
	return form
}
