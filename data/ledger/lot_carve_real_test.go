package ledger_test

import (
	"context"
	"math"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
	"luodi/data/store/storetest"
	"luodi/geo/carve"
	"luodi/geo/fit"
	"luodi/geo/lot"
)

// readRoads gives the village's roads with their width of carriageway; 4 m, what most have, where none is stated.
func readRoads(t testing.TB) []fit.Road {
	t.Helper()
	var roads []fit.Road
	readReal(t, "road.gpkg", func(g orb.Geometry, values map[string]string) {
		wide, err := strconv.ParseFloat(values["LARGEUR"], 64)
		if err != nil || wide == 0 {
			wide = 4
		}
		lines, many := g.(orb.MultiLineString)
		if line, one := g.(orb.LineString); one {
			lines, many = orb.MultiLineString{line}, true
		}
		if !many {
			t.Fatalf("a road that is a %s", g.GeoJSONType())
		}
		for _, line := range lines {
			roads = append(roads, fit.Road{Line: line, WidthM: wide})
		}
	})
	return roads
}

// cutOut is a parcel and what was carved of it.
type cutOut struct{ parcel, lot, rest []byte }

// From every parcel of the village a third is carved, along its real roads. What comes of it is measured anew here, and
// by PostGIS.
func TestEveryRealParcelIsCarvedAlongItsRoads(t *testing.T) {
	t.Parallel()
	c, roads := readCadastre(t), readRoads(t)
	db := storetest.New(t)
	var carved tallied
	var cuts []cutOut
	offers := 0
	for i := range c.shapes {
		p, s := c.apart(t, i)
		want := carve.Wanted{AreaM2: p.AreaM2(s) / 3, LeastFrontageM: 6, LeastDepth: 0.2, MostDepth: 8,
			RestFrontageM: 3,
			ToleranceM:    5, Most: 4}
		got, err := carve.Carve(p, s, roads, want, lot.Rules{SnapM: 0.01})
		if !carved.took(t, i, err) {
			continue
		}
		for _, o := range got {
			q := p.Clone()
			checkRealLot(t, i, q, s, roads, want, o)
			if offers++; offers%3 == 0 {
				cuts = append(cuts, cutOut{metres(t, q.Polygon(s)), metres(t, q.Polygon(o.Parts[0])),
					metres(t, q.Polygon(o.Parts[1]))})
			}
		}
	}
	t.Logf("%d parcels: %+v, %d offers", len(c.shapes), carved, offers)
	fronting := len(c.shapes) - carved.refused[lot.NoFrontage]
	if carved.done < fronting*3/4 || carved.done < 200 {
		t.Errorf("only %d of %d parcels that front a road gave lots", carved.done, fronting)
	}
	checkByPostGIS(t, db, cuts)
}

func metres(t testing.TB, g orb.Geometry) []byte {
	t.Helper()
	b, err := ewkb.Append(nil, g, 4550)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func checkRealLot(t *testing.T, i int, p *lot.Plane, s lot.Shape, roads []fit.Road, want carve.Wanted, o carve.Offer) {
	t.Helper()
	if len(o.Parts) != 2 {
		t.Fatalf("parcel %d: %d parts", i, len(o.Parts))
	}
	settleDivision(t, i, p, s, o.Division)
	if off := p.AreaM2(o.Parts[0]) - want.AreaM2; math.Abs(off) > 0.5 {
		t.Errorf("parcel %d: the area is off by %v m²", i, off)
	}
	for k, least := range []float64{want.LeastFrontageM, want.RestFrontageM} {
		f, err := fit.Frontage(p, o.Parts[k], roads, want.ToleranceM)
		if err != nil || f.Longest().LengthM < least-1e-6 {
			t.Errorf("parcel %d: part %d fronts %v m, %v", i, k, f.Longest().LengthM, err)
		}
	}
	if ratio := o.DepthM / o.WidthM; ratio < want.LeastDepth*(1-1e-6) || ratio > want.MostDepth*(1+1e-6) {
		t.Errorf("parcel %d: %v deep, %v wide", i, o.DepthM, o.WidthM)
	}
}

// checkByPostGIS checks that lot and rest are valid, in one piece, disjoint, and the parcel together.
func checkByPostGIS(t *testing.T, db *storetest.DB, cuts []cutOut) {
	t.Helper()
	const query = `SELECT ST_IsValid(lot) AND ST_IsValid(rest) AND ST_GeometryType(lot) = 'ST_Polygon'
       AND ST_GeometryType(rest) = 'ST_Polygon' AS sound,
			ST_Area(ST_Intersection(lot, rest)) AS both_m2,
			  ST_Area(ST_SymDifference(parcel, ST_Union(lot, rest))) AS off_m2, ST_Perimeter(parcel) AS around_m
		FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) WITH ORDINALITY AS t(p, l, r, i),
		LATERAL (SELECT ST_GeomFromEWKB(p) AS parcel, ST_GeomFromEWKB(l) AS lot,
		  ST_GeomFromEWKB(r) AS rest) s ORDER BY i`
	type overlay struct {
		Sound                  bool
		BothM2, OffM2, AroundM float64
	}
	var p, l, r [][]byte
	for _, c := range cuts {
		p, l, r = append(p, c.parcel), append(l, c.lot), append(r, c.rest)
	}
	rows, err := db.Owner.Query(context.Background(), query, p, l, r)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[overlay])
	if err != nil || len(found) != len(cuts) {
		t.Fatalf("%d of %d rows, %v", len(found), len(cuts), err)
	}
	var worst float64
	for i, o := range found {
		worst = max(worst, o.BothM2, o.OffM2)
		if !o.Sound || max(o.BothM2, o.OffM2) > lot.Tolerance(o.AroundM) {
			t.Errorf("cut %d: %+v", i, o)
		}
	}
	t.Logf("PostGIS: %d cuts, the worst off by %.2g m²", len(found), worst)
}
