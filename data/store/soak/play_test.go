package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/geotest"
	"luodi/geo/land"
	"luodi/geo/lot"
)

// player thinks of changes to make to a park as it finds it: some can be made, some must be refused.
type player struct {
	pool    *pgxpool.Pool
	park    uuid.UUID
	project uuid.UUID
	others  []uuid.UUID // projects that want land too
	rand    *rand.Rand
	kinds   []string // what it may do; as often as it is named
}

// everything is every kind of change, the frequent ones named more often.
var everything = []string{"split", "split", "split", "merge", "merge", "merge", "move", "move", "hold", "hold",
	"reserve", "supply", "build", "extend", "take_back", "take_back",
	"withdraw", "restore", "release", "publish", "unpublish", "revert", "revert", "preview",
	"hold", "take_back", "draw", "draw", "queue", "queue", "queue", "leave",
	"create", "create", "create", "create", "edit", "edit", "edit", "edit", "edit", "edit", "retire", "retire",
	"correct", "correct"}

// stand is a live parcel as a player finds it.
type stand struct {
	ID      uuid.UUID
	Version int64
	Code    string
	Bank    string
	Legal   string
	Right   uuid.UUID // uuid.Nil: none
	State   string
	Held    int64      // the right's version
	Box     [4]float64 // west, south, east, north
	First   uuid.UUID  // the project that is first in the queue
	Place   uuid.UUID  // its place
}

const sqlStands = `
SELECT p.parcel_id, p.version, v.code, v.bank_status, v.legal_m2::text,
       coalesce(l.allotment_id, '00000000-0000-0000-0000-000000000000'), coalesce(a.state, ''), coalesce(t.version, 0),
       ARRAY[ST_XMin(v.geom), ST_YMin(v.geom), ST_XMax(v.geom), ST_YMax(v.geom)],
       coalesce(f.project_id, '00000000-0000-0000-0000-000000000000'),
         coalesce(f.waiting_id, '00000000-0000-0000-0000-000000000000')
  FROM parcel_version v JOIN parcel p USING (park_id, parcel_id)
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
  LEFT JOIN allotment t ON (t.park_id, t.allotment_id) = (l.park_id, l.allotment_id)
  LEFT JOIN LATERAL (SELECT project_id, waiting_id FROM waiting w
    WHERE (w.park_id, w.parcel_id) = (v.park_id, v.parcel_id) AND w.to_seq IS NULL ORDER BY w.from_seq
    LIMIT 1) f ON true
 WHERE v.park_id = $1 AND v.to_seq IS NULL ORDER BY v.code`

func (p *player) stands(ctx context.Context) ([]stand, error) {
	rows, err := p.pool.Query(ctx, sqlStands, p.park)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[stand])
}

// suggest thinks of a change. preview says that it is only to be tried.
func (p *player) suggest(ctx context.Context) (c ledger.Command, preview bool, err error) {
	all, err := p.stands(ctx)
	if err != nil {
		return c, false, err
	}
	kind := one(p.rand, p.kinds...)
	if kind == "preview" {
		kind, preview = one(p.rand, "split", "merge", "hold", "move", "create", "edit", "retire", "correct"), true
	}
	if len(all) == 0 { // all its land was retired
		kind = "create"
	}
	c, err = p.think(ctx, kind, all)
	return c, preview, err
}

func (p *player) think(ctx context.Context, kind string, all []stand) (ledger.Command, error) {
	switch kind {
	case "split":
		return p.splitAndThen(all), nil
	case "merge", "move":
		return p.join(ctx, kind, all)
	case "hold":
		return p.hold(all), nil
	case "draw":
		return p.draw(ctx, all)
	case "queue", "leave":
		return p.queue(kind, all), nil
	case "withdraw", "restore", "release", "publish", "unpublish":
		return ledger.Command{Kind: kind, Parcels: p.some(all, kind)}, nil
	case "create", "edit", "retire":
		collection := one(p.rand, "parcels", "parcels", "zones", "plan-units", "networks", "networks")
		if collection == "parcels" || len(all) == 0 {
			return p.land(ctx, kind, all)
		}
		return p.object(ctx, kind, collection, all)
	case "correct":
		return p.correct(ctx, all)
	case "revert":
		return p.revert(ctx)
	}
	return p.right(kind, all), nil
}

// revert reverses one of the newest changes.
func (p *player) revert(ctx context.Context) (ledger.Command, error) {
	var seq int64
	if err := p.pool.QueryRow(ctx, `SELECT seq FROM park_clock WHERE park_id = $1`, p.park).Scan(&seq); err != nil {
		return ledger.Command{}, err
	}
	c := ledger.Command{Kind: "revert", Reverts: max(1, seq-p.rand.Int64N(4))}
	var err error
	if p.rand.IntN(4) == 0 {
		c.AtRisk, err = p.risks(ctx, nil)
	}
	return c, err
}

