package public

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
)

// formView is what the page of a form shows.
type formView struct {
	*visit
	// Action is where the form is sent.
	Action string
	Title  string
	Intro  []string
	Button string
	// Consent is the line that is agreed to.
	Consent string
	Groups  []inputGroup
	Offers  []option
	// OffersWrong says what is wrong with the choice of lists.
	OffersWrong string
	Alert       string
	Token       string
	// Bits is how much work the browser must prove; 0 for none.
	Bits   int
	Colors string
	// Step is the second step, which shows no input and keeps what was filled
	// in; Done says that all is done. Still is a page to look at, without script.
	Step, Done, Still bool
	Kept              []kept
}

// kept is an answer that goes along unseen.
type kept struct{ Name, Value string }

// inputGroup is one input, or several that belong together under a legend.
type inputGroup struct {
	Legend   string
	Optional string // as that of an input
	Inputs   []formInput
	// Pair puts the inputs side by side where there is room.
	Pair bool
}

// formInput is one input.
type formInput struct {
	Name, Label string
	// Type is that of HTML, or textarea, select, checks (boxes under a legend)
	// or check (one box).
	Type, Autocomplete, Mode string
	Value                    string
	Options                  []option
	Most                     int
	Required                 bool
	// Optional is the word for what may be left empty, where that is so.
	Optional string
	Wrong    string
}

// option is a choice.
type option struct {
	Value, Label string
	Chosen       bool
}

// consent is the line that the visitor agrees to.
func (v *visit) consent(o *form.Open) string {
	return cmp.Or(o.Texts.Consent, v.Say("form.consent", "name", v.Name))
}

// thanks is what is said after a sign-up.
func (v *visit) thanks(o *form.Open) []string {
	return paragraphs(cmp.Or(o.Texts.Thanks, v.Say("form.thanks.lead")))
}

