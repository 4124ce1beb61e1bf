package oauth_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
	"kith/internal/domain/oauth"
)

func serverRate(r oauth.Rate) func(*oauth.Options) { return func(o *oauth.Options) { o.Rate = r } }

func TestCallsAreLimitedByApplication(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		b, _ := w.app(t)
		free, _ := w.app(t, rate("off"))
		p := verify(t, w.Service, w.tokens(t, a, "contact_data").Access, nil)
		w.Clock.Move(time.Second)
		q := verify(t, w.Service, w.tokens(t, a, "campaign_data").Access, nil)
		admit := func(p oauth.Principal) error { return w.Admit(t.Context(), p) }
		for i := range 4 {
			if err := admit([]oauth.Principal{p, q}[i%2]); err != nil {
				t.Fatalf("call %d: %v", i, err)
			}
		}
		w.Clock.Move(250 * time.Millisecond)
		if err := admit(p); !errors.Is(err, oauth.ErrRateSecond) || fault.Of(err).Retry != 750*time.Millisecond {
			t.Errorf("the fifth in a second: %v, wait %s", err, fault.Of(err).Retry)
		}
		if err := admit(verify(t, w.Service, w.tokens(t, b, "contact_data").Access, nil)); err != nil {
			t.Errorf("another application: %v", err)
		}
		without := verify(t, w.Service, w.tokens(t, free, "contact_data").Access, nil)
		for range 9 {
			if err := errors.Join(admit(without), admit(oauth.OfSession(w.ann))); err != nil {
				t.Fatalf("without a limit: %v", err)
			}
		}
		w.Clock.Move(time.Second)
		for range 2 {
			if err := admit(p); err != nil {
				t.Fatal(err)
			}
		}
		if err := admit(p); !errors.Is(err, oauth.ErrRateDay) || fault.Of(err).Retry < 6*time.Hour {
			t.Errorf("the seventh of the day: %v, wait %s", err, fault.Of(err).Retry)
		}
		w.Clock.Move(24 * time.Hour)
		if err := admit(p); err != nil {
			t.Errorf("the next day: %v", err)
		}
		if _, err := w.UpdateApplication(t.Context(), w.ann, a.UID, oauth.ApplicationChange{Rate: opt.Some("off")}, nil); err != nil {
			t.Fatal(err)
		}
	}, serverRate(oauth.Rate{PerSecond: 4, PerDay: 6}))
}

func TestTheLimitHoldsOverProcesses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t, rate("10/s"))
		services := []*oauth.Service{w.Service, w.other(t)}
		p := verify(t, w.Service, w.tokens(t, a, "contact_data").Access, nil)
		var (
			wg sync.WaitGroup
			in atomic.Int64
		)
		for i := range 30 {
			wg.Go(func() {
				switch err := services[i%2].Admit(t.Context(), p); {
				case err == nil:
					in.Add(1)
				case !errors.Is(err, oauth.ErrRateSecond):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 10 {
			t.Errorf("%d calls were let in, want 10", in.Load())
		}
	})
}

func TestWhereALimitIsSetTokensAreLimitedToo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t, rate("4/s"))
		tk := w.tokens(t, a, "contact_data offline_access")
		_, err := w.RefreshTokens(t.Context(), a, tk.Refresh, nil)
		refused(t, "a second token request", err, oauth.ErrTokenRate)
		w.Clock.Move(time.Second)
		if _, err := w.RefreshTokens(t.Context(), a, tk.Refresh, nil); err != nil {
			t.Errorf("a second later: %v", err)
		}
	})
}

func TestWhatIsOldIsDropped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t, rate("9/s"))
		device, _ := w.app(t, flow(oauth.FlowDevice))
		tidy := func(when string, want int64) {
			t.Helper()
			if got, err := w.Tidy(t.Context()); err != nil || got != want {
				t.Errorf("%s: dropped %d, %v; want %d", when, got, err, want)
			}
		}
		former := w.tokens(t, a, "contact_data offline_access")
		if err := w.Admit(t.Context(), verify(t, w.Service, former.Access, nil)); err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(time.Second)
		first := w.tokens(t, a, "contact_data offline_access")
		w.Clock.Move(time.Second)
		w.tokens(t, a, "contact_data")
		if _, _, err := w.StartDevice(t.Context(), device, nil); err != nil {
			t.Fatal(err)
		}
		tidy("at once", 0)
		w.Clock.Move(72 * time.Hour)
		const codes, devices, calls, short = 3, 1, 4, 1
		tidy("after three days", codes+devices+calls+short)

		w.Clock.Move(oauth.RefreshIdle - 73*time.Hour)
		next, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(2 * time.Hour)
		const formerToken, formerGrant, call = 1, 1, 1
		tidy("after 180 days", formerToken+formerGrant+call)
		if _, err := w.RefreshTokens(t.Context(), a, next.Refresh, nil); err != nil {
			t.Errorf("a living grant was dropped: %v", err)
		}
		w.Clock.Move(2 * oauth.RefreshIdle)
		const tokens, grant = 3, 1
		tidy("after a year more", tokens+grant+call)
		tidy("again", 0)
	})
}
