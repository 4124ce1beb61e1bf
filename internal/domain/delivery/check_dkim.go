package delivery

import (
	"context"
	"strings"
)

// checkKey looks for the record of a signing key, which is to be want.
func checkKey(ctx context.Context, dns Resolver, name, want string) Finding {
	texts, err := dns.TXT(ctx, name)
	if err != nil {
		return unanswered(name, err)
	}
	f := judgeKey(texts, want)
	if f.State != Good {
		f.Publish = want
	}
	return f
}

// judgeKey compares what stands in the DNS with the record of a key
// (RFC 6376 §3.6.1).
func judgeKey(texts []string, want string) Finding {
	switch len(texts) {
	case 0:
		return found(Missing, nil, "The record is not there yet. After it was published it may take some hours until it is seen everywhere.")
	case 1:
	default:
		return found(Wrong, texts, "%d records stand at this name; there must be one alone.", len(texts))
	}
	have, ok := tags(texts[0])
	if !ok {
		return found(Wrong, texts, "The record cannot be read: it must be a list of names and values, with = between and semicolons after.")
	}
	ours, _ := tags(want)
	if v, is := valueOf(have, "v"); is && (v != "DKIM1" || have[0].name != "v") {
		return found(Wrong, texts, "The record must begin with v=DKIM1.")
	}
	kind, _ := valueOf(ours, "k")
	if k, is := valueOf(have, "k"); is && k != kind || !is && kind != "rsa" { // the default is rsa
		return found(Wrong, texts, "The record is for a key of another kind: it must say k=%s.", kind)
	}
	wanted, _ := valueOf(ours, "p")
	p, is := valueOf(have, "p")
	p = strings.Join(strings.Fields(p), "")
	switch {
	case !is:
		return found(Wrong, texts, "The record holds no key: its part p= is missing.")
	case p == "":
		return found(Wrong, texts, "The record takes its key back: what follows p= is empty.")
	case p == wanted:
	case strings.HasPrefix(wanted, p):
		return found(Wrong, texts, "The key in the record is cut short: it has %d of %d characters. "+
			"A text of more than 255 characters is to be entered in pieces, each in quotation marks.", len(p), len(wanted))
	case strings.EqualFold(p, wanted):
		return found(Wrong, texts, "The key in the record was turned into other letters: capital and small ones must stay as they are.")
	default:
		return found(Wrong, texts, "The record holds another key than this server's.")
	}
	if s, is := valueOf(have, "s"); is && !among(s, "email", "*") {
		return found(Wrong, texts, "The record is not meant for mail: it must not say s=%s.", s)
	}
	if h, is := valueOf(have, "h"); is && !among(h, "sha256") {
		return found(Wrong, texts, "The record allows other hashes only: it must not say h=%s.", h)
	}
	if t, is := valueOf(have, "t"); is && among(t, "y") {
		return found(Good, texts, "The record is right. It says that signing is only being tried (t=y), which some receivers take for no signature.")
	}
	return found(Good, texts, "The record is right.")
}

// among reports whether one of the values stands in a list with colons.
func among(list string, values ...string) bool {
	for one := range strings.SplitSeq(list, ":") {
		for _, v := range values {
			if strings.TrimSpace(one) == v {
				return true
			}
		}
	}
	return false
}