func (p *player) hold(all []stand) ledger.Command {
	c := ledger.Command{Kind: "hold", Parcels: p.some(all, "hold"), Project: &p.project,
		Until: inDays(10 + p.rand.IntN(20))}
	for _, s := range all {
		if s.ID == c.Parcels[0].ID && s.First != uuid.Nil && p.rand.IntN(4) > 0 {
			c.Project = &s.First
		}
	}
	return c
}

// queue puts a project in the queue for a parcel that another has, or gives a place up.
func (p *player) queue(kind string, all []stand) ledger.Command {
	c := ledger.Command{Kind: kind, TermDays: 1 + p.rand.IntN(60), Project: &p.project}
	if len(p.others) > 0 {
		c.Project = &p.others[p.rand.IntN(len(p.others))]
	}
	s := all[p.rand.IntN(len(all))]
	for _, i := range p.rand.Perm(len(all)) {
		if fits := all[i].Right != uuid.Nil; kind == "queue" && fits || kind == "leave" && all[i].Place != uuid.Nil {
			s = all[i]
			break
		}
	}
	if kind == "leave" {
		return ledger.Command{Kind: kind, Waiting: &s.Place}
	}
	c.Parcels = []ledger.Ref{{ID: s.ID, Version: s.Version}}
	return c
}

// some picks a parcel or two, rather those of which the kind of change may be true.
func (p *player) some(all []stand, kind string) []ledger.Ref {
	fits := map[string]string{"hold": "available", "withdraw": "available", "restore": "withdrawn",
		"release": "reserve"}
	var likely []stand
	for _, s := range all {
		if s.Right == uuid.Nil && (fits[kind] == "" || s.Bank == fits[kind]) {
			likely = append(likely, s)
		}
	}
	if len(likely) == 0 || p.rand.IntN(8) == 0 {
		likely = all
	}
	first := likely[p.rand.IntN(len(likely))]
	refs := []ledger.Ref{{ID: first.ID, Version: first.Version}}
	if second := likely[p.rand.IntN(len(likely))]; second.ID != first.ID && p.rand.IntN(3) == 0 {
		refs = append(refs, ledger.Ref{ID: second.ID, Version: second.Version})
	}
	return refs
}

// right changes one of the rights there are, or in their absence holds land.
func (p *player) right(kind string, all []stand) ledger.Command {
	c := ledger.Command{Kind: kind}
	for _, i := range p.rand.Perm(len(all)) {
		if s := all[i]; s.Right != uuid.Nil {
			c.Allotment = &ledger.Ref{ID: s.Right, Version: s.Held}
			break
		}
	}
	if c.Allotment == nil {
		return p.hold(all)
	}
	switch kind {
	case "extend":
		c.Until = inDays(40)
	case "supply":
		c.Terms = &ledger.Terms{SupplyMode: "listing", TermYears: 1 + float64(p.rand.IntN(50))}
	}
	return c
}

// draw changes what a right draws: to what its project needs, or from some of the nodes there are.
func (p *player) draw(ctx context.Context, all []stand) (ledger.Command, error) {
	c := p.right("draw", all)
	items, err := p.items(ctx, "networks")
	if n := min(p.rand.IntN(4), len(items)); c.Kind == "draw" && n > 0 {
		draws := make([]ledger.Draw, 0, n)
		for _, i := range p.rand.Perm(len(items)) {
			if live := items[i].Live || p.rand.IntN(8) == 0; live && len(draws) < n {
				draws = append(draws, ledger.Draw{Service: land.DrawPower, Node: items[i].ID,
					Amount: geotest.Amount(fmt.Sprint(1 + p.rand.IntN(60)))})
			}
		}
		c.Draws = &draws
	}
	return c, err
}

// code is a code that nothing has.
func (p *player) code() string { return fmt.Sprintf("N%012x", p.rand.Uint64()>>16) }

