package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Park makes an empty park of survey CRS 4550, about 1 km by 1 km south-west of 122.03°E 37.25°N, or the next such
// place eastward where no park is yet, and returns its id. Its border follows the parallels to 0.05 mm, and its corners
// are told as they are.
func Park(t testing.TB, db *DB, code string) uuid.UUID {
	t.Helper()
	ctx := context.Background()
	district, park := id(t), id(t)
	const sql = `WITH d AS (
		INSERT INTO district VALUES ($1, $3 || '-district', '测试区', 'Test district') RETURNING district_id)
	INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
	SELECT $2, $1, $3, '测试园区', 'Test park', 4550, 'exact', ST_Multi(ST_Segmentize(place, 0.0005))
	  FROM d, generate_series(0, 60) k, ST_MakeEnvelope(122.02 + 0.02 * k, 37.24, 122.03 + 0.02 * k, 37.25, 4490) place
	 WHERE NOT EXISTS (SELECT FROM park p WHERE p.geom && place) ORDER BY k LIMIT 1`
	if _, err := db.Owner.Exec(ctx, sql, district, park, code); err != nil {
		t.Fatalf("make the park %s: %v", code, err)
	}
	return park
}

// ParkAt makes an empty park whose border is a box in metres of its survey CRS, and returns its id.
func ParkAt(t testing.TB, db *DB, code string, crs int, x0, y0, x1, y1 float64) uuid.UUID {
	t.Helper()
	district, park := id(t), id(t)
	const sql = `WITH d AS (
		INSERT INTO district VALUES ($1, $3 || '-district', '测试区', 'Test district') RETURNING district_id)
	INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
	SELECT $2, $1, $3, '测试园区', 'Test park', $4, 'exact', ST_Multi(ST_Transform(ST_MakeEnvelope($5, $6, $7, $8, $4), 4490)) FROM d`
	if _, err := db.Owner.Exec(context.Background(), sql, district, park, code, crs, x0, y0, x1, y1); err != nil {
		t.Fatalf("make the park %s: %v", code, err)
	}
	return park
}

// Square is a parcel to make: its code, its south-west corner as a share of the park's box, and its side in degrees.
type Square struct {
	Code       string
	X, Y, Side float64
	Bank       string // available when empty
	Internal   bool
}

// Parcels makes square parcels in one record as the planner does, and returns their ids in order.
func Parcels(t testing.TB, db *DB, park uuid.UUID, squares ...Square) []uuid.UUID {
	t.Helper()
	ctx := context.Background()
	var ids []uuid.UUID
	err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
		seq := Record(t, tx, park)
		for _, s := range squares {
			parcel := id(t)
			ids = append(ids, parcel)
			bank, publication := s.Bank, "public"
			if bank == "" {
				bank = "available"
			}
			if s.Internal {
				publication = "internal"
			}
			if _, err := tx.Exec(ctx, `INSERT INTO parcel VALUES ($1, $2)`, park, parcel); err != nil {
				return err
			}
			const sql = `INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2,
       publication, services_told, geom)
				SELECT $1, $2, $3, $4, $5, round(ST_Area(ST_Transform(g, 4550))::numeric, 4), $6, 'figure', g
				FROM (SELECT ST_MakeEnvelope(x, y, x + $9, y + $9, 4490) AS g
				        FROM (SELECT ST_XMin(geom) + $7::float8 * 0.01 AS x,
				          ST_YMin(geom) + $8::float8 * 0.01 AS y FROM park WHERE park_id = $1) corner) s`
			if _, err := tx.Exec(ctx, sql, park, parcel, seq, s.Code, bank, publication, s.X, s.Y, s.Side); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("make parcels: %v", err)
	}
	return ids
}

// Record opens a record in a transaction and returns the change's number.
func Record(t testing.TB, tx pgx.Tx, park uuid.UUID) int64 {
	t.Helper()
	var seq int64
	err := tx.QueryRow(context.Background(), `SELECT seq FROM begin_record($1, $2, 'import', 'test', 'storetest')`,
		park, id(t)).Scan(&seq)
	if err != nil {
		t.Fatalf("open a record: %v", err)
	}
	return seq
}

