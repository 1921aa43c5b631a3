package land

// LeastParcelM2 is the least computed area of a parcel in square metres, whether it is made, split off, corrected or
// imported. Smaller shapes are slivers of a drawing. The database keeps the same rule (refuse_stray).
const LeastParcelM2 = 1
