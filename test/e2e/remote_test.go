package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kith/test/server"
)

// commands runs kith over the network, with an access key in a file.
type commands struct {
	server, key, dir string
}

func newCommands(t *testing.T, url, key string) commands {
	t.Helper()
	c := commands{url, "", t.TempDir()}
	c.key = c.write(t, "key", key+"\n")
	return c
}

// write makes a file in the folder where the commands run.
func (c commands) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (c commands) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// run runs a command and returns what it printed. It fails the test where the
// status is another one.
func (c commands) run(t *testing.T, status int, args ...string) (out, errs string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, server.Binary(t), append(args, "--server", c.server)...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), "KITH_TOKEN_FILE="+c.key)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if got != status {
		t.Fatalf("kith %q ended with %d, want %d: %s%s", args, got, status, o.String(), e.String())
	}
	return o.String(), e.String()
}

// object runs a command that prints one.
func (c commands) object(t *testing.T, status int, args ...string) map[string]any {
	t.Helper()
	out, _ := c.run(t, status, append(args, "--json")...)
	var got map[string]any
	decode(t, []byte(out), &got)
	return got
}

// addresses returns the first cells of a file, sorted, without the heading.
func addresses(t *testing.T, file string) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, row := range rows[1:] {
		all = append(all, row[0])
	}
	slices.Sort(all)
	return all
}

