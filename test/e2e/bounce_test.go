package e2e

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kith/internal/outbound/mail/mailtest"
	"kith/internal/testdb"
	"kith/test/server"
)

// TestBouncesSurviveKills sends mail through a relay, sends it back to where it
// says that it comes back to, and kills the server while it takes it in. A
// notice that was said to be taken is counted, once, however often it is told.
func TestBouncesSurviveKills(t *testing.T) {
	t.Parallel()
	people, kills := 30, 3
	if testdb.Scale() > 1 {
		people, kills = 2000, 20
	}
	onBoth(t, func(t *testing.T, p server.Place) {
		relay := mailtest.New(t, mailtest.Options{})
		intake := freeAddress(t)
		start := func() *server.Server {
			return server.Start(t, p, "--smtp-url", relay.URL(), "--bounce-address", "bounces@mail.example.org", "--bounce-listen", intake)
		}
		s := start()
		c := server.Client{URL: s.URL, Token: p.Account(t, "ines@example.org", "contact_data account_read")}
		list := lists(t, c)["General Interest"]
		for i := range people {
			c.Want(t, 201, "POST", "/v3/contacts/sign_up_form", map[string]any{
				"email_address": fmt.Sprintf("p%04d@example.org", i), "list_memberships": []string{list},
			}, nil)
		}
		paths := map[string]string{} // where mail to each comes back to
		until(t, func() bool {
			for _, m := range relay.Received() {
				if strings.HasPrefix(m.To, "p") {
					paths[m.To] = m.From
				}
			}
			return len(paths) == people
		})

		told, killed := 0, 0
		for to, path := range paths {
			if told%(people/(kills+1)) == 3 && killed < kills {
				s.Kill()
				s, killed = start(), killed+1
				c.URL = s.URL
			}
			for range 2 { // mail servers repeat themselves
				for bounced(intake, path, to) != nil {
					time.Sleep(50 * time.Millisecond) // put off, as they do
				}
			}
			told++
		}
		s.Kill() // the last ones were taken, and perhaps not read
		s = start()
		c.URL = s.URL
		var of struct {
			Suppressions []struct {
				Reason string `json:"reason"`
				Said   string `json:"said"`
			} `json:"suppressions"`
		}
		until(t, func() bool {
			c.Get(t, "/kith/v1/suppressions?limit=500", &of)
			return len(of.Suppressions) >= min(people, 500)
		})
		for _, is := range of.Suppressions {
			if is.Reason != "hard" || is.Said != "550 5.1.1 nobody here" {
				t.Fatalf("suppressed: %+v", is)
			}
		}
		var contacts struct {
			Contacts []struct {
				ID    string `json:"contact_id"`
				Email struct {
					Address string `json:"address"`
				} `json:"email_address"`
			} `json:"contacts"`
		}
		c.Get(t, "/v3/contacts?limit=40", &contacts)
		for _, one := range contacts.Contacts {
			var past struct {
				History []struct {
					Kind string `json:"kind"`
				} `json:"history"`
			}
			c.Get(t, "/kith/v1/contacts/"+one.ID+"/history", &past)
			bounces := 0
			for _, e := range past.History {
				if e.Kind == "contact.bounced" {
					bounces++
				}
			}
			if want := strings.Count(one.Email.Address, "p0"); bounces != min(want, 1) {
				t.Errorf("%s bounced %d times", one.Email.Address, bounces)
			}
		}
		s.Stop(t)
	})
}

// bounced tells that a mail did not arrive, as a mail server does.
func bounced(intake, path, to string) error {
	c, err := smtp.Dial(intake)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Mail("", nil); err != nil {
		return err
	}
	if err := c.Rcpt(path, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, strings.ReplaceAll(`From: MAILER-DAEMON@mx.example.org
To: `+path+`
Subject: Undelivered mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; `+to+`
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 nobody here

--b--
`, "\n", "\r\n"))
	if err != nil {
		return err
	}
	return w.Close()
}

// until waits for something that comes about by itself.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !done(); {
		if time.Now().After(end) {
			t.Fatal("it does not come about")
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// freeAddress is one of loopback on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
