package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	"luodi/data/siting"
	"luodi/geo"
	"luodi/geo/match"
)

// heatAsk is a question for a surface: a question for ground, spread over a honeycomb; over one park, or over all of a
// district.
type heatAsk struct {
	Question
	Park        string              `json:"park,omitempty" doc:"The park's code; all parks of the district without it."`
	District    string              `json:"district,omitempty" doc:"The code of the district whose parks are looked at together, instead of park; may be left out where there is only one."`
	Requirement *siting.Requirement `json:"requirement,omitempty"`
	ChainNode   string              `json:"chain_node,omitempty" doc:"Instead of a requirement: where would this piece of the chain best stand, by nearness to its suppliers and customers alone."`
	EdgeM       float64             `json:"edge_m,omitempty" minimum:"0" maximum:"5000" doc:"Length of a cell's side in metres; 60 without it."`
	By          string              `json:"by,omitempty" doc:"One measure of the requirement; the whole score without it."`
	Weights     map[string]float64  `json:"weights,omitempty" doc:"How much wishes count, by measure, otherwise than the requirement says. Lots are those of the requirement's own weights, as in a ranking whose weights the reader moved."`
	Outline     heatOutline         `json:"outline,omitempty" enum:"hexagon,ground" doc:"What the cells' geometry is. hexagon (also without it): whole hexagons. ground: what of each hexagon is ground that has a score, in one polygon or several."`
}

// heatOutline is what the geometry of a surface's cells is.
type heatOutline string

// wholeHexagon is the outline of a question without one.
const (
	wholeHexagon heatOutline = "hexagon"
	onlyGround   heatOutline = "ground"
)

type heating struct {
	Speaking
	Body heatAsk
}

// heatAnswer is a GeoJSON FeatureCollection of hexagons.
type heatAnswer struct {
	Type     string           `json:"type" enum:"FeatureCollection"`
	District string           `json:"district" doc:"The district's code."`
	Parks    []heatPark       `json:"parks" doc:"The parks that were looked at together: scores are normalised over the ground of all."`
	By       string           `json:"by" doc:"The measure whose scores are shown; score: the whole requirement's."`
	Name     bilingual        `json:"name" doc:"Of by."`
	Criteria []matchCriterion `json:"criteria"`
	EdgeM    float64          `json:"edge_m"`
	Cells    int              `json:"cells" doc:"Cells of the honeycomb, most of them without ground."`
	MaxCells int              `json:"max_cells" doc:"More are refused: ask for a longer edge."`
	Least    *float64         `json:"least" nullable:"true" doc:"The least score of a cell; null where no ground is ranked."`
	Most     *float64         `json:"most" nullable:"true" doc:"The greatest score of a cell."`
	Features []heatFeature    `json:"features"`
}

type heatPark struct {
	Park   string     `json:"park"`
	Name   bilingual  `json:"name"`
	Seq    int64      `json:"seq" doc:"The park's clock when this was answered: every change up to it is in the answer."`
	At     *time.Time `json:"at" nullable:"true"`
	Scope  string     `json:"scope" enum:"public,planner" doc:"public: by what is public alone."`
	Places int        `json:"places" doc:"Free places that were looked at, with the lots and assemblies that were asked for."`
	Ranked int        `json:"ranked" doc:"Those that no known value leaves out."`
	ToAsk  int        `json:"to_ask" doc:"Of those, places of which the park is to be asked whether they keep a limit."`
}

