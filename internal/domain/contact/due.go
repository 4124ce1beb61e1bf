package contact

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// way is how somebody came to be written to, as far as it decides which letter
// they get.
type way uint8

// The ways of one contact; those of many have reasons of their own: WhyImport,
// WhyBulk, WhyCopied.
const (
	// wayWrite is a write that makes a contact, changes them, or puts them on
	// lists: v3 POST and PUT, the web app.
	wayWrite way = iota + 1
	// waySignUp is a caller's word that it was the contact's own act: v3
	// sign_up_form.
	waySignUp
	// wayVisitor is somebody who may be anybody and says that they are the
	// contact: our forms, v1 and v2 in the visitor's name.
	wayVisitor
	// wayAsk is the owner's wish that they be asked: v3 resubscribe.
	wayAsk
	// wayAnswer is the button in a letter that asks.
	wayAnswer
	// wayAddress is the contact's wish for another address.
	wayAddress
)

// coming is what happened to a contact, with all that decides which letter they
// get for it.
type coming struct {
	way    way
	source Source
	// was is the zero Contact for a new one; is equals was where nothing of
	// the contact changes.
	was, is Contact
	// lists are those that the write names.
	lists []id.List
	// stays says that a visitor may not change a contact who is known.
	stays bool

	now   time.Time
	optIn OptIn
	asks  []Ask // of the contact, the newest first
	// welcomed says that the contact got a welcome mail before.
	welcomed bool
	// to is the address that a wayAddress is about.
	to email.Address
	// answered is the ask that a wayAnswer is about.
	answered Ask
}

// due is the letter that a contact gets, or none, and why. It is zero where no
// letter is in question.
type due struct {
	mail LetterKind
	why  Why
	// ask is the question that the letter puts, or that was put lately and is
	// now about these lists too; empty for none.
	ask AskKind
	// welcome says that a welcome mail follows the confirmation.
	welcome bool
}

// due decides who gets which letter (v3-guide 4.5). docs/consent.md has it as a
// table.
func (c coming) due() due {
	switch {
	case c.way == wayAddress:
		return c.asking(AskNewAddress, WhyOwnAct)
	case c.way == wayAnswer && c.answered.Kind == AskNewAddress:
		return due{}
	case c.way == wayAnswer:
		return c.welcome(c.answered.Welcome, WhyConfirmed)
	case c.leftAlone() && c.was.Email.OptedOut():
		return c.asking(AskReturn, WhyOptedOut)
	case c.leftAlone():
		return c.asking(AskReturn, WhyKnownBefore)
	case c.ownAct() && c.is.Email.Permission == Pending:
		d := c.asking(AskConfirm, WhyOwnAct)
		d.welcome = c.fresh() && c.optIn.Welcomes(c.lists)
		return d
	case c.becomesAsked():
		return c.asking(AskConfirm, WhyOwnerAsked)
	case c.way == wayAsk:
		return c.asking(AskConfirm, WhyOwnerAsked) // asked before, and the time for the answer is over
	case !c.inQuestion():
		return due{}
	case c.was.Deleted():
		return due{why: WhyRestored}
	case !c.is.Active():
		return due{why: WhyNotMailable}
	case c.ownAct():
		return c.welcome(c.fresh(), WhyOwnAct)
	case c.source == SourceContact:
		return due{why: WhyKnownBefore}
	}
	return due{why: WhyOwnerAdded}
}

// leftAlone reports whether a visitor's write changes nothing of the contact:
// they opted out, or they are known, and the visitor may be somebody else. Who
// is deleted, or has not confirmed yet, has nothing that could be taken from
// them.
func (c coming) leftAlone() bool {
	if c.way != wayVisitor || c.new() {
		return false
	}
	return c.was.Email.OptedOut() || c.stays && !c.was.Deleted() && c.was.Email.Permission != Pending
}

func (c coming) new() bool { return c.was.ID == 0 }

// ownAct reports whether somebody comes by their own act.
func (c coming) ownAct() bool {
	switch c.way {
	case waySignUp, wayVisitor:
		return true
	case wayWrite:
		return c.new() && c.source == SourceContact
	case wayAsk, wayAnswer, wayAddress:
	}
	return false
}

