package tile

// MercatorDown and ExactDown are the two ways to the height of a latitude, for the test that they agree.
var (
	MercatorDown = mercatorDown
	ExactDown    = exactDown
)
