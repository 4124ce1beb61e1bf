package delivery

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/text"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/message"
)

// Reason says why an address is not mailed. It is stored.
type Reason string

// The reasons. An address that gave trouble, and not enough of it, has none.
const (
	Watched     Reason = ""
	ByHard      Reason = "hard"      // nobody has that address
	BySoft      Reason = "soft"      // mail failed again and again; until a time
	ByComplaint Reason = "complaint" // its owner called our mail unwanted
	ByOwner     Reason = "owner"     // the account's people said so
)

// ParseReason reads a reason for which an address is suppressed.
func ParseReason(s string) (Reason, bool) {
	switch r := Reason(s); r {
	case ByHard, BySoft, ByComplaint, ByOwner:
		return r, true
	case Watched:
	}
	return Watched, false
}

// Hash is an address of one account, hashed under the server's key: what is
// still known of it when it was erased. The same address in two accounts has
// two hashes, so that nothing of one tells about the other.
type Hash [16]byte

// String returns the hash in hexadecimal digits: the public name of an entry
// of the suppression list.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads what String wrote.
func ParseHash(s string) (h Hash, ok bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, false
	}
	return Hash(b), true
}

// Hashes makes hashes of addresses. It is safe for concurrent use.
type Hashes struct{ key []byte }

// NewHashes returns what hashes under a key: that of secret.Suppressed.
func NewHashes(key []byte) Hashes { return Hashes{key} }

// Of returns the hash of an account's address.
func (h Hashes) Of(a id.Account, address email.Address) (out Hash) {
	mac := hmac.New(sha256.New, h.key)
	_ = binary.Write(mac, binary.BigEndian, int64(a)) // a hash takes everything
	mac.Write([]byte(address.Key()))
	copy(out[:], mac.Sum(nil))
	return out
}

// Suppressed returns those of an account's addresses that are suppressed now.
// It costs one query; the sender asks for each batch that it claims.
func (h Hashes) Suppressed(ctx context.Context, tx SuppressedTx, a id.Account, addresses []email.Address) (map[email.Address]Suppression, error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	of := make(map[Hash]email.Address, len(addresses))
	asked := make([]Hash, 0, len(addresses))
	for _, address := range addresses {
		hash := h.Of(a, address)
		if _, twice := of[hash]; !twice {
			of[hash] = address
			asked = append(asked, hash)
		}
	}
	found, err := tx.Suppressed(ctx, a, asked)
	if err != nil {
		return nil, err
	}
	out := make(map[email.Address]Suppression, len(found))
	for _, s := range found {
		out[of[s.Hash]] = s
	}
	return out, nil
}

// SuppressedTx is what a sender asks of a unit of work before it sends.
type SuppressedTx interface {
	// Suppressed returns the entries among hashes that hold now: none whose
	// time is over.
	Suppressed(ctx context.Context, account id.Account, hashes []Hash) ([]Suppression, error)
}

// Suppression is an address of an account that is not mailed.
type Suppression struct {
	Hash Hash
	// Address is empty once the contact was erased.
	Address string
	Reason  Reason
	// Cause is that of the last bounce; zero where there was none.
	Cause Cause
	Since time.Time
	// Until is when mail is tried again; zero for not before somebody lifts it.
	Until time.Time
	// Mail is the one that brought it about, or 0.
	Mail id.Mail
	// Said is what the recipient's server or the provider said, or what the
	// owner noted.
	Said string
}

// Holds says whether the address is suppressed at a time.
func (s Suppression) Holds(at time.Time) bool {
	return s.Reason != Watched && (s.Until.IsZero() || at.Before(s.Until))
}

// Stops says whether a mail of a kind is held back. An address that bounced
// still gets what its owner asked for by an act of their own, a question to
// confirm: an answer is the proof that the address works. These are few for
// each address (see contact.Ask). Who complained gets nothing at all.
func (s Suppression) Stops(kind message.Kind) bool {
	switch contact.LetterKind(kind) {
	case contact.AskToConfirm, contact.AskToReturn, contact.AskAddress:
		return s.Reason == ByComplaint || s.Reason == ByOwner
	case contact.Welcome, contact.Reminder:
	}
	return true
}

// Reply is what stands in the outbox as the reply for a mail that was held
// back.
func (s Suppression) Reply() string {
	why := map[Reason]string{
		ByHard:      "nobody has this address",
		BySoft:      "mail to this address failed again and again",
		ByComplaint: "the recipient called our mail unwanted",
		ByOwner:     "the account's people said so",
	}[s.Reason]
	if s.Said != "" && s.Reason != ByOwner {
		why += " (" + s.Said + ")"
	}
	return text.Line("suppressed: "+why, longestSaid)
}

// longestSaid bounds what is kept of somebody's words, in characters.
const longestSaid = 500

// ErrNotSuppressed is an address that is not on the list.
var ErrNotSuppressed = fault.New(fault.NotFound, fault.CodeNotFound, "This address is not suppressed.")

// SuppressionFilter says which entries of the list are asked for.
type SuppressionFilter struct {
	// Reason is one of the reasons, or empty for all.
	Reason Reason
	// Search is a part of the address, or empty.
	Search string
}

// MaxSuppressionSearch bounds a search, in characters.
const MaxSuppressionSearch = email.MaxLen

// SuppressionStore keeps the list. The store meets it.
type SuppressionStore interface {
	Within(ctx context.Context, fn func(context.Context, SuppressionTx) error) error
	View(ctx context.Context, fn func(context.Context, SuppressionTx) error) error
}

