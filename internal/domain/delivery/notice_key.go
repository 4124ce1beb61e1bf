package delivery

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/secret"
	"kith/internal/base/text"
	"kith/internal/domain/account"
)

// Providers returns the services whose notices are taken over HTTP.
func Providers() []Teller {
	return []Teller{TellerSES, TellerSendGrid, TellerMailgun, TellerPostmark}
}

// ParseProvider reads the name of one.
func ParseProvider(s string) (Teller, bool) {
	i := slices.Index(Providers(), Teller(s))
	return Teller(s), i >= 0
}

// NoticeKey lets a provider tell of an account's mail at an address that holds
// a secret.
type NoticeKey struct {
	ID id.NoticeKey
	// Account is whose mail is told of; 0 for that of all accounts.
	Account  id.Account
	Provider Teller
	Name     string
	// Verify is what the provider's signatures are checked with; of SES the
	// topic whose messages are taken, learned from the first one.
	Verify    string
	CreatedAt time.Time
	// UsedAt is when it was used last, to the minute; RefusedAt and Refused
	// when something was refused last, and the code for which.
	UsedAt    time.Time
	RefusedAt time.Time
	Refused   string
}

// MaxNoticeKeys is how many an account may have.
const MaxNoticeKeys = 20

// Bounds of what is written about a key, in characters.
const (
	maxKeyName = 100
	maxVerify  = 1000
)

// Faults of notices and their keys.
var (
	// ErrNoticeKey is a secret that opens nothing.
	ErrNoticeKey = fault.New(fault.NotFound, fault.CodeNotFound, "Nothing is told at this address. It may have been deleted in the settings.")
	// ErrNoticeForged is a notice whose signature is not the provider's.
	ErrNoticeForged = fault.New(fault.Forbidden, fault.CodeNoticeForged, "The signature of this notice is not right.")
	// ErrNoticeReplayed is one that was taken before.
	ErrNoticeReplayed = fault.New(fault.Conflict, fault.CodeNoticeReplayed, "This notice was taken before.")
	// ErrNoticeOld is one that was signed too long ago, or in the future.
	ErrNoticeOld = fault.New(fault.Invalid, fault.CodeNoticeOld, "This notice was signed too long ago, or the clocks differ.")
	// ErrNoticeKeys is one key more than an account may have.
	ErrNoticeKeys = fault.New(fault.Conflict, fault.CodeLimit, "There may be "+strconv.Itoa(MaxNoticeKeys)+" of these; delete one first.")
)

const (
	// noticeLife is how old a signed notice may be: providers try for hours.
	noticeLife = 24 * time.Hour
	// noticeSkew is how far a provider's clock may be ahead.
	noticeSkew = 5 * time.Minute
)

// NoticeKeyTx is what keys ask of a unit of work.
type NoticeKeyTx interface {
	Now() time.Time
	// LockNoticeKeys makes others that add keys wait, and counts those of an
	// account.
	LockNoticeKeys(ctx context.Context, account id.Account) (int, error)
	InsertNoticeKey(ctx context.Context, k NoticeKey, hash, sealed []byte) (id.NoticeKey, error)
	// NoticeKeys returns an account's keys, the newest first; Verify is empty.
	NoticeKeys(ctx context.Context, account id.Account) ([]NoticeKey, error)
	// NoticeKeyByHash fails with fault.ErrNotFound. sealed is Verify.
	NoticeKeyByHash(ctx context.Context, hash []byte) (k NoticeKey, sealed []byte, err error)
	// DeleteNoticeKey says whether there was one.
	DeleteNoticeKey(ctx context.Context, account id.Account, number id.NoticeKey) (bool, error)
	// NoteKey keeps when a key was used or refused, and sealed where it is given.
	NoteKey(ctx context.Context, k NoticeKey, sealed []byte) error
	// Seen says whether something was noted with NoteSeen.
	Seen(ctx context.Context, hash []byte) (bool, error)
	NoteSeen(ctx context.Context, hash []byte) error
	// TrimSeen forgets what was noted before a time.
	TrimSeen(ctx context.Context, before time.Time) error
}

