package feed

import (
	"slices"

	"luodi/data/store"
	"luodi/geo/land"
)

// Kind says how a property is stored, printed and compared.
type Kind uint8

// The kinds of properties.
const (
	Text    Kind = iota
	Integer      // a whole number of 64 bits
	Boolean
	Number  // a measured quantity, printed with four decimals
	Decimal // an exact decimal, printed with the decimals it is kept with
	Mu      // 0.01 mu, from the exact square metres of another property
	Instant // RFC 3339, UTC
	Day     // RFC 3339 full-date
	Object  // a JSON object
)

// Property describes one property of a collection: how it is read, printed, documented and asked for.
type Property struct {
	Name     string
	Kind     Kind
	Nullable bool
	Filter   bool     // a text that is often asked for by its value
	Searched bool     // a text that the parameter q searches
	Values   []string // the only values there are; nil: any
	Unit     string   // UCUM code, "" for none
	// expr reads it from the collection's public table, aliased f. The property park has none: it is the code of
	// park_id.
	expr string
	// derive prints it from the column of another property, of, so that the database need not read it; nil: from expr.
	of     string
	derive appendService
}

// Collection describes one kind of public feature. Queryables, schemas, API documents, pages and SQL all come from it.
type Collection struct {
	ID         string   // as in /ogc/collections/{id}
	Geometry   []string // GeoJSON geometry types it may hold
	Properties []Property
	table      string // its public table, or a query of one
	shape      string // the SQL of its shape; "": f.geom
	key        string // the column of the feature's id
	versioned  bool   // has from_seq, to_seq and sys
	member     bool   // its table is filled in for a Member
	desk       bool   // it is read in the planners' role, and kept without being printed
}

// Flat reports whether the property repeats what an object among the properties says, for tools that read no objects.
func (p *Property) Flat() bool { return p.derive != nil }

// Property finds one by name; nil when there is none.
func (c *Collection) Property(name string) *Property {
	for i := range c.Properties {
		if c.Properties[i].Name == name {
			return &c.Properties[i]
		}
	}
	return nil
}

// Timed reports whether the collection's features have a history that datetime can ask for.
func (c *Collection) Timed() bool { return c.versioned }

// Collections lists what the public can read, in the order it is shown. The slice is shared: don't change it.
func Collections() []*Collection { return collections }

