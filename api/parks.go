package api

import (
	"context"

	"luodi/data"
)

type parkList struct {
	Parks []data.Park `json:"parks"`
}

// inPark names a park by its code.
type inPark struct {
	speaking
	Park string `path:"park" doc:"The park's code." example:"carbon-fibre"`
}

func (d *domain) addParks() {
	get(d, "/api/parks", "parks", func(ctx context.Context, v *data.View, _ *speaking) (parkList, error) {
		parks, err := v.ParkList(ctx)
		return parkList{parks}, err
	})
	get(d, "/api/parks/{park}", "park", func(ctx context.Context, v *data.View, in *inPark) (*data.Park, error) {
		return v.ParkFacts(ctx, in.Park)
	})
}
