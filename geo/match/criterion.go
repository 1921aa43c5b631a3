package match

import (
	"fmt"
	"math"

	"luodi/geo"
)

// Want says which values of a criterion are better.
type Want string

// The wants. With none a criterion only limits.
const (
	Benefit Want = "benefit" // more is better
	Cost    Want = "cost"    // less is better
	Target  Want = "target"  // the nearer to one value the better
	Range   Want = "range"   // best between two values, worse the farther outside
)

// Criterion is one column of a table: a hard limit, a soft wish, or both.
type Criterion struct {
	Measure string   `json:"measure"`          // what is measured, such as "area_mu"; unique in a requirement
	Min     *float64 `json:"min,omitempty"`    // a place below is left out
	Max     *float64 `json:"max,omitempty"`    // a place above is left out
	Want    Want     `json:"want,omitempty"`   // which values are better
	Target  *float64 `json:"target,omitempty"` // for Target
	Low     *float64 `json:"low,omitempty"`    // for Range: the ideal's lower end
	High    *float64 `json:"high,omitempty"`   // for Range: the ideal's upper end
	Weight  float64  `json:"weight,omitempty"` // relative to the other soft criteria
}

// Limits on a requirement.
const (
	MaxCriteria = 64
	MaxWeight   = 1e9
)

// Check validates criteria. It returns a [geo.Invalid] that names the field, such as criteria[3].weight.
func Check(criteria []Criterion) error {
	if len(criteria) == 0 || len(criteria) > MaxCriteria {
		return geo.NewInvalid("criteria", "criteria.count", len(criteria), "n", MaxCriteria)
	}
	seen := make(map[string]bool, len(criteria))
	total, soft := 0.0, false
	for i, c := range criteria {
		at := fmt.Sprintf("criteria[%d]", i)
		if c.Measure == "" || seen[c.Measure] {
			return geo.NewInvalid(at+".measure", "measure.once", c.Measure)
		}
		seen[c.Measure] = true
		if err := c.check(at); err != nil {
			return err
		}
		total += c.Weight
		soft = soft || c.Want != ""
	}
	if soft && total == 0 {
		return geo.NewInvalid("criteria.weight", "criteria.one_weight", geo.Say("came.all_0"))
	}
	return nil
}

func (c Criterion) check(at string) error {
	for _, v := range []struct {
		name  string
		value *float64
	}{{"min", c.Min}, {"max", c.Max}, {"target", c.Target}, {"low", c.Low}, {"high", c.High}, {"weight", &c.Weight}} {
		if v.value != nil && !finite(*v.value) {
			return geo.NewInvalid(at+"."+v.name, "number.finite", *v.value)
		}
	}
	if c.Min != nil && c.Max != nil && *c.Min > *c.Max {
		return geo.NewInvalid(at+".min", "bound.most", *c.Min, "name", "max", "n", *c.Max)
	}
	if c.Weight < 0 || c.Weight > MaxWeight {
		return geo.NewInvalid(at+".weight", "number.from_0_to", c.Weight, "n", "1e9")
	}
	return c.checkWant(at)
}

func (c Criterion) checkWant(at string) error {
	switch c.Want {
	case "":
		if c.Weight != 0 {
			return geo.NewInvalid(at+".want", "criteria.want_with_weight", "")
		}
		if c.Min == nil && c.Max == nil {
			return geo.NewInvalid(at, "criteria.limit_or_want", c.Measure)
		}
	case Benefit, Cost:
	case Target:
		if c.Target == nil {
			return geo.NewInvalid(at+".target", "criteria.target", geo.None())
		}
	case Range:
		if c.Low == nil || c.High == nil {
			return geo.NewInvalid(at+".low", "criteria.both_ends", geo.None())
		}
		if *c.Low > *c.High {
			return geo.NewInvalid(at+".low", "bound.most", *c.Low, "name", "high", "n", *c.High)
		}
	default:
		return geo.NewInvalid(at+".want", "one_of", string(c.Want), "values", "benefit, cost, target, range")
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// gap is how far a value is from what is wanted, for target and range: 0 is the best there is.
func (c Criterion) gap(v float64) float64 {
	if c.Want == Target {
		return math.Abs(v - *c.Target)
	}
	return math.Max(0, math.Max(*c.Low-v, v-*c.High))
}

// ends are the worse and the better of all values from low to high.
func (c Criterion) ends(low, high float64) (worse, better float64) {
	switch {
	case low != low || high != high:
		return math.NaN(), math.NaN()
	case c.Want == Cost:
		return high, low
	case c.Want == Target || c.Want == Range:
		ideal := c.Low
		if c.Want == Target {
			ideal = c.Target
		}
		if worse = low; c.gap(high) > c.gap(low) {
			worse = high
		}
		return worse, min(max(*ideal, low), high)
	}
	return low, high
}

// ideal is how large the numbers are that a gap is the difference of.
func (c Criterion) ideal() float64 {
	if c.Want == Target {
		return math.Abs(*c.Target)
	}
	return max(math.Abs(*c.Low), math.Abs(*c.High))
}

// shortfall is by how much a known value misses the limits, in the criterion's unit, and which limit; 0 when it keeps
// both. A value nobody knows misses none.
func (c Criterion) shortfall(v float64) (by float64, limit string) {
	switch {
	case c.Min != nil && v < *c.Min:
		return *c.Min - v, "min"
	case c.Max != nil && v > *c.Max:
		return v - *c.Max, "max"
	}
	return 0, ""
}
