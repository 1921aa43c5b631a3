package sheet

import (
	"context"
	"encoding/json"

	"luodi/data/feed"
	"luodi/geo"
)

// feature is a feature as the feed prints it.
type feature struct {
	ID         string
	Geometry   json.RawMessage
	Properties map[string]json.RawMessage
}

// text is a property's text, "" where it is none.
func (f *feature) text(name string) string {
	var text string
	if json.Unmarshal(f.Properties[name], &text) != nil {
		return ""
	}
	return text
}

// number is a property's number as it is printed, "" where it is unknown.
func (f *feature) number(name string) string {
	var number *json.Number
	if json.Unmarshal(f.Properties[name], &number) != nil || number == nil {
		return ""
	}
	return number.String()
}

func read(ctx context.Context, v *feed.View, q *feed.Query) ([]feature, error) {
	rows, err := v.Features(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []feature
	var buf []byte
	for rows.Next() {
		if buf, err = rows.Append(buf[:0], false); err != nil {
			return nil, err
		}
		var f feature
		if err := json.Unmarshal(buf, &f); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// near asks for what lies in a box or as far again around it.
func near(c *feed.Collection, box []float64, most int) *feed.Query {
	const least = 0.002 // degrees: some 200 m
	wide, high := max(box[2]-box[0], least), max(box[3]-box[1], least)
	around := geo.BBox{West: max(box[0]-wide, -180), South: max(box[1]-high, -90), East: min(box[2]+wide, 180),
		North: min(box[3]+high, 90)}
	return &feed.Query{Collection: c, Box: &around, Limit: most}
}
