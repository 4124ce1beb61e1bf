package message

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// customTag begins the tags of custom fields; their names follow.
const customTag = "custom."

// Tags are those that mails of a kind have, custom fields apart, as people
// write them (v3-guide 7.5). Some of the contract's name what Kith does not
// keep; they are empty.
func Tags(k Kind) []string {
	all := []string{"FirstName", "EmailAddress"}
	if k != Welcome {
		all = append(all, "Link", "GoodFor")
	}
	switch {
	case k == Invitation:
		all = append(all, "Host", "Role", "RoleMeaning")
	case k.ToContact():
		all = append(all, "LastName", "MiddleName", "Prefix", "CompanyName", "Department", "JobTitle",
			"AddressLine1", "AddressLine2", "AddressLine3", "City", "StateName", "usState", "PostalCode", "Country",
			"HomePhone", "WorkPhone", "Birthday", "Anniversary", "ListName")
		if k != NewAddress {
			all = append(all, "PreferencesLink", "UnsubscribeLink")
		}
	}
	return append(all, "account.OrganizationName", "account.SiteURL", "account.LogoURL", "account.AddressLine1",
		"account.AddressLine2", "account.AddressLine3", "account.City", "account.State", "account.usState",
		"account.Country", "account.CountryCode", "account.PostalCode", "account.SignatureName",
		"account.SignatureEmail", "account.SignatureImageURL")
}

// knownTag says which tags mails of a kind have. Where fields is nil any custom
// field is taken for one that there is.
func knownTag(k Kind, fields []string) func(string) bool {
	all := Tags(k)
	for i, name := range all {
		all[i] = strings.ToLower(name)
	}
	return func(name string) bool {
		if field, ok := strings.CutPrefix(name, customTag); ok && k.ToContact() {
			return fields == nil && field != "" || slices.Contains(fields, field)
		}
		return slices.Contains(all, name)
	}
}

// put sets a value of a tag in lower case, unless it is empty.
func (v values) put(name, value string) {
	if value != "" {
		v[name] = value
	}
}

// values are those of tags, by their names in lower case.
type values map[string]string

// only returns the values of the tags that are used, and of those of ours.
func (v values) only(names []string) values {
	kept := values{}
	for name, value := range v {
		if strings.HasPrefix(name, ".") || slices.Contains(names, name) {
			kept[name] = value
		}
	}
	return kept
}

// ofAccount adds what an account's tags say.
func (v values) ofAccount(a account.Account, logo string) {
	p := a.Physical
	for name, value := range map[string]string{
		"account.organizationname": a.Name(), "account.siteurl": a.Website, "account.logourl": logo,
		"account.addressline1": p.Line1, "account.addressline2": p.Line2, "account.addressline3": p.Line3,
		"account.city": p.City, "account.state": p.StateName + p.StateCode, "account.usstate": p.StateCode,
		"account.country": p.Country, "account.countrycode": p.Country, "account.postalcode": p.PostalCode,
		"account.signaturename":  account.User{FirstName: a.FirstName, LastName: a.LastName, Email: a.ContactEmail}.Name(),
		"account.signatureemail": a.ContactEmail.String(),
	} {
		v.put(name, value)
	}
}

// ofContact adds what a contact's tags say, but for its lists and fields.
func (v values) ofContact(c contact.Contact) {
	v.put("firstname", c.FirstName)
	v.put("lastname", c.LastName)
	v.put("companyname", c.CompanyName)
	v.put("jobtitle", c.JobTitle)
	if !c.Birthday.IsZero() {
		v.put("birthday", fmt.Sprintf("%02d/%02d", c.Birthday.Month, c.Birthday.Day))
	}
	v.put("anniversary", c.Anniversary.String())
	if len(c.Addresses) > 0 {
		a := c.Addresses[0]
		v.put("addressline1", a.Street)
		v.put("city", a.City)
		v.put("statename", a.State)
		v.put("usstate", a.State)
		v.put("postalcode", a.PostalCode)
		v.put("country", a.Country)
	}
	for _, p := range c.Phones {
		switch p.Kind {
		case contact.Home:
			v.put("homephone", p.Number)
		case contact.Work:
			v.put("workphone", p.Number)
		case contact.Mobile, contact.Other:
		}
	}
}

// ofFields adds what the tags of custom fields say.
func (v values) ofFields(c contact.Contact, all []contact.Field) {
	for _, value := range c.Fields {
		i := slices.IndexFunc(all, func(f contact.Field) bool { return f.ID == value.Field.Number })
		if i < 0 {
			continue
		}
		said := value.Value
		if all[i].Type.Select() {
			var labels []string
			for _, choice := range all[i].Choices {
				if slices.Contains(value.Choices, choice.ID) {
					labels = append(labels, choice.Label)
				}
			}
			said = strings.Join(labels, ", ")
		}
		v.put(customTag+all[i].Name, said)
	}
}

// contactValues returns what the tags of a contact say of which a content has
// any. What the letter did not bring is read.
func contactValues(ctx context.Context, tx contact.Tx, a id.Account, c contact.Contact, names []string) (values, error) {
	v := values{}
	custom := slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, customTag) })
	if need := contact.IncludePhones | contact.IncludeAddresses; custom || !c.Included.Has(need) && slices.ContainsFunc(names, beside) {
		if custom {
			need |= contact.IncludeFields
		}
		read, err := tx.ContactByRef(ctx, a, c.Ref(), need)
		if err != nil {
			return nil, err
		}
		c.Phones, c.Addresses, c.Fields = read.Phones, read.Addresses, read.Fields
	}
	v.ofContact(c)
	if custom {
		all, err := tx.AllFields(ctx, a)
		if err != nil {
			return nil, err
		}
		v.ofFields(c, all)
	}
	return v.only(names), nil
}

// beside says whether a tag is about a phone or an address.
func beside(name string) bool {
	switch name {
	case "addressline1", "city", "statename", "usstate", "postalcode", "country", "homephone", "workphone":
		return true
	}
	return false
}
