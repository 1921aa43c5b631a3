package pmtiles

// ID numbers the tiles of all zooms from 0: a zoom after the other, each along a Hilbert curve. x is the column from
// the west, y the row from the north. The zoom must be at most 31.
func ID(z, x, y int) uint64 {
	side := uint64(1) << z
	id := (side*side - 1) / 3 // of the first tile of the zoom
	col, row := uint64(x), uint64(y)
	for s := side / 2; s > 0; s /= 2 {
		var right, low uint64
		if col&s != 0 {
			right = 1
		}
		if row&s != 0 {
			low = 1
		}
		id += s * s * (3*right ^ low)
		if low == 0 { // the quarter is turned
			if right == 1 {
				col, row = side-1-col, side-1-row
			}
			col, row = row, col
		}
	}
	return id
}
