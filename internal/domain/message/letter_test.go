package message_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/message"
	"kith/internal/store"
)

// letter queues a letter to Ann and returns it as it is kept.
func (b branding) letter(t *testing.T, l contact.Letter) message.Mail {
	t.Helper()
	l.Contact.ID, l.Contact.FirstName, l.Contact.LastName = 7, "Ann", "O’Hara <b>"
	l.Contact.Email.Address = to(t, "ann@there.test")
	if l.Link.Purpose != 0 {
		l.Link.Account, l.Link.Contact, l.Link.Ref, l.Link.Ends = b.who.Account, 7, 42, b.clock.Now().Add(7*24*time.Hour)
	}
	err := b.store.Contacts().Within(t.Context(), func(ctx context.Context, tx contact.Tx) error {
		return b.Post().Queue(ctx, tx, b.who.Account, l)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.newest(t)
}

func (b branding) newest(t *testing.T) message.Mail {
	t.Helper()
	mails, err := b.List(t.Context(), b.who, message.Filter{}, page.Request{Limit: 1})
	if err != nil || len(mails.Items) != 1 {
		t.Fatalf("%d mails, %v", len(mails.Items), err)
	}
	return mails.Items[0]
}

// composed returns a kept mail as it leaves.
func (b branding) composed(t *testing.T, number id.Mail) message.Outgoing {
	t.Helper()
	var row message.Row
	err := b.store.Messages().View(t.Context(), func(ctx context.Context, tx message.Tx) (err error) {
		row, err = tx.MailByNumber(ctx, b.who.Account, number)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(row.TextBody)+len(row.HTMLBody) > 0 || len(row.Params) == 0 || strings.Contains(string(row.Params), "Ann") {
		t.Errorf("the row holds %d and %d bytes of body, params %q", len(row.TextBody), len(row.HTMLBody), row.Params)
	}
	out, err := b.Compose(t.Context(), row)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func header(all []message.Header, name string) string {
	i := slices.IndexFunc(all, func(h message.Header) bool { return h.Name == name })
	if i < 0 {
		return ""
	}
	return all[i].Value
}

var anyLink = regexp.MustCompile(`https://kith\.test(/[a-z/]+/)([a-z0-9]+)`)

// linksIn returns what the links of a text open, by the page.
func linksIn(t *testing.T, text string) map[string]contact.Link {
	t.Helper()
	found := map[string]contact.Link{}
	for _, m := range anyLink.FindAllStringSubmatch(text, -1) {
		l, err := links.Read(m[2], time.Time{})
		if err != nil {
			t.Errorf("the link %s: %v", m[0], err)
		}
		found[m[1]] = l
	}
	return found
}

func TestLettersAreWrittenWhenTheyLeave(t *testing.T) {
	pages := map[contact.LetterKind]struct {
		purpose contact.Purpose
		path    string
	}{
		contact.Welcome:      {0, ""},
		contact.AskToConfirm: {contact.ToConfirm, "/p/confirm/"},
		contact.Reminder:     {contact.ToConfirm, "/p/confirm/"},
		contact.AskToReturn:  {contact.ToReturn, "/p/return/"},
		contact.AskAddress:   {contact.ToAddress, "/p/address/"},
	}
	eachRelayed(t, true, func(t *testing.T, b branding) {
		for kind, want := range pages {
			l := contact.Letter{Kind: kind, List: b.list.Number, Link: contact.Link{Purpose: want.purpose}}
			if kind == contact.AskAddress {
				l.To = to(t, "new@there.test")
			}
			m := b.letter(t, l)
			if m.Contact != 7 || m.List != b.list.Number || !m.WayIn || m.State != message.Queued || m.Content == 0 ||
				!strings.Contains(m.Subject, "Hill Walkers") || m.From != (message.Sender{Name: "Hill Walkers", Address: "kith@sender.test"}) ||
				m.ToName != "Ann O’Hara <b>" {
				t.Errorf("%s: kept %+v", kind, m)
			}
			out := b.composed(t, m.Number)
			for _, body := range []string{out.Mail.Text, out.Mail.HTML} {
				found := linksIn(t, body)
				if want.path != "" {
					got := found[want.path]
					if got.Purpose != want.purpose || got.Contact != 7 || got.Account != b.who.Account || got.Ref != 42 || got.Ends.Sub(b.clock.Now()).Round(time.Hour) != 7*24*time.Hour {
						t.Errorf("%s: the button opens %+v in %s", kind, got, body)
					}
					if !strings.Contains(body, "7 days") {
						t.Errorf("%s does not say how long: %s", kind, body)
					}
				}
				// Whoever reads at a new address may not be the contact.
				own := kind != contact.AskAddress
				if (found["/p/preferences/"].Purpose == contact.ToPreferences) != own || (found["/u/"].Purpose == contact.ToUnsubscribe) != own {
					t.Errorf("%s: links at the foot: %v", kind, found)
				}
				if !strings.Contains(body, "Hello Ann,") || strings.Contains(body, "[[") || strings.Contains(body, "{{") || strings.Contains(body, "{%") || strings.Contains(body, "{link}") {
					t.Errorf("%s: %s", kind, body)
				}
			}
			unsubscribe := header(out.Headers, "List-Unsubscribe")
			if kind == contact.AskAddress {
				if unsubscribe != "" || m.To.String() != "new@there.test" || !strings.Contains(out.Mail.Text, "new@there.test") {
					t.Errorf("the mail to a new address: %+v", out)
				}
				continue
			}
			if linksIn(t, unsubscribe)["/u/"].Ref != int64(b.list.Number) || header(out.Headers, "List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
				t.Errorf("%s: headers %v", kind, out.Headers)
			}
			if got := header(out.Headers, "List-ID"); got != `Walkers <`+b.list.UID.String()+`.kith.test>` {
				t.Errorf("List-ID: %s", got)
			}
			if got := header(out.Headers, "Feedback-ID"); !regexp.MustCompile(`^\d+:` + string(kind) + `:\d+:kithmail$`).MatchString(got) {
				t.Errorf("Feedback-ID: %s", got)
			}
		}
	})
}

func TestWhatPeopleWroteIsNoMarkup(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		in := message.ContentInput{Subject: "Hi [[LastName]]", HTML: "<p>[[LastName]]</p>[[PreferencesLink]]"}
		if _, err := b.PutTemplate(t.Context(), b.who, message.Welcome, "en", in, nil); err != nil {
			t.Fatal(err)
		}
		out := b.composed(t, b.letter(t, contact.Letter{Kind: contact.Welcome}).Number)
		if out.Mail.Subject != "Hi O’Hara <b>" || !strings.Contains(out.Mail.HTML, "O’Hara &lt;b&gt;") || strings.Contains(out.Mail.HTML, "<b>") ||
			!strings.HasPrefix(out.Mail.Text, "O’Hara <b>") {
			t.Errorf("got %s\n%s\n%s", out.Mail.Subject, out.Mail.HTML, out.Mail.Text)
		}
	})
}

func TestLettersInTheBrandsLanguageAndName(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		of := b.list
		err := b.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			o := contact.DefaultOptIn()
			o.Language = "fr"
			return tx.PutOptIn(ctx, b.who.Account, o)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.PutBrand(t.Context(), b.who, id.Ref[id.List]{}, message.BrandInput{Colour: "#ffcc00", ReplyTo: "office@org.test"}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := b.PutBrand(t.Context(), b.who, of, message.BrandInput{Sender: b.sender, FromName: "The Walkers", Language: "de", LogoURL: "https://org.test/l.png"}, nil); err != nil {
			t.Fatal(err)
		}
		m := b.letter(t, contact.Letter{Kind: contact.Welcome, List: of.Number})
		if m.Subject != "Willkommen bei Hill Walkers" || m.From != (message.Sender{Name: "The Walkers", Address: "news@org.test"}) ||
			m.ReplyTo != "office@org.test" || !strings.HasSuffix(m.MessageID, "@org.test") {
			t.Errorf("the list's: %+v", m)
		}
		if page := b.composed(t, m.Number).Mail.HTML; !strings.Contains(page, "https://org.test/l.png") || !strings.Contains(page, `bgcolor="#ffcc00"`) || !strings.Contains(page, `lang="de"`) {
			t.Error(page)
		}
		if m := b.letter(t, contact.Letter{Kind: contact.Welcome}); m.Subject != "Bienvenue chez Hill Walkers" || m.From.Address != "kith@sender.test" {
			t.Errorf("the account's: %+v", m)
		}
		if m := b.letter(t, contact.Letter{Kind: contact.Welcome, Language: "nl"}); m.Subject != "Welkom bij Hill Walkers" {
			t.Errorf("the contact's: %+v", m)
		}
		if m := b.letter(t, contact.Letter{Kind: contact.Welcome, Language: "xx"}); m.Subject != "Bienvenue chez Hill Walkers" {
			t.Errorf("a language that Kith does not speak: %+v", m)
		}
	})
}

// A sender address that is not confirmed, or that is gone, is not sent from.
func TestUnconfirmedSendersAreNotSentFrom(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		err := b.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.UpdateSender(ctx, b.who.Account, account.Sender{ID: b.sender, Roles: account.RoleContact})
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.PutBrand(t.Context(), b.who, id.Ref[id.List]{}, message.BrandInput{Sender: b.sender}, nil); err != nil {
			t.Fatal(err)
		}
		if m := b.letter(t, contact.Letter{Kind: contact.Welcome}); m.From.Address != "kith@sender.test" || m.ReplyTo != "" {
			t.Errorf("got %+v", m)
		}
	})
}

