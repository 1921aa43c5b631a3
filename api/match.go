package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/registry"
	"luodi/data/siting"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/chain"
	"luodi/geo/land"
	"luodi/geo/match"
)

// Question is a siting question: the requirement and the method of ranking.
type Question struct {
	Park        string             `json:"park" doc:"The park's code."`
	Requirement siting.Requirement `json:"requirement"`
	Method      match.Method       `json:"method,omitempty" enum:"weighted_sum,topsis,pareto"`
	Normalise   match.Normalise    `json:"normalise,omitempty" enum:"min_max,vector" doc:"vector is for topsis alone."`
	Pairwise    [][]float64        `json:"pairwise,omitempty" doc:"Judgements by AHP of the criteria that have a want, in their order: they replace the weights."`
	Top         int                `json:"top,omitempty" minimum:"0" maximum:"500" doc:"How many places; 20 without it."`
	Draws       int                `json:"draws,omitempty" minimum:"0" maximum:"20000" doc:"How many weightings to draw for the robustness; none without it."`
	Seed        uint64             `json:"seed,omitempty" doc:"Of the draws: the same seed draws the same weightings."`
	Moves       int                `json:"moves,omitempty" minimum:"0" maximum:"20" doc:"For how many of the losing places to say what would make them win."`
	Excluded    int                `json:"excluded,omitempty" minimum:"0" maximum:"5000" doc:"How many of the places left out to list with what they lack; 200 without it."`
	At          *time.Time         `json:"at,omitempty" doc:"Rank the ground as it was at an instant."`
	CountOnly   bool               `json:"count_only,omitempty" doc:"Count the parcels that fit as they are and rank nothing: no sites, no lots or assemblies are sought, no places left out are listed."`

	Lots       *siting.LotsWish       `json:"lots,omitempty" doc:"Rank lots too, cut out of larger free parcels."`
	Assemblies *siting.AssembliesWish `json:"assemblies,omitempty" doc:"Rank free neighbours put together too."`

	Place string              `json:"place,omitempty" enum:"ground,floor_space,either" doc:"ground without it. floor_space: units of workshops are ranked, and the ground is only counted."`
	Floor *registry.FloorWish `json:"floor,omitempty" doc:"What is asked of floor space, where it is asked for."`
}

type matching struct {
	Speaking
	Body Question
}

// invalidRequirement marks an operation whose refused values answer 422.
const invalidRequirement = "invalid-requirement"

// weigh adds a route for siting questions. It is open to anyone: the public is answered from public data, members
// from all.
func weigh[I, O any](d *domain, method, path, id string, answer func(context.Context, *I) (O, error)) {
	op := huma.Operation{
		OperationID: id, Method: method, Path: path, Middlewares: huma.Middlewares{strict, auth.Guarded(id)},
		Summary: docsText(id), Tags: []string{"match"}, DefaultStatus: http.StatusOK,
		Metadata:     map[string]any{invalidRequirement: true, inputType: reflect.TypeFor[I]()},
		MaxBodyBytes: 256 << 10,
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity,
			http.StatusServiceUnavailable},
	}
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*deskAnswer[O], error) {
		var body O
		err := request.Settle(in)
		if err == nil {
			body, err = think(ctx, d.thought, func(ctx context.Context) (O, error) { return answer(ctx, in) })
		}
		var invalid *geo.Invalid
		if errors.As(err, &invalid) {
			return nil, &problem.Request{Kind: problem.InvalidRequirement, Invalid: invalid}
		}
		if err != nil {
			return nil, err
		}
		return &deskAnswer[O]{Status: http.StatusOK, Cache: "no-store", Language: string(speaks(ctx)), Body: body}, nil
	})
}

func (d *domain) addMatch() {
	weigh(d, http.MethodPost, "/api/match", "match",
		func(ctx context.Context, in *matching) (*matchAnswer, error) { return d.match(ctx, in.Body) })
	weigh(d, http.MethodPost, "/api/heat", "heat", d.heat)
	weigh(d, http.MethodGet, "/api/parks/{park}/chain", "chain", d.chain)
	d.addSaved()
	d.addLots()
	d.addBrowse()
	d.addSuits()
}

