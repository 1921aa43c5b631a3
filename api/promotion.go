package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/registry"
	"luodi/data/store"
	"luodi/geo/chain"
)

// OfPiece names a piece of the chain of a park's district.
type OfPiece struct {
	InPark
	Node string `path:"node" minLength:"1" maxLength:"63" doc:"The code of a piece of the chain."`
}

// promotion is how the pieces of a chain are won.
type promotion struct {
	Chain     string             `json:"chain" doc:"The code of the chain."`
	Pieces    []pieceSum         `json:"pieces" doc:"In the order of the chain."`
	Changes   []signingChange    `json:"signings" doc:"What each of the last 20 signings changed, the newest first."`
	Teams     []registry.TeamSum `json:"teams" doc:"Those that are to win a piece or seek firms for one."`
	NotJudged int                `json:"not_judged" doc:"How many pieces no expert has judged."`
}

type pieceSum struct {
	Node     string              `json:"node"`
	Name     bilingual           `json:"name"`
	Missing  float64             `json:"missing" doc:"1: nobody; 0.5: only projects in talks; 0.25: a signed one; 0: a firm is there."`
	Score    float64             `json:"score" doc:"Of the gap; 0 for a piece that is filled."`
	Owner    *registry.NamedTeam `json:"owner"`
	Voices   []voice             `json:"voices" doc:"Professors, entrepreneurs, front-line officials."`
	Disputed bool                `json:"disputed" doc:"The experts don't all say the same."`
	Targets  int                 `json:"targets" doc:"Live target firms that one sees."`
	Roles    map[string]int      `json:"roles" doc:"By role how many projects have it."`
}

// voice is what the experts of one voice say, as numbers of experts.
type voice struct {
	Voice     string `json:"voice" enum:"professor,entrepreneur,official"`
	Needed    int    `json:"needed"`
	Helpful   int    `json:"helpful"`
	NotNeeded int    `json:"not_needed"`
}

// signingChange is what the signing of a project changed: the scores as of the day before and on the day.
type signingChange struct {
	Project registry.NamedProject `json:"project"`
	On      string                `json:"on" format:"date"`
	Node    string                `json:"node"`
	Others  int                   `json:"others" doc:"How many other projects of the chain were signed on the day: the change is of them all."`
	Missing [2]float64            `json:"missing" doc:"How far the piece was missing the day before, and on the day."`
	Score   [2]float64            `json:"score" doc:"Of the piece's gap."`
	Sum     [2]float64            `json:"sum" doc:"Of all gaps."`
	Changed []gapChange           `json:"changed" doc:"The other gaps whose score changed."`
}

type gapChange struct {
	Node  string     `json:"node"`
	Score [2]float64 `json:"score"`
}

// pieceAnswer is a piece with all that is noted of it, and what it needs before it stands as an industry.
type pieceAnswer struct {
	Chain string   `json:"chain"`
	Sum   pieceSum `json:"sum"`
	registry.PieceFacts
	Needs []neededPiece `json:"needs" doc:"What it needs before it stands as an industry and is not there yet: missing suppliers, theirs, and what experts judge needed in the chain."`
}

// neededPiece is a piece that another needs.
type neededPiece struct {
	Node     string              `json:"node"`
	Name     bilingual           `json:"name"`
	Missing  float64             `json:"missing"`
	For      string              `json:"for,omitempty" doc:"Which piece buys from it; empty: experts alone ask for it."`
	Steps    int                 `json:"steps" doc:"How many links away; 0: experts alone ask for it."`
	Owner    *registry.NamedTeam `json:"owner"`
	Voices   []voice             `json:"voices"`
	Disputed bool                `json:"disputed"`
}

func (d *domain) addPromotion() {
	const promotion = "/api/parks/{park}/promotion"
	const piece, target = promotion + "/pieces/{node}", promotion + "/targets/{id}"
	desk(d, deskRoute{http.MethodGet, promotion, "promotion", http.StatusOK}, d.readPromotion)
	desk(d, deskRoute{http.MethodGet, piece, "promotion.piece", http.StatusOK}, d.readPiece)
	desk(d, deskRoute{http.MethodPost, piece + "/owner", "promotion.owner", http.StatusCreated}, d.ownPiece)
	desk(d, deskRoute{http.MethodPost, piece + "/judgements", "promotion.judge", http.StatusCreated}, d.judgePiece)
	desk(d, deskRoute{http.MethodPost, piece + "/targets", "promotion.target", http.StatusCreated}, d.seekFirm)
	desk(d, deskRoute{http.MethodPost, target + "/notes", "promotion.note", http.StatusCreated}, d.noteTarget)
	desk(d, deskRoute{http.MethodPost, target + "/close", "promotion.close", http.StatusCreated}, d.closeTarget)
	desk(d, deskRoute{http.MethodPost, target + "/project", "promotion.project", http.StatusCreated}, d.targetProject)
	d.addRoles()
	d.addExperts()
	d.addTitles()
}

