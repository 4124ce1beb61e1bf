package form

import (
	"slices"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
)

// Names of inputs. They stand in pages of other sites: never rename one. The
// input of a field of another kind is named as its kind, that of a custom
// field by CustomInput.
const (
	InputMonth      = "birthday_month"
	InputDay        = "birthday_day"
	InputStreet     = "street"
	InputCity       = "city"
	InputState      = "state"
	InputPostalCode = "postal_code"
	InputCountry    = "country"
	// InputList holds the UIDs of lists that are chosen.
	InputList = "list"
	// InputToken and InputNonce are a Pass. InputTrap is hidden from people;
	// a program that fills in whatever it finds is known by it.
	InputToken = "token"
	InputNonce = "nonce"
	InputTrap  = "website"
)

// CustomInput is the name of a custom field's input.
func CustomInput(number id.Field) string { return "field_" + strconv.FormatInt(int64(number), 10) }

// Inputs are the names of a field's inputs.
func (f Field) Inputs() []string {
	switch f.Kind {
	case Birthday:
		return []string{InputDay, InputMonth}
	case Street:
		return []string{InputStreet, InputPostalCode, InputCity, InputState, InputCountry}
	case Custom:
		return []string{CustomInput(f.Custom.ID)}
	case Email, FirstName, LastName, Company, Phone:
	}
	return []string{string(f.Kind)}
}

// Answers are what somebody filled in, by the names of inputs.
type Answers map[string][]string

// One returns the answer of an input that has one.
func (a Answers) One(name string) string {
	if all := a[name]; len(all) > 0 {
		return strings.TrimSpace(all[0])
	}
	return ""
}

// Address is the address that was filled in, as it was.
func (a Answers) Address() string {
	if all := a[string(Email)]; len(all) > 0 {
		return all[0]
	}
	return ""
}

// Trapped reports whether the input that people do not see was filled in.
func (a Answers) Trapped() bool { return a.One(InputTrap) != "" }

// read brings answers into the form in which contacts take them. Problems are
// told by the names of inputs.
func (o *Open) read(a Answers) (ch contact.Change, found fault.Problems) {
	for _, f := range o.Fields {
		o.readField(f, a, &ch, &found)
	}
	var lists []id.Ref[id.List]
	for _, l := range o.Lists {
		if !l.Offered || slices.Contains(a[InputList], l.Ref.UID.String()) {
			lists = append(lists, l.Ref)
		}
	}
	if len(lists) == 0 {
		found.Add(InputList, codeRequired, "is missing; choose one at least")
	}
	ch.Lists = opt.Some(lists)
	return ch, found
}

func (o *Open) readField(f Field, a Answers, ch *contact.Change, found *fault.Problems) {
	given := false
	for _, name := range f.Inputs() {
		given = given || a.One(name) != ""
	}
	if !given {
		if f.Required {
			found.Add(f.Inputs()[0], codeRequired, "is missing")
		}
		return // what is left empty takes nothing away
	}
	one := a.One(string(f.Kind))
	switch f.Kind {
	case Email:
		ch.Email = opt.Some(contact.EmailInput{Address: one})
	case FirstName:
		ch.FirstName = opt.Some(one)
	case LastName:
		ch.LastName = opt.Some(one)
	case Company:
		ch.CompanyName = opt.Some(one)
	case Phone:
		ch.Phones = opt.Some([]contact.PhoneInput{{Number: one, Kind: contact.Other}})
	case Birthday:
		ch.BirthdayMonth, ch.BirthdayDay = whole(a, InputMonth, found), whole(a, InputDay, found)
	case Street:
		ch.Addresses = opt.Some([]contact.AddressInput{{
			Kind: contact.Home, Street: a.One(InputStreet), City: a.One(InputCity), State: a.One(InputState),
			PostalCode: a.One(InputPostalCode), Country: a.One(InputCountry),
		}})
		if f.Required {
			for _, name := range []string{InputStreet, InputPostalCode, InputCity} {
				if a.One(name) == "" {
					found.Add(name, codeRequired, "is missing")
				}
			}
		}
	case Custom:
		ch.Fields = opt.Some(append(ch.Fields.Or(nil), f.input(a, found)))
	}
}

func whole(a Answers, name string, found *fault.Problems) opt.Value[int] {
	n, err := strconv.Atoi(a.One(name))
	switch {
	case a.One(name) == "":
		return opt.Value[int]{}
	case err != nil:
		found.Add(name, codeInvalid, "must be a whole number")
		return opt.Value[int]{}
	}
	return opt.Some(n)
}

// input is the answer to a custom field, which is checked here, where the field
// is known.
func (f Field) input(a Answers, found *fault.Problems) contact.FieldInput {
	name := CustomInput(f.Custom.ID)
	in := contact.FieldInput{Field: f.Custom.Ref()}
	var err error
	if f.Custom.Type.Select() {
		for _, choice := range a[name] {
			if choice = strings.TrimSpace(choice); choice != "" {
				in.Choices = append(in.Choices, choice)
			}
		}
		_, err = f.Custom.ParseChoices(in.Choices)
	} else {
		in.Value = a.One(name)
		_, err = f.Custom.ParseValue(in.Value)
	}
	if err != nil {
		found.Add(name, codeInvalid, err.Error())
	}
	return in
}

// inputOf is the input that a path of a contact's problem belongs to; empty
// for none, which is one that the form no longer has.
func (o *Open) inputOf(path string) string {
	head, rest, _ := strings.Cut(path, ".")
	head, _, _ = strings.Cut(head, "[")
	switch head {
	case "phone_numbers":
		return string(Phone)
	case "street_addresses":
		head = rest
	}
	for _, f := range o.Fields {
		if slices.Contains(f.Inputs(), head) {
			return head
		}
	}
	return ""
}
