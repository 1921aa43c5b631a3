package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/geotest"
	"luodi/geo/lot"
)

// ragged counts vertices of a live parcel that lie on another's boundary (within 1e-8 degrees, a millimetre) without
// being a vertex of it.
func (d *desk) ragged() int {
	d.t.Helper()
	const sql = `SELECT count(*) FROM parcel_version a JOIN parcel_version b ON a.to_seq IS NULL
       AND b.to_seq IS NULL AND a.parcel_id <> b.parcel_id AND a.geom && ST_Expand(b.geom, 1e-8)
		CROSS JOIN LATERAL ST_DumpPoints(a.geom) v
		WHERE ST_DWithin(v.geom, ST_Boundary(b.geom), 1e-8)
		  AND NOT EXISTS (SELECT FROM ST_DumpPoints(b.geom) o WHERE ST_OrderingEquals(o.geom, v.geom))`
	var n int
	if err := d.Owner.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// totals sums the live parcels' legal and computed areas.
func (d *desk) totals() (legal geo.Area, computed float64) {
	d.t.Helper()
	var text string
	if err := d.Owner.QueryRow(context.Background(), `SELECT sum(legal_m2)::text, sum(computed_m2)
		FROM parcel_version WHERE to_seq IS NULL`).Scan(&text, &computed); err != nil {
		d.t.Fatal(err)
	}
	return geo.MustArea(text), computed
}

func ids(states []ledger.ParcelState) []uuid.UUID {
	out := make([]uuid.UUID, len(states))
	for i, s := range states {
		out[i] = s.ID
	}
	return out
}

func coded(states []ledger.ParcelState, codes ...string) []uuid.UUID {
	var out []uuid.UUID
	for _, code := range codes {
		i := slices.IndexFunc(states, func(s ledger.ParcelState) bool { return s.Code == code })
		out = append(out, states[i].ID)
	}
	return out
}

func TestSplitAndMergeGiveBackTheSameGround(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(3)...)
	legal, computed := d.totals()
	mu := geotest.Mu("5")
	bearing := 10.0
	for name, shape := range map[string]ledger.Shape{
		"by a line":         {Line: [][2]float64{{122.0212, 37.2395}, {122.0216, 37.2405}, {122.0214, 37.2425}}},
		"by an area in mu":  {AreaMu: &mu, Bearing: &bearing, Side: "right"},
		"into three":        {Parts: 3, Bearing: &bearing},
		"from side to side": {Line: [][2]float64{{122.0205, 37.2405}, {122.0235, 37.2407}}},
	} {
		out := d.do(ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[1]), Shape: &shape})
		if len(out.Retired) != 1 || len(out.Parcels) < 2 {
			t.Fatalf("%s: %d retired, %d parcels", name, len(out.Retired), len(out.Parcels))
		}
		if l, c := d.totals(); l != legal || math.Abs(c-computed) > 0.02 {
			t.Errorf("%s: legal %v (was %v), computed %v (was %v)", name, l, legal, c, computed)
		}
		if n := d.ragged(); n != 0 {
			t.Errorf("%s: %d vertices on a border are not the neighbour's too", name, n)
		}
		if name == "by an area in mu" && !slices.ContainsFunc(out.Parcels,
			func(p ledger.ParcelState) bool { return p.LegalM2 == mu.Area() }) {
			t.Errorf("no child has exactly 5 mu: %+v", out.Parcels)
		}
		children := out.Parcels[:0:0]
		for _, p := range out.Parcels {
			if p.Code != "A" && p.Code != "C" {
				children = append(children, p)
			}
		}
		back := d.do(ledger.Command{Kind: "merge", Parcels: d.refs(ids(children)...),
			Shape: &ledger.Shape{Codes: []string{"B"}}})
		if l, c := d.totals(); l != legal || math.Abs(c-computed) > 0.02 || len(back.Retired) != len(children) {
			t.Errorf("%s, merged: legal %v, computed %v, %d retired", name, l, c, len(back.Retired))
		}
		d.parcels[1] = coded(back.Parcels, "B")[0]
	}
}

