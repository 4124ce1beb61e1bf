package oauth_test

import (
	"errors"
	"regexp"
	"sync"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/oauth"
)

func TestADeviceGetsTokensWhenItsUserAllows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t, flow(oauth.FlowDevice))
		other := w.other(t)
		scopes := oauth.Scopes{oauth.ContactData, oauth.OfflineAccess}
		code, d, err := w.StartDevice(t.Context(), a, scopes)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$`).MatchString(oauth.ShowUserCode(d.UserCode)) ||
			d.Pause != 5*time.Second || d.ExpiresAt.Sub(d.CreatedAt) != 10*time.Minute {
			t.Errorf("got %+v", d)
		}
		poll := func(s *oauth.Service) error { return second(s.PollDevice(t.Context(), a, code)) }
		refused(t, "at once", poll(w.Service), oauth.ErrPending)
		w.Clock.Move(4500 * time.Millisecond) // timers are not exact
		refused(t, "after the interval", poll(other), oauth.ErrPending)
		w.Clock.Move(time.Second)
		refused(t, "too soon", poll(w.Service), oauth.ErrSlowDown)
		w.Clock.Move(5 * time.Second)
		refused(t, "after the former interval", poll(w.Service), oauth.ErrSlowDown)
		w.Clock.Move(15 * time.Second)
		refused(t, "after the longer interval", poll(w.Service), oauth.ErrPending)

		typed := " " + oauth.ShowUserCode(d.UserCode)[:6] + " " + d.UserCode[5:]
		found, app, err := other.DeviceByUserCode(t.Context(), typed)
		if err != nil || app.UID != a.UID || found.Scopes.String() != scopes.String() {
			t.Fatalf("typed %q: %+v, %v", typed, found, err)
		}
		if err := other.DecideDevice(t.Context(), w.ann, d.UserCode, true, w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		refused(t, "a second answer", w.DecideDevice(t.Context(), w.ann, d.UserCode, false, w.Clock.Now()), oauth.ErrUserCode)
		tk, err := w.PollDevice(t.Context(), a, code)
		if err != nil || tk.Refresh == "" || tk.ExpiresIn != 24*time.Hour {
			t.Fatalf("got %+v, %v", tk, err)
		}
		verify(t, w.Service, tk.Access, nil)
		refused(t, "a second time", poll(w.Service), oauth.ErrDeviceCode)
		if _, err := w.RefreshTokens(t.Context(), a, tk.Refresh, nil); err != nil {
			t.Errorf("refresh: %v", err)
		}
	})
}

func TestADeviceIsTurnedAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t, flow(oauth.FlowDevice))
		b, _ := w.app(t, flow(oauth.FlowDevice))
		server, _ := w.app(t)
		if _, _, err := w.StartDevice(t.Context(), server, nil); !errors.Is(err, oauth.ErrFlow) {
			t.Errorf("an application of another flow: %v", err)
		}
		start := func() (string, oauth.Device) {
			t.Helper()
			code, d, err := w.StartDevice(t.Context(), a, oauth.Scopes{oauth.ContactData})
			if err != nil {
				t.Fatal(err)
			}
			return code, d
		}
		code, d := start()
		if err := w.DecideDevice(t.Context(), w.ann, d.UserCode, false, w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		_, err := w.PollDevice(t.Context(), a, code)
		refused(t, "denied", err, oauth.ErrDenied)

		code, d = start()
		_, err = w.PollDevice(t.Context(), b, code)
		refused(t, "another client's", err, oauth.ErrDeviceCode)
		_, err = w.PollDevice(t.Context(), a, "made up")
		refused(t, "made up", err, oauth.ErrDeviceCode)
		w.Clock.Move(oauth.DeviceLife)
		_, err = w.PollDevice(t.Context(), a, code)
		refused(t, "too late", err, oauth.ErrDeviceExpired)
		for name, typed := range map[string]string{"expired": d.UserCode, "made up": "BBBB-BBBB", "empty": "", "digits": "12345678"} {
			if _, _, err := w.DeviceByUserCode(t.Context(), typed); !fault.Is(err, fault.NotFound) {
				t.Errorf("user code %s: %v", name, err)
			}
		}
		code, d = start()
		if _, err := w.SetActive(t.Context(), w.ann, a.UID, false); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.DeviceByUserCode(t.Context(), d.UserCode); !fault.Is(err, fault.NotFound) {
			t.Errorf("of a deactivated application: %v", err)
		}
		_ = code
	})
}

func TestOnePollAloneGetsTheTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t, flow(oauth.FlowDevice))
		services := []*oauth.Service{w.Service, w.other(t)}
		code, d, err := w.StartDevice(t.Context(), a, oauth.Scopes{oauth.ContactData})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DecideDevice(t.Context(), w.ann, d.UserCode, true, w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		var (
			wg   sync.WaitGroup
			err4 [4]error
		)
		for i := range err4 {
			wg.Go(func() { _, err4[i] = services[i%2].PollDevice(t.Context(), a, code) })
		}
		wg.Wait()
		got := 0
		for _, err := range err4 {
			if err == nil {
				got++
			} else {
				refused(t, "the others", err, oauth.ErrDeviceCode)
			}
		}
		if got != 1 {
			t.Errorf("%d polls got tokens, want 1", got)
		}
	})
}
