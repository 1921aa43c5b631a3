package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"luodi/data/intake/file"
	"luodi/data/store"
	"luodi/geo"
)

// importPark is the park as it is before the import writes.
type importPark struct {
	id     uuid.UUID
	exists bool
	survey geo.EPSG
}

const selectImportPark = `
SELECT p.park_id, p.survey_crs, c.seq, ST_Distance(p.geom::geography, ST_SetSRID(ST_MakePoint($2, $3), 4490)::geography),
       ST_Distance(ST_Centroid(p.geom)::geography, ST_SetSRID(ST_MakePoint($2, $3), 4490)::geography)
  FROM park p JOIN park_clock c USING (park_id) WHERE p.code = $1`

// farM is how far from its park a file's middle may lie, in metres. Farther is a wrong system, or a wrong park.
const farM = 50_000

// findPark reads the park, or settles what a new one will be surveyed in.
func (im *importing) findPark(ctx context.Context) error {
	if im.last == 0 {
		return nil
	}
	err := im.readPark(ctx)
	if err != nil {
		if err = im.asDrawn(ctx, err); err == nil {
			err = im.readPark(ctx)
		}
	}
	return err
}

func (im *importing) readPark(ctx context.Context) error {
	at, err := im.centre(ctx)
	if err != nil {
		return err
	}
	im.report.Place, im.report.Unproven = &[2]float64{at.Lon(), at.Lat()}, im.info.Unproven
	if err := im.checkDistortion(ctx, at); err != nil {
		return err
	}
	var away, middle float64
	p := importPark{exists: true}
	err = im.tx.QueryRow(ctx, selectImportPark, im.req.Park, at.Lon(), at.Lat()).Scan(&p.id, &p.survey, &im.seen, &away, &middle)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return im.planPark(ctx, at)
	case err != nil:
		return store.Translate("import: find the park", err)
	case away > farM:
		return &file.Fault{Code: faultFarFromPark, Field: "crs", Expected: im.req.Park,
			Got: fmt.Sprintf("%.5f°E %.5f°N, %.0f km", at.Lon(), at.Lat(), away/1000)}
	}
	im.park = p
	im.report.DistanceM = &middle
	im.report.SurveyCRS, im.report.Unproven = p.survey.String(), false // it lies near the park
	return nil
}

// checkDistortion refuses coordinates at which the file's projection is of no use, as when the system is wrong.
// Mercator's areas grow with the latitude, which harms no one: nothing is measured in it.
func (im *importing) checkDistortion(ctx context.Context, at orb.Point) error {
	src := im.source
	if src.degrees || src.projection == "merc" {
		return nil
	}
	share, err := im.distortion(ctx, src, at)
	if err != nil || share <= 0.05 {
		return err
	}
	return &file.Fault{Code: faultOutsideCRS, Field: "crs", Expected: src.code.String(),
		Got: fmt.Sprintf("%.5f°E %.5f°N", at.Lon(), at.Lat())}
}

// planPark settles what a new park will be surveyed in, and its id.
func (im *importing) planPark(ctx context.Context, at orb.Point) error {
	survey, err := im.surveyFor(ctx, at)
	if err != nil {
		return err
	}
	im.seen = 0
	im.park = importPark{survey: survey}
	im.park.id, err = newID()
	im.report.SurveyCRS = survey.String()
	return err
}

// plane is NULL exactly where the row's shape is refused; such a row takes no part in the search for overlaps.
const makeShapes = `
DROP TABLE IF EXISTS pg_temp.import_shape, pg_temp.import_overlap;
CREATE TEMP TABLE import_shape (number bigint, source_id text, id uuid, code text, vals jsonb, fault text,
       field text, expected text, got text,
  geom geometry, plane geometry, own_m2 float8, computed_m2 float8, perimeter float8, mended boolean, outside geometry,
  live uuid, still boolean NOT NULL DEFAULT false, becomes text NOT NULL DEFAULT 'new', differs text[], patch jsonb,
  keeps boolean NOT NULL DEFAULT false) ON COMMIT DROP;
CREATE TEMP TABLE import_overlap (a bigint, b bigint, live text, park text, m2 float8, tolerance float8) ON COMMIT DROP;`

