package ogc

import (
	"strings"
	"time"

	"luodi/api/request"
	"luodi/data/feed"
	"luodi/geo"
)

// parseDatetime reads the datetime parameter (OGC API Features 7.15.4): an instant, or two with a slash between of
// which either may be open, "..", or empty. A blank where the offset's plus was decoded away is taken for one.
func parseDatetime(text string) (feed.When, error) {
	invalid := geo.NewInvalid("datetime", "time.instant_or_interval", text)
	from, to, interval := strings.Cut(text, "/")
	start, ok := parseEnd(from, interval)
	if !ok {
		return feed.When{}, invalid
	}
	if !interval {
		if start = request.Passed(start); start == nil { // what has not passed yet is now
			return feed.When{}, nil
		}
		return feed.When{From: start, Instant: true}, nil
	}
	end, ok := parseEnd(to, true)
	if !ok || start != nil && end != nil && end.Before(*start) {
		return feed.When{}, invalid
	}
	return feed.When{From: start, To: request.Passed(end), Interval: true}, nil
}

// parseInstant reads the datetime of a single feature: an instant, at which it must have been there. An interval has no
// one state of it.
func parseInstant(a *ask) (feed.When, error) {
	text, given := a.query["datetime"]
	if !given {
		return feed.When{}, nil
	}
	when, err := parseDatetime(text)
	if err != nil || when.Interval {
		return feed.When{}, geo.NewInvalid("datetime", "time.instant", text)
	}
	return when, nil
}

// parseEnd reads one instant; nil where it is open.
func parseEnd(text string, mayOpen bool) (*time.Time, bool) {
	if mayOpen && (text == "" || text == "..") {
		return nil, true
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ReplaceAll(strings.ToUpper(text), " ", "+"))
	if err != nil {
		return nil, false
	}
	return &t, true
}
