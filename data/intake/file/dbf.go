package file

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// dbf reads the rows of a dBASE table (levels 3 to 5), which holds a Shapefile's attributes. Source: Esri's Shapefile
// Technical Description (July 1998) and dBASE's own description of the table file's header.
type dbf struct {
	in     *bufio.Reader
	fields []dbfField
	rows   int64 // as the head says
	at     int64
	record []byte
	text   encoding.Encoding // nil: UTF-8
	name   string            // of the encoding
}

type dbfField struct {
	name         string
	raw          []byte
	kind         byte
	offset, size int
}

const (
	dbfHead       = 32
	dbfTerminator = 0x0d
	dbfDeleted    = '*'
	dbfLives      = ' '
)

// openDBF reads the head. most is how many fields may be.
func openDBF(in io.Reader, most int) (*dbf, error) {
	d := &dbf{in: bufio.NewReaderSize(in, 64<<10)}
	var head [dbfHead]byte
	if err := d.full(head[:]); err != nil {
		return nil, err
	}
	d.rows = int64(binary.LittleEndian.Uint32(head[4:]))
	headSize, recordSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if kind := head[0] & 7; kind != 3 && kind != 4 && kind != 5 && head[0] != 0x30 {
		return nil, &Fault{Code: ShapefileDamaged, Field: ".dbf", Expected: "dBASE 3", Got: fmt.Sprintf("%#x", head[0])}
	}
	d.text, d.name = languageOf(head[29])
	offset := 1
	for at := dbfHead; at+dbfHead < headSize; at += dbfHead {
		var f [dbfHead]byte
		if err := d.full(f[:1]); err != nil {
			return nil, err
		}
		if f[0] == dbfTerminator {
			return nil, d.skip(headSize - at - 1)
		}
		if err := d.full(f[1:]); err != nil {
			return nil, err
		}
		raw, _, _ := strings.Cut(string(f[:11]), "\x00")
		field := dbfField{raw: []byte(raw), kind: f[11], offset: offset, size: int(f[16])}
		if field.kind == 'C' && f[17] != 0 && offset+field.size != recordSize { // of long texts the second byte
			field.size += int(f[17]) << 8
		}
		if offset += field.size; field.size == 0 || offset > recordSize {
			return nil, &Fault{Code: ShapefileDamaged, Field: ".dbf", Expected: fmt.Sprintf("≤ %d", recordSize),
				Got: strconv.Itoa(offset)}
		}
		if d.fields = append(d.fields, field); len(d.fields) > most {
			return nil, &Fault{Code: TooManyValues, Expected: strconv.Itoa(most), Got: "> " + strconv.Itoa(most)}
		}
	}
	if offset != recordSize {
		return nil, &Fault{Code: ShapefileDamaged, Field: ".dbf", Expected: strconv.Itoa(recordSize),
			Got: strconv.Itoa(offset)}
	}
	d.record = make([]byte, recordSize)
	return d, d.skip(headSize - dbfHead - dbfHead*len(d.fields))
}

// skip passes what is left of the head.
func (d *dbf) skip(n int) error {
	if n < 0 {
		return &Fault{Code: ShapefileDamaged, Field: ".dbf", Expected: "≥ 0", Got: strconv.Itoa(n)}
	}
	_, err := d.in.Discard(n)
	return d.cut(err)
}

func (d *dbf) full(p []byte) error {
	_, err := io.ReadFull(d.in, p)
	return d.cut(err)
}

// cut names the end of the table where more should come.
func (d *dbf) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Fault{Code: ShapefileDamaged, Field: ".dbf", Expected: fmt.Sprint(d.rows), Came: said("came.cut_short")}
	}
	return err
}

// next reads a row into record; false of a row that was deleted, io.EOF after the last.
func (d *dbf) next() (lives bool, err error) {
	if d.at == d.rows {
		return false, io.EOF
	}
	if err := d.full(d.record); err != nil {
		return false, err
	}
	d.at++
	switch d.record[0] {
	case dbfLives:
		return true, nil
	case dbfDeleted:
		return false, nil
	}
	return false, &Fault{Code: ShapefileDamaged, Field: ".dbf", Expected: "' ', '*'",
		Got: strconv.QuoteToASCII(string(d.record[:1]))}
}

// name the fields once the encoding is known.
func (d *dbf) nameFields() (names []string) {
	for i := range d.fields {
		f := &d.fields[i]
		f.name = strings.TrimSpace(d.decode(f.raw))
		names = append(names, f.name)
	}
	return names
}

