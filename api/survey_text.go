package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/paulmach/orb"

	"luodi/api/problem"
	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/surveytext"
	"luodi/message"
)

// surveyBytes bounds a survey's text in a request: some twenty thousand corners.
const surveyBytes = 1 << 20

type readingSurvey struct {
	InPark
	Body struct {
		Text   string `json:"text,omitempty" text:"-" doc:"The text; at most 1048576 bytes."`
		File   []byte `json:"file,omitempty" doc:"Or its file as it is, in base64; at most 1048576 bytes. GBK and UTF-16 are understood."`
		Figure string `json:"figure,omitempty" enum:"area,line" doc:"What is wanted: areas, or lines, for which the outline of an area may stand. Without it what the text says."`
	}
}

// surveyAnswer is what was read: parcels or faults, never both.
type surveyAnswer struct {
	Type     string          `json:"type" enum:"FeatureCollection"`
	Encoding string          `json:"encoding" enum:"UTF-8,UTF-16,GB18030"`
	CRS      string          `json:"crs" doc:"The system of the text's coordinates; empty where it can't be read." example:"EPSG:4550"`
	Facts    []surveyFact    `json:"facts" doc:"The header's."`
	Features []surveyFeature `json:"features" doc:"The parcels, in EPSG:4490; none where there are faults."`
	Faults   []surveyFault   `json:"faults" doc:"By line; at most 100."`
}

