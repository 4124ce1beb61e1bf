package delivery

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
)

// checkSPF looks for the policy that says who may send for a domain, and
// whether it lets pass what is expected.
func checkSPF(ctx context.Context, dns Resolver, domain string, expected []Expected) Finding {
	texts, err := dns.TXT(ctx, domain)
	if err != nil {
		return unanswered(domain, err)
	}
	records := slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return !isSPF(t) })
	switch len(records) {
	case 0:
		f := found(Missing, nil, "There is no SPF record, so nothing says which servers may send mail for %s.", domain)
		if len(expected) > 0 {
			f.Publish = "v=spf1 " + termsOf(expected) + " ~all"
		}
		return f
	case 1:
	default:
		f := found(Wrong, records, "%d SPF records stand at %s. Receivers take that for an error: make one of them.", len(records), domain)
		return f
	}
	terms, err := parseSPF(records[0])
	if err != nil {
		return found(Wrong, records, "The SPF record cannot be read: %s.", err)
	}
	p := &policy{dns: dns}
	for _, e := range expected {
		w := &wanted{Expected: e}
		if w.addresses, err = addressesOf(ctx, dns, e.Host); err != nil {
			return unanswered(e.Host, err)
		}
		p.want = append(p.want, w)
	}
	if err := p.walk(ctx, domain, terms); err != nil {
		if f, ok := errors.AsType[faulty](err); ok {
			return found(Wrong, records, "%s", string(f))
		}
		return unanswered(domain, err)
	}
	return p.judge(records, terms)
}

func termsOf(expected []Expected) string {
	var all []string
	for _, e := range expected {
		all = append(all, e.Term)
	}
	return strings.Join(all, " ")
}

// addressesOf returns the addresses of a host, which may be one itself.
func addressesOf(ctx context.Context, dns Resolver, host string) ([]netip.Addr, error) {
	if host == "" {
		return nil, nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	return dns.Addresses(ctx, host)
}

// judge says what a policy that was walked through means.
func (p *policy) judge(records []string, terms []term) Finding {
	if slices.ContainsFunc(terms, func(t term) bool { return t.name == "all" && t.qualifier == '+' }) {
		return found(Wrong, records, "The policy lets everybody send (+all); end it with ~all or -all.")
	}
	var lack []Expected
	for _, w := range p.want {
		if !w.met {
			lack = append(lack, w.Expected)
		}
	}
	if len(lack) > 0 {
		f := found(Wrong, records, "The policy does not name the relay that sends for this server: it lacks %s.", termsOf(lack))
		f.Publish = withTerms(records[0], termsOf(lack))
		return f
	}
	says := "The policy lets the relay send for the domain."
	if len(p.want) == 0 {
		says = "There is a policy, and it can be read. Whether it names the relay cannot be told, since this server does not know from where the relay sends (setting sender-spf)."
	}
	if !slices.ContainsFunc(terms, func(t term) bool { return t.name == "all" || t.name == "redirect" }) {
		says += " It does not say what becomes of mail from elsewhere; end it with ~all."
	}
	return found(Good, records, "%s", says)
}

// withTerms puts terms into a record, before the one that speaks of all
// others.
func withTerms(record, more string) string {
	words := strings.Fields(record)
	at := slices.IndexFunc(words, func(w string) bool {
		w = strings.ToLower(strings.TrimLeft(w, "+-~?"))
		return w == "all" || strings.HasPrefix(w, "redirect=")
	})
	if at < 0 {
		return strings.Join(append(words, more, "~all"), " ")
	}
	return strings.Join(slices.Insert(words, at, more), " ")
}
