package cql2

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
)

// samePlace ignores where nodes stand.
var samePlace = cmp.Comparer(func(Pos, Pos) bool { return true })

var land = Schema{CRS: geo.CRS84, Queryables: []Queryable{{"code", TypeText}, {"status", TypeText},
	{"legal_m2", TypeNumber}, {"seq", TypeNumber}, {"illustrative", TypeBool}, {"since", TypeTimestamp},
	{"expires_at", TypeTimestamp}, {"effective_from", TypeDate}, {"geometry", TypeGeometry}}}

// encodings pairs a filter as somebody may write it with its canonical text and its JSON.
var encodings = []struct{ given, text, json string }{
	{`status = 'available'`, `"status" = 'available'`,
		`{"op":"=","args":[{"property":"status"},"available"]}`},
	{`"status"<>'a' and legal_m2>=1.50E2 AND seq<-3`, `("status" <> 'a') AND ("legal_m2" >= 150) AND ("seq" < -3)`,
		`{"op":"and","args":[{"op":"<>","args":[{"property":"status"},"a"]},{"op":">=","args":[{"property":"legal_m2"},150]},{"op":"<","args":[{"property":"seq"},-3]}]}`},
	{`not code like 'A\_%' or not (code not in ('a','b''c'))`,
		`(NOT ("code" LIKE 'A\\_%')) OR (NOT (NOT ("code" IN ('a', 'b''c'))))`,
		`{"op":"or","args":[{"op":"not","args":[{"op":"like","args":[{"property":"code"},"A\\_%"]}]},{"op":"not","args":[{"op":"not","args":[{"op":"in","args":[{"property":"code"},["a","b'c"]]}]}]}]}`},
	{`a_b.c IS NOT NULL`, `NOT ("a_b.c" IS NULL)`,
		`{"op":"not","args":[{"op":"isNull","args":[{"property":"a_b.c"}]}]}`},
	{`seq BETWEEN 1 AND 2 AND TRUE`, `("seq" BETWEEN 1 AND 2) AND TRUE`,
		`{"op":"and","args":[{"op":"between","args":[{"property":"seq"},1,2]},true]}`},
	{`CASEI(code) LIKE casei('落地%')`, `CASEI("code") LIKE CASEI('落地%')`,
		`{"op":"like","args":[{"op":"casei","args":[{"property":"code"}]},{"op":"casei","args":["落地%"]}]}`},
	{`S_INTERSECTS(geometry, BBOX(122.1,37,5,122.2,37.5,6))`, `S_INTERSECTS("geometry", BBOX(122.1,37,122.2,37.5))`,
		`{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[122.1,37,122.2,37.5]}]}`},
	{`S_WITHIN(geometry, POLYGON Z((0 0 1,1 0 1,1 1 1,0 0 1)))`,
		`S_WITHIN("geometry", POLYGON((0 0,1 0,1 1,0 0)))`,
		`{"op":"s_within","args":[{"property":"geometry"},{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"}]}`},
	{`S_EQUALS(GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,-1e-7 1)), MULTIPOINT(1 2,(3 4)))`,
		`S_EQUALS(GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,-0.0000001 1)), MULTIPOINT((1 2),(3 4)))`,
		`{"op":"s_equals","args":[{"geometries":[{"coordinates":[1,2],"type":"Point"},{"coordinates":[[0,0],[-1e-7,1]],"type":"LineString"}],"type":"GeometryCollection"},{"coordinates":[[1,2],[3,4]],"type":"MultiPoint"}]}`},
	{`T_DURING(INTERVAL(since, expires_at), INTERVAL('2026-01-01T08:00:00+08:00', '..'))`,
		`T_DURING(INTERVAL("since", "expires_at"), INTERVAL('2026-01-01T00:00:00Z', '..'))`,
		`{"op":"t_during","args":[{"interval":[{"property":"since"},{"property":"expires_at"}]},{"interval":["2026-01-01T00:00:00Z",".."]}]}`},
	{`effective_from > DATE('2022-01-01') OR since <= TIMESTAMP('2026-11-23T09:45:40.048569Z')`,
		`("effective_from" > DATE('2022-01-01')) OR ("since" <= TIMESTAMP('2026-11-23T09:45:40.048569Z'))`,
		`{"op":"or","args":[{"op":">","args":[{"property":"effective_from"},{"date":"2022-01-01"}]},{"op":"<=","args":[{"property":"since"},{"timestamp":"2026-11-23T09:45:40.048569Z"}]}]}`},
	{`-(seq + 2*3)^2 = seq div 2 - 1 - 1`,
		`((0 - ("seq" + (2 * 3))) ^ 2) = ((("seq" DIV 2) - 1) - 1)`,
		`{"op":"=","args":[{"op":"^","args":[{"op":"-","args":[0,{"op":"+","args":[{"property":"seq"},{"op":"*","args":[2,3]}]}]},2]},{"op":"-","args":[{"op":"-","args":[{"op":"div","args":[{"property":"seq"},2]},1]},1]}]}`},
	{`code = 'tab\tquote\'back\\slash'`, `"code" = 'tab\tquote''back\\slash'`,
		`{"op":"=","args":[{"property":"code"},"tab\tquote'back\\slash"]}`},
}

