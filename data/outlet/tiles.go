package outlet

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"sync"

	"luodi/data/feed"
	"luodi/data/outlet/pmtiles"
)

// writeTiles writes map tiles in one file (PMTiles): features go to disk in the order of their places, then all tiles
// are drawn of them, the same as /ogc answers with.
func writeTiles(ctx context.Context, v *feed.View, p *paper) (rows int64, err error) {
	var layers []*sketches
	defer func() {
		for _, l := range layers {
			err = errors.Join(err, l.Close())
		}
	}()
	told := &telling{to: p.Progress, zooms: int64(p.Zooms.Most - p.Zooms.Least + 1)}
	box := noBox
	for _, q := range p.Queries {
		l := &sketches{collection: q.Collection}
		layers = append(layers, l)
		if err := l.read(ctx, v, p, q, told.read); err != nil {
			return 0, err
		}
		rows += int64(len(l.all))
		for i := range l.all {
			box = box.union(l.all[i].box)
		}
	}
	spool, err := p.temp()
	if err != nil {
		return rows, err
	}
	defer func() { err = errors.Join(err, spool.Close()) }()
	tiles := pmtiles.NewWriter(spool)
	s := &sweep{layers: layers, zooms: p.Zooms, to: tiles, drawn: told.draw}
	if err := s.run(ctx); err != nil {
		return rows, err
	}
	about := p.aboutTiles(box)
	if tiles.Empty() { // a directory can't be empty: one tile without a layer
		if err := tiles.Add(p.Zooms.Least, 0, 0, nil); err != nil {
			return rows, err
		}
	}
	if about.Metadata, err = p.metadata(); err != nil {
		return rows, err
	}
	told.end()
	return rows, tiles.Finish(p.w, about)
}

// telling tells progress in features: half of it while they are read, half while tiles are drawn of them.
type telling struct {
	mu          sync.Mutex
	to          func(int64) // nil: nobody
	zooms       int64
	rows, drawn int64 // features read, and how often one was drawn
	next        int64
}

func (t *telling) read() {
	if t.rows++; t.rows%tellEvery == 0 {
		t.tell(t.rows / 2)
	}
}

func (t *telling) draw(features int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drawn += int64(features)
	if done := min(t.rows, (t.rows+t.drawn/t.zooms)/2); done >= t.next {
		t.next = done + tellEvery
		t.tell(done)
	}
}

func (t *telling) end() { t.tell(t.rows) }

func (t *telling) tell(n int64) {
	if t.to != nil {
		t.to(n)
	}
}

// aboutTiles says where the map begins: in the middle, at the zoom where all of it is at most a tile wide.
func (p *paper) aboutTiles(box gridBox) pmtiles.About {
	if box == noBox {
		box = gridBox{-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000}
	}
	wide := max(int64(box.east)-int64(box.west), int64(box.north)-int64(box.south))
	zoom := math.Floor(math.Log2(360 * gridParts / float64(max(wide, 1))))
	return pmtiles.About{MinZoom: p.Zooms.Least, MaxZoom: p.Zooms.Most,
		Min: [2]int32{box.west, box.south}, Max: [2]int32{box.east, box.north},
		Center:     [2]int32{int32((int64(box.west) + int64(box.east)) / 2), int32((int64(box.south) + int64(box.north)) / 2)},
		CenterZoom: max(p.Zooms.Least, min(p.Zooms.Most, int(zoom)))}
}

// metadata is what the archive says of itself.
func (p *paper) metadata() ([]byte, error) {
	about := struct {
		Name        string        `json:"name"`
		Attribution string        `json:"attribution"`
		Type        string        `json:"type"`
		Layers      []VectorLayer `json:"vector_layers"`
	}{p.Title, p.Words.Say("api.ogc.attribution").In(p.English), "overlay", nil}
	for _, q := range p.Queries {
		for _, l := range p.Words.Tiles(q.Collection, p.English) {
			l.MinZoom, l.MaxZoom = p.Zooms.Least, p.Zooms.Most
			about.Layers = append(about.Layers, l)
		}
	}
	return json.Marshal(about)
}
