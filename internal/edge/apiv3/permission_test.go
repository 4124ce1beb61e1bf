package apiv3_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store"
)

// The matrices of the contract (v3-guide 4.2 to 4.5): what each call makes of a
// contact in each state. testdata/permissions.txt holds a line for each cell.
//
// Before each call the contact has the list Gold, a tag, a custom field, a
// phone, a street address, a note, and the names Ines, Baker; the call says
// that the last name is Roy and, where it names lists, that one of them is
// Silver.
func TestPermissions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := newMatrix(w)
		var got strings.Builder
		for _, call := range m.calls() {
			for _, state := range m.states() {
				fmt.Fprintln(&got, m.cell(call, state))
			}
			got.WriteByte('\n')
		}
		path := filepath.Join("testdata", "permissions.txt")
		if *update {
			if err := os.WriteFile(path, []byte(permissionsHead+got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a, b := strings.Split(permissionsHead+got.String(), "\n"), strings.Split(string(want), "\n")
		for i := range max(len(a), len(b)) {
			if i >= len(a) || i >= len(b) || a[i] != b[i] {
				t.Errorf("%s:%d\n got %s\nwant %s", path, i+1, strings.Join(a[min(i, len(a)):min(i+1, len(a))], ""), strings.Join(b[min(i, len(b)):min(i+1, len(b))], ""))
			}
		}
	})
}

const permissionsHead = `# What each call makes of a contact in each state.
#
# call | state before | answer | permission after; opt-in, opt-out and what is told of them | lists after | what the call changed beside

`

type matrix struct {
	*world
	c            *client
	gold, silver string
	field, tag   string
	n            int
}

func newMatrix(w *world) *matrix {
	w.t.Helper()
	m := &matrix{world: w, c: w.client()}
	m.gold, m.silver, m.tag = m.c.newList("Gold"), m.c.newList("Silver"), w.newTag("vip")
	f, err := w.contacts.CreateField(w.t.Context(), w.ann, contact.NewField{Label: "Shoe size", Type: contact.TypeString}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	m.field = f.UID.String()
	return m
}

// who is the contact of one cell.
type who struct{ id, address string }

// state is where a contact stands before a call.
type state struct {
	name string
	make func(m *matrix, address string) string // returns the id
}

func (m *matrix) states() []state {
	with := func(permission string) func(*matrix, string) string {
		return func(m *matrix, address string) string { return m.add(address, permission) }
	}
	left := func(source string) func(*matrix, string) string {
		return func(m *matrix, address string) string {
			id := m.add(address, "explicit")
			m.leave(id, source)
			return id
		}
	}
	deleted := func(before func(*matrix, string) string) func(*matrix, string) string {
		return func(m *matrix, address string) string {
			id := before(m, address)
			m.c.call(http.MethodDelete, "/v3/contacts/"+id, nil).status(204)
			return id
		}
	}
	return []state{
		{"unknown", func(*matrix, string) string { return "019f0000-0000-7000-8000-000000000001" }},
		{"implicit", with("implicit")},
		{"explicit", with("explicit")},
		{"not set", with("not_set")},
		{"pending", with("pending_confirmation")},
		{"pending, had left", func(m *matrix, address string) string {
			id := left("Contact")(m, address)
			m.c.call(http.MethodPut, "/v3/contacts/resubscribe/"+id, object{"list_ids": []string{m.gold}}).status(200)
			return id
		}},
		{"held", func(m *matrix, address string) string {
			id := m.add(address, "pending_confirmation")
			m.hold(id)
			return id
		}},
		{"unsubscribed by Account", left("Account")},
		{"unsubscribed by Contact", left("Contact")},
		{"deleted", deleted(with("explicit"))},
		{"deleted, had left", deleted(left("Contact"))},
	}
}

func (m *matrix) add(address, permission string) string {
	m.t.Helper()
	return m.c.call(http.MethodPost, "/v3/contacts", object{
		"email_address": object{"address": address, "permission_to_send": permission}, "create_source": "Account",
		"first_name": "Ines", "last_name": "Baker", "list_memberships": []string{m.gold}, "taggings": []string{m.tag},
		"custom_fields":    []object{{"custom_field_id": m.field, "value": "38"}},
		"phone_numbers":    []object{{"kind": "home", "phone_number": "1"}},
		"street_addresses": []object{{"kind": "home", "city": "Lima"}},
		"notes":            []object{{"content": "Likes rye."}},
	}).status(201).text("contact_id")
}

func (m *matrix) leave(id, source string) {
	m.t.Helper()
	m.c.call(http.MethodPatch, "/v3/contacts/"+id, object{
		"email_address": object{"permission_to_send": "unsubscribed", "opt_out_reason": "Too much"}, "update_source": source,
	}).status(200)
}

// hold puts a contact into the state that no call leads to.
func (m *matrix) hold(uid string) {
	m.t.Helper()
	number, err := id.ParseUID(uid)
	if err != nil {
		m.t.Fatal(err)
	}
	m.Do(m.t, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.HoldContact(ctx, m.ann.Account, id.Ref[id.Contact]{UID: number})
		if err != nil {
			return err
		}
		c.Email.Permission = contact.TempHold
		return tx.WriteContact(ctx, m.ann.Account, m.ann.Origin(), contact.Write{Contact: c})
	})
}

