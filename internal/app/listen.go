package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"kith/internal/config"
)

// portTries is how often a port is asked for that is free on both loopback
// addresses.
const portTries = 20

// listen opens the listeners of an address, all on one port. localhost stands
// for both loopback addresses, whatever the machine's hosts file says; where
// the machine has no IPv6 it is one.
func listen(ctx context.Context, a config.Address) ([]net.Listener, error) {
	if !strings.EqualFold(a.Host, "localhost") {
		l, err := open(ctx, a)
		if err != nil {
			return nil, err
		}
		return []net.Listener{l}, nil
	}
	for try := 1; ; try++ {
		four, err := open(ctx, config.At("127.0.0.1", a.Port))
		if err != nil {
			return nil, err
		}
		six, err := open(ctx, config.At("::1", port(four)))
		switch {
		case err == nil:
			return []net.Listener{four, six}, nil
		case errors.Is(err, syscall.EADDRNOTAVAIL), errors.Is(err, syscall.EAFNOSUPPORT):
			return []net.Listener{four}, nil
		}
		err = errors.Join(err, four.Close())
		if a.Port != 0 || !errors.Is(err, syscall.EADDRINUSE) || try == portTries {
			return nil, err
		}
	}
}

func open(ctx context.Context, a config.Address) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", a.String())
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("the address %s is taken by another process: %w", a, syscall.EADDRINUSE)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", a, err)
	}
	return l, nil
}

func port(l net.Listener) int {
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		return a.Port
	}
	return 0
}

func addresses(ls []net.Listener) []string {
	all := []string{}
	for _, l := range ls {
		all = append(all, l.Addr().String())
	}
	return all
}

func closeAll(ls []net.Listener) error {
	var errs []error
	for _, l := range ls {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}
