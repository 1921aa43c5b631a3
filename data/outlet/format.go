package outlet

import (
	"context"
	"strings"

	"luodi/data/feed"
	"luodi/geo"
)

// Format is a row of the table of formats. The command, the API and the page list what stands there.
type Format struct {
	Name   string // as it is asked for
	Title  string // as people know it, in either language
	Media  string // media type
	Ending string // of a file's name, with its dot

	Layers bool // holds several layers; else one
	Items  bool // is a form of the items of OGC API too
	Plans  bool // is about areas alone: parcels, zones, plan units
	GBK    bool // its texts can be in GBK
	Bare   bool // can hold features without their geometry
	// can say what changed: features with a kind of change, those that are gone without a geometry
	Changes bool
	Tiles   bool // is map tiles: of several zooms, and of all parks where none is named

	system system
	open   func(*paper) (sink, error)
	// whole writes all layers at once, in place of open
	whole func(context.Context, *feed.View, *paper) (rows int64, err error)
}

// system says which reference systems a format can hold, and which it has where none is asked for.
type system uint8

const (
	anySystem system = iota // any that feeds speak; the stored one, EPSG:4490
	lonLat                  // any; CRS84
	onlyWGS84               // CRS84 alone
	plane                   // one in metres; the park's survey CRS
	survey                  // a Gauss–Krüger zone on CGCS2000; the park's survey CRS
	onlyWeb                 // Web Mercator alone
)

// formats is the table, in the order in which it is shown.
var formats = []*Format{
	{Name: "gpkg", Title: "GeoPackage", Media: "application/geopackage+sqlite3", Ending: ".gpkg", Layers: true,
		Changes: true,
		open:    openGeoPackage},
	{Name: "shp", Title: "Shapefile (zip)", Media: "application/zip", Ending: ".zip", Layers: true, GBK: true,
		open: openShapefile},
	{Name: "fgb", Changes: true, Title: "FlatGeobuf", Media: "application/flatgeobuf", Ending: ".fgb", Items: true,
		open: openFlatGeobuf},
	{Name: "geojson", Changes: true, Title: "GeoJSON", Media: "application/geo+json", Ending: ".geojson", system: lonLat,
		open: openGeoJSON},
	{Name: "geojsonseq", Title: "GeoJSON Text Sequence", Media: "application/geo+json-seq", Ending: ".geojsons",
		Changes: true,
		system:  lonLat, open: openGeoJSONSeq},
	{Name: "parquet", Title: "GeoParquet", Media: "application/vnd.apache.parquet", Ending: ".parquet",
		open: openParquet},
	{Name: "kml", Title: "KML", Media: "application/vnd.google-earth.kml+xml", Ending: ".kml", Layers: true, Items: true,
		Bare: true, system: onlyWGS84, open: openKML},
	{Name: "csv", Changes: true, Title: "CSV (WKT)", Media: "text/csv", Ending: ".csv", Items: true, Bare: true,
		open: openCSV},
	{Name: "xlsx", Title: "Excel", Media: xlsxMedia, Ending: ".xlsx", Layers: true, Bare: true, open: openXLSX},
	{Name: "dxf", Title: "DXF (AutoCAD 2000)", Media: "image/vnd.dxf", Ending: ".dxf", Layers: true, system: plane,
		open: openDXF},
	{Name: "survey-txt", Title: "勘测定界 TXT", Media: "text/plain", Ending: ".txt", Plans: true, GBK: true,
		system: survey, open: openSurveyText},
	{Name: "points", Title: "界址点成果表 (Excel)", Media: xlsxMedia, Ending: ".xlsx", Plans: true, system: survey,
		open: openPoints},
	{Name: "pmtiles", Title: "PMTiles", Media: "application/vnd.pmtiles", Ending: ".pmtiles", Layers: true, Tiles: true,
		system: onlyWeb, whole: writeTiles},
}

const xlsxMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Formats lists what can be written, in the order it is shown. The slice is shared: don't change it.
func Formats() []*Format { return formats }

// Names lists the formats' names.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// changeNames are the formats that can say what changed.
func changeNames() []string {
	var names []string
	for _, f := range formats {
		if f.Changes {
			names = append(names, f.Name)
		}
	}
	return names
}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (*Format, error) {
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
	}
	return nil, geo.NewInvalid("format", "one_of", name, "values", strings.Join(Names(), ", "))
}

// Default is the reference system of a file where none is asked for, of a park with a survey system.
func (f *Format) Default(park geo.EPSG) geo.CRS {
	switch f.system {
	case lonLat, onlyWGS84:
		return geo.CRS84
	case plane, survey:
		return geo.CRS{Code: park}
	case onlyWeb:
		return geo.CRS{Code: geo.WebMercator}
	}
	return geo.CRS{Code: geo.CGCS2000}
}

// Systems names which reference systems the format holds: any, wgs84, plane, zone or web.
func (f *Format) Systems() string {
	return [...]string{anySystem: "any", lonLat: "any", onlyWGS84: "wgs84", plane: "plane", survey: "zone",
		onlyWeb: "web"}[f.system]
}

// CheckCRS refuses a reference system that the format can't hold, or that files aren't written in.
func (f *Format) CheckCRS(crs geo.CRS) error {
	served := false
	for _, known := range geo.ServedCRS() {
		served = served || known == crs
	}
	_, zone := crs.Code.GaussKruger()
	_, flat := crs.Projection()
	switch {
	case !served:
		return geo.NewInvalid("crs", "outlet.crs", nameOf(crs))
	case f.system == onlyWGS84 && crs.Code != geo.WGS84:
		return geo.NewInvalid("crs", "outlet.crs_wgs84", nameOf(crs), "format", f.Title)
	case f.system == onlyWeb && crs.Code != geo.WebMercator:
		return geo.NewInvalid("crs", "outlet.crs_web", nameOf(crs), "format", f.Title)
	case f.system == plane && !flat:
		return geo.NewInvalid("crs", "outlet.crs_plane", nameOf(crs), "format", f.Title)
	case f.system == survey && !zone:
		return geo.NewInvalid("crs", "outlet.crs_zone", nameOf(crs), "format", f.Title)
	}
	return nil
}

func nameOf(crs geo.CRS) string {
	if crs == geo.CRS84 {
		return "OGC:CRS84"
	}
	return crs.Code.String()
}
