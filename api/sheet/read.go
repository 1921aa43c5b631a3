package sheet

import (
	"luodi/data/feed"
	"luodi/geo"
)

// near asks for what lies in a box or as far again around it.
func near(c *feed.Collection, box []float64, most int) *feed.Query {
	const least = 0.002 // degrees: some 200 m
	wide, high := max(box[2]-box[0], least), max(box[3]-box[1], least)
	around := geo.BBox{West: max(box[0]-wide, -180), South: max(box[1]-high, -90), East: min(box[2]+wide, 180),
		North: min(box[3]+high, 90)}
	return &feed.Query{Collection: c, Box: &around, Limit: most}
}
