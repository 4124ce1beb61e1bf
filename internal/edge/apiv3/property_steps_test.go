package apiv3_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"pgregory.net/rapid"
)

// What is drawn. Few addresses and names make calls meet each other.

func address(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a@example.org", "b@example.org", "c@example.org", "d@example.org", "A@Example.org"}).Draw(t, "address")
}

func first(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "Jo", "Lu"}).Draw(t, "first name")
}

// some draws ids of groups, at least so many; at most one is of a group that
// is deleted, where gone allows it.
func some(t *rapid.T, what string, groups []*group, least int, gone bool) []string {
	if !gone {
		groups = present(groups)
	}
	ids := []string{}
	if len(groups) == 0 {
		return ids
	}
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(groups)-1), least, min(3, len(groups)), rapid.ID).Draw(t, what) {
		ids = append(ids, groups[i].id)
	}
	return ids
}

// oneOf draws a contact, and skips the step where there is none.
func (p *pair) oneOf(t *rapid.T) *person {
	if len(p.m.people) == 0 {
		t.Skip("nobody is there")
	}
	return p.m.people[rapid.IntRange(0, len(p.m.people)-1).Draw(t, "contact")]
}

// oneWho draws one of those of whom something is true, and anybody where it is
// true of nobody.
func (p *pair) oneWho(t *rapid.T, is func(*person) bool) *person {
	var some []*person
	for _, one := range p.m.people {
		if is(one) {
			some = append(some, one)
		}
	}
	if len(some) == 0 {
		return p.oneOf(t)
	}
	return rapid.SampledFrom(some).Draw(t, "contact")
}

// writing draws the body of a POST or a PUT, which mostly keeps the address
// that a contact has.
func (p *pair) writing(t *rapid.T, sourceName, has string) (in written, body object) {
	in.source = rapid.SampledFrom([]string{byAccount, byAccount, byContact}).Draw(t, sourceName)
	in.first = first(t)
	body = object{sourceName: in.source}
	if in.first != "" {
		body["first_name"] = in.first
	}
	if rapid.IntRange(0, 3).Draw(t, "email") > 0 {
		in.mail = &mail{address: has}
		if has == "" || rapid.IntRange(0, 3).Draw(t, "other address") == 0 {
			in.mail.address = address(t)
		}
		e := object{"address": in.mail.address}
		in.mail.permission = rapid.SampledFrom([]string{"", "", implicit, explicit, unsubscribed, unsubscribed, notSet, pending, tempHold}).Draw(t, "permission")
		if in.mail.permission != "" {
			e["permission_to_send"] = in.mail.permission
		}
		body["email_address"] = e
	}
	if rapid.Bool().Draw(t, "with lists") {
		in.lists = some(t, "lists", p.m.lists, 0, rapid.IntRange(0, 9).Draw(t, "gone") == 0)
		body["list_memberships"] = in.lists
	}
	if rapid.Bool().Draw(t, "with tags") {
		in.tags = some(t, "tags", p.m.tags, 0, false)
		body["taggings"] = in.tags
	}
	return in, body
}

func (p *pair) post(t *rapid.T) {
	in, body := p.writing(t, "create_source", "")
	var made struct {
		ID string `json:"contact_id"`
	}
	want := p.m.refusals(nil, in)
	if len(want) > 0 {
		p.call(http.MethodPost, "/contacts", body, nil, want...)
		return
	}
	p.call(http.MethodPost, "/contacts", body, &made, 201)
	p.m.write(nil, in).id = made.ID
}

func (p *pair) put(t *rapid.T) {
	is := p.oneOf(t)
	in, body := p.writing(t, "update_source", is.address)
	if want := p.m.refusals(is, in); len(want) > 0 {
		p.call(http.MethodPut, "/contacts/"+is.id, body, nil, want...)
		return
	}
	p.call(http.MethodPut, "/contacts/"+is.id, body, nil, 200)
	p.m.write(is, in)
}

func (p *pair) patch(t *rapid.T) {
	is := p.oneOf(t)
	in, body := p.writing(t, "update_source", is.address)
	named := rapid.Bool().Draw(t, "with name")
	if named {
		body["first_name"] = in.first
	} else {
		delete(body, "first_name")
	}
	if in.mail != nil && rapid.Bool().Draw(t, "without address") {
		in.mail.address = ""
		delete(body["email_address"].(object), "address")
	}
	in = is.merged(in, named)
	if want := p.m.refusals(is, in); len(want) > 0 {
		p.call(http.MethodPatch, "/contacts/"+is.id, body, nil, want...)
		return
	}
	p.call(http.MethodPatch, "/contacts/"+is.id, body, nil, 200)
	p.m.write(is, in)
}

