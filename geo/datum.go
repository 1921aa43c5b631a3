package geo

import "errors"

// ErrNeedsShift is what every [NeedsShift] matches with errors.Is.
var ErrNeedsShift = errors.New("datum needs a stated shift")

// NeedsShift says that coordinates are on an old datum of China. The way from
// there to CGCS2000 differs from place to place and is not published, so it
// must be stated with the data: control points or seven parameters. What PROJ
// or spatial_ref_sys would do without is off by tens of metres.
type NeedsShift struct {
	Code  EPSG // the system the data is in
	Datum EPSG // its geodetic system: Beijing54, XiAn80 or NewBeijing
}

// Error implements error.
func (e *NeedsShift) Error() string {
	return "crs: expected a system on CGCS2000 or WGS 84, or control points or a 7-parameter shift stated with the " +
		"data, got " +
		e.Code.String() + " on " + datumNames[e.Datum]
}

// Is reports whether target is [ErrNeedsShift] or [ErrInvalid].
func (e *NeedsShift) Is(target error) bool {
	return target == ErrNeedsShift || target == ErrInvalid
}

var datumNames = map[EPSG]string{
	Beijing54:  "Beijing 1954",
	XiAn80:     "Xi'an 1980",
	NewBeijing: "New Beijing",
}

// oldRanges are the codes of the old datums in the EPSG registry (v10.076, as
// PROJ 9.1 ships it), without gaps inside a range.
var oldRanges = []struct{ first, last, datum EPSG }{
	{2327, 2390, XiAn80}, {4610, 4610, XiAn80},
	{2401, 2442, Beijing54}, {4214, 4214, Beijing54},
	{21413, 21423, Beijing54}, {21453, 21463, Beijing54}, {21473, 21483, Beijing54},
	{4555, 4555, NewBeijing}, {4568, 4589, NewBeijing}, {4652, 4656, NewBeijing},
	{4766, 4800, NewBeijing}, {4812, 4812, NewBeijing}, {4822, 4822, NewBeijing},
}

// OldDatum returns the geodetic system under e when it is Beijing 1954, Xi'an
// 1980 or New Beijing, and 0 otherwise.
func (e EPSG) OldDatum() EPSG {
	for _, r := range oldRanges {
		if e >= r.first && e <= r.last {
			return r.datum
		}
	}
	return 0
}

// CheckDatum returns a [NeedsShift] when e is on an old datum.
func (e EPSG) CheckDatum() error {
	if datum := e.OldDatum(); datum != 0 {
		return &NeedsShift{Code: e, Datum: datum}
	}
	return nil
}
