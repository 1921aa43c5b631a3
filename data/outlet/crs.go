package outlet

import (
	"fmt"

	"luodi/geo"
)

// How files name their reference system. x is always east or longitude in them: GIS takes well-known text of files so,
// whatever the order of axes in EPSG is.

const (
	esriWGS84 = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],` +
		`PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	esriCGCS2000 = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",` +
		`SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	ogcWGS84 = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],` +
		`AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,` +
		`AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]`
	ogcCGCS2000 = `GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",` +
		`SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],` +
		`PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],` +
		`AUTHORITY["EPSG","4490"]]`
)

// esriWKT is the text of a .prj file, with the names that ArcGIS knows.
func esriWKT(code geo.EPSG) string {
	if z, ok := code.GaussKruger(); ok {
		return fmt.Sprintf(`PROJCS["%s",%s,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",%.1f],`+
			`PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",%d.0],PARAMETER["Scale_Factor",1.0],`+
			`PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`, esriName(z), esriCGCS2000, z.FalseEastingM,
			z.CentralMeridian)
	}
	switch code {
	case geo.WebMercator:
		return `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + esriWGS84 + `,PROJECTION["Mercator_Auxiliary_Sphere"],` +
			`PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],` +
			`PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`
	case geo.CGCS2000:
		return esriCGCS2000
	}
	return esriWGS84
}

func esriName(z geo.GaussKruger) string {
	width := ""
	if z.WidthDeg == 3 {
		width = "3_Degree_"
	}
	if z.Prefixed {
		return fmt.Sprintf("CGCS2000_%sGK_Zone_%d", width, z.Number)
	}
	return fmt.Sprintf("CGCS2000_%sGK_CM_%dE", width, z.CentralMeridian)
}

// crsName is EPSG's name of a system.
func crsName(code geo.EPSG) string {
	if z, ok := code.GaussKruger(); ok {
		width := ""
		if z.WidthDeg == 3 {
			width = "3-degree "
		}
		if z.Prefixed {
			return fmt.Sprintf("CGCS2000 / %sGauss-Kruger zone %d", width, z.Number)
		}
		return fmt.Sprintf("CGCS2000 / %sGauss-Kruger CM %dE", width, z.CentralMeridian)
	}
	switch code {
	case geo.WebMercator:
		return "WGS 84 / Pseudo-Mercator"
	case geo.CGCS2000:
		return "China Geodetic Coordinate System 2000"
	}
	return "WGS 84"
}

// ogcWKT is the well-known text of OGC 01-009, as GeoPackage and FlatGeobuf have it.
func ogcWKT(code geo.EPSG) string {
	if z, ok := code.GaussKruger(); ok {
		return fmt.Sprintf(`PROJCS["%s",%s,PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],`+
			`PARAMETER["central_meridian",%d],PARAMETER["scale_factor",1],PARAMETER["false_easting",%.0f],`+
			`PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","%d"]]`,
			crsName(code), ogcCGCS2000, z.CentralMeridian, z.FalseEastingM, int(code))
	}
	switch code {
	case geo.WebMercator:
		return `PROJCS["` + crsName(code) + `",` + ogcWGS84 + `,PROJECTION["Mercator_1SP"],` +
			`PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],` +
			`PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],EXTENSION["PROJ4","+proj=merc ` +
			`+a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],` +
			`AUTHORITY["EPSG","3857"]]`
	case geo.CGCS2000:
		return ogcCGCS2000
	}
	return ogcWGS84
}

// projJSON describes a system as PROJ does (https://proj.org/schemas/v0.7/projjson.schema.json), as GeoParquet has it;
// nil for CRS84, which needs none.
func projJSON(code geo.EPSG) map[string]any {
	const schema = "https://proj.org/schemas/v0.7/projjson.schema.json"
	id := func(code int) map[string]any { return map[string]any{"authority": "EPSG", "code": code} }
	axis := func(name, short, direction, unit string) map[string]any {
		return map[string]any{"name": name, "abbreviation": short, "direction": direction, "unit": unit}
	}
	geographic := map[string]any{"type": "GeographicCRS", "name": crsName(geo.CGCS2000),
		"datum": map[string]any{"type": "GeodeticReferenceFrame", "name": "China 2000", "ellipsoid": map[string]any{
			"name": "CGCS2000", "semi_major_axis": 6378137, "inverse_flattening": 298.257222101}},
		"coordinate_system": map[string]any{"subtype": "ellipsoidal", "axis": []any{
			axis("Geodetic latitude", "Lat", "north", "degree"), axis("Geodetic longitude", "Lon", "east", "degree")}},
		"id": id(int(geo.CGCS2000))}
	parameter := func(name string, value any, unit string, code int) map[string]any {
		return map[string]any{"name": name, "value": value, "unit": unit, "id": id(code)}
	}
	z, zone := code.GaussKruger()
	switch {
	case code == geo.CGCS2000:
		geographic["$schema"] = schema
		return geographic
	case zone:
		return map[string]any{"$schema": schema, "type": "ProjectedCRS", "name": crsName(code), "base_crs": geographic,
			"conversion": map[string]any{"name": crsName(code),
				"method": map[string]any{"name": "Transverse Mercator", "id": id(9807)},
				"parameters": []any{
					parameter("Latitude of natural origin", 0, "degree", 8801),
					parameter("Longitude of natural origin", z.CentralMeridian, "degree", 8802),
					parameter("Scale factor at natural origin", 1, "unity", 8805),
					parameter("False easting", z.FalseEastingM, "metre", 8806),
					parameter("False northing", 0, "metre", 8807)}},
			"coordinate_system": map[string]any{"subtype": "Cartesian", "axis": []any{
				axis("Northing", "X", "north", "metre"), axis("Easting", "Y", "east", "metre")}},
			"id": id(int(code))}
	case code == geo.WebMercator:
		return map[string]any{"$schema": schema, "type": "ProjectedCRS", "name": crsName(code),
			"base_crs": map[string]any{"type": "GeographicCRS", "name": "WGS 84",
				"datum": map[string]any{"type": "GeodeticReferenceFrame", "name": "World Geodetic System 1984",
					"ellipsoid": map[string]any{"name": "WGS 84", "semi_major_axis": 6378137,
						"inverse_flattening": 298.257223563}},
				"coordinate_system": map[string]any{"subtype": "ellipsoidal", "axis": []any{
					axis("Geodetic latitude", "Lat", "north", "degree"),
					axis("Geodetic longitude", "Lon", "east", "degree")}}, "id": id(int(geo.WGS84))},
			"conversion": map[string]any{"name": "Popular Visualisation Pseudo-Mercator",
				"method": map[string]any{"name": "Popular Visualisation Pseudo Mercator", "id": id(1024)},
				"parameters": []any{
					parameter("Latitude of natural origin", 0, "degree", 8801),
					parameter("Longitude of natural origin", 0, "degree", 8802),
					parameter("False easting", 0, "metre", 8806), parameter("False northing", 0, "metre", 8807)}},
			"coordinate_system": map[string]any{"subtype": "Cartesian", "axis": []any{
				axis("Easting", "X", "east", "metre"), axis("Northing", "Y", "north", "metre")}},
			"id": id(int(code))}
	}
	return nil
}
