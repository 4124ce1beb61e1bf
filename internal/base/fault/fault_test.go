package fault_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"kith/internal/base/fault"
)

func TestSameCodeIsSameFault(t *testing.T) {
	err := fmt.Errorf("load: %w", fault.ErrNotFound.Saying("No such list.").Because(errors.New("no rows")))
	if !errors.Is(err, fault.ErrNotFound) {
		t.Error("a fault with another sentence is not the sentinel it came from")
	}
	if errors.Is(err, fault.ErrConflict) {
		t.Error("two codes compare as one")
	}
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("kind = %v, want not_found", fault.Of(err).Kind)
	}
}

func TestUnknownErrorIsInternal(t *testing.T) {
	cause := errors.New("disk on fire")
	f := fault.Of(cause)
	if f.Kind != fault.Internal || f.Code != string(fault.CodeInternal) {
		t.Errorf("got %v %s, want internal", f.Kind, f.Code)
	}
	if !errors.Is(f, cause) {
		t.Error("the cause is lost for the log")
	}
	if fault.Of(nil) != nil {
		t.Error("a nil error has a fault")
	}
}

func TestSentinelsAreNotChanged(t *testing.T) {
	_ = fault.ErrInvalid.With(fault.Problem{Path: "name", Message: "is missing"}).Noting("id", "1")
	if len(fault.ErrInvalid.Problems) != 0 || len(fault.ErrInvalid.Detail) != 0 {
		t.Errorf("the sentinel carries what one caller added: %+v", fault.ErrInvalid)
	}
}

func TestProblems(t *testing.T) {
	var p fault.Problems
	if err := p.Err(); err != nil {
		t.Fatalf("no problem gives %v", err)
	}
	p.Add("name", "required", "is missing")
	p.Add("limit", "range", "limit does not have a valid value")
	f := fault.Of(p.Err())
	if f.Kind != fault.Invalid || len(f.Problems) != 2 {
		t.Fatalf("got %v", f)
	}
	for i, want := range []string{"name is missing", "limit does not have a valid value"} {
		if got := f.Problems[i].String(); got != want {
			t.Errorf("problem %d = %q, want %q", i, got, want)
		}
	}
}

var update = flag.Bool("update", false, "add new codes to the golden list")

// Programs of others rely on codes: none may go or change its name. A new one is
// added to the list with -update, and stays.
func TestCodesAreStable(t *testing.T) {
	const file = "testdata/codes.golden"
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(string(golden))
	var all []string
	for _, code := range fault.All() {
		all = append(all, string(code))
	}
	for _, code := range known {
		if !slices.Contains(all, code) {
			t.Errorf("%s is gone", code)
		}
	}
	for _, code := range all {
		if !slices.Contains(known, code) && !*update {
			t.Errorf("%s is new; run the test with -update", code)
		}
	}
	if *update {
		known = append(known, all...)
		slices.Sort(known)
		if err := os.WriteFile(file, []byte(strings.Join(slices.Compact(known), "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCodesAreUniqueAndSorted(t *testing.T) {
	all := fault.All()
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("codes are not sorted or not unique: %v", all)
	}
}
