package lot

import (
	"errors"
	"math"

	"luodi/geo"
)

// maxParts bounds into how many parts a parcel is cut at once.
const maxParts = 1000

// CutInto divides a parcel into n parts of equal computed area by parallel lines: [CutShares] with n equal shares.
func CutInto(p *Plane, s Shape, n int, bearing float64, r Rules) (Division, error) {
	if n < 2 || n > maxParts {
		return Division{}, refuse(BadArea, "parts", "number.from_to", n, "from", 2, "to", maxParts)
	}
	shares := make([]float64, n)
	for i := range shares {
		shares[i] = 1
	}
	return CutShares(p, s, shares, bearing, r)
}

// CutShares divides a parcel in the ratio of shares by lines in the direction of bearing (degrees clockwise from grid
// north). The parts come from left to right of that direction. Each is split off the remaining land by [CutArea],
// with its refusals. Each line aims at the total area of all parts up to it, so that errors of 0.001 m² don't add up.
func CutShares(p *Plane, s Shape, shares []float64, bearing float64, r Rules) (Division, error) {
	sum, err := sumShares(shares)
	if err != nil {
		return Division{}, err
	}
	dir, err := heading(bearing, Left)
	if err != nil {
		return Division{}, err
	}
	if err := r.check(p); err != nil {
		return Division{}, err
	}
	w := newWork(p)
	rest, err := w.settle(s, 0)
	if err != nil {
		return Division{}, err
	}
	total := w.area(rest)
	var parts []Shape
	var done, upTo float64
	for k, share := range shares[:len(shares)-1] {
		upTo += share
		c := carver{w: w, shape: rest, rules: r, dir: dir}
		got, err := c.carve(total*upTo/sum - done)
		if err != nil {
			return Division{}, ofPart(err, k)
		}
		for _, cut := range got.cuts {
			got.w.host[cut], got.w.host[cut.reversed()] = inner, inner
		}
		done += got.area
		w, rest = got.w, got.parts[1]
		parts = append(parts, got.parts[0])
	}
	parts = append(parts, rest)
	if err := w.allow(parts, r); err != nil {
		return Division{}, err
	}
	return w.finish(parts), nil
}

func sumShares(shares []float64) (float64, error) {
	if len(shares) < 2 || len(shares) > maxParts {
		return 0, refuse(BadArea, "shares", "number.from_to", len(shares), "from", 2, "to", maxParts)
	}
	var sum float64
	for _, x := range shares {
		if !(x > 0) || math.IsInf(x, 1) {
			return 0, refuse(BadArea, "shares", "lot.shares", x)
		}
		sum += x
	}
	return sum, nil
}

// ofPart says in a refusal which part it is about.
func ofPart(err error, k int) error {
	var refused *Refused
	if errors.As(err, &refused) {
		refused.Words = geo.Say("lot.for_part", "n", k+1, "words", refused.Words)
	}
	return err
}
