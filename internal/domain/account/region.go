package account

import (
	"strings"

	"kith/internal/base/fault"
)

// countries are the codes of ISO 3166-1 alpha-2 that are officially assigned.
var countries = words(`
	AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
	CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
	GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
	KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
	MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
	SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
	UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`)

// states are the codes that stand in the addresses of two countries: those of
// ISO 3166-2, and in the United States also those of the armed forces' post.
var states = map[string]map[string]bool{
	"US": words(`
		AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA
		RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR UM VI AA AE AP`),
	"CA": words(`AB BC MB NB NL NS NT NU ON PE QC SK YT`),
}

func words(text string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		all[w] = true
	}
	return all
}

// code brings an ISO code into its stored form.
func code(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }

// country checks an ISO 3166-1 code of two letters; none is fine.
func country(p *fault.Problems, path, s string) string {
	s = code(s)
	if s != "" && !countries[s] {
		p.Add(path, "field.choice", "is not an ISO 3166-1 code of two letters")
	}
	return s
}

// state checks the ISO 3166-2 code of a state in a country, without the
// country before it; none is fine. Those of the United States and Canada are
// known; of other countries, the form is: up to three letters and digits.
func state(p *fault.Problems, path, country, s string) string {
	s = code(s)
	known, listed := states[country]
	switch {
	case s == "" || known[s]:
	case listed:
		p.Add(path, "field.choice", "is not the code of a state of the country "+country+": two letters of ISO 3166-2")
	case len(s) > 3 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "":
		p.Add(path, "field.choice", "is not an ISO 3166-2 code of up to three letters and digits")
	}
	return s
}
