// Package coverage finds what is wrong with parcels that should meet edge to edge, and mends it within a tolerance.
//
// Parcels are polygons in planar metres (the survey CRS, X east, Y north). Where two of them share a border, a surveyor
// means the same vertices and the same edges; files have gaps, overlaps, vertices beside each other and vertices on an
// edge that has no node there. [Find] tells each with its size and place. [Mend] makes them agree, as snap rounding
// does (J. D. Hobby, "Practical segment intersection with finite precision output", Computational Geometry 13, 1999),
// with vertices of the file in place of the points of a grid:
//
//  1. Vertices within the tolerance of a fixed parcel's edge are put on it, unless a fixed vertex is as near.
//  2. Of vertices within the tolerance of each other one stays, and the others move onto it. Those that stay are farther
//     apart than the tolerance, so that no chain of near vertices collapses into one.
//  3. A vertex within the tolerance of an edge becomes a node of that edge, in every parcel that has the edge, until no
//     edge passes a vertex as near.
//
// Which vertices stay depends on places and uses alone and never on the order of the parcels. What doesn't move keeps
// its coordinates bit for bit; what moves onto a vertex has that vertex's coordinates.
//
// The package does no I/O.
package coverage
