package geo

import (
	"math"
	"math/big"
	"slices"
)

// Split divides a into n parts that sum exactly to it and differ by at most
// one unit (0.0001 m²), the larger ones first. n below 1 is refused.
func (a Area) Split(n int) ([]Area, error) {
	if n < 1 {
		return nil, NewInvalid("parts", "number.at_least_1", n)
	}
	share, rest := a.units/int64(n), a.units%int64(n)
	step := int64(1)
	if rest < 0 {
		step, rest = -1, -rest
	}
	parts := make([]Area, n)
	for i := range parts {
		parts[i].units = share
		if int64(i) < rest {
			parts[i].units += step
		}
	}
	return parts, nil
}

// Apportion divides a in proportion to weights (for instance the computed
// areas of a parcel's children) into parts that sum exactly to it. Each part
// is within one unit of its exact share.
//
//  1. Every part gets the whole units of its exact, rational share.
//  2. The units left over go one each to the largest remainders, the earlier
//     part first where they tie (Hamilton's method of largest remainders).
//
// No weights, a weight that is negative or not finite, weights that are all 0,
// and a negative area are refused.
func (a Area) Apportion(weights []float64) ([]Area, error) {
	if a.units < 0 {
		return nil, NewInvalid("area", "area.not_negative", a)
	}
	total, err := sumWeights(weights)
	if err != nil {
		return nil, err
	}
	parts := make([]Area, len(weights))
	remainders := make([]*big.Rat, len(weights))
	left := a.units
	for i, w := range weights {
		share := new(big.Rat).SetFloat64(w)
		share.Mul(share, new(big.Rat).SetInt64(a.units)).Quo(share, total)
		whole := new(big.Int).Quo(share.Num(), share.Denom())
		parts[i].units = whole.Int64()
		left -= parts[i].units
		remainders[i] = share.Sub(share, new(big.Rat).SetInt(whole))
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for _, i := range order[:left] {
		parts[i].units++
	}
	return parts, nil
}

// sumWeights adds weights exactly and refuses what can't be a set of shares.
func sumWeights(weights []float64) (*big.Rat, error) {
	total := new(big.Rat)
	for _, w := range weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			return nil, NewInvalid("weights", "weights.finite", w)
		}
		total.Add(total, new(big.Rat).SetFloat64(w))
	}
	if total.Sign() == 0 {
		return nil, NewInvalid("weights", "weights.one_above_0", weights)
	}
	return total, nil
}
