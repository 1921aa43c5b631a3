package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// Draw is how much of a service a right takes from a node.
type Draw struct {
	Service land.Service `json:"service" enum:"power,steam,water,sewage,gas,nitrogen" db:"service"`
	Node    uuid.UUID    `json:"node" format:"uuid" db:"node" doc:"The id of a network of grade node."`
	Amount  geo.Amount   `json:"amount" db:"amount" doc:"In the unit of the service, above 0."`
}

// DrawState is a current draw, with the free capacity of its node.
type DrawState struct {
	Draw
	Code     string     `json:"code" db:"code" doc:"The node's code."`
	Unit     string     `json:"unit" db:"unit"`
	Capacity geo.Amount `json:"capacity" db:"capacity"`
	Headroom geo.Amount `json:"headroom" db:"headroom" doc:"What the node has left with this draw; negative where more is promised than it has."`
}

// Risk names a right whose supply a record puts at risk, and how much of it.
type Risk struct {
	Draw
	Allotment uuid.UUID `json:"allotment" format:"uuid" db:"allotment"`
}

// maxDraws bounds the draws of one right.
const maxDraws = 100

// draw replaces a live right's draws by the named ones, or by the project's current needs.
func draw(ctx context.Context, w *work) error {
	was, err := w.rightSeen(ctx)
	if err != nil {
		return err
	}
	const sqlNeed = `SELECT requirement->'services' FROM project_version v
		JOIN allotment t USING (district_id, project_id) WHERE t.park_id = $1 AND t.allotment_id = $2
		AND upper_inf(v.sys)`
	var need json.RawMessage
	if err := w.tx.QueryRow(ctx, sqlNeed, w.park, was.ID).Scan(&need); err != nil {
		return err
	}
	changed, err := w.shareOut(ctx, was.ID, need)
	if err == nil && !changed {
		return geo.NewInvalid("draws", "draws.other", geo.Say("came.same"))
	}
	return err
}

// shareOut makes a right draw what the command names, or else what its project needs, each service from one node. It
// reports whether that changed anything.
func (w *work) shareOut(ctx context.Context, right uuid.UUID, requirement json.RawMessage) (changed bool, err error) {
	var want []Draw
	if named := w.order.Command.Draws; named != nil {
		want, err = checkDraws(*named)
	} else {
		want, err = w.nearest(ctx, right, requirement)
	}
	if err != nil {
		return false, err
	}
	var had []Draw
	if w.order.Command.Kind == "draw" {
		if had, err = w.draws(ctx, right); err != nil {
			return false, err
		}
	}
	ended, begun := differ(had, want)
	if err := w.endDraws(ctx, right, ended); err != nil {
		return false, err
	}
	return len(ended)+len(begun) > 0, w.beginDraws(ctx, right, begun)
}

func checkDraws(named []Draw) ([]Draw, error) {
	if len(named) > maxDraws {
		return nil, geo.NewInvalid("draws", "draws.most", len(named), "n", maxDraws)
	}
	type place struct {
		service land.Service
		node    uuid.UUID
	}
	seen := map[place]bool{}
	for i, d := range named {
		if _, err := land.ParseService(string(d.Service)); err != nil {
			return nil, geo.NewInvalid("draws", "one_of", d.Service, "values",
				"power, steam, water, sewage, gas, nitrogen")
		}
		if d.Amount.Sign() <= 0 {
			return nil, geo.NewInvalid(fmt.Sprintf("draws[%d].amount", i), "draws.above_0", d.Amount)
		}
		if seen[place{d.Service, d.Node}] {
			return nil, geo.NewInvalid("draws", "draws.once", geo.Say("came.twice", "what", d.Node))
		}
		seen[place{d.Service, d.Node}] = true
	}
	return named, nil
}

// differ compares a right's current draws with the wanted ones and lists the draws to end and to begin.
func differ(had, want []Draw) (ended, begun []Draw) {
	has := func(all []Draw, d Draw) bool {
		for _, o := range all {
			if o == d {
				return true
			}
		}
		return false
	}
	for _, d := range had {
		if !has(want, d) {
			ended = append(ended, d)
		}
	}
	for _, d := range want {
		if !has(had, d) {
			begun = append(begun, d)
		}
	}
	return ended, begun
}

