package account

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/id"
)

// letter is what the mails of this package are made of: every one says a few
// things and has one button.
type letter struct {
	Subject string
	Hello   string
	Says    []string
	Button  string
	Link    string
	// After stands below the button: how long it works, and what to do who
	// did not ask for it.
	After []string
}

// mail writes a letter as text and as HTML.
func (l letter) mail(m Mail) Mail {
	m.Subject = l.Subject
	var b strings.Builder
	b.WriteString(l.Hello + "\n\n")
	for _, s := range l.Says {
		b.WriteString(s + "\n\n")
	}
	b.WriteString(l.Button + ":\n" + l.Link + "\n\n")
	b.WriteString(strings.Join(l.After, "\n\n") + "\n")
	m.Text = b.String()
	b.Reset()
	if err := frame.Execute(&b, l); err != nil {
		panic(err) // a template of ours over a struct of ours, into memory
	}
	m.HTML = b.String()
	return m
}

// frame is a letter as HTML. Mail programs know neither style sheets nor
// classes well, so each element carries its style.
var frame = template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px;background:#f3f4f6;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1f2933">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:8px"><tr><td style="padding:32px">
<p style="margin:0 0 16px">{{.Hello}}</p>
{{range .Says}}<p style="margin:0 0 16px">{{.}}</p>
{{end}}<p style="margin:24px 0"><a href="{{.Link}}" style="display:inline-block;padding:12px 24px;background:#0b7285;color:#ffffff;text-decoration:none;border-radius:6px;font-weight:bold">{{.Button}}</a></p>
<p style="margin:0 0 16px;font-size:14px;color:#52606d">The button does not work? Copy this address into your browser:<br><a href="{{.Link}}" style="color:#0b7285;word-break:break-all">{{.Link}}</a></p>
{{range .After}}<p style="margin:0 0 16px;font-size:14px;color:#52606d">{{.}}</p>
{{end}}</td></tr></table>
</td></tr></table>
</body>
</html>
`))

func hello(name string) string {
	if name == "" {
		return "Hello,"
	}
	return "Hello " + name + ","
}

// span says a time in words: "7 days", "24 hours", "1 hour".
func span(d time.Duration) string {
	n, unit := int(d/time.Hour), "hour"
	if n >= 48 {
		n, unit = n/24, "day"
	}
	if n != 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit
}

func confirmMail(a Account, u User, link string, good time.Duration) Mail {
	return letter{
		Subject: "Confirm your email address",
		Hello:   hello(u.FirstName),
		Says: []string{
			"Somebody, we hope you, made " + u.Email.String() + " the address of a user of " + a.Name() + ".",
			"One press of a button tells us that mail to it reaches you.",
		},
		Button: "Confirm this address",
		Link:   link,
		After:  []string{"The link works once, for " + span(good) + ".", "It was not you? Then there is nothing to do: without the button the address stays unconfirmed."},
	}.mail(Mail{Kind: LinkConfirm, Account: u.Home, To: u.Email, ToName: u.Name(), For: u.ID})
}

func senderMail(a Account, to email.Address, by id.User, link string, good time.Duration) Mail {
	return letter{
		Subject: "Confirm " + to.String() + " for " + a.Name(),
		Hello:   hello(""),
		Says: []string{
			"Somebody of " + a.Name() + " wants to send mail from " + to.String() + ".",
			"One press of a button tells us that the address is yours, and that you agree.",
		},
		Button: "Confirm this address",
		Link:   link,
		After:  []string{"The link works once, for " + span(good) + ".", "You do not know who this is from? Then leave this mail alone: without the button nothing is sent from your address."},
	}.mail(Mail{Kind: LinkSender, Account: a.ID, To: to, For: by})
}

func resetMail(u User, link string, good time.Duration) Mail {
	return letter{
		Subject: "Choose a new password",
		Hello:   hello(u.FirstName),
		Says:    []string{"A new password was asked for, for " + u.Email.String() + "."},
		Button:  "Choose a new password",
		Link:    link,
		After:   []string{"The link works once, for " + span(good) + ".", "You did not ask? Then leave this mail alone: your password stays as it is."},
	}.mail(Mail{Kind: LinkReset, Account: u.Home, To: u.Email, ToName: u.Name(), For: u.ID})
}

func inviteMail(a Account, host User, to email.Address, role Role, link string, good time.Duration) Mail {
	return letter{
		Subject: host.Name() + " invites you to " + a.Name(),
		Hello:   hello(""),
		Says:    []string{host.Name() + " asks you to join " + a.Name() + " as " + role.Title() + ": " + role.Meaning()},
		Button:  "Accept the invitation",
		Link:    link,
		After:   []string{"The link works once, for " + span(good) + ".", "You do not know who this is from? Then leave this mail alone, and nothing happens."},
	}.mail(Mail{Kind: LinkInvite, Account: a.ID, To: to})
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
