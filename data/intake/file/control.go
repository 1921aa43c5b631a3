package file

import (
	"bufio"
	"cmp"
	"context"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Control leads from one plane to another by points known in both, fitted by least squares: by a similarity (4
// parameters: two shifts, a turn, a scale), or an affine map (6), of which the first needs 3 points and the second 4,
// so that there are residuals to judge it by. What was fitted is kept here alone: it is neither stored nor logged.
type Control struct {
	Residuals []float64 // of each point, in metres
	Affine    bool
	from, to  orb.Point  // the middles of the points
	x, y      [2]float64 // east and north of what lies one metre east, one metre north of the middle
}

// Limits of control points.
const (
	leastSimilar = 3
	leastAffine  = 4
	mostControl  = 10_000
	// maxResidualM is how far a point may lie off the fit. More is a slip in a point, or planes that no such map joins.
	maxResidualM = 1.0
)

// controlPoint is a place in both planes.
type controlPoint struct {
	from, to orb.Point
	line     int
}

// ReadControl reads a file of control points, a line each: from x, from y, to x, to y; east first, in metres, parted by
// commas, semicolons, tabs or spaces. A first line of words, and lines that begin with #, are passed over. Points that
// can't be used are a *[Fault].
func ReadControl(ctx context.Context, path string, affine bool) (*Control, error) {
	limits := DefaultLimits
	limits.FileBytes = 4 << 20
	file, err := openFile(ctx, path, limits)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	points, err := readControl(file.File)
	if err != nil {
		return nil, err
	}
	return fit(points, affine)
}

func readControl(file *os.File) ([]controlPoint, error) {
	var points []controlPoint
	scanner := bufio.NewScanner(file)
	for line := 1; scanner.Scan(); line++ {
		text := strings.TrimSpace(strings.TrimPrefix(scanner.Text(), "\ufeff"))
		cells := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;，； \t", r) })
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		var v [4]float64
		wrong := len(cells) != 4
		for i := 0; i < 4 && !wrong; i++ {
			n, err := strconv.ParseFloat(cells[i], 64)
			wrong, v[i] = err != nil || !finite(n) || math.Abs(n) > 1e9, n
		}
		switch {
		case wrong && line == 1 && !strings.ContainsAny(text, "0123456789"):
			continue
		case wrong || len(points) == mostControl, math.Abs(v[0]) <= 180 && math.Abs(v[1]) <= 90 ||
			math.Abs(v[2]) <= 180 && math.Abs(v[3]) <= 90:
			return nil, &Fault{Code: ControlFile, Field: "line " + strconv.Itoa(line),
				Where: said("place.control_line", "line", line),
				Words: said("control.line"), Got: geo.Quoted(clip(text))}
		}
		points = append(points, controlPoint{orb.Point{v[0], v[1]}, orb.Point{v[2], v[3]}, line})
	}
	if err := scanner.Err(); err != nil {
		return nil, &Fault{Code: ControlFile, Words: said("control.line"), Came: said("came.unreadable"),
			Got: clip(err.Error())}
	}
	return points, nil
}

// fit solves the normal equations about the middles of the points:
//
//  1. A similarity is x' = a x − b y, y' = b x + a y, with a = Σ(xX + yY) / Σ(x² + y²) and b = Σ(xY − yX) / Σ(x² + y²).
//  2. An affine map solves two systems of two equations, for X and for Y.
//  3. Residuals are what each point lies off. They must be below a metre.
func fit(points []controlPoint, affine bool) (*Control, error) {
	least := leastSimilar
	if affine {
		least = leastAffine
	}
	if len(points) < least {
		return nil, &Fault{Code: ControlFile, Words: said("control.least", "n", least), Came: said("came.points", "n",
			len(points))}
	}
	c := &Control{Affine: affine}
	for _, p := range points {
		for i := range 2 {
			c.from[i] += p.from[i] / float64(len(points))
			c.to[i] += p.to[i] / float64(len(points))
		}
	}
	var xx, xy, yy, xX, yX, xY, yY float64
	for _, p := range points {
		x, y, X, Y := p.from[0]-c.from[0], p.from[1]-c.from[1], p.to[0]-c.to[0], p.to[1]-c.to[1]
		xx, xy, yy = xx+x*x, xy+x*y, yy+y*y
		xX, yX, xY, yY = xX+x*X, yX+y*X, xY+x*Y, yY+y*Y
	}
	// how wide the points lie across the line that fits them best, against along it: of a line it is nothing
	spread := (xx*yy - xy*xy) / ((xx + yy) * (xx + yy))
	if !(xx+yy > 1) || affine && !(spread > 1e-6) || !(spread > 1e-10) {
		return nil, &Fault{Code: ControlFile, Words: said("control.spread"), Came: said("came.points", "n",
			len(points))}
	}
	if affine {
		d := xx*yy - xy*xy
		c.x = [2]float64{(xX*yy - yX*xy) / d, (xY*yy - yY*xy) / d}
		c.y = [2]float64{(yX*xx - xX*xy) / d, (yY*xx - xY*xy) / d}
	} else {
		a, b := (xX+yY)/(xx+yy), (xY-yX)/(xx+yy)
		c.x, c.y = [2]float64{a, b}, [2]float64{-b, a}
	}
	for _, p := range points {
		at := c.move(p.from)
		m := math.Hypot(at[0]-p.to[0], at[1]-p.to[1])
		if c.Residuals = append(c.Residuals, m); !(m <= maxResidualM) {
			return nil, &Fault{Code: ControlFile, Words: said("control.fits", "n", maxResidualM),
				Came: said("came.residual", "m", strconv.FormatFloat(m, 'f', 3, 64), "line", p.line)}
		}
	}
	return c, nil
}

// move is where a point lies in the other plane.
func (c *Control) move(p orb.Point) orb.Point {
	x, y := p[0]-c.from[0], p[1]-c.from[1]
	return orb.Point{c.to[0] + x*c.x[0] + y*c.y[0], c.to[1] + x*c.x[1] + y*c.y[1]}
}

// note says how good the fit is, without telling it.
func (c *Control) note() geo.Words {
	var most, squares float64
	for _, m := range c.Residuals {
		most, squares = max(most, m), squares+m*m
	}
	method := geo.Say("control.similarity")
	if c.Affine {
		method = geo.Say("control.affine")
	}
	return geo.Say("note.control", "n", len(c.Residuals), "method", method, "most", strconv.FormatFloat(most, 'f', 3,
		64),
		"mean", strconv.FormatFloat(math.Sqrt(squares/float64(len(c.Residuals))), 'f', 3, 64))
}

// mover is a reader whose shapes are moved.
type mover struct {
	Reader
	info Info
	move func(orb.Point) orb.Point
}

// moved leads shapes to their system by control points, or undoes a web map's offset.
func moved(reader Reader, opts Options) (Reader, error) {
	info := reader.Info()
	switch {
	case opts.Control != nil:
		target, ok := opts.Control.target(cmp.Or(opts.CRS, geo.EPSG(info.EPSG)))
		if !ok {
			return nil, &Fault{Code: ControlFile, Field: "--crs", Words: said("control.crs"),
				Got: cmp.Or(opts.CRS, geo.EPSG(info.EPSG)).String()}
		}
		info.EPSG, info.CRS, info.Unproven, info.Fitted = int(target), target.String(), false, true
		info.Notes = append(info.Notes, opts.Control.note())
		return &mover{Reader: reader, info: info, move: opts.Control.move}, nil
	case opts.Offset != "":
		return newOnWebMap(reader, opts.Offset)
	}
	return reader, nil
}

// target is the plane to which the points lead: the stated one, of an old datum the zone on CGCS2000 in its place, with
// the zone's number before its eastings where the points have it. false where it is no plane.
func (c *Control) target(stated geo.EPSG) (geo.EPSG, bool) {
	if stated.OldDatum() != 0 {
		zone, prefixed, ok := stated.Zone()
		if !ok {
			return 0, false
		}
		zone.Datum = geo.CGCS2000
		stated = zone.Code(prefixed)
	}
	const zoned = 1_000_000 // eastings of a zone without its number are below
	stated = stated.WithPrefix(c.to[0] > zoned)
	return stated, stated != 0 && !stated.Geographic()
}

// Info implements Reader.
func (m *mover) Info() Info { return m.info }

// Next implements Reader.
func (m *mover) Next(ctx context.Context) (Row, error) {
	row, err := m.Reader.Next(ctx)
	if err == nil && row.Fault == nil {
		m.moveRow(&row)
	}
	return row, err
}

func (m *mover) moveRow(row *Row) {
	if row.Shape.Kind == Collection {
		return
	}
	row.Shape.shift(m.move)
	if b := row.Shape.Bounds; !finite(b[0]) || !finite(b[1]) || !finite(b[2]) || !finite(b[3]) {
		row.Fault = &Fault{Code: NotFinite, Got: position(b[2], b[3])}
	}
}
