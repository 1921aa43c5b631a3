package feed

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// ServiceLedger is what a park's nodes have and have promised, now or at an instant: everything for members; for the
// public which nodes there are and, in a word, how much of each is free.
type ServiceLedger struct {
	Park     string         `json:"park"`
	Seq      int64          `json:"seq" doc:"The park's clock when this was answered."`
	At       *time.Time     `json:"at" nullable:"true"`
	Datetime *time.Time     `json:"datetime" nullable:"true" doc:"The instant that was asked for; null for now."`
	Form     string         `json:"form" enum:"members,public"`
	Services []ServiceTotal `json:"services" doc:"Those of which the park has a node or promises."`
}

// ServiceTotal is a service over all nodes of a park.
type ServiceTotal struct {
	Service  land.Service  `json:"service"`
	Unit     string        `json:"unit"`
	Capacity *geo.Amount   `json:"capacity" nullable:"true" doc:"Null where the public is not told that of every node."`
	Promised *geo.Amount   `json:"promised,omitempty" doc:"Members only, as are headroom and by_state."`
	Headroom *geo.Amount   `json:"headroom,omitempty" doc:"What no right draws of the nodes that have room; what others lack is not taken from it."`
	ByState  *ByState      `json:"by_state,omitempty"`
	Nodes    []ServiceNode `json:"nodes" doc:"By code; with limit the first of them."`
	Count    int           `json:"node_count" doc:"How many nodes there are, listed or not."`
}

// ByState is what rights in each state draw.
type ByState struct {
	Hold     geo.Amount `json:"hold"`
	Reserved geo.Amount `json:"reserved"`
	Supplied geo.Amount `json:"supplied"`
	Built    geo.Amount `json:"built"`
}

// ServiceNode is a node of a network that gives a service.
type ServiceNode struct {
	ID       uuid.UUID   `json:"id" format:"uuid"`
	Code     string      `json:"code"`
	NameZH   *string     `json:"name_zh" nullable:"true"`
	NameEN   *string     `json:"name_en" nullable:"true"`
	Point    []float64   `json:"point" nullable:"true" doc:"Longitude and latitude; null of a node that is retired and still promises something."`
	Capacity *geo.Amount `json:"capacity" nullable:"true" doc:"Null where the public is not told it."`
	Free     string      `json:"free,omitempty" enum:"ample,some,little" doc:"ample: half of the capacity or more; some: a fifth or more; little: less. Absent where the public is told nothing, and beside a figure or a band where it is not told the capacity."`
	Told     Told        `json:"told"`
	Promised *geo.Amount `json:"promised,omitempty" doc:"Members only, as are headroom, by_state and publication."`
	Headroom *geo.Amount `json:"headroom,omitempty" doc:"Negative where more is promised than the node has."`
	ByState  *ByState    `json:"by_state,omitempty"`
	Public   *bool       `json:"public,omitempty" doc:"Whether the public sees the node."`
}

// Told is a node's free capacity as published, in the form that its park chose. Members see it too.
type Told struct {
	Form   land.Telling `json:"form" enum:"figure,band,word,none" doc:"figure: amount; band: it lies between min and max, a tenth of the capacity or, where that is not told, a step of 1, 2, 5, 10 and so on; word: free alone; none: nothing, ask the park."`
	Amount *geo.Amount  `json:"amount,omitempty"`
	Min    *geo.Amount  `json:"min,omitempty"`
	Max    *geo.Amount  `json:"max,omitempty"`
	AsOf   *time.Time   `json:"as_of,omitempty" doc:"Since when that, and the capacity, is said."`
}

// told converts a public row to its published form.
func told(form string, least, most *geo.Amount, asOf *time.Time) Told {
	t := Told{Form: land.Telling(form), AsOf: asOf}
	switch t.Form {
	case land.TellFigure:
		t.Amount = least
	case land.TellBand:
		t.Min, t.Max = least, most
	}
	return t
}

// Conditions on a versioned table: live rows, or the rows as of the instant $2.
const (
	atV = `CASE WHEN $2::timestamptz IS NULL THEN v.to_seq IS NULL ELSE v.sys @> $2::timestamptz END`
	atD = `CASE WHEN $2::timestamptz IS NULL THEN d.to_seq IS NULL ELSE d.sys @> $2::timestamptz END`
	atA = `CASE WHEN $2::timestamptz IS NULL THEN a.to_seq IS NULL ELSE a.sys @> $2::timestamptz END`
)

// serviceOrder begins the place of a service among the services.
const serviceOrder = `array_position(ARRAY['power', 'steam', 'water', 'sewage', 'gas', 'nitrogen'], `

