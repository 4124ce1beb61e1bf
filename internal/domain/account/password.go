package account

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"kith/internal/base/fault"
)

// Lengths of a password, in characters. There is no other rule about what it
// is made of: length is what counts (NIST SP 800-63B §5.1.1.2).
const (
	MinPassword = 8
	MaxPassword = 128
)

// cost is what one hash takes. As many hashes run at once as there are cores,
// so each is given one lane and memory that even a small machine has twice
// (OWASP Password Storage: argon2id with 19 MiB, 2 passes, 1 lane).
var cost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobody is a hash of no password that anybody has. Comparing with it costs
// the time that a user's own takes, so that an unknown name is not told by the
// clock. Its parameters are those of cost.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// gate lets one password hash per core run at a time.
type gate chan struct{}

func newGate() gate { return make(gate, runtime.GOMAXPROCS(0)) }

// enter waits for a turn; the caller calls leave when it got one.
func (g gate) enter(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g gate) leave() { <-g }

// hash makes the hash of a password that passed checkPassword.
func (g gate) hash(ctx context.Context, password string) (string, error) {
	if err := g.enter(ctx); err != nil {
		return "", err
	}
	defer g.leave()
	return argon2id.CreateHash(password, &cost)
}

// checkPassword notes what is wrong with a new password of a user with this
// name.
func checkPassword(p *fault.Problems, path, password, username string) {
	n := utf8.RuneCountInString(password)
	switch {
	case password == "":
		p.Add(path, "field.required", "is missing")
	case !utf8.ValidString(password):
		p.Add(path, "field.encoding", "is not valid UTF-8")
	case n < MinPassword:
		p.Add(path, "password.short", "has fewer than "+strconv.Itoa(MinPassword)+" characters")
	case n > MaxPassword:
		p.Add(path, "password.long", "has more than "+strconv.Itoa(MaxPassword)+" characters")
	case UsernameKey(password) == UsernameKey(username):
		p.Add(path, "password.username", "is the email address")
	case strings.Count(password, password[:first(password)]) == n:
		p.Add(path, "password.uniform", "is one character, many times")
	}
}

// first returns the length of the first character in bytes.
func first(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
