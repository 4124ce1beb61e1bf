package segment_test

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/date"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
	"kith/internal/store"
)

// person is a contact with all that rules may ask about.
type person struct {
	contact.Contact
	sends  []store.Send
	events []store.Event
}

// evaluator says who meets criteria, in the plainest way.
type evaluator struct {
	now      time.Time
	mailings []store.Mailing // in the order in which they were sent
	fields   map[id.UID]contact.Field
}

func (e evaluator) group(p person, g segment.Group) bool {
	for _, n := range g.Nodes {
		var meets bool
		switch n := n.(type) {
		case segment.Group:
			meets = e.group(p, n)
		case segment.Rule:
			meets = e.rule(p, n)
		}
		if meets == g.Any {
			return meets
		}
	}
	return !g.Any
}

func (e evaluator) rule(p person, r segment.Rule) bool {
	c := p.Contact
	texts := func(of ...string) bool { return text(r.Op, r.Texts, of) }
	var places []string
	for _, a := range c.Addresses {
		places = append(places, map[segment.Field]string{
			segment.Street: a.Street, segment.City: a.City, segment.State: a.State, segment.PostalCode: a.PostalCode, segment.Country: a.Country,
		}[r.Field])
	}
	switch r.Field {
	case segment.FirstName:
		return texts(c.FirstName)
	case segment.LastName:
		return texts(c.LastName)
	case segment.JobTitle:
		return texts(c.JobTitle)
	case segment.CompanyName:
		return texts(c.CompanyName)
	case segment.EmailAddress:
		return texts(c.Email.Address.String())
	case segment.EmailDomain:
		_, domain, _ := strings.Cut(c.Email.Address.String(), "@")
		return texts(domain)
	case segment.Street, segment.City, segment.State, segment.PostalCode, segment.Country:
		return texts(places...)
	case segment.PhoneNumber:
		var numbers []string
		for _, ph := range c.Phones {
			numbers = append(numbers, ph.Number)
		}
		return texts(numbers...)
	case segment.CreatedAt:
		return e.day(r, c.CreatedAt)
	case segment.UpdatedAt:
		return e.day(r, c.UpdatedAt)
	case segment.OptInDate:
		return e.day(r, c.Email.OptInAt)
	case segment.Anniversary:
		if c.Anniversary.IsZero() {
			return e.day(r, time.Time{})
		}
		return e.day(r, c.Anniversary.Time())
	case segment.BirthdayMonth:
		return yearly(r, int64(c.Birthday.Month))
	case segment.BirthdayDay:
		return yearly(r, int64(c.Birthday.Day))
	case segment.Birthday:
		return yearly(r, int64(c.Birthday.Month)*100+int64(c.Birthday.Day))
	case segment.PermissionToSend:
		return word(r, int64(c.Email.Permission))
	case segment.OptInSource:
		return word(r, int64(c.Email.OptInSource))
	case segment.CreateSource:
		return word(r, int64(c.CreateSource))
	case segment.SMSPermission:
		if c.SMS == nil {
			return word(r, int64(contact.NotSet))
		}
		return word(r, int64(c.SMS.Permission))
	case segment.EngagementLevel:
		return word(r, int64(e.level(p)))
	case segment.ListMembership:
		return ids(r, uids(c.Lists))
	case segment.TagID:
		return ids(r, uids(c.Tags))
	case segment.CustomField:
		return e.custom(c, r)
	}
	return e.mails(p, r)
}

func uids[N ~int64](refs []id.Ref[N]) (all []id.UID) {
	for _, r := range refs {
		all = append(all, r.UID)
	}
	return all
}

func ids(r segment.Rule, has []id.UID) bool {
	in := func(name id.UID) bool { return slices.Contains(has, name) }
	switch r.Op {
	case segment.ContainsAll:
		return !slices.ContainsFunc(r.IDs, func(name id.UID) bool { return !in(name) })
	case segment.NotContainsAny:
		return !slices.ContainsFunc(r.IDs, in)
	}
	return slices.ContainsFunc(r.IDs, in)
}

func word(r segment.Rule, is int64) bool {
	return slices.Contains(r.Words, is) != (r.Op == segment.NotEquals)
}

func yearly(r segment.Rule, is int64) bool {
	switch r.Op {
	case segment.IsEmpty:
		return is == 0
	case segment.IsNotEmpty:
		return is != 0
	case segment.Between:
		a, b := r.Numbers[0], r.Numbers[1]
		if a > b {
			return is != 0 && (is >= a || is <= b)
		}
		return is >= a && is <= b
	}
	return slices.Contains(r.Numbers, is)
}

// text compares any of the values that a field has.
func text(op segment.Op, with, has []string) bool {
	has = slices.DeleteFunc(slices.Clone(has), func(s string) bool { return s == "" })
	switch op {
	case segment.IsEmpty:
		return len(has) == 0
	case segment.IsNotEmpty:
		return len(has) > 0
	case segment.NotEquals, segment.NotIn:
		return !text(segment.In, with, has)
	case segment.NotContains:
		return !text(segment.Contains, with, has)
	}
	for _, s := range has {
		for _, w := range with {
			s, w := strings.ToLower(s), strings.ToLower(w)
			switch op {
			case segment.Contains:
				if strings.Contains(s, w) {
					return true
				}
			case segment.StartsWith:
				if strings.HasPrefix(s, w) {
					return true
				}
			case segment.EndsWith:
				if strings.HasSuffix(s, w) {
					return true
				}
			default:
				if s == w {
					return true
				}
			}
		}
	}
	return false
}