// asked is a question with all that is needed to answer it.
type asked struct {
	Question
	public    bool
	chain     *chain.Chain // nil where the district has none
	spacings  map[string]siting.Spacing
	criteria  []match.Criterion
	judgement *match.Judgement
	today     time.Time
}

func (d *domain) asked(ctx context.Context, q Question) (*asked, error) {
	if q.Floor != nil {
		if err := q.Floor.Check("floor"); err != nil {
			return nil, err
		}
	}
	if q.Place == placeFloor {
		q.CountOnly = true
	}
	a := &asked{Question: q, public: !d.sees(ctx, q.Park), today: time.Now()}
	if q.At != nil {
		a.today = *q.At
	}
	var err error
	if a.chain, err = d.registry.Chain(ctx, q.Park, ""); err != nil && !isMissing(err, "chain") {
		return nil, err
	}
	if a.spacings, err = d.siting.Spacings(ctx); err != nil {
		return nil, err
	}
	if a.criteria, err = q.Requirement.Expand(a.chain, a.spacings); err != nil {
		return nil, err
	}
	for i, c := range a.criteria {
		a.criteria[i] = withoutSign(c)
	}
	return a, a.judge()
}

// telling is what the words of an answer hang on.
func (a *asked) telling() siting.Telling {
	return siting.Telling{Chain: a.chain, Need: a.Requirement, Spacings: a.spacings}
}

func isMissing(err error, kind string) bool {
	var missing *store.Missing
	return errors.As(err, &missing) && missing.Kind == kind
}

// judge replaces the given weights by those of the pairwise judgements.
func (a *asked) judge() error {
	if a.Pairwise == nil {
		return nil
	}
	j, err := match.AHP(a.Pairwise)
	if err != nil {
		return err
	}
	k := 0
	for i := range a.criteria {
		if a.criteria[i].Want == "" {
			continue
		}
		if k < len(j.Weights) {
			a.criteria[i].Weight = j.Weights[k]
		}
		k++
	}
	if k != len(j.Weights) {
		return geo.NewInvalid("pairwise", "pairwise.rows_of_wants", len(j.Weights))
	}
	a.judgement = &j
	return nil
}

// read hands the sites of the question's park, now or then, to look.
func (d *domain) read(ctx context.Context, a *asked, look func(*siting.Sites) error) error {
	if a.At != nil {
		return d.matcher.ReadAt(ctx, a.Park, a.public, *a.At, look)
	}
	return d.matcher.Read(ctx, a.Park, a.public, look)
}

// match ranks the ground of a park for a requirement.
func (d *domain) match(ctx context.Context, q Question) (*matchAnswer, error) {
	a, err := d.asked(ctx, q)
	if err != nil {
		return nil, err
	}
	var out *matchAnswer
	var made []drawing
	err = d.read(ctx, a, func(s *siting.Sites) error {
		ask := a.ask()
		if a.CountOnly {
			ask.Lots, ask.Assemblies = nil, nil
		}
		field, err := s.Field(ctx, ask)
		if err != nil {
			return err
		}
		table, by, err := field.Table(ctx, a.criteria, a.Requirement, a.today)
		if err != nil {
			return err
		}
		ranking, err := match.Rank(table, match.How{Method: a.Method, Normalise: a.Normalise, Top: a.Top})
		if err != nil {
			return err
		}
		t := &told{asked: a, say: a.telling(), field: field, table: table, by: by, ranking: ranking}
		out, made = t.answer(), t.made
		return t.help(ctx, out)
	})
	if err != nil {
		return nil, err
	}
	if a.Place != "" && a.Place != placeGround && a.At == nil {
		if out.Floor, err = d.floor(ctx, a); err != nil {
			return nil, err
		}
	}
	return out, d.drawMade(ctx, out, made)
}

