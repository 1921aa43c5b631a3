package cql2

import (
	"strings"
	"time"
)

// parseDay reads an RFC 3339 full-date.
func parseDay(text string) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil
}

// parseInstant reads an RFC 3339 date-time, in UTC. An instant finer than a microsecond is refused: it would be
// compared as another one.
func parseInstant(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	if err != nil || at.Nanosecond()%1000 != 0 || at.UTC().Year() < 0 || at.UTC().Year() > 9999 {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// parseDraftInstant reads what GDAL writes of an instant: RFC 3339 that may end after the day, the hour or the minute,
// and may lack its Z.
func parseDraftInstant(text string) (time.Time, bool) {
	if at, ok := parseInstant(text); ok {
		return at, true
	}
	for _, layout := range []string{"2006-01-02T", "2006-01-02", "2006-01-02T15Z", "2006-01-02T15:04Z",
		"2006-01-02T15:04:05", "2006/01/02", "2006/01/02 15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func formatDay(at time.Time) string     { return at.Format(time.DateOnly) }
func formatInstant(at time.Time) string { return at.Format(time.RFC3339Nano) }
