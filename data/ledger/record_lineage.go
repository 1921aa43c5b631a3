package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Kin is a step of a parcel's lineage: by a record, child came out of parent.
type Kin struct {
	Seq    int64     `json:"seq" db:"seq"`
	At     time.Time `json:"at" db:"at"`
	Kind   string    `json:"kind" db:"kind"`
	Parent Relative  `json:"parent" db:"parent"`
	Child  Relative  `json:"child" db:"child"`
}

// Relative is a parcel in a lineage, with its last code.
type Relative struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	Code string    `json:"code"`
	Live bool      `json:"live"`
}

// ParcelHistory is a parcel's records and its lineage in both directions.
type ParcelHistory struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	Code     string    `json:"code" doc:"Its last code."`
	Live     bool      `json:"live"`
	Version  int64     `json:"version"`
	Records  []Record  `json:"records" doc:"Newest first, at most 500."`
	Parents  []Kin     `json:"parents" doc:"Steps from it back to the parcels that came out of no other."`
	Children []Kin     `json:"children" doc:"Steps from it on to the parcels that are live or ended in nothing."`
}

const sqlParcelNow = `
SELECT v.code, v.to_seq IS NULL, p.version FROM parcel p JOIN park k USING (park_id)
  CROSS JOIN LATERAL (SELECT code, to_seq FROM parcel_version v
    WHERE (v.park_id, v.parcel_id) = (p.park_id, p.parcel_id) ORDER BY v.from_seq DESC LIMIT 1) v
 WHERE k.code = $1 AND p.parcel_id = $2`

var sqlParcelRecords = recordsOf(`r.seq IN (
  SELECT unnest(ARRAY[v.from_seq, v.to_seq]) FROM parcel_version v WHERE v.park_id = {park} AND v.parcel_id = $2
  UNION SELECT unnest(ARRAY[l.from_seq, l.to_seq]) FROM allotment_parcel l WHERE l.park_id = {park} AND l.parcel_id = $2
  UNION SELECT unnest(ARRAY[q.from_seq, q.to_seq]) FROM waiting q WHERE q.park_id = {park} AND q.parcel_id = $2
  UNION SELECT s.seq FROM allotment_parcel l JOIN allotment_draw d USING (park_id, allotment_id) CROSS JOIN LATERAL unnest(ARRAY[d.from_seq, d.to_seq]) s (seq)
         WHERE l.park_id = {park} AND l.parcel_id = $2 AND s.seq >= l.from_seq AND (l.to_seq IS NULL OR s.seq <= l.to_seq)
  UNION SELECT w.from_seq FROM allotment_parcel l JOIN allotment_version w USING (park_id, allotment_id)
         WHERE l.park_id = {park} AND l.parcel_id = $2 AND w.from_seq >= l.from_seq AND (l.to_seq IS NULL OR w.from_seq <= l.to_seq))`, `500`)

// UNION removes duplicate steps, so that the recursion ends for any lineage.
const sqlKin = `
WITH RECURSIVE kin AS (
  SELECT l.* FROM lineage l JOIN park k USING (park_id) WHERE k.code = $1 AND l.%[1]s = $2
  UNION SELECT l.* FROM lineage l JOIN kin ON l.park_id = kin.park_id AND l.%[1]s = kin.%[2]s)
SELECT kin.seq, r.at, r.kind, p.j AS parent, c.j AS child
  FROM kin JOIN record r USING (park_id, seq)
  CROSS JOIN LATERAL (SELECT jsonb_build_object('id', v.parcel_id, 'code', v.code, 'live', v.to_seq IS NULL) AS j
    FROM parcel_version v
                       WHERE v.park_id = kin.park_id AND v.parcel_id = kin.parent_id ORDER BY v.from_seq DESC LIMIT 1) p
  CROSS JOIN LATERAL (SELECT jsonb_build_object('id', v.parcel_id, 'code', v.code, 'live', v.to_seq IS NULL) AS j
    FROM parcel_version v
                       WHERE v.park_id = kin.park_id AND v.parcel_id = kin.child_id ORDER BY v.from_seq DESC LIMIT 1) c
 ORDER BY kin.seq, c.j->>'code', p.j->>'code'`

var (
	sqlParents  = fmt.Sprintf(sqlKin, "child_id", "parent_id")
	sqlChildren = fmt.Sprintf(sqlKin, "parent_id", "child_id")
)

// ParcelHistory reads a parcel's records and walks its lineage both ways to the ends, a retired parcel's too; a Missing
// when there is none of this id.
func (s Ledger) ParcelHistory(ctx context.Context, park string, id uuid.UUID) (*ParcelHistory, error) {
	h := &ParcelHistory{ID: id}
	err := s.Planner.QueryRow(ctx, sqlParcelNow, park, id).Scan(&h.Code, &h.Live, &h.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, &store.Missing{Kind: "parcel", Name: id.String()}
	}
	if err != nil {
		return nil, store.Translate("read a parcel", err)
	}
	rows, err := s.Planner.Query(ctx, sqlParcelRecords, park, id)
	if h.Records, err = collectRecords(rows, err); err != nil {
		return nil, err
	}
	if h.Parents, err = store.ReadAll[Kin](ctx, s.Store, sqlParents, park, id); err != nil {
		return nil, err
	}
	h.Children, err = store.ReadAll[Kin](ctx, s.Store, sqlChildren, park, id)
	return h, err
}
