package delivery

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// maxLookups is how many terms of an SPF policy, those of included policies
// too, may ask the DNS (RFC 7208 §4.6.4). Receivers that count more give up.
const maxLookups = 10

// term is a mechanism or a modifier of an SPF record (RFC 7208 §4.6.1).
type term struct {
	qualifier byte // one of + - ~ ?
	name      string
	// value is what follows the colon, or in a modifier the equals sign; a
	// length of networks (/24) is left to prefix.
	value  string
	prefix string
	// modifier marks redirect=, exp= and what is not known.
	modifier bool
}

// String returns the term as it is written.
func (t term) String() string {
	s := t.name
	switch {
	case t.modifier:
		return s + "=" + t.value
	case t.qualifier != '+':
		s = string(t.qualifier) + s
	}
	if t.value != "" {
		s += ":" + t.value
	}
	return s + t.prefix
}

// isSPF reports whether a text is an SPF record (RFC 7208 §4.5).
func isSPF(record string) bool {
	first, _, _ := strings.Cut(record, " ")
	return strings.EqualFold(first, "v=spf1")
}

// parseSPF reads a record. It fails where receivers would find it in error,
// with the end of a sentence.
func parseSPF(record string) (terms []term, err error) {
	for _, word := range strings.Fields(record)[1:] {
		t, err := parseTerm(word)
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	return terms, nil
}

func parseTerm(word string) (t term, err error) {
	t.qualifier = '+'
	end := strings.IndexAny(word, ":/=")
	if end > 0 && word[end] == '=' {
		t.name, t.value, t.modifier = strings.ToLower(word[:end]), word[end+1:], true
		if t.name == "redirect" && t.value == "" {
			return t, fmt.Errorf("%q names no domain", word)
		}
		return t, nil
	}
	rest := word
	if strings.IndexByte("+-~?", word[0]) >= 0 {
		t.qualifier, rest = word[0], word[1:]
	}
	t.name = rest
	if end := strings.IndexAny(rest, ":/"); end >= 0 {
		t.name, rest = rest[:end], rest[end:]
		t.value = strings.TrimPrefix(rest, ":")
		if rest[0] == '/' {
			t.value = ""
			t.prefix = rest
		} else if t.name != "ip6" {
			if slash := strings.IndexByte(t.value, '/'); slash >= 0 {
				t.value, t.prefix = t.value[:slash], t.value[slash:]
			}
		} else if slash := strings.LastIndexByte(t.value, '/'); slash >= 0 {
			t.value, t.prefix = t.value[:slash], t.value[slash:]
		}
	}
	t.name = strings.ToLower(t.name)
	if !strings.Contains(t.value, "%") { // the letters of a macro mean different things
		t.value = strings.ToLower(t.value)
	}
	return t, t.check(word)
}

// check holds a mechanism to its form.
func (t term) check(word string) error {
	switch t.name {
	case "all":
		if t.value+t.prefix != "" {
			return fmt.Errorf("%q: all takes nothing behind it", word)
		}
	case "include", "exists":
		if t.value == "" || t.prefix != "" {
			return fmt.Errorf("%q names no domain", word)
		}
	case "ip4", "ip6":
		if _, err := t.network(); err != nil {
			return fmt.Errorf("%q is no address or network", word)
		}
	case "a", "mx":
		if _, _, err := t.lengths(); err != nil {
			return fmt.Errorf("%q has no right length of a network", word)
		}
	case "ptr":
	default:
		return fmt.Errorf("%q is not known", word)
	}
	return nil
}

// network returns that of ip4 and ip6.
func (t term) network() (netip.Prefix, error) {
	a, err := netip.ParseAddr(t.value)
	if err != nil {
		return netip.Prefix{}, err
	}
	if a.Is4() != (t.name == "ip4") || a.Zone() != "" {
		return netip.Prefix{}, errors.New("the other family of addresses")
	}
	bits := a.BitLen()
	if t.prefix != "" {
		if bits, err = strconv.Atoi(t.prefix[1:]); err != nil {
			return netip.Prefix{}, err
		}
	}
	return a.Prefix(bits)
}

// lengths returns the lengths of networks behind a and mx: /24, //64 or
// /24//64.
func (t term) lengths() (four, six int, err error) {
	four, six = 32, 128
	if t.prefix == "" {
		return four, six, nil
	}
	first, second, both := strings.Cut(t.prefix[1:], "//")
	if strings.HasPrefix(t.prefix, "//") {
		first, second, both = "", t.prefix[2:], true
	}
	if first != "" {
		if four, err = strconv.Atoi(first); err != nil || four < 0 || four > 32 {
			return 0, 0, errors.New("not a length")
		}
	}
	if both {
		if six, err = strconv.Atoi(second); err != nil || six < 0 || six > 128 {
			return 0, 0, errors.New("not a length")
		}
	}
	return four, six, nil
}

// asks reports whether a receiver must ask the DNS for the term.
func (t term) asks() bool {
	return slices.Contains([]string{"include", "a", "mx", "ptr", "exists", "redirect"}, t.name)
}

// Expected is what an SPF policy must let pass: one of the ways to say so is
// enough.
type Expected struct {
	// Term is how it is said best: include:spf.relay.example.
	Term string
	// Host is the relay whose addresses will do as well; empty where only
	// the term will.
	Host string
}

// ParseExpected reads a term that the setting names, as in
// include:spf.relay.example, a:relay.example or ip4:192.0.2.1.
func ParseExpected(s string) (Expected, error) {
	if s = strings.TrimSpace(s); s == "" {
		return Expected{}, errors.New("empty")
	}
	t, err := parseTerm(s)
	switch {
	case err != nil:
		return Expected{}, err
	case t.modifier || t.qualifier != '+' || t.value == "" || !slices.Contains([]string{"include", "a", "mx", "ip4", "ip6"}, t.name):
		return Expected{}, errors.New("not what lets pass by include, a, mx, ip4 or ip6")
	}
	e := Expected{Term: t.String()}
	if t.name == "a" || t.name == "ip4" || t.name == "ip6" {
		e.Host = t.value
	}
	return e, nil
}

// policy is an SPF policy as it is walked through, with all that it includes.
type policy struct {
	dns     Resolver
	lookups int
	want    []*wanted
}

type wanted struct {
	Expected
	addresses []netip.Addr
	met       bool
}

// faulty is a policy in which receivers find an error (RFC 7208 §2.6.7). Its
// text is a whole sentence.
type faulty string

// Error returns the sentence.
func (f faulty) Error() string { return string(f) }

const errLookups faulty = "The policy asks the DNS more than ten times, with all that it includes; receivers give up."

// walk goes through the terms of a domain's policy. The error is a faulty one,
// or an answer that did not come.
func (p *policy) walk(ctx context.Context, domain string, terms []term) error {
	redirect := ""
	for _, t := range terms {
		if t.modifier {
			if t.name == "redirect" {
				redirect = t.value
			}
			continue
		}
		if t.asks() {
			if p.lookups++; p.lookups > maxLookups {
				return errLookups
			}
		}
		if t.qualifier == '+' {
			if err := p.meet(ctx, domain, t); err != nil {
				return err
			}
		}
		if t.name == "include" {
			if err := p.enter(ctx, t.value); err != nil {
				return err
			}
		}
		if t.name == "all" {
			return nil // what follows is never looked at, nor is redirect
		}
	}
	if redirect == "" {
		return nil
	}
	if p.lookups++; p.lookups > maxLookups {
		return errLookups
	}
	return p.enter(ctx, redirect)
}

// enter goes through another domain's policy.
func (p *policy) enter(ctx context.Context, domain string) error {
	if strings.Contains(domain, "%") {
		return nil // a macro: it depends on the mail
	}
	texts, err := p.dns.TXT(ctx, domain)
	if err != nil {
		return err
	}
	records := slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return !isSPF(t) })
	if len(records) != 1 {
		return faulty(fmt.Sprintf("The policy leads to %s, which has %d SPF records; there must be one.", domain, len(records)))
	}
	terms, err := parseSPF(records[0])
	if err != nil {
		return faulty(fmt.Sprintf("The policy leads to %s, whose record cannot be read: %s.", domain, err))
	}
	return p.walk(ctx, domain, terms)
}

