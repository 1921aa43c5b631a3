package feed

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unsafe"

	"github.com/paulmach/orb"

	"luodi/data/feed/cache"
	"luodi/data/store/ewkb"
	"luodi/geo/tile"
)

// Drawing says what map tiles tell of the features of a collection.
type Drawing struct {
	Names  []string // the properties, of which a map is drawn and what is on it is named
	Class  string   // the property by which features are joined that are too small to see; "" for none: they are left out
	Sum    string   // the property that is summed over those that are joined; "" for none
	Labels []string // the properties that name a feature on the map; none: its tiles have no labels
}

// drawings are told by the id of a collection: members' collections are drawn as the public's.
var drawings = map[string]Drawing{
	"parks": {Names: []string{"code", "name_zh", "name_en", "illustrative", "computed_m2"}, Labels: []string{"code"}},
	"zones": {Names: []string{"park", "code", "name_zh", "name_en", "function", "computed_m2"}, Class: "function",
		Sum: "computed_m2", Labels: []string{"code", "name_zh", "name_en"}},
	"plan-units": {Names: []string{"park", "code", "land_use", "computed_m2"}, Class: "land_use", Sum: "computed_m2",
		Labels: []string{"code", "land_use"}},
	"parcels": {Names: []string{"park", "code", "zone", "status", "bank_status", "land_use", "legal_m2"}, Class: "status",
		Sum: "legal_m2", Labels: []string{"code"}},
	"networks":      {Names: []string{"park", "code", "kind", "grade", "name_zh", "name_en", "width_m"}},
	"network-nodes": {Names: []string{"park", "code", "kind", "grade", "name_zh", "name_en"}},
}

// Drawing is what map tiles tell of the collection.
func (c *Collection) Drawing() Drawing { return drawings[c.ID] }

// MergedCount is the key of how many features were joined.
const MergedCount = "features"

// TileLayer is a layer of a collection's map tiles.
type TileLayer struct {
	ID        string
	Labels    bool     // points that name the features of the other layer
	Dimension int      // 0 points, 1 lines, 2 areas
	Names     []string // of properties, besides the id
	Joined    bool     // features have no id
	Merged    bool     // features that stand for several have [MergedCount]
}

// TileLayers are the layers of the collection's map tiles, see [Collection.BeginTile].
func (c *Collection) TileLayers(joined bool) []TileLayer {
	d := c.Drawing()
	if joined {
		return []TileLayer{{ID: c.ID, Dimension: 2, Names: []string{d.Class}, Joined: true}}
	}
	dimension := map[string]int{"Point": 0, "MultiLineString": 1}
	of, flat := dimension[c.Geometry[0]]
	if !flat {
		of = 2
	}
	all := []TileLayer{{ID: c.ID, Dimension: of, Names: d.Names, Merged: d.Class != ""}}
	if len(d.Labels) > 0 {
		all = append(all, TileLayer{ID: c.ID + "-labels", Labels: true, Names: d.Labels})
	}
	return all
}

// Draw adds the features of a query to a tile, in the order of [cache.Place]: the same for a state whichever way it is
// read. It may be called at any time, and reads nothing more.
type Draw func(to *Tile) error

// Draw finds the features that may lie in the box of a query. Limit, After and what concerns printing have no effect.
// It is nil where the database has to answer, see [View.Draw].
func (k *Kept) Draw(ctx context.Context, q *Query) Draw {
	ask, passes := k.askDrawn(q)
	if ask == nil {
		return nil
	}
	if !q.When.Instant {
		return func(to *Tile) error {
			p := k.painter(to)
			p.passes = passes
			return p.of.Around(ask, p.asked, p.paint)
		}
	}
	ended := k.ended(ctx, *q.When.From)
	if ended == nil || !ended.Keeps(ask) {
		return nil
	}
	return k.drawPast(ask, passes, ended, *q.When.From)
}

// drawPast draws what is live and had begun at a moment, and what held then and has ended since, in one order.
func (k *Kept) drawPast(ask *cache.Query, passes condition, ended *cache.Snapshot, at time.Time) Draw {
	last := pgMicros(at)
	return func(to *Tile) error {
		now, past := k.painter(to), &painter{of: ended, to: to, passes: passes}
		now.passes, now.sees = passes, func(n uint32) bool { return k.features.Since(n) <= last }
		return paintBoth(now, past, ask, ask)
	}
}

