package lot

import (
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// MaxMetres bounds coordinates. Eastings with a zone's prefix reach 45,500,000; Web Mercator's reach 20,037,508.
const MaxMetres = 1e8

// Plane is a list of vertices in planar metres, each place once. The zero value is empty and ready. It may be read from
// many goroutines while nothing is added.
type Plane struct {
	xy    []orb.Point
	index map[orb.Point]int
}

// Shape is a parcel: an outer ring and its holes as numbers of vertices of a [Plane], the first not repeated at the
// end. What the package returns has its outer ring counter-clockwise and its holes clockwise, so that the land is left
// of every edge.
type Shape [][]int

// Edge is one straight side of a parcel, from one vertex to the next with the land on its left. Parcel is the place of
// the parcel among those the operation was given.
type Edge struct{ Parcel, From, To int }

// Node is a new vertex, made by an operation. Node numbers follow those of the plane.
type Node struct {
	ID     int
	XY     orb.Point
	OnEdge bool // it lies on a side the parcels had; false for one inside the land
	On     Edge // that side, when OnEdge
}

// Division is what an operation made of the land it was given. The parts are disjoint and cover it: they share every
// edge between them, number by number.
type Division struct {
	Parts []Shape
	New   []Node
	// Welded are vertices of parcels that were merged, or whose boundary was moved, and that were taken for another
	// vertex within the snapping distance: the first became the second. It is empty where they shared their vertices
	// already. Neighbours that have the first must take the second.
	Welded map[int]int
}

// Len returns how many vertices the plane has; new nodes are numbered from there.
func (p *Plane) Len() int { return len(p.xy) }

// Point returns the place of vertex id.
func (p *Plane) Point(id int) orb.Point { return p.xy[id] }

// Clone returns a copy, to be extended by one of several divisions.
func (p *Plane) Clone() *Plane { return &Plane{slices.Clone(p.xy), maps.Clone(p.index)} }

// Vertex returns the number of the vertex at xy, which is added where the plane has none. A number that is not finite,
// or larger than 10⁸ m, is refused.
func (p *Plane) Vertex(xy orb.Point) (int, error) {
	if !(math.Abs(xy[0]) <= MaxMetres && math.Abs(xy[1]) <= MaxMetres) {
		return 0, refuse(BadShape, "geometry", "lot.metres", xy)
	}
	if id, found := p.index[xy]; found {
		return id, nil
	}
	if p.index == nil {
		p.index = make(map[orb.Point]int)
	}
	p.index[xy] = len(p.xy)
	p.xy = append(p.xy, xy)
	return len(p.xy) - 1, nil
}

// Add numbers the vertices of a polygon. Rings keep their order and direction, less the closing point and points
// repeated in sequence. Whether the polygon is a sound parcel is checked by the operation that uses it.
func (p *Plane) Add(polygon orb.Polygon) (Shape, error) {
	s := make(Shape, len(polygon))
	for i, ring := range polygon {
		for _, xy := range ring {
			id, err := p.Vertex(xy)
			if err != nil {
				return nil, err
			}
			s[i] = append(s[i], id)
		}
		s[i] = dedupe(s[i])
	}
	return s, nil
}

// Extend adds the new nodes of a division, so that its parts can be drawn, measured and changed again. The plane must
// be as it was when the division was made.
func (p *Plane) Extend(nodes []Node) error {
	for _, n := range nodes {
		if n.ID != len(p.xy) {
			return refuse(BadShape, "nodes", "lot.plane_same", n.ID)
		}
		if id, err := p.Vertex(n.XY); err != nil || id != n.ID {
			return refuse(BadShape, "nodes", "lot.plane_new", n.XY)
		}
	}
	return nil
}

// Polygon draws a shape, its rings closed.
func (p *Plane) Polygon(s Shape) orb.Polygon {
	out := make(orb.Polygon, len(s))
	for i, ring := range s {
		out[i] = make(orb.Ring, 0, len(ring)+1)
		for _, id := range ring {
			out[i] = append(out[i], p.xy[id])
		}
		if len(ring) > 0 {
			out[i] = append(out[i], p.xy[ring[0]])
		}
	}
	return out
}

// AreaM2 returns the computed area of a shape in m², holes taken off.
func (p *Plane) AreaM2(s Shape) float64 { return geo.PlanarArea(p.Polygon(s)) }

// PerimeterM returns the length of a shape's sides in metres, including its holes.
func (p *Plane) PerimeterM(s Shape) float64 { return geo.PlanarPerimeter(p.Polygon(s)) }

// Tolerance returns by how much, in m², the areas of shapes may differ that stand for the same ground: 0.01 m² and 0.1
// mm for every metre of the perimeter.
func Tolerance(perimeterM float64) float64 { return 0.01 + 0.0001*perimeterM }

// dedupe drops vertices repeated in sequence, round the end too.
func dedupe(ring []int) []int {
	var out []int
	for _, id := range ring {
		if len(out) == 0 || out[len(out)-1] != id {
			out = append(out, id)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}
