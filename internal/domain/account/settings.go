package account

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the names of time zones, where the machine has none
	"unicode/utf8"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
)

// Lengths of a physical address's parts, in characters.
const (
	MaxAddressLine = 80 // v3 contract, AccountPhysicalAddress.address_line1
	MaxPlace       = 50 // ours; as a contact's street address
)

// Settings is a change of an account's data: what is not given stays. The
// paths in its faults are the contract's names (v3 contract, CustomerPut).
type Settings struct {
	Organization      opt.Value[string]
	OrganizationPhone opt.Value[string]
	Website           opt.Value[string]
	LogoURL           opt.Value[string]
	ContactEmail      opt.Value[string]
	ContactPhone      opt.Value[string]
	FirstName         opt.Value[string]
	LastName          opt.Value[string]
	Country           opt.Value[string]
	State             opt.Value[string]
	TimeZone          opt.Value[string]
	Physical          opt.Value[PhysicalAddress]
}

// Summary returns the actor's account (v3 contract, GET /account/summary).
func (s *Service) Summary(ctx context.Context, by Actor) (a Account, err error) {
	if err := by.May(AccountRead); err != nil {
		return Account{}, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		a, err = tx.AccountByID(ctx, by.Account)
		return err
	})
	return a, err
}

// Numbered is a privilege with the number that v3 shows beside its name.
type Numbered struct {
	Number    int
	Privilege Privilege
}

// Privileges returns what the actor's role allows (v3 contract, GET
// /account/user/privileges). A privilege has the same number for everybody.
func (s *Service) Privileges(by Actor) []Numbered {
	var all []Numbered
	for i, p := range Owner.Privileges() {
		if slices.Contains(by.Role.Privileges(), p) {
			all = append(all, Numbered{i + 1, p})
		}
	}
	return all
}

// UpdateSettings changes the actor's account. A new address of the person to
// ask for becomes a sender address too, and is asked whether it is. The problems that an edge found
// are reported with those found here, all at once.
func (s *Service) UpdateSettings(ctx context.Context, by Actor, in Settings, problems fault.Problems) (a Account, err error) {
	if err := by.May(AccountUpdate); err != nil {
		return Account{}, err
	}
	token := newToken()
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if a, err = tx.AccountByID(ctx, by.Account); err != nil {
			return err
		}
		before := a.ContactEmail
		p := slices.Clone(problems)
		a.apply(&p, in)
		if err := p.Err(); err != nil {
			return err
		}
		a.UpdatedAt = tx.Now()
		if a.ContactEmail != before {
			if err := s.contactSender(ctx, tx, a, by, token); err != nil {
				return err
			}
		}
		return tx.UpdateAccount(ctx, a)
	})
	if err != nil {
		return Account{}, err
	}
	return a, nil
}

// apply makes a change and notes what is wrong with it.
func (a *Account) apply(p *fault.Problems, in Settings) {
	a.Organization = line(p, "organization_name", in.Organization.Or(a.Organization), MaxOrganization)
	a.OrganizationPhone = line(p, "organization_phone", in.OrganizationPhone.Or(a.OrganizationPhone), MaxPhone)
	a.ContactPhone = line(p, "contact_phone", in.ContactPhone.Or(a.ContactPhone), MaxPhone)
	a.FirstName = line(p, "first_name", in.FirstName.Or(a.FirstName), MaxName)
	a.LastName = line(p, "last_name", in.LastName.Or(a.LastName), MaxName)
	if in.Website.Given() {
		a.Website = webAddress(p, "website", in.Website.Or(""))
	}
	if in.LogoURL.Given() {
		a.LogoURL = webAddress(p, "company_logo", in.LogoURL.Or(""))
	}
	if in.ContactEmail.Given() {
		a.ContactEmail = mailbox(p, "contact_email", in.ContactEmail.Or(""))
	}
	if in.TimeZone.Given() {
		a.TimeZone = zone(p, "time_zone_id", in.TimeZone.Or(""))
	}
	if in.Country.Given() || in.State.Given() {
		a.Country = country(p, "country_code", in.Country.Or(a.Country))
		a.State = state(p, "state_code", a.Country, in.State.Or(a.State))
		if a.Country == "US" && a.State == "" {
			p.Add("state_code", "field.required", "is missing, which the country US needs")
		}
	}
	if in.Physical.Given() {
		a.Physical = PhysicalAddress{}
		if v, ok := in.Physical.Value(); ok {
			a.Physical = v.checked(p, "physical_address.")
		}
	}
}

