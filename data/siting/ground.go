package siting

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"luodi/data/store"
	"luodi/data/store/ewkb"
)

// Ground is the land of the candidates that have a score, each piece of it once: parcels, whole where they or a set
// that they belong to have one; of other parcels the lots, united where they lie over each other. scores are those of
// all fields' candidates, in the order of the fields; NaN: none. It lies in the plane of the comb.
func (s Siting) Ground(ctx context.Context, c Comb, fields []*Field, scores []float64) ([]orb.Polygon, error) {
	var ground []orb.Polygon
	var over []orb.MultiPolygon
	first := 0
	for _, f := range fields {
		if f.survey == c.survey {
			alone, lots := f.ground(scores[first : first+f.Offered()])
			ground, over = append(ground, alone...), append(over, lots...)
		}
		first += f.Offered()
	}
	if len(over) == 0 {
		return ground, nil
	}
	united, err := s.unite(ctx, over)
	return append(ground, united...), err
}

// ground is the land of a field's candidates with a score: what lies apart, and lots of one parcel that may lie over
// each other.
func (f *Field) ground(scores []float64) (alone []orb.Polygon, over []orb.MultiPolygon) {
	whole, lots := map[int]bool{}, map[int]orb.MultiPolygon{}
	var parents []int
	for row, score := range scores {
		if math.IsNaN(score) {
			continue
		}
		c := f.Candidate(row)
		if c.Kind != GroundLot {
			for _, parcel := range c.Parcels {
				whole[parcel] = true
			}
			continue
		}
		if lots[c.Parcels[0]] == nil {
			parents = append(parents, c.Parcels[0])
		}
		lots[c.Parcels[0]] = append(lots[c.Parcels[0]], c.Shape)
	}
	for row := range f.Places {
		if whole[row] {
			alone = append(alone, f.Places[row].Shape)
		}
	}
	for _, row := range parents {
		switch {
		case whole[row]:
		case len(lots[row]) == 1:
			alone = append(alone, lots[row][0])
		default:
			over = append(over, lots[row])
		}
	}
	return alone, over
}

// sqlUnite unites on a grid of 0.1 mm, so that lots with a side in common leave no slivers.
const sqlUnite = `SELECT ST_AsEWKB((ST_Dump(ST_UnaryUnion(ST_GeomFromEWKB(g), 0.0001))).geom) FROM unnest($1::bytea[]) g`

// unite makes of each group of polygons in a plane those that cover the same ground once.
func (s Siting) unite(ctx context.Context, groups []orb.MultiPolygon) ([]orb.Polygon, error) {
	sent := make([][]byte, len(groups))
	for i, g := range groups {
		var err error
		if sent[i], err = ewkb.Append(nil, g, 0); err != nil {
			return nil, err
		}
	}
	rows, err := s.Planner.Query(ctx, sqlUnite, sent)
	if err != nil {
		return nil, store.Translate("unite lots", err)
	}
	defer rows.Close()
	var out []orb.Polygon
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, store.Translate("unite lots", err)
		}
		g, _, err := ewkb.Decode(b)
		if err != nil {
			return nil, err
		}
		if p, ok := g.(orb.Polygon); ok { // a line or a point where two lots only touch is no ground
			out = append(out, p)
		}
	}
	return out, store.Translate("unite lots", rows.Err())
}
