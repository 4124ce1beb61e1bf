package jobs_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/task"
	"kith/internal/jobs"
	"kith/internal/store"
)

// What TestKilledInTheMiddle and the processes that it kills share: some long
// work, each batch of which must count once, and some tasks, which must all be
// done.
const (
	envChild   = "KITH_TEST_CHILD"
	killItems  = 3
	killWant   = 40
	killTTL    = time.Second
	killTasks  = 12
	firstTally = 100 // of the tasks
)

// killRunner returns a runner with that work; after is told of every step.
func killRunner(s *store.Store, log *slog.Logger, after func()) (*jobs.Runner, tallying) {
	w := tallying{store: s, want: killWant, after: func(context.Context, int64, int64) { after() }}
	for n := range int64(killItems) {
		w.items = append(w.items, n+1)
	}
	r := jobs.New(jobs.Options{Store: s, Log: log})
	r.Dispatch(jobs.Dispatch{Work: w, AtOnce: 2, Every: 50 * time.Millisecond, TTL: killTTL})
	r.Work(jobs.Worker{Kind: "count", Work: func(ctx context.Context, b []byte) error {
		var args struct{ Ref int64 }
		if err := json.Unmarshal(b, &args); err != nil {
			return err
		}
		err := s.Within(ctx, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Counted(ctx, 1, change.Members, args.Ref)
			if err != nil || n > 0 { // done by one who was killed before it could say so
				return err
			}
			return tx.Count(ctx, 1, change.Members, args.Ref, 1)
		})
		after()
		time.Sleep(50 * time.Millisecond) // so that some are killed here
		return err
	}})
	return r, w
}

// TestChild is no test: it is the process that TestKilledInTheMiddle kills.
// It tells each step on its standard output.
func TestChild(t *testing.T) {
	asChild(t, func(s *store.Store) *jobs.Runner {
		r, _ := killRunner(s, slog.New(slog.DiscardHandler), func() { fmt.Println("step") })
		return r
	})
}

// asChild runs a runner in a process that child has started, until it is
// killed.
func asChild(t *testing.T, build func(s *store.Store) *jobs.Runner) {
	t.Helper()
	url := os.Getenv(envChild)
	if url == "" {
		t.Skip("only in a process that another test starts and kills")
	}
	var o store.Options
	if path, ok := strings.CutPrefix(url, "file:"); ok {
		o.Path = path
	} else {
		o.DatabaseURL = url
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := build(s).Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent ends
	os.Exit(0)
}

// child starts the test binary again as a process that runs only the test
// named, and kills it after that has told of some steps.
func child(t *testing.T, test string, o store.Options, steps int) {
	t.Helper()
	kill := make(chan struct{})
	told, tell := io.Pipe()
	go func() {
		lines := bufio.NewScanner(told)
		for n := 0; n < steps && lines.Scan(); {
			if lines.Text() == "step" {
				n++
			}
		}
		close(kill)
		_, _ = io.Copy(io.Discard, told) // or the process could not be waited for
	}()
	run(t, test, o, kill, tell)
	_ = tell.Close() // ends the goroutine
}

// run starts the test binary again as a process that runs only the test named,
// and kills it when told to.
func run(t *testing.T, test string, o store.Options, kill <-chan struct{}, out io.Writer, env ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	url := o.DatabaseURL
	if url == "" {
		url = "file:" + o.Path
	}
	cmd.Env = append(append(os.Environ(), envChild+"="+url), env...)
	cmd.Stdout, cmd.Stderr = out, t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	soon(t, kill, "the process to work")
	if err := cmd.Process.Kill(); err != nil {
		t.Errorf("it was to be killed in the middle, not after its end: %v", err)
	}
	_ = cmd.Wait() // killed
}

func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		for i := range killTasks {
			leave(t, s, task.Task{Kind: "count", Args: fmt.Appendf(nil, `{"ref": %d}`, firstTally+i)})
		}
		for _, steps := range []int{7, 15, 23} {
			child(t, "TestChild", o, steps)
		}
		r, w := killRunner(s, slog.New(slog.NewTextHandler(t.Output(), nil)), func() {})
		var before int64
		for _, number := range w.items {
			n, err := w.done(t.Context(), number)
			if err != nil {
				t.Fatal(err)
			}
			before += n
		}
		if before == 0 || before >= killItems*killWant {
			t.Fatalf("%d batches were done by those who were killed: that is not the middle", before)
		}
		start(t, r)
		w.finished(t)
		tasks := tallying{store: s, want: 1}
		for i := range int64(killTasks) {
			tasks.items = append(tasks.items, firstTally+i)
		}
		tasks.finished(t)
	})
}