// painter adds the features of a snapshot that pass a filter to a tile.
type painter struct {
	of     *cache.Snapshot
	to     *Tile
	asked  *cache.Asked        // their forms on the tile; nil: they are not kept
	sees   func(n uint32) bool // nil: all
	passes condition           // nil: all
	values []tile.Value
}

// painter paints what is kept by forms that are kept too.
func (k *Kept) painter(to *Tile) *painter {
	return &painter{of: k.features, to: to, asked: k.cache.forms.As(to.writer.Scale())}
}

// paintBoth paints many features and few others in one order.
func paintBoth(many, few *painter, ask, askFew *cache.Query) error {
	var waiting []uint32
	_ = few.of.Around(askFew, nil, func(n uint32) error {
		if few.sees == nil || few.sees(n) {
			waiting = append(waiting, n)
		}
		return nil
	})
	err := many.of.Around(ask, many.asked, func(n uint32) error {
		if many.sees != nil && !many.sees(n) {
			return nil
		}
		for ; len(waiting) > 0 && few.of.Placed(waiting[0]).Compare(many.of.Placed(n)) < 0; waiting = waiting[1:] {
			if err := few.paint(waiting[0]); err != nil {
				return err
			}
		}
		return many.paint(n)
	})
	for ; err == nil && len(waiting) > 0; waiting = waiting[1:] {
		err = few.paint(waiting[0])
	}
	return err
}

func (p *painter) paint(n uint32) error {
	if p.passes != nil && p.passes(sightOf(p.of, n)) != verity {
		return nil
	}
	shape, tags := p.of.Drawn(n)
	p.values = ReadTags(p.values, tags)
	form := p.asked.Form()
	if form != nil && p.to.addForm(form, p.values) {
		return nil
	}
	err := p.to.Add(shape, p.values)
	if err == nil && form == nil {
		p.asked.Make(p.to.writer.Form)
	}
	return err
}

// askDrawn puts a query in the cache's words, with the filter that memory applies itself; nil where the database has to
// answer.
func (k *Kept) askDrawn(q *Query) (ask *cache.Query, passes condition) {
	if q.When.Interval || q.When.Instant && !k.collection.Timed() || q.Member != nil {
		return nil, nil
	}
	plain := Query{Collection: q.Collection, Park: q.Park, Box: q.Box, Equal: q.Equal, Search: q.Search, ID: q.ID}
	ask, _, ok := k.ask(&plain)
	if !ok || !k.features.Keeps(ask) {
		return nil, nil
	}
	if q.Filter != nil {
		if passes = q.Filter.inMemory(k.collection); passes == nil {
			return nil, nil
		}
	}
	return ask, passes
}

// drawn is a feature of the database that is to be drawn.
type drawn struct {
	cache.Placed
	shape, tags []byte
}

