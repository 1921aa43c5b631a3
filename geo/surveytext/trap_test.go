package surveytext

import (
	"errors"
	"strings"
	"testing"

	"luodi/geo"
)

// trap is a text that must not be taken as it stands, and where it is refused.
type trap struct {
	text string
	opts Options
	rule geo.Rule
	line int
	part string // the field
}

var park = Options{CRS: 4550, Figure: Area}

var traps = map[string]trap{
	"Xi'an 80 in a park of CGCS2000": {header("坐标系", "1980西安坐标系") + head("5", "1.8") + outline, park,
		"survey.system", 5, systemFact},
	"CGCS2000 where Xi'an 80 is said": {header() + head("5", "1.8") + outline, Options{CRS: 2386}, "survey.system", 5,
		systemFact},
	"a local system": {header("坐标系", "某市独立坐标系") + head("5", "1.8") + outline, Options{},
		"survey.datum", 5, systemFact},
	"New Beijing": {header("坐标系", "新北京坐标系") + head("5", "1.8") + outline, Options{},
		"survey.datum", 5, systemFact},
	"another zone without a prefix": {header("带号", "40") + head("5", "1.8") + drawn{}.String(), park,
		"survey.system", 9, zoneFact},
	"another zone before the eastings than in the header": {header("带号", "40") + head("5", "1.8") + outline, Options{},
		"survey.zone_is", 14, yColumn},
	"another zone before the eastings than the park's": {head("5", "1.8") + drawn{zone: 40}.String(), park,
		"survey.system", 2, yColumn},
	"another zone of a GIS than in 带号": {header("坐标系", "CGCS2000_3_Degree_GK_Zone_40") + head("5",
		"1.8") + outline, Options{}, "survey.zone_is", 9, zoneFact},
	"another meridian than the zone's": {strings.Replace(header(), "精度", "中央子午线=120\n精度", 1) +
		head("5", "1.8") + outline, Options{}, "survey.meridian_is", 10, meridianFact},
	"the width of another zone": {header("几度分带", "6") + head("5", "1.8") + outline, Options{},
		"survey.width_is", 9, zoneFact},
	"the width of another prefix": {header("几度分带", "6", "带号", "") + head("5", "1.8") + outline,
		Options{}, "survey.width_is", 14, yColumn},
	"no zone of China": {header("带号", "50") + head("5", "1.8") + drawn{}.String(),
		Options{}, "survey.zone", 9, zoneFact},
	"parameters of a shift": {header("转换参数", "12.5,-8,3,0,0,0,1") + head("5", "1.8") +
		outline, Options{}, "survey.shift", 11, shiftFact},
	"another projection": {header("投影类型", "UTM") + head("5", "1.8") + outline,
		Options{}, "survey.projection", 7, projectionFact},
	"another unit": {header("计量单位", "英尺") + head("5", "1.8") + outline, Options{},
		"survey.unit", 8, unitFact},
	"a fact stated twice": {header() + "带号=40\n" + head("5", "1.8") + outline, Options{},
		"survey.once", 13, zoneFact},
	"a fact of another format": {header() + "东加常数=500000\n" + head("5", "1.8") + outline,
		Options{}, "survey.fact", 13, ""},
	"a section of another format": {"[宗地]\n" + outline, park, "survey.section", 1, ""},
	"parcels among extended information": {"[扩展信息]\n" + head("5", "1.8") + outline, park,
		"survey.section_first", 2, "[扩展信息]"},
	"north and east exchanged": {header() + head("5", "1.8") + swapped(outline), Options{},
		"survey.order", 14, xColumn},
	"both exchanged without a prefix": {header() + head("5", "1.8") + swapped(drawn{}.String()),
		Options{}, "survey.order", 14, xColumn},
	"an area that doesn't fit": {header() + head("5", "2.7") + outline, Options{},
		"survey.area_is", 13, "地块面积"},
	"mu in the column of hectares": {header() + head("5", "27") + outline, Options{},
		"survey.area_is", 13, "地块面积"},
	"square metres there": {header() + head("5", "18000") + outline, Options{},
		"survey.area_is", 13, "地块面积"},
	"an area of 0": {header() + head("5", "0") + outline, Options{},
		"survey.area_is", 13, "地块面积"},
	"an area a half per cent off": {header() + head("5", "1.8090") + outline, Options{},
		"survey.area_is", 13, "地块面积"},
	"the area of land with a hole": {header() + head("10", "1.8") + outline + hole, Options{},
		"survey.area_is", 13, "地块面积"},
	"an area in no known unit": {header() + head("5", "1.8顷") + outline, Options{},
		"survey.area", 13, "地块面积"},
	"a line where an area is wanted": {header() + "5,0,1,管线,线,,,@\n" + outline, park,
		"survey.figure", 13, "记录图形属性"},
	"points": {header() + "5,0,1,控制点,点,,,@\n" + outline, Options{},
		"survey.figure", 13, "记录图形属性"},
	"fewer corners than it says": {header() + head("7", "1.8") + outline, Options{},
		"survey.count", 13, "界址点数"},
	"corners before the parcel": {outline + head("5", "1.8"), park, "survey.head_first", 6, ""},
	"a parcel's line cut off": {header() + "甲地块,@\n" + outline, Options{}, "survey.head", 13,
		"@"},
	"a parcel without corners": {header() + head("5", "1.8") + outline + head("5", "1.8"),
		Options{}, "survey.corners", 19, "地块坐标"},
	"no land at all": {header(), Options{}, "survey.corners", 12, "地块坐标"},
	"nothing":        {"", Options{}, "survey.corners", 1, "地块坐标"},
	"two rings under one number": {outline + land(drawn{dNorth: 400, from: 5}), park,
		"survey.ring_again", 6, ringColumn},
	"two rings, neither in the other": {outline + land(drawn{ring: 2, dNorth: 400, from: 5}), park,
		"survey.hole", 6, ringColumn},
	"a hole before its outline": {hole + outline, park, "survey.ring_again", 6, ringColumn},
	"a ring that goes on after a hole": {open + hole + "J9,1,4125000.000,41413199.000\n", park,
		"survey.ring_again", 10, ringColumn},
	"a corner that may close or begin": {open +
		"J1,2,4125000.000,41413200.000\nJ5,2,4125050.000,41413240.000\nJ6,2,4125080.000,41413240.000\nJ7,2,4125060.000,41413280.000\n", park, "survey.ring_clear", 5, ringColumn},
	"corners out of their order": {header() + "4,,1,甲,面,,,@\nJ1,1,4125000,41413200\nJ2,1,4125150,41413320\n" +
		"J3,1,4125150,41413200\nJ4,1,4125000,41413320\n", Options{}, "survey.crossing", 16, ""},
	"a hole across its outline's side": {outline +
		"J5,2,4125010,41413190\nJ6,2,4125020,41413190\nJ7,2,4125015,41413250\n",
		park, "survey.hole", 6, ringColumn},
	"a hole across a bend of the outline": {"J1,1,4125000,41413200\nJ2,1,4125100,41413200\nJ3,1,4125010,41413250\n" +
		"J4,1,4125100,41413300\nJ5,1,4125000,41413300\nJ6,2,4125050,41413210\nJ7,2,4125050,41413290\nJ8,2,4125005,41413290\n",
		park, "survey.crossing", 8, ""},
	"one name for two corners": {open + "J1,1,4125080.000,41413150.000\n", park,
		"survey.name", 5, nameColumn},
	"a ring that nearly closes": {open + "J1,1,4125000.001,41413200.000\n", park,
		"survey.name", 5, nameColumn},
	"a hole of two corners": {outline + "J5,2,4125050,41413240\nJ6,2,4125060,41413250\n",
		park, "survey.ring_short", 6, ringColumn},
	"a ring without a number": {strings.ReplaceAll(open, ",1,", ",A,"), park,
		"survey.ring_number", 1, ringColumn},
	"the zone before some eastings": {open + drawn{ring: 2, dNorth: 50, dEast: 40, share: .2,
		closing: -1}.String(), park, "survey.alike", 5, ""},
	"two zones": {open + drawn{zone: 40, ring: 2, dNorth: 50, dEast: 40,
		share: .2}.String(), park, "survey.prefix", 5, yColumn},
	"degrees among metres": {open + "J5,1,37.25,122.03\n", park, "survey.alike", 5, ""},
	"degrees under a header in metres": {header() + "37.25,122.03\n37.26,122.03\n37.26,122.04\n",
		Options{}, "survey.unit_is", 13, ""},
	"degrees of elsewhere": {"51.5 0.12\n51.6 0.12\n51.6 0.13\n", park, "survey.degrees",
		1, xColumn},
	"eastings less their 500 km": {header() + head("5", "1.8") +
		strings.ReplaceAll(drawn{}.String(), ",413", ",-86"), Options{}, "survey.east", 14, yColumn},
	"a corner beyond China": {"J1,1,9125000,413200\n", park, "survey.north", 1, xColumn},
	"numbers that a table program cut": {header() + head("5", "1.8") + "J1,1,4.125E+06,41413200\n",
		Options{}, "survey.number", 14, xColumn},
	"thousands parted by commas": {header() + head("5", "1.8") +
		"J1,1,4,125,000.000,41,413,200.000\n", Options{}, "survey.corner", 14, ""},
	"a word": {header() + head("5", "1.8") + outline + "以下空白\n", Options{},
		"survey.corner", 19, ""},
	"a lost encoding":      {"[\ufffd\ufffd]\n" + outline, park, "survey.garbled", 1, ""},
	"bytes of no encoding": {"[属性描述]\n坐标系=\xff\xff\n", park, "survey.garbled", 2, ""},
	"a long line": {strings.Repeat("1", MaxLine+1), park, "survey.line_length",
		1, ""},
	"degrees stated, a zone in the text": {header() + head("5", "1.8") + outline, Options{CRS: 4490},
		"survey.system", 9, zoneFact},
	"UTM stated, a header of CGCS2000": {header() + head("5", "1.8") + drawn{}.String(),
		Options{CRS: 32651}, "survey.system", 9, zoneFact},
}

