package delivery

import (
	"context"
	"strings"
)

// defaultDMARC asks for nothing and is where everybody begins: receivers that
// want a record find one.
const defaultDMARC = "v=DMARC1; p=none"

// aligned says what of a mail's proofs is for the domain in From, which is what
// a DMARC policy asks for (RFC 7489 §3.1).
type aligned struct{ dkim, spf bool }

// checkDMARC looks for a domain's policy, there or above (RFC 7489 §6.6.3; up
// the tree of names rather than by a list of public suffixes).
func checkDMARC(ctx context.Context, dns Resolver, domain string, a aligned) Finding {
	for at := domain; ; {
		texts, err := dns.TXT(ctx, "_dmarc."+at)
		if err != nil {
			return unanswered("_dmarc."+at, err)
		}
		if records := dmarcRecords(texts); len(records) > 0 {
			return judgeDMARC(records, domain, at, a)
		}
		_, parent, _ := strings.Cut(at, ".")
		if !strings.Contains(parent, ".") {
			break
		}
		at = parent
	}
	f := found(Missing, nil, "There is no DMARC record. Large receivers ask for one of those who write to many people; one that asks for nothing will do.")
	f.Publish = defaultDMARC
	return f
}

func dmarcRecords(texts []string) (records []string) {
	for _, t := range texts {
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(t)), "v=dmarc1") {
			records = append(records, t)
		}
	}
	return records
}

// judgeDMARC says what a policy that stands at a name means for mail from a
// domain at or below it.
func judgeDMARC(records []string, domain, at string, a aligned) Finding {
	if len(records) > 1 {
		return found(Wrong, records, "%d DMARC records stand at _dmarc.%s; receivers pass over all of them where there is more than one.", len(records), at)
	}
	list, ok := tags(records[0])
	if !ok || list[0].name != "v" || list[0].value != "DMARC1" {
		f := found(Wrong, records, "The DMARC record cannot be read: it must begin with v=DMARC1 and be a list of names and values, with = between and semicolons after.")
		f.Publish = defaultDMARC
		return f
	}
	policy, is := valueOf(list, "p")
	if sub, given := valueOf(list, "sp"); given && at != domain {
		policy, is = sub, true
	}
	policy = strings.ToLower(policy)
	whose := ""
	if at != domain {
		whose = ", by the record of " + at
	}
	var asks string
	switch policy {
	case "none":
		return found(Good, records, "The policy asks for nothing (p=none)%s: mail arrives whether it is signed or not. %s", whose, a.say())
	case "quarantine":
		asks = "into the spam folder"
	case "reject":
		asks = "back, without being taken"
	default:
		if !is {
			return found(Wrong, records, "The DMARC record has no policy: its part p= is missing.")
		}
		return found(Wrong, records, "The DMARC record has a policy that there is not: p= must be none, quarantine or reject.")
	}
	if a.dkim || a.spf {
		return found(Good, records, "Mail that proves nothing goes %s (p=%s%s). %s", asks, policy, whose, a.say())
	}
	return found(Wrong, records, "Mail that proves nothing goes %s (p=%s%s). %s Publish the DKIM record, so that it does.", asks, policy, whose, a.say())
}

// say tells which proof a mail bears.
func (a aligned) say() string {
	switch {
	case a.dkim && a.spf:
		return "Mail from here proves where it is from by DKIM and by SPF."
	case a.dkim:
		return "Mail from here proves where it is from by DKIM."
	case a.spf:
		return "Mail from here proves where it is from by SPF, which is lost where a mail is passed on."
	}
	return "Mail from here proves nothing yet: it is not signed for the domain, and SPF does not vouch for it."
}
