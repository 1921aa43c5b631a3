package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"luodi/api/problem"
	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/message"
)

// asItself makes the test binary the program: it carries out its arguments and ends.
const asItself = "LUODI_TEST_AS_ITSELF"

func TestMain(m *testing.M) {
	if os.Getenv(asItself) != "" {
		main()
	}
	storetest.Main(m)
}

const twoPlots = `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4550"}},"features":[
{"type":"Feature","properties":{"code":"A"},"geometry":{"type":"Polygon","coordinates":[[[414000,4124000],[414100,4124000],[414100,4124100],[414000,4124100],[414000,4124000]]]}},
{"type":"Feature","properties":{"code":"B"},"geometry":{"type":"Polygon","coordinates":[[[414050,4124000],[414150,4124000],[414150,4124100],[414050,4124100],[414050,4124000]]]}}]}`

// luodi runs the command as main does.
func luodi(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestImportCommand(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	dir := t.TempDir()
	file, report := filepath.Join(dir, "plots.geojson"), filepath.Join(dir, "report.json")
	if err := os.WriteFile(file, []byte(twoPlots), 0o600); err != nil {
		t.Fatal(err)
	}
	base := []string{"--lang", "en", "import", "--database", db.Source.URL, "--park", "north", "--layer", "parcels"}
	code, out, errs := luodi(t, append(base, "--report", report, file)...)
	if code != exitFailed || !strings.Contains(out, "row 2 B: overlaps row 1 A by 4999.9961 m²") ||
		!strings.Contains(out, "nothing was written") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	var told intake.ImportReport
	body, err := os.ReadFile(report)
	if err != nil || json.Unmarshal(body, &told) != nil || told.Refused != 1 || told.OverlapCount != 1 ||
		told.Refusals[0].Text == "" {
		t.Errorf("report: %v\n%s", err, body)
	}
	code, out, errs = luodi(t, append(base, "--skip-refused", "--json", file)...)
	if code != exitDone || json.Unmarshal([]byte(out), &told) != nil || told.Taken != 1 || told.Mu.String() != "15.00" {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	code, out, _ = luodi(t, "--lang", "zh", "import", "--database", db.Source.URL, "--park", "north", "--layer",
		"parcels", "--dry-run", "--skip-refused", file)
	if code != exitFailed || !strings.Contains(out, "编号已被园区 north 使用") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// An update says what it changes and what the file lacks; the same file again writes nothing and that is no failure.
func TestImportCommandUpdates(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	dir := t.TempDir()
	first, moved := filepath.Join(dir, "first.geojson"), filepath.Join(dir, "moved.geojson")
	apart := strings.ReplaceAll(twoPlots, "414050", "414100")
	for name, body := range map[string]string{first: apart, moved: strings.Replace(strings.ReplaceAll(apart, "414100",
		"414120"), `"B"`, `"C"`, 1)} {
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	base := []string{"--lang", "en", "import", "--database", db.Source.URL, "--park", "north", "--layer", "parcels"}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{first}, exitDone, "written as change 1"},
		{[]string{"--update", first}, exitDone, "the park has all of it already"},
		{[]string{"--update", moved}, exitFailed, "overlaps the park's parcel B"},
		{[]string{"--retire-missing", moved}, exitUsage, "--retire-missing: expected only with an update"},
		{[]string{"--update", "--retire-missing", "--dry-run", moved}, exitDone,
			"1 new, 1 changed, 0 unchanged, 1 retired"},
		{[]string{"--update", "--retire-missing", moved}, exitDone, "row 1 A: geometry"},
	} {
		code, out, errs := luodi(t, append(base[:len(base):len(base)], c.args...)...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%v: exit %d, want %d and %q\n%s%s", c.args, code, c.code, c.want, out, errs)
		}
	}
	if got := storetest.Number[string](t, db, `SELECT string_agg(code, ' ' ORDER BY code) FROM parcel_version
		WHERE to_seq IS NULL`); got != "A C" {
		t.Errorf("live are %s", got)
	}
}

func TestAFileDoesNotCommandTheTerminal(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	file := filepath.Join(t.TempDir(), "plots.geojson")
	body := strings.NewReplacer(`"A"`, `"A\n\u001b[2J"`, `"B"`, `"B\u202ex"`, `"code"`,
		`"code\u0007"`).Replace(twoPlots)
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"code\a", "none"} {
		_, out, errs := luodi(t, "--lang", "en", "import", "--database", db.Source.URL, "--park", "north", "--layer",
			"parcels", "--code-field", field, file)
		if strings.ContainsAny(out+errs, "\x1b\a\u202e") || strings.Contains(out, "\n[2J") ||
			!strings.Contains(out, `code\u0007`) {
			t.Errorf("%q", out+errs)
		}
	}
}

func TestImportCommandMistakes(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	file := filepath.Join(t.TempDir(), "plots.geojson")
	if err := os.WriteFile(file, []byte(twoPlots[:300]), 0o600); err != nil {
		t.Fatal(err)
	}
	base := []string{"--lang", "en", "import", "--database", db.Source.URL, "--layer", "parcels"}
	for want, c := range map[string]struct {
		code int
		args []string
	}{
		"the file is truncated: it breaks off at byte 300": {exitFailed, []string{"--park", "north", file}},
		"can't read":       {exitFailed, []string{"--park", "north", file + ".none"}},
		"--park: expected": {exitUsage, []string{"--park", "No Park", file}},
		"--crs: expected":  {exitUsage, []string{"--park", "north", "--crs", "somewhere", file}},
		"missing flags":    {exitUsage, []string{file}},
		"--map: expected":  {exitUsage, []string{"--park", "north", "--map", "colour=x", file}},
		"--set: expected": {exitUsage, []string{"--park", "north", "--land-use", "1001", "--map", "land_use=x",
			file}},
		"must be one of":      {exitUsage, []string{"--park", "north", "--publication", "secret", file}},
		"--shift: expected":   {exitUsage, []string{"--park", "north", "--shift", "1,2", file}},
		"expected \"<file>\"": {exitUsage, []string{"--park", "north"}},
	} {
		code, out, errs := luodi(t, append(base[:len(base):len(base)], c.args...)...)
		if code != c.code || !strings.Contains(out+errs, want) {
			t.Errorf("%v: exit %d, want %d and %q\n%s%s", c.args, code, c.code, want, out, errs)
		}
	}
}

func TestEveryFaultHasItsText(t *testing.T) {
	t.Parallel()
	for _, code := range append(file.Codes, intake.ImportFaults...) {
		if !message.Known("import.fault." + code) {
			t.Errorf("the table lacks import.fault.%s", code)
		}
	}
	said := regexp.MustCompile(`\.(?:say|text|note)\("(import\.[^"]+)"`)
	for _, name := range []string{"import.go", "import_print.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range said.FindAllSubmatch(source, -1) {
			if !message.Known(string(match[1])) {
				t.Errorf("%s says %s, which the table lacks", name, match[1])
			}
		}
	}
	for _, lang := range []message.Lang{message.ZH, message.EN} {
		got := problem.Fault(lang, problem.Command, &file.Fault{Code: "invalid_shape", Field: "Ring Self-intersection",
			Got: "1 2"})
		if strings.Contains(got, "Ring Self") || !strings.Contains(got, "1 2") {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

func TestABadImportIsExplainedInChinese(t *testing.T) {
	t.Parallel()
	sentence := regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}\b`)
	words := func(rule geo.Rule, args ...any) *geo.Words {
		w := geo.Say(rule, args...)
		return &w
	}
	for _, f := range []file.Fault{
		{Code: "value", Field: "cadastral_no (ZDDM)", Words: words("code.cadastral"), Got: "1"},
		{Code: "value", Field: "legal_m2", Words: words("area.above_0"), Got: "0"},
		{Code: "value", Field: "land_use", Words: words("code.land_use"), Got: "x"},
		{Code: "value", Field: "function", Words: words("one_of", "values", "production, reserve"), Got: "x"},
		{Code: "json_invalid", Field: "line 3, byte 40", Where: words("place.line", "line", 3, "byte", 40),
			Words: words("json.end"), Got: "'x'"},
		{Code: "bad_geometry", Field: "geometry", Words: words("geometry.standard"), Got: "flags 00000000"},
		{Code: "truncated", Field: "line 1, byte 9", Where: words("place.line", "line", 1, "byte", 9), Got: "9"},
	} {
		if got := problem.Fault(message.ZH, problem.Command, &f); sentence.MatchString(strings.ReplaceAll(got, f.Got,
			"")) ||
			!strings.Contains(got, f.Got) {
			t.Errorf("%s: %s", f.Code, got)
		}
	}
	for _, args := range [][]string{{"--park", "B A D"}, {"--park", "x", "--shift", "1,2"},
		{"--park", "x", "--map", "none=1"}, {"--park", "x", "--set", "none=1"}, {"--park", "x", "--crs", "nowhere"}} {
		code, _, errs := luodi(t, append([]string{"--lang", "zh", "import", "--database",
			"postgres://127.0.0.1:1/none", "--layer", "parcels", filepath.Join(t.TempDir(), "none.geojson")},
			args...)...)
		if code == exitDone || sentence.MatchString(strings.Split(errs, "\n")[0]) {
			t.Errorf("%v: exit %d, %s", args, code, errs)
		}
	}
}