// swapped exchanges the last two columns of each line.
func swapped(s string) string {
	var out strings.Builder
	for line := range strings.Lines(s) {
		c := strings.Split(strings.TrimSpace(line), ",")
		out.WriteString(strings.Join([]string{c[0], c[1], c[3], c[2]}, ",") + "\n")
	}
	return out.String()
}

// TestTrapsAreRefused: what contradicts itself or the caller is refused at its line, by its field.
func TestTrapsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range traps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := Read([]byte(c.text), c.opts)
			if len(read.Faults) == 0 {
				t.Fatalf("taken: %v, %+v", read.CRS, read.Parcels)
			}
			f := read.Faults[0]
			if f.Rule != c.rule || f.Line != c.line || f.Field != c.part || !errors.Is(f, geo.ErrInvalid) {
				t.Errorf("line %d %q: %s; want line %d %q: %s", f.Line, f.Field, f.Rule, c.line, c.part, c.rule)
			}
			if f.Got == "" {
				t.Error("what came is not told")
			}
			for i := range read.Parcels {
				if read.Of(i) == nil && i == 0 && f.Parcel <= 0 {
					t.Error("the parcel is to be used")
				}
			}
		})
	}
	if len(rightTexts) < 20 || len(traps) < 12 {
		t.Errorf("%d dialects and %d traps", len(rightTexts), len(traps))
	}
}