// A node is in the ledger while it has capacity or promises any. The public's ledger is a query of its own: it has the
// nodes that are published, and what is told of them; it may not read the rights from which this one sums.
const sqlLedger = `
WITH given AS (
  SELECT v.network_id, s.service, v.capacity, v.name_zh, v.name_en, v.publication = 'public' AS public,
    v.headroom_told, v.geom
    FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
   WHERE v.park_id = $1 AND v.grade = 'node' AND v.capacity IS NOT NULL AND ` + atV + `%[1]s),
taken AS (
  SELECT d.network_id, d.service, sum(d.amount) AS promised, sum(d.amount) FILTER (WHERE a.state = 'hold') AS hold, sum(d.amount) FILTER (WHERE a.state = 'reserved') AS reserved,
         sum(d.amount) FILTER (WHERE a.state = 'supplied') AS supplied, sum(d.amount) FILTER (WHERE a.state = 'built') AS built
    FROM allotment_draw d JOIN allotment_version a ON (a.park_id, a.allotment_id) = (d.park_id, d.allotment_id) AND ` + atA + `
   WHERE d.park_id = $1 AND ` + atD + `%[2]s GROUP BY 1, 2)
SELECT x.service, s.unit, x.network_id AS id, n.code, x.name_zh, x.name_en, coalesce(x.capacity, 0)::text AS capacity, coalesce(x.promised, 0)::text AS promised,
       coalesce(x.hold, 0)::text AS hold, coalesce(x.reserved, 0)::text AS reserved, coalesce(x.supplied, 0)::text AS supplied, coalesce(x.built, 0)::text AS built, coalesce(x.public, false) AS public,
       CASE WHEN x.geom IS NOT NULL THEN ARRAY[round(ST_X(p.at)::numeric, 9)::float8, round(ST_Y(p.at)::numeric, 9)::float8] END AS point, '' AS free,
       coalesce(x.headroom_told, 'none') AS told, d.least::text AS least, d.most::text AS most, lower(d.sys) AS as_of
  FROM (given FULL JOIN taken USING (network_id, service)) x JOIN service s ON s.service = x.service JOIN network n ON (n.park_id, n.network_id) = ($1, x.network_id)
  LEFT JOIN service_public d ON (d.park_id, d.network_id, d.service) = ($1, x.network_id, x.service) AND ` + atD + `
  CROSS JOIN LATERAL (SELECT ST_PointOnSurface(x.geom) AS at) p
 ORDER BY ` + serviceOrder + `x.service), code_order(n.code)`

const sqlPublicLedger = `
SELECT d.service, v.unit, v.network_id AS id, v.code, v.name_zh, v.name_en, v.capacity::text AS capacity,
       '0' AS promised, '0' AS hold, '0' AS reserved, '0' AS supplied, '0' AS built, true AS public,
       ARRAY[round(ST_X(p.at)::numeric, 9)::float8, round(ST_Y(p.at)::numeric, 9)::float8] AS point,
         coalesce(d.free, '') AS free,
       d.told, d.least::text AS least, d.most::text AS most, greatest(lower(d.sys), lower(v.sys)) AS as_of
  FROM network_public v JOIN service_public d USING (park_id, network_id)
  CROSS JOIN LATERAL (SELECT ST_PointOnSurface(v.geom) AS at) p
 WHERE v.park_id = $1 AND ` + atV + ` AND ` + atD + `%[1]s
 ORDER BY ` + serviceOrder + `d.service), code_order(v.code)`

type ledgerRow struct {
	Service                         land.Service
	Unit                            string
	ID                              uuid.UUID
	Code                            string
	NameZH                          *string `db:"name_zh"`
	NameEN                          *string `db:"name_en"`
	Capacity                        *geo.Amount
	Promised                        geo.Amount
	Hold, Reserved, Supplied, Built geo.Amount
	Public                          bool
	Point                           []float64
	Free                            string
	Told                            string
	Least, Most                     *geo.Amount
	AsOf                            *time.Time `db:"as_of"`
}

// narrowed gives the SQL of a ledger and its arguments after the park and the instant: of all nodes, or of those named.
func narrowed(form string, nodes []uuid.UUID) (sql string, args []any) {
	given, taken := "", ""
	if nodes != nil {
		given, taken, args = " AND v.network_id = ANY($3::uuid[])", " AND d.network_id = ANY($3::uuid[])", []any{nodes}
	}
	if form == "public" {
		return fmt.Sprintf(sqlPublicLedger, given), args
	}
	return fmt.Sprintf(sqlLedger, given, taken), args
}

