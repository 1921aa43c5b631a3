package registry

import (
	"cmp"
	"slices"
	"strings"

	"luodi/geo"
	"luodi/geo/land"
)

// moneyKinds are the kinds and spans in the order in which figures list them.
var moneyKinds = []string{"planned_total", "year_plan", "paid", "fixed_asset"}

var moneySpans = []string{"whole", "year", "to_date", "month", "since_begin"}

func (k MoneyKind) compare(other MoneyKind) int {
	return cmp.Or(cmp.Compare(slices.Index(moneyKinds, k.Kind), slices.Index(moneyKinds, other.Kind)),
		cmp.Compare(slices.Index(moneySpans, k.Span), slices.Index(moneySpans, other.Span)),
		cmp.Compare(k.Currency, other.Currency))
}

// Share is how many of a number of projects did something by the day.
type Share struct {
	N    int      `json:"n"`
	Of   int      `json:"of"`
	Rate *float64 `json:"rate" nullable:"true" doc:"n ÷ of; null where of is 0."`
}

func share(n, of int) Share {
	s := Share{N: n, Of: of}
	if of > 0 {
		rate := float64(n) / float64(of)
		s.Rate = &rate
	}
	return s
}

// MoneySum is the sum of one kind of money in one currency over the projects of which it is known; the others don't
// count as zero.
type MoneySum struct {
	MoneyKind
	Amount float64 `json:"amount"`
	Known  int     `json:"known" doc:"Of how many projects it is known."`
	From   *string `json:"from" nullable:"true" format:"date" doc:"The earliest day up to which one of them was counted; null: as stated today."`
	To     *string `json:"to" nullable:"true" format:"date" doc:"The latest."`
}

// FactTally is what is counted of a group of projects.
type FactTally struct {
	Key         string     `json:"key" doc:"What the projects have in common; empty: nothing is known of it."`
	NameZH      string     `json:"name_zh,omitempty" doc:"Of a team."`
	NameEN      string     `json:"name_en,omitempty"`
	Projects    int        `json:"projects"`
	Started     Share      `json:"started" doc:"Of all the projects those that had started (项目开工) or come further."`
	LandStarted Share      `json:"land_started" doc:"Of all the projects those whose construction had begun as the land law means it (动工开发)."`
	Money       []MoneySum `json:"money" doc:"Each kind, span and currency for itself; what is not listed is known of none."`
}

// FunnelStep is how many projects had come to a stage or further, of those that had come to the stage before. Those
// that are paused or lost count: they had come that far.
type FunnelStep struct {
	Stage land.Stage `json:"stage" enum:"lead,in_talks,to_sign,signed,landed,started,in_production"`
	Share
}

// LandDemand is the land that projects on their way need.
type LandDemand struct {
	Projects int      `json:"projects" doc:"On their way: active, not landed, with no land reserved for them or supplied and no floor space let to them."`
	Known    int      `json:"known" doc:"Of how many it is known what they need."`
	LeastMu  *float64 `json:"least_mu" nullable:"true" doc:"The sum of the least they need; of one that states only a most, that."`
	MostMu   *float64 `json:"most_mu" nullable:"true" doc:"The sum of the most they need; of one that states only a least, that."`
}

// FactTallies counts rows by group, in the order of the groups' keys, and all of them together.
func FactTallies(rows []FactRow, by Grouping) (groups []FactTally, all FactTally) {
	of := map[string][]FactRow{}
	for _, row := range rows {
		for _, key := range row.Keys(by) {
			of[key] = append(of[key], row)
		}
	}
	groups = make([]FactTally, 0, len(of))
	for key, some := range of {
		one := factTally(key, some)
		if by == ByTeam && some[0].Team != nil {
			one.NameZH, one.NameEN = some[0].Team.NameZH, some[0].Team.NameEN
		}
		groups = append(groups, one)
	}
	slices.SortFunc(groups, func(a, b FactTally) int {
		return cmp.Or(cmp.Compare(without(a.Key), without(b.Key)), cmp.Compare(a.Key, b.Key))
	})
	return groups, factTally("", rows)
}

