package intake

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo"
	"luodi/geo/coverage"
)

const (
	// tellM is how near to each other vertices and edges are told of where the request names no tolerance, in metres.
	tellM = 0.02
	// lookM is the width up to which gaps and overlaps along edges are told, in metres: what is wider may be meant.
	lookM = coverage.MostToleranceM
	// maxDrawn is of how many points a drawing is held in memory.
	maxDrawn = 4_000_000
)

// FlawKinds are the kinds of flaws, in the order in which they are told.
var FlawKinds = coverage.Kinds

// UnsnappedReasons are the reasons why a parcel is left as it is.
var UnsnappedReasons = coverage.Reasons

// Flaw is something wrong with the drawing of parcels: of one row, of two, or of a row and a live parcel of the park.
type Flaw struct {
	Kind    coverage.Kind `json:"kind"`
	Rows    []int64       `json:"rows"`  // 0 for a live parcel
	Codes   []string      `json:"codes"` // of those rows
	WidthM  float64       `json:"width_m"`
	LengthM float64       `json:"length_m,omitempty"`
	AreaM2  float64       `json:"area_m2,omitempty"`
	At      [2]float64    `json:"at"`   // longitude and latitude in degrees of EPSG:4490
	Wide    bool          `json:"wide"` // wider than the tolerance, so that no snapping mends it
	Text    string        `json:"text,omitempty"`

	place orb.Point // in the survey CRS
}

// drawing is the parcels of an import as polygons in the plane of the survey CRS, and the live ones near them.
type drawing struct {
	shapes  []coverage.Shape
	degrees []orb.Polygon // of each the stored form, vertex by vertex; read where it is to be snapped
	rows    []int64       // 0 for a live parcel
	codes   []string
	outside []coverage.Shape // refused rows that have a shape: with them no drawing agrees, but what they overlap is told
	refused []int64          // their numbers
}

const (
	selectDrawn = `
SELECT number, code, fault IS NOT NULL, ST_AsBinary(plane), CASE WHEN $1 THEN ST_AsBinary(geom) END FROM import_shape
 WHERE plane IS NOT NULL ORDER BY number`

	// Of what an update draws anew or retires the old ground is gone. OFFSET 0 leaves the box as the only condition an
	// index can serve; 1e-5° is over half a metre everywhere in use.
	selectLiveDrawn = `
SELECT 0::bigint, v.code, false, ST_AsBinary(p.plane), CASE WHEN $1 THEN ST_AsBinary(v.geom) END
  FROM (SELECT ST_Expand(ST_SetSRID(ST_Extent(geom)::geometry, 4490), 1e-5) AS box FROM import_shape
         WHERE fault IS NULL) b
 CROSS JOIN LATERAL (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && b.box OFFSET 0) v
 CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, $3::integer) AS plane OFFSET 0) p
 WHERE v.park_id = $2 AND NOT EXISTS (SELECT FROM import_gone g WHERE g.id = v.parcel_id)
   AND EXISTS (SELECT FROM import_shape s WHERE s.plane && ST_Expand(p.plane, 0.5) AND s.fault IS NULL)
 ORDER BY v.parcel_id`

	selectPlaces = `
SELECT ST_X(p), ST_Y(p) FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY u (x, y, n)
 CROSS JOIN LATERAL (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(x, y), $3), 4490) AS p OFFSET 0) g ORDER BY n`
)

// lookAtDrawing tells what is wrong with the parcels as they are drawn, and mends it where the request says so.
func (im *importing) lookAtDrawing(ctx context.Context) error {
	if im.kind.table != "parcel" {
		return nil
	}
	r := &im.report
	if im.points > cmp.Or(im.req.drawn, maxDrawn) {
		if im.req.Snap > 0 {
			return geo.NewInvalid("snap", "snap.points", im.points, "n", maxDrawn)
		}
		r.FlawsUnchecked = true
		return nil
	}
	r.FlawToleranceM = tellM
	if im.req.Snap > 0 {
		r.FlawToleranceM = im.req.Snap
	}
	d, err := im.readDrawing(ctx)
	if err != nil {
		return err
	}
	im.drawing = d
	r.Mended, r.MendedCounts, r.Snapped = nil, nil, nil
	if im.req.Snap == 0 {
		im.flaws, im.looked = d.look(r.FlawToleranceM), d
		return nil
	}
	before := <-d.look(r.FlawToleranceM)
	if err := im.snap(ctx, d); err != nil {
		return err
	}
	flaws := <-d.look(r.FlawToleranceM)
	mended := goneFrom(before, flaws)
	r.MendedCounts = countFlaws(mended)
	if r.Mended, err = im.placed(ctx, mended); err != nil {
		return err
	}
	return im.tell(ctx, d, flaws)
}

// look finds the flaws of a drawing while the database goes on: they refuse nothing.
func (d *drawing) look(tol float64) <-chan []Flaw {
	flaws := make(chan []Flaw, 1)
	go func() { flaws <- d.flaws(coverage.Find(d.shapes, tol, lookM), tol) }()
	return flaws
}

