package request

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/base/fault"
)

// Bounds of a JSON body.
const (
	// MaxJSON is the size in bytes (v3 contract, contacts_json_import: less
	// than 4 MB, the largest of its bodies).
	MaxJSON = 4 << 20
	// MaxDepth is how deep arrays and objects may stand in each other.
	MaxDepth = 64
)

// ErrMediaType is a body in a form that is not taken.
var ErrMediaType = fault.New(fault.Unsupported, fault.CodeMediaType, "The Content-Type must be application/json.")

// JSON reads the request's body: an object, as a map, with numbers as
// json.Number. It fails with ErrMediaType, with fault.ErrMalformed that says
// line and column, and with an Invalid fault of the code request.too_large.
func JSON(r *http.Request) (map[string]any, error) {
	if err := checkJSONType(r); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, MaxJSON+1))
	if err != nil {
		return nil, fault.ErrMalformed.Saying("The body ended before it was complete.").Because(err)
	}
	if len(data) > MaxJSON {
		return nil, fault.New(fault.Invalid, fault.CodeTooLarge, fmt.Sprintf("The body is larger than %d bytes.", MaxJSON))
	}
	return ParseJSON(data)
}

// checkJSONType takes JSON, and nothing at all: some clients forget to say.
func checkJSONType(r *http.Request) error {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return ErrMediaType.Saying("The body must not be compressed; its Content-Encoding is " + coding + ".")
	}
	given := r.Header.Get("Content-Type")
	if given == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(given)
	if err != nil {
		return ErrMediaType.Because(err)
	}
	if media != "application/json" && !strings.HasSuffix(media, "+json") {
		return ErrMediaType.Saying("The Content-Type must be application/json; it is " + media + ".")
	}
	return nil
}

// ParseJSON reads an object.
func ParseJSON(data []byte) (map[string]any, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fault.ErrMalformed.Saying("The body is empty; it must be a JSON object.")
	}
	if at, why := survey(data); why != "" {
		return nil, malformed(data, at, why)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var body any
	if err := d.Decode(&body); err != nil {
		if at, ok := errors.AsType[*json.SyntaxError](err); ok {
			// The offset is behind the byte that is wrong.
			return nil, malformed(data, int(at.Offset)-1, at.Error())
		}
		return nil, malformed(data, len(data), "the body ends before it is complete")
	}
	rest := data[d.InputOffset():]
	if more := bytes.TrimLeft(rest, " \t\r\n"); len(more) > 0 {
		return nil, malformed(data, len(data)-len(more), "there is more after the end of the JSON value")
	}
	object, ok := body.(map[string]any)
	if !ok {
		return nil, fault.ErrMalformed.Saying("The body must be a JSON object; it is " + kindOf(body) + ".")
	}
	return object, nil
}

// survey looks for what the decoder would let pass: bytes that are no UTF-8,
// which it would replace, and nesting without end. It returns where, and why.
func survey(data []byte) (at int, why string) {
	if !utf8.Valid(data) {
		for at < len(data) {
			c, size := utf8.DecodeRune(data[at:])
			if c == utf8.RuneError && size == 1 {
				return at, "the body is not UTF-8"
			}
			at += size
		}
	}
	depth, quoted := 0, false
	for at = 0; at < len(data); at++ {
		switch c := data[at]; {
		case quoted && c == '\\':
			at++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return at, fmt.Sprintf("arrays and objects stand more than %d deep", MaxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return 0, ""
}

// malformed says where in the text something is wrong, counting lines and
// characters from 1.
func malformed(data []byte, at int, why string) error {
	return malformedFrom(0, 0, data, at, why)
}

// malformedFrom is malformed for a part of a body, before which there are
// lines, and characters on its own line.
func malformedFrom(line, column int, data []byte, at int, why string) error {
	at = max(0, min(at, len(data)))
	before := data[:at]
	breaks := bytes.Count(before, []byte("\n"))
	if breaks > 0 {
		column = 0
	}
	column += utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	line, column = line+breaks+1, column+1
	return fault.ErrMalformed.Saying(fmt.Sprintf("line %d, column %d: %s", line, column, why)).
		Noting("line", strconv.Itoa(line)).Noting("column", strconv.Itoa(column))
}

// kindOf names a value as people call it.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	}
	return "an object"
}
