package data

import (
	"context"
	"fmt"
	"math"
	"time"

	"luodi/geo"
)

// Extent is where the live features of a collection lie and since when it has any; nil where it has none.
type Extent struct {
	Box  *geo.BBox
	From *time.Time
}

// Extent reads every live row's box: a caller that shows it often keeps it for as long as the clocks stand still.
func (v *View) Extent(ctx context.Context, c *Collection) (Extent, error) {
	from, live := "NULL::timestamptz", ""
	if c.versioned {
		from = fmt.Sprintf("(SELECT min(lower(sys)) FROM %s)", c.table)
		live = " WHERE f.to_seq IS NULL"
	}
	sql := fmt.Sprintf(`SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e), %s FROM (SELECT ST_Extent(f.geom) AS e FROM %s f%s) x`, from, c.table, live)
	var w, s, e, n *float64
	var extent Extent
	if err := v.tx.QueryRow(ctx, sql).Scan(&w, &s, &e, &n, &extent.From); err != nil {
		return Extent{}, translate("measure "+c.ID, err)
	}
	if w != nil {
		box := []float64{*w, *s, *e, *n}
		roundDegrees(box)
		extent.Box = &geo.BBox{West: box[0], South: box[1], East: box[2], North: box[3]}
	}
	return extent, nil
}

// roundDegrees brings degrees to the grid that shapes are kept on, so that they print as a feature's coordinates do.
func roundDegrees(values []float64) {
	for i, v := range values {
		values[i] = math.Round(v*gridPerDegree) / gridPerDegree
	}
}

// gridPerDegree is 10^Decimals.
const gridPerDegree = 1e9
