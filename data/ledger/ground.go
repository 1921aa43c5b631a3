package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
	"luodi/geo"
	"luodi/geo/lot"
)

// ground is the land an order changes and its neighbours, each vertex numbered once and known in both systems: planar
// metres of the survey CRS, in which edges are straight, and the degrees that are stored. Vertices nobody moves keep
// their stored degrees to the last bit.
type ground struct {
	work    *work
	plane   lot.Plane
	degrees map[int]orb.Point
	lots    map[uuid.UUID]*piece
	near    []*piece // neighbours of the order's parcels
}

// piece is a live parcel on the ground.
type piece struct {
	ID      uuid.UUID
	Code    string
	Legal   geo.Area
	Facts   json.RawMessage // the version's row
	shape   lot.Shape
	subject bool
}

const sqlGround = `
WITH subject AS (SELECT v.geom FROM parcel_version v WHERE v.park_id = $1 AND v.parcel_id = ANY ($2)
       AND v.to_seq IS NULL
                 UNION ALL SELECT ST_GeomFromEWKB(b) FROM unnest($3::bytea[]) b)
SELECT v.parcel_id, v.code, v.legal_m2::text, to_jsonb(v) - 'geom', ST_AsEWKB(v.geom),
       ST_AsEWKB(ST_Transform(v.geom, p.survey_crs)), v.parcel_id = ANY ($2)
  FROM park p,
       LATERAL (SELECT DISTINCT ON (n.parcel_id) n.* FROM subject s
         CROSS JOIN LATERAL (SELECT * FROM parcel_version WHERE to_seq IS NULL
         AND geom && ST_Expand(s.geom, 1e-6) OFFSET 0) n) v
 WHERE p.park_id = $1 AND v.park_id = $1`

// survey loads the command's parcels and all that may touch them, or touch other shapes, given as they are kept.
func (w *work) survey(ctx context.Context, parcels []seen, shapes ...[]byte) (*ground, error) {
	g := &ground{work: w, degrees: map[int]orb.Point{}, lots: map[uuid.UUID]*piece{}}
	ids := make([]uuid.UUID, len(parcels))
	for i, p := range parcels {
		ids[i] = p.ID
	}
	rows, err := w.tx.Query(ctx, sqlGround, w.park, ids, shapes)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p piece
		var legal string
		var stored, planar []byte
		if err := rows.Scan(&p.ID, &p.Code, &legal, &p.Facts, &stored, &planar, &p.subject); err != nil {
			return nil, err
		}
		if p.Legal, err = geo.ParseArea(legal); err != nil {
			return nil, err
		}
		if p.shape, err = g.number(stored, planar); err != nil {
			return nil, fmt.Errorf("parcel %s: %w", p.Code, err)
		}
		g.lots[p.ID] = &p
		if !p.subject {
			g.near = append(g.near, &p)
		}
	}
	return g, rows.Err()
}

// number adds a parcel's vertices to the plane and remembers their stored degrees.
func (g *ground) number(stored, planar []byte) (lot.Shape, error) {
	degrees, err := ewkb.DecodePolygon(stored)
	if err != nil {
		return nil, err
	}
	metres, err := ewkb.DecodePolygon(planar)
	if err != nil {
		return nil, err
	}
	for r, ring := range metres {
		for i, xy := range ring {
			id, err := g.plane.Vertex(xy)
			if err != nil {
				return nil, err
			}
			g.degrees[id] = degrees[r][i]
		}
	}
	return g.plane.Add(metres)
}

// rules are the shape rules with the neighbours' vertices to snap to.
func (g *ground) rules() lot.Rules {
	r := lot.ParcelRules
	seen := map[int]bool{}
	for _, n := range g.near {
		for _, ring := range n.shape {
			for _, id := range ring {
				if !seen[id] {
					seen[id] = true
					r.Near = append(r.Near, id)
				}
			}
		}
	}
	return r
}

// line brings a drawn line of degrees to the plane.
func (g *ground) line(ctx context.Context, degrees [][2]float64) ([]orb.Point, error) {
	if len(degrees) < 2 {
		return nil, geo.NewInvalid("shape.line", "line.two_points", fmt.Sprint(len(degrees)))
	}
	line := make(orb.LineString, len(degrees))
	for i, d := range degrees {
		if math.IsNaN(d[0]) || math.Abs(d[0]) > 180 || math.IsNaN(d[1]) || math.Abs(d[1]) > 90 {
			return nil, geo.NewInvalid("shape.line", "point.lon_lat", fmt.Sprint(d))
		}
		line[i] = d
	}
	moved, err := g.transform(ctx, line, 4490, false)
	return moved, err
}

