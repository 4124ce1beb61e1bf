package request

import (
	"errors"
	"io"
	"iter"
	"mime"
	"mime/multipart"
	"net/http"

	"kith/internal/base/fault"
)

// Bounds of a form's parts that are no files.
const (
	maxPartText = 64 << 10
	maxParts    = 100
	// drainMost is how much of a body is read on after its refusal, in bytes:
	// many clients only look for an answer when they have sent everything.
	drainMost = 64 << 20
)

// ErrForm is a body that is no form.
var ErrForm = fault.New(fault.Unsupported, fault.CodeMediaType,
	"The body must be multipart/form-data. Leave the Content-Type to the HTTP library, which adds the boundary.")

// Form is a multipart body, read part by part as it arrives.
type Form struct {
	r     *http.Request
	parts *multipart.Reader
}

// Part is one part of a form.
type Part struct {
	Name string
	// File is the name of the file that the part is; empty for a text.
	File string
	body io.Reader
}

// ReadForm begins to read a multipart body.
func ReadForm(r *http.Request) (*Form, error) {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Header.Get("Content-Type") == "":
		return nil, ErrForm
	case err != nil || media != "multipart/form-data":
		return nil, ErrForm.Saying("The body must be multipart/form-data, with a file; its Content-Type is " + r.Header.Get("Content-Type") + ".")
	case parameters["boundary"] == "":
		return nil, ErrForm.Saying("The Content-Type names no boundary. Leave it to the HTTP library, which adds it.")
	}
	return &Form{r: r, parts: multipart.NewReader(r.Body, parameters["boundary"])}, nil
}

// Parts returns the parts in the order in which they come. What was not read
// of one is passed over; after an error there are no more.
func (f *Form) Parts() iter.Seq2[*Part, error] {
	return func(yield func(*Part, error) bool) {
		for range maxParts {
			p, err := f.parts.NextPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, broken(err))
				return
			}
			if !yield(&Part{Name: p.FormName(), File: p.FileName(), body: p}, nil) {
				return
			}
		}
		yield(nil, fault.ErrMalformed.Saying("The form has too many parts."))
	}
}

// Read reads a part that is a file.
func (p *Part) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = broken(err)
	}
	return n, err
}

// Text reads a part that is a text.
func (p *Part) Text() (string, error) {
	b, err := io.ReadAll(io.LimitReader(p, maxPartText+1))
	if err != nil {
		return "", err
	}
	if len(b) > maxPartText {
		return "", fault.ErrMalformed.Saying("The part " + p.Name + " is too long.")
	}
	return string(b), nil
}

// Drain reads on after the form was refused.
func (f *Form) Drain() {
	_, _ = io.CopyN(io.Discard, f.r.Body, drainMost) // whatever comes of it, the answer is the refusal
}

// broken says of a form that cannot be read that it was the client's.
func broken(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.ErrMalformed.Saying("The form ended before it was complete, or is not one.").Because(err)
}
