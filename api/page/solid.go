package page

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// Solid is a volume over ground, seen from the south-west and above in an isometric drawing: the three axes are drawn
// at one scale. Positions are metres to the east and to the north.
type Solid struct {
	Title  string      // what a reader hears in place of the drawing
	Ground [][]Point   // the rings of the land
	Zone   [][]Point   // of what may be built upon; none where that is all of it
	Base   [][][]Point // pieces that the volume stands on, each by its rings
	High   float64     // metres
	Text   string      // below the drawing
	North  string
}

// Face is a part of a drawn solid, its rings in millimetres of its sheet.
type Face struct {
	Class string // solid-land, solid-zone, solid-wall or solid-roof
	Rings [][]Point
}

// D is the face as SVG writes it.
func (f Face) D() string { return Path{Lines: f.Rings, Area: true}.D() }

// DrawnSolid is a solid on its sheet.
type DrawnSolid struct {
	Solid
	Width, Height float64 // in millimetres
	Faces         []Face  // the farthest first
	Arrow         [2]Point
}

// Sizes of the drawing, in millimetres.
const (
	solidWidth  = 180.0
	solidHeight = 90.0
	solidMargin = 8.0
)

// iso projects: east runs to the right and away, north to the left and away.
func iso(p Point, high float64) Point {
	return Point{(p[0] - p[1]) * math.Sqrt(3) / 2, -(p[0]+p[1])/2 - high}
}

// Lay projects a solid onto its sheet; nil where there is no ground.
func (s *Solid) Lay() *DrawnSolid {
	if len(s.Ground) == 0 || len(s.Ground[0]) < 3 {
		return nil
	}
	least, most := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	widen := func(p Point) {
		for k := range 2 {
			least[k], most[k] = min(least[k], p[k]), max(most[k], p[k])
		}
	}
	for _, p := range s.Ground[0] {
		widen(iso(p, 0))
	}
	for _, piece := range s.Base {
		for _, p := range piece[0] {
			widen(iso(p, s.High))
		}
	}
	scale := min((solidWidth-2*solidMargin)/max(most[0]-least[0], 1), (solidHeight-2*solidMargin)/max(most[1]-least[1], 1))
	place := func(p Point, high float64) Point {
		q := iso(p, high)
		return Point{round2(solidWidth/2 + (q[0]-(least[0]+most[0])/2)*scale),
			round2(solidHeight/2 + (q[1]-(least[1]+most[1])/2)*scale)}
	}
	d := &DrawnSolid{Solid: *s, Width: solidWidth, Height: solidHeight}
	d.Faces = append(d.Faces, Face{"solid-land", flat(s.Ground, 0, place)})
	if len(s.Zone) > 0 {
		d.Faces = append(d.Faces, Face{"solid-zone", flat(s.Zone, 0, place)})
	}
	for _, piece := range s.Base {
		if s.High > 0 {
			d.Faces = append(d.Faces, walls(piece, s.High, place)...)
		}
		d.Faces = append(d.Faces, Face{"solid-roof", flat(piece, s.High, place)})
	}
	d.Arrow = [2]Point{{solidWidth - 12, 14}, {round2(solidWidth - 12 - 9*math.Sqrt(3)/2), 14 - 4.5}}
	return d
}

// flat projects rings at one height.
func flat(rings [][]Point, high float64, place func(Point, float64) Point) [][]Point {
	out := make([][]Point, len(rings))
	for i, ring := range rings {
		for _, p := range ring {
			out[i] = append(out[i], place(p, high))
		}
	}
	return out
}

// walls are the walls over rings, the farthest first: the roof, drawn last, hides those behind it.
func walls(rings [][]Point, high float64, place func(Point, float64) Point) []Face {
	type wall struct {
		far  float64
		face Face
	}
	var all []wall
	for _, ring := range rings {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if a == b {
				continue
			}
			all = append(all, wall{a[0] + a[1] + b[0] + b[1], Face{"solid-wall",
				[][]Point{{place(a, 0), place(b, 0), place(b, high), place(a, high)}}}})
		}
	}
	slices.SortStableFunc(all, func(a, b wall) int { return cmp.Compare(b.far, a.far) })
	out := make([]Face, len(all))
	for i := range all {
		out[i] = all[i].face
	}
	return out
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }

// ArrowD is the arrow to the north as SVG writes it.
func (d *DrawnSolid) ArrowD() string {
	write := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	a, b := d.Arrow[0], d.Arrow[1]
	return "M" + write(a[0]) + " " + write(a[1]) + "L" + write(b[0]) + " " + write(b[1])
}
