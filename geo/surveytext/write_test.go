package surveytext

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"luodi/geo"
)

// official is what a reader of the official form alone finds: it shares nothing with Read.
type official struct {
	facts   map[string]string
	parcels []officialParcel
}

type officialParcel struct {
	count  int
	ha     string
	fields []string
	rings  map[int][][2]string // by number, closed
}

var (
	officialFact   = regexp.MustCompile(`^([^=,@]+)=(.*)$`)
	officialHead   = regexp.MustCompile(`^(\d+),(\d+\.\d{4,8}),(.*),@$`)
	officialCorner = regexp.MustCompile(`^J\d+,(\d+),(\d{7}\.\d{3}),(\d{8}\.\d{3})$`)
)

func readOfficial(t *testing.T, text string) official {
	t.Helper()
	out := official{facts: map[string]string{}}
	if !strings.HasSuffix(text, "\r\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
		t.Fatal("lines don't end in CR LF")
	}
	lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
	if lines[0] != "[属性描述]" {
		t.Fatalf("begins with %q", lines[0])
	}
	at := 1
	for ; lines[at] != "[地块坐标]"; at++ {
		m := officialFact.FindStringSubmatch(lines[at])
		out.facts[m[1]] = m[2]
	}
	for _, line := range lines[at+1:] {
		if m := officialHead.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1])
			out.parcels = append(out.parcels, officialParcel{n, m[2], strings.Split(m[3], ","), map[int][][2]string{}})
			continue
		}
		m := officialCorner.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("%q is no line of the format", line)
		}
		ring, _ := strconv.Atoi(m[1])
		rings := out.parcels[len(out.parcels)-1].rings
		rings[ring] = append(rings[ring], [2]string{m[2], m[3]})
	}
	return out
}

func TestWhatIsWrittenIsReadByAnotherReader(t *testing.T) {
	t.Parallel()
	read := Read([]byte(header()+"10,1.728,G-1,甲地块,面,J50,工业用地,0601,@\n"+outline+hole+head("",
		"")+land(drawn{dNorth: 400})), Options{})
	for _, crs := range []geo.EPSG{4550, 4529} {
		parcels := read.Parcels
		if crs == 4529 {
			parcels = Read([]byte(header()+"10,1.728,G-1,甲地块,面,J50,工业用地,0601,@\n"+outline+hole+head("", "")+
				land(drawn{dNorth: 400})), Options{CRS: 4529}).Parcels
		}
		written, err := Write(Form{CRS: crs, By: "某县自然资源局", On: "2026-11-29"}, parcels)
		if err != nil {
			t.Fatal(err)
		}
		got := readOfficial(t, string(written))
		if diff := cmp.Diff(map[string]string{"格式版本号": "1.01", "数据产生单位": "某县自然资源局", "数据产生日期": "2026-11-29",
			"坐标系": "2000国家大地坐标系", "几度分带": "3", "投影类型": "高斯克吕格", "计量单位": "米", "带号": "41", "精度": "0.001",
			"转换参数": ",,,,,,"}, got.facts); diff != "" {
			t.Error(diff)
		}
		first := officialParcel{10, "1.7280", []string{"G-1", "甲地块", "面", "J50", "工业用地", "0601"}, map[int][][2]string{
			1: {{"4125000.000", "41413200.000"}, {"4125150.000", "41413200.000"}, {"4125150.000", "41413320.000"},
				{"4125000.000", "41413320.000"}, {"4125000.000", "41413200.000"}},
			2: {{"4125050.000", "41413240.000"}, {"4125080.000", "41413240.000"}, {"4125080.000", "41413264.000"},
				{"4125050.000", "41413264.000"}, {"4125050.000", "41413240.000"}}}}
		if len(got.parcels) != 2 {
			t.Fatalf("%d parcels", len(got.parcels))
		}
		if diff := cmp.Diff(first, got.parcels[0], cmp.AllowUnexported(officialParcel{})); diff != "" {
			t.Error(diff)
		}
		if p := got.parcels[1]; p.ha != "1.8000" || p.count != 5 || p.rings[1][0][0] != "4125400.000" {
			t.Errorf("%+v", p)
		}
		gbk, err := Write(Form{CRS: crs, By: "某县自然资源局", On: "2026-11-29", GBK: true}, parcels)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := simplifiedchinese.GBK.NewDecoder().Bytes(gbk); err != nil || !bytes.Equal(plain, written) {
			t.Errorf("in GBK: %v, %q", err, plain)
		}
	}
}

