package sheet_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kith/internal/base/fault"
	"kith/internal/outbound/sheet"
)

// workbook makes a workbook whose first sheet has cells.
func workbook(t testing.TB, cells map[string]any, styles map[string]*excelize.Style) []byte {
	t.Helper()
	f := excelize.NewFile()
	for at, v := range cells {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	for at, s := range styles {
		n, err := f.NewStyle(s)
		if err == nil {
			err = f.SetCellStyle("Sheet1", at, at, n)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func text(t testing.TB, file []byte) (string, error) {
	t.Helper()
	r := sheet.New(sheet.Options{}).Text(bytes.NewReader(file))
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	custom := "dd.mm.yyyy"
	got, err := text(t, workbook(t, map[string]any{
		"A1": "email", "B1": "Name; first", "C1": "anniversary", "D1": "phone",
		"A3": "a@example.org", "B3": "Ann \"A\"\nLee", "C3": time.Date(2019, 3, 14, 0, 0, 0, 0, time.UTC), "D3": 12025550134,
		"A4": "b@example.org", "C4": time.Date(2019, 3, 14, 0, 0, 0, 0, time.UTC), "D4": true, "F4": " ",
	}, map[string]*excelize.Style{"C3": {NumFmt: 14}, "C4": {CustomNumFmt: &custom}}))
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeff\"email\",\"Name; first\",\"anniversary\",\"phone\"\n\n" +
		"\"a@example.org\",\"Ann \"\"A\"\" Lee\",\"2019-03-14\",\"12025550134\"\n" +
		"\"b@example.org\",\"\",\"14.03.2019\",\"TRUE\"\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	sum, err := sheet.Survey(strings.NewReader(got), sheet.Options{})
	if err != nil || sum.Rows != 2 || sum.Delimiter != ',' || sum.Heading[1] != "Name; first" {
		t.Errorf("surveyed as %+v, %v", sum, err)
	}
}

func TestWorkbookThatIsRefused(t *testing.T) {
	t.Parallel()
	good := workbook(t, map[string]any{"A1": "email"}, nil)
	var other bytes.Buffer
	z := zip.NewWriter(&other)
	if _, err := z.Create("hello.txt"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"empty": {}, "CSV": []byte("email\na@example.org\n"), "cut off": good[:len(good)/2], "another ZIP": other.Bytes(),
		"too large": append([]byte("PK\x03\x04"), make([]byte, sheet.MaxWorkbook)...), "a bomb": bomb(t),
	} {
		if got, err := text(t, file); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// bomb is a workbook that says it unpacks to more than is taken.
func bomb(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, UncompressedSize64: 1 << 40, CompressedSize64: 4}
	w, err := z.CreateRaw(h)
	if err == nil {
		_, err = w.Write([]byte{1, 2, 3, 4})
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzWorkbook(f *testing.F) {
	f.Add(workbook(f, map[string]any{"A1": "email", "A2": "a@example.org", "C2": 1.5}, nil))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := text(t, file)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if _, err := sheet.Survey(strings.NewReader(got), sheet.Options{}); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
	})
}