func TestASplitOfAllottedLandNamesItsHeir(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	d.hold(d.parcels[0])
	shape := ledger.Shape{Parts: 2, Codes: []string{"A1", "A2"}}
	_, err := ledger.Of(d.Store).Do(context.Background(), d.order(ledger.Command{Kind: "split",
		Parcels: d.refs(d.parcels[0]),
		Shape:   &shape}))
	var denial *store.Denial
	if !errors.As(err, &denial) || denial.Rule != "heir_is_named" {
		t.Fatalf("no heir: %v", err)
	}
	shape.Heir = "A2"
	out := d.do(ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]), Shape: &shape})
	for _, p := range out.Parcels {
		if want := map[string]string{"A1": "available", "A2": "held", "B": "available"}[p.Code]; p.Status != want {
			t.Errorf("%s is %s, want %s", p.Code, p.Status, want)
		}
	}
	_, err = ledger.Of(d.Store).Do(context.Background(), d.order(ledger.Command{Kind: "merge",
		Parcels: d.refs(coded(out.Parcels, "A1", "A2")...)}))
	if !errors.As(err, &denial) || denial.Rule != "rights_are_one" {
		t.Errorf("free and held land merged: %v", err)
	}
}

func TestAMergeOfUnlikeParcelsDemandsADecision(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDesk(t, row(2)...)
	if _, err := d.Owner.Exec(ctx, `ALTER TABLE parcel_version DISABLE TRIGGER USER; UPDATE parcel_version
		SET land_use = CASE code WHEN 'A' THEN '100101' ELSE '100102' END; ALTER TABLE parcel_version ENABLE TRIGGER USER`); err != nil {
		t.Fatal(err)
	}
	command := ledger.Command{Kind: "merge", Parcels: d.refs(d.parcels...)}
	_, err := ledger.Of(d.Store).Do(ctx, d.order(command))
	var undecided *ledger.Undecided
	if !errors.As(err, &undecided) || len(undecided.Differ) != 1 || undecided.Differ[0].Field != "land_use" ||
		string(undecided.Differ[0].Values["B"]) != `"100102"` {
		t.Fatalf("got %v", err)
	}
	command.Shape = &ledger.Shape{Decision: json.RawMessage(`{"land_use": "100101"}`), Codes: []string{"AB"}}
	out := d.do(command)
	var use string
	if err := d.Owner.QueryRow(ctx, `SELECT land_use FROM parcel_version WHERE to_seq IS NULL AND parcel_id = $1`,
		out.Parcels[0].ID).Scan(&use); err != nil || use != "100101" {
		t.Errorf("land use %q, %v", use, err)
	}
}

// TestServicesOfMergedParcelsAddUp merges two parcels whose steam adds up and whose power doesn't: only the power is
// asked about.
func TestServicesOfMergedParcelsAddUp(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDesk(t, row(2)...)
	if _, err := d.Owner.Exec(ctx, `ALTER TABLE parcel_version DISABLE TRIGGER USER; UPDATE parcel_version
		SET services = CASE code
		  WHEN 'A' THEN '{"steam": {"ready": true, "capacity": 2.2, "unit": "t/h"}, "power": {"ready": true, "capacity": 500, "unit": "kVA"}}'::jsonb
		  ELSE '{"steam": {"ready": true, "capacity": 3.3, "unit": "t/h"}, "power": {"ready": false, "capacity": null, "unit": null}}'::jsonb END;
		ALTER TABLE parcel_version ENABLE TRIGGER USER`); err != nil {
		t.Fatal(err)
	}
	command := ledger.Command{Kind: "merge", Parcels: d.refs(d.parcels...)}
	_, err := ledger.Of(d.Store).Do(ctx, d.order(command))
	var undecided *ledger.Undecided
	if !errors.As(err, &undecided) || len(undecided.Differ) != 1 || undecided.Differ[0].Field != "services.power" ||
		len(undecided.Differ[0].Values) != 2 {
		t.Fatalf("got %+v, %v", undecided, err)
	}
	wrong := command
	wrong.Shape = &ledger.Shape{Decision: json.RawMessage(`{"services.power": {"ready": "perhaps"}}`)}
	var invalid *geo.Invalid
	if _, err := ledger.Of(d.Store).Do(ctx, d.order(wrong)); !errors.As(err, &invalid) {
		t.Errorf("a power that is none: %v", err)
	}
	command.Shape = &ledger.Shape{Codes: []string{"AB"},
		Decision: json.RawMessage(`{"services.power": {"ready": true, "capacity": 500, "unit": "kVA"}}`)}
	out := d.do(command)
	var steam, power float64
	if err := d.Owner.QueryRow(ctx, `SELECT (services->'steam'->>'capacity')::float8, (services->'power'->>'capacity')::float8
		FROM parcel_version WHERE to_seq IS NULL AND parcel_id = $1`, out.Parcels[0].ID).Scan(&steam, &power); err != nil ||
		steam != 5.5 || power != 500 {
		t.Errorf("steam %v, power %v, %v", steam, power, err)
	}
}

