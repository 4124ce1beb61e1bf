package ops

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Check is what the doctor found of one thing.
type Check struct {
	Name string
	OK   bool
	// Message says how it is, Remedy what to do where it is not well.
	Message string
	Remedy  string
}

func well(name, format string, args ...any) Check {
	return Check{Name: name, OK: true, Message: fmt.Sprintf(format, args...)}
}

func ill(name, remedy, format string, args ...any) Check {
	return Check{Name: name, Message: fmt.Sprintf(format, args...), Remedy: remedy}
}

// CheckFolder checks that a data folder can be written and that others cannot
// read it.
func CheckFolder(data Folder) Check {
	const name = "data"
	info, err := os.Stat(string(data))
	if errors.Is(err, fs.ErrNotExist) {
		return well(name, "%s is not there yet; the first start makes it", data)
	}
	if err != nil {
		return ill(name, "Name a folder that the server's user may use with --data.", "%s", err)
	}
	if !info.IsDir() {
		return ill(name, "Name a folder with --data.", "%s is no folder", data)
	}
	f, err := os.CreateTemp(string(data), ".doctor-*")
	if err != nil {
		return ill(name, "Give the folder to the user that the server runs as.", "%s cannot be written: %s", data, reason(err))
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return ill(name, "Give the folder to the user that the server runs as.", "%s", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return ill(name, "chmod 700 "+string(data), "%s holds keys and addresses and others may enter it (mode %o)", data, mode)
	}
	return well(name, "%s can be written, and by nobody else", data)
}

// reason says why a file could not be used, without its name.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// CheckKeyFile checks that nobody else can read the file of the secret key.
func CheckKeyFile(data Folder) Check {
	const name = "secret-key"
	info, err := os.Stat(data.Key())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return well(name, "there is none yet; the first start makes %s", data.Key())
	case err != nil:
		return ill(name, "Give the file to the user that the server runs as.", "%s", err)
	case info.Mode().Perm()&0o077 != 0:
		return ill(name, "chmod 600 "+data.Key(), "others may read %s (mode %o)", data.Key(), info.Mode().Perm())
	}
	return well(name, "kept in %s; a backup holds it too", data.Key())
}

// CheckSchema checks that a database answers and is up to date.
func CheckSchema(ctx context.Context, name string, s Schema) Check {
	have, want, err := s.Version(ctx)
	switch {
	case err != nil:
		return ill(name, "Look at --database-url, and whether the database server runs.", "the database does not answer: %s", err)
	case have < want:
		return ill(name, "kith migrate", "the schema is at version %d, this program needs %d", have, want)
	case have > want:
		return well(name, "the schema is at version %d, newer than this program's %d: an upgrade is under way", have, want)
	}
	return well(name, "up to date at version %d", have)
}

// Bounds of clocks: how far two may be apart, and how far into the past the
// newest row may lie ahead of now.
const clockSkew = 2 * time.Second

// CheckClock compares the machine's clock with the database server's and with
// the newest thing that was written.
func CheckClock(now, server, newest time.Time) Check {
	const (
		name   = "clock"
		remedy = "Let the machines keep their time with NTP."
	)
	if skew := now.Sub(server).Abs(); skew > clockSkew {
		return ill(name, remedy, "this machine and the database server are %s apart", skew.Round(time.Millisecond))
	}
	if ahead := newest.Sub(now); ahead > clockSkew {
		return ill(name, remedy, "something was written %s after what this machine takes for now: the clock was set back", ahead.Round(time.Second))
	}
	return well(name, "it agrees with the database")
}

// expirySoon is when a certificate that nobody has renewed is worth a word.
const expirySoon = 7 * 24 * time.Hour

// CheckCertificate checks a certificate in files: that it can be read, fits
// its key, is good now, and names the host of the public address.
func CheckCertificate(cert, key, host string, now time.Time) Check {
	const name = "tls"
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return ill(name, "Look at --tls-cert and --tls-key: files in PEM form that belong together.", "the certificate cannot be used: %s", err)
	}
	leaf := pair.Leaf
	switch {
	case now.Before(leaf.NotBefore):
		return ill(name, "Look at the machine's clock, or use another certificate.", "the certificate is good from %s on", leaf.NotBefore.Format(time.DateTime))
	case now.After(leaf.NotAfter):
		return ill(name, "Renew the certificate; the server reads the files again by itself.", "the certificate ended on %s", leaf.NotAfter.Format(time.DateTime))
	case leaf.NotAfter.Sub(now) < expirySoon:
		return ill(name, "Renew the certificate; the server reads the files again by itself.", "the certificate ends on %s", leaf.NotAfter.Format(time.DateTime))
	}
	if err := leaf.VerifyHostname(host); err != nil {
		return ill(name, "Use a certificate for that name, or another --public-url.", "the certificate is not for %s", host)
	}
	return well(name, "the certificate is good until %s", leaf.NotAfter.Format(time.DateTime))
}

// relayPatience bounds the whole talk with the relay.
const relayPatience = 10 * time.Second

// CheckRelay checks that a mail relay can be used: check connects to it, greets
// it, signs in where its address holds a user, and says how. No mail is sent.
func CheckRelay(ctx context.Context, relay string, check func(context.Context) (how string, err error)) Check {
	const name = "mail"
	ctx, cancel := context.WithTimeout(ctx, relayPatience)
	defer cancel()
	how, err := check(ctx)
	if err != nil {
		return ill(name, "Look at --smtp-url, and whether the relay lets this machine in. Mail waits in the queue until then.", "%s: %s", relay, err)
	}
	return well(name, "%s answers, %s", relay, how)
}
