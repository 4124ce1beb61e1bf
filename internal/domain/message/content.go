package message

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

// Content is what mails of a kind say in a language, before their places are
// filled. It never changes: another text is another content.
type Content struct {
	Kind     Kind
	Language string
	Subject  string
	// Preheader is what a mail program shows behind the subject.
	Preheader string
	// HTML is what stands between the head and the foot of the layout.
	HTML string
	// Text is the same without HTML; where it is empty it is made of that.
	Text string
}

// Number returns the content's number, which is made of what it says: the same
// text has the same number wherever it is put, and is kept once.
func (c Content) Number() id.Content {
	h := sha256.New()
	for _, s := range []string{string(c.Kind), c.Language, c.Subject, c.Preheader, c.HTML, c.Text} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(s)))
		h.Write(size[:])
		h.Write([]byte(s))
	}
	// 63 bits, and never 0, which means none.
	return id.Content(binary.BigEndian.Uint64(h.Sum(nil))>>1 | 1)
}

// Template is what an account has put in place of a built-in content.
type Template struct {
	Kind      Kind
	Language  string
	Content   id.Content
	UpdatedAt time.Time
}

// ContentTx is what contents, templates and brands ask of a unit of work. A
// missing row is fault.ErrNotFound, but for a brand, which then is empty.
type ContentTx interface {
	// PutContent keeps a content under its number, unless it is there.
	PutContent(ctx context.Context, account id.Account, c Content) error
	ContentByNumber(ctx context.Context, account id.Account, number id.Content) (Content, error)

	// Templates returns all of an account, in the order of kind and language.
	Templates(ctx context.Context, account id.Account) ([]Template, error)
	PutTemplate(ctx context.Context, account id.Account, t Template) error
	// DropTemplate says whether there was one.
	DropTemplate(ctx context.Context, account id.Account, kind Kind, language string) (bool, error)

	Brand(ctx context.Context, account id.Account, list id.List) (Brand, error)
	// PutBrand sets a brand; an empty one is forgotten.
	PutBrand(ctx context.Context, account id.Account, list id.List, b Brand) error

	// OptIn says which language the account's mails to contacts are in.
	OptIn(ctx context.Context, account id.Account, lists []id.List) (contact.OptIn, error)

	AccountByID(ctx context.Context, account id.Account) (account.Account, error)
	UserByID(ctx context.Context, user id.User) (account.User, error)
	Senders(ctx context.Context, account id.Account) ([]account.Sender, error)
	ListByRef(ctx context.Context, account id.Account, ref id.Ref[id.List], members list.Members) (list.List, error)
}