func paragraphs(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// formView is a form with what was filled in; nil for nothing yet.
func (s *Site) formView(v *visit, o *form.Open, answers form.Answers) *formView {
	view := &formView{
		visit: v, Action: "/f/" + o.UID.String(), Colors: colorsOf(o),
		Title: cmp.Or(o.Texts.Title, v.Say("form.title")), Intro: paragraphs(o.Texts.Intro),
		Button: cmp.Or(o.Texts.Button, v.Say("form.button")), Consent: v.consent(o),
		Token: s.o.Forms.Token(o),
	}
	if o.Proof {
		view.Bits = form.ProofBits
	}
	for _, f := range o.Fields {
		view.Groups = append(view.Groups, v.group(f, answers))
	}
	for _, l := range o.Offers() {
		uid := l.Ref.UID.String()
		chosen := l.Ticked
		if answers != nil {
			chosen = slices.Contains(answers[form.InputList], uid)
		}
		view.Offers = append(view.Offers, option{uid, l.Name, chosen})
	}
	return view
}

// labels are the texts that name fields.
var labels = map[form.Kind]string{
	form.Email: "form.email_address", form.FirstName: "form.first_name", form.LastName: "form.last_name",
	form.Company: "form.company_name", form.Phone: "form.phone_number", form.Birthday: "form.birthday", form.Street: "form.street_address",
}

// group shows a field.
func (v *visit) group(f form.Field, a form.Answers) inputGroup {
	in := formInput{
		Name: f.Inputs()[0], Type: "text", Value: a.One(f.Inputs()[0]), Most: contact.MaxName,
		Required: f.Required, Optional: v.optional(f),
	}
	if f.Kind != form.Custom {
		in.Label = cmp.Or(f.Label, v.Say(labels[f.Kind]))
	}
	switch f.Kind {
	case form.Email:
		in.Type, in.Autocomplete, in.Most = "email", "email", 80
	case form.FirstName:
		in.Autocomplete = "given-name"
	case form.LastName:
		in.Autocomplete = "family-name"
	case form.Company:
		in.Autocomplete = "organization"
	case form.Phone:
		in.Type, in.Autocomplete, in.Most = "tel", "tel", contact.MaxPhone
	case form.Birthday:
		return v.birthday(f, in.Label, a)
	case form.Street:
		return v.street(f, in.Label, a)
	case form.Custom:
		v.custom(&in, f, a)
	}
	return inputGroup{Inputs: []formInput{in}}
}

func (v *visit) birthday(f form.Field, legend string, a form.Answers) inputGroup {
	choose := func(name, label string, options []string) formInput {
		in := formInput{Name: name, Label: label, Type: "select", Required: f.Required}
		for i, text := range options {
			value := strconv.Itoa(i + 1)
			in.Options = append(in.Options, option{value, text, a.One(name) == value})
		}
		return in
	}
	days := make([]string, 31)
	for i := range days {
		days[i] = strconv.Itoa(i + 1)
	}
	return inputGroup{Legend: legend, Optional: v.optional(f), Pair: true, Inputs: []formInput{
		choose(form.InputDay, v.Say("form.day"), days),
		choose(form.InputMonth, v.Say("form.month"), strings.Split(v.Say("form.months"), ",")),
	}}
}

func (v *visit) street(f form.Field, legend string, a form.Answers) inputGroup {
	g := inputGroup{Legend: legend, Optional: v.optional(f)}
	for _, part := range []struct {
		name, label, autocomplete string
		most                      int
		required                  bool
	}{
		{form.InputStreet, "form.street", "address-line1", contact.MaxStreet, true},
		{form.InputPostalCode, "form.postal_code", "postal-code", contact.MaxPlace, true},
		{form.InputCity, "form.city", "address-level2", contact.MaxPlace, true},
		{form.InputState, "form.state", "address-level1", contact.MaxPlace, false},
		{form.InputCountry, "form.country", "country-name", contact.MaxPlace, false},
	} {
		in := formInput{
			Name: part.name, Label: v.Say(part.label), Type: "text", Autocomplete: part.autocomplete,
			Value: a.One(part.name), Most: part.most, Required: f.Required && part.required,
		}
		if f.Required && !part.required {
			in.Optional = v.Say("form.optional")
		}
		g.Inputs = append(g.Inputs, in)
	}
	return g
}

// optional is the word for a field that may be left empty, where it may.
func (v *visit) optional(f form.Field) string {
	if f.Required {
		return ""
	}
	return v.Say("form.optional")
}

// custom shows a custom field.
func (v *visit) custom(in *formInput, f form.Field, a form.Answers) {
	in.Label, in.Most = cmp.Or(f.Label, f.Custom.Label), contact.MaxValue
	switch f.Custom.Type {
	case contact.TypeTextArea:
		in.Type, in.Most = "textarea", contact.MaxLongValue
	case contact.TypeNumber, contact.TypeCurrency:
		in.Mode = "decimal"
		if f.Custom.Metadata.Integer && !f.Custom.Metadata.AllowNegative {
			in.Mode = "numeric"
		}
	case contact.TypeDate:
		if f.Custom.Version >= 2 {
			in.Type, in.Most = "date", 0
		}
	case contact.TypeDateTime:
		in.Type, in.Most = "datetime-local", 0
	case contact.TypeBoolean:
		in.Type, in.Options = "check", []option{{"true", in.Label, in.Value == "true"}}
	case contact.TypeSingleSelect, contact.TypeMultiSelect:
		in.Type = "select"
		if f.Custom.Type == contact.TypeMultiSelect {
			in.Type = "checks"
		}
		choices := slices.Clone(f.Custom.Choices)
		slices.SortStableFunc(choices, func(a, b contact.Choice) int { return cmp.Compare(a.Order, b.Order) })
		for _, c := range choices {
			value := strconv.FormatInt(c.ID, 10)
			in.Options = append(in.Options, option{value, c.Label, slices.Contains(a[in.Name], value)})
		}
	case contact.TypeString:
	}
}

// keep takes an answer along unseen.
func (view *formView) keep(a form.Answers, name string) {
	for _, value := range a[name] {
		view.Kept = append(view.Kept, kept{name, value})
	}
}

// fail shows what is wrong with the answers, each at its input.
func (view *formView) fail(v *visit, o *form.Open, f *fault.Error) {
	view.Alert = v.Say("form.mend")
	for _, p := range f.Problems {
		text := v.problem(o, p)
		if p.Path == form.InputList && len(view.Offers) > 0 {
			view.OffersWrong = text
			continue
		}
		if in := view.input(p.Path); in == nil {
			view.Alert = v.Say("form.again")
		} else if in.Wrong == "" {
			in.Wrong = text
		}
	}
}

func (view *formView) input(name string) *formInput {
	for _, g := range view.Groups {
		for i := range g.Inputs {
			if g.Inputs[i].Name == name {
				return &g.Inputs[i]
			}
		}
	}
	return nil
}

// problem says what is wrong in the visit's language. The domain's own sentence
// is for owners.
func (v *visit) problem(o *form.Open, p fault.Problem) string {
	switch {
	case p.Path == form.InputList:
		return v.Say("form.fault.list")
	case p.Code == "required":
		return v.Say("form.fault.required")
	case p.Code == "too_long":
		return v.Say("form.fault.long")
	case p.Path == string(form.Email):
		return v.Say("form.fault.email")
	case p.Path == form.InputDay || p.Path == form.InputMonth:
		return v.Say("form.fault.date")
	}
	for _, f := range o.Fields {
		if f.Kind == form.Custom && form.CustomInput(f.Custom.ID) == p.Path {
			return v.Say(faultOf(f.Custom))
		}
	}
	return v.Say("form.fault.invalid")
}

func faultOf(f contact.Field) string {
	switch f.Type {
	case contact.TypeNumber, contact.TypeCurrency:
		if f.Metadata.Integer {
			return "form.fault.whole"
		}
		return "form.fault.number"
	case contact.TypeDate, contact.TypeDateTime:
		return "form.fault.date"
	case contact.TypeSingleSelect, contact.TypeMultiSelect:
		return "form.fault.choice"
	case contact.TypeString, contact.TypeTextArea, contact.TypeBoolean:
	}
	return "form.fault.invalid"
}

// DescribedBy names what stands at the input, for screen readers.
func (in formInput) DescribedBy() string {
	if in.Wrong == "" {
		return ""
	}
	return "f-" + in.Name + "-wrong"
}

// colorsOf is the address of the style sheet of a form's colours, or empty.
func colorsOf(o *form.Open) string {
	if o.Colors.IsZero() {
		return ""
	}
	c := o.Colors.Whole()
	hex := func(s string) string { return strings.TrimPrefix(s, "#") }
	return fmt.Sprintf("/p/colours/%s-%s-%s", hex(c.Background), hex(c.Text), hex(c.Accent))
}
