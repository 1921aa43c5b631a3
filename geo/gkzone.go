package geo

// Zone is a Gauss–Krüger zone of a datum of China.
type Zone struct {
	Datum  EPSG // CGCS2000, XiAn80 or Beijing54
	Width  int  // 3 or 6
	Number int  // 25…45 of 3° zones, 13…23 of 6° zones
}

// zoneSeries are EPSG's codes of such zones, each series running on by the zone's number; prefixed ones have that
// number before the eastings.
var zoneSeries = []struct {
	first, last EPSG
	Zone
	prefixed bool
}{
	{4491, 4501, Zone{CGCS2000, 6, 13}, true}, {4502, 4512, Zone{CGCS2000, 6, 13}, false},
	{4513, 4533, Zone{CGCS2000, 3, 25}, true}, {4534, 4554, Zone{CGCS2000, 3, 25}, false},
	{2327, 2337, Zone{XiAn80, 6, 13}, true}, {2338, 2348, Zone{XiAn80, 6, 13}, false},
	{2349, 2369, Zone{XiAn80, 3, 25}, true}, {2370, 2390, Zone{XiAn80, 3, 25}, false},
	{21413, 21423, Zone{Beijing54, 6, 13}, true}, {21453, 21463, Zone{Beijing54, 6, 13}, false},
	{2401, 2421, Zone{Beijing54, 3, 25}, true}, {2422, 2442, Zone{Beijing54, 3, 25}, false},
}

// Zone is the zone that a code names, and whether its eastings carry the zone's number.
func (e EPSG) Zone() (z Zone, prefixed, ok bool) {
	for _, s := range zoneSeries {
		if e >= s.first && e <= s.last {
			z = s.Zone
			z.Number += int(e - s.first)
			return z, s.prefixed, true
		}
	}
	return Zone{}, false, false
}

// Code is the code of a zone, with its number before the eastings or without; 0 where EPSG has none.
func (z Zone) Code(prefixed bool) EPSG {
	for _, s := range zoneSeries {
		if s.prefixed == prefixed && s.Datum == z.Datum && s.Width == z.Width && z.Number >= s.Number &&
			s.first+EPSG(z.Number-s.Number) <= s.last {
			return s.first + EPSG(z.Number-s.Number)
		}
	}
	return 0
}

// Meridian is the zone's central meridian in degrees east.
func (z Zone) Meridian() int {
	if z.Width == 6 {
		return 6*z.Number - 3
	}
	return 3 * z.Number
}

// ZoneOn is the number of the zone of a width on a meridian; 0 where none is.
func ZoneOn(width, meridian int) int {
	switch {
	case width == 6 && meridian%6 == 3:
		return (meridian + 3) / 6
	case width == 3 && meridian%3 == 0:
		return meridian / 3
	}
	return 0
}
