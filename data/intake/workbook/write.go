package workbook

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Change is a cell that was filled in anew.
type Change struct {
	Row          int    `json:"row"`
	Column, Head string `json:"-"`
	Name         string // of the project
	Before       string
	After        any // a number or a text
}

// changed is the colour of cells that were filled in anew.
const changed = "FFF2CC"

// Set writes a value into a cell and marks it, where the book has styles; the rest of its form stays. A text is written
// as a text, so that none is ever a formula.
func (b *Book) Set(sheet, column string, row int, value any) error {
	name := column + strconv.Itoa(row)
	if !b.styled {
		return b.put(sheet, name, value)
	}
	style, err := b.file.GetCellStyle(sheet, name)
	if err != nil {
		return err
	}
	form, err := b.file.GetStyle(style)
	if err != nil || form == nil {
		form = &excelize.Style{}
	}
	form.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{changed}}
	marked, err := b.file.NewStyle(form)
	if err != nil {
		return err
	}
	if err := b.put(sheet, name, value); err != nil {
		return err
	}
	return b.file.SetCellStyle(sheet, name, name, marked)
}

func (b *Book) put(sheet, name string, value any) error {
	if text, is := value.(string); is {
		return b.file.SetCellStr(sheet, name, text)
	}
	return b.file.SetCellValue(sheet, name, value)
}

// Table writes a sheet of rows below heads, and shows it last.
func (b *Book) Table(sheet string, heads []string, rows [][]any) error {
	for b.has(sheet) {
		sheet += "+"
	}
	if _, err := b.file.NewSheet(sheet); err != nil {
		return err
	}
	return b.fill(sheet, heads, rows)
}

func (b *Book) has(sheet string) bool {
	n, err := b.file.GetSheetIndex(sheet)
	return err == nil && n >= 0
}

func (b *Book) fill(sheet string, heads []string, rows [][]any) error {
	bold, err := 0, error(nil)
	if b.styled {
		if bold, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
			return err
		}
	}
	for i, head := range heads {
		name := Column(i) + "1"
		if err := b.file.SetCellStr(sheet, name, head); err != nil {
			return err
		}
		if b.styled {
			if err := b.file.SetCellStyle(sheet, name, name, bold); err != nil {
				return err
			}
		}
	}
	for i, row := range rows {
		for j, value := range row {
			if value == nil {
				continue
			}
			if err := b.put(sheet, Column(j)+strconv.Itoa(i+2), value); err != nil {
				return err
			}
		}
	}
	if len(heads) == 0 {
		return nil
	}
	return b.file.SetColWidth(sheet, "A", Column(len(heads)-1), 16)
}

// New is a book of one sheet of rows below heads.
func New(sheet string, heads []string, rows [][]any) (*Book, error) {
	b := &Book{file: excelize.NewFile(), styled: true}
	if err := b.file.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	return b, b.fill(sheet, heads, rows)
}

// Bytes are the book as a file.
func (b *Book) Bytes() ([]byte, error) {
	var to bytes.Buffer
	err := b.file.Write(&to)
	return to.Bytes(), err
}

// DayLike writes a day as a cell had one: as a number of days, with 年 and 月, points or strokes. Of what is known by
// month or year it writes no more.
func (c Cell) DayLike(day Day, date1904 bool) any {
	at, err := time.Parse(time.DateOnly, day.Day)
	if err != nil {
		return day.Day
	}
	text := Plain(c.Text)
	form := map[string]string{"month": "2006-01", "year": "2006"}[day.Precision]
	if form == "" {
		form = time.DateOnly
		if c.Number != nil && *c.Number >= 20000 && *c.Number < 80000 {
			first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
			if date1904 {
				first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			return int(at.Sub(first).Hours() / 24)
		}
	}
	switch {
	case strings.Contains(text, "年"):
		form = map[string]string{"2006-01": "2006年1月", "2006": "2006年", time.DateOnly: "2006年1月2日"}[form]
	case strings.Contains(text, "."):
		form = strings.ReplaceAll(form, "-", ".")
	case strings.Contains(text, "/") && text != "/":
		form = strings.ReplaceAll(form, "-", "/")
	}
	return at.Format(form)
}

// AmountLike writes money as a cell had it: in the unit that the cell names, else as a number in its column's. It is
// nil where that unit is of another currency.
func (c Cell) AmountLike(value float64, currency, unit string) any {
	own := ""
	if c.Number == nil {
		_, own, _ = c.read("workbook.amount")
	}
	if own != "" {
		unit = own
	}
	of, found := MoneyUnit(unit)
	if !found || of.Currency != currency {
		return nil
	}
	if own != "" {
		return strconv.FormatFloat(value/of.Value, 'f', -1, 64) + own
	}
	return value / of.Value
}

// MuLike writes an area as a cell had it.
func (c Cell) MuLike(mu float64, unit string) any {
	own := ""
	if c.Number == nil {
		_, own, _ = c.read("workbook.area")
	}
	if own != "" {
		unit = own
	}
	of, found := AreaUnit(unit)
	if !found {
		return nil
	}
	if own != "" {
		return strconv.FormatFloat(mu/of, 'f', -1, 64) + own
	}
	return mu / of
}
