package cql2

import "luodi/geo"

// field is the name under which a filter is refused.
const field = "filter"

// expected refuses what stands at a place.
func expected(what geo.Words, at Pos, got any) error {
	return geo.NewInvalid(field, "cql2.at", got, "what", what, "at", int(at)+1)
}

// NotValid refuses a geometry whose outline is not simple, for a reason in PostGIS's words.
func NotValid(n Node, reason string) error {
	return expected(geo.Say("cql2.want.valid"), n.Pos(), reason)
}
