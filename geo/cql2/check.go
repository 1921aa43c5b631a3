package cql2

import (
	"strings"
	"time"

	"luodi/geo"
)

// Type is what a part of a filter evaluates to.
type Type uint8

// The types. Condition is what a filter as a whole evaluates to: true, false or unknown.
const (
	TypeText Type = iota + 1
	TypeNumber
	TypeBool
	TypeDate
	TypeTimestamp
	TypeInterval
	TypeGeometry
	Condition
	typeList
)

// words names a type.
func (t Type) words() geo.Words {
	switch t {
	case TypeText:
		return geo.Say("cql2.type.text")
	case TypeNumber:
		return geo.Say("cql2.type.number")
	case TypeBool:
		return geo.Say("cql2.type.bool")
	case TypeDate:
		return geo.Say("cql2.type.date")
	case TypeTimestamp:
		return geo.Say("cql2.type.timestamp")
	case TypeInterval:
		return geo.Say("cql2.type.interval")
	case TypeGeometry:
		return geo.Say("cql2.type.geometry")
	}
	return geo.Say("cql2.type.condition")
}

func (t Type) scalar() bool   { return t >= TypeText && t <= TypeTimestamp }
func (t Type) ordered() bool  { return t.scalar() && t != TypeBool }
func (t Type) instant() bool  { return t == TypeDate || t == TypeTimestamp }
func (t Type) temporal() bool { return t.instant() || t == TypeInterval }

// Queryable is a property that a filter may name.
type Queryable struct {
	Name string
	Type Type
}

// Schema is what a filter is checked against.
type Schema struct {
	Queryables []Queryable
	CRS        geo.CRS // of the filter's geometries
	// Draft takes for the instant, the day or the truth value that it is compared with what GDAL writes for it.
	Draft bool
}

// Check finds the type of each part and refuses what does not fit: a property that is not there, values of two types,
// a geometry outside of its reference system. It returns the tree with its types; the given one is not changed.
func (s Schema) Check(root Node) (Node, error) {
	checked, t, err := s.check(root)
	if err == nil && t != Condition && !isTruth(checked) {
		err = mismatch(geo.Say("cql2.want.condition"), checked, t)
	}
	return checked, err
}

func isTruth(n Node) bool {
	_, is := n.(*Bool)
	return is
}

// mismatch refuses a part of another type than expected.
func mismatch(want geo.Words, n Node, t Type) error {
	return expected(want, n.Pos(), geo.Say("came.cql2", "what", shown(n), "type", t.words()))
}

// shown is a part as a refusal shows it.
func shown(n Node) string {
	const most = 40
	text := []rune(Text(n))
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}

func (s Schema) check(n Node) (Node, Type, error) {
	switch n := n.(type) {
	case *Property:
		return s.property(n)
	case *String:
		return n, TypeText, nil
	case *Number:
		return n, TypeNumber, nil
	case *Bool:
		return n, TypeBool, nil
	case *Date:
		return n, TypeDate, nil
	case *Timestamp:
		return n, TypeTimestamp, nil
	case *Interval:
		return s.interval(n)
	case *Shape:
		_, err := n.Place(s.CRS)
		return n, TypeGeometry, err
	case *Box:
		_, err := n.Place(s.CRS)
		return n, TypeGeometry, err
	case *List:
		return n, typeList, nil // its items are checked with what they are compared with
	case *Call:
		return s.call(n)
	}
	return nil, 0, expected(geo.Say("cql2.want.value"), 0, geo.Say("came.none"))
}

func (s Schema) property(n *Property) (Node, Type, error) {
	names := make([]string, len(s.Queryables))
	for i, q := range s.Queryables {
		if q.Name == n.Name {
			return &Property{n.Name, q.Type, n.At}, q.Type, nil
		}
		names[i] = q.Name
	}
	return nil, 0, expected(geo.Say("cql2.want.property", "names", strings.Join(names, ", ")), n.At, n.Name)
}

