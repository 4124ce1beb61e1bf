package delivery_test

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"kith/internal/domain/delivery"
)

// zone is a DNS of what a test puts into it. A nil answer is one that does not
// come.
type zone struct {
	mu        sync.Mutex
	txt       map[string][]string
	addresses map[string][]string
	mx        map[string][]string
	silent    map[string]bool
	asked     int
}

var errSilent = errors.New("i/o timeout")

func (z *zone) ask(name string) error {
	z.asked++
	if z.silent[name] || z.silent["*"] {
		return errSilent
	}
	return nil
}

func (z *zone) TXT(_ context.Context, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.txt[name], z.ask(name)
}

func (z *zone) Addresses(_ context.Context, host string) (all []netip.Addr, err error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for _, a := range z.addresses[host] {
		all = append(all, netip.MustParseAddr(a))
	}
	return all, z.ask(host)
}

func (z *zone) MX(_ context.Context, domain string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.mx[domain], z.ask(domain)
}

// put changes what stands at a name.
func (z *zone) put(name string, texts ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.txt[name] = texts
}

func (z *zone) hush(name string, silent bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.silent[name] = silent
}

func expect(t testing.TB, terms ...string) (all []delivery.Expected) {
	t.Helper()
	for _, s := range terms {
		e, err := delivery.ParseExpected(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		all = append(all, e)
	}
	return all
}

func TestSPF(t *testing.T) {
	chain := map[string][]string{}
	for i := range 12 {
		chain["i"+string(rune('a'+i))+".test"] = []string{"v=spf1 include:i" + string(rune('b'+i)) + ".test ~all"}
	}
	for name, c := range map[string]struct {
		record  []string // nil for none
		also    map[string][]string
		expect  []string
		silent  string
		state   delivery.State
		says    string
		publish string
	}{
		"none":                                 {expect: []string{"include:spf.relay.test"}, state: delivery.Missing, publish: "v=spf1 include:spf.relay.test ~all"},
		"none, and nothing known of the relay": {state: delivery.Missing},
		"another text":                         {record: []string{"v=spf10 all", "google-site-verification=x"}, state: delivery.Missing},
		"the term itself":                      {record: []string{"v=spf1 Include:SPF.relay.test -all"}, expect: []string{"include:spf.relay.test"}, state: delivery.Good},
		"the term within another's":            {record: []string{"v=spf1 include:mid.test -all"}, expect: []string{"include:spf.relay.test"}, also: map[string][]string{"mid.test": {"v=spf1 include:spf.relay.test ?all"}}, state: delivery.Good},
		"by redirect":                          {record: []string{"v=spf1 redirect=mid.test"}, expect: []string{"include:spf.relay.test"}, also: map[string][]string{"mid.test": {"v=spf1 include:spf.relay.test ?all"}}, state: delivery.Good},
		"redirect beside all is not looked at": {record: []string{"v=spf1 redirect=mid.test ~all"}, expect: []string{"include:spf.relay.test"}, state: delivery.Wrong, publish: "v=spf1 include:spf.relay.test redirect=mid.test ~all"},
		"behind all":                           {record: []string{"v=spf1 -all include:spf.relay.test"}, expect: []string{"include:spf.relay.test"}, state: delivery.Wrong, says: "does not name the relay"},
		"said with a minus":                    {record: []string{"v=spf1 -include:spf.relay.test ~all"}, expect: []string{"include:spf.relay.test"}, state: delivery.Wrong, publish: "v=spf1 -include:spf.relay.test include:spf.relay.test ~all"},
		"another relay":                        {record: []string{"v=spf1 mx ~all"}, expect: []string{"include:spf.relay.test"}, state: delivery.Wrong, says: "lacks include:spf.relay.test", publish: "v=spf1 mx include:spf.relay.test ~all"},
		"no end":                               {record: []string{"v=spf1 mx"}, expect: []string{"a:relay.test"}, state: delivery.Wrong, publish: "v=spf1 mx a:relay.test ~all"},
		"by address":                           {record: []string{"v=spf1 ip4:192.0.2.0/24 -all"}, expect: []string{"a:relay.test"}, state: delivery.Good},
		"by an address of version 6":           {record: []string{"v=spf1 ip6:2001:db8::/32 -all"}, expect: []string{"a:relay.test"}, state: delivery.Good},
		"by a":                                 {record: []string{"v=spf1 a:other.test -all"}, expect: []string{"a:relay.test"}, state: delivery.Good},
		"by a of the neighbours":               {record: []string{"v=spf1 a:near.test/24 -all"}, expect: []string{"ip4:192.0.2.9"}, state: delivery.Good},
		"by a, but not of the neighbours":      {record: []string{"v=spf1 a:near.test -all"}, expect: []string{"ip4:192.0.2.9"}, state: delivery.Wrong},
		"by mx":                                {record: []string{"v=spf1 mx -all"}, expect: []string{"a:relay.test"}, also: map[string][]string{}, state: delivery.Good},
		"not by address":                       {record: []string{"v=spf1 ip4:198.51.100.0/24 -all"}, expect: []string{"a:relay.test"}, state: delivery.Wrong, publish: "v=spf1 ip4:198.51.100.0/24 a:relay.test -all"},
		"nothing known of the relay":           {record: []string{"v=spf1 mx ~all"}, state: delivery.Good, says: "cannot be told"},
		"without an end":                       {record: []string{"v=spf1 include:spf.relay.test"}, expect: []string{"include:spf.relay.test"}, state: delivery.Good, says: "end it with ~all"},
		"everybody":                            {record: []string{"v=spf1 +all"}, expect: []string{"include:spf.relay.test"}, state: delivery.Wrong, says: "everybody"},
		"two":                                  {record: []string{"v=spf1 mx ~all", "v=spf1 a ~all"}, state: delivery.Wrong, says: "2 SPF records"},
		"a word that there is not":             {record: []string{"v=spf1 mx allow:x ~all"}, state: delivery.Wrong, says: "\"allow:x\" is not known"},
		"an address that is none":              {record: []string{"v=spf1 ip4:300.1.1.1 ~all"}, state: delivery.Wrong, says: "is no address or network"},
		"a family that is not its":             {record: []string{"v=spf1 ip4:::1 ~all"}, state: delivery.Wrong, says: "is no address or network"},
		"an include of nothing":                {record: []string{"v=spf1 include: ~all"}, state: delivery.Wrong, says: "names no domain"},
		"an include without a policy":          {record: []string{"v=spf1 include:gone.test ~all"}, state: delivery.Wrong, says: "gone.test, which has 0 SPF records"},
		"ten lookups":                          {record: []string{"v=spf1 include:ic.test ~all"}, also: cut(chain, "il.test"), state: delivery.Good},
		"eleven lookups":                       {record: []string{"v=spf1 include:ib.test ~all"}, also: cut(chain, "il.test"), state: delivery.Wrong, says: "more than ten times"},
		"a policy that includes itself":        {record: []string{"v=spf1 include:sender.test ~all"}, state: delivery.Wrong, says: "more than ten times"},
		"a macro":                              {record: []string{"v=spf1 include:%{i}._spf.other.test exists:%{i}.x.test exp=why.test ~all"}, state: delivery.Good},
		"no answer":                            {record: []string{"v=spf1 mx ~all"}, silent: "sender.test", state: delivery.Unasked, says: "gave no answer about sender.test"},
		"no answer about an include":           {record: []string{"v=spf1 include:mid.test ~all"}, silent: "mid.test", state: delivery.Unasked},
	} {
		t.Run(name, func(t *testing.T) {
			z := &zone{
				txt:       map[string][]string{"sender.test": c.record, "spf.relay.test": {"v=spf1 ip4:203.0.113.1 -all"}},
				addresses: map[string][]string{"relay.test": {"192.0.2.7", "2001:db8::7"}, "other.test": {"192.0.2.7"}, "near.test": {"192.0.2.1"}},
				mx:        map[string][]string{"sender.test": {"other.test"}},
				silent:    map[string]bool{c.silent: true},
			}
			maps.Copy(z.txt, c.also)
			if name == "another relay" || name == "no end" {
				z.mx = nil
			}
			f := delivery.CheckSPF(t.Context(), z, "sender.test", expect(t, c.expect...))
			if f.State != c.state || !strings.Contains(f.Says, c.says) || f.Publish != c.publish && c.publish != "" {
				t.Errorf("%+v; want %s, %q, to publish %q", f, c.state, c.says, c.publish)
			}
			if !strings.HasSuffix(f.Says, ".") || strings.Contains(f.Says, "%!") {
				t.Errorf("it does not say a sentence: %s", f.Says)
			}
			if f.Publish != "" {
				z.silent = nil
				z.put("sender.test", f.Publish)
				if after := delivery.CheckSPF(t.Context(), z, "sender.test", expect(t, c.expect...)); after.State != delivery.Good {
					t.Errorf("what it says to publish, %q, is not well: %+v", f.Publish, after)
				}
			}
			if z.asked > 60 {
				t.Errorf("%d questions", z.asked)
			}
		})
	}
}

// cut returns a chain of policies that ends at one of them.
func cut(chain map[string][]string, end string) map[string][]string {
	out := maps.Clone(chain)
	out[end] = []string{"v=spf1 ~all"}
	return out
}

func TestExpected(t *testing.T) {
	for s, want := range map[string]string{
		" Include:SPF.relay.test ": "include:spf.relay.test", "ip4:192.0.2.0/24": "ip4:192.0.2.0/24", "a:relay.test": "a:relay.test",
		"": "", "a": "", "-all": "", "all": "", "-a:x.test": "", "redirect=x.test": "", "spf.relay.test": "", "ip4:x": "",
	} {
		e, err := delivery.ParseExpected(s)
		if (err == nil) != (want != "") || e.Term != want {
			t.Errorf("%q: %+v, %v; want %q", s, e, err, want)
		}
	}
}

func TestDKIMRecord(t *testing.T) {
	const ours = "v=DKIM1; k=rsa; p=MIIBabcDEF+/0123"
	for name, c := range map[string]struct {
		texts []string
		state delivery.State
		says  string
	}{
		"ours":                    {[]string{ours}, delivery.Good, ""},
		"blanks and another form": {[]string{"v=DKIM1;k=rsa;p=MIIB abcDEF +/0123 ; s=email;"}, delivery.Good, ""},
		"without what is usual":   {[]string{"p=MIIBabcDEF+/0123"}, delivery.Good, ""},
		"being tried":             {[]string{"v=DKIM1; t=y:s; p=MIIBabcDEF+/0123"}, delivery.Good, "t=y"},
		"none":                    {nil, delivery.Missing, "not there yet"},
		"two":                     {[]string{ours, ours}, delivery.Wrong, "2 records"},
		"cut short":               {[]string{"v=DKIM1; k=rsa; p=MIIBabcDEF"}, delivery.Wrong, "10 of 16"},
		"small letters":           {[]string{strings.ToLower("v=dkim1; k=rsa; p=MIIBabcDEF+/0123")}, delivery.Wrong, "begin with v=DKIM1"},
		"small letters in it":     {[]string{"v=DKIM1; k=rsa; p=miibabcdef+/0123"}, delivery.Wrong, "capital"},
		"another key":             {[]string{"v=DKIM1; k=rsa; p=MIIC"}, delivery.Wrong, "another key"},
		"taken back":              {[]string{"v=DKIM1; k=rsa; p="}, delivery.Wrong, "takes its key back"},
		"no key":                  {[]string{"v=DKIM1; k=rsa"}, delivery.Wrong, "no key"},
		"another kind":            {[]string{"v=DKIM1; k=ed25519; p=MIIBabcDEF+/0123"}, delivery.Wrong, "k=rsa"},
		"not for mail":            {[]string{"v=DKIM1; s=other; p=MIIBabcDEF+/0123"}, delivery.Wrong, "s=other"},
		"other hashes":            {[]string{"v=DKIM1; h=sha1; p=MIIBabcDEF+/0123"}, delivery.Wrong, "h=sha1"},
		"no tags":                 {[]string{"hello"}, delivery.Wrong, "cannot be read"},
		"twice the same":          {[]string{"p=a; p=MIIBabcDEF+/0123"}, delivery.Wrong, "cannot be read"},
		"v not first":             {[]string{"k=rsa; v=DKIM1; p=MIIBabcDEF+/0123"}, delivery.Wrong, "begin with v=DKIM1"},
	} {
		f := delivery.JudgeKey(c.texts, ours)
		if f.State != c.state || !strings.Contains(f.Says, c.says) || len(f.Found) != len(c.texts) {
			t.Errorf("%s: %+v; want %s, %q", name, f, c.state, c.says)
		}
	}
	if f := delivery.JudgeKey([]string{"p=abc"}, "v=DKIM1; k=ed25519; p=abc"); f.State != delivery.Wrong {
		t.Errorf("a record without k is one of RSA: %+v", f)
	}
}

func TestDMARC(t *testing.T) {
	for name, c := range map[string]struct {
		txt       map[string][]string
		dkim, spf bool
		state     delivery.State
		says      string
	}{
		"none":                      {nil, true, true, delivery.Missing, "no DMARC record"},
		"asks for nothing":          {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1; p=none; rua=mailto:a@sender.test"}}, false, false, delivery.Good, "asks for nothing"},
		"reject, signed":            {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1;p=reject"}}, true, false, delivery.Good, "by DKIM."},
		"reject, SPF alone":         {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1;p=reject"}}, false, true, delivery.Good, "passed on"},
		"reject, nothing":           {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1;p=reject"}}, false, false, delivery.Wrong, "without being taken"},
		"quarantine, nothing":       {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1; p=Quarantine"}}, false, false, delivery.Wrong, "spam"},
		"that of the domain above":  {map[string][]string{"_dmarc.sender.test": {"v=DMARC1; p=reject"}}, true, true, delivery.Good, "by the record of sender.test"},
		"its word for those below":  {map[string][]string{"_dmarc.sender.test": {"v=DMARC1; p=reject; sp=none"}}, false, false, delivery.Good, "asks for nothing"},
		"which is not for its own":  {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1; p=reject; sp=none"}}, false, false, delivery.Wrong, "p=reject"},
		"not the top":               {map[string][]string{"_dmarc.test": {"v=DMARC1; p=reject"}}, true, true, delivery.Missing, ""},
		"two":                       {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1; p=none", "v=DMARC1; p=none"}}, true, true, delivery.Wrong, "2 DMARC records"},
		"no policy":                 {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1; rua=mailto:a@b.test"}}, true, true, delivery.Wrong, "no policy"},
		"a policy that there isn't": {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1; p=maybe"}}, true, true, delivery.Wrong, "none, quarantine or reject"},
		"cannot be read":            {map[string][]string{"_dmarc.mail.sender.test": {"v=DMARC1 p=none"}}, true, true, delivery.Wrong, "cannot be read"},
		"another text":              {map[string][]string{"_dmarc.mail.sender.test": {"hello"}, "_dmarc.sender.test": {"v=DMARC1; p=none"}}, true, true, delivery.Good, ""},
	} {
		f := delivery.CheckDMARC(t.Context(), &zone{txt: c.txt}, "mail.sender.test", c.dkim, c.spf)
		if f.State != c.state || !strings.Contains(f.Says, c.says) || strings.Contains(f.Says, "%!") {
			t.Errorf("%s: %+v; want %s, %q", name, f, c.state, c.says)
		}
	}
	if f := delivery.CheckDMARC(t.Context(), &zone{silent: map[string]bool{"*": true}}, "sender.test", true, true); f.State != delivery.Unasked {
		t.Errorf("no answer: %+v", f)
	}
}

// Whatever stands in the DNS is judged, and what is kept of it can be stored.
func FuzzRecords(f *testing.F) {
	for _, s := range []string{
		"v=spf1 ip4:1.2.3.4/24 ip6:::1/64 a:x/24//64 mx//64 include:a.test redirect=b.test ~all", "v=spf1 +", "v=spf1 :/=",
		"v=DKIM1; k=rsa; p=abc", ";;=;", "v=DMARC1; p=none", "\x00\xff\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		z := &zone{txt: map[string][]string{"sender.test": {s}, "_dmarc.sender.test": {s}, "a.test": {s}, "b.test": {s}}}
		for _, found := range []delivery.Finding{
			delivery.CheckSPF(t.Context(), z, "sender.test", expect(t, "include:spf.relay.test", "ip4:192.0.2.1")),
			delivery.CheckDMARC(t.Context(), z, "sender.test", false, false),
			delivery.JudgeKey([]string{s}, "v=DKIM1; k=rsa; p=abc"),
		} {
			if found.State == "" || found.Says == "" {
				t.Errorf("%q: %+v", s, found)
			}
			for _, kept := range found.Found {
				if strings.ContainsAny(kept, "\n\x00") || strings.ToValidUTF8(kept, "") != kept {
					t.Errorf("%q is kept as %q", s, kept)
				}
			}
			if strings.ContainsAny(found.Says, "\n\x00") || strings.ToValidUTF8(found.Says, "") != found.Says {
				t.Errorf("%q: says %q", s, found.Says)
			}
		}
		if z.asked > 200 {
			t.Errorf("%d questions", z.asked)
		}
	})
}
