package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"luodi/data/registry"
	"luodi/data/siting"
	"luodi/geo"
	"luodi/geo/match"
)

// tie is the largest difference of standings that counts as equal, as in a ranking (docs/matching.md).
const tie = 1e-6

// mostSuitors is how many open projects a parcel is judged for: the newest.
const mostSuitors = 40

// suitors are the open projects that a free parcel suits.
type suitors struct {
	Projects []suitor `json:"projects" doc:"Best first."`
	Judged   int      `json:"judged" doc:"Open projects of the park's business that state what they need: the parcel was judged for these."`
	Mute     int      `json:"mute" doc:"Open projects that state nothing by which ground can be judged."`
	Cut      bool     `json:"cut" doc:"There are more open projects than were judged; these are the newest."`
}

type suitor struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Code   string    `json:"code"`
	NameZH string    `json:"name_zh"`
	NameEN string    `json:"name_en"`
	Score  *float64  `json:"score" nullable:"true" doc:"Of the parcel for the project, 0 to 1, as /api/match has it; null where nothing is known by which to judge."`
	Rank   int       `json:"rank" doc:"Among the park's free parcels, for this project."`
	Of     int       `json:"of" doc:"Free parcels that no known value leaves out."`
	ToAsk  bool      `json:"to_ask" doc:"A limited value of the parcel is not known."`
}

func (d *domain) addSuits() {
	desk(d, deskRoute{http.MethodGet, "/api/parks/{park}/parcels/{id}/projects", "parcel.projects", http.StatusOK},
		d.suits)
	desk(d, deskRoute{http.MethodGet, "/api/parks/{park}/parcels/{id}/wishes", "parcel.wishes", http.StatusOK},
		d.wishes)
}

// wishes are the expansions that want a free parcel.
type wishes struct {
	Wishes []registry.Wish `json:"wishes" doc:"The newest first."`
}

// wishes lists the neighbours' expansions that want this parcel.
func (d *domain) wishes(ctx context.Context, in *InParcel) (int, wishes, error) {
	of, park, id, err := d.parcelOf(ctx, in)
	if err != nil {
		return 0, wishes{}, err
	}
	all, err := d.registry.Wishes(ctx, of, park, id)
	return 0, wishes{all}, err
}

// parcelOf is a park with one of its parcels, and the business whose projects the reader sees there.
func (d *domain) parcelOf(ctx context.Context, in *InParcel) (of registry.Business, park, parcel uuid.UUID, err error) {
	who, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return of, park, parcel, err
	}
	if parcel, err = parseID("parcel", in.ID); err != nil {
		return of, park, parcel, err
	}
	district, err := d.districtOf(ctx, "", park)
	return registry.Business{Districts: []uuid.UUID{district}, Parks: []uuid.UUID{park}, Sight: sightOf(who)}, park,
		parcel, err
}

// suits ranks the park's free parcels for each open project, and tells how this one does.
func (d *domain) suits(ctx context.Context, in *InParcel) (int, suitors, error) {
	of, park, id, err := d.parcelOf(ctx, in)
	if err != nil {
		return 0, suitors{}, err
	}
	all, err := d.registry.OpenProjects(ctx, of, park, mostSuitors+1)
	if err != nil {
		return 0, suitors{}, err
	}
	out := suitors{Projects: []suitor{}, Cut: len(all) > mostSuitors}
	for _, p := range all[:min(len(all), mostSuitors)] {
		need, ok := needOf(p)
		if !ok {
			out.Mute++
			continue
		}
		found, err := think(ctx, d.thought, func(ctx context.Context) (*suitor, error) {
			return d.suitor(ctx, Question{Park: in.Park, Requirement: need}, id)
		})
		if errors.Is(err, geo.ErrInvalid) { // what somebody noted can't be judged by
			out.Mute++
			continue
		}
		if err != nil {
			return 0, suitors{}, err
		}
		if out.Judged++; found == nil {
			continue
		}
		found.ID, found.Code, found.NameZH, found.NameEN = p.ID, p.Code, p.NameZH, p.NameEN
		out.Projects = append(out.Projects, *found)
	}
	slices.SortStableFunc(out.Projects, func(a, b suitor) int { return cmp.Compare(scoreOf(b), scoreOf(a)) })
	return 0, out, nil
}

// scoreOf sorts what can't be judged behind what can.
func scoreOf(s suitor) float64 {
	if s.Score == nil {
		return -1
	}
	return *s.Score
}

// suitor is how a parcel does among the free ones for a need; nil where a limit leaves it out, or it is not free.
func (d *domain) suitor(ctx context.Context, q Question, parcel uuid.UUID) (found *suitor, err error) {
	a, err := d.asked(ctx, q)
	if err != nil {
		return nil, err
	}
	err = d.read(ctx, a, func(s *siting.Sites) error {
		field, err := s.Field(ctx, a.ask())
		if err != nil {
			return err
		}
		table, _, err := field.Table(ctx, a.criteria, a.Requirement, a.today)
		if err != nil {
			return err
		}
		ranking, err := match.Rank(table, match.How{Top: 1})
		if err != nil {
			return err
		}
		found = placed(field, ranking, parcel)
		return nil
	})
	return found, err
}

func placed(field *siting.Field, ranking *match.Answer, parcel uuid.UUID) *suitor {
	standings, sure := ranking.Standings(), ranking.Sure()
	for row := range field.Rows() {
		c := field.Candidate(row)
		if c.ID != parcel || c.Kind != siting.GroundParcel || math.IsNaN(standings[row]) {
			continue
		}
		found := &suitor{Score: number(ranking.Scores()[row]), Rank: 1, Of: ranking.Ranked, ToAsk: !sure[row]}
		for other, standing := range standings {
			better := standing > standings[row]+tie
			if !math.IsNaN(standing) && (sure[other] && !sure[row] || sure[other] == sure[row] && better) {
				found.Rank++
			}
		}
		return found
	}
	return nil
}

// needOf is what a project states of the ground that it needs, as a siting question asks it. Where it states limits
// alone, ground is judged by how near its area is to what is asked: to the middle of a range, else to its one end.
func needOf(p registry.Project) (need siting.Requirement, ok bool) {
	if json.Unmarshal(p.Requirement, &need) != nil {
		return need, false
	}
	var stated struct {
		Area json.RawMessage `json:"area_mu"`
	}
	if json.Unmarshal(p.Requirement, &stated) != nil {
		return need, false
	}
	area := match.Criterion{Measure: "area_mu"}
	var bounds struct{ Min, Max *float64 }
	var one float64
	if json.Unmarshal(stated.Area, &bounds) == nil {
		area.Min, area.Max = bounds.Min, bounds.Max
	} else if json.Unmarshal(stated.Area, &one) == nil {
		area.Min, area.Max = &one, &one
	}
	wished := need.ChainNode != ""
	for _, c := range need.Criteria {
		wished = wished || c.Want != ""
		if c.Measure == area.Measure {
			area.Min, area.Max = nil, nil
		}
	}
	if area.Min == nil && area.Max == nil {
		return need, len(need.Criteria) > 0 || len(need.Services) > 0 || need.ChainNode != "" || len(need.LandUse) > 0
	}
	if !wished {
		area.Want, area.Target, area.Weight = match.Target, middle(area.Min, area.Max), 1
	}
	need.Criteria = append(need.Criteria, area)
	return need, true
}

func middle(least, most *float64) *float64 {
	switch {
	case least == nil:
		return most
	case most == nil:
		return least
	}
	m := (*least + *most) / 2
	return &m
}
