package segment_test

import (
	"slices"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/domain/segment"
	"kith/internal/store/storetest"
)

func all(parts ...segment.Draft) segment.Draft {
	return segment.Draft{IsGroup: true, Type: "and", Group: parts}
}

func rule(source, field, op string, values ...string) segment.Draft {
	return segment.Draft{Source: source, Field: field, Op: op, Values: values}
}

func constant(field, op, word, param string) segment.Draft {
	return segment.Draft{Source: "tracking", Field: field, Op: op, Const: word, Param: param}
}

func TestParse(t *testing.T) {
	const uid = "019f0000-0000-7000-8000-000000000001"
	deep := func(n int) segment.Draft {
		d := all(rule("contact", "city", "is-empty"))
		for range n - 1 {
			d = all(d)
		}
		return d
	}
	many := slices.Repeat([]segment.Draft{rule("contact", "city", "is-empty")}, segment.MaxRules)
	for _, c := range []struct {
		name  string
		draft segment.Draft
		want  string // the paths of the problems
	}{
		{"the contract's own example", all(constant("not_opened", "contains-any", "last-n-campaigns", "3")), ""},
		{"no group", rule("contact", "city", "is-empty"), "criteria.type criteria.group"},
		{"or outermost", segment.Draft{IsGroup: true, Type: "or", Group: []segment.Draft{rule("contact", "city", "is-empty")}}, "criteria.type"},
		{"an empty group", all(), "criteria.group"},
		{"five deep", deep(5), ""},
		{"six deep", deep(6), "criteria.group[0].group[0].group[0].group[0].group[0]"},
		{"a hundred rules", all(many...), ""},
		{"one more", all(append(many, many[0])...), "criteria"},
		{"nothing said", all(segment.Draft{}), "criteria.group[0].source"},
		{"an unknown source", all(rule("weather", "rain", "equals", "yes")), "criteria.group[0].source"},
		{"no field", all(rule("contact", "", "equals", "yes")), "criteria.group[0].field"},
		{"a field of another source", all(rule("tags", "city", "equals", "yes")), "criteria.group[0].field"},
		{"an operator of another field", all(rule("contact", "city", "contains-any", "x")), "criteria.group[0].op"},
		{"no value", all(rule("contact", "city", "equals")), "criteria.group[0].value"},
		{"an empty value", all(rule("contact", "city", "equals", " ")), "criteria.group[0].value"},
		{"two values for one", all(rule("contact", "city", "equals", "a", "b")), "criteria.group[0].value"},
		{"a value for none", all(rule("contact", "city", "is-empty", "a")), "criteria.group[0].value"},
		{"50 values", all(rule("contact", "city", "in", slices.Repeat([]string{"a"}, 50)...)), ""},
		{"51 values", all(rule("contact", "city", "in", slices.Repeat([]string{"a"}, 51)...)), "criteria.group[0].value"},
		{"a value too long", all(rule("contact", "city", "in", "a", strings.Repeat("b", 256))), "criteria.group[0].value[1]"},
		{"a constant where none is", all(segment.Draft{Source: "contact", Field: "city", Op: "equals", Values: []string{"a"}, Const: "last-n-days"}), "criteria.group[0].const_value"},
		{"an unknown constant", all(constant("opened", "contains-any", "ever", "")), "criteria.group[0].const_value"},
		{"no param", all(constant("opened", "contains-any", "last-n-days", "")), "criteria.group[0].param"},
		{"a param that is no number", all(constant("opened", "contains-any", "last-n-days", "x")), "criteria.group[0].param"},
		{"1,825 days", all(constant("opened", "contains-any", "last-n-days", "1825")), ""},
		{"1,826 days", all(constant("opened", "contains-any", "last-n-days", "1826")), "criteria.group[0].param"},
		{"501 campaigns by two rules", all(constant("opened", "contains-any", "last-n-campaigns", "500"), rule("tracking", "sent", "contains-any", uid)), "criteria"},
		{"all of any campaign", all(constant("opened", "contains-all", "any-campaign", "")), "criteria.group[0].op"},
		{"too wide a range", all(rule("tracking", "opened", "between", "2020-01-01", "2026-01-01")), "criteria.group[0].value"},
		{"too long ago", all(rule("tracking", "opened", "after", "2020-01-01")), "criteria.group[0].value"},
		{"the wrong way round", all(rule("contact", "created_at", "between", "2026-02-01", "2026-01-01")), "criteria.group[0].value"},
		{"no date", all(rule("contact", "created_at", "before", "yesterday")), "criteria.group[0].value"},
		{"no id", all(rule("contact", "list_membership", "contains-any", uid, "gold")), "criteria.group[0].value[1]"},
		{"no month", all(rule("contact", "birthday_month", "in", "4", "13")), "criteria.group[0].value[1]"},
		{"no birthday", all(rule("contact", "birthday", "equals", "02-30")), "criteria.group[0].value"},
		{"a birthday over the new year", all(rule("contact", "birthday", "between", "12-20", "01-10")), ""},
		{"an unknown word", all(rule("contact", "permission_to_send", "equals", "perhaps")), "criteria.group[0].value"},
		{"a custom field by its id", all(rule("contact", uid, "equals", "x")), ""},
		{"a custom field by param", all(segment.Draft{Source: "contact", Field: "custom_field", Param: uid, Op: "equals", Values: []string{"x"}}), ""},
		{"a custom field by nothing", all(rule("contact", "custom_field", "equals", "x")), "criteria.group[0].param"},
		{
			"every fault at once", all(rule("contact", "city", "is"), all(rule("tags", "tag_id", "contains-any", "x"), all())),
			"criteria.group[0].op criteria.group[1].group[0].value criteria.group[1].group[1].group",
		},
	} {
		_, found := segment.Parse(c.draft, storetest.Start, nil)
		var paths []string
		for _, p := range found {
			paths = append(paths, p.Path)
		}
		if got := strings.Join(paths, " "); got != c.want {
			t.Errorf("%s: problems at %q, want %q", c.name, got, c.want)
		}
	}
}

// What the edge has found is not told a second time.
func TestParseAfterTheEdge(t *testing.T) {
	found := fault.Problems{{Path: "criteria.group[0].op", Code: "type", Message: "must be a string"}}
	if _, got := segment.Parse(all(rule("contact", "city", "", "x")), storetest.Start, found); len(got) != 1 {
		t.Errorf("problems %v, want the edge's alone", got)
	}
}
