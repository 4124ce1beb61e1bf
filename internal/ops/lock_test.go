package ops_test

import (
	"errors"
	"testing"

	"kith/internal/ops"
)

func TestWhoMayHoldADataFolderTogether(t *testing.T) {
	t.Parallel()
	type take = func(string) (*ops.Hold, error)
	for _, c := range []struct {
		name          string
		first, second take
		together      bool
	}{
		{"two commands", ops.HoldToUse, ops.HoldToUse, true},
		{"a server and a command", ops.HoldToServe, ops.HoldToUse, true},
		{"a command and a server", ops.HoldToUse, ops.HoldToServe, true},
		{"two servers", ops.HoldToServe, ops.HoldToServe, false},
		{"a server and a restore", ops.HoldToServe, ops.HoldAlone, false},
		{"a command and a restore", ops.HoldToUse, ops.HoldAlone, false},
		{"a restore and a server", ops.HoldAlone, ops.HoldToServe, false},
		{"a restore and a command", ops.HoldAlone, ops.HoldToUse, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			first, err := c.first(dir)
			if err != nil {
				t.Fatal(err)
			}
			second, err := c.second(dir)
			switch {
			case c.together && err != nil:
				t.Fatal(err)
			case !c.together && !errors.Is(err, ops.ErrHeld):
				t.Fatalf("got %v, want ErrHeld", err)
			}
			if second != nil {
				if err := second.Release(); err != nil {
					t.Error(err)
				}
			}
			if err := first.Release(); err != nil {
				t.Error(err)
			}
			// What was refused, and what was released, leaves nothing held.
			alone, err := ops.HoldAlone(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := alone.Release(); err != nil {
				t.Error(err)
			}
		})
	}
}