// The links of a mail to a contact are the contact's: an owner who could open
// them could confirm in their place. Where no mail leaves at all, somebody must
// be able to.
func TestLinksOfContactsAreHarmlessInTheOutbox(t *testing.T) {
	for _, leaves := range []bool{false, true} {
		eachRelayed(t, leaves, func(t *testing.T, b branding) {
			m := b.letter(t, contact.Letter{Kind: contact.AskToConfirm, Link: contact.Link{Purpose: contact.ToConfirm}})
			manager := b.who
			manager.Role = account.Manager
			for _, c := range []struct {
				who      account.Actor
				harmless bool
			}{{b.who, leaves}, {manager, true}} {
				o, err := b.Get(t.Context(), c.who, m.Number)
				if err != nil || o.Hidden || o.Harmless != c.harmless || o.Text == "" || header(o.Headers, "Subject") == "" {
					t.Fatalf("got %+v, %v", o, err)
				}
				for _, shown := range []string{o.Text, o.HTML, header(o.Headers, "List-Unsubscribe")} {
					for _, l := range anyLink.FindAllStringSubmatch(shown, -1) {
						if (l[2] == "hidden") != c.harmless {
							t.Errorf("with a relay %t, to a %s: %s", leaves, c.who.Role, l[0])
						}
					}
					if !anyLink.MatchString(shown) {
						t.Errorf("no link in %q", shown)
					}
				}
			}
		})
	}
}