// call is a row of a matrix.
type call struct {
	name string
	make func(m *matrix, p who) answer
}

func (m *matrix) calls() []call {
	put := func(name, permission string, lists bool) call {
		return call{name, func(m *matrix, p who) answer {
			address := object{"address": p.address}
			if permission != "" {
				address["permission_to_send"] = permission
			}
			body := object{"email_address": address, "last_name": "Roy", "update_source": "Account"}
			if lists {
				body["list_memberships"] = []string{m.silver}
			}
			return m.c.call(http.MethodPut, "/v3/contacts/"+p.id, body)
		}}
	}
	bulk := func(name, path string, body func(m *matrix, p who) object) call {
		return call{name, func(m *matrix, p who) answer { return m.done(m.c.call(http.MethodPost, path, body(m, p))) }}
	}
	return []call{
		{"POST", func(m *matrix, p who) answer {
			return m.c.call(http.MethodPost, "/v3/contacts", object{
				"email_address": object{"address": p.address}, "last_name": "Roy", "list_memberships": []string{m.silver}, "create_source": "Account",
			})
		}},
		put("PUT", "", true),
		put("PUT without lists", "", false),
		put("PUT implicit", "implicit", true),
		put("PUT explicit", "explicit", true),
		put("PUT not_set", "not_set", true),
		put("PUT pending_confirmation", "pending_confirmation", true),
		put("PUT temp_hold", "temp_hold", true),
		put("PUT unsubscribed", "unsubscribed", true),
		{"PATCH explicit", func(m *matrix, p who) answer {
			return m.c.call(http.MethodPatch, "/v3/contacts/"+p.id, object{
				"email_address": object{"permission_to_send": "explicit"}, "last_name": "Roy", "list_memberships": []string{m.silver},
			})
		}},
		{"sign_up_form", func(m *matrix, p who) answer {
			return m.c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
				"email_address": p.address, "last_name": "Roy", "list_memberships": []string{m.silver},
			})
		}},
		{"resubscribe", func(m *matrix, p who) answer {
			return m.c.call(http.MethodPut, "/v3/contacts/resubscribe/"+p.id, object{"list_ids": []string{m.silver}})
		}},
		{"POST list_memberships", func(m *matrix, p who) answer {
			return m.c.call(http.MethodPost, "/v3/contacts/"+p.id+"/list_memberships", object{"list_ids": []string{m.silver}})
		}},
		{"DELETE list_memberships", func(m *matrix, p who) answer {
			return m.c.call(http.MethodDelete, "/v3/contacts/"+p.id+"/list_memberships", object{"list_ids": []string{m.gold}})
		}},
		{"import of a file", func(m *matrix, p who) answer {
			return m.done(m.c.upload(importPath, part{"file", "people.csv", "email,last_name,first_name\n" + p.address + ",Roy,\n"}, part{"list_ids", "", m.silver}))
		}},
		bulk("import of JSON", jsonImportPath, func(m *matrix, p who) object {
			return object{"import_data": []object{{"email": p.address, "last_name": "Roy", "first_name": ""}}, "list_ids": []string{m.silver}}
		}),
		bulk("add_list_memberships", addPath, func(m *matrix, p who) object {
			return object{"source": object{"contact_ids": []string{p.id}}, "list_ids": []string{m.silver}}
		}),
		bulk("remove_list_memberships", removePath, func(m *matrix, p who) object {
			return object{"source": object{"contact_ids": []string{p.id}}, "list_ids": []string{m.gold}}
		}),
		bulk("contact_delete", deletePath, func(_ *matrix, p who) object { return object{"contact_ids": []string{p.id}} }),
		{"DELETE", func(m *matrix, p who) answer { return m.c.call(http.MethodDelete, "/v3/contacts/"+p.id, nil) }},
	}
}

