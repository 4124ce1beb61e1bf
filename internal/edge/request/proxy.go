package request

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the peers whose X-Forwarded headers are believed.
type Proxies []netip.Prefix

// trusts reports whether a peer is one of them.
func (p Proxies) trusts(peer netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(peer) })
}

// client says who sent r and how: the peer itself, or what a trusted proxy
// tells of the client behind it.
func (p Proxies) client(r *http.Request) (peer netip.Addr, host string, secure bool) {
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		peer = at.Addr().Unmap().WithZone("")
	}
	host, secure = r.Host, r.TLS != nil
	if !p.trusts(peer) {
		return peer, host, secure
	}
	if scheme := last(r.Header.Values("X-Forwarded-Proto")); scheme != "" {
		secure = strings.EqualFold(scheme, "https")
	}
	if h := last(r.Header.Values("X-Forwarded-Host")); h != "" {
		host = h
	}
	// Each proxy adds whom it heard from at the end, so the client is the
	// last one that is not itself a trusted proxy; what stands before was
	// written by the client.
	hops := list(r.Header.Values("X-Forwarded-For"))
	for _, hop := range slices.Backward(hops) {
		addr, ok := parseHop(hop)
		if !ok {
			break
		}
		peer = addr
		if !p.trusts(addr) {
			break
		}
	}
	return peer, host, secure
}

// parseHop reads one address of X-Forwarded-For; some proxies add a port.
func parseHop(text string) (netip.Addr, bool) {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}

func list(values []string) []string {
	var all []string
	for item := range strings.SplitSeq(strings.Join(values, ","), ",") {
		if item = strings.TrimSpace(item); item != "" {
			all = append(all, item)
		}
	}
	return all
}

// last is the value that the nearest proxy wrote.
func last(values []string) string {
	all := list(values)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}
