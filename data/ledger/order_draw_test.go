package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/geotest"
	geoland "luodi/geo/land"
)

// servedDesk has two substations, the nearer of 3000 kVA and the other of 5000, and a steam node; its project needs
// 2000 kVA and 10 t/h.
func servedDesk(t *testing.T) (d *desk, near, far uuid.UUID) {
	t.Helper()
	d = newDesk(t, row(4)...)
	near = storetest.Node(t, d.DB, d.parkID, "SS-1", "substation", "kVA", "3000", 1)
	far = storetest.Node(t, d.DB, d.parkID, "SS-2", "substation", "kVA", "5000", 9)
	storetest.Node(t, d.DB, d.parkID, "ST-1", "steam", "t/h", "25", 5)
	storetest.Need(t, d.DB, d.project, `{"power": 2000, "steam": 10}`)
	return d, near, far
}

// drawn lists what live rights draw, as text.
func (d *desk) drawn() (text string) {
	d.t.Helper()
	const sql = `SELECT coalesce(string_agg(n.code || ' ' || x.amount::float8, ', '
		ORDER BY n.code, x.amount, x.from_seq), '') FROM allotment_draw x
		JOIN network n USING (park_id, network_id) WHERE x.to_seq IS NULL`
	if err := d.Owner.QueryRow(context.Background(), sql).Scan(&text); err != nil {
		d.t.Fatal(err)
	}
	return text
}

func (d *desk) refusedBy(c ledger.Command, rule string) *store.Denial {
	d.t.Helper()
	_, err := ledger.Of(d.Store).Do(context.Background(), d.order(c))
	var denial *store.Denial
	if !errors.As(err, &denial) || denial.Rule != rule {
		d.t.Fatalf("%s: %v, want it refused by %s", c.Kind, err, rule)
	}
	return denial
}

func TestAHoldDrawsWhatTheProjectNeedsFromTheNearestNodesThatHaveIt(t *testing.T) {
	t.Parallel()
	d, near, _ := servedDesk(t)
	o := d.order(d.holdCommand(d.parcels[0]))
	o.Preview = true
	seen, err := ledger.Of(d.Store).Do(context.Background(), o)
	if err != nil || len(seen.Draws) != 2 || d.drawn() != "" {
		t.Fatalf("preview: %+v, %v; drawn %s", seen.Draws, err, d.drawn())
	}
	if p := seen.Draws[0]; p.Service != "power" || p.Node != near || p.Code != "SS-1" || p.Unit != "kVA" ||
		p.Capacity != geotest.Amount("3000") || p.Headroom != geotest.Amount("1000") {
		t.Errorf("preview: %+v", p)
	}
	d.hold(d.parcels[0])
	second := d.hold(d.parcels[1]) // the nearer substation has 1000 left
	if got := d.drawn(); got != "SS-1 2000, SS-2 2000, ST-1 10, ST-1 10" {
		t.Errorf("drawn: %s", got)
	}
	denial := d.refusedBy(d.holdCommand(d.parcels[2]), "node_has_headroom")
	want := store.Shortfall{Node: denial.Supply.Node, Code: "ST-1", Service: "steam", Unit: "t/h",
		Capacity: geotest.Amount("25"), Promised: geotest.Amount("20"), Asked: geotest.Amount("10"),
		Short: geotest.Amount("5")}
	if *denial.Supply != want {
		t.Errorf("%+v, want %+v", *denial.Supply, want)
	}
	back := d.do(ledger.Command{Kind: "take_back", Allotment: &ledger.Ref{ID: second.Allotment.ID,
		Version: second.Allotment.Version}})
	if got := d.drawn(); got != "SS-1 2000, ST-1 10" {
		t.Errorf("after the release: %s", got)
	}
	again := d.do(ledger.Command{Kind: "revert", Reverts: back.Seq})
	if got := d.drawn(); got != "SS-1 2000, SS-2 2000, ST-1 10, ST-1 10" || len(again.Draws) != 2 {
		t.Errorf("after the reversal: %s, told %+v", got, again.Draws)
	}
	d.do(ledger.Command{Kind: "revert", Reverts: second.Seq + 2})
	d.hold(d.parcels[3])
	if err := errOf(d, ledger.Command{Kind: "revert", Reverts: back.Seq + 2}); err == nil {
		t.Error("a reversal promised what is no longer there")
	}
}

func errOf(d *desk, c ledger.Command) error {
	_, err := ledger.Of(d.Store).Do(context.Background(), d.order(c))
	return err
}

