package file

import (
	"fmt"
	"strings"
	"testing"
)

func drawnLineOf(layer string, ax, ay, bx, by float64) string {
	return entity("LINE", 8, layer, 100, "AcDbEntity", 100, "AcDbLine", 10, ax, 20, ay, 11, bx, 21, by)
}

// An outline in pieces is one where exactly two lines meet at each end, within a millimetre, whichever way they run.
func TestOutlinesInPiecesAreJoined(t *testing.T) {
	t.Parallel()
	square := []string{drawnLineOf("a", 0, 0, 100, 0), drawnLineOf("a", 100, 80, 100.0006, 0.0004),
		polyline("a", 0, 100, 80, 50, 90, 0, 80), drawnLineOf("a", 0, 80, 0, 0)}
	const joined = "POLYGON((0 0,100 0,100 80,50 90,0 80,0 0))"
	for name, c := range map[string]struct {
		drawn []string
		want  []string
	}{
		"a square of lines": {square, []string{joined}},
		"drawn twice":       {append(square, square...), []string{joined}},
		"a point on it":     {append(square, drawnLineOf("a", 0, 0, 0, 0.0001)), []string{joined}},
		"a gap of 2 mm": {[]string{drawnLineOf("a", 0, 0, 100, 0), drawnLineOf("a", 100, 0.002, 50, 80),
			drawnLineOf("a", 50, 80, 0, 0)}, []string{"LINESTRING(0 0,100 0)", "LINESTRING(100 0.002,50 80)",
			"LINESTRING(50 80,0 0)"}},
		"of two layers": {append(square[:3:3], drawnLineOf("b", 0, 80, 0, 0)), []string{"LINESTRING(0 0,100 0)",
			"LINESTRING(100 80,100.0006 0.0004)", "LINESTRING(100 80,50 90,0 80)", "LINESTRING(0 80,0 0)"}},
		"three meet": {append(square[:4:4], drawnLineOf("a", 0, 0, -10, 0)), []string{"LINESTRING(0 0,100 0)",
			"LINESTRING(100 80,100.0006 0.0004)", "LINESTRING(100 80,50 90,0 80)", "LINESTRING(0 80,0 0)",
			"LINESTRING(0 0,-10 0)"}},
		"there as a whole too": {append(square[:1:1], drawnLineOf("a", 100, 0, 100, 80), square[2], square[3],
			polyline("a", 1, 0, 0, 100, 0, 100, 80, 50, 90, 0, 80)), []string{joined}},
		"beside a closed one": {append(square[:4:4], polyline("a", 1, 200, 0, 300, 0, 300, 80)),
			[]string{"POLYGON((200 0,300 0,300 80,200 0))", joined}},
	} {
		info, rows, err := readAll(write(t, "a.dxf", []byte(drawingOf(c.drawn...))), Options{})
		var got []string
		for _, row := range rows {
			got = append(got, text(t, row.Shape))
		}
		if err != nil || strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %v %v, want %v (%+v)", name, err, got, c.want, info.Notes)
		}
	}
	path := write(t, "a.dxf", []byte(drawingOf(append(square, drawnWord("0", "A-1", 50, 40))...)))
	info, rows, err := readAll(path, Options{})
	if err != nil || len(rows) != 1 || rows[0].Values["code"] != "A-1" || rows[0].Values["layer"] != "a" ||
		len(info.Notes) != 2 {
		t.Errorf("%v %+v %+v", err, rows, info)
	}
	if _, rows, err = readAll(path, Options{Lines: true}); err != nil || len(rows) != 4 ||
		rows[0].Shape.Kind != LineString {
		t.Errorf("where lines are wanted: %v %+v", err, rows)
	}
}

