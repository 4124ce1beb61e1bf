// Package segment holds groups of contacts that a condition defines: the
// condition as a tree, what it may say, and the segments an account keeps. Who
// meets a condition is found by the store, each time anew. The JSON in which
// criteria travel is left to the edges.
package segment

import (
	"kith/internal/base/date"
	"kith/internal/base/id"
)

// Limits of criteria. The first three are the contract's (v3 contract,
// SegmentData and POST /segments), the rest ours (v3-guide 6).
const (
	// MaxText is the length of the criteria's JSON, in characters.
	MaxText = 20_000
	// MaxCampaigns is how many campaigns the rules may look at together.
	MaxCampaigns = 500
	// MaxDays is how many days a rule about mails may look at.
	MaxDays = 1825

	// MaxDepth is how deep groups stand in each other, the outermost counted.
	MaxDepth = 5
	// MaxRules is how many rules there may be.
	MaxRules = 100
	// MaxValues is how many values a rule may hold, but for campaigns.
	MaxValues = 50
	// MaxValue is the length of a value, in characters.
	MaxValue = 255
	// MaxWindow bounds days before and after the present in rules about dates
	// of contacts.
	MaxWindow = 36_500
)

// Version is the only version of criteria.
const Version = "1.0.0"

// Draft is criteria, or a part of them, as somebody wrote them: a group when
// Type or Group is there, else a rule. Nothing of it was checked.
type Draft struct {
	Type  string
	Group []Draft
	// IsGroup says that a group was written, though perhaps an empty one.
	IsGroup bool

	Source, Field, Op string
	// Values are what a rule compares with; a single value is one of them.
	Values []string
	// Const is a word that stands for values, Param its number; a custom
	// field's id may stand in Param too.
	Const, Param string
}

// Criteria are a condition that was checked. The zero value is none.
type Criteria struct {
	Root Group
}

// Node is a Group or a Rule.
type Node interface{ node() }

// Group is several conditions of which all must hold, or any.
type Group struct {
	Any   bool
	Nodes []Node
}

// Rule is one condition about a contact. What of it counts depends on its
// Field and Op.
type Rule struct {
	Field Field
	Op    Op
	// Custom is the field's id where Field is CustomField.
	Custom id.UID
	// Texts are values of text; of a custom field, all its values as they
	// were written until Fit has looked at them.
	Texts []string
	// IDs are lists, tags or campaign activities.
	IDs []id.UID
	// Days are one day or, of Between, the first and the last.
	Days []date.Day
	// Numbers are months, days of a month, birthdays as month*100 + day, or
	// choices of a custom field.
	Numbers []int64
	// Amounts are values of a numeric custom field.
	Amounts []float64
	// Words are the stored values of an enumeration.
	Words []int64

	// Const says over which mails a rule about mails goes where it names none
	// and no days, and N how many campaigns or days; N is also the number of
	// days of InLastDays and InNextDays.
	Const Const
	N     int
}

func (Group) node() {}
func (Rule) node()  {}

// Rules calls yield for every rule, in the order in which they are written.
func (g Group) Rules(yield func(Rule) bool) bool {
	for _, n := range g.Nodes {
		switch n := n.(type) {
		case Group:
			if !n.Rules(yield) {
				return false
			}
		case Rule:
			if !yield(n) {
				return false
			}
		}
	}
	return true
}

// Rules are all rules of the criteria.
func (c Criteria) Rules() []Rule {
	var all []Rule
	c.Root.Rules(func(r Rule) bool {
		all = append(all, r)
		return true
	})
	return all
}

// Field is what a rule asks about.
type Field string

// Op is how a rule compares.
type Op string

// Const is a word that stands for a set of mails.
type Const string

// The fields of the source tracking.
const (
	Sent       Field = "sent"
	NotSent    Field = "not_sent"
	Opened     Field = "opened"
	NotOpened  Field = "not_opened"
	Clicked    Field = "clicked"
	NotClicked Field = "not_clicked"
	Bounced    Field = "bounced"
	Forwarded  Field = "forwarded"
	OptedOut   Field = "opted_out"
)

// The fields of the source contact.
const (
	FirstName    Field = "first_name"
	LastName     Field = "last_name"
	EmailAddress Field = "email_address"
	EmailDomain  Field = "email_domain"
	JobTitle     Field = "job_title"
	CompanyName  Field = "company_name"
	City         Field = "city"
	State        Field = "state"
	PostalCode   Field = "postal_code"
	Country      Field = "country"
	PhoneNumber  Field = "phone_number"
	Street       Field = "street"

	CreatedAt   Field = "created_at"
	UpdatedAt   Field = "updated_at"
	OptInDate   Field = "opt_in_date"
	Anniversary Field = "anniversary"

	BirthdayMonth Field = "birthday_month"
	BirthdayDay   Field = "birthday_day"
	Birthday      Field = "birthday"

	PermissionToSend Field = "permission_to_send"
	OptInSource      Field = "opt_in_source"
	CreateSource     Field = "create_source"
	SMSPermission    Field = "sms_permission"
	EngagementLevel  Field = "engagement_level"

	// CustomField is any custom field; a rule names it by its id.
	CustomField Field = "custom_field"

	ListMembership Field = "list_membership"
)

// TagID is the field of the source tags.
const TagID Field = "tag_id"

// The operators.
const (
	ContainsAny    Op = "contains-any"
	ContainsAll    Op = "contains-all"
	NotContainsAny Op = "not-contains-any"

	Equals      Op = "equals"
	NotEquals   Op = "not-equals"
	Contains    Op = "contains"
	NotContains Op = "not-contains"
	StartsWith  Op = "starts-with"
	EndsWith    Op = "ends-with"
	In          Op = "in"
	NotIn       Op = "not-in"
	IsEmpty     Op = "is-empty"
	IsNotEmpty  Op = "is-not-empty"

	Before      Op = "before"
	After       Op = "after"
	Between     Op = "between"
	InLastDays  Op = "in-last-n-days"
	InNextDays  Op = "in-next-n-days"
	GreaterThan Op = "greater-than"
	LessThan    Op = "less-than"
)

// The constants.
const (
	LastCampaigns Const = "last-n-campaigns"
	LastDays      Const = "last-n-days"
	AnyCampaign   Const = "any-campaign"
)