// one picks one of some.
func one[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// split cuts a parcel by a line, by an area or into parts.
func (p *player) split(all []stand) ledger.Command {
	s := all[p.rand.IntN(len(all))]
	bearing := math.Floor(p.rand.Float64() * 360)
	shape := &ledger.Shape{Codes: []string{p.code(), p.code()}}
	w, h := s.Box[2]-s.Box[0], s.Box[3]-s.Box[1]
	at := func(f float64) float64 { return f + (1-2*f)*p.rand.Float64() } // between f and 1-f
	switch p.rand.IntN(3) {
	case 0:
		x, y := s.Box[0]+at(0.2)*w, s.Box[1]+at(0.2)*h
		sin, cos := math.Sincos(bearing * math.Pi / 180)
		bend := [2]float64{x + 0.1*w*p.rand.Float64(), y + 0.1*h*p.rand.Float64()}
		shape.Line = [][2]float64{{x - 2*w*cos, y - 2*h*sin}, bend, {x + 2*w*cos, y + 2*h*sin}}
	case 1:
		legal := geo.MustArea(s.Legal).M2()
		mu := geotest.Mu(fmt.Sprintf("%.2f", max(0.01, at(0.1)*legal*3/2000)))
		shape.AreaMu, shape.Bearing, shape.Side = &mu, &bearing, []string{"left", "right"}[p.rand.IntN(2)]
	default:
		shape.Parts, shape.Bearing = 2+p.rand.IntN(3), &bearing
		for len(shape.Codes) < shape.Parts {
			shape.Codes = append(shape.Codes, p.code())
		}
	}
	if s.Right != uuid.Nil && p.rand.IntN(5) > 0 {
		shape.Heir = shape.Codes[p.rand.IntN(2)]
	}
	return ledger.Command{Kind: "split", Parcels: []ledger.Ref{{ID: s.ID, Version: s.Version}}, Shape: shape}
}

// splitAndThen is now and then a split with a hold of one of its lots, or of reserve land with a proposal to release
// it; at times the one that must be refused.
func (p *player) splitAndThen(all []stand) ledger.Command {
	c := p.split(all)
	if p.rand.IntN(3) > 0 {
		return c
	}
	reserve := slices.ContainsFunc(all, func(s stand) bool { return s.ID == c.Parcels[0].ID && s.Bank == "reserve" })
	c.Then = p.then(reserve, c.Shape.Codes)
	return c
}

func (p *player) then(reserve bool, codes []string) *ledger.Then {
	then := &ledger.Then{Kind: "hold", Lot: one(p.rand, codes...)}
	if reserve == (p.rand.IntN(8) > 0) {
		then.Kind = "release"
		return then
	}
	then.Project, then.Until = &p.project, inDays(10+p.rand.IntN(20))
	return then
}

const sqlTouching = `
SELECT a.parcel_id, b.parcel_id, ST_X(ST_StartPoint(e.g)), ST_Y(ST_StartPoint(e.g)), ST_X(ST_EndPoint(e.g)),
       ST_Y(ST_EndPoint(e.g))
  FROM parcel_version a JOIN parcel_version b ON b.park_id = a.park_id AND b.to_seq IS NULL
    AND a.parcel_id < b.parcel_id AND a.geom && b.geom
  CROSS JOIN LATERAL (SELECT ST_LineMerge(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)) AS g OFFSET 0) e
 WHERE a.park_id = $1 AND a.to_seq IS NULL AND GeometryType(e.g) = 'LINESTRING' AND ST_Length(e.g) > 1e-5
 ORDER BY a.code, b.code`

// join merges two parcels that touch, or moves the boundary between them.
func (p *player) join(ctx context.Context, kind string, all []stand) (ledger.Command, error) {
	rows, err := p.pool.Query(ctx, sqlTouching, p.park)
	if err != nil {
		return ledger.Command{}, err
	}
	type edge struct {
		A, B           uuid.UUID
		X0, Y0, X1, Y1 float64
	}
	edges, err := pgx.CollectRows(rows, pgx.RowToStructByPos[edge])
	if err != nil {
		return ledger.Command{}, err
	}
	if len(edges) == 0 {
		return ledger.Command{Kind: kind, Parcels: p.some(all, kind)}, nil
	}
	e := edges[p.rand.IntN(len(edges))]
	c := ledger.Command{Kind: kind, Shape: &ledger.Shape{}}
	for _, s := range all {
		if s.ID == e.A || s.ID == e.B {
			c.Parcels = append(c.Parcels, ledger.Ref{ID: s.ID, Version: s.Version})
		}
	}
	if kind == "merge" {
		c.Shape.Codes, c.Shape.Decision = []string{p.code()},
			json.RawMessage(`{"publication": "public", "plan_unit": null, "land_use": "100101", "price_cny_per_m2": 336, "zone_id": null}`)
		if p.rand.IntN(8) == 0 {
			c.Shape.Decision = nil
		}
		return c, nil
	}
	// From end to end of the shared edge, bent to one side; now and then beyond the end, which is refused.
	dx, dy := e.X1-e.X0, e.Y1-e.Y0
	bend, end := 0.2*(p.rand.Float64()-0.5), 1.0
	if p.rand.IntN(8) == 0 {
		end = 1.1
	}
	c.Shape.Line = [][2]float64{{e.X0, e.Y0}, {e.X0 + dx/2 - bend*dy, e.Y0 + dy/2 + bend*dx},
		{e.X0 + end*dx, e.Y0 + end*dy}}
	return c, nil
}

// expected reports whether an order may have been refused with this error: by a rule, for what was seen, or for its
// words.
func expected(err error) bool {
	var denial *store.Denial
	var stale *store.Stale
	var undecided *ledger.Undecided
	var invalid *geo.Invalid
	var refused *lot.Refused
	return errors.As(err, &denial) || errors.As(err, &stale) || errors.As(err, &undecided) ||
		errors.As(err, &invalid) || errors.As(err, &refused)
}
