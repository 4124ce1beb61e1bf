package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"kith/internal/base/change"
)

// killed is a kind of bulk work on a list of people.
type killed struct {
	kind string
	// empty says that nobody is on the list before.
	empty bool
	// begin returns the id of the activity.
	begin func(t *testing.T, k *killing, list string) string
	// tells is the kind of change that is told of each of the people, once;
	// empty where nothing is changed.
	tells change.Kind
	// stay is how many of the people, of each, are on the list afterwards.
	stay func(each int) int
	// look looks at the rest.
	look func(t *testing.T, k *killing, list string)
}

func all(each int) int      { return each }
func nobody(int) int        { return 0 }
func readable(rows int) int { return rows - rows/100 } // of a file made by people

// targetList is the list that list_add puts people on.
const targetList = "target"

var bulkKinds = []killed{
	{
		kind: "file_import", empty: true, tells: change.ContactCreated, stay: readable,
		begin: func(t *testing.T, k *killing, list string) string {
			return importFile(t, k.c, "people.csv", people(k.each), list)
		},
	},
	{
		kind: "json_import", empty: true, tells: change.ContactCreated, stay: all,
		begin: func(t *testing.T, k *killing, list string) string {
			rows := make([]any, k.each)
			for i := range rows {
				rows[i] = map[string]any{"email": member("json", i), "first_name": "Jo"}
			}
			return k.post(t, "contacts_json_import", map[string]any{"import_data": rows, "list_ids": []string{list}})
		},
	},
	{
		kind: "list_add", tells: change.MembershipAdded, stay: all,
		begin: func(t *testing.T, k *killing, list string) string {
			return k.post(t, "add_list_memberships", map[string]any{"source": from(list), "list_ids": []string{k.lists[targetList]}})
		},
		look: func(t *testing.T, k *killing, _ string) { k.members(t, targetList, k.each) },
	},
	{
		kind: "list_remove", tells: change.MembershipRemoved, stay: nobody,
		begin: func(t *testing.T, k *killing, list string) string {
			return k.post(t, "remove_list_memberships", map[string]any{"source": from(list), "list_ids": []string{list}})
		},
	},
	{
		kind: "tag_add", tells: change.TaggingAdded, stay: all,
		begin: func(t *testing.T, k *killing, list string) string {
			return k.post(t, "contacts_taggings_add", map[string]any{"source": from(list), "tag_ids": []string{k.tags["tag_add"]}})
		},
		look: func(t *testing.T, k *killing, _ string) { k.count(t, url.Values{"tags": {k.tags["tag_add"]}}, k.each) },
	},
	{
		kind: "tag_remove", tells: change.TaggingRemoved, stay: all,
		begin: func(t *testing.T, k *killing, list string) string {
			return k.post(t, "contacts_taggings_remove", map[string]any{"source": from(list), "tag_ids": []string{k.tags["tag_remove"]}})
		},
		look: func(t *testing.T, k *killing, _ string) { k.count(t, url.Values{"tags": {k.tags["tag_remove"]}}, 0) },
	},
	{
		kind: "contact_delete", tells: change.ContactDeleted, stay: nobody,
		begin: func(t *testing.T, k *killing, list string) string {
			return k.post(t, "contact_delete", map[string]any{"list_ids": []string{list}})
		},
		look: func(t *testing.T, k *killing, _ string) { k.count(t, url.Values{"status": {"deleted"}}, k.each) },
	},
	{
		kind: "list_delete", tells: change.MembershipRemoved,
		begin: func(t *testing.T, k *killing, list string) string {
			var a activity
			k.c.Want(t, http.StatusAccepted, http.MethodDelete, "/v3/contact_lists/"+list, nil, &a)
			return a.ID
		},
		look: func(t *testing.T, k *killing, list string) { k.count(t, url.Values{"lists": {list}}, 0) },
	},
	{
		kind: "tag_delete", stay: all,
		begin: func(t *testing.T, k *killing, _ string) string {
			var a activity
			k.c.Want(t, http.StatusAccepted, http.MethodDelete, "/v3/contact_tags/"+k.tags["tag_delete"], nil, &a)
			return a.ID
		},
		look: func(t *testing.T, k *killing, _ string) { k.count(t, url.Values{"tags": {k.tags["tag_delete"]}}, 0) },
	},
	{
		kind: "field_delete", stay: all,
		begin: func(t *testing.T, k *killing, _ string) string {
			return k.post(t, "custom_fields_delete", map[string]any{"custom_field_ids": []string{k.field}})
		},
	},
	{
		kind: "contact_export", stay: all,
		begin: func(t *testing.T, k *killing, list string) string {
			return k.post(t, "contact_exports", map[string]any{"list_ids": []string{list}})
		},
		look: func(t *testing.T, k *killing, _ string) { k.exported(t) },
	},
}

func from(list string) map[string]any { return map[string]any{"list_ids": []string{list}} }

func member(kind string, i int) string { return fmt.Sprintf("%s%06d@example.org", kind, i) }
