// Package geo is the vocabulary of every other package: areas and mu, amounts, names of coordinate reference systems,
// bounding boxes and planar measures of rings.
//
// Geodetic coordinates are orb points in degrees, X longitude and Y latitude,
// on CGCS2000 unless a function says otherwise; planar ones are metres, X
// easting and Y northing. The axis order that EPSG defines is a matter of the edge
// that reads or writes a file.
//
// The package does no I/O and knows no SQL, HTTP, clock or logger. What it
// refuses, it refuses with [Invalid].
package geo
