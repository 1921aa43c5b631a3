package ledger

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/geo"
	"luodi/geo/land"
	"luodi/geo/lot"
)

// split divides one parcel along a line, by a legal area, or into equal parts. Legal areas of the children sum exactly
// to the parent's; "N mu" is exactly N mu of legal area. On allotted land one child is named the heir and takes the
// right; the others are free of it.
func split(ctx context.Context, w *work) error {
	shape := w.order.Command.Shape
	if shape == nil {
		return geo.NewInvalid("shape", "split.how", geo.None())
	}
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	if len(parcels) != 1 {
		return geo.NewInvalid("parcels", "parcels.one_to_split", fmt.Sprint(len(parcels)))
	}
	g, err := w.survey(ctx, parcels)
	if err != nil {
		return err
	}
	parent := g.subjects(parcels)[0]
	division, err := g.divide(ctx, parent, *shape)
	if err != nil {
		return err
	}
	if err := g.plane.Extend(division.New); err != nil {
		return err
	}
	if len(shape.Line) > 0 && shape.Side != "" {
		if err := g.orderBySide(ctx, *shape, division.Parts); err != nil {
			return err
		}
	}
	legal, err := g.childAreas(parent, *shape, division)
	if err != nil {
		return err
	}
	codes, err := childCodes(parent.Code, shape.Codes, len(division.Parts))
	if err != nil {
		return err
	}
	heir, err := heirOf(parcels[0], shape.Heir, codes)
	if err != nil {
		return err
	}
	if err := g.settle(ctx, division); err != nil {
		return err
	}
	if err := g.retire(ctx, parent); err != nil {
		return err
	}
	children := make([]uuid.UUID, len(codes))
	w.made = make(map[string]uuid.UUID, len(codes))
	for i, part := range division.Parts {
		facts := map[string]any{"code": codes[i], "cadastral_no": nil, "estate_unit_no": nil}
		if children[i], err = g.beget(ctx, []*piece{parent}, parent, part, legal[i], facts); err != nil {
			return err
		}
		w.made[codes[i]] = children[i]
	}
	if heir < 0 {
		return nil
	}
	return w.inherit(ctx, parcels[0].Allotment, []uuid.UUID{parent.ID}, children[heir])
}

// divide runs the cut that the command describes.
func (g *ground) divide(ctx context.Context, parent *piece, s Shape) (lot.Division, error) {
	bearing, side := 0.0, lot.Left
	if s.Bearing != nil {
		bearing = *s.Bearing
	}
	if s.Side == "right" {
		side = lot.Right
	}
	switch {
	case len(s.Line) > 0 && s.AreaMu == nil && s.Parts == 0:
		line, err := g.line(ctx, s.Line)
		if err != nil {
			return lot.Division{}, err
		}
		return lot.Cut(&g.plane, parent.shape, line, g.rules())
	case s.AreaMu != nil && len(s.Line) == 0 && s.Parts == 0:
		target, err := lot.TargetM2(s.AreaMu.Area(), parent.Legal, g.plane.AreaM2(parent.shape))
		if err != nil {
			return lot.Division{}, err
		}
		return lot.CutArea(&g.plane, parent.shape, target, bearing, side, g.rules())
	case s.Parts > 1 && len(s.Line) == 0 && s.AreaMu == nil:
		return lot.CutInto(&g.plane, parent.shape, s.Parts, bearing, g.rules())
	}
	return lot.Division{}, geo.NewInvalid("shape", "split.one_way", geo.Say("came.none_or_several"))
}

// orderBySide puts the part first that lies on the stated side of a drawn line. The parts' shared boundary, followed as
// the first part's outline runs, has that part on its left.
func (g *ground) orderBySide(ctx context.Context, s Shape, parts []lot.Shape) error {
	line, err := g.line(ctx, s.Line)
	if err != nil {
		return err
	}
	var border orb.LineString
	if len(parts) == 2 {
		border = lot.CutLine(&g.plane, parts[0], parts[1])
	}
	if border == nil {
		return geo.NewInvalid("shape.side", "split.two_sides", len(parts))
	}
	left := alongLine(line, border[0]) < alongLine(line, border[len(border)-1])
	if left != (s.Side == "left") {
		slices.Reverse(parts)
	}
	return nil
}

