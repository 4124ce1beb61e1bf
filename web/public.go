package web

import (
	"embed"
	"io/fs"
)

//go:embed public
var public embed.FS

// Public returns the templates (pages/) and files (static/) of the pages that
// the server renders. They work without script.
func Public() fs.FS {
	sub, err := fs.Sub(public, "public")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
