package geo

import "fmt"

// ServedCRS lists the reference systems that feeds speak: CRS84, WGS 84 and CGCS2000 in degrees, Web Mercator, and the
// Gauss–Krüger zones on CGCS2000.
func ServedCRS() []CRS {
	all := []CRS{CRS84, {Code: WGS84}, {Code: CGCS2000}, {Code: WebMercator}}
	for _, r := range gkRanges {
		for code := r.first; code <= r.last; code++ {
			all = append(all, CRS{Code: code})
		}
	}
	return all
}

// URI is the name of a reference system in OGC's register.
func (c CRS) URI() string {
	if c == CRS84 {
		return "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	}
	return fmt.Sprintf("http://www.opengis.net/def/crs/EPSG/0/%d", int(c.Code))
}

// NorthFirst reports whether coordinates come latitude or northing first. EPSG defines it so for WGS 84, CGCS2000 and
// the Gauss–Krüger zones on CGCS2000; of the systems that feeds speak, only CRS84 and Web Mercator have east first.
func (c CRS) NorthFirst() bool {
	if c.LonFirst {
		return false
	}
	_, zone := c.Code.GaussKruger()
	return zone || c.Code.Geographic()
}
