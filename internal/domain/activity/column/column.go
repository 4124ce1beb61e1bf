// Package column knows what the columns of a contact file mean: which heading
// stands for which value of a contact, and what a cell may hold. It turns a row
// into a checked contact.Incoming or says what is wrong with it. How a file is
// cut into cells, and what becomes of a row, is left to others.
package column

import (
	"strconv"
	"strings"

	"kith/internal/domain/contact"
)

// The targets of a column have names, which a mapping is written in. They are
// those of the v3 contract's contacts_file_import and contacts_json_import,
// where phone means the other phone and street, city and so on the home
// address; and a few of Kith's own:
//
//	email_2, email_3     taken, in this order, where email is empty
//	birthday             a whole birthday in one cell
//	street3              a third line, appended like street2
//	phone_N, phone_N_type, address_N_street …, address_N_type, event_N,
//	event_N_type         with N from 1 to 9: values whose kind (home, work,
//	                     mobile, anniversary …) stands in another cell
//	cf:<name>            the custom field of that name
//
// A column with the empty name is not used.
const (
	// CustomPrefix begins the name of a custom field's column.
	CustomPrefix = "cf:"
	maxGroup     = 9
)

// kind says what is done with a cell.
type kind uint8

const (
	unused kind = iota
	emailAddress
	plainText
	phone
	address
	birthdayDay
	birthdayMonth
	birthday
	anniversary
	custom
	smsNumber
	smsConsentDate
	groupPhone
	groupPhoneType
	groupAddress
	groupAddressType
	groupEvent
	groupEventType
)

// target is a name, understood. What at and part index depends on the kind:
// an email's rank, a text, a phone's or an address's kind, the number of a
// group, a custom field; and the part of an address.
type target struct {
	kind kind
	at   uint8
	part uint8
}

// The texts of a contact that are taken as they are.
const (
	firstName = iota
	lastName
	jobTitle
	companyName
	textCount
)

// The kinds of phone, in the order in which three of four are kept.
const (
	mobilePhone = iota
	homePhone
	workPhone
	otherPhone
	phoneKinds
)

var phoneNames = [phoneKinds]contact.Kind{contact.Mobile, contact.Home, contact.Work, contact.Other}

// The kinds of address.
const (
	homeAddress = iota
	workAddress
	otherAddress
	addressKinds
)

var addressNames = [addressKinds]contact.Kind{contact.Home, contact.Work, contact.Other}

// The parts of an address.
const (
	street = iota
	street2
	street3
	city
	state
	zip
	country
	partCount
)

var partNames = [partCount]string{"street", "street2", "street3", "city", "state", "zip", "country"}

// targets holds every name but those of custom fields.
var targets = func() map[string]target {
	t := map[string]target{
		"email":            {kind: emailAddress, at: 0},
		"email_2":          {kind: emailAddress, at: 1},
		"email_3":          {kind: emailAddress, at: 2},
		"first_name":       {kind: plainText, at: firstName},
		"last_name":        {kind: plainText, at: lastName},
		"job_title":        {kind: plainText, at: jobTitle},
		"company_name":     {kind: plainText, at: companyName},
		"home_phone":       {kind: phone, at: homePhone},
		"work_phone":       {kind: phone, at: workPhone},
		"mobile_phone":     {kind: phone, at: mobilePhone},
		"phone":            {kind: phone, at: otherPhone},
		"birthday_day":     {kind: birthdayDay},
		"birthday_month":   {kind: birthdayMonth},
		"birthday":         {kind: birthday},
		"anniversary":      {kind: anniversary},
		"sms_number":       {kind: smsNumber},
		"sms_consent_date": {kind: smsConsentDate},
	}
	for part, name := range partNames {
		p := uint8(part)
		t[name] = target{address, homeAddress, p}
		t["work_"+name] = target{address, workAddress, p}
		t["other_"+name] = target{address, otherAddress, p}
	}
	for i := range maxGroup {
		n, at := strconv.Itoa(i+1), uint8(i)
		t["phone_"+n] = target{kind: groupPhone, at: at}
		t["phone_"+n+"_type"] = target{kind: groupPhoneType, at: at}
		t["address_"+n+"_type"] = target{kind: groupAddressType, at: at}
		t["event_"+n] = target{kind: groupEvent, at: at}
		t["event_"+n+"_type"] = target{kind: groupEventType, at: at}
		for part, name := range partNames {
			t["address_"+n+"_"+name] = target{groupAddress, at, uint8(part)}
		}
	}
	return t
}()

// fold is the form in which headings are compared: case does not count, and
// whatever lies between letters and digits counts as one underscore.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if !letterOrDigit(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

func letterOrDigit(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r >= 0x80 && r != '\u00a0' && r != '\ufeff'
}
