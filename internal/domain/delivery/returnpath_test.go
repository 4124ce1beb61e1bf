package delivery_test

import (
	"math"
	"strings"
	"testing"

	"kith/internal/base/id"
	"kith/internal/domain/delivery"
)

func TestReturnPaths(t *testing.T) {
	t.Parallel()
	paths := delivery.NewReturnPaths([]byte("key"), parsed(t, "Bounces@mail.Example.org"))
	for _, c := range []struct {
		account id.Account
		mail    id.Mail
	}{{1, 1}, {7, 123456789}, {math.MaxInt32, math.MaxInt32}, {math.MaxInt64, math.MaxInt64}} {
		address := paths.Of(c.account, c.mail)
		local, _, _ := strings.Cut(address, "@")
		if address != strings.ToLower(address) || !strings.HasPrefix(address, "bounces+") || !strings.HasSuffix(address, "@mail.example.org") || len(local) > 64 {
			t.Errorf("%d/%d: %s", c.account, c.mail, address)
		}
		for _, as := range []string{address, strings.ToUpper(address)} {
			if a, m, ok := paths.Read(as); !ok || a != c.account || m != c.mail || !paths.Ours(as) {
				t.Errorf("%s is read as %d/%d, %v", as, a, m, ok)
			}
		}
		// Any one letter another, and it is nobody's.
		for i := len("bounces+"); i < len(local); i++ {
			other := byte('a')
			if address[i] == other {
				other = 'b'
			}
			if altered := address[:i] + string(other) + address[i+1:]; paths.Ours(altered) {
				t.Errorf("%s is taken for %s", altered, address)
			}
		}
	}
	for address, ours := range map[string]bool{
		"bounces@mail.example.org": true, "BOUNCES@MAIL.EXAMPLE.ORG": true,
		"bounces+@mail.example.org": false, "bounces-x@mail.example.org": false, "bouncesx@mail.example.org": false,
		"bounces@example.org": false, "postmaster@mail.example.org": false, "": false, "@": false, "bounces": false,
		"bounces+" + strings.Repeat("a", 100) + "@mail.example.org": false,
	} {
		if paths.Ours(address) != ours {
			t.Errorf("%q is ours: %v", address, !ours)
		}
		if _, _, ok := paths.Read(address); ok {
			t.Errorf("%q names a mail", address)
		}
	}
	other := delivery.NewReturnPaths([]byte("another"), parsed(t, "bounces@mail.example.org"))
	if other.Ours(paths.Of(1, 1)) {
		t.Error("another server's return path is taken")
	}
	none := delivery.ReturnPaths{}
	if none.Of(1, 1) != "" || none.Ours("@") || none.Ours("") {
		t.Error("without an address there are return paths")
	}
}

func FuzzReturnPath(f *testing.F) {
	paths := delivery.NewReturnPaths([]byte("key"), parsed(f, "b@example.org"))
	f.Add(paths.Of(3, 4))
	f.Add("b+aaaa@example.org")
	f.Add("b@example.org")
	f.Fuzz(func(t *testing.T, address string) {
		a, m, ok := paths.Read(address)
		if ok && !strings.EqualFold(paths.Of(a, m), address) {
			t.Errorf("%q is read as %d/%d, whose path is %s", address, a, m, paths.Of(a, m))
		}
	})
}

func TestMarksOfRelaysThatHandBackNothingElse(t *testing.T) {
	t.Parallel()
	paths := delivery.NewReturnPaths([]byte("key"), parsed(t, "b@example.org"))
	for relay, marked := range map[string]bool{
		"smtp.postmarkapp.com:587": true, "postmarkapp.com:25": true, "notpostmarkapp.com:25": false, "smtp.example.org:587": false, "": false,
	} {
		all := paths.Headers(relay, 3, 4)
		if (len(all) == 1) != marked {
			t.Errorf("%s: %v", relay, all)
			continue
		}
		for _, h := range all {
			if a, m, ok := paths.ReadMark(h.Value); !ok || a != 3 || m != 4 {
				t.Errorf("%s: read as %d/%d", relay, a, m)
			}
		}
	}
}
