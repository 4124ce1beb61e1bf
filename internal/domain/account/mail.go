package account

import (
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/id"
)

// The mails of this package are facts: package message says them in words.

func confirmMail(u User, link string, good time.Duration) Mail {
	return Mail{
		Kind: LinkConfirm, Account: u.Home, To: u.Email, ToName: u.Name(), For: u.ID,
		FirstName: u.FirstName, Link: link, Good: good,
	}
}

func senderMail(a Account, to email.Address, by id.User, link string, good time.Duration) Mail {
	return Mail{Kind: LinkSender, Account: a.ID, To: to, For: by, Link: link, Good: good}
}

func resetMail(u User, link string, good time.Duration) Mail {
	return Mail{
		Kind: LinkReset, Account: u.Home, To: u.Email, ToName: u.Name(), For: u.ID,
		FirstName: u.FirstName, Link: link, Good: good,
	}
}

func inviteMail(a Account, host User, to email.Address, role Role, link string, good time.Duration) Mail {
	return Mail{Kind: LinkInvite, Account: a.ID, To: to, Host: host.Name(), Role: role, Link: link, Good: good}
}

// Title returns the role's name as people say it.
func (r Role) Title() string {
	switch r {
	case Owner:
		return "an owner"
	case Manager:
		return "a manager"
	case CampaignCreator:
		return "a campaign creator"
	}
	return "a guest"
}

// Label returns the role's name as a label.
func (r Role) Label() string {
	_, name, _ := strings.Cut(r.Title(), " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

// Meaning says in a sentence what the role may do.
func (r Role) Meaning() string {
	switch r {
	case Owner:
		return "owners may do everything, also change the account and its users."
	case Manager:
		return "managers may do everything but change the account and its users."
	case CampaignCreator:
		return "campaign creators make campaigns and see the lists."
	}
	return "guests may do nothing."
}
