package feed

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed/name"
	"luodi/data/store"
)

// hitSource is where the hits of some kinds are read by one kind of reader, with the parks $1 and ids $2.
type hitSource struct {
	kinds []name.Kind
	sql   string
}

// A park has no versions: its row is that of a thing whose id is the park's.
const (
	sqlHits = `SELECT k.code AS park, f.%[1]s::text AS id, f.code, NULL AS building, %[2]s,
       ARRAY[ST_X(o.point), ST_Y(o.point)] AS point, ARRAY[ST_XMin(f.geom), ST_YMin(f.geom), ST_XMax(f.geom),
         ST_YMax(f.geom)] AS bbox
  FROM unnest($1::uuid[], $2::uuid[]) w (park_id, id)
 CROSS JOIN LATERAL (SELECT * FROM %[3]s x WHERE (x.park_id, x.%[1]s) = (w.park_id, w.id)%[4]s OFFSET 0) f
  JOIN park_public k ON k.park_id = f.park_id
 CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.geom) AS point) o`
	hitOfParcel = `NULL AS name_zh, NULL AS name_en, NULL AS network, f.status, f.tenant_zh, f.tenant_en, f.project_zh,
       f.project_en, f.legal_m2::text AS legal_m2`
	hitOfThing = `%s, %s, %s AS network, NULL AS status, NULL AS tenant_zh, NULL AS tenant_en, NULL AS project_zh,
       NULL AS project_en, NULL AS legal_m2`
	live = " AND x.to_seq IS NULL"
)

var hitSources = map[bool][]hitSource{false: newHitSources(false), true: newHitSources(true)}

func newHitSources(desk bool) []hitSource {
	parcelTable := parcels.table
	table := func(t *Thing) string { return t.Public.table }
	if desk {
		parcelTable = livingDesk()
		table = func(t *Thing) string { return t.Table + "_desk" }
	}
	named := fmt.Sprintf(hitOfThing, "f.name_zh", "f.name_en", "NULL")
	thingColumns := map[*Collection]string{zones: named, networks: fmt.Sprintf(hitOfThing, "f.name_zh", "f.name_en",
		"f.kind"), planUnits: fmt.Sprintf(hitOfThing, "NULL AS name_zh", "NULL AS name_en", "NULL")}
	thingKinds := map[*Collection][]name.Kind{zones: {name.Zone}, planUnits: {name.PlanUnit},
		networks: {name.Road, name.Node, name.Line}}
	all := []hitSource{
		{[]name.Kind{name.Parcel}, fmt.Sprintf(sqlHits, parcels.key, hitOfParcel, parcelTable, live)},
		{[]name.Kind{name.Park}, fmt.Sprintf(sqlHits, parks.key, named, parks.table, "")},
	}
	for _, t := range things {
		all = append(all, hitSource{thingKinds[t.Public],
			fmt.Sprintf(sqlHits, t.Public.key, thingColumns[t.Public], table(t), live)})
	}
	return append(all, workshopHits(desk)...)
}

// tell reads what was found as it is in the state of the view, in the reader's role. What is there no more is left out.
func (v *View) tell(ctx context.Context, scopes []scope, found []name.Found) ([]Hit, error) {
	known := map[string]Hit{}
	for _, desk := range []bool{false, true} {
		for _, from := range hitSources[desk] {
			if err := v.tellSome(ctx, from, desk, scopes, found, known); err != nil {
				return nil, err
			}
		}
	}
	hits := make([]Hit, 0, len(found))
	for _, f := range found {
		if hit, there := known[scopes[f.Index].park.String()+f.ID.String()]; there {
			hit.Kind, hit.Matched = f.Kind.String(), Matched{f.Field.String(), f.Level.String()}
			hits = append(hits, hit)
		}
	}
	return hits, nil
}

func (v *View) tellSome(ctx context.Context, from hitSource, desk bool, scopes []scope, found []name.Found,
	into map[string]Hit) error {
	var parks, ids []uuid.UUID
	of := map[string]uuid.UUID{}
	for _, f := range found {
		s := scopes[f.Index]
		if s.desk == desk && slices.Contains(from.kinds, f.Kind) {
			parks, ids = append(parks, s.park), append(ids, f.ID)
			of[s.state.Code] = s.park
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := v.Tx.Query(ctx, from.sql, parks, ids)
	if err != nil {
		return store.Translate("read hits", err)
	}
	hits, err := pgx.CollectRows(rows, pgx.RowToStructByName[Hit])
	for i := range hits {
		if hits[i].LegalM2 != nil {
			mu := hits[i].LegalM2.Mu().Round()
			hits[i].LegalMu = &mu
		}
		roundDegrees(hits[i].BBox)
		roundDegrees(hits[i].Point)
		into[of[hits[i].Park].String()+hits[i].ID] = hits[i]
	}
	return store.Translate("read hits", err)
}
