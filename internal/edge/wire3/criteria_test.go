package wire3_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kith/internal/base/fault"
	"kith/internal/domain/segment"
	"kith/internal/edge/wire3"
)

const example = `{"version":"1.0.0","criteria":{"type":"and","group":[{"source":"contact","field":"birthday_month","op":"in","value":[4,"5"]},{"type":"or","group":[{"source":"tracking","field":"opened","op":"contains-any","const_value":"last-n-days","param":30}]}]}}`

func TestReadCriteria(t *testing.T) {
	var found fault.Problems
	d, text := wire3.ReadCriteria(example, &found)
	if len(found) > 0 || text != example {
		t.Fatalf("got %q and problems %v", text, found)
	}
	if c, found := segment.Parse(d, time.Unix(1_800_000_000, 0), nil); len(found) > 0 || len(c.Rules()) != 2 || c.Rules()[1].N != 30 {
		t.Errorf("parsed as %+v with problems %v", c, found)
	}
	var o map[string]any
	if err := json.Unmarshal([]byte(example), &o); err != nil {
		t.Fatal(err)
	}
	again, text := wire3.ReadCriteria(o, &found)
	if len(found) > 0 || !json.Valid([]byte(text)) {
		t.Errorf("of an object: %q and problems %v", text, found)
	}
	if a, b := segmentText(again), segmentText(d); a != b {
		t.Errorf("of an object: %s, of a text: %s", a, b)
	}
	for v, want := range map[any]string{
		nil: "segment_criteria", 7: "segment_criteria", "": "segment_criteria", "[]": "segment_criteria", `{"version":"1.0.0"}`: "criteria",
		strings.Repeat(" ", segment.MaxText+1): "segment_criteria", `{"criteria":{"group":[]}}`: "version",
		`{"version":"1.0.0","criteria":{"type":"and","group":7}}`:                             "criteria.group",
		`{"version":"1.0.0","criteria":{"type":"and","group":[7]}}`:                           "criteria.group[0].source",
		`{"version":"1.0.0","criteria":{"type":"and","group":[{"source":"x","value":[{}]}]}}`: "criteria.group[0].value[0]",
	} {
		found = nil
		wire3.ReadCriteria(v, &found)
		if len(found) != 1 || found[0].Path != want {
			t.Errorf("of %.60v: problems %v, want one at %s", v, found, want)
		}
	}
}

func segmentText(d segment.Draft) string {
	b, err := json.Marshal(d)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func FuzzReadCriteria(f *testing.F) {
	f.Add(example)
	f.Add(`{"version":"1.0.0","criteria":{"type":"and","group":[{"source":"contact","field":"custom_field","param":"019f0000-0000-7000-8000-000000000001","op":"between","value":["1","2"]}]}}`)
	f.Add(`{"criteria":{"group":[{"group":[{"group":[{"group":[{"group":[{"group":[]}]}]}]}]}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var found fault.Problems
		d, kept := wire3.ReadCriteria(text, &found)
		if kept != text {
			t.Errorf("kept %q of %q", kept, text)
		}
		if len(found) > 0 {
			return
		}
		c, found := segment.Parse(d, time.Unix(1_800_000_000, 0), found)
		for _, p := range found {
			if p.Path == "" || p.Message == "" {
				t.Errorf("a problem without a place or words: %+v", p)
			}
		}
		if rules := len(c.Rules()); len(found) == 0 && (rules == 0 || rules > segment.MaxRules || utf8.RuneCountInString(text) > segment.MaxText) {
			t.Errorf("%d rules in %d bytes are taken", rules, len(text))
		}
	})
}