// TestWhatIsWrittenIsReadBack: with the area exactly, the corners to their decimals.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		east, north := rapid.Float64Range(300_000, 700_000).Draw(t, "east"), rapid.Float64Range(1e6, 5e6).Draw(t,
			"north")
		side := rapid.Float64Range(1, 3000).Draw(t, "side")
		ring := Ring{Number: 1}
		for i := range 6 {
			sin, cos := math.Sincos(float64(i) * math.Pi / 3)
			ring.Corners = append(ring.Corners, Corner{At: [2]float64{east + side*cos, north + side*sin}})
		}
		form := Form{CRS: geo.EPSG(rapid.IntRange(4502, 4512).Draw(t, "zone")), Decimals: rapid.IntRange(3, 6).Draw(t,
			"decimals"),
			GBK: rapid.Bool().Draw(t, "gbk")}
		area, _ := geo.AreaFromM2(1.5 * math.Sqrt(3) * side * side)
		written, err := Write(form, []Parcel{{Name: "甲", Rings: []Ring{ring}, Stated: &Stated{M2: area}}})
		if err != nil {
			t.Fatal(err)
		}
		read := Read(written, Options{})
		if len(read.Faults) > 0 {
			t.Fatalf("%v in\n%s", &read.Faults[0], written)
		}
		if p := read.Parcels[0]; read.CRS != form.CRS || p.Legal() != area || p.Name != "甲" {
			t.Fatalf("%v, %+v", read.CRS, p)
		}
		for i, c := range read.Parcels[0].Rings[0].Corners {
			want := ring.Corners[i].At
			if off := math.Hypot(c.At[0]-want[0], c.At[1]-want[1]); off > math.Pow(10, -float64(form.Decimals)) {
				t.Fatalf("corner %d is %g m off", i, off)
			}
		}
	})
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	parcel := Read([]byte(header()+head("5", "1.8")+outline), Options{}).Parcels[0]
	with := func(change func(*Parcel)) []Parcel {
		p := parcel
		p.Rings = []Ring{{Number: 1, Corners: append([]Corner{}, parcel.Rings[0].Corners...)}}
		change(&p)
		return []Parcel{p}
	}
	form := Form{CRS: 4550}
	for name, c := range map[string]struct {
		form    Form
		parcels []Parcel
		field   string
	}{
		"another system":     {Form{CRS: 2386}, nil, "crs"},
		"degrees":            {Form{CRS: 4490}, nil, "crs"},
		"seven decimals":     {Form{CRS: 4550, Decimals: 7}, nil, "decimals"},
		"a comma":            {form, with(func(p *Parcel) { p.Name = "甲,乙" }), "parcels[0].name"},
		"a full-width comma": {form, with(func(p *Parcel) { p.Code = "甲，乙" }), "parcels[0].code"},
		"an @":               {form, with(func(p *Parcel) { p.Use = "a@" }), "parcels[0].use"},
		"two lines":          {form, with(func(p *Parcel) { p.Sheet = "a\nb" }), "parcels[0].sheet"},
		"a fact":             {form, with(func(p *Parcel) { p.Class = "带号=40" }), "parcels[0].class"},
		"a section":          {Form{CRS: 4550, By: "[地块坐标]"}, nil, "by"},
		"a corner's name": {form, with(func(p *Parcel) { p.Rings[0].Corners[1].Name = "a,b" }),
			"parcels[0].rings"},
		"two corners": {form, with(func(p *Parcel) { p.Rings[0].Corners = p.Rings[0].Corners[:2] }),
			"parcels[0].rings"},
		"a parcel of no rings": {form, with(func(p *Parcel) { p.Rings = nil }), "parcels[0].rings"},
	} {
		_, err := Write(c.form, c.parcels)
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != c.field {
			t.Errorf("%s: %v, want a refusal of %s", name, err, c.field)
		}
	}
}

func ExampleWrite() {
	corners := []Corner{{At: [2]float64{413200, 4125000}}, {At: [2]float64{413200, 4125150}}, {At: [2]float64{413320,
		4125150}}}
	text, err := Write(Form{CRS: 4550, By: "某县自然资源局", On: "2026-11-29"},
		[]Parcel{{Code: "G-1", Name: "甲地块", Use: "工业用地", Stated: &Stated{M2: geo.MustArea("9000")},
			Rings: []Ring{{Number: 1, Corners: corners}}}})
	if err != nil {
		panic(err)
	}
	_, parcel, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "[地块坐标]\n")
	fmt.Print(parcel)
	// Output:
	// 4,0.9000,G-1,甲地块,面,,工业用地,,@
	// J1,1,4125000.000,41413200.000
	// J2,1,4125150.000,41413200.000
	// J3,1,4125150.000,41413320.000
	// J1,1,4125000.000,41413200.000
}
