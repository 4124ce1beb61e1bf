package apiv3_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/edge/apiv3"
	"kith/internal/edge/request"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// The cost of calls at the API's door, with all that is behind it: token,
// query, store and form, but no network.
func BenchmarkCalls(b *testing.B) {
	sw := storetest.SQLite(b)
	tokens := oauth.NewService(oauth.Options{
		Store: sw.OAuth(), Clock: sw.Clock, Log: slog.New(slog.DiscardHandler), Secret: secret.New(), PublicURL: publicURL,
	})
	home := sw.Account(b, "Moor Books")
	ann, _ := sw.User(b, home, "ann@moor.example", account.Owner)
	key, _, err := tokens.CreateAccessKey(b.Context(), ann, oauth.NewAccessKey{Name: "bench", Scopes: oauth.Scopes{oauth.ContactData}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	const contacts = 5000
	fill(b, sw, home.ID, contacts)
	api := request.Begin(request.Options{Ended: func(*http.Request, *request.Entry) {}}, apiv3.New(apiv3.Options{
		Contacts: contact.New(sw.Contacts(), contact.Options{}), Lists: list.New(sw.Lists()), Segments: segment.New(sw.Segments()),
		Credentials: request.Credentials{Verifier: tokens}, Cursors: request.NewCursors([]byte("key")), PublicURL: publicURL,
	}))
	call := func(b *testing.B, method, path, body string, status int) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		if w.Code != status {
			b.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		return w
	}
	for _, limit := range []int{100, 500} {
		b.Run(fmt.Sprintf("page of %d", limit), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call(b, http.MethodGet, fmt.Sprintf("/v3/contacts?limit=%d", limit), "", 200)
			}
		})
	}
	b.Run("new contact", func(b *testing.B) {
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			n++
			call(b, http.MethodPost, "/v3/contacts", fmt.Sprintf(`{"email_address":{"address":"new%d@example.org"},"first_name":"Ines","last_name":"Roy","create_source":"Account"}`, n), 201)
		}
	})
}

// fill brings contacts in as an import does.
func fill(b *testing.B, sw *storetest.World, in id.Account, n int) {
	b.Helper()
	first, err := sw.Numbers(b.Context(), in, store.KindContact, n)
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]contact.Incoming, n)
	for i := range rows {
		address, err := email.Parse(fmt.Sprintf("contact%d@example.org", i))
		if err != nil {
			b.Fatal(err)
		}
		rows[i] = contact.Incoming{Email: address, FirstName: "Ines", LastName: "Roy", CompanyName: "Paper Boats"}
	}
	sw.Do(b, func(ctx context.Context, tx *store.Tx) error {
		next := first
		_, err := contact.Merge(ctx, tx, in, change.Origin{}, nil, rows, func() id.Contact { next++; return id.Contact(next - 1) })
		return err
	})
}
