package lot_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/lot"
)

// numbers reads float64s, or small whole numbers where the first byte says so, from what a fuzzer wrote.
func numbers(raw []byte) []float64 {
	if len(raw) == 0 {
		return nil
	}
	whole := raw[0]%2 == 0
	raw = raw[1:]
	var out []float64
	for len(raw) >= 8 && len(out) < 60 {
		if whole {
			out = append(out, float64(int8(raw[0])))
			raw = raw[1:]
			continue
		}
		out = append(out, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
		raw = raw[8:]
	}
	return out
}

// FuzzRubbish gives every operation that looks for lots whatever bytes come: it may refuse them, never break.
func FuzzRubbish(f *testing.F) {
	f.Add([]byte{0, 0, 0, 100, 0, 100, 100, 0, 100, 20, 20, 30, 20, 30, 30, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add([]byte{0, 0, 0, 100, 0, 0, 0, 100, 0, 9, 9, 9, 9, 9, 9, 9, 9})
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f})
	f.Fuzz(func(t *testing.T, raw []byte) {
		x := numbers(raw)
		at := func(i int) float64 {
			if len(x) == 0 {
				return 0
			}
			return x[i%len(x)]
		}
		var ring, hole orb.Ring
		var road orb.LineString
		for i := 0; i+1 < len(x); i += 2 {
			p := orb.Point{x[i], x[i+1]}
			switch {
			case i < 12:
				ring = append(ring, p)
			case i < 20:
				hole = append(hole, p)
			default:
				road = append(road, p)
			}
		}
		road = append(road, ring...)
		poly := orb.Polygon{ring}
		if len(hole) > 0 {
			poly = append(poly, hole)
		}
		p := new(lot.Plane)
		s, err := p.Add(poly)
		check(t, err)
		if err != nil {
			return
		}
		roads := []lot.Road{{Line: road, WidthM: at(3)}}
		for _, ring := range poly {
			roads = append(roads, lot.Road{Line: orb.LineString(ring)})
		}
		fronting, err := lot.Frontage(p, s, roads, at(1))
		check(t, err)
		lot.Depth(p, s, fronting.Longest())
		_, err = lot.LargestRectangle(p, s, lot.Sides{LeastLengthM: at(2), LeastWidthM: at(4), LeastRatio: at(5),
			MostRatio: at(6)})
		check(t, err)
		_, _, err = lot.Fits(p, s, at(2), at(4))
		check(t, err)
		offers, err := lot.Carve(p, s, roads, lot.Wanted{AreaM2: at(0), LeastFrontageM: at(1), LeastDepth: at(5),
			MostDepth: at(6), LeastRestM2: at(8), ToleranceM: at(9), Most: int(at(3))}, lot.Rules{SnapM: 0.01})
		check(t, err)
		for _, o := range offers {
			if math.Abs(o.AreaM2-at(0)) > 0.5 {
				t.Errorf("%v m² for %v", o.AreaM2, at(0))
			}
		}
		var free []lot.Free
		for i := range x {
			free = append(free, lot.Free{AreaM2: x[i], Cost: at(i + 1), Beside: []int{int(math.Abs(at(i+2))) % len(x)}})
		}
		_, _, err = lot.Assemble(free, lot.Range{LeastM2: at(0), MostM2: at(1)}, int(at(2)))
		check(t, err)
	})
}

// check checks that an error is a refusal that says what was wrong.
func check(t *testing.T, err error) {
	t.Helper()
	var r *lot.Refused
	if err != nil && (!errors.As(err, &r) || !errors.Is(err, geo.ErrInvalid) || r.Field == "" || r.Expected == "") {
		t.Fatalf("not a refusal: %v", err)
	}
}
