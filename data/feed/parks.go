package feed

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Park is a park as the public sees it.
type Park struct {
	ID           string       `json:"id" db:"id" format:"uuid"`
	Code         string       `json:"code" db:"code"`
	NameZH       string       `json:"name_zh" db:"name_zh"`
	NameEN       string       `json:"name_en" db:"name_en"`
	DistrictZH   string       `json:"district_zh" db:"district_zh"`
	DistrictEN   string       `json:"district_en" db:"district_en"`
	SurveyCRS    geo.EPSG     `json:"survey_crs" db:"survey_crs"`
	TimeZone     string       `json:"time_zone" db:"time_zone"`
	Illustrative bool         `json:"illustrative" db:"illustrative"`
	BBox         []float64    `json:"bbox" db:"bbox" minItems:"4" maxItems:"4"`
	Seq          int64        `json:"seq" db:"seq"`
	At           *time.Time   `json:"at" db:"at" nullable:"true"`
	FirstAt      *time.Time   `json:"first_at" db:"first_at" nullable:"true" doc:"When the park's first record was made: nothing is known of the time before."`
	HoldShown    string       `json:"hold_shown" db:"hold_shown" enum:"in_negotiation,nothing" doc:"What the public reads of land under a project's intention: the status in_negotiation, or nothing: it reads as reserve, as withdrawn land does."`
	MapReviewNo  *string      `json:"map_review_no" db:"map_review_no" nullable:"true" doc:"The number under which the authority reviewed the map (审图号)."`
	CornersTold  string       `json:"corners_told" db:"corners_told" enum:"exact,rounded" doc:"How the public reads the corners of areas: exact, as surveyed; or rounded, to whole metres of the survey plane."`
	OldAfter     int          `json:"old_after_months" db:"old_after_months" doc:"After how many months the park takes a stated price or service, and a photo or document without a last day, for old."`
	Contact      *ParkContact `json:"contact,omitempty" db:"contact" doc:"Whom to ask; absent where the park told nobody."`
	Parcels      int64        `json:"parcels" db:"parcels"`
	ComputedM2   float64      `json:"computed_m2" db:"computed_m2"`
}

// ParkContact is whom the public asks of a park's land; a member that is nil is not told.
type ParkContact struct {
	Phone     *string `json:"phone,omitempty" doc:"As people dial it."`
	Email     *string `json:"email,omitempty"`
	HoursZH   *string `json:"hours_zh,omitempty" doc:"When somebody answers."`
	HoursEN   *string `json:"hours_en,omitempty"`
	AddressZH *string `json:"address_zh,omitempty"`
	AddressEN *string `json:"address_en,omitempty"`
}

const sqlParks = `
SELECT p.park_id::text AS id, p.code, p.name_zh, p.name_en, p.district_zh, p.district_en, p.survey_crs, p.time_zone,
       p.illustrative, p.hold_shown, p.map_review_no, p.old_after_months, p.corners_told, p.contact,
       ARRAY[ST_XMin(p.geom), ST_YMin(p.geom), ST_XMax(p.geom), ST_YMax(p.geom)] AS bbox,
       c.seq, nullif(c.at, '-infinity') AS at,
       (SELECT r.at FROM record r WHERE r.park_id = p.park_id ORDER BY r.seq LIMIT 1) AS first_at,
       (SELECT coalesce(sum(s.parcels), 0) FROM land_sum_public s WHERE s.park_id = p.park_id
         AND s.to_seq IS NULL)::bigint AS parcels,
       round(p.computed_m2 * 10000) / 10000 AS computed_m2
  FROM park_public p JOIN park_clock c USING (park_id)`

// ParkList lists every park by code.
func (v *View) ParkList(ctx context.Context) ([]Park, error) {
	return v.parks(ctx, sqlParks+` ORDER BY p.code`)
}

// ParkFacts gives one park; an error that matches ErrNotFound when the code is unknown.
func (v *View) ParkFacts(ctx context.Context, code string) (*Park, error) {
	all, err := v.parks(ctx, sqlParks+` WHERE p.code = $1`, code)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, &store.Missing{Kind: "park", Name: code}
	}
	return &all[0], nil
}

func (v *View) parks(ctx context.Context, sql string, args ...any) ([]Park, error) {
	rows, err := v.Tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, store.Translate("read parks", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Park])
	for i := range all {
		roundDegrees(all[i].BBox)
	}
	return all, store.Translate("read parks", err)
}

// parkID is the id of a park, of which there is none where the code is unknown.
func (v *View) parkID(ctx context.Context, code string) (uuid.UUID, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return uuid.Nil, ignoreMissing(err)
	}
	return park.ID, nil
}
