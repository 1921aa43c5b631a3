package file

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
	"luodi/geo/surveytext"
)

// surveyText gives the parcels of a land survey's exchange text. The text is read as a whole: it is small, and its
// header may be contradicted by its last line.
type surveyText struct {
	text   *surveytext.Text
	source source
	info   Info
	at     int
	points int // that a row may have
}

// newSurveyText reads the whole text. A fault of its header is one of the file; that of a parcel is its row's.
func newSurveyText(src source, opts Options) (Reader, error) {
	most := min(opts.Limits.FileBytes, surveytext.MaxBytes)
	body, err := io.ReadAll(io.LimitReader(src, most+1))
	if err != nil {
		return nil, fmt.Errorf("read the survey's text: %w", err)
	}
	if opts.Offset != "" {
		own := surveytext.Read(body, surveytext.Options{})
		if fault := statesElse(Info{EPSG: int(own.CRS), CRS: factsOf(own)}, opts.Offset); fault != nil {
			return nil, fault
		}
	}
	text := surveytext.Read(body, surveytext.Options{CRS: opts.CRS})
	for i := range text.Faults {
		if text.Faults[i].Parcel < 0 {
			return nil, surveyFault(&text.Faults[i])
		}
	}
	s := &surveyText{text: text, source: src, points: opts.Limits.Points,
		info: Info{Format: surveyFormat, EPSG: int(text.CRS), CRS: factsOf(text), Rows: int64(len(text.Parcels))}}
	s.info.Unproven = opts.CRS == 0 && text.CRS != 0 && !text.Zoned && !text.CRS.Geographic()
	return s, nil
}

// factsOf is what a text says of its system, as it says it.
func factsOf(text *surveytext.Text) string {
	var said []string
	for _, fact := range text.Facts {
		if fact.Value != "" && surveytext.Places(fact.Name) {
			said = append(said, fact.Name+"="+fact.Value)
		}
	}
	return clip(strings.Join(said, ", "))
}

func surveyFault(f *surveytext.Fault) *Fault {
	where := f.Where()
	return &Fault{Code: SurveyText, Field: fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Field), Where: &where,
		Words: &f.Words, Got: f.Got, Came: f.Came}
}

func (s *surveyText) Info() Info { return s.info }

func (s *surveyText) Progress() (done, total int64) { return int64(s.at), s.info.Rows }

func (s *surveyText) Close() error { return s.source.Close() }

// Next implements Reader.
func (s *surveyText) Next(ctx context.Context) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, err
	}
	if s.at == len(s.text.Parcels) {
		return Row{}, io.EOF
	}
	p := &s.text.Parcels[s.at]
	row := Row{Number: int64(s.at + 1), Values: valuesOf(p)}
	if fault := s.text.Of(s.at); fault != nil {
		row.Fault = surveyFault(fault)
	} else {
		row.Shape, row.Fault = shapeOf(p, s.points)
	}
	s.at++
	return row, nil
}

// valuesOf are a parcel's attributes by the names of the format. Its area is the legal one in square metres; as it is
// written, in hectares, it is no attribute that could be taken for that.
func valuesOf(p *surveytext.Parcel) map[string]string {
	values := map[string]string{}
	for i, value := range []string{p.Code, p.Name, string(p.Figure), p.Sheet, p.Use, p.Class} {
		if value != "" {
			values[surveytext.Fields[i+2]] = clip(value)
		}
	}
	if p.Figure == surveytext.Area && len(p.Rings) > 0 {
		values["legal_m2"] = p.Legal().String()
	}
	return values
}

func shapeOf(p *surveytext.Parcel, points int) (Shape, *Fault) {
	var shape orb.Geometry
	if p.Figure == surveytext.Line {
		shape = orb.LineString(p.Rings[0].Line())
	} else {
		polygon := make(orb.Polygon, len(p.Rings))
		for i, ring := range p.Rings {
			polygon[i] = ring.Points()
		}
		shape = polygon
	}
	wkb, err := ewkb.Append(nil, shape, 0)
	if err != nil {
		return Shape{}, &Fault{Code: NoGeometry}
	}
	return flatten(wkb, points)
}