func TestMailsOfAccounts(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		for _, c := range []struct {
			mail    account.Mail
			subject string
			says    []string
		}{
			{account.Mail{Kind: account.LinkReset}, "Choose a new password", []string{"ann@there.test", "Hello Ann,"}},
			{account.Mail{Kind: account.LinkConfirm}, "Confirm your email address", []string{"Hill Walkers", "Hello Ann,"}},
			{account.Mail{Kind: account.LinkInvite, Host: "Kim Roy", Role: account.Manager}, "Kim Roy invites you to Hill Walkers", []string{"a manager", "managers may do everything"}},
			{account.Mail{Kind: account.LinkSender}, "Confirm ann@there.test for Hill Walkers", []string{"wants to send mail"}},
		} {
			c.mail.Account, c.mail.To, c.mail.For, c.mail.FirstName = b.who.Account, to(t, "ann@there.test"), b.who.User, "Ann"
			c.mail.Link, c.mail.Good = "https://kith.test/x?token=ABC", 24*time.Hour
			err := b.store.Accounts().Within(t.Context(), func(ctx context.Context, tx account.Tx) error {
				return b.Mailer().Queue(ctx, tx, c.mail)
			})
			if err != nil {
				t.Fatal(err)
			}
			m := b.newest(t)
			if m.Kind != message.Kind(c.mail.Kind) || m.Subject != c.subject || !m.WayIn || m.ForUser != b.who.User || m.Contact != 0 || m.From.Name != "Kith" {
				t.Errorf("%s: %+v", c.mail.Kind, m)
			}
			out := b.composed(t, m.Number)
			for _, body := range []string{out.Mail.Text, out.Mail.HTML} {
				for _, says := range append(c.says, "https://kith.test/x?token=ABC", "24 hours") {
					if !strings.Contains(body, says) {
						t.Errorf("%s does not say %q: %s", c.mail.Kind, says, body)
					}
				}
			}
			if len(out.Headers) > 0 {
				t.Errorf("%s: %v", c.mail.Kind, out.Headers)
			}
			if o, err := b.Get(t.Context(), b.who, m.Number); err != nil || o.Hidden || o.Text != out.Mail.Text {
				t.Errorf("%s: whom it is for sees %+v, %v", c.mail.Kind, o, err)
			}
			other := b.who
			other.User++
			if o, err := b.Get(t.Context(), other, m.Number); err != nil || !o.Hidden || o.Text != "" || o.HTML != "" || o.Headers != nil {
				t.Errorf("%s: another sees %+v, %v", c.mail.Kind, o, err)
			}
		}
	})
}

