package tile

import (
	"math"
	"slices"

	"luodi/geo"
)

// Writer writes one layer of a tile after the other, with memory that it keeps: use it again for many tiles. The zero
// value is ready for Begin. A Writer is for one goroutine at a time.
type Writer struct {
	at         Address
	name       string
	keys       []key
	merged     []string
	sums       []int // of merged[2:], where in keys they are
	plane      plane
	tile       box
	buffered   box
	pixel      float64
	main       layer
	labels     layer
	mosaic     mosaic
	simple     simplifier
	waits      bool // whether the outlines of a shape wait to be simplified
	shape      shape
	clip       clipper
	ring       []vertex
	ends       []int // in ring
	rings      [][]point
	crossings  []float64
	pen        pen
	pieces     []point
	ringAreas  []float64
	labelsMade bool
}

// key is a key of features, with what it had last.
type key struct {
	name    string
	label   bool   // of labels too
	number  uint32 // in the layer, + 1; 0: not used yet
	last    Value
	lastIs  uint32
	hasLast bool
}

// sumParts is the smallest amount that sums of merged shapes count: whole numbers add up to the same in any order.
const sumParts = 10_000

// Begin starts a layer of a tile, which must exist. keys are those of the tags that [Writer.Add] takes, in their order.
// merged are the keys of merged shapes: that of their class, that of their number, and keys of numbers that are summed,
// to 0.0001; without any they carry nothing.
func (w *Writer) Begin(at Address, layer string, keys []string, merged []string) {
	w.at, w.name, w.plane = at, layer, at.plane()
	extent := w.plane.extent
	w.tile = box{max: point{extent, extent}}
	w.buffered = box{point{-w.plane.buffer, -w.plane.buffer}, point{extent + w.plane.buffer, extent + w.plane.buffer}}
	w.pixel = extent / mosaicPx
	w.keys = w.keys[:0]
	for _, name := range keys {
		w.keys = append(w.keys, key{name: name, label: true})
	}
	w.merged = append(w.merged[:0], merged...)
	w.sums = w.sums[:0]
	if len(merged) > 2 {
		for _, name := range merged[2:] {
			w.sums = append(w.sums, slices.Index(keys, name))
		}
	}
	w.reset()
}

// reset drops all features.
func (w *Writer) reset() {
	w.main.reset()
	w.labels.reset()
	w.simple.reset(w.pixel)
	w.mosaic.reset(w.at.Extent(), len(w.sums))
	for i := range w.keys {
		w.keys[i].number, w.keys[i].hasLast = 0, false
	}
}

// Label names the keys that labels carry, of those given to Begin. Unless it is called they carry all.
func (w *Writer) Label(keys ...string) {
	for i := range w.keys {
		w.keys[i].label = slices.Contains(keys, w.keys[i].name)
	}
}

// Add puts a shape into the layer: EWKB from Point to MultiPolygon in longitude and latitude. What lies outside of the
// tile and its buffer is left out. class is what a shape below a pixel may be merged with: all of the same class become
// one feature. tags are the values of the keys of Begin in their order; missing ones are null.
//
// EWKB that can't be read is a [geo.Invalid] of "geometry"; nothing is added then.
func (w *Writer) Add(ewkb []byte, class string, tags ...Value) error {
	if len(tags) > len(w.keys) {
		return geo.NewInvalid("tags", "number.whole_from_to", len(tags), "from", 0, "to", len(w.keys))
	}
	s := &w.shape
	if err := s.read(ewkb, &w.plane); err != nil {
		return err
	}
	if len(s.at) == 0 || w.buffered.misses(s.min, s.max) {
		return nil
	}
	switch s.dimension {
	case points:
		w.addPoints(tags)
	case lines:
		w.addLines(tags)
	case areas:
		w.addAreas(class, tags)
	}
	return nil
}

func (w *Writer) addPoints(tags []Value) {
	kept := w.ring[:0]
	for _, p := range w.shape.at {
		if !w.buffered.misses(p, p) {
			kept = append(kept, nearest(p))
		}
	}
	w.ring = kept
	if len(kept) == 0 {
		return
	}
	w.pen.reset()
	w.pen.command(moveTo, len(kept))
	for _, v := range kept {
		w.pen.to(v)
	}
	w.feature(points, tags)
}

