package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store"
)

// Record is a change of a park: who made it, when and why.
type Record struct {
	Seq         int64          `json:"seq" db:"seq"`
	ID          uuid.UUID      `json:"id" db:"id" format:"uuid"`
	At          time.Time      `json:"at" db:"at"`
	Kind        string         `json:"kind" db:"kind"`
	Reason      string         `json:"reason" db:"reason"`
	Documents   []Document     `json:"documents" db:"documents"`
	Via         string         `json:"via" db:"via" doc:"The program that wrote it."`
	ProposedBy  *store.Person  `json:"proposed_by" db:"proposed_by" doc:"Null for what the server or a program did on its own."`
	ApprovedBy  *store.Person  `json:"approved_by" db:"approved_by"`
	Unlocked    bool           `json:"unlocked" db:"unlocked" doc:"Written without stating versions."`
	Reverts     *int64         `json:"reverts" db:"reverts" nullable:"true" doc:"The record it reverses."`
	RevertedBy  *int64         `json:"reverted_by" db:"reverted_by" nullable:"true"`
	Parcels     []feed.Touched `json:"parcels" db:"parcels" doc:"The first hundred parcels it touched, by code."`
	ParcelCount int            `json:"parcel_count" db:"parcel_count"`
	Objects     []Named        `json:"objects" db:"objects" doc:"The first hundred zones, plan units and networks it touched."`
	Import      *ImportCounts  `json:"import,omitempty" db:"import" doc:"Of an import what its rows became; not there of other records, and of imports from before reports were kept."`
}

// ImportCounts are what the rows of an imported file became.
type ImportCounts struct {
	Seq       int64  `json:"seq" doc:"The record's number, by which its report is read."`
	Layer     string `json:"layer" doc:"The collection: parcels, zones, plan-units or networks."`
	Made      int64  `json:"made"`
	Changed   int64  `json:"changed"`
	Retired   int64  `json:"retired"`
	Unchanged int64  `json:"unchanged"`
	Refused   int64  `json:"refused"`
}

// Named is a zone, plan unit or network that a record changed.
type Named struct {
	Collection string    `json:"collection" db:"collection"`
	ID         uuid.UUID `json:"id" db:"id" format:"uuid"`
	Code       string    `json:"code" db:"code"`
}

// recordsOf reads records r of the park $1 that match a condition, in which {park} stands for the park's id. The
// newest come first, at most as many as most says. Records are selected by key before their effects are read, so that
// the cost of a page doesn't grow with the history.
func recordsOf(which, most string) string {
	const park = `(SELECT park_id FROM park WHERE code = $1)`
	return fmt.Sprintf(sqlRecords, `SELECT * FROM record r WHERE r.park_id = `+park+` AND `+strings.ReplaceAll(which,
		"{park}", park)+` ORDER BY r.seq DESC LIMIT `+most)
}

var (
	sqlRecordsBelow = recordsOf(`r.seq < $2`, `$3`)
	sqlRecord       = recordsOf(`r.seq = $2`, `1`)
)

