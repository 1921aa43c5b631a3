package data

import (
	"context"

	"luodi/geo/land"
)

// Desk is the planner's collection of parcels: every live one, public or not, with what a planner acts upon. It is no part of the public feeds.
func Desk() *Collection { return deskParcels }

// Desk opens a consistent read in the planner's role: as View, and of the desk collection too.
func (s *Store) Desk(ctx context.Context, read func(*View) error) error {
	return view(ctx, s.Planner, read)
}

// The rows of the desk, with the columns that feeds ask for.
const sqlDesk = `(
SELECT v.park_id, v.parcel_id, v.from_seq, v.to_seq, v.sys, v.geom, v.code, z.code AS zone, v.bank_status, v.land_use, v.services, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2,
       v.cadastral_no, v.estate_unit_no, v.publication, CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, v.bank_status) END AS status,
       t.name_zh AS tenant_zh, t.name_en AS tenant_en, r.name_zh AS project_zh, r.name_en AS project_en, a.expires_at, p.version, l.allotment_id::text AS allotment, j.project_id::text AS project, o.version AS allotment_version
  FROM parcel_version v JOIN parcel p USING (park_id, parcel_id)
  LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
  LEFT JOIN allotment o ON (o.park_id, o.allotment_id) = (l.park_id, l.allotment_id)
  LEFT JOIN project j ON (j.district_id, j.project_id) = (o.district_id, o.project_id)
  LEFT JOIN project_version r ON (r.district_id, r.project_id) = (j.district_id, j.project_id) AND upper_inf(r.sys)
  LEFT JOIN party t ON (t.district_id, t.party_id) = (j.district_id, j.party_id)
 WHERE v.to_seq IS NULL)`

var deskParcels = &Collection{
	ID: "desk", Geometry: []string{"Polygon"}, table: sqlDesk, key: "parcel_id", versioned: true,
	Properties: []Property{
		parkCode,
		{Name: "code", expr: "f.code"},
		{Name: "version", Kind: Integer, expr: "f.version"},
		{Name: "zone", Nullable: true, expr: "f.zone"},
		{Name: "status", Values: texts(land.ParcelStatuses()), expr: "f.status"},
		{Name: "bank_status", Values: texts(land.BankStatuses()), expr: "f.bank_status"},
		{Name: "publication", Values: []string{"public", "internal"}, expr: "f.publication"},
		{Name: "land_use", Nullable: true, expr: "f.land_use"},
		{Name: "legal_m2", Kind: Decimal, Unit: "m2", expr: "f.legal_m2"},
		{Name: "legal_mu", Kind: Mu, expr: "f.legal_m2"},
		{Name: "computed_m2", Kind: Number, Unit: "m2", expr: "f.computed_m2"},
		{Name: "ellipsoid_m2", Kind: Number, Unit: "m2", expr: "f.ellipsoid_m2"},
		{Name: "services", Kind: Object, expr: "f.services"},
		{Name: "price_cny_per_m2", Kind: Decimal, Nullable: true, expr: "f.price_cny_per_m2"},
		{Name: "cadastral_no", Nullable: true, expr: "f.cadastral_no"},
		{Name: "estate_unit_no", Nullable: true, expr: "f.estate_unit_no"},
		{Name: "allotment", Nullable: true, expr: "f.allotment"},
		{Name: "allotment_version", Kind: Integer, Nullable: true, expr: "f.allotment_version"},
		{Name: "project", Nullable: true, expr: "f.project"},
		{Name: "project_zh", Nullable: true, expr: "f.project_zh"},
		{Name: "project_en", Nullable: true, expr: "f.project_en"},
		{Name: "tenant_zh", Nullable: true, expr: "f.tenant_zh"},
		{Name: "tenant_en", Nullable: true, expr: "f.tenant_en"},
		{Name: "expires_at", Kind: Instant, Nullable: true, expr: "f.expires_at"},
		{Name: "since", Kind: Instant, expr: "lower(f.sys)"},
		{Name: "seq", Kind: Integer, expr: "f.from_seq"},
	},
}
