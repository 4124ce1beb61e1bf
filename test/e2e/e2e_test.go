// Package e2e tests the binary as its users run it: started, called over
// HTTP, killed, started again, on SQLite and on PostgreSQL.
package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

func TestMain(m *testing.M) { server.Main(m) }

// onBoth runs a test over an empty place on each database.
func onBoth(t *testing.T, test func(t *testing.T, p server.Place)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, server.NewPlace(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, server.NewPlace(t, testdb.Postgres(t)))
	})
}

type activity struct {
	ID          string   `json:"activity_id"`
	State       string   `json:"state"`
	PercentDone int      `json:"percent_done"`
	CompletedAt string   `json:"completed_at"`
	Errors      []string `json:"activity_errors"`
	Status      struct {
		Total       int `json:"items_total_count"`
		Completed   int `json:"items_completed_count"`
		Persons     int `json:"person_count"`
		Errors      int `json:"error_count"`
		Correctable int `json:"correctable_count"`
	} `json:"status"`
}

// lists returns the ids of all lists by name.
func lists(t *testing.T, c server.Client) map[string]string {
	t.Helper()
	var got struct {
		Lists []struct {
			ID   string `json:"list_id"`
			Name string `json:"name"`
		} `json:"lists"`
	}
	c.Get(t, "/v3/contact_lists?limit=1000", &got)
	ids := map[string]string{}
	for _, l := range got.Lists {
		ids[l.Name] = l.ID
	}
	return ids
}

// importFile posts a file and returns the id of the activity.
func importFile(t *testing.T, c server.Client, name string, file io.Reader, list string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(part, file); err != nil {
		t.Fatal(err)
	}
	if err := form.WriteField("list_ids", list); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/v3/activities/contacts_file_import", &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	status, _, answer := c.Do(t, req)
	if status != http.StatusCreated {
		t.Fatalf("import: status %d: %s", status, answer)
	}
	var a activity
	decode(t, answer, &a)
	if a.ID == "" || a.State != "initialized" {
		t.Fatalf("import: %s", answer)
	}
	return a.ID
}

// finish polls an activity until it has ended.
func finish(t *testing.T, c server.Client, id string) activity {
	t.Helper()
	deadline := time.Now().Add(5 * time.Minute)
	for {
		var a activity
		c.Get(t, "/v3/activities/"+id, &a)
		if a.State != "initialized" && a.State != "processing" {
			return a
		}
		if time.Now().After(deadline) {
			t.Fatalf("activity %s is still %s at %d%%", id, a.State, a.PercentDone)
		}
		time.Sleep(50 * time.Millisecond) // a client polls; there is nothing else to wait on
	}
}

// people is a file of n rows, each with its own address. Every hundredth row
// has an address that cannot be one.
func people(n int) *bytes.Reader {
	var b bytes.Buffer
	b.WriteString("email,first_name,last_name,company_name,street,city,zip,country\n")
	for i := range n {
		at := "@"
		if i%100 == 99 {
			at = " at "
		}
		fmt.Fprintf(&b, "person%06d%sexample.org,First%d,Last%d,\"Company, of number %d\",%d Long Street,Springfield,%05d,US\n", i, at, i, i, i, i, i%99999)
	}
	return bytes.NewReader(b.Bytes())
}
