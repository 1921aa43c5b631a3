package file

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"luodi/geo/surveytext"
)

// csvFormat is the name of tables as text.
const csvFormat = "CSV"

// maxTable is how large a table may be: it is read as a whole, to know its encoding.
const maxTable = 128 << 20

// separators part the cells of a row; the one that the first line has most of counts.
const separators = ",;\t|"

// beginsCSV reports whether a file begins as a table: text whose first line has cells.
func beginsCSV(head []byte) bool {
	text, encoding := surveytext.Decode(head)
	for cut := 0; cut < utf8.UTFMax && cut < len(head) && strings.HasSuffix(text, "\ufffd"); cut++ {
		text, encoding = surveytext.Decode(head[:len(head)-cut])
	}
	text = strings.TrimLeft(text, " \t\r\n")
	line, _, _ := strings.Cut(text, "\n")
	if encoding != "UTF-16" && strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || r < ' ' && r != '\t' && r != '\r' && r != '\n'
	}) {
		return false
	}
	return line != "" && !strings.ContainsAny(line[:1], "<{[%!") && strings.ContainsAny(line, separators)
}

// csvCells reads the rows of a table as text.
type csvCells struct {
	reader *csv.Reader
	source source
	total  int64
	closed bool
}

func openCSV(src source, opts Options) (Reader, error) {
	most := min(opts.Limits.FileBytes, maxTable)
	body, err := io.ReadAll(io.LimitReader(src, most+1))
	if err != nil {
		return nil, fmt.Errorf("read the table: %w", err)
	}
	if int64(len(body)) > most {
		return nil, &Fault{Code: FileTooLarge, Expected: strconv.FormatInt(most, 10),
			Got: "> " + strconv.FormatInt(most, 10)}
	}
	text, encoding := surveytext.Decode(body)
	text = strings.TrimPrefix(text, "\ufeff")
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	comma, count := ',', 0
	for _, separator := range separators {
		if n := strings.Count(line, string(separator)); n > count {
			comma, count = separator, n
		}
	}
	c := &csvCells{reader: csv.NewReader(strings.NewReader(text)), source: src, total: int64(len(text))}
	c.reader.Comma, c.reader.FieldsPerRecord, c.reader.ReuseRecord = comma, -1, true
	reader, err := openTable(c, csvFormat, opts)
	if err != nil {
		return nil, err
	}
	setEncoding(reader, encoding)
	return reader, nil
}

func setEncoding(reader Reader, encoding string) {
	switch t := reader.(type) {
	case *table:
		t.info.Encoding = encoding
	case *cornerTable:
		t.info.Encoding = encoding
	}
}

func (c *csvCells) next() ([]string, error) {
	row, err := c.reader.Read()
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return nil, &Fault{Code: TableDamaged, Field: fmt.Sprintf("%d:%d", wrong.Line, wrong.Column),
			Where: said("place.table_line", "line", wrong.Line, "column", wrong.Column), Words: said("table.quotes"),
			Got: "\""}
	}
	for i, cell := range row {
		row[i] = unquoted(cell)
	}
	return row, err
}

// unquoted takes away the apostrophe that keeps a spreadsheet from taking a text for a formula, as luodi's own tables
// and others have it; the apostrophe before an apostrophe goes too.
func unquoted(cell string) string {
	text, quoted := strings.CutPrefix(cell, "'")
	if first, _ := utf8.DecodeRuneInString(text); quoted && text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠'", first) {
		return text
	}
	return cell
}

func (c *csvCells) progress() (done, total int64) { return c.reader.InputOffset(), c.total }

// Close implements cells. The file may have been closed by whoever opened it, where the table was refused.
func (c *csvCells) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	return c.source.Close()
}

func openCSVFile(_ context.Context, file *diskFile, opts Options) (Reader, error) {
	return openCSV(file, opts)
}

func unpackCSV(_ context.Context, c *unpacked, opts Options) (Reader, error) { return openCSV(c, opts) }
