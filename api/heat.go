package api

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"github.com/paulmach/orb"

	"luodi/data"
	"luodi/geo"
	"luodi/geo/chain"
	"luodi/geo/match"
)

// heatAsk is a question for a surface: a question for ground, spread over a honeycomb.
type heatAsk struct {
	Question
	EdgeM float64 `json:"edge_m,omitempty" minimum:"0" maximum:"5000" doc:"Length of a cell's side in metres; 60 without it."`
	By    string  `json:"by,omitempty" doc:"One measure of the requirement; the whole score without it."`
}

type heating struct {
	Speaking
	Body heatAsk
}

// heatAnswer is a GeoJSON FeatureCollection of hexagons.
type heatAnswer struct {
	Type     string        `json:"type" enum:"FeatureCollection"`
	Park     string        `json:"park"`
	Seq      int64         `json:"seq"`
	At       *time.Time    `json:"at" nullable:"true"`
	Scope    string        `json:"scope" enum:"public,planner"`
	By       string        `json:"by"`
	EdgeM    float64       `json:"edge_m"`
	Cells    int           `json:"cells" doc:"Cells of the honeycomb, most of them without ground."`
	Features []heatFeature `json:"features"`
}

type heatFeature struct {
	Type       string          `json:"type" enum:"Feature"`
	ID         int             `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties heatCell        `json:"properties"`
}

type heatCell struct {
	Score    float64 `json:"score" doc:"Mean score of the ground in the cell, by area, 0 to 1."`
	Coverage float64 `json:"coverage" doc:"Share of the cell that is ground on offer."`
	Best     string  `json:"best" doc:"Code of the best place in the cell."`
	BestID   string  `json:"best_id"`
	Top      float64 `json:"top" doc:"The best place's score."`
}

// edgeDefault is the side of a cell in metres: fifteen or so mu.
const edgeDefault = 60

func (d *domain) heat(ctx context.Context, in *heating) (*heatAnswer, error) {
	q := in.Body
	if q.EdgeM == 0 {
		q.EdgeM = edgeDefault
	}
	a, err := d.asked(ctx, q.Question)
	if err != nil {
		return nil, err
	}
	out := &heatAnswer{Type: "FeatureCollection", Park: q.Park, Scope: "planner", By: q.By, EdgeM: q.EdgeM, Features: []heatFeature{}}
	if a.public {
		out.Scope = "public"
	}
	err = d.read(ctx, a, func(s *data.Sites) error {
		out.Seq, out.At = s.Seq()
		scores, err := a.surface(s, q.By)
		if err != nil {
			return err
		}
		grid, pieces, err := s.Honeycomb(q.EdgeM)
		if err != nil {
			return err
		}
		out.Cells = grid.Columns * grid.Rows
		return d.draw(ctx, s, out, grid, grid.Heat(pieces, scores))
	})
	return out, err
}

// surface scores every place: by the whole requirement, or by one measure of it.
func (a *asked) surface(s *data.Sites, by string) ([]float64, error) {
	table, _, err := s.Table(a.criteria, a.Requirement, a.today)
	if err != nil {
		return nil, err
	}
	ranking, err := match.Rank(table, match.How{Method: a.Method, Normalise: a.Normalise, Top: 1})
	if err != nil {
		return nil, err
	}
	if by == "" {
		return ranking.Scores(), nil
	}
	for i, c := range a.criteria {
		if c.Measure == by && c.Want != "" {
			return ranking.ScoresIn(i), nil
		}
	}
	return nil, geo.NewInvalid("by", "a measure of the requirement that has a want", by)
}

// draw brings the cells' outlines from the survey plane to degrees.
func (d *domain) draw(ctx context.Context, s *data.Sites, out *heatAnswer, grid match.Grid, cells []match.Cell) error {
	corners := make(orb.LineString, 0, 7*len(cells))
	for _, c := range cells {
		corners = append(corners, grid.Hexagon(c.Cell)...)
	}
	degrees, err := d.store.Degrees(ctx, s.Code, corners)
	if err != nil {
		return err
	}
	for i, c := range cells {
		ring := make([][2]float64, 7)
		for k, p := range degrees[7*i : 7*i+7] {
			ring[k] = [2]float64{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
		}
		geometry, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}})
		if err != nil {
			return err
		}
		best := &s.Places[c.Best]
		out.Features = append(out.Features, heatFeature{Type: "Feature", ID: c.Cell, Geometry: geometry,
			Properties: heatCell{Score: round4(c.Score), Coverage: round4(c.Coverage), Best: best.Code, BestID: best.ID.String(), Top: round4(c.Top)}})
	}
	return nil
}

func round4(v float64) float64 { return math.Round(v*1e4) / 1e4 }

type chaining struct {
	InPark
}

// chainAnswer is a district's chain with who fills it in a park, and what is missing.
type chainAnswer struct {
	Code    string      `json:"code"`
	Name    bilingual   `json:"name"`
	Edition string      `json:"edition"`
	Source  string      `json:"source"`
	Scope   string      `json:"scope" enum:"public,planner"`
	Seq     int64       `json:"seq"`
	Nodes   []chainNode `json:"nodes"`
	Links   []chainLink `json:"links"`
	Gaps    []chainGap  `json:"gaps" doc:"Missing pieces, the one most worth to win first."`
}

type chainNode struct {
	Code     string        `json:"code"`
	Name     bilingual     `json:"name"`
	Stage    int           `json:"stage"`
	Pipeline int           `json:"pipeline" doc:"Projects in talks or signed without land yet; members alone see them."`
	Tenants  []chainTenant `json:"tenants"`
}

type chainTenant struct {
	Parcel string     `json:"parcel" format:"uuid"`
	Code   string     `json:"code"`
	Name   bilingual  `json:"name"`
	Point  [2]float64 `json:"point"`
}

type chainLink struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Weight float64 `json:"weight"`
	Source string  `json:"source"`
}

type chainGap struct {
	Node    string        `json:"node"`
	Missing float64       `json:"missing" doc:"1: nobody; 0.5: only the pipeline."`
	Score   float64       `json:"score"`
	Reasons []chainReason `json:"reasons"`
}

type chainReason struct {
	Why    string    `json:"why" enum:"depends,feeds,unlocks"`
	Node   string    `json:"node"`
	Weight float64   `json:"weight"`
	Adds   float64   `json:"adds"`
	Text   bilingual `json:"text"`
}

// chain tells who fills the chain in a park and where it has gaps.
func (d *domain) chain(ctx context.Context, in *chaining) (*chainAnswer, error) {
	c, err := d.store.Chain(ctx, in.Park, "")
	if err != nil {
		return nil, err
	}
	sees := d.sees(ctx, in.Park)
	coming := map[string]int{}
	if sees {
		if coming, err = d.store.Pipeline(ctx, in.Park); err != nil {
			return nil, err
		}
	}
	out := &chainAnswer{Code: c.Code, Name: bilingual{c.NameZH, c.NameEN}, Edition: c.Edition, Source: c.Source, Scope: "public", Gaps: []chainGap{}}
	if sees {
		out.Scope = "planner"
	}
	err = d.matcher.Read(ctx, in.Park, !sees, func(s *data.Sites) error {
		out.Seq, _ = s.Seq()
		out.fill(c, s.Tenants(), coming)
		return nil
	})
	return out, err
}

func (o *chainAnswer) fill(c *chain.Chain, tenants []data.Tenant, coming map[string]int) {
	filled := map[string]chain.Filled{}
	for _, n := range c.Nodes {
		node := chainNode{Code: n.Code, Name: bilingual{n.NameZH, n.NameEN}, Stage: n.Stage, Pipeline: coming[n.Code], Tenants: []chainTenant{}}
		for _, t := range tenants {
			if t.Node == n.Code {
				node.Tenants = append(node.Tenants, chainTenant{t.Parcel.String(), t.Code, bilingual{t.NameZH, t.NameEN}, t.LonLat()})
			}
		}
		filled[n.Code] = chain.Filled{Tenants: len(node.Tenants), Pipeline: node.Pipeline}
		o.Nodes = append(o.Nodes, node)
	}
	for _, l := range c.Links {
		o.Links = append(o.Links, chainLink(l))
	}
	for _, g := range c.Gaps(filled) {
		gap := chainGap{Node: g.Node, Missing: g.Missing, Score: round4(g.Score), Reasons: []chainReason{}}
		for _, r := range g.Reasons {
			other, _ := c.Node(r.Node)
			text := both("match.gap."+r.Why, "node", bilingual{other.NameZH, other.NameEN}, "weight", figure(r.Weight))
			gap.Reasons = append(gap.Reasons, chainReason{r.Why, r.Node, r.Weight, round4(r.Adds), text})
		}
		o.Gaps = append(o.Gaps, gap)
	}
}
