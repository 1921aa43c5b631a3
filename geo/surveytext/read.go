package surveytext

import (
	"slices"
	"strings"
	"unicode/utf8"

	"luodi/geo"
)

// reader reads one text.
type reader struct {
	opts   Options
	text   *Text
	header facts
	// what stands where
	zoneLine   int // of what the header says of the zone
	meridian   int
	meridianAt Fact
	free       bool // within [扩展信息]
	parcels    []*draft
	corners    int
	stated     zone // that the caller states
	isZone     bool
}

// draft is a parcel whose lines are read.
type draft struct {
	line   int // of its head; 0: it has none
	fields []field
	points []point
	broken bool
}

// Read reads a text.
//
//  1. A line "[…]" begins a section, "a=b" is a fact, "…@" begins a parcel, any other line is a corner of the parcel.
//     Within [扩展信息] anything may stand but parcels and corners.
//  2. The system is that of the header and of the zone's number before the eastings, and must be that of Options.CRS.
//  3. All corners are written alike: metres with the zone's number or without, or degrees in one order.
//  4. Rings end where their first corner comes again, under whatever number, or where the next ring begins. No ring
//     goes on after that; holes lie within the outline.
//  5. The number of corners and the area that a head states must be those of its corners: the area to half of its last
//     decimal, 0.3 % and what the decimals of the corners allow.
func Read(body []byte, opts Options) *Text {
	r := &reader{opts: opts, text: &Text{}, header: facts{at: map[string]Fact{}}}
	r.stated, _, r.isZone = zoneOf(opts.CRS)
	if len(body) > MaxBytes {
		r.refuse(1, 0, "", "survey.bytes", geo.Say("came.bytes", "n", len(body)), "n", MaxBytes)
		return r.text
	}
	text, encoding := decode(body)
	r.text.Encoding = encoding
	r.lines(text)
	if len(r.text.Faults) == 0 || !r.broken() {
		r.settle()
	}
	slices.SortStableFunc(r.text.Faults, func(a, b Fault) int { return a.Line - b.Line })
	return r.text
}

// broken reports whether the text as a whole can't be taken.
func (r *reader) broken() bool {
	return slices.ContainsFunc(r.text.Faults, func(f Fault) bool { return f.Parcel < 0 })
}

// refuse notes a fault of the text as a whole.
func (r *reader) refuse(line, column int, field string, rule geo.Rule, got any, args ...any) {
	r.fault(-1, line, column, field, geo.NewInvalid(field, rule, got, args...))
}

func (r *reader) fault(parcel, line, column int, field string, why *geo.Invalid) {
	if len(r.text.Faults) < maxFaults {
		r.text.Faults = append(r.text.Faults, Fault{Invalid: why.Under(field), Line: line, Column: column,
			Parcel: parcel})
	}
}

// lines takes every line until one ends the reading.
func (r *reader) lines(text string) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	line := 0
	for whole := range strings.Lines(text) {
		line++
		bare := strings.TrimPrefix(strings.TrimRight(whole, "\n"), "\ufeff")
		if strings.TrimSpace(fold(bare)) == "" {
			continue
		}
		if at := strings.ContainsRune(bare, utf8.RuneError); at {
			r.refuse(line, columnOf(bare, strings.IndexRune(bare, utf8.RuneError)), "", "survey.garbled",
				clip(strings.TrimSpace(bare)))
			return
		}
		if utf8.RuneCountInString(bare) > MaxLine {
			r.refuse(line, 0, "", "survey.line_length", utf8.RuneCountInString(bare), "n", MaxLine)
			return
		}
		if !r.line(line, bare) || len(r.text.Faults) >= maxFaults {
			return
		}
	}
	if r.corners == 0 && !r.broken() {
		r.refuse(max(line, 1), 0, landSection, "survey.corners", geo.None())
	}
}

// line takes one line. It returns false where reading on makes no sense.
func (r *reader) line(line int, whole string) bool {
	folded := fold(whole)
	bare := strings.TrimSpace(folded)
	if name, is := section(bare); is {
		if r.free = name == freeSection; name == "" {
			r.refuse(line, 1, "", "survey.section", bare, "names", strings.Join(sections, ", "))
		}
		return true
	}
	isHead := strings.HasSuffix(bare, "@")
	if r.free {
		if isHead || isCorner(bare) {
			r.refuse(line, 0, "["+freeSection+"]", "survey.section_first", bare, "name", landSection)
			r.free = false
		}
		return true
	}
	switch {
	case isHead:
		return r.head(line, whole, folded)
	case strings.Contains(bare, "="):
		r.fact(line, folded)
		return true
	}
	return r.corner(line, whole, folded)
}

// head begins a parcel.
func (r *reader) head(line int, whole, folded string) bool {
	if len(r.parcels) == 1 && r.parcels[0].line == 0 {
		r.refuse(line, 0, "", "survey.head_first", geo.Say("came.corners", "n", r.corners))
		return false
	}
	d := &draft{line: line, fields: fieldsOf(whole, folded)}
	r.parcels = append(r.parcels, d)
	return true
}

// corner takes a point of the parcel.
func (r *reader) corner(line int, whole, folded string) bool {
	if len(r.parcels) == 0 {
		r.parcels = append(r.parcels, &draft{})
	}
	d := r.parcels[len(r.parcels)-1]
	if r.corners++; r.corners > MaxCorners {
		r.refuse(line, 0, "", "survey.many", r.corners, "n", MaxCorners)
		return false
	}
	p, bad := corner(whole, folded)
	if bad != nil {
		d.broken = true
		r.fault(len(r.parcels)-1, line, bad.column, bad.field, bad.why)
		return true
	}
	p.line = line
	d.points = append(d.points, p)
	return true
}

// columnOf is the column, from 1, of a byte of a line.
func columnOf(line string, at int) int { return utf8.RuneCountInString(line[:min(at, len(line))]) + 1 }

// clip shortens a line to what can be shown.
func clip(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}
