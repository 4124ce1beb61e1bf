package store

import (
	"encoding/binary"
	"errors"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/trace"
)

// packVersion begins both packed forms of the request log.
const packVersion = 1

var errPack = errors.New("the packed form is broken")

// packer writes numbers and texts one after the other. A text that it has
// written before is a number: within a batch most are the same.
type packer struct {
	b     []byte
	known map[string]uint64
}

func newPacker(size int) *packer {
	return &packer{b: append(make([]byte, 0, size), packVersion), known: map[string]uint64{}}
}

func (p *packer) number(n int64) { p.b = binary.AppendVarint(p.b, n) }

// text writes 0 and the text, or which of the texts written before it is.
func (p *packer) text(s string) {
	if n, ok := p.known[s]; ok {
		p.b = binary.AppendUvarint(p.b, n)
		return
	}
	p.known[s] = uint64(len(p.known) + 1)
	p.b = binary.AppendUvarint(append(p.b, 0), uint64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) uid(u id.UID) { p.b = append(p.b, u[:]...) }

// unpacker reads what packer wrote. After the first fault it reads zeros.
type unpacker struct {
	b      []byte
	known  []string
	broken bool
}

func newUnpacker(b []byte) *unpacker {
	if len(b) == 0 || b[0] != packVersion {
		return &unpacker{broken: true}
	}
	return &unpacker{b: b[1:]}
}

func (u *unpacker) fail() {
	u.b, u.broken = nil, true
}

func (u *unpacker) number() int64 {
	n, size := binary.Varint(u.b)
	if size <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[size:]
	return n
}

func (u *unpacker) count() uint64 {
	n, size := binary.Uvarint(u.b)
	if size <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[size:]
	return n
}

func (u *unpacker) text() string {
	which := u.count()
	switch {
	case u.broken:
		return ""
	case which > 0 && which <= uint64(len(u.known)):
		return u.known[which-1]
	case which > 0:
		u.fail()
		return ""
	}
	n := u.count()
	if u.broken || n > uint64(len(u.b)) {
		u.fail()
		return ""
	}
	s := string(u.b[:n])
	u.b = u.b[n:]
	u.known = append(u.known, s)
	return s
}

func (u *unpacker) uid() (v id.UID) {
	if len(u.b) < len(v) {
		u.fail()
		return v
	}
	copy(v[:], u.b)
	u.b = u.b[len(v):]
	return v
}

// done reports a fault, or bytes that nobody has read.
func (u *unpacker) done() error {
	if u.broken || len(u.b) > 0 {
		return errPack
	}
	return nil
}

// packRequests packs what lists show.
func packRequests(all []trace.Request) []byte {
	p := newPacker(80 * len(all))
	for _, q := range all {
		p.uid(q.UID)
		p.number(int64(q.Took))
		p.number(int64(q.Status))
		p.number(int64(q.User))
		p.number(q.In)
		p.number(q.Out)
		p.number(flag(q.Claimed))
		for _, s := range texts(&q) {
			p.text(*s)
		}
	}
	return p.b
}

// texts are the texts of a request in the order in which they are packed.
func texts(q *trace.Request) []*string {
	return []*string{
		&q.API, &q.Method, &q.Route, &q.Path, &q.Query, &q.Code, &q.Cause, &q.Application, &q.ApplicationName,
		&q.Username, &q.Via, &q.Address, &q.Agent,
	}
}

func unpackRequests(b []byte) ([]trace.Request, error) {
	var all []trace.Request
	for u := newUnpacker(b); ; {
		if u.broken || len(u.b) == 0 {
			return all, u.done()
		}
		q := trace.Request{
			UID: u.uid(), Took: time.Duration(u.number()), Status: int(u.number()), User: id.User(u.number()),
			In: u.number(), Out: u.number(), Claimed: u.number() != 0,
		}
		for _, s := range texts(&q) {
			*s = u.text()
		}
		all = append(all, q)
	}
}

// packDetails packs what is kept beside that of the requests that failed;
// nothing where none did.
func packDetails(all []trace.Request) []byte {
	p := newPacker(0)
	for _, q := range all {
		d := q.Detail
		if d == nil {
			continue
		}
		p.uid(q.UID)
		p.number(int64(d.Line))
		p.number(int64(d.Column))
		for _, t := range []trace.Text{d.Body, d.Answer} {
			p.text(t.Media)
			p.text(t.Text)
			p.number(flag(t.Cut))
		}
		p.number(int64(len(d.Problems)))
		for _, problem := range d.Problems {
			p.text(problem.Path)
			p.text(problem.Code)
			p.text(problem.Message)
		}
	}
	return p.b
}

// unpackDetail returns the detail of one request; nil where there is none.
func unpackDetail(b []byte, of id.UID) (*trace.Detail, error) {
	u := newUnpacker(b)
	for !u.broken && len(u.b) > 0 {
		request := u.uid()
		d := trace.Detail{Line: int(u.number()), Column: int(u.number())}
		for _, t := range []*trace.Text{&d.Body, &d.Answer} {
			t.Media, t.Text, t.Cut = u.text(), u.text(), u.number() != 0
		}
		for n := u.number(); n > 0 && !u.broken; n-- {
			d.Problems = append(d.Problems, fault.Problem{Path: u.text(), Code: u.text(), Message: u.text()})
		}
		if request == of && !u.broken {
			return &d, nil
		}
	}
	return nil, u.done()
}