// inBusiness is the scope of what is noted of chains in a park: its business, and the leads of one's own teams.
func (d *domain) inBusiness(ctx context.Context, park string) (*auth.Principal, registry.Business, error) {
	who, id, err := d.inPark(ctx, park)
	if err != nil {
		return nil, registry.Business{}, err
	}
	district, err := d.districtOf(ctx, "", id)
	return who, registry.Business{Districts: []uuid.UUID{district}, Parks: []uuid.UUID{id}, Sight: sightOf(who)}, err
}

// sums reads the chain of a park as it is filled, and what is noted of its pieces.
func (d *domain) sums(ctx context.Context, in *InPark, of registry.Business) (*chainAnswer, []pieceSum, error) {
	filled, err := d.chainFor(ctx, &chaining{InPark: *in}, true)
	if err != nil {
		return nil, nil, err
	}
	noted, err := d.registry.PieceSums(ctx, of, filled.Code, filled.codes())
	if err != nil {
		return nil, nil, err
	}
	sums := make([]pieceSum, 0, len(filled.Nodes))
	for _, n := range filled.Nodes {
		sum := pieceSum{Node: n.Code, Name: n.Name, Owner: noted[n.Code].Owner, Targets: noted[n.Code].Targets,
			Roles: noted[n.Code].Roles}
		sum.Voices, sum.Disputed = voices(noted[n.Code].Verdicts)
		if i := slices.IndexFunc(filled.Gaps, func(g chainGap) bool { return g.Node == n.Code }); i >= 0 {
			sum.Missing, sum.Score = filled.Gaps[i].Missing, filled.Gaps[i].Score
		}
		sums = append(sums, sum)
	}
	return filled, sums, nil
}

func (o *chainAnswer) codes() []string {
	all := make([]string, len(o.Nodes))
	for i, n := range o.Nodes {
		all[i] = n.Code
	}
	return all
}

// voices puts what the experts say side by side, and tells whether they say different things.
func voices(said map[string]map[string]int) (all []voice, disputed bool) {
	kinds := map[string]bool{}
	for _, name := range []string{"professor", "entrepreneur", "official"} {
		all = append(all, voice{name, said[name]["needed"], said[name]["helpful"], said[name]["not_needed"]})
		for verdict := range said[name] {
			kinds[verdict] = true
		}
	}
	return all, len(kinds) > 1
}

func (v voice) count() int { return v.Needed + v.Helpful + v.NotNeeded }

func (d *domain) readPromotion(ctx context.Context, in *InPark) (int, promotion, error) {
	_, of, err := d.inBusiness(ctx, in.Park)
	if err != nil {
		return 0, promotion{}, err
	}
	filled, sums, err := d.sums(ctx, in, of)
	if err != nil {
		return 0, promotion{}, err
	}
	out := promotion{Chain: filled.Code, Pieces: sums}
	for _, s := range sums {
		if !slices.ContainsFunc(s.Voices, func(v voice) bool { return v.count() > 0 }) {
			out.NotJudged++
		}
	}
	if out.Teams, err = d.registry.TeamSums(ctx, of, filled.Code); err != nil {
		return 0, out, err
	}
	out.Changes, err = d.signings(ctx, in.Park, of, filled.codes())
	return 0, out, err
}