type heatFeature struct {
	Type       string          `json:"type" enum:"Feature"`
	ID         int             `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties heatCell        `json:"properties"`
}

type heatCell struct {
	Score    float64           `json:"score" doc:"Mean score of the ground in the cell, by area, 0 to 1."`
	Coverage float64           `json:"coverage" doc:"Share of the cell that is ground on offer; where lots lie over each other, at most."`
	Best     string            `json:"best" doc:"Code of the best place in the cell."`
	BestID   string            `json:"best_id" doc:"Of a lot or an assembly that of its first parcel."`
	BestKey  string            `json:"best_key" doc:"As a site of the ranking has it."`
	Kind     siting.GroundKind `json:"kind" enum:"parcel,lot,assembly" doc:"Of the best place."`
	Park     string            `json:"park" doc:"Code of the best place's park."`
	Top      float64           `json:"top" doc:"The best place's score."`
	ToAsk    bool              `json:"to_ask,omitempty" doc:"Of the best place, and so of all in the cell, the park is to be asked whether it keeps a limit."`
}

// edgeDefault is the side of a cell in metres: fifteen or so mu.
const edgeDefault = 60

// wholeScore is the measure of a surface that shows no single one.
const wholeScore = "score"

// heat answers a surface over a park or a district.
func (d *domain) heat(ctx context.Context, in *heating) (*heatAnswer, error) {
	q := in.Body
	q.EdgeM = cmp.Or(q.EdgeM, edgeDefault)
	parks, err := d.heatParks(ctx, q)
	if err != nil {
		return nil, err
	}
	a, err := d.heatAsked(ctx, q, parks[0].Code)
	if err != nil {
		return nil, err
	}
	by, err := a.shown(q.By)
	if err != nil {
		return nil, err
	}
	weighed, err := a.weighed(q.Weights)
	if err != nil {
		return nil, err
	}
	out := &heatAnswer{Type: "FeatureCollection", District: parks[0].District, By: cmp.Or(q.By, wholeScore),
		EdgeM: q.EdgeM, MaxCells: match.MaxCells, Features: []heatFeature{}}
	out.Name = a.called(out.By)
	for _, c := range weighed.criteria {
		out.Criteria = append(out.Criteria, matchCriterion{Criterion: c, Name: a.called(c.Measure),
			Unit: measureOf(c).Unit.Symbol})
	}
	scopes := make([]siting.ParkScope, len(parks))
	for i, p := range parks {
		scopes[i] = siting.ParkScope{Park: p.Code, Public: !d.sees(ctx, p.Code)}
	}
	err = d.matcher.ReadAll(ctx, scopes, a.At, func(all []*siting.Sites) error {
		fields, err := siting.FieldsAmong(ctx, all, a.ask())
		if err != nil {
			return err
		}
		scores, err := weighed.surface(ctx, fields, by)
		if err != nil {
			return err
		}
		out.tell(parks, fields, scores)
		return d.spread(ctx, out, q.Outline, fields, scores)
	})
	return out, err
}

// called is the name of a measure, or of the whole score.
func (a *asked) called(measure string) bilingual {
	if m, ok := siting.MeasureOf(measure); ok {
		return spoken(a.telling().Name(m))
	}
	return both("match.measure." + measure)
}

// heatParks are the parks that a question looks at together.
func (d *domain) heatParks(ctx context.Context, q heatAsk) ([]siting.DistrictPark, error) {
	if q.Park != "" && q.District != "" {
		return nil, geo.NewInvalid("district", "park.or_district", q.District)
	}
	return d.siting.DistrictParks(ctx, q.District, q.Park)
}

// heatAsked reads a question's requirement, or makes one of its node of the chain. Of a district any park does for the
// chain and the rules.
func (d *domain) heatAsked(ctx context.Context, q heatAsk, park string) (*asked, error) {
	question := q.Question
	question.Park = park
	switch {
	case q.Requirement != nil && q.ChainNode != "":
		return nil, geo.NewInvalid("chain_node", "chain.node_alone", q.ChainNode)
	case q.Requirement != nil:
		question.Requirement = *q.Requirement
	case q.ChainNode != "":
		question.Requirement.ChainNode = q.ChainNode
	default:
		return nil, geo.NewInvalid("requirement", "requirement.or_node", geo.None())
	}
	a, err := d.asked(ctx, question)
	var invalid *geo.Invalid
	if q.ChainNode != "" && errors.As(err, &invalid) && invalid.Field == "criteria" {
		return nil, geo.NewInvalid("chain_node", "chain.node_partners", q.ChainNode)
	}
	return a, err
}

// shown is the position of the criterion that a surface shows; -1 for the whole score.
func (a *asked) shown(by string) (int, error) {
	if by == "" || by == wholeScore {
		return -1, nil
	}
	for i, c := range a.criteria {
		if c.Measure == by && c.Want != "" {
			return i, nil
		}
	}
	return -1, geo.NewInvalid("by", "measure.wanted", by)
}

// weighed is the question with other weights of its wishes, by measure. A [geo.Invalid] names a weight that is none, or
// of no wish.
func (a *asked) weighed(weights map[string]float64) (*asked, error) {
	out := *a
	out.criteria = slices.Clone(a.criteria)
	for _, measure := range slices.Sorted(maps.Keys(weights)) {
		i := slices.IndexFunc(out.criteria, func(c match.Criterion) bool { return c.Measure == measure && c.Want != "" })
		if i < 0 {
			return nil, geo.NewInvalid("weights", "measure.wanted", measure)
		}
		if w := weights[measure]; !(w >= 0 && w <= match.MaxWeight) {
			return nil, geo.NewInvalid("weights."+measure, "number.from_0_to", w, "n", "1e9")
		}
		out.criteria[i].Weight = weights[measure]
	}
	return &out, nil
}

// ask is what candidates are sought for.
func (a *asked) ask() siting.Ask {
	return siting.Ask{Criteria: a.criteria, Need: a.Requirement, Today: a.today, Lots: a.Lots, Assemblies: a.Assemblies,
		How: match.How{Method: a.Method, Normalise: a.Normalise}}
}

// surface scores every candidate of some parks, park by park, as a match ranks them: by the whole requirement, or by
// one criterion. A candidate that a limit excludes gets NaN.
func (a *asked) surface(ctx context.Context, fields []*siting.Field, by int) (surface, error) {
	together, err := siting.Together(ctx, fields, a.ask())
	if err != nil {
		return surface{}, err
	}
	ranking, err := match.Rank(together, match.How{Method: a.Method, Normalise: a.Normalise, Top: 1})
	if err != nil {
		return surface{}, err
	}
	out := surface{scores: ranking.Scores(), standings: ranking.Standings(), sure: ranking.Sure()}
	if out.chosen = out.standings; by >= 0 {
		out.scores = ranking.ScoresIn(by)
		out.chosen = out.scores
		return out, nil
	}
	for row, standing := range out.standings { // ground that no wish judges is ground all the same
		if math.IsNaN(out.scores[row]) && !math.IsNaN(standing) {
			out.scores[row] = max(standing, 0)
		}
	}
	return out, nil
}

// surface has of every candidate, park by park, its score, NaN for those left out or not judged, its standing, NaN for
// those left out, and whether it surely fits.
type surface struct {
	scores, standings []float64
	chosen            []float64 // by what the best of a cell is the best
	sure              []bool
}

// tell adds to the answer, for each park, the ground that was ranked.
func (o *heatAnswer) tell(parks []siting.DistrictPark, fields []*siting.Field, s surface) {
	first := 0
	for i, f := range fields {
		p := heatPark{Park: f.Code, Name: bilingual{parks[i].NameZH, parks[i].NameEN}, Scope: "planner",
			Places: f.Offered()}
		p.Seq, p.At = f.Seq()
		if f.Public {
			p.Scope = "public"
		}
		for row := first; row < first+f.Offered(); row++ {
			if math.IsNaN(s.standings[row]) {
				continue
			}
			if p.Ranked++; !s.sure[row] {
				p.ToAsk++
			}
		}
		first += f.Offered()
		o.Parks = append(o.Parks, p)
	}
}

// spread lays the honeycombs over the ground and draws their cells.
func (d *domain) spread(ctx context.Context, out *heatAnswer, outline heatOutline, fields []*siting.Field,
	s surface) error {
	combs, err := siting.Combs(fields, out.EdgeM)
	if err != nil {
		return err
	}
	for _, c := range combs {
		drawn, err := d.outlines(ctx, c, outline, fields, s.scores)
		if err != nil {
			return err
		}
		cells := c.Grid.Heat(c.Pieces, s.scores, s.chosen, s.sure)
		if err := d.draw(ctx, out, c, fields, cells, drawn); err != nil {
			return err
		}
		out.Cells += c.Grid.Columns * c.Grid.Rows
	}
	for i := range out.Features {
		score := out.Features[i].Properties.Score
		if out.Least == nil || score < *out.Least {
			out.Least = &score
		}
		if out.Most == nil || score > *out.Most {
			out.Most = &score
		}
	}
	return nil
}

// candidateOf finds a candidate by its number among what fields offer, and its park's code.
func candidateOf(fields []*siting.Field, row int) (park string, c siting.Candidate) {
	for _, f := range fields {
		if row < f.Offered() {
			return f.Code, f.Candidate(row)
		}
		row -= f.Offered()
	}
	return "", c
}

func round4(v float64) float64 { return unsigned(math.Round(v*1e4) / 1e4) }
