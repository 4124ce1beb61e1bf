package delivery

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
)

// DomainOptions is what the service of sender domains is made of.
type DomainOptions struct {
	Store DomainStore
	// Box seals private keys: secret.Domains.
	Box secret.Box
	DNS Resolver
	// Expected is what the SPF policies of senders must let pass; empty where
	// the server does not know from where its mail leaves.
	Expected []Expected
	// Envelope is the domain to which mail that bounces comes back, where all
	// mail has one address for that: receivers look for SPF there. Empty where
	// it is the sender's own.
	Envelope string
}

// Domains is the service of sender domains. It is safe for concurrent use.
type Domains struct {
	o    DomainOptions
	keys keyCache
}

// NewDomains returns the service.
func NewDomains(o DomainOptions) *Domains {
	return &Domains{o: o, keys: keyCache{now: map[keysOf]cached{}}}
}

// Times of checks.
const (
	// checkEvery is how often records are looked for once they are well, or
	// once their owner has had time to publish them: hopeFor.
	checkEvery = 24 * time.Hour
	checkSoon  = time.Hour
	hopeFor    = 3 * 24 * time.Hour
	// keepRetired is how long the record of a retired key is still needed:
	// longer than any mail is tried, plus what receivers wait before they
	// check.
	keepRetired = 7 * 24 * time.Hour
)

// List returns the account's domains by name.
func (s *Domains) List(ctx context.Context, who account.Actor) (all []Domain, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx DomainTx) error {
		all, err = tx.Domains(ctx, who.Account)
		return err
	})
	return all, err
}

// Get returns one of the account's domains.
func (s *Domains) Get(ctx context.Context, who account.Actor, name string) (d Domain, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return Domain{}, err
	}
	return s.read(ctx, who.Account, name)
}

func (s *Domains) read(ctx context.Context, number id.Account, name string) (d Domain, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx DomainTx) error {
		d, err = tx.Domain(ctx, number, ascii(name))
		return err
	})
	return d, err
}

// ascii returns a domain's name as it stands in the DNS: in ASCII (RFC 5891)
// and lower case, without a dot at its end.
func ascii(name string) string {
	name = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(name), "."))
	if a, err := idna.Lookup.ToASCII(name); err == nil {
		return a
	}
	return name
}

// Add adds a domain from which the account has a confirmed sender address, and
// makes a key for each algorithm; none means RSA, which every receiver knows.
// Nothing is signed until a check has seen a record.
func (s *Domains) Add(ctx context.Context, who account.Actor, name string, algorithms []Algorithm, problems fault.Problems) (added Domain, err error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return Domain{}, err
	}
	found := slices.Clone(problems)
	name = ascii(name)
	if name == "" {
		found.Add("name", "field.required", "is missing")
	}
	algorithms = chosen(&found, algorithms)
	if err := found.Err(); err != nil {
		return Domain{}, err
	}
	keys, err := s.makeKeys(name, algorithms) // outside of the unit of work: RSA takes its time
	if err != nil {
		return Domain{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx DomainTx) error {
		senders, err := tx.Senders(ctx, who.Account)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(senders, func(a account.Sender) bool { return a.Confirmed() && ascii(a.Email.Domain()) == name }) {
			found := slices.Clone(found)
			found.Add("name", "domain.no_sender", "is the domain of no confirmed sender address of the account")
			return found.Err()
		}
		all, err := tx.Domains(ctx, who.Account)
		switch {
		case err != nil:
			return err
		case slices.ContainsFunc(all, func(d Domain) bool { return d.Name == name }):
			return ErrDomainTaken
		case len(all) >= MaxDomains:
			return ErrDomainLimit
		}
		added = Domain{
			Account: who.Account, Name: name, Signing: SignPublished, Keys: dated(keys, tx.Now()),
			SPF: Finding{State: Unasked}, DMARC: Finding{State: Unasked}, CreatedAt: tx.Now(), NextCheck: tx.Now(),
		}
		return tx.PutDomain(ctx, added)
	})
	return added, err
}

