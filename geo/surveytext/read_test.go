package surveytext

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"luodi/geo"
)

// The land of the tests: 120 m to the east and 150 m to the north of a corner, 1.8 hectares, in the 3° zone 41.
const (
	north0, east0 = 4_125_000.0, 413_200.0
	wide, long    = 120.0, 150.0
)

// facts of a header, in their order.
var plainFacts = [][2]string{{"格式版本号", "1.01"}, {"数据产生单位", "某县自然资源局"}, {"数据产生日期", "2024-03-01"},
	{"坐标系", "2000国家大地坐标系"}, {"几度分带", "3"}, {"投影类型", "高斯克吕格"}, {"计量单位", "米"}, {"带号", "41"},
	{"精度", "0.001"}, {"转换参数", ",,,,,,"}}

// header is a header whose facts are changed by pairs of a name and a value; "-" leaves one out.
func header(changed ...string) string {
	lines := []string{"[属性描述]"}
	for _, fact := range plainFacts {
		for i := 0; i < len(changed); i += 2 {
			if changed[i] == fact[0] {
				fact[1] = changed[i+1]
			}
		}
		if fact[1] != "-" {
			lines = append(lines, fact[0]+"="+fact[1])
		}
	}
	return strings.Join(append(lines, "[地块坐标]"), "\n") + "\n"
}

// drawn says how a ring is written.
type drawn struct {
	zone          int     // before the eastings
	ring, from    int     // its number, and that of its first corner; 0 stands for 1
	dNorth, dEast float64 // from the corner of the land
	share         float64 // of the land's sides; 0 stands for 1
	closing       int     // the ring under which the first corner comes again; 0: its own, -1: it doesn't
	format        string  // of a corner
}

func (d drawn) String() string {
	d.ring, d.from = max(1, d.ring), max(1, d.from)
	if d.share == 0 {
		d.share = 1
	}
	if d.format == "" {
		d.format = "J%d,%d,%.3f,%.3f\n"
	}
	corner := func(i, ring int) string {
		n := north0 + d.dNorth + []float64{0, long, long, 0}[i]*d.share
		e := float64(d.zone)*1e6 + east0 + d.dEast + []float64{0, 0, wide, wide}[i]*d.share
		return fmt.Sprintf(d.format, d.from+i, ring, n, e)
	}
	var out strings.Builder
	for i := range 4 {
		out.WriteString(corner(i, d.ring))
	}
	if d.closing == 0 {
		d.closing = d.ring
	}
	if d.closing > 0 {
		out.WriteString(corner(0, d.closing))
	}
	return out.String()
}

func land(d drawn) string { d.zone = 41; return d.String() }

var (
	outline = land(drawn{})
	open    = land(drawn{closing: -1})
	hole    = land(drawn{ring: 2, from: 5, dNorth: 50, dEast: 40, share: 0.2})
)

func head(count, area string) string {
	return count + "," + area + ",7,甲地块,面,,工业用地,,@\n"
}

// right is a text that is to be read, and what of it.
type right struct {
	text  string
	crs   geo.EPSG // 4550 where it is not said
	opts  Options
	rings []int    // corners of each; of one ring with 4 where it is not said
	m2    string   // the survey's own area: 18000 where it is not said
	each  []string // names of the parcels; one where it is not said
}

