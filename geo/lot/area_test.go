package lot_test

import (
	"math"
	"strings"
	"testing"

	"luodi/geo"
	"luodi/geo/geotest"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// ushape is two prongs of 20 × 40 on a bar of 60 × 20; nshape is it upside down.
const (
	ushape = "POLYGON((0 0, 60 0, 60 60, 40 60, 40 20, 20 20, 20 60, 0 60, 0 0))"
	nshape = "POLYGON((0 60, 0 0, 20 0, 20 40, 40 40, 40 -10, 60 -10, 60 60, 0 60))"
)

func TestCutArea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, parcel string
		area, bearing float64
		side          lot.Side
		piece, rest   string
	}{
		{"left of a line to the north is the west", square, 2500, 0, lot.Left, "(0 0, 25 0, 25 100, 0 100)",
			"(25 0, 100 0, 100 100, 25 100)"},
		{"right of it is the east", square, 2500, 0, lot.Right, "(75 0, 100 0, 100 100, 75 100)",
			"(0 0, 75 0, 75 100, 0 100)"},
		{"left of a line to the east is the north", square, 1000, 90, lot.Left, "(0 90, 100 90, 100 100, 0 100)",
			"(0 0, 100 0, 100 90, 0 90)"},
		{"a bearing of 45 runs north-east", square, 5000, 45, lot.Left, "(0 0, 100 100, 0 100)",
			"(0 0, 100 0, 100 100)"},
		{"a hole is taken off", holed, 4800, 0, lot.Left, "(0 0, 50 0, 50 40, 40 40, 40 60, 50 60, 50 100, 0 100)",
			"(50 0, 100 0, 100 100, 50 100, 50 60, 60 60, 60 40, 50 40)"},
		{"a hole on one side stays whole", holed, 2000, 0, lot.Left, "(0 0, 20 0, 20 100, 0 100)",
			"(20 0, 100 0, 100 100, 20 100), (40 40, 40 60, 60 60, 60 40)"},
		{"of two prongs the longer gives the piece", nshape, 600, 90, lot.Right, "(40 -10, 60 -10, 60 20, 40 20)",
			"(0 0, 20 0, 20 40, 40 40, 40 20, 60 20, 60 60, 0 60)"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			d := g.Take(lot.CutArea(g.Plane, g.Parcel(c.parcel), c.area, c.bearing, c.side, lottest.Rules))
			if got := g.WKT(d.Parts[0]); got != c.piece || math.Abs(g.Areas(d.Parts)[0]-c.area) > 1e-5 {
				t.Errorf("the piece is %s of %v m², want %s", got, g.Areas(d.Parts)[0], c.piece)
			}
			if got := g.WKT(d.Parts[1]); got != c.rest || len(d.Parts) != 2 {
				t.Errorf("the rest is %s, want %s", got, c.rest)
			}
		})
	}
}

func TestCutAreaIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, parcel string
		area, bearing float64
		side          lot.Side
		want          lot.Reason
		says          string
	}{
		{"no area", square, 0, 0, lot.Left, lot.BadArea, "lot.area_above (m2 0.001)"},
		{"all of it", square, 10_000, 0, lot.Left, lot.BadArea, "lot.area_below (m2 9999.999)"},
		{"more than there is without the hole", holed, 9_700, 0, lot.Left, lot.BadArea, "lot.area_below (m2 9599.999)"},
		{"an area that is no number", square, math.NaN(), 0, lot.Left, lot.BadArea, "NaN"},
		{"a bearing that is no number", square, 100, math.NaN(), lot.Left, lot.BadDirection, "lot.bearing"},
		{"a side that is none", square, 100, 0, lot.Side(7), lot.BadDirection, "lot.left_or_right"},
		{"a piece below the least area", square, 0.5, 0, lot.Left, lot.TooSmall, "lot.part_m2 (m2 1), got 0.5 m²"},
		{"a sliver", square, 3, 0, lot.Left, lot.TooThin, "lot.part_m (m 0.05)"},
		{"a rest of two prongs", ushape, 1600, 90, lot.Right, lot.SeveralPieces, "600 m², 600 m²"},
		{"two prongs that join before one has the area", ushape, 1500, 90, lot.Left, lot.SeveralPieces,
			"came.piece (m2 800, asked 1500)"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			_, err := lot.CutArea(g.Plane, g.Parcel(c.parcel), c.area, c.bearing, c.side, lottest.Rules)
			if r := lottest.Refused(t, err, c.want); !strings.Contains(r.Error(), c.says) {
				t.Errorf("says %v, want %q", r, c.says)
			}
		})
	}
}

