// Package workbook reads XLSX files as people keep ledgers in them: sheets with a title above the heads, merged heads,
// units in heads, and cells whose dates and amounts are texts of many forms.
package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"luodi/geo"
)

// What is read at most.
const (
	MaxBytes    = 4 << 20  // of the file
	maxUnpacked = 64 << 20 // of all its parts, unpacked
	maxParts    = 1000
	maxSheets   = 30
	MaxRows     = 3000 // of a sheet
	MaxColumns  = 80
	maxText     = 2000 // characters of a cell
)

// Book is a workbook that was opened.
type Book struct {
	file     *excelize.File
	date1904 bool
	styled   bool // it has a sheet of styles that can be added to
}

// Sheet is a sheet of a book.
type Sheet struct {
	Name    string `json:"name"`
	Hidden  bool   `json:"hidden" doc:"It is read only where it is named."`
	Rows    int    `json:"rows"`
	Columns int    `json:"columns"`
}

// Cell is a cell as it is read: of a formula the result that the program which wrote the file kept.
type Cell struct {
	Text    string
	Number  *float64 // where it holds a number and no text
	Formula bool
	Empty   bool // a formula whose result was not kept, or an error such as #REF!
}

// Grid are the cells of a sheet, row by row from the first; a row has no cells after its last.
type Grid struct {
	Rows     [][]Cell
	Hidden   map[int]bool // rows that are not shown, from 0
	Merges   []Merge
	Date1904 bool // days are counted from 1904
}

// Merge is a block of merged cells, from 0, its ends included.
type Merge struct{ Top, Left, Bottom, Right int }

// Open reads a workbook. It refuses one that is too large, packed or not, and what is no XLSX.
func Open(field string, raw []byte) (*Book, error) {
	if len(raw) == 0 || len(raw) > MaxBytes {
		return nil, geo.NewInvalid(field, "file.size", geo.Say("came.bytes", "n", len(raw)), "n", MaxBytes)
	}
	parts, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, geo.NewInvalid(field, "workbook.xlsx", err.Error())
	}
	var unpacked uint64
	for _, part := range parts.File {
		unpacked += part.UncompressedSize64
	}
	if len(parts.File) > maxParts || unpacked > maxUnpacked {
		return nil, geo.NewInvalid(field, "workbook.unpacked", geo.Say("came.bytes", "n", unpacked), "n", maxUnpacked)
	}
	file, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnpacked,
		UnzipXMLSizeLimit: maxUnpacked, RawCellValue: true})
	if err != nil {
		return nil, geo.NewInvalid(field, "workbook.xlsx", err.Error())
	}
	if n := len(file.GetSheetList()); n > maxSheets {
		return nil, geo.NewInvalid(field, "workbook.sheets", n, "n", maxSheets)
	}
	b := &Book{file: file, styled: styled(parts)}
	if props, err := file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.date1904 = *props.Date1904
	}
	return b, nil
}

// styled reports whether a book has all parts of a sheet of styles: programs write books without, and the library adds
// a style to none of these.
func styled(parts *zip.Reader) bool {
	file, err := parts.Open("xl/styles.xml")
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxUnpacked))
	for _, part := range []string{"<fonts", "<fills", "<borders", "<cellXfs"} {
		if err != nil || !bytes.Contains(text, []byte(part)) {
			return false
		}
	}
	return true
}

// Close frees what a book holds.
func (b *Book) Close() { _ = b.file.Close() }

// Sheets lists a book's sheets in their order.
func (b *Book) Sheets() ([]Sheet, error) {
	names := b.file.GetSheetList()
	all := make([]Sheet, 0, len(names))
	for _, name := range names {
		visible, err := b.file.GetSheetVisible(name)
		if err != nil {
			return nil, geo.NewInvalid("file", "workbook.xlsx", err.Error())
		}
		rows, columns, err := b.size(name)
		if err != nil {
			return nil, err
		}
		all = append(all, Sheet{name, !visible, rows, columns})
	}
	return all, nil
}

// size is how far the cells of a sheet go that hold something.
func (b *Book) size(sheet string) (rows, columns int, err error) {
	each, err := b.file.Rows(sheet)
	if err != nil {
		return 0, 0, geo.NewInvalid("sheet", "workbook.sheet", sheet)
	}
	defer each.Close()
	for n := 1; each.Next(); n++ {
		cells, err := each.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return 0, 0, geo.NewInvalid("file", "workbook.xlsx", err.Error())
		}
		for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) > 0 {
			rows, columns = n, max(columns, len(cells))
		}
		if n > 4*MaxRows {
			break
		}
	}
	return rows, columns, nil
}

// Read reads the cells of a sheet.
func (b *Book) Read(sheet string) (*Grid, error) {
	rows, columns, err := b.size(sheet)
	switch {
	case err != nil:
		return nil, err
	case rows > MaxRows:
		return nil, geo.NewInvalid("sheet", "workbook.rows", rows, "n", MaxRows)
	case columns > MaxColumns:
		return nil, geo.NewInvalid("sheet", "workbook.columns", columns, "n", MaxColumns)
	}
	g := &Grid{Rows: make([][]Cell, rows), Hidden: map[int]bool{}, Date1904: b.date1904}
	for i := range rows {
		g.Rows[i] = make([]Cell, columns)
		for j := range columns {
			if g.Rows[i][j], err = b.cell(sheet, j+1, i+1); err != nil {
				return nil, err
			}
		}
		if shown, err := b.file.GetRowVisible(sheet, i+1); err == nil && !shown {
			g.Hidden[i] = true
		}
	}
	merges, err := b.file.GetMergeCells(sheet)
	if err != nil {
		return nil, geo.NewInvalid("file", "workbook.xlsx", err.Error())
	}
	for _, m := range merges {
		left, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 == nil && err2 == nil && top <= rows && left <= columns {
			g.Merges = append(g.Merges, Merge{top - 1, left - 1, min(bottom, rows) - 1, min(right, columns) - 1})
		}
	}
	return g, nil
}

func (b *Book) cell(sheet string, column, row int) (Cell, error) {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return Cell{}, err
	}
	text, err := b.file.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
	if err != nil {
		return Cell{}, geo.NewInvalid("file", "workbook.xlsx", err.Error())
	}
	kind, err := b.file.GetCellType(sheet, name)
	if err != nil {
		return Cell{}, geo.NewInvalid("file", "workbook.xlsx", err.Error())
	}
	formula, err := b.file.GetCellFormula(sheet, name)
	if err != nil {
		return Cell{}, geo.NewInvalid("file", "workbook.xlsx", err.Error())
	}
	if runes := []rune(text); len(runes) > maxText {
		return Cell{}, geo.NewInvalid(name, "workbook.text", geo.Say("came.characters", "n", len(runes)), "n", maxText)
	}
	c := Cell{Text: strings.TrimSpace(text), Formula: formula != ""}
	c.Empty = kind == excelize.CellTypeError || c.Formula && c.Text == ""
	number := kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber
	if value, err := strconv.ParseFloat(c.Text, 64); number && err == nil {
		c.Number = &value
	}
	return c, nil
}

// Column is the name of a column from 0, as sheets have it: A, B, … AA.
func Column(n int) string {
	name, err := excelize.ColumnNumberToName(n + 1)
	if err != nil {
		return strconv.Itoa(n + 1)
	}
	return name
}

// ColumnOf is the number of a column from its name; -1 for what is none.
func ColumnOf(name string) int {
	n, err := excelize.ColumnNameToNumber(name)
	if err != nil || n > MaxColumns {
		return -1
	}
	return n - 1
}
