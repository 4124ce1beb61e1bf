package segment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/date"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/contact"
)

// TextPath is the path of criteria as a whole, in the form in which they travel.
const TextPath = "segment_criteria"

// Root is the path of the outermost group.
const Root = "criteria"

// Codes of problems.
const (
	codeRequired = "required"
	codeUnknown  = "unknown"
	codeInvalid  = "invalid"
	codeTooMany  = "too_many"
	codeTooDeep  = "too_deep"
	codeRange    = "range"
)

// Parse checks what somebody wrote. It adds every problem to those found
// before, each with its path in the JSON ("criteria.group[0].op"), and leaves
// what a part lacks out of the tree, which counts only where nothing was
// added. Ids need not exist: those that do not are nobody's.
func Parse(d Draft, now time.Time, found fault.Problems) (Criteria, fault.Problems) {
	p := &parser{found: found, grammar: Grammar(), today: date.Of(now)}
	if !d.IsGroup || d.Type != "and" {
		if !p.found.Has(Root + ".type") {
			p.add(Root+".type", codeInvalid, "must be and: the outermost group joins by and")
		}
	}
	root := p.group(Root, d, 1)
	if p.rules > MaxRules {
		p.add(Root, codeTooMany, fmt.Sprintf("may hold at most %d rules", MaxRules))
	}
	if p.campaigns > MaxCampaigns {
		p.add(Root, codeTooMany, fmt.Sprintf("looks at more than %d campaigns", MaxCampaigns))
	}
	return Criteria{Root: root}, p.found
}

type parser struct {
	found     fault.Problems
	grammar   []Kind
	today     date.Day
	rules     int
	campaigns int
}

// add notes a problem, unless the edge found one at the same place.
func (p *parser) add(path, code, message string) {
	if !p.found.Has(path) {
		p.found.Add(path, code, message)
	}
}

func (p *parser) group(path string, d Draft, depth int) Group {
	g := Group{Any: d.Type == "or"}
	if d.Type != "and" && d.Type != "or" && depth > 1 {
		p.add(path+".type", codeUnknown, "must be and or or")
	}
	if depth > MaxDepth {
		p.add(path, codeTooDeep, fmt.Sprintf("stands deeper than %d groups", MaxDepth))
		return g
	}
	if len(d.Group) == 0 {
		p.add(path+".group", codeRequired, "must hold at least one rule")
	}
	for i, part := range d.Group {
		at := path + ".group[" + strconv.Itoa(i) + "]"
		if part.IsGroup {
			g.Nodes = append(g.Nodes, p.group(at, part, depth+1))
			continue
		}
		// What is beyond the bound is counted, and not looked at.
		if p.rules++; p.rules <= MaxRules {
			g.Nodes = append(g.Nodes, p.rule(at, part))
		}
	}
	return g
}

func (p *parser) rule(path string, d Draft) Rule {
	r := Rule{Field: Field(d.Field), Op: Op(d.Op)}
	kind, ok := p.kind(path, d, &r)
	if !ok {
		return r
	}
	ops := kind.Form.Ops()
	if !slices.Contains(ops, r.Op) {
		p.add(path+".op", codeUnknown, "must be one of "+list(ops))
		return r
	}
	if d.Const != "" && kind.Form != Mails {
		p.add(path+".const_value", codeUnknown, "is not taken by this field")
	}
	switch kind.Form {
	case Mails:
		p.mails(path, d, &r)
	case Lists, Tags:
		r.IDs = p.ids(path, d, MaxValues)
	case Custom:
		p.custom(path, d, &r)
	case Text:
		r.Texts = p.values(path, d, r.Op)
	case Date:
		p.dates(path, d, &r)
	case Month, MonthDay, Yearly:
		p.yearly(path, d, kind.Form, &r)
	case Enum:
		for i, v := range p.values(path, d, r.Op) {
			n, ok := word(r.Field, v)
			if !ok {
				p.add(at(path, d, i), codeUnknown, "must be one of "+strings.Join(kind.Words, ", "))
			}
			r.Words = append(r.Words, n)
		}
	}
	return r
}

// kind finds the field of a rule. A custom field may be named by its id.
func (p *parser) kind(path string, d Draft, r *Rule) (Kind, bool) {
	switch d.Source {
	case sourceTracking, sourceContact, sourceTags:
	case "":
		p.add(path+".source", codeRequired, "is missing")
		return Kind{}, false
	default:
		p.add(path+".source", codeUnknown, "must be one of tracking, contact, tags")
		return Kind{}, false
	}
	if d.Source == sourceContact {
		if uid, err := id.ParseUID(d.Field); err == nil {
			r.Field, r.Custom = CustomField, uid
			return kindOf(p.grammar, d.Source, CustomField)
		}
	}
	kind, ok := kindOf(p.grammar, d.Source, r.Field)
	switch {
	case d.Field == "":
		p.add(path+".field", codeRequired, "is missing")
	case !ok:
		p.add(path+".field", codeUnknown, "is not a field of the source "+d.Source)
	case kind.Form == Custom:
		uid, err := id.ParseUID(d.Param)
		if err != nil {
			p.add(path+".param", codeInvalid, "must be the id of a custom field")
			return kind, false
		}
		r.Custom = uid
	}
	return kind, ok
}