// Services reads a park's ledger as members see it, through a View of the desk; at nil is now. Of each service at most
// limit nodes are listed, with 0 all; totals are over all.
func (v *View) Services(ctx context.Context, code string, at *time.Time, limit int) (*ServiceLedger, error) {
	l, err := v.ledger(ctx, code, "members", at, nil)
	return l.first(limit), err
}

// PublicServices reads what the public sees of it.
func (v *View) PublicServices(ctx context.Context, code string, at *time.Time, limit int) (*ServiceLedger, error) {
	l, err := v.ledger(ctx, code, "public", at, nil)
	return l.first(limit), err
}

// first keeps the first nodes of each service.
func (l *ServiceLedger) first(limit int) *ServiceLedger {
	if l == nil || limit == 0 {
		return l
	}
	for i := range l.Services {
		if t := &l.Services[i]; len(t.Nodes) > limit {
			t.Nodes = t.Nodes[:limit]
		}
	}
	return l
}

// ledger reads all nodes of a park, or those named: a [store.Missing] where one is named and isn't one.
func (v *View) ledger(ctx context.Context, code, form string, at *time.Time, nodes []uuid.UUID) (*ServiceLedger,
	error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	sql, args := narrowed(form, nodes)
	rows, err := v.Tx.Query(ctx, sql, append([]any{park.ID, at}, args...)...)
	if err != nil {
		return nil, store.Translate("read the services of "+code, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[ledgerRow])
	if err != nil {
		return nil, store.Translate("read the services of "+code, err)
	}
	l := &ServiceLedger{Park: code, Seq: park.Seq, At: park.At, Datetime: at, Form: form, Services: []ServiceTotal{}}
	for _, r := range found {
		l.add(r)
	}
	if len(nodes) == 1 && len(l.Services) == 0 {
		return nil, &store.Missing{Kind: "node", Name: nodes[0].String()}
	}
	return l, nil
}

// add enters a node; those of one service come together.
func (l *ServiceLedger) add(r ledgerRow) {
	members := l.Form == "members"
	if n := len(l.Services); n == 0 || l.Services[n-1].Service != r.Service {
		t := ServiceTotal{Service: r.Service, Unit: r.Unit}
		if members {
			t.Promised, t.Headroom, t.ByState = &geo.Amount{}, &geo.Amount{}, &ByState{}
		}
		l.Services = append(l.Services, t)
	}
	t := &l.Services[len(l.Services)-1]
	node := ServiceNode{ID: r.ID, Code: r.Code, NameZH: r.NameZH, NameEN: r.NameEN, Point: r.Point,
		Capacity: r.Capacity, Free: r.Free, Told: told(r.Told, r.Least, r.Most, r.AsOf)}
	switch {
	case r.Capacity == nil:
		t.Capacity = nil
	case len(t.Nodes) == 0:
		sum := *r.Capacity
		t.Capacity = &sum
	case t.Capacity != nil:
		*t.Capacity = t.Capacity.Add(*r.Capacity)
	}
	if members {
		headroom := r.Capacity.Sub(r.Promised)
		node.Promised, node.Headroom, node.Public, node.Free = &r.Promised, &headroom, &r.Public,
			free(*r.Capacity, headroom)
		node.ByState = &ByState{r.Hold, r.Reserved, r.Supplied, r.Built}
		*t.Promised = t.Promised.Add(r.Promised)
		if headroom.Sign() > 0 {
			*t.Headroom = t.Headroom.Add(headroom)
		}
		t.ByState.Hold, t.ByState.Reserved = t.ByState.Hold.Add(r.Hold), t.ByState.Reserved.Add(r.Reserved)
		t.ByState.Supplied, t.ByState.Built = t.ByState.Supplied.Add(r.Supplied), t.ByState.Built.Add(r.Built)
	}
	t.Nodes = append(t.Nodes, node)
	t.Count++
}

// free says how much is left in the word that the public is told (publish_services in the database).
func free(capacity, headroom geo.Amount) string {
	twice := headroom.Add(headroom)
	switch {
	case capacity.Sign() > 0 && twice.Cmp(capacity) >= 0:
		return "ample"
	case capacity.Sign() > 0 && twice.Add(twice).Add(headroom).Cmp(capacity) >= 0:
		return "some"
	}
	return "little"
}

// NodeLedger is the part of a ledger that is one node's, with who draws what from it.
type NodeLedger struct {
	ServiceLedger
	Draws []NodeDraw `json:"draws,omitempty" doc:"Members only; the largest first."`
}

// NodeDraw is a right that draws from a node.
type NodeDraw struct {
	Service   land.Service `json:"service" db:"service"`
	Amount    geo.Amount   `json:"amount" db:"amount"`
	AtRisk    *geo.Amount  `json:"at_risk" db:"at_risk" nullable:"true" doc:"How much of it the newest record that risked it put at risk, while the node promises more than it has."`
	Since     time.Time    `json:"since" db:"since"`
	Seq       int64        `json:"seq" db:"seq" doc:"The record from which this amount is drawn."`
	Allotment uuid.UUID    `json:"allotment" db:"allotment" format:"uuid"`
	Version   int64        `json:"allotment_version" db:"version" doc:"The right's version now."`
	State     string       `json:"state" db:"state"`
	ExpiresAt *time.Time   `json:"expires_at" db:"expires_at" nullable:"true"`
	Project   NamedProject `json:"project" db:"project"`
	Parcels   []Touched    `json:"parcels" db:"parcels" doc:"What the right covers, by code."`
}

const sqlNodeDraws = `
SELECT d.service, d.amount::text AS amount, lower(d.sys) AS since, d.from_seq AS seq, d.allotment_id AS allotment,
       t.version, a.state, a.expires_at,
       jsonb_build_object('id', j.project_id, 'code', j.code, 'name_zh', r.name_zh, 'name_en', r.name_en) AS project,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.parcel_id, 'code', v.code)
         ORDER BY code_order(v.code)), '[]')
          FROM allotment_parcel l JOIN parcel_version v ON (v.park_id, v.parcel_id) = (l.park_id, l.parcel_id) AND ` + atV + `
         WHERE (l.park_id, l.allotment_id) = (d.park_id, d.allotment_id) AND CASE
           WHEN $2::timestamptz IS NULL THEN l.to_seq IS NULL ELSE l.sys @> $2::timestamptz END) AS parcels,
       (SELECT k.amount::text FROM supply_at_risk k JOIN record c USING (park_id, seq)
         WHERE (k.park_id, k.network_id, k.allotment_id, k.service) = (d.park_id, d.network_id, d.allotment_id,
           d.service) AND k.seq >= d.from_seq AND ($2::timestamptz IS NULL OR c.at <= $2::timestamptz)
         ORDER BY k.seq DESC LIMIT 1) AS at_risk
  FROM allotment_draw d JOIN allotment t USING (park_id, allotment_id)
  JOIN allotment_version a ON (a.park_id, a.allotment_id) = (d.park_id, d.allotment_id) AND ` + atA + `
  JOIN project j ON (j.district_id, j.project_id) = (t.district_id, t.project_id)
  JOIN project_version r ON (r.district_id, r.project_id) = (t.district_id, t.project_id) AND CASE
    WHEN $2::timestamptz IS NULL THEN upper_inf(r.sys) ELSE r.sys @> $2::timestamptz END
 WHERE d.park_id = $1 AND d.network_id = $3 AND ` + atD + `
 ORDER BY d.amount DESC, code_order(j.code), d.allotment_id LIMIT 2000`

// NodeServices reads one node as members see it; a Missing where it is none, or was none then.
func (v *View) NodeServices(ctx context.Context, code string, id uuid.UUID, at *time.Time) (*NodeLedger, error) {
	l, err := v.ledger(ctx, code, "members", at, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	park, err := v.parkID(ctx, code)
	if err != nil {
		return nil, err
	}
	rows, err := v.Tx.Query(ctx, sqlNodeDraws, park, at, id)
	if err != nil {
		return nil, store.Translate("read who draws from a node", err)
	}
	n := &NodeLedger{ServiceLedger: *l}
	if n.Draws, err = pgx.CollectRows(rows, pgx.RowToStructByName[NodeDraw]); err != nil {
		return nil, store.Translate("read who draws from a node", err)
	}
	for i := range n.Draws {
		if !n.over(n.Draws[i].Service) {
			n.Draws[i].AtRisk = nil
		}
	}
	return n, nil
}

// over reports whether the node promises more of a service than it has.
func (n *NodeLedger) over(s land.Service) bool {
	for _, t := range n.Services {
		if t.Service == s {
			return t.Nodes[0].Headroom.Sign() < 0
		}
	}
	return false
}

// PublicNodeServices reads what the public sees of a node.
func (v *View) PublicNodeServices(ctx context.Context, code string, id uuid.UUID, at *time.Time) (*NodeLedger, error) {
	l, err := v.ledger(ctx, code, "public", at, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	return &NodeLedger{ServiceLedger: *l}, nil
}

// NamedProject is a project in the words of others' answers.
type NamedProject struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Code   string    `json:"code"`
	NameZH string    `json:"name_zh"`
	NameEN string    `json:"name_en"`
}

// Touched is a parcel that a record changed, or the right on it.
type Touched struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	Code string    `json:"code" doc:"As it was then."`
}