// transform moves points between the stored system and the plane. Points that come back are on the stored grid.
func (g *ground) transform(ctx context.Context, line orb.LineString, from int32, back bool) ([]orb.Point, error) {
	b, err := ewkb.Append(nil, line, from)
	if err != nil {
		return nil, err
	}
	sql := `SELECT ST_AsEWKB(ST_Transform(ST_GeomFromEWKB($2::bytea), survey_crs)) FROM park WHERE park_id = $1`
	if back {
		sql = `SELECT ST_AsEWKB(ST_Transform(ST_SetSRID(ST_GeomFromEWKB($2::bytea), survey_crs), 4490))
			FROM park WHERE park_id = $1`
	}
	var out []byte
	if err := g.work.tx.QueryRow(ctx, sql, g.work.park, b).Scan(&out); err != nil {
		return nil, err
	}
	moved, _, err := ewkb.Decode(out)
	if err != nil {
		return nil, err
	}
	points, ok := moved.(orb.LineString)
	if !ok || len(points) != len(line) {
		return nil, fmt.Errorf("transform gave %T of other length", moved)
	}
	return points, nil
}

// settle gives an operation's new nodes, of which the plane knows, their stored degrees and enters them in the
// neighbours, which get new versions where they changed.
func (g *ground) settle(ctx context.Context, d lot.Division) error {
	if len(d.New) == 0 {
		return nil
	}
	line := make(orb.LineString, 0, len(d.New)+1)
	ids := make([]int, len(d.New))
	for i, n := range d.New {
		line = append(line, n.XY)
		ids[i] = n.ID
	}
	degrees, err := g.transform(ctx, append(line, line[0]), 0, true)
	if err != nil {
		return err
	}
	for i, id := range ids {
		g.degrees[id] = orb.Point{geo.SnapDegrees(degrees[i][0]), geo.SnapDegrees(degrees[i][1])}
	}
	return g.enterNear(ctx, ids)
}

// draw gives a shape in stored degrees.
func (g *ground) draw(s lot.Shape) ([]byte, error) {
	p := make(orb.Polygon, len(s))
	for r, ring := range s {
		for _, id := range ring {
			d, ok := g.degrees[id]
			if !ok {
				return nil, fmt.Errorf("vertex %d has no degrees", id)
			}
			p[r] = append(p[r], d)
		}
		p[r] = append(p[r], p[r][0])
	}
	return ewkb.Append(nil, p, 4490)
}

// redraw closes a parcel's version and begins the next with another shape and legal area.
func (g *ground) redraw(ctx context.Context, p *piece, s lot.Shape, legal geo.Area, facts map[string]any) error {
	if _, err := g.work.tx.Exec(ctx, sqlCloseParcels, g.work.park, []uuid.UUID{p.ID}, g.work.seq); err != nil {
		return err
	}
	return g.put(ctx, p.ID, p, s, legal, facts, true)
}

const sqlPutParcel = `
INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, zone_id, bank_status, land_use,
       services, legal_m2, price_cny_per_m2, price_kind, price_document, price_on, cadastral_no, estate_unit_no, publication,
       price_told, services_told, geom)
SELECT $1, $2, $3::bigint, CASE WHEN $4 THEN $3::bigint END, n.code, n.zone_id, n.bank_status, n.land_use,
       n.services, $5::numeric, n.price_cny_per_m2, n.price_kind, n.price_document, n.price_on, n.cadastral_no,
       n.estate_unit_no, n.publication, n.price_told, n.services_told,
       ST_GeomFromEWKB($6::bytea)
  FROM jsonb_populate_record(jsonb_populate_record(NULL::parcel_version, $7::jsonb), $8::jsonb) n`

// put begins a parcel's version with the facts of another, but for those given.
func (g *ground) put(ctx context.Context, id uuid.UUID, like *piece, s lot.Shape, legal geo.Area, facts map[string]any,
	follows bool) error {
	b, err := g.draw(s)
	if err != nil {
		return err
	}
	if facts == nil {
		facts = map[string]any{}
	}
	_, err = g.work.tx.Exec(ctx, sqlPutParcel, g.work.park, id, g.work.seq, follows, legal.String(), b, like.Facts,
		facts)
	return err
}

// beget makes a new parcel out of parents, with the facts of like but for those given, and returns its id.
func (g *ground) beget(ctx context.Context, parents []*piece, like *piece, s lot.Shape, legal geo.Area,
	facts map[string]any) (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, err
	}
	w := g.work
	if _, err := w.tx.Exec(ctx, `INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $2)`, w.park, id); err != nil {
		return id, err
	}
	if err := g.put(ctx, id, like, s, legal, facts, false); err != nil {
		return id, err
	}
	for _, p := range parents {
		if _, err := w.tx.Exec(ctx, `INSERT INTO lineage (park_id, seq, parent_id, child_id) VALUES ($1, $2, $3, $4)`,
			w.park, w.seq, p.ID, id); err != nil {
			return id, err
		}
	}
	return id, nil
}

// retire closes the versions of parcels that end, and the queues for them.
func (g *ground) retire(ctx context.Context, pieces ...*piece) error {
	ids := make([]uuid.UUID, len(pieces))
	for i, p := range pieces {
		ids[i] = p.ID
	}
	if _, err := g.work.tx.Exec(ctx, sqlCloseParcels, g.work.park, ids, g.work.seq); err != nil {
		return err
	}
	return g.work.endQueues(ctx, ids)
}

// subjects are the pieces of the order's parcels, in its order.
func (g *ground) subjects(parcels []seen) []*piece {
	pieces := make([]*piece, len(parcels))
	for i, p := range parcels {
		pieces[i] = g.lots[p.ID]
	}
	return pieces
}