func (p *parser) mails(path string, d Draft, r *Rule) {
	if r.Op == Between || r.Op == After || r.Op == Before {
		if d.Const != "" {
			p.add(path+".const_value", codeInvalid, "does not go with days")
		}
		r.Days = p.days(path, d, r.Op)
		switch {
		case len(r.Days) == 2 && daysBetween(r.Days[0], r.Days[1]) > MaxDays,
			r.Op == After && len(r.Days) == 1 && daysBetween(r.Days[0], p.today) > MaxDays:
			p.add(path+".value", codeRange, fmt.Sprintf("may span at most %d days", MaxDays))
		}
		return
	}
	switch r.Const = Const(d.Const); r.Const {
	case "":
		r.IDs = p.ids(path, d, MaxCampaigns)
		p.campaigns += len(r.IDs)
		return
	case LastCampaigns:
		r.N = p.number(path, d, MaxCampaigns)
		p.campaigns += r.N
	case LastDays:
		r.N = p.number(path, d, MaxDays)
	case AnyCampaign:
	default:
		p.add(path+".const_value", codeUnknown, "must be one of last-n-campaigns, last-n-days, any-campaign")
		return
	}
	if len(d.Values) > 0 {
		p.add(path+".value", codeInvalid, "does not go with const_value")
	}
	if r.Op == ContainsAll && r.Const != LastCampaigns {
		p.add(path+".op", codeInvalid, "contains-all needs campaigns that are named, or last-n-campaigns")
	}
}

func (p *parser) dates(path string, d Draft, r *Rule) {
	switch {
	case r.Op.none():
		p.noValue(path, d)
	case r.Op.days():
		r.N = p.window(path, d)
	default:
		r.Days = p.days(path, d, r.Op)
	}
}

func (p *parser) yearly(path string, d Draft, form Form, r *Rule) {
	for i, v := range p.values(path, d, r.Op) {
		n, message := yearlyNumber(form, v)
		if message != "" {
			p.add(at(path, d, i), codeInvalid, message)
		}
		r.Numbers = append(r.Numbers, n)
	}
}

func yearlyNumber(form Form, v string) (n int64, message string) {
	if form == Yearly {
		if len(v) == len("MM-DD") {
			if b, err := date.ParseBirthday(v); err == nil {
				return int64(b.Month)*100 + int64(b.Day), ""
			}
		}
		return 0, "must be a day such as 04-30"
	}
	most := int64(12)
	if form == MonthDay {
		most = 31
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Sprintf("must be a number from 1 to %d", most)
	}
	return n, ""
}

// custom keeps the values as they are: what they must be is known with the
// field's type only.
func (p *parser) custom(path string, d Draft, r *Rule) {
	if r.Op.days() {
		r.N = p.window(path, d)
		return
	}
	r.Texts = p.values(path, d, r.Op)
}

// values are the rule's values, as many as the operator takes.
func (p *parser) values(path string, d Draft, op Op) []string {
	if op.none() {
		p.noValue(path, d)
		return nil
	}
	n := len(d.Values)
	switch {
	case n == 0:
		p.add(path+".value", codeRequired, "is missing")
	case op == Between && n != 2:
		p.add(path+".value", codeInvalid, "must hold two values")
		return nil
	case op != Between && !op.many() && n > 1:
		p.add(path+".value", codeTooMany, "must be one value")
		return nil
	case n > MaxValues:
		p.add(path+".value", codeTooMany, fmt.Sprintf("may hold at most %d values", MaxValues))
		return nil
	}
	out := make([]string, n)
	for i, v := range d.Values {
		v = strings.TrimSpace(v)
		if code, message := text.Check(v, MaxValue); code != "" {
			p.add(at(path, d, i), code, message)
		} else if v == "" {
			p.add(at(path, d, i), codeRequired, "must not be empty; is-empty asks for what is")
		}
		out[i] = v
	}
	return out
}

func (p *parser) noValue(path string, d Draft) {
	if len(d.Values) > 0 {
		p.add(path+".value", codeInvalid, "is not taken by this operator")
	}
}

func (p *parser) ids(path string, d Draft, most int) []id.UID {
	switch n := len(d.Values); {
	case n == 0:
		p.add(path+".value", codeRequired, "is missing")
	case n > most:
		p.add(path+".value", codeTooMany, fmt.Sprintf("may hold at most %d values", most))
		return nil
	}
	var out []id.UID
	for i, v := range d.Values {
		uid, err := id.ParseUID(strings.TrimSpace(v))
		if err != nil {
			p.add(at(path, d, i), codeInvalid, "is not a UUID")
		} else if !slices.Contains(out, uid) {
			out = append(out, uid)
		}
	}
	return out
}

