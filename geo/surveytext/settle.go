package surveytext

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// settle makes parcels of what was read.
func (r *reader) settle() {
	r.settleMeridian()
	r.notations()
	if r.broken() {
		return
	}
	r.system()
	if r.broken() {
		return
	}
	for i, d := range r.parcels {
		r.text.Parcels = append(r.text.Parcels, Parcel{})
		r.parcel(i, d)
	}
}

// elsewhere reports whether the caller states a system that is neither one of China's zones nor in degrees.
func (r *reader) elsewhere() bool { return r.opts.CRS != 0 && !r.isZone && !r.opts.CRS.Geographic() }

// notations settles how corners are written, and that all are written alike.
func (r *reader) notations() {
	var first *point
	for i, d := range r.parcels {
		for j := range d.points {
			p := &d.points[j]
			if bad := p.note(r.elsewhere()); bad != nil {
				d.broken = true
				r.fault(i, p.line, bad.column, bad.field, bad.why)
				continue
			}
			switch {
			case first == nil:
				first = p
			case p.notation != first.notation:
				r.refuse(p.line, p.columnA, "", "survey.alike", p.shown(), "line", first.line)
				return
			case p.prefix != first.prefix:
				r.refuse(p.line, p.columnB, yColumn, "survey.prefix", p.b.text, "zone", first.prefix, "line",
					first.line)
				return
			}
		}
	}
	if first != nil {
		r.agree(first)
	}
}

// agree compares the header with how corners are written.
func (r *reader) agree(p *point) {
	h := &r.header
	degrees := p.notation == latLon || p.notation == lonLat
	switch {
	case degrees && h.unit != "":
		r.refuse(p.line, p.columnA, "", "survey.unit_is", p.shown(), "unit", h.unit, "line", h.at[unitFact].Line)
	case degrees:
		r.text.CRS = geo.CGCS2000
	case p.prefix == 0:
	case h.zone.number != 0 && h.zone.number != p.prefix:
		r.refuse(p.line, p.columnB, yColumn, "survey.zone_is", p.b.text, "zone", h.zone.number, "line", r.zoneLine)
	case h.zone.number == 0 && h.zone.width != 0 && h.zone.width != widthOf(p.prefix):
		r.refuse(p.line, p.columnB, yColumn, "survey.width_is", p.b.text, "width", h.zone.width, "line", r.zoneLine)
	default:
		h.zone = zone{number: p.prefix, width: widthOf(p.prefix)}
		r.text.Zoned = true
		if h.at[zoneFact].Line == 0 && r.zoneLine == 0 {
			r.zoneLine = p.line
		}
	}
}

// system settles the system of the coordinates.
func (r *reader) system() {
	h := &r.header
	degrees := r.text.CRS == geo.CGCS2000
	h.zone.datum = h.datum
	switch {
	case r.opts.CRS == 0 && degrees:
		if h.datum == 0 {
			r.text.CRS = 0
		} else {
			r.text.CRS = h.datum
		}
	case r.opts.CRS == 0 && h.datum != 0 && h.zone.number != 0:
		r.text.CRS = h.zone.code()
	case r.opts.CRS == 0:
	case r.opts.CRS.Geographic() || r.isZone:
		r.compare(degrees)
	default:
		if h.datum != 0 || h.zone.number != 0 {
			r.against(h.zone.number != 0)
			return
		}
		if !degrees {
			r.text.CRS = r.opts.CRS
		}
	}
}

// compare holds what the text says against the zone, or the degrees, that the caller states.
func (r *reader) compare(degrees bool) {
	h := &r.header
	datum := r.stated.datum
	if !r.isZone {
		if datum = r.opts.CRS; datum == geo.WGS84 {
			datum = geo.CGCS2000 // one to a decimetre
		}
	}
	if h.datum != 0 && h.datum != datum {
		r.against(false)
		return
	}
	if r.isZone && h.zone.number != 0 && h.zone.number != r.stated.number || !r.isZone && h.zone.number != 0 {
		r.against(true)
		return
	}
	if r.isZone && h.zone.width != 0 && h.zone.width != r.stated.width {
		r.against(true)
		return
	}
	if !degrees {
		r.text.CRS = r.opts.CRS
	}
}

// against refuses what the text says of its system, at the fact or corner that says it.
func (r *reader) against(byZone bool) {
	field, fact := systemFact, r.header.at[systemFact]
	line, got := fact.Line, fact.Value
	if byZone {
		field, line, got = zoneFact, r.zoneLine, strconv.Itoa(r.header.zone.number)
		if r.header.zone.number == 0 {
			field, got = widthFact, strconv.Itoa(r.header.zone.width)
		}
		if r.text.Zoned && r.header.at[zoneFact].Value == "" {
			field = yColumn
		}
	}
	says := r.opts.CRS.String()
	if r.isZone {
		says += " (" + r.stated.String() + ")"
	}
	r.refuse(line, 0, field, "survey.system", got, "crs", says)
}

