package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// nextPark makes a park of another plane whose border overlaps the desk's and reaches east of it.
func (d *desk) nextPark(code string) uuid.UUID {
	d.t.Helper()
	park := uuid.New()
	const sql = `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
		SELECT $1, district_id, $2, '邻园', 'Next park', 4549, 'exact',
		  ST_Multi(ST_Segmentize(ST_MakeEnvelope(122.02, 37.24, 122.04, 37.25, 4490), 0.0005)) FROM park
		  WHERE park_id = $3`
	if _, err := d.Owner.Exec(context.Background(), sql, park, code, d.parkID); err != nil {
		d.t.Fatal(err)
	}
	return park
}

// quad is a Polygon in degrees.
func quad(west, south, east, north float64) []byte {
	return fmt.Appendf(nil,
		`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`,
		west, south, east, north)
}

// orderIn is an order for another park than the desk's.
func (d *desk) orderIn(park string, c ledger.Command) ledger.Order {
	o := d.order(c)
	o.Park = park
	return o
}

func parcelOf(code string, geometry []byte) ledger.Command {
	return ledger.Command{Kind: "create", Object: &ledger.Subject{Collection: "parcels", Geometry: geometry,
		Facts: feed.Facts{"code": []byte(`"` + code + `"`)}}}
}

func TestAnOrderForGroundThatAnotherParkHoldsIsRefusedWithItsName(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	d.nextPark("next")
	_, err := ledger.Of(d.Store).Do(context.Background(), d.orderIn("next",
		parcelOf("X", quad(122.0202, 37.2402, 122.0208, 37.2408))))
	var denial *store.Denial
	if !errors.As(err, &denial) || denial.Rule != "parcels_overlap" || denial.Ground == nil ||
		denial.Ground.Park != "desk" || denial.Ground.ParkEN != "Test park" || denial.Ground.Parcel != "A" ||
		denial.Code != "X" {
		t.Errorf("got %v, %+v", err, denial)
	}
	d.do(ledger.Command{Kind: "unpublish", Parcels: d.refs(d.parcels[0])})
	if _, err := ledger.Of(d.Store).Do(context.Background(),
		d.orderIn("next", parcelOf("X", quad(122.0202, 37.2402, 122.0208, 37.2408)))); !errors.As(err, &denial) ||
		denial.Ground.Parcel != "" || denial.Ground.Park != "desk" {
		t.Errorf("of a parcel that isn't public: %v, %+v", err, denial)
	}
	if _, err := ledger.Of(d.Store).Do(context.Background(),
		d.orderIn("next", parcelOf("X", quad(122.92, 37.24, 122.921, 37.241)))); !errors.As(err, &denial) ||
		denial.Rule != "parcel_in_park" || denial.Ground == nil || denial.Ground.M < 50_000 {
		t.Errorf("80 km away: %v", err)
	}
	carried := d.order(ledger.Command{Kind: "correct", Parcels: d.refs(d.parcels[1]),
		Shape: &ledger.Shape{Geometry: quad(122.9, 37.24, 122.901, 37.241)}})
	carried.Documents = []ledger.Document{{Title: "survey"}}
	if _, err := ledger.Of(d.Store).Do(context.Background(), carried); !errors.As(err, &denial) ||
		denial.Rule != "parcel_in_park" {
		t.Errorf("a correction that carries a parcel 80 km: %v", err)
	}
	if _, err := ledger.Of(d.Store).Do(context.Background(),
		d.orderIn("next", parcelOf("X", quad(122.024, 37.24, 122.025, 37.241)))); err != nil {
		t.Errorf("free ground where the borders overlap: %v", err)
	}
}

