package ledger_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// desk is a park with free parcels, a project and two people, for tests of orders.
type desk struct {
	*storetest.DB
	t       *testing.T
	park    string
	parkID  uuid.UUID
	parcels []uuid.UUID
	project uuid.UUID
	planner uuid.UUID
	second  uuid.UUID
	clerk   *ledger.Clerk // serves lines after each change; nil: nobody does
}

func newDesk(t *testing.T, squares ...storetest.Square) *desk {
	t.Helper()
	db := storetest.New(t)
	d := &desk{DB: db, t: t, park: "desk"}
	d.parkID = storetest.Park(t, db, d.park)
	d.parcels = storetest.Parcels(t, db, d.parkID, squares...)
	d.project = storetest.Project(t, db, d.parkID, "某项目", true)
	d.planner, d.second = d.account("planner"), d.account("approver")
	return d
}

func (d *desk) account(login string) uuid.UUID {
	d.t.Helper()
	id := uuid.New()
	if _, err := d.Owner.Exec(context.Background(),
		`INSERT INTO account (account_id, login, name) VALUES ($1, $2, $2)`, id, login); err != nil {
		d.t.Fatal(err)
	}
	return id
}

// version reads a parcel's version.
func (d *desk) version(parcel uuid.UUID) int64 {
	d.t.Helper()
	var v int64
	if err := d.Owner.QueryRow(context.Background(), `SELECT version FROM parcel WHERE parcel_id = $1`,
		parcel).Scan(&v); err != nil {
		d.t.Fatal(err)
	}
	return v
}

func (d *desk) refs(parcels ...uuid.UUID) []ledger.Ref {
	refs := make([]ledger.Ref, len(parcels))
	for i, p := range parcels {
		refs[i] = ledger.Ref{ID: p, Version: d.version(p)}
	}
	return refs
}

func (d *desk) order(c ledger.Command) ledger.Order {
	o := ledger.Order{Park: d.park, Command: c, Reason: "test", By: d.planner, Via: "test"}
	if slices.Contains([]string{"release", "supply", "retire"}, c.Kind) {
		o.ApprovedBy = &d.second
	}
	return o
}

func (d *desk) do(c ledger.Command) ledger.Outcome {
	d.t.Helper()
	out, err := ledger.Ledger{Store: d.Store, Queues: d.clerk}.Do(context.Background(), d.order(c))
	if err != nil {
		d.t.Fatalf("%s: %v", c.Kind, err)
	}
	return out
}

func (d *desk) hold(parcels ...uuid.UUID) ledger.Outcome {
	d.t.Helper()
	return d.do(d.holdCommand(parcels...))
}

func (d *desk) holdCommand(parcels ...uuid.UUID) ledger.Command {
	until := time.Now().Add(30 * 24 * time.Hour)
	return ledger.Command{Kind: "hold", Parcels: d.refs(parcels...), Project: &d.project, Until: &until}
}

func row(n int) []storetest.Square {
	squares := make([]storetest.Square, n)
	for i := range squares {
		squares[i] = storetest.Square{Code: string(rune('A' + i)), X: 0.1 * float64(i%9), Y: 0.1 * float64(i/9),
			Side: 0.001}
	}
	return squares
}

func TestARightRunsFromHoldToBuiltAndIsTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(3)...)
	out := d.hold(d.parcels[0], d.parcels[1])
	right := func() *ledger.Ref { return &ledger.Ref{ID: out.Allotment.ID, Version: out.Allotment.Version} }
	if len(out.Parcels) != 2 || out.Parcels[0].Status != "held" || out.Allotment.State != "hold" {
		t.Fatalf("hold: %+v", out)
	}
	later := out.Allotment.ExpiresAt.Add(24 * time.Hour)
	for _, step := range []struct {
		command ledger.Command
		state   string
		status  string
	}{
		{ledger.Command{Kind: "extend", Until: &later}, "hold", "held"},
		{ledger.Command{Kind: "reserve"}, "reserved", "reserved"},
		{ledger.Command{Kind: "supply", Terms: &ledger.Terms{SupplyMode: "listing", TermYears: 50}}, "supplied",
			"supplied"},
		{ledger.Command{Kind: "build"}, "built", "built"},
		{ledger.Command{Kind: "take_back"}, "ended", "available"},
	} {
		step.command.Allotment = right()
		out = d.do(step.command)
		if out.Allotment.State != step.state || len(out.Parcels) != 2 || out.Parcels[1].Status != step.status {
			t.Errorf("%s: right %+v, parcels %+v", step.command.Kind, out.Allotment, out.Parcels)
		}
	}
	if again := d.hold(d.parcels[0]); again.Parcels[0].Status != "held" {
		t.Errorf("land that came back can't be held: %+v", again)
	}
}

