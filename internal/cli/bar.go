package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// bar shows how far something is, on one line of a terminal that is written
// over and over. Elsewhere it is silent.
type bar struct {
	out  io.Writer
	live bool // a terminal

	mu   sync.Mutex
	last string // what is being written over
}

func newBar(out io.Writer) *bar {
	b := &bar{out: out}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		b.live = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

const barWidth = 30

// show draws the bar; a total of 0 is not known.
func (b *bar) show(done, total int64, unit string) {
	if !b.live {
		return
	}
	line := fmt.Sprintf("%d %s", done, unit)
	if total > 0 {
		full := int(min(done, total) * barWidth / total)
		line = fmt.Sprintf("[%s%s] %d of %d %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, total, unit)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if line == b.last {
		return
	}
	over := max(0, len(b.last)-len(line))
	b.last = line
	_, _ = fmt.Fprintf(b.out, "\r%s%s ", line, strings.Repeat(" ", over)) // nobody else to tell
}

// say prints a line beside the bar.
func (b *bar) say(text string) {
	b.end()
	_, _ = fmt.Fprintln(b.out, text)
}

// end leaves the bar as it is and goes to the next line.
func (b *bar) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last != "" {
		b.last = ""
		_, _ = fmt.Fprintln(b.out)
	}
}
