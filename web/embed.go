// Package web exposes the built map client, so that the one binary serves it.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist returns the built client with index.html at its root. Before `npm run build` has run it holds no page:
// a caller finds no index.html there and can say so.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // "dist" is a valid path that the embed directive guarantees
		return dist
	}
	return sub
}