func TestWhatTheRulesOfRightsRefuse(t *testing.T) {
	t.Parallel()
	squares := row(4)
	squares[2].Bank = "reserve"
	squares[3].Bank = "withdrawn"
	d := newDesk(t, squares...)
	held := d.hold(d.parcels[0])
	right := &ledger.Ref{ID: held.Allotment.ID, Version: held.Allotment.Version}
	soon, past, far := time.Now().Add(time.Hour), time.Now().Add(-time.Hour), time.Now().Add(400*24*time.Hour)
	stranger := uuid.New()
	for name, c := range map[string]struct {
		command ledger.Command
		rule    string
		field   string
	}{
		"land held already":      {command: d.holdCommand(d.parcels[0]), rule: "one_right_at_a_time"},
		"reserve land":           {command: d.holdCommand(d.parcels[2]), rule: "reserve_needs_release"},
		"withdrawn land":         {command: d.holdCommand(d.parcels[3]), rule: "right_on_live_land"},
		"free and held together": {command: d.holdCommand(d.parcels[1], d.parcels[0]), rule: "one_right_at_a_time"},
		"the same parcel twice":  {command: d.holdCommand(d.parcels[1], d.parcels[1]), field: "parcels"},
		"no parcel": {command: ledger.Command{Kind: "hold", Project: &d.project, Until: &soon},
			field: "parcels"},
		"a parcel of nowhere": {command: ledger.Command{Kind: "hold", Project: &d.project, Until: &soon,
			Parcels: []ledger.Ref{{ID: stranger, Version: 1}}}, field: "parcels"},
		"a project of nowhere": {command: ledger.Command{Kind: "hold", Project: &stranger, Until: &soon,
			Parcels: d.refs(d.parcels[1])}, field: "project"},
		"no project": {command: ledger.Command{Kind: "hold", Until: &soon, Parcels: d.refs(d.parcels[1])},
			field: "project"},
		"a deadline gone by": {command: ledger.Command{Kind: "hold", Project: &d.project, Until: &past,
			Parcels: d.refs(d.parcels[1])}, field: "until"},
		"a deadline too far": {command: ledger.Command{Kind: "hold", Project: &d.project, Until: &far,
			Parcels: d.refs(d.parcels[1])}, field: "until"},
		"supply before reserve": {command: ledger.Command{Kind: "supply", Allotment: right,
			Terms: &ledger.Terms{SupplyMode: "listing", TermYears: 20}}, field: "state"},
		"supply without terms": {command: ledger.Command{Kind: "supply", Allotment: right}, field: "terms"},
		"an earlier deadline": {command: ledger.Command{Kind: "extend", Allotment: right, Until: &soon},
			field: "until"},
		"a hold not run out": {command: ledger.Command{Kind: "expire", Allotment: right}, rule: "hold_has_run_out"},
		"release of free land": {command: ledger.Command{Kind: "release", Parcels: d.refs(d.parcels[1])},
			rule: "bank_status_moves"},
		"withdrawal of held": {command: ledger.Command{Kind: "withdraw", Parcels: d.refs(d.parcels[0])},
			rule: "one_right_at_a_time"},
		"an unknown kind": {command: ledger.Command{Kind: "give"}, field: "kind"},
	} {
		_, err := ledger.Of(d.Store).Do(context.Background(), d.order(c.command))
		var denial *store.Denial
		var invalid *geo.Invalid
		switch {
		case c.rule != "" && (!errors.As(err, &denial) || denial.Rule != c.rule):
			t.Errorf("%s: %v, want the rule %s", name, err, c.rule)
		case c.field != "" && (!errors.As(err, &invalid) || invalid.Field != c.field):
			t.Errorf("%s: %v, want the field %s", name, err, c.field)
		}
	}
}

func TestAHoldIsExtendedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(1)...)
	out := d.hold(d.parcels[0])
	for i := range 2 {
		later := out.Allotment.ExpiresAt.Add(time.Hour)
		next, err := ledger.Of(d.Store).Do(context.Background(),
			d.order(ledger.Command{Kind: "extend", Allotment: &ledger.Ref{ID: out.Allotment.ID,
				Version: out.Allotment.Version}, Until: &later}))
		if i == 0 && err != nil {
			t.Fatal(err)
		}
		if i == 1 && store.Constraint(err) != "allotment_version_extended_check" {
			t.Errorf("a second extension: %v", err)
		}
		if i == 0 {
			out = next
		}
	}
}

