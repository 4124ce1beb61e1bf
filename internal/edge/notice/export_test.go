package notice

import "kith/internal/domain/delivery"

// What is read of each provider's bodies, past their signatures.
var (
	ParseSES      = parseSES
	ParseSendGrid = parseSendGrid
)

// ParsePostmark reads a body of Postmark's.
func ParsePostmark(body []byte) ([]delivery.Notice, error) {
	t, err := readPostmark(body)
	return t.notices, err
}

// ParseMailgun reads a body of Mailgun's that is signed with a key.
func ParseMailgun(key string, body []byte) ([]delivery.Notice, error) {
	t, err := readMailgun(delivery.NoticeKey{Verify: key}, body)
	return t.notices, err
}