// becomesAsked reports whether a write makes somebody pending, or gives them
// another address while they are: whoever is pending was asked there.
func (c coming) becomesAsked() bool {
	return c.is.Email.Permission == Pending &&
		(c.was.Email.Permission != Pending || c.is.Email.Address != c.was.Email.Address)
}

// fresh reports whether the account did not know them before as somebody to
// mail: they are new, had no address, or have not confirmed yet that they came
// by themselves.
func (c coming) fresh() bool {
	if c.new() || c.was.Email.Address.IsZero() && !c.was.Deleted() {
		return true
	}
	last := find(c.asks, func(a Ask) bool { return a.Kind == AskConfirm })
	return c.was.Email.Permission == Pending && !c.was.Deleted() && last != nil && last.Welcome
}

// inQuestion reports whether somebody came, to the account or to a list, or may
// be mailed from now on.
func (c coming) inQuestion() bool {
	if c.new() || c.was.Deleted() && !c.is.Deleted() || c.is.Active() && !c.was.Active() {
		return true
	}
	added, _ := steps(c.was.Lists, c.is.Lists)
	return len(added) > 0
}

func (c coming) welcome(fresh bool, why Why) due {
	switch {
	case !fresh:
		return due{why: WhyKnownBefore}
	case c.welcomed:
		return due{why: WhyWelcomedBefore}
	case !c.optIn.Welcomes(c.lists):
		return due{why: WhyWelcomeOff}
	}
	return due{mail: Welcome, why: why}
}

func (c coming) asking(kind AskKind, why Why) due {
	if c.is.Email.Address.IsZero() {
		return due{why: WhyNotMailable}
	}
	if c.often(kind) {
		return due{why: WhyAskedRecently, ask: kind}
	}
	return due{mail: kind.Letter(), why: why, ask: kind}
}

// often reports whether one more question of a kind would pester. Who answered
// that they want mail may be asked anew at once; the owner's wish need not rest
// either, nor the contact's own for another address.
func (c coming) often(kind AskKind) bool {
	n := 0
	for _, a := range c.asks {
		if a.Kind != kind || kind != AskNewAddress && a.To != c.address() || !c.now.Before(a.AskedAt.Add(AskSpan)) {
			continue
		}
		n++
		rests := kind == AskReturn || kind == AskConfirm && c.way != wayAsk && a.AnsweredAt.IsZero()
		if rests && c.now.Before(a.AskedAt.Add(AskRest)) {
			return true
		}
	}
	return n >= MaxAsks
}

// keep writes what was decided about a contact, tells with it which letter they
// get and why, and queues the letter. visit says more where there was a form.
func (s *Service) keep(ctx context.Context, tx Tx, who account.Actor, c coming, w Write, visit Visit) error {
	if err := c.read(ctx, tx, who.Account); err != nil {
		return err
	}
	d := c.due()
	if d.mail == Welcome && !c.new() {
		var err error
		if c.welcomed, err = tx.Welcomed(ctx, who.Account, c.is.ID); err != nil {
			return err
		}
		d = c.due()
	}
	if w.Contact.ID == 0 && d.why == WhyAskedRecently {
		told, err := c.again(ctx, tx, who.Account, d.ask)
		if err != nil {
			return err
		}
		if told {
			d.why = ""
		}
	}
	if visit.Form != 0 && (w.Contact.ID != 0 || d.mail != "") {
		if err := tx.Count(ctx, who.Account, change.FormSignUps, int64(visit.Form), 1); err != nil {
			return err
		}
	}
	if err := d.write(ctx, tx, who, c, w); err != nil {
		return err
	}
	var link Link
	if d.ask != "" {
		a, err := putAsk(ctx, tx, who.Account, c, d, visit)
		if err != nil {
			return err
		}
		link = a.Link(who.Account)
	}
	if d.mail == "" || s.post == nil {
		return nil
	}
	return s.post.Queue(ctx, tx, who.Account, Letter{
		Kind: d.mail, Contact: c.is, To: c.address(), List: c.optIn.speaker(d.mail, c.lists), Language: c.language(visit), Link: link,
	})
}

