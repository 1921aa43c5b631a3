package feed

import (
	"slices"

	"luodi/geo/tile"
)

// Tile is a map tile of a collection while it is drawn.
type Tile struct {
	writer *tile.Writer
	class  int // which of the values joins features; below 0: none
	joined bool
}

// BeginTile starts a tile of the collection. Joined, all of a class are one feature that tells the class alone, and
// there are no labels: the collection must have classes.
func (c *Collection) BeginTile(w *tile.Writer, at tile.Address, joined bool) *Tile {
	d := c.Drawing()
	t := &Tile{writer: w, class: -1, joined: joined}
	if d.Class != "" {
		t.class = 1 + slices.Index(d.Names, d.Class)
	}
	if joined {
		w.Begin(at, c.ID, nil, []string{d.Class})
		w.Join()
		return t
	}
	var merged []string
	if d.Class != "" {
		merged = []string{d.Class, MergedCount}
	}
	if d.Sum != "" {
		merged = append(merged, d.Sum)
	}
	w.Begin(at, c.ID, append([]string{"id"}, d.Names...), merged)
	w.Label(append([]string{"id"}, d.Labels...)...)
	return t
}

// Add adds a feature: its shape (EWKB, longitude and latitude in degrees), its id and the values of the names of
// [Collection.Drawing].
func (t *Tile) Add(shape []byte, values []tile.Value) error {
	class, tags := t.tells(values)
	return t.writer.Add(shape, class, tags...)
}

// addForm adds a feature by its form at the tile's scale, see [tile.Writer.AddForm].
func (t *Tile) addForm(form []byte, values []tile.Value) bool {
	class, tags := t.tells(values)
	return t.writer.AddForm(form, class, tags)
}

// tells is the class of a feature, and what the tile tells of it.
func (t *Tile) tells(values []tile.Value) (class string, tags []tile.Value) {
	if t.class >= 0 {
		class = values[t.class].Text()
	}
	if t.joined {
		return class, nil
	}
	return class, values
}
