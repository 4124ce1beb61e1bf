package sqlite

// Impatient returns options with which nothing waits for a locked file.
func Impatient(o Options) Options {
	o.impatient = true
	return o
}

// OnlyReads is tested by itself.
var OnlyReads = onlyReads
