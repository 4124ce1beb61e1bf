package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"kith/internal/outbound/call"
)

// perImport is how many contacts one import of JSON may have (v3 contract,
// ContactsJsonImport).
const perImport = 40_000

// ImportRecords imports a JSON file: an array of contacts as version 3 imports
// them, or an object whose import_data is one. What is more than one import
// may have is brought by several, one after the other.
func (s *Server) ImportRecords(ctx context.Context, im Import, lists []string, progress Progress) (done Imported, err error) {
	file, err := os.Open(im.File)
	if err != nil {
		return done, err
	}
	defer file.Close()
	// Once to its end, so that nothing is imported of a file that is broken.
	total := int64(0)
	if err := records(file, func(some []json.RawMessage) error {
		total += int64(len(some))
		return nil
	}); err != nil {
		return done, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return done, err
	}
	err = records(file, func(some []json.RawMessage) error {
		var a activity
		body := call.JSON(map[string]any{"import_data": some, "list_ids": lists})
		if err := s.server.Send(ctx, "/v3/activities/contacts_json_import", body, call.Unheard, &a); err != nil {
			return err
		}
		return s.imported(ctx, a, &done, func(step Step, n, _ int64) { progress(step, n, total) })
	})
	return done, err
}

// records reads a file of contacts and hands them on, as many as one import may
// have at a time, and none where there are none.
func records(file io.Reader, take func([]json.RawMessage) error) error {
	in := json.NewDecoder(file)
	inObject, err := toRecords(in)
	if err != nil {
		return err
	}
	for first := true; first || in.More(); first = false {
		var some []json.RawMessage
		for in.More() && len(some) < perImport {
			var one json.RawMessage
			if err := in.Decode(&one); err != nil {
				return malformed(in, err)
			}
			some = append(some, one)
		}
		if err := take(some); err != nil {
			return err
		}
	}
	if _, err := in.Token(); err != nil {
		return malformed(in, err)
	}
	return toEnd(in, inObject)
}

var errNoRecords = errors.New("the file has no contacts: it must be a JSON array of them, or an object with import_data")

// toRecords goes on to the first contact, which may stand in an object.
func toRecords(in *json.Decoder) (inObject bool, err error) {
	t, err := in.Token()
	if err == nil && t == json.Delim('{') {
		inObject = true
		t, err = toMember(in, "import_data")
	}
	switch {
	case errors.Is(err, errNoRecords):
		return false, err
	case err != nil:
		return false, malformed(in, err)
	case t != json.Delim('['):
		return false, errNoRecords
	}
	return inObject, nil
}

// toMember passes over the members of an object until one has a name, and
// returns how its value begins.
func toMember(in *json.Decoder, name string) (json.Token, error) {
	for in.More() {
		t, err := in.Token()
		if err != nil {
			return nil, err
		}
		if t == name {
			return in.Token()
		}
		if err := in.Decode(new(json.RawMessage)); err != nil {
			return nil, err
		}
	}
	if _, err := in.Token(); err != nil {
		return nil, err
	}
	return nil, errNoRecords
}

// toEnd reads what follows the contacts: the rest of the object that they stand
// in, and nothing else.
func toEnd(in *json.Decoder, inObject bool) error {
	for inObject && in.More() {
		if _, err := in.Token(); err != nil {
			return malformed(in, err)
		}
		if err := in.Decode(new(json.RawMessage)); err != nil {
			return malformed(in, err)
		}
	}
	if inObject {
		if _, err := in.Token(); err != nil {
			return malformed(in, err)
		}
	}
	switch _, err := in.Token(); {
	case err == nil:
		return errors.New("the file goes on after its end")
	case !errors.Is(err, io.EOF):
		return malformed(in, err)
	}
	return nil
}

func malformed(in *json.Decoder, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends in the middle of its JSON")
	}
	return fmt.Errorf("the file is not JSON, near byte %d: %w", in.InputOffset(), err)
}
