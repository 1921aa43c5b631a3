package cql2

import (
	"slices"
	"strings"
)

// The operators, by their names in JSON.
const (
	OpAnd     Op = "and"
	OpOr      Op = "or"
	OpNot     Op = "not"
	OpEqual   Op = "="
	OpLike    Op = "like"
	OpBetween Op = "between"
	OpIn      Op = "in"
	OpIsNull  Op = "isNull"
	OpCaseI   Op = "casei"
	OpAccentI Op = "accenti"
	OpPlus    Op = "+"
	OpMinus   Op = "-"
	OpTimes   Op = "*"
	OpOver    Op = "/"
	OpModulo  Op = "%"
	OpDiv     Op = "div"
	OpPower   Op = "^"
)

// family is what operators have in common: the types of their arguments and of their result.
type family uint8

const (
	logical    family = iota + 1 // of conditions
	negation                     // of one condition
	comparison                   // of two scalars of one type
	likeness
	range3 // BETWEEN
	membership
	nullness
	folding    // CASEI, ACCENTI
	arithmetic // of two numbers
	spatial    // of two geometries
	temporal   // of two instants or intervals
	intervals  // of two intervals
)

// operators are all operators and functions, in the order in which they are listed to a reader.
var operators = []struct {
	op     Op
	family family
	least  int // arguments
	most   int // 0: any number
}{
	{OpAnd, logical, 2, 0}, {OpOr, logical, 2, 0}, {OpNot, negation, 1, 1},
	{OpEqual, comparison, 2, 2}, {"<>", comparison, 2, 2}, {"<", comparison, 2, 2}, {">", comparison, 2, 2},
	{"<=", comparison, 2, 2}, {">=", comparison, 2, 2},
	{OpLike, likeness, 2, 2}, {OpBetween, range3, 3, 3}, {OpIn, membership, 2, 2}, {OpIsNull, nullness, 1, 1},
	{OpCaseI, folding, 1, 1}, {OpAccentI, folding, 1, 1},
	{"s_intersects", spatial, 2, 2}, {"s_disjoint", spatial, 2, 2}, {"s_equals", spatial, 2, 2},
	{"s_touches", spatial, 2, 2}, {"s_within", spatial, 2, 2}, {"s_contains", spatial, 2, 2},
	{"s_overlaps", spatial, 2, 2}, {"s_crosses", spatial, 2, 2},
	{"t_after", temporal, 2, 2}, {"t_before", temporal, 2, 2}, {"t_disjoint", temporal, 2, 2},
	{"t_equals", temporal, 2, 2}, {"t_intersects", temporal, 2, 2},
	{"t_contains", intervals, 2, 2}, {"t_during", intervals, 2, 2}, {"t_finishedBy", intervals, 2, 2},
	{"t_finishes", intervals, 2, 2}, {"t_meets", intervals, 2, 2}, {"t_metBy", intervals, 2, 2},
	{"t_overlappedBy", intervals, 2, 2}, {"t_overlaps", intervals, 2, 2}, {"t_startedBy", intervals, 2, 2},
	{"t_starts", intervals, 2, 2},
	{OpPlus, arithmetic, 2, 2}, {OpMinus, arithmetic, 2, 2}, {OpTimes, arithmetic, 2, 2}, {OpOver, arithmetic, 2, 2},
	{OpModulo, arithmetic, 2, 2}, {OpDiv, arithmetic, 2, 2}, {OpPower, arithmetic, 2, 2},
}

// find gives an operator by its name in any letter case, as an index into the table; -1 for none.
func find(name string) int {
	for i, o := range operators {
		if strings.EqualFold(string(o.op), name) {
			return i
		}
	}
	return -1
}

func familyOf(op Op) family { return operators[find(string(op))].family }

// isFunction reports whether an operator is written with its arguments in brackets after it.
func (f family) isFunction() bool {
	return slices.Contains([]family{folding, spatial, temporal, intervals}, f)
}

// functionNames lists the functions as text has them.
func functionNames() string {
	var names []string
	for _, o := range operators {
		if o.family.isFunction() {
			names = append(names, strings.ToUpper(string(o.op)))
		}
	}
	return strings.Join(names, ", ")
}

// operatorNames lists the operators as JSON has them.
func operatorNames() string {
	names := make([]string, len(operators))
	for i, o := range operators {
		names[i] = string(o.op)
	}
	return strings.Join(names, ", ")
}