func (p *pair) resubscribe(t *rapid.T) {
	is, lists := p.oneOf(t), some(t, "lists", p.m.lists, 1, false)
	if rapid.Bool().Draw(t, "of those who left") {
		is = p.oneWho(t, func(one *person) bool { return one.permission == unsubscribed && !one.deleted })
	}
	status := is.resubscribed()
	p.call(http.MethodPut, "/contacts/resubscribe/"+is.id, object{"list_ids": lists}, nil, status)
	if status == 200 {
		is.resubscribe(lists)
	}
}

// join puts one contact on lists; who is deleted comes back.
func (p *pair) join(t *rapid.T) {
	is, lists := p.oneOf(t), some(t, "lists", p.m.lists, 1, false)
	p.call(http.MethodPost, "/contacts/"+is.id+"/list_memberships", object{"list_ids": lists}, nil, 200)
	is.back()
	maps.Copy(is.lists, setOf(lists...))
}

func (p *pair) leave(t *rapid.T) {
	is, lists := p.oneOf(t), some(t, "lists", p.m.lists, 1, false)
	status := 200
	if is.deleted {
		status = 404
	}
	p.call(http.MethodDelete, "/contacts/"+is.id+"/list_memberships", object{"list_ids": lists}, nil, status)
	is.lists.drop(lists)
}

func (p *pair) remove(t *rapid.T) {
	is := p.oneOf(t)
	if is.deleted {
		p.call(http.MethodDelete, "/contacts/"+is.id, nil, nil, 404)
		return
	}
	p.call(http.MethodDelete, "/contacts/"+is.id, nil, nil, 204)
	is.remove()
}

func (p *pair) signUp(t *rapid.T) {
	body := object{"email_address": address(t)}
	name, lists := first(t), some(t, "lists", p.m.lists, 1, false)
	body["first_name"], body["list_memberships"] = name, lists
	is, added := p.m.signUp(body["email_address"].(string), name, lists)
	var up struct {
		ID     string `json:"contact_id"`
		Action string `json:"action"`
	}
	want, action := 200, "updated"
	if added {
		want, action = 201, "created"
	}
	p.call(http.MethodPost, "/contacts/sign_up_form", body, &up, want)
	if added {
		is.id = up.ID
	}
	if up.Action != action || up.ID != is.id {
		t.Fatalf("signed up as %+v, want %s of %s", up, action, is.id)
	}
}

func (p *pair) importJSON(t *rapid.T) {
	lists := some(t, "lists", p.m.lists, 1, false)
	var rows []object
	for range rapid.IntRange(1, 3).Draw(t, "rows") {
		a, name := address(t), first(t)
		rows = append(rows, object{"email": a, "first_name": name})
		p.m.importRow(a, name, lists)
	}
	p.work(t, jsonImportPath[len("/v3"):], object{"import_data": rows, "list_ids": lists})
}

func (p *pair) makeList(t *rapid.T) {
	if len(p.m.lists) > 5 {
		t.Skip("enough lists")
	}
	p.names++
	l := &group{name: fmt.Sprint("List ", p.names)}
	var made struct {
		ID string `json:"list_id"`
	}
	p.call(http.MethodPost, "/contact_lists", object{"name": l.name}, &made, 201)
	p.call(http.MethodPost, "/contact_lists", object{"name": strings.ToUpper(l.name)}, nil, 409)
	l.id = made.ID
	p.m.lists = append(p.m.lists, l)
}

func (p *pair) dropList(t *rapid.T) {
	l := p.m.lists[rapid.IntRange(0, len(p.m.lists)-1).Draw(t, "list")]
	switch {
	case l.deleted:
		p.call(http.MethodDelete, "/contact_lists/"+l.id, nil, nil, 404)
	case len(present(p.m.lists)) == 1: // an account keeps one
		p.call(http.MethodDelete, "/contact_lists/"+l.id, nil, nil, 409)
	case rapid.Bool().Draw(t, "in bulk"):
		p.work(t, "/activities/list_delete", object{"list_ids": []string{l.id}})
		p.m.dropList(l)
	default:
		p.call(http.MethodDelete, "/contact_lists/"+l.id, nil, nil, 202)
		p.w.work()
		p.m.dropList(l)
	}
}

func (p *pair) makeTag(t *rapid.T) {
	if len(p.m.tags) > 5 {
		t.Skip("enough tags")
	}
	p.names++
	tag := &group{name: fmt.Sprint("Tag ", p.names)}
	var made struct {
		ID string `json:"tag_id"`
	}
	p.call(http.MethodPost, "/contact_tags", object{"name": tag.name}, &made, 201)
	p.call(http.MethodPost, "/contact_tags", object{"name": strings.ToUpper(tag.name)}, nil, 409)
	tag.id = made.ID
	p.m.tags = append(p.m.tags, tag)
}