// TestPartsMergedAgainHaveTheServicesOfTheWhole splits a parcel and merges the parts: its power is there once.
func TestPartsMergedAgainHaveTheServicesOfTheWhole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDesk(t, row(1)...)
	if _, err := d.Owner.Exec(ctx, `ALTER TABLE parcel_version DISABLE TRIGGER USER; UPDATE parcel_version
		SET services = '{"power": {"ready": true, "capacity": 500, "unit": "kVA"}}';
		ALTER TABLE parcel_version ENABLE TRIGGER USER`); err != nil {
		t.Fatal(err)
	}
	parts := d.do(ledger.Command{Kind: "split", Parcels: d.refs(d.parcels...), Shape: &ledger.Shape{Parts: 2}}).Parcels
	whole := d.do(ledger.Command{Kind: "merge", Parcels: d.refs(parts[0].ID, parts[1].ID),
		Shape: &ledger.Shape{Codes: []string{"AB"}}})
	var power float64
	if err := d.Owner.QueryRow(ctx, `SELECT (services->'power'->>'capacity')::float8 FROM parcel_version
		WHERE to_seq IS NULL AND parcel_id = $1`, whole.Parcels[0].ID).Scan(&power); err != nil || power != 500 {
		t.Errorf("power %v, %v", power, err)
	}
}

func TestAMovedBoundaryMovesForBothSides(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(3)...)
	legal, _ := d.totals()
	out := d.do(ledger.Command{Kind: "move", Parcels: d.refs(d.parcels[0], d.parcels[1]),
		Shape: &ledger.Shape{Line: [][2]float64{{122.0212, 37.24}, {122.0208, 37.241}}}})
	if l, _ := d.totals(); l != legal || len(out.Retired) != 0 || len(out.Parcels) != 2 {
		t.Errorf("legal %v (was %v), %d retired, %d parcels", l, legal, len(out.Retired), len(out.Parcels))
	}
	if n := d.ragged(); n != 0 {
		t.Errorf("%d vertices on a border are not the neighbour's too", n)
	}
}

func TestWhatCannotBeCutIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(3)...)
	big := geotest.Mu("5000")
	for name, c := range map[string]struct {
		command ledger.Command
		reason  lot.Reason
		field   string
	}{
		"a line that misses": {ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
			Shape: &ledger.Shape{Line: [][2]float64{{122.5, 37.2}, {122.5, 37.3}}}}, lot.LineMisses, ""},
		"a line that ends inside": {ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
			Shape: &ledger.Shape{Line: [][2]float64{{122.0205, 37.2395}, {122.0205, 37.2405}}}}, lot.LineEndsInside,
			""},
		"more mu than there are": {ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
			Shape: &ledger.Shape{AreaMu: &big}}, lot.BadArea, ""},
		"parcels far apart": {ledger.Command{Kind: "merge", Parcels: d.refs(d.parcels[0], d.parcels[2])},
			lot.NoSharedEdge, ""},
		"no way to cut": {ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]), Shape: &ledger.Shape{}},
			"", "shape"},
		"two ways to cut": {ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
			Shape: &ledger.Shape{Parts: 2, AreaMu: &big}}, "", "shape"},
		"codes that don't fit": {ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
			Shape: &ledger.Shape{Parts: 3, Codes: []string{"X"}}}, "", "shape.codes"},
		"an heir of free land": {ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
			Shape: &ledger.Shape{Parts: 2, Heir: "A-1"}}, "", "shape.heir"},
	} {
		_, err := ledger.Of(d.Store).Do(context.Background(), d.order(c.command))
		var refused *lot.Refused
		var invalid *geo.Invalid
		if c.reason != "" && (!errors.As(err, &refused) || refused.Reason != c.reason) {
			t.Errorf("%s: %v, want %s", name, err, c.reason)
		}
		if c.field != "" && (!errors.As(err, &invalid) || invalid.Field != c.field) {
			t.Errorf("%s: %v, want the field %s", name, err, c.field)
		}
	}
	taken := d.order(ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
		Shape: &ledger.Shape{Parts: 2, Codes: []string{"B", "B2"}}})
	if _, err := ledger.Of(d.Store).Do(context.Background(),
		taken); store.Constraint(err) != "parcel_version_live_code" {
		t.Errorf("a code that is taken: %v", err)
	}
}
