package outlet

import (
	"archive/zip"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"luodi/data/feed"
	"luodi/geo"
)

// xlsx writes a workbook: a sheet a layer, heads in both languages, typed cells, totals below. Texts are written as
// texts: none can become a formula. Rows go to disk as they come (excelize's stream writer).
type xlsx struct {
	*paper
	book   *excelize.File
	sheet  *excelize.StreamWriter
	styles bookStyles
	layer  *Layer
	at     int // the row that is written next, from 1
	cells  []any
	sums   []geo.Area // by field, of those in square metres
	summed []bool     // whether any was known
}

type bookStyles struct{ head, instant, day, area, mu, number, total int }

// sheetMost is how many rows of features a sheet takes, beside the heads and the totals.
const sheetMost = 1_048_576 - 4

func openXLSX(p *paper) (sink, error) {
	x := &xlsx{paper: p}
	var err error
	x.book, x.styles, err = newBook(p)
	return x, err
}

// newBook makes an empty workbook and its styles. What it says of its own time is the state's.
func newBook(p *paper) (*excelize.File, bookStyles, error) {
	book := excelize.NewFile(excelize.Options{TmpDir: p.dir})
	at := p.At.UTC().Format("2006-01-02T15:04:05Z")
	if err := book.SetDocProps(&excelize.DocProperties{Creator: "Luodi", Created: at, Modified: at,
		Title: p.Title}); err != nil {
		return nil, bookStyles{}, err
	}
	var s bookStyles
	format := func(text string) *excelize.Style { return &excelize.Style{CustomNumFmt: &text} }
	for _, style := range []struct {
		to *int
		as *excelize.Style
	}{
		{&s.head, &excelize.Style{Font: &excelize.Font{Bold: true},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EFE9DA"}}}},
		{&s.instant, format("yyyy-mm-dd hh:mm:ss")}, {&s.day, format("yyyy-mm-dd")}, {&s.area, format("#,##0.0000")},
		{&s.mu, format("#,##0.00")}, {&s.number, format("0.000")},
		{&s.total, &excelize.Style{Font: &excelize.Font{Bold: true}, CustomNumFmt: new(string)}},
	} {
		if style.as.CustomNumFmt != nil && *style.as.CustomNumFmt == "" {
			*style.as.CustomNumFmt = "#,##0.00##"
		}
		id, err := book.NewStyle(style.as)
		if err != nil {
			return nil, s, err
		}
		*style.to = id
	}
	return book, s, nil
}

// Close lets go of the rows on disk.
func (x *xlsx) Close() error { return x.book.Close() }

func (x *xlsx) begin(l *Layer) error {
	if err := x.finish(); err != nil {
		return err
	}
	name := sheetName(l.Title.In(x.English))
	if x.layer == nil {
		if err := x.book.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := x.book.NewSheet(name); err != nil {
		return err
	}
	x.layer = l
	x.sums, x.summed = make([]geo.Area, len(l.Fields)), make([]bool, len(l.Fields))
	var err error
	if x.sheet, err = x.book.NewStreamWriter(name); err != nil {
		return err
	}
	return x.heads()
}

// sheetName is a name as Excel takes it.
func sheetName(name string) string {
	runes := []rune(name)
	return string(runes[:min(31, len(runes))])
}

// heads writes the names of the columns: in Chinese, in English, and as feeds have them.
func (x *xlsx) heads() error {
	l := x.layer
	widths := []int{12}
	for _, f := range l.Fields {
		widths = append(widths, max(10, min(28, 2+len([]rune(f.Title.ZH))*2)))
	}
	for i, width := range widths {
		if err := x.sheet.SetColWidth(i+1, i+1, float64(width)); err != nil {
			return err
		}
	}
	if err := x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for row, head := range []func(f *Field) string{
		func(f *Field) string { return f.Title.ZH + inUTC(f) }, func(f *Field) string { return f.Title.EN + inUTC(f) },
		func(f *Field) string { return f.Name },
	} {
		cells := []any{excelize.Cell{StyleID: x.styles.head, Value: []string{"编号", "Id", "id"}[row]}}
		for i := range l.Fields {
			cells = append(cells, excelize.Cell{StyleID: x.styles.head, Value: head(&l.Fields[i])})
		}
		if err := x.sheet.SetRow("A"+strconv.Itoa(row+1), cells); err != nil {
			return err
		}
	}
	x.at = 4
	return nil
}

func inUTC(f *Field) string {
	if f.Kind == feed.Instant {
		return " (UTC)"
	}
	return ""
}

func (x *xlsx) row(r *Row) error {
	if x.at > sheetMost {
		return geo.NewInvalid("format", "outlet.too_many", x.layer.ID, "format", "Excel", "n", sheetMost-3)
	}
	x.cells = append(x.cells[:0], r.ID.String())
	for i := range r.Values {
		x.cells = append(x.cells, x.cell(i, &r.Values[i]))
	}
	err := x.sheet.SetRow("A"+strconv.Itoa(x.at), x.cells)
	x.at++
	return err
}

func (x *xlsx) cell(i int, v *feed.Value) any {
	f := &x.layer.Fields[i]
	switch {
	case v.Null:
		return nil
	case f.Kind == feed.Integer:
		return v.Int
	case f.Kind == feed.Boolean:
		return v.Bool
	case f.Kind == feed.Instant:
		return excelize.Cell{StyleID: x.styles.instant, Value: v.Time}
	case f.Kind == feed.Day:
		return excelize.Cell{StyleID: x.styles.day, Value: v.Time}
	case f.Kind == feed.Mu:
		return excelize.Cell{StyleID: x.styles.mu, Value: v.Float}
	case f.Unit == "m2":
		if area, err := geo.ParseArea(string(v.Text)); err == nil {
			x.sums[i], x.summed[i] = x.sums[i].Add(area), true
		}
		return excelize.Cell{StyleID: x.styles.area, Value: v.Float}
	case f.Kind == feed.Number, f.Kind == feed.Decimal:
		return v.Float
	}
	return string(v.Text)
}

// totals writes the sums below the rows. Those in mu are of the exact square metres, not of what is rounded.
func (x *xlsx) totals() error {
	cells := []any{excelize.Cell{StyleID: x.styles.total, Value: x.Words.Say("outlet.total").Both()}}
	for i := range x.layer.Fields {
		f, of := &x.layer.Fields[i], i
		if f.Kind == feed.Mu {
			of = x.layer.field(mu2(f.Name))
		}
		switch {
		case of < 0 || !x.summed[of]:
			cells = append(cells, nil)
		case f.Kind == feed.Mu:
			mu, err := strconv.ParseFloat(x.sums[of].Mu().String(), 64)
			if err != nil {
				return fmt.Errorf("total of %s: %w", f.Name, err)
			}
			cells = append(cells, excelize.Cell{StyleID: x.styles.total, Value: mu})
		default:
			cells = append(cells, excelize.Cell{StyleID: x.styles.total, Value: x.sums[of].M2()})
		}
	}
	return x.sheet.SetRow("A"+strconv.Itoa(x.at), cells)
}

// mu2 is the field in square metres that a field in mu says again.
func mu2(name string) string { return name[:len(name)-len("_mu")] + "_m2" }

func (x *xlsx) finish() error {
	if x.sheet == nil {
		return nil
	}
	if err := x.totals(); err != nil {
		return err
	}
	return x.sheet.Flush()
}

func (x *xlsx) end() error {
	if err := x.finish(); err != nil {
		return err
	}
	return x.bind()
}

// bind writes the workbook. excelize puts its parts into the zip in any order: here they stand by name, so that a file
// says the same twice.
func (x *xlsx) bind() error {
	whole, err := x.part()
	if err != nil {
		return err
	}
	defer func() { _ = whole.file.Close() }()
	if err := x.book.Write(whole); err != nil {
		return err
	}
	if err := whole.Flush(); err != nil {
		return err
	}
	read, err := zip.NewReader(whole.file, whole.size)
	if err != nil {
		return err
	}
	slices.SortFunc(read.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(x.w)
	for _, f := range read.File {
		if err := out.Copy(f); err != nil {
			return err
		}
	}
	return out.Close()
}
