package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kith/internal/app"
	"kith/internal/domain/delivery"
	"kith/internal/ops"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

func TestTheDoctorTellsOfSenderDomains(t *testing.T) {
	t.Parallel()
	c := settings(t, nil)
	serve(t, c)
	s, err := store.Open(t.Context(), store.Options{Path: ops.Folder(c.Data).Database()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := &storetest.World{Store: s}
	d := delivery.Domain{
		Account: w.Account(t, "Paper Boats").ID, Name: "example.org", Signing: delivery.SignPublished,
		SPF: delivery.Finding{State: delivery.Good}, DMARC: delivery.Finding{State: delivery.Missing},
		Keys: []delivery.DomainKey{{Selector: "s", Algorithm: delivery.RSA, Sealed: []byte{1}, Finding: delivery.Finding{State: delivery.Missing}}},
	}
	check := func() ops.Check {
		t.Helper()
		w.Do(t, func(ctx context.Context, tx *store.Tx) error {
			d.CreatedAt, d.CheckedAt, d.NextCheck = tx.Now(), tx.Now(), tx.Now().Add(24*time.Hour)
			return tx.PutDomain(ctx, d)
		})
		for _, k := range app.Doctor(t.Context(), c, nil) {
			if k.Name == "domains" {
				return k
			}
		}
		t.Fatal("the doctor says nothing of domains")
		return ops.Check{}
	}
	if k := check(); k.OK || k.Message != "example.org lacks DKIM, DMARC" || k.Remedy == "" {
		t.Errorf("%+v", k)
	}
	d.DMARC.State, d.Keys[0].State = delivery.Good, delivery.Good
	if k := check(); !k.OK || !strings.HasPrefix(k.Message, "1 to send from") {
		t.Errorf("%+v", k)
	}
}