// day compares the day of a time; the zero time is none.
func (e evaluator) day(r segment.Rule, at time.Time) bool {
	switch r.Op {
	case segment.IsEmpty:
		return at.IsZero()
	case segment.IsNotEmpty:
		return !at.IsZero()
	}
	if at.IsZero() {
		return false
	}
	is, today := date.Of(at).String(), date.Of(e.now).Time()
	from, to := today, today
	switch r.Op {
	case segment.Before:
		return is < r.Days[0].String()
	case segment.After:
		return is > r.Days[0].String()
	case segment.InLastDays:
		from = today.AddDate(0, 0, -r.N)
	case segment.InNextDays:
		to = today.AddDate(0, 0, r.N)
	default:
		from, to = r.Days[0].Time(), r.Days[len(r.Days)-1].Time()
	}
	return is >= date.Of(from).String() && is <= date.Of(to).String()
}

func (e evaluator) custom(c contact.Contact, r segment.Rule) bool {
	f, known := e.fields[r.Custom]
	var value string
	var choices []int64
	for _, v := range c.Fields {
		if v.Field.UID == r.Custom {
			value, choices = v.Value, v.Choices
		}
	}
	there := value != "" || len(choices) > 0
	switch {
	case r.Op == segment.IsEmpty:
		return !there
	case r.Op == segment.IsNotEmpty:
		return there
	case !there || !known:
		return strings.HasPrefix(string(r.Op), "not-")
	}
	switch f.Type {
	case contact.TypeNumber:
		return number(r, value)
	case contact.TypeMultiSelect:
		in := func(s string) bool {
			n, _ := strconv.ParseInt(s, 10, 64)
			return slices.Contains(choices, n)
		}
		if r.Op == segment.ContainsAll {
			return !slices.ContainsFunc(r.Texts, func(s string) bool { return !in(s) })
		}
		return slices.ContainsFunc(r.Texts, in) != (r.Op == segment.NotContainsAny)
	case contact.TypeDate:
		fit, _, _ := r.Fit(f)
		d, _ := date.ParseDay(value)
		return e.day(fit, d.Time())
	}
	return text(r.Op, r.Texts, []string{value})
}

func number(r segment.Rule, value string) bool {
	of := func(s string) float64 { f, _ := strconv.ParseFloat(s, 64); return f }
	is, a := of(value), of(r.Texts[0])
	switch r.Op {
	case segment.NotEquals:
		return is != a
	case segment.GreaterThan:
		return is > a
	case segment.LessThan:
		return is < a
	case segment.Between:
		return is >= a && is <= of(r.Texts[1])
	}
	return is == a
}

func (e evaluator) level(p person) contact.Engagement {
	var last time.Time
	for _, ev := range p.events {
		if (ev.Kind == store.EventOpen || ev.Kind == store.EventClick) && ev.At.After(last) {
			last = ev.At
		}
	}
	switch age := e.now.Sub(last); {
	case !last.IsZero() && age <= contact.HighWithin:
		return contact.HighEngagement
	case !last.IsZero() && age <= contact.MediumWithin:
		return contact.MediumEngagement
	case len(p.sends) > 0:
		return contact.LowEngagement
	}
	return contact.NoEngagement
}

func (e evaluator) mails(p person, r segment.Rule) bool {
	var want []int64 // the mailings, where the rule names some
	named := true
	counts := func(at time.Time) bool { return true }
	switch {
	case len(r.Days) > 0:
		named, counts = false, func(at time.Time) bool { return e.day(r, at) }
		if r.Op == segment.Before || r.Op == segment.After || r.Op == segment.Between {
			break
		}
	case r.Const == segment.LastCampaigns:
		for _, m := range e.mailings[max(0, len(e.mailings)-r.N):] {
			want = append(want, m.Number)
		}
	case r.Const == segment.LastDays:
		named, counts = false, func(at time.Time) bool { return !at.Before(e.now.AddDate(0, 0, -r.N)) }
	case r.Const == segment.AnyCampaign:
		named = false
	default:
		for _, name := range r.IDs {
			n := int64(-1)
			for _, m := range e.mailings {
				if m.UID == name {
					n = m.Number
				}
			}
			want = append(want, n)
		}
	}
	sent, did := map[int64]bool{}, map[int64]bool{}
	for _, s := range p.sends {
		if counts(s.At) && (!named || slices.Contains(want, s.Mailing)) {
			sent[s.Mailing] = true
		}
	}
	kind := map[segment.Field]store.EventKind{
		segment.Opened: store.EventOpen, segment.NotOpened: store.EventOpen, segment.Clicked: store.EventClick, segment.NotClicked: store.EventClick,
		segment.Bounced: store.EventBounce, segment.Forwarded: store.EventForward, segment.OptedOut: store.EventOptOut,
	}[r.Field]
	for _, ev := range p.events {
		if ev.Kind == kind && counts(ev.At) && (!named || slices.Contains(want, ev.Mailing)) {
			did[ev.Mailing] = true
		}
	}
	if kind == 0 {
		did = sent
	}
	all := r.Op == segment.ContainsAll
	enough := func(of map[int64]bool) bool {
		if all {
			return len(want) > 0 && !slices.ContainsFunc(want, func(n int64) bool { return !of[n] })
		}
		return len(of) > 0
	}
	var meets bool
	switch r.Field {
	case segment.NotSent:
		meets = len(sent) == 0 && (!all || !slices.Contains(want, -1))
	case segment.NotOpened, segment.NotClicked:
		meets = enough(sent) && len(did) == 0
	default:
		meets = enough(did)
	}
	return meets != (r.Op == segment.NotContainsAny)
}
