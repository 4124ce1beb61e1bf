package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"kith/internal/base/fault"
	"kith/internal/outbound/sheet"
)

// read surveys a file and reads all of it, each row as its line and cells.
func read(t *testing.T, file string) (sheet.Summary, []string) {
	t.Helper()
	sum, err := sheet.Survey(strings.NewReader(file), sheet.Options{})
	if err != nil {
		t.Fatalf("survey: %v", err)
	}
	rows, err := rest(file, sum.Dialect, sum.Start)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return sum, rows
}

// rest reads what lies after a position.
func rest(file string, d sheet.Dialect, at sheet.Position) (rows []string, err error) {
	r, err := sheet.NewReader(strings.NewReader(file[at.Offset:]), d, at)
	if err != nil {
		return nil, err
	}
	for {
		row, err := r.Next()
		if bad, ok := errors.AsType[*sheet.RowError](err); ok {
			rows = append(rows, fmt.Sprintf("%d! %s", bad.Line, bad.Reason))
			continue
		}
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, fmt.Sprintf("%d: %s", row.Line, strings.Join(row.Cells, "|")))
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"plain":                                {"a,b\n1,2\n3,4\n", []string{"2: 1|2", "3: 3|4"}},
		"no line break at the end":             {"a,b\n1,2", []string{"2: 1|2"}},
		"CR LF":                                {"a,b\r\n1,2\r\n3,4\r\n", []string{"2: 1|2", "3: 3|4"}},
		"CR alone":                             {"a,b\r1,2\r3,4", []string{"2: 1|2", "3: 3|4"}},
		"all line breaks in one file":          {"a,b\n1,2\r3,4\r\n5,6\n", []string{"2: 1|2", "3: 3|4", "4: 5|6"}},
		"quotes":                               {"a,b\n\"1,1\",\"say \"\"hi\"\"\"\n", []string{`2: 1,1|say "hi"`}},
		"a quoted cell over three lines":       {"a,b\n\"1\n2\r\n3\",x\n4,5\n", []string{"2: 1\n2\r\n3|x", "5: 4|5"}},
		"blanks around quotes":                 {"a,b\n \"1,1\" , \"2\"\n", []string{"2: 1,1|2"}},
		"a quote within a cell is itself":      {"a,b\n5\" pipe,x\n", []string{`2: 5" pipe|x`}},
		"empty quotes":                         {"a,b\n\"\",x\n", []string{"2: |x"}},
		"missing cells are empty":              {"a,b,c\n1\n", []string{"2: 1||"}},
		"superfluous empty cells are dropped":  {"a,b\n1,2,, \n", []string{"2: 1|2"}},
		"superfluous cells are an error":       {"a,b\n1,2,3\n4,5\n", []string{"2! the row has 3 cells, the heading row 2", "3: 4|5"}},
		"blank rows are passed over":           {"a,b\n\n1,2\n , \n\"\",\n3,4\n\n", []string{"3: 1|2", "6: 3|4"}},
		"blank lines before the heading":       {"\r\n\r\na,b\r\n1,2\r\n", []string{"4: 1|2"}},
		"semicolons":                           {"a;b\n1,5;2\n", []string{"2: 1,5|2"}},
		"tabs":                                 {"a\tb\n1\t2\n", []string{"2: 1|2"}},
		"pipes":                                {"a|b\n1|2\n", []string{"2: 1|2"}},
		"delimiters in a quoted heading":       {"\"a;b;c\",d\n1,2\n", []string{"2: 1|2"}},
		"one column":                           {"email\nx@example.org\n", []string{"2: x@example.org"}},
		"the separator line of a spreadsheet":  {"sep=;\r\na;b\r\n1,1;2\r\n", []string{"3: 1,1|2"}},
		"a byte order mark":                    {"\xef\xbb\xbfa,b\né,2\n", []string{"2: é|2"}},
		"a quote that is never closed":         {"a,b\n1,2\n\"3,4\n5,6\n", []string{"2: 1|2", "3! a cell begins with a quote (\") that is not closed", "4: 5|6"}},
		"text after a closing quote":           {"a,b\n\"1\"x,2\n3,4\n", []string{"2! a cell has text after its closing quote (\"); quotes inside a quoted cell are written twice", "3: 3|4"}},
		"a cell longer than the first buffer":  {"a,b\n" + strings.Repeat("x", 300<<10) + ",2\n", []string{"2: " + strings.Repeat("x", 300<<10) + "|2"}},
		"a quoted cell longer than the buffer": {"a,b\n\"" + strings.Repeat("x\n", 100<<10) + "\",2\n", []string{"2: " + strings.Repeat("x\n", 100<<10) + "|2"}},
		"a quote open beyond the longest row":  {"a,b\n\"3,4\n" + strings.Repeat("5,6\n", 300<<10), append([]string{"2! a cell begins with a quote (\") that is not closed"}, many(3, 300<<10, "5|6")...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sum, got := read(t, c.file)
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %.300q\nwant %.300q", got, c.want)
			}
			if sum.Rows != int64(len(got)) {
				t.Errorf("survey counted %d rows, reading gave %d", sum.Rows, len(got))
			}
			if sum.Bytes != int64(len(c.file)) {
				t.Errorf("survey counted %d bytes of %d", sum.Bytes, len(c.file))
			}
		})
	}
}

