package pull_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/phone"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/pull"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// elsewhere is another server. It fails at the page that fail names.
type elsewhere struct {
	fields   []contact.Field
	lists    []list.List
	tags     []contact.Tag
	contacts []contact.Contact
	fail     string
	err      error
}

func (e *elsewhere) Name() string                                    { return "https://there.example" }
func (e *elsewhere) Fields(context.Context) ([]contact.Field, error) { return e.fields, nil }
func (e *elsewhere) Lists(context.Context) ([]list.List, error)      { return e.lists, nil }
func (e *elsewhere) Tags(context.Context) ([]contact.Tag, error)     { return e.tags, nil }
func (e *elsewhere) Contacts(_ context.Context, stage pull.Stage, cursor string) (pull.Page, error) {
	if e.fail != "" && cursor == e.fail {
		return pull.Page{}, e.err
	}
	at := 0
	if cursor != "" {
		if _, err := fmt.Sscan(cursor, &at); err != nil {
			return pull.Page{}, err
		}
	}
	var p pull.Page
	for _, c := range e.contacts[at:min(at+2, len(e.contacts))] {
		if stage == pull.Deleted == c.Deleted() {
			p.Contacts = append(p.Contacts, c)
		}
	}
	if p.Total = int64(len(e.contacts)); at+2 < len(e.contacts) {
		p.Next = fmt.Sprint(at + 2)
	}
	return p, nil
}

var long = time.Date(2019, 5, 6, 7, 8, 9, 0, time.UTC)

func uid(n byte) id.UID { return id.UID{1, 15: n} }

func someone(n byte, address string, p contact.Permission) contact.Contact {
	c := contact.Contact{UID: uid(n), CreateSource: contact.SourceContact, UpdateSource: contact.SourceAccount, CreatedAt: long, UpdatedAt: long}
	c.Email = contact.Email{Address: email.Stored(address), CreatedAt: long, UpdatedAt: long}
	c.Email.Permission = p
	return c
}

func other() *elsewhere {
	e := &elsewhere{
		fields: []contact.Field{
			{UID: uid(1), Label: "Shoe size", Type: contact.TypeNumber, CreatedAt: long, UpdatedAt: long},
			{UID: uid(2), Label: "Colour", Type: contact.TypeSingleSelect, Choices: []contact.Choice{{ID: 7, Label: "Red", Order: 1}, {ID: 9, Label: "Blue", Order: 2}}},
		},
		lists: []list.List{{UID: uid(3), Name: "Gold"}, {UID: uid(4), Name: "Silver", CreatedAt: long, UpdatedAt: long}},
		tags:  []contact.Tag{{UID: uid(5), Name: "Friend", Source: "there"}},
	}
	ann := someone(10, "ann@example.org", contact.Explicit)
	ann.Email.OptInSource, ann.Email.OptInAt, ann.Email.Confirm = contact.SourceContact, long, contact.Confirmed
	ann.Lists = []id.Ref[id.List]{{UID: uid(3)}, {UID: uid(4)}, {UID: uid(99)}}
	ann.Tags = []id.Ref[id.Tag]{{UID: uid(5)}}
	ann.Fields = []contact.FieldValue{
		{Field: id.Ref[id.Field]{UID: uid(1)}, Value: "44"},
		{Field: id.Ref[id.Field]{UID: uid(2)}, Choices: []int64{9}},
	}
	ann.Notes = []contact.Note{{UID: uid(20), CreatedAt: long, Content: "tall"}}
	ann.Phones = []contact.Phone{{UID: uid(21), Number: "+1", Kind: contact.Home, CreatedAt: long, UpdatedAt: long}}
	bob := someone(11, "bob@example.org", contact.Unsubscribed)
	bob.Email.OptOutSource, bob.Email.OptOutAt, bob.Email.OptOutReason = contact.SourceContact, long, "too much"
	bob.Fields = []contact.FieldValue{{Field: id.Ref[id.Field]{UID: uid(1)}, Value: "large"}}
	cid := someone(12, "cid@example.org", contact.Implicit)
	cid.DeletedAt = long
	dan := someone(13, "", contact.NotSet)
	at := func(c *contact.Contact, n byte, last string, p contact.Permission) {
		c.SMS = &contact.SMS{UID: uid(n), UpdateSource: contact.SourceContact, CreatedAt: long, UpdatedAt: long}
		if last != "" {
			c.SMS.Number = phone.Stored("120255501" + last)
		}
		c.SMS.Permission, c.SMS.OptInSource, c.SMS.OptInAt = p, contact.SourceContact, long
	}
	at(&ann, 30, "30", contact.Explicit)
	at(&bob, 31, "30", contact.Explicit) // ann has it
	at(&cid, 32, "", contact.Explicit)   // no number here
	at(&dan, 33, "33", contact.Unsubscribed)
	here := someone(14, "here@example.org", contact.Explicit)
	e.contacts = []contact.Contact{ann, bob, cid, dan, here}
	return e
}

