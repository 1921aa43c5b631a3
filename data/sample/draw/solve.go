package main

// The two areas that are stated. 1 mu = 10000/15 m².
const (
	productionM2 = 300 * 10000.0 / 15
	reserveM2    = 500 * 10000.0 / 15
)

// settled lays the streets so that the production zone and the reserve measure what is stated: each area grows with the
// shift of one road and with nothing else, so two bisections find them.
func settled() streets {
	south := bisect(-60, 60, productionM2, func(shift float64) float64 {
		return area(lay(-shift, 0).outlines().production.ring())
	})
	east := bisect(-60, 60, reserveM2, func(shift float64) float64 {
		blocks := lay(-south, shift).blocks()
		return area(blocks[len(blocks)-1].rings()[0])
	})
	return lay(-south, east)
}

// bisect finds where a rising function reaches the target.
func bisect(low, high, target float64, f func(float64) float64) float64 {
	for range 60 {
		mid := (low + high) / 2
		if f(mid) < target {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}
