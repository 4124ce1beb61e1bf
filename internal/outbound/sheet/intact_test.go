package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"

	"kith/internal/base/fault"
	"kith/internal/outbound/sheet"
)

const (
	firstSheet  = "xl/worksheets/sheet1.xml"
	sharedTexts = "xl/sharedStrings.xml"
)

// rewritten is a workbook with another text in a part; none leaves the part out.
// What is no part yet is added.
func rewritten(t testing.TB, book []byte, name string, as func(string) string) []byte {
	t.Helper()
	src, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	write := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	found := false
	for _, f := range src.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != name {
			write(f.Name, string(text))
			continue
		}
		found = true
		if changed := as(string(text)); changed != "" {
			write(name, changed)
		}
	}
	if !found {
		write(name, as(""))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// people is a workbook of n rows under a heading, whose texts are shared.
func people(t testing.TB, n int) []byte {
	t.Helper()
	cells := map[string]any{"A1": "email", "B1": "first name"}
	for i := range n {
		cells[fmt.Sprintf("A%d", i+2)] = fmt.Sprintf("p%d@example.org", i)
		cells[fmt.Sprintf("B%d", i+2)] = "Ann"
	}
	return workbook(t, cells, nil)
}

// until cuts a text off before the n-th time that something stands in it.
func until(what string, n int) func(string) string {
	return func(s string) string {
		return strings.Join(strings.SplitN(s, what, n+1)[:n], what)
	}
}

func replaced(old, by string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, by, 1) }
}

func is(text string) func(string) string { return func(string) string { return text } }

// A workbook that was cut off, or badly written, is refused whole: what the
// library would have read of it is only the beginning.
func TestDamagedWorkbook(t *testing.T) {
	t.Parallel()
	good := people(t, 100)
	if got, err := text(t, rewritten(t, good, firstSheet, func(s string) string { return s })); err != nil || strings.Count(got, "\n") != 101 {
		t.Fatalf("undamaged: %d lines, %v", strings.Count(got, "\n"), err)
	}
	for name, c := range map[string]struct {
		part string
		as   func(string) string
		says string
	}{
		"cut off in a row":                {firstSheet, until(`<c r="B50"`, 1), "sheet1.xml cannot be read beyond row 50."},
		"cut off between rows":            {firstSheet, until(`<row r="50"`, 1), "beyond row 49."},
		"cut off after its rows":          {firstSheet, until(`</worksheet>`, 1), "beyond row 101."},
		"an element is closed by another": {firstSheet, replaced(`</row>`, `</raw>`), "beyond row 1."},
		"text that is no XML":             {firstSheet, replaced(`<v>`, `<v>&nbsp;`), "beyond row 1."},
		"shared texts cut off":            {sharedTexts, until(`<si>`, 20), "sharedStrings.xml cannot be read"},
		"shared texts that end too early": {sharedTexts, func(s string) string { return until(`<si>`, 20)(s) + "</sst>" }, "not in it"},
		"no shared texts":                 {sharedTexts, is(""), "not in it"},
		"shared texts of another name":    {sharedTexts, is("<worksheet/>"), "not in it"},
		"elements in elements":            {firstSheet, replaced(`<sheetData>`, `<sheetData>`+strings.Repeat("<a>", 1000)), "too deep"},
	} {
		got, err := text(t, rewritten(t, good, c.part, c.as))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Of(err).Message, c.says) {
			t.Errorf("%s: %v, want that it says %q", name, err, c.says)
		}
		if got != "" {
			t.Errorf("%s: %d bytes of it were read", name, len(got))
		}
	}
}

// A sheet in another encoding is as good as one in UTF-8.
func TestWorkbookInLatin1(t *testing.T) {
	t.Parallel()
	got, err := text(t, rewritten(t, people(t, 1), firstSheet, func(s string) string {
		s = s[strings.Index(s, "<worksheet"):]
		s = regexp.MustCompile(`<c r="B2".*?</c>`).ReplaceAllString(s, `<c r="B2" t="str"><v>Zo`+"\xeb"+`</v></c>`)
		return `<?xml version="1.0" encoding="ISO-8859-1"?>` + s
	}))
	if err != nil || !strings.Contains(got, `"Zoë"`) {
		t.Errorf("%q, %v", got, err)
	}
}

// A small file that unpacks to a large one is refused before it does harm.
func TestWorkbookThatIsTooMuch(t *testing.T) {
	t.Parallel()
	good := people(t, 1)
	for name, file := range map[string][]byte{
		"a long cell":       rewritten(t, good, firstSheet, replaced("<v>", "<v>"+strings.Repeat("1", 5<<20))),
		"a long row":        rewritten(t, good, firstSheet, replaced("</row>", strings.Repeat("<c><v>1</v></c>", 400_000)+"</row>")),
		"a long text":       rewritten(t, good, sharedTexts, replaced("<si>", "<si>"+strings.Repeat("<r><t>1</t></r>", 400_000))),
		"many texts":        rewritten(t, good, sharedTexts, replaced("<si>", strings.Repeat("<si/>", 2<<20)+"<si>")),
		"a large picture":   rewritten(t, good, "xl/media/image1.png", is(strings.Repeat("1", 33<<20))),
		"many formats":      rewritten(t, good, "xl/styles.xml", replaced("<xf", strings.Repeat("<xf/>", 900_000)+"<xf")),
		"many large sheets": sheets(t, 9, 64<<20),
	} {
		if len(file) > sheet.MaxWorkbook {
			t.Fatalf("%s: %d bytes are refused for that", name, len(file))
		}
		got, err := text(t, file)
		if f := fault.Of(err); err == nil || f.Code != string(fault.CodeImportTooLarge) || got != "" {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// sheets is a workbook that says to have n sheets of a size.
func sheets(t testing.TB, n int, size uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		h := &zip.FileHeader{Name: fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), Method: zip.Store, UncompressedSize64: size, CompressedSize64: size}
		if _, err := z.CreateRaw(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Sheets and texts as nobody would write them: what is taken was well written,
// and what is not is refused.
func FuzzSheet(f *testing.F) {
	good := people(f, 2)
	parts := map[string]string{}
	for _, name := range []string{firstSheet, sharedTexts} {
		rewritten(f, good, name, func(s string) string { parts[name] = s; return s })
	}
	f.Add(parts[firstSheet], parts[sharedTexts])
	f.Add(`<worksheet><sheetData><row r="9"><c r="C9" t="inlineStr"><is><t>a</t></is></c><c s="1"><f>A1</f><v>4.5</v></c></row></sheetData></worksheet>`, `<sst><si><r><t>a</t></r></si></sst>`)
	f.Fuzz(func(t *testing.T, cells, shared string) {
		book := rewritten(t, good, firstSheet, func(string) string { return cells })
		got, err := text(t, rewritten(t, book, sharedTexts, func(string) string { return shared }))
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		d := xml.NewDecoder(strings.NewReader(cells))
		d.CharsetReader = charset.NewReaderLabel
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) && got != "" {
			t.Errorf("%q was read of what breaks off: %v", got, err)
		}
	})
}
