package outlet

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// head writes the sections before the entities.
func (d *dxf) head(o *dxfText) {
	box := d.bounds
	if box.IsEmpty() {
		box = orb.Bound{}
	}
	o.text(0, "SECTION")
	o.text(2, "HEADER")
	o.variable("$ACADVER", 1, "AC1015")
	o.variable("$DWGCODEPAGE", 3, "ANSI_936")
	o.variable("$HANDSEED", 5, strings.ToUpper(strconv.FormatUint(d.out.handle+0x10000, 16)))
	o.text(9, "$INSUNITS")
	o.int(70, 6) // metres
	o.text(9, "$MEASUREMENT")
	o.int(70, 1)
	for name, at := range []orb.Point{box.Min, box.Max} {
		o.text(9, []string{"$EXTMIN", "$EXTMAX"}[name])
		o.position(at, 3)
	}
	o.variable("$PROJECTNAME", 1, crsName(d.CRS.Code)+" "+d.CRS.Code.String())
	o.text(0, "ENDSEC")
	o.text(0, "SECTION")
	o.text(2, "CLASSES")
	o.text(0, "ENDSEC")
	d.tables(o, box)
	o.blocks()
}

func (o *dxfText) variable(name string, code int, value string) {
	o.text(9, name)
	o.text(code, value)
}

// table writes a table of symbols.
func (o *dxfText) table(name, handle string, n int) {
	o.text(0, "TABLE")
	o.text(2, name)
	o.text(5, handle)
	o.text(330, "0")
	o.text(100, "AcDbSymbolTable")
	o.int(70, n)
}

// record begins a row of a table.
func (o *dxfText) record(kind, handle, owner, subclass, name string) {
	o.text(0, kind)
	code := 5
	if kind == "DIMSTYLE" {
		code = 105
	}
	o.text(code, handle)
	o.text(330, owner)
	o.text(100, "AcDbSymbolTableRecord")
	o.text(100, subclass)
	o.text(2, name)
}

// tables writes what a drawing of this release must have, and the layers.
func (d *dxf) tables(o *dxfText, box orb.Bound) {
	o.text(0, "SECTION")
	o.text(2, "TABLES")
	o.table("VPORT", "8", 1)
	o.record("VPORT", "29", "8", "AcDbViewportTableRecord", "*Active")
	o.int(70, 0)
	center := orb.Point{(box.Min[0] + box.Max[0]) / 2, (box.Min[1] + box.Max[1]) / 2}
	for _, at := range []struct {
		code int
		x, y float64
	}{{10, 0, 0}, {11, 1, 1}, {12, center[0], center[1]}, {13, 0, 0}, {14, 10, 10}, {15, 10, 10}} {
		o.number(at.code, at.x, 3)
		o.number(at.code+10, at.y, 3)
	}
	o.number(40, max(100, box.Max[1]-box.Min[1]), 3)
	o.number(41, 1.5, 3)
	o.text(0, "ENDTAB")
	o.table("LTYPE", "5", 3)
	for i, name := range []string{"ByBlock", "ByLayer", "Continuous"} {
		o.record("LTYPE", []string{"14", "15", "16"}[i], "5", "AcDbLinetypeTableRecord", name)
		o.int(70, 0)
		o.text(3, "")
		o.int(72, 65)
		o.int(73, 0)
		o.number(40, 0, 1)
	}
	o.text(0, "ENDTAB")
	o.table("LAYER", "2", len(d.layers)+1)
	for i, l := range append([]dxfLayer{{"0", rgb{0xff, 0xff, 0xff}}}, d.layers...) {
		handle := "10"
		if i > 0 {
			handle = strings.ToUpper(strconv.FormatUint(d.out.handle+uint64(i), 16))
		}
		o.record("LAYER", handle, "2", "AcDbLayerTableRecord", l.name)
		o.int(70, 0)
		o.int(62, l.colour.aci())
		o.text(6, "Continuous")
	}
	o.text(0, "ENDTAB")
	o.table("STYLE", "3", 1)
	o.record("STYLE", "11", "3", "AcDbTextStyleTableRecord", "Standard")
	o.int(70, 0)
	o.number(40, 0, 1)
	o.number(41, 1, 1)
	o.number(50, 0, 1)
	o.int(71, 0)
	o.number(42, 2.5, 1)
	o.text(3, "txt.shx")
	o.text(4, "gbcbig.shx")
	o.text(0, "ENDTAB")
	for _, empty := range [][2]string{{"VIEW", "6"}, {"UCS", "7"}} {
		o.table(empty[0], empty[1], 0)
		o.text(0, "ENDTAB")
	}
	o.table("APPID", "9", 2)
	for i, name := range []string{"ACAD", "LUODI"} {
		o.record("APPID", []string{"12", "13"}[i], "9", "AcDbRegAppTableRecord", name)
		o.int(70, 0)
	}
	o.text(0, "ENDTAB")
	o.table("DIMSTYLE", "A", 1)
	o.text(100, "AcDbDimStyleTable")
	o.int(71, 1)
	o.record("DIMSTYLE", "27", "A", "AcDbDimStyleTableRecord", "Standard")
	o.int(70, 0)
	o.text(0, "ENDTAB")
	o.table("BLOCK_RECORD", "1", 2)
	o.record("BLOCK_RECORD", dxfModelSpace, "1", "AcDbBlockTableRecord", "*Model_Space")
	o.record("BLOCK_RECORD", "1B", "1", "AcDbBlockTableRecord", "*Paper_Space")
	o.text(0, "ENDTAB")
	o.text(0, "ENDSEC")
}

// blocks writes the two spaces, both empty: what is drawn in the model's stands among the entities.
func (o *dxfText) blocks() {
	o.text(0, "SECTION")
	o.text(2, "BLOCKS")
	for _, b := range []struct{ owner, name, begin, end string }{{dxfModelSpace, "*Model_Space", "20", "21"},
		{"1B", "*Paper_Space", "1C", "1D"}} {
		o.bound("BLOCK", b.begin, b.owner, "AcDbBlockBegin")
		o.text(2, b.name)
		o.int(70, 0)
		o.position(orb.Point{}, 1)
		o.text(3, b.name)
		o.text(1, "")
		o.bound("ENDBLK", b.end, b.owner, "AcDbBlockEnd")
	}
	o.text(0, "ENDSEC")
}

// bound begins or ends the block of a space.
func (o *dxfText) bound(kind, handle, owner, subclass string) {
	o.text(0, kind)
	o.text(5, handle)
	o.text(330, owner)
	o.text(100, "AcDbEntity")
	if owner != dxfModelSpace {
		o.int(67, 1)
	}
	o.text(8, "0")
	o.text(100, subclass)
}

// objects writes the root dictionary, which a drawing of this release must have.
func (o *dxfText) objects() {
	o.text(0, "SECTION")
	o.text(2, "OBJECTS")
	o.text(0, "DICTIONARY")
	o.text(5, "C")
	o.text(330, "0")
	o.text(100, "AcDbDictionary")
	o.int(281, 1)
	o.text(3, "ACAD_GROUP")
	o.text(350, "D")
	o.text(0, "DICTIONARY")
	o.text(5, "D")
	o.text(330, "C")
	o.text(100, "AcDbDictionary")
	o.int(281, 1)
	o.text(0, "ENDSEC")
}
