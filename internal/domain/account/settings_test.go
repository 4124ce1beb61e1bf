package account_test

import (
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
)

func TestSettings(t *testing.T) {
	boston := account.PhysicalAddress{Line1: "1 Elm Street", City: "Boston", StateCode: "MA", PostalCode: "02110", Country: "US"}
	lyon := account.PhysicalAddress{Line1: "2 rue du Bât", Line2: "3e", City: "Lyon", StateName: "Rhône", Country: "FR"}
	each(t, func(t *testing.T, w *world) {
		by, _, before := w.signUp(t, "ines@example.org")
		for _, c := range []struct {
			name string
			in   account.Settings
			want func(*account.Account)
			bad  string // the paths and codes of the faults
		}{
			{"nothing", account.Settings{}, func(*account.Account) {}, ""},
			{
				"texts are trimmed",
				account.Settings{Organization: opt.Some(" Kin "), OrganizationPhone: opt.Some("1"), ContactPhone: opt.Some("2"), FirstName: opt.Some("I"), LastName: opt.Null[string]()},
				func(a *account.Account) {
					a.Organization, a.OrganizationPhone, a.ContactPhone, a.FirstName, a.LastName = "Kin", "1", "2", "I", ""
				}, "",
			},
			{"codes are upper case", account.Settings{Country: opt.Some("us"), State: opt.Some("ma")}, func(a *account.Account) { a.Country, a.State = "US", "MA" }, ""},
			{"a country without states", account.Settings{Country: opt.Some("FR")}, func(a *account.Account) { a.Country = "FR" }, ""},
			{"US needs a state", account.Settings{Country: opt.Some("US")}, nil, "state_code field.required"},
			{"a state of another country", account.Settings{Country: opt.Some("CA"), State: opt.Some("MA")}, nil, "state_code field.choice"},
			{"no such state", account.Settings{Country: opt.Some("US"), State: opt.Some("XX")}, nil, "state_code field.choice"},
			{"a region elsewhere", account.Settings{Country: opt.Some("FR"), State: opt.Some("69m")}, func(a *account.Account) { a.Country, a.State = "FR", "69M" }, ""},
			{"a name for a code", account.Settings{Country: opt.Some("FR"), State: opt.Some("Loire")}, nil, "state_code field.choice"},
			{"a code that is reserved only", account.Settings{Country: opt.Some("UK")}, nil, "country_code field.choice"},
			{"a union", account.Settings{Country: opt.Some("EU")}, nil, "country_code field.choice"},
			{"no such country", account.Settings{Country: opt.Some("ZZ")}, nil, "country_code field.choice"},
			{"a continent", account.Settings{Country: opt.Some("150")}, nil, "country_code field.choice"},
			{"time zone", account.Settings{TimeZone: opt.Some("US/Eastern")}, func(a *account.Account) { a.TimeZone = "US/Eastern" }, ""},
			{"no time zone is UTC", account.Settings{TimeZone: opt.Null[string]()}, func(a *account.Account) { a.TimeZone = "UTC" }, ""},
			{"the machine's own zone", account.Settings{TimeZone: opt.Some("Local")}, nil, "time_zone_id field.choice"},
			{"a path", account.Settings{TimeZone: opt.Some("../etc/passwd")}, nil, "time_zone_id field.choice"},
			{
				"web addresses",
				account.Settings{Website: opt.Some("kith.example/about"), LogoURL: opt.Some("http://kith.example/l.png")},
				func(a *account.Account) {
					a.Website, a.LogoURL = "https://kith.example/about", "http://kith.example/l.png"
				}, "",
			},
			{"a script", account.Settings{Website: opt.Some("javascript://x/%0aalert(1)")}, nil, "website field.url"},
			{"no host", account.Settings{LogoURL: opt.Some("https://")}, nil, "company_logo field.url"},
			{"an address", account.Settings{ContactEmail: opt.Some("ines@")}, nil, "contact_email email.no_domain"},
			{"no address", account.Settings{ContactEmail: opt.Null[string]()}, nil, "contact_email field.required"},
			{"physical, US", account.Settings{Physical: opt.Some(boston)}, func(a *account.Account) { a.Physical = boston }, ""},
			{"physical, elsewhere", account.Settings{Physical: opt.Some(lyon)}, func(a *account.Account) { a.Physical = lyon }, ""},
			{"physical, none", account.Settings{Physical: opt.Null[account.PhysicalAddress]()}, func(*account.Account) {}, ""},
			{
				"physical, empty",
				account.Settings{Physical: opt.Some(account.PhysicalAddress{})},
				nil,
				"physical_address.address_line1 field.required, physical_address.city field.required, physical_address.country_code field.required",
			},
			{
				"physical, US by name",
				account.Settings{Physical: opt.Some(account.PhysicalAddress{Line1: "x", City: "y", Country: "us", StateName: "Maine"})},
				nil,
				"physical_address.state_code field.required, physical_address.postal_code field.required, physical_address.state_name field.excluded",
			},
			{
				"physical, code elsewhere",
				account.Settings{Physical: opt.Some(account.PhysicalAddress{Line1: strings.Repeat("x", 81), City: "y", Country: "FR", StateCode: "RH"})},
				nil,
				"physical_address.address_line1 field.too_long, physical_address.state_code field.excluded",
			},
			{
				"all at once",
				account.Settings{Organization: opt.Some(strings.Repeat("o", 251)), ContactPhone: opt.Some(strings.Repeat("1", 26)), TimeZone: opt.Some("Mars")},
				nil,
				"organization_name field.too_long, contact_phone field.too_long, time_zone_id field.choice",
			},
		} {
			// Each case begins with the account as it was made.
			a, err := w.UpdateSettings(t.Context(), by, account.Settings{
				Organization: opt.Some(before.Organization), OrganizationPhone: opt.Some(before.OrganizationPhone), ContactPhone: opt.Some(before.ContactPhone),
				FirstName: opt.Some(before.FirstName), LastName: opt.Some(before.LastName), Country: opt.Null[string](), State: opt.Null[string](),
				TimeZone: opt.Null[string](), Website: opt.Null[string](), LogoURL: opt.Null[string](), Physical: opt.Null[account.PhysicalAddress](),
			}, nil)
			if err != nil || a != before {
				t.Fatalf("%s: begins with %+v, %v; want %+v", c.name, a, err, before)
			}
			_, err = w.UpdateSettings(t.Context(), by, c.in, nil)
			var bad []string
			if err != nil {
				for _, p := range fault.Of(err).Problems {
					bad = append(bad, p.Path+" "+p.Code)
				}
			}
			if got := strings.Join(bad, ", "); got != c.bad || (err != nil) != (c.bad != "") {
				t.Errorf("%s: %v\n got %s\nwant %s", c.name, err, got, c.bad)
			}
			want := before
			if c.want != nil {
				c.want(&want)
			}
			if got, err := w.Summary(t.Context(), by); err != nil || got != want {
				t.Errorf("%s:\n got %+v, %v\nwant %+v", c.name, got, err, want)
			}
		}
	})
}

