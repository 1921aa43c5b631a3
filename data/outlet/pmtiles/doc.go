// Package pmtiles writes archives of vector tiles in one file (PMTiles, version 3). It reads no features and draws
// nothing: tiles come as bytes, in any order and from many goroutines.
package pmtiles
