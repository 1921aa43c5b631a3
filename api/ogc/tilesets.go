package ogc

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/geo"
	"luodi/geo/tile"
	"luodi/message"
)

// Sets of map tiles, as OGC API Tiles 1.0 and the Tile Matrix Set standard 2.0 describe them, and as TileJSON does.

const setsPath = "/tileMatrixSets"

// tilesMostZoom is the deepest zoom that tilesets name: a step of its grid is 3 cm at 37°N. Deeper ones are answered.
const tilesMostZoom = 18

const tileJSON request.Format = "tilejson"

const (
	typeTileJSON = "application/vnd.mapbox.tile+json"
	relSchemes   = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
	relScheme    = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
	relTilesets  = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
)

// tilesetHead is what a list of tilesets tells of one.
type tilesetHead struct {
	Title    string `json:"title"`
	DataType string `json:"dataType"`
	CRS      string `json:"crs"`
	SetURI   string `json:"tileMatrixSetURI,omitempty"`
	Links    []Link `json:"links"`
}

type tilesetDoc struct {
	tilesetHead
	Layers []tileLayer `json:"layers"`
	Box    *corners    `json:"boundingBox,omitempty"`
}

// tileLayer is a layer of the tiles.
type tileLayer struct {
	ID         string         `json:"id"`
	Title      string         `json:"title"`
	DataType   string         `json:"dataType"`
	Dimension  int            `json:"geometryDimension"`
	MinZoom    string         `json:"minTileMatrix"`
	MaxZoom    string         `json:"maxTileMatrix"`
	Properties map[string]any `json:"propertiesSchema"`
}

type corners struct {
	Lower [2]float64 `json:"lowerLeft"`
	Upper [2]float64 `json:"upperRight"`
	CRS   string     `json:"crs"`
}

// setIDs are the names of the tile matrix sets.
func setIDs() []string {
	var all []string
	for _, set := range tile.Sets() {
		all = append(all, set.ID())
	}
	return all
}

func (a *ask) setTitle(set *tile.Set) string { return a.text("api.tiles.set." + set.ID()) }

// head describes the tileset of a collection in a tile matrix set.
func (a *ask) tilesetHead(c *feed.Collection, set *tile.Set, links ...Link) tilesetHead {
	return tilesetHead{Title: a.text("api.collection."+c.ID) + " · " + set.ID(), DataType: "vector", CRS: uriOf(set),
		SetURI: set.URI(), Links: append(links,
			a.link(relScheme, setsPath+"/"+set.ID(), typeJSON, "api.link.tile_matrix_set"))}
}

// setsTable lists the tile matrix sets, each with a link to what a path has of it.
func (a *ask) setsTable(path string) *page.Table {
	t := &page.Table{}
	for _, set := range tile.Sets() {
		t.Rows = append(t.Rows, []page.Cell{{Text: set.ID(), Href: a.html(path + "/" + set.ID())},
			{Text: a.setTitle(set)}})
	}
	return t
}

// tilesets lists the tilesets of a collection.
func (s *Service) tilesets(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	path := "/collections/" + c.ID + "/tiles"
	return s.fixed(w, r, typeJSON, func(a *ask) any {
		var all []tilesetHead
		for _, set := range tile.Sets() {
			all = append(all, a.tilesetHead(c, set,
				a.link("self", path+"/"+set.ID()+"?f=json", typeJSON, "api.link.tileset"),
				a.link("alternate", path+"/"+set.ID()+"?f=tilejson", typeTileJSON, "api.link.tilejson")))
		}
		return struct {
			Links    []Link        `json:"links"`
			Tilesets []tilesetHead `json:"tilesets"`
		}{a.self(typeJSON), all}
	}, func(w http.ResponseWriter, r *http.Request, a *ask) error {
		return a.write(w, r, page.Page{Title: a.text("api.link.tilesets"), Lead: a.text("api.tiles.about"),
			Crumbs: a.crumbs(c), Other: a.json("JSON"), Sections: []page.Section{{Table: a.setsTable(path)}}})
	})
}

// tileset describes the tiles of a collection in one tile matrix set. What chooses features is handed on to the tiles.
func (s *Service) tileset(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	set, err := findSet(r)
	if err != nil {
		return err
	}
	a, err := askedFor(r, tilesetData, tileParameters(c)...)
	if err != nil {
		return err
	}
	q, err := parseTile(a, c, &tile.Address{Set: set}) // refuses what no tile would be asked with
	if err != nil {
		return err
	}
	return s.ofState(w, r, a, func(v *feed.View) error {
		e, err := s.extentOf(r, a, v, c)
		if err != nil {
			return err
		}
		switch a.format {
		case tileJSON:
			return writeJSON(w, a, typeTileJSON, a.tileJSON(q, set, e))
		case request.HTML:
			return s.tilesetPage(w, r, a, q, set)
		}
		return writeJSON(w, a, typeJSON, a.tileset(q, set, e))
	})
}

