package pmtiles

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// Writer gathers the tiles of an archive (github.com/protomaps/PMTiles, spec/v3).
//
//  1. Tiles are compressed and go to a spool on disk as they come, those of the same bytes once. In memory stay 16
//     bytes a tile and about 60 for each that differs from all others.
//  2. At the end they are put in the order of their ids. A run of neighbours with the same bytes is one entry. Bytes
//     lie in the order in which the ids first need them.
//
// So the archive depends on its tiles alone, not on when they came. A Writer is safe for use by many at once.
type Writer struct {
	mu    sync.Mutex
	spool *os.File
	out   *bufio.Writer // to the spool
	size  int64         // that the spool has
	known map[sum]uint32
	blobs []blob
	tiles []placed
}

type sum [16]byte

// blob is compressed bytes in the spool.
type blob struct {
	at   int64
	size uint32
}

type placed struct {
	id   uint64
	blob uint32
}

// NewWriter starts an archive, which spools its tiles in an empty file of the caller's.
func NewWriter(spool *os.File) *Writer {
	return &Writer{spool: spool, out: bufio.NewWriterSize(spool, 1<<20), known: map[sum]uint32{}}
}

// packer compresses with memory that it keeps.
type packer struct {
	out  bytes.Buffer
	gzip *gzip.Writer
}

var packers = sync.Pool{New: func() any { return &packer{gzip: gzip.NewWriter(nil)} }}

// pack is the text compressed, until the packer is used again.
func (p *packer) pack(text []byte) ([]byte, error) {
	p.out.Reset()
	p.gzip.Reset(&p.out)
	if _, err := p.gzip.Write(text); err != nil {
		return nil, err
	}
	err := p.gzip.Close()
	return p.out.Bytes(), err
}

// Add adds a tile that was not added before, not compressed. The Writer keeps no part of its bytes.
func (w *Writer) Add(z, x, y int, body []byte) error {
	whole := sha256.Sum256(body)
	of := sum(whole[:16])
	if w.again(z, x, y, of) {
		return nil
	}
	p := packers.Get().(*packer)
	defer packers.Put(p)
	text, err := p.pack(body)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n, known := w.known[of]
	if !known { // nobody else packed the same meanwhile
		n = uint32(len(w.blobs))
		w.known[of] = n
		w.blobs = append(w.blobs, blob{w.size, uint32(len(text))})
		w.size += int64(len(text))
		if _, err := w.out.Write(text); err != nil {
			return err
		}
	}
	w.tiles = append(w.tiles, placed{ID(z, x, y), n})
	return nil
}

// again adds a tile whose bytes are known.
func (w *Writer) again(z, x, y int, of sum) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, known := w.known[of]
	if known {
		w.tiles = append(w.tiles, placed{ID(z, x, y), n})
	}
	return known
}

// Empty reports whether there is no tile.
func (w *Writer) Empty() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.tiles) == 0
}

// About describes an archive. Positions are in 1e-7°, longitude before latitude.
type About struct {
	MinZoom, MaxZoom int
	Min, Max         [2]int32 // corners of the box of all that there is
	Center           [2]int32 // what is shown first, and at which zoom
	CenterZoom       int
	Metadata         []byte // a JSON object
}

// Finish writes the archive. There must be a tile: a directory can't be empty.
func (w *Writer) Finish(to io.Writer, about About) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.out.Flush(); err != nil {
		return err
	}
	slices.SortFunc(w.tiles, func(a, b placed) int { return cmp.Compare(a.id, b.id) })
	entries, order, size := w.entries()
	root, leaves, err := directories(entries)
	if err != nil {
		return err
	}
	metadata, err := zipped(about.Metadata)
	if err != nil {
		return err
	}
	head := about.header([4]int{len(root), len(metadata), len(leaves), int(size)},
		[3]int{len(w.tiles), len(entries), len(order)})
	for _, part := range [][]byte{head, root, metadata, leaves} {
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	return w.copy(to, order)
}

// entries are those of the directories; order are the blobs as they lie in the archive, size how long they are
// together.
func (w *Writer) entries() (entries []entry, order []uint32, size uint64) {
	at := make([]uint64, len(w.blobs)) // where each lies, + 1
	for _, t := range w.tiles {
		if n := len(entries); n > 0 {
			if last := &entries[n-1]; last.id+last.run == t.id && last.at+1 == at[t.blob] {
				last.run++
				continue
			}
		}
		long := uint64(w.blobs[t.blob].size)
		if at[t.blob] == 0 {
			at[t.blob] = size + 1
			size += long
			order = append(order, t.blob)
		}
		entries = append(entries, entry{t.id, at[t.blob] - 1, long, 1})
	}
	return entries, order, size
}

func (w *Writer) copy(to io.Writer, order []uint32) error {
	var buf []byte
	for _, n := range order {
		b := w.blobs[n]
		buf = slices.Grow(buf[:0], int(b.size))[:b.size]
		if _, err := w.spool.ReadAt(buf, b.at); err != nil {
			return err
		}
		if _, err := to.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// headerSize is how long the header is.
const headerSize = 127

const (
	version   = 3
	clustered = 1
	byGzip    = 2
	typeMVT   = 1
)

// header is the header. sizes are those of the root, the metadata, the leaves and the tiles; counts the tiles that have
// an address, the entries and the contents.
func (a *About) header(sizes [4]int, counts [3]int) []byte {
	head := append(make([]byte, 0, headerSize), "PMTiles"...)
	head = append(head, version)
	at := headerSize
	for _, size := range sizes {
		head = binary.LittleEndian.AppendUint64(head, uint64(at))
		head = binary.LittleEndian.AppendUint64(head, uint64(size))
		at += size
	}
	for _, n := range counts {
		head = binary.LittleEndian.AppendUint64(head, uint64(n))
	}
	head = append(head, clustered, byGzip, byGzip, typeMVT, byte(a.MinZoom), byte(a.MaxZoom))
	head = appendPosition(appendPosition(head, a.Min), a.Max)
	return appendPosition(append(head, byte(a.CenterZoom)), a.Center)
}

func appendPosition(dst []byte, at [2]int32) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(dst, uint32(at[0])), uint32(at[1]))
}