func (w *Writer) addLines(tags []Value) {
	w.pen.reset()
	start := 0
	for _, end := range w.shape.rings {
		w.line(w.shape.at[start:end])
		start = end
	}
	if len(w.pen.out) > 0 {
		w.feature(lines, tags)
	}
}

// line draws what of a line lies in the tile and its buffer.
func (w *Writer) line(line []point) {
	part := w.pieces[:0]
	for i := 1; i < len(line); i++ {
		p, q, some := w.buffered.stretch(line[i-1], line[i])
		if !some {
			continue
		}
		if len(part) > 0 && part[len(part)-1] != p {
			w.lineOnGrid(part)
			part = part[:0]
		}
		if len(part) == 0 {
			part = append(part, p)
		}
		part = append(part, q)
	}
	w.lineOnGrid(part)
	w.pieces = part[:0]
}

func (w *Writer) lineOnGrid(line []point) {
	w.ring = griddedLine(w.ring[:0], line)
	if len(w.ring) > 1 {
		w.pen.line(w.ring)
	}
}

// feature ends a feature whose geometry the pen has drawn.
func (w *Writer) feature(d dimension, tags []Value) {
	w.tagAll(tags)
	w.main.features = w.main.feature(w.main.features, d, w.pen.out)
}

func (w *Writer) tagAll(tags []Value) {
	for i := range tags {
		w.tag(&w.keys[i], &tags[i])
	}
}

// tag puts a value to the next feature. What a key had last is known without a search.
func (w *Writer) tag(k *key, v *Value) {
	if !k.hasLast || k.last != *v {
		n, some := w.main.value(*v)
		if !some {
			return
		}
		if k.number == 0 {
			k.number = w.main.key(k.name) + 1
		}
		k.last, k.lastIs, k.hasLast = *v, n, true
	}
	w.main.tagged(k.number-1, k.lastIs)
}

// addAreas draws polygons, or merges what is below a pixel.
func (w *Writer) addAreas(class string, tags []Value) {
	s := &w.shape
	area := w.measure()
	wide, high := s.max.x-s.min.x, s.max.y-s.min.y
	if wide < w.pixel && high < w.pixel || w.thin(area, max(wide, high)) {
		w.merge(class, tags, area)
		return
	}
	w.pen.reset()
	w.waits = w.simple.on && len(s.at) >= denseLeast && 2*(wide+high) < densePx*w.pixel*float64(len(s.at))
	before := len(w.simple.rings)
	whole := w.buffered.holds(s.min, s.max)
	first, twice := 0, int64(0) // twice the area that is drawn, of what lies within the tile
	for _, end := range s.polygons {
		if whole {
			twice += w.polygon(first, end)
		} else {
			w.cutPolygon(first, end)
		}
		first = end
	}
	if len(w.pen.out) == 0 && len(w.simple.rings) == before {
		return
	}
	settled := int32(-1)
	if max(wide, high) < settledPx*w.pixel && w.tile.holds(s.min, s.max) {
		settled = w.mosaic.class(class)
	}
	w.tagAll(tags)
	if w.waits {
		w.simple.feature(w.main.tags, settled, area)
		w.main.tags = w.main.tags[:0]
	} else {
		w.drawn(settled, area-float64(twice)/2)
	}
	if wide >= labelWidePx*w.pixel && high >= labelHighPx*w.pixel {
		w.label(tags)
	}
}

// drawn ends a feature of the tags so far that the pen has drawn, which is off by an area that merged shapes of a class
// settle; −1 for none.
func (w *Writer) drawn(class int32, off float64) {
	w.main.features = w.main.feature(w.main.features, areas, w.pen.out)
	if class >= 0 {
		w.mosaic.classes[class].owe(off)
	}
}

// outline draws a ring, or has it wait.
func (w *Writer) outline(ring []vertex, backwards bool) {
	if w.waits {
		w.simple.ring(ring, backwards)
		return
	}
	w.pen.ring(ring, backwards)
	if w.simple.on {
		w.simple.sparse = append(w.simple.sparse, ring...)
	}
}

