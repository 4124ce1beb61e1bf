// Package notice takes what mail providers tell over HTTP of the mail that they
// carried for us: each in its own form, held to its signature. What a notice
// means is decided by domain/delivery.
//
// An address ends in a secret, which says whose mail is told of; beside it the
// signature says that the provider tells. Whatever comes may come from anybody.
package notice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/delivery"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Prefix begins the addresses at which providers tell.
const Prefix = "/kith/v1/notices"

// Bounds of one call.
const (
	// maxBody is the size in bytes; the largest batches of the providers stay
	// well below.
	maxBody = 8 << 20
	// maxEvents is how many notices one call may hold.
	maxEvents = 10_000
)

// Judge takes notices; delivery.Notices meets it.
type Judge interface {
	Take(ctx context.Context, by delivery.Teller, only id.Account, all []delivery.Notice) error
}

// Keys finds the keys of addresses; delivery.NoticeKeys meets it.
type Keys interface {
	Open(ctx context.Context, by delivery.Teller, plain string) (delivery.NoticeKey, error)
	Fresh(ctx context.Context, k delivery.NoticeKey, signed time.Time, once string) error
	Used(ctx context.Context, plain string, k delivery.NoticeKey, once, topic string) error
	Refused(ctx context.Context, k delivery.NoticeKey, code string) error
}

// Amazon is asked for what SNS names in its messages; outbound/sns meets it.
// The addresses were checked to be Amazon's.
type Amazon interface {
	// Get returns what is at an address.
	Get(ctx context.Context, address string) ([]byte, error)
}

// Options is what the handler is made of.
type Options struct {
	Judge  Judge
	Keys   Keys
	Amazon Amazon
	// Refuse answers with an error.
	Refuse func(http.ResponseWriter, *http.Request, error)
	// Refused hears of each notice that was refused, and the code.
	Refused func(by delivery.Teller, code string)
}

// Handler takes notices.
type Handler struct {
	o     Options
	certs *certificates
}

// New returns the handler.
func New(o Options) *Handler { return &Handler{o, newCertificates(o.Amazon)} }

// told is what one call says, once its signature is known to be right.
type told struct {
	notices []delivery.Notice
	// signed is when it was signed, and once what names it among all that the
	// provider signed; zero and empty where it is not signed.
	signed time.Time
	once   string
	// topic is the SES topic that it came from, and confirm the address that
	// confirms the subscription to it.
	topic, confirm string
}

// read reads what the provider tells.
func (h *Handler) read(r *http.Request, k delivery.NoticeKey, body []byte) (told, error) {
	switch k.Provider {
	case delivery.TellerSES:
		return h.readSES(r.Context(), k, body)
	case delivery.TellerSendGrid:
		return readSendGrid(r.Header, k, body)
	case delivery.TellerMailgun:
		return readMailgun(k, body)
	case delivery.TellerPostmark:
		return readPostmark(body)
	case delivery.TellerMail, delivery.TellerRelay:
	}
	return told{}, delivery.ErrNoticeKey
}

// Faults of addresses.
var (
	errRoute  = fault.New(fault.NotFound, fault.CodeRoute, "There is nothing at this address.")
	errMethod = fault.New(fault.Unsupported, fault.CodeMethod, "Notices are posted to this address.")
	errLarge  = fault.New(fault.Invalid, fault.CodeTooLarge, fmt.Sprintf("The body is larger than %d bytes.", maxBody))
	errMany   = fault.New(fault.Invalid, fault.CodeTooLarge, fmt.Sprintf("There are more than %d notices in the body.", maxEvents))
)

// ServeHTTP takes a call of a provider's. It answers 200 when everything that
// it told is kept; a provider that hears less tells it again.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	provider, secret, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, Prefix), "/"), "/")
	e := request.Of(r.Context())
	e.Route = Prefix + "/{provider}/{key}"
	e.Path = Prefix + "/" + provider + "/…" // the secret is nobody else's
	by, known := delivery.ParseProvider(provider)
	secret = strings.TrimSuffix(secret, "/")
	switch {
	case !known || secret == "" || strings.Contains(secret, "/"):
		e.Path = ""
		h.o.Refuse(w, r, errRoute)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		h.o.Refuse(w, r, errMethod)
		return
	}
	if err := h.take(r, by, secret); err != nil {
		h.o.Refuse(w, r, err)
		return
	}
	respond.JSON(w, r, http.StatusOK, []byte(`{"taken":true}`))
}

func (h *Handler) take(r *http.Request, by delivery.Teller, secret string) error {
	ctx := r.Context()
	k, err := h.o.Keys.Open(ctx, by, secret)
	if err != nil {
		return h.refused(ctx, by, k, err)
	}
	request.Of(ctx).Account = k.Account
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return fault.ErrMalformed.Saying("The body ended before it was complete.").Because(err)
	}
	if len(body) > maxBody {
		return h.refused(ctx, by, k, errLarge)
	}
	t, err := h.read(r, k, body)
	if err == nil && len(t.notices) > maxEvents {
		err = errMany
	}
	if err == nil && t.once != "" {
		err = h.o.Keys.Fresh(ctx, k, t.signed, t.once)
	}
	if err != nil {
		return h.refused(ctx, by, k, err)
	}
	if t.confirm != "" {
		if _, err := h.o.Amazon.Get(ctx, t.confirm); err != nil {
			return fault.ErrUnavailable.Saying("Amazon did not take the confirmation of the subscription.").Because(err)
		}
	}
	if err := h.o.Judge.Take(ctx, by, k.Account, t.notices); err != nil {
		return err
	}
	return h.o.Keys.Used(ctx, secret, k, t.once, t.topic)
}

// refused counts a refusal, notes it beside its key, and returns its error.
// What is the server's own failure is none.
func (h *Handler) refused(ctx context.Context, by delivery.Teller, k delivery.NoticeKey, err error) error {
	f := fault.Of(err)
	if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return err
	}
	h.o.Refused(by, f.Code)
	if k.ID == 0 {
		return err
	}
	return errors.Join(err, h.o.Keys.Refused(ctx, k, f.Code))
}

// malformed is a body that is not what the provider sends.
func malformed(err error) error {
	return fault.ErrMalformed.Saying("This is not what the provider sends.").Because(err)
}

// bare takes the angle brackets off a Message-ID.
func bare(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "<"), ">")
}

// status is the enhanced code that was given, or else what the words say.
func status(given, reply string) delivery.Status {
	if s, ok := delivery.ParseStatus(given); ok {
		return s
	}
	return delivery.StatusIn(reply)
}

// failed is a notice of a mail that did not arrive; cause is zero where the
// words decide.
func failed(kind delivery.Kind, cause delivery.Cause, s delivery.Status, reply string) delivery.Notice {
	if cause == 0 {
		cause = delivery.Judge(s, reply)
	}
	return delivery.Notice{Kind: kind, Cause: cause, Status: s, Reply: oneLine(reply)}
}