func TestBothEncodingsAreOneTree(t *testing.T) {
	t.Parallel()
	for _, w := range encodings {
		tree, err := ParseText(w.given)
		if err != nil {
			t.Errorf("%s: %v", w.given, err)
			continue
		}
		if got := Text(tree); got != w.text {
			t.Errorf("%s\nprints as %s\nwant      %s", w.given, got, w.text)
		}
		if got := JSON(tree); got != w.json {
			t.Errorf("%s\nis %s\nwant %s", w.given, got, w.json)
		}
		again, err := ParseText(w.text)
		if err != nil || !cmp.Equal(again, tree, samePlace) {
			t.Errorf("%s reads back otherwise: %v", w.text, err)
		}
		fromJSON, err := ParseJSON(w.json)
		if err != nil || !cmp.Equal(fromJSON, tree, samePlace) {
			t.Errorf("%s reads back otherwise: %v, %s", w.json, err, cmp.Diff(tree, fromJSON, samePlace))
		}
	}
}

// TestAnyTreePrintsAndReadsBack draws trees and holds both printers to both parsers.
func TestAnyTreePrintsAndReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := anyCondition(4).Draw(t, "tree")
		fromText, err := ParseText(Text(tree))
		if err != nil {
			t.Fatalf("%s: %v", Text(tree), err)
		}
		fromJSON, err := ParseJSON(JSON(tree))
		if err != nil {
			t.Fatalf("%s: %v", JSON(tree), err)
		}
		if diff := cmp.Diff(fromText, fromJSON, samePlace); diff != "" {
			t.Fatalf("%s and %s differ: %s", Text(tree), JSON(tree), diff)
		}
		if Text(fromText) != Text(tree) || JSON(fromJSON) != JSON(tree) {
			t.Fatalf("%s became %s and %s", Text(tree), Text(fromText), JSON(fromJSON))
		}
	})
}

func anyValue() *rapid.Generator[Node] {
	text := rapid.Custom(func(t *rapid.T) Node {
		s := strings.Map(func(r rune) rune {
			if r == 0 || r == utf8.RuneError {
				return 'x'
			}
			return r
		}, rapid.String().Draw(t, "text"))
		return &String{Value: s}
	})
	number := rapid.Custom(func(t *rapid.T) Node {
		n, _ := canonical(rapid.StringMatching(`-?[0-9]{1,15}(\.[0-9]{1,10})?([eE][-+]?[0-9])?`).Draw(t, "number"))
		return &Number{Value: n}
	})
	name := rapid.Custom(func(t *rapid.T) Node {
		return &Property{Name: rapid.StringMatching(`[a-z"_ 落]{1,8}`).Draw(t, "name")}
	})
	return rapid.OneOf(text, number, name)
}

func anyShape() *rapid.Generator[Node] {
	position := rapid.Custom(func(t *rapid.T) orb.Point {
		c := rapid.Int64Range(-80e9, 80e9)
		return orb.Point{float64(c.Draw(t, "x")) / 1e9, float64(c.Draw(t, "y")) / 1e9}
	})
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) Node { return &Shape{Shape: position.Draw(t, "point")} }),
		rapid.Custom(func(t *rapid.T) Node {
			a, b, c := position.Draw(t, "a"), position.Draw(t, "b"), position.Draw(t, "c")
			return &Shape{Shape: orb.Polygon{{a, b, c, a}}}
		}),
		rapid.Just(Node(&Box{Corners: [4]float64{1, 2, 3, 4}})),
	)
}

