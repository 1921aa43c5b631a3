package feed

import (
	"context"
	"math"
	"slices"

	"luodi/data/feed/name"
	"luodi/geo"
)

// Search is what is asked for. Park is a park's code; "" for every park. Member is who reads more than the public; nil
// for the public.
type Search struct {
	Text   string
	Park   string
	Limit  int
	Member *Member
	Era    uint64 // of [store.Store.Now], asked before the view was opened
}

// Hits are the answer to a search.
type Hits struct {
	Scope string    `json:"scope" enum:"public,planner" doc:"planner: of some park that was searched, what only members may read was searched too."`
	Hits  []Hit     `json:"hits"`
	Lists []HitList `json:"lists" doc:"Lists of parcels that the text names by a size or a status."`
	Next  []Step    `json:"next" doc:"What to try next, where the text is a size or little was found."`
}

// Hit is a thing that was found. The status, tenant, project and legal area are those of parcels; network is the kind
// of a road, node or line. A building and a unit of one are where their parcel is.
type Hit struct {
	Kind      string    `json:"kind" db:"-" enum:"parcel,zone,road,park,node,line,plan_unit,building,unit"`
	Park      string    `json:"park" db:"park" doc:"The park's code."`
	ID        string    `json:"id" db:"id" format:"uuid"`
	Code      string    `json:"code" db:"code"`
	Building  *string   `json:"building" db:"building" nullable:"true" doc:"Of a unit the code of its building."`
	NameZH    *string   `json:"name_zh" db:"name_zh" nullable:"true"`
	NameEN    *string   `json:"name_en" db:"name_en" nullable:"true"`
	Network   *string   `json:"network" db:"network" nullable:"true"`
	Status    *string   `json:"status" db:"status" nullable:"true"`
	TenantZH  *string   `json:"tenant_zh" db:"tenant_zh" nullable:"true"`
	TenantEN  *string   `json:"tenant_en" db:"tenant_en" nullable:"true"`
	ProjectZH *string   `json:"project_zh" db:"project_zh" nullable:"true"`
	ProjectEN *string   `json:"project_en" db:"project_en" nullable:"true"`
	LegalM2   *geo.Area `json:"-" db:"legal_m2"`
	LegalMu   *geo.Mu   `json:"legal_mu" db:"-" nullable:"true"`
	Point     []float64 `json:"point" db:"point" minItems:"2" maxItems:"2"`
	BBox      []float64 `json:"bbox" db:"bbox" minItems:"4" maxItems:"4"`
	Matched   Matched   `json:"matched" db:"-"`
}

// Matched says in which text a hit was found, and how.
type Matched struct {
	Field string `json:"field" enum:"code,name_zh,name_en,tenant_zh,tenant_en,project_zh,project_en,size,status"`
	How   string `json:"how" enum:"exact,prefix,word,pinyin,part,fuzzy,listed,near"`
}

// HitList is a list of parcels: those of some statuses, or of a size. Free are those of them that are available.
type HitList struct {
	Statuses []string `json:"statuses" doc:"Any of these; empty: of any status."`
	LeastMu  *geo.Mu  `json:"least_mu" nullable:"true"`
	MostMu   *geo.Mu  `json:"most_mu" nullable:"true"`
	Parcels  int      `json:"parcels"`
	Free     int      `json:"free" doc:"How many of them are available."`
}

// Step is something to try next.
type Step struct {
	Do      string  `json:"do" enum:"site,free,everywhere,fewer" doc:"site: find a site of area_mu; free: show the available parcels; everywhere: search every park; fewer: type fewer words."`
	AreaMu  *geo.Mu `json:"area_mu" nullable:"true"`
	Parcels *int    `json:"parcels" nullable:"true"`
}

// mostNearest is how much available land is told where none has the size that was asked for.
const mostNearest = 5

// Find answers a search in the state of a view, which is a member's where the search has one.
func (f *Finder) Find(ctx context.Context, v *View, s Search) (*Hits, error) {
	f.begin(s.Era)
	scopes, err := f.scopes(ctx, v, s.Member, s.Park)
	if err != nil {
		return nil, err
	}
	indexes, err := f.indexes(ctx, v, scopes)
	if err != nil {
		return nil, err
	}
	shops, of, err := f.workshops(ctx, v, scopes)
	if err != nil {
		return nil, err
	}
	q := f.words.Parse(s.Text)
	lists := f.listsOf(indexes, q)
	found := name.Find(slices.Concat(indexes, shops), q, s.Limit)
	if len(found) == 0 && len(q.Near) > 0 {
		found = name.List(indexes, &name.Query{Statuses: q.Near[:1]}, s.Limit)
	}
	if q.Size != nil && !q.Named() && lists[0].Free == 0 {
		found = append(found, name.Nearest(indexes, q, min(mostNearest, s.Limit-len(found)))...)
	}
	answer := &Hits{Scope: scopeOf(scopes), Lists: lists, Next: next(indexes, q, s, len(found))}
	answer.Hits, err = v.tell(ctx, slices.Concat(scopes, of), found)
	return answer, err
}

func scopeOf(scopes []scope) string {
	if slices.ContainsFunc(scopes, func(s scope) bool { return s.desk }) {
		return "planner"
	}
	return "public"
}

// listsOf are the lists that a text names. Of one that is nearly written so, or begins so, each status has its own.
func (f *Finder) listsOf(indexes []*name.Index, q *name.Query) []HitList {
	lists := []HitList{}
	if q.Conditional() {
		lists = append(lists, listOf(indexes, q))
	}
	for _, status := range q.Near {
		lists = append(lists, listOf(indexes, &name.Query{Statuses: []string{status}}))
	}
	return lists
}

func listOf(indexes []*name.Index, q *name.Query) HitList {
	l := HitList{Statuses: append([]string{}, q.Statuses...)}
	l.Parcels, l.Free = name.Count(indexes, q)
	if q.Size != nil {
		l.LeastMu = muOf(q.Size.LeastM2)
		if !math.IsInf(q.Size.MostM2, 1) {
			l.MostMu = muOf(q.Size.MostM2)
		}
	}
	return l
}

func muOf(m2 float64) *geo.Mu {
	area, err := geo.AreaFromM2(m2)
	if err != nil {
		return nil
	}
	mu := area.Mu().Round()
	return &mu
}

// next are the steps that lead on.
func next(indexes []*name.Index, q *name.Query, s Search, found int) []Step {
	steps := []Step{}
	if q.Size != nil {
		steps = append(steps, Step{Do: "site", AreaMu: muOf(q.Size.WantM2)})
	} else if q.NumberM2 > 0 {
		steps = append(steps, Step{Do: "site", AreaMu: muOf(q.NumberM2)})
	}
	if found > 0 {
		return steps
	}
	if q.Words() > 1 {
		steps = append(steps, Step{Do: "fewer"})
	}
	if s.Park != "" {
		steps = append(steps, Step{Do: "everywhere"})
	}
	if _, free := name.Count(indexes, &name.Query{}); free > 0 {
		steps = append(steps, Step{Do: "free", Parcels: &free})
	}
	return steps
}