// done does the bulk work that a call began and answers with its end.
func (m *matrix) done(begun answer) answer {
	m.t.Helper()
	begun.status(201)
	m.work()
	return m.c.call(http.MethodGet, begun.text("_links.self.href"), nil).status(200)
}

// cell does one call to a contact in one state and tells what became of them.
func (m *matrix) cell(c call, s state) string {
	m.t.Helper()
	m.n++
	p := who{address: fmt.Sprintf("p%d@example.org", m.n)}
	p.id = s.make(m, p.address)
	before := m.found(p)
	m.Clock.Move(time.Minute)
	answer := c.make(m, p)
	after := m.found(p)
	return strings.Join(append([]string{c.name, s.name, told(answer)}, after.told(before)...), " | ")
}

// told is what a caller hears: the status and why it was refused, or how bulk
// work ended.
func told(a answer) string {
	switch {
	case a.Code >= 400:
		text := fmt.Sprint(a.Code, " ", a.Header().Get("Kith-Error-Code"))
		for i := 0; a.text(fmt.Sprintf("0.problems.%d.path", i)) != ""; i++ {
			text += " (" + a.text(fmt.Sprintf("0.problems.%d.path", i)) + ")"
		}
		return text
	case a.Code == http.StatusNoContent || a.text("activity_id") == "":
		return fmt.Sprint(a.Code)
	}
	text := a.text("state")
	for _, count := range []string{"person_count", "error_count", "cannot_add_to_list_count", "items_completed_count"} {
		if n := a.text("status." + count); n != "" && n != "0" {
			text += " " + strings.TrimSuffix(count, "_count") + " " + n
		}
	}
	return text
}

// found is what a contact is, as everybody can read it.
type found struct {
	answer
	m *matrix
}

// found reads the contact that has an address, deleted or not.
func (m *matrix) found(p who) found {
	m.t.Helper()
	const include = "list_memberships,taggings,custom_fields,phone_numbers,street_addresses,notes"
	return found{m.c.call(http.MethodGet, "/v3/contacts?status=all&include="+include+"&email="+p.address, nil).status(200), m}
}

func (f found) at(path string) string { return f.text("contacts.0." + path) }

