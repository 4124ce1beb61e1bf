package delivery_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// domains is a service of sender domains with its world and its DNS.
type domains struct {
	*delivery.Domains
	*storetest.World

	dns *zone
	me  account.Actor
}

func eachDomains(t *testing.T, test func(t *testing.T, d domains)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		d := domains{World: w, me: ofAccount(w.Account(t, "Mine")), dns: &zone{txt: map[string][]string{}, silent: map[string]bool{}}}
		d.Domains = delivery.NewDomains(delivery.DomainOptions{
			Store: w.Domains(), Box: secret.New().Box(secret.Domains), DNS: d.dns, Expected: expect(t, "include:spf.relay.test"),
		})
		d.sender(t, d.me, "news@sender.test", true)
		test(t, d)
	})
}

// sender gives an account an address to send from.
func (d domains) sender(t *testing.T, who account.Actor, address string, confirmed bool) {
	t.Helper()
	d.Do(t, func(ctx context.Context, tx *store.Tx) error {
		s := account.Sender{Email: parsed(t, address), CreatedAt: tx.Now()}
		if confirmed {
			s.ConfirmedAt = tx.Now()
		}
		n, err := tx.InsertSender(ctx, who.Account, s)
		if err != nil || !confirmed {
			return err
		}
		s.ID = n
		return tx.UpdateSender(ctx, who.Account, s)
	})
}

// publish puts the records of a domain's newest keys into the DNS.
func (d domains) publish(t *testing.T, all delivery.Domain) {
	t.Helper()
	for _, k := range all.Keys {
		if k.CreatedAt.Equal(all.Keys[0].CreatedAt) {
			r := all.KeyRecord(k)
			d.dns.put(r.Name, r.Value)
		}
	}
}

// signs returns the selectors of the keys that mail is signed with.
func (d domains) signs(t *testing.T, from string) []string {
	t.Helper()
	keys, err := d.SigningKeys(t.Context(), d.me.Account, from)
	if err != nil {
		t.Fatal(err)
	}
	selectors := []string{}
	for _, k := range keys {
		selectors = append(selectors, k.Selector)
	}
	return selectors
}

func (d domains) checked(t *testing.T) delivery.Domain {
	t.Helper()
	got, err := d.Check(t.Context(), d.me, "sender.test")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestADomainIsAddedForAConfirmedSender(t *testing.T) {
	eachDomains(t, func(t *testing.T, d domains) {
		d.sender(t, d.me, "a@later.test", false)
		d.sender(t, d.me, "a@bücher.test", true)
		for _, name := range []string{"later.test", "other.test", "", "sender.test.evil.test", "x.sender.test"} {
			_, err := d.Add(t.Context(), d.me, name, nil, nil)
			if f := fault.Of(err); err == nil || f.Kind != fault.Invalid || len(f.Problems) != 1 || f.Problems[0].Path != "name" {
				t.Errorf("%q: %v", name, err)
			}
		}
		if _, err := d.Add(t.Context(), d.me, "sender.test", []delivery.Algorithm{"dsa"}, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("with an algorithm that there is not: %v", err)
		}
		added, err := d.Add(t.Context(), d.me, " Sender.Test. ", nil, nil)
		if err != nil || added.Name != "sender.test" || len(added.Keys) != 1 || added.Keys[0].Algorithm != delivery.RSA || added.Signing != delivery.SignPublished {
			t.Fatalf("%+v, %v", added, err)
		}
		if _, err := d.Add(t.Context(), d.me, "sender.test", nil, nil); !errors.Is(err, delivery.ErrDomainTaken) {
			t.Errorf("twice: %v", err)
		}
		if b, err := d.Add(t.Context(), d.me, "bücher.test", []delivery.Algorithm{delivery.RSA, delivery.Ed25519, delivery.RSA}, nil); err != nil || b.Name != "xn--bcher-kva.test" || len(b.Keys) != 2 {
			t.Errorf("beyond ASCII: %+v, %v", b, err)
		}
		// Another account has keys of its own, and sees none of these.
		other := ofAccount(d.Account(t, "Other"))
		d.sender(t, other, "o@sender.test", true)
		theirs, err := d.Add(t.Context(), other, "sender.test", nil, nil)
		if err != nil || theirs.Keys[0].Record == added.Keys[0].Record || theirs.Keys[0].Selector == added.Keys[0].Selector {
			t.Errorf("another account's: %+v, %v", theirs, err)
		}
		mine, err := d.List(t.Context(), d.me)
		if err != nil || len(mine) != 2 || mine[0].Name != "sender.test" || mine[1].Name != "xn--bcher-kva.test" {
			t.Errorf("mine: %+v, %v", mine, err)
		}
		if err := d.Remove(t.Context(), other, "xn--bcher-kva.test"); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("another account removes it: %v", err)
		}
		// A role that may not.
		low := d.me
		low.Role = account.CampaignCreator
		if _, err := d.Add(t.Context(), low, "sender.test", nil, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("without the privilege: %v", err)
		}
	})
}

