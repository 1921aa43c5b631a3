// Package pmtilestest reads archives of map tiles whole, by their specification alone, and fails a test where one is
// not as it says (github.com/protomaps/PMTiles, spec/v3).
package pmtilestest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"io"
	"testing"
)

// Header is what the header says. Offsets and lengths are those of the root, the metadata, the leaves and the tiles.
type Header struct {
	Offsets, Lengths           [4]uint64
	Addressed, Entries, Blobs  uint64
	Clustered, Internal, Tiles byte
	Type, MinZoom, MaxZoom     byte
	Min, Max, Center           [2]float64 // longitude and latitude in degrees
	CenterZoom                 byte
}

// Address is a zoom, a column from the west and a row from the north.
type Address struct{ Z, X, Y int }

// Archive is a file that was read.
type Archive struct {
	Header   Header
	Metadata map[string]any
	Tiles    map[Address][]byte // uncompressed
	Leaves   int
}

type entry struct{ id, run, size, at uint64 }

// Read reads an archive.
func Read(t testing.TB, file []byte) *Archive {
	t.Helper()
	a := &Archive{Header: readHeader(t, file), Tiles: map[Address][]byte{}}
	h := &a.Header
	if h.Offsets[0]+h.Lengths[0] > 16384 {
		t.Errorf("the root ends at %d", h.Offsets[0]+h.Lengths[0])
	}
	part := func(i int) []byte { return file[h.Offsets[i]:][:h.Lengths[i]] }
	if len(file) != int(h.Offsets[3]+h.Lengths[3]) {
		t.Errorf("the file has %d bytes, not %d", len(file), h.Offsets[3]+h.Lengths[3])
	}
	if err := json.Unmarshal(unzip(t, part(1)), &a.Metadata); err != nil {
		t.Fatal(err)
	}
	var all []entry
	for _, e := range directory(t, part(0)) {
		if e.run > 0 {
			all = append(all, e)
			continue
		}
		a.Leaves++
		all = append(all, directory(t, part(2)[e.at:][:e.size])...)
	}
	a.fill(t, all, part(3))
	return a
}

// fill takes the tiles of the entries, and checks the order and the numbers.
func (a *Archive) fill(t testing.TB, all []entry, data []byte) {
	t.Helper()
	next, end, addressed := uint64(0), uint64(0), uint64(0)
	blobs := map[uint64]bool{}
	for _, e := range all {
		if e.id < next || e.run == 0 || e.size == 0 {
			t.Fatalf("entry %+v after %d", e, next)
		}
		if e.at > end || e.at < end && !blobs[e.at] {
			t.Fatalf("the tiles are not clustered at %+v: %d", e, end)
		}
		end = max(end, e.at+e.size)
		blobs[e.at] = true
		body := unzip(t, data[e.at:][:e.size])
		for i := range e.run {
			a.Tiles[addressOf(e.id+i)] = body
		}
		next = e.id + e.run
		addressed += e.run
	}
	h := &a.Header
	if h.Addressed != addressed || h.Entries != uint64(len(all)) || h.Blobs != uint64(len(blobs)) || end != h.Lengths[3] {
		t.Errorf("header %+v: %d tiles, %d entries, %d contents, %d bytes", h, addressed, len(all), len(blobs), end)
	}
}

func readHeader(t testing.TB, file []byte) (h Header) {
	t.Helper()
	if len(file) < 127 || string(file[:8]) != "PMTiles\x03" {
		t.Fatalf("begins with %q", file[:min(8, len(file))])
	}
	number := func(at int) uint64 { return binary.LittleEndian.Uint64(file[at:]) }
	for i := range 4 {
		h.Offsets[i], h.Lengths[i] = number(8+16*i), number(16+16*i)
	}
	h.Addressed, h.Entries, h.Blobs = number(0x48), number(0x50), number(0x58)
	h.Clustered, h.Internal, h.Tiles, h.Type = file[0x60], file[0x61], file[0x62], file[0x63]
	h.MinZoom, h.MaxZoom, h.CenterZoom = file[0x64], file[0x65], file[0x76]
	position := func(at int) [2]float64 {
		return [2]float64{float64(int32(binary.LittleEndian.Uint32(file[at:]))) / 1e7,
			float64(int32(binary.LittleEndian.Uint32(file[at+4:]))) / 1e7}
	}
	h.Min, h.Max, h.Center = position(0x66), position(0x6e), position(0x77)
	return h
}

func directory(t testing.TB, packed []byte) []entry {
	t.Helper()
	r := bytes.NewReader(unzip(t, packed))
	next := func() uint64 {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	all := make([]entry, next())
	if len(all) == 0 {
		t.Error("a directory is empty")
	}
	id := uint64(0)
	for i := range all {
		id += next()
		all[i].id = id
	}
	for i := range all {
		all[i].run = next()
	}
	for i := range all {
		all[i].size = next()
	}
	for i := range all {
		if at := next(); at > 0 {
			all[i].at = at - 1
		} else {
			all[i].at = all[i-1].at + all[i-1].size
		}
	}
	if r.Len() > 0 {
		t.Errorf("%d bytes follow a directory", r.Len())
	}
	return all
}

func unzip(t testing.TB, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// addressOf walks down the quarters of a Hilbert curve. A curve goes through its quarters as one of four pieces, each
// named by the order of the quarters; each quarter's own piece follows.
func addressOf(id uint64) Address {
	z := 0
	for first := uint64(1); id >= first; z++ {
		id -= first
		first *= 4
	}
	a := Address{Z: z}
	piece := 1
	for level := z - 1; level >= 0; level-- {
		k := id >> (2 * level) & 3
		a.X, a.Y = 2*a.X+pieces[piece].quarters[k][0], 2*a.Y+pieces[piece].quarters[k][1]
		piece = pieces[piece].then[k]
	}
	return a
}

// pieces of the curve: the quarters it goes through, east and south, and the piece that each is.
var pieces = [4]struct {
	quarters [4][2]int
	then     [4]int
}{
	{[4][2]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}}, [4]int{1, 0, 0, 3}}, // east, south, west
	{[4][2]int{{0, 0}, {0, 1}, {1, 1}, {1, 0}}, [4]int{0, 1, 1, 2}}, // south, east, north
	{[4][2]int{{1, 1}, {0, 1}, {0, 0}, {1, 0}}, [4]int{3, 2, 2, 1}}, // west, north, east
	{[4][2]int{{1, 1}, {1, 0}, {0, 0}, {0, 1}}, [4]int{2, 3, 3, 0}}, // north, west, south
}
