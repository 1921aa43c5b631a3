package surveytext

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
)

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
	for _, at := range []orb.Point{{east0, north0}, {east0, north0 + long}, {east0 + wide, north0 + long}, {east0 +
		wide, north0}} {
		p := projection.Inverse(at)
		lat, lon := strconv.FormatFloat(p.Lat(), 'f', 10, 64), strconv.FormatFloat(p.Lon(), 'f', 10, 64)
		latLon.WriteString(lat + "," + lon + "\n")
		lonLat.WriteString(lon + " " + lat + "\n")
	}
	for _, text := range []string{latLon.String(), lonLat.String(), header("计量单位", "") + head("4", "1.8") +
		latLon.String()} {
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
	for _, text := range []string{header(), encoded(header())[:11], header()[:100], (header() + "x")[:19],
		"\ufeff\r\n" + header(), utf16LE(header()), head("5", "1.8"),
		outline, "坐标系=x", "[扩展信息]\n", "【地块坐标】"} {
		if !Begins([]byte(text)) {
			t.Errorf("%q is not taken for one", text)
		}
	}
	for _, text := range []string{"", `{"type":"Feature"}`, `[{"type":"Feature"}]`, "[1,2,3,4]", "id,name,x,y\n",
		"a=b", "PK\x03\x04",
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
