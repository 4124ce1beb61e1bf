package contract

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Explained checks what every refusal of every API bears: a code that is in the
// registry, the request's id, and a link to the code's page.
func Explained(status int, header http.Header) error {
	if status < 400 {
		return nil
	}
	code := header.Get("Kith-Error-Code")
	var errs []error
	if !slices.Contains(fault.All(), fault.Code(code)) {
		errs = append(errs, fmt.Errorf("the code %q is in no registry", code))
	}
	if _, err := id.ParseUID(header.Get("Kith-Request-Id")); err != nil {
		errs = append(errs, fmt.Errorf("Kith-Request-Id %q: %w", header.Get("Kith-Request-Id"), err))
	}
	help := "/errors/" + code + `>; rel="help"`
	if !slices.ContainsFunc(header.Values("Link"), func(link string) bool { return strings.HasSuffix(link, help) }) {
		errs = append(errs, fmt.Errorf("no link to the page of %s: %q", code, header.Values("Link")))
	}
	return errors.Join(errs...)
}