// Orders of two parks on one border, all at once: the clocks are taken in one order, so none of them ends in a deadlock
// or is told to try again, and no ground is given twice.
func TestOrdersOfTwoParksOnOneBorderNeverDeadlock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.nextPark("next")
	var wait sync.WaitGroup
	errs := make([]error, 32)
	for i := range errs {
		wait.Go(func() {
			x := 122.0205 + 0.0009*float64(i/4)
			_, errs[i] = ledger.Of(d.Store).Do(context.Background(),
				d.orderIn([]string{"desk", "next"}[i%2],
					parcelOf(fmt.Sprint("P", i), quad(x, 37.241, x+0.0008, 37.2418))))
		})
	}
	wait.Wait()
	taken := 0
	for i, err := range errs {
		var denial *store.Denial
		switch {
		case err == nil:
			taken++
		case !errors.As(err, &denial) || denial.Rule != "parcels_overlap":
			t.Errorf("%d: %v", i, err)
		}
	}
	if n := storetest.Number[int](t, d.DB,
		`SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); n != 0 {
		t.Errorf("PostgreSQL ended %d deadlocks, want none", n)
	}
	if taken != len(errs)/4 {
		t.Errorf("%d of %d were taken, want one for each place", taken, len(errs))
	}
}

// An order that PostgreSQL ends in a deadlock with another's transaction is carried out anew, and nobody hears of it.
func TestAnOrderThatDeadlocksIsCarriedOutAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(1)...)
	next := d.nextPark("next")
	ctx := context.Background()
	rival, err := d.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rival.Rollback(ctx) }()
	// The rival holds the one clock and wants the other, against the order; it waits so patiently that PostgreSQL ends
	// the order, not it.
	first, second := d.parkID, next
	if first.String() > second.String() {
		first, second = second, first
	}
	if _, err := rival.Exec(ctx, `SET LOCAL deadlock_timeout = '10min'`); err != nil {
		t.Fatal(err)
	}
	if _, err := rival.Exec(ctx, `SELECT FROM park_clock WHERE park_id = $1 FOR UPDATE`, second); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := ledger.Of(d.Store).Do(ctx, d.order(parcelOf("X", quad(122.024, 37.24, 122.025, 37.241))))
		done <- err
	}()
	for waits := false; !waits; {
		const sql = `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
			AND $1 = ANY (pg_blocking_pids(pid)))`
		if err := d.Owner.QueryRow(ctx, sql, int32(rival.Conn().PgConn().PID())).Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := rival.Exec(ctx, `SELECT FROM park_clock WHERE park_id = $1 FOR UPDATE`, first); err != nil {
		t.Fatalf("the rival was ended: %v", err)
	}
	if err := rival.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("the order was not carried out anew: %v", err)
	}
}

func TestABorderIsChangedByARecordAndComesBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	ctx := context.Background()
	public := func() (m2 float64) {
		return storetest.Number[float64](t, d.DB, `SELECT computed_m2 FROM park_public WHERE park_id = $1`, d.parkID)
	}
	was := public()
	border := func(west, south, east, north float64) ledger.Order {
		o := d.order(ledger.Command{Kind: "border", Shape: &ledger.Shape{Geometry: quad(west, south, east, north)}})
		o.Documents = []ledger.Document{{Title: "批复"}}
		return o
	}
	wide := border(122.019, 37.239, 122.035, 37.251)
	unsaid := wide
	unsaid.Documents = nil
	if _, err := ledger.Of(d.Store).Do(ctx, unsaid); err == nil {
		t.Error("a border without a document was taken")
	}
	preview := wide
	preview.Preview = true
	if out, err := ledger.Of(d.Store).Do(ctx, preview); err != nil || len(out.Border) == 0 || public() != was {
		t.Errorf("preview: %v, %s, public %f, was %f", err, out.Border, public(), was)
	}
	out, err := ledger.Of(d.Store).Do(ctx, wide)
	if err != nil || len(out.Border) == 0 || public() < 1.5*was {
		t.Fatalf("%v: %s, public %f, was %f", err, out.Border, public(), was)
	}
	var denial *store.Denial
	if _, err := ledger.Of(d.Store).Do(ctx, border(122.0205, 37.239, 122.03, 37.25)); !errors.As(err, &denial) ||
		denial.Rule != "parcel_in_park" || denial.Code != "A" {
		t.Errorf("a border that leaves a parcel outside: %v", err)
	}
	if _, err := ledger.Of(d.Store).Do(ctx, ledger.Order{Park: d.park, Command: ledger.Command{Kind: "revert",
		Reverts: out.Seq},
		Reason: "test", By: d.planner, Via: "test"}); err != nil {
		t.Fatalf("revert: %v", err)
	}
	if now := public(); now < was-0.01 || now > was+0.01 {
		t.Errorf("after the reversal the park measures %f, was %f", now, was)
	}
	if _, err := ledger.Of(d.Store).Do(ctx, ledger.Order{Park: d.park, Command: ledger.Command{Kind: "revert",
		Reverts: out.Seq},
		Reason: "test", By: d.planner, Via: "test"}); !errors.As(err, &denial) ||
		denial.Rule != "record_can_be_reversed" {
		t.Errorf("reversed twice: %v", err)
	}
}

// Two splits next door to each other are both made with what was seen before either, though the first enters a node in
// the second's parcel. What is really changed ages it.
func TestANodeFromNextDoorDoesNotAgeWhatAnEditorSaw(t *testing.T) {
	t.Parallel()
	for _, guard := range []bool{true, false} {
		d := newDesk(t, row(3)...)
		ctx := context.Background()
		if !guard {
			byOwner(t, d.DB, `CREATE OR REPLACE FUNCTION still_as_seen(p_park uuid, p_parcel uuid,
				p_seen bigint) RETURNS boolean LANGUAGE sql AS 'SELECT false'`)
		}
		seen := d.refs(d.parcels...)
		across := func(i int) ledger.Order {
			west := 122.02 + 0.001*float64(i)
			return d.order(ledger.Command{Kind: "split", Parcels: seen[i : i+1],
				Shape: &ledger.Shape{Line: [][2]float64{{west - 0.0002, 37.2404 + 0.0001*float64(i)},
					{west + 0.0012, 37.2404 + 0.0001*float64(i)}}}})
		}
		if _, err := ledger.Of(d.Store).Do(ctx, across(0)); err != nil {
			t.Fatal(err)
		}
		if d.version(d.parcels[1]) == seen[1].Version {
			t.Fatal("the split entered no node next door: the test shows nothing")
		}
		_, err := ledger.Of(d.Store).Do(ctx, across(1))
		var stale *store.Stale
		if guard && err != nil || !guard && !errors.As(err, &stale) {
			t.Errorf("guard %v: a split next door came to %v", guard, err)
		}
		if !guard {
			continue
		}
		// The third parcel has nodes of the second's split by now. Each real change ages it for who saw it before.
		for name, change := range map[string]func() ledger.Command{
			"a fact": func() ledger.Command {
				return ledger.Command{Kind: "edit", Parcels: d.refs(d.parcels[2]),
					Object: &ledger.Subject{Facts: feed.Facts{"land_use": []byte(`"100102"`)}}}
			},
			"a right": func() ledger.Command { return d.holdCommand(d.parcels[2]) },
		} {
			d.do(change())
			if _, err := ledger.Of(d.Store).Do(ctx, across(2)); !errors.As(err, &stale) {
				t.Errorf("after %s was changed: %v", name, err)
			}
		}
	}
}

// Ground that moved ages a parcel beyond the tolerance, and not within it; what moved and came back does too.
func TestGroundThatMovedAgesWhatAnEditorSaw(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, c := range map[string]struct {
		east []float64
		want bool
	}{
		"within the tolerance": {[]float64{122.0210000001}, true},
		"beyond it":            {[]float64{122.02101}, false},
		"and back":             {[]float64{122.02101, 122.021}, false},
	} {
		d := newDesk(t, storetest.Square{Code: "A", Side: 0.001})
		seen := d.refs(d.parcels[0])
		for _, east := range c.east {
			o := d.order(ledger.Command{Kind: "correct", Parcels: d.refs(d.parcels[0]),
				Shape: &ledger.Shape{Geometry: quad(122.02, 37.24, east, 37.241)}})
			o.Documents = []ledger.Document{{Title: "survey"}}
			if _, err := ledger.Of(d.Store).Do(ctx, o); err != nil {
				t.Fatal(err)
			}
		}
		_, err := ledger.Of(d.Store).Do(ctx, d.order(ledger.Command{Kind: "withdraw", Parcels: seen}))
		if taken := err == nil; taken != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A split is undone although a node of a neighbour's split came into one of its parts since.
func TestASplitIsUndoneThoughANodeCameIntoItsParts(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	first := d.do(ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
		Shape: &ledger.Shape{Line: [][2]float64{{122.0205, 37.2398}, {122.0205, 37.2412}}}})
	before := storetest.Number[int64](t, d.DB, `SELECT max(version) FROM parcel p JOIN parcel_version v USING (park_id,
		parcel_id) WHERE v.code LIKE 'A%' AND v.to_seq IS NULL`)
	d.do(ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[1]),
		Shape: &ledger.Shape{Line: [][2]float64{{122.0208, 37.2406}, {122.0222, 37.2406}}}})
	if after := storetest.Number[int64](t, d.DB, `SELECT max(version) FROM parcel p JOIN parcel_version v USING (park_id,
		parcel_id) WHERE v.code LIKE 'A%' AND v.to_seq IS NULL`); after == before {
		t.Fatal("no node came into a part: the test shows nothing")
	}
	d.do(ledger.Command{Kind: "revert", Reverts: first.Seq})
	if n := storetest.Number[int](t, d.DB, `SELECT count(*) FROM parcel_version WHERE to_seq IS NULL`); n != 3 {
		t.Errorf("%d live parcels, want 3", n)
	}
}
