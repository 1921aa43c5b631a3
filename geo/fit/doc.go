// Package fit measures what a parcel is good for in the plane: what of its outline fronts roads ([Frontage]), how deep it
// lies behind them ([Depth]), and the largest hall that stands on it ([LargestRectangle], [Fits]).
//
// Shapes are those of [luodi/geo/lot], in metres of the park's survey system. Nothing is changed and no I/O is done. What
// the package refuses, it refuses with [luodi/geo/lot.Refused].
package fit