type surveyFact struct {
	Line  int    `json:"line"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type surveyFeature struct {
	Type       string          `json:"type" enum:"Feature"`
	Geometry   json.RawMessage `json:"geometry" doc:"A Polygon or LineString; a Point where a line was wanted and one corner came."`
	Properties surveyed        `json:"properties"`
}

type surveyed struct {
	Line     int       `json:"line" doc:"Of the text, where the parcel begins."`
	Code     string    `json:"code"`
	Name     string    `json:"name"`
	Figure   string    `json:"figure" enum:"area,line"`
	Sheet    string    `json:"sheet"`
	Use      string    `json:"use"`
	Class    string    `json:"class"`
	Corners  int       `json:"corners" doc:"Without those that close rings."`
	Stated   string    `json:"stated" doc:"The area as the text states it; empty where it states none."`
	LegalM2  *geo.Area `json:"legal_m2" nullable:"true" doc:"The survey's own area: what is stated, else what the corners bound in their plane. Null of a line."`
	Measured *geo.Area `json:"measured_m2" nullable:"true" doc:"What the corners bound in their plane. Null of a line."`
}

type surveyFault struct {
	Line     int    `json:"line"`
	Column   int    `json:"column" doc:"From 1; 0 where it is about the whole line."`
	Field    string `json:"field" doc:"As the format names it; may be empty."`
	Expected string `json:"expected"`
	Got      string `json:"got"`
	Text     string `json:"text" doc:"All of it, to be shown."`
}

func (d *domain) addSurveyText() {
	// base64 takes a third more, and a text may be escaped
	const most = 2*surveyBytes + 64<<10
	deskOf(d, deskRoute{http.MethodPost, "/api/parks/{park}/survey-text", "survey_text", http.StatusOK}, most,
		d.readSurveyText)
}

// readSurveyText reads a text in the park's survey system, which what it says of its own must be.
func (d *domain) readSurveyText(ctx context.Context, in *readingSurvey) (int, *surveyAnswer, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, nil, err
	}
	body, field := in.Body.File, "file"
	if in.Body.Text != "" {
		body, field = []byte(in.Body.Text), "text"
	}
	switch {
	case in.Body.Text != "" && len(in.Body.File) > 0:
		return 0, nil, geo.NewInvalid("file", "survey.text_or_file", geo.Say("came.bytes", "n", len(in.Body.File)))
	case len(body) > surveyBytes:
		return 0, nil, geo.NewInvalid(field, "survey.bytes", geo.Say("came.bytes", "n", len(body)), "n", surveyBytes)
	}
	opts := surveytext.Options{Figure: surveyFigures[in.Body.Figure]}
	err := d.feed.View(ctx, func(v *feed.View) error {
		park, err := v.ParkFacts(ctx, in.Park)
		if err == nil {
			opts.CRS = park.SurveyCRS
		}
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	answer, err := d.tellSurvey(ctx, in.Park, surveytext.Read(body, opts))
	return 0, answer, err
}

var surveyFigures = map[string]surveytext.Figure{"area": surveytext.Area, "line": surveytext.Line}

func (d *domain) tellSurvey(ctx context.Context, park string, text *surveytext.Text) (*surveyAnswer, error) {
	out := &surveyAnswer{Type: "FeatureCollection", Encoding: text.Encoding, Facts: []surveyFact{},
		Features: []surveyFeature{}, Faults: []surveyFault{}}
	if text.CRS != 0 {
		out.CRS = text.CRS.String()
	}
	for _, fact := range text.Facts {
		out.Facts = append(out.Facts, surveyFact{fact.Line, fact.Name, fact.Value})
	}
	lang := speaks(ctx)
	for i := range text.Faults {
		out.Faults = append(out.Faults, tellFault(lang, &text.Faults[i]))
	}
	if len(out.Faults) > 0 {
		return out, nil
	}
	var all []orb.Point
	for i := range text.Parcels {
		for _, ring := range text.Parcels[i].Rings {
			all = append(all, ring.Line()...)
		}
	}
	degrees, err := d.degrees(ctx, park, text.CRS, all)
	if err != nil {
		return nil, err
	}
	for i := range text.Parcels {
		feature, rest, err := tellParcel(&text.Parcels[i], degrees)
		if err != nil {
			return nil, err
		}
		degrees = rest
		out.Features = append(out.Features, feature)
	}
	return out, nil
}

func tellFault(lang message.Lang, f *surveytext.Fault) surveyFault {
	told := surveyFault{Line: f.Line, Column: f.Column, Field: f.Field, Expected: problem.Said(lang, f.Words),
		Got: problem.Got(lang, f.Invalid)}
	told.Text = message.Text(lang, "import.fault.survey_text", "field", problem.Said(lang, f.Where()), "expected",
		told.Expected, "got", told.Got)
	return told
}

// degrees are points of a text as longitudes and latitudes.
func (d *domain) degrees(ctx context.Context, park string, crs geo.EPSG, points []orb.Point) ([][2]float64, error) {
	if !crs.Geographic() {
		return d.ledger.Degrees(ctx, park, points)
	}
	at := make([][2]float64, len(points))
	for i, p := range points {
		at[i] = [2]float64{geo.SnapDegrees(p[0]), geo.SnapDegrees(p[1])}
	}
	return at, nil
}

// tellParcel takes a parcel's corners off the front of degrees and returns the rest.
func tellParcel(p *surveytext.Parcel, degrees [][2]float64) (surveyFeature, [][2]float64, error) {
	told := surveyed{Line: p.Line, Code: p.Code, Name: p.Name, Figure: "area", Sheet: p.Sheet, Use: p.Use,
		Class: p.Class}
	var rings [][][2]float64
	for _, ring := range p.Rings {
		n := len(ring.Corners)
		told.Corners += n
		rings = append(rings, degrees[:n:n])
		degrees = degrees[n:]
	}
	shape := map[string]any{"type": "LineString", "coordinates": rings[0]}
	if p.Figure == surveytext.Area {
		for i, ring := range rings {
			rings[i] = append(ring, ring[0])
		}
		shape = map[string]any{"type": "Polygon", "coordinates": rings}
		legal := p.Legal()
		told.LegalM2, told.Measured = &legal, &p.Measured
		if p.Stated != nil {
			told.Stated = p.Stated.Text
		}
	} else {
		told.Figure = "line"
		if len(rings[0]) == 1 {
			shape = map[string]any{"type": "Point", "coordinates": rings[0][0]}
		}
	}
	geometry, err := json.Marshal(shape)
	return surveyFeature{"Feature", geometry, told}, degrees, err
}
