// Package docs carries the guides that the server shows.
package docs

import _ "embed"

// Errors is errors.md: a heading for each code of package fault, a paragraph
// that says what it means, and paragraphs that say what to do.
//
//go:embed errors.md
var Errors string
