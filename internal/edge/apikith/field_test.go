package apikith_test

import (
	"testing"

	"kith/internal/domain/contact"
)

func TestPlacesOfFields(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		browser := s.session(t, s.ines)
		colour, bread := s.field(t, "Colour"), s.field(t, "Bread")
		put := func(f contact.Field, body string) answer {
			return s.show(t, browser, "PUT", "/kith/v1/fields/"+f.UID.String()+"/slot", body)
		}
		put(bread, `{"slot": 1}`).is(t, 409, "field.slot.taken")
		put(colour, `{"slot": null}`).is(t, 200, "")
		put(bread, `{"slot": 1}`).is(t, 200, "")
		put(bread, `{"slot": 0}`).is(t, 400, "request.invalid")
		put(bread, `{}`).is(t, 400, "request.invalid")
		put(contact.Field{}, `{"slot": 1}`).is(t, 404, "resource.not_found")
		s.show(t, browser, get, "/kith/v1/fields", "").is(t, 200, "")
		s.golden(t, "fields")
	})
}