// A record touches the parcels it closes and opens, those on which a right or for which a line begins or ends, and
// those under a right that it changes.
var sqlRecords = `
SELECT r.seq, r.record_id AS id, r.at, r.kind, r.reason, r.documents, r.via, r.unlocked, r.reverts,
       (SELECT min(u.seq) FROM record u WHERE u.park_id = r.park_id AND u.reverts = r.seq) AS reverted_by,
       CASE WHEN p.account_id IS NOT NULL THEN jsonb_build_object('id', p.account_id, 'name',
         p.name) END AS proposed_by,
       CASE WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name',
         a.name) END AS approved_by, t.parcels, t.n AS parcel_count, o.objects,
       (SELECT to_jsonb(i) - ARRAY['park_id', 'report'] FROM import_report i
         WHERE (i.park_id, i.seq) = (r.park_id, r.seq)) AS import
  FROM (%s) r LEFT JOIN account p ON p.account_id = r.proposed_by LEFT JOIN account a ON a.account_id = r.approved_by
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS n, coalesce(jsonb_agg(jsonb_build_object('id', c.parcel_id, 'code', c.code)
      ORDER BY code_order(c.code)) FILTER (WHERE c.i <= 100), '[]') AS parcels
      FROM (SELECT x.parcel_id, v.code, row_number() OVER (ORDER BY code_order(v.code)) AS i
              FROM (SELECT parcel_id FROM parcel_version WHERE park_id = r.park_id AND from_seq = r.seq
                    UNION SELECT parcel_id FROM parcel_version WHERE park_id = r.park_id AND to_seq = r.seq
                    UNION SELECT parcel_id FROM allotment_parcel WHERE park_id = r.park_id AND from_seq = r.seq
                    UNION SELECT parcel_id FROM allotment_parcel WHERE park_id = r.park_id AND to_seq = r.seq
                    UNION SELECT parcel_id FROM waiting WHERE park_id = r.park_id AND from_seq = r.seq
                    UNION SELECT parcel_id FROM waiting WHERE park_id = r.park_id AND to_seq = r.seq
                    UNION SELECT l.parcel_id FROM allotment_draw w JOIN allotment_parcel l USING (park_id, allotment_id)
                           WHERE w.park_id = r.park_id AND w.from_seq = r.seq AND l.from_seq <= r.seq
                             AND (l.to_seq IS NULL OR l.to_seq >= r.seq)
                    UNION SELECT l.parcel_id FROM allotment_draw w JOIN allotment_parcel l USING (park_id, allotment_id)
                           WHERE w.park_id = r.park_id AND w.to_seq = r.seq AND l.from_seq <= r.seq
                             AND (l.to_seq IS NULL OR l.to_seq >= r.seq)
                    UNION SELECT l.parcel_id FROM allotment_version w
                      JOIN allotment_parcel l USING (park_id, allotment_id)
                           WHERE w.park_id = r.park_id AND w.from_seq = r.seq AND l.from_seq <= r.seq
                             AND (l.to_seq IS NULL OR l.to_seq >= r.seq)) x
              CROSS JOIN LATERAL (SELECT code FROM parcel_version v WHERE v.park_id = r.park_id
                AND v.parcel_id = x.parcel_id AND v.from_seq <= r.seq ORDER BY v.from_seq DESC LIMIT 1) v) c) t
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('collection', collection, 'id', id, 'code', code)
      ORDER BY collection, code), '[]') AS objects
      FROM (SELECT * FROM (` + feed.OfAll(`SELECT DISTINCT '{collection}' AS collection, i.{table}_id AS id, i.code
       FROM {table}_version v JOIN {table} i USING (park_id, {table}_id)
             WHERE v.park_id = r.park_id AND (v.from_seq = r.seq OR v.to_seq = r.seq)`) + `) x ORDER BY collection, code LIMIT 100) first) o
 ORDER BY r.seq DESC`

// Records lists a park's history below a number (0: from its end), newest first.
func (s Ledger) Records(ctx context.Context, park string, before int64, limit int) ([]Record, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := s.Planner.Query(ctx, sqlRecordsBelow, park, before, limit)
	return collectRecords(rows, err)
}

func collectRecords(rows pgx.Rows, err error) ([]Record, error) {
	if err != nil {
		return nil, store.Translate("read records", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Record])
	return all, store.Translate("read records", err)
}

// RecordDetail is a record with the versions that it closed and opened.
type RecordDetail struct {
	Record
	Closed       []ParcelVersion `json:"closed" doc:"Versions of parcels it ended, at most 1000."`
	Opened       []ParcelVersion `json:"opened" doc:"Versions of parcels it began, at most 1000."`
	RightsClosed []RightVersion  `json:"rights_closed"`
	RightsOpened []RightVersion  `json:"rights_opened"`
	DrawsClosed  []DrawVersion   `json:"draws_closed" doc:"What rights drew until then."`
	DrawsOpened  []DrawVersion   `json:"draws_opened" doc:"What rights draw from then on."`
	AtRisk       []Risk          `json:"at_risk" doc:"Whose supply it put at risk, by leaving a node with less than it has promised."`
	LinesLeft    []Waiting       `json:"lines_left" doc:"Places in lines that it ended."`
	LinesJoined  []Waiting       `json:"lines_joined" doc:"Places in lines that it began."`

	ObjectsClosed []ObjectVersion `json:"objects_closed" doc:"Versions of zones, plan units and networks it ended, at most 1000."`
	ObjectsOpened []ObjectVersion `json:"objects_opened" doc:"Versions of zones, plan units and networks it began, at most 1000."`
}

// ObjectVersion is a zone, plan unit or network between two records. Geometry is GeoJSON in EPSG:4490.
type ObjectVersion struct {
	Named
	Facts    json.RawMessage `json:"facts" db:"facts"`
	Geometry json.RawMessage `json:"geometry" db:"geometry"`
}

// ParcelVersion is a parcel between two records. Geometry is GeoJSON in EPSG:4490.
type ParcelVersion struct {
	ID          uuid.UUID       `json:"id" db:"id" format:"uuid"`
	Code        string          `json:"code" db:"code"`
	BankStatus  string          `json:"bank_status" db:"bank_status"`
	Publication string          `json:"publication" db:"publication"`
	LandUse     *string         `json:"land_use" db:"land_use" nullable:"true"`
	LegalM2     float64         `json:"legal_m2" db:"legal_m2"`
	ComputedM2  float64         `json:"computed_m2" db:"computed_m2"`
	Geometry    json.RawMessage `json:"geometry" db:"geometry"`
}