func anyCondition(depth int) *rapid.Generator[Node] {
	return rapid.Custom(func(t *rapid.T) Node {
		kind := rapid.IntRange(0, 8).Draw(t, "kind")
		if depth == 0 {
			kind = 3 + kind%6
		}
		v, below := anyValue(), anyCondition(max(0, depth-1))
		switch kind {
		case 0:
			return call(OpAnd, 0, below.Draw(t, "a"), below.Draw(t, "b"))
		case 1:
			return call(OpOr, 0, below.Draw(t, "a"), below.Draw(t, "b"))
		case 2:
			return call(OpNot, 0, below.Draw(t, "a"))
		case 3:
			return call(OpIn, 0, v.Draw(t, "v"), &List{Items: rapid.SliceOfN(v, 1, 4).Draw(t, "list")})
		case 4:
			return call(OpBetween, 0, v.Draw(t, "a"), v.Draw(t, "b"), v.Draw(t, "c"))
		case 5:
			return call(OpIsNull, 0, v.Draw(t, "a"))
		case 6:
			return call("s_touches", 0, &Property{Name: "geometry"}, anyShape().Draw(t, "shape"))
		case 7:
			op := rapid.SampledFrom([]Op{OpPlus, OpMinus, OpTimes, OpOver, OpDiv, OpModulo, OpPower}).Draw(t, "op")
			return call("<", 0, call(op, 0, v.Draw(t, "a"), v.Draw(t, "b")), v.Draw(t, "c"))
		}
		return call(OpLike, 0, call(OpAccentI, 0, v.Draw(t, "a")), v.Draw(t, "b"))
	})
}

// refused are filters that must not be taken, and a word of the refusal's rule with the character that it names.
var refused = []struct {
	text string
	rule string
	at   int
}{
	{"", "want.value", 1}, {"status", "want.condition", 1}, {"status =", "want.value", 9},
	{"status = 'a", "want.closing_quote", 12}, {"status = 'a' legal_m2", "want.end", 14},
	{"(status = 'a'", "want.sign", 14}, {"status == 'a'", "want.value", 9}, {"stat = 'a'", "want.property", 1},
	{"status = 5", "want.like", 10}, {"5 = status", "want.like", 1}, {"legal_m2 LIKE 'a'", "want.text", 1},
	{"code LIKE status", "want.pattern", 11}, {"code LIKE 'a\\\\'", "want.escaped", 11}, {`code = '\x'`, "want.escape", 9},
	{"seq BETWEEN 'a' AND 'b'", "want.like", 13}, {"code IN ()", "want.value", 10}, {"code IN 'a'", "want.sign", 9},
	{"code IN ('a', 5)", "want.like", 15}, {"code NOT = 'a'", "want.test", 10}, {"code IS 'a'", "want.sign", 9},
	{"buffer(geometry, 5)", "want.function", 1}, {"S_INTERSECTS(geometry)", "want.arguments", 1},
	{"S_INTERSECTS(geometry, code)", "want.geometry", 24}, {"S_INTERSECTS(geometry, POINT(200 0))", "want.within", 24},
	{"S_INTERSECTS(geometry, POINT(1))", "want.coordinate", 31}, {"S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0)))",
		"want.ring", 24}, {"S_INTERSECTS(geometry, BBOX(1,2,3))", "bbox.form", 24},
	{"S_INTERSECTS(geometry, BBOX(1,3,2,2))", "want.box", 24},
	{"S_INTERSECTS(geometry, LINESTRING(1 1,1 1))", "want.line", 24},
	{"S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1)))", "want.one_dimension", 20},
	{"S_INTERSECTS(geometry, POINT(NaN 1))", "want.coordinate", 30}, {"since = '2026-01-01'", "want.like", 9},
	{"since > DATE('2026-01-01')", "want.like", 9}, {"since > TIMESTAMP('2026-01-01')", "want.timestamp", 19},
	{"since > TIMESTAMP('2026-01-01T00:00:00.0000005Z')", "want.timestamp", 19}, {"since = DATE('2026-02-30')",
		"want.date", 14}, {"T_DURING(since, INTERVAL('2026-01-01','2026-02-01'))", "want.interval", 10},
	{"T_AFTER(since, INTERVAL('2026-01-01','2026-02-01'))", "want.grain", 16},
	{"T_AFTER(since, INTERVAL('2026-02-01T00:00:00Z','2026-01-01T00:00:00Z'))", "want.order", 16},
	{"T_AFTER(code, since)", "want.temporal", 9}, {"T_AFTER(since, INTERVAL(code, '..'))", "want.instant", 25},
	{"code = 'a' AND seq", "want.condition", 16}, {"NOT seq", "want.condition", 5}, {"seq + 'a' = 1", "want.numeric", 7},
	{"geometry = geometry", "want.scalar", 1}, {"seq = 1e100", "want.number", 7}, {"seq = 1.2.3", "want.number", 7},
	{"seq = 0x10", "want.end", 8}, {"status = 'a'; DROP TABLE parcel", "want.character", 13},
	{"status = 'a' -- x", "want.property", 17}, {"status = 'a' /* x */", "want.value", 15}, {"$1 = 'a'", "want.character", 1},
	{"illustrative", "want.condition", 1}, {"status = illustrative", "want.like", 10},
	{strings.Repeat("(", 65) + "TRUE" + strings.Repeat(")", 65), "cql2.depth", 65},
	{strings.Repeat("NOT ", 33) + "TRUE", "cql2.depth", 0},
	{"seq = 1" + strings.Repeat(" + 1", 40), "cql2.depth", 0}, {strings.Repeat("TRUE AND ", 600) + "TRUE", "cql2.nodes",
		0}, {"code IN (" + strings.Repeat("'a',", 600) + "'a')", "cql2.nodes", 0},
}

