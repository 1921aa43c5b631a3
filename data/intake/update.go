package intake

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// An update compares each row with what the park has under its code:
//
//  1. match finds the live object, says which of its facts and whether its shape differ, and so what the row becomes:
//     new, changed or unchanged.
//  2. findMissing lists what is live and not in the file, and what holds it, so that it can't be retired.
//  3. The ground of what is drawn anew or retired counts as gone (import_gone): a boundary that moves in one file
//     overlaps nothing.
//  4. writeUpdate closes the versions and begins the next ones, in the record of the import.

// sameM is how far apart, in metres, two shapes are that are equal on the grid: a step of it each way, and the
// rounding of coordinates in metres to five decimals.
const sameM = "0.0002"

// parcelFacts are the columns of a parcel that an update may change. Status and publication have kinds of change of
// their own: they are taken for new rows only.
var (
	parcelFacts = []string{"zone_id", "land_use", "services", "legal_m2", "price_cny_per_m2", "price_kind",
		"price_document", "price_on", "cadastral_no", "estate_unit_no"}
	parcelKept = []string{"code", "bank_status", "publication", "price_told", "services_told"}
)

// A legal area that was never stated, but computed, is computed anew with a new shape: one that lies within the tolerance
// of what the old shape measures.
const parcelPatch = `(s.vals - ARRAY['bank_status', 'zone', 'services'])
       || CASE WHEN s.vals ? 'services' THEN jsonb_build_object('services', (s.vals->>'services')::jsonb) ELSE '{}' END
       || CASE WHEN s.vals ? 'zone' THEN jsonb_build_object('zone_id', (SELECT z.zone_id FROM zone z
            WHERE z.park_id = $3 AND z.code = s.vals->>'zone' AND z.live)) ELSE '{}' END
       || CASE WHEN NOT s.vals ? 'legal_m2' AND NOT g.still AND abs(v.legal_m2 - v.computed_m2) <= 0.01 + 0.0001 * s.perimeter
            THEN jsonb_build_object('legal_m2', round(coalesce(s.own_m2, s.computed_m2)::numeric, 4)) ELSE '{}' END`

const thingPatch = `(s.vals - 'conditions')
       || CASE WHEN s.vals ? 'conditions' THEN jsonb_build_object('conditions', (s.vals->>'conditions')::jsonb)
            ELSE '{}' END
       || CASE WHEN (s.vals->>'width_m')::numeric = 0 THEN '{"width_m": null}'::jsonb ELSE '{}' END`

// fill puts the kind's names into a statement.
func (k importKind) fill(sql string) string {
	facts := make([]string, len(k.facts))
	for i, name := range k.facts {
		told := strings.TrimSuffix(name, "_id")
		facts[i] = `CASE WHEN n.` + name + ` IS DISTINCT FROM v.` + name + ` THEN '` + told + `' END`
	}
	columns := func(list []string, of string) string {
		all := make([]string, len(list))
		for i, name := range list {
			all[i] = of + name
		}
		return strings.Join(all, ", ")
	}
	live, keeps := `v.code = s.code`, `s.vals ? 'bank_status' AND s.vals->>'bank_status' <> v.bank_status`
	code, identity := `v.code`, ``
	if k.table != "parcel" {
		live, keeps, code = `i.code = s.code AND i.live`, `false`, `i.code`
		identity = `JOIN ` + k.table + ` i ON (i.park_id, i.` + k.table + `_id) = (v.park_id, v.` + k.table + `_id)`
	}
	return strings.NewReplacer("{table}", k.table, "{patch}", k.patch, "{facts}", strings.Join(facts, ", "),
		"{columns}", columns(k.facts, ""), "{values}", columns(k.facts, "n."), "{kept}", columns(k.kept, ""),
		"{kept_values}", columns(k.kept, "v."), "{live}", live, "{keeps}", keeps, "{code}", code,
		"{identity}", identity, "{held}", held[k.table]).Replace(sql)
}

