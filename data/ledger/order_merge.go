package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
	"luodi/geo/lot"
)

// Undecided says on which facts parcels that are to be merged differ: each must be decided, none is overwritten in
// silence. It matches ErrRefused.
type Undecided struct {
	Differ []Difference
}

// Difference is one fact, with the value each parcel has.
type Difference struct {
	Field  string                     `json:"field"`
	Values map[string]json.RawMessage `json:"values" doc:"by parcel code"`
}

func (e *Undecided) Error() string {
	names := make([]string, len(e.Differ))
	for i, d := range e.Differ {
		names[i] = d.Field
	}
	return "parcels differ in " + strings.Join(names, ", ") + ": decide"
}

// Unwrap makes an Undecided an ErrRefused.
func (e *Undecided) Unwrap() error { return store.ErrRefused }

// Facts that a merge carries over; where the parcels differ, shape.decision says which value holds. Numbers of
// registration end with their parcels.
var mergedFacts = []string{"zone_id", "land_use", servicesFact, "price_cny_per_m2", "price_kind",
	"price_document", "price_on", "publication", "price_told", "services_told"}

// servicesFact adds up where it can: each service that doesn't is a fact of its own, as services.steam.
const servicesFact = "services"

// merge makes one parcel of several that touch. Its legal area is exactly the sum of theirs.
func merge(ctx context.Context, w *work) error {
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	if len(parcels) < 2 {
		return geo.NewInvalid("parcels", "parcels.two_to_merge", fmt.Sprint(len(parcels)))
	}
	right, err := oneRight(parcels)
	if err != nil {
		return err
	}
	g, err := w.survey(ctx, parcels)
	if err != nil {
		return err
	}
	pieces := g.subjects(parcels)
	facts, err := w.decide(ctx, pieces)
	if err != nil {
		return err
	}
	shapes := make([]lot.Shape, len(pieces))
	areas := make([]geo.Area, len(pieces))
	ids := make([]uuid.UUID, len(pieces))
	for i, p := range pieces {
		shapes[i], areas[i], ids[i] = p.shape, p.Legal, p.ID
	}
	division, err := lot.Merge(&g.plane, shapes, g.rules())
	if err != nil {
		return err
	}
	if err := g.plane.Extend(division.New); err != nil {
		return err
	}
	if err := g.settle(ctx, division); err != nil {
		return err
	}
	if err := g.weld(ctx, division.Welded); err != nil {
		return err
	}
	if err := g.retire(ctx, pieces...); err != nil {
		return err
	}
	child, err := g.beget(ctx, pieces, pieces[0], division.Parts[0], geo.Sum(areas...), facts)
	if err != nil || right == uuid.Nil {
		return err
	}
	return w.inherit(ctx, right, ids, child)
}

// oneRight refuses land of different rights or bank statuses: a merge would give one right the other's ground.
func oneRight(parcels []seen) (uuid.UUID, error) {
	first := parcels[0]
	for _, p := range parcels[1:] {
		if p.Allotment != first.Allotment {
			d := p.denial("rights_are_one")
			d.Detail = "parcel " + first.Code + " has another right, or none"
			return uuid.Nil, d
		}
		if p.BankStatus != first.BankStatus {
			d := p.denial("bank_status_is_one")
			d.Detail = "parcel " + first.Code + " is " + first.BankStatus
			return uuid.Nil, d
		}
	}
	return first.Allotment, nil
}

