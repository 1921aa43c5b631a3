package file

import (
	"unicode/utf8"

	"luodi/geo"
)

// Codes of faults of a file.
const (
	FileMissing     = "file_missing"      // there is no such file, or it can't be read
	FileNotPlain    = "file_not_plain"    // a pipe, device, socket or folder
	FileEmpty       = "file_empty"        // no bytes
	FileTooLarge    = "file_too_large"    // beyond Limits.FileBytes
	FormatUnknown   = "format_unknown"    // none of Formats
	EncodingUnknown = "encoding_unknown"  // UTF-16 or UTF-32
	Truncated       = "truncated"         // ends in the middle
	JSONInvalid     = "json_invalid"      // not JSON at the given place
	NestedTooDeep   = "nested_too_deep"   // beyond Limits.Depth
	FeatureTooLarge = "feature_too_large" // beyond Limits.FeatureBytes
	NotFeatures     = "not_features"      // JSON, but not of features
	CRSLate         = "crs_late"          // the crs member came after the features
	PackDamaged     = "pack_damaged"      // a gzip or zip that can't be unpacked
	PackBomb        = "pack_bomb"         // unpacks to far more than its size
	PackTooLarge    = "pack_too_large"    // unpacks beyond Limits.FileBytes
	PackContent     = "pack_content"      // not exactly one file of land in a zip
	DatabaseDamaged = "database_damaged"  // an SQLite file that isn't whole
	NotGeoPackage   = "not_geopackage"    // an SQLite file without a GeoPackage's tables
	JournalBeside   = "journal_beside"    // changes not yet written into the file lie beside it
	LayerUnknown    = "layer_unknown"     // no layer of that name
	LayerAmbiguous  = "layer_ambiguous"   // several layers and none named
	LayerNotTable   = "layer_not_table"   // a view or virtual table, which could run code of the file

	PackPath         = "pack_path"         // a name in a zip that leads out of it, or is no ordinary file
	FormatNamed      = "format_named"      // known, but not read
	ShapefileParts   = "shapefile_parts"   // a file of a Shapefile is missing
	ShapefileDamaged = "shapefile_damaged" // a file of a Shapefile isn't what its head says
	TableHead        = "table_head"        // a table without a column of shapes or columns of corners
	TableDamaged     = "table_damaged"     // a table that can't be read
	XMLInvalid       = "xml_invalid"       // not XML at the given place
	XMLDoctype       = "xml_doctype"       // XML with a document type, which may define entities
	CRSForm          = "crs_form"          // a crs member that can't be understood
	ToolMissing      = "tool_missing"      // a program that reads the format isn't installed
	ConversionFailed = "conversion_failed" // the program that reads the format couldn't
	ConversionLimit  = "conversion_limit"  // it needed more time or memory than it may take
	ControlFile      = "control_file"      // of control points: a line, or all of them, can't be used
	NotGeoParquet    = "not_geoparquet"    // a Parquet file without shapes, or with shapes in another form than WKB
	OffsetStated     = "offset_stated"     // a web map's offset for a file that names another system
	OffsetOutside    = "offset_outside"    // a web map's offset where those maps have none, of a row or of all
)

// Codes of faults of a row.
const (
	NoGeometry     = "no_geometry"
	EmptyGeometry  = "empty_geometry"
	BadGeometry    = "bad_geometry" // bytes or coordinates that are no geometry
	CurvedGeometry = "curved_geometry"
	NotFinite      = "not_finite"
	RingOpen       = "ring_open"
	RingShort      = "ring_short"
	LineShort      = "line_short"
	TooManyPoints  = "too_many_points"
	TooManyValues  = "too_many_values"
	NotText        = "not_text"    // an attribute that isn't UTF-8, or holds a NUL
	NotFeature     = "not_feature" // an element that isn't a Feature
	SurveyText     = "survey_text" // of a survey's text, at a line: what was expected and what came
	CRSOther       = "crs_other"   // a row in another system than its layer
)

// Codes lists every code of this package.
var Codes = []string{
	FileMissing, FileNotPlain, FileEmpty, FileTooLarge, FormatUnknown, EncodingUnknown, Truncated, JSONInvalid,
	NestedTooDeep, FeatureTooLarge, NotFeatures,
	CRSLate, PackDamaged, PackBomb, PackTooLarge, PackContent, DatabaseDamaged, NotGeoPackage, JournalBeside,
	LayerUnknown, LayerAmbiguous,
	LayerNotTable, NoGeometry, EmptyGeometry, BadGeometry, CurvedGeometry, NotFinite, RingOpen, RingShort, LineShort,
	TooManyPoints,
	TooManyValues, NotText, NotFeature, SurveyText, CRSOther,
	PackPath, FormatNamed, ShapefileParts, ShapefileDamaged, TableHead, TableDamaged, XMLInvalid, XMLDoctype, CRSForm,
	ToolMissing, ConversionFailed, ConversionLimit, ControlFile, NotGeoParquet,
	OffsetStated, OffsetOutside,
}

// said are words of the table of texts.
func said(rule geo.Rule, args ...any) *geo.Words {
	words := geo.Say(rule, args...)
	return &words
}

// clip shortens what a file holds to what can be shown, never through the middle of a character.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