func TestRefusalsNameThePlaceAndWhatWasExpected(t *testing.T) {
	t.Parallel()
	for _, c := range refused {
		tree, err := ParseText(c.text)
		if err == nil {
			_, err = land.Check(tree)
		}
		checkRefusal(t, c.text, err, c.rule, c.at)
	}
}

func checkRefusal(t *testing.T, text string, err error, rule string, at int) {
	t.Helper()
	var invalid *geo.Invalid
	if !errors.As(err, &invalid) || invalid.Field != "filter" {
		t.Errorf("%.80s: %v", text, err)
		return
	}
	said := invalid.Words.String()
	if !strings.Contains(said, rule) || at > 0 && !strings.HasSuffix(said, fmt.Sprintf(", at %d)", at)) {
		t.Errorf("%.80s: %s, want %s at %d", text, said, rule, at)
	}
}

// refusedJSON are filters in JSON that must not be taken.
var refusedJSON = []struct {
	text string
	rule string
	at   int
}{
	{"", "want.json", 1}, {"{", "want.json", 0}, {`{"op":"=","args":[1,]}`, "want.json", 21}, {"null", "want.json_value", 1},
	{"[]", "want.json_value", 1}, {`"status"`, "want.condition", 1}, {"{}", "want.json_value", 1},
	{`{"op":5,"args":[]}`, "want.op", 7}, {`{"op":"and","args":[true]}`, "want.arguments", 20},
	{`{"op":"not","args":[true,true]}`, "want.arguments", 20}, {`{"op":"="}`, "want.arguments", 1},
	{`{"op":"=","args":[1,1],"not":true}`, "want.members", 30}, {`{"op":"=","op":"<","args":[1,1]}`, "want.once", 11},
	{`{"op":"=","args":[{"property":5},1]}`, "want.name", 31}, {`{"op":"=","args":[{"property":"x"},1]}`, "want.property", 19},
	{`{"op":"in","args":[1,[]]}`, "want.list", 22}, {`{"op":"in","args":[1,2]}`, "want.list", 22},
	{`{"op":"=","args":["\ud800",1]}`, "want.unicode", 19}, {`{"op":"=","args":["\u0000",1]}`, "want.unicode", 19},
	{`{"op":"=","args":[1e61,1]}`, "want.number", 19}, {`{"op":"=","args":[{"date":"2026-13-01"},1]}`, "want.date", 19},
	{`{"op":"=","args":[{"timestamp":"2026-01-01"},1]}`, "want.timestamp", 19},
	{`{"op":"t_after","args":[{"interval":[".."]},{"date":"2026-01-01"}]}`, "want.two_ends", 37},
	{`{"op":"t_after","args":[{"interval":["x",".."]},{"date":"2026-01-01"}]}`, "want.interval_end", 38},
	{`{"op":"s_intersects","args":[{"bbox":[1,2,3]},{"bbox":[1,2,3,4]}]}`, "bbox.form", 30},
	{`{"op":"s_intersects","args":[{"bbox":["1",2,3,4]},{"bbox":[1,2,3,4]}]}`, "want.coordinate", 39},
	{`{"op":"s_intersects","args":[{"type":"Circle","coordinates":[1,2]},{"bbox":[1,2,3,4]}]}`, "want.geometry_type", 38},
	{`{"op":"s_intersects","args":[{"type":"Point","coordinates":[1]},{"bbox":[1,2,3,4]}]}`, "want.position", 60},
	{`{"op":"s_intersects","args":[{"type":"Point","coordinates":1},{"bbox":[1,2,3,4]}]}`, "want.array", 60},
	{`{"op":"s_intersects","args":[{"type":"Polygon","coordinates":[]},{"bbox":[1,2,3,4]}]}`, "want.ring", 30},
	{`{"op":"s_intersects","args":[{"type":"Point","coordinates":[1,2],"crs":{}},{"bbox":[1,2,3,4]}]}`, "want.members", 72},
	{`{"op":"s_intersects","args":[{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]},{"bbox":[1,2,3,4]}]}`, "want.geometry_type", 81},
	{strings.Repeat("[", 100) + strings.Repeat("]", 100), "cql2.depth", 74},
	{strings.Repeat("a", MaxBytes+1), "cql2.bytes", 0}, {"\xff", "want.json", 1},
}

