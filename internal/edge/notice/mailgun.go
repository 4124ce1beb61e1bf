package notice

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"kith/internal/domain/delivery"
)

// mailgunCall is a webhook of Mailgun's.
type mailgunCall struct {
	Signature struct {
		Timestamp string `json:"timestamp"`
		Token     string `json:"token"`
		Signature string `json:"signature"`
	} `json:"signature"`
	Event mailgunEvent `json:"event-data"`
}

type mailgunEvent struct {
	Event     string      `json:"event"`
	Severity  string      `json:"severity"`
	Reason    string      `json:"reason"`
	Recipient string      `json:"recipient"`
	Timestamp json.Number `json:"timestamp"`
	Status    struct {
		Code         json.Number `json:"code"`
		EnhancedCode string      `json:"enhanced-code"`
		Message      string      `json:"message"`
		Description  string      `json:"description"`
	} `json:"delivery-status"`
	Message struct {
		Headers struct {
			MessageID string `json:"message-id"`
		} `json:"headers"`
	} `json:"message"`
}

// readMailgun checks a webhook, whose signature is over a time and a token that
// is used once (HMAC with SHA-256), and reads it.
func readMailgun(k delivery.NoticeKey, body []byte) (told, error) {
	var c mailgunCall
	if err := json.Unmarshal(body, &c); err != nil {
		return told{}, malformed(err)
	}
	s := c.Signature
	mac := hmac.New(sha256.New, []byte(k.Verify))
	mac.Write([]byte(s.Timestamp + s.Token))
	given, err := hex.DecodeString(s.Signature)
	stamp, err2 := strconv.ParseInt(s.Timestamp, 10, 64)
	if k.Verify == "" || err != nil || err2 != nil || s.Token == "" || !hmac.Equal(given, mac.Sum(nil)) {
		return told{}, delivery.ErrNoticeForged
	}
	t := told{signed: time.Unix(stamp, 0).UTC(), once: s.Token}
	if n, ok := c.Event.notice(); ok {
		t.notices = append(t.notices, n)
	}
	return t, nil
}

func (e mailgunEvent) notice() (n delivery.Notice, ok bool) {
	reply := e.Status.Message
	if reply == "" {
		reply = e.Status.Description
	}
	s := status(e.Status.EnhancedCode, reply)
	switch {
	case e.Event == "failed" && e.Severity == "temporary":
		n = failed(delivery.Delayed, 0, s, reply)
	case e.Event == "failed":
		var cause delivery.Cause
		switch e.Reason {
		case "suppress-bounce": // it is on Mailgun's own list, for having bounced
			cause = delivery.NoAddress
		case "suppress-complaint", "suppress-unsubscribe":
			return n, false // Mailgun told of it when it happened
		case "espblock":
			cause = delivery.Blocked
		}
		n = failed(delivery.Bounced, cause, s, reply)
	case e.Event == "delivered":
		n = delivery.Notice{Kind: delivery.Arrived, Reply: oneLine(reply), Status: s}
	case e.Event == "complained":
		n = delivery.Notice{Kind: delivery.Complained}
	case e.Event == "unsubscribed":
		n = delivery.Notice{Kind: delivery.OptedOut}
	default:
		return n, false
	}
	n.Recipient, n.MessageID, n.Reporter, n.At = e.Recipient, bare(e.Message.Headers.MessageID), "Mailgun", seconds(e.Timestamp)
	return n, true
}
