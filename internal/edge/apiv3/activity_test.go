package apiv3_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

// part is one of a form.
type part struct{ name, file, body string }

// upload sends a form, with parts in the order given.
func (c *client) upload(path string, parts ...part) answer {
	c.w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.SetBoundary("boundary"); err != nil {
		c.w.t.Fatal(err)
	}
	for _, p := range parts {
		var w io.Writer
		var err error
		if p.file != "" {
			w, err = form.CreateFormFile(p.name, p.file)
		} else {
			w, err = form.CreateFormField(p.name)
		}
		if err == nil {
			_, err = io.WriteString(w, p.body)
		}
		if err != nil {
			c.w.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		c.w.t.Fatal(err)
	}
	return c.call(http.MethodPost, path, b.String(), "Content-Type", form.FormDataContentType())
}

const importPath = "/v3/activities/contacts_file_import"

const people = "email,first_name,birthday_month,birthday_day,Spouse\r\nines@example.org,Ines,2,29,Jo\r\nnobody,Nobody,,,\r\njo@example.org,Jo,13,1,\r\n"

func TestImportOfAFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
		// The file may come before the lists that it is for.
		begun := c.upload(importPath,
			part{"file", "people.CSV", people}, part{"sms_permission_to_send", "", "not_set"}, part{"list_ids", "", " " + list + ", "}).status(201)
		self := begun.text("_links.self.href")
		c.call(http.MethodGet, self, nil).status(200)
		w.Clock.Move(time.Minute)
		w.work()
		done := c.call(http.MethodGet, self, nil).status(200)
		if done.text("state") != "completed" || done.text("percent_done") != "100" || done.text("completed_at") == "" {
			t.Errorf("got %s", done.Body)
		}
		c.call(http.MethodGet, "/v3/activities?state=completed&limit=1", nil).status(200)
		c.call(http.MethodGet, "/v3/contacts?include=list_memberships", nil).status(200)
		c.golden("import")
	})
}

func TestImportThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	file, lists := part{"file", "people.csv", people}, part{"list_ids", "", list}
	c.upload(importPath, part{"file", "people.xlsx", people}, lists).code(415, "request.media_type")
	c.upload(importPath, lists).code(400, "request.invalid")
	c.upload(importPath, file).code(400, "request.invalid")
	c.upload(importPath, part{"sms_permission_to_send", "", "sure"}).code(400, "request.invalid")
	c.upload(importPath, part{"file", "people.csv", "sms_number\n2025550134\n"}, lists, part{"sms_permission_to_send", "", "explicit"}).
		code(400, "request.invalid")
	c.upload(importPath, file, part{"list_ids", "", "x," + list + ",019f0000-0000-7000-8000-000000000001"}).code(400, "request.invalid")
	c.upload(importPath, file, part{"list_ids", "", strings.Repeat(list+",", 51)}).code(400, "request.invalid")
	c.upload(importPath, part{"file", "people.csv", "name,age\nJo,7\n"}, lists).code(400, "import.heading")
	c.upload(importPath, part{"file", "people.csv", ""}, lists).code(400, "import.file")
	w.client().upload(importPath, lists, part{"file", "people.csv", "email\n" + strings.Repeat("a@example.org\n", maxFile/8)}).code(400, "import.too_large")
	c.upload(importPath, file, file, lists).code(400, "request.malformed")
	c.call(http.MethodPost, importPath, object{"file": "people.csv"}).code(415, "request.media_type")
	c.call(http.MethodPost, importPath, "file=people.csv", "Content-Type", "application/x-www-form-urlencoded").code(415, "request.media_type")
	c.call(http.MethodPost, importPath, "--boundary\r\n", "Content-Type", "multipart/form-data").code(415, "request.media_type")
	c.call(http.MethodPost, importPath, "--boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nemail\n",
		"Content-Type", "multipart/form-data; boundary=boundary").code(400, "request.malformed")
	c.golden("import_refused")
	// Nothing of all that was kept.
	w.Clock.Move(48 * time.Hour)
	for _, path := range []string{"/v3/activities", "/v3/contacts"} {
		owner := w.client()
		if got := owner.call(http.MethodGet, path, nil).status(200).Body.String(); strings.Contains(got, "_id") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if n := w.uploads(); n != 0 {
		t.Errorf("%d uploads are still kept", n)
	}
}

func TestActivityThatIsNotThere(t *testing.T) {
	w := alone(t)
	c := w.client()
	c.call(http.MethodGet, "/v3/activities/019f0000-0000-7000-8000-000000000001", nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/activities/1", nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/activities?state=sleeping", nil).code(400, "request.invalid")
	c.golden("activity_refused")
}

func TestDeletingAList(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	c.call(http.MethodDelete, "/v3/contact_lists/"+list, nil).code(409, "list.last")
	c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Silver"}).status(201)
	contact := c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account", "list_memberships": []string{list}}).
		status(201).text("contact_id")
	begun := c.call(http.MethodDelete, "/v3/contact_lists/"+list, nil).status(202)
	if begun.Header().Get("Location") != begun.text("_links.self.href") {
		t.Errorf("Location %s", begun.Header().Get("Location"))
	}
	c.call(http.MethodDelete, "/v3/contact_lists/"+list, nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/contact_lists/"+list, nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/contact_lists?status=deleted", nil).status(200)
	w.work()
	c.call(http.MethodGet, begun.text("_links.self.href"), nil).status(200)
	c.call(http.MethodGet, "/v3/contacts/"+contact+"?include=list_memberships", nil).status(200)
	c.golden("list_delete")
}

func TestActivitiesByPage(t *testing.T) {
	w := alone(t)
	c := w.client()
	for i := range 4 {
		c.call(http.MethodPost, "/v3/contact_lists", object{"name": fmt.Sprint("List ", i)}).status(201)
	}
	for range 3 {
		w.Clock.Move(time.Second)
		id := c.call(http.MethodGet, "/v3/contact_lists", nil).text("lists.0.list_id")
		c.call(http.MethodDelete, "/v3/contact_lists/"+id, nil).status(202)
	}
	var times []string
	for path := "/v3/activities?limit=2"; path != ""; {
		page := c.call(http.MethodGet, path, nil).status(200)
		for i := range 2 {
			if at := page.text(fmt.Sprintf("activities.%d.created_at", i)); at != "" {
				times = append(times, at)
			}
		}
		path = page.text("_links.next.href")
	}
	if got := strings.Join(times, " "); got != "2026-03-01T17:05:12Z 2026-03-01T17:05:11Z 2026-03-01T17:05:10Z" {
		t.Errorf("got %s", got)
	}
}
