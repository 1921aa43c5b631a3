package intake

// Codes of faults that an import finds beyond those of package file. Texts are "import.fault." + code in the
// message table.
const (
	faultCRSUnstated     = "crs_unstated"      // neither the file nor the request says which system
	faultCRSUnknown      = "crs_unknown"       // not in spatial_ref_sys
	faultCRSDatum        = "crs_datum"         // an old datum without a stated shift
	faultNoShift         = "no_shift"          // a shift is stated where there is none to do
	faultCRSNotPlane     = "crs_not_plane"     // geocentric, vertical and the like
	faultDegreesInPlane  = "degrees_in_plane"  // values look like degrees under a projected system
	faultMetresInDegrees = "metres_in_degrees" // values look like metres under a system in degrees
	faultAxesSwapped     = "axes_swapped"      // x and y are exchanged
	faultZoneNumber      = "zone_number"       // eastings carry another zone's number than the system's, or none
	faultOutsideCRS      = "outside_crs"       // outside where the system is used
	faultDrawingUnit     = "drawing_unit"      // the unit that a drawing states is none of the system's kind
	faultFarFromPark     = "far_from_park"     // everything lies far from the park
	faultFieldUnknown    = "field_unknown"     // a field that the request names is not in the file
	faultNoRows          = "no_rows"
	faultOverlapsMany    = "overlaps_many" // more pairs than can be listed
	faultRetiresMany     = "retires_many"  // more parcels to retire than an order may name

	faultWrongKind     = "wrong_kind"     // a geometry of another kind than the layer's
	faultSeveralParts  = "several_parts"  // a multi geometry where one part is wanted
	faultValue         = "value"          // an attribute that can't be what it should be
	faultMissingValue  = "missing_value"  // a required attribute without a value
	faultInvalidShape  = "invalid_shape"  // rings that cross and the like
	faultCollapsed     = "collapsed"      // nothing is left of it on the 1e-9 degree grid
	faultNoCode        = "no_code"        // the code's field is empty
	faultDuplicateCode = "duplicate_code" // an earlier row has the code
	faultCodeTaken     = "code_taken"     // the park has the code
	faultZoneUnknown   = "zone_unknown"   // the park has no such zone
	faultOverlap       = "overlap"        // with an earlier row
	faultOverlapLive   = "overlap_live"   // with a parcel of the park
	faultOverlapPark   = "overlap_park"   // with a parcel of another park
	faultOutsidePark   = "outside_park"   // of its border
	faultTooSmall      = "too_small"      // for a parcel
)

// ImportFaults lists the codes of faults that Import gives beyond file.Codes.
var ImportFaults = []string{
	faultCRSUnstated, faultCRSUnknown, faultCRSDatum, faultNoShift, faultCRSNotPlane, faultDegreesInPlane,
	faultMetresInDegrees,
	faultAxesSwapped, faultZoneNumber,
	faultOutsideCRS, faultDrawingUnit, faultFarFromPark, faultFieldUnknown, faultNoRows, faultOverlapsMany, faultWrongKind,
	faultSeveralParts, faultValue,
	faultMissingValue, faultInvalidShape, faultCollapsed, faultNoCode, faultDuplicateCode, faultCodeTaken,
	faultZoneUnknown, faultOverlap, faultOverlapLive, faultOverlapPark, faultOutsidePark, faultTooSmall,
	faultRetiresMany,
}
