package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html/charset"
)

// Bounds within the parts of a workbook. The library holds a row and its cells,
// the places of shared texts, and whole what is neither a sheet nor they.
const (
	// maxOther is the size in bytes of all parts that hold no cells, maxParsed of
	// one that is taken apart on opening: formats become seventy times as large.
	maxOther  = 32 << 20
	maxParsed = 4 << 20
	// maxStretch is the size of a row, a shared text or a token, in bytes of XML;
	// that of a cell takes some fifty.
	maxStretch = 4 << 20
	// maxShared is how many texts the cells of a workbook may share.
	maxShared = 2 << 20
	// maxDepth is how deep elements may lie in each other.
	maxDepth = 100
)

// Names of parts, compared without case, as the library knows them: that with the
// texts that cells share, and the beginning of those of sheets.
const (
	sharedTexts = "xl/sharedstrings.xml"
	sheetParts  = "xl/worksheets/sheet"
)

// mend says what to do about a workbook that is damaged.
const mend = " Open it in a spreadsheet program, look whether its last rows are there and save it again, or save it as CSV in UTF-8."

// intact refuses a workbook whose cells would not all be read. The library stops
// without a word where the XML of a sheet breaks off, and takes a cell whose
// shared text is missing for an empty one. Of the workbook it holds a token at a
// time.
func intact(book *zip.Reader) error {
	c := cells{last: -1}
	var all, other uint64
	for _, f := range book.File {
		if all += min(f.UncompressedSize64, maxUnpacked+1); all > maxUnpacked {
			return tooMuch("It unpacks to more than %d bytes.", maxUnpacked)
		}
	}
	for _, f := range book.File {
		holds, err := c.part(f)
		if err != nil {
			return err
		}
		if !holds {
			other += f.UncompressedSize64
		}
	}
	switch {
	case other > maxOther:
		return tooMuch("What it has beside its sheets unpacks to more than %d bytes.", maxOther)
	case c.shared > maxShared:
		return tooMuch("It has more than %d different texts.", maxShared)
	case c.last >= c.shared:
		return errWorkbook.Saying("The Excel file is damaged: cells refer to texts that are not in it." + mend)
	}
	return nil
}

// tooMuch refuses a workbook that is more than is taken.
func tooMuch(format string, args ...any) error {
	return errTooLarge.Saying("The Excel file is too large. " + fmt.Sprintf(format, args...) + " Save it as CSV in UTF-8, which may be larger.")
}

// cells is what is known of a workbook: how many texts its cells share, and the
// number of the last text that a cell refers to, or -1.
type cells struct{ shared, last int }

// part reads a part of a workbook to its end, if its name or its first element says
// that it holds cells or their texts.
func (c *cells) part(f *zip.File) (holds bool, err error) {
	src, err := f.Open()
	if err != nil {
		return false, errWorkbook.Because(err)
	}
	defer src.Close()
	text := &stretch{src: src, left: maxStretch}
	p := part{cells: c, name: strings.ReplaceAll(f.Name, `\`, "/"), Decoder: xml.NewDecoder(text)}
	p.CharsetReader = charset.NewReaderLabel
	p.texts = strings.EqualFold(p.name, sharedTexts)
	holds = p.texts || strings.HasPrefix(strings.ToLower(p.name), sheetParts)
	for {
		token, err := p.Token()
		switch {
		case errors.Is(err, io.EOF) && holds:
			return true, nil
		case errors.Is(err, errStretch):
			return true, tooMuch("A cell, or a row, in %s has more than %d bytes.", p.name, maxStretch)
		case err != nil && holds:
			return true, errWorkbook.Saying("The Excel file is damaged: " + p.name + " cannot be read " + p.after() + "." + mend).Because(err)
		case err != nil:
			return false, nil // a picture, say
		}
		if start, ok := token.(xml.StartElement); ok && !holds {
			switch start.Name.Local {
			case "worksheet", "sst":
				holds = true
			case "styleSheet", "calcChain", "theme", "workbook", "Relationships", "Types":
				if f.UncompressedSize64 > maxParsed {
					return false, tooMuch("Its part %s unpacks to more than %d bytes.", p.name, maxParsed)
				}
				return false, nil
			default:
				return false, nil
			}
		}
		if err := p.take(token); err != nil {
			return true, err
		}
		if !p.within {
			text.left = maxStretch
		}
	}
}

// part is a part that holds cells, being read.
type part struct {
	*cells
	*xml.Decoder
	name string
	// texts says that the library finds shared texts here.
	texts bool
	// rows counts rows, depth is that of the element.
	rows, depth int
	// within a row or a shared text, of a cell with such a text, its number.
	within, refers, number bool
}

// take notes what a token says of cells.
func (p *part) take(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		if p.depth++; p.depth > maxDepth {
			return errWorkbook.Saying("The Excel file is damaged: the elements of " + p.name + " lie too deep in each other." + mend)
		}
		switch token.Name.Local {
		case "row":
			p.rows++
			p.within = true
		case "si":
			p.within = true
			if p.texts {
				p.shared++
			}
		case "c":
			p.refers = has(token.Attr, "t", "s")
		case "v":
			p.number = p.refers
		}
	case xml.EndElement:
		p.depth--
		switch token.Name.Local {
		case "row", "si":
			p.within = false
		case "v":
			p.number = false
		}
	case xml.CharData:
		if p.number {
			n, _ := strconv.Atoi(strings.TrimSpace(string(token))) // the library takes what is none for 0
			p.last = max(p.last, n)
		}
	}
	return nil
}

// after tells how far a part was read.
func (p *part) after() string {
	if p.rows == 0 {
		return "to its end"
	}
	return "beyond row " + strconv.Itoa(p.rows)
}

// has reports whether an attribute has a value.
func has(attrs []xml.Attr, name, value string) bool {
	for _, a := range attrs {
		if a.Name.Local == name {
			return a.Value == value
		}
	}
	return false
}

// errStretch is the end of what may be read at a stretch.
var errStretch = errors.New("sheet: too much at a stretch")

// stretch reads as much as is left of a bound.
type stretch struct {
	src  io.Reader
	left int
}

func (s *stretch) Read(p []byte) (int, error) {
	if s.left <= 0 {
		return 0, errStretch
	}
	n, err := s.src.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, err
}