var rightTexts = map[string]right{
	"as it is laid down":              {text: header() + head("5", "1.8") + outline},
	"with line ends of Windows":       {text: strings.ReplaceAll(header()+head("5", "1.8")+outline, "\n", "\r\n")},
	"with line ends of old Macs":      {text: strings.ReplaceAll(header()+head("5", "1.8")+outline, "\n", "\r")},
	"with a byte-order mark":          {text: "\ufeff" + header() + head("5", "1.8") + outline},
	"in GBK":                          {text: encoded(header() + head("5", "1.8") + outline)},
	"in UTF-16":                       {text: utf16LE(header() + head("5", "1.8") + outline)},
	"with extended information":       {text: "[扩展信息]\n坐标系=见附件\n备注=无\n随便写\n" + header() + head("5", "1.8") + outline},
	"with the unit of its area":       {text: header() + head("5", "1.8000公顷") + outline},
	"with its area in mu":             {text: header() + head("5", "27亩") + outline},
	"with its area in square metres":  {text: header() + head("5", "18000.00㎡") + outline},
	"with another unit's spelling":    {text: header() + head("5", "1.8 HM2") + outline},
	"with a rounded area":             {text: header() + head("5", "2") + outline, m2: "20000.0000"},
	"with an area of its own":         {text: header() + head("5", "1.79995") + outline, m2: "17999.5000"},
	"without an area":                 {text: header() + head("", "") + outline},
	"without the parcel's line":       {text: header() + outline, each: []string{""}},
	"with a count without closing":    {text: header() + head("4", "1.8") + outline},
	"with full-width commas":          {text: header() + strings.ReplaceAll(head("5", "1.8")+outline, ",", "，")},
	"with full-width digits":          {text: header() + head("5", "１．８") + strings.ReplaceAll(outline, "J1,1", "Ｊ１，１")},
	"with a full-width comma in name": {text: header() + "5,1.8,7,甲，乙,面,,工业用地,,@\n" + outline, each: []string{"甲，乙"}},
	"with spaces around":              {text: header() + " 5 , 1.8 , 7 , 甲地块 , 面 , , 工业用地 , , @ \n" + strings.ReplaceAll(outline, ",", " , ")},
	"with full-width spaces":          {text: header() + head("5", "1.8") + strings.ReplaceAll(outline, ",", ",　")},
	"with tabs":                       {text: header() + head("5", "1.8") + strings.ReplaceAll(outline, ",", "\t")},
	"with a comma at each end":        {text: header() + head("5", "1.8") + strings.ReplaceAll(outline, "\n", ",\n")},
	"with empty lines":                {text: strings.ReplaceAll(header()+head("5", "1.8")+outline, "\n", "\n\n \t\n")},
	"with full-width signs in facts":  {text: strings.NewReplacer("=", "＝", "[", "【", "]", "】").Replace(header()) + head("5", "1.8") + outline},
	"with spaces in facts":            {text: strings.ReplaceAll(header(), "=", " = ") + head("5", "1.8") + outline},
	"with a comma left out":           {text: header() + "5,1.8,7,甲地块,面,,工业用地@\n" + outline},
	"with thirteen fields":            {text: header() + "5,1.8,7,甲地块,面,,工业用地,0601,,,,,@\n" + outline},
	"without the zone in eastings":    {text: header() + head("5", "1.8") + drawn{}.String()},
	"without the zone in the header":  {text: header("带号", "") + head("5", "1.8") + outline},
	"without width and zone":          {text: header("带号", "-", "几度分带", "-") + head("5", "1.8") + outline},
	"with a zone in words":            {text: header("带号", "41带", "几度分带", "3度") + head("5", "1.8") + outline},
	"with the datum as ArcGIS has it": {text: header("坐标系", "CGCS2000_3_Degree_GK_CM_123E", "带号", "") + head("5", "1.8") + drawn{}.String()},
	"with its meridian":               {text: strings.Replace(header("带号", ""), "精度", "中央子午线=123\n精度", 1) + head("5", "1.8") + drawn{}.String()},
	"with zeros for parameters":       {text: header("转换参数", "0,0,0,0,0,0,0") + head("5", "1.8") + outline},
	"with the same fact twice":        {text: header() + "带号=41\n" + head("5", "1.8") + outline},
	"not closed":                      {text: header() + head("4", "1.8") + open},
	"closed under another ring":       {text: header() + head("5", "1.8") + land(drawn{closing: 2})},
	"closed under the hole's ring": {text: header() + head("10", "1.728") + land(drawn{closing: 2}) + hole,
		rings: []int{4, 4}, m2: "17280.0000"},
	"with a hole":          {text: header() + head("10", "1.728") + outline + hole, rings: []int{4, 4}, m2: "17280.0000"},
	"with a hole, counted": {text: header() + head("8", "1.728") + outline + hole, rings: []int{4, 4}, m2: "17280.0000"},
	"with a hole, not closed": {text: header() + head("8", "") + open + land(drawn{ring: 2, from: 5, dNorth: 50, dEast: 40, share: .2, closing: -1}),
		rings: []int{4, 4}, m2: "17280.0000"},
	"with a hole on its side": {text: header() + head("", "") + outline + land(drawn{ring: 2, from: 5, dNorth: 50, share: 0.2}),
		rings: []int{4, 4}, m2: "17280.0000"},
	"with ring numbers of its place in the file": {text: header() + head("5", "1.8") + land(drawn{ring: 2})},
	"of two parcels": {text: header() + head("5", "1.8") + outline + strings.Replace(head("5", "1.8"), "甲", "乙", 1) +
		land(drawn{dNorth: 400}), each: []string{"甲地块", "乙地块"}},
	"without a header, the system stated":  {text: head("5", "1.8") + outline, opts: Options{CRS: 4550}},
	"without a header, the code prefixed":  {text: head("5", "1.8") + outline, opts: Options{CRS: 4529}, crs: 4529},
	"without a header and zone, stated":    {text: head("5", "1.8") + drawn{}.String(), opts: Options{CRS: 4550}},
	"with a header that agrees":            {text: header() + head("5", "1.8") + outline, opts: Options{CRS: 4550}},
	"two numbers a line":                   {text: "4125000 413200\n4125150 413200\n4125150 413320\n4125000 413320", opts: Options{CRS: 4550}},
	"three columns":                        {text: "J1 4125000 413200\nJ2 4125150 413200\nJ3 4125150 413320\nJ4 4125000 413320", opts: Options{CRS: 4550}},
	"of Xi'an 80, by its header":           {text: header("坐标系", "1980西安坐标系") + head("5", "1.8") + outline, crs: 2386},
	"of Beijing 54, by its header":         {text: header("坐标系", "1954年北京坐标系") + head("5", "1.8") + outline, crs: 2438},
	"of Xi'an 80, stated too":              {text: header("坐标系", "1980西安坐标系") + head("5", "1.8") + outline, opts: Options{CRS: 2386}, crs: 2386},
	"in a zone of 6°":                      {text: header("几度分带", "6", "带号", "20") + head("5", "1.8") + drawn{zone: 20}.String(), crs: 4509},
	"of which none says the system":        {text: head("5", "1.8") + outline, crs: -1},
	"of which the zone is not said":        {text: header("带号", "") + head("5", "1.8") + drawn{}.String(), crs: -1},
	"of another place's system, as stated": {text: head("5", "1.8") + drawn{}.String(), opts: Options{CRS: 32651}, crs: 32651},
}

