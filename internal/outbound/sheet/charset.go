package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
)

// maxSample bounds how much of the lines outside ASCII is looked at to tell
// their encoding.
const maxSample = 64 << 10

// evidence is what the rows of a file say about its encoding.
type evidence struct {
	unicode, other           int64 // rows outside ASCII that are UTF-8, and that are not
	firstUnicode, firstOther int64 // the line of the first of each
	sample                   []byte
}

// add takes a row, with the line it begins on, into account.
func (e *evidence) add(raw []byte, line int64) {
	switch {
	case ascii(raw):
	case utf8.Valid(raw):
		if e.unicode++; e.unicode == 1 {
			e.firstUnicode = line
		}
	default:
		if e.other++; e.other == 1 {
			e.firstOther = line
		}
		if room := maxSample - len(e.sample); len(raw) < room {
			e.sample = append(append(e.sample, raw...), '\n')
		}
	}
}

// encoding decides which encoding the file is in, or refuses it.
func (e *evidence) encoding() (string, error) {
	if e.other == 0 {
		return utf8Name, nil
	}
	name := guess(e.sample)
	if e.unicode > 0 {
		// Two bytes of an East Asian encoding may look like UTF-8 by chance;
		// a whole line of another hardly does.
		dec, _ := decoderOf(name)
		if _, chance := dec.(multibyte); !chance || 4*e.unicode > e.other {
			return "", refuseLine(e.firstOther,
				"is not UTF-8, although line %d is: the file mixes encodings. Save it as CSV in UTF-8.", e.firstUnicode)
		}
	}
	if name == "" {
		return "", refuseLine(e.firstOther, "is in an encoding that cannot be told. Save the file as CSV in UTF-8.")
	}
	return name, nil
}

// guess returns the encoding of a sample that is not UTF-8, or nothing. The
// detector is good at scripts in which nearly every letter of a word lies
// outside ASCII; it is not at names of which one letter does, so for those the
// few encodings of Europe are compared by how plausible their text is.
func guess(sample []byte) string {
	if foreign(sample) {
		for _, r := range chardet.DetectAll(sample) {
			name := strings.ToLower(r.Encoding)
			switch name {
			case "gb2312":
				name = "gb18030" // which contains it
			case "cp949":
				name = "euc-kr"
			case "cp932":
				name = "shift_jis"
			case "maccyrillic":
				name = "x-mac-cyrillic"
			// Spreadsheet programs write the encoding of Windows, which has
			// the same letters and more.
			case "iso-8859-7":
				name = "windows-1253"
			case "iso-8859-8":
				name = "windows-1255"
			case "iso-8859-9":
				name = "windows-1254"
			case "iso-8859-1", "macroman", "macintosh", "windows-1252":
				continue
			}
			if dec, ok := decoderOf(name); ok {
				if _, ok := dec.decode(sample); ok {
					return name
				}
			}
		}
	}
	best, least := "", len(sample)
	for _, name := range []string{"windows-1252", "windows-1250", "macintosh"} {
		dec, _ := decoderOf(name)
		if text, ok := dec.decode(sample); ok {
			if n := oddities(text); n < least {
				best, least = name, n
			}
		}
	}
	return best
}

// foreign reports whether, in the words that leave ASCII, at least half of
// the letters do.
func foreign(sample []byte) bool {
	high, all := 0, 0
	wordHigh, word := 0, 0
	for _, c := range append(sample, '\n') {
		switch {
		case c >= utf8.RuneSelf:
			wordHigh++
			word++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			word++
		default:
			if wordHigh > 0 {
				high += wordHigh
				all += word
			}
			wordHigh, word = 0, 0
		}
	}
	return 2*high >= all
}

// oddities counts what does not happen in names: a sign within a word, a
// capital after a small letter that is not ASCII on both sides.
func oddities(text string) (n int) {
	var last rune
	for _, r := range text {
		outside := r >= utf8.RuneSelf || last >= utf8.RuneSelf
		switch {
		case !outside:
		case unicode.IsLetter(last) && unicode.IsUpper(r) && unicode.IsLower(last):
			n++
		case r >= utf8.RuneSelf && unicode.IsLetter(last) && sign(r), last >= utf8.RuneSelf && unicode.IsLetter(r) && sign(last):
			n++
		}
		last = r
	}
	return n
}

// sign reports whether r is none of the marks that stand beside letters.
func sign(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsSpace(r) && !strings.ContainsRune("’‘“”„«»‹›…–—ªº®™", r)
}

// label returns an encoding's name as people write it.
func label(name string) string {
	switch name {
	case utf8Name:
		return "UTF-8"
	case utf16leName, utf16beName:
		return "UTF-16"
	}
	return name
}