// parcel makes one of its lines.
func (r *reader) parcel(i int, d *draft) {
	p := &r.text.Parcels[i]
	headed := d.line != 0
	if p.Line = d.line; !headed && len(d.points) > 0 {
		p.Line = d.points[0].line
	}
	if headed && (len(d.fields) < leastFields || len(d.fields) > mostFields ||
		!countForm.MatchString(d.at(countField).folded)) {
		r.fault(i, d.line, 0, "@", geo.NewInvalid("@", "survey.head", clip(headText(d)), "names", strings.Join(Fields,
			",")+",…,@"))
		return
	}
	p.Code, p.Name, p.Sheet = d.at(codeField).text, d.at(nameField).text, d.at(sheetField).text
	p.Use, p.Class = d.at(useField).text, d.at(classField).text
	switch p.Figure = Figure(d.at(figureField).folded); {
	case p.Figure != "" && p.Figure != Area && p.Figure != Line:
		r.refuseField(i, d, figureField, "survey.figure", "names", string(Area)+", "+string(Line))
		return
	case r.opts.Figure == Area && p.Figure == Line:
		r.refuseField(i, d, figureField, "survey.figure", "names", string(Area))
		return
	}
	if p.Figure == "" || r.opts.Figure == Line {
		p.Figure = Area
		if r.opts.Figure != "" {
			p.Figure = r.opts.Figure
		}
	}
	if d.broken {
		return
	}
	rings, ok := r.rings(i, d, p.Figure)
	if !ok {
		return
	}
	distinct := 0
	for _, ring := range rings {
		distinct += len(ring)
		p.Rings = append(p.Rings, r.ring(ring))
	}
	if n, stated := d.at(countField).folded, d.at(countField).folded != ""; stated {
		if count, _ := strconv.Atoi(n); count != len(d.points) && count != distinct {
			r.refuseField(i, d, countField, "survey.count", "n", distinct, "lines", len(d.points))
			return
		}
	}
	r.area(i, d, p, rings)
}

// refuseField notes a fault of a field of a parcel's head.
func (r *reader) refuseField(i int, d *draft, at int, rule geo.Rule, args ...any) {
	f := d.at(at)
	r.fault(i, d.line, f.column, Fields[at], geo.NewInvalid(Fields[at], rule, f.text, args...))
}

func headText(d *draft) string {
	var texts []string
	for _, f := range d.fields {
		texts = append(texts, f.text)
	}
	return strings.Join(texts, ",") + ",@"
}

// ring is a ring in the system of the text.
func (r *reader) ring(points []point) Ring {
	ring := Ring{Number: points[0].ring}
	east := 0.0
	if z, prefixed, ok := zoneOf(r.text.CRS); ok && prefixed {
		east = float64(z.number) * zoneStep
	}
	for i := range points {
		p := &points[i]
		at := orb.Point{p.b.v, p.a.v}
		switch p.notation {
		case zoned:
			at[0] += east - float64(p.prefix)*zoneStep
		case metres:
			at[0] += east
		case lonLat:
			at = orb.Point{p.a.v, p.b.v}
		}
		ring.Corners = append(ring.Corners, Corner{Line: p.line, Name: p.name, At: at})
	}
	return ring
}

// area measures a parcel and compares what is stated.
func (r *reader) area(i int, d *draft, p *Parcel, rings [][]point) {
	if p.Figure != Area {
		return
	}
	m, ok := r.measure(rings)
	if !ok {
		r.fault(i, p.Line, 0, Fields[areaField], geo.NewInvalid(Fields[areaField], "survey.size", geo.None()))
		return
	}
	p.Measured = m.area
	if m.area.IsZero() {
		r.fault(i, p.Line, 0, Fields[areaField], geo.NewInvalid(Fields[areaField], "survey.bounds", "0"))
		return
	}
	stated, read := readStated(strings.ToLower(d.at(areaField).folded))
	switch {
	case !read:
		r.refuseField(i, d, areaField, "survey.area")
	case stated == nil:
	case !stated.fits(m.area, m.perimeterM, m.stepM):
		r.refuseField(i, d, areaField, "survey.area_is", "area", stated.inUnit(m.area))
	default:
		p.Stated = &stated.Stated
		p.Stated.Text = d.at(areaField).text
	}
}