func TestSignedOnceTheRecordIsSeen(t *testing.T) {
	eachDomains(t, func(t *testing.T, d domains) {
		const from = "news@Sender.TEST"
		added, err := d.Add(t.Context(), d.me, "sender.test", []delivery.Algorithm{delivery.Ed25519, delivery.RSA}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{added.Keys[0].Selector, added.Keys[1].Selector}
		got := d.checked(t)
		if got.Keys[0].State != delivery.Missing || got.SPF.State != delivery.Missing || got.DMARC.State != delivery.Missing || got.CheckedAt.IsZero() {
			t.Errorf("nothing is published: %+v", got)
		}
		if s := d.signs(t, from); len(s) != 0 {
			t.Errorf("signed by %v before a record was seen", s)
		}
		if again := d.Clock.Now().Add(time.Hour); !got.NextCheck.Equal(again) {
			t.Errorf("looked for again at %s, want %s", got.NextCheck, again)
		}

		// The owner may say that it is signed all the same, or not at all.
		for signing, n := range map[delivery.Signing]int{delivery.SignAlways: 2, delivery.SignOff: 0, delivery.SignPublished: 0} {
			if _, err := d.SetSigning(t.Context(), d.me, "sender.test", signing, nil); err != nil {
				t.Fatal(err)
			}
			if s := d.signs(t, from); len(s) != n {
				t.Errorf("%s: signed by %v", signing, s)
			}
		}
		if _, err := d.SetSigning(t.Context(), d.me, "sender.test", "sometimes", nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("a word that there is not: %v", err)
		}

		d.publish(t, added)
		spf, _ := got.SPFRecord()
		dmarc, _ := got.DMARCRecord()
		d.dns.put(spf.Name, spf.Value)
		d.dns.put("spf.relay.test", "v=spf1 ip4:192.0.2.1 -all")
		d.dns.put(dmarc.Name, dmarc.Value)
		if got = d.checked(t); !got.Well() || got.NextCheck.Sub(d.Clock.Now()) != 24*time.Hour {
			t.Errorf("all is published: %+v", got)
		}
		if s := d.signs(t, from); !slices.Equal(s, want) {
			t.Errorf("signed by %v, want %v", s, want)
		}
		// Other accounts and domains are not signed for.
		if s := d.signs(t, "x@other.test"); len(s) != 0 {
			t.Errorf("another domain is signed by %v", s)
		}
		if keys, err := d.SigningKeys(t.Context(), d.me.Account+1, from); err != nil || len(keys) != 0 {
			t.Errorf("another account's mail is signed by %v, %v", keys, err)
		}

		// A DNS that does not answer unsettles nothing, a record that is gone does.
		d.dns.hush("*", true)
		if got = d.checked(t); got.Keys[0].State != delivery.Good || got.SPF.State != delivery.Unasked {
			t.Errorf("no answer: %+v", got)
		}
		d.dns.hush("*", false)
		d.dns.put(got.KeyRecord(got.Keys[0]).Name)
		d.checked(t)
		if s := d.signs(t, from); !slices.Equal(s, want[1:]) {
			t.Errorf("one record is gone: signed by %v, want %v", s, want[1:])
		}
		if err := d.Remove(t.Context(), d.me, "sender.test"); err != nil {
			t.Fatal(err)
		}
		if s := d.signs(t, from); len(s) != 0 {
			t.Errorf("removed, and still signed by %v", s)
		}
	})
}

func TestKeysTakeOver(t *testing.T) {
	eachDomains(t, func(t *testing.T, d domains) {
		const from = "news@sender.test"
		first, err := d.Add(t.Context(), d.me, "sender.test", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		d.publish(t, first)
		d.checked(t)
		old := d.signs(t, from)

		d.Clock.Move(time.Hour)
		never, err := d.Rotate(t.Context(), d.me, "sender.test", nil, nil)
		if err != nil || len(never.Keys) != 2 || never.Keys[0].Algorithm != delivery.RSA || never.Keys[0].Selector == first.Keys[0].Selector {
			t.Fatalf("%+v, %v", never, err)
		}
		d.Clock.Move(time.Hour)
		second, err := d.Rotate(t.Context(), d.me, "sender.test", []delivery.Algorithm{delivery.Ed25519, delivery.RSA}, nil)
		if err != nil || len(second.Keys) != 3 {
			t.Fatalf("those that were never seen are dropped: %+v, %v", second, err)
		}
		d.checked(t)
		if s := d.signs(t, from); !slices.Equal(s, old) {
			t.Errorf("before the new records are seen: %v, want %v", s, old)
		}
		// One of the two is there: the old one goes on for the other.
		r := second.KeyRecord(second.Keys[0])
		d.dns.put(r.Name, r.Value)
		d.checked(t)
		if s := d.signs(t, from); !slices.Equal(s, []string{second.Keys[0].Selector, old[0]}) {
			t.Errorf("half way: %v", s)
		}
		d.publish(t, second)
		got := d.checked(t)
		if s := d.signs(t, from); !slices.Equal(s, []string{second.Keys[0].Selector, second.Keys[1].Selector}) || !got.Keys[2].Retired() {
			t.Errorf("afterwards: %v, %+v", s, got)
		}
		d.Clock.Move(6 * 24 * time.Hour)
		if got = d.checked(t); len(got.Keys) != 3 {
			t.Errorf("the old record may still be needed: %+v", got)
		}
		d.Clock.Move(2 * 24 * time.Hour)
		if got = d.checked(t); len(got.Keys) != 2 {
			t.Errorf("nobody needs the old record: %+v", got)
		}
	})
}

func TestChecksAreDueByTheTimetable(t *testing.T) {
	eachDomains(t, func(t *testing.T, d domains) {
		added := map[id.Account]account.Actor{}
		for range 25 {
			who := ofAccount(d.Account(t, "Another"))
			d.sender(t, who, "a@sender.test", true)
			if _, err := d.Add(t.Context(), who, "sender.test", []delivery.Algorithm{delivery.Ed25519}, nil); err != nil {
				t.Fatal(err)
			}
			added[who.Account] = who
		}
		unchecked := func() (n int) {
			for who := range maps.Values(added) {
				all, err := d.List(t.Context(), who)
				if err != nil || len(all) != 1 {
					t.Fatal(all, err)
				}
				if !all[0].CheckedAt.Equal(d.Clock.Now()) {
					n++
				}
			}
			return n
		}
		for _, want := range []int{5, 0} {
			if err := d.CheckDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := unchecked(); n != want {
				t.Errorf("%d are not checked, want %d", n, want)
			}
		}
		asked := d.dns.asked
		if err := d.CheckDue(t.Context()); err != nil || d.dns.asked != asked {
			t.Errorf("asked once more, though none is due: %v", err)
		}
		d.Clock.Move(time.Hour)
		if err := d.CheckDue(t.Context()); err != nil || unchecked() != 5 {
			t.Errorf("an hour later %d are not checked, %v", unchecked(), err)
		}
		ill, all, err := d.IllDomains(t.Context(), 3)
		if err != nil || all != 25 || len(ill) != 3 || len(ill[0].Keys) != 1 {
			t.Errorf("of %d, %d are ill: %v", all, len(ill), err)
		}
	})
}

// Bounces that come back to one address of the server have their SPF there.
func TestTheEnvelopesOwnDomain(t *testing.T) {
	eachDomains(t, func(t *testing.T, d domains) {
		s := delivery.NewDomains(delivery.DomainOptions{
			Store: d.World.Domains(), Box: secret.New().Box(secret.Domains), DNS: d.dns, Envelope: "bounces.relay.test",
		})
		d.dns.put("bounces.relay.test", "v=spf1 mx -all")
		d.dns.put("_dmarc.sender.test", "v=DMARC1; p=reject")
		if _, err := s.Add(t.Context(), d.me, "sender.test", nil, nil); err != nil {
			t.Fatal(err)
		}
		got, err := s.Check(t.Context(), d.me, "sender.test")
		if err != nil || got.SPF.State != delivery.Good || got.DMARC.State != delivery.Wrong {
			t.Errorf("%+v, %v; want SPF good, but no proof for the domain in From", got, err)
		}
	})
}
