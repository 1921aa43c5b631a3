package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

// surveyed is a survey's exchange text of a hectare, in GBK where its first line is not.
const surveyed = "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n几度分带=3\r\n计量单位=米\r\n带号=41\r\n[地块坐标]\r\n" +
	"5,1.0,G-1,甲地块,面,,工业用地,,@\r\nJ1,1,4124000.000,41414000.000\r\nJ2,1,4124100.000,41414000.000\r\n" +
	"J3,1,4124100.000,41414100.000\r\nJ4,1,4124000.000,41414100.000\r\nJ1,1,4124000.000,41414000.000\r\n"

// TestImportCommandReadsSurveys: and names line, field, expected and came of what it refuses, in both languages.
func TestImportCommandReadsSurveys(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := filepath.Join(t.TempDir(), "勘测.txt")
	change := func(pairs ...string) []string { return pairs }
	for name, c := range map[string]struct {
		lang   string
		change []string
		args   []string
		code   int
		want   []string
	}{
		"as it is": {"en", nil, nil, exitDone, []string{"Survey TXT layer", "in EPSG:4550",
			"codes come from the field 地块编号",
			"the rows lie around 122.03", "10000.0000 m² legal"}},
		"its zone in the header alone": {"en", change(",41414", ",414"), nil, exitDone,
			[]string{"the zone stands in the file's header alone"}},
		"the next zone, without a word of the numbers": {"zh", change(",41414", ",414", "=41", "=40"), nil, exitDone,
			[]string{"投影带只写在文件头里", "各行在 119.03"}},
		"another system stated": {"en", nil, []string{"--crs", "EPSG:4549"}, exitFailed,
			[]string{"line 5 (带号): expected EPSG:4549 (2000国家大地坐标系 3° 40)", `got "41"`}},
		"Xi'an stated": {"zh", nil, []string{"--crs", "EPSG:2386"}, exitFailed,
			[]string{"第 2 行（坐标系）：应为 EPSG:2386 (1980西安坐标系 3° 41)", "得到 \"2000国家大地坐标系\""}},
		"no system": {"en", change("坐标系=2000国家大地坐标系", "坐标系="), nil, exitFailed,
			[]string{"state it, such as --crs EPSG:4550"}},
		"an old datum": {"en", change("2000国家大地坐标系", "1980西安坐标系"), nil, exitFailed, []string{"EPSG:2386", "--shift"}},
		"an area that doesn't fit": {"zh", change("5,1.0", "5,1.5"), nil, exitFailed,
			[]string{"第 1 行 G-1：第 7 行第 3 字（地块面积）：应为 1.0000 公顷（按界址点计算），得到 \"1.5\""}},
		"a line for a parcel": {"en", change("面", "线", "5,1.0", "5,0"), nil, exitFailed,
			[]string{"expected Polygon, got LineString"}},
	} {
		body := strings.NewReplacer(c.change...).Replace(surveyed)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"--lang", c.lang, "import", "--database", db.Source.URL, "--park", "north", "--layer",
			"parcels", "--dry-run"}, c.args...)
		code, out, errs := luodi(t, append(args, path)...)
		if code != c.code {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s: not told: %s\n%s%s", name, want, out, errs)
			}
		}
	}
}