func setUp(t *testing.T, w *storetest.World) account.Actor {
	t.Helper()
	a := w.Account(t, "Moor Books")
	by, _ := w.User(t, a, "tom@example.org", account.Owner)
	by.Via, by.Operation = account.ViaCommand, "kith pull"
	gold, err := list.New(w.Lists()).Create(t.Context(), by, list.Input{Name: "gold"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	contacts := contact.New(w.Contacts(), contact.Options{})
	if _, err := contacts.CreateField(t.Context(), by, contact.NewField{Label: "colour", Type: contact.TypeSingleSelect, Choices: []string{"Blue", "Red"}}, nil); err != nil {
		t.Fatal(err)
	}
	w.Do(t, func(ctx context.Context, tx *store.Tx) error {
		_, err := contact.Adopt(ctx, tx, by.Account, by.Origin(), contact.Names{Lists: map[id.UID]id.List{uid(3): gold.ID}},
			[]contact.Contact{someone(50, "here@example.org", contact.Unsubscribed)}, 900, "before")
		return err
	})
	return by
}

func find(t *testing.T, w *storetest.World, by account.Actor, n byte) contact.Contact {
	t.Helper()
	c, err := contact.New(w.Contacts(), contact.Options{}).Get(t.Context(), by, id.Ref[id.Contact]{UID: uid(n)}, contact.IncludeAll)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhatIsCopied(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		by := setUp(t, w)
		got, err := pull.Run(t.Context(), by, pull.Options{Store: w.Pulls(), Source: other()})
		if err != nil || got.Copied != 4 || got.Present != 1 || got.Left != 3 || got.Stage != pull.Done {
			t.Fatalf("%+v, %v", got, err)
		}
		ann := find(t, w, by, 10)
		if e := ann.Email; e.Permission != contact.Explicit || e.Confirm != contact.Confirmed || e.OptInSource != contact.SourceContact || !e.OptInAt.Equal(long) {
			t.Errorf("consent %+v", e)
		}
		if len(ann.Lists) != 2 || len(ann.Tags) != 1 || ann.Tags[0].UID != uid(5) || len(ann.Notes) != 1 || ann.Notes[0].Content != "tall" || len(ann.Phones) != 1 || !ann.UpdatedAt.Equal(long) {
			t.Errorf("got %+v", ann)
		}
		if is := ann.SMS; is == nil || is.UID != uid(30) || is.Number.Full() != "12025550130" || is.Permission != contact.Explicit || !is.OptInAt.Equal(long) {
			t.Errorf("a number came as %+v", is)
		}
		if is := find(t, w, by, 13).SMS; is == nil || is.Permission != contact.Unsubscribed {
			t.Errorf("a number alone came as %+v", is)
		}
		for _, n := range []byte{11, 12} {
			if is := find(t, w, by, n).SMS; is != nil {
				t.Errorf("what does not fit came as %+v", is)
			}
		}
		_, numbers, err := contact.New(w.Contacts(), contact.Options{}).SMSHistory(t.Context(), by, ann.Ref())
		if err != nil || len(numbers) != 1 || numbers[0].Details != "Pulled from https://there.example" || numbers[0].Becomes != contact.Explicit {
			t.Errorf("the number's history says %+v, %v", numbers, err)
		}
		// Blue is the first choice here, and was the second there.
		values := map[string]bool{}
		for _, f := range ann.Fields {
			values[fmt.Sprint(f.Value, f.Choices)] = true
		}
		if len(values) != 2 || !values["44[]"] || !values["[1]"] {
			t.Errorf("values %v", values)
		}
		if e := find(t, w, by, 11).Email; e.Permission != contact.Unsubscribed || e.OptOutSource != contact.SourceContact || e.OptOutReason != "too much" || !e.OptOutAt.Equal(long) {
			t.Errorf("an opt-out came as %+v", e)
		}
		if c := find(t, w, by, 12); !c.DeletedAt.Equal(long) {
			t.Errorf("a deleted contact came as %+v", c)
		}
		if c := find(t, w, by, 50); c.Email.Permission != contact.Unsubscribed {
			t.Errorf("who was here became %s", c.Email.Permission)
		}
		history, err := contact.New(w.Contacts(), contact.Options{}).History(t.Context(), by, id.Ref[id.Contact]{UID: uid(10)}, page.Request{Limit: 10})
		if err != nil || len(history.Items) == 0 || history.Items[0].Shown != "Pulled from https://there.example" || history.Items[0].To != contact.Explicit {
			t.Errorf("the ledger says %+v, %v", history.Items, err)
		}
		again, err := pull.Run(t.Context(), by, pull.Options{Store: w.Pulls(), Source: other()})
		if err != nil || again.Copied != 0 {
			t.Errorf("once more: %+v, %v", again, err)
		}
	})
}

func TestACopyGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		by := setUp(t, w)
		e := other()
		e.fail, e.err = "2", errors.New("no answer")
		if got, err := pull.Run(t.Context(), by, pull.Options{Store: w.Pulls(), Source: e}); !errors.Is(err, e.err) || got.Copied != 2 || got.Cursor != "2" {
			t.Fatalf("%+v, %v", got, err)
		}
		// The server knows the cursor no more: the stage begins anew.
		e.err = pull.ErrCursor
		refusals := 0
		e.contacts = e.contacts[:2]
		got, err := pull.Run(t.Context(), by, pull.Options{Store: w.Pulls(), Source: e, Progress: func(pull.State) { refusals++ }})
		if err != nil || got.Copied != 2 || got.Present != 2 || got.Stage != pull.Done {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestFieldOfAnotherType(t *testing.T) {
	t.Parallel()
	w := storetest.SQLite(t)
	by := setUp(t, w)
	e := other()
	e.fields[1].Type, e.fields[1].Choices = contact.TypeDate, nil
	if _, err := pull.Run(t.Context(), by, pull.Options{Store: w.Pulls(), Source: e}); !errors.Is(err, contact.ErrFieldType) {
		t.Errorf("got %v", err)
	}
}

// Two that copy at once do not both count.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	w := storetest.SQLite(t)
	by := setUp(t, w)
	inner := false
	_, err := pull.Run(t.Context(), by, pull.Options{Store: w.Pulls(), Source: other(), Progress: func(s pull.State) {
		if !inner && s.Copied > 0 {
			inner = true
			if _, err := pull.Run(t.Context(), by, pull.Options{Store: w.Pulls(), Source: other()}); err != nil {
				t.Error(err)
			}
		}
	}})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
}
