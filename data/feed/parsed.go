package feed

import (
	"context"
	"encoding/json"
)

// Parsed is a feature as the feed prints it, taken apart for a page.
type Parsed struct {
	ID         string
	Geometry   json.RawMessage // GeoJSON
	Properties map[string]json.RawMessage
}

// Text is a property's text, "" where it is none.
func (f *Parsed) Text(name string) string {
	var text string
	if json.Unmarshal(f.Properties[name], &text) != nil {
		return ""
	}
	return text
}

// Number is a property's number as it is printed, "" where it is unknown.
func (f *Parsed) Number(name string) string {
	var number *json.Number
	if json.Unmarshal(f.Properties[name], &number) != nil || number == nil {
		return ""
	}
	return number.String()
}

// Name is how a page calls a feature: its code, else its id.
func (f *Parsed) Name() string {
	if code := f.Text("code"); code != "" {
		return code
	}
	return f.ID
}

// Parsed reads the features of a query for a page: few, because a page is for eyes. rows are closed; they still know
// their position, and whether there are more.
func (v *View) Parsed(ctx context.Context, q *Query) (all []Parsed, rows *Features, err error) {
	if rows, err = v.Features(ctx, q); err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var buf []byte
	for rows.Next() {
		if buf, err = rows.Append(buf[:0], false); err != nil {
			return nil, nil, err
		}
		var f Parsed
		if err := json.Unmarshal(buf, &f); err != nil {
			return nil, nil, err
		}
		all = append(all, f)
	}
	return all, rows, rows.Err()
}