// decide gathers the merged parcel's facts: those all parcels share, and for each they differ in the decision. The plan
// units they lie in count as one.
func (w *work) decide(ctx context.Context, pieces []*piece) (map[string]any, error) {
	decided := map[string]json.RawMessage{}
	shape := w.order.Command.Shape
	if shape != nil && len(shape.Decision) > 0 {
		if err := json.Unmarshal(shape.Decision, &decided); err != nil {
			return nil, geo.NewInvalid("shape.decision", "decision.object", string(shape.Decision))
		}
	}
	rows := make([]map[string]json.RawMessage, len(pieces))
	for i, p := range pieces {
		if err := json.Unmarshal(p.Facts, &rows[i]); err != nil {
			return nil, err
		}
	}
	units, err := w.planUnits(ctx, pieces)
	if err != nil {
		return nil, err
	}
	facts := map[string]any{"code": pieces[0].Code, "cadastral_no": nil, "estate_unit_no": nil}
	if shape != nil && len(shape.Codes) > 0 {
		codes, err := settledCodes(shape.Codes)
		if err != nil {
			return nil, err
		}
		if len(codes) > 1 {
			return nil, geo.NewInvalid("shape.codes", "codes.one", len(codes))
		}
		facts["code"] = codes[0]
	}
	var open []Difference
	for _, field := range append(slices.Clone(mergedFacts), "plan_unit") {
		if _, given := decided[field]; field == servicesFact && !given {
			services, differ, err := w.joinServices(ctx, pieces, rows, decided)
			if err != nil {
				return nil, err
			}
			facts[field], open = services, append(open, differ...)
			continue
		}
		values := map[string]json.RawMessage{}
		same := true
		for i, p := range pieces {
			value := rows[i][field]
			if field == "plan_unit" {
				value = units[p.ID]
			}
			values[p.Code] = value
			same = same && bytes.Equal(value, values[pieces[0].Code])
		}
		decision, given := decided[field]
		switch {
		case same:
		case !given:
			open = append(open, Difference{Field: field, Values: values})
		case field != "plan_unit":
			if facts[field], err = readDecision(field, decision, values); err != nil {
				return nil, err
			}
		}
	}
	if len(open) > 0 {
		return nil, &Undecided{Differ: open}
	}
	return facts, nil
}

// joinServices adds up the parcels' services, and takes the decision of each that doesn't add up; what is still open is
// a difference.
func (w *work) joinServices(ctx context.Context, pieces []*piece, rows []map[string]json.RawMessage,
	decided map[string]json.RawMessage) (any, []Difference, error) {
	all := make([]json.RawMessage, len(rows))
	each := make([]map[land.ServiceKey]json.RawMessage, len(rows))
	for i, row := range rows {
		all[i] = row[servicesFact]
		if err := json.Unmarshal(all[i], &each[i]); err != nil {
			return nil, nil, err
		}
	}
	ofOneWhole, err := w.ofOneWhole(ctx, pieces)
	if err != nil {
		return nil, nil, err
	}
	joined, conflicts, err := land.JoinServices(all, ofOneWhole)
	if err != nil {
		return nil, nil, err
	}
	var open []Difference
	for _, key := range conflicts {
		field := servicesFact + "." + string(key)
		decision, given := decided[field]
		switch {
		case given && string(decision) != "null":
			joined[key] = decision
		case given: // nobody states it
		default:
			d := Difference{Field: field, Values: map[string]json.RawMessage{}}
			for i, p := range pieces {
				d.Values[p.Code] = each[i][key]
				if d.Values[p.Code] == nil {
					d.Values[p.Code] = json.RawMessage("null")
				}
			}
			open = append(open, d)
		}
	}
	text, err := json.Marshal(joined)
	if err != nil {
		return nil, nil, err
	}
	services, err := readDecision(servicesFact, text, nil)
	return services, open, err
}

const sqlOfOneWhole = `
WITH RECURSIVE kin (piece, id) AS (
  SELECT id, id FROM unnest($1::uuid[]) id
  UNION SELECT k.piece, l.parent_id FROM kin k
    CROSS JOIN LATERAL (SELECT l.parent_id FROM lineage l WHERE l.child_id = k.id OFFSET 0) l)
SELECT EXISTS (SELECT FROM kin GROUP BY id HAVING count(*) > 1)`

// ofOneWhole reports whether two of the pieces came out of one parcel, at whatever time: a split gives every part the
// services of the whole.
func (w *work) ofOneWhole(ctx context.Context, pieces []*piece) (related bool, err error) {
	ids := make([]uuid.UUID, len(pieces))
	for i, p := range pieces {
		ids[i] = p.ID
	}
	err = w.tx.QueryRow(ctx, sqlOfOneWhole, ids).Scan(&related)
	return related, err
}

