package tile_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"luodi/geo/tile"
)

// park is parcels that meet edge to edge, in degrees.
type park struct {
	parcels []parcel
	bound   orb.Bound
}

type parcel struct {
	id     string
	status string
	shape  orb.MultiPolygon
	ewkb   []byte
}

var statuses = []string{"available", "built", "held", "reserve", "reserved", "supplied"}

// randomPark is a grid turned and shaken: columns and rows from threads of 2 m to blocks of a kilometre, with holes
// that are parcels of their own and parcels of several parts.
func randomPark(seed uint64, columns, rows int) park {
	r := rand.New(rand.NewPCG(seed, 7))
	middle := orb.Point{113 + 8*r.Float64(), 22 + 24*r.Float64()}
	turn := 2 * math.Pi * r.Float64()
	if seed%4 == 0 {
		turn = 0
	}
	winds := seed%5 < 2 // edges that wind need cells that are not too thin for it
	xs, ys := steps(r, columns, winds), steps(r, rows, winds)
	sin, cos := math.Sincos(turn)
	place := func(x, y float64) orb.Point { // metres to degrees
		e, n := cos*x-sin*y, sin*x+cos*y
		return orb.Point{
			round9(middle[0] + e/111_320/math.Cos(middle[1]*math.Pi/180)),
			round9(middle[1] + n/110_900),
		}
	}
	shake := 0.0
	if seed%3 != 0 && !winds {
		shake = 0.6
	}
	corners := make([][]orb.Point, len(ys))
	for j, y := range ys {
		for i, x := range xs {
			dx, dy := gap(xs, i)*shake*(r.Float64()-0.5), gap(ys, j)*shake*(r.Float64()-0.5)
			corners[j] = append(corners[j], place(x+dx, y+dy))
		}
	}
	edge := func(a, b orb.Point) []orb.Point { return []orb.Point{a} }
	if winds {
		edge = winding(seed)
	}
	var p park
	for j := range rows {
		for i := range columns {
			var ring orb.Ring
			at := [5]orb.Point{corners[j][i], corners[j][i+1], corners[j+1][i+1], corners[j+1][i], corners[j][i]}
			for k, a := range at[:4] {
				ring = append(ring, edge(a, at[k+1])...)
			}
			p.put(r, orb.Polygon{append(ring, ring[0])}, i/3+j/2)
		}
	}
	p.finish()
	return p
}

// winding makes edges of up to 40 vertices that wind about a straight line, the same for both neighbours. The
// result has the first end and not the last.
func winding(seed uint64) func(a, b orb.Point) []orb.Point {
	drawn := map[[2]orb.Point][]orb.Point{}
	return func(a, b orb.Point) []orb.Point {
		key, turned := [2]orb.Point{a, b}, false
		if b[0] < a[0] || b[0] == a[0] && b[1] < a[1] {
			key, turned = [2]orb.Point{b, a}, true
		}
		line, known := drawn[key]
		if !known {
			r := rand.New(rand.NewPCG(seed, uint64(len(drawn))))
			n, wide, waves, phase := 1+r.IntN(40), 0.4*r.Float64(), 3*r.Float64(), 7*r.Float64()
			line = []orb.Point{key[0]}
			for i := 1; i < n; i++ {
				s := float64(i) / float64(n)
				off := wide * math.Sin(math.Pi*s) * (0.45*math.Sin(2*math.Pi*waves*s+phase) + 0.1*(r.Float64()-0.5))
				dx, dy := key[1][0]-key[0][0], key[1][1]-key[0][1]
				line = append(line, orb.Point{round9(key[0][0] + s*dx - off*dy), round9(key[0][1] + s*dy + off*dx)})
			}
			line = append(line, key[1])
			drawn[key] = line
		}
		if turned {
			line = slices.Clone(line)
			slices.Reverse(line)
		}
		return line[:len(line)-1]
	}
}

