package workday

import (
	"strings"
	"time"

	"luodi/geo"
)

// Day is a civil date of the years 1900 to 2200, as the number of days since 31 December 1899. The zero Day is no day.
// Days are compared as numbers.
type Day int32

// Years that a day may lie in, as of every legal date in Luodi.
const (
	firstYear = 1900
	lastYear  = 2200
)

var (
	epoch   = time.Date(firstYear-1, time.December, 31, 0, 0, 0, 0, time.UTC)
	lastDay = of(lastYear, time.December, 31)
)

// of returns the day of a date that the calendar has.
func of(year int, month time.Month, day int) Day {
	const seconds = 24 * 60 * 60 // a duration would not span the years
	return Day((time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()) / seconds)
}

// ParseDay reads a day such as 2026-06-30, in the years 1900 to 2200. A [geo.Invalid] is of the field.
func ParseDay(field, s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, geo.NewInvalid(field, "day.form", s)
	}
	return of(t.Date()), nil
}

// MustDay is ParseDay for constants and tests: it panics on what is no day.
func MustDay(s string) Day {
	d, err := ParseDay("day", s)
	if err != nil {
		panic(err)
	}
	return d
}

func (d Day) time() time.Time { return epoch.AddDate(0, 0, int(d)) }

// Year is the year that the day lies in.
func (d Day) Year() int { return d.time().Year() }

// Since are the days elapsed from another day to this one, worked or not: 1 from a day to the next.
func (d Day) Since(from Day) int { return int(d - from) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return time.Weekday(((d % 7) + 7) % 7) } // 31 December 1899 was a Sunday

// String prints the day as 2026-06-30, and the zero Day as the empty string.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

// MarshalText writes the day as [Day.String] does.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	read, err := ParseDay("day", string(text))
	if err == nil {
		*d = read
	}
	return err
}
