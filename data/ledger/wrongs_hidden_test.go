package ledger_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store/storetest"
)

// zoned is a park with a zone and a public parcel in it.
type zoned struct {
	*storetest.DB
	t                  *testing.T
	park, zone, parcel uuid.UUID
}

// inZone begins with an internal zone.
func inZone(t *testing.T) zoned {
	t.Helper()
	db := storetest.New(t)
	z := zoned{DB: db, t: t, park: storetest.Park(t, db, "hidden"), zone: uuid.New(), parcel: uuid.New()}
	z.record("create", `INSERT INTO zone (park_id, zone_id, code) VALUES ($1, $3, 'SECRET-ZONE')`, `INSERT INTO zone_version (park_id, zone_id, from_seq, name_zh, name_en, function, publication, geom)
		SELECT park_id, $3, $2, '区', 'Zone', 'mixed', 'internal', geom FROM park WHERE park_id = $1`)
	z.record("create", `INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $4)`, `INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, zone_id, publication, geom)
		VALUES ($1, $4, $2, 'OPEN', 'available', 9868.8, $3, 'public',
		  ST_MakeEnvelope(122.021, 37.241, 122.022, 37.242, 4490))`)
	return z
}

// record carries out statements in one record of a kind: $1 is the park, $2 the record's number, $3 the zone, $4 the
// parcel.
func (z zoned) record(kind string, statements ...string) {
	z.t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, z.Planner, func(tx pgx.Tx) error {
		var seq int64
		if err := tx.QueryRow(ctx, `SELECT seq FROM begin_record($1, $2, $3, 'test', 'test')`, z.park, uuid.New(),
			kind).Scan(&seq); err != nil {
			return err
		}
		for _, sql := range statements {
			const given = `WITH given AS (SELECT $1::uuid, $2::bigint, $3::uuid, $4::uuid) `
			if _, err := tx.Exec(ctx, given+sql, z.park, seq, z.zone, z.parcel); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		z.t.Fatal(err)
	}
}

// publish gives the zone another publication.
func (z zoned) publish(as string) {
	z.t.Helper()
	z.record("edit", `UPDATE zone_version SET to_seq = $2 WHERE park_id = $1 AND zone_id = $3 AND to_seq IS NULL`,
		`INSERT INTO zone_version (park_id, zone_id, from_seq, prev_to_seq, name_zh, name_en, function, publication,
       geom)
		SELECT park_id, zone_id, $2, $2, name_zh, name_en, function, '`+as+`', geom FROM zone_version WHERE park_id = $1 AND zone_id = $3 AND to_seq = $2`)
}

// told lists what zone the public read of the parcel in each state of its history, "" for none.
func (z zoned) told() []string {
	z.t.Helper()
	rows, _ := z.Public.Query(context.Background(), `SELECT coalesce(zone, '') FROM parcel_public
		WHERE park_id = $1 ORDER BY from_seq`, z.park)
	said, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		z.t.Fatal(err)
	}
	return said
}

func TestAHiddenZoneIsNamedByNoPublicParcel(t *testing.T) {
	t.Parallel()
	z := inZone(t)
	for _, c := range []struct {
		as   string
		want []string
	}{
		{"", []string{""}},
		{"internal", []string{""}}, // an edit that publishes nothing writes nothing
		{"public", []string{"", "SECRET-ZONE"}},
		{"public", []string{"", "SECRET-ZONE"}},
		{"internal", []string{"", "SECRET-ZONE", ""}},
	} {
		if c.as != "" {
			z.publish(c.as)
		}
		if got := z.told(); !slices.Equal(got, c.want) {
			t.Errorf("after %q the public reads %q, want %q", c.as, got, c.want)
		}
	}
}

// TestAParcelThatIsWrittenWithItsZone writes both in one record, the parcel while the zone still is public.
func TestAParcelThatIsWrittenWithItsZone(t *testing.T) {
	t.Parallel()
	z := inZone(t)
	z.publish("public")
	z.record("edit", `UPDATE parcel_version SET to_seq = $2 WHERE park_id = $1 AND parcel_id = $4 AND to_seq IS NULL`,
		`INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status, legal_m2,
       zone_id, publication, geom)
			SELECT park_id, parcel_id, $2, $2, code, bank_status, legal_m2, zone_id, publication, geom
			  FROM parcel_version WHERE park_id = $1 AND parcel_id = $4 AND to_seq = $2`,
		`UPDATE zone_version SET to_seq = $2 WHERE park_id = $1 AND zone_id = $3 AND to_seq IS NULL`,
		`INSERT INTO zone_version (park_id, zone_id, from_seq, prev_to_seq, name_zh, name_en, function, publication,
       geom)
			SELECT park_id, zone_id, $2, $2, name_zh, name_en, function, 'internal', geom FROM zone_version
			  WHERE park_id = $1 AND zone_id = $3 AND to_seq = $2`)
	if got, want := z.told(), []string{"", "SECRET-ZONE", ""}; !slices.Equal(got, want) {
		t.Errorf("the public reads %q, want %q", got, want)
	}
}
