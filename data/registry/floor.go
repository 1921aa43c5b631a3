package registry

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"luodi/geo"
)

// FloorWish is what a need asks of floor space; what is nil or "" is not asked.
type FloorWish struct {
	MinM2        *float64 `json:"min_m2,omitempty" exclusiveMinimum:"0" maximum:"9999999"`
	MaxM2        *float64 `json:"max_m2,omitempty" exclusiveMinimum:"0" maximum:"9999999"`
	ClearHeightM *float64 `json:"min_clear_height_m,omitempty" minimum:"0" maximum:"100"`
	LoadTM2      *float64 `json:"min_load_t_m2,omitempty" minimum:"0" maximum:"1000"`
	CraneT       *float64 `json:"min_crane_t,omitempty" minimum:"0" maximum:"1000"`
	PowerKVA     *float64 `json:"min_power_kva,omitempty" minimum:"0" maximum:"1000000"`
	MaxRent      *float64 `json:"max_rent_cny_m2_month,omitempty" minimum:"0" maximum:"100000"`
	ReadyBy      string   `json:"ready_by,omitempty" format:"date" doc:"The day by which it is ready and free."`
}

// Check refuses a wish whose least area is more than its most; field is where it stands.
func (w FloorWish) Check(field string) error {
	if w.MinM2 != nil && w.MaxM2 != nil && *w.MinM2 > *w.MaxM2 {
		return geo.NewInvalid(field+".max_m2", "bound.least", *w.MaxM2, "name", "min_m2", "n", figure(*w.MinM2))
	}
	return nil
}

// checkPlace refuses of a project's requirement what says nothing of where it would stand: its place, and its floor as
// a FloorWish.
func checkPlace(requirement map[string]any) error {
	if place, stated := requirement["place"]; stated && !slices.Contains([]any{"ground", "floor_space", "either"}, place) {
		return geo.NewInvalid("requirement.place", "one_of", place, "values", "ground, floor_space, either")
	}
	floor, stated := requirement["floor"]
	if !stated {
		return nil
	}
	const field = "requirement.floor"
	body, err := json.Marshal(floor)
	if err != nil {
		return err
	}
	read := json.NewDecoder(bytes.NewReader(body))
	read.DisallowUnknownFields()
	var wish *FloorWish
	if err := read.Decode(&wish); err != nil || wish == nil {
		return geo.NewInvalid(field, "floor.wish", floor)
	}
	for _, figure := range []*float64{wish.MinM2, wish.MaxM2, wish.ClearHeightM, wish.LoadTM2, wish.CraneT,
		wish.PowerKVA, wish.MaxRent} {
		if figure != nil && *figure < 0 {
			return geo.NewInvalid(field, "floor.wish", *figure)
		}
	}
	if wish.ReadyBy != "" {
		if _, err := time.Parse(time.DateOnly, wish.ReadyBy); err != nil {
			return geo.NewInvalid(field+".ready_by", "day.form", wish.ReadyBy)
		}
	}
	return wish.Check(field)
}

// FloorVerdict says what became of a limit at a unit.
type FloorVerdict string

// The verdicts: a limit is kept, or not, or nobody knows the unit's figure.
const (
	FloorMet     FloorVerdict = "met"
	FloorShort   FloorVerdict = "short"
	FloorUnknown FloorVerdict = "unknown"
)

// FloorReason is a limit at a unit: asked and value with their unit, value "" where it is not known.
type FloorReason struct {
	Measure, Asked, Value string
	Verdict               FloorVerdict
}

// FloorSpace is a unit with what was asked of it.
type FloorSpace struct {
	Unit    Unit
	Reasons []FloorReason
}

// Count is how many of its limits have a verdict.
func (f *FloorSpace) Count(v FloorVerdict) (n int) {
	for _, r := range f.Reasons {
		if r.Verdict == v {
			n++
		}
	}
	return n
}

// RankFloor puts units in the order in which they serve a wish, and apart those that surely don't, the nearest first.
//
//  1. A unit that is short of a limit, or let without an end, is left out.
//  2. Those that surely keep every limit come first, then those of which fewer figures are not known.
//  3. Among these those free today first, then the lower rent, a known one first, then the smaller area, which wastes
//     least; then by building and code.
func RankFloor(units []Unit, wish FloorWish) (ranked, out []FloorSpace) {
	for _, u := range units {
		space := FloorSpace{u, reasonsOf(u, wish)}
		if space.Count(FloorShort) > 0 {
			out = append(out, space)
		} else {
			ranked = append(ranked, space)
		}
	}
	slices.SortStableFunc(ranked, func(a, b FloorSpace) int {
		return cmp.Or(cmp.Compare(a.Count(FloorUnknown), b.Count(FloorUnknown)),
			yes(b.Unit.State == "free")-yes(a.Unit.State == "free"), knownFirst(a.Unit.Rent, b.Unit.Rent),
			cmp.Compare(a.Unit.AreaM2, b.Unit.AreaM2))
	})
	slices.SortStableFunc(out, func(a, b FloorSpace) int {
		return cmp.Compare(a.Count(FloorShort), b.Count(FloorShort))
	})
	return ranked, out
}

func yes(is bool) int {
	if is {
		return 1
	}
	return 0
}

func knownFirst(a, b *float64) int {
	switch {
	case a == nil || b == nil:
		return yes(a == nil) - yes(b == nil)
	default:
		return cmp.Compare(*a, *b)
	}
}

func reasonsOf(u Unit, w FloorWish) []FloorReason {
	var all []FloorReason
	limit := func(measure string, asked, value *float64, most bool, unit string) {
		if asked == nil {
			return
		}
		sign, verdict := "≥ ", FloorUnknown
		if most {
			sign = "≤ "
		}
		r := FloorReason{Measure: measure, Asked: sign + figure(*asked) + " " + unit}
		if value != nil {
			r.Value, verdict = figure(*value)+" "+unit, FloorMet
			if most && *value > *asked || !most && *value < *asked {
				verdict = FloorShort
			}
		}
		r.Verdict = verdict
		all = append(all, r)
	}
	limit("area_m2", w.MinM2, &u.AreaM2, false, "m²")
	limit("area_m2", w.MaxM2, &u.AreaM2, true, "m²")
	limit("clear_height_m", w.ClearHeightM, u.ClearHeightM, false, "m")
	limit("load_t_m2", w.LoadTM2, u.LoadTM2, false, "t/m²")
	limit("crane_t", w.CraneT, u.CraneT, false, "t")
	limit("power_kva", w.PowerKVA, u.PowerKVA, false, "kVA")
	limit("rent_cny_m2_month", w.MaxRent, u.Rent, true, "CNY/m²·month")
	return append(all, freeBy(u, w.ReadyBy)...)
}

// freeBy judges when a unit is ready and free. One that is let without an end is not to be had, whatever is asked.
func freeBy(u Unit, day string) []FloorReason {
	r := FloorReason{Measure: "free_on", Asked: "≤ " + day, Verdict: FloorMet}
	switch {
	case u.FreeOn == nil && u.State == "let":
		r.Verdict, r.Value = FloorShort, "—"
	case day == "":
		return nil
	case u.FreeOn == nil:
		r.Verdict = FloorUnknown
	default:
		r.Value = *u.FreeOn
		if *u.FreeOn > day {
			r.Verdict = FloorShort
		}
	}
	if day == "" {
		r.Asked = "—"
	}
	return []FloorReason{r}
}

func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
