package message

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var placeholder = regexp.MustCompile(`\{[a-z][a-z0-9_]*\}`)

func TestEveryTextStandsInBothLanguagesWithTheSamePlaceholders(t *testing.T) {
	t.Parallel()
	if len(table) == 0 {
		t.Fatal("the table is empty")
	}
	for key, row := range table {
		if strings.TrimSpace(row.ZH) == "" || strings.TrimSpace(row.EN) == "" {
			t.Errorf("%s: zh %q, en %q: both must say something", key, row.ZH, row.EN)
		}
		zh, en := placeholder.FindAllString(row.ZH, -1), placeholder.FindAllString(row.EN, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if !slices.Equal(slices.Compact(zh), slices.Compact(en)) {
			t.Errorf("%s: placeholders differ: zh %v, en %v", key, zh, en)
		}
	}
}

func TestEveryKeyInTheGoCodeIsInTheTable(t *testing.T) {
	t.Parallel()
	call := regexp.MustCompile(`message\.Text\([^,]+, "([^"]+)"\s*[,)]`)
	found := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "var" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range call.FindAllStringSubmatch(string(body), -1) {
			found++
			if !Known(match[1]) {
				t.Errorf("%s asks for %q, which the table lacks", path, match[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("no call of message.Text found: the pattern no longer matches the code")
	}
}

func TestAKeyInTwoFilesIsRefused(t *testing.T) {
	t.Parallel()
	row := []byte(`{"k":{"zh":"一","en":"one"}}`)
	if _, err := load(fstest.MapFS{"a.json": {Data: row}, "b.json": {Data: row}}); err == nil {
		t.Error("a key that stands twice was taken")
	}
}

func TestAcceptLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Lang{
		"": ZH, "*": ZH, "*;q=0.5": ZH, "en, *;q=0.1": EN, "en-GB,en;q=0.9": EN, "zh-CN,zh;q=0.9,en;q=0.8": ZH,
		"fr, en;q=0.7, zh;q=0.3": EN, "de, zh;q=0.5": ZH, "de;q=0, zh;q=0.5": ZH, "de;q=0": ZH, "de, *;q=0.5": EN,
		"en;q=x": EN, "en;q=0": ZH, "en;q=0, zh;q=0.1": ZH, "zh;q=0, de": EN, "zh;q=NaN, en;q=0.5": EN,
		"en;q=0.2;x=1, zh ; q=0.1": EN, ",,": ZH,
	} {
		if got := FromAcceptLanguage(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

// TestServerAndPageChooseOneLanguage sends the lists of the page's own test as a browser writes them.
func TestServerAndPageChooseOneLanguage(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("testdata/asked.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Asked []string
		Lang  Lang
	}
	if err := json.Unmarshal(body, &rows); err != nil || len(rows) == 0 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows {
		header := ""
		for i, tag := range row.Asked {
			if i == 0 {
				header = tag
			} else {
				header += fmt.Sprintf(",%s;q=%.1f", tag, 1-0.1*float64(i))
			}
		}
		if got := FromAcceptLanguage(header); got != row.Lang {
			t.Errorf("%q: got %s, want %s", header, got, row.Lang)
		}
	}
}

func TestLocale(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]Lang{"": EN, "zh_CN.UTF-8": ZH, "C.UTF-8": EN, "en_US": EN} {
		if got := FromLocale(locale); got != want {
			t.Errorf("%q: got %s, want %s", locale, got, want)
		}
	}
}

func TestAMomentIsWrittenAsItsClocksShowIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 1, 31, 15, 59, 59, 0, time.UTC).In(time.FixedZone("", 8*3600))
	if zh, en := Moment(ZH, at), Moment(EN, at); zh != "2027年1月31日 23:59 UTC+08:00" ||
		en != "31 January 2027, 23:59 UTC+08:00" {
		t.Errorf("%s, %s", zh, en)
	}
}
