package sheet

import "strings"

// AppendRow appends a row of CSV, ended by CR LF (RFC 4180 §2). A cell stands in
// quotes where it needs them. What a spreadsheet would take for a formula is
// made a text first: see Inert.
func AppendRow(dst []byte, cells []string) []byte {
	for i, cell := range cells {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendCell(dst, cell)
	}
	if len(cells) == 1 && cells[0] == "" {
		dst = append(dst, `""`...) // else the row would be a blank line, which readers pass over
	}
	return append(dst, '\r', '\n')
}

func appendCell(dst []byte, cell string) []byte {
	cell = Inert(cell)
	if !strings.ContainsAny(cell, "\",\r\n") {
		return append(dst, cell...)
	}
	dst = append(dst, '"')
	for {
		before, after, found := strings.Cut(cell, `"`)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst, cell = append(dst, '"', '"'), after
	}
}

// Inert keeps a spreadsheet from taking a text for a formula, since what
// somebody typed into a form once may stand in a file: it puts an apostrophe
// before it, which is how spreadsheets mark a text. A number and a telephone
// number stay as they are, signs and all: nothing can be called without
// letters.
func Inert(cell string) string {
	if cell == "" {
		return ""
	}
	switch cell[0] {
	case '=', '@', '\t', '\r', '\n':
	case '+', '-':
		if strings.Trim(cell[1:], "0123456789 .()-/") == "" {
			return cell
		}
	default:
		return cell
	}
	return "'" + cell
}
