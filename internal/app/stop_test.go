package app

import (
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"

	"kith/internal/config"
	"kith/internal/ops"
)

func TestWhatIsInFlightIsFinished(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Source{Flags: map[string]string{
		"data": filepath.Join(t.TempDir(), "data"), "listen": "127.0.0.1:0", "ops-listen": "off",
	}})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	b, err := Open(t.Context(), c, Options{Log: log, Migrate: true, Serve: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	s := &server{base: b, log: log, failed: make(chan error, 1)}
	if err := s.listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	reg := ops.NewRegistry("test")
	if s.rooms, err = join(b, "http://kith.test", "", "test", reg, log); err != nil {
		t.Fatal(err)
	}
	begun, end := make(chan struct{}), make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-end
		_, _ = io.WriteString(w, "finished")
	})
	s.rooms.faces = append(mounts{{"/slow", "web", slow, nil}}, s.rooms.faces...)
	if err := s.start(t.Context(), reg); err != nil {
		t.Fatal(err)
	}
	url := "http://" + s.main[0].Addr().String()

	type answer struct {
		body string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		body, err := fetch(t, url+"/slow")
		answered <- answer{body, err}
	}()
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop(t.Context()) }()
	// From here on nothing new is taken: wait until that can be seen.
	for {
		if _, err := fetch(t, url+"/healthz"); err != nil {
			break
		}
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped with a request in flight: %v", err)
	default:
	}
	close(end)
	if a := <-answered; a.err != nil || a.body != "finished" {
		t.Errorf("the request in flight got %q, %v", a.body, a.err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func fetch(t *testing.T, url string) (string, error) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	return string(body), err
}