// own_m2 is what a row's own coordinates measure, before any rounding, where they are of the survey's plane.
//
// A ring that the grid makes touch itself is put in order without moving anything farther than the grid does, and taken
// if its area stays within the tolerance. Each step is fenced by OFFSET 0: the planner would else work it out again for
// every column that uses it.
const fillShapes = `
INSERT INTO import_shape (number, source_id, id, code, vals, fault, field, expected, got, geom, plane, own_m2,
       computed_m2, perimeter, mended)
SELECT number, source_id, id, coalesce(code, ''), vals, fault,
       CASE fault WHEN 'invalid_shape' THEN reason END,
       CASE fault WHEN 'outside_crs' THEN @area::text END,
       CASE fault WHEN 'invalid_shape' THEN place
                  WHEN 'outside_crs' THEN coalesce(round(ST_X(middle)::numeric,
                    5) || '°E ' || round(ST_Y(middle)::numeric, 5) || '°N', place) END,
       CASE WHEN fault IS NULL THEN geom END, CASE WHEN fault IS NULL THEN plane END, own_m2, ST_Area(plane),
         ST_Perimeter(plane), mended AND fault IS NULL
  FROM (SELECT *, CASE WHEN NOT valid THEN 'invalid_shape'
                       WHEN middle IS NULL OR NOT inside THEN 'outside_crs'
                       WHEN geom IS NULL OR ST_IsEmpty(geom) OR mended AND NOT ST_IsValid(geom) OR plane IS NULL THEN 'collapsed'
                       WHEN ST_Dimension(geom) = 2 AND NOT ST_Area(plane) >= 0.0001 THEN 'collapsed'
                       WHEN mended AND (ST_GeometryType(geom) <> CASE WHEN @multi THEN 'ST_MultiPolygon'
                         ELSE 'ST_Polygon' END OR
                            abs(ST_Area(plane) - ST_Area({moved_in_plane})) > 0.01 + 0.0001 * ST_Perimeter(plane)) THEN 'collapsed' END AS fault
          FROM (SELECT *, CASE WHEN inside THEN {in_plane} END AS plane
                  FROM (SELECT *, CASE WHEN @multi THEN ST_Multi(kept) ELSE kept END AS geom
                          FROM (SELECT *, CASE WHEN NOT inside OR @lines OR NOT mended THEN settled
                                         ELSE settle_shape(ST_ReducePrecision(moved, 1e-9)) END AS kept
                          FROM (SELECT *, NOT ST_IsValid(settled) AS mended
                                  FROM (SELECT *, CASE WHEN inside AND @lines THEN ST_SnapToGrid(moved, 1e-9)
                                    WHEN inside THEN settle_shape(moved) END AS settled
                          FROM (SELECT *, ST_Centroid(moved) AS middle,
                                       ST_XMin(moved) >= @west AND ST_XMax(moved) <= @east
                                         AND ST_YMin(moved) >= @south AND ST_YMax(moved) <= @north AS inside
                                  FROM (SELECT r.number, r.source_id, r.id, r.vals, CASE
                                    WHEN @code = 0 THEN r.number::text ELSE r.codes[@code] END AS code,
                                               d.valid, d.reason, coalesce(ST_X(d.location) || ' ' || ST_Y(d.location), ST_XMin(s.shape) || ' ' || ST_YMin(s.shape)) AS place,
                                               CASE WHEN d.valid AND @own THEN ST_Area(s.shape) END AS own_m2,
                                               CASE WHEN d.valid THEN {to_degrees} END AS moved
                                          FROM import_row r
                                         CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_GeomFromWKB(r.wkb),
                                           @source) AS shape OFFSET 0) s
                                         CROSS JOIN LATERAL (SELECT (v).*
                                           FROM (SELECT ST_IsValidDetail(s.shape) AS v OFFSET 0) v OFFSET 0) d
                                         WHERE r.number > @after AND r.number <= @until OFFSET 0) a OFFSET 0) b OFFSET 0) c OFFSET 0) d OFFSET 0) e OFFSET 0) f OFFSET 0) g OFFSET 0) h`

// quickShapes is for coordinates that can all be moved: catching the error of one that can't costs more than the move.
var (
	quickShapes = strings.NewReplacer("{to_degrees}", "ST_Transform(s.shape, 4490)", "{in_plane}",
		"ST_Transform(geom, @survey::integer)", "{moved_in_plane}",
		"ST_Transform(moved, @survey::integer)").Replace(fillShapes)
	carefulShapes = strings.NewReplacer("{to_degrees}", "pg_temp.import_move(s.shape, 4490, @shifted)", "{in_plane}",
		"pg_temp.import_move(geom, @survey, '')", "{moved_in_plane}",
		"pg_temp.import_move(moved, @survey, '')").Replace(fillShapes)
)

// Statistics of shapes are asked for only with the index of shapes: they take longer than those of all other columns.
const (
	indexShapes = `
CREATE UNIQUE INDEX ON import_shape (number);
CREATE INDEX ON import_shape (code);
ANALYZE import_shape (number, code, fault, becomes)`

	indexPlanes = `
CREATE INDEX ON import_shape USING gist (plane);
ANALYZE import_shape (plane)`
)