// number is a value, null where nobody knows and where it is beyond numbers, as how far a neighbour is that there is
// not.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	v = unsigned(v)
	return &v
}

// unsigned makes of a zero below zero, which JSON would print as -0, a zero.
func unsigned(v float64) float64 { return v + 0 }

// withoutSign does the same for what a criterion asks.
func withoutSign(c match.Criterion) match.Criterion {
	for _, v := range []**float64{&c.Min, &c.Max, &c.Target, &c.Low, &c.High} {
		if *v != nil {
			*v = number(**v)
		}
	}
	c.Weight = unsigned(c.Weight)
	return c
}

type matchAnswer struct {
	Park       string           `json:"park"`
	Seq        int64            `json:"seq" doc:"The park's clock when this was answered: every change up to it is in the answer."`
	At         *time.Time       `json:"at" nullable:"true"`
	Scope      string           `json:"scope" enum:"public,planner" doc:"public: by what is public alone."`
	Method     match.Method     `json:"method"`
	Normalise  match.Normalise  `json:"normalise" doc:"It can change the winner: always says which one ranked."`
	Criteria   []matchCriterion `json:"criteria"`
	Judgement  *matchJudgement  `json:"judgement,omitempty"`
	Places     int              `json:"places" doc:"Free parcels that were looked at, with the lots and assemblies that were asked for."`
	Search     *matchSearch     `json:"search,omitempty" doc:"How far lots and assemblies were sought."`
	Ranked     int              `json:"ranked" doc:"Those that no known value leaves out: fits and to_ask together."`
	Fits       int              `json:"fits" doc:"Of those, places that surely keep every limit. They are ranked first."`
	ToAsk      int              `json:"to_ask" doc:"Of those, places of which a limited value is not known, or published as a word or a band alone: ask the park."`
	ToCut      *int             `json:"to_cut,omitempty" doc:"With count_only and lots: parcels that don't fit as they are, and are larger than the lot and short of nothing that a cut leaves as it is."`
	Unjudged   []matchUnjudged  `json:"unjudged" doc:"Wishes that judge no place of the ranking, as nobody knows a value or there is nothing of the kind: they leave the scale, and the other weights add up to 1."`
	Sites      []matchSite      `json:"sites"`
	Excluded   matchExcluded    `json:"excluded"`
	Misses     []matchMiss      `json:"misses" doc:"Places that one limit alone leaves out and that would be the best without it."`
	Robustness *matchRobustness `json:"robustness,omitempty"`
	Floor      *matchFloor      `json:"floor,omitempty" doc:"Units of workshops as they are now, where floor space was asked for; absent with at."`
}

type matchSearch struct {
	Lots       *siting.LotSearch      `json:"lots,omitempty"`
	Assemblies *siting.AssemblySearch `json:"assemblies,omitempty"`
}

// bilingual is a text in both languages.
type bilingual struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

type matchCriterion struct {
	match.Criterion
	Name bilingual `json:"name"`
	Unit string    `json:"unit"`
	Rule *rule     `json:"rule,omitempty"`
}

// rule is where a limit comes from.
type rule struct {
	Source  string `json:"source"`
	Edition string `json:"edition"`
}

type matchJudgement struct {
	Consistency float64 `json:"consistency_ratio" doc:"Above 0.10 the judgements contradict each other: revise them."`
	Consistent  bool    `json:"consistent"`
	Index       string  `json:"random_index" doc:"Which table of random indices."`
}