// tellFlaws waits for the flaws that are being looked for and puts them into the report.
func (im *importing) tellFlaws(ctx context.Context) error {
	flaws, d := im.flaws, im.looked
	if im.flaws, im.looked = nil, nil; flaws == nil {
		return nil
	}
	select {
	case found := <-flaws:
		return im.tell(ctx, d, found)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (im *importing) tell(ctx context.Context, d *drawing, flaws []Flaw) (err error) {
	im.report.FlawCounts = countFlaws(flaws)
	if im.report.Flaws, err = im.placed(ctx, flaws); err != nil {
		return err
	}
	return im.tellRepeats(ctx, d)
}

// readDrawing reads the rows that are not refused and the live parcels of the park near them.
func (im *importing) readDrawing(ctx context.Context) (*drawing, error) {
	d := &drawing{}
	snaps := im.req.Snap > 0
	if err := d.read(ctx, im.tx, snaps, false, selectDrawn, snaps); err != nil || !im.park.exists {
		return d, err
	}
	return d, d.read(ctx, im.tx, snaps, true, selectLiveDrawn, snaps, im.park.id, int(im.park.survey))
}

func (d *drawing) read(ctx context.Context, tx pgx.Tx, stored, live bool, sql string, args ...any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return store.Translate("import: read shapes", err)
	}
	var number int64
	var code string
	var refused bool
	var plane, degrees []byte
	_, err = pgx.ForEachRow(rows, []any{&number, &code, &refused, &plane, &degrees}, func() error {
		shape, err := ewkb.DecodePolygon(plane)
		if err != nil {
			return err
		}
		if refused {
			d.outside, d.refused = append(d.outside, coverage.Shape{Rings: shape}), append(d.refused, number)
			return nil
		}
		d.shapes = append(d.shapes, coverage.Shape{Rings: shape, Fixed: live})
		d.rows, d.codes = append(d.rows, number), append(d.codes, code)
		if stored {
			shape, err = ewkb.DecodePolygon(degrees)
			d.degrees = append(d.degrees, shape)
		}
		return err
	})
	return store.Translate("import: read shapes", err)
}

// flaws are findings with the rows and codes that they concern.
func (d *drawing) flaws(found []coverage.Finding, tol float64) []Flaw {
	flaws := make([]Flaw, len(found))
	for i, f := range found {
		flaws[i] = Flaw{Kind: f.Kind, WidthM: f.WidthM, LengthM: f.LengthM, AreaM2: f.AreaM2, Wide: f.WidthM > tol,
			place: f.At}
		for _, k := range [2]int{f.A, f.B} {
			if k >= 0 {
				flaws[i].Rows, flaws[i].Codes = append(flaws[i].Rows, d.rows[k]), append(flaws[i].Codes, d.codes[k])
			}
		}
	}
	return flaws
}

// goneFrom are the flaws that no later one is of the same kind and the same parcels.
func goneFrom(before, after []Flaw) []Flaw {
	type key struct {
		kind coverage.Kind
		a, b string
	}
	of := func(f Flaw) key { return key{f.Kind, f.Codes[0], f.Codes[len(f.Codes)-1]} }
	left := map[key]bool{}
	for _, f := range after {
		left[of(f)] = true
	}
	return slices.DeleteFunc(slices.Clone(before), func(f Flaw) bool { return left[of(f)] })
}

// countFlaws counts by kind; those too wide to be snapped count as kind_wide.
func countFlaws(flaws []Flaw) map[string]int64 {
	counts := map[string]int64{}
	for _, f := range flaws {
		kind := string(f.Kind)
		if f.Wide {
			kind += "_wide"
		}
		counts[kind]++
	}
	return counts
}

// placed gives the flaws that are listed their place in degrees.
func (im *importing) placed(ctx context.Context, flaws []Flaw) ([]Flaw, error) {
	flaws = flaws[:min(len(flaws), maxListed)]
	places := make([]orb.Point, len(flaws))
	for i, f := range flaws {
		places[i] = f.place
	}
	places, err := im.moved(ctx, selectPlaces, places)
	for i := range flaws {
		if err == nil {
			flaws[i].At = [2]float64(places[i])
		}
	}
	return flaws, err
}

// moved brings places of the survey CRS to EPSG:4490.
func (im *importing) moved(ctx context.Context, sql string, places []orb.Point) ([]orb.Point, error) {
	xs, ys := make([]float64, len(places)), make([]float64, len(places))
	for i, p := range places {
		xs[i], ys[i] = p[0], p[1]
	}
	rows, err := im.tx.Query(ctx, sql, xs, ys, int(im.park.survey))
	if err != nil {
		return nil, store.Translate("import: locate places", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p orb.Point, err error) {
		err = row.Scan(&p[0], &p[1])
		return p, err
	})
	return out, store.Translate("import: locate places", err)
}
