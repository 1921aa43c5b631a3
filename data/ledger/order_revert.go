package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// revert reverses a record by a new record: parcels and rights that it ended begin again, those that it began end,
// and changes are put back. History is not touched: land that comes back is new parcels with the old codes, and their
// lineage names the parcels they were made from. A record can be reversed as long as the land and rights that it
// touched have not changed since.
//
//  1. Each parcel and right that the record touched must be as the record left it. A right on a part of a split that
//     began and ended since does not count.
//  2. Parcels that the record retired are made again from the parcels that replaced them, with their old facts and
//     shape. Their rights follow.
//  3. Parcels that the record changed get back their old facts. They get back their old shape if it differs by more
//     than vertices entered for a neighbour.
//  4. Parcels without a parent end; parcels that ended without a child are made again as children of themselves. The
//     same holds for zones, plan units and networks.
//  5. Rights that it began end; rights that it moved go back a step; rights that it ended begin anew, with their old
//     draws where capacity is left.
//  6. Rights whose draws it changed get their old draws back.
//  7. A border that it drew is put back, unless it was drawn anew since.
func revert(ctx context.Context, w *work) error {
	seq := w.order.Command.Reverts
	kind, err := w.reversible(ctx, seq)
	if err != nil {
		return err
	}
	changes, err := w.changes(ctx, seq)
	if err != nil {
		return err
	}
	rights, err := w.rightChanges(ctx, seq)
	if err != nil {
		return err
	}
	drawing, err := w.drawing(ctx, seq)
	if err != nil {
		return err
	}
	objects, err := w.objectChanges(ctx, seq)
	if err != nil {
		return err
	}
	bordered, err := w.revertBorder(ctx, seq)
	if err != nil {
		return err
	}
	if len(changes)+len(rights)+len(drawing)+len(objects) == 0 && !bordered {
		return store.Because("record_can_be_reversed", "reversal.nothing_left", "kind", kind)
	}
	if err := w.revertRights(ctx, seq, rights); err != nil {
		return err
	}
	if err := w.revertObjects(ctx, objects); err != nil {
		return err
	}
	if err := w.revertDraws(ctx, seq, drawing); err != nil {
		return err
	}
	return w.revertParcels(ctx, seq, changes)
}

// sqlSince finds what the record touched by its number, and then looks at each: the other way round a reversal would
// ask all parcels of the park.
const sqlSince = `
WITH land AS MATERIALIZED (SELECT parcel_id FROM parcel_version WHERE park_id = $1 AND from_seq = $2 UNION
       SELECT parcel_id FROM parcel_version WHERE park_id = $1 AND to_seq = $2),
righted AS MATERIALIZED (
  SELECT parcel_id FROM allotment_parcel WHERE park_id = $1 AND from_seq = $2
  UNION SELECT parcel_id FROM allotment_parcel WHERE park_id = $1 AND to_seq = $2
  UNION SELECT l.parcel_id
          FROM (SELECT allotment_id FROM allotment_version WHERE park_id = $1 AND from_seq = $2 UNION
            SELECT allotment_id FROM allotment_version WHERE park_id = $1 AND to_seq = $2
                UNION SELECT allotment_id FROM allotment_draw WHERE park_id = $1 AND from_seq = $2 UNION
                  SELECT allotment_id FROM allotment_draw WHERE park_id = $1 AND to_seq = $2) r
         CROSS JOIN LATERAL (SELECT x.parcel_id FROM allotment_parcel x
           WHERE (x.park_id, x.allotment_id) = ($1, r.allotment_id) AND x.to_seq IS NULL OFFSET 0) l)
SELECT p.parcel_id, coalesce((SELECT v.code FROM parcel_version v WHERE v.park_id = $1
       AND v.parcel_id = p.parcel_id ORDER BY v.from_seq DESC LIMIT 1), ''), p.version
  FROM (SELECT parcel_id, false AS righted FROM land UNION ALL SELECT parcel_id, true FROM righted) t
 CROSS JOIN LATERAL (SELECT * FROM parcel x WHERE (x.park_id, x.parcel_id) = ($1, t.parcel_id) OFFSET 0) p
 WHERE p.version > $2 AND NOT still_as_seen($1, p.parcel_id, $2)
   AND (t.righted OR NOT ($3 = 'split' AND EXISTS (SELECT FROM parcel_version v WHERE v.park_id = $1
     AND v.parcel_id = p.parcel_id AND v.from_seq = $2 AND v.to_seq IS NULL OFFSET 0)
                          AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE l.park_id = $1
                            AND l.parcel_id = p.parcel_id AND l.to_seq IS NULL OFFSET 0)
                          AND NOT EXISTS (SELECT FROM waiting q WHERE q.park_id = $1 AND q.parcel_id = p.parcel_id
                            AND q.to_seq IS NULL OFFSET 0)))`