func encoded(s string) string {
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

func utf16LE(s string) string {
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

// TestDialectsAreRead: every way of writing the land is read to the same corners, in the system it says.
func TestDialectsAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range rightTexts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

func (c right) check(t *testing.T) {
	t.Helper()
	read := Read([]byte(c.text), c.opts)
	if len(read.Faults) > 0 {
		t.Fatalf("line %d: %v", read.Faults[0].Line, &read.Faults[0])
	}
	want := c.crs
	switch want {
	case 0:
		want = 4550
	case -1:
		want = 0
	}
	if read.CRS != want {
		t.Errorf("system %v, want %v", read.CRS, want)
	}
	if c.each == nil {
		c.each = []string{read.Parcels[0].Name}
	}
	var names []string
	for _, p := range read.Parcels {
		names = append(names, p.Name)
	}
	if !slices.Equal(names, c.each) {
		t.Errorf("parcels %q, want %q", names, c.each)
	}
	p := read.Parcels[0]
	var rings []int
	for _, ring := range p.Rings {
		rings = append(rings, len(ring.Corners))
	}
	if c.rings == nil {
		c.rings = []int{4}
	}
	if !slices.Equal(rings, c.rings) {
		t.Fatalf("rings %v, want %v", rings, c.rings)
	}
	first := orb.Point{east0, north0}
	if c.crs == 4529 {
		first[0] += 41e6
	}
	if got := p.Rings[0].Corners[0].At; got != first {
		t.Errorf("first corner %v, want %v", got, first)
	}
	if c.m2 == "" {
		c.m2 = "18000.0000"
	}
	if got := p.Legal().String(); got != c.m2 {
		t.Errorf("area %s, want %s", got, c.m2)
	}
}

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
	"Xi'an 80 in a park of CGCS2000":  {header("坐标系", "1980西安坐标系") + head("5", "1.8") + outline, park, "survey.system", 5, systemFact},
	"CGCS2000 where Xi'an 80 is said": {header() + head("5", "1.8") + outline, Options{CRS: 2386}, "survey.system", 5, systemFact},
	"a local system":                  {header("坐标系", "某市独立坐标系") + head("5", "1.8") + outline, Options{}, "survey.datum", 5, systemFact},
	"New Beijing":                     {header("坐标系", "新北京坐标系") + head("5", "1.8") + outline, Options{}, "survey.datum", 5, systemFact},
	"another zone without a prefix":   {header("带号", "40") + head("5", "1.8") + drawn{}.String(), park, "survey.system", 9, zoneFact},
	"another zone before the eastings than in the header": {header("带号", "40") + head("5", "1.8") + outline, Options{},
		"survey.zone_is", 14, yColumn},
	"another zone before the eastings than the park's": {head("5", "1.8") + drawn{zone: 40}.String(), park, "survey.system", 2, yColumn},
	"another zone of a GIS than in 带号":                 {header("坐标系", "CGCS2000_3_Degree_GK_Zone_40") + head("5", "1.8") + outline, Options{}, "survey.zone_is", 9, zoneFact},
	"another meridian than the zone's":                 {strings.Replace(header(), "精度", "中央子午线=120\n精度", 1) + head("5", "1.8") + outline, Options{}, "survey.meridian_is", 10, meridianFact},
	"the width of another zone":                        {header("几度分带", "6") + head("5", "1.8") + outline, Options{}, "survey.width_is", 9, zoneFact},
	"the width of another prefix":                      {header("几度分带", "6", "带号", "") + head("5", "1.8") + outline, Options{}, "survey.width_is", 14, yColumn},
	"no zone of China":                                 {header("带号", "50") + head("5", "1.8") + drawn{}.String(), Options{}, "survey.zone", 9, zoneFact},
	"parameters of a shift":                            {header("转换参数", "12.5,-8,3,0,0,0,1") + head("5", "1.8") + outline, Options{}, "survey.shift", 11, shiftFact},
	"another projection":                               {header("投影类型", "UTM") + head("5", "1.8") + outline, Options{}, "survey.projection", 7, projectionFact},
	"another unit":                                     {header("计量单位", "英尺") + head("5", "1.8") + outline, Options{}, "survey.unit", 8, unitFact},
	"a fact stated twice":                              {header() + "带号=40\n" + head("5", "1.8") + outline, Options{}, "survey.once", 13, zoneFact},
	"a fact of another format":                         {header() + "东加常数=500000\n" + head("5", "1.8") + outline, Options{}, "survey.fact", 13, ""},
	"a section of another format":                      {"[宗地]\n" + outline, park, "survey.section", 1, ""},
	"parcels among extended information":               {"[扩展信息]\n" + head("5", "1.8") + outline, park, "survey.section_first", 2, "[扩展信息]"},
	"north and east exchanged":                         {header() + head("5", "1.8") + swapped(outline), Options{}, "survey.order", 14, xColumn},
	"both exchanged without a prefix":                  {header() + head("5", "1.8") + swapped(drawn{}.String()), Options{}, "survey.order", 14, xColumn},
	"an area that doesn't fit":                         {header() + head("5", "2.7") + outline, Options{}, "survey.area_is", 13, "地块面积"},
	"mu in the column of hectares":                     {header() + head("5", "27") + outline, Options{}, "survey.area_is", 13, "地块面积"},
	"square metres there":                              {header() + head("5", "18000") + outline, Options{}, "survey.area_is", 13, "地块面积"},
	"an area of 0":                                     {header() + head("5", "0") + outline, Options{}, "survey.area_is", 13, "地块面积"},
	"an area a half per cent off":                      {header() + head("5", "1.8090") + outline, Options{}, "survey.area_is", 13, "地块面积"},
	"the area of land with a hole":                     {header() + head("10", "1.8") + outline + hole, Options{}, "survey.area_is", 13, "地块面积"},
	"an area in no known unit":                         {header() + head("5", "1.8顷") + outline, Options{}, "survey.area", 13, "地块面积"},
	"a line where an area is wanted":                   {header() + "5,0,1,管线,线,,,@\n" + outline, park, "survey.figure", 13, "记录图形属性"},
	"points":                                           {header() + "5,0,1,控制点,点,,,@\n" + outline, Options{}, "survey.figure", 13, "记录图形属性"},
	"fewer corners than it says":                       {header() + head("7", "1.8") + outline, Options{}, "survey.count", 13, "界址点数"},
	"corners before the parcel":                        {outline + head("5", "1.8"), park, "survey.head_first", 6, ""},
	"a parcel's line cut off":                          {header() + "甲地块,@\n" + outline, Options{}, "survey.head", 13, "@"},
	"a parcel without corners":                         {header() + head("5", "1.8") + outline + head("5", "1.8"), Options{}, "survey.corners", 19, "地块坐标"},
	"no land at all":                                   {header(), Options{}, "survey.corners", 12, "地块坐标"},
	"nothing":                                          {"", Options{}, "survey.corners", 1, "地块坐标"},
	"two rings under one number":                       {outline + land(drawn{dNorth: 400, from: 5}), park, "survey.ring_again", 6, ringColumn},
	"two rings, neither in the other":                  {outline + land(drawn{ring: 2, dNorth: 400, from: 5}), park, "survey.hole", 6, ringColumn},
	"a hole before its outline":                        {hole + outline, park, "survey.ring_again", 6, ringColumn},
	"a ring that goes on after a hole":                 {open + hole + "J9,1,4125000.000,41413199.000\n", park, "survey.ring_again", 10, ringColumn},
	"a corner that may close or begin":                 {open + "J1,2,4125000.000,41413200.000\nJ5,2,4125050.000,41413240.000\nJ6,2,4125080.000,41413240.000\nJ7,2,4125060.000,41413280.000\n", park, "survey.ring_clear", 5, ringColumn},
	"one name for two corners":                         {open + "J1,1,4125080.000,41413150.000\n", park, "survey.name", 5, nameColumn},
	"a ring that nearly closes":                        {open + "J1,1,4125000.001,41413200.000\n", park, "survey.name", 5, nameColumn},
	"a hole of two corners":                            {outline + "J5,2,4125050,41413240\nJ6,2,4125060,41413250\n", park, "survey.ring_short", 6, ringColumn},
	"a ring without a number":                          {strings.ReplaceAll(open, ",1,", ",A,"), park, "survey.ring_number", 1, ringColumn},
	"the zone before some eastings":                    {open + drawn{ring: 2, dNorth: 50, dEast: 40, share: .2, closing: -1}.String(), park, "survey.alike", 5, ""},
	"two zones":                                        {open + drawn{zone: 40, ring: 2, dNorth: 50, dEast: 40, share: .2}.String(), park, "survey.prefix", 5, yColumn},
	"degrees among metres":                             {open + "J5,1,37.25,122.03\n", park, "survey.alike", 5, ""},
	"degrees under a header in metres":                 {header() + "37.25,122.03\n37.26,122.03\n37.26,122.04\n", Options{}, "survey.unit_is", 13, ""},
	"degrees of elsewhere":                             {"51.5 0.12\n51.6 0.12\n51.6 0.13\n", park, "survey.degrees", 1, xColumn},
	"eastings less their 500 km":                       {header() + head("5", "1.8") + strings.ReplaceAll(drawn{}.String(), ",413", ",-86"), Options{}, "survey.east", 14, yColumn},
	"a corner beyond China":                            {"J1,1,9125000,413200\n", park, "survey.north", 1, xColumn},
	"numbers that a table program cut":                 {header() + head("5", "1.8") + "J1,1,4.125E+06,41413200\n", Options{}, "survey.number", 14, xColumn},
	"thousands parted by commas":                       {header() + head("5", "1.8") + "J1,1,4,125,000.000,41,413,200.000\n", Options{}, "survey.corner", 14, ""},
	"a word":                                           {header() + head("5", "1.8") + outline + "以下空白\n", Options{}, "survey.corner", 19, ""},
	"a lost encoding":                                  {"[\ufffd\ufffd]\n" + outline, park, "survey.garbled", 1, ""},
	"bytes of no encoding":                             {"[属性描述]\n坐标系=\xff\xff\n", park, "survey.garbled", 2, ""},
	"a long line":                                      {strings.Repeat("1", MaxLine+1), park, "survey.line_length", 1, ""},
	"degrees stated, a zone in the text":               {header() + head("5", "1.8") + outline, Options{CRS: 4490}, "survey.system", 9, zoneFact},
	"UTM stated, a header of CGCS2000":                 {header() + head("5", "1.8") + drawn{}.String(), Options{CRS: 32651}, "survey.system", 9, zoneFact},
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

func TestColumnsAreOfTheLineAsItIsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"界址点一,1,4125000,x\n":           16,
		"  界址点一 ， 1 ， 4125000 ， 41x\n": 24,
		"J1\t1\t\t413200\n":            6,
		"J1  1  41.2.5  413200\n":      8,
	} {
		read := Read([]byte(text), park)
		if len(read.Faults) != 1 || read.Faults[0].Column != want {
			t.Errorf("%q: %+v, want column %d", text, read.Faults, want)
		}
	}
	read := Read([]byte(header()+"5,九,7,甲,面,,,@\n"+outline), park)
	if len(read.Faults) != 1 || read.Faults[0].Column != 3 || read.Faults[0].Got != `"九"` {
		t.Errorf("%+v", read.Faults)
	}
}

