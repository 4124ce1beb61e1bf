package public

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kith/web"
)

func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	all := catalogue()
	if len(all) != len(codes()) {
		t.Errorf("%d languages, want %d", len(all), len(codes()))
	}
	english := all[fallback]
	words := regexp.MustCompile(`\{[a-z]+\}`)
	for _, code := range codes() {
		l := all[code]
		for key, text := range english.say {
			said, ok := l.say[key]
			if !ok || strings.TrimSpace(said) == "" {
				t.Errorf("%s has no text %s", code, key)
				continue
			}
			got, want := words.FindAllString(said, -1), words.FindAllString(text, -1)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(slices.Compact(got), slices.Compact(want)) {
				t.Errorf("%s: %s has the words %v, want %v", code, key, got, want)
			}
		}
		for key := range l.say {
			if _, ok := english.say[key]; !ok {
				t.Errorf("%s has a text %s that English lacks", code, key)
			}
		}
	}
}

func TestNoTextIsUnused(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasPrefix(name, "texts_") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(b)
	}
	pages, err := fs.Glob(web.Public(), "pages/p*.html")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, name := range pages {
		b, err := fs.ReadFile(web.Public(), name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(b)
	}
	for _, key := range slices.Sorted(maps.Keys(catalogue()[fallback].say)) {
		if !strings.Contains(source.String(), `"`+key+`"`) {
			t.Errorf("nothing says %s", key)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, header, want string }{
		{"nothing", "", ""},
		{"one", "de", "de"},
		{"a place", "de-AT", "de"},
		{"the first of equals", "fr, de", "fr"},
		{"the heaviest", "en;q=0.2, nl;q=0.9, de;q=0.5", "nl"},
		{"what we do not speak is passed over", "ja, fi;q=0.9, it;q=0.1", "it"},
		{"nothing that we speak", "ja, zh", ""},
		{"refused", "de;q=0, en;q=0.1", "en"},
		{"no weight", "de;q=x", ""},
		{"case and blanks", " ES-mx ; q=0.5", "es"},
		{"endless", strings.Repeat("xx,", 10_000) + "de", ""},
	} {
		if got := accepted(c.header); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestColoursCanBeRead(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`--accent: #([0-9a-f]{6});`)
	for _, text := range []string{"ffff00", "ffffff", "000000", "ff0000", "0b7285", "00ff00", "FFCC00", "7f7f7f"} {
		c, ok := parseColour(text)
		if !ok {
			t.Fatalf("%s is no colour", text)
		}
		found := pattern.FindAllStringSubmatch(c.sheet(), -1)
		if len(found) != 2 {
			t.Fatalf("the sheet of %s has %d accents", text, len(found))
		}
		for i, on := range [][]rgb{{lightPage, white}, {darkCard, onDark}} {
			accent, _ := parseColour(found[i][1])
			for _, ground := range on {
				if got := accent.contrast(ground); got < 4.45 { // rounded to whole steps
					t.Errorf("%s: %s on %s has a contrast of %.2f", text, accent, ground, got)
				}
			}
		}
	}
	for _, text := range []string{"", "fff", "gggggg", "1234567", "+12345", "0x1234", "12_345"} {
		if _, ok := parseColour(text); ok {
			t.Errorf("%q is a colour", text)
		}
	}
}