// Project makes a party and a project of it, both entered by the park, named to the public or not, and returns the
// project's id.
func Project(t testing.TB, db *DB, park uuid.UUID, name string, named bool) uuid.UUID {
	t.Helper()
	project := id(t)
	const sql = `WITH d AS (SELECT district_id FROM park WHERE park_id = $1),
		p AS (INSERT INTO party (district_id, party_id, name_zh, name_en, named, park_id)
		  SELECT district_id, $2, $4, $4, $5, $1 FROM d RETURNING *),
		j AS (INSERT INTO project (district_id, project_id, code, party_id, park_id)
		  SELECT district_id, $3, $4, $2, $1 FROM p RETURNING *)
		INSERT INTO project_version (district_id, project_id, revision, party_id, name_zh, name_en, named,
		  investment_cny) SELECT district_id, $3, 1, $2, $4, $4, $5, 123456789 FROM j`
	if _, err := db.Owner.Exec(context.Background(), sql, park, id(t), project, name, named); err != nil {
		t.Fatalf("make the project %s: %v", name, err)
	}
	return project
}

// Allot gives a project the right to parcels in one record, as the planner does, and returns the allotment's id.
func Allot(t testing.TB, db *DB, park, project uuid.UUID, state string, parcels ...uuid.UUID) uuid.UUID {
	t.Helper()
	ctx := context.Background()
	allotment := id(t)
	err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
		seq := Record(t, tx, park)
		if _, err := tx.Exec(ctx, `INSERT INTO allotment SELECT $1, $2, district_id, $3 FROM park WHERE park_id = $1`,
			park, allotment, project); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO allotment_version (park_id, allotment_id, from_seq, state,
			expires_at) VALUES ($1, $2, $3, $4, CASE $4 WHEN 'hold' THEN now() + interval '30 days' END)`, park, allotment, seq, state); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq)
			SELECT $1, $2, unnest($3::uuid[]), $4`, park, allotment, parcels, seq)
		return err
	})
	if err != nil {
		t.Fatalf("allot: %v", err)
	}
	return allotment
}

// Node makes a node of a network, of a kind such as substation, 100 m east of the south-west corner of the test parks
// for each step, and returns its id. Its capacity is told, and in a word what it has left.
func Node(t testing.TB, db *DB, park uuid.UUID, code, kind, unit, capacity string, steps int) uuid.UUID {
	t.Helper()
	ctx := context.Background()
	node := id(t)
	err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
		seq := Record(t, tx, park)
		if _, err := tx.Exec(ctx, `INSERT INTO network (park_id, network_id, code) VALUES ($1, $2, $3)`, park, node,
			code); err != nil {
			return err
		}
		const sql = `INSERT INTO network_version (park_id, network_id, from_seq, kind, grade, name_zh, name_en,
       capacity, unit, headroom_told, capacity_told, geom)
			SELECT $1, $2, $3, $4, 'node', $5, $5, $6::numeric, $7, 'word', 'figure',
			  ST_SetSRID(ST_MakePoint(ST_XMin(geom) + 0.001 * $8::float8, ST_YMin(geom)), 4490) FROM park
			  WHERE park_id = $1`
		_, err := tx.Exec(ctx, sql, park, node, seq, kind, code, capacity, unit, steps)
		return err
	})
	if err != nil {
		t.Fatalf("make the node %s: %v", code, err)
	}
	return node
}

// Need gives a project its next revision, with the services it needs as JSON.
func Need(t testing.TB, db *DB, project uuid.UUID, services string) {
	t.Helper()
	const sql = `INSERT INTO project_version (district_id, project_id, revision, name_zh, name_en, named,
       investment_cny, requirement)
		SELECT district_id, project_id, revision + 1, name_zh, name_en, named, investment_cny,
		  jsonb_build_object('services', $2::jsonb) FROM project_version WHERE project_id = $1 AND upper_inf(sys)`
	if _, err := db.Owner.Exec(context.Background(), sql, project, services); err != nil {
		t.Fatalf("state a need: %v", err)
	}
}

func id(t testing.TB) uuid.UUID {
	t.Helper()
	u, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Border redraws a park's border without a record, as was possible before the database refused it: land left outside
// counts as an old fault. geom is SQL over the row of park.
func Border(t testing.TB, db *DB, park uuid.UUID, geom string) {
	t.Helper()
	triggers := func(what string) string {
		return fmt.Sprintf(`ALTER TABLE park %[1]s TRIGGER keep_border; ALTER TABLE park %[1]s TRIGGER z_settle_record`, what)
	}
	for _, sql := range []string{triggers("DISABLE"), fmt.Sprintf(`UPDATE park SET geom = ST_Multi(%s)
		WHERE park_id = '%s'`, geom, park), triggers("ENABLE")} {
		if _, err := db.Owner.Exec(context.Background(), sql); err != nil {
			t.Fatalf("draw a border: %v", err)
		}
	}
}
