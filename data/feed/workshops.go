package feed

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed/name"
	"luodi/data/store"
)

// Workshops are not under the clocks of parks, but what is recorded of one brings the database to another state. Their
// names are read anew where a park was touched since: its workshops, its land, which may hide them, or what it shows;
// and with every half hour, as one of them begins the day on which a hold is over.

const sqlTouched = `SELECT park_id, max(n) FROM state_change WHERE n > $1 AND n <= $2 GROUP BY park_id`

// sqlWorkshops has the buildings and units that a reader may see, of the parks $1.
const sqlWorkshops = `
SELECT b.park_id, b.building_id AS id, %[3]d AS kind, b.code, ARRAY[b.name_zh, b.name_en] AS names
  FROM %[1]s b WHERE b.park_id = ANY ($1)
 UNION ALL
SELECT u.park_id, u.unit_id, %[4]d, b.code || ' ' || u.code, ARRAY[b.name_zh || ' ' || u.code, b.name_en || ' ' || u.code]
  FROM %[2]s u JOIN %[1]s b USING (park_id, building_id) WHERE u.park_id = ANY ($1)`

// sqlWorkshopHits has what was found of workshops, with the parks $1 and ids $2; where it is, its parcel says.
const sqlWorkshopHits = `
SELECT k.code AS park, x.id::text AS id, x.code, x.building, x.name_zh, x.name_en, NULL AS network, NULL AS status,
       NULL AS tenant_zh, NULL AS tenant_en, NULL AS project_zh, NULL AS project_en, NULL AS legal_m2,
       ARRAY[ST_X(o.point), ST_Y(o.point)] AS point, ARRAY[ST_XMin(p.geom), ST_YMin(p.geom), ST_XMax(p.geom),
         ST_YMax(p.geom)] AS bbox
  FROM unnest($1::uuid[], $2::uuid[]) w (park_id, id)
 CROSS JOIN LATERAL (
   SELECT b.building_id AS id, b.code, NULL AS building, b.name_zh, b.name_en, b.parcel_id
     FROM %[1]s b WHERE (b.park_id, b.building_id) = (w.park_id, w.id)
    UNION ALL
   SELECT u.unit_id, u.code, b.code, b.name_zh, b.name_en, b.parcel_id
     FROM %[2]s u JOIN %[1]s b USING (park_id, building_id) WHERE (u.park_id, u.unit_id) = (w.park_id, w.id)) x
  JOIN %[3]s p ON (p.park_id, p.parcel_id) = (w.park_id, x.parcel_id) AND p.to_seq IS NULL
  JOIN park_public k ON k.park_id = w.park_id
 CROSS JOIN LATERAL (SELECT ST_PointOnSurface(p.geom) AS point) o`

// workshopTables are the buildings and units that the public reads, or members do.
func workshopTables(desk bool) (buildings, units string) {
	if desk {
		return "(SELECT * FROM building WHERE NOT retired)", "(SELECT * FROM unit WHERE NOT retired)"
	}
	return "building_public", "unit_public"
}

func workshopHits(desk bool) []hitSource {
	buildings, units := workshopTables(desk)
	ground := parcels.table
	if desk {
		ground = "parcel_version"
	}
	return []hitSource{{[]name.Kind{name.Building, name.Unit}, fmt.Sprintf(sqlWorkshopHits, buildings, units, ground)}}
}

// workshops gives the names of the workshops of parks in the state of a view, and of which park each index is.
func (f *Finder) workshops(ctx context.Context, v *View, scopes []scope) (all []*name.Index, of []scope, err error) {
	now, err := v.State(ctx)
	if err != nil {
		return nil, nil, err
	}
	kept, behind, oldest := f.stocked(scopes, now, nil)
	if len(behind) > 0 || oldest < now.N {
		err = f.read(ctx, func() error {
			touched, err := v.touchedAt(ctx, oldest, now.N)
			if err != nil {
				return err
			}
			kept, behind, _ = f.stocked(scopes, now, touched)
			return f.readWorkshops(ctx, v, behind, now, kept)
		})
		if err != nil {
			return nil, nil, err
		}
	}
	for _, s := range scopes {
		if index := kept[s.namesKey]; index != nil {
			all, of = append(all, index), append(of, s)
		}
	}
	return all, of, nil
}