func TestDrawsAreNamedAndChanged(t *testing.T) {
	t.Parallel()
	d, near, far := servedDesk(t)
	power := func(node uuid.UUID, amount string) ledger.Draw {
		return ledger.Draw{Service: geoland.DrawPower, Node: node, Amount: geotest.Amount(amount)}
	}
	named := d.holdCommand(d.parcels[0])
	named.Draws = &[]ledger.Draw{power(far, "4000.5"), power(near, "1")}
	out := d.do(named)
	if got := d.drawn(); got != "SS-1 1, SS-2 4000.5" {
		t.Fatalf("named: %s", got)
	}
	none := d.holdCommand(d.parcels[1])
	none.Draws = &[]ledger.Draw{}
	d.do(none)
	draw := func(draws *[]ledger.Draw) ledger.Command {
		return ledger.Command{Kind: "draw", Allotment: &ledger.Ref{ID: out.Allotment.ID,
			Version: out.Allotment.Version},
			Draws: draws}
	}
	if s := d.refusedBy(draw(&[]ledger.Draw{power(far, "5000.001")}), "node_has_headroom").Supply; s == nil ||
		s.Short != geotest.Amount("0.001") || s.Code != "SS-2" || s.Asked != geotest.Amount("999.501") {
		t.Errorf("over-draw: %+v", s)
	}
	for _, bad := range [][]ledger.Draw{{power(far, "0")}, {power(far, "1"), power(far, "2")},
		{{Service: "heat", Node: far, Amount: geotest.Amount("1")}}, {power(far, "4000.5"), power(near, "1")}} {
		if err := errOf(d, draw(&bad)); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	d.refusedBy(draw(&[]ledger.Draw{power(uuid.New(), "1")}), "allotment_draw_park_id_network_id_fkey")
	d.refusedBy(draw(&[]ledger.Draw{{Service: geoland.DrawSteam, Node: far, Amount: geotest.Amount("1")}}),
		"draw_on_live_node")
	before := out.Allotment.Version
	changed := d.do(draw(nil)) // what the project needs: of the substation it draws from already the nearer, and steam
	if got := d.drawn(); got != "SS-1 2000, ST-1 10" || changed.Allotment.Version == before || len(changed.Draws) != 2 {
		t.Errorf("to the need: %s, %+v", got, changed)
	}
	if _, err := ledger.Of(d.Store).Do(context.Background(), d.order(draw(nil))); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a stale editor: %v", err)
	}
	d.do(ledger.Command{Kind: "revert", Reverts: changed.Seq})
	if got := d.drawn(); got != "SS-1 1, SS-2 4000.5" {
		t.Errorf("reversed: %s", got)
	}
}

func TestAServiceThatNoNodeGivesIsRefused(t *testing.T) {
	t.Parallel()
	d, _, _ := servedDesk(t)
	storetest.Need(t, d.DB, d.project, `{"nitrogen": 0.5}`)
	if s := d.refusedBy(d.holdCommand(d.parcels[0]), "service_has_node").Supply; s.Service != geoland.DrawNitrogen ||
		s.Node != nil || s.Short != geotest.Amount("0.5") {
		t.Errorf("%+v", s)
	}
	storetest.Need(t, d.DB, d.project, `{"heat": 1}`)
	if err := errOf(d, d.holdCommand(d.parcels[0])); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("a need that can't be read: %v", err)
	}
}

func TestDrawsStayWithTheRightThroughSplitAndMerge(t *testing.T) {
	t.Parallel()
	d, _, _ := servedDesk(t)
	d.hold(d.parcels[0])
	d.do(ledger.Command{Kind: "split", Parcels: d.refs(d.parcels[0]),
		Shape: &ledger.Shape{Parts: 2, Codes: []string{"A1", "A2"}, Heir: "A2"}})
	if got := d.drawn(); got != "SS-1 2000, ST-1 10" {
		t.Errorf("after the split: %s", got)
	}
	d.do(ledger.Command{Kind: "take_back", Allotment: d.rightOn("A2")})
	if got := d.drawn(); got != "" {
		t.Errorf("after the end: %s", got)
	}
}

