package contract_test

import (
	"net/http"
	"testing"

	"kith/test/contract"
)

func TestWhatARefusalBears(t *testing.T) {
	good := http.Header{
		"Kith-Error-Code": {"request.invalid"}, "Kith-Request-Id": {"01a210b7-0998-7000-b6c5-234d88ac1bf8"},
		"Link": {`<https://kith.test/errors/request.invalid>; rel="help"`},
	}
	if err := contract.Explained(400, good); err != nil {
		t.Error(err)
	}
	for name, value := range map[string]string{"Kith-Error-Code": "request.strange", "Kith-Request-Id": "", "Link": `<https://kith.test/errors/other>; rel="help"`} {
		bad := good.Clone()
		bad.Set(name, value)
		if contract.Explained(500, bad) == nil || contract.Explained(200, bad) != nil {
			t.Errorf("%s %q", name, value)
		}
	}
}
