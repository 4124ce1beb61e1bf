package apiv3_test

import (
	"net/http"
	"testing"

	"kith/internal/domain/contact"
)

// With confirmed opt-in who comes by their own act waits for their own answer.
func TestConfirmedOptIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		gold := c.newList("Gold")
		opts := contact.DefaultOptIn()
		opts.Confirm = true
		if _, err := w.contacts.SetOptIn(t.Context(), w.ann, opts, nil); err != nil {
			t.Fatal(err)
		}
		stands := func(name, id, permission, confirm string) {
			t.Helper()
			got := c.call(http.MethodGet, "/v3/contacts/"+id, nil).status(200)
			if p, s := got.text("email_address.permission_to_send"), got.text("email_address.confirm_status"); p != permission || s != confirm {
				t.Errorf("%s: %s, %s; want %s, %s", name, p, s, permission, confirm)
			}
		}
		signUp := func(address string) string {
			t.Helper()
			return c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
				"email_address": address, "list_memberships": []string{gold},
			}).text("contact_id")
		}
		post := func(address, source, permission string) string {
			t.Helper()
			email := object{"address": address}
			if permission != "" {
				email["permission_to_send"] = permission
			}
			return c.call(http.MethodPost, "/v3/contacts", object{"email_address": email, "create_source": source}).status(201).text("contact_id")
		}

		stands("who signs up", signUp("a@example.org"), "pending_confirmation", "pending")
		stands("made in their name", post("b@example.org", "Contact", ""), "pending_confirmation", "pending")
		stands("made in their name, explicit", post("c@example.org", "Contact", "explicit"), "pending_confirmation", "pending")
		stands("made by the account", post("d@example.org", "Account", ""), "implicit", "off")
		known := post("e@example.org", "Account", "explicit")
		signUp("e@example.org")
		stands("who is known and signs up", known, "explicit", "off")
		deleted := post("f@example.org", "Account", "explicit")
		c.call(http.MethodDelete, "/v3/contacts/"+deleted, nil).status(204)
		signUp("f@example.org")
		stands("who was deleted and signs up", deleted, "pending_confirmation", "pending")

		// One whom the account makes pending is asked as well: see resubscribe.
		asked := post("g@example.org", "Account", "pending_confirmation")
		stands("made pending", asked, "pending_confirmation", "pending")
		c.call(http.MethodPut, "/v3/contacts/resubscribe/"+asked, object{"list_ids": []string{gold}}).code(409, "contact.asked")
		w.Clock.Move(opts.ExpireAfter)
		c = w.client() // with a token of that day
		if _, err := w.contacts.SweepAsks(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.call(http.MethodPut, "/v3/contacts/resubscribe/"+asked, object{"list_ids": []string{gold}}).status(200)
	})
}