// signings tells what the last signings of a chain's projects changed.
func (d *domain) signings(ctx context.Context, park string, at registry.Business,
	nodes []string) ([]signingChange, error) {
	const most = 20
	c, err := d.registry.Chain(ctx, park, "")
	if err != nil {
		return nil, err
	}
	_, of, err := d.business(ctx, auth.RightTo("projects", ""), "")
	if err != nil {
		return nil, err
	}
	of.Districts = at.Districts
	all, err := d.registry.Fillings(ctx, of, nodes, at.Parks[0])
	if err != nil {
		return nil, err
	}
	signed := slices.DeleteFunc(slices.Clone(all), func(f registry.Filling) bool { return f.Signed == nil })
	slices.SortStableFunc(signed, func(a, b registry.Filling) int { return cmp.Compare(*b.Signed, *a.Signed) })
	changes := []signingChange{}
	for _, f := range signed[:min(most, len(signed))] {
		change := changeBy(c, f, registry.FilledOn(all, registry.DayBefore(*f.Signed)), registry.FilledOn(all,
			*f.Signed))
		for _, other := range signed {
			if other.ID != f.ID && *other.Signed == *f.Signed {
				change.Others++
			}
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// changeBy compares the gaps of a chain before and after a signing.
func changeBy(c *chain.Chain, f registry.Filling, before, after map[string]chain.Filled) signingChange {
	out := signingChange{Project: registry.NamedProject{ID: f.ID, Code: f.Code, NameZH: f.NameZH, NameEN: f.NameEN},
		On: *f.Signed, Node: f.Node, Changed: []gapChange{},
		Missing: [2]float64{before[f.Node].Missing(), after[f.Node].Missing()}}
	scores := map[string][2]float64{}
	for i, filled := range []map[string]chain.Filled{before, after} {
		for _, g := range c.Gaps(filled) {
			score := scores[g.Node]
			score[i] = round4(g.Score)
			scores[g.Node] = score
			out.Sum[i] += g.Score
		}
		out.Sum[i] = round4(out.Sum[i])
	}
	out.Score = scores[f.Node]
	for _, n := range c.Nodes {
		if s := scores[n.Code]; n.Code != f.Node && s[0] != s[1] {
			out.Changed = append(out.Changed, gapChange{n.Code, s})
		}
	}
	return out
}

func (d *domain) readPiece(ctx context.Context, in *OfPiece) (int, pieceAnswer, error) {
	_, of, err := d.inBusiness(ctx, in.Park)
	if err != nil {
		return 0, pieceAnswer{}, err
	}
	filled, sums, err := d.sums(ctx, &in.InPark, of)
	if err != nil {
		return 0, pieceAnswer{}, err
	}
	i := slices.IndexFunc(sums, func(s pieceSum) bool { return s.Node == in.Node })
	if i < 0 {
		return 0, pieceAnswer{}, &store.Missing{Kind: "piece", Name: in.Node}
	}
	out := pieceAnswer{Chain: filled.Code, Sum: sums[i]}
	c, err := d.registry.Chain(ctx, in.Park, "")
	if err != nil {
		return 0, out, err
	}
	out.Needs = needs(c, in.Node, sums)
	out.PieceFacts, err = d.registry.PieceFacts(ctx, of, registry.Piece{Chain: filled.Code, Node: in.Node})
	return 0, out, err
}

// needs lists what a piece needs and is missing: its suppliers and theirs, the nearest first, then what experts judge
// needed in the chain, by the number of those who do.
func needs(c *chain.Chain, node string, sums []pieceSum) []neededPiece {
	by := make(map[string]pieceSum, len(sums))
	for _, s := range sums {
		by[s.Node] = s
	}
	piece := func(s pieceSum) neededPiece {
		return neededPiece{Node: s.Node, Name: s.Name, Missing: s.Missing, Owner: s.Owner, Voices: s.Voices,
			Disputed: s.Disputed}
	}
	out, listed := []neededPiece{}, map[string]bool{node: true}
	for _, n := range c.Needs(node) {
		if s := by[n.Node]; s.Missing > 0 {
			p := piece(s)
			p.For, p.Steps = n.For, n.Steps
			out = append(out, p)
			listed[n.Node] = true
		}
	}
	asked := slices.DeleteFunc(slices.Clone(sums), func(s pieceSum) bool {
		return listed[s.Node] || s.Missing == 0 || needed(s.Voices) == 0
	})
	slices.SortStableFunc(asked, func(a, b pieceSum) int { return cmp.Compare(needed(b.Voices), needed(a.Voices)) })
	for _, s := range asked {
		out = append(out, piece(s))
	}
	return out
}

func needed(all []voice) (n int) {
	for _, v := range all {
		n += v.Needed
	}
	return n
}
