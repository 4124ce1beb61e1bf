package column

import (
	"strconv"
	"strings"

	"kith/internal/domain/contact"
)

// groups holds the cells of numbered groups until the row has been read,
// because the cell with the kind may come after the one with the value.
type groups struct {
	phone, phoneType, addressType, event, eventType [maxGroup]string
	address                                         [maxGroup][partCount]string
	eventStep                                       [maxGroup]*step
}

func (g *groups) cell(s *step, v string) {
	v = first(v)
	switch s.kind {
	case groupPhone:
		g.phone[s.at] = v
	case groupPhoneType:
		g.phoneType[s.at] = v
	case groupAddress:
		g.address[s.at][s.part] = v
	case groupAddressType:
		g.addressType[s.at] = v
	case groupEvent:
		g.event[s.at], g.eventStep[s.at] = v, s
	case groupEventType:
		g.eventType[s.at] = v
	}
}

// first returns the first of several values that an export has written into
// one cell.
func first(v string) string {
	v, _, _ = strings.Cut(v, " ::: ")
	return strings.TrimSpace(v)
}

// grouped gives every value of a group its place. Where a place is taken, a
// phone goes to the other phone and anything else is left out.
func (r *reading) grouped() {
	g := r.groups
	for i, v := range g.phone {
		if v != "" {
			r.groupedPhone("phone_"+strconv.Itoa(i+1), v, g.phoneType[i])
		}
	}
	for i := range g.address {
		r.groupedAddress(i)
	}
	for i, v := range g.event {
		if t := strings.ToLower(g.eventType[i]); v != "" && (t == "" || strings.Contains(t, "anniversary")) && r.d.Anniversary.IsZero() {
			r.anniversary(g.eventStep[i], v)
		}
	}
}

func (r *reading) groupedPhone(name, v, label string) {
	if longer(v, contact.MaxPhone) {
		r.named(name, v, tooLong(contact.MaxPhone))
		return
	}
	label = strings.ToLower(strings.TrimPrefix(label, "* "))
	k := otherPhone
	switch {
	case strings.Contains(label, "fax") || strings.Contains(label, "pager"):
		return // no number to call
	case strings.Contains(label, "mobile") || strings.Contains(label, "cell") || strings.Contains(label, "iphone"):
		k = mobilePhone
	case strings.Contains(label, "home"):
		k = homePhone
	case strings.Contains(label, "work"):
		k = workPhone
	}
	for _, known := range r.phone {
		if known == v {
			return
		}
	}
	if r.phone[k] != "" {
		k = otherPhone
	}
	if r.phone[k] != "" {
		r.left(name, v, "is a second number of its kind; it was left out")
		return
	}
	r.phone[k] = v
}

func (r *reading) groupedAddress(i int) {
	parts := &r.groups.address[i]
	if *parts == ([partCount]string{}) {
		return
	}
	k := min(i, otherAddress)
	switch label := strings.ToLower(r.groups.addressType[i]); {
	case strings.Contains(label, "home"):
		k = homeAddress
	case strings.Contains(label, "work"):
		k = workAddress
	case label != "":
		k = otherAddress
	}
	name := "address_" + strconv.Itoa(i+1) + "_"
	if r.place[k] != (contact.AddressInput{}) || r.lines[k] != ([3]string{}) {
		r.left(name+partNames[street], parts[street], "belongs to a second "+string(addressNames[k])+" address; that was left out")
		return
	}
	for part := city; part < partCount; part++ {
		if longer(parts[part], contact.MaxPlace) {
			r.named(name+partNames[part], parts[part], tooLong(contact.MaxPlace))
			return
		}
	}
	copy(r.lines[k][:], parts[:city])
	r.place[k] = contact.AddressInput{City: parts[city], State: parts[state], PostalCode: parts[zip], Country: parts[country]}
}
