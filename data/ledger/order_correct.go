package ledger

import (
	"context"
	"fmt"

	"luodi/geo"
	"luodi/geo/land"
	"luodi/geo/lot"
)

// correct replaces a parcel's shape, and if given its legal area, by the results of a new survey. It names the
// survey's document. Vertices on shared edges are entered on both sides.
func correct(ctx context.Context, w *work) error {
	shape := w.order.Command.Shape
	if shape == nil || len(shape.Geometry) == 0 {
		return geo.NewInvalid("shape.geometry", "shape.surveyed", geo.None())
	}
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	if len(parcels) != 1 {
		return geo.NewInvalid("parcels", "parcels.one_to_correct", fmt.Sprint(len(parcels)))
	}
	stored, planar, err := w.readShape(ctx, "shape.geometry", []string{"Polygon"}, false, shape.Geometry)
	if err != nil {
		return err
	}
	g, err := w.survey(ctx, parcels)
	if err != nil {
		return err
	}
	surveyed, err := g.number(stored, planar)
	if err != nil {
		return err
	}
	p := g.subjects(parcels)[0]
	legal := p.Legal
	if shape.LegalM2 != nil {
		legal = *shape.LegalM2
		if err := land.CheckArea("shape.legal_m2", legal); err != nil {
			return err
		}
	}
	if err := g.enterNear(ctx, vertices(surveyed)); err != nil {
		return err
	}
	return g.redraw(ctx, p, g.withNear(surveyed), legal, nil)
}

// withNear enters the neighbours' vertices in a shape's sides.
func (g *ground) withNear(s lot.Shape) lot.Shape {
	entered, _ := lot.Enter(&g.plane, s, g.rules().Near, lot.ParcelRules.SnapM)
	return entered
}

// enterNear enters vertices in the neighbours' sides; the neighbours that change get new versions.
func (g *ground) enterNear(ctx context.Context, ids []int) error {
	for _, n := range g.near {
		entered, changed := lot.Enter(&g.plane, n.shape, ids, lot.ParcelRules.SnapM)
		if !changed {
			continue
		}
		if err := g.redraw(ctx, n, entered, n.Legal, nil); err != nil {
			return err
		}
	}
	return nil
}

func vertices(s lot.Shape) []int {
	var ids []int
	for _, ring := range s {
		ids = append(ids, ring...)
	}
	return ids
}