// drawDense draws the features that wait.
func (w *Writer) drawDense() {
	w.simple.rest(int32(w.plane.extent), int32(w.plane.buffer), func(f dense, tags []byte, rings func(func([]vertex, bool))) {
		w.pen.reset()
		twice := int64(0)
		rings(func(ring []vertex, backwards bool) {
			w.pen.ring(ring, backwards)
			area := twiceArea(ring)
			if backwards {
				area = -area
			}
			twice += area
		})
		w.main.tags = append(w.main.tags[:0], tags...)
		w.drawn(f.class, f.area-float64(twice)/2)
	})
}

// measure takes the areas of all rings off the grid, and returns that of the shape: outer rings less holes.
func (w *Writer) measure() float64 {
	s := &w.shape
	w.ringAreas = w.ringAreas[:0]
	first, sum := 0, 0.0
	for _, end := range s.polygons {
		for i := first; i < end; i++ {
			area := areaOf(s.ring(i))
			w.ringAreas = append(w.ringAreas, area)
			if i == first {
				sum += math.Abs(area)
			} else {
				sum -= math.Abs(area)
			}
		}
		first = end
	}
	return sum
}

// settledPx is how large a shape is drawn at most, in pixels, for merged ones of its class to settle what it is off by on
// the grid.
const settledPx = 16

const (
	thinPx    = 0.5       // below it a shape is thin: its area over the longer side of its box, in pixels
	thinShare = 1.0 / 256 // by how much of its area a thin shape may be off on the grid
)

// thin reports whether a shape is thin and the grid changes its area by more than it should.
func (w *Writer) thin(area, long float64) bool {
	if area >= thinPx*w.pixel*long {
		return false
	}
	s := &w.shape
	first, sum := 0, 0.0
	for _, end := range s.polygons {
		for i := first; i < end; i++ {
			part := math.Abs(roundedArea(s.ring(i)))
			if i > first {
				part = -part
			}
			sum += part
		}
		first = end
	}
	return !(math.Abs(sum-area) <= area*thinShare)
}

// roundedArea is areaOf on the grid, of a ring that may reach far out of the tile.
func roundedArea(ring []point) float64 {
	var sum float64
	for i := 1; i+1 < len(ring); i++ {
		x, y := math.Floor(ring[0].x+0.5), math.Floor(ring[0].y+0.5)
		ax, ay := math.Floor(ring[i].x+0.5)-x, math.Floor(ring[i].y+0.5)-y
		bx, by := math.Floor(ring[i+1].x+0.5)-x, math.Floor(ring[i+1].y+0.5)-y
		sum += float64(ax*by) - float64(ay*bx)
	}
	return sum / 2
}

// merge puts a shape into the mosaic. It is counted in the one tile where its inner place lies.
func (w *Writer) merge(class string, tags []Value, area float64) {
	s, m := &w.shape, &w.mosaic
	if w.tile.misses(s.min, s.max) {
		return
	}
	number := m.class(class)
	inside := s.min.x >= 0 && s.min.y >= 0 && s.max.x < w.plane.extent && s.max.y < w.plane.extent
	px := w.pixel
	col, row := int32(s.min.x/px), int32(s.min.y/px)
	if inside && int32(s.max.x/px) == col && int32(s.max.y/px) == row {
		m.add(number, col, row, area)
	} else {
		w.spread(number)
	}
	if !inside {
		x, y, _ := w.inner()
		inside = w.owns(x, y)
		if inside {
			m.add(number, int32(x/int64(px)), int32(y/int64(px)), 0)
		}
	}
	if inside {
		w.count(&m.classes[number], tags)
	}
}

func (w *Writer) owns(x, y int64) bool {
	extent := int64(w.plane.extent)
	return x >= 0 && y >= 0 && x < extent && y < extent
}

func (w *Writer) count(c *class, tags []Value) {
	c.count++
	for i, at := range w.sums {
		if at < 0 || at >= len(tags) {
			continue
		}
		switch v := tags[at]; v.Kind {
		case Int:
			c.sums[i] += v.Int * sumParts
		case Number:
			c.sums[i] += int64(math.Round(v.Number * sumParts))
		}
	}
}

// spread shares the ground of a shape out among the cells that it lies in.
func (w *Writer) spread(class int32) {
	s := &w.shape
	first := 0
	for _, end := range s.polygons {
		for i := first; i < end; i++ {
			sign := 1.0
			if (w.ringAreas[i] < 0) == (i == first) {
				sign = -1
			}
			w.pieces = append(w.pieces[:0], s.ring(i)...)
			if !w.tile.holds(s.min, s.max) {
				w.cutToTile()
			}
			w.halve(class, 0, sign)
		}
		first = end
	}
}

