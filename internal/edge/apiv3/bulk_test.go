package apiv3_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"kith/internal/domain/activity"
	"kith/internal/store"
)

// newTag makes a tag and returns its id.
func (w *world) newTag(name string) string {
	w.t.Helper()
	tag, err := w.contacts.CreateTag(w.t.Context(), w.ann, name, "test", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return tag.UID.String()
}

// fillQueue leaves activities that wait.
func (w *world) fillQueue(n int) {
	w.t.Helper()
	w.Do(w.t, func(ctx context.Context, tx *store.Tx) error {
		for range n {
			number, err := tx.TakeActivityNumber(ctx, w.ann.Account)
			if err != nil {
				return err
			}
			a := activity.Activity{ID: number, UID: tx.UID(), Kind: activity.ListRemove, State: activity.Initialized, CreatedAt: tx.Now()}
			if err := tx.InsertActivity(ctx, w.ann.Account, a); err != nil {
				return err
			}
		}
		return nil
	})
}

const (
	addPath    = "/v3/activities/add_list_memberships"
	removePath = "/v3/activities/remove_list_memberships"
	tagPath    = "/v3/activities/contacts_taggings_add"
	untagPath  = "/v3/activities/contacts_taggings_remove"
	deletePath = "/v3/activities/contact_delete"
)

// Every kind of bulk work on contacts, from its call to its end.
func TestWorkOnManyContacts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		gold := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
		silver := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Silver"}).status(201).text("list_id")
		tag := w.newTag("vip")
		add := func(address, permission string) string {
			return c.call(http.MethodPost, "/v3/contacts", object{
				"email_address":    object{"address": address, "permission_to_send": permission},
				"list_memberships": []string{gold}, "create_source": "Account",
			}).status(201).text("contact_id")
		}
		ann, bob := add("ann@example.org", "implicit"), add("bob@example.org", "explicit")
		out := add("out@example.org", "unsubscribed")
		do := func(path string, body object) {
			t.Helper()
			w.Clock.Move(time.Minute)
			self := c.call(http.MethodPost, path, body).status(201).text("_links.self.href")
			w.work()
			if done := c.call(http.MethodGet, self, nil).status(200); done.text("state") != "completed" || done.text("percent_done") != "100" {
				t.Errorf("%s ended as %s", path, done.Body)
			}
		}
		do(addPath, object{"source": object{"list_ids": []string{gold}}, "exclude": object{"contact_ids": []string{bob}}, "list_ids": []string{silver}})
		do(addPath, object{"source": object{"contact_ids": []string{ann, out}}, "list_ids": []string{silver, gold}})
		do(tagPath, object{"source": object{"all_active_contacts": true}, "tag_ids": []string{tag}})
		do(addPath, object{"source": object{"tag_ids": []string{tag}}, "list_ids": []string{silver}})
		do(untagPath, object{"source": object{"new_subscriber": true}, "exclude": object{"contact_ids": []string{}}, "tag_ids": []string{tag}})
		do(removePath, object{"source": object{"all_active_contacts": true}, "exclude": object{"contact_ids": []string{bob}}, "list_ids": []string{gold}})
		do(deletePath, object{"contact_ids": []string{bob, "019f0000-0000-7000-8000-000000000001"}})
		do(addPath, object{"source": object{"contact_ids": []string{bob}}, "list_ids": []string{gold}})
		do(deletePath, object{"list_ids": []string{gold}})
		do(addPath, object{"source": object{"engagement_level": "high"}, "list_ids": []string{gold}})
		c.call(http.MethodGet, "/v3/contacts?status=all&include=list_memberships,taggings", nil).status(200)
		c.call(http.MethodGet, "/v3/contact_lists?include_membership_count=all", nil).status(200)
		c.golden("bulk")
	})
}

func TestWorkOnManyThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	nothing := "019f0000-0000-7000-8000-000000000001"
	tag := w.newTag("vip")
	for _, path := range []string{addPath, removePath, tagPath, untagPath, deletePath} {
		c.call(http.MethodPost, path, object{}).code(400, "request.invalid")
		c.call(http.MethodPost, path, "{").code(400, "request.malformed")
		c.call(http.MethodPost, path, "x=1", "Content-Type", "application/x-www-form-urlencoded").code(415, "request.media_type")
	}
	c.call(http.MethodPost, addPath, object{"source": object{"segment_id": 7}, "list_ids": []string{list}}).code(400, "request.invalid")
	c.call(http.MethodPost, addPath, object{"source": object{"all_active_contacts": false}, "list_ids": []string{list}}).code(400, "request.invalid")
	c.call(http.MethodPost, addPath, object{"source": object{"list_ids": []string{"x", nothing}, "tag_ids": 7}, "list_ids": []string{"y"}}).code(400, "request.invalid")
	c.call(http.MethodPost, removePath, object{
		"source": object{"contact_ids": []string{nothing}}, "exclude": object{"contact_ids": []string{nothing}}, "list_ids": []string{list, nothing},
	}).code(400, "request.invalid")
	c.call(http.MethodPost, tagPath, object{"source": object{"new_subscriber": true, "list_ids": []string{list}}, "tag_ids": []string{tag, nothing}}).
		code(400, "request.invalid")
	c.call(http.MethodPost, deletePath, object{"contact_ids": []string{nothing}, "list_ids": []string{list}}).code(400, "request.invalid")
	c.call(http.MethodPost, deletePath, object{"contact_ids": []string{}}).code(400, "request.invalid")
	c.golden("bulk_refused")
}

// A thousand activities may wait; the next is refused, whatever it would do.
func TestTooManyActivities(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	contact := c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account"}).status(201).text("contact_id")
	w.fillQueue(activity.MaxOpen)
	tag := w.newTag("vip")
	source := object{"contact_ids": []string{contact}}
	for path, body := range map[string]object{
		addPath:        {"source": source, "list_ids": []string{list}},
		removePath:     {"source": source, "list_ids": []string{list}},
		tagPath:        {"source": source, "tag_ids": []string{tag}},
		untagPath:      {"source": source, "tag_ids": []string{tag}},
		deletePath:     source,
		jsonImportPath: {"import_data": []object{{"email": "a@example.org"}}, "list_ids": []string{list}},
	} {
		got := c.call(http.MethodPost, path, body).code(429, "activity.queue_full")
		if got.Header().Get("Retry-After") == "" || got.text("error_message") != "You exceeded 1,000 queued activities for this user account." {
			t.Errorf("%s: %v %s", path, got.Header(), got.Body)
		}
	}
	c.upload(importPath, part{"file", "people.csv", people}, part{"list_ids", "", list}).code(429, "activity.queue_full")
	if n := w.uploads(); n != 0 {
		t.Errorf("%d uploads are still kept", n)
	}
}
