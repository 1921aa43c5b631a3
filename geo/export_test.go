package geo

// ParseBBox is ParseBBoxIn of longitudes and latitudes, longitude first.
func ParseBBox(field, s string) (BBox, error) { return parseDegrees(field, s, false) }
