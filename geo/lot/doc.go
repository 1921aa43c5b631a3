// Package lot changes the shapes of parcels: it cuts them by a line, by an area or into parts, merges them, and moves
// the boundary between two, so that what nobody meant to move stays where it is to the last bit.
//
// A [Plane] numbers the vertices of the parcels at hand in planar metres (the park's survey system, X east, Y north). A
// [Shape] is rings of those numbers. Every operation answers in the same numbers: a vertex that was there before keeps
// its number, and the caller its stored degrees; a new one is a [Node] with the parcel's edge it lies on, to be entered
// in the neighbours by [Enter].
//
// Which side of an edge a vertex lies on is decided exactly; only the place of a new node is rounded, to the nearest
// float64. Faces are then read off the numbered edges, and merged parcels lose the edges they share by number. No
// polygon is overlaid with another in floating point, so no slivers come about.
//
// New nodes are metres to the last bit. Stored on the 1e-9° grid they move by up to 0.08 mm: areas are to be measured
// again there.
//
// What a parcel is good for is measured by [luodi/geo/fit]; lots to cut and neighbours to merge are found by
// [luodi/geo/carve], which tries cuts with a [Cutter].
//
// The package does no I/O. What it refuses, it refuses with [Refused], which is a [luodi/geo.Invalid] that knows the
// place.
package lot
