package api

import (
	"context"
	"net/http"
	"time"

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
			at, err := in.moment(ctx, v)
			if err != nil {
				return nil, err
			}
			return v.Balance(ctx, in.Park, at)
		})
	desk(d, deskRoute{http.MethodGet, "/api/parks/{park}/desk/balance", "desk.balance", http.StatusOK},
		func(ctx context.Context, in *balancing) (int, *feed.Balance, error) {
			if _, _, err := d.inPark(ctx, in.Park); err != nil {
				return 0, nil, err
			}
			var b *feed.Balance
			err := d.feed.Desk(ctx, func(v *feed.View) error {
				at, err := in.moment(ctx, v)
				if err != nil {
					return err
				}
				b, err = v.DeskBalance(ctx, in.Park, at)
				return err
			})
			return 0, b, err
		})
}

// moment is the instant that is asked for; nil for now.
func (in *balancing) moment(ctx context.Context, v *feed.View) (*time.Time, error) {
	park, err := v.Park(ctx, in.Park)
	if err != nil {
		return nil, err
	}
	return request.Past("datetime", in.Datetime, park.TimeZone)
}
