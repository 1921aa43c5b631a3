package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/intake"
	"luodi/data/store/storetest"
	"luodi/message"
)

// apart is two parcels 5 mm from each other, and one narrower than a tolerance of 2 cm.
const apart = `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4550"}},"features":[
{"type":"Feature","properties":{"code":"A"},"geometry":{"type":"Polygon","coordinates":[[[414000,4124000],[414100,4124000],[414100,4124080],[414000,4124080],[414000,4124000]]]}},
{"type":"Feature","properties":{"code":"B"},"geometry":{"type":"Polygon","coordinates":[[[414100.005,4124000],[414200,4124000],[414200,4124080],[414100.005,4124080],[414100.005,4124000]]]}},
{"type":"Feature","properties":{"code":"C"},"geometry":{"type":"Polygon","coordinates":[[[414300,4124000],[414300.015,4124000],[414300.015,4124100],[414300,4124100],[414300,4124000]]]}}]}`

// TestImportCommandTellsAndMendsFlaws in both languages, in a dry run too.
func TestImportCommandTellsAndMendsFlaws(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := filepath.Join(t.TempDir(), "apart.geojson")
	if err := os.WriteFile(path, []byte(apart), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang string
		args []string
		want []string
	}{
		{"en", nil, []string{"flaws of the drawing (within 0.02 m): gap: 1, vertices beside each other: 2",
			"gap A, B: up to 0.0050 m wide, 80.00 m long, 0.3975 m² (122.0318", "--snap 0.02 brings"}},
		{"zh", nil, []string{"缝隙 1 处", "加 --snap 0.02"}},
		{"en", []string{"--snap", "0.02"}, []string{"brought together within 0.02 m: 1 parcels", "mended: gap: 1",
			"row 2 B: 7999.60", "left as they are: 1", "row 3 C: it or a part of it is narrower than the tolerance"}},
		{"zh", []string{"--snap", "0.02"}, []string{"对齐了 1 块", "已修正：缝隙 1 处", "第 3 行 C：整块或其一部分窄于容差"}},
	} {
		code, out, errs := luodi(t, append([]string{"--lang", c.lang, "import", "--database", db.Source.URL, "--park",
			"north", "--layer", "parcels", "--dry-run", path}, c.args...)...)
		for _, want := range c.want {
			if code != exitDone || !strings.Contains(out, want) {
				t.Errorf("%s %v: exit %d, no %q in\n%s%s", c.lang, c.args, code, want, out, errs)
			}
		}
	}
	code, _, errs := luodi(t, "--lang", "en", "import", "--database", db.Source.URL, "--park", "north", "--layer",
		"parcels", "--snap", "2", path)
	if code != exitUsage || !strings.Contains(errs, "--snap: expected 0.001 to 0.5, got 2") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

// TestEveryFlawHasItsText: kinds and reasons, in the table of messages.
func TestEveryFlawHasItsText(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, kind := range intake.FlawKinds {
		keys = append(keys, "import.flaw."+string(kind))
	}
	for _, why := range intake.UnsnappedReasons {
		keys = append(keys, "import.left."+string(why))
	}
	for _, key := range keys {
		if !message.Known(key) {
			t.Errorf("the table lacks %s", key)
		}
	}
}