// RightVersion is a right between two records.
type RightVersion struct {
	ID          uuid.UUID       `json:"id" db:"id" format:"uuid"`
	FromSeq     int64           `json:"from_seq" db:"from_seq"`
	ToSeq       *int64          `json:"to_seq" db:"to_seq" nullable:"true"`
	Project     uuid.UUID       `json:"project" db:"project" format:"uuid"`
	State       string          `json:"state" db:"state"`
	ExpiresAt   *time.Time      `json:"expires_at" db:"expires_at" nullable:"true"`
	SupplyMode  *string         `json:"supply_mode" db:"supply_mode" nullable:"true"`
	TermYears   *float64        `json:"term_years" db:"term_years" nullable:"true"`
	Commitments json.RawMessage `json:"commitments" db:"commitments"`
}

// DrawVersion is a right's draw between two records.
type DrawVersion struct {
	Draw
	Code      string    `json:"code" db:"code" doc:"The node's code."`
	Unit      string    `json:"unit" db:"unit"`
	Allotment uuid.UUID `json:"allotment" db:"allotment" format:"uuid"`
}

const (
	sqlDrawVersions = `
SELECT v.service, v.network_id AS node, v.amount::text AS amount, n.code, s.unit, v.allotment_id AS allotment
  FROM allotment_draw v JOIN network n USING (park_id, network_id) JOIN service s USING (service)
    JOIN park k ON k.park_id = v.park_id WHERE k.code = $1 AND `
	sqlParcelVersions = `
SELECT v.parcel_id AS id, v.code, v.bank_status, v.publication, v.land_use, v.legal_m2::float8 AS legal_m2,
       v.computed_m2, ST_AsGeoJSON(v.geom, 9, 0)::json AS geometry
  FROM parcel_version v JOIN park k USING (park_id) WHERE k.code = $1 AND `
	sqlRightVersions = `
SELECT v.allotment_id AS id, v.from_seq, v.to_seq, t.project_id AS project, v.state, v.expires_at, v.supply_mode,
       v.term_years::float8 AS term_years, v.commitments
  FROM allotment_version v JOIN allotment t USING (park_id, allotment_id) JOIN park k ON k.park_id = v.park_id
    WHERE k.code = $1 AND `
)

// RecordDetail reads one record; a Missing when there is none of this number.
func (s Ledger) RecordDetail(ctx context.Context, park string, seq int64) (*RecordDetail, error) {
	rows, err := s.Planner.Query(ctx, sqlRecord, park, seq)
	found, err := collectRecords(rows, err)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &store.Missing{Kind: "record", Name: strconv.FormatInt(seq, 10)}
	}
	d := &RecordDetail{Record: found[0]}
	for _, side := range []struct {
		column  string
		parcels *[]ParcelVersion
		rights  *[]RightVersion
		draws   *[]DrawVersion
		lines   *[]Waiting
		objects *[]ObjectVersion
	}{{"to_seq", &d.Closed, &d.RightsClosed, &d.DrawsClosed, &d.LinesLeft, &d.ObjectsClosed},
		{"from_seq", &d.Opened, &d.RightsOpened, &d.DrawsOpened, &d.LinesJoined, &d.ObjectsOpened}} {
		if *side.parcels, err = store.ReadAll[ParcelVersion](ctx, s.Store,
			sqlParcelVersions+"v."+side.column+` = $2 ORDER BY code_order(v.code) LIMIT 1000`, park, seq); err != nil {
			return nil, err
		}
		if *side.rights, err = store.ReadAll[RightVersion](ctx, s.Store,
			sqlRightVersions+"v."+side.column+` = $2 ORDER BY v.allotment_id LIMIT 1000`, park, seq); err != nil {
			return nil, err
		}
		if *side.draws, err = store.ReadAll[DrawVersion](ctx, s.Store,
			sqlDrawVersions+"v."+side.column+` = $2 ORDER BY v.allotment_id, v.service, code_order(n.code) LIMIT 1000`,
			park, seq); err != nil {
			return nil, err
		}
		if *side.lines, err = store.ReadAll[Waiting](ctx, s.Store,
			sqlWaiting+" AND w."+side.column+` = $2 ORDER BY code_order(c.code) LIMIT 1000`, park, seq); err != nil {
			return nil, err
		}
		sql := `SELECT collection, id, code, facts, geometry FROM (` +
			feed.OfAll(sqlObjects+`JOIN park k ON k.park_id = v.park_id WHERE k.code = $1 AND v.`+side.column+` = $2`) +
			`) o ORDER BY collection, code LIMIT 1000`
		if *side.objects, err = store.ReadAll[ObjectVersion](ctx, s.Store, sql, park, seq); err != nil {
			return nil, err
		}
	}
	const sqlRisks = `SELECT r.service, r.network_id AS node, r.amount::text AS amount,
       r.allotment_id AS allotment FROM supply_at_risk r JOIN park k USING (park_id)
		WHERE k.code = $1 AND r.seq = $2 ORDER BY r.amount DESC, r.allotment_id`
	d.AtRisk, err = store.ReadAll[Risk](ctx, s.Store, sqlRisks, park, seq)
	return d, err
}
