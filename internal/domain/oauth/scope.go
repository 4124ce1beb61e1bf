package oauth

import (
	"slices"
	"strings"
)

// Scope is a thing that an application may be allowed to do. Its text is the
// contract's name of it.
type Scope string

// The scopes (v3 contract, securityDefinitions).
const (
	AccountRead   Scope = "account_read"
	AccountUpdate Scope = "account_update"
	ContactData   Scope = "contact_data"
	CampaignData  Scope = "campaign_data"
	BillingData   Scope = "billing_data"
	// OfflineAccess opens no path; it asks for a refresh token.
	OfflineAccess Scope = "offline_access"
)

// AllScopes returns every scope that can be granted, in the order in which
// scopes are shown and stored.
func AllScopes() Scopes {
	return Scopes{ContactData, CampaignData, AccountRead, AccountUpdate, BillingData, OfflineAccess}
}

// Line says in plain words what the scope allows, as the consent page shows
// it: the end of a sentence that begins with who is allowed.
func (s Scope) Line() string {
	switch s {
	case ContactData:
		return "See, add, change and delete contacts, lists, tags, custom fields and segments"
	case CampaignData:
		return "See, write, schedule and send email campaigns, and see their reports"
	case AccountRead:
		return "See the details of the account: its name, address and sender addresses"
	case AccountUpdate:
		return "Change the details of the account and its sender addresses"
	case BillingData:
		return "See and change billing details (this server keeps none)"
	case OfflineAccess:
		return "Stay connected while nobody is signed in, until you end it"
	}
	return string(s)
}

// Scopes is a set of scopes without repetition, in the order of AllScopes.
type Scopes []Scope

// ParseScopes reads names separated by blanks. Names that are no scope are
// returned apart, in the order given: what to do about them is the caller's
// decision.
func ParseScopes(text string) (known Scopes, unknown []string) {
	fields := strings.Fields(text)
	for _, s := range AllScopes() {
		if slices.Contains(fields, string(s)) {
			known = append(known, s)
		}
	}
	for _, f := range fields {
		if !slices.Contains(AllScopes(), Scope(f)) && !slices.Contains(unknown, f) {
			unknown = append(unknown, f)
		}
	}
	return known, unknown
}

// Has reports whether the set holds s.
func (ss Scopes) Has(s Scope) bool { return slices.Contains(ss, s) }

// Within reports whether every scope of ss is in other too.
func (ss Scopes) Within(other Scopes) bool {
	for _, s := range ss {
		if !other.Has(s) {
			return false
		}
	}
	return true
}

// String returns the names separated by a blank, as they are stored and sent.
func (ss Scopes) String() string {
	var b strings.Builder
	for i, s := range ss {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(s))
	}
	return b.String()
}
