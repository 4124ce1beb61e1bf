package public_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kith/internal/domain/contact"
	"kith/internal/store/storetest"
)

// FuzzPost sends whatever is written as a form to every page that takes one: it
// is answered, and never as a fault of the server.
func FuzzPost(f *testing.F) {
	s := open(f, storetest.SQLite(f), false)
	pages := []string{
		"/u/" + s.link(contact.ToUnsubscribe), "/p/preferences/" + s.link(contact.ToPreferences),
		"/p/preferences/" + s.link(contact.ToPreferences) + "/address", "/p/confirm/" + s.link(contact.ToConfirm),
		"/p/return/" + s.link(contact.ToReturn), "/p/address/" + s.link(contact.ToAddress),
	}
	const plain = "application/x-www-form-urlencoded"
	f.Add(uint8(0), plain, []byte("List-Unsubscribe=One-Click"))
	f.Add(uint8(0), "multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\nunsubscribe\r\n--x--\r\n"))
	f.Add(uint8(0), plain, []byte("act=undo&undo=aeaq"))
	f.Add(uint8(0), plain, []byte("act=unsubscribe&reason=other&reason_text=%00%ff"))
	f.Add(uint8(1), plain, []byte("act=save&list="+s.gold.UID.String()+"&list=x"))
	f.Add(uint8(2), plain, []byte("address=%22a+b%22%40xn--.example"))
	f.Fuzz(func(t *testing.T, page uint8, kind string, body []byte) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, pages[int(page)%len(pages)], bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		s.pages.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code < 200 {
			t.Errorf("%d:\n%s", w.Code, w.Body)
		}
		if at := w.Header().Get("Location"); at != "" {
			if u, err := url.Parse(at); err != nil || u.Host != "" || u.Scheme != "" {
				t.Errorf("it leads to %q", at)
			}
		}
		if kind := w.Header().Get("Content-Type"); w.Code != http.StatusSeeOther && !strings.HasPrefix(kind, "text/") {
			t.Errorf("the answer is %q", kind)
		}
	})
}

// FuzzAddress opens pages by whatever stands in their addresses.
func FuzzAddress(f *testing.F) {
	s := open(f, storetest.SQLite(f), false)
	f.Add("/u/"+s.link(contact.ToUnsubscribe), "undo=x&ended=1", "de;q=0.5")
	f.Add("/p/preferences/"+s.link(contact.ToPreferences)+"/data", "lang=fr", "")
	f.Add("/p/colour/0b7285", "", "nl")
	f.Add("/p/preferences//../%2e", "lang=%00", ",;q=")
	f.Fuzz(func(t *testing.T, path, query, accept string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.URL.Path, r.URL.RawQuery = path, query
		r.Header.Set("Accept-Language", accept)
		w := httptest.NewRecorder()
		s.pages.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%d:\n%s", w.Code, w.Body)
		}
		c, err := s.contacts.Get(t.Context(), s.who, s.ada.Ref(), contact.IncludeAll)
		if err != nil || c.Email.Permission != contact.Explicit || len(c.Lists) != 2 {
			t.Errorf("a look changed the contact: %+v, %v", c, err)
		}
	})
}
