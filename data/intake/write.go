package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
)

const (
	// The boundary is the hull of what is taken, as straight in the survey CRS as its parcels: an edge of EPSG:4490
	// bends there, by under a millimetre over 100 m. Points and lines get 10 m around them.
	insertPark = `
INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, time_zone, geom)
SELECT $1, $2, $3, $4, $5, $6, $7, ST_Multi(ST_Transform(ST_Segmentize(CASE WHEN ST_Dimension(hull) = 2 THEN hull
       ELSE ST_Buffer(hull, 10) END,
         greatest(100, ST_Perimeter(hull) / 2000)), 4490))
  FROM (SELECT ST_ConvexHull(ST_Collect(hull)) FROM
         (SELECT ST_ConvexHull(ST_Collect(plane)) FROM
           (SELECT plane, number / 1000 AS batch FROM import_shape WHERE fault IS NULL ORDER BY number) taken
             GROUP BY batch) part(hull)) whole(hull)
ON CONFLICT (code) DO NOTHING RETURNING park_id`

	selectDistricts = `SELECT district_id, code FROM district WHERE $1 = '' OR code = $1 ORDER BY code LIMIT 2`

	insertDistrict = `INSERT INTO district (district_id, code, name_zh, name_en) VALUES ($1, $2, $2, $2)
		ON CONFLICT (code) DO NOTHING`

	takeClock = `SELECT seq FROM begin_record($1, $2, 'import', $3, $4, $5, $6)`

	insertParcels = `
WITH taken AS (SELECT number, id, code, vals, own_m2, computed_m2, geom FROM import_shape
                WHERE number > $1 AND number <= $2 AND fault IS NULL AND becomes = 'new'),
     made AS (INSERT INTO parcel (park_id, parcel_id, version) SELECT $3, id, $4 FROM taken)
INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, zone_id, bank_status, land_use, services, legal_m2,
       price_cny_per_m2, price_kind, price_document, price_on,
       cadastral_no, estate_unit_no, publication, geom)
SELECT $3, t.id, $4, t.code, z.zone_id, coalesce(vals->>'bank_status', 'available'), vals->>'land_use',
       coalesce((vals->>'services')::jsonb, '{}'),
       coalesce((vals->>'legal_m2')::numeric, round(coalesce(own_m2, computed_m2)::numeric, 4)), (vals->>'price_cny_per_m2')::numeric,
       vals->>'price_kind', vals->>'price_document', (vals->>'price_on')::date,
       vals->>'cadastral_no', vals->>'estate_unit_no', coalesce(nullif($5, ''), 'public'), t.geom
  FROM taken t LEFT JOIN zone z ON z.park_id = $3 AND z.code = t.vals->>'zone' AND z.live ORDER BY t.number`
)

// writeSession lets the triggers of each row, and the checks of its references, keep their plans: planning them anew
// for every row costs more than they do.
const writeSession = `SET LOCAL plan_cache_mode = auto`

// filled has the columns of things that are not simply the field of their name: a default where the file says nothing,
// or another form. Any other is the field's text, cast to the column's type.
var filled = map[string]string{
	"zone.name_zh":         `coalesce(t.vals->>'name_zh', t.vals->>'name_en', t.code)`,
	"zone.name_en":         `coalesce(t.vals->>'name_en', t.vals->>'name_zh', t.code)`,
	"zone.function":        `coalesce(t.vals->>'function', 'mixed')`,
	"plan_unit.conditions": `coalesce((t.vals->>'conditions')::jsonb, '{}')`,
	"network.width_m":      `nullif(told.width_m, 0)`,
}

// insertThings writes the versions of things: each field into the column of its name.
func insertThings(kind importKind) string {
	names, values := kind.names(), make([]string, len(kind.fields))
	for i, name := range names {
		if values[i] = filled[kind.table+"."+name]; values[i] == "" {
			values[i] = "told." + name
		}
	}
	publication := `coalesce(nullif($5, ''), 'public')`
	if kind.table == "network" { // the database says which are public where nobody does
		publication = `nullif($5, '')`
	}
	return strings.NewReplacer("{publication}", publication, "{table}", kind.table,
		"{columns}", strings.Join(names, ", "), "{values}",
		strings.Join(values, ", ")).Replace(`
WITH taken AS (SELECT * FROM import_shape WHERE number > $1 AND number <= $2 AND fault IS NULL AND becomes = 'new'),
     made AS (INSERT INTO {table} (park_id, {table}_id, code) SELECT $3, id, code FROM taken)
INSERT INTO {table}_version (park_id, {table}_id, from_seq, {columns}, publication, geom)
SELECT $3, t.id, $4, {values}, {publication}, t.geom
  FROM (SELECT number, id, code, vals, geom FROM taken) t
 CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}_version, t.vals) told ORDER BY t.number`)
}

// makePark makes the park if it doesn't exist. raced: another import made it since it was looked for, so everything is
// to be checked against that one. Making it takes no clock: a rival waits here for our end.
func (im *importing) makePark(ctx context.Context) (raced bool, err error) {
	if im.park.exists {
		return false, nil
	}
	district, err := im.findDistrict(ctx)
	if err != nil {
		return false, err
	}
	name := func(given string) string {
		if given == "" {
			return im.req.Park
		}
		return given
	}
	zone := im.req.TimeZone
	if zone == "" {
		zone = "Asia/Shanghai"
	}
	err = im.tx.QueryRow(ctx, insertPark, im.park.id, district, im.req.Park, name(im.req.NameZH), name(im.req.NameEN),
		int(im.park.survey), zone).Scan(&im.park.id)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	im.report.ParkMade = err == nil
	return false, store.Translate("import: make park "+im.req.Park, err)
}