// tilesOf is the template of the tiles' addresses, with the parameters that choose what they show.
func (a *ask) tilesOf(c *feed.Collection, set *tile.Set, z, row, col string) string {
	values := url.Values{}
	for name, text := range a.query {
		if name != "f" && name != "lang" {
			values.Set(name, text)
		}
	}
	address := a.base + "/collections/" + c.ID + "/tiles/" + set.ID() + "/" + z + "/" + row + "/" + col
	if len(values) > 0 {
		address += "?" + values.Encode()
	}
	return address
}

func (a *ask) tileset(q *feed.Query, set *tile.Set, e feed.Extent) tilesetDoc {
	c := q.Collection
	item := Link{Href: a.tilesOf(c, set, "{tileMatrix}", "{tileRow}", "{tileCol}"), Rel: "item", Type: typeMVT,
		Title: a.text("api.link.mvt"), Templated: true}
	d := tilesetDoc{tilesetHead: a.tilesetHead(c, set, append(a.self(typeJSON), item)...)}
	for _, l := range tileLayers(c, q.Joined, a.lang) {
		properties := map[string]any{}
		for name, of := range l.fields {
			properties[name] = map[string]any{"title": of.title, "type": of.kind}
		}
		d.Layers = append(d.Layers, tileLayer{ID: l.id, Title: l.title, DataType: "vector", Dimension: l.dimension,
			MinZoom: "0", MaxZoom: "18", Properties: map[string]any{"type": "object", "properties": properties}})
	}
	if e.Box != nil {
		d.Box = &corners{[2]float64{e.Box.West, e.Box.South}, [2]float64{e.Box.East, e.Box.North}, geo.CRS84.URI()}
	}
	return d
}

// layerOfTiles is a layer as both descriptions need it.
type layerOfTiles struct {
	id, title string
	dimension int
	fields    map[string]fieldOfTiles
}

type fieldOfTiles struct{ title, kind string }

// tileLayers are the layers of a collection's tiles: its features, and points to label them.
func tileLayers(c *feed.Collection, joined bool, lang message.Lang) []layerOfTiles {
	var all []layerOfTiles
	for _, l := range c.TileLayers(joined) {
		title := message.Text(lang, "api.collection."+c.ID)
		fields := map[string]fieldOfTiles{}
		if !l.Joined {
			fields["id"] = fieldOfTiles{message.Text(lang, "api.property.id"), "string"}
		}
		for _, name := range l.Names {
			p := c.Property(name)
			fields[name] = fieldOfTiles{PropertyTitle(p, lang), kindOfTag(p)}
		}
		if l.Merged {
			fields[feed.MergedCount] = fieldOfTiles{message.Text(lang, "api.tiles.count"), "integer"}
		}
		if l.Labels {
			title = message.Text(lang, "api.tiles.labels", "of", title)
		}
		all = append(all, layerOfTiles{l.ID, title, l.Dimension, fields})
	}
	return all
}

// vectorLayers are the layers of a collection's tiles as TileJSON describes them.
func vectorLayers(c *feed.Collection, joined bool, lang message.Lang) []outlet.VectorLayer {
	var all []outlet.VectorLayer
	for _, l := range tileLayers(c, joined, lang) {
		fields := map[string]string{}
		for name, of := range l.fields {
			fields[name] = of.title
		}
		all = append(all, outlet.VectorLayer{ID: l.id, About: l.title, MaxZoom: tilesMostZoom, Fields: fields})
	}
	return all
}

// kindOfTag is the JSON type of a property in a tile.
func kindOfTag(p *feed.Property) string {
	switch p.Kind {
	case feed.Boolean:
		return "boolean"
	case feed.Integer, feed.Number, feed.Decimal, feed.Mu:
		return "number"
	}
	return "string"
}