func TestAStaleEditorIsToldTheCurrentVersion(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	before := d.holdCommand(d.parcels[0])
	d.do(ledger.Command{Kind: "withdraw", Parcels: d.refs(d.parcels[0])})
	_, err := ledger.Of(d.Store).Do(context.Background(), d.order(before))
	var stale *store.Stale
	if !errors.As(err, &stale) || stale.Current != d.version(d.parcels[0]) || stale.Seen != before.Parcels[0].Version {
		t.Errorf("got %v", err)
	}
	before.Parcels[0].Version = 0
	if _, err := ledger.Of(d.Store).Do(context.Background(), d.order(before)); !errors.As(err, &stale) {
		t.Errorf("version 0 without the right to write unlocked: %v", err)
	}
	unlocked := d.order(ledger.Command{Kind: "restore", Parcels: []ledger.Ref{{ID: d.parcels[0]}}})
	unlocked.Unlocked = true
	if _, err := ledger.Of(d.Store).Do(context.Background(), unlocked); err != nil {
		t.Errorf("unlocked: %v", err)
	}
}

func TestAPreviewKeepsNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	o := d.order(d.holdCommand(d.parcels[0]))
	o.Preview = true
	out, err := ledger.Of(d.Store).Do(context.Background(), o)
	if err != nil || out.Parcels[0].Status != "held" || !out.Preview {
		t.Fatalf("%+v, %v", out, err)
	}
	var records, rights int
	if err := d.Owner.QueryRow(context.Background(), `SELECT (SELECT count(*) FROM record),
		(SELECT count(*) FROM allotment)`).Scan(&records, &rights); err != nil {
		t.Fatal(err)
	}
	if records != 1 || rights != 0 {
		t.Errorf("the preview left %d records and %d rights", records, rights)
	}
}

func TestReleaseOfReserveNeedsTwoPeople(t *testing.T) {
	t.Parallel()
	squares := row(1)
	squares[0].Bank = "reserve"
	d := newDesk(t, squares...)
	o := d.order(ledger.Command{Kind: "release", Parcels: d.refs(d.parcels[0])})
	for name, approver := range map[string]*uuid.UUID{"nobody": nil, "the same person": &d.planner} {
		o.ApprovedBy = approver
		if _, err := ledger.Of(d.Store).Do(context.Background(), o); store.Constraint(err) != "record_needs_two" {
			t.Errorf("approved by %s: %v", name, err)
		}
	}
	if out := d.do(o.Command); out.Parcels[0].Status != "available" {
		t.Errorf("released: %+v", out)
	}
	d.hold(d.parcels[0])
}

// live finds the live parcel of a code.
func (d *desk) live(code string) uuid.UUID {
	d.t.Helper()
	var id uuid.UUID
	if err := d.Owner.QueryRow(context.Background(), `SELECT parcel_id FROM parcel_version WHERE code = $1
		AND to_seq IS NULL`, code).Scan(&id); err != nil {
		d.t.Fatalf("parcel %s: %v", code, err)
	}
	return id
}

// rightOn names the right on a parcel.
func (d *desk) rightOn(code string) *ledger.Ref {
	d.t.Helper()
	var ref ledger.Ref
	const sql = `SELECT a.allotment_id, a.version FROM allotment a
		JOIN allotment_parcel l USING (park_id, allotment_id) WHERE l.parcel_id = $1 AND l.to_seq IS NULL`
	if err := d.Owner.QueryRow(context.Background(), sql, d.live(code)).Scan(&ref.ID, &ref.Version); err != nil {
		d.t.Fatalf("right on %s: %v", code, err)
	}
	return &ref
}

// seq reads the park's clock.
func (d *desk) seq() int64 {
	d.t.Helper()
	var seq int64
	if err := d.Owner.QueryRow(context.Background(), `SELECT seq FROM park_clock WHERE park_id = $1`,
		d.parkID).Scan(&seq); err != nil {
		d.t.Fatal(err)
	}
	return seq
}

func TestTheConstantOfTheMostParcelsIsTheirOrders(t *testing.T) {
	t.Parallel()
	parcels, _ := reflect.TypeFor[ledger.Command]().FieldByName("Parcels")
	if most := parcels.Tag.Get("maxItems"); most != strconv.Itoa(ledger.MostParcels) {
		t.Errorf("an order takes %s parcels, ledger.MostParcels is %d", most, ledger.MostParcels)
	}
}