// The nodes of each service: first the nodes that the right draws from, then by distance to its land in the survey
// plane, then by code.
const sqlNodes = `
WITH site AS MATERIALIZED (
  SELECT ST_Collect(ST_Transform(v.geom, p.survey_crs)) AS g, p.survey_crs
    FROM allotment_parcel l JOIN parcel_version v USING (park_id, parcel_id) JOIN park p USING (park_id)
   WHERE l.park_id = $1 AND l.allotment_id = $2 AND l.to_seq IS NULL AND v.to_seq IS NULL GROUP BY p.survey_crs)
SELECT s.service, n.network_id, n.code, v.capacity::text AS capacity, d.promised::text AS promised, d.own::text AS own
  FROM site, network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
    JOIN network n USING (park_id, network_id)
  CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0) AS promised,
    coalesce(sum(x.amount) FILTER (WHERE x.allotment_id = $2), 0) AS own
                        FROM allotment_draw x WHERE (x.park_id, x.network_id, x.service) = (v.park_id, v.network_id,
                          s.service) AND x.to_seq IS NULL) d
 WHERE v.park_id = $1 AND v.to_seq IS NULL AND v.grade = 'node' AND v.capacity IS NOT NULL AND s.service = ANY ($3)
 ORDER BY s.service, d.own = 0, ST_Distance(ST_Transform(v.geom, site.survey_crs), site.g), n.code`

type node struct {
	Service  land.Service
	ID       uuid.UUID `db:"network_id"`
	Code     string
	Capacity geo.Amount
	Promised geo.Amount
	Own      geo.Amount // what the right itself draws of Promised
}

func (n node) headroom() geo.Amount { return n.Capacity.Sub(n.Promised).Add(n.Own) }

// nearest assigns each service of a need to one node: the first with capacity for all of it, in the order of
// sqlNodes.
func (w *work) nearest(ctx context.Context, right uuid.UUID, requirement json.RawMessage) ([]Draw, error) {
	need, err := parseNeed(requirement)
	if err != nil || len(need) == 0 {
		return nil, err
	}
	var services []string
	for s := range need {
		services = append(services, string(s))
	}
	rows, err := w.tx.Query(ctx, sqlNodes, w.park, right, services)
	if err != nil {
		return nil, err
	}
	nodes, err := pgx.CollectRows(rows, pgx.RowToStructByName[node])
	if err != nil {
		return nil, err
	}
	var draws []Draw
	for _, s := range land.Services() {
		amount, needed := need[s]
		if !needed {
			continue
		}
		id, denial := choose(nodes, s, amount)
		if denial != nil {
			return nil, denial
		}
		draws = append(draws, Draw{s, id, amount})
	}
	return draws, nil
}

func parseNeed(requirement json.RawMessage) (land.Need, error) {
	if requirement == nil {
		return nil, nil
	}
	var value any
	if err := json.Unmarshal(requirement, &value); err != nil {
		return nil, err
	}
	return land.ParseNeed(value)
}

// choose finds the first node with capacity for an amount. The denial names the node with the most.
func choose(nodes []node, s land.Service, amount geo.Amount) (uuid.UUID, *store.Denial) {
	best := -1
	for i, n := range nodes {
		if n.Service != s {
			continue
		}
		if n.headroom().Cmp(amount) >= 0 {
			return n.ID, nil
		}
		if best < 0 || n.headroom().Cmp(nodes[best].headroom()) > 0 {
			best = i
		}
	}
	if best < 0 {
		return uuid.Nil, &store.Denial{Rule: "service_has_node",
			Supply: &store.Shortfall{Service: s, Unit: s.Unit(), Asked: amount, Short: amount}}
	}
	n := nodes[best]
	return uuid.Nil, &store.Denial{Rule: "node_has_headroom",
		Supply: &store.Shortfall{Node: &n.ID, Code: n.Code, Service: s, Unit: s.Unit(),
			Capacity: n.Capacity, Promised: n.Promised.Sub(n.Own), Asked: amount, Short: amount.Sub(n.headroom())}}
}

