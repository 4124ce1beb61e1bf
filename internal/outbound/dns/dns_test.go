package dns_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/delivery"
	"kith/internal/outbound/dns"
	"kith/internal/outbound/dns/dnstest"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	server := dnstest.New(t)
	r := dns.New(dns.Options{Server: server.Address()})
	long := strings.Repeat("k", 255)
	server.Text("key.test", "v=DKIM1; p=", long, long, long)
	server.Put(t,
		`two.test. TXT "one"`, `two.test. TXT "two" " halves"`,
		`host.test. A 192.0.2.1`, `host.test. AAAA 2001:db8::1`,
		`mail.test. MX 10 Host.test.`, `mail.test. MX 20 other.test.`,
	)
	if got, err := r.TXT(t.Context(), "key.test"); err != nil || len(got) != 1 || got[0] != "v=DKIM1; p="+long+long+long {
		t.Errorf("a long text: %q, %v", got, err)
	}
	got, err := r.TXT(t.Context(), "Two.test.")
	slices.Sort(got)
	if err != nil || !slices.Equal(got, []string{"one", "two halves"}) {
		t.Errorf("two texts: %q, %v", got, err)
	}
	for _, name := range []string{"host.test", "nothing.test"} { // of another type, and not at all
		if got, err := r.TXT(t.Context(), name); err != nil || len(got) != 0 {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	addresses, err := r.Addresses(t.Context(), "host.test")
	if err != nil || len(addresses) != 2 {
		t.Errorf("addresses: %v, %v", addresses, err)
	}
	for _, a := range addresses {
		if a.Is4In6() {
			t.Errorf("%s is not in its own form", a)
		}
	}
	if hosts, err := r.MX(t.Context(), "mail.test"); err != nil || !slices.Equal(hosts, []string{"Host.test", "other.test"}) {
		t.Errorf("mail is taken by %v, %v", hosts, err)
	}
}

// What does not answer in time is an error, and not a name that is not there.
func TestSilenceIsNoAnswer(t *testing.T) {
	t.Parallel()
	server := dnstest.New(t)
	server.Hush("silent.test")
	r := dns.New(dns.Options{Server: server.Address(), Patience: 100 * time.Millisecond})
	if got, err := r.TXT(t.Context(), "silent.test"); err == nil {
		t.Errorf("answered %q", got)
	}
	l, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	gone := dns.New(dns.Options{Server: l.LocalAddr().String(), Patience: 100 * time.Millisecond})
	if got, err := gone.MX(t.Context(), "x.test"); err == nil || strings.Contains(err.Error(), l.LocalAddr().String()) {
		t.Errorf("nobody answers: %q, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.TXT(ctx, "x.test"); err == nil {
		t.Error("asked for who gave up")
	}
}

// The records that a domain's key is to have are found as they are published.
func TestAKeyIsFoundAsItIsPublished(t *testing.T) {
	t.Parallel()
	server := dnstest.New(t)
	r := dns.New(dns.Options{Server: server.Address()})
	for _, a := range []delivery.Algorithm{delivery.RSA, delivery.Ed25519} {
		k, err := delivery.NewSigningKey("sender.test", "s", a)
		if err != nil {
			t.Fatal(err)
		}
		record, err := k.Record()
		if err != nil {
			t.Fatal(err)
		}
		published := delivery.Domain{Name: "sender.test"}.KeyRecord(delivery.DomainKey{Selector: "s", Record: record})
		server.Text(published.Name, published.Strings...)
		got, err := r.TXT(t.Context(), published.Name)
		if err != nil || len(got) != 1 || got[0] != record {
			t.Errorf("%s: %q, %v", a, got, err)
		}
	}
}