// tileJSON describes the tiles by TileJSON 3.0.
func (a *ask) tileJSON(q *feed.Query, set *tile.Set, e feed.Extent) any {
	c := q.Collection
	d := struct {
		Version     string               `json:"tilejson"`
		Name        string               `json:"name"`
		Attribution string               `json:"attribution"`
		Scheme      string               `json:"scheme"`
		Tiles       []string             `json:"tiles"`
		MinZoom     int                  `json:"minzoom"`
		MaxZoom     int                  `json:"maxzoom"`
		Bounds      *[4]float64          `json:"bounds,omitempty"`
		Center      *[3]float64          `json:"center,omitempty"`
		Layers      []outlet.VectorLayer `json:"vector_layers"`
	}{Version: "3.0.0", Name: a.text("api.collection." + c.ID), Attribution: a.text("api.ogc.attribution"),
		Scheme: "xyz",
		Tiles:  []string{a.tilesOf(c, set, "{z}", "{y}", "{x}")}, MaxZoom: tilesMostZoom,
		Layers: vectorLayers(c, q.Joined, a.lang)}
	if b := e.Box; b != nil && b.West <= b.East {
		d.Bounds = &[4]float64{b.West, b.South, b.East, b.North}
		d.Center = &[3]float64{(b.West + b.East) / 2, (b.South + b.North) / 2, 12}
	}
	return d
}

func (s *Service) tilesetPage(w http.ResponseWriter, r *http.Request, a *ask, q *feed.Query, set *tile.Set) error {
	c := q.Collection
	t := &page.Table{Head: []string{a.text("api.head.name"), a.text("api.head.meaning"), a.text("api.head.type")}}
	for _, l := range tileLayers(c, q.Joined, a.lang) {
		t.Rows = append(t.Rows, []page.Cell{{Text: l.id, Code: true}, {Text: l.title}, {}})
		for _, name := range slices.Sorted(maps.Keys(l.fields)) {
			t.Rows = append(t.Rows, []page.Cell{{Text: name, Code: true}, {Text: l.fields[name].title},
				{Text: l.fields[name].kind, Code: true}})
		}
	}
	return a.write(w, r, page.Page{Title: a.text("api.collection."+c.ID) + " · " + set.ID(), Lead: a.text("api.tiles.about"),
		Crumbs: append(a.crumbs(c),
			page.Link{Text: a.text("api.link.tilesets"), Href: a.html("/collections/" + c.ID + "/tiles")}),
		Other: a.json("JSON"), Sections: []page.Section{
			{Title: a.text("api.ogc.use"), Copy: a.copy("api.page.address.tiles", a.tilesOf(c, set, "{z}", "{y}", "{x}"))},
			{Table: t}}})
}

// matrixSets lists the tile matrix sets.
func (s *Service) matrixSets(w http.ResponseWriter, r *http.Request) error {
	type head struct {
		ID    string `json:"id"`
		Title string `json:"title"`
		URI   string `json:"uri,omitempty"`
		CRS   string `json:"crs"`
		Links []Link `json:"links"`
	}
	return s.fixed(w, r, typeJSON, func(a *ask) any {
		var all []head
		for _, set := range tile.Sets() {
			all = append(all, head{set.ID(), a.setTitle(set), set.URI(), uriOf(set),
				[]Link{a.link("self", setsPath+"/"+set.ID(), typeJSON, "api.link.tile_matrix_set")}})
		}
		return struct {
			Links []Link `json:"links"`
			Sets  []head `json:"tileMatrixSets"`
		}{a.self(typeJSON), all}
	}, func(w http.ResponseWriter, r *http.Request, a *ask) error {
		return a.write(w, r, page.Page{Title: a.text("api.link.tile_matrix_sets"), Lead: a.text("api.tiles.about"),
			Crumbs: a.crumbs(nil), Other: a.json("JSON"), Sections: []page.Section{{Table: a.setsTable(setsPath)}}})
	})
}

// matrixSet describes a tile matrix set.
func (s *Service) matrixSet(w http.ResponseWriter, r *http.Request) error {
	set, err := findSet(r)
	if err != nil {
		return err
	}
	return s.fixed(w, r, typeJSON, func(a *ask) any { return a.matrixSet(set) },
		func(w http.ResponseWriter, r *http.Request, a *ask) error {
			text, err := marshalIndent(a.matrixSet(set))
			if err != nil {
				return err
			}
			return a.write(w, r, page.Page{Title: set.ID(), Lead: a.setTitle(set), Crumbs: append(a.crumbs(nil),
				page.Link{Text: a.text("api.link.tile_matrix_sets"), Href: a.html(setsPath)}), Other: a.json("JSON"),
				Sections: []page.Section{{Code: text}}})
		})
}

// definedSet is a tile matrix set as the Tile Matrix Set standard 2.0 writes one.
type definedSet struct {
	tile.Definition
	Title string `json:"title"`
	Links []Link `json:"links"`
}

func (a *ask) matrixSet(set *tile.Set) definedSet {
	return definedSet{set.Definition(), a.setTitle(set), a.self(typeJSON)}
}

func uriOf(set *tile.Set) string { return geo.CRS{Code: set.CRS()}.URI() }
