package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The CGCS2000 ellipsoid (EPSG ellipsoid 1024; GB 22021-2008), in metres. GRS 1980 has the same two figures, which is
// what PROJ and PostGIS name.
const (
	semiMajorM = 6378137.0
	flattening = 1 / 298.257222101
)

// Decimals is how many decimals coordinates of c are printed with, so that what was read can be written back to the
// same grid point of 1e-9 degrees: 9 of a degree, 5 of a metre.
func (c CRS) Decimals() int {
	if c.Code.Geographic() {
		return 9
	}
	return 5
}

// Projection leads from longitudes and latitudes on CGCS2000 to the plane of a reference system and back. Points of
// the plane are metres, x easting and y northing, whatever order of axes EPSG defines. CGCS2000 and WGS 84 are taken
// for one: they agree to within centimetres, and no transformation between them is published that is better.
type Projection struct {
	Forward func(orb.Point) orb.Point // longitude and latitude in degrees to metres
	Inverse func(orb.Point) orb.Point // back
}

// Projection returns the projection of c, and false where c is in degrees or none of [ServedCRS].
func (c CRS) Projection() (Projection, bool) {
	if zone, ok := c.Code.GaussKruger(); ok {
		return Projection{zone.forward, zone.inverse}, true
	}
	if c.Code == WebMercator {
		return Projection{mercator, fromMercator}, true
	}
	return Projection{}, false
}

const radian = math.Pi / 180

// mercatorLatitude is the latitude at which Web Mercator's square world ends, in degrees. What lies beyond, in theory
// as far as infinity, is put there.
const mercatorLatitude = 85.06

// mercator is EPSG's method 1024, the sphere's Mercator on the ellipsoid's latitude.
func mercator(p orb.Point) orb.Point {
	lat := max(-mercatorLatitude, min(mercatorLatitude, p.Lat()))
	return orb.Point{semiMajorM * p.Lon() * radian, semiMajorM * math.Asinh(math.Tan(lat*radian))}
}

func fromMercator(p orb.Point) orb.Point {
	return orb.Point{p[0] / semiMajorM / radian, math.Atan(math.Sinh(p[1]/semiMajorM)) / radian}
}

// The Gauss–Krüger projection by Krüger's series to the sixth power of the third flattening: C. F. F. Karney,
// "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 85 (2011), equations 7 to 36. Its error is
// 5 nm within 3,900 km of the central meridian.
const thirdFlattening = flattening / (2 - flattening)

var (
	eccentricity = math.Sqrt(flattening * (2 - flattening))

	// rectifyingM is the radius of the sphere on which meridians are as long as on the ellipsoid (equation 14).
	rectifyingM = semiMajorM / (1 + thirdFlattening) * polynomial(thirdFlattening*thirdFlattening, 1, 1./4, 1./64, 1./256)

	toPlane   = krugerSeries(planeTerms)   // equation 35
	fromPlane = krugerSeries(degreesTerms) // equation 36
)

// planeTerms and degreesTerms are the coefficients of the two series: of row j those of n to the power j and above.
var (
	planeTerms = [6][]float64{
		{1. / 2, -2. / 3, 5. / 16, 41. / 180, -127. / 288, 7891. / 37800},
		{13. / 48, -3. / 5, 557. / 1440, 281. / 630, -1983433. / 1935360},
		{61. / 240, -103. / 140, 15061. / 26880, 167603. / 181440},
		{49561. / 161280, -179. / 168, 6601661. / 7257600},
		{34729. / 80640, -3418889. / 1995840},
		{212378941. / 319334400},
	}
	degreesTerms = [6][]float64{
		{1. / 2, -2. / 3, 37. / 96, -1. / 360, -81. / 512, 96199. / 604800},
		{1. / 48, 1. / 15, -437. / 1440, 46. / 105, -1118711. / 3870720},
		{17. / 480, -37. / 840, -209. / 4480, 5569. / 90720},
		{4397. / 161280, -11. / 504, -830251. / 7257600},
		{4583. / 161280, -108847. / 3991680},
		{20648693. / 638668800},
	}
)

