package store

import (
	"reflect"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/trace"
)

func TestPackedRequestsComeBack(t *testing.T) {
	u := id.NewSource()
	at := time.UnixMilli(1_790_000_000_000)
	all := []trace.Request{
		{
			UID: u.UID(at), Took: time.Second, API: "v3", Method: "POST", Route: "/v3/contacts", Path: "/v3/contacts/", Query: "a=b", Status: 400,
			Code: "request.invalid", Cause: "no", Application: "x", ApplicationName: "Shop", User: 7, Username: "ann", Via: "api", Claimed: true,
			Address: "::1", Agent: "curl", In: -1, Out: 1 << 40,
			Detail: &trace.Detail{
				Body: trace.Text{Media: "m", Text: "t", Cut: true}, Answer: trace.Text{Text: "t"}, Line: 3, Column: 9,
				Problems: []fault.Problem{{Path: "a", Code: "b", Message: "c"}, {Path: "a"}},
			},
		},
		{UID: u.UID(at)},
		{UID: u.UID(at), Status: 500, Detail: &trace.Detail{}},
	}
	got, err := unpackRequests(packRequests(all))
	if err != nil {
		t.Fatal(err)
	}
	details := packDetails(all)
	for i := range got {
		if got[i].Detail, err = unpackDetail(details, got[i].UID); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(got, all) {
		t.Errorf("got  %+v\nwant %+v", got, all)
	}
	if got, err := unpackRequests(packRequests(nil)); err != nil || got != nil {
		t.Errorf("of nothing: %v, %v", got, err)
	}
}

// What is broken is told so, and reading it ends.
func FuzzUnpackRequests(f *testing.F) {
	one := []trace.Request{{UID: id.LeastUID(time.UnixMilli(1)), Path: "/a", Method: "/a", Detail: &trace.Detail{Problems: []fault.Problem{{Path: "x"}}}}}
	f.Add(packRequests(one))
	f.Add(packDetails(one))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := unpackRequests(b)
		if again, _ := unpackRequests(packRequests(all)); err == nil && !reflect.DeepEqual(again, all) {
			t.Errorf("%+v came back as %+v", all, again)
		}
		_, _ = unpackDetail(b, id.UID{}) // that it ends is all
	})
}
