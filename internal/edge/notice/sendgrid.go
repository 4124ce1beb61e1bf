package notice

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/text"
	"kith/internal/domain/delivery"
)

// longestReply bounds what is kept of somebody's words, in characters.
const longestReply = 500

func oneLine(s string) string { return text.Line(s, longestReply) }

// Headers of SendGrid's signed event webhook.
const (
	sendGridSignature = "X-Twilio-Email-Event-Webhook-Signature"
	sendGridTimestamp = "X-Twilio-Email-Event-Webhook-Timestamp"
)

// sendGridEvent is an event of SendGrid's event webhook.
type sendGridEvent struct {
	Event          string      `json:"event"`
	Email          string      `json:"email"`
	Timestamp      json.Number `json:"timestamp"`
	SMTPID         string      `json:"smtp-id"`
	Reason         string      `json:"reason"`
	Response       string      `json:"response"`
	Status         string      `json:"status"`
	Type           string      `json:"type"`
	Classification string      `json:"bounce_classification"`
}

// readSendGrid checks a signed event webhook, whose signature is over its
// timestamp and body (ECDSA with SHA-256), and reads it.
func readSendGrid(h http.Header, k delivery.NoticeKey, body []byte) (told, error) {
	key, ok := delivery.SendGridKey(k.Verify)
	if !ok {
		return told{}, delivery.ErrNoticeForged
	}
	stamp, given := h.Get(sendGridTimestamp), h.Get(sendGridSignature)
	signature, err := base64.StdEncoding.DecodeString(given)
	seconds, err2 := strconv.ParseInt(stamp, 10, 64)
	sum := sha256.Sum256(append([]byte(stamp), body...))
	if err != nil || err2 != nil || !ecdsa.VerifyASN1(key, sum[:], signature) {
		return told{}, delivery.ErrNoticeForged
	}
	notices, err := parseSendGrid(body)
	// One body can be signed in many ways: the body and its time are what is
	// taken once.
	return told{notices: notices, signed: time.Unix(seconds, 0).UTC(), once: string(sum[:])}, err
}

func parseSendGrid(body []byte) (all []delivery.Notice, err error) {
	var events []sendGridEvent
	if err := json.Unmarshal(body, &events); err != nil {
		return nil, malformed(err)
	}
	for _, e := range events {
		if n, ok := e.notice(); ok {
			all = append(all, n)
		}
	}
	return all, nil
}

func (e sendGridEvent) notice() (n delivery.Notice, ok bool) {
	reply := e.Reason
	if reply == "" {
		reply = e.Response
	}
	s := status(e.Status, reply)
	switch e.Event {
	case "bounce":
		n = failed(delivery.Bounced, e.cause(), s, reply)
	case "deferred":
		n = failed(delivery.Delayed, 0, s, reply)
	case "delivered":
		n = delivery.Notice{Kind: delivery.Arrived, Reply: oneLine(reply), Status: s}
	case "spamreport":
		n = delivery.Notice{Kind: delivery.Complained}
	case "unsubscribe", "group_unsubscribe":
		n = delivery.Notice{Kind: delivery.OptedOut}
	default: // dropped is SendGrid's own list, which it told of before
		return n, false
	}
	n.Recipient, n.MessageID, n.Reporter, n.At = e.Email, bare(e.SMTPID), "SendGrid", seconds(e.Timestamp)
	return n, true
}

// cause is what SendGrid makes of a bounce.
func (e sendGridEvent) cause() delivery.Cause {
	switch strings.ToLower(e.Classification) {
	case "invalid address":
		return delivery.NoAddress
	case "technical":
		return delivery.Undeliverable
	case "content", "reputation", "frequency or volume too high", "frequency/volume":
		return delivery.Blocked
	}
	if e.Type == "blocked" {
		return delivery.Blocked
	}
	return 0
}

// seconds is a time of seconds since 1970, perhaps with a fraction; zero where
// it is none that can be.
func seconds(n json.Number) time.Time {
	f, err := n.Float64()
	if err != nil || f < 1e9 || f > 1e11 {
		return time.Time{}
	}
	return time.UnixMilli(int64(f * 1000)).UTC()
}
