package tile

import (
	"math"
	"strconv"

	"luodi/geo"
)

// MostZoom is the deepest level of every set.
const MostZoom = 24

// Set is a tile matrix set: the grids of tiles, one a level, each of twice as many rows and columns as the one
// above. Level 0 has one row.
type Set struct {
	id, uri, scales string
	crs             geo.EPSG
	axes            [2]string
	columns         int     // at level 0
	origin          float64 // how far the western and, in Web Mercator, the northern edge are from 0, in the set's unit
	metresPerUnit   float64
}

const (
	radian     = math.Pi / 180
	semiMajorM = 6378137.0 // of CGCS2000 and of Web Mercator's sphere
)

var (
	webMercatorQuad = &Set{
		id:            "WebMercatorQuad",
		uri:           "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
		scales:        "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
		crs:           geo.WebMercator,
		axes:          [2]string{"X", "Y"},
		columns:       1,
		origin:        math.Pi * semiMajorM,
		metresPerUnit: 1,
	}
	// no register has this one: OGC's WorldCRS84Quad on CGCS2000
	cgcs2000Quad = &Set{
		id:            "CGCS2000Quad",
		crs:           geo.CGCS2000,
		axes:          [2]string{"Lat", "Lon"},
		columns:       2,
		origin:        180,
		metresPerUnit: semiMajorM * radian,
	}
)

// Sets lists the sets, the most common one first: WebMercatorQuad (EPSG:3857, as OGC registers it) and CGCS2000Quad
// (EPSG:4490 in degrees, two columns and one row at level 0, as OGC's WorldCRS84Quad is for CRS84).
func Sets() []*Set { return []*Set{webMercatorQuad, cgcs2000Quad} }

// SetByID returns the set of an id, nil where there is none.
func SetByID(id string) *Set {
	for _, s := range Sets() {
		if s.id == id {
			return s
		}
	}
	return nil
}

// ID is the name of the set in addresses: "WebMercatorQuad".
func (s *Set) ID() string { return s.id }

// URI is the name of the set in OGC's register, empty where it has none.
func (s *Set) URI() string { return s.uri }

// CRS is the reference system of the set's plane.
func (s *Set) CRS() geo.EPSG { return s.crs }

// rows and cols are how many there are at a level.
func (s *Set) rows(z int) int { return 1 << z }
func (s *Set) cols(z int) int { return s.columns << z }

// Definition is the document of a set (OGC 17-083r4, "Two Dimensional Tile Matrix Set", JSON encoding), but for a
// title, which is a text for people.
type Definition struct {
	ID                string    `json:"id"`
	URI               string    `json:"uri,omitempty"`
	CRS               string    `json:"crs"`
	OrderedAxes       [2]string `json:"orderedAxes"`
	WellKnownScaleSet string    `json:"wellKnownScaleSet,omitempty"`
	TileMatrices      []Matrix  `json:"tileMatrices"`
}

// Matrix is one level of a [Definition].
type Matrix struct {
	ID               string     `json:"id"`
	ScaleDenominator float64    `json:"scaleDenominator"` // of pixels of 0.28 mm
	CellSize         float64    `json:"cellSize"`         // of a pixel, in the unit of the CRS
	CornerOfOrigin   string     `json:"cornerOfOrigin"`
	PointOfOrigin    [2]float64 `json:"pointOfOrigin"` // in the order of axes of the CRS
	TileWidth        int        `json:"tileWidth"`
	TileHeight       int        `json:"tileHeight"`
	MatrixWidth      int        `json:"matrixWidth"`
	MatrixHeight     int        `json:"matrixHeight"`
}

// registeredPx is the width of a tile in pixels that OGC's register and scale denominators count in. It says
// nothing of how wide a vector tile is drawn.
const registeredPx = 256

// Definition returns the document of the set, levels 0 to [MostZoom].
func (s *Set) Definition() Definition {
	d := Definition{ID: s.id, URI: s.uri, CRS: "http://www.opengis.net/def/crs/EPSG/0/" + strconv.Itoa(int(s.crs)),
		OrderedAxes: s.axes, WellKnownScaleSet: s.scales}
	corner := [2]float64{-s.origin, s.origin}
	if s.crs.Geographic() {
		corner = [2]float64{90, -s.origin}
	}
	for z := range MostZoom + 1 {
		cell := 2 * s.origin / float64(registeredPx*s.cols(z))
		d.TileMatrices = append(d.TileMatrices, Matrix{
			ID:               strconv.Itoa(z),
			ScaleDenominator: cell * s.metresPerUnit / 0.28e-3,
			CellSize:         cell,
			CornerOfOrigin:   "topLeft",
			PointOfOrigin:    corner,
			TileWidth:        registeredPx,
			TileHeight:       registeredPx,
			MatrixWidth:      s.cols(z),
			MatrixHeight:     s.rows(z),
		})
	}
	return d
}
