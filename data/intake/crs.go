package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/intake/file"
	"luodi/data/store"
	"luodi/geo"
)

// planeSystem is a reference system as spatial_ref_sys describes it.
type planeSystem struct {
	code       geo.EPSG
	degrees    bool   // longitude and latitude
	projection string // PROJ's name, such as tmerc
	metres     bool
	unitM      float64 // metres of one unit of a plane
	shifts     bool    // on another datum than CGCS2000 and WGS 84, which are one to a decimetre
	lon0, x0   float64 // of a transverse Mercator
	shiftedBy  string  // PROJ's text with a stated shift; "" when none
	west, east float64 // where the system is used, in degrees; generous
	south      float64
	north      float64
}

const selectSystem = `SELECT srtext, proj4text FROM spatial_ref_sys WHERE srid = $1 AND upper(auth_name) = 'EPSG'
	AND auth_srid = $1`

// findSystem reads a system. One that is unknown, or is no plane and no longitude and latitude, is a fault of the file.
func (im *importing) findSystem(ctx context.Context, code geo.EPSG) (*planeSystem, error) {
	var wkt, proj string
	err := im.tx.QueryRow(ctx, selectSystem, int(code)).Scan(&wkt, &proj)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, &file.Fault{Code: faultCRSUnknown, Field: "crs", Got: code.String()}
	}
	if err != nil {
		return nil, store.Translate("import: find "+code.String(), err)
	}
	s := &planeSystem{code: code, degrees: strings.HasPrefix(wkt, "GEOGCS"), west: -180, east: 180, south: -90,
		north: 90}
	if !s.degrees && !strings.HasPrefix(wkt, "PROJCS") && !strings.HasPrefix(wkt, "COMPD_CS[") {
		return nil, &file.Fault{Code: faultCRSNotPlane, Field: "crs", Got: code.String()}
	}
	s.describe(wkt, proj)
	return s, nil
}

// describe reads PROJ's text. A transverse Mercator is used near its meridian: 3° on either side of a 3° zone's, 6° of
// another's. China's frame is used in China and its seas.
func (s *planeSystem) describe(wkt, proj string) {
	terms := map[string]string{}
	for _, term := range strings.Fields(proj) {
		name, value, _ := strings.Cut(strings.TrimPrefix(term, "+"), "=")
		terms[name] = value
	}
	s.projection = terms["proj"]
	s.metres = terms["units"] == "m" && !s.degrees
	s.unitM = unitOf(terms)
	s.shifts = s.code.OldDatum() != 0 || terms["datum"] != "WGS84" && terms["ellps"] != "GRS80" &&
		terms["ellps"] != "WGS84"
	s.lon0, _ = strconv.ParseFloat(terms["lon_0"], 64)
	s.x0, _ = strconv.ParseFloat(terms["x_0"], 64)
	if zone, err := strconv.ParseFloat(terms["zone"], 64); err == nil && s.projection == "utm" {
		s.lon0, s.x0 = 6*zone-183, 500_000
	}
	if s.isTransverse() {
		half := 6.0
		if strings.Contains(wkt, "3-degree") {
			half = 3
		}
		s.west, s.east = max(-180, s.lon0-half), min(180, s.lon0+half)
	}
	if s.code.OldDatum() != 0 || s.code == geo.CGCS2000 ||
		strings.Contains(wkt, "China Geodetic Coordinate System 2000") {
		s.west, s.east, s.south, s.north = max(s.west, 73), min(s.east, 137), 3, 54
	}
}

// units are PROJ's names of lengths, in metres: https://proj.org/en/stable/operations/conversions/unitconvert.html.
var units = map[string]float64{"m": 1, "km": 1000, "ft": 0.3048, "us-ft": 1200.0 / 3937, "yd": 0.9144,
	"us-yd": 3600.0 / 3937, "ind-yd": 0.91439523, "ind-ft": 0.30479841, "ch": 20.1168, "us-ch": 66 * 1200.0 / 3937,
	"link": 0.201168, "fath": 1.8288, "mi": 1609.344, "us-mi": 5280 * 1200.0 / 3937, "cm": 0.01, "mm": 0.001}

