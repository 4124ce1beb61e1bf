// Package bounce reads the mails that come back for mail that was sent:
// delivery status notifications (RFC 3464), feedback reports of complaints
// (RFC 5965), automatic replies (RFC 3834), and the bounces of servers that
// follow no standard.
package bounce

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"

	"kith/internal/base/text"
	"kith/internal/domain/delivery"
)

// What is read of a mail. Whoever sends us mail may be anybody.
const (
	// MaxBytes is how much of a mail is read; the rest, the end of a mail
	// that is sent back whole, tells nothing.
	MaxBytes = 1 << 20
	// maxHead bounds the head of a mail or a part.
	maxHead = 64 << 10
	// maxDepth and maxParts bound how parts are nested, and how many there
	// are.
	maxDepth, maxParts = 8, 50
	// maxNotices bounds how many recipients one mail reports on.
	maxNotices = 100
	// maxProse is how much of a part for people is searched for a reason.
	maxProse = 32 << 10
	// maxReply bounds a server's words, in characters.
	maxReply = 500
)

// ErrNoNotice is a mail that tells nothing about another: written by a person,
// or a report of something else.
var ErrNoNotice = errors.New("the mail is no notice about a mail that was sent")

// Parse reads a mail that arrived for an address at a time, and returns what
// it tells, a notice for each recipient. It fails with ErrNoNotice when that
// is nothing; a mail that is broken or cut off tells what stands before the
// break.
func Parse(r io.Reader, sent string, at time.Time) ([]delivery.Notice, error) {
	e, err := message.ReadWithOptions(io.LimitReader(r, MaxBytes), &message.ReadOptions{MaxHeaderBytes: maxHead})
	if e == nil || err != nil && !readable(err) {
		return nil, ErrNoNotice
	}
	p := parser{at: at}
	p.entity(e, 0)
	found := p.notices(e.Header)
	if len(found) == 0 {
		return nil, ErrNoNotice
	}
	for i := range found {
		n := &found[i]
		n.Sent, n.MessageID = sent, p.messageID
		if n.At.IsZero() {
			n.At = at
		}
	}
	return found, nil
}

// readable says that an entity can be read in spite of an error.
func readable(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}

// parser gathers what the parts of a mail tell.
type parser struct {
	at    time.Time
	parts int

	status    []delivery.Notice // of a delivery status part
	feedback  textproto.Header  // of a feedback report
	messageID string            // of the mail that came back
	to        string            // its recipient
	prose     strings.Builder   // the parts for people
	original  bool              // a mail that came back has been read
}

func (p *parser) entity(e *message.Entity, depth int) {
	if p.parts++; p.parts > maxParts || depth > maxDepth {
		return
	}
	kind, _, _ := e.Header.ContentType() // what it cannot read it calls text
	if parts := e.MultipartReader(); parts != nil {
		for {
			part, err := parts.NextPart()
			if part == nil || err != nil && !readable(err) {
				return
			}
			p.entity(part, depth+1)
		}
	}
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		p.deliveryStatus(e.Body)
	case "message/feedback-report":
		p.feedback = head(bufio.NewReader(io.LimitReader(e.Body, maxHead)))
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
		p.returned(e.Body)
	case "text/plain", "text/html", "":
		if left := maxProse - p.prose.Len(); left > 0 {
			_, _ = io.CopyN(&p.prose, e.Body, int64(left)) // what can be read of it
			p.prose.WriteByte('\n')
		}
	}
}

// head reads lines of a head as far as they can be read. What is no line of a
// head ends it.
func head(r *bufio.Reader) textproto.Header {
	h, _ := textproto.ReadHeader(r)
	return h
}

// deliveryStatus reads a group of lines about the mail, then one for each
// recipient (RFC 3464 §2.1).
func (p *parser) deliveryStatus(body io.Reader) {
	r := bufio.NewReader(io.LimitReader(body, MaxBytes))
	about := head(r)
	reporter := typed(about.Get("Reporting-MTA"))
	arrived := date(about.Get("Arrival-Date"))
	for len(p.status) < maxNotices {
		for { // more empty lines than there should be
			b, err := r.Peek(1)
			if err != nil {
				return
			}
			if b[0] != '\r' && b[0] != '\n' {
				break
			}
			_, _ = r.Discard(1)
		}
		h, err := textproto.ReadHeader(r)
		if n, ok := recipient(h); ok {
			n.Reporter = reporter
			if n.At.IsZero() {
				n.At = arrived
			}
			p.status = append(p.status, n)
		}
		if err != nil {
			return
		}
	}
}

// recipient reads the lines about one recipient (RFC 3464 §2.3).
func recipient(h textproto.Header) (n delivery.Notice, ok bool) {
	n.Recipient = address(typed(h.Get("Final-Recipient")))
	n.Original = address(typed(h.Get("Original-Recipient")))
	n.Status, _ = delivery.ParseStatus(h.Get("Status"))
	n.Reply = typed(h.Get("Diagnostic-Code"))
	n.At = date(h.Get("Last-Attempt-Date"))
	switch action, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(h.Get("Action"))), " "); {
	case action == "failed":
		n.Kind = delivery.Bounced
	case action == "delayed":
		n.Kind = delivery.Delayed
	case action == "delivered", action == "relayed", action == "expanded":
		n.Kind = delivery.Arrived
	case n.Status.Class == 5:
		n.Kind = delivery.Bounced
	case n.Status.Class == 4:
		n.Kind = delivery.Delayed
	default:
		return n, false
	}
	if n.Kind != delivery.Arrived {
		if specific := delivery.StatusIn(n.Reply); specific != (delivery.Status{}) && n.Status.Detail == 0 {
			n.Status = specific
		}
		n.Cause = delivery.Judge(n.Status, n.Reply)
	}
	return n, true
}

