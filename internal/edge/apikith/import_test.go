package apikith_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/task"
	"kith/internal/domain/activity"
	"kith/internal/domain/activity/column"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/edge/apikith"
)

// part is one of a form.
type part struct{ name, file, body string }

const (
	previewPath = "/kith/v1/imports/preview"
	importPath  = "/kith/v1/imports"
)

// upload sends a form and writes the exchange down.
func (s *site) upload(t *testing.T, who caller, parts ...part) answer {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.SetBoundary("boundary"); err != nil {
		t.Fatal(err)
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
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	a := s.send(t, who, post, previewPath, form.FormDataContentType(), b.String())
	shown := strings.ReplaceAll(b.String(), "\r\n", "\n")
	if len(shown) > 2000 || strings.ContainsRune(shown, 0) {
		shown = fmt.Sprintf("… %d bytes …", len(shown))
	}
	s.write(t, who, a, strings.TrimSuffix(shown, "\n"))
	return a
}

// imported begins an import of the account.
func (s *site) imported(t *testing.T, csv string) activity.Activity {
	t.Helper()
	u, err := s.bulk.Receive(t.Context(), s.ines.actor, "people.csv", strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	of, err := s.lists.List(t.Context(), s.ines.actor, list.Filter{}, page.Request{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.bulk.Import(t.Context(), s.ines.actor, activity.Import{Upload: u.Ref(), Lists: []id.Ref[id.List]{of.Items[0].Ref()}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// work does all bulk work that waits.
func (s *site) work(t *testing.T) {
	t.Helper()
	items, err := s.bulk.Pending(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		l := task.Lease{Name: fmt.Sprintf("activity/%d/%d", i.Account, i.Activity), Owner: "me"}
		if taken, err := s.TakeLease(t.Context(), l, time.Minute); err != nil || !taken {
			t.Fatalf("lease: %v, %v", taken, err)
		}
		if err := s.bulk.Run(t.Context(), i, l); err != nil {
			t.Fatal(err)
		}
	}
}

// uploads counts the files that are kept.
func (s *site) uploads(t *testing.T) (n int) {
	t.Helper()
	err := filepath.WalkDir(s.files, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// friends is a file with a column that nobody knows, and rows with faults.
const friends = "E-mail Address;First Name;Spouse;Phone 1 - Type;Phone 1 - Value\r\n" +
	"lu@example.org;Lu;Jo;Home;030 1\r\n" +
	"nobody;Nobody;;;\r\n" +
	"=cmd@;Max;;;\r\n"

func TestImport(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.field(t, "Spouse Name")
		l := s.list(t, "Friends")
		owner := s.session(t, s.ines)
		brought := s.upload(t, owner, part{"file", `C:\Users\Ines\friends.csv`, friends}).is(t, 200, "")
		file := brought.text(t, "file_id")
		body := func(file, mapping, list string) string {
			return `{"file_id": "` + file + `", "mapping": ` + mapping + `, "list_ids": ["` + list + `"]}`
		}
		s.show(t, owner, post, importPath, `{"file_id": "x", "mapping": [{"index": "one"}, {}], "list_ids": [7]}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, importPath, `{}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, importPath, body(file, `[{"index": 0, "target": "email"}, {"index": 9, "target": "email"}, {"index": 0, "target": ""}, {}]`, uid())).is(t, 400, "")
		s.show(t, owner, post, importPath, body(file, `[{"index": 3, "target": "shoe_size"}, {"index": 0, "target": "email"}, {"index": 1, "target": "email"}]`, l.UID.String())).is(t, 400, "import.heading")
		s.show(t, owner, post, importPath, body(file, `[]`, l.UID.String())).is(t, 400, "import.heading")
		s.show(t, owner, post, importPath, body(uid(), `[]`, l.UID.String())).is(t, 404, "resource.not_found")
		begun := s.show(t, owner, post, importPath, body(file, `[{"index": 2, "target": "cf:spouse_name"}, {"index": 0, "target": "email"}, {"index": 1, "target": "first_name"}]`, l.UID.String())).is(t, 201, "")
		s.show(t, owner, post, importPath, `{"file_id": "`+file+`", "list_ids": ["`+l.UID.String()+`"]}`).is(t, 409, "resource.conflict")
		s.work(t)

		rows := "/kith/v1/activities/" + begun.text(t, "activity_id") + "/rejected_rows"
		s.show(t, owner, get, rows, "").is(t, 200, "")
		first := s.show(t, owner, get, rows+"?limit=1", "").is(t, 200, "")
		s.show(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		s.show(t, owner, get, rows+"?limit=501", "").is(t, 400, "request.invalid")
		s.show(t, owner, get, rows+".csv", "").is(t, 200, "")
		asked := caller{name: "session of owner, asking for text/csv", sign: func(r *http.Request) {
			owner.sign(r)
			r.Header.Set("Accept", "text/csv")
		}}
		s.show(t, asked, get, rows, "").is(t, 200, "")
		for _, end := range []string{"", ".csv"} {
			s.call(t, owner, get, "/kith/v1/activities/"+uid()+"/rejected_rows"+end, "").is(t, 404, "resource.not_found")
		}
		s.show(t, owner, post, "/kith/v1/activities/"+begun.text(t, "activity_id")+"/cancel", "").is(t, 409, "resource.conflict")
		found := s.call(t, owner, get, "/kith/v1/contacts?search=lu%40&include=custom_fields,list_memberships,phone_numbers", "").is(t, 200, "")
		if found.text(t, "contacts[0].custom_fields[0].value") != "Jo" || found.text(t, "contacts[0].list_memberships[0]") != l.UID.String() {
			t.Errorf("imported as %s", found.body)
		}
		if strings.Contains(string(found.body), "030") {
			t.Errorf("a column that was not mapped was read: %s", found.body)
		}
		if n := s.uploads(t); n != 0 {
			t.Errorf("%d files are left", n)
		}
		s.golden(t, "import")
	})
}

// Without a mapping, what the preview showed holds.
func TestImportAsPreviewed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		key := s.key(t, s.ines, allScopes...)
		file := s.upload(t, key, part{"note", "", "hello"}, part{"file", "friends.csv", friends}).is(t, 200, "").text(t, "file_id")
		l := s.list(t, "Friends")
		begun := s.call(t, key, post, importPath, `{"file_id": "`+file+`", "list_ids": ["`+l.UID.String()+`"]}`).is(t, 201, "")
		if got := begun.text(t, "state") + " " + begun.text(t, "status.items_total_count"); got != "initialized 3" {
			t.Errorf("begun as %s", got)
		}
		// One that waits is stopped at once.
		stopped := s.call(t, key, post, "/kith/v1/activities/"+begun.text(t, "activity_id")+"/cancel", "").is(t, 200, "")
		if got := stopped.text(t, "state"); got != "cancelled" {
			t.Errorf("cancelled: %s", got)
		}
		s.call(t, key, post, "/kith/v1/activities/"+uid()+"/cancel", "").is(t, 404, "resource.not_found")
		again := s.upload(t, key, part{"file", "friends.csv", friends}).text(t, "file_id")
		s.call(t, key, post, importPath, `{"file_id": "`+again+`", "list_ids": ["`+l.UID.String()+`"]}`).is(t, 201, "")
		s.work(t)
		found := s.call(t, key, get, "/kith/v1/contacts?search=lu%40&include=phone_numbers", "").is(t, 200, "")
		if got := found.text(t, "contacts[0].phone_numbers[0].phone_number"); got != "030 1" {
			t.Errorf("imported as %s", found.body)
		}
	})
}

// A rehearsal tells what the import then does, and changes nothing.
func TestRehearsal(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.imported(t, "email,first_name\nold@example.org,Old\nsame@example.org,Same\n")
		s.work(t)
		contacts := s.call(t, owner, get, "/kith/v1/contacts", "").is(t, 200, "").body
		file := s.upload(t, owner, part{"file", "people.csv", "email,first_name,Nick\n" +
			"old@example.org,New,\nsame@example.org,Same,\n" + strings.Repeat("new@example.org,Ann,\n", 300) + "nobody,Nobody,\n"}).is(t, 200, "").text(t, "file_id")
		const path = "/kith/v1/imports/rehearsal"
		s.show(t, owner, post, path, `{}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, path, `{"file_id": "`+uid()+`"}`).is(t, 404, "resource.not_found")
		s.show(t, owner, post, path, `{"file_id": "`+uid()+`", "mapping": []}`).is(t, 404, "resource.not_found")
		s.show(t, owner, post, path, `{"file_id": "`+file+`", "mapping": [{"index": 0, "target": "shoe_size"}]}`).is(t, 400, "import.heading")
		told := s.show(t, owner, post, path, `{"file_id": "`+file+`"}`).is(t, 200, "")
		if got := told.text(t, "rows") + " " + told.text(t, "new") + " " + told.text(t, "changed") + " " + told.text(t, "unchanged") + " " + told.text(t, "rejected"); got != "303 1 1 1 1" {
			t.Errorf("told %s", got)
		}
		// Without the column that would change somebody.
		told = s.show(t, owner, post, path, `{"file_id": "`+file+`", "mapping": [{"index": 0, "target": "email"}]}`).is(t, 200, "")
		if got := told.text(t, "changed") + " " + told.text(t, "unchanged"); got != "0 2" {
			t.Errorf("told %s", got)
		}
		if after := s.call(t, owner, get, "/kith/v1/contacts", "").body; !bytes.Equal(after, contacts) {
			t.Errorf("contacts are now %s", after)
		}
	})
}

// A workbook is imported as the text that it shows.
func TestImportOfAWorkbook(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		book := excelize.NewFile()
		for at, v := range map[string]any{"A1": "E-mail", "B1": "Last name", "A2": "lu@example.org", "B2": "Lu", "A4": "nobody"} {
			if err := book.SetCellValue("Sheet1", at, v); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := book.Write(&b); err != nil {
			t.Fatal(err)
		}
		owner := s.session(t, s.ines)
		l := s.list(t, "Friends")
		s.upload(t, owner, part{"file", "friends.xlsx", friends}).is(t, 400, "import.file")
		brought := s.upload(t, owner, part{"file", "Friends.XLSX", b.String()}).is(t, 200, "")
		begun := s.call(t, owner, post, importPath, `{"file_id": "`+brought.text(t, "file_id")+`", "list_ids": ["`+l.UID.String()+`"]}`).is(t, 201, "")
		s.work(t)
		rows := s.call(t, owner, get, "/kith/v1/activities/"+begun.text(t, "activity_id")+"/rejected_rows", "").is(t, 200, "")
		if rows.text(t, "rejected_rows[0].line") != "4" || rows.text(t, "rejected_rows[0].value") != "nobody" {
			t.Errorf("rejected %s", rows.body)
		}
		found := s.call(t, owner, get, "/kith/v1/contacts?search=lu%40", "").is(t, 200, "")
		if got := found.text(t, "contacts[0].last_name"); got != "Lu" {
			t.Errorf("imported as %s", found.body)
		}
		if n := s.uploads(t); n != 0 {
			t.Errorf("%d files are left", n)
		}
	})
}

func TestPreviewThatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.upload(t, owner, part{"note", "", "hello"}).is(t, 400, "request.invalid")
		s.upload(t, owner, part{"file", "", "email\nlu@example.org\n"}).is(t, 400, "request.invalid")
		s.upload(t, owner, part{"file", "empty.csv", ""}).is(t, 400, "import.file")
		s.upload(t, owner, part{"file", "zip.csv", "PK\x03\x04" + strings.Repeat("\x00\x01", 100)}).is(t, 400, "import.file")
		s.upload(t, owner, part{"file", "large.csv", "email\n" + strings.Repeat("lu@example.org\n", 1000)}).is(t, 400, "import.too_large")
		// No column is an address: a person may say which is.
		s.upload(t, owner, part{"file", "names.csv", "Who;Colour;" + strings.Repeat("long ", 3) + "\nlu@example.org;" + strings.Repeat("teal ", 50) + ";\n"}).is(t, 200, "")
		s.send(t, owner, post, previewPath, "text/csv", friends).is(t, 415, "request.media_type")
		cut := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\nemail\r\nlu@example.org\r\n"
		s.send(t, owner, post, previewPath, "multipart/form-data; boundary=b", cut).is(t, 400, "request.malformed")
		if n := s.uploads(t); n != 1 {
			t.Errorf("%d files are kept, want the one that was not refused", n)
		}
		s.golden(t, "preview_refused")
	})
}

// Every target that is offered is one that a column can be mapped to.
func TestTargetsAreKnown(t *testing.T) {
	names := apikith.UsualTargets()
	if _, err := column.NewPlan(make([]string, len(names)), names, nil, column.Options{}); err != nil || len(names) < 10 {
		t.Errorf("%d targets: %v", len(names), err)
	}
}

// field adds a custom field to the account.
func (s *site) field(t *testing.T, label string) contact.Field {
	t.Helper()
	f, err := s.contacts.CreateField(t.Context(), s.ines.actor, contact.NewField{Label: label, Type: contact.TypeString}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A file states consent to short messages where the import says so.
func TestImportStatesConsent(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		l := s.list(t, "Friends")
		owner := s.session(t, s.ines)
		bring := func(last, permission string) {
			t.Helper()
			file := s.upload(t, owner, part{"file", "friends.csv", "sms_number,sms_consent_date\n20255501" + last + ",2020-02-03\n"}).is(t, 200, "").text(t, "file_id")
			of := `{"file_id": "` + file + `", "sms_permission_to_send": `
			s.call(t, owner, post, importPath, of+`"sure", "list_ids": ["`+l.UID.String()+`"]}`).is(t, 400, "request.invalid")
			s.call(t, owner, post, importPath+"/rehearsal", of+`"sure"}`).is(t, 400, "request.invalid")
			if n := s.call(t, owner, post, importPath+"/rehearsal", of+permission+`}`).is(t, 200, "").text(t, "new"); n != "1" {
				t.Errorf("%s would be new", n)
			}
			s.call(t, owner, post, importPath, of+permission+`, "list_ids": ["`+l.UID.String()+`"]}`).is(t, 201, "")
			s.work(t)
		}
		bring("34", `"explicit"`)
		bring("35", `null`)
		found := s.call(t, owner, get, "/kith/v1/contacts?list="+l.UID.String()+"&include=sms_channel", "").is(t, 200, "")
		for i, want := range []string{"explicit", "not_set"} {
			if got := found.text(t, fmt.Sprintf("contacts[%d].sms_channel.sms_channel_consents[0].sms_consent_permission", i)); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}
