package feed_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/cql2"
)

// literalsOf are the values that the abstract test suite of OGC 21-065r2 compares queryables of a type with.
var literalsOf = map[cql2.Type]string{cql2.TypeText: "'foo'", cql2.TypeBool: "true", cql2.TypeNumber: "3.14",
	cql2.TypeTimestamp: "TIMESTAMP('2022-04-14T14:48:46Z')", cql2.TypeDate: "DATE('2022-04-14')"}

// TestTheAbstractTestSuiteHolds runs the tests of Annex A of OGC 21-065r2 that need no data set of their own, for every
// queryable of every collection: they succeed, and their results stand to one another as they must.
func TestTheAbstractTestSuiteHolds(t *testing.T) {
	t.Parallel()
	db := varied(t)
	ctx := context.Background()
	asked := 0
	for _, c := range feed.Collections() {
		if c.ID == "zones" || c.ID == "networks" { // of the same kinds of queryables as the others
			continue
		}
		var stored []string
		find := func(filter string) (found []string) {
			asked++
			err := feed.Of(db.Store).View(ctx, func(v *feed.View) (err error) {
				found, err = ids(ctx, v, &feed.Query{Collection: c, Filter: parsed(t, c, filter, geo.CRS84)})
				return err
			})
			if err != nil {
				t.Errorf("%s: %s: %v", c.ID, filter, err)
			}
			stored = append(stored, filter)
			return found
		}
		apart := func(one, other string) {
			a, b := find(one), find(other)
			if slices.ContainsFunc(a, func(id string) bool { return slices.Contains(b, id) }) {
				t.Errorf("%s: %s and %s share a feature", c.ID, one, other)
			}
		}
		same := func(one, other string) {
			if a, b := find(one), find(other); !slices.Equal(a, b) {
				t.Errorf("%s: %s and %s differ", c.ID, one, other)
			}
		}
		all := len(find("TRUE"))
		if n := len(find("false")); n != 0 || all == 0 {
			t.Errorf("%s: false finds %d of %d", c.ID, n, all)
		}
		for i := range c.Properties {
			if p := &c.Properties[i]; p.Queryable() {
				suiteOf(p.Name, p.Type(), find, apart, same)
			}
		}
		spatialSuite(find, apart, same)
		random := rand.New(rand.NewPCG(3, 4))
		for range 10 {
			var p [4]string
			for i := range p {
				p[i] = stored[random.IntN(len(stored))]
			}
			find(fmt.Sprintf("((NOT %[1]s AND %[2]s) OR (%[3]s and NOT %[4]s) or not (%[1]s AND %[4]s))", p[0], p[1], p[2], p[3]))
		}
	}
	t.Logf("%d filters", asked)
}

// suiteOf are the tests of a queryable of a type.
func suiteOf(q string, kind cql2.Type, find func(string) []string, apart, same func(string, string)) {
	v := literalsOf[kind]
	for _, pair := range [][2]string{{"=", "<>"}, {">", "<="}, {"<", ">="}} {
		apart(q+" "+pair[0]+" "+v, q+" "+pair[1]+" "+v)
		apart(v+" "+pair[0]+" "+q, v+" "+pair[1]+" "+q)
		apart(v+" "+pair[0]+" "+v, v+" "+pair[1]+" "+v)
	}
	apart(q+" IS NULL", q+" is not null")
	same(q+" = "+q, q+" >= "+q)
	same(q+" <> "+q, q+" < "+q)
	switch kind {
	case cql2.TypeText:
		apart(q+" like '_%'", q+" like ''")
		same(q+" LIKE '%'", q+" like '%%'")
		find(q + ` like '\%\_'`)
		find(q + " in ('foo', 'bar')")
		apart("CASEI("+q+") = casei('foo')", "CASEI("+q+") <> casei('FOO')")
		same("CASEI("+q+") LIKE casei('foo%')", "CASEI("+q+") LIKE casei('FOO%')")
		apart("ACCENTI("+q+") = accenti('äöüéáí')", "ACCENTI("+q+") <> accenti('aoueai')")
		same("ACCENTI(CASEI("+q+")) LIKE accenti(casei('Ä%'))", "ACCENTI(CASEI("+q+")) LIKE accenti(casei('a%'))")
	case cql2.TypeNumber:
		find(q + " BETWEEN 0 AND 100")
		find(q + " between 100.0 and 1.0")
		find(q + " IN (1, 2, 3)")
		find(q + ">1038290-21 div 10")
		find(q + "<1038280+2^3")
	case cql2.TypeBool:
		find(q + " in (true)")
	case cql2.TypeTimestamp:
		find(q + " in ('2022-04-14T14:52:56Z', '2022-04-14T15:52:56Z')")
		temporalSuite(q, "TIMESTAMP('2022-04-24T07:59:57Z')", "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')", find)
	case cql2.TypeDate:
		find(q + " in ('2022-04-14', '2022-04-15')")
		temporalSuite(q, "DATE('2022-04-24')", "INTERVAL('2021-01-01','2021-12-31')", find)
	}
}

func temporalSuite(q, instant, interval string, find func(string) []string) {
	for _, relation := range []string{"T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS"} {
		find(fmt.Sprintf("%s(%s,%s)", relation, q, instant))
		find(fmt.Sprintf("%s(%s,%s)", relation, q, interval))
	}
	for _, relation := range strings.Fields("T_AFTER T_BEFORE T_DISJOINT T_EQUALS T_INTERSECTS T_CONTAINS T_DURING " +
		"T_FINISHEDBY T_FINISHES T_MEETS T_METBY T_OVERLAPPEDBY T_OVERLAPS T_STARTEDBY T_STARTS") {
		find(fmt.Sprintf("%s(INTERVAL(%s,%s),%s)", relation, q, q, interval))
	}
}

// spatialSuite are the tests of the geometry.
func spatialSuite(find func(string) []string, apart, same func(string, string)) {
	const box = "BBOX(-180,-90,180,90)"
	const world = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
	for _, relation := range []string{"S_INTERSECTS", "S_DISJOINT", "S_TOUCHES", "S_WITHIN", "S_CONTAINS", "S_EQUALS",
		"S_OVERLAPS", "S_CROSSES"} {
		same(relation+"(geometry,"+box+")", relation+"(geometry,"+world+")")
		for _, shape := range []string{"LINESTRING(7 50, 10 51)", "POINT(7.02 49.92)", "MULTIPOINT(7 50,10 51)",
			"LINESTRING(-180 -45, 0 -45)", "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
			"POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50))",
			"MULTIPOLYGON(((-180 -90, -90 -90, -90 90, -180 90, -180 -90)),((0 0, 10 0, 10 10, 0 10, 0 0)))"} {
			find(relation + "(geometry," + shape + ")")
		}
	}
	find("S_INTERSECTS(geometry,GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0))))")
	find("S_INTERSECTS(geometry,BBOX(-180,-90,-90,90)) AND S_INTERSECTS(geometry,BBOX(90,-90,180,90))")
	apart("S_DISJOINT(geometry,LINESTRING(7 50,10 51))", "S_INTERSECTS(geometry,LINESTRING(7 50,10 51))")
	apart("S_WITHIN(geometry,"+world+")", "S_CONTAINS(geometry,"+world+")")
}
