package ledger_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

// Two parcels in any direction and of any form, some side by side along a slanting edge: the database refuses exactly
// those that share more than the slack, as PostGIS measures the shapes that it keeps.
func TestOverlapsAreRefusedInEveryDirection(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	park := ground.Plot(t, "turned")
	verdicts := map[string]int{}
	for i := range 120 {
		r := rand.New(rand.NewPCG(uint64(i), 50))
		a, b := beside(r)
		if i%2 == 0 {
			a, b = anyForm(r, 0, 0), anyForm(r, 140*r.Float64(), 140*r.Float64())
		}
		want := storetest.Taken
		if storetest.Number[bool](t, ground.DB, `SELECT ST_Area(ST_Intersection(a, b)) >
			slack_m2(least(ST_Perimeter(a), ST_Perimeter(b))) FROM (SELECT ST_Transform(settle_shape(`+a+`), 4550) AS a,
			ST_Transform(settle_shape(`+b+`), 4550) AS b) g`) {
			want = "parcels_overlap"
		}
		attacker := ground.Attacker(t, park, storetest.Levels[i%len(storetest.Levels)])
		got := attacker.Try(fmt.Sprintf(`SELECT deed('import'), born('P', %s, 1000), born('Q', %s, 1000)`, a, b))
		if got == storetest.Taken {
			got = attacker.Try("SET CONSTRAINTS ALL IMMEDIATE")
		}
		attacker.Leave()
		if got != want {
			t.Errorf("case %d: %s, want %s\n%s\n%s", i, got, want, a, b)
		}
		verdicts[want]++
	}
	if verdicts["parcels_overlap"] < 30 || verdicts[storetest.Taken] < 30 {
		t.Errorf("verdicts %v", verdicts)
	}
}

// beside is two turned rectangles along one line, which overlap by up to twice what their slack takes, or are apart.
func beside(r *rand.Rand) (a, b string) {
	sin, cos := math.Sincos(2 * math.Pi * r.Float64())
	long, over := 30+300*r.Float64(), 0.0006*(2*r.Float64()-1)
	turned := func(corners ...[2]float64) string {
		for i, c := range corners {
			corners[i] = [2]float64{c[0]*cos - c[1]*sin, c[0]*sin + c[1]*cos}
		}
		return inDegrees(corners)
	}
	return turned([2]float64{0, 0}, [2]float64{long, 0}, [2]float64{long, 50}, [2]float64{0, 50}),
		turned([2]float64{0, over}, [2]float64{0, -40}, [2]float64{long, -40}, [2]float64{long, over})
}

func anyForm(r *rand.Rand, x, y float64) string {
	var corners [][2]float64
	n := 3 + r.IntN(7)
	for j := range n {
		sin, cos := math.Sincos(2 * math.Pi * (float64(j) + 0.9*r.Float64()) / float64(n))
		d := 20 + 60*r.Float64()
		corners = append(corners, [2]float64{x + d*cos, y + d*sin})
	}
	return inDegrees(corners)
}

// inDegrees is a polygon of metres from a place in the plot, as SQL that brings it to EPSG:4490.
func inDegrees(corners [][2]float64) string {
	var text []string
	for _, c := range append(corners, corners[0]) {
		text = append(text, fmt.Sprintf("%.6f %.6f", 418_000+c[0], 4_124_000+c[1]))
	}
	return "ST_Transform('SRID=4550;POLYGON((" + strings.Join(text, ",") + "))'::geometry, 4490)"
}
