package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// claim is what a conformance class must answer, and what it must refuse with a status of its own.
type claim struct {
	answered string
	refused  string
	status   int
}

const (
	classesOGC = "http://www.opengis.net/spec/"
)

// filtered is a claim about a filter on parcels: one that is answered, and one that is no filter.
func filtered(answered, refused string) claim {
	return claim{asking("parcels", "limit", "1", "filter", answered), asking("parcels", "filter", refused), 400}
}

// claims has a row for each class that is declared. The classes have further tests of their own; this one holds that
// no class is declared without an answer and a refusal.
var claims = map[string]claim{
	"ogcapi-common-1/1.0/conf/core":         {"/ogc", "/ogc?colour=red", 400},
	"ogcapi-common-2/1.0/conf/collections":  {"/ogc/collections", "/ogc/collections/nowhere", 404},
	"ogcapi-features-1/1.0/conf/core":       {parcelItems + "?limit=1", parcelItems + "?limit=0", 400},
	"ogcapi-features-1/1.0/conf/geojson":    {parcelItems + "?limit=1&f=json", parcelItems + "?f=gml", 400},
	"ogcapi-features-1/1.0/conf/html":       {parcelItems + "?limit=1&f=html", "/ogc/collections?f=htm", 400},
	"ogcapi-features-1/1.0/conf/oas30":      {"/ogc/api", "/ogc/api?f=yaml", 400},
	"ogcapi-features-2/1.0/conf/crs":        crsClaim,
	"ogcapi-features-3/1.0/conf/filter":     filtered("status = 'held'", "status ="),
	"ogcapi-features-3/1.0/conf/queryables": {parcelQueryables, parcelQueryables + "?limit=1", 400},
	"ogcapi-common-3/1.0/conf/queryables":   filtered("code = 'A'", "no_such = 'A'"),
	"ogcapi-common-3/1.0/conf/sortables": {"/ogc/collections/parcels/sortables",
		asking("parcels", "sortby", "x"), 400},
	"ogcapi-common-3/1.0/conf/schemas":   {parcelSchema, parcelSchema + "?f=xsd", 400},
	"ogcapi-features-5/1.0/conf/schemas": {parcelSchema, "/ogc/collections/nowhere/schema", 404},
	"ogcapi-features-8/1.0/conf/sorting": {parcelItems + "?limit=1&sortby=-code",
		parcelItems + "?sortby=-", 400},
	"ogcapi-features-8/1.0/conf/sortables": {parcelItems + "?limit=1&sortby=code",
		parcelItems + "?sortby=services", 400},
	"ogcapi-features-9/1.0/conf/text-search": {parcelItems + "?limit=1&q=a", parcelItems + "?q=", 400},
	"ogcapi-features-6/1.0/conf/properties": {parcelItems + "?limit=1&properties=code",
		parcelItems + "?properties=x", 400},
	"json-fg-1/1.0/conf/core": {parcelItems + "?limit=1&f=jsonfg",
		"/ogc/collections?f=jsonfg", 400},
	"json-fg-1/1.0/conf/types-schemas": {"/ogc/collections/zones/items?f=jsonfg&limit=1",
		parcelSchema + "?f=jsonfg", 400},
	"json-fg-1/1.0/conf/api": {parcelItems + "?limit=1&f=jsonfg&crs=EPSG:4550", gcjJSONFG, 400},
	"json-fg-1/1.0/conf/profiles": {parcelItems + "?limit=1&profile=jsonfg-plus",
		parcelItems + "?profile=fg", 400},
	"ogcapi-common-3/1.0/conf/profile-domains": {parcelSchema + "?profile=valid-domain",
		parcelSchema + "?profile=actual-domain", 400},
	"ogcapi-common-3/1.0/conf/profile-codelists": {parcelSchema + "?profile=codelist-inline",
		parcelSchema + "?profile=codelist", 400},
	"ogcapi-common-3/1.0/conf/profile-parameter": {parcelItems + "?limit=1&profile=rfc7946",
		"/ogc?profile=rfc7946", 400},
	"ogcapi-common-3/1.0/conf/advanced-property-roles": {parcelSchema, "/ogc/collections/parcels/schemas", 404},
	"ogcapi-common-3/1.0/conf/returnables-and-receivables": {parcelSchema,
		asking("parcels", "properties", "password"), 400},
	"ogcapi-features-3/1.0/conf/features-filter": {asking("zones", "filter", "code = 'A'", "bbox", "121,36,123,38"),
		asking("zones", "filter", "code = 'A'", "filter-crs", "EPSG:9"), 400},
	"ogcapi-features-3/1.0/conf/queryables-query-parameters": {parcelItems + "?limit=1&status=held",
		parcelItems + "?status=sold", 400},
	"ogcapi-features-6/1.0/conf/properties-features": {parcelItems + "?limit=1&properties=geometry,code",
		parcelItems + "?properties=code,", 400},
	"ogcapi-features-8/1.0/conf/features-sorting": {asking("zones", "sortby", "code,-legal_m2"),
		asking("zones", "sortby", "code,code"), 400},
	"ogcapi-features-9/1.0/conf/features-text-search": {asking("zones", "q", "a b,c"),
		asking("zones", "q", "a,,b"), 400},

	"ogcapi-tiles-1/1.0/conf/core":             {parcelTile, parcelTiles + "/WebMercatorQuad/14/6362/x", 400},
	"ogcapi-tiles-1/1.0/conf/tileset":          {parcelTiles + "/WebMercatorQuad", parcelTiles + "/nowhere", 404},
	"ogcapi-tiles-1/1.0/conf/tilesets-list":    {parcelTiles, parcelTiles + "?limit=1", 400},
	"ogcapi-tiles-1/1.0/conf/geodata-tilesets": {"/ogc/collections/zones/tiles", "/ogc/collections/nowhere/tiles", 404},
	"ogcapi-tiles-1/1.0/conf/datetime": {parcelTile + "?datetime=2199-01-01T00:00:00Z",
		parcelTile + "?datetime=2020-01-01T00:00:00Z/..", 400},
	"ogcapi-tiles-1/1.0/conf/mvt":     {parcelTile + "?f=mvt", parcelTile + "?f=png", 400},
	"ogcapi-tiles-1/1.0/conf/oas30":   {"/ogc/api?f=json", "/ogc/api?f=xml", 400},
	"tms/2.0/conf/tilematrixset":      {"/ogc/tileMatrixSets/CGCS2000Quad", "/ogc/tileMatrixSets/nowhere", 404},
	"tms/2.0/conf/json-tilematrixset": {"/ogc/tileMatrixSets?f=json", "/ogc/tileMatrixSets?f=xml", 400},

	"cql2/1.0/conf/basic-cql2": filtered("NOT (status = 'held' OR legal_m2 > 5) AND zone IS NOT NULL",
		"status 'held'"),
	"cql2/1.0/conf/cql2-text": {asking("parcels", "limit", "1", "filter-lang", "cql2-text", "filter", "code <> 'A'"),
		asking("parcels", "filter-lang", "xpath", "filter", "code <> 'A'"), 400},
	"cql2/1.0/conf/cql2-json": {asking("parcels", "limit", "1", "filter-lang", "cql2-json", "filter",
		`{"op":"=","args":[{"property":"code"},"A"]}`),
		asking("parcels", "filter-lang", "cql2-json", "filter", `{"op":`), 400},
	"cql2/1.0/conf/advanced-comparison-operators": filtered("code LIKE 'A%' AND legal_m2 BETWEEN 1 AND 9 AND "+
		"status IN ('held')", "legal_m2 LIKE 'A%'"),
	"cql2/1.0/conf/accent-insensitive-comparison": filtered("ACCENTI(tenant_en) = ACCENTI('é')",
		"ACCENTI(legal_m2) = 1"),
	"cql2/1.0/conf/case-insensitive-comparison": filtered("CASEI(code) = CASEI('a')", "CASEI(since) = 'a'"),
	"cql2/1.0/conf/arithmetic":                  filtered("legal_m2 * 2 + 1 > 3", "code * 2 > 3"),
	"cql2/1.0/conf/property-property":           filtered("legal_m2 > computed_m2", "legal_m2 > code"),
	"cql2/1.0/conf/basic-spatial-functions": filtered("S_INTERSECTS(geometry, POINT(122 37))",
		"S_INTERSECTS(code, POINT(122 37))"),
	"cql2/1.0/conf/basic-spatial-functions-plus": filtered(
		"S_INTERSECTS(geometry, POLYGON((122 37,122 38,123 38,122 37)))",
		"S_INTERSECTS(geometry, POLYGON((122 37,122 38,123 38)))"),
	"cql2/1.0/conf/spatial-functions": filtered("S_WITHIN(geometry, BBOX(121,36,123,38))", "S_WITHIN(geometry)"),
	"cql2/1.0/conf/temporal-functions": filtered("T_AFTER(since, TIMESTAMP('2020-01-01T00:00:00Z'))",
		"T_AFTER(since, TIMESTAMP('2020-13-01T00:00:00Z'))"),
}