// TestAFaultLeavesOtherParcels: a fault of one parcel is not one of the others; one of the header is of all.
func TestAFaultLeavesOtherParcels(t *testing.T) {
	t.Parallel()
	text := header() + head("5", "9") + outline + head("5", "1.8") + land(drawn{dNorth: 400}) + head("5", "1.8") +
		land(drawn{dNorth: 800, format: "J%d,%d,%.3f,x%.3f\n"})
	read := Read([]byte(text), Options{})
	if len(read.Parcels) != 3 || read.Of(0) == nil || read.Of(1) != nil || read.Of(2) == nil || len(read.Faults) != 6 {
		t.Errorf("%d parcels, %v, %v, %v", len(read.Parcels), read.Of(0), read.Of(1), read.Faults)
	}
	read = Read([]byte(header("坐标系", "x")+head("5", "1.8")+outline), Options{})
	if read.Of(0) == nil {
		t.Error("a parcel of an unknown system is to be used")
	}
}

// TestTheAreaIsTheSurveysOwn: not of a shape that was rounded or reckoned in floats.
func TestTheAreaIsTheSurveysOwn(t *testing.T) {
	t.Parallel()
	strip := func(n, e, long, wide float64) string {
		at := func(i int, dn, de float64) string { return fmt.Sprintf("J%d,1,%.3f,%.3f\n", i, n+dn, e+de) }
		return at(1, 0, 0) + at(2, long, 0) + at(3, long, wide) + at(4, 0, wide) + at(1, 0, 0)
	}
	for text, want := range map[string]string{
		strip(4125000, 41413200, 1000, 1.5):                                         "1500.0000",
		strip(4125000.123, 413200.457, 1000, 1.5):                                   "1500.0000",
		strip(5999000, 45800000, 1000, 0.001):                                       "1.0000",
		strip(4125000, 41413200, 9999.999, 9999):                                    "99989990.0010",
		"4125000 413200\n4125001 413200\n4125000 413200.0001\n4125000 413200.00005": "0.0001",
	} {
		read := Read([]byte(text), Options{CRS: 4550})
		if strings.Contains(text, "45800000") {
			read = Read([]byte(text), Options{})
		}
		if len(read.Faults) > 0 || read.Parcels[0].Legal().String() != want {
			t.Errorf("%s, want %s: %v", read.Parcels[0].Legal(), want, read.Faults)
		}
	}
}