func TestRefusalsOfJSONNameThePlaceAndWhatWasExpected(t *testing.T) {
	t.Parallel()
	for _, c := range refusedJSON {
		tree, err := ParseJSON(c.text)
		if err == nil {
			_, err = land.Check(tree)
		}
		checkRefusal(t, c.text, err, c.rule, c.at)
	}
}

func TestLiteralsOfParametersAreOfTheirType(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind Type
		text string
		want string // "" where it is refused
	}{
		{TypeNumber, "1.50", "1.5"}, {TypeNumber, "-0", "0"}, {TypeNumber, "1e3", "1000"}, {TypeNumber, "", ""},
		{TypeNumber, "1,5", ""}, {TypeNumber, "0x1", ""}, {TypeNumber, "NaN", ""}, {TypeNumber, "1e", ""},
		{TypeNumber, "--1", ""}, {TypeNumber, ".", ""}, {TypeNumber, "1e-55", "1E-55"}, {TypeNumber, "1e61", ""},
		{TypeNumber, strings.Repeat("9", 41), ""}, {TypeBool, "true", "TRUE"}, {TypeBool, "TRUE", ""},
		{TypeDate, "2026-02-28", "DATE('2026-02-28')"}, {TypeDate, "2026-02-29", ""}, {TypeDate, "2026-2-1", ""},
		{TypeTimestamp, "2026-01-01t08:00:00.5+08:00", "TIMESTAMP('2026-01-01T00:00:00.5Z')"},
		{TypeTimestamp, "0000-01-01T00:00:00+01:00", ""}, {TypeText, "it's", "'it''s'"},
	} {
		got, err := Literal("field", c.kind, c.text)
		if (err != nil) != (c.want == "") || err == nil && Text(got) != c.want {
			t.Errorf("%q: %v, %v, want %q", c.text, got, err, c.want)
		}
	}
}

func ExampleParseText() {
	tree, err := ParseText("status IN ('available','held') and legal_m2 >= 1.5e4")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(Text(tree))
	fmt.Println(JSON(tree))
	_, err = land.Check(call(OpEqual, 0, &Property{Name: "area", At: 0}, &Number{Value: "5", At: 7}))
	fmt.Println(err)
	// Output:
	// ("status" IN ('available', 'held')) AND ("legal_m2" >= 15000)
	// {"op":"and","args":[{"op":"in","args":[{"property":"status"},["available","held"]]},{"op":">=","args":[{"property":"legal_m2"},15000]}]}
	// filter: expected cql2.at (what cql2.want.property (names code, status, legal_m2, seq, illustrative, since, expires_at, effective_from, geometry), at 1), got "area"
}

func BenchmarkParseText(b *testing.B) {
	for b.Loop() {
		tree, err := ParseText(encodings[1].given)
		if err == nil {
			_, err = land.Check(tree)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
