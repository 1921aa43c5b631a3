package file

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Shapefile's columns have names of ten letters and texts of 254 bytes. Those that luodi writes have the whole names
// and texts beside them in the zip (docs/export.md), which are put back here:
//
//   - fields.txt: a line LAYER.shp begins a layer, and "  SHORT = NAME  words" follow;
//   - LAYER-long.csv: id, column and the whole of a text that was cut.
//
// Other files of these names that say nothing of the kind are left alone.
type wholeTexts struct {
	names map[string]string            // by the column
	long  map[string]map[string]string // by the row's id and the name; nil: none
}

const (
	fieldsMost = 1 << 20  // bytes of fields.txt
	longMost   = 64 << 20 // bytes of the long texts of a layer, which are held in memory
)

// openWhole reads what stands beside a layer.
func (s *shapefile) openWhole(shp packed) error {
	beside := map[string]packed{}
	for _, entry := range s.archive.files {
		if path.Dir(entry.name) == path.Dir(shp.name) {
			beside[path.Base(entry.name)] = entry
		}
	}
	fields, ok := beside["fields.txt"]
	if !ok {
		return nil
	}
	text, err := s.bounded(fields, fieldsMost)
	if err != nil {
		return err
	}
	layer := path.Base(shp.stem())
	s.whole.names = namesOf(text, layer)
	long, ok := beside[layer+"-long.csv"]
	if !ok || len(s.whole.names) == 0 {
		return nil
	}
	text, err = s.bounded(long, longMost)
	if err != nil {
		return err
	}
	return s.whole.readLong(text, layer+"-long.csv")
}

func (s *shapefile) bounded(part packed, most int64) ([]byte, error) {
	content, err := s.entry(part)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(content, most+1))
	if err == nil && int64(len(text)) > most {
		err = &Fault{Code: FileTooLarge, Field: clip(part.name), Expected: strconv.FormatInt(most, 10),
			Got: "> " + strconv.FormatInt(most, 10)}
	}
	return bytes.TrimPrefix(text, utf8BOM), err
}

// namesOf reads the names of a layer's columns.
func namesOf(text []byte, layer string) map[string]string {
	if !utf8.Valid(text) {
		return nil
	}
	names, here := map[string]string{}, false
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(line, layer+".shp"); ok {
			here = strings.HasPrefix(title, " ")
			continue
		}
		if !strings.HasPrefix(line, " ") {
			here = false
		}
		short, about, ok := strings.Cut(line, " = ")
		if words := strings.Fields(about); here && ok && len(words) > 0 {
			names[strings.TrimSpace(short)] = words[0]
		}
	}
	return names
}

func (w *wholeTexts) readLong(text []byte, file string) error {
	rows := csv.NewReader(bytes.NewReader(text))
	rows.FieldsPerRecord, rows.ReuseRecord = 3, true
	w.long = map[string]map[string]string{}
	for line := 1; ; line++ {
		row, err := rows.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &Fault{Code: TableDamaged, Field: fmt.Sprintf("%s %d", clip(file), line),
				Where: said("place.table_line", "line", line, "column", 1), Words: said("table.quotes"),
				Got: clip(err.Error())}
		}
		if line == 1 {
			continue // the heads
		}
		if w.long[row[0]] == nil {
			w.long[row[0]] = map[string]string{}
		}
		w.long[row[0]][w.name(row[1])] = row[2]
	}
}

// name is what a column stands for.
func (w *wholeTexts) name(column string) string {
	if name, ok := w.names[column]; ok {
		return name
	}
	return column
}

// fields are columns by the names that they stand for.
func (w *wholeTexts) fields(columns []string) []string {
	named := make([]string, len(columns))
	for i, column := range columns {
		named[i] = w.name(column)
	}
	return named
}

// restore names a row's values and gives the texts that were cut as a whole. One that isn't the beginning of the whole
// was changed since, and stands.
func (w *wholeTexts) restore(row *Row) {
	if len(w.names) == 0 {
		return
	}
	values := make(map[string]string, len(row.Values))
	for column, text := range row.Values {
		values[w.name(column)] = text
	}
	row.Values = values
	for column, fault := range row.Unread {
		if name := w.name(column); name != column {
			delete(row.Unread, column)
			row.Unread[name] = fault
		}
	}
	for name, whole := range w.long[values["id"]] {
		if cut := values[name]; cut != "" && strings.HasPrefix(whole, cut) {
			values[name] = whole
			delete(row.Unread, name)
		}
	}
}
