package siting

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"luodi/geo/chain"
	"luodi/geo/land"
	"luodi/geo/match"
)

// Unit is the unit of a measure's values.
type Unit struct {
	Symbol string // as answers carry it
	said   string // the message that says it in sentences; "" where the symbol does
}

// The units.
var (
	noUnit      = Unit{}
	inMu        = Unit{"mu", "match.unit.mu"}
	inMetres    = Unit{"m", "match.unit.m"}
	inM2        = Unit{"m²", ""}
	inYears     = Unit{"a", "match.unit.years"}
	inDays      = Unit{"d", "match.unit.days"}
	inYuanPerM2 = Unit{"CNY/m²", "match.unit.price"}
	inWanPerMu  = Unit{"万元/亩", "match.unit.wan_per_mu"}
)

// Said is the unit as sentences say it: a Sentence or a text that is the same in both languages.
func (u Unit) Said() any {
	if u.said == "" {
		return u.Symbol
	}
	return Say(u.said)
}

// Sentence is a text of the message table: its key, and the names and values of its placeholders in turn. A value may
// be a Sentence or a [land.Name] itself.
type Sentence struct {
	Key  string
	Args []any
}

// Say makes a sentence.
func Say(key string, args ...any) Sentence { return Sentence{key, args} }

// words are a measure's own messages, where it doesn't use the general ones.
type words struct {
	name  string // the message that names it; "" for match.measure.<id>
	limit string // the message of its limit, which has no figure; "" for match.limit.min and .max
	none  string // the message where there is nobody or nothing; "" for match.say.nothing
	hall  bool   // a limit and a shortfall name both sides of the hall
}

// Value is the known value of a measure at a place.
type Value struct {
	Number float64
	By     *Giver      // the tenant or node that it comes from; nil where it comes from neither
	Room   *PublicRoom // what the public is told of what that node has left; nil where it is told figures, or it is no node
	Least  float64     // between what it lies where nobody knows more; NaN where nobody knows that
	Most   float64
}

// Giver is the tenant or node that a value comes from.
type Giver struct {
	ID    uuid.UUID
	Code  string
	Name  land.Name
	Point [2]float64 // longitude and latitude
}

// LimitRule is the source of a limit: a plan or a standard.
type LimitRule struct {
	Source  string
	Edition string
}

// Telling is the context of an answer's sentences beyond the measured values.
type Telling struct {
	Chain    *chain.Chain // names its nodes; nil where the district has none
	Need     Requirement
	Spacings map[string]Spacing
}

// Name is the sentence with a measure's name.
func (t Telling) Name(m Measure) Sentence {
	key := m.name
	if key == "" {
		key = "match.measure." + m.ID
	}
	if m.partner == "" {
		return Say(key)
	}
	called := land.Name{ZH: m.partner, EN: m.partner}
	if t.Chain != nil {
		if n, ok := t.Chain.Node(m.partner); ok {
			called = land.Name{ZH: n.NameZH, EN: n.NameEN}
		}
	}
	return Say(key, "node", called)
}

// beside is up to how many metres of distance two places are neighbours: a street lies between at most.
const beside = 40

// Say is a value in a sentence: the reason of one criterion.
func (t Telling) Say(m Measure, c match.Criterion, v Value) Sentence {
	args := []any{"name", t.Name(m), "value", figure(v.Number), "unit", m.Unit.Said()}
	switch {
	case v.Room != nil:
		return Say("match.say.told", "name", t.Name(m), "known", m.tellRoom(v))
	case t.None(m, v):
		return t.nothing(m)
	case math.IsNaN(v.Number):
		return Say("match.say.unknown", "name", t.Name(m))
	case v.By != nil && m.partner != "":
		return m.sayPartner(v, args)
	case v.By != nil:
		return Say("match.say.node", append(args, "who", v.By.Name)...)
	case c.Want == match.Target:
		return Say("match.say.target", append(args, "target", figure(*c.Target))...)
	case c.Want == match.Range:
		return Say("match.say.range", append(args, "low", figure(*c.Low), "high", figure(*c.High))...)
	}
	return Say("match.say."+string(c.Want), args...)
}

// None tells whether a value is known to be none: there is nothing or nobody of the kind.
func (t Telling) None(m Measure, v Value) bool {
	return v.Room == nil && (math.IsInf(v.Number, 0) || math.IsNaN(v.Number) && m.none != "")
}

// nothing says that there is nobody or nothing of the kind.
func (t Telling) nothing(m Measure) Sentence {
	if m.none != "" {
		return Say(m.none, "name", t.Name(m))
	}
	return Say("match.say.nothing", "name", t.Name(m))
}

