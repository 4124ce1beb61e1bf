package column

import "strconv"

// Problem is a value of a row that cannot be taken.
type Problem struct {
	Line int64
	// Name is the target's name: email, birthday, cf:size. It is WholeRow
	// where no single value is at fault.
	Name string
	// Column is the file's own heading of the value, empty for WholeRow.
	Column string
	// Value is the cell as it stands in the file.
	Value string
	// Reason ends a sentence that begins with the value.
	Reason string
	// Left is true when the row was taken without the value, false when the
	// row was not taken.
	Left bool
}

// WholeRow is the name of a problem that is no single value's.
const WholeRow = "row"

// String returns the problem in the form that activities tell it: Line 17:
// Invalid email, as older versions of the API did, and then what is wrong.
func (p Problem) String() string {
	s := "Line " + strconv.FormatInt(p.Line, 10) + ": Invalid " + p.Name + ": "
	if p.Name == WholeRow {
		return s + p.Reason
	}
	if p.Value != "" {
		s += strconv.Quote(shorten(p.Value)) + " "
	}
	s += p.Reason
	if p.Left {
		s += " and was left out"
	}
	if p.Column != "" && fold(p.Column) != fold(p.Name) {
		s += " (column " + strconv.Quote(shorten(p.Column)) + ")"
	}
	return s
}
