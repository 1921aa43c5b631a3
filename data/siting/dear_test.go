package siting_test

import (
	"context"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/siting"
	"luodi/data/store/storetest"
	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/match"
)

// dear asks for every dear measure of all places.
func dear(t *testing.T, m *siting.Matcher, park string, public bool, at *time.Time) map[uuid.UUID][4]float64 {
	t.Helper()
	out := map[uuid.UUID][4]float64{}
	need := siting.Requirement{Hall: &siting.Hall{LengthM: 50, WidthM: 20}}
	var criteria []match.Criterion
	for _, measure := range []string{"rectangle_m2", "frontage_m", "depth_m", "hall_m"} {
		criteria = append(criteria, match.Criterion{Measure: measure, Want: match.Benefit, Weight: 1})
	}
	look := func(s *siting.Sites) error {
		table, _, err := s.Table(context.Background(), criteria, need, time.Now())
		if err != nil {
			return err
		}
		for row, p := range s.Places {
			out[p.ID] = [4]float64{table.Columns[0][row], table.Columns[1][row], table.Columns[2][row],
				table.Columns[3][row]}
			plane := &lot.Plane{}
			shape, err := plane.Add(p.Shape)
			if err != nil {
				return err
			}
			best, err := fit.LargestRectangle(plane, shape, fit.Sides{})
			if err != nil || best.AreaM2() != out[p.ID][0] {
				t.Errorf("the rectangle of %s is %v m², measured now %v, %v", p.Code, out[p.ID][0], best.AreaM2(), err)
			}
		}
		return nil
	}
	var err error
	if at != nil {
		err = m.ReadAt(context.Background(), park, public, *at, look)
	} else {
		err = m.Read(context.Background(), park, public, look)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestKeptDearMeasuresAreThoseOfToday(t *testing.T) {
	t.Parallel()
	db, park, parcels := rowOf(t, 3)
	m := siting.NewMatcher(db.Store)
	refs := func(ids ...uuid.UUID) (out []ledger.Ref) {
		for _, id := range ids {
			out = append(out, ledger.Ref{ID: id,
				Version: storetest.Number[int64](t, db, `SELECT version FROM parcel WHERE parcel_id = $1`, id)})
		}
		return out
	}
	same := func(when string, at *time.Time) map[uuid.UUID][4]float64 {
		t.Helper()
		kept := map[uuid.UUID][4]float64{}
		for _, public := range []bool{true, false} {
			kept = dear(t, m, park, public, at)
			if fresh := dear(t, siting.NewMatcher(db.Store), park, public, at); !maps.Equal(kept, fresh) || len(kept) == 0 {
				t.Errorf("%s, public %v: kept %v, measured now %v", when, public, kept, fresh)
			}
		}
		return kept
	}
	before := same("before", nil)
	then := storetest.Number[time.Time](t, db, `SELECT clock_timestamp()`)
	split := order(t, db, park, ledger.Command{Kind: "split", Parcels: refs(parcels[1]),
		Shape: &ledger.Shape{Line: [][2]float64{{122.0214, 37.2395}, {122.0217, 37.2415}}}})
	if after := same("split", nil); len(after) != 4 {
		t.Errorf("%d places after the split", len(after))
	}
	var children []uuid.UUID
	for _, p := range split.Parcels {
		if p.ID != parcels[0] && p.ID != parcels[2] {
			children = append(children, p.ID)
		}
	}
	order(t, db, park, ledger.Command{Kind: "merge", Parcels: refs(children...),
		Shape: &ledger.Shape{Codes: []string{"B2"}}})
	if after := same("merge", nil); len(after) != 3 {
		t.Errorf("%d places after the merge", len(after))
	}
	order(t, db, park, ledger.Command{Kind: "correct", Parcels: refs(parcels[0]), Shape: &ledger.Shape{
		Geometry: json.RawMessage(`{"type": "Polygon", "coordinates": [[[122.02, 37.24], [122.0206, 37.24],
			[122.0204, 37.2409], [122.02, 37.2409], [122.02, 37.24]]]}`)}})
	after := same("correction", nil)
	if was, is := before[parcels[0]][0], after[parcels[0]][0]; !(is < 0.9*was) {
		t.Errorf("the rectangle of the corrected parcel was %v m² and is %v", was, is)
	}
	if past := same("as of then", &then); !maps.Equal(past, before) {
		t.Errorf("as of then %v, then %v", past, before)
	}
	facts := feed.Facts{}
	for name, value := range map[string]string{"code": `"R-1"`, "kind": `"road"`, "grade": `"main"`} {
		facts[name] = json.RawMessage(value)
	}
	order(t, db, park, ledger.Command{Kind: "create", Object: &ledger.Subject{Collection: "networks", Facts: facts,
		Geometry: json.RawMessage(`{"type": "LineString", "coordinates": [[122.0201, 37.241], [122.029, 37.241]]}`)}})
	roaded := same("a road", nil)
	if was, is := after[parcels[2]][1], roaded[parcels[2]][1]; was != 0 || !(is > 50) {
		t.Errorf("%v m of the last parcel front a road, and once there is one %v m", was, is)
	}
}