func TestAnAreaIsMetWhereTheLinePassesCloseToAVertex(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, parcel string
		area          float64
		newNodes      int
	}{
		{"a vertex 8 mm off: the line turns about it", "POLYGON((0 0, 50.008 0, 100 0, 100 100, 0 100, 0 0))", 5000, 1},
		{"a vertex 3 mm off on each end, the same way: the line goes past them",
			"POLYGON((0 0, 50.003 0, 100 0, 100 100, 50.003 100, 0 100, 0 0))", 5000, 2},
		{"a vertex 8 mm off on each end, one each way: the line goes through both",
			"POLYGON((0 0, 50.008 0, 100 0, 100 100, 49.992 100, 0 100, 0 0))", 5000, 0},
		{"vertices just there", "POLYGON((0 0, 50 0, 100 0, 100 100, 50 100, 0 100, 0 0))", 5000, 0},
		{"a step whose long side is 5 mm off",
			"POLYGON((0 0, 100 0, 100 100, 50.005 100, 50.005 20, 40 20, 40 10, 0 10, 0 0))", 500, 2},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			d := g.Take(lot.CutArea(g.Plane, g.Parcel(c.parcel), c.area, 0, lot.Left, lottest.Rules))
			if got := g.Areas(d.Parts)[0]; math.Abs(got-c.area) > 0.001 || len(d.New) != c.newNodes {
				t.Errorf("%v m² with %d new nodes: %s", got, len(d.New), g.WKT(d.Parts[0]))
			}
		})
	}
}

func TestCutInto(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel(holed)
	d := g.Take(lot.CutInto(g.Plane, s, 5, 0, lottest.Rules))
	var sum float64
	for i, area := range g.Areas(d.Parts) {
		if math.Abs(area-1920) > 0.001 {
			t.Errorf("part %d has %v m²", i, area)
		}
		sum += area
	}
	if math.Abs(sum-9600) > 1e-8 || len(d.Parts) != 5 {
		t.Errorf("%d parts of %v m²", len(d.Parts), sum)
	}
	if got := g.WKT(d.Parts[0]); got != "(0 0, 19.2 0, 19.2 100, 0 100)" {
		t.Errorf("the first part is %s", got)
	}
	d, err := lot.CutShares(g.Plane, s, []float64{3, 1, 1}, 90, lottest.Rules)
	g.Take(d, err)
	if areas := g.Areas(d.Parts); math.Abs(areas[0]-5760) > 0.001 || math.Abs(areas[2]-1920) > 0.001 {
		t.Errorf("shares 3:1:1 give %v", areas)
	}
	for _, shares := range [][]float64{nil, {1}, {1, 0}, {1, -1}, {1, math.NaN()}, {1, math.Inf(1)},
		make([]float64, 2000)} {
		_, err := lot.CutShares(g.Plane, s, shares, 0, lottest.Rules)
		lottest.Refused(t, err, lot.BadArea)
	}
	_, err = lot.CutInto(g.Plane, s, 1, 0, lottest.Rules)
	lottest.Refused(t, err, lot.BadArea)
	_, err = lot.CutInto(g.Plane, g.Parcel(ushape), 2, 90, lottest.Rules)
	if r := lottest.Refused(t, err, lot.SeveralPieces); !strings.Contains(r.Error(), "lot.for_part (n 1,") {
		t.Errorf("says %v", r)
	}
}

func TestLegalAreasSumToTheParents(t *testing.T) {
	t.Parallel()
	parent := geo.MustArea("68507.52")
	target, err := lot.TargetM2(geotest.Mu("30").Area(), parent, 68500)
	if err != nil || math.Abs(target-68500*20000/68507.52) > 1e-9 {
		t.Errorf("30 mu are %v m² computed, %v", target, err)
	}
	part, rest, err := lot.LegalRest(parent, geotest.Mu("30").Area())
	if err != nil || part.String() != "20000.0000" || rest.String() != "48507.5200" {
		t.Errorf("%s and %s, %v", part, rest, err)
	}
	parts, err := lot.Legal(parent, []float64{100, 200, 400})
	if err != nil || geo.Sum(parts...) != parent {
		t.Errorf("%v, %v", parts, err)
	}
	for _, wanted := range []geo.Area{{}, parent, geo.MustArea("-1"), geo.MustArea("70000")} {
		_, err := lot.TargetM2(wanted, parent, 68500)
		lottest.Refused(t, err, lot.BadArea)
		_, _, err = lot.LegalRest(parent, wanted)
		lottest.Refused(t, err, lot.BadArea)
	}
	_, err = lot.TargetM2(geo.MustArea("1"), parent, math.NaN())
	lottest.Refused(t, err, lot.BadArea)
}
