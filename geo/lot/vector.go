package lot

import "github.com/paulmach/orb"

// Apart is the distance between two points in metres.
func Apart(a, b orb.Point) float64 { return apart(a, b) }

// Along returns the point at share t of the way from a to b.
func Along(a, b orb.Point, t float64) orb.Point { return along(a, b, t) }

// Unit is the direction from a to b, of length 1.
func Unit(a, b orb.Point) orb.Point { return unit(a, b) }

// Within tells whether p is inside (+1), on (0) or outside (−1) of a ring, exactly.
func Within(ring []orb.Point, p orb.Point) int { return within(ring, p) }