// values are those of the row read last, and what can't be read of them.
func (d *dbf) values() (values map[string]string, unread map[string]*Fault) {
	values = make(map[string]string, len(d.fields))
	for i := range d.fields {
		f := &d.fields[i]
		raw := d.record[f.offset : f.offset+f.size]
		text := strings.Trim(string(raw), " \x00")
		switch f.kind {
		case 'C':
			if text = strings.Trim(d.decode(raw), " \x00"); strings.ContainsAny(text, "\ufffd\x00") {
				if unread == nil {
					unread = map[string]*Fault{}
				}
				unread[f.name] = &Fault{Code: NotText, Field: clip(f.name), Expected: d.name,
					Got: strconv.QuoteToASCII(clip(string(raw)))}
				continue
			}
		case 'N', 'F':
			if strings.Trim(text, "*") == "" { // a number that didn't fit
				text = ""
			}
		case 'D':
			if text = strings.Trim(text, "0"); text != "" {
				text = string(raw)
			}
			if len(text) == 8 && isDigits(text) {
				text = text[:4] + "-" + text[4:6] + "-" + text[6:]
			}
		case 'L':
			text = map[string]string{"T": "true", "Y": "true", "F": "false", "N": "false"}[strings.ToUpper(text)]
		case 'I':
			text = ""
			if len(raw) == 4 {
				text = strconv.Itoa(int(int32(binary.LittleEndian.Uint32(raw))))
			}
		default: // memos and pictures lie in files of their own
			continue
		}
		if text != "" {
			values[f.name] = text
		}
	}
	return values, unread
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// decode makes text of bytes. What a field's width cut through the middle of a character is left out.
func (d *dbf) decode(raw []byte) string {
	if d.text == nil {
		for cut := 0; cut < utf8.UTFMax && cut < len(raw); cut++ {
			if utf8.Valid(raw[:len(raw)-cut]) {
				return string(raw[:len(raw)-cut])
			}
		}
		return strings.ToValidUTF8(string(raw), "\ufffd")
	}
	text, err := d.text.NewDecoder().Bytes(raw)
	if err != nil {
		return "\ufffd"
	}
	return strings.TrimSuffix(string(text), "\ufffd")
}

// languageOf is the encoding that the head's language names; "" where it names none that is used for more than one.
func languageOf(id byte) (encoding.Encoding, string) {
	switch id {
	case 0x4d, 0x7a:
		return simplifiedchinese.GB18030, "GBK"
	case 0x4f, 0x78:
		return traditionalchinese.Big5, "Big5"
	}
	return nil, ""
}

// encodingOf is the encoding that a .cpg names; false for one that is not known.
func encodingOf(name string) (encoding.Encoding, string, bool) {
	name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
	name = strings.TrimPrefix(strings.TrimPrefix(name, "cp"), "ansi ")
	switch name {
	case "utf-8", "utf8", "65001":
		return nil, "UTF-8", true
	case "936", "gbk", "gb2312", "gb18030", "54936", "oem 936", "x-gbk", "euc-cn":
		return simplifiedchinese.GB18030, "GBK", true
	case "950", "big5", "big 5":
		return traditionalchinese.Big5, "Big5", true
	}
	if isDigits(name) && name != "" {
		name = "windows-" + name
	}
	found, err := htmlindex.Get(strings.ReplaceAll(name, " ", ""))
	return found, strings.ToUpper(name), err == nil
}

// settleEncoding chooses between what the files say and what the bytes show: a text that isn't what they say is GB18030
// where it reads as that. in is another reader of the same table.
func (d *dbf) settleEncoding(in *dbf, cpg string) error {
	said := d.name
	if text, name, ok := encodingOf(cpg); ok {
		d.text, d.name, said = text, name, name
	}
	if said != "" && said != "UTF-8" {
		return nil
	}
	ascii, valid, chinese := true, true, true
	look := func(raw []byte) {
		other := dbf{text: simplifiedchinese.GB18030}
		for _, c := range raw {
			ascii = ascii && c < 0x80
		}
		valid = valid && !strings.Contains(in.decode(raw), "\ufffd")
		chinese = chinese && !strings.Contains(other.decode(raw), "\ufffd")
	}
	in.text = nil
	for i := range in.fields {
		look(in.fields[i].raw)
	}
	for {
		lives, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		for i := range in.fields {
			if f := &in.fields[i]; lives && f.kind == 'C' {
				look(in.record[f.offset : f.offset+f.size])
			}
		}
	}
	d.text, d.name = nil, "UTF-8"
	if !ascii && !valid && chinese {
		d.text, d.name = simplifiedchinese.GB18030, "GBK"
	}
	return nil
}
