package apiv3_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"kith/internal/edge/apiv3"
	"kith/test/contract"
)

// document is what the API serves without a token.
func document(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	apiv3.New(apiv3.Options{PublicURL: publicURL}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

func TestDocumentIsTheStoredOne(t *testing.T) {
	got := document(t, "/v3/openapi.json").Body.String()
	if *update {
		if err := os.WriteFile(documentPath, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what is served; run the test with -update\n%s", documentPath, firstDifference(got, string(want)))
	}
}

func TestDocumentIsValid(t *testing.T) {
	if _, err := contract.NewDocument(document(t, "/v3/openapi.json").Body.Bytes()); err != nil {
		t.Error(err)
	}
}

// Every difference between the contract and what is served is a row of
// docs/divergences.md, and every row one that is there.
func TestDocumentIsLikeTheContract(t *testing.T) {
	facts, err := contract.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := contract.ReadRows()
	if err != nil {
		t.Fatal(err)
	}
	root, err := contract.Checkout()
	if err != nil {
		t.Fatal(err)
	}
	differences, err := contract.Compare(facts, document(t, "/v3/openapi.json").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	unsettled, err := rows.Settle(facts, differences, root)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range unsettled {
		t.Error(text)
	}
}

func TestOtherDocuments(t *testing.T) {
	if w := document(t, "/v3/openapi.yaml"); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/yaml" {
		t.Errorf("openapi.yaml: %d %v", w.Code, w.Header())
	}
	if w := document(t, "/v3/swagger.yaml"); w.Code != http.StatusFound || w.Header().Get("Location") != "/v3/openapi.yaml" {
		t.Errorf("swagger.yaml: %d %v", w.Code, w.Header())
	}
	if w := document(t, "/v3/segments/schema.json"); w.Code != http.StatusOK || !json.Valid(w.Body.Bytes()) {
		t.Errorf("schema.json: %d %s", w.Code, w.Body)
	}
}
