package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// The times of the device flow (v3 contract, device flow).
const (
	DeviceLife     = 10 * time.Minute
	DeviceInterval = 5 * time.Second
	// slower is what one poll too soon adds to the interval (RFC 8628 §3.5).
	slower = 5 * time.Second
	// early is how much too soon a poll may come: timers and networks are not
	// exact.
	early = time.Second
)

// DeviceState is how far a device's request has come.
//
//	pending ──user──▶ allowed ──device──▶ spent
//	   └─────user──▶ denied
type DeviceState string

// The states of a device's request.
const (
	DevicePending DeviceState = "pending"
	DeviceAllowed DeviceState = "allowed"
	DeviceDenied  DeviceState = "denied"
	DeviceSpent   DeviceState = "spent"
)

// Device is a device that asks for access.
type Device struct {
	// UserCode is what its user types: eight letters.
	UserCode    string
	Application id.Application
	Scopes      Scopes
	State       DeviceState
	// User, Account and AuthAt are whose access was allowed.
	User      id.User
	Account   id.Account
	AuthAt    time.Time
	CreatedAt time.Time
	ExpiresAt time.Time
	// PolledAt is when the device asked last, Pause how long it must wait
	// until it asks again.
	PolledAt time.Time
	Pause    time.Duration
}

// userCodeLetters are those of a user code: no vowels, so that no words come
// up, and nothing that looks like a digit (RFC 8628 §6.1).
const userCodeLetters = "BCDFGHJKLMNPQRSTVWXZ"

// ShowUserCode returns a user code as it is shown: KTRW-QPLM.
func ShowUserCode(code string) string {
	if len(code) != 8 {
		return code
	}
	return code[:4] + "-" + code[4:]
}

// ReadUserCode returns the code that a user typed, in whatever form.
func ReadUserCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
}

func newUserCode() string {
	var b strings.Builder
	for b.Len() < 8 {
		var r [1]byte
		rand.Read(r[:]) // it never fails
		if n := int(r[0]); n < 256/len(userCodeLetters)*len(userCodeLetters) {
			b.WriteByte(userCodeLetters[n%len(userCodeLetters)])
		}
	}
	return b.String()
}

// StartDevice begins the device flow: the device polls with the code, its user
// types the user code on another machine. It fails with ErrFlow for
// applications of another flow.
func (s *Service) StartDevice(ctx context.Context, client Application, scopes Scopes) (code string, d Device, err error) {
	if client.Flow != FlowDevice {
		return "", Device{}, ErrFlow
	}
	code = random(32)
	for range 5 { // a user code may be in use, if rarely
		err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
			d = Device{
				UserCode: newUserCode(), Application: client.ID, Scopes: scopes, State: DevicePending,
				CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(DeviceLife), Pause: DeviceInterval,
			}
			return tx.InsertDevice(ctx, hash(code), d)
		})
		if !errors.Is(err, fault.ErrConflict) {
			break
		}
	}
	return code, d, err
}

// DeviceByUserCode returns the device that waits for the answer of whoever
// typed its code, and the application it runs. It fails with ErrUserCode.
func (s *Service) DeviceByUserCode(ctx context.Context, typed string) (d Device, a Application, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		if d, err = waiting(ctx, tx, typed); err != nil {
			return err
		}
		a, err = tx.ApplicationByID(ctx, d.Application)
		if err == nil && !a.Active {
			return ErrUserCode.Because(ErrInactive)
		}
		return err
	})
	return d, a, err
}

func waiting(ctx context.Context, tx Tx, typed string) (Device, error) {
	d, err := tx.DeviceByUserCode(ctx, ReadUserCode(typed))
	if err != nil {
		return Device{}, gone(err, ErrUserCode)
	}
	if d.State != DevicePending || !tx.Now().Before(d.ExpiresAt) {
		return Device{}, ErrUserCode
	}
	return d, nil
}

// DecideDevice keeps the actor's answer to a device.
func (s *Service) DecideDevice(ctx context.Context, actor account.Actor, typed string, allow bool, authAt time.Time) error {
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		d, err := waiting(ctx, tx, typed)
		if err != nil {
			return err
		}
		d.State = DeviceDenied
		if allow {
			m, err := tx.MemberStanding(ctx, actor.Account, actor.User)
			if err != nil {
				return err
			}
			if err := m.check(); err != nil {
				return err
			}
			d.State, d.User, d.Account, d.AuthAt = DeviceAllowed, actor.User, actor.Account, authAt
		}
		first, err := tx.DecideDevice(ctx, d, DevicePending)
		if err == nil && !first {
			return ErrUserCode
		}
		return err
	})
}

// PollDevice is a device asking whether its user has answered. Until then it
// fails with ErrPending, or ErrSlowDown where it asks too often.
func (s *Service) PollDevice(ctx context.Context, client Application, code string) (Tokens, error) {
	number, err := s.store.NextGrant(ctx)
	if err != nil {
		return Tokens{}, err
	}
	var (
		g       Grant
		m       Member
		refresh string
		wait    error // an answer that leaves something behind
	)
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		wait = nil
		d, err := tx.DeviceByHash(ctx, hash(code))
		if err != nil {
			return gone(err, ErrDeviceCode)
		}
		switch {
		case d.Application != client.ID:
			return ErrDeviceCode.Because(fmt.Errorf("it belongs to application %d", d.Application))
		case d.State == DeviceSpent:
			return ErrDeviceCode
		case !tx.Now().Before(d.ExpiresAt):
			return ErrDeviceExpired
		case d.State == DeviceDenied:
			return ErrDenied
		case d.State == DevicePending:
			wait = ErrPending
			if !d.PolledAt.IsZero() && tx.Now().Sub(d.PolledAt) < d.Pause-early {
				wait = ErrSlowDown
				d.Pause += slower
			}
			d.PolledAt = tx.Now()
			_, err := tx.UpdateDevice(ctx, hash(code), d, DevicePending)
			return err
		}
		d.State = DeviceSpent
		first, err := tx.UpdateDevice(ctx, hash(code), d, DeviceAllowed)
		if err != nil {
			return err
		}
		if !first {
			return ErrDeviceCode
		}
		if m, err = s.acting(ctx, tx, d.Account, d.User, ErrDeviceCode); err != nil {
			return err
		}
		g, refresh, err = s.settle(ctx, tx, consented{application: client, member: m, scopes: d.Scopes, authAt: d.AuthAt, number: number})
		return err
	})
	switch {
	case err != nil:
		return Tokens{}, err
	case wait != nil:
		return Tokens{}, wait
	}
	return s.issue(ctx, client, m, g, g.Scopes, s.o.AccessTTL, refresh)
}