func TestSettingsReportTheEdgesProblemsToo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		var p fault.Problems
		p.Add("first_name", "field.type", "is not a string")
		_, err := w.UpdateSettings(t.Context(), by, account.Settings{TimeZone: opt.Some("Mars")}, p)
		if f := fault.Of(err); f == nil || len(f.Problems) != 2 {
			t.Errorf("got %v, want both", err)
		}
	})
}

func TestSettingsAreTheOwners(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		manager, mo := w.join(t, by, "mo@example.org", account.Manager)
		if _, err := w.UpdateSettings(t.Context(), manager, account.Settings{}, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a manager: %v", err)
		}
		if _, err := w.Summary(t.Context(), manager); err != nil {
			t.Errorf("a manager reads: %v", err)
		}
		u, err := w.ChangeProfile(t.Context(), manager, opt.Some(" Mo "), opt.Some("Li"), opt.Null[string]())
		if err != nil || u.Name() != "Mo Li" {
			t.Errorf("own name: %+v, %v", u, err)
		}
		if got, _ := w.User(t.Context(), mo.ID); got != u {
			t.Errorf("read back %+v, want %+v", got, u)
		}
	})
}

func TestPrivilegesAreNumberedAlike(t *testing.T) {
	s := account.NewService(account.Options{})
	numbers := map[account.Privilege]int{}
	for _, n := range s.Privileges(account.Actor{Role: account.Owner}) {
		numbers[n.Privilege] = n.Number
	}
	if len(numbers) != len(account.Owner.Privileges()) || numbers[account.AccountRead] != 1 {
		t.Errorf("numbers %v", numbers)
	}
	for _, role := range []account.Role{account.Manager, account.CampaignCreator} {
		got := s.Privileges(account.Actor{Role: role})
		if len(got) != len(role.Privileges()) {
			t.Errorf("%s: %v", role, got)
		}
		for _, n := range got {
			if numbers[n.Privilege] != n.Number {
				t.Errorf("%s: %s is %d, an owner's is %d", role, n.Privilege, n.Number, numbers[n.Privilege])
			}
		}
	}
	if got := s.Privileges(account.Actor{}); got != nil {
		t.Errorf("nobody: %v", got)
	}
}
