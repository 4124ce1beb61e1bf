package notice

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // G505: what version 1 of SNS signs with; a topic can be set to 2
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/delivery"
)

// snsMessage is what Amazon SNS posts: a message of SES in an envelope that is
// signed.
type snsMessage struct {
	Type             string `json:"Type"`
	MessageID        string `json:"MessageId"`
	TopicARN         string `json:"TopicArn"`
	Subject          string `json:"Subject"`
	Message          string `json:"Message"`
	Timestamp        string `json:"Timestamp"`
	Token            string `json:"Token"`
	SubscribeURL     string `json:"SubscribeURL"`
	SignatureVersion string `json:"SignatureVersion"`
	Signature        string `json:"Signature"`
	SigningCertURL   string `json:"SigningCertURL"`
}

// amazonHost is the host of SNS in any of its regions.
var amazonHost = regexp.MustCompile(`^sns\.[a-z0-9-]{3,40}\.amazonaws\.com(\.cn)?$`)

// amazons checks an address that a message names: nobody else is ever asked.
func amazons(address string) (*url.URL, bool) {
	u, err := url.Parse(address)
	return u, err == nil && u.Scheme == "https" && u.User == nil && u.Fragment == "" && amazonHost.MatchString(u.Host)
}

// readSES checks a message of SNS and reads what SES says in it. Anybody with
// an account at Amazon can have SNS sign a message: so the topic counts as
// well, and the first one that is confirmed at an address stays its only one.
func (h *Handler) readSES(ctx context.Context, k delivery.NoticeKey, body []byte) (told, error) {
	var m snsMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return told{}, malformed(err)
	}
	if err := h.certs.check(ctx, m); err != nil {
		return told{}, err
	}
	if k.Verify != "" && k.Verify != m.TopicARN {
		return told{}, delivery.ErrNoticeForged.Saying("This topic is not the one that belongs to this address.")
	}
	t := told{signed: instant(m.Timestamp), once: m.MessageID, topic: m.TopicARN}
	switch m.Type {
	case "SubscriptionConfirmation":
		if _, ok := amazons(m.SubscribeURL); !ok {
			return told{}, delivery.ErrNoticeForged
		}
		t.confirm = m.SubscribeURL
	case "Notification":
		var err error
		if t.notices, err = parseSES([]byte(m.Message)); err != nil {
			return told{}, err
		}
	}
	return t, nil
}

// signed is what SNS signs of a message: names and values, a line each.
func (m snsMessage) signed() (string, bool) {
	fields := [][2]string{{"Message", m.Message}, {"MessageId", m.MessageID}}
	switch m.Type {
	case "Notification":
		if m.Subject != "" {
			fields = append(fields, [2]string{"Subject", m.Subject})
		}
		fields = append(fields, [2]string{"Timestamp", m.Timestamp})
	case "SubscriptionConfirmation", "UnsubscribeConfirmation":
		fields = append(fields, [2]string{"SubscribeURL", m.SubscribeURL}, [2]string{"Timestamp", m.Timestamp}, [2]string{"Token", m.Token})
	default:
		return "", false
	}
	fields = append(fields, [2]string{"TopicArn", m.TopicARN}, [2]string{"Type", m.Type})
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f[0] + "\n" + f[1] + "\n")
	}
	return b.String(), true
}

// certificates are those that SNS signs with, fetched from Amazon once a day.
type certificates struct {
	from Amazon

	mu   sync.Mutex
	kept map[string]certificate
}

type certificate struct {
	key   *rsa.PublicKey
	until time.Time
}

const (
	// maxCertificates bounds how many are kept: each region has one at a time.
	maxCertificates = 50
	certificateLife = 24 * time.Hour
)

func newCertificates(from Amazon) *certificates {
	return &certificates{from: from, kept: map[string]certificate{}}
}

// check holds a message to its signature.
func (c *certificates) check(ctx context.Context, m snsMessage) error {
	text, ok := m.signed()
	u, ours := amazons(m.SigningCertURL)
	signature, err := base64.StdEncoding.DecodeString(m.Signature)
	if !ok || !ours || err != nil || !strings.HasSuffix(u.Path, ".pem") || m.MessageID == "" {
		return delivery.ErrNoticeForged
	}
	at := instant(m.Timestamp)
	key, err := c.key(ctx, m.SigningCertURL, at)
	if err != nil {
		return err
	}
	switch m.SignatureVersion {
	case "1":
		sum := sha1.Sum([]byte(text)) //nolint:gosec // G401: see the import
		err = rsa.VerifyPKCS1v15(key, crypto.SHA1, sum[:], signature)
	case "2":
		sum := sha256.Sum256([]byte(text))
		err = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
	default:
		err = errors.New("an unknown version of signature")
	}
	if err != nil {
		return delivery.ErrNoticeForged.Because(err)
	}
	return nil
}

