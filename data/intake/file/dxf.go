package file

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// dxfArcDegrees is the angle of the chords that stand for arcs: they lie within 2.4 mm of an arc of 1 km radius
// (the radius × (1 − cos 0.125°)).
const dxfArcDegrees = "0.25"

// dxfInput is what the child's copy of a drawing is called.
const dxfInput = "in.dxf"

// beginsDXF reports whether text begins as a drawing: groups of a code and a value, a line each, remarks (999) first.
func beginsDXF(head []byte) bool {
	lines := strings.Split(strings.ReplaceAll(string(bytes.TrimPrefix(head, utf8BOM)), "\r\n", "\n"), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		switch code := strings.TrimSpace(lines[i]); {
		case code == "0" && strings.TrimSpace(lines[i+1]) == "SECTION":
			return true
		case code != "999":
			return false
		}
	}
	return false
}

// checkDXF looks for the end of a drawing, as GDAL takes one that breaks off for a whole one, and for its encoding.
func checkDXF(file *os.File, _ Options) (env []string, err error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("check the drawing: %w", err)
	}
	tail := make([]byte, min(stat.Size(), 256))
	if _, err := file.ReadAt(tail, stat.Size()-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("check the drawing: %w", err)
	}
	words := strings.Fields(string(bytes.TrimRight(tail, "\x00\x1a")))
	if n := len(words); n < 2 || words[n-1] != "EOF" || words[n-2] != "0" {
		return nil, &Fault{Code: Truncated, Field: "DXF: EOF", Got: fmt.Sprint(stat.Size())}
	}
	encoding, err := drawnEncoding(io.NewSectionReader(file, 0, stat.Size()))
	if encoding == "" || err != nil {
		return nil, err
	}
	return []string{"DXF_ENCODING=" + encoding}, nil
}

// drawnEncoding tells the encoding of a drawing's texts, as GDAL calls it, where the bytes show it: programs leave its
// name out, or write one that isn't so. A name of another than these stands: "". A drawing that says GBK is taken for
// that where all its texts can be it, and UTF-8 would make nothing but Latin, Greek or Cyrillic of them: 细 is ϸ.
func drawnEncoding(in io.Reader) (string, error) {
	plain, utf, gbk, could, wide, page := true, true, true, true, false, false
	lines := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return "", fmt.Errorf("check the drawing: %w", err)
		}
		switch name := string(bytes.TrimSpace(line)); {
		case slices.ContainsFunc(line, func(c byte) bool { return c >= utf8.RuneSelf }):
			plain = false
			utf = utf && utf8.Valid(line)
			wide = wide || slices.ContainsFunc(line, func(c byte) bool { return c >= 0xe0 })
			gbk = gbk && isGBK(line)
			could = could && decodesAsGBK(line)
		case name == "ANSI_936":
			page = true
		case strings.HasPrefix(name, "ANSI_") && name != "ANSI_1252":
			gbk = false
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	switch {
	case plain:
	case utf && (wide || !page || !could):
		return "UTF-8", nil
	case gbk, page && could:
		return "CP936", nil
	}
	return "", nil
}

func decodesAsGBK(line []byte) bool {
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(line)
	return err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}
