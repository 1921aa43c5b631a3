package feed

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed/name"
	"luodi/data/store"
)

// Workshops are not under the clocks of parks. Their names are read anew where anything of a park's workshops was
// written since, its land changed, which may hide them, or another day began, on which a hold is over.

const sqlWorkshopStamps = `SELECT park_id, stamp FROM workshop_stamps($1)`

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
	stamps, err := v.workshopStamps(ctx, scopes)
	if err != nil || len(stamps) == 0 {
		return nil, nil, err
	}
	kept := map[namesKey]*name.Index{}
	behind := f.stocked(scopes, stamps, kept)
	if len(behind) > 0 {
		err = f.read(ctx, func() error {
			return f.readWorkshops(ctx, v, f.stocked(behind, stamps, kept), stamps, kept)
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

// workshopStamps says in which state the workshops of parks are, of those that have any.
func (v *View) workshopStamps(ctx context.Context, scopes []scope) (map[uuid.UUID]string, error) {
	parks := make([]uuid.UUID, len(scopes))
	seqs := make(map[uuid.UUID]int64, len(scopes))
	for i, s := range scopes {
		parks[i], seqs[s.park] = s.park, s.state.Seq
	}
	rows, err := v.Tx.Query(ctx, sqlWorkshopStamps, parks)
	if err != nil {
		return nil, store.Translate("look for workshops", err)
	}
	stamps := map[uuid.UUID]string{}
	var park uuid.UUID
	var stamp string
	_, err = pgx.ForEachRow(rows, []any{&park, &stamp}, func() error {
		stamps[park] = fmt.Sprintf("%d %s", seqs[park], stamp)
		return nil
	})
	return stamps, store.Translate("look for workshops", err)
}

const sqlWorkshopStamp = `SELECT coalesce(md5(string_agg(park_id || s.stamp, ',' ORDER BY park_id)), '')
  FROM workshop_stamps(ARRAY(SELECT k.park_id FROM park_public k WHERE $1 = '' OR k.code = $1)) s`

// WorkshopStamp names the state of the workshops of a park by its code, or with "" of every park.
func (v *View) WorkshopStamp(ctx context.Context, park string) (stamp string, err error) {
	err = v.Tx.QueryRow(ctx, sqlWorkshopStamp, park).Scan(&stamp)
	return stamp, store.Translate("look for workshops", err)
}

// stocked puts the names that are kept of workshops as they are now into a map, and gives the parks of the others.
func (f *Finder) stocked(scopes []scope, stamps map[uuid.UUID]string, into map[namesKey]*name.Index) (behind []scope) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range scopes {
		stamp, some := stamps[s.park]
		if !some {
			continue
		}
		k := f.kept[s.ofShops().namesKey]
		if k == nil || k.stamp != stamp {
			behind = append(behind, s)
			continue
		}
		k.asked = f.asks
		into[s.namesKey] = k.index
	}
	return behind
}

func (s scope) ofShops() scope {
	s.shops = true
	return s
}

// readWorkshops reads and keeps the names of the workshops of parks, each as its reader sees them.
func (f *Finder) readWorkshops(ctx context.Context, v *View, missing []scope, stamps map[uuid.UUID]string,
	into map[namesKey]*name.Index) error {
	defer f.shed()
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
				into[s.namesKey] = name.New(all[s.park])
				f.keep(s.ofShops(), &parkNames{index: into[s.namesKey], stamp: stamps[s.park], asked: asked})
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
