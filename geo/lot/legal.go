package lot

import "luodi/geo"

// TargetM2 returns the computed area to cut for a legal area that is wanted: wanted × the parcel's computed area ÷ its
// legal one.
func TargetM2(wanted, legal geo.Area, computedM2 float64) (float64, error) {
	if wanted.Cmp(geo.Area{}) <= 0 || wanted.Cmp(legal) >= 0 {
		return 0, refuse(BadArea, "legal_m2", "lot.legal_within", wanted, "m2", legal)
	}
	if !(computedM2 > 0) {
		return 0, refuse(BadArea, "computed_m2", "number.above_0", computedM2)
	}
	return computedM2 * (float64(wanted.Units()) / float64(legal.Units())), nil
}

// Legal shares out a parcel's legal area among its parts in the ratio of their computed areas; the shares sum exactly
// to it.
func Legal(parent geo.Area, computedM2 []float64) ([]geo.Area, error) {
	return parent.Apportion(computedM2)
}

// LegalRest gives the legal areas of a part that was cut to a wanted legal area, which is exactly that, and of the
// rest.
func LegalRest(parent, wanted geo.Area) (part, rest geo.Area, err error) {
	if wanted.Cmp(geo.Area{}) <= 0 || wanted.Cmp(parent) >= 0 {
		return geo.Area{}, geo.Area{}, refuse(BadArea, "legal_m2", "lot.legal_within", wanted, "m2", parent)
	}
	return wanted, parent.Sub(wanted), nil
}
