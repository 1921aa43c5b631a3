package lot

import "github.com/paulmach/orb"

// Apart is the distance between two points in metres.
func Apart(a, b orb.Point) float64 { return apart(a, b) }

// At returns the point of a line at a distance along it, in metres; beyond its end the end.
func At(line orb.LineString, at float64) orb.Point {
	for i := 1; i < len(line); i++ {
		long := apart(line[i-1], line[i])
		if at <= long && long > 0 {
			return along(line[i-1], line[i], at/long)
		}
		at -= long
	}
	return line[len(line)-1]
}

// Along returns the point at share t of the way from a to b.
func Along(a, b orb.Point, t float64) orb.Point { return along(a, b, t) }

// Unit is the direction from a to b, of length 1.
func Unit(a, b orb.Point) orb.Point { return unit(a, b) }

// Within tells whether p is inside (+1), on (0) or outside (−1) of a ring, exactly.
func Within(ring []orb.Point, p orb.Point) int { return within(ring, p) }
