// Package tile writes Mapbox Vector Tiles (version 2.1) from EWKB, and knows the grids that tiles lie in. It reads
// nothing and keeps nothing: shapes come in degrees, bytes go out.
//
// A tile shows what the shapes are, at every zoom:
//
//   - A vertex goes to the nearest point of a grid that is the same for all tiles of a zoom, whichever shape it belongs
//     to. So edges that are shared stay shared, in a tile and from tile to tile. Outlines with many vertices a pixel
//     are simplified by shared edges (see simplifier).
//   - What is below a pixel is merged by class into rectangles of the pixel grid that have its area (see mosaic).
//   - The bytes depend on the shapes and their order alone.
//
// Coordinates within the package are units of the tile: x from its western, y down from its northern edge.
package tile