// Draw does what [Kept.Draw] does, from the database: it reads all that the tile shows. Shapes and values of versions
// that still hold come from what is kept, where q.Live names it.
func (v *View) Draw(ctx context.Context, q *Query) (Draw, error) {
	all := *q
	all.Limit, all.After, all.Sort, all.Select = 0, nil, nil, nil
	if q.Live == nil { // what is kept prints whole features
		all.Select = q.Collection.drawnAlone()
	}
	rows, err := v.Features(ctx, &all)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []drawn
	for rows.Next() {
		d, err := rows.drawn()
		if err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	slices.SortFunc(found, func(a, b drawn) int { return a.Compare(b.Placed) })
	return func(to *Tile) error {
		var values []tile.Value
		for _, d := range found {
			values = ReadTags(values, d.tags)
			if err := to.Add(d.shape, values); err != nil {
				return err
			}
		}
		return nil
	}, rows.Err()
}

// drawnAlone selects what map tiles tell, and nothing else.
func (c *Collection) drawnAlone() *Selection {
	s := &Selection{Geometry: true}
	for _, name := range c.Drawing().Names {
		s.Properties = append(s.Properties, c.Property(name))
	}
	return s
}

// Sketch is a feature as map tiles show it.
type Sketch struct {
	Place uint64    // where it stands in the order of [Kept.Draw]; of the same place, by park and id
	Box   orb.Bound // in degrees; without a point the least lies above the most
	Shape []byte    // EWKB, longitude and latitude in degrees
	Tags  []byte    // the id and the values of [Collection.Drawing], see [ReadTags]
}

// Sketches hands on all features of a query for many tiles, in the order of park and id. A sketch is valid during the
// call. Limit, After and what concerns printing have no effect.
func (v *View) Sketches(ctx context.Context, q *Query, do func(s *Sketch) error) error {
	all := *q
	all.Limit, all.After, all.Sort, all.Live = 0, nil, nil, nil
	all.Select = q.Collection.drawnAlone()
	rows, err := v.Features(ctx, &all)
	if err != nil {
		return err
	}
	defer rows.Close()
	s := &Sketch{}
	for rows.Next() {
		s.Shape, s.Tags = rows.Shape(), rows.layout.appendTags(s.Tags[:0], rows.line())
		if s.Box, err = ewkb.Bound(s.Shape); err != nil {
			return fmt.Errorf("shape of %s: %v", rows.id, err) // not %w: it is no fault of the request's
		}
		s.Place = cache.PlaceOf(s.Box)
		if err := do(s); err != nil {
			return err
		}
	}
	return rows.Err()
}

// drawn is the current feature.
func (f *Features) drawn() (d drawn, err error) {
	d.Key = cache.Key{Park: f.park, ID: f.id}
	raw := f.rows.RawValues()
	if f.live != nil && raw[columnShape] == nil {
		n, found := f.live.features.ByID(f.id)
		if !found {
			return d, fmt.Errorf("feature %s is live and not kept", f.id)
		}
		d.shape, d.tags = f.live.features.Drawn(n)
	} else {
		d.shape = bytes.Clone(raw[columnShape])
		d.tags = f.layout.appendTags(nil, f.line())
	}
	if d.Place, err = cache.Place(d.shape); err != nil {
		err = fmt.Errorf("shape of %s: %v", f.id, err) // not %w: it is no fault of the request's
	}
	return d, err
}

// Tags are the id and the values that map tiles tell, as tiles have them: see [tile.Value]. Null is a byte of 0.

// appendTags appends those of a row.
func (l *layout) appendTags(dst []byte, row *line) []byte {
	var buf [64]byte
	id := appendUUID(buf[:0], row.raw[columnID])
	dst = tile.AppendText(dst, id[1:len(id)-1])
	for _, fl := range l.drawn {
		start := len(dst)
		if dst = fl.appendTag(dst, row); len(dst) == start {
			dst = append(dst, 0)
		}
	}
	return dst
}

// appendTag appends the value of a field; nothing for null.
func (fl *field) appendTag(dst []byte, row *line) []byte {
	value := row.raw[fl.column]
	switch {
	case fl.column == columnPark && row.code != nil:
		return tile.AppendText(dst, row.code[1:len(row.code)-1])
	case fl.column == columnPark:
		return tile.AppendText(dst, row.raw[len(row.raw)-1])
	case value == nil:
		return dst
	case fl.kind == Text:
		return tile.AppendText(dst, value)
	case fl.kind == Boolean:
		return tile.AppendBool(dst, value[0] != 0)
	}
	var buf [64]byte
	number, err := strconv.ParseFloat(string(fl.append(buf[:0], value)), 64)
	if err != nil {
		return dst
	}
	return tile.AppendNumber(dst, number)
}

// ReadTags reads the tags of a [Sketch] into values, which it returns grown. They are parts of the tags.
func ReadTags(values []tile.Value, tags []byte) []tile.Value {
	values = values[:0]
	var v tile.Value
	for rest := unsafe.String(unsafe.SliceData(tags), len(tags)); rest != ""; {
		v, rest = cutTag(rest)
		values = append(values, v)
	}
	return values
}

// cutTag cuts the first of some tags.
func cutTag(tags string) (first tile.Value, rest string) {
	if tags[0] == 0 {
		return "", tags[1:]
	}
	return tile.CutValue(tags)
}

// tagOf is where the tags tell a text or a decimal of a collection, the id being the first; 0 where they don't.
func tagOf(c *Collection, p *Property) int {
	if p == nil || p.Kind != Text && p.Kind != Decimal {
		return 0
	}
	return 1 + slices.Index(c.Drawing().Names, p.Name)
}

// nthTag reads one of the tags.
func nthTag(tags []byte, n int) (v tile.Value) {
	rest := unsafe.String(unsafe.SliceData(tags), len(tags))
	for range n + 1 {
		v, rest = cutTag(rest)
	}
	return v
}
