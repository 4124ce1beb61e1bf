package apiv2

import (
	"maps"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kith/internal/domain/contact"
)

// The types of an address (v2 contract, 7.2).
const (
	personal = "PERSONAL"
	business = "BUSINESS"
)

// placeOf returns an address as it is answered. Its lines are those that it was
// written with, as long as version 3 has not changed the street.
func placeOf(a contact.Address, kind, subCode, lines string) place {
	p := place{
		ID: a.UID.String(), Type: kind, Line1: a.Street, City: a.City, State: a.State, PostalCode: a.PostalCode, SubCode: subCode,
		Country: strings.ToLower(countryCode(a.Country)),
	}
	if parts := strings.Split(lines, "\n"); lines != "" && len(parts) <= 3 && contact.Street(parts) == a.Street {
		parts = append(parts, "", "")
		p.Line1, p.Line2, p.Line3 = parts[0], parts[1], parts[2]
	}
	p.StateCode, p.State = stateOf(p.Country, a.State)
	return p
}

// lines returns the lines of an address that is written, without the empty
// ones at its end.
func (in placeInput) lines() []string {
	all := []string{strings.TrimSpace(in.Line1.Or("")), strings.TrimSpace(in.Line2.Or("")), strings.TrimSpace(in.Line3.Or(""))}
	for len(all) > 0 && all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

// state returns the state of an address that is written: that of its code,
// where it is a known one, else what is said.
func (in placeInput) state() string {
	code := strings.ToUpper(strings.TrimSpace(in.StateCode.Or("")))
	if name, known := stateNames[code]; known {
		return name
	}
	if text := in.State.Or(""); strings.TrimSpace(text) != "" {
		return text
	}
	return code
}

// country returns the country of an address that is written: its English name,
// as version 3's clients write it.
func (in placeInput) country() string {
	code := strings.ToUpper(strings.TrimSpace(in.Country.Or("")))
	names, _ := countriesOfTheWorld()
	if name, known := names[code]; known {
		return name
	}
	return code
}

// stateOf returns code and name of a state, whichever of them is kept. Codes
// are those of the United States and Canada.
func stateOf(country, state string) (code, name string) {
	if country != "" && country != "us" && country != "ca" {
		return "", state
	}
	if name, known := stateNames[strings.ToUpper(state)]; known {
		return strings.ToUpper(state), name
	}
	if code, known := stateCodes[strings.ToLower(state)]; known {
		return code, stateNames[code]
	}
	return "", state
}

// countryCode returns the code of a country, which is kept by name or by code;
// empty where neither is known.
func countryCode(country string) string {
	country = strings.TrimSpace(country)
	names, codes := countriesOfTheWorld()
	if code := strings.ToUpper(country); len(code) == 2 && names[code] != "" {
		return code
	}
	return codes[strings.ToLower(country)]
}

var stateCodes = turned(stateNames)

// countriesOfTheWorld are made when they are first asked for: a server whose
// clients are all of version 3 never needs them.
var countriesOfTheWorld = sync.OnceValues(countries)

// countries returns the English names of countries by their codes
// (ISO 3166-1), and the other way round, also by the names that are in use
// beside them.
func countries() (names, codes map[string]string) {
	names, codes = map[string]string{}, map[string]string{}
	english := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.String() != code || r.Canonicalize() != r {
				continue
			}
			names[code] = english.Name(r)
			codes[strings.ToLower(names[code])] = code
		}
	}
	maps.Copy(codes, map[string]string{
		"usa": "US", "u.s.": "US", "u.s.a.": "US", "united states of america": "US", "uk": "GB", "great britain": "GB", "england": "GB",
		"holland": "NL", "the netherlands": "NL", "deutschland": "DE", "españa": "ES", "italia": "IT", "österreich": "AT", "schweiz": "CH",
	})
	return names, codes
}

func turned(names map[string]string) map[string]string {
	codes := make(map[string]string, len(names))
	for code, name := range names {
		codes[strings.ToLower(name)] = code
	}
	return codes
}

// stateNames are the states and provinces that have codes (v2 contract, 7.2,
// state_code).
var stateNames = map[string]string{
	"AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado", "CT": "Connecticut",
	"DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa",
	"KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan",
	"MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
	"NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
	"OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
	"TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
	"WY": "Wyoming", "DC": "District of Columbia", "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands",
	"PR": "Puerto Rico", "VI": "Virgin Islands", "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
	"AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick", "NL": "Newfoundland and Labrador",
	"NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec",
	"SK": "Saskatchewan", "YT": "Yukon",
}
