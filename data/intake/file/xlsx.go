package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// xlsxFormat is the name of Excel's workbooks.
const xlsxFormat = "XLSX"

// What is read of a workbook at most.
const (
	maxBook         = 64 << 20  // bytes of the file
	maxBookUnpacked = 512 << 20 // of all its parts, unpacked
	bookInMemory    = 16 << 20  // of a part; larger ones are unpacked to a temporary file
)

func holdsWorkbook(a *archive) bool {
	return slices.ContainsFunc(a.files, func(p packed) bool { return p.name == "xl/workbook.xml" })
}

// xlsxCells reads the rows of a sheet. Of a formula the result that the program which wrote the file kept is read;
// nothing is evaluated.
type xlsxCells struct {
	book   *excelize.File
	rows   *excelize.Rows
	file   *diskFile
	number int64
	total  int64
}

// openWorkbook reads the sheet that is named, else the only one that holds a table of land.
func openWorkbook(_ context.Context, a *archive, opts Options) (reader Reader, err error) {
	if err := checkBook(a); err != nil {
		return nil, err
	}
	defer bookPanic(&err)
	book, err := excelize.OpenReader(io.NewSectionReader(a.file, 0, a.file.size), excelize.Options{
		UnzipSizeLimit: maxBookUnpacked, UnzipXMLSizeLimit: bookInMemory, RawCellValue: true})
	if err != nil {
		return nil, bookFault("", err)
	}
	names := book.GetSheetList()
	if opts.Layer != "" {
		names = slices.DeleteFunc(names, func(name string) bool { return !strings.EqualFold(name, opts.Layer) })
	}
	sheet, err := chooseSheet(book, names, opts)
	if err != nil {
		_ = book.Close()
		return nil, err
	}
	cells, err := openSheet(book, a.file, sheet)
	if err != nil {
		_ = book.Close()
		return nil, err
	}
	reader, err = readHeads(cells, xlsxFormat, opts)
	if err != nil {
		_ = cells.rows.Close()
		_ = book.Close()
		return nil, err
	}
	switch t := reader.(type) {
	case *table:
		t.info.Layer = sheet
	case *cornerTable:
		t.info.Layer = sheet
	}
	return reader, nil
}

// checkBook looks at sizes before anything is unpacked. The unpacker holds each part to what it declares.
func checkBook(a *archive) error {
	var unpacked uint64
	for _, part := range a.files {
		if unpacked += part.UncompressedSize64; part.UncompressedSize64 > maxBookUnpacked {
			break
		}
	}
	switch size := a.file.size; {
	case size > maxBook:
		return &Fault{Code: FileTooLarge, Field: a.file.Name(), Expected: strconv.Itoa(maxBook), Got: fmt.Sprint(size)}
	case unpacked > maxBookUnpacked:
		return &Fault{Code: PackTooLarge, Expected: strconv.Itoa(maxBookUnpacked), Got: fmt.Sprint(unpacked)}
	case unpacked > freeBytes && unpacked/uint64(a.limits.Ratio) > uint64(size):
		return &Fault{Code: PackBomb, Expected: fmt.Sprint(a.limits.Ratio), Got: fmt.Sprint(unpacked / uint64(size))}
	}
	return nil
}

// chooseSheet finds the one sheet of land.
func chooseSheet(book *excelize.File, names []string, opts Options) (string, error) {
	listed := clip(strings.Join(book.GetSheetList(), ", "))
	if len(names) == 0 {
		return "", &Fault{Code: LayerUnknown, Expected: listed, Got: clip(opts.Layer)}
	}
	if len(names) == 1 {
		return names[0], nil
	}
	var found []string
	for _, name := range names {
		cells, err := openSheet(book, nil, name)
		if err != nil {
			return "", err
		}
		if holdsLand(cells) {
			found = append(found, name)
		}
		if err := cells.rows.Close(); err != nil {
			return "", bookFault(name, err)
		}
	}
	switch len(found) {
	case 0:
		return names[0], nil // whose fault says what is missing
	case 1:
		return found[0], nil
	}
	return "", &Fault{Code: LayerAmbiguous, Expected: clip(strings.Join(found, ", "))}
}

// holdsLand reports whether shapes or heads of corners stand in the first rows.
func holdsLand(cells *xlsxCells) bool {
	var before []string
	for range headRows {
		row, err := cells.next()
		if err != nil {
			return false
		}
		if slices.ContainsFunc(row, isWKT) || cornersOf(under(before, row)) != nil {
			return true
		}
		before = row
	}
	return false
}

func openSheet(book *excelize.File, file *diskFile, sheet string) (*xlsxCells, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, bookFault(sheet, err)
	}
	c := &xlsxCells{book: book, rows: rows, file: file}
	if file != nil {
		c.total = file.size
	}
	return c, nil
}

func (c *xlsxCells) next() (row []string, err error) {
	defer bookPanic(&err)
	if !c.rows.Next() {
		if err := c.rows.Error(); err != nil {
			return nil, bookFault("", err)
		}
		return nil, io.EOF
	}
	c.number++
	row, err = c.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, bookFault("", err)
	}
	for i, cell := range row {
		if strings.ContainsAny(cell, "Ee") { // Excel's own way to store a number
			if v, err := strconv.ParseFloat(cell, 64); err == nil && finite(v) {
				row[i] = strconv.FormatFloat(v, 'f', -1, 64)
			}
		}
	}
	return row, nil
}

func (c *xlsxCells) progress() (done, total int64) { return min(c.number, c.total), c.total }

// Close implements cells.
func (c *xlsxCells) Close() error {
	return errors.Join(c.rows.Close(), c.book.Close(), c.file.Close())
}

func bookFault(sheet string, err error) error {
	return &Fault{Code: TableDamaged, Field: clip(sheet), Expected: xlsxFormat, Got: clip(err.Error()),
		Came: said("came.unreadable")}
}

// bookPanic makes a fault of a workbook over which the library stumbles.
func bookPanic(err *error) {
	if wrong := recover(); wrong != nil {
		*err = &Fault{Code: TableDamaged, Expected: xlsxFormat, Got: clip(fmt.Sprint(wrong)),
			Came: said("came.unreadable")}
	}
}
