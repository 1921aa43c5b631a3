package lottest

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/lot"
)

// Rubbish is land and numbers that a fuzzer wrote.
type Rubbish struct {
	Plane   *lot.Plane
	Shape   lot.Shape
	Polygon orb.Polygon
	Road    orb.LineString
	Numbers []float64
}

// AddRubbish gives a fuzzer texts to begin with: a parcel with a hole, one without area, numbers that are none.
func AddRubbish(f *testing.F) {
	f.Add([]byte{0, 0, 0, 100, 0, 100, 100, 0, 100, 20, 20, 30, 20, 30, 30, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Add([]byte{0, 0, 0, 100, 0, 0, 0, 100, 0, 9, 9, 9, 9, 9, 9, 9, 9})
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f})
}

// ReadRubbish reads what a fuzzer wrote: six corners of a parcel, four of a hole and a road. It is false where a plane
// refuses the corners.
func ReadRubbish(t *testing.T, raw []byte) (Rubbish, bool) {
	t.Helper()
	out := Rubbish{Plane: new(lot.Plane), Numbers: numbers(raw)}
	var ring, hole orb.Ring
	for i := 0; i+1 < len(out.Numbers); i += 2 {
		p := orb.Point{out.Numbers[i], out.Numbers[i+1]}
		switch {
		case i < 12:
			ring = append(ring, p)
		case i < 20:
			hole = append(hole, p)
		default:
			out.Road = append(out.Road, p)
		}
	}
	out.Road = append(out.Road, ring...)
	out.Polygon = orb.Polygon{ring}
	if len(hole) > 0 {
		out.Polygon = append(out.Polygon, hole)
	}
	var err error
	out.Shape, err = out.Plane.Add(out.Polygon)
	CheckRefusal(t, err)
	return out, err == nil
}

// At is the number at a place, counted round.
func (r Rubbish) At(i int) float64 {
	if len(r.Numbers) == 0 {
		return 0
	}
	return r.Numbers[i%len(r.Numbers)]
}

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

// CheckRefusal checks that an error is a refusal with a reason.
func CheckRefusal(t *testing.T, err error) {
	t.Helper()
	var r *lot.Refused
	if err != nil && (!errors.As(err, &r) || !errors.Is(err, geo.ErrInvalid) || r.Field == "" || r.Rule == "") {
		t.Fatalf("not a refusal: %v", err)
	}
}
