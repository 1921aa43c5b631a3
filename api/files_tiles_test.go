package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"luodi/data/outlet/pmtiles/pmtilestest"
)

// around lists the tiles of the zooms of an archive in its bounds, and one more to each side.
func around(a *pmtilestest.Archive) []pmtilestest.Address {
	var all []pmtilestest.Address
	for z := int(a.Header.MinZoom); z <= int(a.Header.MaxZoom); z++ {
		from := maptile.At(orb.Point{a.Header.Min[0], a.Header.Max[1]}, maptile.Zoom(z))
		to := maptile.At(orb.Point{a.Header.Max[0], a.Header.Min[1]}, maptile.Zoom(z))
		most := 1<<z - 1
		for x := max(int(from.X)-1, 0); x <= min(int(to.X)+1, most); x++ {
			for y := max(int(from.Y)-1, 0); y <= min(int(to.Y)+1, most); y++ {
				all = append(all, pmtilestest.Address{Z: z, X: x, Y: y})
			}
		}
	}
	return all
}

// Each tile of an archive is the tiles of its layers that the door answers with, one after the other, and no tile is
// missing: of all zooms, of each layer alone and of all together, of a filter, and of a moment.
func TestAnArchiveHasTheTilesOfTheDoor(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, c := range []struct{ layers, query, zooms string }{
		{"parcels", "", "8-16"}, {"parcels,zones,plan-units,networks,network-nodes", "", "8-14"},
		{"parcels", "&filter=" + escape("status = 'available'"), "12-15"}, {"networks", "", "0-14"},
		{"zones,parcels", "&datetime=" + escape("2100-01-01T00:00:00Z"), "16"},
	} {
		got := h.get("/api/parks/carbon-fibre/export?format=pmtiles&layer=" + c.layers + c.query + "&zooms=" + c.zooms)
		if got.StatusCode != http.StatusOK {
			t.Fatalf("%v: %d %s", c, got.StatusCode, got.body)
		}
		a := pmtilestest.Read(t, got.body)
		some := 0
		for _, at := range around(a) {
			var want []byte
			for layer := range strings.SplitSeq(c.layers, ",") {
				one := h.get(fmt.Sprintf("/api/parks/carbon-fibre/tiles/%s/%d/%d/%d?%s", layer, at.Z, at.X, at.Y,
					strings.TrimPrefix(c.query, "&")))
				if one.StatusCode != http.StatusOK && one.StatusCode != http.StatusNoContent {
					t.Fatalf("%v: %d %s", at, one.StatusCode, one.body)
				}
				want = append(want, one.body...)
			}
			tile, is := a.Tiles[at]
			if is != (len(want) > 0) || !bytes.Equal(tile, want) {
				t.Errorf("%v, %v: %d bytes, the door has %d", c, at, len(tile), len(want))
			}
			if is {
				some++
			}
		}
		if some != len(a.Tiles) || some == 0 {
			t.Errorf("%v: %d tiles lie in the bounds of %d", c, some, len(a.Tiles))
		}
	}
}

// An archive says of its layers what TileJSON says.
func TestAnArchiveDescribesItsLayersAsTileJSONDoes(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, lang := range []string{"zh", "en"} {
		a := pmtilestest.Read(t, h.get("/api/parks/carbon-fibre/export?format=pmtiles&zooms=3-7&lang="+lang).body)
		var d map[string]any
		if err := json.Unmarshal(h.get("/ogc/collections/parcels/tiles/WebMercatorQuad?f=tilejson&lang="+lang).body,
			&d); err != nil {
			t.Fatal(err)
		}
		for _, l := range d["vector_layers"].([]any) {
			l.(map[string]any)["minzoom"], l.(map[string]any)["maxzoom"] = 3.0, 7.0
		}
		if !reflect.DeepEqual(a.Metadata["vector_layers"], d["vector_layers"]) ||
			a.Metadata["attribution"] != d["attribution"] || !strings.Contains(fmt.Sprint(a.Metadata["name"]), "碳纤维") {
			t.Errorf("%s: %v\nwant %v", lang, a.Metadata, d)
		}
	}
}

// A member's archive has what the desk knows, as it was at the moment that is asked for.
func TestAnArchiveIsOfAMoment(t *testing.T) {
	t.Parallel()
	plots := squares(3)
	plots[1].Internal = true
	o := newOffice(t, plots...)
	planner := o.planner()
	read := func(who *colleague, query string) string {
		t.Helper()
		got := who.want(http.StatusOK, "GET", export+"pmtiles&zooms=16"+query, nil)
		var all strings.Builder
		a := pmtilestest.Read(t, []byte(got.text))
		for at, tile := range a.Tiles {
			_, _ = fmt.Fprintf(&all, "%v %q\n", at, tile)
		}
		lines := strings.Split(all.String(), "\n")
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	first := planner.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	planner.want(http.StatusCreated, "POST", records, o.hold(o.parcels[2]))
	hidden := o.parcels[1].String()
	now, then := read(planner, ""), read(planner, "&datetime="+escape(first.body["at"].(string)))
	for what, wrong := range map[string]bool{
		"now and then are the same":       now == then,
		"then nothing was held":           !strings.Contains(then, "held"),
		"a member misses a parcel":        !strings.Contains(now, hidden),
		"the public has a hidden parcel":  strings.Contains(read(o.public(), ""), hidden),
		"public=true has a hidden parcel": strings.Contains(read(planner, "&public=true"), hidden),
		"before the park there is a tile": read(planner, "&datetime=2000-01-01") != "\n{16 0 0} \"\"",
	} {
		if wrong {
			t.Error(what)
		}
	}
}
