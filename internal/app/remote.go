package app

import "kith/internal/outbound/remote"

// Remote returns a Kith that a command works on over the network, with an access
// key; the command closes it.
func Remote(o remote.Options) (*remote.Server, error) { return remote.New(o) }
