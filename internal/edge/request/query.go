package request

import (
	"net/url"
	"strings"
)

// Query is what stands behind the question mark, in every form that clients
// send. A key may be repeated, or carry an index in brackets (k[], k[10]):
// all its values count. An escape that is none is taken as it stands.
type Query map[string][]string

// ParseQuery reads a raw query.
func ParseQuery(raw string) Query {
	q := Query{}
	for pair := range strings.SplitSeq(raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key = unescape(key); key == "" {
			continue
		}
		if name, index, ok := strings.Cut(key, "["); ok && name != "" && isIndex(index) {
			key = name
		}
		q[key] = append(q[key], unescape(value))
	}
	return q
}

// Text returns the last value of a key without blanks around it, and whether
// the key is there.
func (q Query) Text(key string) (string, bool) {
	values, ok := q[key]
	if !ok {
		return "", false
	}
	return strings.TrimSpace(values[len(values)-1]), true
}

// List returns the values of a key: of every repetition, and within each
// those between commas. Empty ones are left out.
func (q Query) List(key string) []string {
	var all []string
	for _, value := range q[key] {
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				all = append(all, item)
			}
		}
	}
	return all
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return strings.ReplaceAll(s, "+", " ")
}

// isIndex reports whether s ends an index: digits or nothing, and a bracket.
func isIndex(s string) bool {
	digits, ok := strings.CutSuffix(s, "]")
	return ok && strings.Trim(digits, "0123456789") == ""
}
