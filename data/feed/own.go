package feed

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"luodi/data/feed/cache"
	"luodi/data/store"
)

// A page of planners' parcels joins eight tables for what it prints. Where what chooses and orders its parcels stands in
// their own rows, these are found first, and the others are joined for the page's rows alone.

// ownColumns are the properties that stand in a parcel's own row.
var ownColumns = []string{"code", "bank_status", "land_use", "legal_m2", "legal_mu", "computed_m2", "ellipsoid_m2",
	"cadastral_no", "estate_unit_no", "publication"}

// FindOwn finds the page of a members' query in the rows of parcels alone, and how many there are on all pages, as
// [Both.Find] does, unless they are not to be counted; nil where that takes more, or where the query doesn't ask for one
// park of the member's.
func (v *View) FindOwn(ctx context.Context, q *Query, counts bool) (found *Found, matched int, err error) {
	if !q.ofOwnColumns() {
		return nil, 0, nil
	}
	then, err := v.past(ctx, q)
	if err != nil || then != nil {
		return nil, 0, err
	}
	park, err := v.parkID(ctx, q.Park)
	if err != nil || !q.Member.sees(park) {
		return nil, 0, err
	}
	s := &statement{table: "parcel_version"}
	s.and("f.to_seq IS NULL AND f.park_id = %s", s.bind(park))
	for _, e := range q.Equal {
		s.and("%s = %s", e.Property.expr, s.bind(e.Value))
	}
	if matched = -1; counts && q.After == nil {
		if matched, err = v.countOwn(ctx, q, s); err != nil {
			return nil, 0, err
		}
	}
	if q.After != nil {
		whereAfter(s, q)
	}
	sql := fmt.Sprintf("SELECT f.park_id, f.parcel_id FROM %s ORDER BY %sf.park_id, f.parcel_id LIMIT %s OFFSET %s",
		s.text(), q.sortOrder(), s.bind(q.Limit+1), s.bind(q.Skip))
	limited, cancel := q.limited(ctx)
	defer cancel()
	rows, err := v.Tx.Query(limited, sql, append([]any{q.mode()}, s.args...)...)
	if err != nil {
		return nil, 0, q.late(limited, store.Translate("find parcels", err))
	}
	found = &Found{}
	if found.keys, err = pgx.CollectRows(rows, pgx.RowToStructByPos[cache.Key]); err != nil {
		return nil, 0, q.late(limited, store.Translate("find parcels", err))
	}
	if len(found.keys) > q.Limit {
		found.more, found.keys = true, found.keys[:q.Limit]
	}
	return found, matched, nil
}

// countOwn counts as [View.Count] does; below 0 where there are too many.
func (v *View) countOwn(ctx context.Context, q *Query, s *statement) (n int, err error) {
	args := append([]any{q.mode()}, s.args...)
	sql := fmt.Sprintf("SELECT count(*) FROM (SELECT FROM %s LIMIT %d) found", s.text(), countCap+1)
	limited, cancel := q.limited(ctx)
	defer cancel()
	if err := v.Tx.QueryRow(limited, sql, args...).Scan(&n); err != nil {
		return 0, q.late(limited, store.Translate("count parcels", err))
	}
	if n > countCap {
		return -1, nil
	}
	return n, nil
}

// ofOwnColumns reports whether a query of members' parcels is chosen and ordered by their own rows.
func (q *Query) ofOwnColumns() bool {
	if !q.Collection.member || q.Collection.key != parcels.key || q.Member == nil || q.Park == "" || q.Limit == 0 ||
		q.When != (When{}) || q.ID != nil || q.Box != nil || q.Plane != nil || q.Filter != nil || len(q.Search) > 0 {
		return false
	}
	return !slices.ContainsFunc(q.Equal, func(e Equal) bool { return !slices.Contains(ownColumns, e.Property.Name) }) &&
		!slices.ContainsFunc(q.Sort, func(k SortKey) bool { return !slices.Contains(ownColumns, k.Property.Name) })
}
