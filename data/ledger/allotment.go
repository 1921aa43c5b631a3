package ledger

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/store"
)

// Allotment is a project's right to parcels, as planners see it.
type Allotment struct {
	ID          uuid.UUID         `json:"id" db:"id" format:"uuid"`
	Version     int64             `json:"version" db:"version"`
	State       string            `json:"state" db:"state" doc:"hold, reserved, supplied, built, or ended"`
	Ended       *string           `json:"ended" db:"ended" nullable:"true" doc:"The kind of record that ended it: take_back, expire or revert."`
	ExpiresAt   *time.Time        `json:"expires_at" db:"expires_at" nullable:"true"`
	DaysLeft    *float64          `json:"days_left" db:"days_left" nullable:"true" doc:"Days to the deadline of a hold, to 0.01; negative once it has passed and before the server ends it."`
	Extended    bool              `json:"extended" db:"extended" doc:"The hold was extended: it can't be again."`
	SupplyMode  *string           `json:"supply_mode" db:"supply_mode" nullable:"true"`
	TermYears   *float64          `json:"term_years" db:"term_years" nullable:"true"`
	Commitments json.RawMessage   `json:"commitments" db:"commitments"`
	Project     feed.NamedProject `json:"project" db:"project"`
	Parcels     []feed.Touched    `json:"parcels" db:"parcels" doc:"What it covers, or covered when it ended."`
	Since       time.Time         `json:"since" db:"since" doc:"When the right began."`
}

// An ended right shows its project's name as of its end: later names may be the business of other parks.
const sqlAllotments = `
SELECT t.allotment_id AS id, t.version, CASE WHEN v.to_seq IS NULL THEN v.state
       ELSE 'ended' END AS state, e.kind AS ended, v.expires_at,
       CASE WHEN v.to_seq IS NULL THEN round(extract(epoch FROM v.expires_at - clock_timestamp()) / 86400,
         2)::float8 END AS days_left,
       v.extended > 0 AS extended, v.supply_mode, v.term_years::float8 AS term_years, v.commitments,
       jsonb_build_object('id', j.project_id, 'code', j.code, 'name_zh', r.name_zh, 'name_en', r.name_en) AS project,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.parcel_id, 'code', c.code)
         ORDER BY code_order(c.code)), '[]')
          FROM allotment_parcel l CROSS JOIN LATERAL (SELECT code FROM parcel_version x
            WHERE (x.park_id, x.parcel_id) = (l.park_id, l.parcel_id) ORDER BY x.from_seq DESC LIMIT 1) c
         WHERE (l.park_id, l.allotment_id) = (t.park_id, t.allotment_id) AND l.to_seq IS NOT DISTINCT
           FROM v.to_seq) AS parcels,
       (SELECT min(lower(f.sys)) FROM allotment_version f
         WHERE (f.park_id, f.allotment_id) = (t.park_id, t.allotment_id)) AS since
  FROM allotment t JOIN park k USING (park_id) JOIN project j ON (j.district_id, j.project_id) = (t.district_id,
    t.project_id)
  CROSS JOIN LATERAL (SELECT * FROM allotment_version v
    WHERE (v.park_id, v.allotment_id) = (t.park_id, t.allotment_id) ORDER BY v.from_seq DESC LIMIT 1) v
  JOIN project_version r ON (r.district_id, r.project_id) = (t.district_id, t.project_id) AND CASE
    WHEN v.to_seq IS NULL THEN upper_inf(r.sys) ELSE r.sys @> upper(v.sys) END
  LEFT JOIN record e ON (e.park_id, e.seq) = (v.park_id, v.to_seq)
 WHERE k.code = $1`

// Allotments lists rights of a park in a state: a state of live rights, ended, or live for all that have not ended.
// With a project it lists that project's rights. The earliest deadline comes first; at most 2000.
func (s Ledger) Allotments(ctx context.Context, park, state string, project *uuid.UUID) ([]Allotment, error) {
	const filter = ` AND CASE $2 WHEN 'live' THEN v.to_seq IS NULL WHEN 'ended' THEN v.to_seq IS NOT NULL
   ELSE v.to_seq IS NULL AND v.state = $2 END
		AND ($3::uuid IS NULL OR t.project_id = $3) ORDER BY v.expires_at NULLS LAST, t.allotment_id LIMIT 2000`
	return store.ReadAll[Allotment](ctx, s.Store, sqlAllotments+filter, park, state, project)
}

// AllotmentDetail is a right with the versions it went through, the newest first.
type AllotmentDetail struct {
	Allotment
	Versions []RightVersion `json:"versions"`
	Draws    []DrawVersion  `json:"draws" doc:"What it draws now."`
}

// Allotment reads one right, ended or not; a Missing when there is none.
func (s Ledger) Allotment(ctx context.Context, park string, id uuid.UUID) (*AllotmentDetail, error) {
	found, err := store.ReadAll[Allotment](ctx, s.Store, sqlAllotments+` AND t.allotment_id = $2`, park, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &store.Missing{Kind: "allotment", Name: id.String()}
	}
	versions, err := store.ReadAll[RightVersion](ctx, s.Store, sqlRightVersions+`v.allotment_id = $2 ORDER BY v.from_seq DESC`,
		park, id)
	if err != nil {
		return nil, err
	}
	draws, err := store.ReadAll[DrawVersion](ctx, s.Store,
		sqlDrawVersions+`v.allotment_id = $2 AND v.to_seq IS NULL ORDER BY v.service, code_order(n.code)`, park, id)
	return &AllotmentDetail{found[0], versions, draws}, err
}
