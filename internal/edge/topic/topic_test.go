package topic_test

import (
	"reflect"
	"strings"
	"testing"

	"kith/internal/edge/topic"
)

func TestParse(t *testing.T) {
	const text = "# Title\n\nWords.\n\n## `a.b`\n\nIt means\nthis.\n\n### Usual causes\n\n- one\n  thing\n- another\n\n### What to do\n\nDo `x`.\n\nThen y.\n\n" +
		"### An example that works\n\n```sh\ncurl \\\n\n  -X GET\n```\n\nSo it is.\n\n## `c`\n\nMeans.\n\n" +
		"### Usual causes\n\nIt.\n\n### What to do\n\n- Do\n\n### An example that works\n\n```\nx\n```\n"
	got, err := topic.Parse(text)
	want := topic.Topics{
		"a.b": {
			Code: "a.b", Means: []topic.Block{{Text: "It means this."}}, Causes: []topic.Block{{Items: []string{"one thing", "another"}}},
			Do: []topic.Block{{Text: "Do `x`."}, {Text: "Then y."}}, Example: []topic.Block{{Lines: "curl \\\n\n  -X GET"}, {Text: "So it is."}},
		},
		"c": {
			Code: "c", Means: []topic.Block{{Text: "Means."}}, Causes: []topic.Block{{Text: "It."}}, Do: []topic.Block{{Items: []string{"Do"}}},
			Example: []topic.Block{{Lines: "x"}},
		},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
	if do := got.Remedy("a.b"); !reflect.DeepEqual(do, []string{"Do x.", "Then y."}) || got.Remedy("x") != nil {
		t.Errorf("remedy %q", do)
	}
}

func TestWhatIsNoExplanation(t *testing.T) {
	const rest = "\n\n### Usual causes\n\n- x\n\n### What to do\n\ny\n\n### An example that works\n\nz\n\n"
	if _, err := topic.Parse("## `a`\n\nMeans." + rest); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"no meaning":   "## `a`" + rest,
		"no causes":    "## `a`\n\nMeans." + strings.Replace(rest, "- x", "", 1),
		"no remedy":    "## `a`\n\nMeans." + strings.Replace(rest, "### What to do\n\ny", "", 1),
		"no example":   "## `a`\n\nMeans." + strings.Replace(rest, "z", "", 1),
		"twice":        "## `a`\n\nMeans." + rest + "## `a`\n\nMeans." + rest,
		"another part": "## `a`\n\nMeans." + rest + "### What to think\n\ny\n",
	} {
		if _, err := topic.Parse(text); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}