// FindCollection finds a collection by its id; an error that matches ErrNotFound when there is none.
func FindCollection(id string) (*Collection, error) {
	for _, c := range collections {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, &store.Missing{Kind: "collection", Name: id}
}

// Parcels is the collection of parcels.
func Parcels() *Collection { return parcels }

var collections = []*Collection{parks, zones, planUnits, parcels, networkLines, networkNodes}

var parkCode = Property{Name: "park", Kind: Text, Filter: true}

// history is when the version that is read began and ended. A version that had not ended in the state that is read has
// no end, whatever came later: only an interval of datetime gives versions that ended.
var history = []Property{
	{Name: "since", Kind: Instant, expr: exprSince},
	{Name: "until", Kind: Instant, Nullable: true, expr: exprUntil},
}

var parks = &Collection{
	ID: "parks", Geometry: []string{"MultiPolygon"}, table: "park_public", key: "park_id",
	Properties: []Property{
		{Name: "code", Searched: true, Filter: true, expr: "f.code"},
		{Name: "name_zh", Searched: true, expr: "f.name_zh"},
		{Name: "name_en", Searched: true, expr: "f.name_en"},
		{Name: "district_zh", Searched: true, expr: "f.district_zh"},
		{Name: "district_en", Searched: true, expr: "f.district_en"},
		{Name: "survey_crs", Kind: Integer, expr: "f.survey_crs::bigint"},
		{Name: "time_zone", expr: "f.time_zone"},
		{Name: "illustrative", Kind: Boolean, expr: "f.illustrative"},
		{Name: "computed_m2", Kind: Number, Unit: "m2", expr: "f.computed_m2"},
		{Name: "computed_mu", Kind: Mu, expr: "round(f.computed_m2 * 10000)::bigint * 0.0001"},
	},
}

var zones = &Collection{
	ID: "zones", Geometry: []string{"MultiPolygon"}, table: "zone_public", key: "zone_id", versioned: true,
	Properties: slices.Concat([]Property{
		parkCode,
		{Name: "code", Searched: true, Filter: true, expr: "f.code"},
		{Name: "name_zh", Searched: true, expr: "f.name_zh"},
		{Name: "name_en", Searched: true, expr: "f.name_en"},
		{Name: "function", Filter: true, Values: texts(land.ZoneFunctions()), expr: "f.function"},
		{Name: "legal_m2", Kind: Decimal, Nullable: true, Unit: "m2", expr: "f.legal_m2"},
		{Name: "legal_mu", Kind: Mu, Nullable: true, expr: "f.legal_m2"},
		{Name: "computed_m2", Kind: Number, Unit: "m2", expr: "f.computed_m2"},
	}, history),
}

var planUnits = &Collection{
	ID: "plan-units", Geometry: []string{"MultiPolygon"}, table: "plan_unit_public", key: "plan_unit_id",
	versioned: true,
	Properties: slices.Concat([]Property{
		parkCode,
		{Name: "code", Searched: true, Filter: true, expr: "f.code"},
		{Name: "land_use", Filter: true, expr: "f.land_use"},
		{Name: "conditions", Kind: Object, expr: "f.conditions"},
		{Name: "edition", Searched: true, expr: "f.edition"},
		{Name: "effective_from", Kind: Day, expr: "f.effective_from"},
		{Name: "computed_m2", Kind: Number, Unit: "m2", expr: "f.computed_m2"},
	}, history),
}

var parcels = &Collection{
	ID: "parcels", Geometry: []string{"Polygon"}, table: "parcel_public", key: "parcel_id", versioned: true,
	Properties: slices.Concat([]Property{
		parkCode,
		{Name: "code", Searched: true, Filter: true, expr: "f.code"},
		{Name: "zone", Nullable: true, Filter: true, expr: "f.zone"},
		{Name: "status", Filter: true, Values: texts(land.ParcelStatuses()), expr: "f.status"},
		{Name: "bank_status", Filter: true, Values: texts(land.BankStatuses()), expr: "f.bank_status"},
		{Name: "land_use", Nullable: true, Filter: true, expr: "f.land_use"},
		{Name: "legal_m2", Kind: Decimal, Unit: "m2", expr: "f.legal_m2"},
		{Name: "legal_mu", Kind: Mu, expr: "f.legal_m2"},
		{Name: "computed_m2", Kind: Number, Unit: "m2", expr: "f.computed_m2"},
		{Name: "ellipsoid_m2", Kind: Number, Unit: "m2", expr: "f.ellipsoid_m2"},
		{Name: "services", Kind: Object, expr: "f.services"},
		{Name: "price_cny_per_m2", Kind: Decimal, Nullable: true, expr: "f.price_cny_per_m2"},
		{Name: "price_kind", Nullable: true, Filter: true, Values: texts(land.PriceKinds()), expr: "f.price_kind"},
		{Name: "price_document", Nullable: true, expr: "f.price_document"},
		{Name: "price_on", Kind: Day, Nullable: true, expr: "f.price_on"},
		{Name: "cadastral_no", Nullable: true, expr: "f.cadastral_no"},
		{Name: "estate_unit_no", Nullable: true, expr: "f.estate_unit_no"},
		{Name: "tenant_zh", Searched: true, Nullable: true, expr: "f.tenant_zh"},
		{Name: "tenant_en", Searched: true, Nullable: true, expr: "f.tenant_en"},
		{Name: "project_zh", Searched: true, Nullable: true, expr: "f.project_zh"},
		{Name: "project_en", Searched: true, Nullable: true, expr: "f.project_en"},
		{Name: "expires_at", Kind: Instant, Nullable: true, expr: "f.expires_at"},
	}, history, []Property{
		{Name: "seq", Kind: Integer, expr: "f.from_seq"},
	}, serviceProperties()),
}

// networks are lines and nodes together, as planners keep them. The public's collections hold one type of geometry
// each: many tools take no other.
var networks = &Collection{
	ID: "networks", Geometry: []string{"Point", "LineString", "MultiLineString"}, table: "network_public",
	key: "network_id", versioned: true, Properties: networkProperties,
}

var networkLines = &Collection{
	ID: "networks", Geometry: []string{"MultiLineString"}, key: "network_id", versioned: true,
	table: "(SELECT * FROM network_public WHERE GeometryType(geom) <> 'POINT')", shape: "ST_Multi(f.geom)",
	Properties: networkProperties,
}

var networkNodes = &Collection{
	ID: "network-nodes", Geometry: []string{"Point"}, key: "network_id", versioned: true,
	table: "(SELECT * FROM network_public WHERE GeometryType(geom) = 'POINT')", Properties: networkProperties,
}

var networkProperties = slices.Concat([]Property{
	parkCode,
	{Name: "code", Searched: true, Filter: true, expr: "f.code"},
	{Name: "kind", Filter: true, Values: texts(land.NetworkKinds()), expr: "f.kind"},
	{Name: "grade", Filter: true, Values: grades(), expr: "f.grade"},
	{Name: "name_zh", Searched: true, Nullable: true, expr: "f.name_zh"},
	{Name: "name_en", Searched: true, Nullable: true, expr: "f.name_en"},
	{Name: "width_m", Kind: Decimal, Nullable: true, Unit: "m", expr: "f.width_m"},
	{Name: "capacity", Kind: Decimal, Nullable: true, expr: "f.capacity"},
	{Name: "unit", Nullable: true, expr: "f.unit"},
}, history)

func texts[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// grades lists the grades that any kind of network has, each once.
func grades() []string {
	var all []string
	seen := map[land.NetworkGrade]bool{}
	for _, kind := range land.NetworkKinds() {
		for _, grade := range kind.Grades() {
			if !seen[grade] {
				seen[grade] = true
				all = append(all, string(grade))
			}
		}
	}
	return all
}
