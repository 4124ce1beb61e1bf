package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kith/internal/testdb"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kith": main})
}

// TestScripts runs the archives of testdata/script on both databases. In them
// kith is this program. Beside the usual commands there are
//
//	serve [FLAG…]     starts a server; $URL is its address from then on
//	halt              ends it with SIGTERM and wants exit status 0
//	get STATUS PATH   asks the server; the body becomes stdout
//	json KEY…         wants stdout to be one object with exactly these keys
//	begin COMMAND…    starts kith with a command that goes on
//	shows TEXT        waits until that has printed a line with the text, then
//	                  ends it with SIGTERM and wants exit status 0
//
// and the conditions [sqlite] and [postgres].
func TestScripts(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { scripts(t, "sqlite") })
	t.Run("postgres", func(t *testing.T) {
		testdb.Postgres(t) // skip loudly once, not in every archive
		scripts(t, "postgres")
	})
}

func scripts(t *testing.T, database string) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Values[theServer] = &server{}
			e.Setenv("KITH_DATA", e.WorkDir+"/data")
			if database == "postgres" {
				tb, ok := e.T().(testing.TB)
				if !ok {
					return fmt.Errorf("a %T is no test", e.T())
				}
				e.Setenv("KITH_DATABASE_URL", testdb.Postgres(tb))
			}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "sqlite" && cond != "postgres" {
				return false, fmt.Errorf("unknown condition %s", cond)
			}
			return cond == database, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serve, "halt": halt, "get": get, "json": hasKeys, "begin": begin, "shows": shows,
		},
	})
}

// server is the server of an archive, and the command that goes on beside it.
type server struct {
	cmd   *exec.Cmd
	going *exec.Cmd
	lines *bufio.Scanner
}

type valueKey string

const theServer valueKey = "server"

func serverOf(ts *testscript.TestScript) *server {
	s, ok := ts.Value(theServer).(*server)
	if !ok {
		ts.Fatalf("no server")
	}
	return s
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("use ! exec kith serve")
	}
	args = append([]string{"serve", "--listen", "localhost:0", "--ops-listen", "off", "--log-format", "json"}, args...)
	cmd := kith(ts, args)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	cmd.Stderr = ts.Stderr()
	start(ts, cmd)
	serverOf(ts).cmd = cmd
	var ready struct {
		URL string `json:"url"`
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	ts.Check(err)
	ts.Check(json.Unmarshal(line, &ready))
	ts.Setenv("URL", ready.URL)
}

// kith is a process of this program with the archive's data.
func kith(ts *testscript.TestScript, args []string) *exec.Cmd {
	self, err := os.Executable()
	ts.Check(err)
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "kith" // by which TestMain knows it
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{}
	for _, name := range []string{"PATH", "HOME", "KITH_DATA", "KITH_DATABASE_URL"} {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}

// start starts a process that ends with the archive at the latest.
func start(ts *testscript.TestScript, cmd *exec.Cmd) {
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Kill() // it has ended where the archive stopped it
		_ = cmd.Wait()
	})
}

func begin(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: begin COMMAND…")
	}
	cmd := kith(ts, args)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	cmd.Stderr = ts.Stderr()
	start(ts, cmd)
	s := serverOf(ts)
	s.going, s.lines = cmd, bufio.NewScanner(out)
}

func shows(ts *testscript.TestScript, neg bool, args []string) {
	s := serverOf(ts)
	if neg || len(args) != 1 || s.going == nil {
		ts.Fatalf("usage: begin COMMAND…, then shows TEXT")
	}
	for s.lines.Scan() {
		if strings.Contains(s.lines.Text(), args[0]) {
			ts.Check(s.going.Process.Signal(syscall.SIGTERM))
			ts.Check(s.going.Wait())
			return
		}
	}
	ts.Fatalf("it ended before it showed %s", args[0])
}

func halt(ts *testscript.TestScript, _ bool, _ []string) {
	cmd := serverOf(ts).cmd
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	ts.Check(cmd.Wait())
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: get STATUS PATH")
	}
	a, err := http.Get(ts.Getenv("URL") + args[1])
	ts.Check(err)
	defer a.Body.Close()
	_, err = io.Copy(ts.Stdout(), a.Body)
	ts.Check(err)
	if strconv.Itoa(a.StatusCode) != args[0] {
		ts.Fatalf("status %d, want %s", a.StatusCode, args[0])
	}
}

func hasKeys(ts *testscript.TestScript, neg bool, want []string) {
	var object map[string]any
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &object); err != nil || neg {
		ts.Fatalf("stdout is not one object: %v", err)
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, want) {
		ts.Fatalf("keys %v, want %v", got, want)
	}
}