func TestDegreesAreReadInEitherOrder(t *testing.T) {
	t.Parallel()
	projection, _ := geo.CRS{Code: 4550}.Projection()
	var latLon, lonLat strings.Builder
	for _, at := range []orb.Point{{east0, north0}, {east0, north0 + long}, {east0 + wide, north0 + long}, {east0 + wide, north0}} {
		p := projection.Inverse(at)
		lat, lon := strconv.FormatFloat(p.Lat(), 'f', 10, 64), strconv.FormatFloat(p.Lon(), 'f', 10, 64)
		latLon.WriteString(lat + "," + lon + "\n")
		lonLat.WriteString(lon + " " + lat + "\n")
	}
	for _, text := range []string{latLon.String(), lonLat.String(), header("计量单位", "") + head("4", "1.8") + latLon.String()} {
		read := Read([]byte(text), park)
		if len(read.Faults) > 0 || read.CRS != geo.CGCS2000 {
			t.Errorf("%v in %v", read.Faults, read.CRS)
			continue
		}
		if at := projection.Forward(read.Parcels[0].Rings[0].Corners[0].At); at[0]-east0 > 1e-4 || at[1]-north0 > 1e-4 {
			t.Errorf("first corner at %v", at)
		}
	}
	if read := Read([]byte(header("计量单位", "")+head("4", "2.7")+latLon.String()), park); len(read.Faults) != 1 {
		t.Errorf("an area that does not fit degrees: %+v", read.Faults)
	}
	if read := Read([]byte(lonLat.String()), Options{}); read.CRS != 0 {
		t.Errorf("degrees of no stated datum are %v", read.CRS)
	}
}

