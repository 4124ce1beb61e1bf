// Package docs carries the guides that the server shows.
package docs

import _ "embed"

// Errors is errors.md: a heading for each code of package fault, and under it
// what the code means, its usual causes, what to do, and an example.
//
//go:embed errors.md
var Errors string