// checkDistrict refuses, before any row is read, a new park of which nobody could say the district.
func (im *importing) checkDistrict(ctx context.Context) error {
	var known bool
	err := im.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM park WHERE code = $1)`, im.req.Park).Scan(&known)
	if err != nil || known {
		return store.Translate("import: find the park", err)
	}
	_, _, err = im.lookUpDistrict(ctx)
	return err
}

// lookUpDistrict finds the district by name, or the only one. found is false where it is to be made: a named one that
// doesn't exist, or the first.
func (im *importing) lookUpDistrict(ctx context.Context) (id [16]byte, found bool, err error) {
	rows, err := im.tx.Query(ctx, selectDistricts, im.req.District)
	if err != nil {
		return id, false, store.Translate("import: find the district", err)
	}
	var codes []string
	var code string
	_, err = pgx.ForEachRow(rows, []any{&id, &code}, func() error {
		codes = append(codes, code)
		return nil
	})
	switch named := im.districtName(); {
	case err != nil:
		return id, false, store.Translate("import: find the district", err)
	case len(codes) > 1:
		return id, false, geo.NewInvalid("district", "one_of", "", "values", codes[0]+", "+codes[1]+" …")
	case len(codes) == 0 && !isParkCode(named):
		return id, false, geo.NewInvalid("district", "code.short", named)
	}
	return id, len(codes) == 1, nil
}

// districtName is the code of a district that is to be made: its park's, where no name is given.
func (im *importing) districtName() string { return cmp.Or(im.req.District, im.req.Park) }

// findDistrict is lookUpDistrict, and makes the district where there is none.
func (im *importing) findDistrict(ctx context.Context) (id [16]byte, err error) {
	for range 2 {
		id, found, err := im.lookUpDistrict(ctx)
		if found || err != nil {
			return id, err
		}
		fresh, err := newID()
		if err != nil {
			return id, err
		}
		if err := im.exec(ctx, "make the district", insertDistrict, fresh, im.districtName()); err != nil {
			return id, err
		}
	}
	return id, store.Translate("import: find the district", store.ErrRetry)
}

// write takes the clock, checks again what changed since the park was looked at, writes the versions and commits.
func (im *importing) write(ctx context.Context) error {
	record, err := newID()
	if err != nil {
		return err
	}
	documents, err := json.Marshal([]ledger.Document{{Title: im.req.Document, SHA256: im.req.Checksum}})
	if err != nil {
		return err
	}
	if err := im.takeClocks(ctx); err != nil {
		return err
	}
	var seq int64
	err = im.tx.QueryRow(ctx, takeClock, im.park.id, record, im.req.Reason, im.req.Via, string(documents),
		author(im.req.By)).Scan(&seq)
	if err != nil {
		return store.Translate("import: open the record", err)
	}
	if seq > im.seen+1 {
		if stop, err := im.recheck(ctx); stop || err != nil {
			return err
		}
	}
	if err := im.widenBorder(ctx); err != nil {
		return err
	}
	if err := im.exec(ctx, "prepare to write", writeSession); err != nil {
		return err
	}
	im.begin(ImportWrites)
	if err := im.closeOld(ctx, seq); err != nil {
		return err
	}
	err = im.batches(650, 850, func(after, until int64) error {
		return im.exec(ctx, "write rows", im.kind.insert, after, until, im.park.id, seq,
			im.req.Publication)
	})
	if err != nil {
		return err
	}
	if err := im.openChanged(ctx, seq); err != nil {
		return err
	}
	if err := im.tellFlaws(ctx); err != nil {
		return err
	}
	r := &im.report
	r.Record, r.Seq, r.Taken = record, seq, r.Made+r.Changed
	if err := im.propose(ctx); err != nil {
		return err
	}
	if err := im.keepReport(ctx); err != nil {
		return err
	}
	if err := im.settle(ctx); err != nil {
		return err
	}
	r.Written = true
	im.meter.between(meterTotal, meterTotal, 1, 1)
	return nil
}

// settle has the record checked as a whole and commits it. The longest of a commit's checks are brought forward one by
// one, so that it can be said which of them runs.
func (im *importing) settle(ctx context.Context) error {
	for i, check := range []struct {
		step ImportStep
		sql  string
	}{{ImportChecksLand, `SET CONSTRAINTS z_settle_record IMMEDIATE`},
		{ImportChecksPublic, `SET CONSTRAINTS says_what_is IMMEDIATE`}} {
		im.begin(check.step)
		if err := im.exec(ctx, "check the record", check.sql); err != nil {
			return err
		}
		im.meter.between(900, 990, int64(i)+1, 2)
	}
	im.begin(ImportCommits)
	if im.req.Also != nil {
		told := im.report
		told.Written = true
		if err := im.req.Also(ctx, im.tx, &told); err != nil {
			return err
		}
	}
	return store.Translate("import: commit", im.tx.Commit(ctx))
}

// recheck looks at what others changed between the checks and the clock.
func (im *importing) recheck(ctx context.Context) (stop bool, err error) {
	if im.req.Update {
		if err := im.examine(ctx); err != nil {
			return true, err
		}
		if im.onlyProposes() { // another made what the file says meanwhile: no record is to be written
			return true, store.Translate("import: look again", store.ErrRetry)
		}
		return im.settled(ctx)
	}
	if err := im.checkCodes(ctx, im.seen); err != nil {
		return true, err
	}
	if err := im.findLiveOverlaps(ctx, im.seen, nil); err != nil {
		return true, err
	}
	if err := im.settleOverlaps(ctx); err != nil {
		return true, err
	}
	return im.settled(ctx)
}

// author is the account in the record; null for a program.
func author(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