func TestALineIsALine(t *testing.T) {
	t.Parallel()
	text := header() + "4,0,1,管线,线,,,@\n" + open
	for _, figure := range []Figure{"", Line} {
		read := Read([]byte(text), Options{Figure: figure})
		if len(read.Faults) > 0 || read.Parcels[0].Figure != Line || len(read.Parcels[0].Rings[0].Corners) != 4 {
			t.Errorf("%+v", read)
		}
	}
	if read := Read([]byte(outline), Options{CRS: 4550, Figure: Line}); len(read.Parcels[0].Rings[0].Corners) != 5 {
		t.Errorf("an outline as a line: %+v", read)
	}
	for figure, want := range map[Figure]int{Line: 0, "": 1} {
		text := header() + "1,,1,井,线,,,@\nJ1,1,4125000,41413200\n"
		if read := Read([]byte(text), Options{Figure: figure}); len(read.Faults) != want {
			t.Errorf("one corner for %q: %+v", figure, read.Faults)
		}
	}
	if read := Read([]byte(outline+hole), Options{CRS: 4550, Figure: Line}); len(read.Faults) != 1 ||
		read.Faults[0].Rule != "survey.one_line" {
		t.Errorf("two lines: %+v", read.Faults)
	}
}

// TestDegreesBeyondChinaAreRefused: there their order can't be told.
func TestDegreesBeyondChinaAreRefused(t *testing.T) {
	t.Parallel()
	for _, crs := range []geo.EPSG{0, 4490, 32632} {
		read := Read([]byte("6.0,47.0\n6.1,47.0\n6.1,47.1"), Options{CRS: crs})
		if len(read.Faults) != 3 || read.Faults[0].Rule != "survey.degrees" {
			t.Errorf("%v: %+v", crs, read.Faults)
		}
	}
}

