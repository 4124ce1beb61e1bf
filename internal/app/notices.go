package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"

	"kith/internal/base/secret"
	"kith/internal/config"
	"kith/internal/domain/delivery"
	"kith/internal/edge/intake"
	"kith/internal/edge/notice"
	"kith/internal/ops"
	"kith/internal/outbound/bounce"
	"kith/internal/outbound/sns"
)

// returnPaths makes and reads the addresses that bounces come back to.
func returnPaths(b *Base) delivery.ReturnPaths {
	return delivery.NewReturnPaths(b.Key.Derive(secret.ReturnPaths), b.Config.BounceAddress)
}

// newNotices returns what judges notices about mail; count may be nil.
func newNotices(b *Base, count *ops.Notices) *delivery.Notices {
	o := delivery.NoticeOptions{Store: b.Store.Notices(), Hashes: hashes(b), Paths: returnPaths(b), Read: bounce.Parse}
	if count != nil {
		o.Told = func(by delivery.Teller, k delivery.Kind, became delivery.Taken) {
			count.Told(string(by), k.String(), string(became))
		}
	}
	return delivery.NewNotices(o)
}

// newNoticeKeys returns the keys of those who tell over HTTP.
func newNoticeKeys(b *Base) *delivery.NoticeKeys {
	return delivery.NewNoticeKeys(b.Store.NoticeKeys(), b.Key.Box(secret.NoticeKeys))
}

// newNoticeDesk takes what providers tell over HTTP.
func newNoticeDesk(r *rooms, count *ops.Notices, refuse func(http.ResponseWriter, *http.Request, error)) *notice.Handler {
	return notice.New(notice.Options{
		Judge: r.notices, Keys: r.noticeKeys, Amazon: sns.New(nil), Refuse: refuse,
		Refused: func(by delivery.Teller, _ string) { count.Told(string(by), "", "refused") },
	})
}

// hashes are those of addresses that are not mailed.
func hashes(b *Base) delivery.Hashes { return delivery.NewHashes(b.Key.Derive(secret.Suppressed)) }

// takeIn begins to take in mail that comes back, where that is set.
func (s *server) takeIn(ctx context.Context) error {
	c := s.base.Config
	if c.BounceListen.Off() {
		return nil
	}
	on, err := listenIntake(ctx, c.BounceListen)
	if err != nil {
		return fmt.Errorf("take in bounces: %w", err)
	}
	s.bounces = on
	s.intake = intake.New(ctx, intake.Options{
		Keeper: s.rooms.notices, Paths: s.rooms.notices.Paths(), Name: host(s.public), LMTP: c.BounceListen.LMTP, TLS: s.tls, Log: s.log,
	})
	for _, l := range on {
		go func() {
			if err := s.intake.Serve(l); err != nil {
				select {
				case s.failed <- err:
				default: // one is enough
				}
			}
		}()
	}
	return nil
}

// listenIntake opens the listeners of an intake. A socket that a dead process
// left is taken over.
func listenIntake(ctx context.Context, i config.Intake) ([]net.Listener, error) {
	if i.Socket == "" {
		return listen(ctx, i.Address)
	}
	if about, err := os.Stat(i.Socket); err == nil && about.Mode().Type() == fs.ModeSocket {
		c, err := new(net.Dialer).DialContext(ctx, "unix", i.Socket)
		if err == nil {
			return nil, errors.Join(fmt.Errorf("the socket %s is taken by another process", i.Socket), c.Close())
		}
		if err := os.Remove(i.Socket); err != nil {
			return nil, err
		}
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", i.Socket)
	if err != nil {
		return nil, err
	}
	return []net.Listener{l}, nil
}