// reversible refuses two sorts of record: loads and corrections of land, and records whose land or rights were
// touched since. Two sorts of later change don't count: rights and queue places on a part of a split that have ended
// again, and nodes that a neighbour's record entered in a side.
func (w *work) reversible(ctx context.Context, seq int64) (kind string, err error) {
	err = w.tx.QueryRow(ctx, `SELECT kind FROM record WHERE park_id = $1 AND seq = $2 AND seq < $3`, w.park, seq,
		w.seq).Scan(&kind)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", geo.NewInvalid("reverts", "record.of_park", fmt.Sprint(seq))
	}
	if err != nil {
		return "", err
	}
	if kind == "import" {
		return "", store.Because("record_can_be_reversed", "reversal.import")
	}
	if kindOf(kind).Final {
		return "", store.Because("record_can_be_reversed", "reversal.follow", "kind", kind)
	}
	// The record's rows are found by its number first, and checked second: in the other order each reversal would
	// read all parcels of the park.
	stale := &store.Stale{Seen: seq}
	err = w.tx.QueryRow(ctx, sqlSince+sqlObjectsSince+` LIMIT 1`, w.park, seq, kind).Scan(&stale.ID, &stale.Code,
		&stale.Current)
	if errors.Is(err, pgx.ErrNoRows) {
		return kind, nil
	}
	if err != nil {
		return "", err
	}
	return "", stale
}

// change is a parcel that a record closed, opened or both.
type change struct {
	ID     uuid.UUID       `db:"parcel_id"`
	Was    json.RawMessage `db:"was"` // the version's row it closed; null when the parcel was born
	Is     json.RawMessage `db:"is"`  // the version's row it opened; null when the parcel was retired
	Moved  bool            `db:"moved"`
	Stored []byte          `db:"stored"` // the old ground
	Planar []byte          `db:"planar"`
}

const sqlChanges = `
SELECT coalesce(c.parcel_id, n.parcel_id) AS parcel_id, to_jsonb(c) - 'geom' AS was, to_jsonb(n) - 'geom' AS is,
       coalesce(c.legal_m2 <> n.legal_m2 OR ST_Area(ST_SymDifference(ST_Transform(c.geom, p.survey_crs),
         ST_Transform(n.geom, p.survey_crs))) > slack_m2(ST_Perimeter(c.geom::geography)), false) AS moved,
       ST_AsEWKB(c.geom) AS stored, ST_AsEWKB(ST_Transform(c.geom, p.survey_crs)) AS planar
  FROM park p,
       (SELECT * FROM parcel_version WHERE park_id = $1 AND to_seq = $2) c
       FULL JOIN (SELECT * FROM parcel_version WHERE park_id = $1 AND from_seq = $2) n ON n.parcel_id = c.parcel_id
 WHERE p.park_id = $1
 ORDER BY 1`

func (w *work) changes(ctx context.Context, seq int64) ([]change, error) {
	rows, err := w.tx.Query(ctx, sqlChanges, w.park, seq)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[change])
}

func (c change) born() bool    { return c.Was == nil }
func (c change) retired() bool { return c.Is == nil }

