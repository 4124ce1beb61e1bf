package apiv3_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/edge/apiv3"
	"kith/internal/edge/request"
)

// What one process gives out, another takes: tokens, cursors, contacts.
func TestTwoProcesses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		for _, name := range []string{"Ines", "Jo"} {
			c.call(http.MethodPost, "/v3/contacts", object{"first_name": name, "create_source": "Account"}).status(201)
		}
		next := c.call(http.MethodGet, "/v3/contacts?limit=1&status=not_set", nil).status(200).text("_links.next.href")

		other := w.Again(t)
		w.handler = apiv3.New(apiv3.Options{
			Contacts: contact.New(other.Contacts(), contact.Options{}), Lists: list.New(other.Lists()), Segments: segment.New(other.Segments()),
			Credentials: request.Credentials{Verifier: oauth.NewService(oauth.Options{
				Store: other.OAuth(), Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Secret: w.secret, PublicURL: publicURL,
			})},
			Cursors: request.NewCursors(w.cursorKey), PublicURL: publicURL,
		})
		if got := c.call(http.MethodGet, next, nil).status(200); got.text("contacts.0.first_name") != "Jo" || got.text("_links") != "" {
			t.Errorf("got %s", got.Body)
		}
	})
}

// A client that sends a large file first and looks for an answer afterwards
// gets it: the connection is not cut while it still sends.
func TestRefusalOfAnUploadIsHeard(t *testing.T) {
	w := alone(t)
	c := w.client()
	srv := httptest.NewServer(w.handler)
	defer srv.Close()
	form := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n"
	body := io.MultiReader(strings.NewReader(form), bytes.NewReader(make([]byte, 8<<20)), strings.NewReader("\r\n--b--\r\n"))
	conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+importPath, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	// All of it is sent before anything is read.
	if err := r.Write(conn); err != nil {
		t.Fatalf("cut off while sending: %v", err)
	}
	var got [12]byte
	if _, err := io.ReadFull(conn, got[:]); err != nil || string(got[:]) != "HTTP/1.1 415" {
		t.Errorf("got %q, %v", got, err)
	}
}
