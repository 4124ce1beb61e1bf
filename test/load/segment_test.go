package load

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the raw engine, by the same calls as the other

	"kith/internal/testdb"
	"kith/test/server"
)

// What there is in the account beside contacts.
const (
	halfList    = "019f0000-0000-7000-8000-00000000000a"
	someTag     = "019f0000-0000-7000-8000-00000000000b"
	lastMailing = "019f0000-0000-7000-8000-00000000000c"
)

// TestFiguresOfSegments counts who meets three criteria among all contacts of
// an account, through the API, beside plain counts along the same indexes.
func TestFiguresOfSegments(t *testing.T) {
	if !asked() {
		t.Skip("figures are measured by `make bench`")
	}
	t.Run("sqlite", func(t *testing.T) { measureSegments(t, "sqlite", server.NewPlace(t, ""), 300) })
	t.Run("postgres", func(t *testing.T) { measureSegments(t, "postgres", server.NewPlace(t, testdb.Postgres(t)), 150) })
}

func measureSegments(t *testing.T, database string, p server.Place, target float64) {
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
	b.importFile(townspeople(rows()))
	raw := rawDB(t, p)
	live(t, raw, p.DatabaseURL != "")

	ruled := func(source, field, op, more string) string {
		return fmt.Sprintf(`{"source":%q,"field":%q,"op":%q,%s}`, source, field, op, more)
	}
	onList := ruled("contact", "list_membership", "contains-any", `"value":["`+halfList+`"]`)
	opened := ruled("tracking", "opened", "contains-any", `"const_value":"last-n-days","param":"30"`)
	tagged := ruled("tags", "tag_id", "contains-any", `"value":["`+someTag+`"]`)
	quiet := ruled("tracking", "not_opened", "contains-any", `"const_value":"last-n-campaigns","param":"1"`)
	named := ruled("contact", "last_name", "starts-with", `"value":"lastname0012"`)
	place := `{"type":"or","group":[` + ruled("contact", "city", "equals", `"value":"harbour 7"`) + "," +
		ruled("contact", "state", "equals", `"value":"STATE 12"`) + `]}`

	const (
		members = `SELECT count(*) FROM membership WHERE account_id = 1 AND list = 900`
		wearers = `SELECT count(*) FROM tagging WHERE account_id = 1 AND tag = 900`
		events  = `SELECT count(*) FROM event WHERE account_id = 1 AND mailing = 900 AND kind = 1`
		sends   = `SELECT count(*) FROM send WHERE account_id = 1 AND mailing = 900`
		all     = `SELECT count(*) FROM contact WHERE account_id = 1 AND updated_at > 0`
	)
	for _, c := range []struct {
		name     string
		criteria []string
		plain    []string
		target   float64
	}{
		{"list, city or state, opened in 30 days", []string{onList, place, opened}, []string{members, all, events}, target},
		{"list, city or state, tag", []string{onList, place, tagged}, []string{members, all, wearers}, target},
		{"list, tag, last mailing not opened", []string{onList, tagged, quiet}, []string{members, wearers, sends, events}, target},
		{"list, tag, beginning of a name", []string{onList, tagged, named}, []string{members, wearers, all}, target},
	} {
		limit := took(t, 5, func(ctx context.Context) error {
			for _, q := range c.plain {
				var n int64
				if err := raw.QueryRowContext(ctx, q).Scan(&n); err != nil || n == 0 {
					return fmt.Errorf("%s: %d, %w", q, n, err)
				}
			}
			return nil
		})
		criteria := `{"version":"1.0.0","criteria":{"type":"and","group":[` + strings.Join(c.criteria, ",") + `]}}`
		body := json.RawMessage(`{"segment_criteria":` + criteria + `}`)
		var of struct {
			Count int64 `json:"count"`
		}
		value := took(t, 9, func(context.Context) error {
			b.client.Want(t, http.StatusOK, http.MethodPost, "/kith/v1/segments/preview", body, &of)
			if of.Count == 0 {
				t.Fatal("nobody meets the criteria")
			}
			return nil
		})
		b.print("segment count, "+c.name, ms(value), "ms", ms(limit), c.target, atMost)

		var kept struct {
			ID int64 `json:"segment_id"`
		}
		b.client.Want(t, http.StatusCreated, http.MethodPost, "/v3/segments", map[string]string{"name": c.name, "segment_criteria": criteria}, &kept)
		begun, pages := time.Now(), 0
		for path := fmt.Sprint("/v3/contacts?limit=500&segment_id=", kept.ID); path != ""; pages++ {
			var page struct {
				Links *struct {
					Next struct {
						Href string `json:"href"`
					} `json:"next"`
				} `json:"_links"`
			}
			b.client.Get(t, path, &page)
			if path = ""; page.Links != nil {
				path = page.Links.Next.Href
			}
		}
		b.print("all pages of 500 of the segment, "+c.name, time.Since(begun).Seconds()*1000/float64(pages), "ms/page", 0, 0, atMost)
	}
}

