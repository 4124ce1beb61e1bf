package delivery

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"kith/internal/base/text"
)

// Resolver asks the DNS; outbound/dns meets it. Names are in ASCII. What does
// not exist is no error but nothing; an error is an answer that did not come,
// and tells nothing of the name. Answers are bounded by who gives them.
type Resolver interface {
	// TXT returns the texts that stand at a name, each joined of its strings.
	TXT(ctx context.Context, name string) ([]string, error)
	// Addresses returns the addresses of a host.
	Addresses(ctx context.Context, host string) ([]netip.Addr, error)
	// MX returns the hosts that take mail for a domain.
	MX(ctx context.Context, domain string) ([]string, error)
}

// State is what a check of a domain's records found. It is stored.
type State string

// The states.
const (
	// Unasked is a record that was not looked for yet, or about which the DNS
	// gave no answer.
	Unasked State = "unknown"
	Good    State = "good"
	// Missing is a record that is not there, Wrong one that does not do what
	// it is to do.
	Missing State = "missing"
	Wrong   State = "wrong"
)

// Finding is what was found of one record.
type Finding struct {
	State State
	// Says is what there is to know, in sentences for the domain's owner.
	Says string
	// Found are the texts that stand in the DNS now.
	Found []string
	// Publish is the text that is to stand there; empty where what stands
	// there is well, or where the owner alone can say what it should be.
	Publish string
}

// Record is a text to publish in the DNS.
type Record struct {
	Name string // without a dot at its end
	Type string // always TXT
	// Value is the text in one piece, which most forms of providers take;
	// Strings are its pieces of at most 255 bytes, as it stands in the DNS
	// (RFC 1035 §3.3.14).
	Value   string
	Strings []string
}

// maxString is the longest string of a TXT record.
const maxString = 255

func recordOf(name, value string) Record {
	r := Record{Name: name, Type: "TXT", Value: value}
	for rest := value; rest != ""; {
		n := min(len(rest), maxString)
		r.Strings, rest = append(r.Strings, rest[:n]), rest[n:]
	}
	return r
}

// Bounds of what is kept of the DNS's answers, in texts and characters.
const (
	maxFound     = 10
	maxFoundText = 2000
	maxSays      = 1000
)

// kept returns texts as they may be stored and shown.
func kept(texts []string) []string {
	var all []string
	for _, t := range texts[:min(len(texts), maxFound)] {
		all = append(all, text.Line(t, maxFoundText))
	}
	return all
}

func found(s State, texts []string, format string, args ...any) Finding {
	return Finding{State: s, Found: kept(texts), Says: text.Line(fmt.Sprintf(format, args...), maxSays)}
}

// unanswered is what is known when the DNS gave no answer.
func unanswered(name string, err error) Finding {
	return found(Unasked, nil, "The DNS gave no answer about %s: %s.", name, text.Line(err.Error(), 200))
}

// tag is one piece of a record of tags: name=value.
type tag struct{ name, value string }

// tags reads a list of tags (RFC 6376 §3.2), which DKIM and DMARC share.
// Blanks around names and values do not count; ok is false where a piece is no
// tag or a name stands twice.
func tags(record string) (list []tag, ok bool) {
	seen := map[string]bool{}
	for piece := range strings.SplitSeq(record, ";") {
		if strings.TrimSpace(piece) == "" {
			continue // what follows the last semicolon
		}
		name, value, is := strings.Cut(piece, "=")
		name = strings.TrimSpace(name)
		if !is || name == "" || seen[name] {
			return nil, false
		}
		seen[name] = true
		list = append(list, tag{name, strings.TrimSpace(value)})
	}
	return list, true
}

// valueOf returns the value of a tag, and whether it is there.
func valueOf(list []tag, name string) (string, bool) {
	for _, t := range list {
		if t.name == name {
			return t.value, true
		}
	}
	return "", false
}
