package feed

import (
	"fmt"
	"strings"

	"luodi/geo/cql2"
)

// span is the SQL of the ends of a time, both included. Those of an instant are equal.
type span struct{ from, to string }

// temporalRelations are the relations of times (OWL-Time's intervals, as table 7 and 8 of OGC 21-065r2 name them) in
// the ends of the first, a to b, and of the second, c to d.
var temporalRelations = map[cql2.Op]string{
	"t_after":        "(%[1]s > %[4]s)",
	"t_before":       "(%[2]s < %[3]s)",
	"t_disjoint":     "(%[1]s > %[4]s OR %[2]s < %[3]s)",
	"t_intersects":   "(%[1]s <= %[4]s AND %[2]s >= %[3]s)",
	"t_equals":       "(%[1]s = %[3]s AND %[2]s = %[4]s)",
	"t_contains":     "(%[1]s < %[3]s AND %[2]s > %[4]s)",
	"t_during":       "(%[1]s > %[3]s AND %[2]s < %[4]s)",
	"t_finishedBy":   "(%[1]s < %[3]s AND %[2]s = %[4]s)",
	"t_finishes":     "(%[1]s > %[3]s AND %[2]s = %[4]s)",
	"t_meets":        "(%[2]s = %[3]s)",
	"t_metBy":        "(%[1]s = %[4]s)",
	"t_overlappedBy": "(%[1]s > %[3]s AND %[1]s < %[4]s AND %[2]s > %[4]s)",
	"t_overlaps":     "(%[1]s < %[3]s AND %[2]s > %[3]s AND %[2]s < %[4]s)",
	"t_startedBy":    "(%[1]s = %[3]s AND %[2]s > %[4]s)",
	"t_starts":       "(%[1]s = %[3]s AND %[2]s < %[4]s)",
}

// temporal is the SQL of a relation of two times. It is unknown where an end is, even if the other ends decide.
func (w *compiler) temporal(call *cql2.Call) string {
	relation, is := temporalRelations[call.Op]
	if !is {
		return w.fail(call)
	}
	used := func(i int) bool { return strings.Contains(relation, fmt.Sprintf("%%[%d]s", i)) }
	grain := call.Grain()
	a := w.span(call.Args[0], grain, used(1), used(2))
	b := w.span(call.Args[1], grain, used(3), used(4))
	sql := strings.NewReplacer("%[1]s", a.from, "%[2]s", a.to, "%[3]s", b.from, "%[4]s", b.to).Replace(relation)
	var known []string
	for i, arg := range call.Args {
		if interval, is := arg.(*cql2.Interval); is {
			known = append(known, w.known(interval, []span{a, b}[i])...)
		}
	}
	for _, end := range known {
		sql = fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", end, sql)
	}
	return "(" + sql + ")"
}

// known are the ends of an interval that may be unknown.
func (w *compiler) known(n *cql2.Interval, s span) []string {
	var ends []string
	if _, is := n.From.(*cql2.Property); is {
		ends = append(ends, s.from)
	}
	if _, is := n.To.(*cql2.Property); is {
		ends = append(ends, s.to)
	}
	return ends
}

// span gives the ends of a time of days or of instants. A literal end that is not used is not bound.
func (w *compiler) span(n cql2.Node, grain cql2.Type, useFrom, useTo bool) span {
	interval, is := n.(*cql2.Interval)
	if !is {
		at := w.operand(n)
		return span{at, at}
	}
	kind := "timestamptz"
	if grain == cql2.TypeDate {
		kind = "date"
	}
	s := span{"'-infinity'::" + kind, "'infinity'::" + kind}
	if _, named := interval.From.(*cql2.Property); named || useFrom && interval.From != nil {
		s.from = w.operand(interval.From)
	}
	if _, named := interval.To.(*cql2.Property); named || useTo && interval.To != nil {
		s.to = w.operand(interval.To)
	}
	return s
}
