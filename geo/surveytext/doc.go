// Package surveytext reads and writes the exchange text of land surveys (勘测定界 TXT, 报批坐标): a header of facts
// ([属性描述]), then parcels ([地块坐标]), each a line that ends in @ and its corners, a corner a line.
//
//	[属性描述]
//	坐标系=2000国家大地坐标系
//	几度分带=3
//	计量单位=米
//	带号=41
//	[地块坐标]
//	5,6.5,1,地块一,面,,工业用地,,@
//	J1,1,4124000.000,41414000.000
//	…
//
// X is north and Y east. What the header says is obeyed: a zone, datum, unit or parameters that contradict the numbers,
// or the system that the caller states, are refused. Nothing is guessed. A refusal names the line, the column, the
// field, what was expected and what came.
package surveytext

import (
	"github.com/paulmach/orb"

	"luodi/geo"
)

// Limits of a text: beyond them it is refused.
const (
	MaxBytes   = 32 << 20
	MaxLine    = 4096    // characters of a line
	MaxCorners = 500_000 // of a text
	MaxRings   = 1000    // of a parcel
	maxFaults  = 100     // that are told
)

// Figure is what a parcel is drawn as (记录图形属性).
type Figure string

// The figures. Points (点) are not read.
const (
	Area Figure = "面"
	Line Figure = "线"
)

// Options say what the caller knows.
type Options struct {
	// CRS is the system that the coordinates are stated to be in; 0: the text has to say it. A header that says another
	// is refused.
	CRS geo.EPSG
	// Figure is what is wanted; "": whatever the text says, an area where it doesn't. An area may be taken for the line
	// around it, and one corner for a line.
	Figure Figure
}

// Text is what was read. Where Faults is not empty, the parcels that they name, or all, are not to be used.
type Text struct {
	Encoding string // UTF-8, UTF-16 or GB18030, which GBK is part of
	Facts    []Fact // of the header, in order
	// CRS is the system of the coordinates: that which the caller stated, else that which the text says, without the
	// zone's number in eastings; 0 where neither says it. A text in degrees is in geo.CGCS2000.
	CRS     geo.EPSG
	Zoned   bool // eastings carried the number of their zone
	Parcels []Parcel
	Faults  []Fault // by line
}

// Fact is a line of the header.
type Fact struct {
	Line        int
	Name, Value string
}

// Parcel is one parcel (地块), or one line.
type Parcel struct {
	Line   int // of its head, or of its first corner where it has none
	Code   string
	Name   string
	Figure Figure
	Sheet  string // 图幅号
	Use    string // 地块用途
	Class  string // 地类编码
	Stated *Stated
	Rings  []Ring // the outline, then its holes; of a line the line alone
	// Measured is the area that the corners bound in their plane, by their own decimals and without rounding but to
	// 0.0001 m²; 0 of a line.
	Measured geo.Area
}

// Stated is the area that a parcel's head states.
type Stated struct {
	Text string // as it is written, with its unit
	M2   geo.Area
}

// Legal is the survey's own area: what is stated, else what its corners bound.
func (p *Parcel) Legal() geo.Area {
	if p.Stated != nil {
		return p.Stated.M2
	}
	return p.Measured
}

// Ring is a closed ring without its first corner repeated, or a line.
type Ring struct {
	Number  int
	Corners []Corner
}

// Corner is a point of the survey: x east and y north in metres, or longitude and latitude.
type Corner struct {
	Line int
	Name string
	At   orb.Point
}

// Line are the corners of a line.
func (r Ring) Line() orb.LineString {
	points := make(orb.LineString, len(r.Corners))
	for i, c := range r.Corners {
		points[i] = c.At
	}
	return points
}

// Points are the corners of a ring with the first repeated at the end.
func (r Ring) Points() orb.Ring {
	return append(orb.Ring(r.Line()), r.Corners[0].At)
}

// Fault says why a text, or a parcel of it, can't be taken. Field is the fact's, the column's or the line's name as the
// format has it.
type Fault struct {
	*geo.Invalid
	Line   int
	Column int // of the first character it is about; 0: the whole line
	Parcel int // its place in Text.Parcels; -1: the text as a whole
}

// Where names the place of a fault.
func (f *Fault) Where() geo.Words {
	switch {
	case f.Column > 0 && f.Field != "":
		return geo.Say("place.survey_field", "line", f.Line, "column", f.Column, "field", f.Field)
	case f.Column > 0:
		return geo.Say("place.survey_column", "line", f.Line, "column", f.Column)
	case f.Field != "":
		return geo.Say("place.survey_name", "line", f.Line, "field", f.Field)
	}
	return geo.Say("place.survey_line", "line", f.Line)
}

// Of returns the first fault that keeps a parcel from being taken; nil where there is none.
func (t *Text) Of(parcel int) *Fault {
	for i := range t.Faults {
		if t.Faults[i].Parcel == parcel || t.Faults[i].Parcel < 0 {
			return &t.Faults[i]
		}
	}
	return nil
}
