package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"kith/test/contract"
)

// width is the line length that encode keeps to where it can.
const width = 110

// encode writes the facts as JSON for people and for diffs: whatever fits on
// a line stands on one, whatever does not is broken by its members. The same
// facts give the same bytes.
func encode(facts *contract.Facts) ([]byte, error) {
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false)
	if err := e.Encode(facts); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := fold(&out, bytes.TrimSpace(compact.Bytes()), 0); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// fold writes compact JSON that begins at the given column of its line.
func fold(out *bytes.Buffer, value []byte, indent int) error {
	if value[0] != '{' && value[0] != '[' || len(value)+indent <= width {
		out.Write(value)
		return nil
	}
	open, end := value[0], value[len(value)-1]
	d := json.NewDecoder(bytes.NewReader(value))
	if _, err := d.Token(); err != nil {
		return err
	}
	pad := "\n" + strings.Repeat(" ", indent+1)
	out.WriteByte(open)
	for first := true; d.More(); first = false {
		if !first {
			out.WriteByte(',')
		}
		out.WriteString(pad)
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, err := json.Marshal(key)
			if err != nil {
				return err
			}
			out.Write(name)
			out.WriteByte(':')
		}
		var member json.RawMessage
		if err := d.Decode(&member); err != nil {
			return err
		}
		if err := fold(out, member, indent+1); err != nil {
			return err
		}
	}
	out.WriteByte(end)
	return nil
}
