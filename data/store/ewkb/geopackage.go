package ewkb

import (
	"encoding/binary"
	"fmt"

	"luodi/geo"
)

// envelopeSize is the size in bytes of a GeoPackage header's envelope by its
// code: none, xy, xyz, xym, xyzm.
var envelopeSize = [...]int{0, 32, 48, 48, 64}

// FromGeoPackage returns the WKB inside a GeoPackage geometry blob, which the
// other functions here read, and the srs_id that stands before it (-1 and 0
// are GeoPackage's undefined Cartesian and geographic systems). It shares the
// blob's memory. An extended geometry or a bad header is a [geo.Invalid]
// (OGC 12-128r18, clause 2.1.3).
func FromGeoPackage(blob []byte) (wkb []byte, srsID int32, err error) {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' || blob[2] != 0 {
		return nil, 0, geo.NewInvalid("geometry", "geometry.geopackage", fmt.Sprintf("% x", blob[:min(len(blob), 8)]))
	}
	flags := blob[3]
	envelope := int(flags >> 1 & 7)
	if flags&0x20 != 0 || envelope >= len(envelopeSize) {
		return nil, 0, geo.NewInvalid("geometry", "geometry.standard", fmt.Sprintf("flags %08b", flags))
	}
	head := 8 + envelopeSize[envelope]
	if len(blob) < head+minGeometry {
		return nil, 0, geo.NewInvalid("geometry", "geometry.geopackage", geo.Say("came.bytes", "n", len(blob)))
	}
	srsID = int32(binary.BigEndian.Uint32(blob[4:]))
	if flags&1 == 1 {
		srsID = int32(binary.LittleEndian.Uint32(blob[4:]))
	}
	return blob[head:], srsID, nil
}
