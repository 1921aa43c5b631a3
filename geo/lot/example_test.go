package lot_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/geotest"
	"luodi/geo/lot"
)

var hectare = orb.Polygon{{{500_000, 4_120_000}, {500_100, 4_120_000}, {500_100, 4_120_100}, {500_000, 4_120_100},
	{500_000, 4_120_000}}}

func ExampleCut() {
	var plane lot.Plane
	parcel, _ := plane.Add(hectare)
	line := []orb.Point{{500_040, 4_119_990}, {500_040, 4_120_110}}
	d, err := lot.Cut(&plane, parcel, line, lot.Rules{SnapM: 0.01, LeastM2: 100, LeastWidthM: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := plane.Extend(d.New); err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range d.Parts {
		fmt.Println(part, plane.AreaM2(part), "m²")
	}
	for _, n := range d.New {
		fmt.Printf("vertex %d on the side from %d to %d\n", n.ID, n.On.From, n.On.To)
	}
	// Output:
	// [[0 4 5 3]] 4000 m²
	// [[4 1 2 5]] 6000 m²
	// vertex 4 on the side from 0 to 1
	// vertex 5 on the side from 2 to 3
}

// 5 mu of legal area are split off the east of a parcel whose legal area is a little more than its computed one.
func ExampleCutArea() {
	var plane lot.Plane
	parcel, _ := plane.Add(hectare)
	legal, wanted := geo.MustArea("10002.50"), geotest.Mu("5").Area()
	target, _ := lot.TargetM2(wanted, legal, plane.AreaM2(parcel))
	d, err := lot.CutArea(&plane, parcel, target, 0, lot.Right, lot.Rules{SnapM: 0.01})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = plane.Extend(d.New)
	part, rest, _ := lot.LegalRest(legal, wanted)
	fmt.Printf("computed %.3f and %.3f m²\n", plane.AreaM2(d.Parts[0]), plane.AreaM2(d.Parts[1]))
	fmt.Println("legal", part, "and", rest, "m²")
	// Output:
	// computed 3332.500 and 6667.500 m²
	// legal 3333.3333 and 6669.1667 m²
}

func ExampleMerge() {
	var plane lot.Plane
	a, _ := plane.Add(hectare)
	b, _ := plane.Add(orb.Polygon{{{500_100, 4_120_100}, {500_200, 4_120_100}, {500_200, 4_120_200},
		{500_100, 4_120_200}, {500_100, 4_120_100}}})
	_, err := lot.Merge(&plane, []lot.Shape{a, b}, lot.Rules{SnapM: 0.01})
	fmt.Println(err)
	// Output: no_shared_edge: parcels: expected lot.edge_not_point, got 500100.00 E 4120100.00 N
}
