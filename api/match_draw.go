package api

import (
	"context"
	"encoding/json"

	"github.com/paulmach/orb"

	"luodi/data/siting"
)

// drawing is a lot or an assembly among the sites of an answer, still to be drawn in degrees.
type drawing struct {
	site   int
	ground siting.Candidate
}

// drawMade gives lots and assemblies their shapes in degrees, all by one question to the database.
func (d *domain) drawMade(ctx context.Context, out *matchAnswer, made []drawing) error {
	var plane orb.LineString
	for _, m := range made {
		plane = append(append(plane, m.ground.Point), m.ground.Cut...)
		for _, ring := range m.ground.Shape {
			plane = append(plane, ring...)
		}
	}
	if len(plane) == 0 {
		return nil
	}
	degrees, err := d.ledger.Degrees(ctx, out.Park, plane)
	if err != nil {
		return err
	}
	take := func(n int) (part [][2]float64) {
		part, degrees = degrees[:n], degrees[n:]
		return part
	}
	for _, m := range made {
		site := &out.Sites[m.site]
		site.Point = take(1)[0]
		if cut := take(len(m.ground.Cut)); len(cut) > 0 {
			if site.Cut, err = json.Marshal(map[string]any{"type": "LineString", "coordinates": cut}); err != nil {
				return err
			}
		}
		rings := make([][][2]float64, len(m.ground.Shape))
		for i, ring := range m.ground.Shape {
			rings[i] = take(len(ring))
		}
		if site.Shape, err = json.Marshal(map[string]any{"type": "Polygon", "coordinates": rings}); err != nil {
			return err
		}
	}
	return nil
}
