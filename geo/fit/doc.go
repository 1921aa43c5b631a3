// Package fit measures the use of a parcel in the plane: the part of its outline that fronts roads ([Frontage]), its
// depth behind them ([Depth]), and the largest hall that fits on it ([LargestRectangle], [Fits]).
//
// Shapes are those of [luodi/geo/lot], in metres of the park's survey system. The package changes nothing and does no
// I/O. Its errors are [luodi/geo/lot.Refused].
package fit
