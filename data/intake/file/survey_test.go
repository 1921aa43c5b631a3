package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const surveyHead = "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n几度分带=3\r\n计量单位=米\r\n带号=41\r\n[地块坐标]\r\n"

const surveyLand = "5,0.9,G-1,甲地块,面,J50,工业用地,0601,@\r\nJ1,1,4124000,41414000\r\nJ2,1,4124100,41414000\r\n" +
	"J3,1,4124100,41414100\r\nJ4,1,4124000,41414100\r\nJ1,1,4124000,41414000\r\n" +
	"J5,2,4124010,41414010\r\nJ6,2,4124010,41414030.5\r\nJ7,2,4124058.780,41414030.5\r\nJ8,2,4124058.780,41414010\r\n"

func TestSurveyTextGivesRows(t *testing.T) {
	t.Parallel()
	body := strings.Replace(surveyHead+surveyLand, "5,0.9", "9,0.9000", 1)
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"UTF-8": write(t, "a.txt", []byte(body)), "GBK": write(t, "a", gbk),
		"gzip": write(t, "a.gz", gzipped(t, gbk)), "zip": write(t, "a.zip", zipped(t,
			map[string][]byte{"a.txt": []byte(body)}))} {
		info, rows, err := readAll(path, Options{})
		if err != nil || len(rows) != 1 || rows[0].Fault != nil {
			t.Errorf("%s: %+v, %v", name, rows, err)
			continue
		}
		if info.Format != "Survey TXT" || info.EPSG != 4550 || info.Rows != 1 || info.Unproven ||
			!strings.Contains(info.CRS, "带号=41") {
			t.Errorf("%s: %+v", name, info)
		}
		values := map[string]string{"地块编号": "G-1", "地块名称": "甲地块", "记录图形属性": "面", "图幅号": "J50", "地块用途": "工业用地",
			"地类编码": "0601", "legal_m2": "9000.0000"}
		if diff := cmp.Diff(values, rows[0].Values); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		const want = "POLYGON((414000 4.124e+06,414000 4.1241e+06,414100 4.1241e+06,414100 4.124e+06,414000 4.124e+06)," +
			"(414010 4.12401e+06,414030.5 4.12401e+06,414030.5 4.12405878e+06,414010 4.12405878e+06,414010 4.12401e+06))"
		if got := text(t, rows[0].Shape); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestSurveyTextSaysWhatItsSystemRestsOn(t *testing.T) {
	t.Parallel()
	plain := strings.NewReplacer(",41414", ",414", "5,0.9", "9,").Replace(surveyHead + surveyLand)
	headless := strings.Replace(surveyLand, "5,0.9", "9,", 1)
	for name, c := range map[string]struct {
		body     string
		opts     Options
		epsg     int
		unproven bool
	}{
		"the header alone":     {plain, Options{}, 4550, true},
		"the caller too":       {plain, Options{CRS: 4550}, 4550, false},
		"its eastings":         {strings.Replace(surveyHead+surveyLand, "5,0.9", "9,", 1), Options{}, 4550, false},
		"nothing":              {headless, Options{}, 0, false},
		"the caller alone":     {headless, Options{CRS: 4529}, 4529, false},
		"the header, of Xi'an": {strings.Replace(plain, "2000国家大地坐标系", "1980西安坐标系", 1), Options{}, 2386, true},
		"degrees of a datum": {"坐标系=CGCS2000\n37.2,122.1\n37.3,122.1\n37.3,122.2\n[地块坐标]\n", Options{}, 4490,
			false},
		"degrees of no datum": {"[地块坐标]\n37.2,122.1\n37.3,122.1\n37.3,122.2\n", Options{}, 0, false},
		"a line, for networks": {surveyHead + "2,,L1,管,线,,,@\nJ1,1,4124000,41414000\nJ2,1,4124100,41414000\n",
			Options{}, 4550, false},
		"a line without a count": {surveyHead + ",,L1,管,线,,,@\nJ1,1,4124000,41414000\nJ2,1,4124100,41414000\n",
			Options{}, 4550, false},
	} {
		info, rows, err := readAll(write(t, "a.txt", []byte(c.body)), c.opts)
		if err != nil || len(rows) != 1 || rows[0].Fault != nil || info.EPSG != c.epsg || info.Unproven != c.unproven {
			t.Errorf("%s: %+v, %+v, %v", name, info, rows, err)
			continue
		}
		if line := strings.Contains(name, "line"); line != (rows[0].Shape.Kind == LineString) || line &&
			rows[0].Values["legal_m2"] != "" {
			t.Errorf("%s: %v %v", name, rows[0].Shape.Kind, rows[0].Values)
		}
	}
}

// TestSurveyTextRefusesByLine: what is wrong with a parcel is its row's fault; of the header, the file's.
func TestSurveyTextRefusesByLine(t *testing.T) {
	t.Parallel()
	_, rows, err := readAll(write(t, "a.txt", []byte(surveyHead+surveyLand+strings.Replace(surveyLand, "5,0.9",
		"9,0.9", 1))), Options{})
	if err != nil || len(rows) != 2 || rows[0].Fault == nil || rows[0].Fault.Code != SurveyText ||
		rows[1].Fault != nil {
		t.Fatalf("%+v, %v", rows, err)
	}
	if f := rows[0].Fault; f.Field != "7:1 界址点数" || f.Where == nil || f.Words == nil || f.Got == "" ||
		rows[0].Values["地块编号"] != "G-1" {
		t.Errorf("%+v", f)
	}
	for name, c := range map[string]struct {
		body string
		opts Options
		at   string
	}{
		"another system than stated": {surveyHead + surveyLand, Options{CRS: 4549}, "5:0 带号"},
		"Xi'an against CGCS2000":     {surveyHead + surveyLand, Options{CRS: 2386}, "2:0 坐标系"},
		"a zone against a prefix":    {strings.Replace(surveyHead, "=41", "=40", 1) + surveyLand, Options{}, "8:14 Y"},
		"a lost encoding":            {surveyHead + "\ufffd", Options{}, "7:1 "},
	} {
		_, _, err := readAll(write(t, "a.txt", []byte(c.body)), c.opts)
		if f := faultOf(t, err); f.Code != SurveyText || f.Field != c.at {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestANoteBesideAFileIsNoSurvey: a zip with a file of land and a text beside it holds one file of land.
func TestANoteBesideAFileIsNoSurvey(t *testing.T) {
	t.Parallel()
	land := collectionOf(featureOf(`{"type":"Point","coordinates":[1,2]}`))
	info, _, err := readAll(write(t, "a.zip", zipped(t, map[string][]byte{"readme.txt": []byte("read me"),
		"a.geojson": []byte(land)})), Options{})
	if err != nil || info.Format != "GeoJSON" {
		t.Errorf("%+v, %v", info, err)
	}
	_, _, err = readAll(write(t, "a.zip", zipped(t, map[string][]byte{"readme.txt": []byte("read me"),
		"a.txt": []byte(surveyHead + surveyLand)})), Options{})
	if f := faultOf(t, err); f.Code != PackContent {
		t.Errorf("%+v", f)
	}
	_, _, err = readAll(write(t, "a.txt", []byte("read me")), Options{})
	if f := faultOf(t, err); f.Code != FormatUnknown || !strings.Contains(f.Expected, "Survey TXT") {
		t.Errorf("%+v", f)
	}
}

// TestSharedSurveyTexts reads the texts that lie beside the repository on some machines.
func TestSharedSurveyTexts(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, root := range []string{"../../../../shared", "../../../../../shared"} {
		found, _ := filepath.Glob(root + "/cases/survey-txt/*.txt")
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		t.Skip("no folder of survey texts beside the repository")
	}
	for _, path := range paths {
		info, rows, err := readAll(path, Options{CRS: 4550})
		if err != nil || rows[0].Fault != nil || rows[0].Shape.Kind != Polygon {
			if !strings.Contains(path, "TRAP") {
				t.Errorf("%s: %v, %+v", path, err, rows)
			}
		} else if strings.Contains(path, "TRAP") || info.EPSG != 4550 {
			t.Errorf("%s is taken: %+v", path, rows)
		}
	}
}

func FuzzSurveyText(f *testing.F) {
	f.Add([]byte(surveyHead + surveyLand))
	f.Add([]byte("37.2,122.1\n37.3,122.1\n37.3,122.2\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		opened, err := openFile(t.Context(), path, small)
		if err != nil {
			return
		}
		reader, err := newSurveyText(opened, Options{Limits: small})
		checkReader(t, reader, err)
		_ = opened.Close()
	})
}