// matchSite is a ranked place. Of a lot and an assembly id and version are those of its first parcel.
type matchSite struct {
	Rank     int               `json:"rank" doc:"Equal places share one: 1, 1, 3."`
	ToAsk    []matchAsk        `json:"to_ask,omitempty" doc:"What is to be asked of the park, as nobody can say from what is known that the limit is kept; absent where it surely fits."`
	Kind     siting.GroundKind `json:"kind" enum:"parcel,lot,assembly" doc:"A parcel as it is, a lot that could be cut out of one, or free neighbours together."`
	Key      string            `json:"key" doc:"Unique within the answer: a parcel's id, else kind and code."`
	ID       uuid.UUID         `json:"id" format:"uuid"`
	Code     string            `json:"code" doc:"Of a lot its parcel's with a number; of an assembly its parcels' with + between."`
	Version  int64             `json:"version"`
	Parcels  []matchParcel     `json:"parcels" doc:"What it is, is cut out of, or is made of: with the versions that a record names."`
	Status   string            `json:"status" doc:"available, or reserve: a release must free it first."`
	Point    [2]float64        `json:"point" doc:"Longitude and latitude inside."`
	AreaMu   float64           `json:"area_mu"`
	Front    *float64          `json:"frontage_m,omitempty" doc:"The longest unbroken frontage on one road, where frontage, lots or assemblies were asked for."`
	Road     string            `json:"road,omitempty" doc:"Code of that road."`
	Shape    json.RawMessage   `json:"geometry,omitempty" doc:"GeoJSON in EPSG:4490, of lots and assemblies."`
	Cut      json.RawMessage   `json:"cut,omitempty" doc:"Of a lot the line for a record of kind split, with the lot on its left; absent where the cut is not one line."`
	Score    *float64          `json:"score" nullable:"true" doc:"Over the wishes that are judged here, 0 to 1; null where none is."`
	Judged   float64           `json:"judged" doc:"The weight of the wishes that are judged here, 0 to 1: the others' value is not known."`
	Least    float64           `json:"least" doc:"The score if all that is not known were as bad as the worst that is."`
	Most     float64           `json:"most" doc:"The score if all that is not known were as good as the best that is."`
	Standing float64           `json:"standing" doc:"What sites are ranked by: least less the weight that is not judged, so that no place gains by a value that is held back."`
	Parts    []matchPart       `json:"parts" doc:"Of the wishes that are judged here."`
	Unjudged []matchUnjudged   `json:"unjudged" doc:"Wishes that judge other places and not this one."`
	Moves    []matchMove       `json:"moves,omitempty" doc:"What would make it the best, the smallest change first."`
	Share    *float64          `json:"share,omitempty" doc:"In what share of the drawn weightings it wins."`
}

// matchUnjudged is a wish that was not judged, and why.
type matchUnjudged struct {
	Measure string    `json:"measure"`
	Weight  float64   `json:"weight" doc:"As asked, of the wishes that judge nobody; else as in parts."`
	Reason  string    `json:"reason" enum:"unknown,none" doc:"unknown: nobody has said the value; none: there is nothing or nobody of the kind."`
	Text    bilingual `json:"text"`
}

type matchParcel struct {
	ID      uuid.UUID `json:"id" format:"uuid"`
	Code    string    `json:"code"`
	Version int64     `json:"version"`
}

// matchAsk is a limit of which nobody can say whether a place keeps it.
type matchAsk struct {
	Measure string     `json:"measure"`
	Min     *float64   `json:"min,omitempty"`
	Max     *float64   `json:"max,omitempty"`
	Unit    string     `json:"unit"`
	Told    *matchTold `json:"told,omitempty" doc:"What the public is told instead."`
	Text    bilingual  `json:"text"`
}

// matchTold is what the public is told of what a node has left.
type matchTold struct {
	Form land.Telling `json:"form" enum:"figure,band,word,none"`
	Word string       `json:"word,omitempty" enum:"ample,some,little"`
	Min  *float64     `json:"min,omitempty" doc:"Of a band."`
	Max  *float64     `json:"max,omitempty" doc:"Of a band."`
	AsOf time.Time    `json:"as_of" doc:"Since when it is said."`
}