// meet notes which expectations a term meets.
func (p *policy) meet(ctx context.Context, domain string, t term) error {
	if t.value == "" && (t.name == "a" || t.name == "mx") {
		t.value = domain
	}
	var networks []netip.Prefix
	for _, w := range p.want {
		if w.met {
			continue
		}
		if strings.EqualFold(t.String(), w.Term) || t.name == "all" {
			w.met = true
			continue
		}
		if len(w.addresses) == 0 {
			continue
		}
		if networks == nil {
			var err error
			if networks, err = p.networks(ctx, t); err != nil {
				return err
			}
		}
		w.met = slices.ContainsFunc(w.addresses, func(a netip.Addr) bool {
			return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
		})
	}
	return nil
}

// maxHosts bounds the hosts of an mx term (RFC 7208 §4.6.4).
const maxHosts = 10

// networks returns what a term lets pass by address.
func (p *policy) networks(ctx context.Context, t term) (all []netip.Prefix, err error) {
	var hosts []string
	switch t.name {
	case "ip4", "ip6":
		n, err := t.network()
		return []netip.Prefix{n}, err
	case "a":
		hosts = []string{t.value}
	case "mx":
		if hosts, err = p.dns.MX(ctx, t.value); err != nil {
			return nil, err
		}
	}
	four, six, err := t.lengths()
	if err != nil {
		return nil, err
	}
	for _, h := range hosts[:min(len(hosts), maxHosts)] {
		addresses, err := p.dns.Addresses(ctx, h)
		if err != nil {
			return nil, err
		}
		for _, a := range addresses {
			bits := six
			if a.Is4() {
				bits = four
			}
			if n, err := a.Prefix(bits); err == nil {
				all = append(all, n)
			}
		}
	}
	return all, nil
}
