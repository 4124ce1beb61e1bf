package load

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kith/test/server"
)

// addToList puts everybody who may be mailed on a new list, and returns
// memberships a second, from the call to the end being seen.
func (b *bench) addToList(name string) float64 {
	var list struct {
		ID      string `json:"list_id"`
		Members int    `json:"membership_count"`
	}
	b.client.Want(b.t, http.StatusCreated, http.MethodPost, "/v3/contact_lists", map[string]string{"name": name}, &list)
	begun := time.Now()
	var answer json.RawMessage
	b.client.Want(b.t, http.StatusCreated, http.MethodPost, "/v3/activities/add_list_memberships", map[string]any{
		"source": map[string]bool{"all_active_contacts": true}, "list_ids": []string{list.ID},
	}, &answer)
	done := b.finish(answer).Done
	took := time.Since(begun)
	b.client.Get(b.t, "/v3/contact_lists/"+list.ID+"?include_membership_count=all", &list)
	if done < rows() || list.Members != done {
		b.t.Fatalf("%d contacts were put on a list that has %d members, want all of at least %d", done, list.Members, rows())
	}
	return float64(done) / took.Seconds()
}

// counted is how much of an activity is done.
type counted struct {
	Persons int `json:"person_count"`
	Done    int `json:"items_completed_count"`
}

// finish waits for the end of the activity that an answer tells of.
func (b *bench) finish(answer []byte) counted {
	var a struct {
		ID     string   `json:"activity_id"`
		State  string   `json:"state"`
		Errors []string `json:"activity_errors"`
		Status counted  `json:"status"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		b.t.Fatal(err)
	}
	for a.State == "initialized" || a.State == "processing" {
		time.Sleep(50 * time.Millisecond)
		b.client.Get(b.t, "/v3/activities/"+a.ID, &a)
	}
	if a.State != "completed" {
		b.t.Fatalf("the activity ended as %+v", a)
	}
	return a.Status
}

// Nobody is asked what may be done: each batch changes its contacts and writes
// their memberships, the two statements that no program gets by without.
const (
	rawTouch = "UPDATE raw_contact SET updated_at = $1 WHERE account_id = 1 AND number BETWEEN $2 AND $3"
	rawJoin  = "INSERT INTO raw_membership SELECT 1, 2, number, CAST($1 AS bigint) FROM raw_contact WHERE account_id = 1 AND number BETWEEN $2 AND $3"
	rawBatch = 10_000
)

// rawJoins puts n contacts, which the engine has been given before, on a list,
// and returns memberships a second.
func rawJoins(t *testing.T, p server.Place, n int) float64 {
	t.Helper()
	ctx := t.Context()
	args := func(first int) []any { return []any{1_800_000_000_000 + first, first, first + rawBatch - 1} }
	if p.DatabaseURL == "" {
		db := rawSQLite(t)
		rawPassSQLite(t, db, n, "")
		begun := time.Now()
		for first := 0; first < n; first += rawBatch {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{rawTouch, rawJoin} {
				if _, err := tx.ExecContext(ctx, text, args(first)...); err != nil {
					t.Fatal(err)
				}
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		return float64(n) / time.Since(begun).Seconds()
	}
	pool := rawPostgres(t)
	rawPassPostgres(t, pool, n)
	begun := time.Now()
	for first := 0; first < n; first += rawBatch {
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			for _, text := range []string{rawTouch, rawJoin} {
				if _, err := tx.Exec(ctx, text, args(first)...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return float64(n) / time.Since(begun).Seconds()
}