// sayPartner says how near a tenant is.
func (m Measure) sayPartner(v Value, args []any) Sentence {
	args = append(args, "who", v.By.Name, "code", v.By.Code)
	switch {
	case v.Number < 0.5:
		return Say("match.say.next_door", args...)
	case v.Number <= beside:
		return Say("match.say.across", args...)
	}
	return Say("match.say.partner", args...)
}

// tellRoom repeats what the public is told of a node, in the form in which it is told, with its day. A word is never
// made a number.
func (m Measure) tellRoom(v Value) Sentence {
	room := v.Room
	args := []any{"who", v.By.Name, "day", room.Day, "unit", m.Unit.Said()}
	switch room.Told {
	case land.TellWord:
		return Say("match.known.word", append(args, "word", Say("match.free."+room.Word))...)
	case land.TellBand:
		return Say("match.known.band", append(args, "min", figure(room.Least), "max", figure(room.Most))...)
	case land.TellFigure:
		return Say("match.known.figure", append(args, "value", figure(room.Least))...)
	}
	return Say("match.known.untold", args...)
}

// Ask is the sentence of an open question to the park, with the value known instead.
func (t Telling) Ask(m Measure, c match.Criterion, v Value) Sentence {
	limit := "min"
	if c.Min == nil {
		limit = "max"
	}
	known := Say("match.known.not")
	switch {
	case v.Room != nil:
		known = m.tellRoom(v)
	case !math.IsNaN(v.Least):
		known = Say("match.known.between", "min", figure(v.Least), "max", figure(v.Most), "unit", m.Unit.Said())
	}
	return Say("match.ask", "limit", t.Limit(m, c, limit), "known", known)
}

// Limit is the sentence of a limit, min or max.
func (t Telling) Limit(m Measure, c match.Criterion, limit string) Sentence {
	switch {
	case m.words.limit != "":
		return Say(m.words.limit)
	case m.hall:
		long, wide := t.Need.Hall.Sides()
		return Say("match.limit.hall", "length", figure(long), "width", figure(wide))
	}
	var wanted float64
	switch limit {
	case "min":
		wanted = *c.Min
	case "max":
		wanted = *c.Max
	}
	return Say("match.limit."+limit, "name", t.Name(m), "wanted", figure(wanted), "unit", m.Unit.Said())
}

// Lack says how a place falls short of a limit.
func (t Telling) Lack(m Measure, c match.Criterion, l match.Lack, v Value) Sentence {
	limit := t.Limit(m, c, l.Limit)
	args := []any{"limit", limit, "value", figure(l.Value), "by", figure(l.By), "unit", m.Unit.Said()}
	switch {
	case m.words.limit != "":
		return limit
	case math.IsNaN(l.By) || math.IsInf(l.By, 0):
		return t.nothing(m)
	case m.hall:
		long, wide := t.Need.Hall.Sides()
		return Say("match.lack.hall", "limit", limit, "length", figure(l.Value), "width", figure(l.Value*wide/long),
			"by", figure(l.By))
	case v.Room != nil:
		return Say("match.lack.told", append(args, "day", v.Room.Day)...)
	}
	return Say("match.lack", args...)
}

// Move says what would make a place the best.
func (t Telling) Move(m Measure, change match.Move) Sentence {
	from, to := apart(change.From, change.To)
	if change.Kind == match.MoveWeight {
		from, to = apart(100*change.From, 100*change.To)
	}
	return Say("match.move."+string(change.Kind), "name", t.Name(m), "from", from, "to", to, "unit", m.Unit.Said())
}

// Rule is the source of a measure's limit: the standard of a hazard class or, for a row of a field, the plan. It is
// nil for a limit of the requirement itself.
func (t Telling) Rule(m Measure, f *Field, row int) *LimitRule {
	if m.spaced && t.Need.Hazard != "" {
		s := t.Spacings[t.Need.Hazard]
		return &LimitRule{s.Source, s.Edition}
	}
	if m.condition == "" || row < 0 || f.Place(row).plan < 0 {
		return nil
	}
	unit := f.plans.all[f.Place(row).plan]
	if source := unit.conditions[m.condition].Source; source != "" {
		return &LimitRule{source, fmt.Sprintf("%s, %s", unit.Code, unit.Edition)}
	}
	return nil
}

// Fronts tells whether a place's frontage has to do with a measure.
func (m Measure) Fronts() bool { return m.ID == "frontage_m" || m.ID == "depth_m" }

// figure prints a value so that it can be read: as many decimals as its size asks for.
func figure(v float64) string {
	decimals := 2
	if math.Abs(v) >= 1000 {
		decimals = 0
	} else if math.Abs(v) >= 100 {
		decimals = 1
	}
	return shorn(strconv.FormatFloat(v, 'f', decimals, 64))
}

// Figure prints a value as sentences do.
func Figure(v float64) string { return figure(v) }

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
