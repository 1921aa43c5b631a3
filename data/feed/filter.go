package feed

import (
	"fmt"
	"strings"

	"luodi/data/store/ewkb"
	"luodi/geo"
	"luodi/geo/cql2"
)

// Filter is a filter that [cql2.Schema.Check] has checked against the collection, with the reference system of its
// geometries.
type Filter struct {
	Root cql2.Node
	CRS  geo.CRS
}

// ParseFilter reads a filter on a collection in CQL2, as JSON where it begins with a brace, else as text. Its geometries
// are in CRS84. nil for none.
func (c *Collection) ParseFilter(text string) (*Filter, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	parse := cql2.ParseText
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		parse = cql2.ParseJSON
	}
	root, err := parse(text)
	if err == nil {
		root, err = c.Filters(geo.CRS84, false).Check(root)
	}
	if err != nil {
		return nil, err
	}
	return &Filter{Root: root, CRS: geo.CRS84}, nil
}

// compiler writes a filter as SQL over a row f. Every literal is bound: the SQL is the same whatever the literals are.
// Every condition stands in brackets.
type compiler struct {
	*statement
	collection *Collection
	crs        geo.CRS
	// past: rows of the past are read, whose shapes have an index of their own
	past bool
	err  error // the first
}

// filter adds the condition of a filter.
func (s *statement) filter(c *Collection, f Filter, past bool) error {
	w := &compiler{statement: s, collection: c, crs: f.CRS, past: past}
	sql := w.condition(f.Root)
	s.where = append(s.where, sql)
	return w.err
}

// condition is the SQL of what is true, false or unknown.
func (w *compiler) condition(n cql2.Node) string {
	if literal, is := n.(*cql2.Bool); is {
		return fmt.Sprintf("(%s::boolean)", w.bind(literal.Value))
	}
	call, is := n.(*cql2.Call)
	if !is {
		return w.fail(n)
	}
	switch call.Op {
	case cql2.OpAnd, cql2.OpOr:
		parts := make([]string, len(call.Args))
		for i, arg := range call.Args {
			parts[i] = w.condition(arg)
		}
		return "(" + strings.Join(parts, " "+strings.ToUpper(string(call.Op))+" ") + ")"
	case cql2.OpNot:
		return fmt.Sprintf("(NOT %s)", w.condition(call.Args[0]))
	case cql2.OpIsNull:
		return w.isNull(call.Args[0])
	case cql2.OpBetween:
		return fmt.Sprintf("(%s BETWEEN %s AND %s)", w.operand(call.Args[0]), w.operand(call.Args[1]),
			w.operand(call.Args[2]))
	case cql2.OpIn:
		return w.in(call)
	case cql2.OpLike:
		// Check has seen to it that the pattern is a literal.
		return fmt.Sprintf("(%[1]s LIKE %[2]s)", w.operand(call.Args[0]), w.operand(call.Args[1]))
	case cql2.OpEqual, "<>", "<", ">", "<=", ">=":
		return w.compared(call)
	}
	if predicate, is := spatialPredicates[call.Op]; is {
		return w.spatial(call, predicate)
	}
	return w.temporal(call)
}

// fail notes a tree that Check would have refused.
func (w *compiler) fail(n cql2.Node) string {
	if w.err == nil {
		w.err = fmt.Errorf("compile %T of a filter", n)
	}
	return "false"
}

// compared is the SQL of a comparison. Whether a park has a code is asked of the parks, not of each row.
func (w *compiler) compared(call *cql2.Call) string {
	if call.Op == cql2.OpEqual || call.Op == "<>" {
		for i, arg := range call.Args {
			if literal, is := call.Args[1-i].(*cql2.String); is && w.isPark(arg) {
				return w.parkIs(call.Op == "<>", literal)
			}
		}
	}
	return fmt.Sprintf("(%s %s %s)", w.operand(call.Args[0]), call.Op, w.operand(call.Args[1]))
}

func (w *compiler) isPark(n cql2.Node) bool {
	property, is := n.(*cql2.Property)
	if !is {
		return false
	}
	p := w.collection.Property(property.Name)
	return p != nil && p.expr == ""
}

func (w *compiler) parkIs(not bool, codes ...cql2.Node) string {
	parts := make([]string, len(codes))
	for i, code := range codes {
		parts[i] = w.operand(code)
	}
	is := fmt.Sprintf("f.park_id = ANY (ARRAY(SELECT p.park_id FROM park_public p WHERE p.code IN (%s)))",
		strings.Join(parts, ", "))
	if not {
		return "(NOT " + is + ")"
	}
	return "(" + is + ")"
}

func (w *compiler) in(call *cql2.Call) string {
	list, is := call.Args[1].(*cql2.List)
	if !is {
		return w.fail(call.Args[1])
	}
	literals := true
	parts := make([]string, len(list.Items))
	if w.isPark(call.Args[0]) {
		for _, item := range list.Items {
			_, text := item.(*cql2.String)
			literals = literals && text
		}
		if literals {
			return w.parkIs(false, list.Items...)
		}
	}
	for i, item := range list.Items {
		parts[i] = w.operand(item)
	}
	return fmt.Sprintf("(%s IN (%s))", w.operand(call.Args[0]), strings.Join(parts, ", "))
}