// touchedAt says of the parks that changed after a state and up to another in which state each was last.
func (v *View) touchedAt(ctx context.Context, after, upTo int64) (map[uuid.UUID]int64, error) {
	touched := map[uuid.UUID]int64{}
	rows, err := v.Tx.Query(ctx, sqlTouched, after, upTo)
	if err != nil {
		return nil, store.Translate("look for workshops", err)
	}
	var park uuid.UUID
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&park, &n}, func() error { touched[park] = n; return nil })
	return touched, store.Translate("look for workshops", err)
}

// halfHour is the half hour that it is.
func halfHour() time.Time { return time.Now().Truncate(30 * time.Minute) }

// stocked gives the names that are kept of workshops, nil of a park without any; the parks whose names are to be read;
// and of the others the oldest state of which it is known that they stand. With what was touched since that state they
// stand in the state now.
func (f *Finder) stocked(scopes []scope, now store.State, touched map[uuid.UUID]int64) (kept map[namesKey]*name.Index,
	behind []scope, oldest int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept, oldest = map[namesKey]*name.Index{}, now.N
	for _, s := range scopes {
		k := f.kept[s.ofShops().namesKey]
		if k == nil || !k.at.Equal(halfHour()) || touched[s.park] > k.n {
			behind = append(behind, s)
			continue
		}
		if touched != nil {
			k.n = max(k.n, now.N)
		}
		oldest = min(oldest, k.n)
		k.asked = f.asks
		kept[s.namesKey] = k.index
	}
	return kept, behind, oldest
}

func (s scope) ofShops() scope {
	s.shops = true
	return s
}

// readWorkshops reads and keeps the names of the workshops of parks, each as its reader sees them.
func (f *Finder) readWorkshops(ctx context.Context, v *View, missing []scope, now store.State,
	into map[namesKey]*name.Index) error {
	defer f.shed()
	half := halfHour()
	f.mu.Lock()
	asked := f.asks
	f.mu.Unlock()
	for _, desk := range []bool{false, true} {
		var parks []uuid.UUID
		for _, s := range missing {
			if s.desk == desk {
				parks = append(parks, s.park)
			}
		}
		if len(parks) == 0 {
			continue
		}
		all, err := v.workshopNames(ctx, desk, parks)
		if err != nil {
			return err
		}
		for _, s := range missing {
			if s.desk == desk {
				var index *name.Index
				if things := all[s.park]; len(things) > 0 {
					index = name.New(things)
				}
				into[s.namesKey] = index
				f.keep(s.ofShops(), &parkNames{index: index, n: now.N, at: &half, asked: asked})
			}
		}
	}
	return nil
}

func (v *View) workshopNames(ctx context.Context, desk bool, parks []uuid.UUID) (map[uuid.UUID][]name.Thing, error) {
	buildings, units := workshopTables(desk)
	rows, err := v.Tx.Query(ctx, fmt.Sprintf(sqlWorkshops, buildings, units, name.Building, name.Unit), parks)
	if err != nil {
		return nil, store.Translate("read the names of workshops", err)
	}
	all := map[uuid.UUID][]name.Thing{}
	var park uuid.UUID
	var t name.Thing
	var kind int
	var names []string
	_, err = pgx.ForEachRow(rows, []any{&park, &t.ID, &kind, &t.Code, &names}, func() error {
		t.Kind, t.Names = name.Kind(kind), []name.Text{{Field: name.NameZH, Text: names[0]},
			{Field: name.NameEN, Text: names[1]}}
		all[park] = append(all[park], t)
		return nil
	})
	return all, store.Translate("read the names of workshops", err)
}
