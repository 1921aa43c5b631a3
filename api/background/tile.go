package background

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/store"
)

// What of a tile file is read at once, in bytes: a directory as it stands and unpacked, and a tile.
const (
	maxDirectory = 1 << 20
	maxUnpacked  = 8 << 20
	maxTile      = 4 << 20
)

// levelsMost is how many directories lead to a tile: PMTiles allows the root and two below it.
const levelsMost = 3

// errNoTile says that a file has none at a place.
var errNoTile = errors.New("no such tile")

// cabinet is an open PMTiles file (version 3, github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md).
type cabinet struct {
	file         *os.File
	root, length uint64 // where the root directory is
	leaves       uint64 // where the others begin
	tiles        uint64 // where the tiles begin
	packed       bool   // directories are gzipped
}

// parted reports whether single tiles can be given out of a file with this head: pictures as they are, in directories that
// are plain or gzipped, as the usual converters write them.
func parted(head []byte) bool {
	directories, tiles, kind := head[97], head[98], head[99]
	return (directories == 1 || directories == 2) && tiles <= 1 && kind != 1
}

func openCabinet(file *os.File) (*cabinet, error) {
	head := make([]byte, headLength)
	if _, err := file.ReadAt(head, 0); err != nil {
		return nil, err
	}
	switch {
	case string(head[:7]) != "PMTiles" || head[7] != 3:
		return nil, errors.New("no PMTiles file of version 3")
	case !parted(head):
		return nil, errNoTile
	}
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(head[i:]) }
	return &cabinet{file, at(8), at(16), at(40), at(56), head[97] == 2}, nil
}

// read reads a part of the file that is at most so long.
func (c *cabinet) read(at, length, most uint64) ([]byte, error) {
	if length > most || at > 1<<62 {
		return nil, fmt.Errorf("%d bytes at %d of a tile file", length, at)
	}
	part := make([]byte, length)
	_, err := c.file.ReadAt(part, int64(at))
	return part, err
}

// entryAt is the last entry of a directory that begins at or before a tile.
func (c *cabinet) entryAt(at, length, tile uint64) (found directoryEntry, err error) {
	raw, err := c.read(at, length, maxDirectory)
	if err != nil {
		return found, err
	}
	if c.packed {
		unpacked, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return found, err
		}
		if raw, err = io.ReadAll(io.LimitReader(unpacked, maxUnpacked)); err != nil {
			return found, err
		}
	}
	all, err := parseDirectory(raw)
	if err != nil {
		return found, err
	}
	i := sort.Search(len(all), func(i int) bool { return all[i].tile > tile })
	if i == 0 {
		return found, errNoTile
	}
	return all[i-1], nil
}

// tile is the picture with a number.
func (c *cabinet) tile(number uint64) ([]byte, error) {
	at, length := c.root, c.length
	for range levelsMost {
		entry, err := c.entryAt(at, length, number)
		switch {
		case err != nil:
			return nil, err
		case entry.run == 0: // it leads to a directory
			at, length = c.leaves+entry.at, entry.length
		case number-entry.tile < entry.run:
			return c.read(c.tiles+entry.at, entry.length, maxTile)
		default:
			return nil, errNoTile
		}
	}
	return nil, errNoTile
}

// directoryEntry is a run of tiles with one content, or, with a run of 0, a directory.
type directoryEntry struct{ tile, run, length, at uint64 }

// parseDirectory reads a directory: the count of entries, then column by column the steps of their numbers, runs, lengths,
// and where they are, 0 for right behind the one before.
func parseDirectory(raw []byte) ([]directoryEntry, error) {
	in := bytes.NewReader(raw)
	n, err := binary.ReadUvarint(in)
	if err != nil || n > uint64(len(raw))/4 { // each has a byte at the least in each column
		return nil, fmt.Errorf("a directory of %d entries in %d bytes", n, len(raw))
	}
	all := make([]directoryEntry, n)
	for column := range 4 {
		for i := range all {
			value, err := binary.ReadUvarint(in)
			if err != nil {
				return nil, err
			}
			if column == 3 && value == 0 && i == 0 {
				return nil, errors.New("a directory's first entry is behind none")
			}
			e := &all[i]
			switch column {
			case 0:
				if e.tile = value; i > 0 {
					e.tile += all[i-1].tile
				}
			case 1:
				e.run = value
			case 2:
				e.length = value
			case 3:
				if e.at = value - 1; value == 0 {
					e.at = all[i-1].at + all[i-1].length
				}
			}
		}
	}
	return all, nil
}

// numberOf is the number of a tile: all of the zooms below, then its place on Hilbert's curve.
func numberOf(z int, x, y uint64) uint64 {
	number := (uint64(1)<<(2*z) - 1) / 3
	for side := uint64(1) << z >> 1; side > 0; side >>= 1 {
		right, down := x&side/side, y&side/side
		number += side * side * (3*right ^ down)
		x, y = x&(side-1), y&(side-1)
		if down == 0 {
			if right == 1 {
				x, y = side-1-x, side-1-y
			}
			x, y = y, x
		}
	}
	return number
}

// serveTile answers with one picture of a tile file, for pages without a script, which can't read a part of a file.
func (s *Set) serveTile(w http.ResponseWriter, r *http.Request, b *Background) {
	picture, kind, tag, err := s.tileOf(r, b)
	switch {
	case errors.Is(err, errNoTile) || errors.Is(err, fs.ErrNotExist):
		problem.Write(w, r, &store.Missing{Kind: "page", Name: r.URL.Path})
		return
	case err != nil:
		problem.Write(w, r, fmt.Errorf("a tile of background %s from %s: %w", b.Code, b.file, err))
		return
	}
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	if picture == nil || request.Holds(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", kind)
	_, _ = w.Write(picture) // a reader who left needs none
}

// tileOf is the picture that a request asks for; nil, with nothing read, where who asks holds it.
func (s *Set) tileOf(r *http.Request, b *Background) (picture []byte, kind, tag string, err error) {
	z, errZ := strconv.ParseUint(chi.URLParam(r, "z"), 10, 5)
	x, errX := strconv.ParseUint(chi.URLParam(r, "x"), 10, maxZoom)
	y, errY := strconv.ParseUint(chi.URLParam(r, "y"), 10, maxZoom)
	if errors.Join(errZ, errX, errY) != nil || z > maxZoom || x>>z > 0 || y>>z > 0 {
		return nil, "", "", errNoTile
	}
	file, info, err := openFile(s.root, b.file)
	if err != nil {
		return nil, "", "", err
	}
	defer func() { _ = file.Close() }()
	number := numberOf(int(z), x, y)
	tag = fmt.Sprintf(`"%x-%x-%x"`, info.Size(), info.ModTime().UnixNano(), number)
	// with * a tile is held only where there is one
	if held := r.Header.Get("If-None-Match"); !strings.Contains(held, "*") && request.Holds(held, tag) {
		return nil, "", tag, nil
	}
	c, err := openCabinet(file)
	if err != nil {
		return nil, "", "", err
	}
	if picture, err = c.tile(number); err != nil {
		return nil, "", "", err
	}
	switch kind = http.DetectContentType(picture); kind {
	case "image/jpeg", "image/png", "image/webp":
		return picture, kind, tag, nil
	}
	if len(picture) > 12 && string(picture[4:12]) == "ftypavif" {
		return picture, "image/avif", tag, nil
	}
	return nil, "", "", errNoTile
}
