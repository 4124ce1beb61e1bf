package apikith

import (
	"context"
	"net/http"
	"reflect"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Domains is what is done with the domains that mail is sent from;
// delivery.Domains meets it.
type Domains interface {
	List(ctx context.Context, who account.Actor) ([]delivery.Domain, error)
	Get(ctx context.Context, who account.Actor, name string) (delivery.Domain, error)
	Add(ctx context.Context, who account.Actor, name string, algorithms []delivery.Algorithm, problems fault.Problems) (delivery.Domain, error)
	SetSigning(ctx context.Context, who account.Actor, name string, to delivery.Signing, problems fault.Problems) (delivery.Domain, error)
	Check(ctx context.Context, who account.Actor, name string) (delivery.Domain, error)
	Rotate(ctx context.Context, who account.Actor, name string, algorithms []delivery.Algorithm, problems fault.Problems) (delivery.Domain, error)
	Remove(ctx context.Context, who account.Actor, name string) error
}

func (a *API) domainOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/sender-domains", ID: "getSenderDomains", Group: groupDomains,
			Summary: "The domains that the account sends from",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[senderDomains]("All of them, by name."),
			Serve:   a.senderDomains,
		},
		{
			Method: http.MethodPost, Path: "/sender-domains", ID: "addSenderDomain", Group: groupDomains,
			Summary:     "Add a domain",
			Description: "It must be that of a confirmed address to send from. Keys to sign with are made; nothing is signed until a check has seen their records.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:     reflect.TypeFor[newDomain](),
			Answers:  made[senderDomain]("The domain, with the records to publish."),
			Failures: []int{http.StatusConflict},
			Serve:    a.addDomain,
		},
		{
			Method: http.MethodGet, Path: "/sender-domains/{domain_name}", ID: "getSenderDomain", Group: groupDomains,
			Summary: "One domain",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers:  ok[senderDomain]("The domain."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.senderDomain,
		},
		{
			Method: http.MethodPut, Path: "/sender-domains/{domain_name}", ID: "putSenderDomain", Group: groupDomains,
			Summary: "Say whether mail from a domain is signed",
			Scope:   oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:     reflect.TypeFor[domainInput](),
			Answers:  ok[senderDomain]("The domain."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.putDomain,
		},
		{
			Method: http.MethodPost, Path: "/sender-domains/{domain_name}/check", ID: "checkSenderDomain", Group: groupDomains,
			Summary:     "Look for the records of a domain now",
			Description: "It waits for the DNS, some seconds at most. Otherwise it is done every day, and every hour while new records are waited for.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  ok[senderDomain]("The domain, with what was found."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.checkDomain,
		},
		{
			Method: http.MethodPost, Path: "/sender-domains/{domain_name}/rotation", ID: "rotateSenderDomain", Group: groupDomains,
			Summary:     "Make new keys for a domain",
			Description: "The old ones sign until the records of the new have been seen; afterwards theirs are to stay for a week.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body: reflect.TypeFor[rotation](), BodyOptional: true,
			Answers:  ok[senderDomain]("The domain, with the records to publish."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.rotateDomain,
		},
		{
			Method: http.MethodDelete, Path: "/sender-domains/{domain_name}", ID: "deleteSenderDomain", Group: groupDomains,
			Summary: "Forget a domain and its keys; mail from it is signed no more",
			Scope:   oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  none("The domain is gone."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.removeDomain,
		},
	}
}

type senderDomains struct {
	_       struct{}       `schema:"SenderDomains" doc:"Domains that an account sends from."`
	Domains []senderDomain `json:"domains" doc:"The domains."`
}

type senderDomain struct {
	_         struct{}     `schema:"SenderDomain" doc:"A domain that an account sends from."`
	Name      string       `json:"name" doc:"Its name in ASCII, which is its id."`
	Signing   string       `json:"signing" enum:"published,always,off" doc:"Whether mail from it is signed: once the records were seen, even before, or not."`
	Signed    bool         `json:"signed" doc:"Whether mail from it is signed now."`
	SPF       recordCheck  `json:"spf" doc:"Which servers may send for the domain."`
	DMARC     recordCheck  `json:"dmarc" doc:"What is to become of mail that proves nothing."`
	Keys      []domainKey  `json:"keys" doc:"The keys that mail is or was signed with, the newest first."`
	CreatedAt respond.Time `json:"created_at" doc:"When it was added."`
	CheckedAt respond.Time `json:"checked_at,omitzero" doc:"When its records were last looked for."`
}

type recordCheck struct {
	_       struct{}   `schema:"RecordCheck" doc:"What was found of a record in the DNS."`
	State   string     `json:"state" enum:"unknown,good,missing,wrong" doc:"What was found; unknown where it was not looked for yet, or the DNS gave no answer."`
	Says    string     `json:"says,omitempty" doc:"What there is to know, in sentences."`
	Found   []string   `json:"found" doc:"The texts that stand there now."`
	Publish *dnsRecord `json:"publish,omitempty" doc:"The record that is to stand there; left out where nothing is to be done, or the owner alone can say what."`
}

type dnsRecord struct {
	_       struct{} `schema:"DNSRecord" doc:"A record to publish in the DNS."`
	Name    string   `json:"name" doc:"Where it stands."`
	Type    string   `json:"type" doc:"Always TXT."`
	Value   string   `json:"value" doc:"Its text in one piece, which most forms take."`
	Strings []string `json:"strings" doc:"Its text in pieces of at most 255 bytes, as zone files have it."`
}

type domainKey struct {
	_         struct{} `schema:"DomainKey" doc:"A key that mail is signed with."`
	Selector  string   `json:"selector" doc:"Its name among the domain's keys."`
	Algorithm string   `json:"algorithm" enum:"rsa,ed25519" doc:"How it signs."`
	InUse     bool     `json:"in_use" doc:"Whether mail is signed with it now."`
	recordCheck
	Record    dnsRecord    `json:"record" doc:"Its record."`
	CreatedAt respond.Time `json:"created_at" doc:"When it was made."`
	RetiredAt respond.Time `json:"retired_at,omitzero" doc:"When newer keys took over."`
	RemoveAt  respond.Time `json:"remove_at,omitzero" doc:"When its record may be taken away."`
}

type newDomain struct {
	_          struct{}              `schema:"NewSenderDomain" doc:"A domain to be."`
	Name       request.Opt[string]   `json:"name" required:"true" doc:"The domain: what stands behind the @ of an address to send from."`
	Algorithms request.Opt[[]string] `json:"algorithms" enum:"rsa,ed25519" doc:"With what its mail is signed; rsa where it is left out, which all receivers know."`
}

type domainInput struct {
	_       struct{}            `schema:"SenderDomainInput" doc:"What is to be changed of a domain."`
	Signing request.Opt[string] `json:"signing" required:"true" enum:"published,always,off" doc:"Whether mail from it is signed."`
}

type rotation struct {
	_          struct{}              `schema:"KeyRotation" doc:"New keys."`
	Algorithms request.Opt[[]string] `json:"algorithms" enum:"rsa,ed25519" doc:"With what mail is to be signed; as before where it is left out."`
}

func algorithmsOf(in request.Opt[[]string]) (all []delivery.Algorithm) {
	for _, a := range in.Or(nil) {
		all = append(all, delivery.Algorithm(a))
	}
	return all
}

func recordOf(r delivery.Record) dnsRecord {
	return dnsRecord{Name: r.Name, Type: r.Type, Value: r.Value, Strings: append([]string{}, r.Strings...)}
}

func checkOf(f delivery.Finding, publish delivery.Record, is bool) recordCheck {
	c := recordCheck{State: string(f.State), Says: f.Says, Found: append([]string{}, f.Found...)}
	if is {
		r := recordOf(publish)
		c.Publish = &r
	}
	return c
}

func domainOf(d delivery.Domain) senderDomain {
	w := senderDomain{
		Name: d.Name, Signing: string(d.Signing), CreatedAt: respond.Time(d.CreatedAt), CheckedAt: respond.Time(d.CheckedAt),
		Keys: make([]domainKey, len(d.Keys)),
	}
	spf, is := d.SPFRecord()
	w.SPF = checkOf(d.SPF, spf, is)
	dmarc, is := d.DMARCRecord()
	w.DMARC = checkOf(d.DMARC, dmarc, is)
	inUse := map[string]bool{}
	for _, k := range d.InUse() {
		inUse[k.Selector], w.Signed = true, true
	}
	for i, k := range d.Keys {
		r := d.KeyRecord(k)
		w.Keys[i] = domainKey{
			Selector: k.Selector, Algorithm: string(k.Algorithm), InUse: inUse[k.Selector],
			recordCheck: checkOf(k.Finding, r, k.State != delivery.Good && !k.Retired()), Record: recordOf(r),
			CreatedAt: respond.Time(k.CreatedAt), RetiredAt: respond.Time(k.RetiredAt), RemoveAt: respond.Time(k.RemoveAt()),
		}
	}
	return w
}

// answerDomain answers with one domain.
func answerDomain(c *operation.Call, status int, d delivery.Domain, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(status, domainOf(d))
}

func (a *API) senderDomains(c *operation.Call) error {
	all, err := a.o.Domains.List(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := senderDomains{Domains: make([]senderDomain, len(all))}
	for i, d := range all {
		answer.Domains[i] = domainOf(d)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) addDomain(c *operation.Call) error {
	in := operation.Body[newDomain](c)
	d, err := a.o.Domains.Add(c.Context(), c.Actor, in.Name.Or(""), algorithmsOf(in.Algorithms), c.Problems)
	return answerDomain(c, http.StatusCreated, d, err)
}

func (a *API) senderDomain(c *operation.Call) error {
	d, err := a.o.Domains.Get(c.Context(), c.Actor, c.Param("domain_name"))
	return answerDomain(c, http.StatusOK, d, err)
}

func (a *API) putDomain(c *operation.Call) error {
	in := operation.Body[domainInput](c)
	d, err := a.o.Domains.SetSigning(c.Context(), c.Actor, c.Param("domain_name"), delivery.Signing(in.Signing.Or("")), c.Problems)
	return answerDomain(c, http.StatusOK, d, err)
}

func (a *API) checkDomain(c *operation.Call) error {
	d, err := a.o.Domains.Check(c.Context(), c.Actor, c.Param("domain_name"))
	return answerDomain(c, http.StatusOK, d, err)
}

func (a *API) rotateDomain(c *operation.Call) error {
	in := operation.Body[rotation](c)
	d, err := a.o.Domains.Rotate(c.Context(), c.Actor, c.Param("domain_name"), algorithmsOf(in.Algorithms), c.Problems)
	return answerDomain(c, http.StatusOK, d, err)
}

func (a *API) removeDomain(c *operation.Call) error {
	if err := a.o.Domains.Remove(c.Context(), c.Actor, c.Param("domain_name")); err != nil {
		return err
	}
	return c.NoContent()
}