// chosen returns the algorithms without repetition, in the order in which
// signatures stand in a mail.
func chosen(found *fault.Problems, in []Algorithm) (out []Algorithm) {
	for _, a := range in {
		if a != Ed25519 && a != RSA {
			found.Add("algorithms", "field.value", "is none of rsa and ed25519")
		}
	}
	if len(in) == 0 {
		return []Algorithm{RSA}
	}
	for _, a := range []Algorithm{Ed25519, RSA} {
		if slices.Contains(in, a) {
			out = append(out, a)
		}
	}
	return out
}

// makeKeys makes a key for each algorithm. Their selectors are not to be
// guessed from one another, so that another server that signs for the domain
// has others.
func (s *Domains) makeKeys(name string, algorithms []Algorithm) (keys []DomainKey, err error) {
	batch := "kith" + strings.ToLower(rand.Text()[:6])
	for _, a := range algorithms {
		k, err := NewSigningKey(name, batch+"-"+string(a), a)
		if err != nil {
			return nil, err
		}
		private, err := k.Private()
		if err != nil {
			return nil, err
		}
		record, err := k.Record()
		if err != nil {
			return nil, err
		}
		keys = append(keys, DomainKey{
			Selector: k.Selector, Algorithm: a, Record: record, Finding: Finding{State: Unasked},
			Sealed: s.o.Box.Seal(private, k.RecordName()),
		})
	}
	return keys, nil
}

func dated(keys []DomainKey, at time.Time) []DomainKey {
	keys = slices.Clone(keys)
	for i := range keys {
		keys[i].CreatedAt = at
	}
	return keys
}

// Rotate makes new keys beside those of a domain. The old ones sign until the
// records of the new have been seen; those that were never seen are dropped.
// algorithms may be empty: then they stay.
func (s *Domains) Rotate(ctx context.Context, who account.Actor, name string, algorithms []Algorithm, problems fault.Problems) (Domain, error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return Domain{}, err
	}
	found := slices.Clone(problems)
	d, err := s.read(ctx, who.Account, name)
	if err != nil {
		return Domain{}, err
	}
	if len(algorithms) == 0 {
		for _, k := range d.newest() {
			algorithms = append(algorithms, k.Algorithm)
		}
	}
	algorithms = chosen(&found, algorithms)
	if err := found.Err(); err != nil {
		return Domain{}, err
	}
	keys, err := s.makeKeys(d.Name, algorithms)
	if err != nil {
		return Domain{}, err
	}
	return s.change(ctx, who, name, func(d *Domain, now time.Time) {
		seen := slices.DeleteFunc(slices.Clone(d.Keys), func(k DomainKey) bool { return k.State != Good && !k.Retired() })
		d.Keys, d.NextCheck = append(dated(keys, now), seen...), now
	})
}

// SetSigning says whether mail from a domain is signed.
func (s *Domains) SetSigning(ctx context.Context, who account.Actor, name string, to Signing, problems fault.Problems) (Domain, error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return Domain{}, err
	}
	found := slices.Clone(problems)
	if !found.Has("signing") && !slices.Contains([]Signing{SignPublished, SignAlways, SignOff}, to) {
		found.Add("signing", "field.value", "is none of published, always and off")
	}
	if err := found.Err(); err != nil {
		return Domain{}, err
	}
	return s.change(ctx, who, name, func(d *Domain, _ time.Time) { d.Signing = to })
}

// change changes one domain of the account. fn may run more than once.
func (s *Domains) change(ctx context.Context, who account.Actor, name string, fn func(d *Domain, now time.Time)) (d Domain, err error) {
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx DomainTx) error {
		if d, err = tx.Domain(ctx, who.Account, ascii(name)); err != nil {
			return err
		}
		fn(&d, tx.Now())
		return tx.PutDomain(ctx, d)
	})
	if err == nil {
		s.keys.forget(who.Account)
	}
	return d, err
}

// Remove forgets a domain with its keys: mail from it is signed no more.
func (s *Domains) Remove(ctx context.Context, who account.Actor, name string) error {
	if err := who.May(account.AccountUpdate); err != nil {
		return err
	}
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx DomainTx) error {
		there, err := tx.DropDomain(ctx, who.Account, ascii(name))
		if err == nil && !there {
			return fault.ErrNotFound
		}
		return err
	})
	if err == nil {
		s.keys.forget(who.Account)
	}
	return err
}

