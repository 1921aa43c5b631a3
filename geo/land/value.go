package land

import (
	"strconv"
	"strings"
	"time"

	"luodi/geo"
)

// Years that a day may lie in: what is outside is a slip of the pen, or a placeholder of some program.
const (
	firstYear = 1900
	lastYear  = 2200
)

// ParseDay reads a day such as 2026-06-30 that the calendar has, in the years 1900 to 2200.
func ParseDay(field, s string) (string, error) {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil || day.Year() < firstYear || day.Year() > lastYear {
		return "", geo.NewInvalid(field, "day.form", s)
	}
	return day.Format(time.DateOnly), nil
}

// maxAreaM2 is more than any park, zone or parcel has: 10,000 km².
var maxAreaM2 = geo.MustArea("10000000000")

// ParseArea reads a legal area in square metres; what has more than four decimals, as a computed number does, is
// rounded as [geo.RoundArea] does.
func ParseArea(field, s string) (geo.Area, error) {
	area, err := geo.RoundArea(s)
	if err != nil {
		number, failed := strconv.ParseFloat(s, 64)
		if failed != nil {
			return area, geo.NewInvalid(field, "area.m2", s)
		}
		if area, err = geo.AreaFromM2(number); err != nil {
			return area, geo.NewInvalid(field, "area.m2", s)
		}
	}
	return area, CheckArea(field, area)
}

// CheckArea refuses a legal area that is not above 0, or above 10,000 km².
func CheckArea(field string, a geo.Area) error {
	if a.Units() <= 0 || a.Cmp(maxAreaM2) > 0 {
		return geo.NewInvalid(field, "area.above_0", a.String())
	}
	return nil
}