// told tells the contact after a call, beside the one before it.
func (f found) told(before found) []string {
	if f.at("contact_id") == "" {
		return []string{"nobody"}
	}
	now := f.m.Clock.Now().Format("2006-01-02T15:04:05Z")
	when := func(path string) string {
		if f.at(path) == now {
			return " now"
		}
		return ""
	}
	permission := f.at("email_address.permission_to_send")
	if s := f.at("email_address.confirm_status"); s != "off" {
		permission += " (" + s + ")"
	}
	if f.at("deleted_at") != "" {
		permission = "deleted, " + permission
	}
	if s := f.at("email_address.opt_in_source"); s != "" {
		permission += "; in by " + s + when("email_address.opt_in_date")
	}
	if s := f.at("email_address.opt_out_source"); s != "" {
		permission += "; out by " + s + when("email_address.opt_out_date")
		if r := f.at("email_address.opt_out_reason"); r != "" {
			permission += ": " + r
		}
	}
	var lists []string
	for i := 0; f.at(fmt.Sprint("list_memberships.", i)) != ""; i++ {
		lists = append(lists, map[string]string{f.m.gold: "Gold", f.m.silver: "Silver"}[f.at(fmt.Sprint("list_memberships.", i))])
	}
	slices.Sort(lists)
	var changed []string
	for _, name := range []string{
		"first_name", "last_name", "taggings.0", "custom_fields.0.value", "phone_numbers.0.phone_number", "street_addresses.0.city",
		"notes.0.content", "create_source", "update_source",
	} {
		if a, b := before.at(name), f.at(name); a != b {
			first, _, _ := strings.Cut(name, ".")
			if b == "" {
				changed = append(changed, first+" cleared")
			} else {
				changed = append(changed, first+" "+b)
			}
		}
	}
	if when("updated_at") != "" {
		changed = append(changed, "updated")
	}
	return []string{permission, strings.Join(lists, " "), strings.Join(changed, ", ")}
}

// What each write keeps of a part of a contact that it leaves out, says null
// of, gives as empty, or gives (v3-guide 4.4).
func TestWhatWritesKeep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := newMatrix(w)
		tag := w.newTag("new")
		for _, part := range []struct {
			name       string // in PUT and PATCH
			other      any    // another value than the one that the contact has
			path       string // where the value is read
			has, after string
		}{
			{"first_name", "Ana", "first_name", "Ines", "Ana"},
			{"job_title", "Miller", "job_title", "", "Miller"},
			{"list_memberships", []string{m.silver}, "list_memberships.0", m.gold, m.silver},
			{"taggings", []string{tag}, "taggings.0", m.tag, tag},
			{"custom_fields", []object{{"custom_field_id": m.field, "value": "39"}}, "custom_fields.0.value", "38", "39"},
			{"phone_numbers", []object{{"kind": "work", "phone_number": "2"}}, "phone_numbers.0.phone_number", "1", "2"},
			{"street_addresses", []object{{"kind": "work", "city": "Cusco"}}, "street_addresses.0.city", "Lima", "Cusco"},
			{"notes", []object{{"content": "Likes oats."}}, "notes.0.content", "Likes rye.", "Likes oats."},
		} {
			// PUT clears plain values that it leaves out, and no arrays.
			empty, put := any([]string{}), part.has
			name, _, array := strings.Cut(part.path, ".")
			if !array {
				empty, put = "", ""
			}
			for _, c := range []struct {
				name, method string
				value        any
				given        bool
				want         string
			}{
				{"left out", http.MethodPut, nil, false, put},
				{"null", http.MethodPut, nil, true, put},
				{"empty", http.MethodPut, empty, true, ""},
				{"given", http.MethodPut, part.other, true, part.after},
				{"left out", http.MethodPatch, nil, false, part.has},
				{"null", http.MethodPatch, nil, true, ""},
				{"empty", http.MethodPatch, empty, true, ""},
				{"given", http.MethodPatch, part.other, true, part.after},
			} {
				m.n++
				p := who{address: fmt.Sprintf("k%d@example.org", m.n)}
				p.id = m.add(p.address, "implicit")
				body := object{"email_address": object{"address": p.address}, "update_source": "Account"}
				if c.given {
					body[part.name] = c.value
				}
				got := m.c.call(c.method, "/v3/contacts/"+p.id, body).status(200)
				if v := got.text(part.path); v != c.want {
					t.Errorf("%s with %s %s: %q, want %q", c.method, part.name, c.name, v, c.want)
				}
				if array && got.text(name+".1") != "" {
					t.Errorf("%s with %s %s: more is left: %s", c.method, part.name, c.name, got.Body)
				}
			}
		}
	})
}
