package e2e

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/outbound/mail/mailtest"
	"kith/internal/testdb"
	"kith/test/outbox"
	"kith/test/server"
)

// TestMailSurvivesKills sends a queue of mails through a relay that refuses,
// delays, breaks and closes, while the server is killed again and again. At the
// end each mail was sent, was refused for good, or is uncertain; none was left
// out, and none was sent again that was recorded as sent. The uncertain ones
// are at most one for each connection that was open when a process died, and
// one for each answer that the relay swallowed.
func TestMailSurvivesKills(t *testing.T) {
	t.Parallel()
	mails, kills, connections := 400, 2, 8
	if testdb.Scale() > 1 {
		mails, kills, connections = 100_000, 10, 20
	}
	onBoth(t, func(t *testing.T, p server.Place) {
		newSending(t, p, 1, connections).run(t, mails, kills)
	})
	t.Run("postgres, two processes", func(t *testing.T) {
		t.Parallel()
		newSending(t, server.NewPlace(t, testdb.Postgres(t)), 2, connections).run(t, mails, kills)
	})
}

// sending is what dies and comes back, and the relay that it sends to.
type sending struct {
	places      []server.Place // of the processes, over one database
	servers     []*server.Server
	connections int
	key         string
	sink        *mailtest.Sink
	ledger      *ledger
}

func newSending(t *testing.T, p server.Place, processes, connections int) *sending {
	s := &sending{connections: connections, ledger: &ledger{relay: map[string]*told{}, recorded: map[string]bool{}}}
	for n := range processes {
		at := p
		at.Data = fmt.Sprint(p.Data, n)
		s.places = append(s.places, at)
	}
	s.sink = mailtest.NewSink(t, mailtest.SinkOptions{OnRcpt: s.ledger.rcpt, OnData: s.ledger.data})
	return s
}

func (s *sending) start(t *testing.T, n int) *server.Server {
	return server.Start(t, s.places[n], "--smtp-url", fmt.Sprintf("%s?connections=%d", s.sink.URL(), s.connections))
}

func (s *sending) run(t *testing.T, mails, kills int) {
	s.key = s.places[0].Account(t, "ines@example.org", "account_read")
	outbox.Fill(t, s.places[0], "ines@example.org", mails)
	for n := range s.places {
		s.servers = append(s.servers, s.start(t, n))
	}
	for k := range kills {
		// Each has its share of the mails, and a random place in that.
		until := int64(mails) * int64(k) / int64(kills+1)
		until += rand.Int64N(int64(mails)/int64(kills+1) + 1)
		s.wait(t, func() bool { return s.sink.Taken() >= until })
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		n := rand.IntN(len(s.servers))
		s.servers[n].Kill()
		s.ledger.record(s.recorded(t))
		s.servers[n] = s.start(t, n)
		if k%3 == 1 {
			s.ledger.cut(s.sink.CutAll())
		}
	}
	s.settled(t)
	s.judge(t, mails, kills)
	for _, srv := range s.servers {
		srv.Stop(t)
	}
}

// wait polls: there is nothing but counts to wait on.
func (s *sending) wait(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("nothing more happens: %d mails were taken", s.sink.Taken())
		}
	}
}

func (s *sending) client() server.Client {
	return server.Client{URL: s.servers[0].URL, Token: s.key}
}