// krugerSeries evaluates the coefficients for this ellipsoid.
func krugerSeries(terms [6][]float64) (series [6]float64) {
	power := 1.0
	for j, row := range terms {
		power *= thirdFlattening
		series[j] = power * polynomial(thirdFlattening, row...)
	}
	return series
}

// polynomial is the sum of coefficients times rising powers of x.
func polynomial(x float64, coefficients ...float64) float64 {
	sum := 0.0
	for i := len(coefficients) - 1; i >= 0; i-- {
		sum = sum*x + coefficients[i]
	}
	return sum
}

// krugerSum returns the two sums of a series at xi and eta: Σ sₖ sin 2kξ cosh 2kη and Σ sₖ cos 2kξ sinh 2kη. They are
// the imaginary and real parts of one sum over a complex number, by Clenshaw's recurrence with one sine and one
// exponential.
func krugerSum(series *[6]float64, xi, eta float64) (dXi, dEta float64) {
	sin, cos := math.Sincos(2 * xi)
	sinh, cosh := math.Sinh(2*eta), math.Cosh(2*eta)
	// 2 cos ζ for ζ = 2ξ + 2iη
	re, im := 2*cos*cosh, -2*sin*sinh
	var aRe, aIm, bRe, bIm float64
	for k := len(series) - 1; k >= 0; k-- {
		aRe, aIm, bRe, bIm = re*aRe-im*aIm-bRe+series[k], re*aIm+im*aRe-bIm, aRe, aIm
	}
	// sin ζ × a
	sRe, sIm := sin*cosh, cos*sinh
	return sRe*aRe - sIm*aIm, sRe*aIm + sIm*aRe
}

func (z GaussKruger) forward(p orb.Point) orb.Point {
	sinLon, cosLon := math.Sincos((p.Lon() - float64(z.CentralMeridian)) * radian)
	tan := conformal(math.Tan(p.Lat() * radian))
	xi := math.Atan2(tan, cosLon)
	eta := math.Asinh(sinLon / math.Hypot(tan, cosLon))
	dXi, dEta := krugerSum(&toPlane, xi, eta)
	return orb.Point{z.FalseEastingM + rectifyingM*(eta+dEta), rectifyingM * (xi + dXi)}
}

func (z GaussKruger) inverse(p orb.Point) orb.Point {
	xi, eta := p[1]/rectifyingM, (p[0]-z.FalseEastingM)/rectifyingM
	dXi, dEta := krugerSum(&fromPlane, xi, eta)
	sinXi, cosXi := math.Sincos(xi - dXi)
	sinhEta := math.Sinh(eta - dEta)
	tan := geodetic(sinXi / math.Hypot(sinhEta, cosXi))
	return orb.Point{float64(z.CentralMeridian) + math.Atan2(sinhEta, cosXi)/radian, math.Atan(tan) / radian}
}

// conformal is the tangent of the conformal latitude, of that of the geodetic one.
func conformal(tan float64) float64 {
	secant := math.Hypot(1, tan)
	sigma := math.Sinh(eccentricity * math.Atanh(eccentricity*tan/secant))
	return tan*math.Hypot(1, sigma) - sigma*secant
}

// geodetic undoes conformal by Newton's method (Karney's equations 19 to 21): two steps reach the last digits.
func geodetic(tan float64) float64 {
	const e2 = flattening * (2 - flattening)
	guess := tan / (1 - e2)
	for range 5 {
		now := conformal(guess)
		step := (tan - now) / math.Hypot(1, now) * (1 + (1-e2)*guess*guess) / ((1 - e2) * math.Hypot(1, guess))
		guess += step
		if math.Abs(step) <= 1e-16*math.Hypot(1, guess) {
			break
		}
	}
	return guess
}
