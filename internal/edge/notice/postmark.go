package notice

import (
	"encoding/json"
	"time"

	"kith/internal/domain/delivery"
)

// postmarkCall is a webhook of Postmark's.
type postmarkCall struct {
	RecordType  string            `json:"RecordType"`
	Type        string            `json:"Type"`
	Email       string            `json:"Email"`
	Recipient   string            `json:"Recipient"`
	Description string            `json:"Description"`
	Details     string            `json:"Details"`
	BouncedAt   string            `json:"BouncedAt"`
	DeliveredAt string            `json:"DeliveredAt"`
	ChangedAt   string            `json:"ChangedAt"`
	Suppress    bool              `json:"SuppressSending"`
	Reason      string            `json:"SuppressionReason"`
	Metadata    map[string]string `json:"Metadata"`
}

// PostmarkMark is the key of the metadata in which a mail carries our mark: the
// header X-PM-Metadata-kith. Postmark gives a mail another Message-ID and
// return path, and hands back nothing else of ours.
const PostmarkMark = "kith"

// readPostmark reads a webhook. Postmark signs nothing: who knows the address
// may tell.
func readPostmark(body []byte) (told, error) {
	var c postmarkCall
	if err := json.Unmarshal(body, &c); err != nil {
		return told{}, malformed(err)
	}
	n, ok := c.notice()
	if !ok {
		return told{}, nil
	}
	return told{notices: []delivery.Notice{n}}, nil
}

func (c postmarkCall) notice() (n delivery.Notice, ok bool) {
	reply := c.Details
	if reply == "" {
		reply = c.Description
	}
	at := c.BouncedAt
	switch c.RecordType {
	case "Bounce":
		n, ok = c.bounce(reply)
	case "SpamComplaint":
		n, ok = delivery.Notice{Kind: delivery.Complained}, true
	case "Delivery":
		n, ok, at = delivery.Notice{Kind: delivery.Arrived, Reply: oneLine(reply), Status: delivery.StatusIn(reply)}, true, c.DeliveredAt
	case "SubscriptionChange":
		// A bounce and a complaint are told apart, each with a call of its own.
		n, ok, at = delivery.Notice{Kind: delivery.OptedOut}, c.Suppress && c.Reason == "ManualSuppression", c.ChangedAt
	}
	n.Recipient, n.Reporter, n.Mark, n.At = c.Email, "Postmark", c.Metadata[PostmarkMark], instant(at)
	if n.Recipient == "" {
		n.Recipient = c.Recipient
	}
	return n, ok
}

// bounce reads the types of bounces that Postmark tells apart.
func (c postmarkCall) bounce(reply string) (delivery.Notice, bool) {
	s := delivery.StatusIn(reply)
	switch c.Type {
	case "HardBounce", "BadEmailAddress":
		return failed(delivery.Bounced, delivery.NoAddress, s, reply), true
	case "SoftBounce", "Unknown":
		return failed(delivery.Bounced, 0, s, reply), true
	case "DnsError":
		return failed(delivery.Bounced, delivery.Undeliverable, s, reply), true
	case "SpamNotification", "VirusNotification", "Blocked", "DMARCPolicy", "ChallengeVerification":
		return failed(delivery.Bounced, delivery.Blocked, s, reply), true
	case "Transient":
		return failed(delivery.Delayed, 0, s, reply), true
	case "AutoResponder":
		return delivery.Notice{Kind: delivery.Answered, Cause: delivery.Vacation, Reply: oneLine(reply)}, true
	case "Unsubscribe":
		return delivery.Notice{Kind: delivery.OptedOut}, true
	case "SpamComplaint":
		return delivery.Notice{Kind: delivery.Complained}, true
	}
	return delivery.Notice{}, false // Postmark's own doings: nothing of the address
}

// instant reads a time of RFC 3339; zero where it is none.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 2000 || t.Year() > 9999 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}
