// Package lot changes the shapes of parcels: it cuts them by a line, by an area or into parts, merges them, and moves
// the boundary between two. Vertices that an operation doesn't concern stay bit for bit the same.
//
// A [Plane] numbers the vertices of the parcels in planar metres (the park's survey system, X east, Y north). A
// [Shape] is rings of these numbers. Every operation answers in the same numbers: an old vertex keeps its number, so
// the caller keeps its stored degrees. A new vertex is a [Node] that names the parcel's edge it lies on; [Enter]
// enters it in the neighbours.
//
// The side of an edge on which a vertex lies is decided by exact arithmetic. Only the position of a new node is
// rounded, to the nearest float64. Faces are then read off the numbered edges, and merged parcels lose the edges they
// share by number. Polygons are never overlaid in floating point, so there are no slivers.
//
// New nodes are unrounded metres. On the 1e-9° grid of the database they move by up to 0.08 mm, so areas must be
// measured again there.
//
// [luodi/geo/fit] measures the use of a parcel. [luodi/geo/carve] finds lots to cut and neighbours to merge; it tries
// cuts with a [Cutter].
//
// The package does no I/O. Its errors are [Refused], a [luodi/geo.Invalid] with a place.
package lot
