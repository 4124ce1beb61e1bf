package apikith

import (
	"net/http"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

type historyPage struct {
	_       struct{}       `schema:"History" doc:"A page of what happened to a contact."`
	History []historyEntry `json:"history" doc:"What happened, the newest first."`
	Links   *wire3.Links   `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type historyEntry struct {
	_           struct{}      `schema:"HistoryEntry" doc:"One thing that happened."`
	At          respond.Time  `json:"at" doc:"When."`
	Kind        string        `json:"kind" enum:"contact.created,contact.updated,contact.deleted,contact.restored,contact.bounced,contact.suppressed,contact.released,membership.added,membership.removed,tagging.added,tagging.removed,permission.changed,contact.asked" doc:"What."`
	Via         string        `json:"via,omitempty" enum:"api,key,web,command,public,system" doc:"By which way: an application with a token, an access key, the web app, the operator's command line, a page that a mail to the contact opens, or Kith itself."`
	Operation   string        `json:"operation,omitempty" doc:"What was called."`
	User        string        `json:"user,omitempty" doc:"Who did it: a username."`
	Application string        `json:"application,omitempty" doc:"Through which application."`
	ActivityID  id.UID        `json:"activity_id,omitzero" doc:"The bulk work that it was a part of."`
	Detail      historyDetail `json:"detail" doc:"More about it: what applies of the properties."`
}

type historyDetail struct {
	_      struct{}    `schema:"HistoryDetail" doc:"More about what happened."`
	Lists  []namedList `json:"lists,omitempty" doc:"The lists that the contact joined or left."`
	Tags   []namedTag  `json:"tags,omitempty" doc:"The tags that were put on the contact or taken off it."`
	Fields []string    `json:"fields,omitempty" doc:"What was given another value."`
	From   string      `json:"from,omitempty" doc:"The permission before; left out for a contact that was new."`
	To     string      `json:"to,omitempty" doc:"The permission after."`
	Source string      `json:"source,omitempty" enum:"Account,Contact" doc:"Whose word it was."`
	Reason string      `json:"reason,omitempty" doc:"What the contact gave as their reason when they opted out."`
	Shown  string      `json:"shown,omitempty" doc:"The text that the contact saw when they agreed."`
	Mail   string      `json:"mail,omitempty" enum:"welcome,confirm_optin,confirm_reminder,update_profile,confirm_address" doc:"The mail that the contact got for it."`
	Why    string      `json:"why,omitempty" enum:"own_act,confirmed,owner_asked,opted_out,no_answer,owner_added,known_before,welcomed_before,welcome_off,asked_recently,restored,not_mailable,import,bulk,copied,no_address,undeliverable,full,suspended,vacation,blocked,other,hard,soft,complaint,owner,arrived" doc:"Why they got that mail; without one, why they got none. Of contact.bounced why the mail came back, of contact.suppressed why the address is not mailed, of contact.released why it is mailed again."`
}

type namedList struct {
	_    struct{} `schema:"NamedList" doc:"A list and its name."`
	ID   id.UID   `json:"list_id" doc:"The list's id."`
	Name string   `json:"name" doc:"Its name now."`
}

type namedTag struct {
	_    struct{} `schema:"NamedTag" doc:"A tag and its name."`
	ID   id.UID   `json:"tag_id" doc:"The tag's id."`
	Name string   `json:"name" doc:"Its name now."`
}

func historyEntryOf(e contact.HistoryEntry) historyEntry {
	w := historyEntry{
		At: respond.Time(e.At), Kind: string(e.Kind), Via: e.Via, Operation: e.Operation, User: e.User,
		Application: e.Application, ActivityID: e.Activity,
		Detail: historyDetail{
			Fields: e.Fields, From: e.From.String(), To: e.To.String(), Source: e.Source.String(), Reason: e.Reason, Shown: e.Shown,
			Mail: string(e.Mail), Why: string(e.Why),
		},
	}
	for _, l := range e.Lists {
		w.Detail.Lists = append(w.Detail.Lists, namedList{ID: l.UID, Name: l.Name})
	}
	for _, t := range e.Tags {
		w.Detail.Tags = append(w.Detail.Tags, namedTag{ID: t.UID, Name: t.Name})
	}
	return w
}

func (a *API) history(c *operation.Call) error {
	of, err := a.o.Contacts.History(c.Context(), c.Actor, id.Ref[id.Contact]{UID: c.UID("contact_id")}, c.Page())
	if err != nil {
		return err
	}
	answer := historyPage{History: make([]historyEntry, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, e := range of.Items {
		answer.History[i] = historyEntryOf(e)
	}
	return c.JSON(http.StatusOK, answer)
}
