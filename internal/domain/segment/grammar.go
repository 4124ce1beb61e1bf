package segment

import (
	"slices"

	"kith/internal/domain/contact"
)

// The sources of rules (v3-guide 6.1).
const (
	sourceTracking = "tracking"
	sourceContact  = "contact"
	sourceTags     = "tags"
)

// Form is what the values of a field are, and so how they are compared.
type Form uint8

// The forms.
const (
	Mails    Form = iota // what was sent to the contact, and what came of it
	Text                 // text, compared without regard to case
	Date                 // days
	Month                // 1 to 12
	MonthDay             // 1 to 31
	Yearly               // MM-DD
	Enum                 // words of Words
	Lists                // list ids
	Tags                 // tag ids
	Custom               // what its custom field says
)

// Kind is a field that rules may ask about.
type Kind struct {
	Source string
	Field  Field
	Form   Form
	// Words are what an enumeration may say.
	Words []string
	// Doc says what the field is, for the schema.
	Doc string
}

var (
	idOps    = []Op{ContainsAny, ContainsAll, NotContainsAny}
	mailOps  = append(slices.Clip(idOps), Between, After, Before)
	textOps  = []Op{Equals, NotEquals, Contains, NotContains, StartsWith, EndsWith, In, NotIn, IsEmpty, IsNotEmpty}
	dateOps  = []Op{Equals, Before, After, Between, InLastDays, InNextDays, IsEmpty, IsNotEmpty}
	yearOps  = []Op{Equals, In, Between, IsEmpty, IsNotEmpty}
	enumOps  = []Op{Equals, NotEquals, In}
	numOps   = []Op{Equals, NotEquals, GreaterThan, LessThan, Between, IsEmpty, IsNotEmpty}
	truthOps = []Op{Equals, NotEquals, IsEmpty, IsNotEmpty}
	pickOps  = append(slices.Clip(idOps), IsEmpty, IsNotEmpty)
)

// Ops are the operators that a form knows. Those of custom fields are all that
// one of their types has.
func (f Form) Ops() []Op {
	switch f {
	case Mails:
		return mailOps
	case Text:
		return textOps
	case Date:
		return dateOps
	case Month, MonthDay, Yearly:
		return yearOps
	case Enum:
		return enumOps
	case Lists:
		return []Op{ContainsAny, NotContainsAny}
	case Tags:
		return idOps
	case Custom:
	}
	var all []Op
	for _, ops := range [][]Op{textOps, dateOps, numOps, pickOps} {
		for _, op := range ops {
			if !slices.Contains(all, op) {
				all = append(all, op)
			}
		}
	}
	return all
}

// opsOf are the operators for a custom field's type.
func opsOf(f contact.Field) []Op {
	switch f.Type {
	case contact.TypeNumber, contact.TypeCurrency:
		return numOps
	case contact.TypeDate, contact.TypeDateTime:
		if f.Type == contact.TypeDate && f.Version < 2 {
			return textOps
		}
		return dateOps
	case contact.TypeBoolean:
		return truthOps
	case contact.TypeSingleSelect, contact.TypeMultiSelect:
		return pickOps
	case contact.TypeString, contact.TypeTextArea:
	}
	return textOps
}

var (
	permissionWords = []string{"implicit", "explicit", "not_set", "pending_confirmation", "temp_hold", "unsubscribed"}
	sourceWords     = []string{"Account", "Contact"}
	levelWords      = []string{"high", "medium", "low"}
)

// Grammar is every field that rules may ask about, in the order in which the
// schema shows them.
func Grammar() []Kind {
	mails := func(f Field, doc string) Kind { return Kind{sourceTracking, f, Mails, nil, doc} }
	of := func(f Field, form Form, doc string) Kind { return Kind{sourceContact, f, form, nil, doc} }
	words := func(f Field, words []string, doc string) Kind { return Kind{sourceContact, f, Enum, words, doc} }
	return []Kind{
		mails(Sent, "A campaign went to the contact."),
		mails(NotSent, "No campaign did."),
		mails(Opened, "The contact opened one."),
		mails(NotOpened, "One went to the contact, and none was opened."),
		mails(Clicked, "The contact clicked in one."),
		mails(NotClicked, "One went to the contact, and none was clicked in."),
		mails(Bounced, "One came back."),
		mails(Forwarded, "The contact passed one on."),
		mails(OptedOut, "The contact unsubscribed by one."),
		of(FirstName, Text, "The first name."),
		of(LastName, Text, "The last name."),
		of(EmailAddress, Text, "The whole address."),
		of(EmailDomain, Text, "What stands behind the address's @."),
		of(JobTitle, Text, "The job title."),
		of(CompanyName, Text, "The company."),
		of(City, Text, "The city of any street address."),
		of(State, Text, "The state of any street address."),
		of(PostalCode, Text, "The postal code of any street address."),
		of(Country, Text, "The country of any street address."),
		of(Street, Text, "The street of any street address."),
		of(PhoneNumber, Text, "Any phone number."),
		of(CreatedAt, Date, "When the contact was added."),
		of(UpdatedAt, Date, "When the contact was last changed."),
		of(OptInDate, Date, "When the contact agreed to be mailed."),
		of(Anniversary, Date, "The anniversary."),
		of(BirthdayMonth, Month, "The month of the birthday."),
		of(BirthdayDay, MonthDay, "The day of the birthday within its month."),
		of(Birthday, Yearly, "The birthday."),
		words(PermissionToSend, permissionWords, "Whether the contact agreed to be mailed."),
		words(OptInSource, sourceWords, "Who said that the contact agreed."),
		words(CreateSource, sourceWords, "Who added the contact."),
		words(SMSPermission, []string{"implicit", "explicit", "not_set", "pending_confirmation", "unsubscribed"}, "Whether the contact agreed to short messages."),
		words(EngagementLevel, levelWords, "How lately the contact opened or clicked."),
		of(CustomField, Custom, "A custom field; param is its id."),
		of(ListMembership, Lists, "The lists that the contact is on."),
		{sourceTags, TagID, Tags, nil, "The tags that the contact has."},
	}
}

// kindOf finds a field of a source.
func kindOf(grammar []Kind, source string, field Field) (Kind, bool) {
	i := slices.IndexFunc(grammar, func(k Kind) bool { return k.Source == source && k.Field == field })
	if i < 0 {
		return Kind{}, false
	}
	return grammar[i], true
}

// none reports whether the operator compares with nothing.
func (o Op) none() bool { return o == IsEmpty || o == IsNotEmpty }

// days reports whether the operator takes a number of days.
func (o Op) days() bool { return o == InLastDays || o == InNextDays }

// many reports whether the operator takes any number of values.
func (o Op) many() bool {
	switch o {
	case ContainsAny, ContainsAll, NotContainsAny, In, NotIn:
		return true
	}
	return false
}
