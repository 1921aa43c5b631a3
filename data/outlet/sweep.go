package outlet

import (
	"context"
	"runtime"
	"sync"

	"luodi/data/feed"
	"luodi/data/outlet/pmtiles"
	"luodi/geo/tile"
)

// sweep draws all tiles of some zooms.
//
//  1. It begins with the one tile of zoom 0, in which all features lie.
//  2. A tile is cut into its four quarters. Each is left the features whose boxes it and its buffer meet, in their
//     order.
//  3. The tile itself is drawn, of the features that it was left. What draws next goes on with a quarter.
//
// Several draw at once, each the tile that came last: so what waits are at most three quarters of each zoom, and twice
// as many numbers of features as there are features.
type sweep struct {
	layers []*sketches
	zooms  Zooms
	to     *pmtiles.Writer
	drawn  func(features int) // hears of each tile how many features lay in it

	mu      sync.Mutex
	more    sync.Cond
	waiting []quarter
	busy    int   // that may still bring more
	err     error // that ends all
}

// quarter is a tile with the features of each layer that it was left.
type quarter struct {
	at   tile.Address
	left [][]uint32
}

var webMercator = tile.SetByID("WebMercatorQuad")

func (s *sweep) run(ctx context.Context) error {
	s.more.L = &s.mu
	whole := quarter{at: tile.Address{Set: webMercator}}
	for _, l := range s.layers {
		all := make([]uint32, len(l.all))
		for i := range all {
			all[i] = uint32(i)
		}
		whole.left = append(whole.left, all)
	}
	s.waiting = append(s.waiting, whole)
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() { s.work(ctx) })
	}
	working.Wait()
	return s.err
}

// work draws one tile after the other, until there are none.
func (s *sweep) work(ctx context.Context) {
	d := &drawer{sweep: s}
	for _, l := range s.layers {
		d.readers = append(d.readers, l.reader())
	}
	for {
		q, some := s.next()
		if !some {
			return
		}
		err := ctx.Err()
		if err == nil {
			err = s.cut(q)
		}
		if err == nil && q.at.Z >= s.zooms.Least {
			err = d.draw(ctx, q)
		}
		s.done(err)
	}
}

// next waits for a tile; false where there are no more.
func (s *sweep) next() (q quarter, some bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.waiting) == 0 && s.busy > 0 && s.err == nil {
		s.more.Wait()
	}
	n := len(s.waiting) - 1
	if n < 0 || s.err != nil {
		return quarter{}, false
	}
	q, s.waiting[n] = s.waiting[n], quarter{}
	s.waiting = s.waiting[:n]
	s.busy++
	return q, true
}

func (s *sweep) done(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy--; err != nil && s.err == nil {
		s.err = err
	}
	s.more.Broadcast()
}

// cut has the quarters of a tile wait, the last one to be drawn first.
func (s *sweep) cut(q quarter) error {
	if q.at.Z >= s.zooms.Most {
		return nil
	}
	var quarters []quarter
	for i := range 4 {
		at := tile.Address{Set: q.at.Set, Z: q.at.Z + 1, Row: 2*q.at.Row + i/2, Col: 2*q.at.Col + i%2}
		if one := (quarter{at, s.lieIn(at, q.left)}); one.count() > 0 {
			quarters = append(quarters, one)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, quarters...)
	s.more.Broadcast()
	return nil
}

// lieIn are those of the features whose boxes meet a tile and its buffer.
func (s *sweep) lieIn(at tile.Address, of [][]uint32) [][]uint32 {
	box := gridBoxOf(at.Degrees())
	in := make([][]uint32, len(of))
	for i, l := range s.layers {
		n := 0
		for _, k := range of[i] {
			if l.all[k].box.meets(box) {
				n++
			}
		}
		if n == len(of[i]) {
			in[i] = of[i] // shared: nobody changes it
			continue
		}
		in[i] = make([]uint32, 0, n)
		for _, k := range of[i] {
			if l.all[k].box.meets(box) {
				in[i] = append(in[i], k)
			}
		}
	}
	return in
}

func (q quarter) count() (n int) {
	for _, left := range q.left {
		n += len(left)
	}
	return n
}

// drawer draws tiles with memory that it keeps.
type drawer struct {
	*sweep
	writer  tile.Writer
	readers []*sketchReader
	values  []tile.Value
	body    []byte
}

// draw draws a tile: the layers one after the other. A tile in which nothing is to be seen is left out.
func (d *drawer) draw(ctx context.Context, q quarter) error {
	d.body = d.body[:0]
	for i, left := range q.left {
		if len(left) == 0 {
			continue
		}
		t := d.layers[i].collection.BeginTile(&d.writer, q.at, false)
		for k, n := range left {
			if k%tellEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			shape, tags, err := d.readers[i].feature(n)
			if err != nil {
				return err
			}
			d.values = feed.ReadTags(d.values, tags)
			if err := t.Add(shape, d.values); err != nil {
				return err
			}
		}
		d.body = d.writer.Append(d.body)
	}
	d.drawn(q.count())
	if len(d.body) == 0 {
		return nil
	}
	return d.to.Add(q.at.Z, q.at.Col, q.at.Row, d.body)
}