// Check looks for the records of a domain now.
func (s *Domains) Check(ctx context.Context, who account.Actor, name string) (Domain, error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return Domain{}, err
	}
	return s.check(ctx, who.Account, name)
}

// patience bounds all questions about one domain.
const patience = 20 * time.Second

func (s *Domains) check(ctx context.Context, number id.Account, name string) (Domain, error) {
	d, err := s.read(ctx, number, name)
	if err != nil {
		return Domain{}, err
	}
	looked, err := s.look(ctx, d)
	if err != nil {
		return Domain{}, err
	}
	return s.change(ctx, account.Actor{Account: number}, name, looked.noteIn)
}

// looked is what a check found.
type looked struct {
	keys       map[string]Finding // by selector
	spf, dmarc Finding
}

// look asks the DNS. What it does not answer is part of what was found; the
// error is that of a caller who gave up.
func (s *Domains) look(ctx context.Context, d Domain) (l looked, err error) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	l.keys = map[string]Finding{}
	for _, k := range d.Keys {
		if !k.Retired() {
			l.keys[k.Selector] = checkKey(within, s.o.DNS, recordName(k.Selector, d.Name), k.Record)
		}
	}
	envelope := s.o.Envelope
	if envelope == "" {
		envelope = d.Name
	}
	l.spf = checkSPF(within, s.o.DNS, envelope, s.o.Expected)
	if envelope != d.Name {
		// Not for this owner to mend, and no proof for the domain in From.
		l.spf.Says = fmt.Sprintf("Bounces come back to %s, so it is there that receivers look for SPF. %s", envelope, l.spf.Says)
		l.spf.Publish = ""
	}
	noted := d
	noted.Keys = slices.Clone(d.Keys)
	l.noteKeys(&noted)
	related := envelope == d.Name || strings.HasSuffix(envelope, "."+d.Name) || strings.HasSuffix(d.Name, "."+envelope)
	l.dmarc = checkDMARC(within, s.o.DNS, d.Name, aligned{dkim: len(noted.InUse()) > 0, spf: related && l.spf.State == Good})
	return l, ctx.Err()
}

// noteKeys notes what was found of the keys. A DNS that did not answer
// unsettles nothing: the record is taken to be as it was.
func (l looked) noteKeys(d *Domain) {
	for i, k := range d.Keys {
		f, is := l.keys[k.Selector]
		if is && (f.State != Unasked || k.State != Good) {
			d.Keys[i].Finding = f
		}
	}
}

// noteIn writes down what was found, retires keys whose successors have all
// been seen, and drops those that were retired long ago.
func (l looked) noteIn(d *Domain, now time.Time) {
	l.noteKeys(d)
	d.SPF, d.DMARC, d.CheckedAt = l.spf, l.dmarc, now
	newest := d.newest()
	if !slices.ContainsFunc(newest, func(k DomainKey) bool { return k.State != Good }) {
		for i := len(newest); i < len(d.Keys); i++ {
			if !d.Keys[i].Retired() {
				d.Keys[i].RetiredAt = now
			}
		}
	}
	d.Keys = slices.DeleteFunc(d.Keys, func(k DomainKey) bool { return k.Retired() && now.After(k.RemoveAt()) })
	d.NextCheck = now.Add(checkEvery)
	if len(newest) > 0 && !d.Well() && now.Sub(newest[0].CreatedAt) < hopeFor {
		d.NextCheck = now.Add(checkSoon)
	}
}

// dueBatch bounds what CheckDue does in one go; the timetable comes again.
const dueBatch = 20

// CheckDue looks for the records of the domains whose check is due. One that
// cannot be checked keeps nobody else waiting.
func (s *Domains) CheckDue(ctx context.Context) error {
	var due []Domain
	err := s.o.Store.View(ctx, func(ctx context.Context, tx DomainTx) (err error) {
		due, err = tx.DueDomains(ctx, dueBatch)
		return err
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, d := range due {
		if _, err := s.check(ctx, d.Account, d.Name); err != nil && !fault.Is(err, fault.NotFound) {
			errs = append(errs, fmt.Errorf("check sender domain %s of account %d: %w", d.Name, d.Account, err))
		}
	}
	return errors.Join(errs...)
}