// revertParcels puts ground and facts back.
func (w *work) revertParcels(ctx context.Context, seq int64, changes []change) error {
	var subjects []seen
	var back [][]byte
	for _, c := range changes {
		if c.born() || c.Moved {
			subjects = append(subjects, seen{ID: c.ID})
		}
		if c.retired() {
			back = append(back, c.Stored)
		}
	}
	g, err := w.survey(ctx, subjects, back...)
	if err != nil {
		return err
	}
	var made []*piece
	for _, c := range changes {
		if c.born() {
			made = append(made, g.lots[c.ID])
		}
	}
	if len(made) > 0 {
		if err := g.retire(ctx, made...); err != nil {
			return err
		}
	}
	for _, c := range changes {
		switch {
		case c.retired():
			err = w.bearAgain(ctx, g, seq, c)
		case c.born():
		default:
			err = w.putBack(ctx, g, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bearAgain makes a parcel again with the facts and shape of one that the record retired. Its parents are the
// children that the record made of the old parcel, or the old parcel itself if it had none.
func (w *work) bearAgain(ctx context.Context, g *ground, seq int64, c change) error {
	rows, err := w.tx.Query(ctx, `SELECT child_id FROM lineage WHERE park_id = $1 AND seq = $2 AND parent_id = $3`,
		w.park, seq, c.ID)
	if err != nil {
		return err
	}
	children, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	old, legal, err := g.old(c)
	if err != nil {
		return err
	}
	itself := &piece{ID: c.ID, Facts: c.Was}
	parents := []*piece{itself}
	if len(children) > 0 {
		parents = make([]*piece, len(children))
	}
	for i, id := range children {
		parents[i] = g.lots[id]
	}
	id, err := g.beget(ctx, parents, itself, g.withNear(old), legal, nil)
	if err != nil {
		return err
	}
	if err := w.paperAgain(ctx, c.ID, id); err != nil {
		return err
	}
	return w.followRight(ctx, seq, c.ID, children, id)
}

// followRight takes the right that a retired parcel had, from its heir to the parcel that is born again.
func (w *work) followRight(ctx context.Context, seq int64, was uuid.UUID, heirs []uuid.UUID, now uuid.UUID) error {
	const sqlRight = `SELECT l.allotment_id FROM allotment_parcel l
       JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
		WHERE l.park_id = $1 AND l.parcel_id = $2 AND l.to_seq = $3`
	var right uuid.UUID
	err := w.tx.QueryRow(ctx, sqlRight, w.park, was, seq).Scan(&right)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.inherit(ctx, right, heirs, now)
}

// putBack gives a parcel its old facts, and its old ground where the record moved it.
func (w *work) putBack(ctx context.Context, g *ground, c change) error {
	var was map[string]json.RawMessage
	var is map[string]json.RawMessage
	if err := json.Unmarshal(c.Was, &was); err != nil {
		return err
	}
	if err := json.Unmarshal(c.Is, &is); err != nil {
		return err
	}
	facts := map[string]any{}
	for _, name := range []string{"code", "zone_id", "bank_status", "land_use", "services", "price_cny_per_m2",
		"price_kind", "price_document", "price_on", "cadastral_no", "estate_unit_no", "publication", "price_told",
		"services_told"} {
		if string(was[name]) != string(is[name]) {
			facts[name] = was[name]
		}
	}
	switch {
	case c.Moved:
		old, legal, err := g.old(c)
		if err != nil {
			return err
		}
		return g.redraw(ctx, g.lots[c.ID], g.withNear(old), legal, facts)
	case len(facts) > 0:
		return w.rewriteParcels(ctx, []seen{{ID: c.ID}}, facts)
	}
	return nil
}

// old numbers the ground a parcel had, and reads its legal area.
func (g *ground) old(c change) (shape [][]int, legal geo.Area, err error) {
	var was struct {
		Legal geo.Area `json:"legal_m2"`
	}
	if err := json.Unmarshal(c.Was, &was); err != nil {
		return nil, legal, err
	}
	s, err := g.number(c.Stored, c.Planar)
	return s, was.Legal, err
}

// rightChange is a right that a record began, moved or ended.
type rightChange struct {
	ID      uuid.UUID       `db:"allotment_id"`
	Was     json.RawMessage `db:"was"`
	Is      json.RawMessage `db:"is"`
	Project uuid.UUID       `db:"project_id"`
}

const sqlRightChanges = `
SELECT t.allotment_id, to_jsonb(c) AS was, to_jsonb(n) AS is, a.project_id
  FROM (SELECT allotment_id FROM allotment_version WHERE park_id = $1 AND from_seq = $2::bigint UNION
    SELECT allotment_id FROM allotment_version WHERE park_id = $1 AND to_seq = $2::bigint) t
 CROSS JOIN LATERAL (SELECT x.project_id FROM allotment x
   WHERE (x.park_id, x.allotment_id) = ($1, t.allotment_id) OFFSET 0) a
  LEFT JOIN LATERAL (SELECT * FROM allotment_version x
    WHERE (x.park_id, x.allotment_id, x.to_seq) = ($1, t.allotment_id, $2::bigint) OFFSET 0) c ON true
  LEFT JOIN LATERAL (SELECT * FROM allotment_version x
    WHERE (x.park_id, x.allotment_id, x.from_seq) = ($1, t.allotment_id, $2::bigint) OFFSET 0) n ON true
 ORDER BY 1`

func (w *work) rightChanges(ctx context.Context, seq int64) ([]rightChange, error) {
	rows, err := w.tx.Query(ctx, sqlRightChanges, w.park, seq)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[rightChange])
}

// revertRights takes each right back by the step the record made.
func (w *work) revertRights(ctx context.Context, seq int64, rights []rightChange) error {
	for _, r := range rights {
		var err error
		switch {
		case r.Was == nil:
			err = w.endRight(ctx, r.ID)
			w.right = r.ID
		case r.Is == nil:
			err = w.beginAgain(ctx, seq, r)
		default:
			err = w.stepBack(ctx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const sqlPutRight = `
INSERT INTO allotment_version (park_id, allotment_id, from_seq, prev_to_seq, state, expires_at, supply_mode,
       term_years, commitments, extended)
SELECT $1, $2, $3::bigint, CASE WHEN $4 THEN $3::bigint END, o.state, o.expires_at, o.supply_mode, o.term_years,
       o.commitments, o.extended
  FROM jsonb_populate_record(NULL::allotment_version, $5::jsonb) o`

func (w *work) stepBack(ctx context.Context, r rightChange) error {
	if err := w.closeRight(ctx, r.ID); err != nil {
		return err
	}
	w.right = r.ID
	_, err := w.tx.Exec(ctx, sqlPutRight, w.park, r.ID, w.seq, true, r.Was)
	return err
}

// beginAgain gives a project a new right like the one that the record ended, over the same parcels. A right that was
// supplied needs a new supply.
func (w *work) beginAgain(ctx context.Context, seq int64, r rightChange) error {
	var was struct {
		State   string     `json:"state"`
		Expires *time.Time `json:"expires_at"`
	}
	if err := json.Unmarshal(r.Was, &was); err != nil {
		return err
	}
	if was.State == "supplied" || was.State == "built" {
		return store.Because("record_can_be_reversed", "reversal.supplied")
	}
	if was.Expires != nil && !was.Expires.After(w.at) {
		return store.Because("record_can_be_reversed", "reversal.hold_out")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	const sqlRight = `INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
		SELECT park_id, $2, district_id, project_id FROM allotment WHERE park_id = $1 AND allotment_id = $3`
	if _, err := w.tx.Exec(ctx, sqlRight, w.park, id, r.ID); err != nil {
		return err
	}
	if _, err := w.tx.Exec(ctx, sqlPutRight, w.park, id, w.seq, false, r.Was); err != nil {
		return err
	}
	const sqlCover = `INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq)
		SELECT park_id, $2, parcel_id, $4 FROM allotment_parcel WHERE park_id = $1 AND allotment_id = $3 AND to_seq = $5`
	w.right = id
	if _, err = w.tx.Exec(ctx, sqlCover, w.park, id, r.ID, w.seq, seq); err != nil {
		return err
	}
	return w.drawAgain(ctx, seq, r.ID, id)
}

// drawing lists the rights, live before and after a record, whose draws it changed.
func (w *work) drawing(ctx context.Context, seq int64) ([]uuid.UUID, error) {
	const sql = `
SELECT d.allotment_id
  FROM (SELECT allotment_id FROM allotment_draw WHERE park_id = $1 AND from_seq = $2 UNION SELECT allotment_id
    FROM allotment_draw WHERE park_id = $1 AND to_seq = $2) d
 WHERE EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = ($1, d.allotment_id)
   AND v.from_seq < $2 OFFSET 0)
   AND EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = ($1, d.allotment_id)
     AND v.to_seq IS NULL OFFSET 0)`
	rows, err := w.tx.Query(ctx, sql, w.park, seq)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

func (w *work) revertDraws(ctx context.Context, seq int64, rights []uuid.UUID) error {
	const sql = `UPDATE allotment_draw SET to_seq = $4 WHERE park_id = $1 AND allotment_id = $2 AND from_seq = $3
		AND to_seq IS NULL`
	for _, right := range rights {
		if _, err := w.tx.Exec(ctx, sql, w.park, right, seq, w.seq); err != nil {
			return err
		}
		if err := w.drawAgain(ctx, seq, right, right); err != nil {
			return err
		}
		w.right, w.drawn = right, true
	}
	return nil
}

// drawAgain gives a right the draws that a record ended, its own or another's.
func (w *work) drawAgain(ctx context.Context, seq int64, from, to uuid.UUID) error {
	const sql = `INSERT INTO allotment_draw (park_id, allotment_id, network_id, service, from_seq, amount)
		SELECT park_id, $4, network_id, service, $5, amount FROM allotment_draw WHERE park_id = $1
		  AND allotment_id = $2 AND to_seq = $3`
	done, err := w.tx.Exec(ctx, sql, w.park, from, seq, to, w.seq)
	w.drawn = w.drawn || done.RowsAffected() > 0
	return err
}