// took is the middle of so many durations.
func took(t *testing.T, times int, do func(context.Context) error) time.Duration {
	t.Helper()
	all := make([]time.Duration, times)
	for i := range all {
		begun := time.Now()
		if err := do(t.Context()); err != nil {
			t.Fatal(err)
		}
		all[i] = time.Since(begun)
	}
	return percentile(all, 0.5)
}

// townspeople is people in a thousand cities of fifty states.
func townspeople(n int) []byte {
	b := make([]byte, 0, n*200+100)
	b = append(b, "email,first_name,last_name,job_title,company_name,street,city,state,zip,country\n"...)
	for i := range n {
		b = fmt.Appendf(b, "firstname%07d.lastname%07d@subdomain%03d.example.org,Firstname%07d,Lastname%07d,Head of Department,Company %d,%d Very Long Street Name Boulevard,Harbour %d,State %d,%05d,United States\n",
			i, i, i%1000, i, i, i%5000, i%9999, mixed(i, 1)%1000, mixed(i, 2)%50, i%99999)
	}
	return b
}

// mixed is a number that looks like chance, another for each salt.
func mixed(i, salt int) uint64 {
	n := uint64(i)*0x9E3779B97F4A7C15 + uint64(salt)*0xBF58476D1CE4E5B9
	n = (n ^ n>>30) * 0xBF58476D1CE4E5B9
	n = (n ^ n>>27) * 0x94D049BB133111EB
	return n ^ n>>31
}

// live puts half of the contacts on a list, gives a tenth a tag, and has a
// mailing go to all, of whom a quarter opened it, half of these lately: what the
// API has no way to do yet, or not at once.
func live(t *testing.T, db *sql.DB, postgres bool) {
	t.Helper()
	uid := func(s string) string {
		if postgres {
			return "'" + s + "'"
		}
		return "x'" + strings.ReplaceAll(s, "-", "") + "'"
	}
	ago := func(days int) string { return strconv.FormatInt(time.Now().AddDate(0, 0, -days).UnixMilli(), 10) }
	// Who is taken goes with no city: the numbers are mixed as well.
	share := func(salt, percent int) string {
		return fmt.Sprintf("(number * 2654435761 / %d) %% 100 < %d", 4096+salt*977, percent)
	}
	statements := []string{
		`INSERT INTO contact_list (account_id, number, uid, name, name_key, description, favorite, hidden, created_at, updated_at, deleted_at)
			VALUES (1, 900, ` + uid(halfList) + `, 'Half', 'half', '', 0, 0, 0, 0, 0)`,
		`INSERT INTO tag (account_id, number, uid, name, name_key, source, created_at, updated_at) VALUES (1, 900, ` + uid(someTag) + `, 'Some', 'some', '', 0, 0)`,
		`INSERT INTO mailing (account_id, number, uid, sent_at) VALUES (1, 900, ` + uid(lastMailing) + `, ` + ago(40) + `)`,
		`INSERT INTO membership (account_id, list, contact, added_at) SELECT 1, 900, number, 1 FROM contact WHERE ` + share(1, 50),
		`INSERT INTO tagging (account_id, tag, contact, added_at) SELECT 1, 900, number, 1 FROM contact WHERE ` + share(2, 10),
		`INSERT INTO send (account_id, mailing, contact, sent_at) SELECT 1, 900, number, ` + ago(40) + ` FROM contact`,
		`INSERT INTO event (account_id, mailing, kind, contact, at, link) SELECT 1, 900, 1, number, ` + ago(39) + `, 0 FROM contact WHERE ` + share(3, 12),
		`INSERT INTO event (account_id, mailing, kind, contact, at, link) SELECT 1, 900, 1, number, ` + ago(20) + `, 0 FROM contact WHERE ` + share(4, 13),
	}
	if postgres {
		statements = append([]string{`CREATE TABLE event_of_the_bench PARTITION OF event FOR VALUES FROM (MINVALUE) TO (MAXVALUE)`}, statements...)
		// The server does this by itself within minutes after so many rows came.
		statements = append(statements, `VACUUM ANALYZE`)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// rawDB opens the server's own database.
func rawDB(t *testing.T, p server.Place) *sql.DB {
	t.Helper()
	driver, name := "pgx", p.DatabaseURL
	if name == "" {
		driver, name = "sqlite", "file:"+filepath.Join(p.Data, "kith.db")+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	return db
}
