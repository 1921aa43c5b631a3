package outlet

import (
	"bufio"
	"encoding/binary"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"luodi/data/feed"
	"luodi/geo"
)

// dbfWidth is how wide a column has to be: before the point and behind it.
type dbfWidth struct{ whole, decimals int }

// cell is a value as the .dbf has it, without the blanks around it.
func (n *shapeLayer) cell(r *Row, i int) ([]byte, error) {
	f, v := &n.Fields[i], &r.Values[i]
	switch {
	case v.Null:
		return nil, nil
	case f.Kind == feed.Boolean && v.Bool:
		return []byte("T"), nil
	case f.Kind == feed.Boolean:
		return []byte("F"), nil
	case f.Kind == feed.Day:
		return []byte(v.Time.Format("20060102")), nil
	case f.Kind == feed.Instant:
		return []byte(v.Time.Format(time.RFC3339Nano)), nil
	case f.Kind != feed.Text && f.Kind != feed.Object:
		return appendText(nil, f.Kind, v), nil
	}
	text := v.Text
	if n.encoder != nil {
		var err error
		if text, err = n.encoder.Bytes(text); err != nil {
			return nil, geo.NewInvalid("encoding", "outlet.gbk", string(v.Text), "field", f.Name, "code",
				r.text(n.field("code")))
		}
	}
	if len(text) <= dbfText {
		return text, nil
	}
	w := csv.NewWriter(n.long)
	if err := w.Write([]string{r.ID.String(), n.names[i+1], string(v.Text)}); err != nil {
		return nil, err
	}
	w.Flush()
	return n.cut(text), w.Error()
}

// cut is as much of a text as fits, in whole characters.
func (n *shapeLayer) cut(text []byte) []byte {
	if n.encoder == nil {
		for end := dbfText; end > 0; end-- {
			if utf8.RuneStart(text[end]) {
				return text[:end]
			}
		}
	}
	end := 0
	for end < dbfText {
		size := 1
		if text[end] >= 0x81 {
			size = 2
		}
		if end+size > dbfText {
			break
		}
		end += size
	}
	return text[:end]
}

// value keeps a cell, and how wide it is.
func (n *shapeLayer) value(column int, text []byte) error {
	w := &n.widths[column]
	whole, decimals := len(text), 0
	if dbfNumeric(n.kindOf(column)) {
		if point := strings.IndexByte(string(text), '.'); point >= 0 {
			whole, decimals = point, len(text)-point-1
		}
	}
	w.whole, w.decimals = max(w.whole, whole), max(w.decimals, decimals)
	if _, err := n.values.Write([]byte{byte(len(text))}); err != nil {
		return err
	}
	_, err := n.values.Write(text)
	return err
}

// kindOf is the kind of a column; the first is the id.
func (n *shapeLayer) kindOf(column int) feed.Kind {
	if column == 0 {
		return feed.Text
	}
	return n.Fields[column-1].Kind
}

func dbfNumeric(kind feed.Kind) bool {
	return kind == feed.Integer || kind == feed.Number || kind == feed.Decimal || kind == feed.Mu
}

// dbf writes dBASE III: a head, a description of each column, rows of columns of one width.
func (n *shapeLayer) dbf(to io.Writer, at time.Time) error {
	w := bufio.NewWriterSize(to, 64<<10)
	row := 1
	columns := make([]byte, 0, 32*len(n.names))
	sizes := make([]int, len(n.names))
	for i, name := range n.names {
		kind, size, decimals := n.column(i)
		sizes[i] = size
		row += size
		column := make([]byte, 32)
		copy(column[:10], name)
		column[11], column[16], column[17] = kind, byte(size), byte(decimals)
		columns = append(columns, column...)
	}
	if int64(n.rows)*int64(row) > shapeMost {
		return geo.NewInvalid("format", "outlet.too_large", n.ID, "format", "Shapefile")
	}
	at = at.UTC()
	head := []byte{3, byte(at.Year() - 1900), byte(at.Month()), byte(at.Day())}
	head = binary.LittleEndian.AppendUint32(head, n.rows)
	head = binary.LittleEndian.AppendUint16(head, uint16(32+len(columns)+1))
	head = binary.LittleEndian.AppendUint16(head, uint16(row))
	head = append(head, make([]byte, 20)...)
	if n.encoder != nil {
		head[29] = 0x4d // language driver of code page 936
	}
	if _, err := w.Write(append(append(head, columns...), '\r')); err != nil {
		return err
	}
	values, err := n.values.rewind()
	if err != nil {
		return err
	}
	line := make([]byte, row)
	read := bufio.NewReader(values)
	var cell [256]byte
	for range n.rows {
		line = append(line[:0], ' ')
		for i, size := range sizes {
			length, err := read.ReadByte()
			if err != nil {
				return err
			}
			text := cell[:length]
			if _, err := io.ReadFull(read, text); err != nil {
				return err
			}
			line = n.appendCell(line, i, text, size)
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	if err := w.WriteByte(0x1a); err != nil {
		return err
	}
	return w.Flush()
}

// column is the type of a column, its width and its decimals.
func (n *shapeLayer) column(i int) (kind byte, size, decimals int) {
	w := n.widths[i]
	switch k := n.kindOf(i); {
	case k == feed.Boolean:
		return 'L', 1, 0
	case k == feed.Day:
		return 'D', 8, 0
	case dbfNumeric(k) && w.decimals > 0:
		return 'N', max(1, w.whole) + 1 + w.decimals, w.decimals
	case k == feed.Number, k == feed.Decimal, k == feed.Mu:
		return 'N', max(3, w.whole+2), 1 // a column of whole numbers is read as one of decimals all the same
	case k == feed.Integer:
		return 'N', max(10, w.whole), 0
	}
	return 'C', max(1, w.whole), 0
}

// appendCell appends a value with the blanks that its column needs.
func (n *shapeLayer) appendCell(line []byte, i int, text []byte, size int) []byte {
	kind, _, decimals := n.column(i)
	blanks := func(count int) {
		for range count {
			line = append(line, ' ')
		}
	}
	switch {
	case kind == 'L' && len(text) == 0:
		return append(line, '?')
	case kind == 'N' && len(text) > 0 && decimals > 0:
		point := strings.IndexByte(string(text), '.')
		have := 0
		if point < 0 {
			text = append(text, '.')
		} else {
			have = len(text) - point - 1
		}
		for range decimals - have {
			text = append(text, '0')
		}
		fallthrough
	case kind == 'N':
		blanks(size - len(text))
		return append(line, text...)
	}
	line = append(line, text...)
	blanks(size - len(text))
	return line
}

// shortNames are names of at most ten letters for the id and the fields: known words cut short, then the end, then a
// number where two would be the same.
func shortNames(fields []Field) []string {
	short := strings.NewReplacer("service_", "s_", "_capacity", "_c", "price_cny_per_m2", "price_cny", "document", "doc",
		"computed", "comp", "ellipsoid", "ellip", "effective_from", "effective", "estate_unit", "estate", "cadastral",
		"cadastr", "allotment_version", "allot_ver", "first_in_line", "first_line", "publication", "public",
		"nitrogen", "nitro", "levelled", "level", "telecom", "tele", "bank_status", "bank_stat", "project", "proj",
		"headroom_told", "head_told", "capacity_told", "cap_told")
	names := []string{"id"}
	for _, f := range fields {
		name := short.Replace(f.Name)
		name = name[:min(10, len(name))]
		for n := 2; slices.Contains(names, name); n++ {
			end := strconv.Itoa(n)
			name = name[:min(10-len(end), len(name))] + end
		}
		names = append(names, name)
	}
	return names
}
