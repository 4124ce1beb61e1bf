package config

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"kith/internal/base/email"
	"kith/internal/domain/delivery"
)

// Intake is where mail is taken in: an address or the path of a socket, and
// the protocol that is spoken there. The zero value is off.
type Intake struct {
	Address Address
	// Socket is the path of a Unix socket, for LMTP alone.
	Socket string
	// LMTP is RFC 2033 in place of SMTP: what a mail server on the same machine
	// hands mail on with.
	LMTP bool
}

// Off reports whether nothing is taken in.
func (i Intake) Off() bool { return i.Address.Off() && i.Socket == "" }

// String returns the form that is read.
func (i Intake) String() string {
	switch {
	case i.Off():
		return "off"
	case i.Socket != "":
		return "lmtp+unix:" + i.Socket
	case i.LMTP:
		return "lmtp://" + i.Address.String()
	}
	return "smtp://" + i.Address.String()
}

const intakeForm = "is not of the form host:port, smtp://host:port, lmtp://host:port or lmtp+unix:/path"

func parseIntake(text string) (Intake, error) {
	if path, ok := strings.CutPrefix(text, "lmtp+unix:"); ok {
		path = "/" + strings.TrimLeft(path, "/") // lmtp+unix:///path as well
		if path == "/" || filepath.Clean(path) != path {
			return Intake{}, errors.New(intakeForm)
		}
		return Intake{Socket: path, LMTP: true}, nil
	}
	host, lmtp := text, false
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		u, err := url.Parse(text)
		if err != nil || scheme != "smtp" && scheme != "lmtp" || u.Host != strings.TrimSuffix(rest, "/") {
			return Intake{}, errors.New(intakeForm)
		}
		host, lmtp = u.Host, scheme == "lmtp"
	}
	a, err := parseAddress(host)
	if err != nil {
		return Intake{}, errors.New(intakeForm)
	}
	return Intake{Address: a, LMTP: lmtp}, nil
}

// parseBounceAddress reads the address that return paths are made of.
func parseBounceAddress(text string) (email.Address, error) {
	if text == "" {
		return email.Address{}, nil
	}
	a, err := email.Parse(text)
	if e, ok := errors.AsType[*email.ParseError](err); ok {
		return a, errors.New(e.Reason.String())
	}
	if strings.ContainsRune(a.Local(), '+') || len(a.Local()) > delivery.MaxBounceLocal {
		return email.Address{}, fmt.Errorf("has more than %d characters before the @ sign, or a plus sign there", delivery.MaxBounceLocal)
	}
	return a, nil
}
