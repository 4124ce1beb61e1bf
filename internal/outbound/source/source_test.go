package source_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/contact"
	"kith/internal/domain/pull"
	"kith/internal/outbound/source"
)

// ask returns a source whose server gives the answers one after the other, and
// how long the source waited between them.
func ask(t *testing.T, answers ...func(http.ResponseWriter)) (*source.Server, *[]time.Duration) {
	t.Helper()
	n := 0
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer key" || n >= len(answers) {
			t.Errorf("call %d: %s", n+1, r.URL)
			http.Error(w, "enough", http.StatusTeapot)
			return
		}
		n++
		answers[n-1](w)
	}))
	t.Cleanup(there.Close)
	var waits []time.Duration
	s, err := source.New(source.Options{Server: there.URL + "/v3/", Token: "key", Wait: func(_ context.Context, d time.Duration) error {
		waits = append(waits, d)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, &waits
}

func says(status int, body string, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		if len(header) == 2 {
			w.Header().Set(header[0], header[1])
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

func breaks(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = c.Close()
	}
}

func TestAServerIsAskedAgain(t *testing.T) {
	t.Parallel()
	s, waits := ask(t,
		breaks,
		says(429, `{"error_key":"throttled","error_message":"Too Many Requests"}`, "Retry-After", "7"),
		says(503, ""), says(500, "[]"),
		says(200, `{"lists":[{"list_id":"019f0000-0000-7000-8000-000000000001","name":"Gold","description":null}],"_links":{"next":{"href":"/v3/contact_lists?cursor=x"}}}`),
		says(200, `{"lists":[],"_links":null}`),
	)
	got, err := s.Lists(t.Context())
	if err != nil || len(got) != 1 || got[0].Name != "Gold" {
		t.Fatalf("%+v, %v", got, err)
	}
	want := []time.Duration{500 * time.Millisecond, 7 * time.Second, 2 * time.Second, 4 * time.Second}
	if fmt.Sprint(*waits) != fmt.Sprint(want) {
		t.Errorf("waited %v, want %v", *waits, want)
	}
}

func TestWhatIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	s, waits := ask(t, says(401, `{"error_key":"unauthorized","error_message":"Unauthorized"}`), says(400, `[{"error_message":"The cursor is not valid."}]`))
	if _, err := s.Tags(t.Context()); err == nil || !strings.Contains(err.Error(), "401: Unauthorized") {
		t.Errorf("got %v", err)
	}
	if _, err := s.Contacts(t.Context(), pull.Everybody, "/v3/contacts?cursor=old"); !errors.Is(err, pull.ErrCursor) {
		t.Errorf("got %v", err)
	}
	if len(*waits) != 0 {
		t.Errorf("waited %v", *waits)
	}
}

func TestAServerThatNeverAnswers(t *testing.T) {
	t.Parallel()
	var all []func(http.ResponseWriter)
	for range 8 {
		all = append(all, says(502, ""))
	}
	s, _ := ask(t, all...)
	if _, err := s.Fields(t.Context()); err == nil || !strings.Contains(err.Error(), "502") {
		t.Errorf("got %v", err)
	}
}

func TestContactsAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	s, _ := ask(t, says(200, `{"contacts":[
		{"contact_id":"019f0000-0000-7000-8000-000000000001","email_address":{"address":"Ann@Example.org","permission_to_send":"unsubscribed","opt_out_source":"Contact","opt_out_date":"2016-01-23T13:48:44.108Z"},
		 "deleted_at":"2020-02-03","created_at":"2016-03-03T10:53:04-05:00","custom_fields":[{"custom_field_id":"019f0000-0000-7000-8000-000000000002","choice_ids":[3,"4"]}],"anniversary":null},
		{"contact_id":"019f0000-0000-7000-8000-000000000003","email_address":{"address":"no address"}},
		{"contact_id":"019f0000-0000-7000-8000-000000000004"}],"contacts_count":3}`))
	p, err := s.Contacts(t.Context(), pull.Everybody, "")
	if err != nil || len(p.Contacts) != 2 || len(p.Refused) != 1 || p.Total != 3 || p.Next != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	ann := p.Contacts[0]
	if ann.Email.Address.String() != "ann@example.org" || ann.Email.Permission != contact.Unsubscribed || !ann.Email.OptedOut() || !ann.Deleted() {
		t.Errorf("got %+v", ann)
	}
	if at := time.Date(2016, 3, 3, 15, 53, 4, 0, time.UTC); !ann.CreatedAt.Equal(at) {
		t.Errorf("made at %s", ann.CreatedAt)
	}
	if fmt.Sprint(ann.Fields[0].Choices) != "[3 4]" {
		t.Errorf("choices %v", ann.Fields[0].Choices)
	}
	if p.Contacts[1].Email.Permission != contact.NotSet {
		t.Errorf("without an address: %+v", p.Contacts[1].Email)
	}
}

func TestNumbersAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	channel := func(number, consent string) string {
		return `{"contact_id":"019f0000-0000-7000-8000-000000000001","sms_channel":{"sms_channel_id":"019f0000-0000-7000-8000-000000000002",` + number +
			`,"update_source":"Account","sms_channel_consents":[{"consent_type":"promotional_sms",` + consent + `}]}}`
	}
	const us = `"sms_address":"2025550134","dial_code":"1"`
	s, _ := ask(t, says(200, `{"contacts":[`+strings.Join([]string{
		channel(us, `"sms_consent_permission":"explicit","opt_in_date":"2016-01-23T13:48:44Z","advertised_frequency":"2","advertised_interval":"weekly"`),
		channel(`"sms_address":2025550134,"dial_code":1`, `"sms_consent_permission":"unsubscribed","opt_out_date":"2016-01-23T13:48:44Z","updated_at":"2016-01-23T13:48:44Z"`),
		channel(us, `"sms_consent_permission":"unsubscribed","opt_out_date":"2016-01-23T13:48:44Z","updated_at":"2017-01-23T13:48:44Z"`),
		channel(us, `"sms_consent_permission":"sure"`),
		channel(`"sms_address":"2071838750","dial_code":"44"`, `"sms_consent_permission":"explicit"`),
	}, ",")+`]}`))
	p, err := s.Contacts(t.Context(), pull.Everybody, "")
	if err != nil || len(p.Contacts) != 5 {
		t.Fatalf("%+v, %v", p, err)
	}
	var got []string
	for _, c := range p.Contacts {
		got = append(got, fmt.Sprintf("%s %s in %s out %s %d %s", c.SMS.Number.Full(), c.SMS.Permission, c.SMS.OptInSource, c.SMS.OptOutSource, c.SMS.Times, c.SMS.Interval))
	}
	want := []string{
		"12025550134 explicit in Account out  2 weekly", "12025550134 unsubscribed in  out Account 0 ",
		"12025550134 unsubscribed in  out Contact 0 ", "12025550134 not_set in  out  0 ", " explicit in Account out  0 ",
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAddressesOfServers(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"https://example.org": true, "http://127.0.0.1:8080/v3": true, "example.org": false, "ftp://example.org": false,
		"https://user:word@example.org": false, "": false,
	} {
		s, err := source.New(source.Options{Server: address, Rate: 4})
		if (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
		if err == nil {
			s.Close()
		}
	}
}
