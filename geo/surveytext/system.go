package surveytext

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"luodi/geo"
)

// zone is a Gauss–Krüger zone on a datum of China.
type zone struct {
	datum  geo.EPSG
	width  int // 3 or 6
	number int
}

// zoneOf is the zone that a code names, and whether its eastings carry the zone's number.
func zoneOf(code geo.EPSG) (z zone, prefixed, ok bool) {
	of, prefixed, ok := code.Zone()
	return zone{of.Datum, of.Width, of.Number}, prefixed, ok
}

// code is the code of a zone without its number before the eastings; 0 where EPSG has none.
func (z zone) code() geo.EPSG { return z.known().Code(false) }

func (z zone) known() geo.Zone { return geo.Zone{Datum: z.datum, Width: z.width, Number: z.number} }

// widthOf is the width of the zones that a number belongs to: China's zones of 6° are 13 to 23, those of 3° 25 to 45.
func widthOf(number int) int {
	switch {
	case number >= 13 && number <= 23:
		return 6
	case number >= 25 && number <= 45:
		return 3
	}
	return 0
}

// meridian is the zone's central meridian.
func (z zone) meridian() int { return z.known().Meridian() }

var datums = []struct {
	code  geo.EPSG
	name  string
	reads *regexp.Regexp // of a header's words in lower case without spaces, brackets and dashes
}{
	{geo.CGCS2000, "2000国家大地坐标系",
		regexp.MustCompile(`^(国家|中国)?(大地坐标系)?(cgcs)?2000(年)?(国家|中国)?(大地)?(坐标系)?$|^cgcs2000国家大地坐标系$`)},
	{geo.XiAn80, "1980西安坐标系", regexp.MustCompile(`^(19)?80年?(国家大地|西安)(大地)?坐标系?$|^西安(19)?80(大地)?(坐标系)?$|^xi'?an_?(19)?80$`)},
	{geo.Beijing54, "1954北京坐标系",
		regexp.MustCompile(`^(19)?54年?北京(大地)?坐标系?$|^北京(19)?54(大地)?(坐标系)?$|^beijing_?(19)?54$`)},
}

// byProgram is how ArcGIS names a zone, such as CGCS2000_3_Degree_GK_Zone_41 and CGCS2000_3_Degree_GK_CM_123E.
var byProgram = regexp.MustCompile(`^cgcs2000_(3_degree_)?gk_(zone|cm)_(\d+)e?$`)

// datumOf reads 坐标系: the datum, and the zone where a program's name for one stands there; 0 for a name that is not
// known.
func datumOf(value string) (datum geo.EPSG, z zone) {
	bare := strings.ToLower(strings.NewReplacer(" ", "", "(", "", ")", "", "-", "").Replace(value))
	if m := byProgram.FindStringSubmatch(bare); m != nil {
		z = zone{datum: geo.CGCS2000, width: 6}
		if m[1] != "" {
			z.width = 3
		}
		z.number, _ = strconv.Atoi(m[3])
		if m[2] == "cm" {
			z.number = z.numberAt(z.number)
		}
		return geo.CGCS2000, z
	}
	for _, d := range datums {
		if d.reads.MatchString(bare) {
			return d.code, zone{}
		}
	}
	return 0, zone{}
}

// numberAt is the number of the zone of this width on a meridian; 0 where none is.
func (z zone) numberAt(meridian int) int { return geo.ZoneOn(z.width, meridian) }

func datumName(code geo.EPSG) string {
	for _, d := range datums {
		if d.code == code {
			return d.name
		}
	}
	return code.String()
}

// datumNames are the names of all, as the header has them.
func datumNames() string {
	var names []string
	for _, d := range datums {
		names = append(names, d.name)
	}
	return strings.Join(names, ", ")
}

// String names a zone as the header does.
func (z zone) String() string {
	return fmt.Sprintf("%s %d° %d", datumName(z.datum), z.width, z.number)
}