// unitOf is a system's unit in metres.
func unitOf(terms map[string]string) float64 {
	if m, err := strconv.ParseFloat(terms["to_meter"], 64); err == nil && m > 0 {
		return m
	}
	if m, known := units[terms["units"]]; known {
		return m
	}
	return 1
}

// measures reports whether areas of the file's own coordinates are those of the survey CRS: it is the same plane, but
// for the zone's number before its eastings.
func (s *planeSystem) measures(survey geo.EPSG) bool {
	return s.metres && s.shiftedBy == "" && s.code.WithPrefix(false) == survey.WithPrefix(false)
}

func (s *planeSystem) isTransverse() bool { return s.projection == "tmerc" || s.projection == "utm" }

func (s *planeSystem) area() string {
	return fmt.Sprintf("%g…%g°E %g…%g°N", s.west, s.east, s.south, s.north)
}

// findSource settles the system of the file's coordinates: what the request says, else what the file says.
func (im *importing) findSource(ctx context.Context) error {
	code := im.req.CRS
	im.report.CRSFrom = "request"
	if code == 0 || im.info.Fitted || im.info.Offset != "" {
		if code = geo.EPSG(im.info.EPSG); im.req.CRS == 0 && im.info.Offset == "" {
			im.report.CRSFrom = "file"
			if im.info.CRS == "" {
				im.report.CRSFrom = "format"
			}
		}
	}
	if code == 0 {
		return &file.Fault{Code: faultCRSUnstated, Field: "crs", Expected: "--crs EPSG:4550", Got: cmp.Or(im.info.CRS,
			"—")}
	}
	if im.report.SourceCRS = code.String(); im.info.Offset != "" {
		im.report.SourceCRS = im.info.Offset.Name()
	}
	system, err := im.findSystem(ctx, code.Flat())
	if err != nil {
		return err
	}
	im.source = system
	if err := im.settleUnit(); err != nil {
		return err
	}
	if len(im.req.Shift) > 0 {
		if !system.shifts || im.info.Fitted {
			return &file.Fault{Code: faultNoShift, Field: "--shift", Got: code.String()}
		}
		return im.applyShift(ctx)
	}
	var old *geo.NeedsShift
	if errors.As(code.CheckDatum(), &old) {
		got := old.Code.String()
		if old.Datum != old.Code {
			got += " (" + old.Datum.String() + ")"
		}
		return &file.Fault{Code: faultCRSDatum, Field: "crs", Expected: "--shift dx,dy,dz,rx,ry,rz,s", Got: got}
	}
	return nil
}

// settleUnit compares the unit that a drawing states with the system's. Numbers in another length are brought to the
// system's unit as they are read. Control points lead from any numbers: the unit has no say then.
func (im *importing) settleUnit() error {
	im.scale = 1
	if im.info.Unit == "" || im.info.Fitted {
		return nil
	}
	if im.source.degrees && im.info.UnitM != 0 { // a length says nothing of degrees
		im.sayAsDrawn()
		return nil
	}
	if im.info.UnitM == 0 {
		return &file.Fault{Code: faultDrawingUnit, Field: "$INSUNITS", Expected: im.source.code.String(),
			Got: im.info.Unit}
	}
	// International and survey feet differ by two millionths; drawings state either for both.
	if scale := im.info.UnitM / im.source.unitM; math.Abs(scale-1) > 1e-5 {
		im.scale = scale
		im.report.Said = append(im.report.Said, geo.Say("note.scaled", "unit", im.info.Unit, "scale", scale))
	}
	return nil
}

// sayAsDrawn notes that a drawing's numbers are taken as they stand, whatever unit it states.
func (im *importing) sayAsDrawn() {
	im.report.Said = append(im.report.Said,
		geo.Say("note.as_drawn", "unit", im.info.Unit, "crs", im.source.code.String()))
}

