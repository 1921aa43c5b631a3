package surveytext

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"luodi/geo"
)

// notation is how coordinates are written: all of a text alike.
type notation int

const (
	metres notation = iota
	zoned           // metres with the zone's number before the easting
	latLon
	lonLat
)

// point is a corner as it is written.
type point struct {
	line     int
	name     string
	ring     int
	a, b     number // as they stand: northing and easting, or degrees
	columnA  int
	columnB  int
	notation notation
	prefix   int
}

// badPoint says what of a line can't be read.
type badPoint struct {
	column int
	field  string
	why    *geo.Invalid
}

// The columns of a corner.
const (
	nameColumn = "点号"
	ringColumn = "圈号"
	xColumn    = "X"
	yColumn    = "Y"
)

var (
	ringForm    = regexp.MustCompile(`^[1-9]\d{0,4}$`)
	cornerForm  = regexp.MustCompile(`^[^,]*,\s*\d{1,5}\s*,\s*\d{5,}[\d.]*\s*,\s*\d{5,}[\d.]*\s*,?$`)
	betweenForm = regexp.MustCompile(`[,;\t]`)
)

// isCorner reports whether a line looks like a corner in metres with its name and ring.
func isCorner(bare string) bool { return cornerForm.MatchString(bare) }

// cell is a column of a line, and where it begins.
type cell struct {
	text   string
	column int
}

// cellsOf cuts a line into columns: at commas, semicolons and tabs where it has any, else at spaces. A comma at its end
// begins no column.
func cellsOf(folded string) []cell {
	var cells []cell
	if !betweenForm.MatchString(strings.Trim(folded, " \t")) {
		at := 0
		for _, text := range strings.Fields(folded) {
			at += strings.Index(folded[at:], text)
			cells = append(cells, cell{text, columnOf(folded, at)})
			at += len(text)
		}
		return cells
	}
	rest, at := strings.TrimRight(folded, " \t"), 0
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, ","), ";")
	at = len(rest) - len(strings.TrimLeft(rest, " \t"))
	rest = rest[at:]
	for {
		cut := betweenForm.FindStringIndex(rest)
		text := rest
		if cut != nil {
			text = rest[:cut[0]]
		}
		lead := len(text) - len(strings.TrimLeft(text, " "))
		cells = append(cells, cell{strings.TrimSpace(text), columnOf(folded, at+lead)})
		if cut == nil {
			return cells
		}
		at, rest = at+cut[1], rest[cut[1]:]
	}
}

// corner reads a point: its name and the number of its ring, which may be missing, and two numbers.
func corner(whole, folded string) (point, *badPoint) {
	cells := cellsOf(folded)
	bad := func(i int, field string, rule geo.Rule) *badPoint {
		b := &badPoint{field: field}
		got := strings.TrimSpace(whole)
		if i >= 0 && i < len(cells) {
			b.column, got = cells[i].column, cells[i].text
		}
		b.why = geo.NewInvalid(field, rule, clip(got))
		return b
	}
	n := len(cells)
	if n < 2 || n > 4 {
		return point{}, bad(-1, "", "survey.corner")
	}
	p := point{ring: 1, columnA: cells[n-2].column, columnB: cells[n-1].column}
	if n > 2 {
		p.name = cells[0].text
	}
	if n == 4 {
		if !ringForm.MatchString(cells[1].text) {
			return p, bad(1, ringColumn, "survey.ring_number")
		}
		p.ring, _ = strconv.Atoi(cells[1].text)
	}
	var ok bool
	if p.a, ok = parseNumber(cells[n-2].text); !ok {
		return p, bad(n-2, xColumn, "survey.number")
	}
	if p.b, ok = parseNumber(cells[n-1].text); !ok {
		return p, bad(n-1, yColumn, "survey.number")
	}
	return p, nil
}

const (
	falseEasting = 500_000
	zoneStep     = 1_000_000
	// reachM is how far from its meridian a zone's ground may lie, in metres of easting: the half of 6° at the equator.
	reachM = 340_000
	// northings of China, from the reefs in the south to the Amur
	southM, northM = 350_000, 6_000_000
)

func isNorth(v float64) bool { return v >= southM && v <= northM }

// isEast reports whether a number is an easting: within reach of a meridian, with the number of one of China's zones
// before it or none.
func isEast(v float64) bool {
	prefix := math.Floor(v / zoneStep)
	return (prefix == 0 || widthOf(int(prefix)) != 0) && math.Abs(v-prefix*zoneStep-falseEasting) <= reachM
}

// NorthEast reports whether two numbers can be a northing and an easting of China, in metres.
func NorthEast(north, east float64) bool { return isNorth(north) && isEast(east) }

// note settles how a point is written. elsewhere: its system is none of China's zones, which says nothing of its size.
// Degrees are read in China alone, where their order can be told.
func (p *point) note(elsewhere bool) *badPoint {
	a, b := p.a.v, p.b.v
	if math.Abs(a) <= 180 && math.Abs(b) <= 180 {
		if lat, lon := min(a, b), max(a, b); lat < 0 || lat > 60 || lon < 70 {
			return &badPoint{p.columnA, xColumn, geo.NewInvalid(xColumn, "survey.degrees", p.shown())}
		}
		if p.notation = lonLat; math.Abs(a) < math.Abs(b) {
			p.notation = latLon
		}
		return nil
	}
	if elsewhere {
		if math.Abs(a) > 1e7 || math.Abs(b) > 1e7 {
			return &badPoint{p.columnA, xColumn, geo.NewInvalid(xColumn, "survey.plane", p.shown())}
		}
		return nil
	}
	switch {
	case isNorth(a) && isEast(b):
	case isEast(a) && isNorth(b):
		return &badPoint{p.columnA, xColumn, geo.NewInvalid(xColumn, "survey.order", p.shown())}
	case !isNorth(a):
		return &badPoint{p.columnA, xColumn, geo.NewInvalid(xColumn, "survey.north", p.a.text, "from", southM, "to",
			northM)}
	default:
		return &badPoint{p.columnB, yColumn, geo.NewInvalid(yColumn, "survey.east", p.b.text, "reach", reachM)}
	}
	if p.prefix = int(b / zoneStep); p.prefix != 0 {
		p.notation = zoned
	}
	return nil
}

func (p *point) shown() string { return p.a.text + ", " + p.b.text }

// same reports whether two points lie in one place as they are written.
func (p *point) same(q *point) bool { return p.a.v == q.a.v && p.b.v == q.b.v }

// plane is the point in 10^-6 m of its plane, without the zone's number.
func (p *point) plane() xy {
	return xy{p.b.exact(micro) - int64(p.prefix)*zoneStep*1_000_000, p.a.exact(micro)}
}
