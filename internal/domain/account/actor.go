// Package account says who uses Kith: accounts, their users, and what a role
// allows. How a caller proved who they are is left to the edges and to oauth.
package account

import (
	"slices"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Role is what a user is in an account.
type Role string

// The roles (v3 contract, user privileges and roles).
const (
	Owner           Role = "owner"
	Manager         Role = "manager"
	CampaignCreator Role = "campaign_creator"
)

// Privilege is a right that an operation asks for. Its text is the contract's
// name of it.
type Privilege string

// The privileges that operations ask for.
const (
	AccountRead     Privilege = "account:read"
	AccountUpdate   Privilege = "account:update"
	ContactsRead    Privilege = "contacts:read"
	ContactsWrite   Privilege = "contacts:write"
	ListsRead       Privilege = "contacts:lists:read"
	ListsWrite      Privilege = "contacts:lists:write"
	CampaignRead    Privilege = "campaign:read"
	CampaignWrite   Privilege = "campaign:write"
	CampaignDelete  Privilege = "campaign:delete"
	CampaignSend    Privilege = "campaign:send"
	CampaignMetrics Privilege = "ui:campaign:metrics"
	JourneyRead     Privilege = "customer-journey:read"
	JourneyCreate   Privilege = "customer-journey:create"
	JourneyUpdate   Privilege = "customer-journey:update"
)

// Privileges returns what a role may do, in a fixed order. An owner may do
// everything; a manager everything but change account data; a campaign creator
// makes campaigns and sees lists. An unknown role may do nothing.
func (r Role) Privileges() []Privilege {
	all := []Privilege{
		AccountRead, AccountUpdate, ContactsRead, ContactsWrite, ListsRead, ListsWrite,
		CampaignRead, CampaignWrite, CampaignDelete, CampaignSend, CampaignMetrics,
		JourneyRead, JourneyCreate, JourneyUpdate,
	}
	switch r {
	case Owner:
		return all
	case Manager:
		return slices.DeleteFunc(all, func(p Privilege) bool { return p == AccountUpdate })
	case CampaignCreator:
		return []Privilege{AccountRead, ListsRead, CampaignRead, CampaignWrite}
	}
	return nil
}

// Via is how an actor reached Kith; history tells it.
type Via string

// The ways in.
const (
	ViaAPI     Via = "api"     // an application with a token
	ViaKey     Via = "key"     // an access key
	ViaWeb     Via = "web"     // the web app
	ViaCommand Via = "command" // the operator's command line
	ViaSystem  Via = "system"  // Kith itself
	ViaPublic  Via = "public"  // a contact, on a page that a mail to them led to, or a form
)

// Actor is who asks: a user in an account, perhaps through an application. It
// is handed down as an argument; what is not in it nobody may do.
type Actor struct {
	Account id.Account
	User    id.User
	Role    Role
	Via     Via
	// Application is the client id of the application, where there is one.
	Application string
	// Request is the id of the request, for history and logs.
	Request string
	// Operation is what was called, in words that history shows: "PUT
	// /v3/contacts/{contact_id}", "web sign-up", "kith account create".
	Operation string
	// Address is the network address the call came from, without its port;
	// empty where there is none.
	Address string
}

// Origin is what rows of change and consent tell of the actor.
func (a Actor) Origin() change.Origin {
	return change.Origin{
		Via: string(a.Via), Operation: a.Operation, User: a.User,
		Application: a.Application, Address: a.Address,
	}
}

// May returns nil when the actor's role allows p, else a Forbidden fault.
func (a Actor) May(p Privilege) error {
	if a.Account != 0 && slices.Contains(a.Role.Privileges(), p) {
		return nil
	}
	return fault.ErrPrivilege.Noting("privilege", string(p))
}
