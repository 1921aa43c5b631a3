package outlet

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"os"
	"slices"

	"github.com/paulmach/orb"

	"luodi/data/feed"
)

// sketches are the features of a layer on disk, in the order in which tiles are drawn. 48 bytes of each stay in memory.
type sketches struct {
	collection *feed.Collection
	file       *os.File
	size       int64
	all        []sketch
}

// sketch is where a feature lies and where it stands in the file: how long its shape is, its shape, its tags.
type sketch struct {
	box   gridBox
	place uint64
	at    int64
	size  uint32
}

// gridBox is a box in 1e-7°, rounded outward.
type gridBox struct{ west, south, east, north int32 }

// noBox is the box of nothing.
var noBox = gridBox{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

const gridParts = 1e7

func gridBoxOf(b orb.Bound) gridBox {
	if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1]) {
		return noBox
	}
	return gridBox{int32(math.Floor(b.Min[0] * gridParts)), int32(math.Floor(b.Min[1] * gridParts)),
		int32(math.Ceil(b.Max[0] * gridParts)), int32(math.Ceil(b.Max[1] * gridParts))}
}

func (b gridBox) meets(other gridBox) bool {
	return b.west <= other.east && b.east >= other.west && b.south <= other.north && b.north >= other.south
}

func (b gridBox) union(other gridBox) gridBox {
	return gridBox{min(b.west, other.west), min(b.south, other.south), max(b.east, other.east), max(b.north, other.north)}
}

// read brings the features of a query to disk: first as they come, then in the order of their places, so that what lies
// together on the map does so in the file. told hears of each.
func (s *sketches) read(ctx context.Context, v *feed.View, p *paper, q *feed.Query, told func()) error {
	came, err := p.temp()
	if err != nil {
		return err
	}
	defer func() { _, _ = came.Close(), os.Remove(came.Name()) }()
	out := bufio.NewWriterSize(came, bufferSize)
	var head []byte
	err = v.Sketches(ctx, q, func(f *feed.Sketch) error {
		head = binary.AppendUvarint(head[:0], uint64(len(f.Shape)))
		size := len(head) + len(f.Shape) + len(f.Tags)
		s.all = append(s.all, sketch{gridBoxOf(f.Box), f.Place, s.size, uint32(size)})
		s.size += int64(size)
		told()
		for _, part := range [3][]byte{head, f.Shape, f.Tags} {
			if _, err := out.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return s.order(p, came)
}

// order puts the features into the order of their places; those of one place stay as they came.
func (s *sketches) order(p *paper, came *os.File) (err error) {
	slices.SortFunc(s.all, func(a, b sketch) int {
		if c := cmp.Compare(a.place, b.place); c != 0 {
			return c
		}
		return cmp.Compare(a.at, b.at)
	})
	if s.file, err = p.temp(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(s.file, bufferSize)
	from, at := window{file: came, size: s.size}, int64(0)
	for i := range s.all {
		one := &s.all[i]
		piece, err := from.read(one.at, int(one.size))
		if err != nil {
			return err
		}
		one.at = at
		at += int64(one.size)
		if _, err := out.Write(piece); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Close lets go of the file.
func (s *sketches) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// window reads pieces of a file that mostly lie near each other, many at a time.
type window struct {
	file *os.File
	size int64 // of the file
	from int64
	held []byte
}

const windowSize = 64 << 10

// read is the piece of a file from a place on. It stays as it is: what is drawn of a tile refers to tags read before.
func (w *window) read(at int64, size int) ([]byte, error) {
	if at < w.from || at+int64(size) > w.from+int64(len(w.held)) {
		long := min(int64(max(size, windowSize)), w.size-at)
		w.from, w.held = at, make([]byte, long)
		if _, err := w.file.ReadAt(w.held, at); err != nil {
			w.held = nil
			return nil, err
		}
	}
	return w.held[at-w.from:][:size], nil
}

// sketchReader reads features of a layer.
type sketchReader struct {
	window
	of *sketches
}

func (s *sketches) reader() *sketchReader {
	return &sketchReader{window{file: s.file, size: s.size}, s}
}

// feature is the shape and the tags of the n-th feature.
func (r *sketchReader) feature(n uint32) (shape, tags []byte, err error) {
	one := &r.of.all[n]
	piece, err := r.read(one.at, int(one.size))
	if err != nil {
		return nil, nil, err
	}
	long, head := binary.Uvarint(piece)
	return piece[head : head+int(long)], piece[head+int(long):], nil
}