// again reports whether the history tells already that somebody came again
// though they had been asked, and notes that it does from now on: who comes ten
// thousand times leaves one row.
func (c *coming) again(ctx context.Context, tx Tx, a id.Account, kind AskKind) (told bool, err error) {
	last := find(c.asks, func(a Ask) bool { return a.Kind == kind })
	if last == nil || !last.AgainAt.IsZero() {
		return last != nil, nil
	}
	last.AgainAt = c.now
	return false, tx.UpdateAsk(ctx, a, *last)
}

// read gets what the decision needs and the unit of work has not read yet: for
// most writes nothing.
func (c *coming) read(ctx context.Context, tx Tx, a id.Account) (err error) {
	c.now = tx.Now()
	if !c.ownAct() && c.way == wayWrite && !c.becomesAsked() {
		return nil
	}
	if c.optIn.ExpireAfter == 0 {
		if c.optIn, err = tx.OptIn(ctx, a, c.lists); err != nil {
			return err
		}
	}
	if !c.new() && c.asks == nil {
		c.asks, err = tx.Asks(ctx, a, c.was.ID)
	}
	return err
}

// address is that of the letter.
func (c coming) address() email.Address {
	if c.way == wayAddress {
		return c.to
	}
	return c.is.Email.Address
}

// language returns that in which the contact was met; empty where nothing says
// so, and the list's or the account's is right.
func (c coming) language(v Visit) string { return cmp.Or(v.Language, c.answered.Language) }

// write keeps a Write and tells the letter in the row of it that says how the
// contact came. A write that changes nothing is zero; where a letter was in
// question all the same, a row of its own says so.
func (d due) write(ctx context.Context, tx Tx, who account.Actor, c coming, w Write) error {
	if w.Contact.ID == 0 {
		if d.ask == "" || d.why == "" {
			return nil
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{
			Kind: change.ContactAsked, Ref: int64(c.is.ID),
			Detail: change.Detail{Lists: c.lists, Mail: string(d.mail), Why: string(d.why)},
		})
	}
	if d.why != "" {
		i := max(0, slices.IndexFunc(w.Changes, func(r change.Row) bool { return r.Kind != change.MembershipRemoved }))
		w.Changes[i].Detail.Mail, w.Changes[i].Detail.Why = string(d.mail), string(d.why)
	}
	w.Welcomed = d.mail == Welcome
	return tx.WriteContact(ctx, who.Account, who.Origin(), w)
}

// putAsk keeps the question of a letter that is due; the one of its kind that
// lived before is over. Where none is due because one lives that was put
// lately, that one is about these lists too.
func putAsk(ctx context.Context, tx Tx, account id.Account, c coming, d due, visit Visit) (Ask, error) {
	lives := find(c.asks, func(a Ask) bool { return a.Kind == d.ask && a.Lives() })
	a := Ask{
		Contact: c.is.ID, Kind: d.ask, Lists: c.lists, To: c.address(), Welcome: d.welcome, Form: visit.Form,
		Shown: visit.Shown, Language: c.language(visit), AskedAt: c.now, EndsAt: c.now.Add(c.optIn.ExpireAfter),
	}
	if lives != nil {
		a.Lists = bounded(lives.Lists, c.lists)
		a.Welcome = a.Welcome || lives.Welcome
		old := *lives
		if d.mail == "" {
			if len(a.Lists) == len(old.Lists) && a.Welcome == old.Welcome {
				return old, nil
			}
			old.Lists, old.Welcome = a.Lists, a.Welcome
			return old, tx.UpdateAsk(ctx, account, old)
		}
		old.OverAt = c.now
		if err := tx.UpdateAsk(ctx, account, old); err != nil {
			return a, err
		}
	} else if d.mail == "" {
		return a, nil
	}
	// Whom the owner asks is asked once (v3 contract, PUT
	// /contacts/resubscribe/{contact_id}); who came by themselves is reminded.
	if r := c.optIn.RemindAfter; d.ask == AskConfirm && c.ownAct() && r > 0 && r < c.optIn.ExpireAfter {
		a.RemindAt = c.now.Add(r)
	}
	var err error
	a.ID, err = tx.PutAsk(ctx, account, a)
	return a, err
}

// bounded joins two sets of lists, as far as a contact has room for them.
func bounded(one, other []id.List) []id.List {
	all := slices.Concat(one, other)
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), MaxLists)]
}
