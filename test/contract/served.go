package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	validation "github.com/pb33f/libopenapi-validator/errors"
)

// Document is an OpenAPI document that Kith serves, to hold answers to what
// it promises. It may be used by several goroutines.
type Document struct {
	validator validator.Validator
}

// NewDocument reads an OpenAPI document and refuses one that is not valid
// itself.
func NewDocument(data []byte) (*Document, error) {
	doc, err := libopenapi.NewDocument(data)
	if err != nil {
		return nil, err
	}
	// A property that the document does not name is a fault of one of the two.
	// Headers that every answer has need not be named with each.
	v, errs := validator.NewValidator(doc, config.WithStrictMode(), config.WithFormatAssertions(),
		config.WithStrictIgnoredHeadersExtra("Access-Control-Allow-Origin", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
			"Access-Control-Expose-Headers", "Kith-Request-Id", "Vary"))
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if ok, faults := v.ValidateDocument(); !ok {
		return nil, fmt.Errorf("not a valid document: %s", strings.Join(describe(faults), "; "))
	}
	return &Document{validator: v}, nil
}

// CheckAnswer says in what an answer differs from what the document states:
// path, status, content type, headers, body. The path is as sent.
func (d *Document) CheckAnswer(method, path string, status int, header http.Header, body []byte) []string {
	request, err := http.NewRequest(method, path, nil)
	if err != nil {
		return []string{err.Error()}
	}
	response := &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Request: request}
	_, faults := d.validator.ValidateHttpResponse(request, response)
	return describe(faults)
}

func describe(faults []*validation.ValidationError) []string {
	var out []string
	for _, f := range faults {
		if len(f.SchemaValidationErrors) == 0 {
			out = append(out, f.Message+": "+f.Reason)
		}
		for _, s := range f.SchemaValidationErrors {
			out = append(out, fmt.Sprintf("%s: %s", s.FieldPath, s.Reason))
		}
	}
	return out
}