// put adds a parcel, now and then with a hole that is another.
func (p *park) put(r *rand.Rand, outer orb.Polygon, quarter int) {
	status := statuses[quarter%len(statuses)]
	if r.IntN(4) == 0 {
		status = statuses[r.IntN(len(statuses))]
	}
	if r.IntN(8) == 0 {
		c := orb.Point{}
		n := len(outer[0]) - 1
		for _, v := range outer[0][:n] {
			c[0], c[1] = c[0]+v[0]/float64(n), c[1]+v[1]/float64(n)
		}
		var inner orb.Ring
		for _, v := range outer[0] {
			inner = append(inner, orb.Point{round9(c[0] + 0.4*(v[0]-c[0])), round9(c[1] + 0.4*(v[1]-c[1]))})
		}
		hole := slices.Clone(inner)
		slices.Reverse(hole)
		if pierced := (orb.Polygon{outer[0], hole}); geometry(pierced).Validate() == nil {
			p.parcels = append(p.parcels, parcel{status: statuses[r.IntN(len(statuses))],
				shape: orb.MultiPolygon{{inner}}})
			outer = pierced
		}
	}
	if n := len(p.parcels); n > 2 && r.IntN(8) == 0 && !p.parcels[n-3].shape.Bound().Intersects(outer.Bound()) {
		p.parcels[n-3].shape = append(p.parcels[n-3].shape, outer)
		return
	}
	p.parcels = append(p.parcels, parcel{status: status, shape: orb.MultiPolygon{outer}})
}

func (p *park) finish() {
	p.bound = p.parcels[0].shape.Bound()
	for i := range p.parcels {
		a := &p.parcels[i]
		a.id = fmt.Sprintf("P-%04d", i)
		a.ewkb = ewkb.MustMarshal(a.shape, 4490, binary.LittleEndian)
		p.bound = p.bound.Union(a.shape.Bound())
	}
}

// steps are n+1 places along a line: even ones apart from 60 to 120 m, others from 2 m to a kilometre.
func steps(r *rand.Rand, n int, even bool) []float64 {
	out := []float64{0}
	for range n {
		step := 20 + 150*r.Float64()
		switch kind := r.IntN(10); {
		case even:
			step = 60 + 60*r.Float64()
		case kind == 0:
			step = 2 + 6*r.Float64()
		case kind == 1:
			step = 1000 * r.Float64()
		}
		out = append(out, out[len(out)-1]+step)
	}
	return out
}

// gap is the distance to the nearer neighbour of a step.
func gap(at []float64, i int) float64 {
	g := math.Inf(1)
	if i > 0 {
		g = at[i] - at[i-1]
	}
	if i+1 < len(at) {
		g = min(g, at[i+1]-at[i])
	}
	return g
}

func round9(deg float64) float64 { return math.Round(deg*1e9) / 1e9 }

var (
	keys   = []string{"id", "status", "legal_m2"}
	merged = []string{"status", "count", "legal_m2"}
)

func (a *parcel) tags() []tile.Value {
	return []tile.Value{tile.TextValue(a.id), tile.TextValue(a.status),
		tile.NumberValue(a.legal())}
}

// legal is a number with decimals.
func (a *parcel) legal() float64 { return float64(len(a.id)*1000+int(a.ewkb[len(a.ewkb)-1])) + 0.25 }

// write makes one tile of a park.
func (p *park) write(w *tile.Writer, at tile.Address) []byte {
	w.Begin(at, "parcels", keys, merged)
	look := at.Degrees()
	for i := range p.parcels {
		a := &p.parcels[i]
		if !a.shape.Bound().Intersects(look) {
			continue
		}
		if err := w.Add(a.ewkb, a.status, a.tags()...); err != nil {
			panic(err)
		}
	}
	return w.Append(nil)
}

// over lists the tiles of a zoom over a box.
func over(set *tile.Set, z int, b orb.Bound, shift func(orb.Point) orb.Point) []tile.Address {
	c0, r0 := cellOf(set, z, shift(orb.Point{b.Min[0], b.Max[1]}))
	c1, r1 := cellOf(set, z, shift(orb.Point{b.Max[0], b.Min[1]}))
	var out []tile.Address
	for r := int(r0); r <= int(r1); r++ {
		for c := int(c0); c <= int(c1); c++ {
			out = append(out, tile.Address{Set: set, Z: z, Row: r, Col: c})
		}
	}
	return out
}

// cellOf is a place in tiles from the north-west of the world, by the formulas of the standards.
func cellOf(set *tile.Set, z int, p orb.Point) (x, y float64) {
	n := math.Exp2(float64(z))
	if set.ID() == "CGCS2000Quad" {
		return (p[0] + 180) / 180 * n, (90 - p[1]) / 180 * n
	}
	phi := p[1] * math.Pi / 180
	return (p[0] + 180) / 360 * n, (1 - math.Log(math.Tan(phi)+1/math.Cos(phi))/math.Pi) / 2 * n
}
