package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

// TestFiguresOfForms signs people up through a form with confirmed opt-in, each
// a new contact on one list with a mail that asks, beside the raw commits of
// the engine.
func TestFiguresOfForms(t *testing.T) {
	if !asked() {
		t.Skip("figures are measured by `make bench`")
	}
	t.Run("sqlite", func(t *testing.T) { measureForm(t, "sqlite", server.NewPlace(t, ""), 3000) })
	t.Run("postgres", func(t *testing.T) { measureForm(t, "postgres", server.NewPlace(t, testdb.Postgres(t)), 1500) })
}

// formRest is how old the page is whose form is sent: nobody is faster.
const formRest = 2100 * time.Millisecond

func measureForm(t *testing.T, database string, p server.Place, target float64) {
	s := server.Start(t, p)
	b := &bench{t: t, database: database, server: s, client: server.Client{
		URL: s.URL, Token: p.Account(t, "ines@example.org", "contact_data account_read account_update"),
	}}
	var lists struct {
		Lists []struct {
			ID string `json:"list_id"`
		} `json:"lists"`
	}
	b.client.Get(t, "/kith/v1/lists", &lists)
	b.client.Want(t, http.StatusOK, http.MethodPut, "/kith/v1/settings/opt-in", map[string]any{"confirm": true}, nil)
	var form struct {
		ID      string `json:"form_id"`
		SignUps int    `json:"sign_up_count"`
	}
	b.client.Want(t, http.StatusCreated, http.MethodPost, "/kith/v1/forms", map[string]any{
		"name": "Bench", "captcha": false, "lists": []map[string]string{{"list_id": lists.Lists[0].ID}},
		"fields": []map[string]string{{"kind": "email_address"}, {"kind": "first_name"}},
	}, &form)
	page := s.URL + "/f/" + form.ID
	token := tokenOf(t, page)
	time.Sleep(formRest)

	raw := rawCommits(t, p, 32)
	var n atomic.Int64
	rate, times := b.load(32, 8*time.Second, func(ctx context.Context, c *http.Client) error {
		i := n.Add(1)
		return signUp(ctx, c, page, url.Values{
			"email_address": {fmt.Sprintf("person%d@example.net", i)}, "first_name": {fmt.Sprintf("First%d", i)}, "token": {token},
		})
	})
	b.client.Get(t, "/kith/v1/forms/"+form.ID, &form)
	if form.SignUps < len(times) {
		t.Fatalf("%d posts were taken, and %d sign-ups are counted", len(times), form.SignUps)
	}
	b.print("POST /f/{form}, confirmed opt-in, 32 connections", rate, "sign-ups/s", raw, target, atLeast)
	b.print("POST /f/{form}, confirmed opt-in, 32 connections, p99", ms(percentile(times, 0.99)), "ms", 0, 0, atMost)
}

// tokenOf opens the page of a form and returns what shows that it was opened.
func tokenOf(t *testing.T, page string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	found := regexp.MustCompile(`name="token" value="([^"]+)"`).FindSubmatch(body)
	if err != nil || found == nil {
		t.Fatalf("no token in %s, %v", body, err)
	}
	return string(found[1])
}

// signUp sends a form; the page that says thank you is not fetched.
func signUp(ctx context.Context, c *http.Client, page string, values url.Values) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, page, strings.NewReader(values.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.Transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusSeeOther {
		err = fmt.Errorf("status %d, want 303: %s", res.StatusCode, text)
	}
	return err
}
