package account

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/base/email"
	"kith/internal/base/fault"
)

// Longest values, in characters. Names and phone numbers are those of a
// contact, since the owner becomes one.
const (
	MaxName         = 50  // v3 contract, ContactResource.first_name
	MaxPhone        = 25  // v3 contract, Customer.contact_phone
	MaxOrganization = 250 // ours; the contract names no limit
	MaxURL          = 255 // ours; the contract names no limit
)

// line checks a text of one line and returns it without blanks around it.
func line(p *fault.Problems, path, s string, most int) string {
	s = strings.TrimSpace(s)
	switch {
	case !utf8.ValidString(s):
		p.Add(path, "field.encoding", "is not valid UTF-8")
	case utf8.RuneCountInString(s) > most:
		p.Add(path, "field.too_long", "has more than "+strconv.Itoa(most)+" characters")
	case strings.ContainsFunc(s, unicode.IsControl):
		p.Add(path, "field.characters", "has a line break or another invisible character inside")
	}
	return s
}

// mailbox checks an email address that must be there.
func mailbox(p *fault.Problems, path, s string) email.Address {
	if strings.TrimSpace(s) == "" {
		p.Add(path, "field.required", "is missing")
		return email.Address{}
	}
	a, err := email.Parse(s)
	if err != nil {
		code := "email.invalid"
		if e, ok := errors.AsType[*email.ParseError](err); ok {
			code = e.Reason.Code()
		}
		p.Add(path, code, err.Error())
	}
	return a
}

// ParseRole reads a role by its name.
func ParseRole(s string) (Role, bool) {
	switch r := Role(s); r {
	case Owner, Manager, CampaignCreator:
		return r, true
	}
	return "", false
}

func checkRole(p *fault.Problems, path string, r Role) {
	if _, ok := ParseRole(string(r)); !ok {
		p.Add(path, "field.choice", "is none of owner, manager, campaign_creator")
	}
}