func (p *pair) dropTag(t *rapid.T) {
	if len(p.m.tags) == 0 {
		t.Skip("no tags are there")
	}
	tag := rapid.SampledFrom(p.m.tags).Draw(t, "tag")
	if tag.deleted {
		p.call(http.MethodDelete, "/contact_tags/"+tag.id, nil, nil, 404)
		return
	}
	p.m.dropTag(tag)
	if rapid.Bool().Draw(t, "in bulk") {
		p.work(t, "/activities/contacts_tags_delete", object{"tag_ids": []string{tag.id}})
		return
	}
	p.call(http.MethodDelete, "/contact_tags/"+tag.id, nil, nil, 202)
	if rapid.Bool().Draw(t, "cleared up") { // it is gone before that as well
		p.w.work()
	}
}

// from draws a source of bulk work and skips the step where there is nothing
// to draw.
func (p *pair) from(t *rapid.T) (s source, body, exclude object) {
	body = object{}
	switch kind := rapid.SampledFrom([]string{"contact_ids", "list_ids", "tag_ids", "all_active_contacts"}).Draw(t, "source"); kind {
	case "contact_ids":
		for range rapid.IntRange(1, 3).Draw(t, "contacts") {
			s.contacts = append(s.contacts, p.oneOf(t).id)
		}
		body[kind] = s.contacts
		return s, body, nil
	case "list_ids":
		s.lists = some(t, "source lists", p.m.lists, 1, false)
		body[kind] = s.lists
	case "tag_ids":
		if len(present(p.m.tags)) == 0 {
			t.Skip("no tags are there")
		}
		s.tags = some(t, "source tags", p.m.tags, 1, false)
		body[kind] = s.tags
		return s, body, nil
	default:
		s.active = true
		body[kind] = true
	}
	if len(p.m.people) > 0 && rapid.Bool().Draw(t, "except") {
		s.except = []string{p.oneOf(t).id}
		return s, body, object{"contact_ids": s.except}
	}
	return s, body, nil
}

// work begins an activity, lets it run and returns how it ended.
func (p *pair) work(t *rapid.T, path string, body object) (notAdded int) {
	var a struct {
		ID     string `json:"activity_id"`
		State  string `json:"state"`
		Done   int    `json:"percent_done"`
		Status struct {
			NotAdded int `json:"cannot_add_to_list_count"`
		} `json:"status"`
	}
	p.call(http.MethodPost, path, body, &a, 201)
	p.w.work()
	p.call(http.MethodGet, "/activities/"+a.ID, nil, &a, 200)
	if a.State != "completed" || a.Done != 100 {
		t.Fatalf("%s ended as %+v", path, a)
	}
	return a.Status.NotAdded
}

func (p *pair) addToLists(t *rapid.T) {
	s, from, exclude := p.from(t)
	lists := some(t, "lists", p.m.lists, 1, false)
	body := object{"source": from, "list_ids": lists}
	if exclude != nil {
		body["exclude"] = exclude
	}
	want := p.m.addToLists(s, lists)
	if got := p.work(t, "/activities/add_list_memberships", body); got != want {
		t.Fatalf("%d could not be added, want %d", got, want)
	}
}

func (p *pair) removeFromLists(t *rapid.T) {
	s, from, exclude := p.from(t)
	lists := some(t, "lists", p.m.lists, 1, false)
	body := object{"source": from, "list_ids": lists}
	if exclude != nil {
		body["exclude"] = exclude
	}
	p.m.removeFromLists(s, lists)
	p.work(t, "/activities/remove_list_memberships", body)
}

func (p *pair) retag(t *rapid.T, path string, apply func(source, []string)) {
	if len(present(p.m.tags)) == 0 {
		t.Skip("no tags are there")
	}
	s, from, exclude := p.from(t)
	tags := some(t, "tags", p.m.tags, 1, false)
	body := object{"source": from, "tag_ids": tags}
	if exclude != nil {
		body["exclude"] = exclude
	}
	apply(s, tags)
	p.work(t, path[len("/v3"):], body)
}

func (p *pair) removeMany(t *rapid.T) {
	var s source
	body := object{}
	if rapid.Bool().Draw(t, "by list") {
		s.lists = some(t, "lists", p.m.lists, 1, false)
		body["list_ids"] = s.lists
	} else {
		s.contacts = []string{p.oneOf(t).id, p.oneOf(t).id}
		body["contact_ids"] = s.contacts
	}
	p.m.removeMany(s)
	p.work(t, "/activities/contact_delete", body)
}
