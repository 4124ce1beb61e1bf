package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"kith/internal/app"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/domain/trace"
)

// accessKey makes an account beside a server and returns a key to it.
func accessKey(t *testing.T, c map[string]string) string {
	t.Helper()
	d, err := app.OpenDesk(t.Context(), settings(t, c), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	u, a, err := d.Accounts.CreateAccount(t.Context(), app.Operator("test"), account.SignUp{
		Email: "ines@example.org", Password: "correct horse", FirstName: "Ines", LastName: "Roy", Organization: "Boats",
	})
	if err != nil {
		t.Fatal(err)
	}
	actor, _, err := d.Accounts.ActorFor(t.Context(), u.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := d.OAuth.CreateAccessKey(t.Context(), actor, oauth.NewAccessKey{
		Name: "test", Scopes: oauth.Scopes{oauth.ContactData, oauth.AccountRead},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestRequestsAreLogged makes requests of all kinds and looks which of them
// the log has, and what of the one that failed.
func TestRequestsAreLogged(t *testing.T) {
	at := map[string]string{"data": t.TempDir()}
	s := serve(t, settings(t, at))
	key := accessKey(t, at)
	ask := func(method, path, body string, change func(*http.Request)) (int, string, []byte) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		change(r)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header.Get("Kith-Request-Id"), answer
	}
	with := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
	bare := func(*http.Request) {}
	cookie := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "kith_session", Value: "x"}) }

	_, fine, _ := ask(http.MethodGet, "/v3/contact_lists", "", with)
	_, nobody, _ := ask(http.MethodGet, "/v3/contacts", "", bare)
	_, login, _ := ask(http.MethodGet, "/login", "", bare)
	_, session, _ := ask(http.MethodGet, "/v3/contacts", "", cookie)
	_, lost, _ := ask(http.MethodGet, "/v3/nothing", "", with)
	status, failed, _ := ask(http.MethodPost, "/v3/contacts", "{\"email_address\": {\"address\": \"lu@example.org\"},\n\"create_source\" \"Account\"}", with)
	if status != http.StatusBadRequest {
		t.Fatalf("broken JSON: %d", status)
	}
	var list struct {
		Requests []struct {
			ID string `json:"request_id"`
		} `json:"requests"`
	}
	deadline := time.Now().Add(30 * time.Second)
	for found := false; !found; { // the last one is written last
		if time.Now().After(deadline) {
			t.Fatalf("%s is not in the log", failed)
		}
		time.Sleep(20 * time.Millisecond)
		_, _, answer := ask(http.MethodGet, "/kith/v1/requests?before=2100-01-01", "", with)
		if err := json.Unmarshal(answer, &list); err != nil {
			t.Fatalf("%s: %v", answer, err)
		}
		for _, r := range list.Requests {
			found = found || r.ID == failed
		}
	}
	logged := map[string]bool{}
	for _, r := range list.Requests {
		logged[r.ID] = true
	}
	// What names nobody is the operator's.
	for id, want := range map[string]bool{fine: true, failed: true, nobody: false, login: false, session: false, lost: true} {
		if logged[id] != want {
			t.Errorf("%s is in the account's log: %v", id, logged[id])
		}
	}
	_, _, answer := ask(http.MethodGet, "/kith/v1/requests/"+failed, "", with)
	var opened struct {
		Cause string `json:"cause"`
		Body  struct {
			Text string `json:"text"`
		} `json:"body"`
		Answer struct {
			Text string `json:"text"`
		} `json:"answer"`
		Faults []struct{ Line, Column int }
		Remedy []string
	}
	if err := json.Unmarshal(answer, &opened); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(opened.Cause, "line 2, column 17: ") || len(opened.Faults) != 1 || opened.Faults[0].Line != 2 || opened.Faults[0].Column != 17 ||
		opened.Body.Text != "{\"email_address\": {\"address\": \"l*@*******.org\"},\n\"create_source\" \"Account\"}" ||
		!strings.Contains(opened.Answer.Text, "line 2") || len(opened.Remedy) == 0 || bytes.Contains(answer, []byte("lu@")) {
		t.Errorf("got %s", answer)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	// What was not yet written is when the server has stopped.
	d, err := app.OpenDesk(t.Context(), settings(t, at), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	unclaimed, err := d.Requests(t.Context(), "test", "", trace.Filter{}, page.Request{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	logged = map[string]bool{}
	for _, r := range unclaimed.Items {
		logged[r.UID.String()] = true
	}
	for id, want := range map[string]bool{fine: false, failed: false, nobody: true, login: false, session: false, lost: false} {
		if logged[id] != want {
			t.Errorf("%s is in the operator's log: %v", id, logged[id])
		}
	}
}