// Who asked to send from an address must not be able to confirm it in the place
// of who owns it, unless there is no other way to read the mail.
func TestMailToASenderAddressIsHiddenWhereItLeaves(t *testing.T) {
	for _, leaves := range []bool{false, true} {
		eachRelayed(t, leaves, func(t *testing.T, b branding) {
			err := b.store.Accounts().Within(t.Context(), func(ctx context.Context, tx account.Tx) error {
				return b.Mailer().Queue(ctx, tx, account.Mail{Kind: account.LinkSender, Account: b.who.Account, To: to(t, "news@there.test"), For: 9, Link: "https://kith.test/x"})
			})
			if err != nil {
				t.Fatal(err)
			}
			if m := b.newest(t); !m.WayIn || (m.ForUser == 9) == leaves {
				t.Errorf("with a relay %t: for user %d", leaves, m.ForUser)
			}
		})
	}
}

func unsendable(err error) bool {
	_, is := errors.AsType[*message.UnsendableError](err)
	return is
}

func TestLookOfAnAccountAndOfAList(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		plain := message.Look{Name: "Hill Walkers"}
		if _, err := b.PutBrand(t.Context(), b.who, b.list, message.BrandInput{Colour: "#ffcc00", Language: "it", LogoURL: "https://org.test/l.png"}, nil); err != nil {
			t.Fatal(err)
		}
		own := message.Look{Name: "Hill Walkers", Colour: "#ffcc00", Language: "it", LogoURL: "https://org.test/l.png"}
		for of, want := range map[id.List]message.Look{0: plain, b.list.Number: own, 999: plain} {
			if got, err := b.Look(t.Context(), b.who.Account, of); err != nil || got != want {
				t.Errorf("list %d: got %+v, %v", of, got, err)
			}
		}
		if _, err := b.Look(t.Context(), 999, 0); !fault.Is(err, fault.NotFound) {
			t.Errorf("no such account: %v", err)
		}
	})
}

// A mail that was queued by another version says what that version said.
func TestContentsOfOtherVersionsStayReadable(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		if err := b.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		old := message.Content{Kind: message.Welcome, Language: "en", Subject: "Hi", HTML: "<p>As we said it once, [[FirstName]]</p>", Text: "As we said it once, [[FirstName]]"}
		m := b.letter(t, contact.Letter{Kind: contact.Welcome})
		err := b.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.ContentByNumber(ctx, 0, m.Content); err != nil {
				return err
			}
			if err := tx.PutContent(ctx, 0, old); err != nil {
				return err
			}
			row, err := tx.MailByNumber(ctx, b.who.Account, m.Number)
			if err != nil {
				return err
			}
			row.Content = old.Number()
			_, err = tx.InsertMail(ctx, row)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if o, err := b.Get(t.Context(), b.who, b.newest(t).Number); err != nil || !strings.HasPrefix(o.Text, "As we said it once, Ann\n") {
			t.Errorf("got %q, %v", o.Text, err)
		}
		// One that nobody knows is not sent, and says so.
		row := message.Row{Mail: m}
		row.Content++
		row.WayIn, row.Params = false, []byte{1}
		if _, err := b.Compose(t.Context(), row); !unsendable(err) {
			t.Errorf("a mail without a content: %v", err)
		}
		row.Mail, row.Params = m, []byte("sealed by another")
		if _, err := b.Compose(t.Context(), row); !unsendable(err) {
			t.Errorf("a mail that cannot be opened: %v", err)
		}
	})
}
