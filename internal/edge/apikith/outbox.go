package apikith

import (
	"net/http"
	"reflect"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

func (a *API) outboxOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/outbox", ID: "getMails", Group: groupOutbox,
			Summary: "Mails that the server wrote, the newest first",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: append(operation.Page(50, 500), operation.Parameter{
				Name: "state", Kind: operation.Word,
				Words: []string{"kept", "queued", "sending", "sent", "failed", "uncertain"},
				Doc:   "Only mails of which this became.",
			}, operation.Parameter{
				Name: "kind", Kind: operation.Word,
				Words: []string{"confirm", "reset", "invite", "sender", "welcome", "confirm_optin", "confirm_reminder", "update_profile", "confirm_address"},
				Doc:   "Only mails for this.",
			}, operation.Parameter{
				Name: "to", Kind: operation.Text, Doc: "Only mails to addresses that hold this.",
			}, operation.Parameter{
				Name: "contact", Kind: operation.UID, Doc: "Only mails to this contact.",
			}),
			Answers: ok[mailPage]("A page of mails, without their bodies."),
			Serve:   a.mails,
		},
		{
			Method: http.MethodGet, Path: "/outbox/counts", ID: "getMailCounts", Group: groupOutbox,
			Summary: "How many mails there are of each state",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[mailCounts]("The counts."),
			Serve:   a.mailCounts,
		},
		{
			Method: http.MethodGet, Path: "/outbox/{mail_id}", ID: "getMail", Group: groupOutbox,
			Summary: "One mail",
			Description: "Text, HTML and headers are left out where the mail carries a way in and is for somebody else. " +
				"The links of a mail to a contact are the contact's: they open nothing here, unless the server sends no mail at all.",
			Scope: oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers:  ok[openedMail]("The mail."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.mail,
		},
		{
			Method: http.MethodGet, Path: "/relays", ID: "getRelays", Group: groupOutbox,
			Summary:     "Mail relays that are in trouble",
			Description: "They rest for growing times, and mails that have no other way wait in the queue. The relays are the server's, and serve all of its accounts.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[relays]("The relays in trouble, none where all work."),
			Serve:   a.relays,
		},
		{
			Method: http.MethodPost, Path: "/outbox/send_again", ID: "sendMailsAgain", Group: groupOutbox,
			Summary:     "Send all mails that failed, or all of which nobody knows",
			Description: "Those that are uncertain may arrive twice.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:    reflect.TypeFor[againInput](),
			Answers: ok[queuedAgain]("How many were queued."),
			Serve:   a.sendAllAgain,
		},
		{
			Method: http.MethodPost, Path: "/outbox/{mail_id}/send_again", ID: "sendMailAgain", Group: groupOutbox,
			Summary:     "Send a mail that failed, or of which nobody knows",
			Description: "One that is uncertain may arrive twice.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  ok[mail]("The mail, queued."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.sendAgain,
		},
	}
}

