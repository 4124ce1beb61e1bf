package column

import (
	"strconv"
	"strings"
)

// aliases are the headings, folded, that stand for a name beside the name
// itself: those of contacts_json_import, of v2, of the titles in the hosted
// service's own exports, and of the exports of mail programs. Each line is a
// name and its aliases.
const aliasTable = `
email         e_mail email_address e_mail_address emailaddress mail primary_email primary_e_mail email_1 email1 e_mail_1 e_mail_1_value email_1_value
email_2       email2 e_mail_2 e_mail_2_address e_mail_2_value email_2_value email_2_address home_email home_e_mail email_home e_mail_home personal_email
email_3       email3 e_mail_3 e_mail_3_address e_mail_3_value email_3_value email_3_address work_email work_e_mail email_work e_mail_work other_email other_e_mail
first_name    firstname fname given_name first
last_name     lastname lname family_name surname last
job_title     jobtitle organization_title organization_1_title
company_name  company companyname organization organisation organization_name organization_1_name
home_phone    phone_home home_phone_number
work_phone    phone_work business_phone office_phone work_phone_number
mobile_phone  phone_mobile mobile mobile_phone_number mobile_number cell cell_phone cellphone iphone
phone         other_phone phone_other phone_number telephone tel main_phone
phone_1       primary_phone
birthday      birth_date birthdate date_of_birth dob
birthday_day  birth_day
birthday_month birth_month
anniversary   wedding_anniversary
sms_number    sms sms_phone sms_phone_number
sms_consent_date sms_opt_in_date
street        home_street street_address address_line_1 address_line1 address1 street_address_line_1_home
street2       home_street2 home_street_2 street_2 address_line_2 address_line2 address2 street_address_line_2_home
street3       home_street3 home_street_3 street_3 address_line_3 address_line3 address3
city          home_city city_home town
state         home_state state_home state_province state_province_home province
zip           home_zip zip_home zip_code zipcode zip_postal_code zip_postal_code_home postal_code postcode home_postal_code
country       home_country country_home home_country_region country_region
work_street   business_street street_address_line_1_work
work_street2  work_street_2 business_street_2 street_address_line_2_work
work_street3  work_street_3 business_street_3
work_city     business_city city_work
work_state    business_state state_work state_province_work
work_zip      business_postal_code work_postal_code zip_work zip_postal_code_work
work_country  business_country business_country_region country_work
other_street  street_address_line_1_other
other_street2 other_street_2 street_address_line_2_other
other_street3 other_street_3
other_city    city_other
other_state   state_other state_province_other
other_zip     other_postal_code zip_other zip_postal_code_other
other_country other_country_region country_other
`

// weakTable has headings that often mean something else, or that files carry
// beside a better one: they count only where nothing else has the name.
const weakTable = `
job_title     title position
company_name  employer
street        address home_address
state         us_state_ca_province region
`

var (
	aliases = readAliases(aliasTable)
	weak    = readAliases(weakTable)
)

func readAliases(table string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		for _, alias := range words[1:] {
			m[alias] = words[0]
		}
	}
	return m
}

// grouped reads the headings of values that come in numbered groups, a cell
// for the kind and one for the value: Phone 1 - Type, Phone 1 - Value.
func grouped(folded string) (name string, ok bool) {
	thing, rest, ok := strings.Cut(folded, "_")
	if !ok {
		return "", false
	}
	n, part, ok := strings.Cut(rest, "_")
	i, err := strconv.Atoi(n)
	if err != nil || i < 1 || i > maxGroup || !ok {
		return "", false
	}
	n = strconv.Itoa(i) // which may have been written 01
	switch {
	case thing != "phone" && thing != "address" && thing != "event":
		return "", false
	case part == "type" || part == "label":
		return thing + "_" + n + "_type", true
	case part == "value" && thing != "address":
		return thing + "_" + n, true
	case thing == "address":
		switch part {
		case "region":
			part = "state"
		case "postal_code":
			part = "zip"
		case "extended_address":
			part = "street2"
		case "po_box":
			part = "street3"
		}
		name = thing + "_" + n + "_" + part
		_, ok = targets[name]
		return name, ok
	}
	return "", false
}
