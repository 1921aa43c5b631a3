// Package carve looks for land of a wanted size: lots that can be cut out of one parcel, with frontage, proportions
// and a rest that will do ([Carve]), and neighbouring parcels that together make up an area ([Assemble]).
//
// Lots are cut by [luodi/geo/lot] and measured by [luodi/geo/fit], in metres of the park's survey system. A search is
// bounded by counted steps, never by time, so that an answer doesn't depend on the machine. No I/O is done. What the
// package refuses, it refuses with [luodi/geo/lot.Refused].
package carve