// key returns the key of a certificate that was good at a time.
func (c *certificates) key(ctx context.Context, address string, at time.Time) (*rsa.PublicKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock() // one is fetched at a time: they are few
	if kept, ok := c.kept[address]; ok && at.Before(kept.until) {
		return kept.key, nil
	}
	data, err := c.from.Get(ctx, address)
	if err != nil {
		return nil, fault.ErrUnavailable.Saying("Amazon's certificate could not be fetched.").Because(err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, delivery.ErrNoticeForged.Saying("What was fetched from Amazon is no certificate.")
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, delivery.ErrNoticeForged.Because(err)
	}
	key, ok := parsed.PublicKey.(*rsa.PublicKey)
	if !ok || at.Before(parsed.NotBefore) || at.After(parsed.NotAfter) {
		return nil, delivery.ErrNoticeForged.Saying("Amazon's certificate is not good for the time of the message.")
	}
	if len(c.kept) >= maxCertificates {
		clear(c.kept)
	}
	c.kept[address] = certificate{key, at.Add(certificateLife)}
	return key, nil
}

// sesNotice is what SES tells, as a notification or as an event.
type sesNotice struct {
	Type  string `json:"notificationType"`
	Event string `json:"eventType"`
	Mail  struct {
		Source  string      `json:"source"`
		Headers []sesHeader `json:"headers"`
		Common  struct {
			MessageID string `json:"messageId"`
		} `json:"commonHeaders"`
	} `json:"mail"`
	Bounce struct {
		Type       string         `json:"bounceType"`
		SubType    string         `json:"bounceSubType"`
		Recipients []sesRecipient `json:"bouncedRecipients"`
		Timestamp  string         `json:"timestamp"`
		Reporter   string         `json:"reportingMTA"`
	} `json:"bounce"`
	Complaint struct {
		Recipients []sesRecipient `json:"complainedRecipients"`
		Feedback   string         `json:"complaintFeedbackType"`
		UserAgent  string         `json:"userAgent"`
		Timestamp  string         `json:"timestamp"`
	} `json:"complaint"`
	Delivery struct {
		Recipients []string `json:"recipients"`
		Response   string   `json:"smtpResponse"`
		Timestamp  string   `json:"timestamp"`
		Reporter   string   `json:"reportingMTA"`
	} `json:"delivery"`
	Delay struct {
		Recipients []sesRecipient `json:"delayedRecipients"`
		Timestamp  string         `json:"timestamp"`
		Reporter   string         `json:"reportingMTA"`
	} `json:"deliveryDelay"`
}

type sesHeader struct{ Name, Value string }

type sesRecipient struct {
	Address    string `json:"emailAddress"`
	Status     string `json:"status"`
	Diagnostic string `json:"diagnosticCode"`
}

// parseSES reads what SES tells. Anything else, such as the word with which
// Amazon tries a topic, tells nothing.
func parseSES(body []byte) (all []delivery.Notice, err error) {
	var s sesNotice
	if err := json.Unmarshal(body, &s); err != nil {
		return nil, nil //nolint:nilerr // a message to the topic that is none of SES
	}
	add := func(n delivery.Notice, recipient, reporter, at string) {
		n.Recipient, n.Sent, n.MessageID = recipient, s.Mail.Source, bare(s.messageID())
		n.Reporter, n.At = oneLine(reporter), instant(at)
		all = append(all, n)
	}
	what := s.Type
	if what == "" {
		what = s.Event
	}
	switch what {
	case "Bounce":
		for _, r := range s.Bounce.Recipients {
			st := status(r.Status, r.Diagnostic)
			add(failed(delivery.Bounced, s.cause(), st, r.Diagnostic), r.Address, s.Bounce.Reporter, s.Bounce.Timestamp)
		}
	case "Complaint":
		if s.Complaint.Feedback == "not-spam" {
			break
		}
		for _, r := range s.Complaint.Recipients {
			add(delivery.Notice{Kind: delivery.Complained, Reply: oneLine(s.Complaint.Feedback)}, r.Address, s.Complaint.UserAgent, s.Complaint.Timestamp)
		}
	case "Delivery":
		for _, r := range s.Delivery.Recipients {
			n := delivery.Notice{Kind: delivery.Arrived, Reply: oneLine(s.Delivery.Response), Status: delivery.StatusIn(s.Delivery.Response)}
			add(n, r, s.Delivery.Reporter, s.Delivery.Timestamp)
		}
	case "DeliveryDelay":
		for _, r := range s.Delay.Recipients {
			add(failed(delivery.Delayed, 0, status(r.Status, r.Diagnostic), r.Diagnostic), r.Address, s.Delay.Reporter, s.Delay.Timestamp)
		}
	}
	return all, nil
}

// messageID is the mail's own, from its headers where they are told: SES gives
// it another.
func (s sesNotice) messageID() string {
	for _, h := range s.Mail.Headers {
		if strings.EqualFold(h.Name, "Message-ID") {
			return h.Value
		}
	}
	return s.Mail.Common.MessageID
}

// cause is what SES makes of a bounce; zero where the words decide.
func (s sesNotice) cause() delivery.Cause {
	switch s.Bounce.SubType {
	case "NoEmail", "Suppressed", "OnAccountSuppressionList":
		return delivery.NoAddress
	case "MailboxFull":
		return delivery.Full
	case "MessageTooLarge", "ContentRejected", "AttachmentRejected":
		return delivery.Blocked
	}
	return 0
}
