package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"kith/docs"
	"kith/internal/edge/topic"
)

var (
	exampleURL    = regexp.MustCompile(`https://kith\.example\.com(/[^\s"']*)`)
	exampleMethod = regexp.MustCompile(`-X ([A-Z]+)`)
	exampleBody   = regexp.MustCompile(`-d '(\{.*\})'`)
	exampleName   = regexp.MustCompile(`\$[A-Z_]+`)
)

// TestExamplesWork sends what the help pages show as an example, with ids of
// nothing in place of names: it must find its operation and be well-formed.
func TestExamplesWork(t *testing.T) {
	at := map[string]string{"data": t.TempDir()}
	s := serve(t, settings(t, at))
	key := accessKey(t, at)
	topics, err := topic.Parse(docs.Errors)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for code, explained := range topics {
		for _, b := range explained.Example {
			url := exampleURL.FindStringSubmatch(b.Lines)
			if url == nil || !strings.HasPrefix(url[1], "/v3/") && !strings.HasPrefix(url[1], "/kith/v1/") || strings.Contains(b.Lines, "-F ") {
				continue
			}
			method, body := http.MethodGet, ""
			if m := exampleMethod.FindStringSubmatch(b.Lines); m != nil {
				method = m[1]
			}
			if m := exampleBody.FindStringSubmatch(b.Lines); m != nil {
				body = exampleName.ReplaceAllString(m[1], "01a210b7-0998-7000-b6c5-234d88ac1bf8")
				if !json.Valid([]byte(body)) {
					t.Errorf("%s: %s is no JSON", code, body)
				}
			}
			path := url[1]
			if strings.Contains(path, "$MAIL_ID") {
				path = strings.ReplaceAll(path, "$MAIL_ID", "1")
			}
			r, err := http.NewRequestWithContext(t.Context(), method, s.URL+exampleName.ReplaceAllString(path, "01a210b7-0998-7000-b6c5-234d88ac1bf8"), strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+key)
			if body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			tried++
			got := res.Header.Get("Kith-Error-Code")
			// An id of nothing may be refused, as such or as a field's value.
			nothing := strings.Contains(exampleName.FindString(b.Lines), "$") && strings.Contains(string(answer), "01a210b7-0998-7000-b6c5-234d88ac1bf8")
			if strings.HasPrefix(got, "request.") && !nothing || strings.HasPrefix(got, "token.") || strings.HasPrefix(got, "server.") || got == "operation.not_built" {
				t.Errorf("%s: %s %s: %d %s: %s", code, method, url[1], res.StatusCode, got, answer)
			}
		}
	}
	if tried < 40 {
		t.Errorf("%d examples were tried", tried)
	}
}
