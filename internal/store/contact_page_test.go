package store_test

import (
	"strings"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/store"
)

// Every page is read along an index, whatever the position, and before any
// statistics are there to help.
func TestPagesAreReadAlongAnIndex(t *testing.T) {
	lists := []id.Ref[id.List]{{Number: 1}, {Number: 2}}
	tags := []id.Ref[id.Tag]{{Number: 1}}
	at := time.UnixMilli(1)
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		for _, c := range []struct {
			name   string
			filter contact.Filter
			sqlite string // what SQLite's plan must say
		}{
			{"all that are there", contact.Filter{}, "c USING PRIMARY KEY (account_id=? AND number>?)"},
			{"newest first", contact.Filter{Order: contact.Newest}, "c USING PRIMARY KEY (account_id=? AND number<?)"},
			{"active", contact.Filter{Statuses: contact.StatusActive}, "c USING PRIMARY KEY (account_id=? AND number>?)"},
			{"unsubscribed", contact.Filter{Statuses: 1 << contact.Unsubscribed}, "c USING INDEX contact_apart (account_id=? AND number>?)"},
			{"deleted", contact.Filter{Statuses: contact.StatusDeleted}, "c USING INDEX contact_deleted (account_id=? AND number>?)"},
			{"an address", contact.Filter{Email: "a@b.example"}, "c USING INDEX contact_email (account_id=? AND email=?)"},
			{"a list", contact.Filter{Lists: lists[:1]}, "m USING PRIMARY KEY (account_id=? AND list=? AND contact>?)"},
			{"lists", contact.Filter{Lists: lists, Tags: tags}, "m USING PRIMARY KEY (account_id=? AND list=? AND contact>?)"},
			{"a tag", contact.Filter{Tags: tags}, "m USING PRIMARY KEY (account_id=? AND tag=? AND contact>?)"},
			{"updated", contact.Filter{UpdatedAfter: at}, "c USING INDEX contact_updated (account_id=? AND (updated_at,number)>(?,?))"},
			{"updated on lists", contact.Filter{UpdatedAfter: at, Lists: lists}, "c USING INDEX contact_updated (account_id=? AND (updated_at,number)>(?,?))"},
			{"opted out", contact.Filter{OptOutAfter: at}, "c USING INDEX contact_updated (account_id=? AND (updated_at,number)>(?,?))"},
			{"last changes", contact.Filter{Order: contact.UpdatedLast}, "c USING INDEX contact_updated (account_id=? AND (updated_at,number)<(?,?))"},
			{"an SMS permission", contact.Filter{SMS: 1 << contact.Explicit}, "m USING COVERING INDEX sms_channel_permission (account_id=? AND permission=? AND contact>?)"},
			{"SMS permission not set", contact.Filter{SMS: 1 << contact.NotSet}, "c USING PRIMARY KEY (account_id=? AND number>?)"},
			{"a search", contact.Filter{Search: "anna"}, "c USING INDEX contact_email (account_id=? AND email>? AND email<?)"},
		} {
			for _, after := range []page.Position{{}, {Time: 1, Number: 1}} {
				plan, err := s.PagePlan(t.Context(), c.filter, after)
				if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				for _, bad := range []string{"SCAN c\n", "SCAN m\n", "Seq Scan", "Bitmap"} {
					if strings.Contains(plan+"\n", bad) {
						t.Errorf("%s after %v: %q in\n%s", c.name, after, bad, plan)
					}
				}
				if strings.Contains(t.Name(), "sqlite") && !strings.Contains(plan, c.sqlite) {
					t.Errorf("%s after %v: want %q in\n%s", c.name, after, c.sqlite, plan)
				}
			}
		}
	})
}