// Shapes are compared by their vertices: one that a neighbour's record entered in a side moves nothing. Beyond 25
// million pairs of vertices only equal ones are told.
const matchRows = `
UPDATE import_shape s SET live = m.id, still = m.still, patch = m.patch, keeps = m.keeps, differs = m.differs,
       becomes = CASE WHEN cardinality(m.differs) = 0 THEN 'unchanged' ELSE 'changed' END
  FROM (SELECT s.number, v.{table}_id AS id, g.still, p.patch, {keeps} AS keeps, d.differs
          FROM import_shape s
          JOIN {table}_version v ON v.park_id = $3 AND v.to_seq IS NULL {identity_on}
         CROSS JOIN LATERAL (SELECT coalesce(s.geom IS NOT NULL AND CASE
             WHEN ST_OrderingEquals(ST_Normalize(s.geom), ST_Normalize(v.geom)) THEN true
             WHEN ST_NPoints(s.geom)::bigint * ST_NPoints(v.geom) > 25000000 THEN false
             WHEN NOT s.plane && ST_Expand(ST_Transform(v.geom, $4::integer), 1) THEN false
             ELSE ST_HausdorffDistance(s.plane, ST_Transform(v.geom, $4::integer)) <= ` + sameM + ` END, false) AS still
             OFFSET 0) g
         CROSS JOIN LATERAL (SELECT {patch} AS patch OFFSET 0) p
         CROSS JOIN LATERAL (SELECT array_remove(ARRAY[CASE WHEN NOT g.still THEN 'geometry' END, {facts}], NULL)
             AS differs FROM jsonb_populate_record(v, p.patch) n OFFSET 0) d
         WHERE s.number > $1 AND s.number <= $2 AND s.code <> '') m
 WHERE s.number = m.number`

const indexLive = `CREATE INDEX ON import_shape (live); ANALYZE import_shape`

// A new row needs what a changed one may leave as it is.
const refuseLacking = `UPDATE import_shape SET fault = 'missing_value', field = $1::text, expected = $2::text
	WHERE fault IS NULL AND live IS NULL AND NOT vals ? $1::text`

// match says what each row becomes.
func (im *importing) match(ctx context.Context) error {
	if im.park.exists {
		join := `AND v.code = s.code`
		if im.kind.table != "parcel" {
			join = strings.ReplaceAll(`JOIN {table} i ON i.park_id = $3 AND i.{table}_id = v.{table}_id AND i.live
				AND i.code = s.code`, "{table}", im.kind.table)
		}
		sql := im.kind.fill(strings.ReplaceAll(matchRows, "{identity_on}", join))
		err := im.batches(500, 501, func(after, until int64) error {
			return im.exec(ctx, "compare with the park", sql, after, until, im.park.id, int(im.park.survey))
		})
		if err != nil {
			return err
		}
	}
	if err := im.exec(ctx, "compare with the park", indexLive); err != nil {
		return err
	}
	for _, f := range im.kind.fields {
		if !f.Required {
			continue
		}
		if err := im.exec(ctx, "look for what is lacking", refuseLacking, f.Name, im.fields.theirs(f.Name)); err != nil {
			return err
		}
	}
	return nil
}

// theirs is the file's name of one of our fields, as it was asked for.
func (f *importFields) theirs(ours string) string {
	if name := f.given[ours]; name != "" {
		return name
	}
	return ours
}

const makeGone = `
DROP TABLE IF EXISTS pg_temp.import_gone, pg_temp.import_missing;
CREATE TEMP TABLE import_missing (id uuid, code text, held text) ON COMMIT DROP;
CREATE TEMP TABLE import_gone (id uuid PRIMARY KEY) ON COMMIT DROP`

