package apiv3_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	tagsPath        = "/v3/contact_tags"
	fieldsPath      = "/v3/contact_custom_fields"
	listsDeletePath = "/v3/activities/list_delete"
	nobody          = "019f0000-0000-7000-8000-000000000001"
)

func TestTags(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		gold := c.call(http.MethodPost, tagsPath, object{"name": "Gold", "tag_source": "shop"}).status(201).text("tag_id")
		tin := c.call(http.MethodPost, tagsPath, object{"name": "Tin"}).status(201).text("tag_id")
		zinc := c.call(http.MethodPost, tagsPath, object{"name": "Zinc"}).status(201).text("tag_id")
		add := func(name string, tags ...string) string {
			return c.call(http.MethodPost, "/v3/contacts", object{"first_name": name, "create_source": "Account", "taggings": tags}).
				status(201).text("contact_id")
		}
		ann, bob := add("Ann", gold, tin), add("Bob", gold)
		count := func(tag, want string) {
			t.Helper()
			if got := c.call(http.MethodGet, tagsPath+"/"+tag+"?include_count=true", nil).status(200).text("contacts_count"); got != want {
				t.Errorf("%s contacts wear the tag, want %s", got, want)
			}
		}
		count(gold, "2")
		count(tin, "1")
		c.call(http.MethodPut, "/v3/contacts/"+ann, object{"first_name": "Ann", "update_source": "Account", "taggings": []string{tin}}).status(200)
		count(gold, "1")
		c.call(http.MethodPost, tagPath, object{"source": object{"contact_ids": []string{ann}}, "tag_ids": []string{gold}}).status(201)
		w.work()
		count(gold, "2")
		c.call(http.MethodPost, untagPath, object{"source": object{"contact_ids": []string{ann, bob}}, "tag_ids": []string{gold, tin}}).status(201)
		w.work()
		count(gold, "0")
		c.call(http.MethodPut, "/v3/contacts/"+bob, object{"first_name": "Bob", "update_source": "Account", "taggings": []string{gold}}).status(200)
		c.call(http.MethodDelete, "/v3/contacts/"+bob, nil).status(204)
		count(gold, "1") // a deleted contact keeps its tags

		w.Clock.Move(time.Minute)
		if got := c.call(http.MethodPut, tagsPath+"/"+gold, object{"name": "Golden"}).status(200).text("name"); got != "Golden" {
			t.Errorf("renamed to %s", got)
		}
		page := c.call(http.MethodGet, tagsPath+"?limit=2&include_count=true", nil).status(200)
		if page.text("tags.0.contacts_count") != "1" || page.text("tags.1.name") != "Tin" {
			t.Errorf("a page is %s", page.Body)
		}
		if last := c.call(http.MethodGet, page.text("_links.next.href"), nil).status(200); last.text("tags.0.tag_id") != zinc || last.text("_links.next.href") != "" {
			t.Errorf("the last page is %s", last.Body)
		}

		self := c.call(http.MethodDelete, tagsPath+"/"+gold, nil).status(202).text("_links.self.href")
		c.call(http.MethodGet, tagsPath+"/"+gold, nil).code(404, "resource.not_found")
		c.call(http.MethodDelete, tagsPath+"/"+gold, nil).code(404, "resource.not_found")
		several := c.call(http.MethodPost, "/v3/activities/contacts_tags_delete", object{"tag_ids": []string{tin, zinc}}).status(201).text("_links.self.href")
		w.work()
		for _, path := range []string{self, several} {
			if done := c.call(http.MethodGet, path, nil).status(200); done.text("state") != "completed" {
				t.Errorf("the deletion ended as %s", done.Body)
			}
		}
		if done := c.call(http.MethodGet, self, nil).status(200); done.text("status.items_completed_count") != "1" {
			t.Errorf("the deletion tells %s", done.Body)
		}
		if got := c.call(http.MethodGet, "/v3/contacts/"+ann+"?include=taggings", nil).status(200); strings.Contains(got.Body.String(), tin) {
			t.Errorf("a contact wears a deleted tag: %s", got.Body)
		}
	})
}

func TestTagsThatAreRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	gold := c.call(http.MethodPost, tagsPath, object{"name": "Gold"}).status(201).text("tag_id")
	c.call(http.MethodPost, tagsPath, object{"name": "Tin"}).status(201)
	c.call(http.MethodPost, tagsPath, object{"name": " gold "}).code(409, "tag.name.taken")
	c.call(http.MethodPut, tagsPath+"/"+gold, object{"name": "TIN"}).code(409, "tag.name.taken")
	c.call(http.MethodPost, tagsPath, object{"name": strings.Repeat("x", 256)}).code(400, "request.invalid")
	c.call(http.MethodPost, tagsPath, object{}).code(400, "request.invalid")
	c.call(http.MethodPut, tagsPath+"/"+gold, object{"name": ""}).code(400, "request.invalid")
	c.call(http.MethodPut, tagsPath+"/"+nobody, object{"name": "x"}).code(404, "resource.not_found")
	c.call(http.MethodGet, tagsPath+"/"+gold+"?include_count=some", nil).code(400, "request.invalid")
	c.call(http.MethodGet, tagsPath+"/nonsense", nil).code(404, "resource.not_found")
	c.call(http.MethodPost, "/v3/activities/contacts_tags_delete", object{"tag_ids": []string{gold, nobody}}).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/activities/contacts_tags_delete", object{"tag_ids": []string{}}).code(400, "request.invalid")
	c.call(http.MethodGet, tagsPath+"/"+gold, nil).status(200) // nothing was deleted
	w.fillQueue(1000)
	c.call(http.MethodPost, "/v3/activities/contacts_tags_delete", object{"tag_ids": []string{gold}}).code(429, "activity.queue_full")
	c.call(http.MethodGet, tagsPath+"/"+gold, nil).status(200)
}

func TestCustomFields(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		size := c.call(http.MethodPost, fieldsPath, object{
			"label": "Shirt size", "type": "single_select", "metadata": object{"display_type": "dropdown"},
			"choices": []object{{"choice_label": "L", "display_order": 2}, {"choice_label": "S", "display_order": 1}},
		}).status(201)
		id := size.text("custom_field_id")
		if size.text("name") != "shirt_size" || size.text("choices.0.choice_label") != "S" || size.text("choices.1.choice_id") != "2" {
			t.Errorf("made %s", size.Body)
		}
		w.Clock.Move(time.Minute)
		day := c.call(http.MethodPost, fieldsPath, object{"label": "Day", "type": "date", "version": 2}).status(201).text("custom_field_id")
		ann := c.call(http.MethodPost, "/v3/contacts", object{
			"first_name": "Ann", "create_source": "Account",
			"custom_fields": []object{{"custom_field_id": day, "value": "2026-01-31"}, {"custom_field_id": id, "choice_ids": []int{1}}},
		}).status(201).text("contact_id")
		large := object{
			"first_name": "Lars", "create_source": "Account", "update_source": "Account",
			"custom_fields": []object{{"custom_field_id": id, "choice_ids": []int{2}}},
		}
		lars := c.call(http.MethodPost, "/v3/contacts", large).status(201).text("contact_id")
		w.Clock.Move(time.Minute)
		put := c.call(http.MethodPut, fieldsPath+"/"+id, object{
			"label": "Size", "type": "string",
			"choices": []object{{"choice_id": 1, "choice_label": "Small"}, {"choice_label": "Large"}},
		}).status(200)
		if put.text("type") != "single_select" || put.text("choices.0.choice_label") != "Small" || put.text("choices.1.choice_id") != "3" || put.text("name") != "size" {
			t.Errorf("changed to %s", put.Body)
		}
		// The choice that Lars picked is gone. Who read it before may write it.
		lacks := func(got answer) {
			t.Helper()
			if strings.Contains(got.Body.String(), "choice_ids") {
				t.Errorf("a contact shows a choice that is gone: %s", got.Body)
			}
		}
		lacks(c.call(http.MethodGet, "/v3/contacts/"+lars+"?include=custom_fields", nil).status(200))
		lacks(c.call(http.MethodPut, "/v3/contacts/"+lars, large).status(200))
		large["custom_fields"] = []object{{"custom_field_id": id, "choice_ids": []int{4}}}
		c.call(http.MethodPut, "/v3/contacts/"+lars, large).code(400, "request.invalid")
		page := c.call(http.MethodGet, fieldsPath+"?limit=1", nil).status(200)
		if page.text("custom_fields.0.custom_field_id") != id {
			t.Errorf("the one changed last is not first: %s", page.Body)
		}
		if last := c.call(http.MethodGet, page.text("_links.next.href"), nil).status(200); last.text("custom_fields.0.custom_field_id") != day || last.text("_links.next.href") != "" {
			t.Errorf("the last page is %s", last.Body)
		}
		c.call(http.MethodDelete, fieldsPath+"/"+day, nil).status(204)
		c.call(http.MethodGet, fieldsPath+"/"+day, nil).code(404, "resource.not_found")
		c.call(http.MethodDelete, fieldsPath+"/"+day, nil).code(404, "resource.not_found")
		if got := c.call(http.MethodGet, "/v3/contacts/"+ann+"?include=custom_fields", nil).status(200); strings.Contains(got.Body.String(), day) {
			t.Errorf("a contact has a value of a deleted field: %s", got.Body)
		}
		self := c.call(http.MethodPost, "/v3/activities/custom_fields_delete", object{"custom_field_ids": []string{id}}).status(201).text("_links.self.href")
		w.work()
		if done := c.call(http.MethodGet, self, nil).status(200); done.text("state") != "completed" || done.text("status.items_completed_count") != "2" {
			t.Errorf("the deletion ended as %s", done.Body)
		}
		c.call(http.MethodGet, fieldsPath, nil).status(200)
	})
}

func TestCustomFieldsThatAreRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	size := c.call(http.MethodPost, fieldsPath, object{"label": "Size", "type": "string"}).status(201).text("custom_field_id")
	c.call(http.MethodPost, fieldsPath, object{"label": "Day", "type": "date"}).status(201)
	c.call(http.MethodPost, fieldsPath, object{"label": "SIZE", "type": "string"}).code(409, "field.label.taken")
	c.call(http.MethodPut, fieldsPath+"/"+size, object{"label": "day"}).code(409, "field.label.taken")
	if got := c.call(http.MethodPost, fieldsPath, object{"label": "x", "type": "colour"}).code(400, "request.invalid"); !strings.Contains(got.Body.String(), "type is invalid") {
		t.Errorf("an unknown type: %s", got.Body)
	}
	c.call(http.MethodPost, fieldsPath, object{"label": strings.Repeat("x", 51), "type": "string"}).code(400, "request.invalid")
	c.call(http.MethodPost, fieldsPath, object{"label": "x", "type": "multi_select"}).code(400, "request.invalid")
	var many []object
	for i := range 21 {
		many = append(many, object{"choice_label": strings.Repeat("x", i+1)})
	}
	radio := c.call(http.MethodPost, fieldsPath, object{"label": "Plan", "type": "single_select", "metadata": object{"display_type": "radio"}, "choices": many[:20]}).
		status(201).text("custom_field_id")
	for path, body := range map[string]object{
		"choices may":              {"label": "y", "type": "single_select", "metadata": object{"display_type": "radio"}, "choices": many},
		"choices belongs":          {"label": "y", "type": "string", "choices": many},
		"metadata.decimal_places ": {"label": "y", "type": "number", "metadata": object{"decimal_places": 5}},
		"metadata.currency_code ":  {"label": "y", "type": "currency", "metadata": object{"currency_code": "euro"}},
	} {
		if got := c.call(http.MethodPost, fieldsPath, body).code(400, "request.invalid"); !strings.Contains(got.Body.String(), path) {
			t.Errorf("told %s, want %q", got.Body, path)
		}
	}
	c.call(http.MethodPut, fieldsPath+"/"+radio, object{"label": "Plan", "choices": many}).code(400, "request.invalid")
	c.call(http.MethodPost, fieldsPath, object{"label": "y", "type": "single_select", "metadata": object{"display_type": "dropdown"}, "choices": many}).status(201)
	long := strings.Repeat("x", 48)
	c.call(http.MethodPost, fieldsPath, object{"label": long + " y", "type": "string"}).status(201)
	if name := c.call(http.MethodPost, fieldsPath, object{"label": long + "-y", "type": "string"}).status(201).text("name"); name != long+"_2" {
		t.Errorf("a field that would have a name of another is named %s", name)
	}
	day := c.call(http.MethodPost, fieldsPath, object{"label": "Real day", "type": "date", "version": 2}).status(201)
	if day.text("metadata.display_format") != "YYYY-MM-DD" {
		t.Errorf("a date is shown as %s", day.Body)
	}
	c.call(http.MethodPost, fieldsPath, "a=b", "Content-Type", "text/plain").code(415, "request.media_type")
	c.call(http.MethodPut, fieldsPath+"/"+size, object{}).code(400, "request.invalid")
	c.call(http.MethodPut, fieldsPath+"/"+size, object{"label": "Size", "choices": []object{{"choice_id": 9, "choice_label": "x"}}}).code(400, "request.invalid")
	c.call(http.MethodPut, fieldsPath+"/"+nobody, object{"label": "x"}).code(404, "resource.not_found")
	c.call(http.MethodGet, fieldsPath+"?limit=101", nil).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/activities/custom_fields_delete", object{"custom_field_ids": []string{nobody}}).code(400, "request.invalid")
	w.fillQueue(1000)
	c.call(http.MethodPost, "/v3/activities/custom_fields_delete", object{"custom_field_ids": []string{size}}).code(429, "activity.queue_full")
	c.call(http.MethodGet, fieldsPath+"/"+size, nil).status(200)
}

func TestListsAreDeletedTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		var lists []string
		for _, name := range []string{"One", "Two", "Three"} {
			lists = append(lists, c.call(http.MethodPost, "/v3/contact_lists", object{"name": name}).status(201).text("list_id"))
		}
		both := lists[:2]
		ann := c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Ann", "create_source": "Account", "list_memberships": lists}).
			status(201).text("contact_id")
		for problem, ids := range map[string][]string{"names no list": {lists[0], nobody}, "is missing": {}} {
			got := c.call(http.MethodPost, listsDeletePath, object{"list_ids": ids}).code(400, "request.invalid")
			if !strings.Contains(got.Body.String(), problem) {
				t.Errorf("told %s, want %q", got.Body, problem)
			}
		}
		is := c.call(http.MethodPost, listsDeletePath, object{"list_ids": append([]string{lists[1]}, both...)}).status(201)
		if is.text("status.list_count") != "2" {
			t.Errorf("begun %s", is.Body)
		}
		c.call(http.MethodGet, "/v3/contact_lists/"+lists[0], nil).code(404, "resource.not_found")
		w.work()
		if done := c.call(http.MethodGet, is.text("_links.self.href"), nil).status(200); done.text("state") != "completed" || done.text("status.items_completed_count") != "2" {
			t.Errorf("the deletion ended as %s", done.Body)
		}
		got := c.call(http.MethodGet, "/v3/contacts/"+ann+"?include=list_memberships", nil).status(200)
		if got.text("list_memberships.0") != lists[2] || got.text("list_memberships.1") != "" {
			t.Errorf("the contact is on %s", got.Body)
		}
		page := c.call(http.MethodGet, "/v3/contact_lists", nil).status(200)
		all := []string{lists[2]}
		for i := range 5 {
			if l := page.text("lists." + strconv.Itoa(i) + ".list_id"); l != "" && l != lists[2] {
				all = append(all, l)
			}
		}
		if got := c.call(http.MethodPost, listsDeletePath, object{"list_ids": all}).code(400, "request.invalid"); !strings.Contains(got.Body.String(), "one must stay") {
			t.Errorf("all lists: %s", got.Body)
		}
	})
}
