package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed/cache"
	"luodi/data/store"
)

// Of most parcels members and the public read the same where maps and lists go by it. The few that members read
// otherwise are kept beside the public's, see [Both]: land that is not public, land under an intention, land of a zone
// that is not public, corners that the public reads rounded.

// agreed are the properties that are kept of these. What they tell of any other parcel, its public row tells too.
var agreed = []string{"park", "code", "zone", "status", "bank_status", "land_use", "legal_m2", "legal_mu",
	"computed_m2", "ellipsoid_m2", "cadastral_no", "estate_unit_no"}

// apart are the parcels that members read otherwise than the public.
var apart = &Collection{ID: parcels.ID, Geometry: parcels.Geometry, key: parcels.key, versioned: true, desk: true,
	Properties: slices.DeleteFunc(slices.Clone(parcels.Properties), func(p Property) bool {
		return !slices.Contains(agreed, p.Name)
	}),
	table: newApart()}

// sqlApart compares what both read, shapes byte by byte. Rights are joined as in [sqlDesk].
const sqlApart = `(SELECT d.*, NULL::bigint AS to_seq FROM (
SELECT v.park_id, v.parcel_id, v.geom, %s, z.code AS zone, CASE a.state WHEN 'hold' THEN 'held'
         ELSE coalesce(a.state, v.bank_status) END AS status
  FROM parcel_version v
  LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
  LEFT JOIN (allotment_parcel l JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id)
           AND a.to_seq IS NULL) ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id) AND l.to_seq IS NULL
 WHERE v.to_seq IS NULL) d
  LEFT JOIN parcel_public p ON (p.park_id, p.parcel_id) = (d.park_id, d.parcel_id) AND p.to_seq IS NULL
 WHERE p.parcel_id IS NULL OR ST_AsEWKB(p.geom) <> ST_AsEWKB(d.geom) OR (%s) IS DISTINCT FROM (%s))`

// newApart is the table of what members read otherwise.
func newApart() string {
	var versions, mine, theirs []string
	for _, name := range agreed {
		if name == "park" || name == "legal_mu" { // the former is the row's, the latter another's
			continue
		}
		mine, theirs = append(mine, "d."+name), append(theirs, "p."+name)
		if name != "zone" && name != "status" {
			versions = append(versions, "v."+name)
		}
	}
	return fmt.Sprintf(sqlApart, strings.Join(versions, ", "), strings.Join(mine, ", "), strings.Join(theirs, ", "))
}

// Bounds of bringing up what members read otherwise: a change that touches more parcels has all loaded anew after a
// pause, and so has one for which no connection comes free. The public waits no longer for it than that.
const (
	apartMost     = 10_000
	apartPatience = time.Second
	apartPause    = 10 * time.Second
)

// errApart has what members read otherwise loaded anew.
var errApart = errors.New("not brought up")

// sqlApartTouched lists the parcels that records touched, in themselves or in what the public reads of them: the code
// of a zone, which both read of it, is for good.
const sqlApartTouched = `SELECT DISTINCT c.park_id, t.parcel_id FROM unnest($1::uuid[], $2::bigint[]) c (park_id, seq)
 CROSS JOIN LATERAL (SELECT x.parcel_id FROM touched_parcels(c.park_id, c.seq) x
   UNION ALL SELECT p.parcel_id FROM parcel_public p WHERE (p.park_id, p.from_seq) = (c.park_id, c.seq)
   UNION ALL SELECT p.parcel_id FROM parcel_public p WHERE (p.park_id, p.to_seq) = (c.park_id, c.seq) OFFSET 0) t
 LIMIT $3`

const fromApartTouched = `unnest($1::uuid[], $2::uuid[]) c (park_id, parcel_id) CROSS JOIN LATERAL (SELECT * FROM %s x
	WHERE (x.park_id, x.parcel_id) = (c.park_id, c.parcel_id) OFFSET 0) f
	JOIN park_public k ON k.park_id = f.park_id`

// bringApart brings what members read otherwise up by what changed, in the snapshot of the public's view and in the
// planners' role. An error of it matches errApart.
func (b *bringing) bringApart(ctx context.Context, s *shelf, c changes) error {
	if len(c.parks) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, apartPatience)
	defer cancel()
	err := b.Beside(ctx, b.desk, func(v *store.View) error { return (&View{v}).reshelveApart(ctx, s, c) })
	if err != nil {
		return fmt.Errorf("%w: %w", errApart, err)
	}
	return nil
}

// sqlApartBegun counts the parcels that records began, up to a bound: of an import there are too many to list.
const sqlApartBegun = `SELECT count(*) > $3 FROM (SELECT FROM unnest($1::uuid[], $2::bigint[]) c (park_id, seq)
 CROSS JOIN LATERAL (SELECT FROM parcel_version v WHERE (v.park_id, v.from_seq) = (c.park_id, c.seq) OFFSET 0) v
 LIMIT $3 + 1) begun`

func (v *View) reshelveApart(ctx context.Context, s *shelf, c changes) error {
	var many bool
	if err := v.Tx.QueryRow(ctx, sqlApartBegun, c.parks, c.seqs, apartMost).Scan(&many); err != nil || many {
		return cmp.Or(store.Translate("count what changed", err), errApart)
	}
	rows, err := v.Tx.Query(ctx, sqlApartTouched, c.parks, c.seqs, apartMost+1)
	if err != nil {
		return store.Translate("find what changed", err)
	}
	touched, err := pgx.CollectRows(rows, pgx.RowToStructByPos[cache.Key])
	if err != nil {
		return store.Translate("find what changed", err)
	}
	if len(touched) > apartMost {
		return fmt.Errorf("more than %d parcels were touched", apartMost)
	}
	var parks, ids []uuid.UUID
	for _, k := range touched {
		parks, ids = append(parks, k.Park), append(ids, k.ID)
	}
	put := map[cache.Key]bool{}
	err = v.eachKept(ctx, s.collection, fmt.Sprintf(fromApartTouched, s.collection.table), []any{parks, ids},
		func(f cache.Feature) error {
			put[cache.Key{Park: f.Park, ID: f.ID}] = true
			return s.Put(f)
		})
	for _, k := range touched {
		if err == nil && !put[k] {
			s.Remove(k.Park, k.ID)
		}
	}
	return err
}
