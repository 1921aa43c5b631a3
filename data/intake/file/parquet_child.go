package file

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"

	"luodi/data/intake/confine"
)

// What follows runs in the confined child, in the folder that holds the copy.

func init() { confine.Serve(parquetWork, serveParquet) }

// serveParquet reads the file and writes what it found. A fault is printed, as JSON.
func serveParquet(args []string) int {
	debug.SetMemoryLimit(childMemory / 2)
	var limits parquetLimits
	if len(args) != 1 || json.Unmarshal([]byte(args[0]), &limits) != nil {
		return 2
	}
	err := unpackParquet(limits)
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		said, err := json.Marshal(fault)
		if err != nil {
			return 2
		}
		fmt.Println(string(said))
		return failedWithFault
	case err != nil:
		fmt.Println(err)
		return 1
	}
	return 0
}

// unpackParquet writes the two files of the outcome. What parquet-go finds wrong, by an error or a panic, is an error.
func unpackParquet(limits parquetLimits) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("damaged: %v", r)
		}
	}()
	in, err := os.Open(parquetInput)
	if err != nil {
		return err
	}
	stat, err := in.Stat()
	if err != nil {
		return err
	}
	file, err := parquet.OpenFile(in, stat.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	found, columns, err := describeParquet(file, limits)
	if err != nil {
		return err
	}
	head, err := json.Marshal(found)
	if err != nil {
		return err
	}
	if err := os.WriteFile(parquetHead, head, 0o600); err != nil {
		return err
	}
	out, err := os.Create(parquetRows)
	if err != nil {
		return err
	}
	w := &cellWriter{to: bufio.NewWriterSize(out, 1<<20), columns: columns, most: limits.FeatureBytes}
	for _, group := range file.RowGroups() {
		if err := w.group(group); err != nil {
			return err
		}
	}
	return errors.Join(w.to.Flush(), out.Close())
}

// describeParquet finds the geometry column and the columns of plain values; columns has a place for each leaf of the
// schema. Groups and lists, such as the box of each shape, are left alone.
func describeParquet(file *parquet.File, limits parquetLimits) (found parquetFound, columns []parquetColumn,
	err error) {
	meta, err := geoOf(file)
	if err != nil {
		return found, nil, err
	}
	found.Rows, found.Geometry, found.CRS = file.NumRows(), meta.Primary, meta.Columns[meta.Primary].CRS
	columns = make([]parquetColumn, len(file.Schema().Columns()))
	there := false
	for _, c := range file.Root().Columns() {
		if !c.Leaf() || c.Repeated() {
			continue
		}
		to := &columns[c.Index()]
		if c.Name() == meta.Primary && c.Type().Kind() == parquet.ByteArray {
			to.sort, there = cellShape, true
			continue
		}
		if !utf8.ValidString(c.Name()) || strings.ContainsRune(c.Name(), 0) { // nobody can ask for it
			continue
		}
		to.sort, to.column, to.print = cellText, uint32(len(found.Fields)), printerOf(c.Type())
		found.Fields = append(found.Fields, c.Name())
	}
	if !there {
		return found, nil, &Fault{Code: NotGeoParquet, Field: "primary_column", Expected: clip(meta.Primary), Got: "—"}
	}
	if len(found.Fields) > limits.Values {
		return found, nil, &Fault{Code: TooManyValues, Expected: strconv.Itoa(limits.Values),
			Got: strconv.Itoa(len(found.Fields))}
	}
	return found, columns, nil
}

// geoMeta is the metadata "geo" of a file: https://geoparquet.org/releases/v1.1.0.
type geoMeta struct {
	Primary string `json:"primary_column"`
	Columns map[string]struct {
		Encoding string          `json:"encoding"`
		CRS      json.RawMessage `json:"crs"`
	} `json:"columns"`
}

func geoOf(file *parquet.File) (meta geoMeta, err error) {
	text, there := file.Lookup("geo")
	if !there {
		return meta, &Fault{Code: NotGeoParquet, Field: "metadata", Expected: "geo", Got: "—"}
	}
	if err := json.Unmarshal([]byte(text), &meta); err != nil || meta.Primary == "" {
		return meta, &Fault{Code: NotGeoParquet, Field: "geo", Expected: "primary_column", Got: clip(text)}
	}
	column, there := meta.Columns[meta.Primary]
	if !there || !strings.EqualFold(column.Encoding, "WKB") {
		return meta, &Fault{Code: NotGeoParquet, Field: "encoding", Expected: "WKB", Got: clip(column.Encoding)}
	}
	return meta, nil
}

// parquetColumn is what becomes of the values of a leaf; the zero value leaves them out.
type parquetColumn struct {
	sort   byte
	column uint32
	print  func(parquet.Value) (string, bool)
}

// cellWriter writes rows as cells.
type cellWriter struct {
	to      *bufio.Writer
	columns []parquetColumn
	most    int64
	left    int64
}

func (w *cellWriter) group(group parquet.RowGroup) error {
	rows := group.Rows()
	defer func() { _ = rows.Close() }()
	batch := make([]parquet.Row, 16)
	for {
		n, err := rows.ReadRows(batch)
		for _, row := range batch[:n] {
			if err := w.row(row); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return io.ErrNoProgress
		}
	}
}

func (w *cellWriter) row(row parquet.Row) error {
	w.left = w.most
	for _, v := range row {
		c := w.columns[v.Column()]
		switch {
		case c.sort == 0 || v.IsNull():
			continue
		case c.sort == cellShape:
			if err := w.cell(cellShape, 0, v.ByteArray()); err != nil {
				return err
			}
			continue
		}
		sort := byte(cellText)
		text, ok := c.print(v)
		if !ok || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			sort, text = cellUnread, clip(text)
		}
		if err := w.cell(sort, c.column, []byte(text)); err != nil {
			return err
		}
	}
	return w.cell(cellEnd, 0, nil)
}

func (w *cellWriter) cell(sort byte, column uint32, body []byte) error {
	if w.left -= int64(len(body)); w.left < 0 {
		return &Fault{Code: FeatureTooLarge, Field: parquetFormat, Expected: strconv.FormatInt(w.most, 10)}
	}
	var head [cellHead]byte
	head[0] = sort
	binary.LittleEndian.PutUint32(head[1:], column)
	binary.LittleEndian.PutUint32(head[5:], uint32(len(body)))
	if _, err := w.to.Write(head[:]); err != nil {
		return err
	}
	_, err := w.to.Write(body)
	return err
}