// checked returns the address in its stored form and notes what is wrong (v3
// contract, AccountPhysicalAddress).
func (a PhysicalAddress) checked(p *fault.Problems, path string) PhysicalAddress {
	c := PhysicalAddress{
		Line1:      line(p, path+"address_line1", a.Line1, MaxAddressLine),
		Line2:      line(p, path+"address_line2", a.Line2, MaxAddressLine),
		Line3:      line(p, path+"address_line3", a.Line3, MaxAddressLine),
		City:       line(p, path+"city", a.City, MaxPlace),
		StateCode:  code(a.StateCode),
		StateName:  line(p, path+"state_name", a.StateName, MaxPlace),
		PostalCode: line(p, path+"postal_code", a.PostalCode, MaxPlace),
		Country:    country(p, path+"country_code", a.Country),
	}
	need := func(name, value, message string) {
		if value == "" {
			p.Add(path+name, "field.required", message)
		}
	}
	need("address_line1", c.Line1, "is missing")
	need("city", c.City, "is missing")
	need("country_code", c.Country, "is missing")
	switch c.Country {
	case "US", "CA":
		need("state_code", c.StateCode, "is missing, which the country "+c.Country+" needs")
		need("postal_code", c.PostalCode, "is missing, which the country "+c.Country+" needs")
		c.StateCode = state(p, path+"state_code", c.Country, c.StateCode)
		if c.StateName != "" {
			p.Add(path+"state_name", "field.excluded", "cannot be given for the country "+c.Country+"; state_code is")
		}
	default:
		if c.StateCode != "" {
			p.Add(path+"state_code", "field.excluded", "can be given for the countries US and CA only; state_name is for others")
		}
	}
	return c
}

// zone checks a name of the IANA database; none is UTC.
func zone(p *fault.Problems, path, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return "UTC"
	}
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		p.Add(path, "field.choice", "is not the name of an IANA time zone")
	}
	return s
}

// webAddress checks an address of the web; none is fine. What lacks a scheme
// gets https, as people write it.
func webAddress(p *fault.Problems, path, s string) string {
	s = line(p, path, s, MaxURL)
	if s == "" {
		return ""
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(s, " \"<>") {
		p.Add(path, "field.url", "is not an http or https address")
	} else if utf8.RuneCountInString(s) > MaxURL {
		p.Add(path, "field.too_long", "has more than "+strconv.Itoa(MaxURL)+" characters with https:// before it")
	}
	return s
}

// Location returns the account's time zone; UTC where that cannot be loaded.
func (a Account) Location() *time.Location {
	l, err := time.LoadLocation(a.TimeZone)
	if err != nil {
		return time.UTC
	}
	return l
}

// ChangeProfile changes the name and the phone number of the actor's user.
func (s *Service) ChangeProfile(ctx context.Context, by Actor, first, last, phone opt.Value[string]) (u User, err error) {
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if u, err = tx.UserByID(ctx, by.User); err != nil {
			return err
		}
		var p fault.Problems
		u.FirstName = line(&p, "first_name", first.Or(u.FirstName), MaxName)
		u.LastName = line(&p, "last_name", last.Or(u.LastName), MaxName)
		u.Phone = line(&p, "phone_number", phone.Or(u.Phone), MaxPhone)
		if err := p.Err(); err != nil {
			return err
		}
		u.UpdatedAt = tx.Now()
		return tx.UpdateUser(ctx, u)
	})
	return u, err
}
