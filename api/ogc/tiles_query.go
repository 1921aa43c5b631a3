package ogc

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/tile"
)

// joined is the parameter that names the property by which all features of a tile are joined.
const joined = "joined"

var tileOwn = []string{"crs", "datetime", "filter", "filter-lang", "filter-crs", "q"}

// tileParameters are what a tile takes besides the common parameters: what chooses features, the shift of a web map,
// and whether features are joined.
func tileParameters(c *feed.Collection) []string {
	names := append(make([]string, 0, len(tileOwn)+1+len(c.Properties)), tileOwn...)
	if c.Drawing().Class != "" {
		names = append(names, joined)
	}
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Queryable() {
			names = append(names, p.Name)
		}
	}
	return names
}

// findSet finds the tile matrix set that a path names.
func findSet(r *http.Request) (*tile.Set, error) {
	name := chi.URLParam(r, "set")
	if set := tile.SetByID(name); set != nil {
		return set, nil
	}
	return nil, &store.Missing{Kind: "tileMatrixSet", Name: name}
}

// parseAddress reads where a tile stands from a path of a matrix, a row and a column.
func parseAddress(r *http.Request, set *tile.Set, names [3]string) (tile.Address, error) {
	at := tile.Address{Set: set}
	for i, into := range []*int{&at.Z, &at.Row, &at.Col} {
		text := chi.URLParam(r, names[i])
		if names[i] == "y" || names[i] == "tileCol" { // the last of the path
			text = strings.TrimSuffix(text, ".mvt")
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || text[0] == '+' || text[0] == '-' {
			return at, geo.NewInvalid(names[i], "tile.whole", text)
		}
		*into = n
	}
	return at, at.Check()
}

// parseTile reads what a tile shows, and the shift of where it lies.
func parseTile(a *ask, c *feed.Collection, at *tile.Address) (q *feed.Query, err error) {
	q = &feed.Query{Collection: c, Member: a.member}
	if at.Shift, err = parseShift(a); err != nil {
		return nil, err
	}
	if by, given := a.query[joined]; given {
		if q.Joined = by == c.Drawing().Class; !q.Joined {
			return nil, oneOf(joined, []string{c.Drawing().Class}, by)
		}
	}
	box := at.Degrees()
	q.Box = &geo.BBox{West: box.Min[0], South: box.Min[1], East: box.Max[0], North: box.Max[1]}
	if q.When, err = parseInstant(a); err != nil {
		return nil, err
	}
	if err := parseValues(a, q); err != nil {
		return nil, err
	}
	return q, choose(a, q)
}

// parseShift reads the shift of the web map that tiles are drawn over.
func parseShift(a *ask) (geo.MapOffset, error) {
	text, given := a.query["crs"]
	if !given {
		return "", nil
	}
	var names []string
	for _, offset := range geo.MapOffsets() {
		if text == string(offset) || text == (reading{offset: offset}).uri(a.base) {
			return offset, nil
		}
		names = append(names, string(offset))
	}
	return "", oneOf("crs", names, text)
}