func (p *parser) days(path string, d Draft, op Op) []date.Day {
	var out []date.Day
	for i, v := range p.values(path, d, op) {
		day, err := parseDay(v)
		if err != nil {
			p.add(at(path, d, i), codeInvalid, "is not a date such as 2026-03-01")
			continue
		}
		out = append(out, day)
	}
	if len(out) == 2 && out[1].Time().Before(out[0].Time()) {
		p.add(path+".value", codeRange, "must name the earlier day first")
	}
	return out
}

// parseDay reads a day, and takes the day of a time.
func parseDay(s string) (date.Day, error) {
	if d, err := date.ParseDay(s); err == nil {
		return d, nil
	}
	t, err := date.ParseInstant(s)
	if err == nil && (t.Year() < 1 || t.Year() > 9999) {
		err = date.ErrInstant
	}
	return date.Of(t), err
}

// number is the param of a constant.
func (p *parser) number(path string, d Draft, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(d.Param))
	switch {
	case d.Param == "":
		p.add(path+".param", codeRequired, "is missing")
	case err != nil || n < 1:
		p.add(path+".param", codeInvalid, "must be a whole number from 1")
	case n > most:
		p.add(path+".param", codeRange, fmt.Sprintf("must be at most %d", most))
	default:
		return n
	}
	return 0
}

// window is a number of days, which stands in param or, where that names a
// custom field, in value.
func (p *parser) window(path string, d Draft) int {
	name, text := ".param", d.Param
	if len(d.Values) > 0 {
		name, text = ".value", d.Values[0]
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > MaxWindow || len(d.Values) > 1 {
		p.add(path+name, codeInvalid, fmt.Sprintf("must be a number of days from 0 to %d", MaxWindow))
		return 0
	}
	return n
}

// word is the stored value of an enumeration's word.
func word(f Field, v string) (int64, bool) {
	switch f {
	case PermissionToSend:
		p, ok := contact.ParsePermission(v)
		return int64(p), ok
	case OptInSource, CreateSource:
		s, ok := contact.ParseSource(v)
		return int64(s), ok
	case EngagementLevel:
		e, ok := contact.ParseEngagement(v)
		return int64(e), ok
	case SMSPermission:
		p, ok := contact.ParsePermission(v)
		return int64(p), ok && p != contact.TempHold
	}
	return 0, false
}

// Fit reads a rule's values as a custom field's type has them. It returns why
// it cannot, as the end of a sentence that begins with part: "op" or "value".
func (r Rule) Fit(f contact.Field) (fit Rule, part, message string) {
	ops := opsOf(f)
	if !slices.Contains(ops, r.Op) {
		return r, "op", "must be one of " + list(ops) + " for a field of the type " + string(f.Type)
	}
	if r.Op.none() || r.Op.days() {
		return r, "", ""
	}
	texts := r.Texts
	r.Texts = nil
	for _, v := range texts {
		switch f.Type {
		case contact.TypeNumber, contact.TypeCurrency:
			n, err := strconv.ParseFloat(v, 64)
			if err != nil || n != n || n > 1e300 || n < -1e300 {
				return r, "value", "must be a number"
			}
			r.Amounts = append(r.Amounts, n)
		case contact.TypeBoolean:
			stored, err := f.ParseValue(v)
			if err != nil {
				return r, "value", "must be true or false"
			}
			r.Texts = append(r.Texts, stored)
		case contact.TypeSingleSelect, contact.TypeMultiSelect:
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				return r, "value", "must hold ids of choices"
			}
			r.Numbers = append(r.Numbers, n)
		case contact.TypeString, contact.TypeTextArea, contact.TypeDate, contact.TypeDateTime:
			if slices.Contains(ops, InLastDays) {
				day, err := parseDay(v)
				if err != nil {
					return r, "value", "is not a date such as 2026-03-01"
				}
				r.Days = append(r.Days, day)
				continue
			}
			r.Texts = append(r.Texts, v)
		}
	}
	return r, "", ""
}

// at is the path of a value: of an array, that of its element.
func at(path string, d Draft, i int) string {
	if len(d.Values) == 1 {
		return path + ".value"
	}
	return path + ".value[" + strconv.Itoa(i) + "]"
}

// daysBetween is how many days lie from a to b.
func daysBetween(a, b date.Day) int { return int(b.Time().Sub(a.Time()) / (24 * time.Hour)) }

func list(ops []Op) string {
	words := make([]string, len(ops))
	for i, op := range ops {
		words[i] = string(op)
	}
	return strings.Join(words, ", ")
}