// What one command brings, the other takes away again.
func TestImportAndExportByCommand(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, p server.Place) {
		s := server.Start(t, p)
		key := p.Account(t, "ines@example.org", "contact_data")
		c := newCommands(t, s.URL, key)
		api := server.Client{URL: s.URL, Token: key}
		const rows = 500
		file, err := io.ReadAll(people(rows))
		if err != nil {
			t.Fatal(err)
		}
		c.write(t, "people.csv", string(file))

		// Before anything is there.
		if _, errs := c.run(t, 1, "import", "people.csv", "--list", "New friends"); !strings.Contains(errs, `no such list: "New friends"`) || !strings.Contains(errs, "--create-list") {
			t.Errorf("a list that is not there: %s", errs)
		}
		dry := c.object(t, 0, "import", "people.csv", "--list", "New friends", "--create-list", "--dry-run")
		if dry["new"] != 495.0 || dry["rejected"] != 5.0 || dry["rows"] != 500.0 {
			t.Errorf("a dry run: %v", dry)
		}
		if _, made := lists(t, api)["New friends"]; made || count(t, api) != 1 {
			t.Errorf("a dry run has changed something: %v, %d contacts", lists(t, api), count(t, api))
		}

		out, errs := c.run(t, 0, "import", "people.csv", "--list", "New friends", "--list", "general interest", "--create-list", "--rejects", "rejected.csv")
		if out != "495 imported, 5 rejected.\n" || !strings.Contains(errs, `line 101, email, "person000099 at example.org": `) {
			t.Errorf("the import says %q and %q", out, errs)
		}
		if rejected := c.read(t, "rejected.csv"); strings.Count(rejected, "\r\n") != 6 || !strings.HasPrefix(rejected, "line,column,value,reason\r\n101,email,person000099 at example.org,") {
			t.Errorf("rejected rows: %q", rejected)
		}
		if n := count(t, api); n != 496 {
			t.Errorf("%d contacts, want 496", n)
		}
		again := c.object(t, 0, "import", "people.csv", "--list", lists(t, api)["New friends"], "--rejects", "rejected.csv")
		if again["imported"] != 495.0 || again["rejected"] != 5.0 || again["rows"] != 500.0 {
			t.Errorf("once more: %v", again)
		}
		c.write(t, "bad.csv", "email\nnobody\n")
		if got := c.object(t, 1, "import", "bad.csv", "--list", "New friends"); got["rejected"] != 1.0 || got["imported"] != 0.0 {
			t.Errorf("a file of which nothing is taken: %v", got)
		}
		if _, errs := c.run(t, 1, "import", "missing.csv", "--list", "New friends"); !strings.Contains(errs, "missing.csv") {
			t.Errorf("a file that is not there: %s", errs)
		}

		// Other forms.
		c.write(t, "more.json", `{"list_ids": [], "import_data": [{"email": "jo@example.org", "first_name": "Jo"}, {"email": "x"}]}`)
		if out, errs := c.run(t, 0, "import", "more.json", "--list", "New friends"); out != "1 imported, 1 rejected.\n" || !strings.Contains(errs, "line 2") {
			t.Errorf("JSON: %q and %q", out, errs)
		}
		for _, broken := range []string{"", `[{"email": "no@example.org"}`, `{"people": []}`, `[{"email": "no@example.org"} x]`} {
			c.write(t, "broken.json", broken)
			c.run(t, 1, "import", "broken.json", "--list", "New friends")
		}
		book := excelize.NewFile()
		for i, row := range [][]any{{"email", "first name"}, {"lu@example.org", "Lu"}} {
			if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		if err := book.SaveAs(filepath.Join(c.dir, "book.xlsx")); err != nil {
			t.Fatal(err)
		}
		if out, errs := c.run(t, 0, "import", "book.xlsx", "--list", "New friends"); out != "1 imported, 0 rejected.\n" {
			t.Errorf("a workbook: %q and %q", out, errs)
		}

		// Out again.
		all := c.object(t, 0, "export", "all.csv")
		if all["contacts"] != 498.0 || all["file"] != "all.csv" || len(addresses(t, c.read(t, "all.csv"))) != 498 {
			t.Errorf("everybody: %v", all)
		}
		some, errs := c.run(t, 0, "export", "--list", "new FRIENDS", "--status", "implicit", "--columns", "email_address,first_name,list_memberships")
		if !strings.HasPrefix(some, "Email address,First name,Email Lists\r\n") || !strings.Contains(some, "jo@example.org,Jo,New friends\r\n") || errs != "497 contacts exported.\n" {
			t.Errorf("a list: %.200q, %s", some, errs)
		}
		if got := addresses(t, some); len(got) != 497 || slices.Contains(got, "ines@example.org") {
			t.Errorf("%d on the list", len(got))
		}
		c.run(t, 0, "export", "packed.csv.gz", "--gzip", "--list", "New friends", "--status", "implicit,explicit", "--columns", "email_address,first_name,list_memberships")
		z, err := gzip.NewReader(strings.NewReader(c.read(t, "packed.csv.gz")))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(z); err != nil || string(text) != some {
			t.Errorf("compressed: %d bytes, want %d, %v", len(text), len(some), err)
		}
		var made struct {
			ID json.Number `json:"segment_id"`
		}
		criteria := `{"version":"1.0.0","criteria":{"type":"and","group":[{"source":"contact","field":"first_name","op":"equals","value":"jo"}]}}`
		api.Want(t, 201, "POST", "/v3/segments", map[string]any{"name": "Jos", "segment_criteria": criteria}, &made)
		for _, segment := range []string{"jos", made.ID.String()} {
			if out, _ := c.run(t, 0, "export", "-", "--segment", segment, "--columns", "email_address"); out != "Email address\r\njo@example.org\r\n" {
				t.Errorf("segment %s: %q", segment, out)
			}
		}

		// What is refused, and told.
		for _, test := range []struct {
			status int
			args   []string
			want   string
		}{
			{1, []string{"export", "--list", "Nobody's"}, `there is no list "Nobody's"`},
			{1, []string{"export", "--segment", "Nobody's"}, `there is no segment "Nobody's"`},
			{1, []string{"export", "x.csv", "--columns", "shoe_size"}, "names no field of contacts: shoe_size"},
			{1, []string{"export", "--status", "sleeping"}, "is no status of a contact"},
			{1, []string{"export", "x.csv", "--token", "kith_nonsense"}, "401"},
			{1, []string{"export", "no/such/folder.csv"}, "no such file or directory"},
			{2, []string{"export", "--json"}, "name a file"},
			{2, []string{"export", "--token-file", "/dev/null"}, "a token is needed"},
			{2, []string{"import", "more.json", "--list", "New friends", "--dry-run"}, "--dry-run is for CSV"},
			{2, []string{"import", "people.csv"}, "--list"},
		} {
			if _, errs := c.run(t, test.status, test.args...); !strings.Contains(errs, test.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("%q: %s, want %s", test.args, errs, test.want)
			}
		}
		if got := c.object(t, 1, "export", "x.csv", "--columns", "shoe_size"); got["code"] != "request.invalid" {
			t.Errorf("as an object: %v", got)
		}
		c.noFile(t, "x.csv")
	})
}