// isNull asks whether a value is unknown: of an interval, whether an end is.
func (w *compiler) isNull(n cql2.Node) string {
	switch n := n.(type) {
	case *cql2.Interval:
		span := w.span(n, cql2.TypeTimestamp, true, true)
		return fmt.Sprintf("(%s IS NULL OR %s IS NULL)", span.from, span.to)
	case *cql2.Shape, *cql2.Box:
		return fmt.Sprintf("(%s IS NULL)", w.shape(n))
	case *cql2.Property:
		if n.Type == cql2.TypeGeometry {
			return "(f.geom IS NULL)"
		}
	case *cql2.Call:
		if n.Op != cql2.OpCaseI && n.Op != cql2.OpAccentI && arithmetic[n.Op] == "" {
			return fmt.Sprintf("(%s IS NULL)", w.condition(n))
		}
	}
	return fmt.Sprintf("(%s IS NULL)", w.operand(n))
}

// arithmetic are the operators of numbers. What has no value, such as a quotient by 0, is unknown. A power is unknown
// too where it is larger than 1e60 or smaller than 1e-60: no value of a feature is.
var arithmetic = map[cql2.Op]string{
	cql2.OpPlus: "(%s + %s)", cql2.OpMinus: "(%s - %s)", cql2.OpTimes: "(%s * %s)", cql2.OpOver: "(%s / nullif(%s, 0))",
	cql2.OpModulo: "(%s %% nullif(%s, 0))", cql2.OpDiv: "div(%s, nullif(%s, 0))",
	cql2.OpPower: "(SELECT CASE WHEN o.a = 0 THEN CASE WHEN o.b > 0 THEN 0 WHEN o.b = 0 THEN 1 END " +
		"WHEN o.a < 0 AND o.b <> trunc(o.b) THEN NULL WHEN abs(o.b * ln(abs(o.a))) < 138 THEN power(o.a, o.b) END " +
		"FROM (SELECT %s AS a, %s AS b OFFSET 0) o)",
}

// operand is the SQL of a scalar value.
func (w *compiler) operand(n cql2.Node) string {
	switch n := n.(type) {
	case *cql2.Property:
		if p := w.collection.Property(n.Name); p != nil && p.Queryable() {
			return p.value()
		}
	case *cql2.String:
		return w.bind(n.Value) + "::text"
	case *cql2.Number:
		return w.bind(n.Value) + "::numeric"
	case *cql2.Bool:
		return w.bind(n.Value) + "::boolean"
	case *cql2.Date:
		return w.bind(n.Day) + "::date"
	case *cql2.Timestamp:
		return w.bind(n.Instant) + "::timestamptz"
	case *cql2.Call:
		switch {
		case n.Op == cql2.OpCaseI:
			return fmt.Sprintf("fold_case(%s)", w.operand(n.Args[0]))
		case n.Op == cql2.OpAccentI:
			return fmt.Sprintf("fold_accents(%s)", w.operand(n.Args[0]))
		case arithmetic[n.Op] != "":
			return fmt.Sprintf(arithmetic[n.Op], w.operand(n.Args[0]), w.operand(n.Args[1]))
		}
	}
	return w.fail(n)
}

// spatialPredicates are PostGIS's functions of the same DE-9IM. All but disjoint hold only where the boxes of both
// geometries meet.
var spatialPredicates = map[cql2.Op]string{
	"s_intersects": "ST_Intersects", "s_disjoint": "ST_Intersects", "s_equals": "ST_Equals",
	"s_touches": "ST_Touches", "s_within": "ST_Within", "s_contains": "ST_Contains", "s_overlaps": "ST_Overlaps",
	"s_crosses": "ST_Crosses",
}

// spatial asks the index for the shapes whose boxes meet the other's box, then compares exactly.
func (w *compiler) spatial(call *cql2.Call, predicate string) string {
	a, b := w.shape(call.Args[0]), w.shape(call.Args[1])
	meet := fmt.Sprintf("%s && %s", a, b)
	if w.past {
		meet = fmt.Sprintf("((f.to_seq IS NULL AND %[1]s) OR (f.to_seq IS NOT NULL AND %[1]s))", meet)
	}
	sql := fmt.Sprintf("(%s AND %s(%s, %s))", meet, predicate, a, b)
	if call.Op == "s_disjoint" {
		return "(NOT " + sql + ")"
	}
	return sql
}

// shape is the SQL of a geometry in EPSG:4490. The literal is transformed, not the column, so that the index serves.
func (w *compiler) shape(n cql2.Node) string {
	var placed cql2.Placed
	var err error
	switch n := n.(type) {
	case *cql2.Property:
		return "f.geom"
	case *cql2.Shape:
		placed, err = n.Place(w.crs)
	case *cql2.Box:
		placed, err = n.Place(w.crs)
	default:
		return w.fail(n)
	}
	var raw []byte
	if err == nil {
		raw, err = ewkb.Append(nil, placed.Shape, int32(placed.Code))
	}
	if err != nil {
		if w.err == nil {
			w.err = err
		}
		return "f.geom"
	}
	if _, box := n.(*cql2.Box); !box && placed.Shape.Dimensions() == 2 {
		w.areas = append(w.areas, area{raw, n})
	}
	sql := fmt.Sprintf("ST_GeomFromEWKB(%s)", w.bind(raw))
	if placed.Code != geo.CGCS2000 {
		sql = fmt.Sprintf("ST_Transform(%s, %d)", sql, geo.CGCS2000)
	}
	return sql
}
