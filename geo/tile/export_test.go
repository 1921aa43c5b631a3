package tile

// ExactDown is the height of a latitude by the formula, for the test that the table agrees.
var ExactDown = exactDown

// MercatorDown is that by the table.
func MercatorDown(lat float64) float64 {
	at := []point{{0, lat}}
	mercatorDown(at)
	return at[0].y
}