func TestBeginsTellsTheFormat(t *testing.T) {
	t.Parallel()
	for _, text := range []string{header(), encoded(header())[:11], header()[:100], (header() + "x")[:19], "\ufeff\r\n" + header(), utf16LE(header()), head("5", "1.8"),
		outline, "坐标系=x", "[扩展信息]\n", "【地块坐标】"} {
		if !Begins([]byte(text)) {
			t.Errorf("%q is not taken for one", text)
		}
	}
	for _, text := range []string{"", `{"type":"Feature"}`, `[{"type":"Feature"}]`, "[1,2,3,4]", "id,name,x,y\n", "a=b", "PK\x03\x04",
		"[core]\nx=1", "1,2,3,4\n", "mail@", "SQLite format 3\x00"} {
		if Begins([]byte(text)) {
			t.Errorf("%q is taken for one", text)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	if read := Read(make([]byte, MaxBytes+1), park); len(read.Faults) != 1 || read.Faults[0].Rule != "survey.bytes" {
		t.Errorf("%+v", read.Faults)
	}
	if read := Read([]byte(strings.Repeat("x\n", 1000)), park); len(read.Faults) != maxFaults {
		t.Errorf("%d faults", len(read.Faults))
	}
	var many strings.Builder
	many.WriteString(outline)
	for i := range MaxRings {
		many.WriteString(land(drawn{ring: i + 2, dNorth: 1 + float64(i%100), dEast: 1 + float64(i/100), share: 0.001}))
	}
	if read := Read([]byte(many.String()), park); len(read.Faults) != 1 || read.Faults[0].Rule != "survey.rings" {
		t.Errorf("%+v", read.Faults)
	}
	corners := strings.Repeat("4125000 413200\n", MaxCorners+1)
	if read := Read([]byte(corners), park); len(read.Faults) == 0 || read.Faults[0].Rule != "survey.many" {
		t.Errorf("%d faults", len(read.Faults))
	}
}
