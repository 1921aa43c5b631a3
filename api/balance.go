package api

import (
	"context"
	"time"
	_ "time/tzdata" // a park's days end in its own zone, whatever the machine knows of zones

	"luodi/api/problem"
	"luodi/data"
)

type balancing struct {
	InPark
	Datetime string `query:"datetime" doc:"An RFC 3339 instant, or a date: the end of that day in the park's time zone. Now without it." example:"2026-06-30"`
}

func (d *domain) addBalance() {
	get(d, "/api/parks/{park}/balance", "balance", func(ctx context.Context, v *data.View, in *balancing) (*data.Balance, error) {
		park, err := v.Park(in.Park)
		if err != nil {
			return nil, err
		}
		at, err := parseMoment(in.Datetime, park.TimeZone)
		if err != nil {
			return nil, err
		}
		return v.Balance(ctx, in.Park, at)
	})
}

// parseMoment reads an RFC 3339 instant, or a date as the last microsecond of that day in a time zone; nil of "".
func parseMoment(text, zone string) (*time.Time, error) {
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
		return nil, &problem.Request{Kind: problem.InvalidParameter, Field: "datetime", Expected: "api.expected.moment", Got: text}
	}
	end := day.AddDate(0, 0, 1).Add(-time.Microsecond).UTC()
	return &end, nil
}
