package request

import (
	"time"
	_ "time/tzdata" // a park's days end in its own zone, whatever the machine knows of zones

	"luodi/api/problem"
)

// Moment reads an RFC 3339 instant, or a date as the last microsecond of that day in a time zone; nil of "". Anything
// else is refused as what the field's value should be.
func Moment(field, text, zone string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return &at, nil
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return nil, err
	}
	day, err := time.ParseInLocation(time.DateOnly, text, place)
	if err != nil {
		return nil, &problem.Request{Kind: problem.InvalidParameter, Field: field, Expected: "api.expected.moment",
			Got: text}
	}
	end := day.AddDate(0, 0, 1).Add(-time.Microsecond).UTC()
	return &end, nil
}

// Past reads an as-of moment. It returns nil, which means live, for no moment and for one in the future: while a
// park's clock is ahead of this machine's, its newest changes have future instants but are already in force.
func Past(field, text, zone string) (*time.Time, error) {
	at, err := Moment(field, text, zone)
	return Passed(at), err
}

// Passed returns an instant if it is in the past, else nil.
func Passed(at *time.Time) *time.Time {
	if at == nil || !at.Before(time.Now()) {
		return nil
	}
	return at
}
