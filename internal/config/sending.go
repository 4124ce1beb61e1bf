package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"kith/internal/domain/delivery"
)

// ExpectedSPF is what the SPF policies of senders' domains must let pass: what
// was given, else the relays themselves. Of one on this machine or on a private
// address nothing is known: what it sends leaves from elsewhere.
func (c Config) ExpectedSPF(relays ...*url.URL) (all []delivery.Expected) {
	if len(c.SenderSPF) > 0 {
		return c.SenderSPF
	}
	for _, r := range relays {
		if r == nil {
			continue
		}
		term := "a:" + r.Hostname()
		if a, err := netip.ParseAddr(r.Hostname()); err == nil {
			if !a.IsGlobalUnicast() || a.IsPrivate() {
				continue
			}
			term = "ip4:" + a.String()
			if a.Is6() {
				term = "ip6:" + a.String()
			}
		} else if !strings.Contains(r.Hostname(), ".") {
			continue
		}
		if e, err := delivery.ParseExpected(term); err == nil {
			all = append(all, e)
		}
	}
	return all
}

// parseExpected reads the terms of sender-spf.
func parseExpected(text string) (all []delivery.Expected, err error) {
	for _, term := range split(text) {
		e, err := delivery.ParseExpected(term)
		if err != nil {
			return nil, fmt.Errorf("holds %q, which is no term of SPF, as in include:spf.relay.example or ip4:192.0.2.1", term)
		}
		all = append(all, e)
	}
	return all, nil
}

// parseNameServer reads an address that is asked, with port 53 where it names
// none.
func parseNameServer(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return net.JoinHostPort(a.String(), "53"), nil
	}
	host, port, err := net.SplitHostPort(text)
	if err == nil {
		if _, err = netip.ParseAddr(host); err == nil {
			if n, err := strconv.Atoi(port); err == nil && n > 0 && n < 1<<16 {
				return text, nil
			}
		}
	}
	return "", errors.New("is not an IP address, with or without a port, as in 192.0.2.53:53")
}
