package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"kith/internal/app"
	"kith/internal/config"
	"kith/internal/outbound/remote"
)

// remoteFlags say which server a command works on, and as whom.
type remoteFlags struct {
	Server    string `required:"" placeholder:"URL" help:"Address of the server."`
	Token     string `help:"Access key of the account there, or an access token; - reads it from standard input (KITH_TOKEN)."`
	TokenFile string `placeholder:"FILE" help:"File that holds the token alone (KITH_TOKEN_FILE)."`
}

// token returns the token, from where it is nearest.
func (f remoteFlags) token(r *run) (string, error) {
	token, err := r.password(f.Token)
	if err != nil {
		return "", err
	}
	file := f.TokenFile
	if token == "" && file == "" {
		token, file = r.variable(config.EnvToken), r.variable(config.EnvTokenFile)
	}
	if token == "" && file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		token = strings.TrimSpace(string(text))
	}
	if token == "" {
		return "", usage(errors.New("a token is needed: --token, --token-file, KITH_TOKEN or KITH_TOKEN_FILE"))
	}
	return token, nil
}

// open returns the server; waits for it are told beside the bar.
func (f remoteFlags) open(r *run, b *bar) (*remote.Server, error) {
	token, err := f.token(r)
	if err != nil {
		return nil, err
	}
	s, err := app.Remote(remote.Options{
		Server: f.Server, Token: token, Impatient: true,
		Waiting: func(why error, d time.Duration) { b.say(fmt.Sprintf("%s; trying again in %s", sentence(why), d)) },
	})
	if err != nil {
		return nil, usage(err)
	}
	return s, nil
}

// steps shows the steps of an import or export on a bar.
func steps(b *bar) remote.Progress {
	var last remote.Step
	return func(step remote.Step, done, total int64) {
		if step != last {
			b.end()
			last = step
		}
		switch step {
		case remote.Uploading, remote.Downloading:
			b.show(mib(done), mib(total), "MiB "+string(step))
		default:
			b.show(done, total, "contacts "+string(step))
		}
	}
}

// mib is a number of bytes in begun MiB.
func mib(bytes int64) int64 { return (bytes + 1<<20 - 1) >> 20 }
