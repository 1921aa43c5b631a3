package tile

import (
	"slices"

	"luodi/geo"
)

// Writer writes one layer of a tile after the other, with memory that it keeps: use it again for many tiles. The
// zero value is ready for Begin. A Writer is for one goroutine at a time.
type Writer struct {
	at     Address
	name   string
	keys   []key
	merged []string // keys of merged shapes
	joins  bool     // whether all areas of a class are one feature
	sums   []int    // of merged[2:], where in keys they are

	plane    plane
	tile     box // without the buffer
	buffered box
	pixel    float64 // in units
	cell     float64 // of the mosaic, in units

	main, labels layer
	mosaic       mosaic
	simple       simplifier
	held         held

	// of one shape
	shape     shape
	ringAreas []float64 // off the grid
	waits     bool      // whether its outlines wait to be simplified
	holds     bool      // whether they wait for the others of their group
	pen       pen
	form      formed

	// memory of single steps
	clip      clipper
	ring      []vertex
	ends      []int // in ring
	pieces    []point
	rings     [][]point
	crossings []float64
}

// key is a key of features, with what it had of late.
type key struct {
	name   string
	label  bool   // of labels too
	unique bool   // whether no two features have the same
	asked  int32  // how often it had a value
	found  int32  // how often that was there
	number uint32 // in the layer, + 1; 0: not used yet
	recent [recents]numbered
}

// recents is how many values of a key are known without a search: what differs from feature to feature is often one of
// a few.
const recents = 16

// numbered is a value, "" for none, and its number in the layer.
type numbered struct {
	value  Value
	number uint32
}

// of is where a value is, if it is one of the recent ones.
func (k *key) of(v Value) *numbered {
	n := len(v) // 4 at least
	return &k.recent[(uint(n)^uint(v[n-1])^uint(v[n-2])<<1)%recents]
}

// headMost is room for what layers begin with.
const headMost = 256

// sumParts is the smallest amount that sums of merged shapes count: whole numbers add up to the same in any order.
const sumParts = 10_000

// Begin starts a layer of a tile, which must exist. keys are those of the tags that [Writer.Add] takes, in their
// order; no two shapes have the same value of the key "id". merged are the keys of merged shapes: that of their class,
// that of their number, and keys of numbers that are summed, to 0.0001; without any they carry nothing. Values and
// classes are held until the next Begin.
func (w *Writer) Begin(at Address, layer string, keys []string, merged []string) {
	w.at, w.name, w.plane = at, layer, at.plane()
	extent := w.plane.extent
	w.tile = box{max: point{extent, extent}}
	w.buffered = box{point{-w.plane.buffer, -w.plane.buffer}, point{extent + w.plane.buffer, extent + w.plane.buffer}}
	w.pixel = extent / mosaicPx
	w.cell = w.pixel
	w.joins, w.keys = false, w.keys[:0]
	for _, name := range keys {
		w.keys = append(w.keys, key{name: name, label: true, unique: name == "id"})
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
	w.form = formed{}
	w.main.reset()
	w.labels.reset()
	w.simple.reset(w.pixel)
	w.held.reset()
	w.mosaic.reset(w.at.Extent(), 1, len(w.sums))
	for i := range w.keys {
		k := &w.keys[i]
		k.number, k.asked, k.found, k.recent = 0, 0, 0, [recents]numbered{}
	}
}

// Join has the areas that are drawn of a class be one feature, which carries their class alone and has no labels: a
// map of many small ones is drawn sooner. For that, what is merged is merged by larger cells, and so is what is below
// one of these. Call it after Begin, with the key of the class as the only one of merged shapes.
func (w *Writer) Join() {
	w.joins, w.cell = true, joinedPx*w.pixel
	w.mosaic.reset(w.at.Extent(), joinedPx, len(w.sums))
}

// Label names the keys that labels carry, of those given to Begin. Unless it is called they carry all.
func (w *Writer) Label(keys ...string) {
	for i := range w.keys {
		w.keys[i].label = slices.Contains(keys, w.keys[i].name)
	}
}

// Add puts a shape into the layer: EWKB from Point to MultiPolygon in longitude and latitude. What lies outside of
// the tile and its buffer is left out. class is what a shape below a pixel may be merged with: all of the same
// class become one feature. tags are the values of the keys of Begin in their order; missing ones are null.
//
// EWKB that can't be read is a [geo.Invalid] of "geometry"; nothing is added then.
func (w *Writer) Add(ewkb []byte, class string, tags ...Value) error {
	w.form = formed{}
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

// feature ends a feature whose geometry the pen has drawn.
func (w *Writer) feature(d dimension, tags []Value) {
	w.tagAll(tags)
	w.main.features = w.main.feature(w.main.features, d, w.pen.out)
}

func (w *Writer) tagAll(tags []Value) {
	for i := range tags {
		if tags[i] != "" {
			w.tag(&w.keys[i], tags[i])
		}
	}
}

// A value of a key is not looked for once so many were, of which fewer than a share was there.
const (
	askedLeast = 32
	foundParts = 4
)

// tag puts a value to the next feature. What a key had of late is known without a search. What only one feature has,
// and what nearly each has another of, is added without any.
func (w *Writer) tag(k *key, v Value) {
	if k.number == 0 {
		k.number = w.main.key(k.name) + 1
	}
	if k.unique {
		w.main.tagged(k.number-1, w.main.fresh(v))
		return
	}
	recent := k.of(v)
	if k.asked++; recent.value == v {
		k.found++
	} else {
		*recent = numbered{v, w.numberOf(k, v)}
	}
	w.main.tagged(k.number-1, recent.number)
}

// numberOf looks for a value in the layer, where that is worth it.
func (w *Writer) numberOf(k *key, v Value) uint32 {
	if k.asked > askedLeast && k.found < k.asked/foundParts {
		return w.main.fresh(v)
	}
	known := len(w.main.ends)
	n := w.main.value(v)
	if int(n) < known {
		k.found++
	}
	return n
}

// Append appends the layer to dst, and after it the layer of labels, whose name is that of the layer and "-labels".
// Merged shapes come last, so that larger ones don't hide them. A layer without a feature is left out; no layer at
// all is an empty tile. Layers of several Begins make up one tile. Until the next Begin the writer has no shapes
// then.
func (w *Writer) Append(dst []byte) []byte {
	w.drawDense()
	w.drawMerged()
	extent := w.at.Extent()
	if size := w.main.size() + w.labels.size(); size > 0 {
		dst = slices.Grow(dst, size+headMost)
	}
	dst = w.main.append(dst, w.name, extent)
	dst = w.labels.append(dst, w.name+"-labels", extent)
	w.reset()
	return dst
}