// shape checks every row's geometry and brings it to the system that is kept and to the plane in which areas are
// measured.
func (im *importing) shape(ctx context.Context) error {
	if err := im.exec(ctx, "make tables", makeShapes); err != nil {
		return err
	}
	src := im.source
	err := im.batches(300, 500, func(after, until int64) error {
		return im.fill(ctx, pgx.NamedArgs{
			"area": src.code.String() + " " + src.area(), "west": src.west, "east": src.east, "south": src.south,
			"north":  src.north,
			"source": int(src.code), "shifted": src.shiftedBy, "survey": int(im.park.survey), "code": im.code,
			"multi": im.kind.multi, "lines": im.kind.isLine(), "own": src.measures(im.park.survey), "after": after, "until": until,
		})
	})
	if err != nil {
		return err
	}
	// the database looks for rows by their place where the park has parcels near which they may lie
	if err := im.exec(ctx, "index shapes", indexShapes); err != nil || !im.park.exists {
		return err
	}
	return im.indexPlanes(ctx)
}

func (im *importing) indexPlanes(ctx context.Context) error {
	return im.exec(ctx, "index shapes", indexPlanes)
}

// fill checks the shapes of a batch, at first as if all its coordinates could be moved.
func (im *importing) fill(ctx context.Context, args pgx.NamedArgs) error {
	if im.source.shiftedBy == "" {
		err := pgx.BeginFunc(ctx, im.tx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, quickShapes, args)
			return err
		})
		if _, refused := errors.AsType[*pgconn.PgError](err); !refused {
			return store.Translate("import: check shapes", err)
		}
	}
	return im.exec(ctx, "check shapes", carefulShapes, args)
}

const (
	refuseNoCode = `UPDATE import_shape SET fault = 'no_code' WHERE fault IS NULL AND code = ''`

	// What of a code land.ParseCode does not mend, in its words.
	refuseUnsettledCodes = `
UPDATE import_shape SET fault = 'value', field = 'code', got = to_json(left(code, 120))::text,
       expected = CASE WHEN wrong = 'long' THEN 'at most 100 characters'
                       WHEN wrong LIKE 'U+%' THEN format('text without %s, which is its character %s',
                         split_part(wrong, ' at ', 1), split_part(wrong, ' at ', 2))
                       ELSE 'text that shows something' END
  FROM (SELECT number AS row, code_fault(code) AS wrong FROM import_shape WHERE fault IS NULL) f
 WHERE number = f.row AND wrong IS NOT NULL`

	refuseDuplicates = `
UPDATE import_shape s SET fault = 'duplicate_code', got = d.first::text
  FROM (SELECT code, min(number) AS first FROM import_shape WHERE fault IS NULL GROUP BY code HAVING count(*) > 1) d
 WHERE s.fault IS NULL AND s.code = d.code AND s.number > d.first`

	refuseTakenParcels = `
UPDATE import_shape s SET fault = 'code_taken', expected = $1
  FROM parcel_version v
 WHERE s.fault IS NULL AND v.park_id = $2 AND v.to_seq IS NULL AND v.from_seq > $3 AND v.code = s.code`

	refuseUnknownZones = `
UPDATE import_shape s SET fault = 'zone_unknown', got = s.vals->>'zone'
 WHERE s.fault IS NULL AND s.vals ? 'zone' AND NOT EXISTS (SELECT FROM zone z WHERE z.park_id = $1
   AND z.code = s.vals->>'zone' AND z.live)`
)

// refuseTaken refuses codes that a live parcel, zone, plan unit or network element of the park has.
func (k importKind) refuseTaken() string {
	if k.table == "parcel" {
		return refuseTakenParcels
	}
	return `UPDATE import_shape s SET fault = 'code_taken', expected = $1 FROM ` + pgx.Identifier{k.table}.Sanitize() +
		` v WHERE s.fault IS NULL AND v.park_id = $2 AND $3 >= 0 AND v.live AND v.code = s.code`
}

// checkCodes refuses codes that are missing, repeated or taken; with since above 0, only codes taken after that
// change.
func (im *importing) checkCodes(ctx context.Context, since int64) error {
	if since == 0 {
		for _, sql := range []string{refuseNoCode, refuseUnsettledCodes, refuseDuplicates} {
			if err := im.exec(ctx, "check codes", sql); err != nil {
				return err
			}
		}
	}
	if im.req.Update {
		if err := im.match(ctx); err != nil {
			return err
		}
	} else if err := im.exec(ctx, "compare codes", im.kind.refuseTaken(), im.req.Park, im.park.id, since); err != nil {
		return err
	}
	if im.kind.table != "parcel" {
		return nil
	}
	return im.exec(ctx, "find zones", refuseUnknownZones, im.park.id)
}
