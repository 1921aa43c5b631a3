package api

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"luodi/data/siting"
	"luodi/geo/land"
	"luodi/geo/match"
	"luodi/message"
)

// told turns a ranking into an answer with its reasons.
type told struct {
	*asked
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
		Places:    t.field.Rows(), Ranked: t.ranking.Ranked, Fits: t.ranking.Fits,
		ToAsk: t.ranking.Ranked - t.ranking.Fits, Sites: []matchSite{}, Misses: []matchMiss{},
	}
	if t.public {
		out.Scope = "public"
	}
	if t.Lots != nil || t.Assemblies != nil {
		out.Search = &matchSearch{t.field.Lots, t.field.Assemblies}
	}
	if t.judgement != nil {
		out.Judgement = &matchJudgement{t.judgement.Consistency, t.judgement.Consistency <= match.MaxConsistency,
			t.judgement.Index}
	}
	for _, c := range t.table.Criteria {
		out.Criteria = append(out.Criteria, matchCriterion{Criterion: c, Name: t.name(c.Measure),
			Unit: unitOf(c.Measure), Rule: t.ruleOf(c.Measure, -1)})
	}
	for i, s := range t.ranking.Sites {
		out.Sites = append(out.Sites, t.site(i, s))
	}
	out.Excluded = t.excluded()
	for _, m := range t.ranking.Misses(10) {
		c := t.field.Candidate(m.Row)
		out.Misses = append(out.Misses, matchMiss{c.ID, c.Key, c.Kind, c.Code, unsigned(m.Score), t.move(m.Move)})
	}
	if t.Draws > 0 {
		t.robust(out)
	}
	return out
}