func (s Schema) interval(n *Interval) (Node, Type, error) {
	made := &Interval{At: n.At}
	var types []Type
	for i, end := range []Node{n.From, n.To} {
		if end == nil {
			continue
		}
		checked, t, err := s.check(end)
		if err != nil {
			return nil, 0, err
		}
		if !t.instant() {
			return nil, 0, mismatch(geo.Say("cql2.want.instant"), end, t)
		}
		types = append(types, t)
		if i == 0 {
			made.From = checked
		} else {
			made.To = checked
		}
	}
	if len(types) == 2 && types[0] != types[1] {
		return nil, 0, mismatch(geo.Say("cql2.want.like", "type", types[0].words(), "other", shown(made.From)), made.To,
			types[1])
	}
	if backwards(made.From, made.To) {
		return nil, 0, expected(geo.Say("cql2.want.order"), n.At, geo.Say("cql2.want.sign", "sign", shown(n)))
	}
	return made, TypeInterval, nil
}

// backwards reports whether the ends of an interval are literals and stand the wrong way.
func backwards(from, to Node) bool {
	switch from := from.(type) {
	case *Date:
		to, is := to.(*Date)
		return is && to.Day.Before(from.Day)
	case *Timestamp:
		to, is := to.(*Timestamp)
		return is && to.Instant.Before(from.Instant)
	}
	return false
}

// call checks the arguments of a call, and gives its type.
func (s Schema) call(n *Call) (Node, Type, error) {
	made := &Call{n.Op, make([]Node, len(n.Args)), n.At}
	types := make([]Type, len(n.Args))
	for i, arg := range n.Args {
		var err error
		if made.Args[i], types[i], err = s.check(arg); err != nil {
			return nil, 0, err
		}
	}
	switch familyOf(n.Op) {
	case logical, negation:
		return made, Condition, every(made.Args, types, geo.Say("cql2.want.condition"), func(i int) bool {
			return types[i] == Condition || isTruth(made.Args[i])
		})
	case comparison:
		return made, Condition, s.alike(made.Args, types, Type.scalar, geo.Say("cql2.want.scalar"))
	case range3:
		return made, Condition, s.alike(made.Args, types, Type.ordered, geo.Say("cql2.want.ordered"))
	case membership:
		return s.membership(made, types[0])
	case likeness:
		return made, Condition, likeTypes(made, types)
	case nullness:
		return made, Condition, nil
	case folding:
		return made, TypeText, every(made.Args, types, geo.Say("cql2.want.text"), func(i int) bool {
			return types[i] == TypeText
		})
	case arithmetic:
		return made, TypeNumber, every(made.Args, types, geo.Say("cql2.want.numeric"), func(i int) bool {
			return types[i] == TypeNumber
		})
	case spatial:
		return made, Condition, s.spatial(made, types)
	case temporal:
		return made, Condition, s.temporal(made, types, Type.temporal, geo.Say("cql2.want.temporal"))
	}
	return made, Condition, s.temporal(made, types, func(t Type) bool { return t == TypeInterval },
		geo.Say("cql2.want.interval"))
}

// every refuses the first argument that is not as wanted.
func every(args []Node, types []Type, want geo.Words, is func(int) bool) error {
	for i := range args {
		if !is(i) {
			return mismatch(want, args[i], types[i])
		}
	}
	return nil
}

// alike refuses arguments that are not all of one type. The first property, or else the first argument, says which.
func (s Schema) alike(args []Node, types []Type, is func(Type) bool, want geo.Words) error {
	by := 0
	for i, arg := range args {
		if _, named := arg.(*Property); named {
			by = i
			break
		}
	}
	for i := range args {
		args[i], types[i] = s.taken(args[i], types[i], types[by])
	}
	for i := range args {
		if !is(types[i]) {
			return mismatch(want, args[i], types[i])
		}
		if types[i] != types[by] {
			return mismatch(geo.Say("cql2.want.like", "type", types[by].words(), "other", shown(args[by])), args[i],
				types[i])
		}
	}
	return nil
}

// taken is what is meant by a literal that is compared with something of another type: an instant or a day by its
// text in RFC 3339, which the standard's own tests write in lists, and what GDAL writes.
func (s Schema) taken(n Node, t, as Type) (Node, Type) {
	switch literal := n.(type) {
	case *String:
		instant, ok := parseInstant(literal.Value)
		if s.Draft {
			instant, ok = parseDraftInstant(literal.Value)
		}
		if ok && as == TypeTimestamp {
			return &Timestamp{instant, literal.At}, as
		}
		day, is := parseDay(literal.Value)
		if s.Draft && ok && instant.Equal(instant.Truncate(dayLong)) {
			day, is = instant, true
		}
		if is && as == TypeDate {
			return &Date{day, literal.At}, as
		}
	case *Number:
		if s.Draft && as == TypeBool && (literal.Value == "0" || literal.Value == "1") {
			return &Bool{literal.Value == "1", literal.At}, as
		}
	}
	return n, t
}