// KeyStore keeps keys. The store meets it.
type KeyStore interface {
	Within(ctx context.Context, fn func(context.Context, NoticeKeyTx) error) error
	View(ctx context.Context, fn func(context.Context, NoticeKeyTx) error) error
}

// NoticeKeys makes and finds keys for notices. It is safe for concurrent use.
type NoticeKeys struct {
	store KeyStore
	box   secret.Box
}

// NewNoticeKeys returns the service. The box, that of secret.NoticeKeys, seals
// what signatures are checked with.
func NewNoticeKeys(s KeyStore, box secret.Box) *NoticeKeys { return &NoticeKeys{s, box} }

// Make makes a key for an account and returns it with its secret, which is
// told once. Problems that the edge has found are added to.
func (s *NoticeKeys) Make(ctx context.Context, who account.Actor, provider, name, verify string, found fault.Problems) (k NoticeKey, plain string, err error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return k, "", err
	}
	return s.make(ctx, who.Account, provider, name, verify, found)
}

// MakeForAll makes a key for the mail of all accounts: the operator's.
func (s *NoticeKeys) MakeForAll(ctx context.Context, provider, name, verify string) (NoticeKey, string, error) {
	return s.make(ctx, 0, provider, name, verify, nil)
}

func (s *NoticeKeys) make(ctx context.Context, a id.Account, provider, name, verify string, p fault.Problems) (k NoticeKey, plain string, err error) {
	name, verify = strings.TrimSpace(name), strings.TrimSpace(verify)
	by, known := ParseProvider(provider)
	if !known && !p.Has("provider") {
		p.Add("provider", "unknown", "is none of ses, sendgrid, mailgun, postmark")
	}
	if code, wrong := text.Check(name, maxKeyName); code != "" && !p.Has("name") {
		p.Add("name", code, wrong)
	}
	if wrong := by.verifies(verify); known && wrong != "" && !p.Has("verification_key") {
		p.Add("verification_key", "invalid", wrong)
	}
	if err := p.Err(); err != nil {
		return k, "", err
	}
	plain = strings.ToLower(rand.Text())
	err = s.store.Within(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		n, err := tx.LockNoticeKeys(ctx, a)
		if err != nil {
			return err
		}
		if n >= MaxNoticeKeys {
			return ErrNoticeKeys
		}
		k = NoticeKey{Account: a, Provider: by, Name: name, Verify: verify, CreatedAt: tx.Now()}
		k.ID, err = tx.InsertNoticeKey(ctx, k, hashOf(plain), s.seal(plain, verify))
		return err
	})
	return k, plain, err
}

// verifies says what is wrong with what signatures are to be checked with.
func (t Teller) verifies(key string) string {
	if code, wrong := text.Check(key, maxVerify); code != "" {
		return wrong
	}
	switch t {
	case TellerSendGrid:
		if _, ok := SendGridKey(key); !ok {
			return "is not the public key that SendGrid shows beside its signed event webhook"
		}
	case TellerMailgun:
		if len(key) < 16 {
			return "is not the HTTP webhook signing key that Mailgun shows in its settings"
		}
	case TellerSES:
		if key != "" && !strings.HasPrefix(key, "arn:") {
			return "is not the name of a topic, as in arn:aws:sns:eu-central-1:123456789012:bounces; leave it out to learn it"
		}
	case TellerPostmark:
		if key != "" {
			return "must be left out: Postmark signs nothing, its notices are known by the address alone"
		}
	case TellerMail, TellerRelay:
	}
	return ""
}

// SendGridKey reads the public key of signed event webhooks.
func SendGridKey(s string) (*ecdsa.PublicKey, bool) {
	der, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, false
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, false
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	return key, ok
}

// hashOf is how a secret is kept.
func hashOf(plain string) []byte {
	sum := sha256.Sum256([]byte(strings.ToLower(plain)))
	return sum[:]
}

// seal binds what signatures are checked with to its key.
func (s *NoticeKeys) seal(plain, verify string) []byte {
	return s.box.Seal([]byte(verify), "notice key "+string(hashOf(plain)))
}

// List returns the account's keys, the newest first, without their secrets.
func (s *NoticeKeys) List(ctx context.Context, who account.Actor) ([]NoticeKey, error) {
	if err := who.May(account.AccountRead); err != nil {
		return nil, err
	}
	return s.list(ctx, who.Account)
}

