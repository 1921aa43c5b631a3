package siting_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/siting"
	"luodi/data/store/storetest"
)

// sqlWays finds every way by road of a park ($1, its code) by PostGIS and a relaxation in PL/pgSQL, knowing nothing of
// geo/match:
//
//  1. Roads are taken apart into straight strokes in the survey plane.
//  2. Where a road's first or last point lies within 1 m of another road's stroke, and further than 1 m from that stroke's own ends, it is a bead on it.
//  3. Beads within 1 m of each other are one node, at the first of them; strokes between beads are streets.
//  4. Parcels and targets go straight to the nearest street; where they meet it is a node on the street too. A road that is a target is met at its vertices.
//  5. Streets are cut at all nodes on them. The ways from each target over these arcs, and over the straight bits to the parcels, grow shorter until none can.
var sqlWays = []string{`
CREATE TEMP TABLE road ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY n.code, d.path) AS road, f.grade, d.geom
  FROM park k JOIN network n USING (park_id) JOIN network_version f USING (park_id, network_id),
    ST_Dump(ST_Transform(f.geom, k.survey_crs)) d
 WHERE k.code = $1 AND f.to_seq IS NULL AND f.kind = 'road' AND ST_Dimension(f.geom) = 1`, `
CREATE TEMP TABLE stroke ON COMMIT DROP AS
SELECT road, i, a, b, ST_MakeLine(a, b) AS geom
  FROM (SELECT road, p.path[1] AS i, p.geom AS a, lead(p.geom) OVER (PARTITION BY road ORDER BY p.path[1]) AS b
    FROM road, ST_DumpPoints(geom) p) v WHERE b IS NOT NULL`, `
CREATE TEMP TABLE bead ON COMMIT DROP AS
WITH e AS (SELECT road, ST_StartPoint(geom) AS at FROM road UNION ALL SELECT road, ST_EndPoint(geom) FROM road),
     b AS (SELECT road, i, 0 AS along, a AS at FROM stroke
           UNION ALL SELECT road, i + 1, 0, b FROM stroke s
             WHERE NOT EXISTS (SELECT FROM stroke n WHERE (n.road, n.i) = (s.road, s.i + 1))
           UNION ALL SELECT s.road, s.i, ST_LineLocatePoint(s.geom, e.at) * ST_Length(s.geom), e.at FROM stroke s
             JOIN e ON e.road <> s.road AND ST_DWithin(s.geom, e.at, 1)
            WHERE ST_LineLocatePoint(s.geom, e.at) * ST_Length(s.geom) BETWEEN 1 AND ST_Length(s.geom) - 1)
SELECT *, row_number() OVER (ORDER BY road, i, along) AS n FROM b`, `
CREATE TEMP TABLE node ON COMMIT DROP AS
SELECT n, road, 's' || cluster AS node, first_value(at) OVER (PARTITION BY cluster ORDER BY n) AS at, at AS was
       FROM (SELECT *, ST_ClusterDBSCAN(at, 1, 1) OVER () AS cluster FROM bead) c`, `
CREATE TEMP TABLE street ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY n) AS street, a, b, ST_MakeLine(p, q) AS geom
  FROM (SELECT n, node AS a, at AS p, lead(node) OVER w AS b, lead(at) OVER w AS q FROM node
    WINDOW w AS (PARTITION BY road ORDER BY n)) s WHERE a <> b`, `
CREATE TEMP TABLE call ON COMMIT DROP AS
WITH net AS (SELECT f.*, k.survey_crs FROM park k JOIN network_version f USING (park_id) WHERE k.code = $1
       AND f.to_seq IS NULL),
     point AS (SELECT CASE WHEN kind = 'port' THEN 'port_road_m'
       ELSE 'rail_road_m' END AS target, ST_Transform(geom, survey_crs) AS at FROM net
                WHERE GeometryType(geom) = 'POINT' AND (kind = 'port' OR kind = 'rail' AND grade = 'node'))
SELECT row_number() OVER () AS call, * FROM (
  SELECT target, NULL AS code, at FROM point
  UNION ALL SELECT 'highway_road_m', NULL, p.geom FROM road, ST_DumpPoints(road.geom) p WHERE grade = 'expressway'
  UNION ALL SELECT 'partner_' || t.node || '_road_m', NULL, ST_Centroid(ST_Transform(f.geom, k.survey_crs))
    FROM park k JOIN tenant t USING (park_id) JOIN parcel_version f USING (park_id, parcel_id) WHERE k.code = $1
      AND upper_inf(t.sys) AND f.to_seq IS NULL
  UNION ALL SELECT NULL, f.code, ST_Transform(ST_PointOnSurface(f.geom), k.survey_crs) FROM park k
    JOIN parcel_version f USING (park_id) WHERE k.code = $1 AND f.to_seq IS NULL) c`, `
CREATE TEMP TABLE visit ON COMMIT DROP AS
SELECT c.*, 'c' || call AS here, 'v' || call AS node, s.street,
       ST_LineLocatePoint(s.geom, c.at) * ST_Length(s.geom) AS along, ST_Distance(s.geom, c.at) AS gap
  FROM call c CROSS JOIN LATERAL (SELECT * FROM street ORDER BY ST_Distance(geom, c.at), street LIMIT 1) s`, `
CREATE TEMP TABLE arc ON COMMIT DROP AS
WITH mark AS (SELECT street, a AS node, 0 AS along FROM street UNION ALL SELECT street, b, ST_Length(geom)
       FROM street UNION ALL SELECT street, node, along FROM visit),
     hop AS (SELECT node AS a, lead(node) OVER w AS b, lead(along) OVER w - along AS m FROM mark
       WINDOW w AS (PARTITION BY street ORDER BY along)
             UNION ALL SELECT here, node, gap FROM visit)
SELECT a, b, m FROM hop WHERE b IS NOT NULL UNION ALL SELECT b, a, m FROM hop WHERE b IS NOT NULL`,
	`CREATE INDEX ON arc (a)`,
	`CREATE TEMP TABLE way (target text, node text, m float8, fresh bool, PRIMARY KEY (target, node)) ON COMMIT DROP`,
	`INSERT INTO way SELECT target, here, 0, true FROM visit WHERE target IS NOT NULL`,
	`DO $$
DECLARE n bigint;
BEGIN
  LOOP
    CREATE TEMP TABLE longer ON COMMIT DROP AS
      SELECT w.target, a.b AS node, min(w.m + a.m) AS m FROM way w JOIN arc a ON a.a = w.node WHERE w.fresh
        GROUP BY 1, 2;
    UPDATE way SET fresh = false WHERE fresh;
    INSERT INTO way SELECT target, node, m, true FROM longer ON CONFLICT (target, node) DO UPDATE
      SET m = excluded.m, fresh = true WHERE way.m > excluded.m + 1e-9;
    GET DIAGNOSTICS n = ROW_COUNT;
    DROP TABLE longer;
    EXIT WHEN n = 0;
  END LOOP;
END $$`}