const dayLong = 24 * time.Hour

func (s Schema) membership(made *Call, tested Type) (Node, Type, error) {
	list, is := made.Args[1].(*List)
	if !is {
		return nil, 0, expected(geo.Say("cql2.want.list"), made.At, shown(made.Args[1]))
	}
	args, types := []Node{made.Args[0]}, []Type{tested}
	for _, item := range list.Items {
		checked, t, err := s.check(item)
		if err != nil {
			return nil, 0, err
		}
		args, types = append(args, checked), append(types, t)
	}
	if err := s.alike(args, types, Type.scalar, geo.Say("cql2.want.scalar")); err != nil {
		return nil, 0, err
	}
	made.Args = []Node{args[0], &List{args[1:], list.At}}
	return made, Condition, nil
}

// likeTypes refuses a pattern that is no literal, or ends within an escape.
func likeTypes(made *Call, types []Type) error {
	if types[0] != TypeText {
		return mismatch(geo.Say("cql2.want.text"), made.Args[0], types[0])
	}
	pattern := made.Args[1]
	for {
		folded, is := pattern.(*Call)
		if !is || familyOf(folded.Op) != folding {
			break
		}
		pattern = folded.Args[0]
	}
	literal, is := pattern.(*String)
	if !is {
		return mismatch(geo.Say("cql2.want.pattern"), pattern, types[1])
	}
	text := literal.Value
	if ends := len(text) - len(strings.TrimRight(text, `\`)); ends%2 == 1 {
		return expected(geo.Say("cql2.want.escaped"), literal.At, text)
	}
	return nil
}

func (s Schema) spatial(made *Call, types []Type) error {
	for i, arg := range made.Args {
		if types[i] != TypeGeometry {
			return mismatch(geo.Say("cql2.want.geometry"), arg, types[i])
		}
		if shape, is := arg.(*Shape); is && made.Op != "s_intersects" && made.Op != "s_disjoint" && mixed(shape.Shape) {
			return expected(geo.Say("cql2.want.one_dimension"), arg.Pos(), shape.Shape.GeoJSONType())
		}
	}
	return nil
}

// temporal refuses arguments that are no times, or a day beside an instant.
func (s Schema) temporal(made *Call, types []Type, is func(Type) bool, want geo.Words) error {
	for i := range made.Args {
		made.Args[i], types[i] = s.taken(made.Args[i], types[i], types[1-i])
	}
	if err := every(made.Args, types, want, func(i int) bool { return is(types[i]) }); err != nil {
		return err
	}
	left, right := grain(made.Args[0], types[0]), grain(made.Args[1], types[1])
	if left != right && left != 0 && right != 0 {
		return mismatch(geo.Say("cql2.want.grain", "type", left.words(), "other", shown(made.Args[0])), made.Args[1], right)
	}
	return nil
}

// grain is whether a time is of days or of instants; 0 of an interval that is open at both ends.
func grain(n Node, t Type) Type {
	interval, is := n.(*Interval)
	if !is {
		return t
	}
	for _, end := range []Node{interval.From, interval.To} {
		switch end := end.(type) {
		case *Date:
			return TypeDate
		case *Timestamp:
			return TypeTimestamp
		case *Property:
			return end.Type
		}
	}
	return 0
}

// Grain is the type of the instants that a checked call between times compares: TypeDate or TypeTimestamp.
func (n *Call) Grain() Type {
	for _, arg := range n.Args {
		t := TypeInterval
		switch arg := arg.(type) {
		case *Property:
			t = arg.Type
		case *Date:
			t = TypeDate
		case *Timestamp:
			t = TypeTimestamp
		}
		if found := grain(arg, t); found == TypeDate || found == TypeTimestamp {
			return found
		}
	}
	return TypeTimestamp
}
