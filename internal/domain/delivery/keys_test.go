package delivery_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/store"
)

// signedBy is a relay that notes who signed what.
type signedBy struct {
	mu  sync.Mutex
	got map[string][]message.SigningKey // by subject
}

func (r *signedBy) Send(ctx context.Context, m message.Outgoing, letGo func(context.Context) error) (string, error) {
	r.mu.Lock()
	r.got[m.Mail.Subject] = m.Sign
	r.mu.Unlock()
	return "250 ok", letGo(ctx)
}

// Each mail leaves with the keys of its own account and sender.
func TestMailLeavesSigned(t *testing.T) {
	eachDomains(t, func(t *testing.T, d domains) {
		added, err := d.Add(t.Context(), d.me, "sender.test", []delivery.Algorithm{delivery.Ed25519}, nil)
		if err != nil {
			t.Fatal(err)
		}
		d.publish(t, added)
		d.checked(t)
		outbox := message.New(message.Options{Store: d.Messages(), Leaves: true, From: message.Sender{Address: "kith@other.test"}})
		send := func(keys delivery.Keys) map[string][]message.SigningKey {
			t.Helper()
			relay := &signedBy{got: map[string][]message.SigningKey{}}
			d.Do(t, func(ctx context.Context, tx *store.Tx) error {
				for subject, from := range map[string]string{"signed": "news@sender.test", "not signed": ""} {
					err := outbox.Queue(ctx, tx, message.Mail{
						Account: d.me.Account, Kind: message.Confirmation, To: parsed(t, "ann@there.test"),
						From: message.Sender{Address: from}, Subject: subject, Text: "text",
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
			s := delivery.New(delivery.Options{
				Store: d.Deliveries(), Composer: outbox, Hashes: hashes, Keys: keys,
				Routes: []delivery.Route{{Name: "relay.test:25", Relay: relay, Connections: 2}},
			})
			p := post{store: d.Store}
			if _, err := s.Deliver(t.Context(), p.lease(t), nil); err != nil {
				t.Fatal(err)
			}
			return relay.got
		}
		got := send(d.Domains)
		if k := got["signed"]; len(k) != 1 || k[0].Selector != added.Keys[0].Selector || k[0].Domain != "sender.test" {
			t.Errorf("signed with %v", k)
		}
		if k, sent := got["not signed"]; !sent || len(k) != 0 {
			t.Errorf("another domain's mail: sent %v, signed with %v", sent, k)
		}

		// A key that cannot be opened keeps its own mail back and no other.
		got = send(delivery.NewDomains(delivery.DomainOptions{Store: d.World.Domains(), Box: secret.New().Box(secret.Domains), DNS: d.dns}))
		if _, sent := got["signed"]; sent || len(got) != 1 {
			t.Errorf("sent without the key: %v", got)
		}
		counts, err := outbox.Counts(t.Context(), d.me)
		if err != nil || counts[message.Failed] != 1 || counts[message.Sent] != 3 {
			t.Errorf("counts %v, %v", counts, err)
		}
	})
}

// Keys are not looked for with every mail.
func TestKeysAreRemembered(t *testing.T) {
	eachDomains(t, func(t *testing.T, d domains) {
		views := &counting{DomainStore: d.World.Domains()}
		s := delivery.NewDomains(delivery.DomainOptions{Store: views, Box: secret.New().Box(secret.Domains), DNS: d.dns})
		for range 1000 {
			for _, n := range []id.Account{1, 2} {
				if _, err := s.SigningKeys(t.Context(), n, "a@sender.test"); err != nil {
					t.Fatal(err)
				}
			}
		}
		if views.n > 200 { // two, unless the machine sleeps for seconds
			t.Errorf("%d looks for 2,000 mails", views.n)
		}
		failing := delivery.NewDomains(delivery.DomainOptions{Store: noDatabase{}})
		if _, err := failing.SigningKeys(t.Context(), 1, "a@sender.test"); !errors.Is(err, errGone) {
			t.Errorf("without a database: %v", err)
		}
	})
}

type counting struct {
	delivery.DomainStore

	n int
}

func (c *counting) View(ctx context.Context, fn func(context.Context, delivery.DomainTx) error) error {
	c.n++
	return c.DomainStore.View(ctx, fn)
}

type noDatabase struct{ delivery.DomainStore }

var errGone = errors.New("the database is gone")

func (noDatabase) View(context.Context, func(context.Context, delivery.DomainTx) error) error {
	return errGone
}