// recorded reads whom mails were recorded as sent to, behind the servers' back.
func (s *sending) recorded(t *testing.T) (all []string) {
	t.Helper()
	driver, source := "sqlite", "file:"+s.places[0].Data+"/kith.db"
	if s.places[0].DatabaseURL != "" {
		driver, source = "pgx", s.places[0].DatabaseURL
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT to_address FROM mail WHERE state = 'sent'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var to string
		if err := rows.Scan(&to); err != nil {
			t.Fatal(err)
		}
		all = append(all, to)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

type outboxPage struct {
	Mails []struct {
		ID    string `json:"mail_id"`
		To    string `json:"to"`
		State string `json:"state"`
		Error string `json:"error"`
	} `json:"mails"`
	Links struct {
		Next struct {
			Href string `json:"href"`
		} `json:"next"`
	} `json:"_links"`
}

// settled waits until nothing is queued, and nothing is on its way.
func (s *sending) settled(t *testing.T) {
	t.Helper()
	s.wait(t, func() bool {
		var told map[string]int
		s.client().Get(t, "/kith/v1/outbox/counts", &told)
		if told["queued"]+told["sending"] > 0 {
			time.Sleep(200 * time.Millisecond) // what failed waits for its turn
			return false
		}
		return true
	})
}

// judge holds what the API tells of every mail to what the relay knows.
func (s *sending) judge(t *testing.T, mails, kills int) {
	t.Helper()
	counts := map[string]int{}
	var uncertain []string
	next := "/kith/v1/outbox?limit=500"
	for next != "" {
		var page outboxPage
		s.client().Get(t, next, &page)
		for _, m := range page.Mails {
			if !strings.HasPrefix(m.To, "reader") {
				continue // the owner's own
			}
			counts[m.State]++
			is := s.ledger.of(m.To)
			switch {
			case m.State == "sent" && is.taken != 1,
				m.State == "failed" && (is.taken != 0 || !refusedForGood(m.To)),
				m.State == "uncertain" && is.taken > 1,
				m.State != "sent" && m.State != "failed" && m.State != "uncertain":
				t.Errorf("%s is %s (%s); the relay took it %d times", m.To, m.State, m.Error, is.taken)
			}
			if m.State == "uncertain" {
				uncertain = append(uncertain, m.ID)
			}
		}
		next = page.Links.Next.Href
	}
	if all := counts["sent"] + counts["failed"] + counts["uncertain"]; all != mails {
		t.Errorf("%d mails are told of, want %d: %v", all, mails, counts)
	}
	var told map[string]int
	s.client().Get(t, "/kith/v1/outbox/counts", &told)
	if told["uncertain"] != counts["uncertain"] || told["failed"] != counts["failed"] || told["queued"]+told["sending"] != 0 {
		t.Errorf("the outbox counts %v, and lists %v", told, counts)
	}
	for _, to := range s.ledger.again() {
		t.Errorf("%s was recorded as sent and sent again", to)
	}
	swallowed := s.ledger.swallowed()
	if most := kills*s.connections + swallowed; counts["uncertain"] > most {
		t.Errorf("%d mails are uncertain, want at most %d: %d kills, %d connections, %d answers swallowed",
			counts["uncertain"], most, kills, s.connections, swallowed)
	}
	// Each of them tells why.
	for _, id := range uncertain {
		var m struct {
			Attempts []struct {
				Outcome string `json:"outcome"`
			} `json:"attempts"`
		}
		s.client().Get(t, "/kith/v1/outbox/"+id, &m)
		if n := len(m.Attempts); n == 0 || m.Attempts[n-1].Outcome != "unknown" {
			t.Errorf("mail %s is uncertain, and tells %+v", id, m.Attempts)
		}
	}
	t.Logf("%d kills among %d processes of %d connections: %d sent, %d refused, %d uncertain (%d answers swallowed by the relay)",
		kills, len(s.servers), s.connections, counts["sent"], counts["failed"], counts["uncertain"], swallowed)
}

// ledger is what the relay knows, and how it misbehaves.
type ledger struct {
	mu       sync.Mutex
	relay    map[string]*told
	recorded map[string]bool // as sent, when a process was killed
	twice    []string
	lost     int // answers to whole mails that nobody heard
}

// told is what the relay knows of one recipient.
type told struct {
	asked int // how often it heard of the recipient
	taken int
}

func (l *ledger) of(to string) told {
	l.mu.Lock()
	defer l.mu.Unlock()
	if is := l.relay[to]; is != nil {
		return *is
	}
	return told{}
}

// record notes what was recorded as sent: it must not come any more.
func (l *ledger) record(all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, to := range all {
		l.recorded[to] = true
	}
}

func (l *ledger) cut(connections int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost += connections
}

func (l *ledger) again() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.twice
}

func (l *ledger) swallowed() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// refusedForGood says which recipients the relay never takes a mail for.
func refusedForGood(to string) bool {
	return strings.Contains(to, "07@") || strings.Contains(to, "13@")
}

// rcpt answers to a recipient: it is late, says no, breaks, or closes.
func (l *ledger) rcpt(to string) mailtest.Answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	is := l.relay[to]
	if is == nil {
		is = &told{}
		l.relay[to] = is
	}
	is.asked++
	switch dice := rand.IntN(1000); {
	case strings.Contains(to, "07@"):
		return mailtest.Answer{Text: "550 5.1.1 nobody of that name"}
	case dice < 10 && is.asked == 1:
		return mailtest.Answer{Text: "451 4.7.1 come back later"}
	case dice < 20:
		return mailtest.Answer{Cut: true}
	case dice < 25:
		return mailtest.Answer{Text: "421 4.3.2 closing", Cut: true}
	case dice < 60:
		return mailtest.Answer{After: time.Duration(rand.IntN(20)) * time.Millisecond}
	}
	return mailtest.Answer{}
}

// data answers to a whole mail. One that is cut off may have been taken or not.
func (l *ledger) data(to, _ string) mailtest.Answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	is := l.relay[to]
	if l.recorded[to] {
		l.twice = append(l.twice, to)
	}
	switch dice := rand.IntN(1000); {
	case strings.Contains(to, "13@"):
		return mailtest.Answer{Text: "554 5.7.1 not this"}
	case dice < 5 && is.asked == 1:
		return mailtest.Answer{Text: "452 4.3.1 no room"}
	case dice < 8:
		l.lost++
		is.taken += dice % 2
		return mailtest.Answer{Cut: true}
	case dice < 40:
		is.taken++
		return mailtest.Answer{After: time.Duration(rand.IntN(20)) * time.Millisecond}
	}
	is.taken++
	return mailtest.Answer{}
}
