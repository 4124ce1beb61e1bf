package oauth_test

import (
	"errors"
	"slices"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/domain/oauth"
)

func TestScopes(t *testing.T) {
	for _, c := range []struct {
		text, known string
		unknown     []string
	}{
		{"contact_data", "contact_data", nil},
		{"offline_access  contact_data contact_data", "contact_data offline_access", nil},
		{"contact_data+campaign_data", "", []string{"contact_data+campaign_data"}},
		{"openid contact_data openid x", "contact_data", []string{"openid", "x"}},
		{"Contact_Data", "", []string{"Contact_Data"}},
		{"", "", nil},
	} {
		known, unknown := oauth.ParseScopes(c.text)
		if known.String() != c.known || !slices.Equal(unknown, c.unknown) {
			t.Errorf("%q: %q and %q, want %q and %q", c.text, known, unknown, c.known, c.unknown)
		}
	}
	for _, s := range oauth.AllScopes() {
		if s.Line() == string(s) {
			t.Errorf("%s has no line in plain words", s)
		}
	}
}

func TestAPrincipalIsAllowedWhatItsCredentialCarries(t *testing.T) {
	p := oauth.Principal{Scopes: oauth.Scopes{oauth.ContactData}}
	if err := errors.Join(p.Allows(oauth.ContactData), p.Allows("")); err != nil {
		t.Error(err)
	}
	if err := p.Allows(oauth.CampaignData); !errors.Is(err, fault.ErrScope) {
		t.Errorf("another scope: %v", err)
	}
}

func TestRates(t *testing.T) {
	for text, want := range map[string]oauth.Rate{
		"off": {}, "4/s": {PerSecond: 4}, "10000/d": {PerDay: 10000}, "4/s,10000/d": {PerSecond: 4, PerDay: 10000},
	} {
		if got, err := oauth.ParseRate(text); err != nil || got != want || got.String() != text {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "4", "4/m", "0/s", "-1/d", "4/s,4/s", "4/s;1/d", "99999999999/d"} {
		if got, err := oauth.ParseRate(text); err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}
