package page

import (
	"net/http"
	"slices"
	"strings"

	"kith/internal/base/fault"
)

// Field is one input of a form. Its name is the domain's path of what it
// holds, so that a fault finds its field.
type Field struct {
	Name  string
	Label string
	// Type is that of the input: text, email, password, tel.
	Type         string
	Autocomplete string
	Required     bool
	Hint         string
	Value        string
	// Focus puts the cursor here; Wrong says what is wrong. Both are set by
	// Form.
	Focus bool
	Wrong string
}

// DescribedBy lists the texts that belong to the field, for screen readers.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Wrong != "" {
		ids = append(ids, f.Name+"-wrong")
	}
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hint")
	}
	return strings.Join(ids, " ")
}

// Form is a form with what was typed and what is wrong with it. Templates show
// it with "summary" and, for each field, "field".
type Form struct {
	// Alert is what is wrong in a sentence, Faults the details.
	Alert  string
	Faults []Fault
	fields []Field
}

// Fault is one line of a form's summary; Field is where it leads, or empty.
type Fault struct{ Field, Text string }

// NewForm returns a form of these fields, the cursor in the first empty one.
func NewForm(fields ...Field) *Form {
	f := &Form{fields: slices.Clone(fields)}
	for i := range f.fields {
		if f.fields[i].Type == "" {
			f.fields[i].Type = "text"
		}
	}
	f.focus(func(x Field) bool { return x.Value == "" })
	return f
}

// Field returns the field of a name, for templates; an unknown name is a fault
// of the template.
func (f *Form) Field(name string) Field {
	i := slices.IndexFunc(f.fields, func(x Field) bool { return x.Name == name })
	if i < 0 {
		panic("page: the form has no field " + name)
	}
	return f.fields[i]
}

// Has reports whether the form has a field of this name.
func (f *Form) Has(name string) bool {
	return slices.ContainsFunc(f.fields, func(x Field) bool { return x.Name == name })
}

// Keep takes what was typed, passwords apart: those are never sent back.
func (f *Form) Keep(r *http.Request) {
	for i := range f.fields {
		if f.fields[i].Type != "password" {
			f.fields[i].Value = r.PostFormValue(f.fields[i].Name)
		}
	}
	f.focus(func(x Field) bool { return x.Value == "" })
}

// Fail shows a fault: each problem at its field and in the summary, in the
// order of the fields; what belongs to no field in the summary alone. The
// cursor goes to the first faulty field.
func (f *Form) Fail(e *fault.Error) {
	f.Alert = e.Message
	if len(e.Problems) == 0 {
		return
	}
	if e.Kind == fault.Invalid {
		f.Alert = "There is something to mend."
	}
	var elsewhere []Fault
	for _, p := range e.Problems {
		i := slices.IndexFunc(f.fields, func(x Field) bool { return x.Name == p.Path })
		if i < 0 {
			elsewhere = append(elsewhere, Fault{Text: sentence(p.Path, p.Message)})
		} else if f.fields[i].Wrong == "" {
			f.fields[i].Wrong = sentence(f.fields[i].Label, p.Message)
		}
	}
	for _, x := range f.fields {
		if x.Wrong != "" {
			f.Faults = append(f.Faults, Fault{Field: x.Name, Text: x.Wrong})
		}
	}
	f.Faults = append(f.Faults, elsewhere...)
	f.focus(func(x Field) bool { return x.Wrong != "" })
}

// Rest puts the cursor nowhere, on a page where the form is not what most
// people come for.
func (f *Form) Rest() { f.focus(func(Field) bool { return false }) }

// focus puts the cursor into the first field for which want holds.
func (f *Form) focus(want func(Field) bool) {
	at := slices.IndexFunc(f.fields, want)
	for i := range f.fields {
		f.fields[i].Focus = i == at
	}
}

func sentence(subject, message string) string {
	return strings.TrimSpace(subject+" "+message) + "."
}
