package api

import (
	"context"

	"luodi/api/request"
	"luodi/data/feed"
)

type balancing struct {
	InPark
	Datetime string `query:"datetime" doc:"An RFC 3339 instant, or a date: the end of that day in the park's time zone. Now without it." example:"2026-06-30"`
}

func (d *domain) addBalance() {
	get(d, "/api/parks/{park}/balance", "balance",
		func(ctx context.Context, v *feed.View, in *balancing) (*feed.Balance, error) {
			park, err := v.Park(ctx, in.Park)
			if err != nil {
				return nil, err
			}
			at, err := request.Past("datetime", in.Datetime, park.TimeZone)
			if err != nil {
				return nil, err
			}
			return v.Balance(ctx, in.Park, at)
		})
}
