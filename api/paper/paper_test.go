package paper

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"luodi/api/page"
	"luodi/message"
)

// press is the press of the built page.
func press(t testing.TB) *Press {
	t.Helper()
	p, err := Load(os.DirFS("../../web/dist"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the page isn't built: make web")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// some is a page of a plan and so many facts.
func some(t testing.TB, width, height float64, facts int) *page.Page {
	t.Helper()
	shape, err := page.ParseShape([]byte(`{"type":"Polygon","coordinates":[[[122,37],[122.002,37],[122.002,37.001],[122,37.001],[122,37]],
		[[122.0005,37.0003],[122.0005,37.0006],[122.001,37.0006],[122.001,37.0003],[122.0005,37.0003]]]}`))
	if err != nil {
		t.Fatal(err)
	}
	shape.Class, shape.Label = "available", "TX-L04"
	code, err := page.NewQR("QR", "http://127.0.0.1:8080/sites/carbon-fibre/TX-L04?lang=zh", "http://127.0.0.1:8080/sites/carbon-fibre/TX-L04")
	if err != nil {
		t.Fatal(err)
	}
	table := &page.Table{}
	for i := range facts {
		table.Rows = append(table.Rows, []page.Cell{{Text: fmt.Sprintf("事实 %d", i), Head: true},
			{Text: "29.26 亩（19,506.67 平方米；1.95 公顷；4.82 英亩）。"}})
	}
	return &page.Page{Title: "TX-L04 · 碳纤维产业园", Lead: "可供，29.26 亩，二类工业用地", Sections: []page.Section{
		{Drawing: &page.Drawing{Shapes: []page.Shape{shape}, Legend: []page.Key{{Class: "available", Text: "可供"}},
			Scale: func(m float64) string { return page.Metres(m, "米", "千米") },
			Paper: &page.Paper{Width: width, Height: height, North: "北", Scale: func(n int) string { return fmt.Sprint("1:", n) }}}},
		{Table: table}, {Title: "相邻地块", Table: &page.Table{Head: []string{"名称", "要求", "来源"}, Rows: [][]page.Cell{
			{{Text: "容积率"}, {Text: "0.7 – 1.8"}, {Text: strings.Repeat("控制性详细规划 2024 Plan ", 12)}}}}},
		{QR: code}, {Text: "数据截至 2026-11-28。"}}}
}

// TestPaperBreaksBetweenRows: a long table goes on on the next sheet, whose number all sheets know.
func TestPaperBreaksBetweenRows(t *testing.T) {
	t.Parallel()
	p := press(t)
	for facts, sheets := range map[int]int{2: 1, 100: 3} {
		file, err := p.PDF(some(t, A4PlanWidth, A4PlanHeight, facts), About{Lang: message.ZH, Foot: "foot"})
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(file, []byte("/Type /Page\n")); n != sheets {
			t.Errorf("%d facts stand on %d sheets, want %d", facts, n, sheets)
		}
		look(t, fmt.Sprint("facts", facts, ".pdf"), file)
	}
}

// look keeps a file where LUODI_LOOK names a folder, for eyes.
func look(t *testing.T, name string, file []byte) {
	t.Helper()
	if to := os.Getenv("LUODI_LOOK"); to != "" {
		if err := os.WriteFile(to+"/"+name, file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestALongPictureIsBounded: what is longer than a chat can show ends.
func TestALongPictureIsBounded(t *testing.T) {
	t.Parallel()
	p := press(t)
	high := map[int]int{}
	for _, facts := range []int{5, 20, 400} {
		file, err := p.Picture(some(t, PicturePlanWidth, PicturePlanHeight, facts), About{Lang: message.ZH})
		if err != nil {
			t.Fatal(err)
		}
		look(t, fmt.Sprint("long", facts, ".png"), file)
		at, err := png.DecodeConfig(bytes.NewReader(file))
		if err != nil || at.Width != 1080 {
			t.Fatalf("%+v, %v", at, err)
		}
		high[facts] = at.Height
	}
	if !(high[5] < high[20] && high[20] < high[400]) || high[400] != mostLength*pictureDots {
		t.Errorf("heights %v", high)
	}
	file, err := p.Card(some(t, CardPlanWidth, CardPlanHeight, 5), About{Lang: message.ZH})
	if err != nil {
		t.Fatal(err)
	}
	look(t, "card.png", file)
}

// TestTextBreaksAsChineseDoes: no line begins with a mark that ends a phrase, no word is torn, every line fits.
func TestTextBreaksAsChineseDoes(t *testing.T) {
	t.Parallel()
	f := &press(t).faces.regular
	const text = "本地块位于碳纤维产业园，南临滨海大道（规划）；供电、供水已通，composite parts 与 prepreg 相邻。"
	for width := 20.0; width < 90; width += 3 {
		lines := f.lines(text, 4, width)
		for i, line := range lines {
			if f.wide(line, 4) > width {
				t.Errorf("%.0f mm: %q is wider", width, line)
			}
			if i > 0 && strings.ContainsRune("，；、。）", []rune(line)[0]) {
				t.Errorf("%.0f mm: %q begins a line", width, line)
			}
		}
		if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
			t.Errorf("%.0f mm: %q is lost of", width, got)
		}
	}
}

// TestTextOfAnyCharacterIsPrinted: what the type lacks becomes a box, and nothing fails.
func TestTextOfAnyCharacterIsPrinted(t *testing.T) {
	t.Parallel()
	p := press(t)
	of := some(t, A4PlanWidth, A4PlanHeight, 1)
	of.Title = "𠮷田 \x00\t\n😀 ) ( \\ 昇"
	if _, err := p.PDF(of, About{Lang: message.EN, Foot: of.Title}); err != nil {
		t.Error(err)
	}
	if got := p.faces.regular.plain("𠮷田"); got != "□田" {
		t.Errorf("%q", got)
	}
}

// TestADamagedTypeIsRefused at every length, and with any byte of its head changed.
func TestADamagedTypeIsRefused(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile("../../web/dist/" + regularFile)
	if err != nil {
		t.Skip("the page isn't built: make web")
	}
	for _, n := range []int{0, 3, 44, 60, 500, len(whole) / 2, len(whole) - 400_000} {
		if _, err := readFace(whole[:n]); err == nil {
			t.Errorf("%d bytes are taken", n)
		}
	}
	for i := range 60 {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x55
		_, _ = readFace(damaged) // some bytes say nothing of weight; none may end the program
	}
	if _, err := Load(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unbuilt page: %v", err)
	}
}