// The tolerance is a millimetre in any unit.
func TestTheToleranceIsInTheDrawingsUnit(t *testing.T) {
	t.Parallel()
	triangle := func(gap float64) string {
		return drawingOf(drawnLineOf("a", 0, 0, 100_000, 0), drawnLineOf("a", 100_000, gap, 50_000, 80_000),
			drawnLineOf("a", 50_000, 80_000, 0, 0))
	}
	for unit, gaps := range map[int][2]float64{4: {0.9, 1.1}, 6: {0.0009, 0.0011}, 5: {0.09, 0.11},
		0: {0.0009, 0.0011}} {
		for i, gap := range gaps {
			body := strings.Replace(triangle(gap), "  9\n$DWGCODEPAGE",
				fmt.Sprintf("  9\n$INSUNITS\n 70\n%d\n  9\n$DWGCODEPAGE",
					unit), 1)
			info, rows, err := readAll(write(t, "a.dxf", []byte(body)), Options{})
			if err != nil || (len(rows) == 1) != (i == 0) || info.Unit != dxfUnits[unit].name ||
				info.UnitM != dxfUnits[unit].metres {
				t.Errorf("unit %d, gap %v: %v, %d rows, %+v", unit, gap, err, len(rows), info)
			}
		}
	}
}

func ownData(pairs ...string) []any {
	groups := []any{1001, "LUODI"}
	for _, pair := range pairs {
		groups = append(groups, 1000, pair)
	}
	return groups
}

func ownOutline(handle string, pairs []string, corners ...float64) string {
	groups := []any{5, handle, 8, "L", 100, "AcDbEntity", 100, "AcDbPolyline", 90, len(corners) / 2, 70, 1}
	for i := 0; i+1 < len(corners); i += 2 {
		groups = append(groups, 10, corners[i], 20, corners[i+1])
	}
	return entity("LWPOLYLINE", append(groups, ownData(pairs...)...)...)
}

// What luodi drew has its values again, and its holes; what stands in it doesn't count.
func TestOwnDrawingsComeBack(t *testing.T) {
	t.Parallel()
	body := drawingOf(
		ownOutline("A1", []string{"id=1", "collection=parcels", gbk("code=细"), "services={\"a\"", "services+=:1}",
			"no"},
			0, 0, 100, 0, 100, 80, 0, 80),
		ownOutline("A2", []string{"id=1", "collection=parcels", "part=1", "ring=2"}, 10, 10, 10, 20, 20, 20),
		drawnWord("L", "word", 50, 40),
		ownOutline("A3", []string{"id=2", "collection=zones", `code=\U+D842\U+DFB7`}, 0, 0, 100, 0, 100, 80, 0, 80),
		ownOutline("A4", []string{"id=2", "collection=zones", "part=2", "ring=2"}, 200, 0, 300, 0, 300, 80))
	path := write(t, "own.dxf", []byte(body))
	if _, _, err := readAll(path, Options{}); faultOf(t, err).Code != LayerAmbiguous {
		t.Errorf("of two collections: %v", err)
	}
	_, rows, err := readAll(path, Options{Layer: "parcels"})
	if err != nil || len(rows) != 1 || rows[0].Values["code"] != "细" || rows[0].Values["services"] != `{"a":1}` ||
		rows[0].Values["text_1"] != "" {
		t.Fatalf("%v %+v", err, rows)
	}
	if got := text(t, rows[0].Shape.Single()); got != "POLYGON((0 0,100 0,100 80,0 80,0 0),(10 10,10 20,20 20,10 10))" {
		t.Error(got)
	}
	_, rows, err = readAll(path, Options{Layer: "zones"})
	if err != nil || len(rows) != 1 || rows[0].Values["code"] != "𠮷" || rows[0].Shape.Parts != 2 {
		t.Errorf("%v %+v", err, rows)
	}
}

// Values that no text can hold are those of a field that can't be read, if it is asked for.
func TestOwnValuesOfNoTextAreLeft(t *testing.T) {
	t.Parallel()
	body := drawingOf(ownOutline("A1", []string{"id=1", "collection=parcels", "zone=\xff\xff", "x=1"}, 0, 0, 9, 0, 9,
		9))
	_, rows, err := readAll(write(t, "own.dxf", []byte(body)), Options{})
	if err != nil || len(rows) != 1 || rows[0].Values["x"] != "1" || rows[0].Unread["zone"] == nil {
		t.Errorf("%v %+v", err, rows)
	}
}