// draws lists a right's current draws.
func (w *work) draws(ctx context.Context, right uuid.UUID) ([]Draw, error) {
	const sql = `SELECT service, network_id AS node, amount::text AS amount FROM allotment_draw WHERE park_id = $1
		AND allotment_id = $2 AND to_seq IS NULL`
	rows, err := w.tx.Query(ctx, sql, w.park, right)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Draw])
}

func (w *work) endDraws(ctx context.Context, right uuid.UUID, draws []Draw) error {
	w.drawn = w.drawn || len(draws) > 0
	for _, d := range draws {
		const sql = `UPDATE allotment_draw SET to_seq = $5 WHERE park_id = $1 AND allotment_id = $2
			AND network_id = $3 AND service = $4 AND to_seq IS NULL`
		if _, err := w.tx.Exec(ctx, sql, w.park, right, d.Node, d.Service, w.seq); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) beginDraws(ctx context.Context, right uuid.UUID, draws []Draw) error {
	w.drawn = w.drawn || len(draws) > 0
	for _, d := range draws {
		const sql = `INSERT INTO allotment_draw (park_id, allotment_id, network_id, service, from_seq, amount)
			VALUES ($1, $2, $3, $4, $5, $6::numeric)`
		if _, err := w.tx.Exec(ctx, sql, w.park, right, d.Node, d.Service, w.seq, d.Amount.String()); err != nil {
			return err
		}
	}
	return nil
}

// endRight ends a right with its parcels and draws.
func (w *work) endRight(ctx context.Context, id uuid.UUID) error {
	if err := w.closeRight(ctx, id); err != nil {
		return err
	}
	for _, sql := range []string{
		`UPDATE allotment_parcel SET to_seq = $3 WHERE park_id = $1 AND allotment_id = $2 AND to_seq IS NULL`,
		`UPDATE allotment_draw SET to_seq = $3 WHERE park_id = $1 AND allotment_id = $2 AND to_seq IS NULL`,
	} {
		if _, err := w.tx.Exec(ctx, sql, w.park, id, w.seq); err != nil {
			return err
		}
	}
	return nil
}

const sqlDrawStates = `
SELECT d.service, d.network_id AS node, d.amount::text AS amount, n.code, s.unit, room.capacity::text AS capacity,
       (room.capacity - room.promised)::text AS headroom
  FROM allotment_draw d JOIN network n USING (park_id, network_id) JOIN service s USING (service)
  CROSS JOIN LATERAL (SELECT coalesce(sum(v.capacity), 0) AS capacity,
                             (SELECT sum(x.amount) FROM allotment_draw x
                               WHERE (x.park_id, x.network_id, x.service) = (d.park_id, d.network_id, d.service)
                               AND x.to_seq IS NULL) AS promised
                        FROM network_version v WHERE (v.park_id, v.network_id, v.kind, v.unit,
                          v.grade) = (d.park_id, d.network_id, s.kind, s.unit, 'node') AND v.to_seq IS NULL) room
 WHERE d.park_id = $1 AND d.allotment_id = $2 AND d.to_seq IS NULL
 ORDER BY array_position(ARRAY['power', 'steam', 'water', 'sewage', 'gas', 'nitrogen'], d.service), n.code`

// drawStates lists a right's draws, with each node's free capacity.
func (w *work) drawStates(ctx context.Context, right uuid.UUID) ([]DrawState, error) {
	rows, err := w.tx.Query(ctx, sqlDrawStates, w.park, right)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[DrawState])
}

// nameRisks writes down whose supply the record puts at risk. That it names live draws, and enough of them, is the
// database's to see.
func (w *work) nameRisks(ctx context.Context) error {
	const sql = `INSERT INTO supply_at_risk (park_id, seq, network_id, allotment_id, service, amount)
		VALUES ($1, $2, $3, $4, $5, $6::numeric)`
	for _, r := range w.order.Command.AtRisk {
		if r.Amount.Sign() <= 0 {
			return geo.NewInvalid("at_risk", "draws.above_0", r.Amount)
		}
		if _, err := w.tx.Exec(ctx, sql, w.park, w.seq, r.Node, r.Allotment, r.Service, r.Amount.String()); err != nil {
			return err
		}
	}
	return nil
}
