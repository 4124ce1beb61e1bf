package message_test

import (
	"context"
	"slices"
	"testing"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// branding is an account whose mail is written: it has a sender address and a
// list.
type branding struct {
	*message.Service

	store  *store.Store
	clock  *clock.Settable
	who    account.Actor
	sender id.Sender
	list   id.Ref[id.List]
}

var links = contact.NewLinks([]byte("0123456789abcdef0123456789abcdef"))

func eachBranding(t *testing.T, test func(t *testing.T, b branding)) {
	t.Helper()
	eachRelayed(t, false, test)
}

// eachRelayed is eachBranding on a server that sends mail, or does not.
func eachRelayed(t *testing.T, leaves bool, test func(t *testing.T, b branding)) {
	t.Helper()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		a := w.Account(t, "Hill Walkers")
		b := branding{
			store: w.Store, clock: w.Clock,
			Service: message.New(message.Options{
				Store: w.Messages(), Box: secret.New().Box(secret.Mail),
				From: message.Sender{Name: "Kith", Address: "kith@sender.test"}, Leaves: leaves,
				PublicURL: "https://kith.test", Links: links,
			}),
		}
		b.who, _ = w.User(t, a, "owner@org.test", account.Owner)
		made, err := list.New(w.Lists()).Create(t.Context(), b.who, list.Input{Name: "Walkers"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		b.list = made.Ref()
		w.Do(t, func(ctx context.Context, tx *store.Tx) error {
			b.sender, err = tx.InsertSender(ctx, a.ID, account.Sender{Email: to(t, "news@org.test"), ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
			return err
		})
		test(t, b)
	})
}

func TestBrandOfAnAccountAndOfAList(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		whole := message.BrandInput{
			Sender: b.sender, FromName: " Hill Walkers ", ReplyTo: "Office@Org.Test", LogoURL: "https://org.test/logo.png",
			Colour: "#AA3300", Language: "de",
		}
		want := message.Brand{
			Sender: b.sender, FromName: "Hill Walkers", ReplyTo: to(t, "office@org.test"), LogoURL: "https://org.test/logo.png",
			Colour: "#aa3300", Language: "de",
		}
		for _, of := range []id.Ref[id.List]{b.list, {}} {
			if of.IsZero() {
				whole.Language, want.Language = "", "" // see contact.OptIn
			}
			if got, err := b.Brand(t.Context(), b.who, of); err != nil || got != (message.Brand{}) {
				t.Errorf("before: %+v, %v", got, err)
			}
			got, err := b.PutBrand(t.Context(), b.who, of, whole, nil)
			if err != nil || got != want {
				t.Errorf("got %+v, %v", got, err)
			}
			if got, err = b.Brand(t.Context(), b.who, of); err != nil || got != want {
				t.Errorf("read: %+v, %v", got, err)
			}
			if _, err := b.PutBrand(t.Context(), b.who, of, message.BrandInput{}, nil); err != nil {
				t.Error(err)
			}
			if got, err = b.Brand(t.Context(), b.who, of); err != nil || got != (message.Brand{}) {
				t.Errorf("emptied: %+v, %v", got, err)
			}
		}
		_, err := b.PutBrand(t.Context(), b.who, id.Ref[id.List]{}, message.BrandInput{
			Sender: 99, FromName: "a\nb", ReplyTo: "nobody", LogoURL: "javascript:alert(1)", Colour: "red", Language: "xx",
		}, nil)
		var paths []string
		for _, p := range fault.Of(err).Problems {
			paths = append(paths, p.Path)
		}
		if want := []string{"sender_id", "from_name", "reply_to", "logo_url", "colour", "language"}; !slices.Equal(paths, want) {
			t.Errorf("problems with %v, want %v", paths, want)
		}
		if _, err := b.Brand(t.Context(), b.who, id.Ref[id.List]{Number: 99}); !fault.Is(err, fault.NotFound) {
			t.Errorf("no such list: %v", err)
		}
		guest := b.who
		guest.Role = account.Manager
		if _, err := b.PutBrand(t.Context(), guest, id.Ref[id.List]{}, whole, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a manager sets the brand: %v", err)
		}
	})
}

func TestContentsAreKeptOnce(t *testing.T) {
	eachBranding(t, func(t *testing.T, b branding) {
		one := message.Content{Kind: "welcome", Language: "en", Subject: "Hi", Preheader: "there", HTML: "<p>Hi</p>", Text: "Hi"}
		other := one
		other.Subject, other.Preheader = "Hit", "here"
		if one.Number() == other.Number() || one.Number() <= 0 {
			t.Fatal("two contents have one number")
		}
		err := b.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for _, c := range []message.Content{one, other, one} {
				if err := tx.PutContent(ctx, b.who.Account, c); err != nil {
					return err
				}
			}
			got, err := tx.ContentByNumber(ctx, b.who.Account, other.Number())
			if err != nil || got != other {
				t.Errorf("got %+v, %v", got, err)
			}
			_, err = tx.ContentByNumber(ctx, b.who.Account+1, one.Number())
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("another account's: %v", err)
			}
			t1 := message.Template{Kind: "welcome", Language: "en", Content: one.Number(), UpdatedAt: tx.Now()}
			t2 := t1
			t2.Content = other.Number()
			for _, tmpl := range []message.Template{t1, t2} {
				if err := tx.PutTemplate(ctx, b.who.Account, tmpl); err != nil {
					return err
				}
			}
			all, err := tx.Templates(ctx, b.who.Account)
			if err != nil || !slices.Equal(all, []message.Template{t2}) {
				t.Errorf("got %+v, %v", all, err)
			}
			for i, want := range []bool{true, false} {
				if there, err := tx.DropTemplate(ctx, b.who.Account, "welcome", "en"); err != nil || there != want {
					t.Errorf("%d: %v, %v", i, there, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
