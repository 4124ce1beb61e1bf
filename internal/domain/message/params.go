package message

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// errParams is a text of values that was cut off or never was one.
var errParams = errors.New("message: these are no values")

// paramsVersion begins what encode writes.
const paramsVersion = 1

// encode returns values as a mail keeps them: a version, and then each name and
// each value behind its length.
func (v values) encode() []byte {
	b := []byte{paramsVersion}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		for _, s := range []string{name, v[name]} {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	return b
}

// decodeParams reads what encode wrote.
func decodeParams(b []byte) (values, error) {
	if len(b) == 0 || b[0] != paramsVersion {
		return nil, errParams
	}
	b = b[1:]
	next := func() (string, bool) {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return "", false
		}
		s := string(b[size : size+int(n)])
		b = b[size+int(n):]
		return s, true
	}
	v := values{}
	for len(b) > 0 {
		name, ok := next()
		value, also := next()
		if !ok || !also {
			return nil, errParams
		}
		v[name] = value
	}
	return v, nil
}