const (
	parcelQueryables = "/ogc/collections/parcels/queryables"
	parcelSchema     = "/ogc/collections/parcels/schema"
	parcelTiles      = "/ogc/collections/parcels/tiles"
	parcelTile       = parcelTiles + "/WebMercatorQuad/14/6362/13745"
	gcjJSONFG        = parcelItems + "?f=jsonfg&crs=gcj-02"
)

var crsClaim = claim{parcelItems + "?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4550",
	parcelItems + "?crs=http://www.opengis.net/def/crs/EPSG/0/99999", 400}

// Each class that is declared is kept and refuses, and none is kept in secret.
func TestEachDeclaredClassAnswersAndRefuses(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var declared struct{ ConformsTo []string }
	h.json("/ogc/conformance", &declared)
	seen := map[string]bool{}
	for _, class := range declared.ConformsTo {
		name := strings.TrimPrefix(class, classesOGC)
		c, told := claims[name]
		if !told || seen[name] {
			t.Errorf("%s is declared without a claim, or twice", class)
			continue
		}
		seen[name] = true
		if r := h.get(c.answered); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s: %s %.300s", name, c.answered, r.Status, r.body)
		}
		r := h.get(c.refused)
		p := r.problem(t)
		if r.StatusCode != c.status || p.Detail == "" || c.status == http.StatusBadRequest && p.Field == "" {
			t.Errorf("%s: %s: %s %.300s", name, c.refused, r.Status, r.body)
		}
	}
	if len(seen) != len(claims) {
		t.Errorf("%d classes are declared, %d claimed", len(seen), len(claims))
	}
}
