package feed

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"luodi/data/store"
	"luodi/geo/land"
)

// deskParcels is what planners see of parcels: what the public may see of public ones, and what a planner acts upon. It
// is no part of the public feeds.
var deskParcels = &Collection{
	ID: "desk", Geometry: parcels.Geometry, key: parcels.key, versioned: true,
	Properties: slices.Concat(parcels.Properties, []Property{
		{Name: "publication", Values: []string{"public", "internal"}, expr: "f.publication"},
		{Name: "version", Kind: Integer, Nullable: true, expr: "f.version"},
		{Name: "allotment", Nullable: true, expr: "f.allotment"},
		{Name: "allotment_version", Kind: Integer, Nullable: true, expr: "f.allotment_version"},
		{Name: "project", Nullable: true, expr: "f.project"},
		{Name: "waiting", Kind: Integer, expr: "f.waiting"},
		{Name: "first_in_line", Nullable: true, expr: "f.first_in_line"},
		{Name: "price_told", Values: texts(land.CapacityTellings()), expr: "f.price_told"},
		{Name: "services_told", Values: texts(land.Tellings()), expr: "f.services_told"},
	}),
}

// The planners' rows in the state that a condition on each history selects, see deskState. Only live rows have
// versions: commands name versions, and no command changes the past.
//
// This is no view beside parcel_public: the right on a parcel has a history of its own, so that the rows of an instant
// follow from both histories at that instant. parcel_public has them joined already, written with each change. Nor does
// it read parcel_desk: with its left joins the rights were joined in nested loops (measured). What hangs on a right is
// joined before it is joined to land: most land has none, and a hash of a million nulls takes minutes.
const sqlDesk = `
SELECT v.park_id, v.parcel_id, v.from_seq, v.sys, v.geom, v.code, z.code AS zone, v.bank_status, v.land_use,
       v.services, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2,
       v.price_kind, v.price_document, v.price_on, v.cadastral_no, v.estate_unit_no, v.publication, CASE a.state WHEN 'hold' THEN 'held'
         ELSE coalesce(a.state, v.bank_status) END AS status,
       t.name_zh AS tenant_zh, t.name_en AS tenant_en, r.name_zh AS project_zh, r.name_en AS project_en,
         a.expires_at, l.allotment_id::text AS allotment, j.project_id::text AS project,
       CASE WHEN %[7]s THEN p.version END AS version, CASE
         WHEN %[7]s THEN o.version END AS allotment_version,
       q.waiting, q.first_in_line, v.price_told, v.services_told
  FROM parcel_version v JOIN parcel p USING (park_id, parcel_id)
  LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
  LEFT JOIN (allotment_parcel l
    LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND %[3]s
    LEFT JOIN allotment o ON (o.park_id, o.allotment_id) = (l.park_id, l.allotment_id)
    LEFT JOIN project j ON (j.district_id, j.project_id) = (o.district_id, o.project_id)
    LEFT JOIN project_version r ON (r.district_id, r.project_id) = (j.district_id, j.project_id) AND %[4]s
    LEFT JOIN party_version t ON (t.district_id, t.party_id) = (r.district_id, r.party_id)
      AND t.revision = (SELECT max(w.revision) FROM party_version w
        WHERE (w.district_id, w.party_id) = (t.district_id, t.party_id) AND %[5]s))
    ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id) AND %[2]s
  CROSS JOIN LATERAL (SELECT count(*) AS waiting, (array_agg(q.project_id::text
    ORDER BY q.from_seq))[1] AS first_in_line FROM waiting q
                       WHERE (q.park_id, q.parcel_id) = (v.park_id, v.parcel_id) AND %[6]s) q
 WHERE %[1]s`

// sqlDeskOf narrows them to a park, and to a code if one is given.
const sqlDeskOf = sqlDesk + ` AND v.park_id = $1 AND ($2 = '' OR v.code = $2)`

// DeskParcels reads the parcels of a park for planners, published or not: live, or as of an instant. A code that
// isn't "" selects one parcel.
func (v *View) DeskParcels(ctx context.Context, park, code string, at *time.Time) (*Features, error) {
	args := []any{nil, code}
	state := deskState("")
	if at != nil {
		state, args = deskState("$3::timestamptz"), append(args, at)
	}
	id, err := v.parkID(ctx, park)
	if err != nil {
		return nil, err
	}
	l := layouts[deskParcels]
	sql := fmt.Sprintf("SELECT %s FROM (%s) f ORDER BY f.parcel_id", l.columns, fmt.Sprintf(sqlDeskOf, state...))
	args[0] = id
	return v.run(ctx, &Query{Collection: deskParcels, Park: park}, sql, args)
}

// deskState are the conditions of sqlDesk for the live state, with at the SQL of an instant for the state then, which
// may name v.park_id: what hangs on a right knows the park by the right.
func deskState(at string) []any {
	if at == "" {
		return []any{"v.to_seq IS NULL", "l.to_seq IS NULL", "a.to_seq IS NULL", "upper_inf(r.sys)", "true",
			"q.to_seq IS NULL", "true"}
	}
	hangs := strings.ReplaceAll(at, "v.park_id", "l.park_id")
	return []any{"v.sys @> " + at, "l.sys @> " + at, "a.sys @> " + hangs, "r.sys @> " + hangs, "w.at <= " + hangs,
		"q.sys @> " + at, "false"}
}

// DeskOf is the planners' collection of zones, plan units or networks. It has the properties of the public
// collection, publication, and for live features version. An unknown name gives an error that matches ErrNotFound.
func DeskOf(collection string) (*Collection, error) {
	for _, c := range deskThings {
		if c.ID == collection {
			return c, nil
		}
	}
	return nil, &store.Missing{Kind: "collection", Name: collection}
}

var deskThings = func() []*Collection {
	all := make([]*Collection, len(things))
	for i, t := range things {
		c := *t.Public
		c.table = t.Table + "_desk"
		c.Properties = append(slices.Clone(t.Public.Properties),
			Property{Name: "version", Kind: Integer, Nullable: true, expr: "f.version"},
			Property{Name: "publication", Values: []string{"public", "internal"}, expr: "f.publication"})
		if t.Public == networks {
			c.Properties = append(c.Properties, Property{Name: "headroom_told", Values: texts(land.Tellings()),
				expr: "f.headroom_told"}, Property{Name: "capacity_told", Values: texts(land.CapacityTellings()),
				expr: "f.capacity_told"})
		}
		all[i] = &c
	}
	return all
}()