func many(line, n int, cells string) (rows []string) {
	for i := range n {
		rows = append(rows, fmt.Sprintf("%d: %s", line+i, cells))
	}
	return rows
}

func TestHeading(t *testing.T) {
	t.Parallel()
	sum, _ := read(t, "Name ; \"E \"\"mail\"\"\";\xc3\xa9\nx;y;z\n")
	want := sheet.Dialect{Encoding: "utf-8", Delimiter: ';', Columns: 3}
	if sum.Dialect != want {
		t.Errorf("dialect %+v, want %+v", sum.Dialect, want)
	}
	if got := strings.Join(sum.Heading, "|"); got != `Name|E "mail"|é` {
		t.Errorf("heading %q", got)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	const heading = "email,first_name,last_name,city\n"
	for name, c := range map[string]struct {
		enc  encoding.Encoding
		text string
		want string
	}{
		"German":            {charmap.Windows1252, "m@example.org,Jürgen,Müller,Köln\nk@example.org,Käthe,Groß,Plön\n", "windows-1252"},
		"one name of many":  {charmap.Windows1252, strings.Repeat("a@example.org,Ann,Lee,Leeds\n", 20000) + "b@example.org,Zoë,O’Neil,Cork\n", "windows-1252"},
		"Spanish":           {charmap.Windows1252, "m@example.org,Begoña,Núñez,Cádiz\n", "windows-1252"},
		"one capital":       {charmap.Windows1252, "m@example.org,Élodie,Roy,Paris\n", "windows-1252"},
		"Polish":            {charmap.Windows1250, "m@example.org,Małgorzata,Wąsik,Łódź\nk@example.org,Żaneta,Głąb,Gdańsk\n", "windows-1250"},
		"Mac":               {charmap.Macintosh, "m@example.org,Jürgen,Müller,Málaga\nk@example.org,Hélène,Noël,Besançon\n", "macintosh"},
		"Russian":           {charmap.Windows1251, "m@example.org,Екатерина,Смирнова,Москва\nk@example.org,Николай,Кузнецов,Новосибирск\n", "windows-1251"},
		"Russian, KOI8":     {charmap.KOI8R, "m@example.org,Екатерина,Смирнова,Москва\nk@example.org,Николай,Кузнецов,Новосибирск\n", "koi8-r"},
		"Greek":             {charmap.Windows1253, "m@example.org,Γεωργία,Παπαδοπούλου,Θεσσαλονίκη\nk@example.org,Νίκος,Αντωνίου,Αθήνα\n", "windows-1253"},
		"Japanese":          {japanese.ShiftJIS, "m@example.org,花子,山田,東京都新宿区\nk@example.org,たろう,さとう,大阪市\nn@example.org,ジョン,スズキ,横浜市\n", "shift_jis"},
		"Japanese, EUC":     {japanese.EUCJP, "m@example.org,花子,山田,東京都新宿区\nk@example.org,たろう,さとう,大阪市\n", "euc-jp"},
		"Chinese":           {simplifiedchinese.GBK, "m@example.org,小明,王,北京市朝阳区\nk@example.org,丽,张,上海市浦东新区\nn@example.org,伟,李,广州市天河区\n", "gb18030"},
		"UTF-16":            {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "m@example.org,Jürgen,山田,😀\n", "utf-16le"},
		"UTF-16 big endian": {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "m@example.org,Jürgen,山田,😀\n", "utf-16be"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := c.enc.NewEncoder().String(heading + c.text)
			if err != nil {
				t.Fatal(err)
			}
			sum, got := read(t, file)
			if sum.Encoding != c.want {
				t.Errorf("taken for %s, want %s", sum.Encoding, c.want)
			}
			_, want := read(t, heading+c.text)
			if !slices.Equal(got, want) {
				t.Errorf("got  %.300q\nwant %.300q", got, want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		want string // a part of the sentence
	}{
		"empty":                            {"", "The file is empty."},
		"blank":                            {"\n \r\n,,\n", "The file is empty."},
		"a mark and nothing else":          {"\xef\xbb\xbf", "The file is empty."},
		"only a heading":                   {"email,name\n\n", "a heading row and nothing after it"},
		"a zip or xlsx":                    {"PK\x03\x04\x14\x00\x06\x00" + strings.Repeat("\x00", 100), "ZIP or Excel (.xlsx)"},
		"gzip":                             {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "gzip"},
		"xls":                              {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "old Excel"},
		"pdf":                              {"%PDF-1.7\n", "a PDF file"},
		"UTF-32":                           {"\xff\xfe\x00\x00e\x00\x00\x00", "UTF-32"},
		"NUL":                              {"email\na@example.org\nb\x00@example.org\n", "Line 3 has a NUL byte"},
		"UTF-16 without its mark":          {"e\x00m\x00a\x00i\x00l\x00\n\x00a\x00\n\x00", "Line 1 has a NUL byte"},
		"10,000 columns":                   {strings.Repeat("c,", 9999) + "c\n1\n", "10000 columns; at most 1000"},
		"a line beyond the longest":        {"email\n" + strings.Repeat("x", sheet.MaxRowBytes+1) + "\n", "Line 2 is longer than 1048576 bytes"},
		"no end of line at all":            {strings.Repeat("x", 3*sheet.MaxRowBytes), "Line 1 is longer than 1048576 bytes"},
		"UTF-8, then another":              {"email,n\na@example.org,\xc3\xa9\nb@example.org,\xe9a\n", "Line 3 is not UTF-8, although line 2 is: the file mixes encodings"},
		"another, then UTF-8":              {"email,n\na@example.org,\xe9a\nb@example.org,\xc3\xa9\n", "Line 2 is not UTF-8, although line 3 is"},
		"a mark, then another":             {"\xef\xbb\xbfemail,n\na@example.org,\xe9a\n", "Line 2 is not UTF-8"},
		"half a surrogate":                 {"\xff\xfee\x00\n\x00\x00\xd8a\x00\n\x00", "Line 2 is not UTF-16"},
		"half a character":                 {"\xff\xfee\x00\n\x00a\x00\n\x00b", "Line 3 is not UTF-16"},
		"a heading whose quote stays open": {"\"email,n\na,b\n", "Line 1 is the heading row and cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sheet.Survey(strings.NewReader(c.file), sheet.Options{})
			f := fault.Of(err)
			if f == nil || f.Kind != fault.Invalid || f.Code != string(fault.CodeImportFile) || !strings.Contains(f.Message, c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	const file = "email\na@example.org\nb@example.org\n\nc@example.org"
	for name, c := range map[string]struct {
		o    sheet.Options
		want string
	}{
		"at the bounds": {sheet.Options{MaxBytes: int64(len(file)), MaxRows: 3}, ""},
		"rows":          {sheet.Options{MaxRows: 2}, "The file has 3 rows; at most 2 are taken at a time."},
		"bytes":         {sheet.Options{MaxBytes: int64(len(file)) - 1}, "The file has more than 47 bytes, the most that are taken at a time."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sheet.Survey(strings.NewReader(file), c.o)
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if f := fault.Of(err); f == nil || f.Code != string(fault.CodeImportTooLarge) || f.Message != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// A row is the same wherever the source happens to pause and whichever row
// boundary the reading began at.
func TestResume(t *testing.T) {
	t.Parallel()
	const text = "email,n\n\na,\"x\ny\"\r\nb,\"é\n\"c\",d\rе,f,g\n,\n\"h\",😀"
	for _, enc := range []encoding.Encoding{
		unicode.UTF8, unicode.UTF8BOM,
		unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	} {
		file, err := enc.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		sum, all := read(t, file)
		checkResume(t, file, sum, all)
	}
}

func checkResume(t *testing.T, file string, sum sheet.Summary, all []string) {
	t.Helper()
	r, err := sheet.NewReader(iotest.OneByteReader(strings.NewReader(file[sum.Start.Offset:])), sum.Dialect, sum.Start)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		at := r.Position()
		if at.Row != int64(i) {
			t.Fatalf("row %d says it is row %d", i, at.Row)
		}
		if got, err := rest(file, sum.Dialect, at); err != nil || !slices.Equal(got, all[i:]) {
			t.Fatalf("from %+v:\ngot  %q, %v\nwant %q", at, got, err, all[i:])
		}
		_, err := r.Next()
		if errors.Is(err, io.EOF) {
			if i != len(all) {
				t.Fatalf("ended after %d rows of %d", i, len(all))
			}
			return
		}
	}
}

func TestSourceFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line is dead")
	src := func() io.Reader {
		return io.MultiReader(strings.NewReader("a,b\n1,2\n3,4\n"), iotest.ErrReader(broken))
	}
	if _, err := sheet.Survey(src(), sheet.Options{}); !errors.Is(err, broken) {
		t.Errorf("survey: %v", err)
	}
	r, err := sheet.NewReader(src(), sheet.Dialect{Encoding: "utf-8", Delimiter: ',', Columns: 2}, sheet.Position{})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err = r.Next(); err != nil {
			break
		}
	}
	if !errors.Is(err, broken) {
		t.Errorf("read: %v", err)
	}
}

func TestUnknownDialect(t *testing.T) {
	t.Parallel()
	for _, d := range []sheet.Dialect{
		{},
		{Encoding: "utf-8", Delimiter: 'x', Columns: 1},
		{Encoding: "utf-8", Delimiter: ',', Columns: 0},
		{Encoding: "utf-8", Delimiter: ',', Columns: sheet.MaxColumns + 1},
		{Encoding: "iso-2022-jp", Delimiter: ',', Columns: 1},
		{Encoding: "klingon", Delimiter: ',', Columns: 1},
	} {
		if _, err := sheet.NewReader(strings.NewReader("a"), d, sheet.Position{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: got %v", d, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "a;b\r\n\"1\n\";2\r\n", "sep=|\na|b\n\"x\"\"\"|y", "\xff\xfea\x00\n\x00\"\x00\n\x00", "\xef\xbb\xbfa\rb\r",
		"a\n\"", "a\n\"b\"c\n\"\n", "a,b\n\xe9,\xe9\n", "a\n\x83\x7c\n", "\n\na,\"b\nc\",d\n,,\n1", "a\r\n\r\r\n\n1\r",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sum, err := sheet.Survey(bytes.NewReader(b), sheet.Options{})
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		all, err := rest(string(b), sum.Dialect, sum.Start)
		if err != nil {
			// Only an encoding that was told by a sample can turn out wrong.
			if !fault.Is(err, fault.Invalid) || strings.HasPrefix(sum.Encoding, "utf-") {
				t.Fatalf("%+v: %v", sum, err)
			}
			return
		}
		if int64(len(all)) != sum.Rows {
			t.Fatalf("survey counted %d rows, reading gave %q", sum.Rows, all)
		}
		if len(all) <= 50 {
			checkResume(t, string(b), sum, all)
		}
	})
}

// contacts makes n rows of about 280 bytes, quoted or not.
func contacts(n int, quoted bool) []byte {
	var b bytes.Buffer
	b.WriteString("email,first_name,last_name,job_title,company_name,work_phone,street,city,state,zip,country,birthday,anniversary,cf:note\n")
	for i := range n {
		line := fmt.Sprintf("person%07d@mail%d.example.org,Firstname%d,Lastname%d,Keeper of the orchard,Orchards and Gardens %d Limited,+1 202 555 0%03d,%d Long Garden Road,Springfield,Oregon,97%03d,United States,03/14/1990,2011-11-%02d,a note that makes the row about as long as one of a real address book", i, i%100, i, i, i%1000, i%1000, i, i%1000, 1+i%28)
		if quoted {
			line = `"` + strings.ReplaceAll(line, ",", `","`) + `"`
		}
		b.WriteString(line + "\r\n")
	}
	return b.Bytes()
}

func BenchmarkReader(b *testing.B) {
	for name, quoted := range map[string]bool{"plain": false, "quoted": true} {
		b.Run(name, func(b *testing.B) {
			const n = 20_000
			file := contacts(n, quoted)
			sum, err := sheet.Survey(bytes.NewReader(file), sheet.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := sheet.NewReader(bytes.NewReader(file[sum.Start.Offset:]), sum.Dialect, sum.Start)
				if err != nil {
					b.Fatal(err)
				}
				for {
					if _, err := r.Next(); err != nil {
						break
					}
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkSurvey(b *testing.B) {
	file := contacts(20_000, false)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sheet.Survey(bytes.NewReader(file), sheet.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
