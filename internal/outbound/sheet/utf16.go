package sheet

import (
	"encoding/binary"
	"io"
	"unicode/utf8"
)

// utf16Reader turns UTF-16 into UTF-8. A surrogate without its other half
// comes out as the three bytes that a lax encoder would write for it, which
// are not UTF-8: so it is found, with its line, by whoever checks the rows.
type utf16Reader struct {
	src   io.Reader
	order binary.ByteOrder
	in    [16 << 10]byte
	n     int    // bytes in `in`
	out   []byte // decoded and not yet handed out
	buf   []byte // where out lies
	err   error
}

func newUTF16(src io.Reader, order binary.ByteOrder) *utf16Reader {
	return &utf16Reader{src: src, order: order}
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) fill() {
	n, err := u.src.Read(u.in[u.n:])
	u.n += n
	u.err = err
	last := err != nil
	u.buf = u.buf[:0]
	i := 0
	for ; i+2 <= u.n; i += 2 {
		c := rune(u.order.Uint16(u.in[i:]))
		switch {
		case c < 0xd800 || c > 0xdfff:
			u.buf = utf8.AppendRune(u.buf, c)
		case c < 0xdc00 && i+4 <= u.n && u.low(i+2):
			u.buf = utf8.AppendRune(u.buf, 0x10000+(c-0xd800)<<10+rune(u.order.Uint16(u.in[i+2:]))-0xdc00)
			i += 2
		case c < 0xdc00 && i+4 > u.n && !last:
			// The other half is still to come.
			u.n = copy(u.in[:], u.in[i:u.n])
			u.out = u.buf
			return
		default:
			u.buf = append(u.buf, 0xe0|byte(c>>12), 0x80|byte(c>>6)&0x3f, 0x80|byte(c)&0x3f)
		}
	}
	u.n = copy(u.in[:], u.in[i:u.n])
	if u.n == 1 && err == io.EOF {
		u.buf = append(u.buf, 0xff) // half a character: not UTF-8 either
		u.n = 0
	}
	u.out = u.buf
}

func (u *utf16Reader) low(i int) bool {
	c := u.order.Uint16(u.in[i:])
	return c >= 0xdc00 && c <= 0xdfff
}

// utf16Len returns how many bytes of UTF-16 the reader made b from.
func utf16Len(b []byte) (n int64) {
	for _, c := range b {
		switch {
		case c == 0xff:
			n++ // half a character at the end
		case c >= 0xf0:
			n += 4
		case c < 0x80 || c >= 0xc0:
			n += 2
		}
	}
	return n
}
