package delivery_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kith/internal/base/page"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
)

// mixed queues mails to some domains in turn.
func (p post) mixed(t *testing.T, n int, domains ...string) {
	t.Helper()
	var all []message.Mail
	for i := range n {
		all = append(all, message.Mail{
			Account: 1, Kind: message.Confirmation, To: to(t, fmt.Sprintf("r%d@%s", i, domains[i%len(domains)])), Subject: "s", Text: "t",
		})
	}
	p.put(t, all...)
}

// domains counts what was handed to a relay by the domain of the recipients.
func (r *relay) domains() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := map[string]int{}
	for _, m := range r.got {
		n[m.To.Domain()]++
	}
	r.got = nil
	return n
}

func (p post) limited(limits delivery.Limits) *delivery.Service {
	return p.through(delivery.Route{Name: "relay.test:25", Relay: p.relay, Connections: 4, Limits: limits})
}

func TestLimitsOfARelayHoldInEverySpan(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		// Another process shares them.
		p.sender = p.limited(delivery.Limits{PerHour: 20})
		other := p
		other.sender = p.limited(delivery.Limits{PerHour: 20})
		p.mixed(t, 200, "there.test")
		var times []time.Time // one for each mail
		for i := range 20 * 4 {
			if i%2 == 0 {
				p.deliver(t)
			} else {
				other.deliver(t)
			}
			for range p.relay.domains()["there.test"] {
				times = append(times, p.clock.Now())
			}
			p.clock.Move(3 * time.Minute)
		}
		for i := 20; i < len(times); i++ {
			if gap := times[i].Sub(times[i-20]); gap < time.Hour {
				t.Fatalf("21 mails went within %s", gap)
			}
		}
		if n := len(times); n < 70 {
			t.Errorf("%d mails went in four hours, want some 80", n)
		}
	})
}

// One domain's limit holds back its mails and no others, and what was held back
// comes in its turn.
func TestLimitsOfADomain(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.sender = p.limited(delivery.Limits{DomainPerMinute: 10})
		p.mixed(t, 100, "big.test")
		p.mixed(t, 30, "a.test", "b.test", "c.test", "d.test", "e.test")
		p.deliver(t)
		got := p.relay.domains()
		if got["big.test"] != 10 || got["a.test"] != 6 || got["e.test"] != 6 {
			t.Fatalf("at first went %v", got)
		}
		queued, err := p.List(t.Context(), owner, message.Filter{State: message.Queued}, page.Request{Limit: 200})
		if err != nil || len(queued.Items) != 90 {
			t.Fatal(len(queued.Items), err)
		}
		times := map[time.Time]int{}
		for _, m := range queued.Items {
			times[m.NextAt]++
			if m.Attempts != 0 {
				t.Errorf("a mail that was put back: %+v", m)
			}
		}
		if len(times) < 9 {
			t.Errorf("90 mails come back at %d times", len(times))
		}
		sent := 10
		for range 12 { // a minute, and what the counting costs
			p.clock.Move(70 * time.Second)
			p.deliver(t)
			sent += p.relay.domains()["big.test"]
		}
		if sent != 100 {
			t.Errorf("after a quarter of an hour %d of 100 went", sent)
		}
	})
}

// A second relay takes what the first has no room for.
func TestLimitsSendMailByTheOtherRelay(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		second := &relay{}
		p.sender = p.through(
			delivery.Route{Name: "first", Relay: p.relay, Connections: 2, Limits: delivery.Limits{PerHour: 20, DomainPerMinute: 5}},
			delivery.Route{Name: "second", Relay: second, Connections: 2, Limits: delivery.Limits{PerSecond: 50}},
		)
		p.mixed(t, 60, "big.test", "small.test")
		p.deliver(t)
		one, two := p.relay.domains(), second.domains()
		if one["big.test"] > 5 || one["small.test"] > 5 || one["big.test"]+one["small.test"] == 0 || two["big.test"]+two["small.test"] > 50 {
			t.Errorf("the first had %v, the second %v", one, two)
		}
		for range 20 {
			p.clock.Move(10 * time.Minute)
			p.deliver(t)
		}
		counts, err := p.Counts(t.Context(), owner)
		if err != nil || counts[message.Sent] != 60 {
			t.Errorf("in the end %v, %v", counts, err)
		}
	})
}

// Where no limit is set, nothing is counted.
func TestWithoutALimitNothingIsCounted(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.mixed(t, 30, "there.test")
		p.deliver(t)
		err := p.store.Deliveries().View(t.Context(), func(ctx context.Context, tx delivery.Tx) error {
			all, err := tx.ReadCounts(ctx, []string{"relay.test:25", "relay.test:25 second", "relay.test:25 hour", "relay.test:25 minute there.test"})
			if len(all) > 0 {
				t.Errorf("counted is %v", all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestCountsAreKeptAsTheyAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := delivery.Count{Scope: "s", Slots: rapid.MapOf(rapid.Int64Min(0), rapid.IntMin(0)).Draw(t, "slots")}
		got := delivery.UnpackCount("s", c.Pack())
		if fmt.Sprint(got.Slots) != fmt.Sprint(c.Slots) {
			t.Errorf("%v became %v", c.Slots, got.Slots)
		}
	})
	if got := delivery.UnpackCount("s", "1:2 x 3: :4 5:6:7"); len(got.Slots) != 1 {
		t.Errorf("of what is no count was read %v", got.Slots)
	}
}
