package column

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/domain/contact"
)

var fields = []Custom{
	CustomOf(contact.Field{ID: 1, Name: "favourite_colour", Label: "Favourite colour", Slot: 1, Type: contact.TypeString}),
	{Field: 2, Name: "size", Label: "Shoe size", Parse: func(s string) (string, error) {
		if s != "42" {
			return "", errors.New("is not 42")
		}
		return "forty-two", nil
	}},
	CustomOf(contact.Field{ID: 3, Name: "first_name", Label: "First name at birth", Slot: 7, Type: contact.TypeString}),
}

func TestTablesAreSound(t *testing.T) {
	t.Parallel()
	for table, m := range map[string]map[string]string{"aliases": aliases, "weak": weak} {
		for alias, name := range m {
			if _, ok := targets[name]; !ok {
				t.Errorf("%s: %s stands for %s, which is no name", table, alias, name)
			}
			if _, ok := targets[alias]; ok {
				t.Errorf("%s: %s is a name itself", table, alias)
			}
			if fold(alias) != alias {
				t.Errorf("%s: %s is not folded: nothing can equal it", table, alias)
			}
		}
	}
	for alias := range weak {
		if aliases[alias] != "" {
			t.Errorf("%s is in both tables", alias)
		}
	}
	for name := range targets {
		if fold(name) != name {
			t.Errorf("%s is not folded", name)
		}
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		headings string
		want     string // name or ?note for each
	}{
		"the contract's names":      {"email,first_name,phone,street,street2,birthday_day,birthday_month,anniversary", "email,first_name,phone,street,street2,birthday_day,birthday_month,anniversary"},
		"names of the JSON import":  {"email,home_phone,other_phone,home_street,work_zip,other_country", "email,home_phone,phone,street,work_zip,other_country"},
		"case, blanks, signs":       {" E-MAIL ,FIRST NAME,Last-Name,job__title", "email,first_name,last_name,job_title"},
		"v2":                        {"EMAIL ADDRESS,ADDRESS LINE 1,ADDRESS LINE 3,ZIP/POSTAL CODE,MIDDLE NAME,CUSTOM FIELD 1,CUSTOM FIELD 2", "email,street,street3,zip,?unknown,cf:favourite_colour,?unknown"},
		"v2, a province beside":     {"email,STATE,US STATE/CA PROVINCE", "email,state,?unknown"},
		"v2, a province alone":      {"email,US STATE/CA PROVINCE", "email,state"},
		"titles of an export":       {"Email address,Phone - work,Street address line 1 - Home,State/Province - Work,SMS number,Birthday", "email,work_phone,street,work_state,sms_number,birthday"},
		"second choices of address": {"E-mail Address,E-mail 2 Address,E-mail 3 Address", "email,email_2,email_3"},
		"home and work addresses":   {"Work Email,Home Email", "email_3,email_2"},
		"numbered groups":           {"E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Address 2 - Postal Code,Event 1 - Value,Phone 10 - Value,Address 1 - Formatted", "email,phone_1_type,phone_1,address_2_zip,event_1,?unknown,?unknown"},
		"a number with a zero":      {"email,Phone 01 - Type,Phone 01 - Value", "email,phone_1_type,phone_1"},
		"custom fields":             {"email,cf:Favourite Colour,CF:shoe size,cf:nothing,Shoe Size,cf:", "email,cf:favourite_colour,cf:size,?no_such_field,?repeated,?no_such_field"},
		"a field named like a name": {"email,first_name,cf:first_name,First name at birth", "email,first_name,cf:first_name,?repeated"},
		"repeated":                  {"email,E-mail,first_name,Given Name", "email,?repeated,first_name,?repeated"},
		"title is not a job title":  {"Email,Title,Job Title", "email,?unknown,job_title"},
		"title is a job title":      {"Email,Title,Employer", "email,job_title,company_name"},
		"no heading":                {"email,, - ", "email,?untitled,?untitled"},
		"an SMS number alone":       {"sms_number,sms_consent_date,SMS", "sms_number,sms_consent_date,?repeated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			columns, err := Recognise(strings.Split(c.headings, ","), fields)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, col := range columns {
				if (col.Name == "") != (col.Note != "") {
					t.Errorf("%+v has a name and a note, or neither", col)
				}
				if col.Note != "" {
					got = append(got, "?"+string(col.Note))
				} else {
					got = append(got, col.Name)
				}
			}
			if g := strings.Join(got, ","); g != c.want {
				t.Errorf("got  %s\nwant %s", g, c.want)
			}
			// What was recognised can be followed.
			if _, err := NewPlan(strings.Split(c.headings, ","), Names(columns), fields, Options{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNothingUsable(t *testing.T) {
	t.Parallel()
	headings := []string{"Name", "Électron", strings.Repeat("long", 100)}
	for i := range 30 {
		headings = append(headings, fmt.Sprint("column ", i))
	}
	columns, err := Recognise(headings, nil)
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid || f.Code != string(fault.CodeImportHeading) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{`"Name", "Électron", "long`, "13 more", "Name a column email, or sms_number."} {
		if !strings.Contains(f.Message, want) {
			t.Errorf("%q is not in %q", want, f.Message)
		}
	}
	if len(f.Message) > 1000 {
		t.Errorf("the sentence has %d bytes", len(f.Message))
	}
	if len(columns) != len(headings) {
		t.Errorf("%d columns of %d", len(columns), len(headings))
	}
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	h := []string{"a", "b", "c"}
	for name, c := range map[string]struct {
		names    []string
		problems int
		want     string
	}{
		"another number of columns": {[]string{"email"}, 0, "The file has 3 columns and 1 are mapped."},
		"names that are none":       {[]string{"email", "e-mail", "cf:nothing"}, 2, ""},
		"a name twice":              {[]string{"email", "email", ""}, 1, ""},
		"nothing to know people by": {[]string{"first_name", "", ""}, 0, "No column is mapped to email or sms_number."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := NewPlan(h, c.names, fields, Options{})
			f := fault.Of(err)
			if f == nil || f.Kind != fault.Invalid || len(f.Problems) != c.problems || c.want != "" && f.Message != c.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

// convert reads one row whose cells are written beside their names.
func convert(t *testing.T, pairs ...string) (contact.Incoming, []Problem) {
	t.Helper()
	var names, cells []string
	for i := 0; i < len(pairs); i += 2 {
		names, cells = append(names, pairs[i]), append(cells, pairs[i+1])
	}
	if !slices.Contains(names, "email") {
		names, cells = append(names, "email"), append(cells, "ann@example.org")
	}
	p, err := NewPlan(names, names, fields, Options{ThisYear: 2026})
	if err != nil {
		t.Fatal(err)
	}
	var d contact.Incoming
	bad := p.Convert(17, cells, &d)
	return d, bad
}

// said prints what a row says beside its address.
func said(d contact.Incoming) string {
	var b strings.Builder
	say := func(name, v string) {
		if v != "" {
			fmt.Fprintf(&b, "%s=%s;", name, v)
		}
	}
	say("first", d.FirstName)
	say("last", d.LastName)
	say("job", d.JobTitle)
	say("company", d.CompanyName)
	for _, p := range d.Phones {
		say(string(p.Kind), p.Number)
	}
	for _, a := range d.Addresses {
		say("at "+string(a.Kind), strings.Join([]string{a.Street, a.City, a.State, a.PostalCode, a.Country}, "/"))
	}
	if !d.Birthday.IsZero() {
		say("born", fmt.Sprintf("%d/%d", d.Birthday.Month, d.Birthday.Day))
	}
	say("anniversary", d.Anniversary.String())
	for _, f := range d.Fields {
		say(fmt.Sprint("cf", f.Field), f.Text)
	}
	return b.String()
}

func TestConvert(t *testing.T) {
	t.Parallel()
	fifty := strings.Repeat("é", 50)
	for name, c := range map[string]struct {
		row  []string
		want string
	}{
		"texts are trimmed":                {[]string{"first_name", " Ann\u00a0", "last_name", "Lee", "job_title", "Smith", "company_name", "Forge"}, "first=Ann;last=Lee;job=Smith;company=Forge;"},
		"a name of fifty characters":       {[]string{"first_name", fifty}, "first=" + fifty + ";"},
		"a line break in a name":           {[]string{"last_name", "Lee\r\nRoy"}, "last=Lee Roy;"},
		"phones by kind":                   {[]string{"phone", "1", "home_phone", "2", "work_phone", "3"}, "home=2;work=3;other=1;"},
		"lines of a street are joined":     {[]string{"street", "1 Elm Row", "street2", "Flat 2", "street3", "East"}, "at home=1 Elm Row, Flat 2, East////;"},
		"a street over two lines":          {[]string{"work_street", "1 Elm Row\nFlat 2", "work_city", "Leeds"}, "at work=1 Elm Row, Flat 2/Leeds///;"},
		"only a second line":               {[]string{"street2", "Flat 2"}, "at home=Flat 2////;"},
		"a whole address":                  {[]string{"other_street", "s", "other_city", "c", "other_state", "OR", "other_zip", "97035", "other_country", "US"}, "at other=s/c/OR/97035/US;"},
		"birthday in two columns":          {[]string{"birthday_month", "02", "birthday_day", "29"}, "born=2/29;"},
		"birthday in one":                  {[]string{"birthday", "14-March-90"}, "born=3/14;"},
		"birthday in two ways":             {[]string{"birthday", "14-March", "birthday_day", "1", "birthday_month", "2"}, "born=2/1;"},
		"no date, as mail programs say it": {[]string{"birthday", "0/0/00", "anniversary", "0/0/0000"}, ""},
		"zeros for no birthday":            {[]string{"birthday_day", "0", "birthday_month", "0"}, ""},
		"anniversary":                      {[]string{"anniversary", "3/14/2019"}, "anniversary=2019-03-14;"},
		"custom fields":                    {[]string{"cf:favourite_colour", "teal", "cf:size", "42", "cf:first_name", ""}, "cf1=teal;cf2=forty-two;"},
		"a phone by its type":              {[]string{"phone_1", "1", "phone_1_type", "* Mobile", "phone_2_type", "Work", "phone_2", "2", "phone_3", "3"}, "mobile=1;work=2;other=3;"},
		"a second phone of a type":         {[]string{"phone_1", "1", "phone_1_type", "Home", "phone_2", "2", "phone_2_type", "Home"}, "home=1;other=2;"},
		"the same phone twice":             {[]string{"home_phone", "1", "phone_1", "1"}, "home=1;"},
		"several phones in one cell":       {[]string{"phone_1", "1 ::: 2", "phone_1_type", "Work"}, "work=1;"},
		"a fax is no phone":                {[]string{"phone_1", "1", "phone_1_type", "Work Fax"}, ""},
		"addresses without a type":         {[]string{"address_1_city", "Cork", "address_2_city", "Leeds"}, "at home=/Cork///;at work=/Leeds///;"},
		"addresses by their type":          {[]string{"address_1_street", "s", "address_1_street3", "PO 1", "address_1_type", "Work", "address_2_city", "Leeds", "address_2_type", "Club"}, "at work=s, PO 1////;at other=/Leeds///;"},
		"an event that is an anniversary":  {[]string{"event_1", "2001-02-03", "event_1_type", "First swim", "event_2", "2011-11-04", "event_2_type", "* Anniversary"}, "anniversary=2011-11-04;"},
		"an event without a type":          {[]string{"event_1", "2011-11-04"}, "anniversary=2011-11-04;"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, bad := convert(t, c.row...)
			if len(bad) > 0 {
				t.Fatalf("refused: %v", bad)
			}
			if got := said(d); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if d.Email.String() != "ann@example.org" {
				t.Errorf("it is about %s", d.Email)
			}
		})
	}
}

func TestEmailChoice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ first, second, third, want string }{
		"the first":          {"A@example.org", "b@example.org", "c@example.org", "a@example.org"},
		"the second":         {"  ", "b@example.org", "c@example.org", "b@example.org"},
		"the third":          {"", "", "c@example.org", "c@example.org"},
		"several in a cell":  {"a@example.org ::: b@example.org", "", "", "a@example.org"},
		"a bad one is final": {"a@", "b@example.org", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, bad := convert(t, "email_3", c.third, "email_2", c.second, "email", c.first)
			if d.Email.String() != c.want || (len(bad) > 0) != (c.want == "") {
				t.Errorf("got %s, %v", d.Email, bad)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		row  []string
		want []string
	}{
		"a bad address":           {[]string{"email", "foo@"}, []string{`Line 17: Invalid email: "foo@" has nothing after the @ sign`}},
		"no address":              {[]string{"email", " "}, []string{`Line 17: Invalid email: is empty`}},
		"every fault at once":     {[]string{"email", "foo", "birthday", "14.3.", "anniversary", "02/30/2019"}, []string{`Line 17: Invalid birthday: "14.3." is not a day such as 03/14, 14-March or 1990-03-14`, `Line 17: Invalid anniversary: "02/30/2019" is a day that does not exist`, `Line 17: Invalid email: "foo" has no @ sign`}},
		"a long name":             {[]string{"first_name", strings.Repeat("x", 51)}, []string{`Line 17: Invalid first_name: "` + strings.Repeat("x", 51) + `" is longer than 50 characters`}},
		"a long phone":            {[]string{"work_phone", strings.Repeat("1", 26)}, []string{`Line 17: Invalid work_phone: "` + strings.Repeat("1", 26) + `" is longer than 25 characters`}},
		"a long street":           {[]string{"street", strings.Repeat("x", 200), "street2", strings.Repeat("y", 54)}, []string{`Line 17: Invalid street: "` + strings.Repeat("x", 60) + `…" is longer than 255 characters`}},
		"a long city":             {[]string{"work_city", strings.Repeat("x", 51)}, []string{`Line 17: Invalid work_city: "` + strings.Repeat("x", 51) + `" is longer than 50 characters`}},
		"a long custom value":     {[]string{"cf:favourite_colour", strings.Repeat("x", 256)}, []string{`Line 17: Invalid cf:favourite_colour: "` + strings.Repeat("x", 60) + `…" is longer than 255 characters`}},
		"a custom value":          {[]string{"cf:size", "41"}, []string{`Line 17: Invalid cf:size: "41" is not 42`}},
		"a day without its month": {[]string{"birthday_day", "3"}, []string{`Line 17: Invalid birthday_month: is empty, but the day of the birthday is given`}},
		"a month without its day": {[]string{"birthday_month", "3", "birthday_day", ""}, []string{`Line 17: Invalid birthday_day: is empty, but the month of the birthday is given`}},
		"a day of no month":       {[]string{"birthday_month", "2", "birthday_day", "30"}, []string{`Line 17: Invalid birthday: "2/30" is a day that does not exist`}},
		"a month by name":         {[]string{"birthday_month", "May", "birthday_day", "30"}, []string{`Line 17: Invalid birthday_month: "May" is not a month from 1 to 12`}},
		"a day beyond the month":  {[]string{"birthday_month", "5", "birthday_day", "32"}, []string{`Line 17: Invalid birthday_day: "32" is not a day from 1 to 31`}},
		"a bad SMS number":        {[]string{"sms_number", "+44 20 7183 8750"}, []string{`Line 17: Invalid sms_number: "+44 20 7183 8750" is not a US phone number, such as 2025550134`}},
		"a far anniversary":       {[]string{"anniversary", "01/01/2037"}, []string{`Line 17: Invalid anniversary: "01/01/2037" must lie after 1900 and at most 10 years ahead`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, bad := convert(t, c.row...)
			var got []string
			for _, b := range bad {
				got = append(got, b.String())
				if b.Left {
					t.Errorf("%s does not keep the row back", b)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestValuesLeftOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		row        []string
		want, said string
	}{
		"four phones":         {[]string{"phone", "4", "home_phone", "2", "work_phone", "3", "mobile_phone", "1"}, `Line 17: Invalid phone: "4" is one more than the 3 phone numbers a contact may have; it was left out`, "mobile=1;home=2;work=3;"},
		"a third of its kind": {[]string{"phone_1", "1", "phone_2", "2"}, `Line 17: Invalid phone_2: "2" is a second number of its kind; it was left out`, "other=1;"},
		"two home addresses":  {[]string{"city", "Cork", "address_1_street", "s"}, `Line 17: Invalid address_1_street: "s" belongs to a second home address; that was left out`, "at home=/Cork///;"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, bad := convert(t, c.row...)
			if len(bad) != 1 || !bad[0].Left || bad[0].String() != c.want {
				t.Errorf("got %v, want %s", bad, c.want)
			}
			if got := said(d); got != c.said {
				t.Errorf("taken: %s, want %s", got, c.said)
			}
		})
	}
}

func TestProblemNamesTheColumn(t *testing.T) {
	t.Parallel()
	p, err := NewPlan([]string{"E-mail Address"}, []string{"email"}, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var d contact.Incoming
	bad := p.Convert(2, []string{"foo"}, &d)
	if want := `Line 2: Invalid email: "foo" has no @ sign (column "E-mail Address")`; len(bad) != 1 || bad[0].String() != want {
		t.Errorf("got %v, want %s", bad, want)
	}
}

// A row read into what was used before carries nothing over.
func TestUsedAgain(t *testing.T) {
	t.Parallel()
	names := []string{"email", "first_name", "cf:size", "city", "birthday"}
	p, err := NewPlan(names, names, fields, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var d contact.Incoming
	p.Convert(1, []string{"a@example.org", "Ann", "42", "Cork", "3/14"}, &d)
	p.Convert(2, []string{"b@example.org", "", "", "", ""}, &d)
	if got := said(d); got != "" || d.Email.String() != "b@example.org" {
		t.Errorf("the second row also has %s", got)
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("Phone 01 - Type\nemail", "0")
	f.Add("email\nfirst_name\ncf:size", "a@example.org\nAnn\n42")
	f.Add("Phone 1 - Type\nPhone 1 - Value\nE-mail 1 - Value", "Home\n1 ::: 2\nb@example.org")
	f.Add("email\nAddress 1 - Street\nbirthday", "b@example.org\nx\n14-March")
	f.Fuzz(func(t *testing.T, heading, row string) {
		headings := strings.Split(heading, "\n")
		columns, err := Recognise(headings, fields)
		if err != nil {
			if !fault.Is(err, fault.Invalid) || len(fault.Of(err).Message) > 16<<10 {
				t.Fatal(err)
			}
			return
		}
		p, err := NewPlan(headings, Names(columns), fields, Options{ThisYear: 2026})
		if err != nil {
			t.Fatalf("%+v: %v", columns, err)
		}
		cells := append(strings.Split(row, "\n"), make([]string, len(headings))...)[:len(headings)]
		var d contact.Incoming
		taken := true
		for _, b := range p.Convert(1, cells, &d) {
			taken = taken && b.Left
			_ = b.String()
		}
		if taken && d.Email.IsZero() {
			t.Fatalf("%q was taken with nothing to know the contact by", cells)
		}
		if taken && (len(d.FirstName) > 4*contact.MaxName || len(d.Phones) > contact.MaxPhones || len(d.Addresses) > contact.MaxAddresses) {
			t.Fatalf("too long: %+v", d)
		}
	})
}

func BenchmarkConvert(b *testing.B) {
	names := []string{"email", "first_name", "last_name", "job_title", "company_name", "work_phone", "street", "city", "state", "zip", "country", "birthday", "anniversary", "cf:favourite_colour"}
	cells := []string{"person0000001@mail1.example.org", "Firstname1", "Lastname1", "Keeper of the orchard", "Orchards and Gardens 1 Limited", "+1 202 555 0134", "1 Long Garden Road", "Springfield", "Oregon", "97035", "United States", "03/14/1990", "2011-11-04", "a note of some length"}
	p, err := NewPlan(names, names, fields, Options{ThisYear: 2026})
	if err != nil {
		b.Fatal(err)
	}
	var d contact.Incoming
	b.ReportAllocs()
	for b.Loop() {
		if bad := p.Convert(1, cells, &d); bad != nil {
			b.Fatal(bad)
		}
	}
}