// cutToTile leaves of the ring in pieces what lies in the tile.
func (w *Writer) cutToTile() {
	for _, h := range w.tile.sides() {
		start := len(w.pieces)
		w.pieces = h.clipRing(w.pieces, w.pieces)
		w.pieces = append(w.pieces[:0], w.pieces[start:]...)
	}
}

// halve shares out the ring in pieces from start on: cut in two along a line between cells, until it lies in one.
func (w *Writer) halve(class int32, start int, sign float64) {
	ring := w.pieces[start:]
	if len(ring) < 3 {
		return
	}
	low, high := ring[0], ring[0]
	for _, p := range ring {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	col, row := int32(low.x/w.pixel), int32(low.y/w.pixel)
	cols, rows := int32(math.Ceil(high.x/w.pixel))-col, int32(math.Ceil(high.y/w.pixel))-row
	if cols <= 1 && rows <= 1 {
		if area := sign * areaOf(ring); area != 0 {
			w.mosaic.add(class, min(col, mosaicPx-1), min(row, mosaicPx-1), area)
		}
		return
	}
	h := half{at: float64(row+rows/2) * w.pixel}
	if cols >= rows {
		h = half{at: float64(col+cols/2) * w.pixel, vertical: true}
	}
	end := len(w.pieces)
	for _, upper := range []bool{false, true} {
		h.upper = upper
		w.pieces = h.clipRing(w.pieces, w.pieces[start:end])
		w.halve(class, end, sign)
		w.pieces = w.pieces[:end]
	}
}

// inner finds a place inside the largest polygon of the shape.
func (w *Writer) inner() (x, y int64, wide float64) {
	s := &w.shape
	from, to, first, largest := 0, 0, 0, -1.0
	for _, end := range s.polygons {
		if end > first && len(s.ring(first)) > 0 {
			if area := math.Abs(w.ringAreas[first]); area > largest {
				from, to, largest = first, end, area
			}
		}
		first = end
	}
	w.rings = w.rings[:0]
	for i := from; i < to; i++ {
		if ring := s.ring(i); len(ring) > 0 {
			w.rings = append(w.rings, ring)
		}
	}
	return inner(w.rings, &w.crossings)
}

// leastInnerPx is how wide a parcel must be where its label stands.
const leastInnerPx = 4

// label puts a label inside a shape, in the one tile where that place lies.
func (w *Writer) label(tags []Value) {
	x, y, wide := w.inner()
	if !w.owns(x, y) || wide < leastInnerPx*w.pixel {
		return
	}
	for i, v := range tags {
		if w.keys[i].label {
			w.labels.tag(w.keys[i].name, v)
		}
	}
	w.pen.reset()
	w.pen.command(moveTo, 1)
	w.pen.to(vertex{int32(x), int32(y)})
	w.labels.features = w.labels.feature(w.labels.features, points, w.pen.out)
}

// Append appends the layer to dst, and after it the layer of labels, whose name is that of the layer and "-labels".
// Merged shapes come first, so that others are drawn over them. A layer without a feature is left out; no layer at all is
// an empty tile. Layers of several Begins make up one tile. Until the next Begin the writer has no shapes then.
func (w *Writer) Append(dst []byte) []byte {
	w.drawDense()
	w.drawMerged()
	extent := w.at.Extent()
	dst = w.main.append(dst, w.name, extent)
	dst = w.labels.append(dst, w.name+"-labels", extent)
	w.reset()
	return dst
}

// drawMerged adds a feature for each class of merged shapes.
func (w *Writer) drawMerged() {
	m := &w.mosaic
	m.draw()
	for _, i := range m.ranked {
		c := &m.classes[i]
		if len(c.out.out) == 0 {
			continue
		}
		for k, name := range w.merged {
			switch k {
			case 0:
				w.main.tag(name, Value{Kind: Text, Text: c.name})
			case 1:
				w.main.tag(name, Value{Kind: Int, Int: c.count})
			default:
				w.main.tag(name, Value{Kind: Number, Number: float64(c.sums[k-2]) / sumParts})
			}
		}
		w.main.merged = w.main.feature(w.main.merged, areas, c.out.out)
	}
}
