// Package web carries the files of the pages inside the binary. What is sent
// when is the business of the edges.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:app/dist
var dist embed.FS

// App returns the built web app: index.html, reference.html, assets/ and so
// on. Where it was not built, only placeholder.html is there.
func App() fs.FS {
	sub, err := fs.Sub(dist, "app/dist")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Built reports whether the web app is in the binary.
func Built() bool {
	_, err := fs.Stat(App(), "index.html")
	return err == nil
}
