package api_test

import (
	"encoding/csv"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"luodi/data/outlet"
	"luodi/data/store/storetest"
)

const export = "/api/parks/desk/export?format="

// Members of a park get what the desk knows, everybody else what is public, and a member the same on request.
func TestFilesHoldWhatTheirReaderMaySee(t *testing.T) {
	t.Parallel()
	plots := squares(3)
	plots[1].Internal = true
	o := newOffice(t, plots...)
	storetest.Park(t, o.db, "other")
	planner := o.planner()
	for _, c := range []struct {
		who     *colleague
		query   string
		parcels int
		desk    bool
	}{{planner, "", 3, true}, {o.public(), "", 2, false}, {planner, "&public=true", 2, false},
		{o.colleagueIn("other", "stranger"), "", 2, false}} {
		got := c.who.want(http.StatusOK, "GET", export+"geojson"+c.query, nil)
		all, _ := got.body["features"].([]any)
		if len(all) != c.parcels || strings.Contains(got.text, `"publication"`) != c.desk {
			t.Errorf("%d parcels, want %d, the desk's: %v\n%.300s", len(all), c.parcels, c.desk, got.text)
		}
		if keep := got.head.Get("Cache-Control"); strings.HasPrefix(keep, "private") != c.desk {
			t.Errorf("kept as %s", keep)
		}
	}
	held := planner.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	past := planner.want(http.StatusOK, "GET", export+"csv&datetime="+escape(held.body["at"].(string)), nil)
	if !strings.Contains(past.text, "held") || !strings.Contains(past.text, "某项目") {
		t.Errorf("then: %s", past.text)
	}
	before := planner.want(http.StatusOK, "GET", export+"csv&datetime=2000-01-01", nil)
	if strings.Count(before.text, "\n") != 1 {
		t.Errorf("before the park: %s", before.text)
	}
}

// Each format comes with its type and a name in UTF-8, and GDAL reads what it knows.
func TestEveryFormatComesWithItsNameAndType(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, f := range outlet.Formats() {
		path := "/api/parks/carbon-fibre/export?lang=zh&format=" + f.Name
		got := h.get(path)
		_, named, err := mime.ParseMediaType(got.Header.Get("Content-Disposition"))
		if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != f.Media || err != nil ||
			!regexp.MustCompile(`^carbon-fibre-地块-\d{4}-\d\d-\d\d\.[a-z]+$`).MatchString(named["filename"]) {
			t.Errorf("%s: %d %v %v\n%.300s", f.Name, got.StatusCode, got.Header, err, got.body)
		}
		if again := h.get(path, "If-None-Match", got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", f.Name, again.StatusCode)
		}
		if other := h.get(path + "&layer=zones"); other.Header.Get("ETag") == got.Header.Get("ETag") {
			t.Errorf("%s: two files have one tag", f.Name)
		}
		file := filepath.Join(t.TempDir(), "out"+f.Ending)
		if err := os.WriteFile(file, got.body, 0o600); err != nil {
			t.Fatal(err)
		}
		switch f.Name {
		case "parquet", "survey-txt", "points", "pmtiles": // GDAL of Debian doesn't read them: data/outlet's tests do
			continue
		case "shp":
			file = "/vsizip/" + file
		}
		if said := gdal(t, "ogrinfo", "-ro", "-al", "-so", file); !strings.Contains(said, "Feature Count: ") {
			t.Errorf("%s: %s", f.Name, said)
		}
	}
}

// What can't be written is refused by the field, as JSON, and without the headers of a file.
func TestFilesAreRefusedByTheField(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for query, field := range map[string]string{
		"": "format", "format=dwg": "format", "format=gpkg&layer=parks": "layer", "format=fgb&layer=parcels,zones": "layer",
		"format=dxf&crs=EPSG:4490": "crs", "format=kml&crs=4550": "crs", "format=gpkg&crs=EPSG:32651": "crs",
		"format=gpkg&crs=moon": "crs", "format=csv&crs=gcj-02": "crs", "format=geojson&crs=BD-09": "crs", "format=gpkg&datetime=yesterday": "datetime", "format=gpkg&encoding=gbk": "encoding",
		"format=gpkg&encoding=latin": "encoding", "format=gpkg&public=perhaps": "public", "format=gpkg&bbox=1,2,3,4": "bbox",
		"format=points&layer=networks": "layer", "format=gpkg&filter=nothing%20=%201": "filter", "format=gpkg&lang=fr": "lang",
		"format=pmtiles&zooms=8-19": "zooms", "format=pmtiles&zooms=9-8": "zooms", "format=pmtiles&zooms=-1": "zooms",
		"format=pmtiles&zooms=8-16-18": "zooms", "format=pmtiles&zooms=%2B8": "zooms", "format=pmtiles&zooms=": "zooms",
		"format=pmtiles&zooms=99999999999999999999": "zooms", "format=gpkg&zooms=8": "zooms",
		"format=pmtiles&crs=EPSG:4490": "crs", "format=pmtiles&since=0": "format",
	} {
		got := h.get("/api/parks/carbon-fibre/export?" + query)
		if got.StatusCode != http.StatusBadRequest || !strings.Contains(string(got.body), fmt.Sprintf(`"field":"%s"`, field)) ||
			got.Header.Get("Content-Disposition") != "" || got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v %s", query, got.StatusCode, got.Header, got.body)
		}
	}
	if got := h.get("/api/parks/nowhere/export?format=gpkg"); got.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown park: %d %s", got.StatusCode, got.body)
	}
}

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// Items as CSV come in pages as GeoJSON does; the header leads to the next.
func TestItemsAsFilesComeInPages(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, f := range []string{"csv", "fgb", "kml"} {
		seen, pages := map[string]bool{}, 0
		for path := "/ogc/collections/parcels/items?park=carbon-fibre&limit=50&f=" + f; path != ""; pages++ {
			got := h.get(path)
			if got.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d %s", path, got.StatusCode, got.body)
			}
			if f == "csv" {
				rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(got.body), "\ufeff"))).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows[1:] {
					seen[row[0]] = true
				}
			}
			path = ""
			for _, link := range got.Header.Values("Link") {
				if m := nextLink.FindStringSubmatch(link); m != nil {
					path = m[1]
				}
			}
		}
		if pages != 3 || f == "csv" && len(seen) != 116 {
			t.Errorf("%s: %d parcels on %d pages", f, len(seen), pages)
		}
	}
	some := string(h.get("/ogc/collections/parcels/items?f=csv&properties=code,status&status=available&limit=3").body)
	if !strings.HasPrefix(some, "\ufeffid,code,status,WKT\n") || strings.Count(some, "\n") != 4 ||
		strings.Contains(some, "POLYGON") {
		t.Errorf("chosen properties: %s", some)
	}
	if got := h.get("/ogc/collections/parcels/items?f=fgb&properties=code"); got.StatusCode != http.StatusBadRequest ||
		!strings.Contains(string(got.body), `"field":"properties"`) {
		t.Errorf("FlatGeobuf without geometry: %d %s", got.StatusCode, got.body)
	}
	if got := h.get("/ogc/collections/parcels/items?limit=2", "Accept", "text/csv"); got.Header.Get("Content-Type") !=
		"text/csv" {
		t.Errorf("by Accept: %v", got.Header)
	}
}
