package tile

import (
	"encoding/binary"
	"math"
)

// vertex is a point of the grid of a tile.
type vertex struct{ x, y int32 }

func nearest(p point) vertex {
	return vertex{int32(math.Floor(p.x + 0.5)), int32(math.Floor(p.y + 0.5))}
}

// cross is twice the area of the triangle a, b, c, above 0 where it turns clockwise as drawn.
func cross(a, b, c vertex) int64 {
	return int64(b.x-a.x)*int64(c.y-a.y) - int64(b.y-a.y)*int64(c.x-a.x)
}

// gridded appends a ring on the grid to dst, without repeated, exactly collinear and doubled back vertices, none of
// which have any area; nothing where no three are left.
func gridded(dst []vertex, ring []point) []vertex {
	start := len(dst)
	for _, p := range ring {
		v := nearest(p)
		n := len(dst)
		for n-start >= 2 && cross(dst[n-2], dst[n-1], v) == 0 {
			n--
		}
		dst = dst[:n]
		if n == start || dst[n-1] != v {
			dst = append(dst, v)
		}
	}
	out := dst[start:]
	for len(out) >= 3 {
		n := len(out)
		switch {
		case cross(out[n-2], out[n-1], out[0]) == 0:
			out = out[:n-1]
		case cross(out[n-1], out[0], out[1]) == 0:
			out = out[1:]
		default:
			return append(dst[:start], out...)
		}
	}
	return dst[:start]
}

// griddedLine appends a line on the grid without vertices that it passes straight through.
func griddedLine(dst []vertex, line []point) []vertex {
	start := len(dst)
	for _, p := range line {
		v := nearest(p)
		n := len(dst)
		if n > start && dst[n-1] == v {
			continue
		}
		if n-start >= 2 && cross(dst[n-2], dst[n-1], v) == 0 && onwards(dst[n-2], dst[n-1], v) {
			dst = dst[:n-1]
		}
		dst = append(dst, v)
	}
	return dst
}

// onwards reports whether the way from b to c goes on as from a to b rather than back.
func onwards(a, b, c vertex) bool {
	return int64(b.x-a.x)*int64(c.x-b.x)+int64(b.y-a.y)*int64(c.y-b.y) > 0
}

// twiceArea is twice the area of a ring, above 0 where it runs clockwise as drawn.
func twiceArea(ring []vertex) int64 {
	var sum int64
	for i := 1; i+1 < len(ring); i++ {
		sum += cross(ring[0], ring[i], ring[i+1])
	}
	return sum
}

// areaOf is the area of a ring off the grid, above 0 where it runs clockwise as drawn. It goes by differences
// between the ring's vertices, which are the same in all tiles.
func areaOf(ring []point) float64 {
	var sum float64
	for i := 1; i+1 < len(ring); i++ {
		ax, ay := ring[i].x-ring[0].x, ring[i].y-ring[0].y
		bx, by := ring[i+1].x-ring[0].x, ring[i+1].y-ring[0].y
		sum += float64(ax*by) - float64(ay*bx)
	}
	return sum / 2
}

// pen writes the commands of a geometry (Vector Tile Specification 2.1, 4.3).
type pen struct {
	out   []byte
	last  vertex
	first vertex // that it went to
	rest  int    // where in out the commands after that begin
}

const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func (p *pen) reset() { *p = pen{out: p.out[:0]} }

func (p *pen) command(id, times int) {
	p.out = binary.AppendUvarint(p.out, uint64(times)<<3|uint64(id))
}

// move goes to where a ring begins.
func (p *pen) move(v vertex) {
	first := len(p.out) == 0
	p.command(moveTo, 1)
	p.to(v)
	if first {
		p.first, p.rest = v, len(p.out)
	}
}

// to writes the way from the last vertex to v.
func (p *pen) to(v vertex) {
	p.step(v.x - p.last.x)
	p.step(v.y - p.last.y)
	p.last = v
}

// step writes a difference as a zigzag varint.
func (p *pen) step(d int32) {
	u := uint32(d<<1) ^ uint32(d>>31)
	if u < 1<<7 {
		p.out = append(p.out, byte(u))
		return
	}
	if u < 1<<14 {
		p.out = append(p.out, byte(u)|0x80, byte(u>>7))
		return
	}
	p.out = binary.AppendUvarint(p.out, uint64(u))
}

// ring draws a closed ring, turned round where backwards.
func (p *pen) ring(ring []vertex, backwards bool) {
	p.move(ring[0])
	p.command(lineTo, len(ring)-1)
	if backwards {
		for i := len(ring) - 1; i > 0; i-- {
			p.to(ring[i])
		}
	} else {
		for _, v := range ring[1:] {
			p.to(v)
		}
	}
	p.command(closePath, 1)
}

// line draws a line.
func (p *pen) line(line []vertex) {
	p.command(moveTo, 1)
	p.to(line[0])
	p.command(lineTo, len(line)-1)
	for _, v := range line[1:] {
		p.to(v)
	}
}

// offLine is how far v is from the stretch between a and b, the same for a, b and b, a.
func offLine(a, b, v vertex) float64 {
	if less(b, a) {
		a, b = b, a
	}
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	px, py := float64(v.x-a.x), float64(v.y-a.y)
	long := float64(dx*dx) + float64(dy*dy)
	along := float64(px*dx) + float64(py*dy)
	switch {
	case along <= 0:
		return math.Hypot(px, py)
	case along >= long:
		return math.Hypot(px-dx, py-dy)
	}
	return math.Abs(float64(dx*py)-float64(dy*px)) / math.Sqrt(long)
}
