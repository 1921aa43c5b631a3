package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/geotest"
)

// picture describes the live parcels: code, bank status, legal area, and status.
func (d *desk) picture() string {
	d.t.Helper()
	const sql = `SELECT string_agg(v.code || ' ' || v.bank_status || ' ' || v.legal_m2 || ' ' || v.publication || ' ' || coalesce(a.state, '-') || ' ' || coalesce(a.expires_at::text, '-') || ' ' || coalesce(a.supply_mode, '-'), E'\n' ORDER BY v.code)
		FROM parcel_version v LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id)
		  AND l.to_seq IS NULL
		LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id)
		  AND a.to_seq IS NULL WHERE v.to_seq IS NULL`
	var s string
	if err := d.Owner.QueryRow(context.Background(), sql).Scan(&s); err != nil {
		d.t.Fatal(err)
	}
	return s
}

// ground sums the differences of the live ground, by code, from what it was after a change, in m².
func (d *desk) groundSince(seq int64) float64 {
	d.t.Helper()
	const sql = `SELECT coalesce(sum(ST_Area(ST_SymDifference(ST_Transform(a.geom, 4550),
       ST_Transform(b.geom, 4550)))), 0) FROM parcel_version a JOIN parcel_version b USING (code)
		WHERE a.to_seq IS NULL AND b.from_seq <= $1 AND (b.to_seq > $1 OR b.to_seq IS NULL)`
	var m2 float64
	if err := d.Owner.QueryRow(context.Background(), sql, seq).Scan(&m2); err != nil {
		d.t.Fatal(err)
	}
	return m2
}

func TestEachChangeCanBeReversedAndTheReversalToo(t *testing.T) {
	t.Parallel()
	squares := row(5)
	squares[3].Bank = "reserve"
	d := newDesk(t, squares...)
	held := d.hold(d.parcels[2])
	right := func() *ledger.Ref {
		return &ledger.Ref{ID: held.Allotment.ID, Version: d.version(d.parcels[2])}
	}
	bearing := 20.0
	mu := geotest.Mu("4")
	for _, c := range []struct {
		name  string
		order func() ledger.Command
		again bool // the reversal can be reversed
	}{
		{"split of free land", func() ledger.Command {
			return ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
				Shape: &ledger.Shape{AreaMu: &mu, Bearing: &bearing}}
		}, true},
		{"withdrawal", func() ledger.Command { return ledger.Command{Kind: "withdraw", Parcels: d.refs(d.live("B"))} },
			true},
		{"release", func() ledger.Command { return ledger.Command{Kind: "release", Parcels: d.refs(d.live("D"))} },
			false},
		{"publication", func() ledger.Command {
			return ledger.Command{Kind: "unpublish",
				Parcels: d.refs(d.live("E"))}
		},
			true},
		{"merge", func() ledger.Command {
			return ledger.Command{Kind: "merge",
				Parcels: d.refs(d.live("A"), d.live("B"))}
		}, true},
		{"moved boundary", func() ledger.Command {
			return ledger.Command{Kind: "move", Parcels: d.refs(d.live("A"), d.live("B")),
				Shape: &ledger.Shape{Line: [][2]float64{{122.0212, 37.24}, {122.0208, 37.241}}}}
		}, true},
		{"reservation", func() ledger.Command { return ledger.Command{Kind: "reserve", Allotment: right()} }, true},
		{"hold", func() ledger.Command { return d.holdCommand(d.live("E")) }, true},
		{"split of held land", func() ledger.Command {
			return ledger.Command{Kind: "split", Parcels: d.refs(d.live("C")),
				Shape: &ledger.Shape{Parts: 2, Codes: []string{"C1", "C2"}, Heir: "C1"}}
		}, true},
		{"taking back", func() ledger.Command { return ledger.Command{Kind: "take_back", Allotment: d.rightOn("C")} },
			true},
	} {
		before, seq := d.picture(), d.seq()
		done := d.do(c.order())
		after := d.picture()
		if after == before && c.name != "moved boundary" {
			t.Fatalf("%s changed nothing", c.name)
		}
		undone := d.do(ledger.Command{Kind: "revert", Reverts: done.Seq})
		if got := d.picture(); got != before {
			t.Fatalf("%s, reversed:\n%s\nwas\n%s", c.name, got, before)
		}
		if m2 := d.groundSince(seq); m2 > 0.1 {
			t.Errorf("%s, reversed: the ground differs by %v m²", c.name, m2)
		}
		if n := d.ragged(); n != 0 {
			t.Errorf("%s, reversed: %d vertices on a border are not the neighbour's too", c.name, n)
		}
		if !c.again {
			continue
		}
		again := d.do(ledger.Command{Kind: "revert", Reverts: undone.Seq})
		if got := d.picture(); got != after {
			t.Errorf("%s, reversed twice:\n%s\nwas\n%s", c.name, got, after)
		}
		d.do(ledger.Command{Kind: "revert", Reverts: again.Seq})
		if got := d.picture(); got != before {
			t.Fatalf("%s, reversed three times:\n%s\nwas\n%s", c.name, got, before)
		}
	}
}

func TestWhatHasMovedOnIsNotReversed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	first := d.do(ledger.Command{Kind: "withdraw", Parcels: d.refs(d.parcels[0])})
	d.do(ledger.Command{Kind: "restore", Parcels: d.refs(d.parcels[0])})
	_, err := ledger.Of(d.Store).Do(context.Background(), d.order(ledger.Command{Kind: "revert", Reverts: first.Seq}))
	var stale *store.Stale
	if !errors.As(err, &stale) || stale.Code != "A" {
		t.Errorf("got %v", err)
	}
	var denial *store.Denial
	if _, err := ledger.Of(d.Store).Do(context.Background(), d.order(ledger.Command{Kind: "revert",
		Reverts: 1})); !errors.As(err,
		&denial) {
		t.Errorf("the making of the park: %v", err)
	}
	var invalid *geo.Invalid
	if _, err := ledger.Of(d.Store).Do(context.Background(), d.order(ledger.Command{Kind: "revert",
		Reverts: 99})); !errors.As(err,
		&invalid) || invalid.Field != "reverts" {
		t.Errorf("a record that is not: %v", err)
	}
}

func TestACorrectionKeepsTheNeighboursEdges(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	shape := `{"type":"Polygon","coordinates":[[[122.02,37.24],[122.021,37.24],[122.021,37.2404],[122.021,37.241],[122.0205,37.24105],[122.02,37.241],[122.02,37.24]]]}`
	o := d.order(ledger.Command{Kind: "correct", Parcels: d.refs(d.parcels[0]),
		Shape: &ledger.Shape{Geometry: []byte(shape)}})
	var invalid *geo.Invalid
	if _, err := ledger.Of(d.Store).Do(context.Background(), o); !errors.As(err, &invalid) ||
		invalid.Field != "documents" {
		t.Errorf("without the survey: %v", err)
	}
	o.Documents = []ledger.Document{{Title: "测绘报告"}}
	out, err := ledger.Of(d.Store).Do(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if n := d.ragged(); n != 0 || len(out.Parcels) != 2 {
		t.Errorf("%d vertices on a border are not the neighbour's too; %d parcels touched, want 2", n, len(out.Parcels))
	}
	o.Command.Parcels = d.refs(d.parcels[0])
	o.Command.Shape = &ledger.Shape{Geometry: []byte(strings.ReplaceAll(shape, "122.021,37.241]", "122.0215,37.241]"))}
	if _, err := ledger.Of(d.Store).Do(context.Background(), o); store.Constraint(err) != "parcels_overlap" {
		t.Errorf("into the neighbour: %v", err)
	}
}