// SuppressionTx is what the list asks of a unit of work.
type SuppressionTx interface {
	contact.Tx
	SuppressedTx

	// Suppressions returns entries that hold, newest first. A position is the
	// time of the last one seen, and its hash.
	Suppressions(ctx context.Context, account id.Account, f SuppressionFilter, r page.Request) (page.Of[Suppression], error)
	// HoldStanding returns what is known of an address, zero where nothing is;
	// other units that would change it wait until this one has ended.
	HoldStanding(ctx context.Context, account id.Account, hash Hash) (Standing, error)
	// PutStanding keeps what is known of an address; nothing of a zero one.
	PutStanding(ctx context.Context, account id.Account, s Standing) error
	// TrimStandings forgets addresses that are not suppressed, or no more, and
	// of which nothing was heard since a time, up to limit. It says how many.
	TrimStandings(ctx context.Context, since time.Time, limit int) (int, error)
}

// Suppressions is the list of addresses that an account does not mail. It is
// safe for concurrent use.
type Suppressions struct {
	store  SuppressionStore
	hashes Hashes
}

// NewSuppressions returns the list over a store.
func NewSuppressions(s SuppressionStore, h Hashes) *Suppressions { return &Suppressions{s, h} }

// List returns the account's suppressed addresses, the newest first.
func (s *Suppressions) List(ctx context.Context, who account.Actor, f SuppressionFilter, r page.Request) (of page.Of[Suppression], err error) {
	if err := who.May(account.ContactsRead); err != nil {
		return of, err
	}
	f.Search = strings.ToLower(strings.TrimSpace(f.Search))
	err = s.store.View(ctx, func(ctx context.Context, tx SuppressionTx) error {
		of, err = tx.Suppressions(ctx, who.Account, f, r)
		return err
	})
	return of, err
}

// Of returns the entry of an address; ErrNotSuppressed where there is none.
func (s *Suppressions) Of(ctx context.Context, who account.Actor, address email.Address) (Suppression, error) {
	if err := who.May(account.ContactsRead); err != nil {
		return Suppression{}, err
	}
	var found map[email.Address]Suppression
	err := s.store.View(ctx, func(ctx context.Context, tx SuppressionTx) (err error) {
		found, err = s.hashes.Suppressed(ctx, tx, who.Account, []email.Address{address})
		return err
	})
	if is, ok := found[address]; ok || err != nil {
		return is, err
	}
	return Suppression{}, ErrNotSuppressed
}

// Add puts an address on the list by the owner's wish, with a note of theirs.
// One that is there already for another reason stays for that reason, unless
// that one ends by itself. Problems that the edge has found are added to.
func (s *Suppressions) Add(ctx context.Context, who account.Actor, address, note string, p fault.Problems) (is Suppression, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return is, err
	}
	parsed, err := email.Parse(address)
	if e, wrong := errors.AsType[*email.ParseError](err); wrong && !p.Has("email_address") {
		p.Add("email_address", e.Reason.Code(), e.Reason.String())
	}
	if code, wrong := text.Check(note, longestSaid); code != "" {
		p.Add("note", code, wrong)
	}
	if err := p.Err(); err != nil {
		return is, err
	}
	err = s.store.Within(ctx, func(ctx context.Context, tx SuppressionTx) error {
		hash := s.hashes.Of(who.Account, parsed)
		was, err := tx.HoldStanding(ctx, who.Account, hash)
		if err != nil {
			return err
		}
		next := was.named(hash, parsed)
		if next.Holds(tx.Now()) && next.Until.IsZero() {
			is = next.Suppression
			return nil
		}
		next.suppress(ByOwner, tx.Now(), time.Time{})
		next.Mail, next.Said = 0, text.Line(note, longestSaid)
		is = next.Suppression
		if err := tx.PutStanding(ctx, who.Account, next); err != nil {
			return err
		}
		return tellOwner(ctx, tx, who, parsed, was, next)
	})
	return is, err
}

// Lift takes an address off the list: it is mailed again, as far as its owner
// agrees to that. What it was known for is forgotten.
func (s *Suppressions) Lift(ctx context.Context, who account.Actor, hash Hash) error {
	if err := who.May(account.ContactsWrite); err != nil {
		return err
	}
	return s.store.Within(ctx, func(ctx context.Context, tx SuppressionTx) error {
		was, err := tx.HoldStanding(ctx, who.Account, hash)
		if err != nil {
			return err
		}
		if !was.Holds(tx.Now()) {
			return ErrNotSuppressed
		}
		next := Standing{Suppression: Suppression{Hash: hash}}
		if err := tx.PutStanding(ctx, who.Account, next); err != nil {
			return err
		}
		if was.Address == "" {
			return nil // whoever had it was erased
		}
		return tellOwner(ctx, tx, who, email.Stored(was.Address), was, next)
	})
}

// tellOwner leaves what an owner decided in the history of the contact who has
// the address, if somebody has.
func tellOwner(ctx context.Context, tx SuppressionTx, who account.Actor, address email.Address, was, is Standing) error {
	c, err := tx.ContactByAddress(ctx, who.Account, address)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tellStanding(ctx, tx, who.Account, c.ID, was, is, who.Origin(), ownerWhy)
}

// trimStandings bounds what is forgotten in one unit of work.
const trimStandings = 500

// Trim forgets what is long past.
func (s *Suppressions) Trim(ctx context.Context) error {
	for {
		var n int
		err := s.store.Within(ctx, func(ctx context.Context, tx SuppressionTx) (err error) {
			n, err = tx.TrimStandings(ctx, tx.Now().Add(-forgetAfter), trimStandings)
			return err
		})
		if err != nil || n < trimStandings {
			return err
		}
	}
}
