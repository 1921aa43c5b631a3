package api_test

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// surveyOf is an exchange text of a hectare and, within it, a hole of 20 × 30 m, changed by pairs of texts.
func surveyOf(changed ...string) string {
	return strings.NewReplacer(changed...).Replace("[属性描述]\r\n坐标系=2000国家大地坐标系\r\n几度分带=3\r\n计量单位=米\r\n带号=41\r\n" +
		"[地块坐标]\r\n9,0.94,G-1,甲地块,面,,工业用地,,@\r\nJ1,1,4124000.000,41414000.000\r\nJ2,1,4124100.000,41414000.000\r\n" +
		"J3,1,4124100.000,41414100.000\r\nJ4,1,4124000.000,41414100.000\r\nJ1,1,4124000.000,41414000.000\r\n" +
		"J5,2,4124010.000,41414010.000\r\nJ6,2,4124030.000,41414010.000\r\nJ7,2,4124030.000,41414040.000\r\n" +
		"J8,2,4124010.000,41414040.000\r\n")
}

// TestASurveysTextIsReadByTheAPI: to parcels in degrees with the survey's own areas, whatever its dialect.
func TestASurveysTextIsReadByTheAPI(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(surveyOf())
	if err != nil {
		t.Fatal(err)
	}
	file := func(body string) object { return object{"file": base64.StdEncoding.EncodeToString([]byte(body))} }
	for name, body := range map[string]object{
		"text": {"text": surveyOf()}, "file": file(surveyOf()), "GBK": file(gbk), "area": {"text": surveyOf(),
			"figure": "area"},
		"no header":    {"text": surveyOf("[属性描述]\r\n坐标系=2000国家大地坐标系\r\n几度分带=3\r\n计量单位=米\r\n带号=41\r\n[地块坐标]\r\n", "")},
		"no prefix":    {"text": surveyOf(",41414", ",414")},
		"another unit": {"text": surveyOf("0.94", "14.1亩")},
	} {
		got := p.want(http.StatusOK, "POST", "/api/parks/desk/survey-text", body).body
		if len(got["faults"].([]any)) > 0 || len(got["features"].([]any)) != 1 || got["crs"] != "EPSG:4550" ||
			got["type"] != "FeatureCollection" {
			t.Errorf("%s: %v", name, got)
			continue
		}
		feature := got["features"].([]any)[0].(object)
		told := feature["properties"].(object)
		if fmt.Sprintf("%v %v %v %v %v", told["legal_m2"], told["measured_m2"], told["corners"], told["code"],
			told["figure"]) != "9400 9400 8 G-1 area" {
			t.Errorf("%s: %v", name, told)
		}
		rings := feature["geometry"].(object)["coordinates"].([]any)
		first := rings[0].([]any)[0].([]any)
		if len(rings) != 2 || len(rings[0].([]any)) != 5 || math.Abs(first[0].(float64)-122.0306) > 1e-3 ||
			math.Abs(first[1].(float64)-37.2456) > 3e-3 {
			t.Errorf("%s: %v", name, rings)
		}
	}
	line := p.want(http.StatusOK, "POST", "/api/parks/desk/survey-text",
		object{"text": "4124000 414000\n4124100 414000", "figure": "line"})
	feature := line.body["features"].([]any)[0].(object)
	if feature["geometry"].(object)["type"] != "LineString" || feature["properties"].(object)["legal_m2"] != nil {
		t.Error(line.text)
	}
	node := p.want(http.StatusOK, "POST", "/api/parks/desk/survey-text", object{"text": "4124000 414000",
		"figure": "line"})
	if node.body["features"].([]any)[0].(object)["geometry"].(object)["type"] != "Point" {
		t.Error(node.text)
	}
}

// TestASurveysFaultsAreToldByLine: in the language of the reader; nothing of such a text is to be used.
func TestASurveysFaultsAreToldByLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	for name, c := range map[string]struct {
		text, query string
		line        float64
		want        string
	}{
		"an old datum": {surveyOf("2000国家大地坐标系", "1980西安坐标系"), "?lang=zh", 2,
			`第 2 行（坐标系）：应为 EPSG:4550 (2000国家大地坐标系 3° 41)，即所说明的或园区的坐标系，得到 "1980西安坐标系"`},
		"another zone": {surveyOf(",41414", ",414", "=41", "=40"), "?lang=en", 5,
			`line 5 (带号): expected EPSG:4550 (2000国家大地坐标系 3° 41), the system that was stated or is the park's, got "40"`},
		"an area": {surveyOf("0.94", "1.0"), "?lang=en", 7,
			`line 7, column 3 (地块面积): expected 0.9400 公顷, by the corners, got "1.0"`},
		"a line": {surveyOf("面,", "线,"), "?lang=en", 7, `line 7, column 16 (记录图形属性): expected 面, got "线"`},
		"a word": {surveyOf("4124100.000,41414000.000", "4124100.000,x"), "?lang=en", 9,
			`line 9, column 18 (Y): expected a decimal`},
		"a swap": {surveyOf("4124000.000,41414000.000", "41414000.000,4124000.000"), "?lang=zh", 8, "应为 先北（X）后东（Y）"},
	} {
		got := p.want(http.StatusOK, "POST", "/api/parks/desk/survey-text"+c.query, object{"text": c.text,
			"figure": "area"}).body
		faults := got["faults"].([]any)
		if len(got["features"].([]any)) > 0 || len(faults) == 0 {
			t.Errorf("%s: %v", name, got)
			continue
		}
		fault := faults[0].(object)
		if fault["line"] != c.line || !strings.Contains(fault["text"].(string), c.want) || fault["expected"] == "" ||
			fault["got"] == "" {
			t.Errorf("%s: %v", name, fault)
		}
	}
	for name, c := range map[string]struct {
		body  object
		field string
	}{
		"both":           {object{"text": "x", "file": "eA=="}, "file"},
		"a large text":   {object{"text": strings.Repeat("x", 1<<20+1)}, "text"},
		"a large file":   {object{"file": base64.StdEncoding.EncodeToString(make([]byte, 1<<20+1))}, "file"},
		"another figure": {object{"text": "x", "figure": "point"}, "figure"},
		"too much":       {object{"text": strings.Repeat("x", 3<<20)}, "body"},
	} {
		got := p.do("POST", "/api/parks/desk/survey-text", c.body)
		if got.status != http.StatusBadRequest && got.status != http.StatusRequestEntityTooLarge || !strings.HasSuffix(
			fmt.Sprint(got.body["field"]), c.field) {
			t.Errorf("%s: %d %.300s", name, got.status, got.text)
		}
	}
	if n := o.texts(`SELECT count(*)::text FROM record`); len(n) != 1 {
		t.Error(n)
	}
}

// TestSharedSurveyTextsInTheAPI reads the texts that lie beside the repository on some machines.
func TestSharedSurveyTextsInTheAPI(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, root := range []string{"../../shared", "../../../shared"} {
		found, _ := filepath.Glob(root + "/cases/survey-txt/*.txt")
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		t.Skip("no folder of survey texts beside the repository")
	}
	p := newOffice(t, squares(1)...).planner()
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := p.want(http.StatusOK, "POST", "/api/parks/desk/survey-text",
			object{"file": base64.StdEncoding.EncodeToString(body), "figure": "area"}).body
		if trap := strings.Contains(path, "TRAP"); trap != (len(got["features"].([]any)) == 0) ||
			trap != (len(got["faults"].([]any)) > 0) {
			t.Errorf("%s: %v", path, got)
		}
	}
}