func (t *told) site(at int, s match.Site) matchSite {
	c := t.field.Candidate(s.Row)
	out := matchSite{Rank: s.Rank, Kind: c.Kind, Key: c.Key, ID: c.ID, Code: c.Code, Version: c.Version,
		Status: c.Status, Point: [2]float64{c.Lon, c.Lat}, AreaMu: c.AreaMu, Score: unsigned(s.Score),
		Parts: []matchPart{}}
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

// fronts tells whether sites say what they front: where the question has to do with it.
func (t *told) fronts() bool {
	return t.Lots != nil || t.Assemblies != nil ||
		slices.ContainsFunc(t.criteria, func(c match.Criterion) bool {
			return c.Measure == "frontage_m" ||
				c.Measure == "depth_m"
		})
}

func (t *told) part(row int, p match.Part) matchPart {
	c := t.table.Criteria[p.Criterion]
	out := matchPart{Measure: c.Measure, Value: number(p.Value), Unit: unitOf(c.Measure), Score: unsigned(p.Score),
		Weight: p.Weight, Partner: t.partner(p.Criterion, row)}
	room := t.room(p.Criterion, row)
	out.Told = toldOf(room)
	out.Text = t.say(c, p.Value, out.Partner, room)
	return out
}

// room is what the public is told of what the node has left that serves a place; nil for members and for what no node
// gives.
func (t *told) room(criterion, row int) *siting.PublicRoom {
	if criterion >= len(t.by) || t.by[criterion] == nil || t.by[criterion][row] < 0 ||
		!strings.HasPrefix(t.table.Criteria[criterion].Measure, "headroom_") {
		return nil
	}
	return t.field.Nodes()[t.by[criterion][row]].Public
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

// ask says what is to be asked of the park, and why: what is known instead.
func (t *told) ask(criterion, row int) matchAsk {
	c, room := t.table.Criteria[criterion], t.room(criterion, row)
	out := matchAsk{Measure: c.Measure, Min: c.Min, Max: c.Max, Unit: unitOf(c.Measure), Told: toldOf(room)}
	limit := "min"
	if c.Min == nil {
		limit = "max"
	}
	out.Text = both("match.ask", "limit", t.limit(c, limit), "known", t.known(criterion, row, room))
	return out
}

// known says what is known of a value that nobody can give as a figure.
func (t *told) known(criterion, row int, room *siting.PublicRoom) bilingual {
	measure := t.table.Criteria[criterion].Measure
	switch band, ok := t.table.Bands[criterion]; {
	case room != nil:
		return tellRoom(measure, t.partner(criterion, row), room)
	case ok && !math.IsNaN(band.Least[row]):
		return both("match.known.between", "min", figure(band.Least[row]), "max", figure(band.Most[row]), "unit",
			unitSaid(measure))
	}
	return both("match.known.not")
}

// tellRoom repeats what the public is told of a node, in the form in which it is told, with its day. A word is never
// made a number.
func tellRoom(measure string, node *partner, room *siting.PublicRoom) bilingual {
	args := []any{"who", node.Name, "day", room.Day, "unit", unitSaid(measure)}
	switch room.Told {
	case land.TellWord:
		return both("match.known.word", append(args, "word", both("match.free."+room.Word))...)
	case land.TellBand:
		return both("match.known.band", append(args, "min", figure(room.Least), "max", figure(room.Most))...)
	case land.TellFigure:
		return both("match.known.figure", append(args, "value", figure(room.Least))...)
	}
	return both("match.known.untold", args...)
}

// partner is the tenant or node that gave a place its value of a criterion.
func (t *told) partner(criterion, row int) *partner {
	if criterion >= len(t.by) || t.by[criterion] == nil || t.by[criterion][row] < 0 {
		return nil
	}
	at := t.by[criterion][row]
	if strings.HasPrefix(t.table.Criteria[criterion].Measure, "headroom_") {
		n := t.field.Nodes()[at]
		return &partner{n.ID, n.Code, bilingual{n.NameZH, n.NameEN}, n.LonLat()}
	}
	who := t.field.Tenants()[at]
	return &partner{who.Parcel, who.Code, bilingual{who.NameZH, who.NameEN}, who.LonLat()}
}

// both says a text of the table in both languages; args alternate names and values, and a bilingual value is said in
// the language.
func both(key string, args ...any) bilingual {
	in := func(lang message.Lang) string {
		own := slices.Clone(args)
		for i, a := range own {
			if b, ok := a.(bilingual); ok {
				own[i] = b.ZH
				if lang == message.EN {
					own[i] = b.EN
				}
			}
		}
		return message.Text(lang, key, own...)
	}
	return bilingual{in(message.ZH), in(message.EN)}
}

// name is what a measure is called.
func (t *told) name(measure string) bilingual { return nameOf(measure, t.asked) }

func nameOf(measure string, a *asked) bilingual {
	rest, ok := strings.CutPrefix(measure, "partner_")
	if !ok {
		return both("match.measure." + measure)
	}
	key := "match.measure.partner"
	node, road := strings.CutSuffix(rest, "_road_m")
	if road {
		key = "match.measure.partner_road"
	} else {
		node = strings.TrimSuffix(rest, "_m")
	}
	called := bilingual{node, node}
	if a.chain != nil {
		if n, ok := a.chain.Node(node); ok {
			called = bilingual{n.NameZH, n.NameEN}
		}
	}
	return both(key, "node", called)
}

// unitOf is the unit that a measure's name ends in.
func unitOf(measure string) string {
	if service, ok := strings.CutPrefix(measure, "headroom_"); ok {
		return siting.ServiceUnit(service)
	}
	for _, u := range [...][2]string{{"_10k_cny_per_mu", "万元/亩"}, {"_cny_per_m2", "CNY/m²"}, {"_mu", "mu"},
		{"_years", "a"}, {"_days", "d"}, {"_m2", "m²"}, {"_m", "m"}} {
		if strings.HasSuffix(measure, u[0]) {
			return u[1]
		}
	}
	return ""
}

// unitSaid is the unit of a measure as sentences say it.
func unitSaid(measure string) bilingual {
	unit := unitOf(measure)
	if key, ok := saidUnits[unit]; ok {
		return both(key)
	}
	return bilingual{unit, unit}
}

var saidUnits = map[string]string{
	"mu": "match.unit.mu", "m": "match.unit.m", "a": "match.unit.years", "d": "match.unit.days",
	"CNY/m²": "match.unit.price", "万元/亩": "match.unit.wan_per_mu",
}

// figure prints a value so that it can be read: as many decimals as its size asks for.
func figure(v float64) string {
	decimals := 2
	if math.Abs(v) >= 1000 {
		decimals = 0
	} else if math.Abs(v) >= 100 {
		decimals = 1
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	return shorn(s)
}

// shorn takes off zeros at the end, and the sign of a number that rounds to none.
func shorn(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// apart prints two values so that they can be told apart: with more decimals where figure prints them alike.
func apart(a, b float64) (string, string) {
	x, y := figure(a), figure(b)
	for decimals := 3; x == y && decimals < 12; decimals++ {
		x, y = shorn(strconv.FormatFloat(a, 'f', decimals, 64)), shorn(strconv.FormatFloat(b, 'f', decimals, 64))
	}
	return x, y
}

// beside is up to how many metres of distance two places are neighbours: a street lies between at most.
const beside = 40

// say is the reason of one criterion in a sentence.
func (t *told) say(c match.Criterion, value float64, by *partner, room *siting.PublicRoom) bilingual {
	name := t.name(c.Measure)
	switch {
	case room != nil:
		return both("match.say.told", "name", name, "known", tellRoom(c.Measure, by, room))
	case value-value != 0 && strings.HasPrefix(c.Measure, "partner_"):
		return both("match.say.no_partner", "name", name)
	case math.IsInf(value, 0):
		return both("match.say.nothing", "name", name)
	case math.IsNaN(value):
		return both("match.say.unknown", "name", name)
	case by != nil && strings.HasPrefix(c.Measure, "partner_") && value < 0.5:
		return both("match.say.next_door", "name", name, "who", by.Name, "code", by.Code)
	case by != nil && strings.HasPrefix(c.Measure, "partner_") && value <= beside:
		return both("match.say.across", "name", name, "who", by.Name, "code", by.Code, "value", figure(value))
	case by != nil && strings.HasPrefix(c.Measure, "partner_"):
		return both("match.say.partner", "name", name, "who", by.Name, "code", by.Code, "value", figure(value))
	case by != nil:
		return both("match.say.node", "name", name, "who", by.Name, "value", figure(value), "unit", unitSaid(c.Measure))
	}
	args := []any{"name", name, "value", figure(value), "unit", unitSaid(c.Measure)}
	switch c.Want {
	case match.Target:
		return both("match.say.target", append(args, "target", figure(*c.Target))...)
	case match.Range:
		return both("match.say.range", append(args, "low", figure(*c.Low), "high", figure(*c.High))...)
	}
	return both("match.say."+string(c.Want), args...)
}

func (t *told) move(m match.Move) matchMove {
	c := t.table.Criteria[m.Criterion]
	from, to := apart(m.From, m.To)
	if m.Kind == match.MoveWeight {
		from, to = apart(100*m.From, 100*m.To)
	}
	return matchMove{Kind: m.Kind, Measure: c.Measure, From: unsigned(m.From), To: unsigned(m.To), Size: m.Size,
		Text: both("match.move."+string(m.Kind), "name", t.name(c.Measure), "from", from, "to", to, "unit",
			unitSaid(c.Measure))}
}

// ruleOf is where a limit comes from: the requirement itself has none, a hazard class its standard, a plan's condition
// its plan.
func (t *told) ruleOf(measure string, row int) *rule {
	if measure == "living_m" && t.Requirement.Hazard != "" {
		s := t.spacings[t.Requirement.Hazard]
		return &rule{s.Source, s.Edition}
	}
	if row < 0 {
		return nil
	}
	if source, edition := t.field.Condition(t.field.Place(row), measure); source != "" {
		return &rule{source, edition}
	}
	return nil
}

func (t *told) excluded() matchExcluded {
	out := matchExcluded{Count: t.table.Rows() - t.ranking.Ranked, Causes: []matchCause{}, Places: []matchLacker{}}
	for _, cause := range t.ranking.Causes {
		c := t.table.Criteria[cause.Criterion]
		out.Causes = append(out.Causes, matchCause{c.Measure, cause.Limit, cause.Count, cause.Alone,
			t.limit(c, cause.Limit)})
	}
	for _, row := range t.ranking.Excluded(cmp.Or(t.Excluded, lackersDefault)) {
		c := t.field.Candidate(row)
		lacker := matchLacker{ID: c.ID, Key: c.Key, Kind: c.Kind, Code: c.Code}
		for _, l := range t.table.Lacks(row) {
			lacker.Lacks = append(lacker.Lacks, t.lack(row, l))
		}
		out.Places = append(out.Places, lacker)
	}
	return out
}

func (t *told) limit(c match.Criterion, limit string) bilingual {
	key := "match.limit." + limit
	if c.Measure == "land_use" || c.Measure == "released" {
		key = "match.limit." + c.Measure
	}
	if c.Measure == "hall_m" {
		long, wide := t.Requirement.Hall.Sides()
		return both("match.limit.hall", "length", figure(long), "width", figure(wide))
	}
	var wanted float64
	switch limit {
	case "min":
		wanted = *c.Min
	case "max":
		wanted = *c.Max
	}
	return both(key, "name", t.name(c.Measure), "wanted", figure(wanted), "unit", unitSaid(c.Measure))
}

func (t *told) lack(row int, l match.Lack) matchLack {
	c := t.table.Criteria[l.Criterion]
	out := matchLack{Measure: c.Measure, Limit: l.Limit, Value: number(l.Value), By: number(l.By),
		Rule: t.ruleOf(c.Measure, row), Text: t.limit(c, l.Limit)}
	switch {
	case c.Measure == "land_use" || c.Measure == "released":
	case out.By == nil && strings.HasPrefix(c.Measure, "partner_"):
		out.Text = both("match.say.no_partner", "name", t.name(c.Measure))
	case out.By == nil:
		out.Text = both("match.say.nothing", "name", t.name(c.Measure))
	case c.Measure == "hall_m":
		long, wide := t.Requirement.Hall.Sides()
		out.Text = both("match.lack.hall", "limit", out.Text, "length", figure(l.Value), "width",
			figure(l.Value*wide/long), "by", figure(l.By))
	case t.room(l.Criterion, row) != nil:
		room := t.room(l.Criterion, row)
		out.Told = toldOf(room)
		out.Text = both("match.lack.told", "limit", out.Text, "value", figure(l.Value), "by", figure(l.By), "unit",
			unitSaid(c.Measure), "day", room.Day)
	default:
		out.Text = both("match.lack", "limit", out.Text, "value", figure(l.Value), "by", figure(l.By), "unit",
			unitSaid(c.Measure))
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