// readDecision takes one of the values that the parcels have, or another that a reader of the fact takes.
func readDecision(field string, decision json.RawMessage, values map[string]json.RawMessage) (any, error) {
	for _, value := range values {
		if sameJSON(value, decision) {
			return decision, nil
		}
	}
	if field == "zone_id" {
		var zone *uuid.UUID
		if err := json.Unmarshal(decision, &zone); err != nil {
			return nil, geo.NewInvalid("shape.decision.zone_id", "zone.id_or_null", string(decision))
		}
		return zone, nil
	}
	value, err := feed.ReadFact("parcels", field, decision)
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		err = invalid.Under("shape.decision" + strings.TrimPrefix(invalid.Field, "object.facts"))
	}
	return value, err
}

// sameJSON compares values, not how they are written.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

const sqlPlanUnits = `
SELECT v.parcel_id, coalesce(to_jsonb(u.code), 'null')
  FROM parcel_version v
  LEFT JOIN LATERAL (SELECT p.code FROM (SELECT * FROM plan_unit_version WHERE to_seq IS NULL
    AND ST_Intersects(geom, ST_PointOnSurface(v.geom)) OFFSET 0) x
                       JOIN plan_unit p USING (park_id, plan_unit_id) WHERE x.park_id = v.park_id
                         ORDER BY p.code LIMIT 1) u ON true
 WHERE v.park_id = $1 AND v.parcel_id = ANY ($2) AND v.to_seq IS NULL`

// planUnits gives the code of the plan unit each piece falls into, as JSON.
func (w *work) planUnits(ctx context.Context, pieces []*piece) (map[uuid.UUID]json.RawMessage, error) {
	ids := make([]uuid.UUID, len(pieces))
	for i, p := range pieces {
		ids[i] = p.ID
	}
	rows, err := w.tx.Query(ctx, sqlPlanUnits, w.park, ids)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	units := map[uuid.UUID]json.RawMessage{}
	for rows.Next() {
		var id uuid.UUID
		var code json.RawMessage
		if err := rows.Scan(&id, &code); err != nil {
			return nil, err
		}
		units[id] = code
	}
	return units, rows.Err()
}

// weld gives neighbours the vertices that merged ones became.
func (g *ground) weld(ctx context.Context, welded map[int]int) error {
	if len(welded) == 0 {
		return nil
	}
	for _, n := range g.near {
		changed := false
		shape := make(lot.Shape, len(n.shape))
		for r, ring := range n.shape {
			shape[r] = slices.Clone(ring)
			for i, id := range ring {
				if to, ok := welded[id]; ok {
					shape[r][i], changed = to, true
				}
			}
			shape[r] = slices.Compact(shape[r])
		}
		if !changed {
			continue
		}
		if err := g.redraw(ctx, n, shape, n.Legal, nil); err != nil {
			return err
		}
	}
	return nil
}

// move redraws the boundary between two parcels. Their legal areas change by what the ground does; the sum stays.
func move(ctx context.Context, w *work) error {
	shape := w.order.Command.Shape
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	if len(parcels) != 2 || shape == nil {
		return geo.NewInvalid("parcels", "parcels.two_to_move", fmt.Sprint(len(parcels)))
	}
	if _, err := oneRight(parcels); err != nil {
		return err
	}
	g, err := w.survey(ctx, parcels)
	if err != nil {
		return err
	}
	line, err := g.line(ctx, shape.Line)
	if err != nil {
		return err
	}
	pieces := g.subjects(parcels)
	division, err := lot.MoveBoundary(&g.plane, pieces[0].shape, pieces[1].shape, line, g.rules())
	if err != nil {
		return err
	}
	if err := g.plane.Extend(division.New); err != nil {
		return err
	}
	legal, err := g.share(geo.Sum(pieces[0].Legal, pieces[1].Legal), division)
	if err != nil {
		return err
	}
	if err := g.settle(ctx, division); err != nil {
		return err
	}
	if err := g.weld(ctx, division.Welded); err != nil {
		return err
	}
	for i, p := range pieces {
		if err := g.redraw(ctx, p, division.Parts[i], legal[i], nil); err != nil {
			return err
		}
	}
	return nil
}
