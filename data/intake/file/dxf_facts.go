package file

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// drawnFacts are what GDAL leaves unread in a drawing: the unit of its numbers, and the values that luodi's own
// drawings have as extended data (docs/export.md).
type drawnFacts struct {
	unit int                          // $INSUNITS; 0: none is stated
	own  map[string]map[string]string // by the entity's handle: the values of the application LUODI
}

// dxfUnits are the units of $INSUNITS, in metres (Autodesk, DXF Reference: HEADER section). Of feet there are two.
var dxfUnits = map[int]struct {
	name   string
	metres float64
}{1: {"in", 0.0254}, 2: {"ft", 0.3048}, 3: {"mi", 1609.344}, 4: {"mm", 0.001}, 5: {"cm", 0.01}, 6: {"m", 1},
	7: {"km", 1000}, 10: {"yd", 0.9144}, 14: {"dm", 0.1}, 15: {"dam", 10}, 16: {"hm", 100}, 21: {"us-ft", 1200.0 / 3937}}

// ownMost bounds the values of a drawing that are held in memory.
const ownMost = 128 << 20

// readDrawnFacts walks over the groups of a drawing: a line of a code, a line of a value.
func readDrawnFacts(path string) (*drawnFacts, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the drawing: %w", err)
	}
	defer func() { _ = file.Close() }()
	encoding, err := drawnEncoding(file)
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the drawing: %w", err)
	}
	facts := &drawnFacts{own: map[string]map[string]string{}}
	lines := bufio.NewReaderSize(file, 64<<10)
	var variable, handle, app string
	var own map[string]string
	size := 0
	for {
		head, err := drawnLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		value, next := drawnLine(lines)
		if err = errors.Join(err, next); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read the drawing: %w", err)
		}
		switch code := strings.TrimSpace(string(head)); {
		case code == "0":
			if own["id"] != "" && handle != "" {
				facts.own[handle] = own
			}
			handle, app, own = "", "", nil
		case code == "9":
			variable = strings.TrimSpace(string(value))
		case code == "70" && variable == "$INSUNITS":
			facts.unit, _ = strconv.Atoi(strings.TrimSpace(string(value)))
			variable = ""
		case code == "5" && handle == "":
			handle = strings.TrimSpace(string(value))
		case code == "1001":
			app = strings.TrimSpace(string(value))
		case code == "1000" && app == "LUODI":
			if size += len(value); size > ownMost {
				return nil, &Fault{Code: FileTooLarge, Field: "LUODI", Expected: strconv.Itoa(ownMost),
					Got: "> " + strconv.Itoa(ownMost)}
			}
			if own == nil {
				own = map[string]string{}
			}
			addOwn(own, drawnText(value, encoding))
		}
	}
	return facts, nil
}

// drawnLine is a line without its end; of one that is longer than any value may be, the beginning.
func drawnLine(lines *bufio.Reader) ([]byte, error) {
	line, err := lines.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		if len(line) > 0 && errors.Is(err, io.EOF) {
			err = nil
		}
		return bytes.Clone(bytes.TrimRight(line, "\r\n")), err
	}
	kept := bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = lines.ReadSlice('\n')
	}
	return kept, err
}

// addOwn takes name=value, or name+=more of a value that one group couldn't hold.
func addOwn(own map[string]string, text string) {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return
	}
	if whole, more := strings.CutSuffix(name, "+"); more {
		own[whole] += value
		return
	}
	own[name] = value
}

// drawnText is a text of a drawing, with the characters that GBK lacks.
func drawnText(raw []byte, encoding string) string {
	if encoding == "CP936" {
		if text, err := simplifiedchinese.GBK.NewDecoder().Bytes(raw); err == nil {
			raw = text
		}
	}
	return strings.ToValidUTF8(spelled(string(raw)), "\ufffd")
}

// spelledOut is a run of characters as AutoCAD writes those that an encoding lacks: \U+XXXX, a half of UTF-16 each.
var spelledOut = regexp.MustCompile(`(?:\\U\+[0-9A-Fa-f]{4})+`)

func spelled(s string) string {
	return spelledOut.ReplaceAllStringFunc(s, func(run string) string {
		var halves []uint16
		for _, hex := range strings.Split(run, `\U+`)[1:] {
			half, err := strconv.ParseUint(hex, 16, 16)
			if err != nil {
				return run
			}
			halves = append(halves, uint16(half))
		}
		return string(utf16.Decode(halves))
	})
}

// withRings puts the further rings of a feature to its first: the holes of its first part, then the other parts.
func withRings(shape Shape, rings []ownRing) (Shape, *Fault) {
	bad := &Fault{Code: BadGeometry, Field: "LUODI", Expected: "Polygon", Got: shape.Kind.String()}
	g, err := wkb.Unmarshal(shape.WKB)
	first, is := g.(orb.Polygon)
	if err != nil || !is {
		return shape, bad
	}
	parts, order := map[string]orb.Polygon{"1": first}, []string{"1"}
	for _, r := range rings {
		if parts[r.part] == nil {
			order = append(order, r.part)
		}
		parts[r.part] = append(parts[r.part], r.ring)
	}
	whole := orb.MultiPolygon{}
	points := 0
	for _, part := range order {
		whole = append(whole, parts[part])
		for _, ring := range parts[part] {
			points += len(ring)
		}
	}
	body, err := wkb.Marshal(whole, binary.LittleEndian)
	if err != nil {
		return shape, bad
	}
	out, fault := flatten(body, points)
	out.Dropped = shape.Dropped
	return out, fault
}
