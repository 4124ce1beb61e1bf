package server_test

import (
	"testing"

	"kith/test/server"
)

func TestMain(m *testing.M) { server.Main(m) }

func TestServerStartsAndStops(t *testing.T) {
	p := server.NewPlace(t, "")
	s := server.Start(t, p)
	if status, _, body := (server.Client{URL: s.URL}).Call(t, "GET", "/readyz", nil); status != 200 {
		t.Errorf("readyz: %d %s", status, body)
	}
	if s.PeakRSS() == 0 {
		t.Error("the server holds no memory")
	}
	s.Stop(t)
}