type mailPage struct {
	_     struct{}     `schema:"Mails" doc:"A page of mails."`
	Mails []mail       `json:"mails" doc:"The mails."`
	Links *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type mail struct {
	_         struct{}     `schema:"Mail" doc:"A mail and what became of it."`
	ID        string       `json:"mail_id" doc:"The mail's id."`
	Kind      string       `json:"kind" enum:"confirm,reset,invite,sender,welcome,confirm_optin,confirm_reminder,update_profile,confirm_address" doc:"What it is for: the first four are to users, the others to contacts."`
	State     string       `json:"state" enum:"kept,queued,sending,sent,failed,uncertain" doc:"What became of it. Kept is a mail that goes nowhere, since no relay is set."`
	To        string       `json:"to" doc:"Whom it is for."`
	From      string       `json:"from" doc:"Whom it is from."`
	Subject   string       `json:"subject" doc:"Its subject."`
	CreatedAt respond.Time `json:"created_at" doc:"When it was written."`
	SentAt    respond.Time `json:"sent_at,omitzero" doc:"When the relay took it."`
	Error     string       `json:"error,omitempty" doc:"What the relay said when it did not take it."`
	Relay     string       `json:"relay,omitempty" doc:"The relay that was asked last, by host and port."`
}

type openedMail struct {
	_ struct{} `schema:"OpenedMail" doc:"A mail with its bodies."`
	mail
	Harmless bool     `json:"links_hidden,omitempty" doc:"Set where the links of the body are the contact's, and were made to open nothing."`
	HTML     string   `json:"html,omitempty" doc:"The body as HTML."`
	Text     string   `json:"text,omitempty" doc:"The body as text."`
	Headers  []header `json:"headers,omitempty" doc:"What stands in the mail's head."`
	// Attempts are told also of a mail whose body is hidden.
	Attempts []attempt `json:"attempts" doc:"The attempts to send it that did not end well, and the notices that came back for it, oldest first."`
}

type attempt struct {
	_       struct{}     `schema:"MailAttempt" doc:"An attempt to send a mail that did not end well, or a notice that came back."`
	At      respond.Time `json:"at" doc:"When it was."`
	Relay   string       `json:"relay,omitempty" doc:"The relay, by host and port, or where the notice came from."`
	Outcome string       `json:"outcome" doc:"What came of it: later (the relay did not take the mail then), refused (for good), broken (the connection ended before the relay had the mail), unknown (it ended after the relay may have had it), or what a notice tells."`
	Reply   string       `json:"reply,omitempty" doc:"What was said, in the words of who said it."`
	Status  string       `json:"status,omitempty" doc:"The status code with it, as RFC 3463 has them (5.1.1)."`
}

type mailCounts struct {
	_         struct{} `schema:"MailCounts" doc:"How many mails the outbox holds."`
	Kept      int64    `json:"kept" doc:"Mails that go nowhere, since no relay is set."`
	Queued    int64    `json:"queued" doc:"Mails that wait to be sent."`
	Sending   int64    `json:"sending" doc:"Mails on their way to a relay."`
	Sent      int64    `json:"sent" doc:"Mails that a relay took."`
	Failed    int64    `json:"failed" doc:"Mails that no relay takes."`
	Uncertain int64    `json:"uncertain" doc:"Mails of which nobody knows whether a relay took them."`
}

type againInput struct {
	_     struct{}            `schema:"SendAgainInput" doc:"Which mails are to be sent again."`
	State request.Opt[string] `json:"state" required:"true" enum:"failed,uncertain" doc:"Those of this state."`
}

type queuedAgain struct {
	_      struct{} `schema:"QueuedAgain" doc:"What was queued again."`
	Queued int      `json:"queued" doc:"How many mails."`
}

type relays struct {
	_      struct{} `schema:"Relays" doc:"Mail relays."`
	Relays []relay  `json:"relays" doc:"The relays."`
}

type relay struct {
	_       struct{}     `schema:"Relay" doc:"A mail relay in trouble."`
	Relay   string       `json:"relay" doc:"Its host and port."`
	Since   respond.Time `json:"since" doc:"When the trouble began."`
	NextTry respond.Time `json:"next_try" doc:"When it is asked again."`
	Error   string       `json:"error" doc:"What it said last, or why it could not be asked."`
}

type header struct {
	_     struct{} `schema:"Header" doc:"A line of a mail's head."`
	Name  string   `json:"name" doc:"Its name."`
	Value string   `json:"value" doc:"What it says."`
}

func mailOf(m message.Mail) mail {
	w := mail{
		ID: strconv.FormatInt(int64(m.Number), 10), Kind: string(m.Kind), State: string(m.State),
		To: m.To.String(), From: m.From.String(), Subject: m.Subject, CreatedAt: respond.Time(m.CreatedAt), Relay: m.Relay,
	}
	if m.State == message.Sent {
		w.SentAt = respond.Time(m.SettledAt)
	} else {
		w.Error = m.Reply
	}
	return w
}

func (a *API) mails(c *operation.Call) error {
	f := message.Filter{State: message.State(c.Text("state")), Kind: message.Kind(c.Text("kind")), To: c.Text("to")}
	for _, uid := range c.UIDs("contact") {
		f.Contact.UID = uid
	}
	of, err := a.o.Mails.List(c.Context(), c.Actor, f, c.Page())
	if err != nil {
		return err
	}
	answer := mailPage{Mails: make([]mail, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, m := range of.Items {
		answer.Mails[i] = mailOf(m)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) mail(c *operation.Call) error {
	number, err := mailNumber(c)
	if err != nil {
		return err
	}
	m, err := a.o.Mails.Get(c.Context(), c.Actor, number)
	if err != nil {
		return err
	}
	attempts, err := a.o.Deliveries.Attempts(c.Context(), c.Actor, number)
	if err != nil {
		return err
	}
	answer := openedMail{mail: mailOf(m.Mail), Attempts: make([]attempt, len(attempts))}
	for i, t := range attempts {
		answer.Attempts[i] = attempt{At: respond.Time(t.At), Relay: t.Relay, Outcome: t.Outcome, Reply: t.Reply, Status: t.Status}
	}
	if !m.Hidden {
		answer.HTML, answer.Text, answer.Harmless = m.HTML, m.Text, m.Harmless
		for _, h := range m.Headers {
			answer.Headers = append(answer.Headers, header{Name: h.Name, Value: h.Value})
		}
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) mailCounts(c *operation.Call) error {
	n, err := a.o.Mails.Counts(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, mailCounts{
		Kept: n[message.Kept], Queued: n[message.Queued], Sending: n[message.Sending],
		Sent: n[message.Sent], Failed: n[message.Failed], Uncertain: n[message.Uncertain],
	})
}

func (a *API) relays(c *operation.Call) error {
	all, err := a.o.Deliveries.Troubles(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := relays{Relays: make([]relay, len(all))}
	for i, s := range all {
		answer.Relays[i] = relay{Relay: s.Name, Since: respond.Time(s.Since), NextTry: respond.Time(s.Until), Error: s.Reply}
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) sendAgain(c *operation.Call) error {
	number, err := mailNumber(c)
	if err != nil {
		return err
	}
	if err := a.o.Mails.SendAgain(c.Context(), c.Actor, number); err != nil {
		return err
	}
	m, err := a.o.Mails.Get(c.Context(), c.Actor, number)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, mailOf(m.Mail))
}

func (a *API) sendAllAgain(c *operation.Call) error {
	in := operation.Body[againInput](c)
	n, err := a.o.Mails.SendAllAgain(c.Context(), c.Actor, message.State(in.State.Or("")), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, queuedAgain{Queued: n})
}

func mailNumber(c *operation.Call) (id.Mail, error) {
	number, err := strconv.ParseInt(c.Param("mail_id"), 10, 64)
	if err != nil {
		return 0, fault.ErrNotFound // the table lets whole numbers pass alone
	}
	return id.Mail(number), nil
}