// alongLine is how far along a line the place nearest to a point lies.
func alongLine(line []orb.Point, p orb.Point) float64 {
	near, at, passed := math.Inf(1), 0.0, 0.0
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		long := planar.Distance(a, b)
		if long == 0 {
			continue
		}
		t := min(max(((p[0]-a[0])*(b[0]-a[0])+(p[1]-a[1])*(b[1]-a[1]))/long, 0), long)
		if d := planar.Distance(p, orb.Point{a[0] + t/long*(b[0]-a[0]), a[1] + t/long*(b[1]-a[1])}); d < near {
			near, at = d, passed+t
		}
		passed += long
	}
	return at
}

// childAreas divides the parent's legal area: the requested area and the rest, equal parts, or in the ratio of the
// computed areas.
func (g *ground) childAreas(parent *piece, s Shape, d lot.Division) ([]geo.Area, error) {
	switch {
	case s.AreaMu != nil:
		part, rest, err := lot.LegalRest(parent.Legal, s.AreaMu.Area())
		return []geo.Area{part, rest}, err
	case s.Parts > 1:
		return parent.Legal.Split(s.Parts)
	}
	return g.share(parent.Legal, d)
}

// share gives the parts of a division their legal areas, in the ratio of their computed ones; the plane knows the new
// nodes.
func (g *ground) share(total geo.Area, d lot.Division) ([]geo.Area, error) {
	computed := make([]float64, len(d.Parts))
	for i, part := range d.Parts {
		computed[i] = g.plane.AreaM2(part)
	}
	return lot.Legal(total, computed)
}

// childCodes are the codes asked for, or the parent's with -1, -2, … added.
func childCodes(parent string, asked []string, n int) ([]string, error) {
	if len(asked) == 0 {
		codes := make([]string, n)
		for i := range codes {
			codes[i] = fmt.Sprintf("%s-%d", parent, i+1)
		}
		return settledCodes(codes)
	}
	if len(asked) != n {
		return nil, geo.NewInvalid("shape.codes", "codes.one_a_part", fmt.Sprint(len(asked)), "n", n)
	}
	return settledCodes(asked)
}

// settledCodes brings codes of new parcels to their normal form; each stands once.
func settledCodes(codes []string) ([]string, error) {
	settled := make([]string, len(codes))
	for i, text := range codes {
		code, err := land.ParseCode("shape.codes", text)
		if err != nil {
			return nil, err
		}
		if slices.Contains(settled[:i], code) {
			return nil, geo.NewInvalid("shape.codes", "codes.once", code)
		}
		settled[i] = code
	}
	return settled, nil
}

// heirOf finds which child inherits the right on a parcel: -1 where there is none.
func heirOf(parent seen, named string, codes []string) (int, error) {
	if parent.State == "" {
		if named != "" {
			return 0, geo.NewInvalid("shape.heir", "split.no_heir", named)
		}
		return -1, nil
	}
	at := slices.Index(codes, named)
	if at < 0 {
		denial := parent.denial("heir_is_named")
		denial.Detail = fmt.Sprintf("name one of %v as heir", codes)
		return 0, denial
	}
	return at, nil
}

// inherit moves a right from parcels that end to the one that follows them.
func (w *work) inherit(ctx context.Context, right uuid.UUID, from []uuid.UUID, to uuid.UUID) error {
	const sqlLift = `UPDATE allotment_parcel SET to_seq = $4 WHERE park_id = $1 AND allotment_id = $2
		AND parcel_id = ANY ($3) AND to_seq IS NULL`
	if _, err := w.tx.Exec(ctx, sqlLift, w.park, right, from, w.seq); err != nil {
		return err
	}
	const sqlLay = `INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq) VALUES ($1, $2, $3, $4)`
	_, err := w.tx.Exec(ctx, sqlLay, w.park, right, to, w.seq)
	w.right = right
	return err
}
