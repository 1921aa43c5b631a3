package surveytext

import (
	"fmt"
	"slices"
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
	"as it is laid down":             {text: header() + head("5", "1.8") + outline},
	"with line ends of Windows":      {text: strings.ReplaceAll(header()+head("5", "1.8")+outline, "\n", "\r\n")},
	"with line ends of old Macs":     {text: strings.ReplaceAll(header()+head("5", "1.8")+outline, "\n", "\r")},
	"with a byte-order mark":         {text: "\ufeff" + header() + head("5", "1.8") + outline},
	"in GBK":                         {text: encoded(header() + head("5", "1.8") + outline)},
	"in UTF-16":                      {text: utf16LE(header() + head("5", "1.8") + outline)},
	"with extended information":      {text: "[扩展信息]\n坐标系=见附件\n备注=无\n随便写\n" + header() + head("5", "1.8") + outline},
	"with the unit of its area":      {text: header() + head("5", "1.8000公顷") + outline},
	"with its area in mu":            {text: header() + head("5", "27亩") + outline},
	"with its area in square metres": {text: header() + head("5", "18000.00㎡") + outline},
	"with another unit's spelling":   {text: header() + head("5", "1.8 HM2") + outline},
	"with a rounded area":            {text: header() + head("5", "2") + outline, m2: "20000.0000"},
	"with an area of its own":        {text: header() + head("5", "1.79995") + outline, m2: "17999.5000"},
	"without an area":                {text: header() + head("", "") + outline},
	"without the parcel's line":      {text: header() + outline, each: []string{""}},
	"with a count without closing":   {text: header() + head("4", "1.8") + outline},
	"with full-width commas":         {text: header() + strings.ReplaceAll(head("5", "1.8")+outline, ",", "，")},
	"with full-width digits": {text: header() + head("5", "１．８") + strings.ReplaceAll(outline, "J1,1",
		"Ｊ１，１")},
	"with a full-width comma in name": {text: header() + "5,1.8,7,甲，乙,面,,工业用地,,@\n" + outline, each: []string{"甲，乙"}},
	"with spaces around": {text: header() + " 5 , 1.8 , 7 , 甲地块 , 面 , , 工业用地 , , @ \n" +
		strings.ReplaceAll(outline, ",", " , ")},
	"with full-width spaces":   {text: header() + head("5", "1.8") + strings.ReplaceAll(outline, ",", ",　")},
	"with tabs":                {text: header() + head("5", "1.8") + strings.ReplaceAll(outline, ",", "\t")},
	"with a comma at each end": {text: header() + head("5", "1.8") + strings.ReplaceAll(outline, "\n", ",\n")},
	"with empty lines":         {text: strings.ReplaceAll(header()+head("5", "1.8")+outline, "\n", "\n\n \t\n")},
	"with full-width signs in facts": {text: strings.NewReplacer("=", "＝", "[", "【", "]", "】").Replace(header()) +
		head("5", "1.8") + outline},
	"with spaces in facts":           {text: strings.ReplaceAll(header(), "=", " = ") + head("5", "1.8") + outline},
	"with a comma left out":          {text: header() + "5,1.8,7,甲地块,面,,工业用地@\n" + outline},
	"with thirteen fields":           {text: header() + "5,1.8,7,甲地块,面,,工业用地,0601,,,,,@\n" + outline},
	"without the zone in eastings":   {text: header() + head("5", "1.8") + drawn{}.String()},
	"without the zone in the header": {text: header("带号", "") + head("5", "1.8") + outline},
	"without width and zone":         {text: header("带号", "-", "几度分带", "-") + head("5", "1.8") + outline},
	"with a zone in words":           {text: header("带号", "41带", "几度分带", "3度") + head("5", "1.8") + outline},
	"with the datum as ArcGIS has it": {text: header("坐标系", "CGCS2000_3_Degree_GK_CM_123E", "带号", "") + head("5",
		"1.8") + drawn{}.String()},
	"with its meridian": {text: strings.Replace(header("带号", ""), "精度", "中央子午线=123\n精度", 1) + head("5",
		"1.8") + drawn{}.String()},
	"with zeros for parameters": {text: header("转换参数", "0,0,0,0,0,0,0") + head("5", "1.8") + outline},
	"with the same fact twice":  {text: header() + "带号=41\n" + head("5", "1.8") + outline},
	"not closed":                {text: header() + head("4", "1.8") + open},
	"closed under another ring": {text: header() + head("5", "1.8") + land(drawn{closing: 2})},
	"closed under the hole's ring": {text: header() + head("10", "1.728") + land(drawn{closing: 2}) + hole,
		rings: []int{4, 4}, m2: "17280.0000"},
	"with a hole": {text: header() + head("10", "1.728") + outline + hole, rings: []int{4, 4},
		m2: "17280.0000"},
	"with a hole, counted": {text: header() + head("8", "1.728") + outline + hole, rings: []int{4, 4},
		m2: "17280.0000"},
	"with a hole, not closed": {text: header() + head("8", "") + open + land(drawn{ring: 2, from: 5, dNorth: 50,
		dEast: 40, share: .2, closing: -1}),
		rings: []int{4, 4}, m2: "17280.0000"},
	"with a hole on its side": {text: header() + head("", "") + outline + land(drawn{ring: 2, from: 5, dNorth: 50,
		share: 0.2}),
		rings: []int{4, 4}, m2: "17280.0000"},
	"with ring numbers of its place in the file": {text: header() + head("5", "1.8") + land(drawn{ring: 2})},
	"of two parcels": {text: header() + head("5", "1.8") + outline + strings.Replace(head("5", "1.8"), "甲", "乙", 1) +
		land(drawn{dNorth: 400}), each: []string{"甲地块", "乙地块"}},
	"without a header, the system stated": {text: head("5", "1.8") + outline, opts: Options{CRS: 4550}},
	"without a header, the code prefixed": {text: head("5", "1.8") + outline, opts: Options{CRS: 4529}, crs: 4529},
	"without a header and zone, stated":   {text: head("5", "1.8") + drawn{}.String(), opts: Options{CRS: 4550}},
	"with a header that agrees":           {text: header() + head("5", "1.8") + outline, opts: Options{CRS: 4550}},
	"two numbers a line": {text: "4125000 413200\n4125150 413200\n4125150 413320\n4125000 413320",
		opts: Options{CRS: 4550}},
	"three columns":                {text: "J1 4125000 413200\nJ2 4125150 413200\nJ3 4125150 413320\nJ4 4125000 413320", opts: Options{CRS: 4550}},
	"of Xi'an 80, by its header":   {text: header("坐标系", "1980西安坐标系") + head("5", "1.8") + outline, crs: 2386},
	"of Beijing 54, by its header": {text: header("坐标系", "1954年北京坐标系") + head("5", "1.8") + outline, crs: 2438},
	"of Xi'an 80, stated too": {text: header("坐标系", "1980西安坐标系") + head("5", "1.8") + outline,
		opts: Options{CRS: 2386}, crs: 2386},
	"in a zone of 6°": {text: header("几度分带", "6", "带号", "20") + head("5", "1.8") +
		drawn{zone: 20}.String(), crs: 4509},
	"of which none says the system": {text: head("5", "1.8") + outline, crs: -1},
	"of which the zone is not said": {text: header("带号", "") + head("5", "1.8") + drawn{}.String(), crs: -1},
	"of another place's system, as stated": {text: head("5", "1.8") + drawn{}.String(), opts: Options{CRS: 32651},
		crs: 32651},
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