// noFile checks that a file is not there, nor any part of one.
func (c commands) noFile(t *testing.T, name string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(c.dir, "*"+name+"*"))
	if err != nil || len(found) > 0 {
		t.Errorf("%v is there, %v", found, err)
	}
	parts, err := filepath.Glob(filepath.Join(c.dir, ".*"))
	if err != nil || len(parts) > 0 {
		t.Errorf("%v is there, %v", parts, err)
	}
}

// flaky stands before a server and breaks off what passes it.
type flaky struct {
	upload   atomic.Int32 // how many uploads end in their middle
	download atomic.Int32 // how many downloads do
}

func (f *flaky) before(t *testing.T, server string) string {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		if strings.HasPrefix(r.Request.URL.Path, "/v3/contact_exports/") && r.StatusCode == 200 && f.download.Add(-1) >= 0 {
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.MultiReader(io.LimitReader(r.Body, 3000), brokenReader{}), r.Body}
		}
		return nil
	}
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/kith/v1/imports/preview" && f.upload.Add(-1) >= 0 {
			_, _ = io.CopyN(io.Discard, r.Body, 1000) // it breaks off all the same
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	there.Config.ErrorLog = nil
	t.Cleanup(there.Close)
	return there.URL
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the line is cut") }

// A line that is cut now and then makes nothing wrong; one that is cut for good
// leaves no half file.
func TestABrokenLine(t *testing.T) {
	t.Parallel()
	p := server.NewPlace(t, "")
	s := server.Start(t, p)
	key := p.Account(t, "ines@example.org", "contact_data")
	var line flaky
	c := newCommands(t, line.before(t, s.URL), key)
	file, err := io.ReadAll(people(2000))
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, "people.csv", string(file))
	line.upload.Store(2)
	out, errs := c.run(t, 0, "import", "people.csv", "--list", "General Interest")
	if out != "1980 imported, 20 rejected.\n" || strings.Count(errs, "trying again in") != 2 {
		t.Errorf("%q, %q", out, errs)
	}
	whole, _ := newCommands(t, s.URL, key).run(t, 0, "export")
	line.download.Store(2)
	_, errs = c.run(t, 0, "export", "all.csv")
	if got := c.read(t, "all.csv"); got != whole || strings.Count(errs, "trying again in") != 2 {
		t.Errorf("%d bytes, want %d; %q", len(got), len(whole), errs)
	}
	line.download.Store(2)
	if out, _ := c.run(t, 0, "export"); out != whole {
		t.Errorf("on standard output: %d bytes, want %d", len(out), len(whole))
	}
	// For good, and the command is told to end.
	line.download.Store(1 << 30)
	cmd := exec.CommandContext(t.Context(), server.Binary(t), "export", "never.csv", "--server", c.server, "--token-file", c.key)
	cmd.Dir = c.dir
	told, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 1)
	if _, err := io.ReadFull(told, first); err != nil { // it waits
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_, _ = io.ReadAll(told) // until it has ended
	if err := cmd.Wait(); err == nil {
		t.Error("half an export is a success")
	}
	c.noFile(t, "never.csv")
}
