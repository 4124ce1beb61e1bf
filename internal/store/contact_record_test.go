package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/base/change"
	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store"
)

// An export reads contacts in another way than everybody else, and finds the
// same, whatever their texts have in them.
func TestRecordsAreContacts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		at := func(n int) time.Time { return time.UnixMilli(int64(n) * 86_400_123).UTC() }
		whole := func(n int, address, text string) contact.Contact {
			c := contact.Contact{
				ID: id.Contact(n), UID: id.UID{15: byte(n)}, FirstName: "First" + text, LastName: text, JobTitle: text + "Job", CompanyName: "1" + text + "2",
				Birthday: date.Birthday{Month: 2, Day: 29}, Anniversary: date.Day{Year: 1999, Month: 12, Day: 31},
				CreateSource: contact.SourceContact, UpdateSource: contact.SourceAccount, CreatedAt: at(1), UpdatedAt: at(2),
				Phones:    []contact.Phone{{UID: id.UID{1}, Number: "+1 2" + text, Kind: contact.Work, CreatedAt: at(3), UpdatedAt: at(4)}},
				Addresses: []contact.Address{{UID: id.UID{2}, Kind: contact.Home, Street: text, City: "Łódź", CreatedAt: at(5), UpdatedAt: at(6)}},
			}
			c.Email.Consent = contact.Consent{
				Permission: contact.Unsubscribed, Confirm: contact.Confirmed, OptInSource: contact.SourceContact, OptInAt: at(7),
				OptOutSource: contact.SourceContact, OptOutAt: at(8), OptOutReason: "too many" + text,
			}
			if address != "" {
				c.Email.Address, c.Email.CreatedAt, c.Email.UpdatedAt = email.Stored(address), at(9), at(10)
			}
			return c
		}
		gone := whole(3, "gone@example.org", "")
		gone.DeletedAt = at(11)
		for _, odd := range []string{"", "\x1f", "1\x1f2\x1f3"} { // contacts, then contacts with the separator among them
			all := []contact.Contact{whole(1, "ann@example.org", ", \"x\"\n\t"), whole(2, "", ""), gone, {ID: 4, UID: id.UID{15: 4}, CreatedAt: at(1), UpdatedAt: at(2)}}
			if odd != "" {
				all = []contact.Contact{whole(10+len(odd), "odd"+string(rune('a'+len(odd)))+"@example.org", odd)}
			}
			err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				for _, c := range all {
					if err := tx.WriteContact(ctx, 1, change.Origin{}, contact.Write{Contact: c, New: true}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, include := range []contact.Include{contact.IncludeNothing, contact.IncludePhones | contact.IncludeAddresses} {
				for _, numbers := range [][]id.Contact{{1, 2, 3, 4, 5, 11, 15}, {1, 3, 11}, {2, 11, 15, 1 << 40}} {
					compareRecords(t, s, numbers, include)
				}
			}
		}
	})
}

func compareRecords(t *testing.T, s *store.Store, numbers []id.Contact, include contact.Include) {
	t.Helper()
	var want, got []contact.Contact
	err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		want, got = nil, nil
		refs := make([]id.Ref[id.Contact], len(numbers))
		for i, n := range numbers {
			refs[i].Number = n
		}
		there, err := tx.ContactRefs(ctx, 1, refs)
		if err != nil {
			return err
		}
		for _, n := range numbers {
			for _, ref := range there {
				if ref.Number == n {
					c, err := tx.ContactByRef(ctx, 1, ref, include)
					if err != nil {
						return err
					}
					want = append(want, c)
				}
			}
		}
		records, err := tx.Records(ctx, 1, numbers, include)
		for _, r := range records {
			got = append(got, r.Contact)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(email.Address{})); diff != "" || len(want) == 0 {
		t.Errorf("%v (-as a contact +as a record):\n%s", numbers, diff)
	}
}