// returned reads the head of the mail that came back. The first one counts.
func (p *parser) returned(body io.Reader) {
	if p.original {
		return
	}
	h := head(bufio.NewReader(io.LimitReader(body, maxHead)))
	if p.original = h.Len() > 0; !p.original {
		return
	}
	p.messageID = bare(h.Get("Message-Id"))
	p.to = address(h.Get("To"))
}

// notices puts together what was gathered.
func (p *parser) notices(h message.Header) []delivery.Notice {
	switch {
	case p.feedback.Len() > 0:
		return p.complaint()
	case len(p.status) > 0:
		for i := range p.status {
			if n := &p.status[i]; n.Recipient == "" {
				n.Recipient = p.to
			}
		}
		return p.status
	case automatic(h):
		if p.messageID == "" {
			p.messageID = bare(h.Get("In-Reply-To"))
		}
		return []delivery.Notice{{
			Kind: delivery.Answered, Cause: delivery.Vacation,
			Recipient: address(h.Get("From")), Reply: text.Line(decoded(h.Get("Subject")), maxReply),
		}}
	case fromServer(h):
		return p.unstructured(h)
	}
	return nil
}

// complaint reads a feedback report (RFC 5965 §3).
func (p *parser) complaint() []delivery.Notice {
	f := p.feedback
	n := delivery.Notice{
		Kind:      delivery.Complained,
		Recipient: address(f.Get("Original-Rcpt-To")),
		Reporter:  text.Line(f.Get("User-Agent"), maxReply),
		Reply:     text.Line(f.Get("Feedback-Type"), maxReply),
	}
	if n.At = date(f.Get("Arrival-Date")); n.At.IsZero() {
		n.At = date(f.Get("Received-Date"))
	}
	switch strings.ToLower(n.Reply) {
	case "abuse", "fraud", "virus", "other", "complaint":
	case "opt-out", "opt-out-list":
		n.Kind = delivery.OptedOut
	default: // not-spam, auth-failure, dmarc, …: nobody complains
		return nil
	}
	if n.Recipient == "" {
		n.Recipient = p.to
	}
	return []delivery.Notice{n}
}

// unstructured makes the best of a bounce that only people can read.
func (p *parser) unstructured(h message.Header) []delivery.Notice {
	n := delivery.Notice{Kind: delivery.Bounced, Recipient: p.to}
	if failed := h.Get("X-Failed-Recipients"); failed != "" {
		first, _, _ := strings.Cut(failed, ",")
		n.Recipient = address(first)
	}
	for l := range strings.Lines(p.prose.String()) {
		if refusal.MatchString(l) {
			n.Reply = text.Line(refusal.FindString(l), maxReply)
			n.Status = delivery.StatusIn(n.Reply)
			break
		}
	}
	if n.Reply == "" {
		n.Reply = text.Line(decoded(h.Get("Subject")), maxReply)
	}
	if n.Status.Class == 4 || strings.HasPrefix(n.Reply, "4") && refusal.MatchString(n.Reply) {
		n.Kind = delivery.Delayed
	}
	n.Cause = delivery.Judge(n.Status, n.Reply)
	return []delivery.Notice{n}
}

// refusal is a line of SMTP that says no, wherever it is quoted.
var refusal = regexp.MustCompile(`\b[45][0-9]{2}[ -].*`)

// automatic says that a mail is a program's answer for a person (RFC 3834 §5).
func automatic(h message.Header) bool {
	how := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted"))) // remarks may follow
	return strings.HasPrefix(how, "auto-replied") && !fromServer(h) ||
		h.Has("X-Autoreply") || h.Has("X-Autorespond") ||
		strings.EqualFold(strings.TrimSpace(h.Get("Precedence")), "auto_reply")
}

// fromServer says that a mail was written by a mail server.
func fromServer(h message.Header) bool {
	if h.Has("X-Failed-Recipients") || strings.TrimSpace(h.Get("Return-Path")) == "<>" {
		return true
	}
	local, _, _ := strings.Cut(strings.ToLower(address(h.Get("From"))), "@")
	return local == "mailer-daemon" || local == "postmaster"
}

// typed returns what stands behind the type of a value: rfc822; user@host.
func typed(s string) string {
	if _, value, ok := strings.Cut(s, ";"); ok {
		s = value
	}
	return text.Line(s, maxReply)
}

// address returns the address of a value, or nothing.
func address(s string) string {
	s = strings.TrimSpace(s)
	if a, err := mail.ParseAddress(s); err == nil {
		s = a.Address
	}
	s = bare(s)
	if len(s) > 320 || !strings.Contains(s, "@") || strings.ContainsAny(s, " <>,;") {
		return ""
	}
	return s
}

// bare takes angle brackets off.
func bare(s string) string {
	if len(s) > 998 { // longer than any line may be (RFC 5322 §2.1.1)
		return ""
	}
	s = text.Line(s, maxReply)
	return strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
}

func decoded(s string) string {
	if d, err := new(mime.WordDecoder).DecodeHeader(s); err == nil {
		return d
	}
	return s
}

func date(s string) time.Time {
	t, err := mail.ParseDate(strings.TrimSpace(s))
	if err != nil || t.Year() < 2000 || t.Year() > 9999 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}
