// Package ewkb reads and writes EWKB, the binary geometry of PostGIS: straight
// to GeoJSON bytes without building a geometry, and to and from orb.
//
// EWKB is OGC WKB whose type carries flags for Z, M and an SRID that follows
// it. The ISO form (Z as type + 1000, M as + 2000), which GeoPackage uses, is
// read as well. Both byte orders are read; little-endian is written.
//
// Input may be hostile. Every count is checked against the bytes that are left
// before anything is allocated for it, collections nest at most 32 deep, and
// bytes after the geometry are refused: a bad input gives an error that
// matches [geo.ErrInvalid], never a panic.
package ewkb
