package delivery_test

import (
	"strings"
	"testing"

	"kith/internal/domain/delivery"
)

func TestRecordOfASigningKey(t *testing.T) {
	for a, length := range map[delivery.Algorithm]int{
		delivery.Ed25519: 44,  // 32 bytes as they are (RFC 8463 §4)
		delivery.RSA:     392, // 294 bytes of a SubjectPublicKeyInfo
	} {
		k, err := delivery.NewSigningKey("sender.test", "kith1", a)
		if err != nil {
			t.Fatal(err)
		}
		r, err := k.Record()
		public, ok := strings.CutPrefix(r, "v=DKIM1; k="+string(a)+"; p=")
		if err != nil || !ok || len(public) != length {
			t.Errorf("%s: %q, %v; want a key of %d characters", a, r, err, length)
		}
		if got := k.RecordName(); got != "kith1._domainkey.sender.test" {
			t.Errorf("it is to stand at %s", got)
		}
	}
	if _, err := delivery.NewSigningKey("sender.test", "x", "dsa"); err == nil {
		t.Error("a key of an algorithm that there is not")
	}
	if _, err := delivery.OpenSigningKey("sender.test", "x", []byte("nothing")); err == nil {
		t.Error("opened what is no key")
	}
}
