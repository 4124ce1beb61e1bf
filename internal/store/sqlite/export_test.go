package sqlite

// Impatient returns options with which nothing waits for a locked file.
func Impatient(o Options) Options {
	o.impatient = true
	return o
}

// OnlyReads is tested by itself.
var OnlyReads = onlyReads

// Kept counts the statements that the readers keep. Nothing may be reading.
func (e *Engine) Kept() (n int) {
	for range cap(e.readers.idle) {
		r := <-e.readers.idle
		if r.kept != nil {
			n += len(r.kept.byText)
		}
		e.readers.idle <- r
	}
	return n
}
