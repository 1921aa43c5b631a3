package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// exchange writes a survey's exchange text of one parcel of long × wide metres, north and east of the corner of the
// land; its header and the sign before its eastings are given.
func exchange(t *testing.T, head, zone, code, area string, dNorth, long, wide float64) string {
	t.Helper()
	var corners strings.Builder
	for i, at := range [][2]float64{{0, 0}, {long, 0}, {long, wide}, {0, wide}, {0, 0}} {
		fmt.Fprintf(&corners, "J%d,1,%.3f,%s%.3f\r\n", i%4+1, storetest.NorthM+dNorth+at[0], zone,
			storetest.EastM+at[1])
	}
	path := filepath.Join(t.TempDir(), "survey.txt")
	body := head + "5," + area + "," + code + ",地块,面,,工业用地,,@\r\n" + corners.String()
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// exchangeHead is a header of a datum and a zone.
func exchangeHead(datum, zone string) string {
	return "[属性描述]\r\n坐标系=" + datum + "\r\n几度分带=3\r\n计量单位=米\r\n带号=" + zone + "\r\n[地块坐标]\r\n"
}

const cgcs2000 = "2000国家大地坐标系"

// TestImportTakesSurveyTexts: with the system of the header and the survey's own areas as the legal ones.
func TestImportTakesSurveyTexts(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for i, c := range []struct {
		head, zone, area string
		crs              geo.EPSG
		long, wide       float64
		legal            string
		unproven         bool
	}{
		{exchangeHead(cgcs2000, "41"), "", "", 0, 1000, 1.5, "1500.0000", true},
		// a park is made of it: nothing is near
		{exchangeHead(cgcs2000, "41"), "41", "6.5", 0, 200, 325, "65000.0000", false},
		{exchangeHead(cgcs2000, "41"), "", "6.5公顷", 0, 200, 325, "65000.0000", false},
		{exchangeHead(cgcs2000, ""), "41", "97.5亩", 4550, 200, 325, "65000.0000", false},
		{"", "41", "6.5001", 4529, 200, 325, "65001.0000", false},
		{"", "", "", 4550, 100.123, 10.011, "1002.3314", false},
	} {
		req := request("north")
		req.CRS = c.crs
		code := fmt.Sprintf("T%d", i)
		report := mustImport(t, db.Store, exchange(t, c.head, c.zone, code, c.area, float64(i)*2000, c.long, c.wide),
			req)
		if report.LegalM2.String() != c.legal || report.Unproven != c.unproven || report.CodeField != "地块编号" ||
			report.Format != "Survey TXT" || report.UnnamedLegal != 0 || report.SurveyCRS != "EPSG:4550" {
			t.Errorf("%s: %+v", code, report)
		}
		if at := report.Place; at == nil || at[0] < 122.02 || at[0] > 122.05 || at[1] < 37.2 || at[1] > 37.4 {
			t.Errorf("%s: lies at %v", code, at)
		}
		if got := storetest.Number[string](t, db, `SELECT legal_m2 || ' ' || round(ST_X(ST_Transform(ST_PointN(
			ST_ExteriorRing(geom), 1), 4550))::numeric, 3) FROM parcel_version WHERE code = '`+code+`'`); got != c.legal+" 414000.000" {
			t.Errorf("%s: %s", code, got)
		}
	}
}

// TestImportRefusesSurveyTraps: and writes nothing.
func TestImportRefusesSurveyTraps(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100)), request("north"))
	before := contents(t, db)
	xian := exchangeHead("1980西安坐标系", "41")
	for name, c := range map[string]struct {
		head, zone, area, park string
		crs                    geo.EPSG
		want                   string
	}{
		"Xi'an 80":                      {xian, "41", "1", "new", 0, "crs_datum"},
		"Xi'an 80 against --crs":        {xian, "41", "1", "new", 4550, "survey_text"},
		"a header's zone alone, far":    {exchangeHead(cgcs2000, "40"), "", "1", "north", 0, "far_from_park"},
		"a header's zone against --crs": {exchangeHead(cgcs2000, "40"), "", "1", "new", 4550, "survey_text"},
		"a prefix against the header":   {exchangeHead(cgcs2000, "40"), "41", "1", "new", 0, "survey_text"},
		"a prefix against --crs":        {"", "40", "1", "new", 4550, "survey_text"},
		"no system":                     {"", "41", "1", "new", 0, "crs_unstated"},
		"no datum":                      {exchangeHead("", "41"), "41", "1", "new", 0, "crs_unstated"},
		"no zone":                       {exchangeHead(cgcs2000, ""), "", "1", "new", 0, "crs_unstated"},
		"degrees by --crs":              {"", "41", "1", "new", 4490, "survey_text"},
		"an area that doesn't fit":      {exchangeHead(cgcs2000, "41"), "41", "1.5", "new", 0, "row survey_text"},
		"an area in mu, as hectares":    {exchangeHead(cgcs2000, "41"), "41", "15", "new", 0, "row survey_text"},
	} {
		req := request(c.park)
		req.CRS = c.crs
		path := exchange(t, c.head, c.zone, "T", c.area, 1000, 100, 100)
		got := ""
		reader, err := file.Open(t.Context(), path, file.Options{CRS: req.CRS})
		if err != nil {
			got = fileFault(t, err).Code
		} else {
			report, err := intake.Of(db.Store).Import(t.Context(), req, reader, nil)
			if got = "row " + refusalsOf(report)[1]; report.Refused == 0 {
				got = fileFault(t, err).Code
			}
			_ = reader.Close()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if after := contents(t, db); after != before {
		t.Errorf("a trap wrote: %s, before %s", after, before)
	}
}

// TestSurveyZonesAreEPSGs: the codes that a header's zone is taken for name that zone of that datum in PostGIS's table.
func TestSurveyZonesAreEPSGs(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for datum, says := range map[string]string{cgcs2000: "China Geodetic Coordinate System 2000",
		"1980西安坐标系": "Xian 1980",
		"1954北京坐标系": "Beijing 1954"} {
		for zone := 13; zone <= 45; zone++ {
			if zone == 24 {
				continue
			}
			head := strings.Replace(exchangeHead(datum, fmt.Sprint(zone)), "几度分带=3\r\n", "", 1)
			reader, err := file.Open(t.Context(), exchange(t, head, "", "T", "", 0, 100, 100), file.Options{})
			if err != nil {
				t.Fatal(err)
			}
			lon0 := 3 * zone
			if zone < 24 {
				lon0 = 6*zone - 3
			}
			got := storetest.Number[string](t, db,
				fmt.Sprintf(`SELECT srtext || proj4text FROM spatial_ref_sys WHERE srid = %d`,
					reader.Info().EPSG))
			plain := strings.ReplaceAll(got, "_", " ")
			if !strings.Contains(plain, says) || !strings.Contains(got, fmt.Sprintf("+lon_0=%d ", lon0)) ||
				!strings.Contains(got, "+x_0=500000 ") {
				t.Errorf("%s zone %d is taken for EPSG:%d: %s", datum, zone, reader.Info().EPSG, got)
			}
			_ = reader.Close()
		}
	}
}
