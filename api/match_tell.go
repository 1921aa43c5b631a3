package api

import (
	"cmp"
	"math"
	"slices"

	"luodi/data/siting"
	"luodi/geo/land"
	"luodi/geo/match"
	"luodi/message"
)

// told turns a ranking into an answer with its reasons.
type told struct {
	*asked
	say     siting.Telling
	field   *siting.Field
	table   match.Table
	by      [][]int32
	ranking *match.Answer
	made    []drawing // lots and assemblies among the sites
}

// lackersDefault is how many excluded places an answer lists where the question doesn't say.
const lackersDefault = 200

func (t *told) answer() *matchAnswer {
	seq, at := t.field.Seq()
	out := &matchAnswer{
		Park: t.Park, Seq: seq, At: at, Scope: "planner", Method: t.ranking.How.Method,
		Normalise: t.ranking.How.Normalise,
		Places:    t.field.Offered(), Ranked: t.ranking.Ranked, Fits: t.ranking.Fits,
		ToAsk: t.ranking.Ranked - t.ranking.Fits, Unjudged: t.unjudgedByAll(), Sites: []matchSite{},
		Misses: []matchMiss{},
	}
	if t.public {
		out.Scope = "public"
	}
	if !t.CountOnly && (t.Lots != nil || t.Assemblies != nil) {
		out.Search = &matchSearch{t.field.Lots, t.field.Assemblies}
	}
	if t.judgement != nil {
		out.Judgement = &matchJudgement{t.judgement.Consistency, t.judgement.Consistency <= match.MaxConsistency,
			t.judgement.Index}
	}
	for _, c := range t.table.Criteria {
		m := measureOf(c)
		out.Criteria = append(out.Criteria, matchCriterion{Criterion: c, Name: spoken(t.say.Name(m)),
			Unit: m.Unit.Symbol, Rule: (*rule)(t.say.Rule(m, t.field, -1))})
	}
	out.Excluded = t.excluded()
	if t.CountOnly {
		return out
	}
	for i, s := range t.ranking.Sites {
		out.Sites = append(out.Sites, t.site(i, s))
	}
	out.Excluded.Places = t.lackers()
	for _, m := range t.ranking.Misses(10) {
		c := t.field.Candidate(m.Row)
		out.Misses = append(out.Misses, matchMiss{c.ID, c.Key, c.Kind, c.Code, number(m.Score), t.move(m.Move)})
	}
	if t.Draws > 0 {
		t.robust(out)
	}
	return out
}

func (t *told) site(at int, s match.Site) matchSite {
	c := t.field.Candidate(s.Row)
	out := matchSite{Rank: s.Rank, Kind: c.Kind, Key: c.Key, ID: c.ID, Code: c.Code, Version: c.Version,
		Status: c.Status, Point: [2]float64{c.Lon, c.Lat}, AreaMu: c.AreaMu,
		Score: number(s.Score), Judged: s.Judged, Least: unsigned(s.Least), Most: s.Most, Standing: unsigned(s.Standing),
		Parts: []matchPart{}, Unjudged: []matchUnjudged{}}
	for _, row := range c.Parcels {
		p := &t.field.Places[row]
		out.Parcels = append(out.Parcels, matchParcel{p.ID, p.Code, p.Version})
	}
	if t.fronts() {
		metres, road := t.field.Front(s.Row)
		out.Front, out.Road = &metres, road
	}
	if c.Kind != siting.GroundParcel {
		t.made = append(t.made, drawing{at, c})
	}
	for _, part := range s.Parts {
		out.Parts = append(out.Parts, t.part(s.Row, part))
	}
	for _, part := range s.Unjudged {
		out.Unjudged = append(out.Unjudged, t.unjudged(s.Row, part))
	}
	for _, criterion := range s.Open {
		out.ToAsk = append(out.ToAsk, t.ask(criterion, s.Row))
	}
	if at > 0 && at <= t.Moves {
		for _, m := range t.ranking.Moves(at) {
			out.Moves = append(out.Moves, t.move(m))
		}
	}
	return out
}

// measureOf is the measure that a criterion of a table names.
func measureOf(c match.Criterion) siting.Measure {
	m, _ := siting.MeasureOf(c.Measure)
	return m
}

// fronts reports whether the answer names the roads that sites front: only when the question involves frontage.
func (t *told) fronts() bool {
	return t.Lots != nil || t.Assemblies != nil ||
		slices.ContainsFunc(t.criteria, func(c match.Criterion) bool { return measureOf(c).Fronts() })
}

// value is the known value of a criterion at a row; the number of it is given.
func (t *told) value(criterion, row int, number float64) siting.Value {
	return t.field.Value(t.table, t.by, criterion, row, number)
}

func (t *told) part(row int, p match.Part) matchPart {
	c := t.table.Criteria[p.Criterion]
	m, v := measureOf(c), t.value(p.Criterion, row, p.Value)
	out := matchPart{Measure: c.Measure, Value: number(p.Value), Unit: m.Unit.Symbol, Score: unsigned(p.Score),
		Weight: p.Weight, Partner: partnerOf(v.By), Told: toldOf(v.Room), Text: spoken(t.say.Say(m, c, v))}
	if p.Most > p.Score {
		out.Most = &p.Most
	}
	return out
}