// held says, for each kind, what keeps the object v from being retired.
var held = map[string]string{
	"parcel": `CASE
  WHEN EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id)
    AND l.to_seq IS NULL) THEN 'right'
  WHEN EXISTS (SELECT FROM waiting w WHERE (w.park_id, w.parcel_id) = (v.park_id, v.parcel_id)
    AND w.to_seq IS NULL) THEN 'queue'
  WHEN EXISTS (SELECT FROM building b WHERE (b.park_id, b.parcel_id) = (v.park_id, v.parcel_id)
    AND NOT b.retired) THEN 'building'
  WHEN v.parcel_id = ANY (named.ids) THEN 'proposal' ELSE '' END`,
	"zone": `CASE WHEN EXISTS (SELECT FROM parcel_version p WHERE (p.park_id, p.zone_id) = (v.park_id, v.zone_id)
    AND p.to_seq IS NULL) THEN 'parcels' WHEN v.zone_id = ANY (named.ids) THEN 'proposal' ELSE '' END`,
	"plan_unit": `CASE WHEN v.plan_unit_id = ANY (named.ids) THEN 'proposal' ELSE '' END`,
	"network": `CASE WHEN EXISTS (SELECT FROM allotment_draw d WHERE (d.park_id, d.network_id) = (v.park_id, v.network_id)
    AND d.to_seq IS NULL) THEN 'draws' WHEN v.network_id = ANY (named.ids) THEN 'proposal' ELSE '' END`,
}

const findMissing = `
INSERT INTO import_missing (id, code, held)
SELECT v.{table}_id, {code}, {held}
  FROM {table}_version v {identity}
 CROSS JOIN (SELECT ARRAY(SELECT (x->>'id')::uuid FROM proposal p CROSS JOIN LATERAL
     jsonb_array_elements(coalesce(p.command->'parcels', '[]') || coalesce(p.command->'object', '[]')) x
     WHERE p.park_id = $1 AND p.decision IS NULL AND x ? 'id') AS ids OFFSET 0) named
 WHERE v.park_id = $1 AND v.to_seq IS NULL AND NOT EXISTS (SELECT FROM import_shape s WHERE s.code = {code})
   AND {code} <> ALL ($2::text[])`

// The old ground of what goes.
const fillGone = `
INSERT INTO import_gone SELECT DISTINCT live FROM import_shape WHERE live IS NOT NULL AND fault IS NULL
 UNION SELECT id FROM import_missing WHERE $1 AND held = '';
ANALYZE import_gone`

const giveBack = `
DELETE FROM import_gone g WHERE NOT EXISTS (SELECT FROM import_shape s WHERE s.live = g.id AND s.fault IS NULL)
   AND NOT EXISTS (SELECT FROM import_missing m WHERE m.id = g.id) RETURNING id`

// findMissing lists what an update misses, and which ground counts as gone.
func (im *importing) findMissing(ctx context.Context) error {
	if err := im.exec(ctx, "make tables", makeGone); err != nil || !im.req.Update || !im.park.exists {
		return err
	}
	codes := []string{} // of rows that never came to the database
	for _, r := range im.refused {
		codes = append(codes, r.Code)
	}
	if err := im.exec(ctx, "look for what is missing", im.kind.fill(findMissing), im.park.id, codes); err != nil {
		return err
	}
	for _, part := range strings.SplitAfter(fillGone, ";") {
		args := []any{im.req.retires()}
		if strings.Contains(part, "ANALYZE") {
			args = nil
		}
		if err := im.exec(ctx, "look for what is missing", part, args...); err != nil {
			return err
		}
	}
	return nil
}

const closeChanged = `
UPDATE {table}_version v SET to_seq = $3 FROM import_shape s
 WHERE s.number > $1 AND s.number <= $2 AND s.fault IS NULL AND s.becomes = 'changed'
   AND v.park_id = $4 AND v.{table}_id = s.live AND v.to_seq IS NULL`

// A shape that is equal on the grid stays as it is.
const openChanged = `
INSERT INTO {table}_version (park_id, {table}_id, from_seq, prev_to_seq, {columns}, {kept}, geom)
SELECT v.park_id, v.{table}_id, $3::bigint, $3::bigint, {values}, {kept_values},
       CASE WHEN s.still THEN v.geom ELSE s.geom END
  FROM import_shape s
  JOIN {table}_version v ON v.park_id = $4 AND v.{table}_id = s.live AND v.to_seq = $3
 CROSS JOIN LATERAL jsonb_populate_record(v, s.patch) n
 WHERE s.number > $1 AND s.number <= $2 AND s.fault IS NULL AND s.becomes = 'changed' ORDER BY s.number`

const closeMissing = `
UPDATE {table}_version v SET to_seq = $1 FROM import_missing m
 WHERE v.park_id = $2 AND v.{table}_id = m.id AND v.to_seq IS NULL`

