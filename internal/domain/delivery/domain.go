package delivery

import (
	"context"
	"slices"
	"strconv"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// MaxDomains is how many sender domains an account may have; ours.
const MaxDomains = 50

// Faults of sender domains.
var (
	ErrDomainTaken = fault.New(fault.Conflict, fault.CodeDomainTaken, "The account has this domain already.")
	ErrDomainLimit = fault.New(fault.Conflict, fault.CodeLimit,
		"The account has "+strconv.Itoa(MaxDomains)+" domains, which is as many as it may.")
)

// Signing says whether mail from a domain is signed. It is stored.
type Signing string

// What the owner may say.
const (
	// SignPublished signs with keys whose records have been seen in the DNS:
	// a signature that nobody can check does more harm than none.
	SignPublished Signing = "published"
	// SignAlways signs with the newest keys even before that, for domains
	// whose records this server cannot see.
	SignAlways Signing = "always"
	SignOff    Signing = "off"
)

// Domain is a domain that an account sends from, with what its records in the
// DNS have to do with mail.
type Domain struct {
	Account id.Account
	// Name is in ASCII and lower case, and the domain's id in the account.
	Name    string
	Signing Signing
	// Keys are those that mail is or was signed with, the newest first; those
	// of one moment belong together, one for each algorithm.
	Keys []DomainKey
	// SPF and DMARC are what was found when the domain was last checked.
	SPF, DMARC Finding
	CreatedAt  time.Time
	// CheckedAt is zero before the first check; NextCheck is when the next
	// one is due.
	CheckedAt, NextCheck time.Time
}

// DomainKey is a signing key of a domain as it is kept.
type DomainKey struct {
	Selector  string
	Algorithm Algorithm
	// Sealed is the private key, sealed for the key's RecordName.
	Sealed []byte
	// Record is the text to publish.
	Record    string
	CreatedAt time.Time
	// RetiredAt is when the records of its successors had all been seen; zero
	// before. Its own record stays for a while: mail that is on its way was
	// signed with it.
	RetiredAt time.Time
	// Finding is what was found of its record.
	Finding
}

// Retired reports whether nothing is signed with the key any more.
func (k DomainKey) Retired() bool { return !k.RetiredAt.IsZero() }

// RemoveAt is when the record of a retired key may be taken away; zero for one
// that is not.
func (k DomainKey) RemoveAt() time.Time {
	if !k.Retired() {
		return time.Time{}
	}
	return k.RetiredAt.Add(keepRetired)
}

// KeyRecord is what is to be published for a key.
func (d Domain) KeyRecord(k DomainKey) Record {
	return recordOf(recordName(k.Selector, d.Name), k.Record)
}

// SPFRecord and DMARCRecord are what is to be published for the domain; false
// where nothing is.
func (d Domain) SPFRecord() (Record, bool) {
	return recordOf(d.Name, d.SPF.Publish), d.SPF.Publish != ""
}

// DMARCRecord is SPFRecord for the policy.
func (d Domain) DMARCRecord() (Record, bool) {
	return recordOf("_dmarc."+d.Name, d.DMARC.Publish), d.DMARC.Publish != ""
}

// newest returns the keys that were made last.
func (d Domain) newest() []DomainKey {
	n := 0
	for n < len(d.Keys) && d.Keys[n].CreatedAt.Equal(d.Keys[0].CreatedAt) {
		n++
	}
	return d.Keys[:n]
}

// InUse returns the keys that mail is signed with now: for each algorithm of
// the newest keys the newest one whose record has been seen. Where none has,
// what was seen of older ones goes on signing.
func (d Domain) InUse() (use []DomainKey) {
	if d.Signing == SignOff {
		return nil
	}
	for _, k := range d.newest() {
		for _, older := range d.Keys {
			if older.Algorithm == k.Algorithm && older.State == Good {
				use = append(use, older)
				break
			}
		}
	}
	if len(use) > 0 {
		return use
	}
	for _, k := range d.Keys {
		if k.State == Good {
			return []DomainKey{k}
		}
	}
	if d.Signing == SignAlways {
		return d.newest()
	}
	return nil
}

// Lacks names the kinds of record that were not found right.
func (d Domain) Lacks() (kinds []string) {
	if slices.ContainsFunc(d.newest(), func(k DomainKey) bool { return k.State != Good }) {
		kinds = append(kinds, "DKIM")
	}
	if d.SPF.State != Good {
		kinds = append(kinds, "SPF")
	}
	if d.DMARC.State != Good {
		kinds = append(kinds, "DMARC")
	}
	return kinds
}

// Well reports whether every record that the domain needs was found right.
func (d Domain) Well() bool { return len(d.Lacks()) == 0 }

// DomainStore keeps sender domains. The store meets it.
type DomainStore interface {
	Within(ctx context.Context, fn func(context.Context, DomainTx) error) error
	View(ctx context.Context, fn func(context.Context, DomainTx) error) error
}

// DomainTx is what sender domains ask of a unit of work.
type DomainTx interface {
	Now() time.Time
	// Senders returns the account's sender addresses.
	Senders(ctx context.Context, number id.Account) ([]account.Sender, error)

	// Domains returns an account's sender domains by name, with their keys.
	Domains(ctx context.Context, number id.Account) ([]Domain, error)
	// Domain fails with fault.ErrNotFound.
	Domain(ctx context.Context, number id.Account, name string) (Domain, error)
	// PutDomain writes a domain with its keys, whether or not it is there.
	PutDomain(ctx context.Context, d Domain) error
	// DropDomain forgets a domain with its keys, and says whether it was
	// there.
	DropDomain(ctx context.Context, number id.Account, name string) (bool, error)
	// DueDomains returns domains of whatever account whose check is due, the
	// longest due first, without their keys.
	DueDomains(ctx context.Context, limit int) ([]Domain, error)
}
