package api

import (
	"context"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"luodi/data/siting"
	"luodi/geo"
	"luodi/geo/match"
)

// maxParts is how many polygons the cells of a surface may be cut into at most.
const maxParts = 100_000

// outlines gives the polygons of a cell in the survey plane: its hexagon, or what of that is ground with a score. A
// [geo.Invalid] names outline where the ground would be in too many pieces.
func (d *domain) outlines(ctx context.Context, comb siting.Comb, outline heatOutline, fields []*siting.Field,
	scores []float64) (func(cell int) []orb.Polygon, error) {
	if outline != onlyGround {
		return func(cell int) []orb.Polygon { return []orb.Polygon{{comb.Grid.Hexagon(cell)}} }, nil
	}
	ground, err := d.siting.Ground(ctx, comb, fields, scores)
	if err != nil {
		return nil, err
	}
	parts, n := comb.Grid.Parts(ground), 0
	for _, of := range parts {
		n += len(of)
	}
	if n > maxParts {
		return nil, geo.NewInvalid("outline", "heat.parts", string(outline), "n", maxParts)
	}
	return func(cell int) []orb.Polygon { return parts[cell] }, nil
}

// draw adds cells to the answer, with their outlines brought from the survey plane to degrees.
func (d *domain) draw(ctx context.Context, out *heatAnswer, comb siting.Comb, fields []*siting.Field,
	cells []match.Cell, outline func(cell int) []orb.Polygon) error {
	shapes := make([][]orb.Polygon, len(cells))
	var corners corners
	for i, c := range cells {
		shapes[i] = outline(c.Cell)
		for _, p := range shapes[i] {
			for _, ring := range p {
				corners.add(ring)
			}
		}
	}
	degrees, err := d.ledger.Degrees(ctx, comb.Park, corners.points)
	if err != nil {
		return err
	}
	corners.degrees = degrees
	for i, c := range cells {
		if len(shapes[i]) == 0 { // less ground than a cut tells from noise
			continue
		}
		park, best := candidateOf(fields, c.Best)
		out.Features = append(out.Features, heatFeature{Type: "Feature", ID: out.Cells + c.Cell,
			Geometry: corners.geometry(shapes[i]),
			Properties: heatCell{Score: round4(c.Score), Coverage: round4(c.Coverage), Best: best.Code,
				BestID: best.ID.String(), BestKey: best.Key, Kind: best.Kind, Park: park, Top: round4(c.Top), ToAsk: c.Ask}})
	}
	return nil
}

// corners numbers points of a plane, so that one that several cells share is brought to degrees once.
type corners struct {
	points  []orb.Point
	known   map[[2]int64]int
	degrees [][2]float64
}

// key takes points within 0.1 mm for one.
func (c *corners) key(p orb.Point) [2]int64 {
	return [2]int64{int64(math.Round(p[0] * 1e4)), int64(math.Round(p[1] * 1e4))}
}

func (c *corners) add(ring orb.Ring) {
	if c.known == nil {
		c.known = map[[2]int64]int{}
	}
	for _, p := range ring {
		if _, ok := c.known[c.key(p)]; !ok {
			c.known[c.key(p)], c.points = len(c.points), append(c.points, p)
		}
	}
}

// geometry is a Polygon of GeoJSON, or a MultiPolygon of several, with 9 decimals, as all feeds.
func (c *corners) geometry(polygons []orb.Polygon) []byte {
	out := append(make([]byte, 0, 256), `{"type":"Polygon","coordinates":`...)
	if len(polygons) > 1 {
		out = append(out[:0], `{"type":"MultiPolygon","coordinates":[`...)
	}
	for i, p := range polygons {
		out = c.polygon(comma(out, i), p)
	}
	if len(polygons) > 1 {
		out = append(out, ']')
	}
	return append(out, '}')
}

func (c *corners) polygon(out []byte, p orb.Polygon) []byte {
	out = append(out, '[')
	for i, ring := range p {
		out = append(comma(out, i), '[')
		for k, corner := range ring {
			at := c.degrees[c.known[c.key(corner)]]
			out = strconv.AppendFloat(append(comma(out, k), '['), at[0], 'f', 9, 64)
			out = append(strconv.AppendFloat(append(out, ','), at[1], 'f', 9, 64), ']')
		}
		out = append(out, ']')
	}
	return append(out, ']')
}

// comma separates what follows the first.
func comma(out []byte, i int) []byte {
	if i > 0 {
		return append(out, ',')
	}
	return out
}
