package surveytext

import (
	"math"
	"testing"

	"luodi/geo"
)

// FuzzRead: whatever comes, reading ends; what is to be used is whole; what is refused is told.
func FuzzRead(f *testing.F) {
	for _, c := range rightTexts {
		f.Add([]byte(c.text), int(c.opts.CRS), string(c.opts.Figure))
	}
	for _, c := range traps {
		f.Add([]byte(c.text), int(c.opts.CRS), string(c.opts.Figure))
	}
	f.Fuzz(func(t *testing.T, body []byte, crs int, figure string) {
		Begins(body)
		read := Read(body, Options{CRS: geo.EPSG(crs), Figure: Figure(figure)})
		for i, fault := range read.Faults {
			if fault.Invalid == nil || fault.Rule == "" || fault.Got == "" || fault.Line < 1 ||
				fault.Parcel >= len(read.Parcels) &&
					len(read.Parcels) > 0 {
				t.Fatalf("fault %d: %+v", i, fault)
			}
		}
		if len(read.Faults) == 0 && len(read.Parcels) == 0 {
			t.Fatal("nothing was read, and nothing is wrong")
		}
		for i, p := range read.Parcels {
			if read.Of(i) != nil {
				continue
			}
			if len(p.Rings) == 0 || p.Line < 1 || p.Figure == Area && p.Legal().Units() <= 0 {
				t.Fatalf("parcel %d: %+v", i, p)
			}
			for _, ring := range p.Rings {
				if p.Figure == Area && len(ring.Corners) < 3 {
					t.Fatalf("parcel %d has a ring of %d", i, len(ring.Corners))
				}
				for _, c := range ring.Corners {
					if math.IsNaN(c.At[0]) || math.Abs(c.At[0]) > 1e8 || math.IsNaN(c.At[1]) ||
						math.Abs(c.At[1]) > 1e8 {
						t.Fatalf("a corner at %v", c.At)
					}
				}
			}
		}
	})
}
