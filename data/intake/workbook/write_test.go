package workbook_test

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"luodi/data/intake/workbook"
)

// without is a workbook of two cells of whose parts some are left out or changed, as programs write them.
func without(t *testing.T, change func(name, text string) (string, bool)) []byte {
	t.Helper()
	book, err := workbook.New("台账", []string{"项目", "投资"}, [][]any{{"甲", 5.0}})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := book.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	parts, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range parts.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if text, keep := change(part.Name, string(text)); keep {
			f, err := w.Create(part.Name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(f, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestABookWithoutStylesIsFilledIn: programs write books without a sheet of styles, or with a part of one.
func TestABookWithoutStylesIsFilledIn(t *testing.T) {
	t.Parallel()
	styled := regexp.MustCompile(` s="[0-9]+"`)
	for name, change := range map[string]func(name, text string) (string, bool){
		"whole": func(_, text string) (string, bool) { return text, true },
		"without styles": func(name, text string) (string, bool) {
			return styled.ReplaceAllString(text, ""), name != "xl/styles.xml"
		},
		"with a part of the styles": func(name, text string) (string, bool) {
			if name == "xl/styles.xml" {
				return `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts/></styleSheet>`, true
			}
			return styled.ReplaceAllString(text, ""), true
		},
	} {
		book, err := workbook.Open("file", without(t, change))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := book.Set("台账", "B", 2, "=1+1"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := book.Table("变更", []string{"行"}, [][]any{{2.0}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		raw, err := book.Bytes()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := workbook.Open("file", raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		grid, err := again.Read("台账")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cell := grid.Rows[1][1]
		if cell.Text != "=1+1" || cell.Formula || cell.Number != nil {
			t.Errorf("%s: the cell is %+v", name, cell)
		}
		sheets, err := again.Sheets()
		if err != nil || len(sheets) != 2 || !strings.HasPrefix(sheets[1].Name, "变更") {
			t.Errorf("%s: %v, %v", name, sheets, err)
		}
	}
}
