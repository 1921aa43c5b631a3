package outlet

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"luodi/geo"
	"luodi/geo/surveytext"
)

// points writes the table of boundary points (界址点成果表): for each area its points in order, with their coordinates
// (X north, Y east) and the length of the side to the next.
type points struct {
	xlsx
	titles [7]Text
}

func openPoints(p *paper) (sink, error) {
	t := &points{xlsx: xlsx{paper: p}}
	for i, key := range []string{"code", "part", "ring", "point", "north", "east", "side"} {
		t.titles[i] = p.Words.Say("outlet.points." + key)
	}
	var err error
	t.book, t.styles, err = newBook(p)
	return t, err
}

func (t *points) begin(l *Layer) error {
	t.layer = l
	name := sheetName(t.Words.Say("outlet.points").In(t.English))
	if err := t.book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	var err error
	if t.sheet, err = t.book.NewStreamWriter(name); err != nil {
		return err
	}
	for i, width := range []float64{16, 8, 8, 8, 16, 18, 12} {
		if err := t.sheet.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := t.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	about := []any{excelize.Cell{StyleID: t.styles.head, Value: t.Title}, nil, nil, nil,
		excelize.Cell{StyleID: t.styles.head, Value: crsName(l.CRS.Code) + " (" + l.CRS.Code.String() + ")"}}
	zh, en := make([]any, len(t.titles)), make([]any, len(t.titles))
	for i, title := range t.titles {
		zh[i] = excelize.Cell{StyleID: t.styles.head, Value: title.ZH}
		en[i] = excelize.Cell{StyleID: t.styles.head, Value: title.EN}
	}
	for row, cells := range [][]any{about, zh, en} {
		if err := t.sheet.SetRow("A"+strconv.Itoa(row+1), cells); err != nil {
			return err
		}
	}
	t.at = 4
	return nil
}

func (t *points) row(r *Row) error {
	code := r.text(t.layer.field("code"))
	for p, polygon := range polygonsOf(r.Shape) {
		named := 0
		for n, ring := range polygon {
			corners := Corners(ring, t.layer.decimals())
			for i, at := range corners {
				if t.at > sheetMost {
					return geo.NewInvalid("format", "outlet.too_many", t.layer.ID, "format", "Excel", "n", sheetMost-3)
				}
				named++
				next := corners[(i+1)%len(corners)]
				err := t.sheet.SetRow("A"+strconv.Itoa(t.at), []any{code, p + 1, n + 1, "J" + strconv.Itoa(named),
					excelize.Cell{StyleID: t.styles.number, Value: at[1]}, excelize.Cell{StyleID: t.styles.number, Value: at[0]},
					excelize.Cell{StyleID: t.styles.number, Value: rounded(math.Hypot(next[0]-at[0], next[1]-at[1]), 3)}})
				if err != nil {
					return err
				}
				t.at++
			}
		}
	}
	return nil
}

func (t *points) end() error {
	if err := t.sheet.Flush(); err != nil {
		return err
	}
	return t.bind()
}

// polygonsOf are the polygons of an area.
func polygonsOf(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}

// Corners are the corners of a ring, each once, with so many decimals. They run clockwise from the north-western one,
// as land surveys number them.
func Corners(ring orb.Ring, decimals int) []orb.Point {
	n := len(ring) - 1
	corners := make([]orb.Point, n)
	first := 0
	for i := range corners {
		corners[i] = orb.Point{rounded(ring[n-1-i][0], decimals), rounded(ring[n-1-i][1], decimals)}
		if corners[i][1]-corners[i][0] > corners[first][1]-corners[first][0] {
			first = i
		}
	}
	return append(corners[first:], corners[:first]...)
}

func rounded(x float64, decimals int) float64 {
	f, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', decimals, 64), 64)
	if err != nil { // a printed number is one
		return x
	}
	return f
}

// surveyFile writes the exchange text of land surveys (勘测定界 TXT) in its official form. Its writer takes all parcels
// at once, so their corners are counted: more than one text may hold are refused.
type surveyFile struct {
	*paper
	layer   *Layer
	parcels []surveytext.Parcel
	corners int
}

func openSurveyText(p *paper) (sink, error) { return &surveyFile{paper: p}, nil }

func (s *surveyFile) begin(l *Layer) error {
	s.layer = l
	return nil
}

func (s *surveyFile) row(r *Row) error {
	l := s.layer
	polygons := polygonsOf(r.Shape)
	for i, polygon := range polygons {
		p := surveytext.Parcel{Code: plainName(r.text(l.field("code"))), Name: plainName(r.text(l.field("name_zh"))),
			Figure: surveytext.Area, Class: r.text(l.field("land_use"))}
		if use := l.field("land_use"); use >= 0 && p.Class != "" {
			p.Use = plainName(l.valueText(use, p.Class, s.Words).ZH)
		}
		if len(polygons) > 1 {
			p.Code += "(" + strconv.Itoa(i+1) + ")"
		}
		for n, ring := range polygon {
			corners := surveytext.Ring{Number: n + 1}
			for _, at := range Corners(ring, surveyDecimals) {
				corners.Corners = append(corners.Corners, surveytext.Corner{At: at})
			}
			s.corners += len(corners.Corners) + 1
			p.Rings = append(p.Rings, corners)
		}
		if err := s.area(&p, r, len(polygons)); err != nil {
			return err
		}
		s.parcels = append(s.parcels, p)
	}
	if s.corners > surveytext.MaxCorners {
		return geo.NewInvalid("format", "outlet.too_many_corners", l.ID, "n", surveytext.MaxCorners)
	}
	return nil
}

// area is the legal area of what has one and is in one part; else that of the corners.
func (s *surveyFile) area(p *surveytext.Parcel, r *Row, parts int) (err error) {
	if legal := s.layer.field("legal_m2"); parts == 1 && legal >= 0 && !r.Values[legal].Null {
		p.Measured, err = geo.ParseArea(string(r.Values[legal].Text))
		return err
	}
	twice := 0.0
	for _, ring := range p.Rings {
		from := ring.Corners[0].At
		whole := 0.0
		for i := range ring.Corners {
			a, b := ring.Corners[i].At, ring.Corners[(i+1)%len(ring.Corners)].At
			whole += (a[0]-from[0])*(b[1]-from[1]) - (b[0]-from[0])*(a[1]-from[1])
		}
		if ring.Number == 1 {
			twice += math.Abs(whole)
		} else {
			twice -= math.Abs(whole)
		}
	}
	p.Measured, err = geo.AreaFromM2(twice / 2)
	return err
}

// surveyDecimals is how many of a metre the text has: corners come back to the same point of the stored grid.
const surveyDecimals = 5

func (s *surveyFile) end() error {
	text, err := surveytext.Write(surveytext.Form{CRS: s.CRS.Code, By: plainName(s.By),
		On: s.At.Format("2006-01-02"), Decimals: surveyDecimals, GBK: s.GBK}, s.parcels)
	if err != nil {
		return err
	}
	_, err = s.w.Write(text)
	return err
}

// plainName is a name as the exchange text can hold it: without what parts its columns.
func plainName(name string) string {
	return parting.Replace(name)
}

var parting = strings.NewReplacer(",", "、", "，", "、", "@", " ", "＠", " ", "=", "-", "＝", "-", "[", "(", "]", ")")