func TestANodeIsCutBelowItsPromisesOnlyByARecordThatSaysWhoseSupplyIsAtRisk(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, near, _ := servedDesk(t)
	out := d.hold(d.parcels[0])
	version := func() (v int64) {
		if err := d.Owner.QueryRow(ctx, `SELECT version FROM network WHERE network_id = $1`,
			near).Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	cut := func(kind, capacity, risk string) ledger.Command {
		c := ledger.Command{Kind: kind, Object: &ledger.Subject{Collection: "networks", ID: &near, Version: version()}}
		if capacity != "" {
			c.Object.Facts = feed.Facts{"capacity": json.RawMessage(capacity)}
		}
		if risk != "" {
			c.AtRisk = []ledger.Risk{{Draw: ledger.Draw{Service: geoland.DrawPower, Node: near,
				Amount: geotest.Amount(risk)}, Allotment: out.Allotment.ID}}
		}
		return c
	}
	d.do(cut("edit", "2000", ""))
	if s := d.refusedBy(cut("edit", "1500", ""), "cut_names_at_risk").Supply; s.Code != "SS-1" ||
		s.Short != geotest.Amount("500") || s.Promised != geotest.Amount("2000") ||
		s.Capacity != geotest.Amount("1500") {
		t.Errorf("%+v", s)
	}
	d.refusedBy(cut("edit", "1500", "499.999"), "cut_names_at_risk")
	d.refusedBy(cut("edit", "1500", "2001"), "risk_names_live_draw")
	d.refusedBy(cut("retire", "", "500"), "cut_names_at_risk")
	done := d.do(cut("edit", "1500", "500"))
	one, err := ledger.Of(d.Store).RecordDetail(ctx, d.park, done.Seq)
	if err != nil || len(one.AtRisk) != 1 || one.AtRisk[0].Amount != geotest.Amount("500") {
		t.Errorf("the record: %+v, %v", one.AtRisk, err)
	}
	var node *feed.NodeLedger
	read := func() {
		if err := feed.Of(d.Store).Desk(ctx, func(v *feed.View) (err error) {
			node,
				err = v.NodeServices(ctx, d.park, near, nil)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if read(); node.Draws[0].AtRisk == nil || *node.Draws[0].AtRisk != geotest.Amount("500") ||
		*node.Services[0].Nodes[0].Headroom != geotest.Amount("-500") || node.Services[0].Nodes[0].Free != "little" {
		t.Errorf("the ledger: %+v", node)
	}
	d.do(cut("retire", "", "2000"))
	if read(); node.Services[0].Nodes[0].Point != nil ||
		*node.Services[0].Nodes[0].Headroom != geotest.Amount("-2000") {
		t.Errorf("the ledger of a retired node: %+v", node.Services[0].Nodes[0])
	}
	d.do(ledger.Command{Kind: "draw", Allotment: d.rightOn("A")})
	if got := d.drawn(); got != "SS-2 2000, ST-1 10" {
		t.Errorf("drawn elsewhere: %s", got)
	}
}

func TestTheLedgerSaysWhoDrawsWhatOnAnyDay(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, near, _ := servedDesk(t)
	var empty time.Time
	if err := d.Owner.QueryRow(ctx, `SELECT at FROM park_clock`).Scan(&empty); err != nil {
		t.Fatal(err)
	}
	out := d.hold(d.parcels[0])
	d.do(ledger.Command{Kind: "reserve", Allotment: &ledger.Ref{ID: out.Allotment.ID, Version: out.Allotment.Version}})
	read := func(at *time.Time) (l *feed.ServiceLedger, n *feed.NodeLedger, public *feed.ServiceLedger) {
		err := feed.Of(d.Store).Desk(ctx, func(v *feed.View) (err error) {
			if l, err = v.Services(ctx, d.park, at, 0); err == nil {
				n, err = v.NodeServices(ctx, d.park, near, at)
			}
			return err
		})
		if err == nil {
			err = feed.Of(d.Store).View(ctx, func(v *feed.View) (err error) {
				public,
					err = v.PublicServices(ctx, d.park, at, 0)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		return l, n, public
	}
	l, n, public := read(nil)
	power := l.Services[0]
	if power.Service != "power" || *power.Capacity != geotest.Amount("8000") ||
		*power.Promised != geotest.Amount("2000") || *power.Headroom != geotest.Amount("6000") ||
		power.ByState.Reserved != geotest.Amount("2000") {
		t.Errorf("power: %+v", power)
	}
	if x := power.Nodes[0]; x.Code != "SS-1" || *x.Headroom != geotest.Amount("1000") || x.Free != "some" ||
		len(x.Point) != 2 {
		t.Errorf("node: %+v", x)
	}
	if len(n.Draws) != 1 || n.Draws[0].State != "reserved" || n.Draws[0].Parcels[0].Code != "A" ||
		n.Draws[0].Project.ID != d.project || n.Draws[0].Seq != out.Seq {
		t.Errorf("who draws: %+v", n.Draws)
	}
	if x := public.Services[0]; x.Promised != nil || x.Headroom != nil || x.ByState != nil ||
		x.Nodes[0].Promised != nil || x.Nodes[0].Free != "some" || x.Nodes[1].Free != "ample" {
		t.Errorf("public: %+v", x)
	}
	l, n, public = read(&empty)
	if *l.Services[0].Promised != (geo.Amount{}) || len(n.Draws) != 0 || public.Services[0].Nodes[0].Free != "ample" {
		t.Errorf("before the hold: %+v %+v %+v", l.Services[0], n.Draws, public.Services[0])
	}
	_, n, _ = read(&out.At)
	if len(n.Draws) != 1 || n.Draws[0].State != "hold" {
		t.Errorf("at the hold: %+v", n.Draws)
	}
}

func TestTheTablesOfServicesAreOne(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	rows, err := db.Owner.Query(t.Context(), `SELECT service, kind, unit FROM service`)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		var service, kind, unit string
		if err := rows.Scan(&service, &kind, &unit); err != nil {
			t.Fatal(err)
		}
		s := geoland.Service(service)
		if string(s.Node()) != kind || s.Unit() != unit {
			t.Errorf("%s: the database says %s, %s; geo/land says %s, %s", service, kind, unit, s.Node(), s.Unit())
		}
		n++
	}
	if n != len(geoland.Services()) || rows.Err() != nil {
		t.Errorf("%d services, want %d: %v", n, len(geoland.Services()), rows.Err())
	}
}
