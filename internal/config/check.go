package config

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
)

// Check returns what is wrong with settings that are each right by themselves.
// Load has done it for the Config that it returns.
func (c Config) Check() []Problem {
	var all []Problem
	add := func(setting, format string, args ...any) {
		all = append(all, Problem{Setting: setting, Message: fmt.Sprintf(format, args...)})
	}
	if c.Listen.Off() {
		add("listen", "cannot be off")
	}
	switch {
	case c.TLSCert != "" && c.TLSKey == "":
		add("tls-cert", "needs tls-key beside it")
	case c.TLSCert == "" && c.TLSKey != "":
		add("tls-key", "needs tls-cert beside it")
	case c.TLSCert != "" && len(c.ACMEDomain) > 0:
		add("acme-domain", "and tls-cert exclude each other")
	}
	if c.RequireHTTPS && !c.TLS() && len(c.TrustedProxies) == 0 {
		add("require-https", "would refuse every request: give tls-cert and tls-key, acme-domain, or trusted-proxies that speak https for this server")
	}
	if c.RequireHTTPS && !c.PublicURL.IsZero() && c.PublicURL.Parts().Scheme != "https" {
		add("public-url", "begins with http while require-https refuses it")
	}
	if same(c.Listen, c.OpsListen) {
		add("ops-listen", "is the same address as listen")
	}
	if same(c.Listen, c.BounceListen.Address) {
		add("bounce-listen", "is the same address as listen")
	}
	if same(c.OpsListen, c.BounceListen.Address) {
		add("bounce-listen", "is the same address as ops-listen")
	}
	if !c.BounceListen.Off() && c.BounceAddress.IsZero() {
		add("bounce-listen", "takes nothing in without bounce-address: it knows no address that is its own")
	}
	return all
}

func same(a, b Address) bool {
	return !a.Off() && !b.Off() && a.Port != 0 && a == b
}

// PublicAt returns what links begin with, without a slash at the end: the
// setting, or an address made from where the server listens. port is the one
// that is really listened on; it counts where listen asked for port 0.
func (c Config) PublicAt(port int) *url.URL {
	if u := c.PublicURL.Parts(); u != nil {
		return u
	}
	scheme, usual := "http", 80
	if c.TLS() {
		scheme, usual = "https", 443
	}
	host := c.Listen.Host
	switch {
	case len(c.ACMEDomain) > 0:
		host = c.ACMEDomain[0]
	case c.Listen.Unspecified():
		host = "localhost"
	}
	if c.Listen.Port != 0 {
		port = c.Listen.Port
	}
	address := net.JoinHostPort(host, strconv.Itoa(port))
	if port == usual {
		address = address[:len(address)-len(strconv.Itoa(port))-1]
	}
	return &url.URL{Scheme: scheme, Host: address}
}
