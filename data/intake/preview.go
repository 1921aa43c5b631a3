package intake

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// A preview has the rows as they would lie in the park, each with its state, and what is wrong besides: pieces that two
// share (overlap), pieces beyond the border (beyond), and what the file misses (missing).
//
// A row whose shape is refused is drawn as far as it can be brought to degrees near the others.
const selectPreview = `
WITH told AS (
  SELECT number, code, CASE WHEN fault IS NULL THEN becomes WHEN fault LIKE 'overlap%' THEN 'overlaps'
           WHEN fault = 'outside_park' THEN 'outside' ELSE 'refused' END AS state,
         coalesce(geom, drawn.g) AS geom, 0 AS part
    FROM import_shape s
   CROSS JOIN LATERAL (SELECT CASE WHEN s.geom IS NULL THEN (SELECT pg_temp.import_move(ST_SetSRID(ST_GeomFromWKB(r.wkb),
      @source::integer), 4490, @shifted) FROM import_row r WHERE r.number = s.number) END AS g OFFSET 0) drawn
   ORDER BY fault IS NULL, becomes = 'unchanged', number LIMIT @most),
overlap AS (
  SELECT o.b AS number, b.code, 'overlap' AS state, ST_Transform(ST_Intersection(b.plane, coalesce(a.plane,
         (SELECT ST_Transform(v.geom, @survey::integer) FROM parcel_version v WHERE v.park_id = @park::uuid AND v.to_seq IS NULL
            AND v.code = o.live AND o.park IS NULL))), 4490) AS geom, 1 AS part
    FROM import_overlap o JOIN import_shape b ON b.number = o.b LEFT JOIN import_shape a ON a.number = o.a
   WHERE o.m2 > o.tolerance ORDER BY o.m2 DESC LIMIT 1000),
beyond AS (SELECT number, code, 'beyond', ST_Transform(outside, 4490), 1 FROM import_shape
   WHERE outside IS NOT NULL ORDER BY number LIMIT 1000),
{missing}
every AS (SELECT * FROM told UNION ALL SELECT * FROM overlap UNION ALL SELECT * FROM beyond
  UNION ALL SELECT * FROM missing)
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(jsonb_build_object('type', 'Feature',
         'geometry', ST_AsGeoJSON(geom, 9, 0)::jsonb, 'properties', jsonb_build_object('row', number, 'code', code,
         'state', state)) ORDER BY part, number), '[]'))
  FROM every
 WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom) AND geom && ST_Expand(ST_SetSRID(ST_MakePoint(@lon, @lat), 4490), 2)`

const missingOfUpdate = `missing AS (SELECT 0, m.code, 'missing', v.geom, 2 FROM import_missing m
   JOIN {table}_version v ON v.park_id = @park::uuid AND v.{table}_id = m.id AND v.to_seq IS NULL LIMIT @most),`

const missingOfNone = `missing AS (SELECT 0, '', 'missing', NULL::geometry, 2 WHERE false),`

// preview draws in the report what a dry run found.
func (im *importing) preview(ctx context.Context) error {
	r := &im.report
	r.Preview, r.PreviewCut = nil, false
	if !im.req.DryRun || im.req.Preview == 0 || im.last == 0 || r.Place == nil {
		return nil
	}
	missing := missingOfNone
	if im.req.Update && im.park.exists {
		missing = strings.ReplaceAll(missingOfUpdate, "{table}", im.kind.table)
	}
	sql := strings.Replace(selectPreview, "{missing}", missing, 1)
	err := im.tx.QueryRow(ctx, sql, pgx.NamedArgs{
		"source": int(im.source.code), "shifted": im.source.shiftedBy, "most": im.req.Preview,
		"survey": int(im.park.survey), "park": im.park.id, "lon": r.Place[0], "lat": r.Place[1],
	}).Scan(&r.Preview)
	r.PreviewCut = r.Read-im.early > int64(im.req.Preview) || r.MissingCount > int64(im.req.Preview)
	return store.Translate("import: draw what was found", err)
}
