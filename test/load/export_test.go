package load

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

// TestFiguresOfExport writes all contacts of an account to a file, with two
// custom fields and two lists each and all columns, beside a plain reading of
// the same rows.
func TestFiguresOfExport(t *testing.T) {
	if !asked() {
		t.Skip("figures are measured by `make bench`")
	}
	t.Run("sqlite", func(t *testing.T) { measureExport(t, "sqlite", server.NewPlace(t, "")) })
	t.Run("postgres", func(t *testing.T) { measureExport(t, "postgres", server.NewPlace(t, testdb.Postgres(t))) })
}

func measureExport(t *testing.T, database string, p server.Place) {
	s := server.Start(t, p)
	b := &bench{t: t, database: database, server: s, client: server.Client{
		URL: s.URL, Token: p.Account(t, "ines@example.org", "contact_data account_read"),
	}}
	var lists struct {
		Lists []struct {
			ID string `json:"list_id"`
		} `json:"lists"`
	}
	b.client.Get(t, "/v3/contact_lists", &lists)
	b.list = lists.Lists[0].ID
	for _, label := range []string{"boat", "berth"} {
		b.client.Want(t, http.StatusCreated, http.MethodPost, "/v3/contact_custom_fields", map[string]string{"label": label, "type": "string"}, nil)
	}
	b.importFile(sailors(people(rows(), 0)))
	b.addToList("Everybody")
	if database == "postgres" {
		// The server does this by itself within minutes after so many rows came.
		if _, err := rawDB(t, p).ExecContext(t.Context(), "VACUUM ANALYZE"); err != nil {
			t.Fatal(err)
		}
	}
	raw := rawExport(t, p)

	begun := time.Now()
	var begin json.RawMessage
	b.client.Want(t, http.StatusCreated, http.MethodPost, "/v3/activities/contact_exports", map[string]any{}, &begin)
	done := b.finish(begin).Done
	b.print("export, two custom fields and two lists each", float64(done)/time.Since(begun).Seconds(), "rows/s", raw, 100_000, atLeast)

	var a struct {
		Links struct {
			Results struct {
				Href string `json:"href"`
			} `json:"results"`
		} `json:"_links"`
	}
	if err := json.Unmarshal(begin, &a); err != nil {
		t.Fatal(err)
	}
	for _, encoding := range []string{"identity", "gzip"} {
		begun = time.Now()
		lines := b.download(a.Links.Results.Href, encoding)
		b.print("download of an export, "+encoding, float64(done)/time.Since(begun).Seconds(), "rows/s", 0, 0, atLeast)
		if encoding == "identity" && (done != rows()+1 || lines != done+1) {
			t.Errorf("%d contacts were exported into %d lines, want %d and a heading", done, lines, rows()+1)
		}
	}
}

// download reads a file to its end and counts what looks like ends of lines.
func (b *bench) download(path, encoding string) (lines int) {
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.client.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.client.Token)
	req.Header.Set("Accept-Encoding", encoding)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	part := make([]byte, 256<<10)
	for {
		n, err := res.Body.Read(part)
		lines += bytes.Count(part[:n], []byte("\n"))
		if err == io.EOF && res.StatusCode == http.StatusOK {
			return lines
		}
		if err != nil {
			b.t.Fatalf("status %d, %v", res.StatusCode, err)
		}
	}
}

// sailors adds two columns of custom fields to a file of people.
func sailors(file []byte) []byte {
	out := make([]byte, 0, len(file)*9/8)
	i := 0
	for line := range bytes.Lines(file) {
		out = append(out, bytes.TrimSuffix(line, []byte("\n"))...)
		if i == 0 {
			out = append(out, ",cf:boat,cf:berth\n"...)
		} else {
			out = fmt.Appendf(out, ",Ondine %d,Berth %d\n", i, i%500)
		}
		i++
	}
	return out
}

// rawReads read what an export needs of the contacts between two numbers, along
// the keys of the tables, and nothing else.
var rawReads = []struct {
	text    string
	columns int
}{
	{`SELECT number, email, first_name, last_name, job_title, company_name, birthday, anniversary, permission, opt_in_source, opt_in_at,
		opt_out_source, opt_out_at, opt_out_reason, created_at, updated_at, phones, addresses
		FROM contact WHERE account_id = 1 AND number BETWEEN $1 AND $2 ORDER BY number`, 18},
	{`SELECT contact, list FROM membership WHERE account_id = 1 AND contact BETWEEN $1 AND $2 ORDER BY contact, list`, 2},
	{`SELECT contact, field, value FROM field_value WHERE account_id = 1 AND contact BETWEEN $1 AND $2 ORDER BY contact, field`, 3},
}

// rawExport reads all contacts with their lists and values on two connections,
// and returns contacts a second.
func rawExport(t *testing.T, p server.Place) float64 {
	t.Helper()
	const page = 5000
	var highest, contacts int
	if err := rawDB(t, p).QueryRowContext(t.Context(), `SELECT max(number), count(*) FROM contact WHERE account_id = 1`).Scan(&highest, &contacts); err != nil {
		t.Fatal(err)
	}
	half := highest / 2 / page * page
	var readers sync.WaitGroup
	ranges := [][2]int{{1, half}, {half + 1, highest}}
	var dbs []*sql.DB
	for range ranges {
		dbs = append(dbs, rawDB(t, p))
	}
	begun := time.Now()
	for i, of := range ranges {
		readers.Go(func() {
			for first := of[0]; first <= of[1]; first += page {
				for _, r := range rawReads {
					if err := readAll(t.Context(), dbs[i], r.text, r.columns, first, min(first+page-1, of[1])); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	readers.Wait()
	return float64(contacts) / time.Since(begun).Seconds()
}

func readAll(ctx context.Context, db *sql.DB, text string, columns int, args ...any) error {
	found, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer found.Close()
	values := make([]sql.RawBytes, columns)
	to := make([]any, columns)
	for i := range to {
		to[i] = &values[i]
	}
	for found.Next() {
		if err := found.Scan(to...); err != nil {
			return err
		}
	}
	return found.Err()
}