type matchPart struct {
	Measure string     `json:"measure"`
	Value   *float64   `json:"value" nullable:"true" doc:"Null where there is none, as the way to a tenant that no road leads to, and where the public is told a word or a band alone, whose worse end is then scored."`
	Unit    string     `json:"unit"`
	Score   float64    `json:"score"`
	Most    *float64   `json:"most,omitempty" doc:"Of a word or a band, the score of its better end; absent where that is no more."`
	Weight  float64    `json:"weight"`
	Text    bilingual  `json:"text"`
	Partner *partner   `json:"partner,omitempty" doc:"The tenant or node that gave the value."`
	Told    *matchTold `json:"told,omitempty" doc:"Of what a node has left, what the public is told and since when."`
}

type partner struct {
	ID    uuid.UUID  `json:"id" format:"uuid"`
	Code  string     `json:"code"`
	Name  bilingual  `json:"name"`
	Point [2]float64 `json:"point"`
}

type matchMove struct {
	Kind    match.Kind `json:"kind" enum:"weight,value,limit"`
	Measure string     `json:"measure"`
	From    float64    `json:"from"`
	To      float64    `json:"to"`
	Size    float64    `json:"size"`
	Text    bilingual  `json:"text"`
}

type matchExcluded struct {
	Count  int           `json:"count"`
	Causes []matchCause  `json:"causes"`
	Places []matchLacker `json:"places" doc:"As many as were asked for, those that lack the fewest things first."`
	Loosen []matchLoosen `json:"loosen,omitempty" doc:"Where every place is left out: the limits that let places in if they alone give way, the one that costs most first. Where none does, the one that leaves out the most, without a gain."`
}

// matchLoosen is one limit that could give way.
type matchLoosen struct {
	Measure string    `json:"measure"`
	Limit   string    `json:"limit" enum:"min,max"`
	From    float64   `json:"from"`
	To      *float64  `json:"to" nullable:"true" doc:"Where it lets the first in; null where no figure does and the limit must go."`
	Gain    int       `json:"gain" doc:"Places that come in there."`
	Without int       `json:"without" doc:"Places that come in without the limit."`
	Rule    *rule     `json:"rule,omitempty" doc:"The standard that sets the limit: it is not the asker's to loosen."`
	Text    bilingual `json:"text"`
}

type matchCause struct {
	Measure string    `json:"measure"`
	Limit   string    `json:"limit" enum:"min,max"`
	Count   int       `json:"count"`
	Alone   int       `json:"alone" doc:"Of those, places that lack nothing else."`
	Text    bilingual `json:"text"`
}

type matchLacker struct {
	ID    uuid.UUID         `json:"id" format:"uuid"`
	Key   string            `json:"key"`
	Kind  siting.GroundKind `json:"kind" enum:"parcel,lot,assembly"`
	Code  string            `json:"code"`
	Lacks []matchLack       `json:"lacks"`
}

type matchLack struct {
	Measure string     `json:"measure"`
	Limit   string     `json:"limit"`
	Value   *float64   `json:"value" nullable:"true"`
	By      *float64   `json:"by" nullable:"true" doc:"The shortfall, in the measure's unit."`
	Rule    *rule      `json:"rule,omitempty"`
	Told    *matchTold `json:"told,omitempty" doc:"Of what a node has left, what the public is told and since when."`
	Text    bilingual  `json:"text"`
}

type matchMiss struct {
	ID    uuid.UUID         `json:"id" format:"uuid"`
	Key   string            `json:"key"`
	Kind  siting.GroundKind `json:"kind" enum:"parcel,lot,assembly"`
	Code  string            `json:"code"`
	Score *float64          `json:"score" nullable:"true" doc:"It would have, over the wishes that can be judged."`
	Move  matchMove         `json:"move"`
}

type matchRobustness struct {
	Draws     int          `json:"draws"`
	Seed      uint64       `json:"seed"`
	Finalists int          `json:"finalists"`
	Shares    []matchShare `json:"shares"`
}

type matchShare struct {
	ID    uuid.UUID `json:"id" format:"uuid"`
	Key   string    `json:"key"`
	Code  string    `json:"code"`
	Share float64   `json:"share"`
}