func factTally(key string, rows []FactRow) FactTally {
	t := FactTally{Key: key, Projects: len(rows), Money: []MoneySum{}}
	started, landStarted := 0, 0
	for _, row := range rows {
		if row.reached(land.StageStarted) {
			started++
		}
		if row.LandStarted != nil {
			landStarted++
		}
		for _, m := range row.Money {
			t.add(m)
		}
	}
	slices.SortFunc(t.Money, func(a, b MoneySum) int { return a.compare(b.MoneyKind) })
	t.Started, t.LandStarted = share(started, len(rows)), share(landStarted, len(rows))
	return t
}

// add puts an amount to the sum of its own kind, span and currency.
func (t *FactTally) add(m NotedFigure) {
	i := slices.IndexFunc(t.Money, func(s MoneySum) bool { return s.MoneyKind == m.MoneyKind })
	if i < 0 {
		t.Money = append(t.Money, MoneySum{m.MoneyKind, m.Amount, 1, m.AsOf, m.AsOf})
		return
	}
	sum := &t.Money[i]
	sum.Amount, sum.Known = sum.Amount+m.Amount, sum.Known+1
	if m.AsOf != nil && (sum.From == nil || *m.AsOf < *sum.From) {
		sum.From = m.AsOf
	}
	if m.AsOf != nil && (sum.To == nil || *m.AsOf > *sum.To) {
		sum.To = m.AsOf
	}
}

// reached reports whether a project had come to a stage or further.
func (f FactRow) reached(stage land.Stage) bool {
	stages := land.Stages()
	return f.Stage != nil && slices.Index(stages, *f.Stage) >= slices.Index(stages, stage)
}

// FunnelSteps counts how many projects had come to each stage, of those that had come to the one before.
func FunnelSteps(rows []FactRow) []FunnelStep {
	steps := make([]FunnelStep, 0, len(land.Stages()))
	before := len(rows)
	for _, stage := range land.Stages() {
		n := 0
		for _, row := range rows {
			if row.reached(stage) {
				n++
			}
		}
		steps = append(steps, FunnelStep{stage, share(n, before)})
		before = n
	}
	return steps
}

// DemandOf sums the land that projects on their way need.
func DemandOf(rows []FactRow) LandDemand {
	var d LandDemand
	add := func(sum **float64, mu *float64) {
		total := *mu
		if *sum != nil {
			total += **sum
		}
		*sum = &total
	}
	for _, row := range rows {
		if row.Need == nil {
			continue
		}
		d.Projects++
		if least := cmp.Or(row.Need.LeastMu, row.Need.MostMu); least != nil {
			d.Known++
			add(&d.LeastMu, least)
			add(&d.MostMu, cmp.Or(row.Need.MostMu, least))
		}
	}
	return d
}

// BehindFigure keeps the rows behind a figure: started, land_started, need, reached.STAGE, money.KIND.SPAN.CURRENCY, or
// all of them for "".
func BehindFigure(rows []FactRow, figure string) ([]FactRow, error) {
	kind, rest, _ := strings.Cut(figure, ".")
	parts := strings.Split(rest, ".")
	var counts func(FactRow) bool
	switch {
	case figure == "":
		return rows, nil
	case figure == "started":
		counts = func(f FactRow) bool { return f.reached(land.StageStarted) }
	case figure == "land_started":
		counts = func(f FactRow) bool { return f.LandStarted != nil }
	case figure == "need":
		counts = func(f FactRow) bool { return f.Need != nil }
	case kind == "reached" && slices.Contains(land.Stages(), land.Stage(rest)):
		counts = func(f FactRow) bool { return f.reached(land.Stage(rest)) }
	case kind == "money" && len(parts) == 3 && slices.Contains(spans[parts[0]], parts[1]):
		counts = func(f FactRow) bool {
			return slices.ContainsFunc(f.Money, func(m NotedFigure) bool {
				return m.MoneyKind == MoneyKind{parts[0], parts[1], parts[2]}
			})
		}
	default:
		return nil, geo.NewInvalid("figure", "figure.named", figure)
	}
	return slices.DeleteFunc(rows, func(f FactRow) bool { return !counts(f) }), nil
}
