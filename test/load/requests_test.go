package load

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

// TestFiguresOfRequestLog creates contacts on a server that keeps the request
// log and on one that does not, in turns, so that whatever else the machine
// does is shared by both.
func TestFiguresOfRequestLog(t *testing.T) {
	if !asked() {
		t.Skip("figures are measured by `make bench`")
	}
	t.Run("sqlite", func(t *testing.T) {
		measureRequestLog(t, "sqlite", server.NewPlace(t, ""), server.NewPlace(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		measureRequestLog(t, "postgres", server.NewPlace(t, testdb.Postgres(t)), server.NewPlace(t, testdb.Postgres(t)))
	})
}

// Turns of each server, and how long one lasts.
const (
	logTurns = 8
	logTurn  = 3 * time.Second
)

func measureRequestLog(t *testing.T, database string, with, without server.Place) {
	start := func(p server.Place, flags ...string) *bench {
		s := server.Start(t, p, flags...)
		return &bench{t: t, database: database, server: s, client: server.Client{
			URL: s.URL, Token: p.Account(t, "ines@example.org", "contact_data account_read"),
		}}
	}
	on, off := start(with), start(without, "--request-log-rows", "0")
	var n atomic.Int64
	turn := func(b *bench) float64 {
		rate, _ := b.load(32, logTurn, func(ctx context.Context, c *http.Client) error {
			return b.once(ctx, c, http.MethodPost, "/v3/contacts", fmt.Appendf(nil,
				`{"email_address":{"address":"made%d@example.net"},"first_name":"First","create_source":"Account"}`, n.Add(1)), http.StatusCreated)
		})
		return rate
	}
	turn(on)
	turn(off) // both have warmed up
	var onRate, offRate float64
	for i := range logTurns {
		if i%2 == 0 {
			onRate += turn(on) / logTurns
			offRate += turn(off) / logTurns
		} else {
			offRate += turn(off) / logTurns
			onRate += turn(on) / logTurns
		}
	}
	on.print("POST /v3/contacts, 32 connections, with the request log", onRate, "calls/s", offRate, 0, atLeast)
	on.print("POST /v3/contacts, 32 connections, cost of the request log", 100*(1-onRate/offRate), "%", 0, 5, atMost)

	// What was created is in the log, as far as its bound goes.
	var found struct {
		Requests []struct {
			Status int `json:"status"`
		} `json:"requests"`
	}
	on.client.Get(t, "/kith/v1/requests?method=POST&limit=500", &found)
	if len(found.Requests) != 500 {
		t.Errorf("the log has %d of the requests", len(found.Requests))
	}
}