// ListForAll returns the keys for the mail of all accounts.
func (s *NoticeKeys) ListForAll(ctx context.Context) ([]NoticeKey, error) { return s.list(ctx, 0) }

func (s *NoticeKeys) list(ctx context.Context, a id.Account) (all []NoticeKey, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		all, err = tx.NoticeKeys(ctx, a)
		return err
	})
	return all, err
}

// Delete ends a key: nothing is taken at its address any more.
func (s *NoticeKeys) Delete(ctx context.Context, who account.Actor, number id.NoticeKey) error {
	if err := who.May(account.AccountUpdate); err != nil {
		return err
	}
	return s.delete(ctx, who.Account, number)
}

// DeleteForAll ends a key for the mail of all accounts.
func (s *NoticeKeys) DeleteForAll(ctx context.Context, number id.NoticeKey) error {
	return s.delete(ctx, 0, number)
}

func (s *NoticeKeys) delete(ctx context.Context, a id.Account, number id.NoticeKey) error {
	return s.store.Within(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		done, err := tx.DeleteNoticeKey(ctx, a, number)
		if err == nil && !done {
			return fault.ErrNotFound
		}
		return err
	})
}

// Open returns the key of a secret; ErrNoticeKey where it is none of the
// provider's.
func (s *NoticeKeys) Open(ctx context.Context, by Teller, plain string) (k NoticeKey, err error) {
	var sealed []byte
	err = s.store.View(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		k, sealed, err = tx.NoticeKeyByHash(ctx, hashOf(plain))
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && k.Provider != by {
		return NoticeKey{}, ErrNoticeKey
	}
	if err != nil {
		return NoticeKey{}, err
	}
	verify, err := s.box.Open(sealed, "notice key "+string(hashOf(plain)))
	k.Verify = string(verify)
	return k, err
}

// Fresh holds a signed notice to its time, and to not having been taken
// before: once names it, as the provider does.
func (s *NoticeKeys) Fresh(ctx context.Context, k NoticeKey, signed time.Time, once string) error {
	return s.store.View(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		if age := tx.Now().Sub(signed); age > noticeLife || age < -noticeSkew {
			return ErrNoticeOld
		}
		seen, err := tx.Seen(ctx, seenHash(k, once))
		if err == nil && seen {
			return ErrNoticeReplayed
		}
		return err
	})
}

func seenHash(k NoticeKey, once string) []byte {
	sum := sha256.Sum256([]byte(strconv.FormatInt(int64(k.ID), 10) + " " + once))
	return sum[:]
}

// Used notes that a key was used, and what was taken with it: a notice that
// could not be taken whole may come again. once is empty where the provider
// names nothing; topic is what was learned (see NoticeKey.Verify).
func (s *NoticeKeys) Used(ctx context.Context, plain string, k NoticeKey, once, topic string) error {
	return s.store.Within(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		if once != "" {
			if err := tx.NoteSeen(ctx, seenHash(k, once)); err != nil {
				return err
			}
		}
		var sealed []byte
		if topic != "" && k.Verify == "" {
			sealed = s.seal(plain, topic)
		}
		if sealed == nil && tx.Now().Sub(k.UsedAt) < time.Minute {
			return nil // to the minute is enough, and no row is ever hot
		}
		next := k
		next.UsedAt = tx.Now()
		return tx.NoteKey(ctx, next, sealed)
	})
}

// Refused notes that something was refused, and why, for who set the key up.
func (s *NoticeKeys) Refused(ctx context.Context, k NoticeKey, code string) error {
	return s.store.Within(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		if k.Refused == code && tx.Now().Sub(k.RefusedAt) < time.Minute {
			return nil
		}
		next := k
		next.RefusedAt, next.Refused = tx.Now(), code
		return tx.NoteKey(ctx, next, nil)
	})
}

// Trim forgets what no replay can use any more.
func (s *NoticeKeys) Trim(ctx context.Context) error {
	return s.store.Within(ctx, func(ctx context.Context, tx NoticeKeyTx) error {
		return tx.TrimSeen(ctx, tx.Now().Add(-noticeLife-noticeSkew-time.Hour))
	})
}