// unjudged is a wish that is not judged at a row, and why.
func (t *told) unjudged(row int, p match.Part) matchUnjudged {
	c := t.table.Criteria[p.Criterion]
	m, v := measureOf(c), t.value(p.Criterion, row, p.Value)
	out := matchUnjudged{Measure: c.Measure, Weight: p.Weight, Reason: "unknown", Text: spoken(t.say.Say(m, c, v))}
	if t.say.None(m, v) {
		out.Reason = "none"
	}
	return out
}

// unjudgedByAll are the wishes that judge no place, with what is known of the first ranked.
func (t *told) unjudgedByAll() []matchUnjudged {
	out := []matchUnjudged{}
	for _, i := range t.ranking.Unjudged {
		if len(t.ranking.Sites) == 0 {
			break
		}
		row := t.ranking.Sites[0].Row
		out = append(out, t.unjudged(row,
			match.Part{Criterion: i, Value: t.table.Columns[i][row], Weight: t.table.Criteria[i].Weight}))
	}
	return out
}

func toldOf(room *siting.PublicRoom) *matchTold {
	if room == nil {
		return nil
	}
	out := &matchTold{Form: room.Told, Word: room.Word, AsOf: room.Since}
	if room.Told == land.TellBand {
		out.Min, out.Max = number(room.Least), number(room.Most)
	}
	return out
}

// ask is an open question to the park about a criterion, with the value that is known instead.
func (t *told) ask(criterion, row int) matchAsk {
	c, v := t.table.Criteria[criterion], t.value(criterion, row, math.NaN())
	m := measureOf(c)
	return matchAsk{Measure: c.Measure, Min: c.Min, Max: c.Max, Unit: m.Unit.Symbol, Told: toldOf(v.Room),
		Text: spoken(t.say.Ask(m, c, v))}
}

// partnerOf is the tenant or node that a criterion's value at a place comes from.
func partnerOf(by *siting.Giver) *partner {
	if by == nil {
		return nil
	}
	return &partner{by.ID, by.Code, bilingual(by.Name), by.Point}
}

// spoken says words in both languages.
func spoken(w siting.Sentence) bilingual { return both(w.Key, w.Args...) }

// both says a text of the table in both languages; args alternate names and values, and a value that is words, or a
// name in both, is said in the language.
func both(key string, args ...any) bilingual {
	in := func(lang message.Lang) string {
		own := slices.Clone(args)
		for i, a := range own {
			var said bilingual
			switch a := a.(type) {
			case siting.Sentence:
				said = spoken(a)
			case land.Name:
				said = bilingual(a)
			case bilingual:
				said = a
			default:
				continue
			}
			own[i] = said.ZH
			if lang == message.EN {
				own[i] = said.EN
			}
		}
		return message.Text(lang, key, own...)
	}
	return bilingual{in(message.ZH), in(message.EN)}
}

func (t *told) move(m match.Move) matchMove {
	c := t.table.Criteria[m.Criterion]
	return matchMove{Kind: m.Kind, Measure: c.Measure, From: unsigned(m.From), To: unsigned(m.To), Size: m.Size,
		Text: spoken(t.say.Move(measureOf(c), m))}
}

func (t *told) excluded() matchExcluded {
	out := matchExcluded{Count: t.field.Offered() - t.ranking.Ranked, Causes: []matchCause{}, Places: []matchLacker{}}
	for _, cause := range t.ranking.Causes {
		c := t.table.Criteria[cause.Criterion]
		out.Causes = append(out.Causes, matchCause{c.Measure, cause.Limit, cause.Count, cause.Alone,
			spoken(t.say.Limit(measureOf(c), c, cause.Limit))})
	}
	return out
}

// lackers are the places left out, with what each lacks.
func (t *told) lackers() []matchLacker {
	out := []matchLacker{}
	for _, row := range t.ranking.Excluded(cmp.Or(t.Excluded, lackersDefault)) {
		c := t.field.Candidate(row)
		lacker := matchLacker{ID: c.ID, Key: c.Key, Kind: c.Kind, Code: c.Code}
		for _, l := range t.table.Lacks(row) {
			lacker.Lacks = append(lacker.Lacks, t.lack(row, l))
		}
		out = append(out, lacker)
	}
	return out
}

func (t *told) lack(row int, l match.Lack) matchLack {
	c, v := t.table.Criteria[l.Criterion], t.value(l.Criterion, row, l.Value)
	m := measureOf(c)
	out := matchLack{Measure: c.Measure, Limit: l.Limit, Value: number(l.Value), By: number(l.By),
		Rule: (*rule)(t.say.Rule(m, t.field, row)), Text: spoken(t.say.Lack(m, c, l, v))}
	if out.By != nil {
		out.Told = toldOf(v.Room)
	}
	return out
}

func (t *told) robust(out *matchAnswer) {
	r := t.ranking.Robust(t.Draws, t.Seed)
	out.Robustness = &matchRobustness{Draws: r.Draws, Seed: r.Seed, Finalists: r.Finalists, Shares: []matchShare{}}
	for _, s := range r.Shares {
		c := t.field.Candidate(s.Row)
		out.Robustness.Shares = append(out.Robustness.Shares, matchShare{c.ID, c.Key, c.Code, s.Share})
	}
	for i := range out.Sites {
		share := 0.0
		if k := slices.IndexFunc(out.Robustness.Shares,
			func(s matchShare) bool { return s.Key == out.Sites[i].Key }); k >= 0 {
			share = out.Robustness.Shares[k].Share
		}
		out.Sites[i].Share = &share
	}
	slices.SortStableFunc(out.Robustness.Shares, func(a, b matchShare) int { return cmp.Compare(b.Share, a.Share) })
}
