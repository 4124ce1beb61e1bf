package contact

import (
	"reflect"
	"testing"
	"time"
)

// FuzzUndo reads what strangers wrote, and, to get past the signature, the same
// as if it had been signed.
func FuzzUndo(f *testing.F) {
	s := NewLinks([]byte("0123456789abcdef0123456789abcdef"))
	f.Add("", []byte{2, 0, 7, 3, 5, 1, 2})
	f.Add(s.Undo(Undo{Account: 7, Contact: 3, At: time.UnixMilli(5), Permission: Explicit}), []byte{})
	f.Fuzz(func(t *testing.T, text string, body []byte) {
		if _, err := s.ReadUndo(text); err == nil && len(text) > longestUndo {
			t.Error("a text was read that is too long")
		}
		u, err := s.ReadUndo(linkText.EncodeToString(s.sign(undoMark, append([]byte{linkVersion}, body...))))
		if err != nil || u.IsZero() {
			return
		}
		if again, err := s.ReadUndo(s.Undo(u)); err != nil || !reflect.DeepEqual(again, u) {
			t.Errorf("%+v came back as %+v, %v", u, again, err)
		}
	})
}
