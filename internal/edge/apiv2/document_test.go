package apiv2_test

import (
	"net/http/httptest"
	"os"
	"testing"

	"kith/internal/edge/apiv2"
)

// documentPath is where the served document is kept, for people to read and
// for programs that are made from it.
const documentPath = "../../../api/v2/openapi.json"

// TestDocumentIsTheStoredOne holds the file to what is served.
func TestDocumentIsTheStoredOne(t *testing.T) {
	w := httptest.NewRecorder()
	apiv2.New(apiv2.Options{PublicURL: "http://localhost:8080"}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), get, "/v2/openapi.json", nil))
	if *update {
		if err := os.WriteFile(documentPath, w.Body.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	if w.Code != 200 || w.Body.String() != string(want) {
		t.Errorf("%s is not what is served (%d); -update writes it anew", documentPath, w.Code)
	}
}
