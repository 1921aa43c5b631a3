package ewkb

// AppendGeoJSON is Append of positions as they are stored.
func AppendGeoJSON(dst, ewkb []byte, decimals int) ([]byte, error) {
	return Form{Decimals: decimals}.Append(dst, ewkb)
}