// ways are the ways by road from a park's parcels, by measure and code, as the database finds them; what no road leads
// to is missing.
func ways(t *testing.T, db *storetest.DB, park string) map[string]map[string]float64 {
	t.Helper()
	ctx, out := context.Background(), map[string]map[string]float64{}
	err := pgx.BeginFunc(ctx, db.Owner, func(tx pgx.Tx) error {
		for _, sql := range sqlWays {
			var args []any
			if strings.Contains(sql, "$1") {
				args = append(args, park)
			}
			if _, err := tx.Exec(ctx, sql, args...); err != nil {
				return fmt.Errorf("%w in %s", err, sql)
			}
		}
		var tangled int
		if err := tx.QueryRow(ctx,
			`SELECT count(*) FROM node WHERE ST_Distance(at, was) > 1`).Scan(&tangled); err != nil || tangled > 0 {
			return fmt.Errorf("%d beads of a node lie too far apart for the comparison: %w", tangled, err)
		}
		rows, err := tx.Query(ctx, `SELECT t.target, v.code, coalesce(w.m, 'infinity')
       FROM (SELECT DISTINCT target FROM visit WHERE target IS NOT NULL) t
			CROSS JOIN visit v LEFT JOIN way w ON (w.target, w.node) = (t.target, v.here) WHERE v.code IS NOT NULL`)
		if err != nil {
			return err
		}
		var target, code string
		var m float64
		_, err = pgx.ForEachRow(rows, []any{&target, &code, &m}, func() error {
			if out[target] == nil {
				out[target] = map[string]float64{}
			}
			out[target][code] = m
			return nil
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sameWays demands of every free place of a park that its measures by road are those that the database finds, within a
// millimetre, and counts those with a way and those without.
func sameWays(t *testing.T, db *storetest.DB, park string) (reached, cutOff int) {
	t.Helper()
	want := ways(t, db, park)
	err := siting.NewMatcher(db.Store).Read(context.Background(), park, false, func(s *siting.Sites) error {
		for measure, byCode := range want {
			values, _, err := s.Column(measure, time.Now(), nil)
			if err != nil {
				return err
			}
			worst := 0.0
			for row, got := range values {
				m, there := byCode[s.Places[row].Code]
				switch {
				case !there:
					t.Errorf("%s of %s is not found by the database", measure, s.Places[row].Code)
				case math.IsInf(m, 1) && math.IsNaN(got):
					cutOff++
				case !(math.Abs(got-m) <= .001):
					t.Errorf("%s of %s is %.4f m, by the database %.4f m", measure, s.Places[row].Code, got, m)
				default:
					reached++
					worst = max(worst, math.Abs(got-m))
				}
			}
			t.Logf("%s, %s: %d places, at most %.2g m apart", park, measure, len(values), worst)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return reached, cutOff
}

func TestWaysByRoadOfTheSampleAreTheShortest(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	reached, _ := sameWays(t, m.DB, samplePark)
	if reached < 250 {
		t.Errorf("only %d ways compared", reached)
	}
}

// TestWaysByRoadOnRandomStreetsAreTheShortest lays jagged grids with missing blocks, dead ends that begin a little off
// another street, bridges that meet nothing, and a part that no road joins to the rest.
func TestWaysByRoadOnRandomStreetsAreTheShortest(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for seed := range uint64(4) {
		code := fmt.Sprintf("streets-%d", seed)
		streets := layStreets(t, db, code, rand.New(rand.NewPCG(seed, 1)))
		reached, cutOff := sameWays(t, db, code)
		t.Logf("%s: %d streets, %d ways, %d places cut off", code, streets, reached, cutOff)
		if streets < 200 || reached < 100 || cutOff < 5 {
			t.Errorf("%s is too small a test: %d streets, %d ways, %d places cut off", code, streets, reached, cutOff)
		}
	}
}

type xy = [2]float64

// net is a row of a network to make: a line, or a point of one corner, in metres from the south-west corner of the
// streets.
type net struct {
	kind, grade string
	line        []xy
}

// blocks is how many streets' corners a side of the random grids has, and pitch how far they lie apart, in metres,
// before they are moved.
const blocks, pitch = 14, 60.0

func cornerAt(i, j int) xy { return xy{pitch * float64(i), pitch * float64(j)} }

// randomStreets draws a jagged grid. Between columns 9 and 10 no street leads across.
func randomStreets(r *rand.Rand) (all []net) {
	var corner [blocks][blocks]xy
	for i := range blocks {
		for j := range blocks {
			c := cornerAt(i, j)
			corner[i][j] = xy{c[0] + 12*(r.Float64()-.5), c[1] + 12*(r.Float64()-.5)}
		}
	}
	street := func(line ...xy) { all = append(all, net{"road", "lane", line}) }
	between := func(p, q xy, share, aside float64) xy {
		l := math.Hypot(q[0]-p[0], q[1]-p[1])
		return xy{p[0] + share*(q[0]-p[0]) + aside*(q[1]-p[1])/l, p[1] + share*(q[1]-p[1]) - aside*(q[0]-p[0])/l}
	}
	block := func(p, q xy) {
		switch r.IntN(10) {
		case 0, 1: // none
		case 2: // with a bend
			street(p, between(p, q, .4, 8*r.Float64()), q)
		case 3, 4: // with a dead end that begins up to 0.9 m off
			street(p, q)
			street(between(p, q, .3+.4*r.Float64(), .9*r.Float64()), between(p, q, .5, 20))
		default:
			street(p, q)
		}
	}
	for i := range blocks {
		for j := range blocks {
			if i+1 < blocks && i != 9 {
				block(corner[i][j], corner[i+1][j])
			}
			if j+1 < blocks {
				block(corner[i][j], corner[i][j+1])
			}
		}
	}
	for j := range 3 { // bridges over everything, which meet nothing
		street(cornerAt(0, 4*j+1), xy{pitch*8 + 17, pitch*float64(4*j+3) + 23})
	}
	return append(all, net{"road", "expressway", []xy{corner[0][0], {-40, -30}, {-200, -60}}})
}

// layStreets makes a park with random streets, a port, a freight station, an expressway, two tenants and parcels
// between the streets, and counts the streets.
func layStreets(t *testing.T, db *storetest.DB, code string, r *rand.Rand) (streets int) {
	t.Helper()
	ctx, park := context.Background(), storetest.Park(t, db, code)
	all := randomStreets(r)
	streets = len(all)
	all = append(all, net{"port", "node", []xy{{-90, 300}}}, net{"rail", "node", []xy{{pitch*11 + 31, pitch*12 + 29}}})
	var parcels []uuid.UUID
	err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
		seq := storetest.Record(t, tx, park)
		batch := &pgx.Batch{}
		for i, one := range all {
			id := uuid.New()
			batch.Queue(`INSERT INTO network (park_id, network_id, code) VALUES ($1, $2, $3)`, park, id,
				fmt.Sprintf("W-%03d", i))
			batch.Queue(`INSERT INTO network_version (park_id, network_id, from_seq, kind, grade, geom)
				SELECT $1::uuid, $2, $3, $5, $6,`+onPlane("ST_GeomFromText($4, 4550)"), park, id, seq, wktOf(one.line), one.kind, one.grade)
		}
		for i := range blocks - 1 {
			for j := range blocks - 1 {
				if r.IntN(2) > 0 {
					continue
				}
				id, p := uuid.New(), cornerAt(i, j)
				x, y, side := p[0]+12+16*r.Float64(), p[1]+12+16*r.Float64(), 6+8*r.Float64()
				parcels = append(parcels, id)
				batch.Queue(`INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $2)`, park, id)
				batch.Queue(`INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2,
       publication, geom)
					SELECT $1::uuid, $2, $3, $5, 'available', round($6::numeric, 4), 'public', `+onPlane("ST_MakePolygon(ST_GeomFromText($4, 4550))"),
					park, id, seq, wktOf([]xy{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}),
					fmt.Sprintf("P-%02d-%02d", i, j), side*side)
			}
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, parcel := range []uuid.UUID{parcels[len(parcels)/3], parcels[len(parcels)/2]} {
		project := storetest.Project(t, db, park, fmt.Sprintf("%s-%d", code, i), true)
		if _, err := db.Owner.Exec(ctx, `UPDATE project_version SET chain_stage = 'resin' WHERE project_id = $1`,
			project); err != nil {
			t.Fatal(err)
		}
		storetest.Allot(t, db, park, project, "supplied", parcel)
	}
	return streets
}

// onPlane puts a geometry 60 m north-east of the south-west corner of the park's box; the park is $1.
func onPlane(geometry string) string {
	return `ST_Transform(ST_Translate(` + geometry +
		`, ST_X(o) + 60, ST_Y(o) + 60), 4490) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(ST_XMin(geom), ST_YMin(geom)), 4490), 4550) AS o FROM park WHERE park_id = $1) corner`
}

func wktOf(line []xy) string {
	points := make([]string, len(line))
	for i, p := range line {
		points[i] = fmt.Sprintf("%.6f %.6f", p[0], p[1])
	}
	if len(line) == 1 {
		return "POINT(" + points[0] + ")"
	}
	return "LINESTRING(" + strings.Join(points, ",") + ")"
}
