package soak

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"
	"time"

	"luodi/data/feed"
)

const sqlPast = `
SELECT coalesce(string_agg(concat_ws(' ', v.code, v.bank_status, v.land_use, v.zone_id, v.price_cny_per_m2,
       v.services, v.legal_m2, v.publication, md5(ST_AsEWKB(v.geom)), a.allotment_id, a.state, a.expires_at,
       a.supply_mode, a.extended,
         (SELECT string_agg(concat_ws(' ', d.network_id, d.service, d.amount), ' ' ORDER BY d.network_id)
           FROM allotment_draw d WHERE (d.park_id, d.allotment_id) = (l.park_id, l.allotment_id)
             AND d.sys @> coalesce($2, lower(d.sys)) AND ($2::timestamptz IS NOT NULL OR d.to_seq IS NULL)),
         (SELECT string_agg(concat_ws(' ', w.project_id, w.term_days), ' ' ORDER BY w.from_seq) FROM waiting w
           WHERE (w.park_id, w.parcel_id) = (v.park_id, v.parcel_id)
             AND w.sys @> coalesce($2, lower(w.sys)) AND ($2::timestamptz IS NOT NULL OR w.to_seq IS NULL))), E'\n'
               ORDER BY v.code), '')
  FROM parcel_version v
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id)
    AND l.sys @> coalesce($2, lower(l.sys)) AND ($2::timestamptz IS NOT NULL OR l.to_seq IS NULL)
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id)
    AND a.sys @> coalesce($2, lower(a.sys)) AND ($2::timestamptz IS NOT NULL OR a.to_seq IS NULL)
 WHERE v.park_id = $1 AND v.sys @> coalesce($2, lower(v.sys)) AND ($2::timestamptz IS NOT NULL OR v.to_seq IS NULL)`

// What the tables say of zones, plan units and networks, and what the public is told of nodes.
const sqlPastThings = `
SELECT coalesce(string_agg(what || said - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys'], E'\n'
       ORDER BY what, said->>'id'), '')
  FROM (SELECT 'zone' AS what, to_jsonb(v) || jsonb_build_object('id', zone_id) AS said, to_seq, sys
    FROM zone_version v WHERE park_id = $1
        UNION ALL SELECT 'plan unit', to_jsonb(v) || jsonb_build_object('id', plan_unit_id), to_seq, sys
          FROM plan_unit_version v WHERE park_id = $1
        UNION ALL SELECT 'network', to_jsonb(v) || jsonb_build_object('id', network_id), to_seq, sys
          FROM network_version v WHERE park_id = $1
        UNION ALL SELECT 'word on', to_jsonb(v) || jsonb_build_object('id', network_id || service), to_seq, sys
          FROM service_public v WHERE park_id = $1) x
 WHERE sys @> coalesce($2, lower(sys)) AND ($2::timestamptz IS NOT NULL OR to_seq IS NULL)`

// picture is what the public feed says of the park and what the planner's tables say, now or as of a moment.
func (s *sequence) picture(t *testing.T, at *time.Time) string {
	t.Helper()
	ctx := context.Background()
	sum := sha256.New()
	err := feed.Of(s.Store).View(ctx, func(v *feed.View) error {
		for _, c := range feed.Collections() {
			q := &feed.Query{Collection: c, Park: s.park}
			if at != nil && c.Timed() {
				q.When = feed.When{From: at, Instant: true}
			}
			if err := write(ctx, sum, v, q); err != nil {
				return fmt.Errorf("%s: %w", c.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("public %x\n%s\n%s", sum.Sum(nil), number[string](t, s.DB, sqlPast, s.id, at),
		number[string](t, s.DB, sqlPastThings, s.id, at))
}

// write writes the features of a query, one after the other.
func write(ctx context.Context, to io.Writer, v *feed.View, q *feed.Query) error {
	rows, err := v.Features(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		line, err := rows.Append(nil, false)
		if err != nil {
			return err
		}
		_, _ = to.Write(line)
	}
	return rows.Err()
}
