package intake

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/intake/file"
	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo/coverage"
)

// repeat is a point of a row that follows itself in a ring, in the file's coordinates. The grid leaves it out, so that
// it has to be noted before.
type repeat struct {
	row int64
	at  orb.Point
}

const selectRepeats = `
SELECT coalesce(ST_X(p), 0), coalesce(ST_Y(p), 0) FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY u (x, y, n)
 CROSS JOIN LATERAL (SELECT pg_temp.import_move(ST_SetSRID(ST_MakePoint(x, y), $3), 4490, $4) AS p OFFSET 0) g
 ORDER BY n`

// noteRepeats notes the points of a parcel that follow themselves.
func (im *importing) noteRepeats(row int64, shape file.Shape) error {
	if im.kind.table != "parcel" || shape.Kind != file.Polygon {
		return nil
	}
	rings, err := ewkb.DecodePolygon(shape.WKB)
	if err != nil {
		return fmt.Errorf("import: row %d: %w", row, err)
	}
	for _, ring := range rings {
		for k := 1; k < len(ring); k++ {
			if ring[k] == ring[k-1] && len(im.repeats) < maxListed {
				im.repeats = append(im.repeats, repeat{row, ring[k]})
			}
		}
	}
	return nil
}

// tellRepeats tells them in the report: as mended where the request has the drawing mended, since they are left out.
func (im *importing) tellRepeats(ctx context.Context, d *drawing) error {
	flaws, err := im.repeated(ctx, d)
	if err != nil || len(flaws) == 0 {
		return err
	}
	list, counts := &im.report.Flaws, im.report.FlawCounts
	if im.req.Snap > 0 {
		list, counts = &im.report.Mended, im.report.MendedCounts
	}
	counts[string(coverage.Duplicate)] += int64(len(flaws))
	*list = append(*list, flaws...)
	*list = (*list)[:min(len(*list), maxListed)]
	return nil
}

// repeated are the repeated points of the rows that are not refused, as flaws.
func (im *importing) repeated(ctx context.Context, d *drawing) ([]Flaw, error) {
	if len(im.repeats) == 0 {
		return nil, nil
	}
	codes := make(map[int64]string, len(d.rows))
	for i, row := range d.rows {
		codes[row] = d.codes[i]
	}
	var flaws []Flaw
	var xs, ys []float64
	for _, r := range im.repeats {
		if code, drawn := codes[r.row]; drawn {
			flaws = append(flaws, Flaw{Kind: coverage.Duplicate, Rows: []int64{r.row}, Codes: []string{code}})
			xs, ys = append(xs, r.at[0]), append(ys, r.at[1])
		}
	}
	rows, err := im.tx.Query(ctx, selectRepeats, xs, ys, int(im.source.code), im.source.shiftedBy)
	if err != nil {
		return nil, store.Translate("import: locate points", err)
	}
	i := 0
	var at [2]float64
	_, err = pgx.ForEachRow(rows, []any{&at[0], &at[1]}, func() error {
		flaws[i].At = at
		i++
		return nil
	})
	return flaws, store.Translate("import: locate points", err)
}
