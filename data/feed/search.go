package feed

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Hit is a parcel found by its code, tenant or project.
type Hit struct {
	Park      string    `json:"park" db:"park"`
	ID        string    `json:"id" db:"id" format:"uuid"`
	Code      string    `json:"code" db:"code"`
	Status    string    `json:"status" db:"status"`
	TenantZH  *string   `json:"tenant_zh" db:"tenant_zh" nullable:"true"`
	TenantEN  *string   `json:"tenant_en" db:"tenant_en" nullable:"true"`
	ProjectZH *string   `json:"project_zh" db:"project_zh" nullable:"true"`
	ProjectEN *string   `json:"project_en" db:"project_en" nullable:"true"`
	LegalM2   geo.Area  `json:"-" db:"legal_m2"`
	LegalMu   geo.Mu    `json:"legal_mu" db:"-"`
	Point     []float64 `json:"point" db:"point" minItems:"2" maxItems:"2"`
	BBox      []float64 `json:"bbox" db:"bbox" minItems:"4" maxItems:"4"`
}

// The text searched is word for word that of the index parcel_public_live_text. The exact code comes first, then codes
// that begin so, then the rest; of too many the shortest codes, in the order of codes.
const sqlSearch = `
SELECT p.code AS park, f.parcel_id::text AS id, f.code, f.status, f.tenant_zh, f.tenant_en, f.project_zh,
       f.project_en, f.legal_m2::text AS legal_m2,
       ARRAY[ST_X(o.point), ST_Y(o.point)] AS point, ARRAY[ST_XMin(f.geom), ST_YMin(f.geom), ST_XMax(f.geom),
         ST_YMax(f.geom)] AS bbox
  FROM (SELECT * FROM parcel_public f
         WHERE f.to_seq IS NULL AND ($2::uuid IS NULL OR f.park_id = $2)
           AND (f.code || ' ' || coalesce(f.tenant_zh, '') || ' ' || coalesce(f.tenant_en,
             '') || ' ' || coalesce(f.project_zh, '') || ' ' || coalesce(f.project_en, '')) ILIKE '%' || $1 || '%'
         ORDER BY f.code NOT ILIKE $1, f.code NOT ILIKE $1 || '%', length(f.code), f.code, f.parcel_id LIMIT $3) f
  JOIN park_public p USING (park_id), LATERAL (SELECT ST_PointOnSurface(f.geom) AS point) o
 ORDER BY f.code NOT ILIKE $1, f.code NOT ILIKE $1 || '%', code_order(f.code), f.parcel_id`

// likeEscaper makes a text stand for itself in LIKE.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Search finds live parcels of one park ("": of all) whose code, tenant or project holds the text, in any letter case.
func (v *View) Search(ctx context.Context, text, park string, limit int) ([]Hit, error) {
	var within any
	if park != "" {
		found, err := v.Park(ctx, park)
		if err != nil {
			return nil, err
		}
		within = found.ID
	}
	// Planned with its values: the trigrams decide whether the index pays.
	rows, err := v.Tx.Query(ctx, sqlSearch, pgx.QueryExecModeCacheDescribe, likeEscaper.Replace(text), within, limit)
	if err != nil {
		return nil, store.Translate("search parcels", err)
	}
	hits, err := pgx.CollectRows(rows, pgx.RowToStructByName[Hit])
	for i := range hits {
		hits[i].LegalMu = hits[i].LegalM2.Mu().Round()
		roundDegrees(hits[i].BBox)
		roundDegrees(hits[i].Point)
	}
	return hits, store.Translate("search parcels", err)
}
