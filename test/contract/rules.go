package contract

import (
	"net/http"
	"strings"
)

// What the guide says of answers of success beyond their schema.

// service is the first word of a path: contacts, emails, reports.
func service(path string) string {
	word, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, "/v3"), "/"), "/")
	return word
}

// links holds to guide 8 and 11.16: every href begins with /v3/, so that
// clients can put their own host before it; _links is left out where it would
// be empty, and next where it would lead nowhere, because clients index both
// blindly.
func links(a *answer, at string, root any) {
	each(at, root, func(at string, v any) {
		o, ok := v.(*object)
		if !ok {
			return
		}
		if href, there := o.values["href"]; there {
			if s, ok := href.(string); !ok || !strings.HasPrefix(s, "/v3/") {
				a.report(a.name(), KindLink, member(at, "href"), "%s does not begin with /v3/", text(href))
			}
		}
		l, ok := o.values["_links"].(*object)
		if !ok {
			return
		}
		if len(l.keys) == 0 {
			a.report(a.name(), KindLink, member(at, "_links"), "an empty object; it is left out on the last page")
		}
		for _, rel := range l.keys {
			target, ok := l.values[rel].(*object)
			if !ok || target.values["href"] == nil {
				a.report(a.name(), KindLink, member(member(at, "_links"), rel), "%s has no href", text(l.values[rel]))
			}
		}
	})
}

// order holds to guide 8 and 11.13: in a page the array of data is there, if
// empty, and is the first key that is not _links; a client takes it by place.
func order(a *answer, root any) {
	key := dataKey(a.op)
	o, ok := root.(*object)
	if key == "" || !ok {
		return
	}
	if _, there := o.values[key].([]any); !there {
		a.report(a.name(), KindOrder, key, "the array of data is missing; one without items is []")
		return
	}
	for _, first := range o.keys {
		if first == "_links" {
			continue
		}
		if first != key {
			a.report(a.name(), KindOrder, first, "%s stands before the data in %s", first, key)
		}
		return
	}
}

// included are the parts of a contact that come only when asked for.
var included = []string{"custom_fields", "list_memberships", "notes", "phone_numbers", "street_addresses", "taggings"}

// asked holds to guide 4.6 and 4.7: what the query asks for is there, and
// what has to be asked for is not there unasked. A cursor carries the first
// call's parameters and cannot be read here.
func asked(a *answer, root any) {
	o, ok := root.(*object)
	if !ok || a.query.Has("cursor") {
		return
	}
	var contacts []any
	at := func(int) string { return "" }
	switch a.op.String() {
	case "GET /contacts":
		contacts, _ = o.values["contacts"].([]any)
		at = func(i int) string { return index("contacts", i) }
		a.counted(o, "contacts_count")
	case "GET /contacts/{contact_id}":
		contacts = []any{o}
	case "GET /contact_lists":
		a.counted(o, "lists_count")
		return
	default:
		return
	}
	include := strings.Split(strings.Join(a.query["include"], ","), ",")
	wanted := make(map[string]bool, len(include))
	for _, name := range include {
		wanted[strings.TrimSpace(name)] = true
	}
	for i, c := range contacts {
		contact, ok := c.(*object)
		if !ok {
			continue
		}
		for _, name := range included {
			_, there := contact.values[name]
			if there && !wanted[name] {
				a.report("ContactResource."+name, KindInclude, member(at(i), name), "there without being asked for by include")
			}
			if !there && wanted[name] {
				a.report("ContactResource."+name, KindInclude, at(i), "%s is asked for by include and missing", name)
			}
		}
	}
}

func (a *answer) counted(o *object, key string) {
	if v := a.query.Get("include_count"); v != "true" && v != "1" {
		return
	}
	if _, there := o.values[key]; !there {
		a.report(a.name(), KindRequired, "", "%s is asked for by include_count and missing", key)
	}
}

// started holds to guide 4.11 and 4.3: the answer that begins an activity,
// and that of the sign-up form, have what clients go on with.
func started(a *answer, root any) {
	o, ok := root.(*object)
	if !ok {
		return
	}
	var musts []string
	switch {
	case a.op.Method == http.MethodPost && service(a.op.Path) == "activities":
		musts = []string{"activity_id", "state", "created_at", "updated_at", "percent_done", "activity_errors", "_links"}
		if state, _ := o.values["state"].(string); state != "initialized" {
			a.report(a.name(), KindEnum, "state", "%q; an activity begins as initialized", state)
		}
	case a.op.Path == "/contacts/sign_up_form":
		musts = []string{"contact_id", "action"}
	}
	for _, key := range musts {
		if _, there := o.values[key]; !there {
			a.report(a.name(), KindRequired, "", "%s is missing", key)
		}
	}
}
