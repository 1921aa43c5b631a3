package file

import (
	"errors"
	"strconv"

	"luodi/data/store/ewkb"
	"luodi/geo"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// decodeBlob reads a GeoPackage geometry. Its envelope is passed over: what it claims is not needed. An SRS of 0 or -1
// says nothing; another than the layer's is a fault, unless the caller states the system.
func decodeBlob(blob []byte, srs int64, stated bool, maxPoints int) (Shape, *Fault) {
	const flagsAt, emptyFlag = 3, 0x10
	wkb, own, err := ewkb.FromGeoPackage(blob)
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		return Shape{}, &Fault{Code: BadGeometry, Field: invalid.Field, Words: &invalid.Words, Got: invalid.Got,
			Came: invalid.Came}
	}
	if err != nil {
		return Shape{}, &Fault{Code: BadGeometry, Expected: "GeoPackage", Came: said("came.unreadable")}
	}
	if !stated && int64(own) != srs && own != 0 && own != -1 {
		return Shape{}, &Fault{Code: CRSOther, Field: "srs_id", Expected: itoa(srs), Got: itoa(int64(own))}
	}
	if blob[flagsAt]&emptyFlag != 0 {
		return Shape{}, &Fault{Code: EmptyGeometry, Got: "EMPTY"}
	}
	return flatten(wkb, maxPoints)
}