// asDrawn is what follows where a file's place is refused. Many drawings state a unit that nobody set, as a template's
// millimetres or the inches that GDAL writes: where the numbers are right only as they stand, they are taken so, which
// the report says. refused is handed back where that is not so.
func (im *importing) asDrawn(ctx context.Context, refused error) error {
	var fault *file.Fault
	if im.scale == 1 || !errors.As(refused, &fault) {
		return refused
	}
	scaled := im.middle
	im.middle = [2]float64{scaled[0] / im.scale, scaled[1] / im.scale}
	right := im.checkPlace() == nil
	if right {
		_, err := im.centre(ctx)
		right = err == nil
	}
	if !right {
		im.middle = scaled
		return refused
	}
	const sql = `UPDATE import_row SET x = x / $1::float8, y = y / $1::float8,
		wkb = ST_AsBinary(ST_Scale(ST_GeomFromWKB(wkb), 1 / $1::float8, 1 / $1::float8))`
	if err := im.exec(ctx, "take the drawing as it stands", sql, im.scale); err != nil {
		return err
	}
	im.scale = 1
	im.report.Said = slices.DeleteFunc(im.report.Said, func(w geo.Words) bool { return w.Rule == "note.scaled" })
	im.sayAsDrawn()
	return nil
}

// applyShift puts the stated parameters in place of whatever spatial_ref_sys says: metres, arc seconds and parts per
// million, rotations as a position vector (EPSG method 9606), which is how PROJ reads +towgs84.
func (im *importing) applyShift(ctx context.Context) error {
	var wkt, proj string
	if err := im.tx.QueryRow(ctx, selectSystem, int(im.source.code)).Scan(&wkt, &proj); err != nil {
		return store.Translate("import: read the system", err)
	}
	var terms, numbers []string
	for _, term := range strings.Fields(proj) {
		if !strings.HasPrefix(term, "+towgs84") && !strings.HasPrefix(term, "+nadgrids") {
			terms = append(terms, term)
		}
	}
	for _, n := range im.req.Shift {
		if !(math.Abs(n) < 10_000) {
			return geo.NewInvalid("shift", "shift.size", n)
		}
		numbers = append(numbers, strconv.FormatFloat(n, 'f', -1, 64))
	}
	im.source.shiftedBy = strings.Join(terms, " ") + " +towgs84=" + strings.Join(numbers, ",")
	return nil
}

// checkPlace refuses a file whose coordinates can't be of its system: the mistake is then the system's, not the rows'.
func (im *importing) checkPlace() error {
	x, y, src := im.middle[0], im.middle[1], im.source
	var code string
	switch inDegrees := math.Abs(x) <= 180 && math.Abs(y) <= 90; {
	case src.degrees && !inDegrees && math.Abs(x) <= 90 && math.Abs(y) <= 180:
		code = faultAxesSwapped
	case src.degrees && !inDegrees:
		code = faultMetresInDegrees
	case !src.degrees && inDegrees:
		code = faultDegreesInPlane
	case src.isTransverse() && math.Abs(x*src.unitM-src.x0) > 1.5e6 && math.Abs(y*src.unitM-src.x0) <= 1.5e6:
		code = faultAxesSwapped
	default:
		return src.checkZone(x, y)
	}
	return &file.Fault{Code: code, Field: "crs", Expected: src.code.String(), Got: fmt.Sprintf("%.10g %.10g", x, y)}
}

