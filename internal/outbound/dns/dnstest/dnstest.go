// Package dnstest is a name server on loopback, for tests.
package dnstest

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// Server is a running name server. A name at which nothing was put does not
// exist.
type Server struct {
	address string

	mu      sync.Mutex
	records map[string][]dns.RR
	silent  map[string]bool
}

// New starts a name server on UDP and TCP; it ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{records: map[string][]dns.RR{}, silent: map[string]bool{}}
	packets, stream := listen(t)
	s.address = packets.LocalAddr().String()
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: dns.HandlerFunc(s.serve)}, {Listener: stream, Handler: dns.HandlerFunc(s.serve)}} {
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		done := make(chan error, 1)
		go func() { done <- server.ActivateAndServe() }()
		<-started
		t.Cleanup(func() {
			if err := server.Shutdown(); err != nil {
				t.Errorf("the test's name server: %v", err)
			}
			<-done //nolint:errcheck // it was told to end
		})
	}
	return s
}

// listen takes a port on which both listen. The one that is free for UDP may be
// somebody's for TCP, so several are tried.
func listen(t testing.TB) (net.PacketConn, net.Listener) {
	t.Helper()
	for tries := 1; ; tries++ {
		packets, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		stream, err := new(net.ListenConfig).Listen(t.Context(), "tcp", packets.LocalAddr().String())
		if err == nil {
			return packets, stream
		}
		packets.Close()
		if tries == 50 {
			t.Fatal(err)
		}
	}
}

// Address is host:port.
func (s *Server) Address() string { return s.address }

// Put puts records in the form of zone files where those of the same name and
// type stood: mail.test. TXT "v=spf1 -all".
func (s *Server) Put(t testing.TB, lines ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	replaced := map[string]bool{}
	for _, line := range lines {
		rr, err := dns.NewRR(line)
		if err != nil || rr == nil {
			t.Fatalf("record %q: %v", line, err)
		}
		name := strings.ToLower(rr.Header().Name)
		if at := name + dns.TypeToString[rr.Header().Rrtype]; !replaced[at] {
			replaced[at] = true
			s.drop(name, rr.Header().Rrtype)
		}
		s.records[name] = append(s.records[name], rr)
	}
}

func (s *Server) drop(name string, kind uint16) {
	var kept []dns.RR
	for _, rr := range s.records[name] {
		if rr.Header().Rrtype != kind {
			kept = append(kept, rr)
		}
	}
	s.records[name] = kept
}

// Text puts one TXT record of strings at a name, which needs no dot at its
// end.
func (s *Server) Text(name string, parts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name = strings.ToLower(dns.Fqdn(name))
	s.drop(name, dns.TypeTXT)
	s.records[name] = append(s.records[name], &dns.TXT{
		Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 1}, Txt: parts,
	})
}

// Hush makes the server say nothing about a name.
func (s *Server) Hush(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent[strings.ToLower(dns.Fqdn(name))] = true
}

func (s *Server) serve(w dns.ResponseWriter, q *dns.Msg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.ToLower(q.Question[0].Name)
	if s.silent[name] {
		return
	}
	answer := new(dns.Msg).SetReply(q)
	answer.RecursionAvailable = true
	all := s.records[name]
	if len(all) == 0 {
		answer.Rcode = dns.RcodeNameError
	}
	for _, rr := range all {
		if rr.Header().Rrtype == q.Question[0].Qtype {
			answer.Answer = append(answer.Answer, rr)
		}
	}
	if w.LocalAddr().Network() == "udp" {
		answer.Truncate(dns.MinMsgSize) // so that long answers are asked for once more, by TCP
	}
	_ = w.WriteMsg(answer) // who asked may be gone
}
