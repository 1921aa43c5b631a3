package api

import (
	"context"

	"luodi/api/background"
	"luodi/data/feed"
)

// parkBackgrounds are what the installation sets under a park's map.
type parkBackgrounds struct {
	Backgrounds []background.Background `json:"backgrounds"`
}

type parkList struct {
	Parks []feed.Park `json:"parks"`
}

// InPark names a park by its code.
type InPark struct {
	Speaking
	Park string `path:"park" doc:"The park's code." example:"carbon-fibre"`
}

func (in InPark) parkCode() string { return in.Park }

func (d *domain) addParks() {
	get(d, "/api/parks", "parks", func(ctx context.Context, v *feed.View, _ *Speaking) (parkList, error) {
		parks, err := v.ParkList(ctx)
		return parkList{parks}, err
	})
	get(d, "/api/parks/{park}", "park", func(ctx context.Context, v *feed.View, in *InPark) (*feed.Park, error) {
		return v.ParkFacts(ctx, in.Park)
	})
	get(d, "/api/parks/{park}/backgrounds", "backgrounds",
		func(ctx context.Context, v *feed.View, in *InPark) (parkBackgrounds, error) {
			_, err := v.Park(ctx, in.Park)
			return parkBackgrounds{d.backgrounds.For(in.Park)}, err
		})
}