// checkZone refuses eastings that carry the number of another Gauss–Krüger zone than the system's, or one where it has
// none, or none where it has one. It names the system that they say.
func (s *planeSystem) checkZone(x, y float64) error {
	zone, is := s.code.GaussKruger()
	carried := int(math.Floor(x / 1e6))
	right := s.code.WithPrefix(carried != 0)
	switch {
	case !is, carried == 0 && !zone.Prefixed, carried == zone.Number && zone.Prefixed:
		return nil
	case carried == 0 || carried == zone.Number:
	case carried >= 25 && carried <= 45: // 3° zones
		right = 4513 + geo.EPSG(carried-25)
	case carried >= 13 && carried <= 23: // 6° zones
		right = 4491 + geo.EPSG(carried-13)
	default:
		return nil // no zone's number: the place is refused for where it is
	}
	return &file.Fault{Code: faultZoneNumber, Field: "crs", Expected: "--crs " + right.String(),
		Got: fmt.Sprintf("%.10g %.10g, %v", x, y, s.code)}
}

// import_move brings a shape to another system, or gives NULL where it can't be: ST_Transform raises an error for a
// point it can't project, which would end the whole file. The function lives in the session's own schema.
const makeMover = `
CREATE OR REPLACE FUNCTION pg_temp.import_move(shape geometry, target integer, shifted text) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
  IF shifted <> '' THEN
    RETURN ST_SetSRID(ST_Transform(shape, shifted, '+proj=longlat +ellps=GRS80 +towgs84=0,0,0 +no_defs'), target);
  END IF;
  RETURN ST_Transform(shape, target);
EXCEPTION WHEN internal_error OR data_exception THEN
  RETURN NULL;
END $$`

// centre is where the file's rows are, in degrees.
func (im *importing) centre(ctx context.Context) (orb.Point, error) {
	const sql = `SELECT ST_X(p), ST_Y(p) FROM pg_temp.import_move(ST_SetSRID(ST_MakePoint($1, $2), $3), 4490, $4) p`
	x, y := im.middle[0], im.middle[1]
	var lon, lat *float64
	if err := im.tx.QueryRow(ctx, sql, x, y, int(im.source.code), im.source.shiftedBy).Scan(&lon, &lat); err != nil {
		return orb.Point{}, store.Translate("import: locate the file", err)
	}
	src := im.source
	if lon == nil || lat == nil || !(*lon >= src.west && *lon <= src.east && *lat >= src.south && *lat <= src.north) {
		fault := &file.Fault{Code: faultOutsideCRS, Field: "crs", Expected: src.code.String() + " " + src.area(),
			Got: fmt.Sprintf("%.10g %.10g", x, y)}
		if lon != nil && lat != nil {
			fault.Got += fmt.Sprintf(" → %.5f°E %.5f°N", *lon, *lat)
		}
		return orb.Point{}, fault
	}
	return orb.Point{*lon, *lat}, nil
}

// distortion is how far the system's areas are from the ellipsoid's at a place, as a share: a square of about 1 km is
// measured both ways.
func (im *importing) distortion(ctx context.Context, src *planeSystem, at orb.Point) (float64, error) {
	const sql = `
SELECT coalesce(abs(ST_Area(pg_temp.import_move(b, $3, '')) * $4::float8 * $4 / ST_Area(b::geography) - 1), 1)
  FROM (SELECT ST_MakeEnvelope($1 - 0.005, $2 - 0.005, $1 + 0.005, $2 + 0.005, 4490)) box(b)`
	var share float64
	err := im.tx.QueryRow(ctx, sql, at.Lon(), at.Lat(), int(src.code), src.unitM).Scan(&share)
	return share, store.Translate("import: measure "+src.code.String(), err)
}

// surveyFor chooses the survey CRS of a new park: the file's own when it is a plane in metres that keeps areas there to
// 1 %, else the 3° Gauss–Krüger zone, or the UTM zone outside China.
func (im *importing) surveyFor(ctx context.Context, at orb.Point) (geo.EPSG, error) {
	if src := im.source; src.metres && src.code.CheckPlanar() == nil && src.code.OldDatum() == 0 {
		share, err := im.distortion(ctx, src, at)
		if err != nil {
			return 0, err
		}
		if share <= 0.01 {
			return src.code, nil
		}
	}
	return geo.SurveyCRS(at)
}
