// Package server runs the real binary for tests: one build for a whole test
// process, then as many servers as a test wants, on ports of their own on
// loopback. What is asked of them is left to the tests.
package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// ready bounds how long a server may take to begin; it also migrates.
const ready = 30 * time.Second

var build = sync.OnceValues(func() (string, error) {
	if made := os.Getenv("KITH_TEST_BINARY"); made != "" {
		return made, nil
	}
	dir, err := os.MkdirTemp("", "kith-binary-")
	if err != nil {
		return "", err
	}
	// The folder outlives the test process that made it by design of
	// OnceValues; Cleanup removes it.
	path := filepath.Join(dir, "kith")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/kith")
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build kith: %w\n%s", err, out)
	}
	return path, nil
})

// Main is a TestMain that removes the built binary when the tests have run.
func Main(m *testing.M) {
	code := m.Run()
	if path, err := build(); err == nil && os.Getenv("KITH_TEST_BINARY") == "" {
		_ = os.RemoveAll(filepath.Dir(path)) // in the temporary folder all the same
	}
	os.Exit(code)
}

// Root returns the repository's folder: the one above the test's own that
// holds go.mod. The path of this file would not do, since a build may leave
// paths out.
func Root() string {
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	panic("no go.mod above the test's folder")
}

// Binary returns the path of the built binary.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Place is where a server's data is: what a test keeps while servers come and
// go over it.
type Place struct {
	Data        string
	DatabaseURL string // empty on SQLite
}

// NewPlace returns an empty place; on PostgreSQL databaseURL names a fresh
// database.
func NewPlace(t testing.TB, databaseURL string) Place {
	t.Helper()
	return Place{Data: filepath.Join(t.TempDir(), "data"), DatabaseURL: databaseURL}
}

func (p Place) args(more ...string) []string {
	args := append(more, "--data", p.Data)
	if p.DatabaseURL != "" {
		args = append(args, "--database-url", p.DatabaseURL)
	}
	return args
}

// Server is a running kith serve.
type Server struct {
	// URL is its address, http://127.0.0.1:PORT.
	URL   string
	cmd   *exec.Cmd
	ended chan struct{}
	err   error // set before ended is closed
	log   *syncBuffer
}

// Start runs kith serve over a place until the test ends. Flags are added to
// those that tests need.
func Start(t testing.TB, p Place, flags ...string) *Server {
	t.Helper()
	args := p.args("serve", "--listen", "127.0.0.1:0", "--ops-listen", "off", "--log-format", "json", "--abuse-limits", "off")
	cmd := exec.Command(Binary(t), append(args, flags...)...)
	cmd.Env = environment()
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	// The line that says ready may come on either stream.
	in, feed := io.Pipe()
	cmd.Stdout = feed
	s := &Server{cmd: cmd, ended: make(chan struct{}), log: &syncBuffer{}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 2)
	var readers sync.WaitGroup
	readers.Go(func() { s.read(out, address) })
	go s.read(in, address)
	go func() {
		readers.Wait()
		s.err = cmd.Wait()
		_ = feed.Close()
		close(s.ended)
	}()
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log.tail(20_000))
		}
	})
	select {
	case s.URL = <-address:
	case <-s.ended:
		t.Fatalf("kith serve ended at once: %v\n%s", s.err, s.log.tail(5000))
	case <-time.After(ready):
		t.Fatalf("kith serve is not ready after %s\n%s", ready, s.log.tail(5000))
	}
	return s
}

func (s *Server) read(r io.Reader, address chan<- string) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		s.log.add(lines.Text())
		var line struct {
			Message string   `json:"msg"`
			Listen  []string `json:"listen"`
		}
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Message == "ready" && len(line.Listen) > 0 {
			select {
			case address <- "http://" + line.Listen[0]:
			default: // the log says it as well
			}
		}
	}
}

// Kill ends the server at once, as a loss of power would, and waits for it.
func (s *Server) Kill() {
	_ = s.cmd.Process.Signal(syscall.SIGKILL) // it may have ended already
	<-s.ended
}

// Stop asks the server to end and waits until it has; it fails the test when
// the server did not end well.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case <-s.ended:
	case <-time.After(ready):
		s.Kill()
		t.Fatalf("kith serve did not end within %s of SIGTERM", ready)
	}
	if s.err != nil {
		t.Errorf("kith serve ended with %v\n%s", s.err, s.log.tail(5000))
	}
}

// PeakRSS returns the most memory that the server has held, in bytes; zero
// where the system does not tell.
func (s *Server) PeakRSS() int64 { return s.memory("VmHWM:") }

// RSS returns the memory that the server holds now.
func (s *Server) RSS() int64 { return s.memory("VmRSS:") }

func (s *Server) memory(name string) int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err == nil {
				return kb << 10
			}
		}
	}
	return 0
}

// Log returns what the server has printed.
func (s *Server) Log() string { return s.log.tail(1 << 20) }

// Run runs another command of the binary over the place and returns what it
// printed as JSON. It fails the test where the command fails.
func (p Place) Run(t testing.TB, command ...string) map[string]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), ready)
	defer cancel()
	cmd := exec.CommandContext(ctx, Binary(t), p.args(append(command, "--json")...)...)
	cmd.Env = environment()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("kith %s: %v\n%s%s", strings.Join(command, " "), err, errs.String(), out.String())
	}
	got := map[string]any{}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("kith %s printed no JSON: %v\n%s", strings.Join(command, " "), err, out.String())
	}
	return got
}

// Account makes an account and an access key with the scopes given, and
// returns the key.
func (p Place) Account(t testing.TB, email, scopes string) string {
	t.Helper()
	p.Run(t, "account", "create", "--email", email, "--password", Password, "--first-name", "Ines", "--last-name", "Roy",
		"--organization", "Roy & Daughters", "--phone", "+33 1 23 45 67 89")
	key, _ := p.Run(t, "apikey", "create", "--email", email, "--name", "test", "--scope", scopes)["api_key"].(string)
	if key == "" {
		t.Fatal("no access key was made")
	}
	return key
}

// Password is every test user's.
const Password = "correct horse battery staple"

// environment is the machine's, without any setting of Kith.
func environment() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "KITH_") {
			env = append(env, e)
		}
	}
	return env
}

// Client calls the API of one server with one token.
type Client struct {
	URL, Token string
}

// Call sends a request with a JSON body (none when body is nil) and returns
// status, header and body.
func (c Client) Call(t testing.TB, method, path string, body any) (int, http.Header, []byte) {
	t.Helper()
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, in)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return c.Do(t, req)
}

// Do sends a request of the caller's making with the client's token.
func (c Client) Do(t testing.TB, req *http.Request) (int, http.Header, []byte) {
	t.Helper()
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, out
}

// Get calls and decodes into out; it fails the test unless the status is 200.
func (c Client) Get(t testing.TB, path string, out any) {
	t.Helper()
	c.Want(t, http.StatusOK, http.MethodGet, path, nil, out)
}

// Want calls, fails the test unless the status is as said, and decodes the
// answer into out unless that is nil.
func (c Client) Want(t testing.TB, status int, method, path string, body, out any) {
	t.Helper()
	got, _, text := c.Call(t, method, path, body)
	if got != status {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, got, status, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
}

// syncBuffer keeps what a server printed, for the report of a failed test.
type syncBuffer struct {
	mu   sync.Mutex
	text []byte
}

func (b *syncBuffer) add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = append(append(b.text, line...), '\n')
	if len(b.text) > 4<<20 {
		b.text = b.text[len(b.text)-2<<20:]
	}
}

func (b *syncBuffer) tail(n int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.text[max(0, len(b.text)-n):])
}