// closeOld ends the versions that the record replaces or retires. All end before any begins: the shapes of a file hold
// together only as a whole.
func (im *importing) closeOld(ctx context.Context, seq int64) error {
	if im.report.Changed > 0 {
		err := im.batches(620, 650, func(after, until int64) error {
			return im.exec(ctx, "end versions", im.kind.fill(closeChanged), after, until, seq, im.park.id)
		})
		if err != nil {
			return err
		}
	}
	if im.report.Retired == 0 {
		return nil
	}
	return im.exec(ctx, "retire", im.kind.fill(closeMissing), seq, im.park.id)
}

// openChanged begins the next versions of what changed, and says which parcels came out of which.
func (im *importing) openChanged(ctx context.Context, seq int64) error {
	r := &im.report
	if r.Changed > 0 {
		err := im.batches(850, 895, func(after, until int64) error {
			return im.exec(ctx, "begin versions", im.kind.fill(openChanged), after, until, seq, im.park.id)
		})
		if err != nil {
			return err
		}
	}
	if im.kind.table != "parcel" || r.Changed+r.Retired == 0 || r.Made+r.Retired == 0 {
		return nil
	}
	return im.exec(ctx, "state lineage", `SELECT state_lineage($1, $2)`, im.park.id, seq)
}

// Missing is an object that is live in the park and not in the file of an update.
type Missing struct {
	Code string `json:"code" db:"code"`
	// Held: what keeps it from being retired, a right, queue, building, parcels, draws or proposal; "" nothing.
	Held string `json:"held,omitempty" db:"held"`
}

// listMissing tells in the report what the file misses.
func (im *importing) listMissing(ctx context.Context) error {
	r := &im.report
	const count = `SELECT count(*), count(*) FILTER (WHERE held <> '') FROM import_missing`
	if err := im.tx.QueryRow(ctx, count).Scan(&r.MissingCount, &r.Held); err != nil {
		return store.Translate("import: count what is missing", err)
	}
	if err := im.settleMissing(ctx); err != nil {
		return err
	}
	rows, err := im.tx.Query(ctx, `SELECT code, held FROM import_missing ORDER BY held = '', code_order(code) LIMIT $1`,
		maxListed)
	if err != nil {
		return store.Translate("import: list what is missing", err)
	}
	r.Missing, err = pgx.CollectRows(rows, pgx.RowToStructByName[Missing])
	return store.Translate("import: list what is missing", err)
}

// Meanwhile is a change that another record made, since a dry run, of what the file would change.
type Meanwhile struct {
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
	Code string `json:"code"`
}

const selectMeanwhile = `
SELECT DISTINCT ON (r.seq, {code}) r.seq, r.kind, {code}
  FROM record r
  JOIN {table}_version v ON v.park_id = r.park_id AND r.seq IN (v.from_seq, v.to_seq) {identity}
 WHERE r.park_id = $1 AND r.seq > $2 AND r.seq <= $3 AND (EXISTS (SELECT FROM import_shape s WHERE s.code = {code})
    OR EXISTS (SELECT FROM import_shape s WHERE s.plane && ST_Transform(v.geom, $4::integer))
    OR $5 AND EXISTS (SELECT FROM import_missing m WHERE m.code = {code}))
 ORDER BY r.seq, {code} LIMIT 100`

// findMeanwhile looks at what others changed since the dry run: the same codes, ground near the rows, or what is to be
// retired.
func (im *importing) findMeanwhile(ctx context.Context) error {
	im.report.BaseSeq, im.report.Meanwhile = im.seen, nil
	if im.req.Seen == 0 || !im.park.exists || im.seen <= im.req.Seen {
		return nil
	}
	rows, err := im.tx.Query(ctx, im.kind.fill(selectMeanwhile), im.park.id, im.req.Seen, im.seen, int(im.park.survey),
		im.req.RetireMissing)
	if err != nil {
		return store.Translate("import: look at what changed meanwhile", err)
	}
	im.report.Meanwhile, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Meanwhile])
	return store.Translate("import: look at what changed meanwhile", err)
}
