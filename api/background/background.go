// Package background holds the backgrounds that an installation sets under its parks' maps: which there are, which
// hosts a browser may ask for them, and the tile files that this server gives itself. Without a setting there is
// none, and no page asks another machine for anything (docs/backgrounds.md).
package background

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
)

// Background is ground that can be shown under a park's map, as the page is told of it.
type Background struct {
	Code          string  `json:"code"`
	NameZH        string  `json:"name_zh"`
	NameEN        string  `json:"name_en"`
	AttributionZH string  `json:"attribution_zh" doc:"To be shown wherever the background is."`
	AttributionEN string  `json:"attribution_en"`
	Layers        []Layer `json:"layers" doc:"The lowest first."`

	parks []string // codes; nil: every park
	file  string   // of the folder, "" for none
	head  Header   // of the file
}

// Layer is one set of tiles in Web Mercator: an address for each tile, or one file of all.
type Layer struct {
	Tiles        []string `json:"tiles,omitempty" doc:"Addresses of the tiles, with {z}, {x} and {y}; any of them serves."`
	PMTiles      string   `json:"pmtiles,omitempty" doc:"The address of a PMTiles file (version 3), read in ranges. It says itself whether its tiles are pictures or vectors, and from which zoom to which."`
	Vector       bool     `json:"vector,omitempty" doc:"Tiles are Mapbox Vector Tiles, not pictures."`
	SourceLayers []string `json:"source_layers,omitempty" doc:"Of vector tiles: the layers that are drawn."`
	TileSize     int      `json:"tile_size,omitempty" doc:"Of pictures, in pixels."`
	MinZoom      int      `json:"min_zoom" doc:"Of tiles, by their address: of what there are some."`
	MaxZoom      int      `json:"max_zoom"`
}

// Set is what an installation sets. Nil is none.
type Set struct {
	all    []Background
	hosts  map[string][]string // origins by the code of a background
	root   *os.Root
	digest string
}

// For are the backgrounds of a park.
func (s *Set) For(park string) []Background {
	here := []Background{}
	if s == nil {
		return here
	}
	for i := range s.all {
		if b := &s.all[i]; b.parks == nil || slices.Contains(b.parks, park) {
			here = append(here, *b)
		}
	}
	return here
}

// Find is a park's background by its code; nil where there is none.
func (s *Set) Find(park, code string) *Background {
	for _, b := range s.For(park) {
		if b.Code == code {
			return &b
		}
	}
	return nil
}

// Hosts are the origins that a browser asks for backgrounds, of those named or of all, each once and sorted. This
// server is not among them.
func (s *Set) Hosts(codes ...string) []string {
	if s == nil {
		return nil
	}
	var all []string
	for code, hosts := range s.hosts {
		if len(codes) == 0 || slices.Contains(codes, code) {
			all = append(all, hosts...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Digest names the setting; "" for none. What is told of it is tagged with it.
func (s *Set) Digest() string {
	if s == nil {
		return ""
	}
	return s.digest
}

// Pictured reports whether all of it are pictures with an address each.
func (b *Background) Pictured() bool {
	return !slices.ContainsFunc(b.Layers, func(l Layer) bool { return l.Vector || len(l.Tiles) == 0 })
}

// Attribution says in a language whose work the background is.
func (b *Background) Attribution(lang string) string {
	if lang == "en" {
		return b.AttributionEN
	}
	return b.AttributionZH
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
